"""The word lists keep the promises the reader builds on."""

import pytest

from griot.agent.reading.intents import ORDER, SMALL
from griot.agent.reading.lexicon import Lexicon, Sense, expand, lexicon
from griot.agent.reading.tokens import clean, fold, tokenise, written

HOLDING = ORDER | SMALL | {Sense.STILL}
MORE_THAN_PLUS = {("de", "plus"), ("en", "plus")}  # here "plus" adds


def test_no_phrase_that_goes_with_an_order_hides_a_negation() -> None:
    phrases = dict(lexicon().phrases())
    negations = {keys[0] for keys, entry in phrases.items() if len(keys) == 1 and entry.has(Sense.NEGATION)}
    hidden = [
        keys
        for keys, entry in phrases.items()
        if all(meaning.sense in HOLDING for meaning in entry.meanings) and negations & set(keys) and len(keys) > 1
    ]
    assert set(hidden) <= MORE_THAN_PLUS


@pytest.mark.parametrize("tens", [0, 20, 30, 40, 50, 60, 70, 80, 90])
def test_french_counts_to_ninety_nine(tens: int) -> None:
    words = {
        0: "zéro",
        1: "un",
        2: "deux",
        7: "sept",
        10: "dix",
        11: "onze",
        16: "seize",
        17: "dix-sept",
        19: "dix-neuf",
    }
    bases = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
    base = bases.get(tens, bases.get(tens - 10, ""))
    rest = 10 if tens in (70, 90) else 0
    for unit, word in words.items():
        value = tens - rest + unit if base else unit
        if base and (unit == 0 or (unit >= 10) != bool(rest)):
            continue
        spoken = f"{base} et {word}" if base and unit in (1, 11) and tens < 80 else f"{base}-{word}" if base else word
        tokens = tokenise(spoken)
        assert lexicon().number(tokens, 0, len(tokens)) == (value, len(tokens)), spoken


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("vingt deux", 22),
        ("vingt et un", 21),
        ("soixante et onze", 71),
        ("quatre vingts", 80),
        ("quatre-vingt-onze", 91),
        ("septante deux", None),
        ("nineteen", 19),
        ("folo", 10),
        ("juróom ñaar", 7),
        ("katr", 4),
        ("roa ambin'ny folo", 12),
    ],
)
def test_numbers_in_words_have_their_value(words: str, value: int | None) -> None:
    tokens = tokenise(words)
    number = lexicon().number(tokens, 0, len(tokens))
    assert number == ((value, len(tokens)) if value else (70, 1))


def test_a_pattern_stands_for_all_its_choices() -> None:
    assert expand("je (prends|veux)( bien|)") == ["je prends bien", "je prends", "je veux bien", "je veux"]
    assert expand("(a (b|c)|d)") == ["a b", "d", "a c", "d"]


def test_an_accent_at_the_end_tells_a_deed_done_from_an_order() -> None:
    words = Lexicon([{"languages": ["fr"], "words": {"take": ["commande"], "claim": ["commandé", "payé"]}}])

    def senses(text: str) -> list[Sense]:
        found = words.find(tokenise(text), 0, 1)
        return [meaning.sense for meaning in found.entry.meanings] if found else []

    assert senses("commande") == [Sense.TAKE]
    assert senses("commandé") == [Sense.CLAIM]
    assert senses("paye") == senses("payé") == [Sense.CLAIM]


def test_letters_typed_too_often_are_forgiven_in_words_only() -> None:
    words = Lexicon([{"languages": ["fr"], "words": {"yes": ["oui", "10"]}}])
    assert words.find(tokenise("ouiiiii"), 0, 1)
    assert not words.find(tokenise("1000"), 0, 1)


def test_the_same_text_is_the_same_under_every_disguise() -> None:
    assert clean("ＲＯＢＥ\u200b１") == "ROBE1"
    assert fold("Œuf Ñaar ÉTÉ") == "oeuf naar ete"
    assert [token.text for token in tokenise("J’ai 2️⃣ robes n°1")] == ["j", "ai", "2", "robes", "numero", "1"]
    assert written(tokenise("J'ai  payé\nhier !")) == "J'ai payé hier !"
