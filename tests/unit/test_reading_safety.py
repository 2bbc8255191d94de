"""Nothing is held on a message that says anything the reader does not understand to the last word."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.agent.acts import Ask, Cancel, SetQuantity, Take, Unknown
from griot.agent.reading import CodeIndex, Reading, ReadingContext, Utterance, read

CODES = CodeIndex.build({"ROBE1": [{"taille": size} for size in "SML"], "SAC2": [{}], "CHAUSSURE1": [{}], "A1": [{}]})


def hear(*texts: str, codes: CodeIndex = CODES, **context: object) -> Reading:
    return read([Utterance("text", text) for text in texts], ReadingContext(codes, **context))  # type: ignore[arg-type]


def holds(reading: Reading) -> bool:
    return any(isinstance(act, Take) for act in reading.acts)


def cases(texts: str) -> list[str]:
    return [text.strip() for text in texts.replace("\n", "|").split("|") if text.strip()]


REFUSED_OR_OVER = """
pas ROBE1 | je prends pas ROBE1 | je ne veux pas ROBE1 | ni ROBE1 ni SAC2 | tout sauf ROBE1 | ROBE1 sans SAC2
non ROBE1 | ROBE1 non merci | jpren pa robe1 | jveu pa ROBE1 | duma jël ROBE1 | bëgguma ROBE1 | déet ROBE1
tsy haka ROBE1 aho | tsia ROBE1 | aza omena ROBE1 | i don't want ROBE1 | don't hold ROBE1 | not ROBE1 | no ROBE1
ROBE1 ❌ | ROBE1 🚫 | ~ROBE1~ | R̶O̶B̶E̶1̶ | j'ai déjà payé ROBE1 | j'ai pris ROBE1 | g commandé ROBE1
j'ai commande ROBE1 | ROBE1 réservé | ROBE1 paye | ROBE1 commandée | merci pour ROBE1 | ROBE1 bien reçu
jënd naa ROBE1 | efa nandoa ROBE1 | i paid for ROBE1 | thanks for the ROBE1
"""
ASKED = """
ROBE1 ? | ROBE1 c'est combien ? | ROBE1 combien | ROBE1 cb | prix ROBE1 | ROBE1 dispo ? | ROBE1 dispo
il reste ROBE1 | vous avez ROBE1 | ROBE1 en bleu ? | ROBE1 M ? | montre ROBE1 | photo de ROBE1 | je veux voir ROBE1
c'est quoi ROBE1 | je peux avoir ROBE1 ? | ROBE1 ❓ | ROBE1 🤔 | ¿ROBE1 | ROBE1؟ | ñaata la ROBE1 | am nga ROBE1
ndax ROBE1 am na | ohatrinona ROBE1 | misy ROBE1 ve | how much is ROBE1 | is ROBE1 available | ROBE1 ça va ?
ROBE1 c'est comment
"""
UNDECIDED = """
ROBE1 ou SAC2 | soit ROBE1 soit SAC2 | ROBE1 na SAC2 | ROBE1 wala SAC2 | ROBE1 or SAC2 | ROBE1 pas SAC2
ROBE1 plutôt que SAC2 | ROBE1 au lieu de SAC2 | change ROBE1 par SAC2 | finalement SAC2 | ROBE1 mais en M
j'hésite ROBE1 | je réfléchis pour ROBE1 | ROBE1 peut-être | je prends ROBE1 si tu baisses | je prends ROBE1 demain
je voulais ROBE1 | ROBE1 encore 5 min | attends ROBE1 | ma soeur prend ROBE1 | tu prends ROBE1 | qui veut ROBE1
elle veut ROBE1 | ROBE1 est jolie | j'aime ROBE1 | super ROBE1 | je rends ROBE1 | ROBE1 déchirée | rembourse ROBE1
ROBE1 à la livraison | stop ROBE1 | oups ROBE1
"""
OTHER_NUMBERS = """
ROBE1 15000 | ROBE1 15 000 | ROBE1 15.000 | ROBE1 5000f | ROBE1 5k | ROBE1 5 mille | ROBE1 10€ | ROBE1 50%
ROBE1 pour 5000 | ROBE1 à 5 | ROBE1 de 2 | ROBE1 les 2 | ROBE1 le 2 | ROBE1 la 2e | ROBE1 à 18h | ROBE1 18h30
ROBE1 18:30 | ROBE1 15/02 | ROBE1 12 ans | ROBE1 771234567 | ROBE1 77 123 45 67 | ROBE1 +221 77 123 45 67 | ROBE1 0
0 ROBE1 | ROBE1 x0 | ROBE1 -2 | ROBE1 +2 | ROBE1 2,5 | ROBE1 1.5 | ROBE1 1/2 | ROBE1 ½ | ROBE1² | ROBE1 1000
ROBE1 x 1000 | 1000 ROBE1 gratuits | ROBE1 99999999999999999999 | ROBE1 007 | ROBE1 2 3 | ROBE1 2 ou 3 | 2 ROBE1 x3
ROBE1 2x3 | samedi 2 ROBE1 | robe1-2 | robe1.2 | SAC2 neuf | ROBE1 une paire | ROBE1 quelques | ROBE1 taille 12
ROBE1 XL
"""


@pytest.mark.parametrize("text", cases(REFUSED_OR_OVER))
def test_what_is_refused_or_already_bought_is_not_held(text: str) -> None:
    assert not holds(hear(text))


@pytest.mark.parametrize("text", cases(ASKED))
def test_a_question_shows_the_product_and_holds_nothing(text: str) -> None:
    assert hear(text).acts == (Ask("ROBE1"),)


@pytest.mark.parametrize("text", cases(UNDECIDED))
def test_who_has_not_decided_is_not_taken_at_their_word(text: str) -> None:
    assert not holds(hear(text))


@pytest.mark.parametrize("text", cases(OTHER_NUMBERS))
def test_prices_dates_telephones_and_impossible_counts_are_not_quantities(text: str) -> None:
    assert not holds(hear(text))


@pytest.mark.parametrize(
    "burst",
    [
        ["ROBE1", "c'est combien ?"],
        ["ROBE1", "non"],
        ["ROBE1", "annule"],
        ["ROBE1", "pardon SAC2"],
        ["ROBE1", "*SAC2"],
        ["ROBE1", "SAC2*"],
        ["ROBE1 x2", "ROBE1 x3"],
        ["ROBE1", "SAC2", "x2"],
        ["2", "ROBE1"],
    ],
)
def test_a_burst_that_takes_back_or_leaves_open_is_not_held(burst: list[str]) -> None:
    assert not holds(hear(*burst))


def test_a_star_corrects_an_earlier_order_but_not_an_empty_page() -> None:
    assert holds(hear("*SAC2"))
    assert not holds(hear("*SAC2", open_orders=[3]))


@pytest.mark.parametrize("kind", ["image", "video", "document", "location"])
def test_a_code_beside_something_the_reader_cannot_see_is_only_shown(kind: str) -> None:
    reading = read([Utterance(kind), Utterance("text", "ROBE1")], ReadingContext(CODES))
    assert (reading.acts, reading.certain) == ((Ask("ROBE1"),), False)


def test_a_sticker_beside_a_code_changes_nothing() -> None:
    assert read([Utterance("sticker"), Utterance("text", "ROBE1")], ReadingContext(CODES)).acts == (Take("ROBE1"),)


def test_what_was_not_understood_is_quoted_as_it_was_written() -> None:
    assert hear("Je veux XYZ9 svp").rest == "XYZ9"
    assert hear("ROBE1 à Médina demain").rest == "Médina demain"


# --- Properties -----------------------------------------------------------------------------------------------------

SPELLINGS = {
    "ROBE1": [
        "ROBE1",
        "robe1",
        "Robe 1",
        "robe-1",
        "#ROBE1",
        "robe n°1",
        "Robé1",
        "ＲＯＢＥ１",
        "robe numéro 1",
        "ro\u200bbe1",
    ],
    "SAC2": ["SAC2", "sac2", "Sac 2", "sac-2", "SAC_2", "sac deux", "SAÇ2"],
    "CHAUSSURE1": ["CHAUSSURE1", "chaussure 1", "chaussures 1", "Chaussure-1"],
}
FILLERS = [
    "svp",
    "stp",
    "bonjour",
    "slt",
    "je prends",
    "jveu",
    "merci",
    "🙏🏾",
    "😍",
    "pour moi",
    "azafady",
    "damay jël",
    "please",
]
FILLERS += [
    "i want",
    "haka",
    "tantie",
    "ok",
    "oui",
    "!",
    "...",
    "s'il vous plaît",
    "dèh",
    "rek",
    "aho",
    "misaotra",
    "réserve moi",
]
UNKNOWN_WORDS = [
    "blabla",
    "Médina",
    "gratuit",
    "promo",
    "hier",
    "cadeau",
    "zzz",
    "fianarana",
    "tomorrow",
    "https://x.sn",
    "@awa",
    "xyz9",
]
NEGATIONS = [
    "pas",
    "non",
    "jamais",
    "sans",
    "annule pas",
    "pa",
    "tsy",
    "tsia",
    "not",
    "don't",
    "no",
    "déedéet",
    "duma",
    "❌",
    "👎",
    "🚫",
]

fillers = st.lists(st.sampled_from(FILLERS), max_size=4)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[str], str, int | None]:
    """The parts of a message that orders one product, with the code and the quantity it says."""
    code = draw(st.sampled_from(sorted(SPELLINGS)))
    spelling = draw(st.sampled_from(SPELLINGS[code]))
    quantity = draw(st.one_of(st.none(), st.integers(1, 999)))
    forms = [("x{} ", 1), ("{} pièces", 1), ("{}x", 0), ("{} ", 0)]
    form, side = draw(st.sampled_from(forms))
    body = (
        [spelling]
        if quantity is None
        else [spelling, form.format(quantity)]
        if side
        else [form.format(quantity), spelling]
    )
    return [*draw(fillers), *body, *draw(fillers)], code, quantity


@given(orders())
@settings(max_examples=400, deadline=None)
def test_courtesies_never_change_an_order(order: tuple[list[str], str, int | None]) -> None:
    parts, code, quantity = order
    reading = hear(" ".join(parts))
    assert (reading.acts, reading.certain) == ((Take(code, quantity),), True)


@given(orders(), st.sampled_from(UNKNOWN_WORDS), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_one_unknown_word_is_enough_to_hold_nothing(
    order: tuple[list[str], str, int | None], word: str, chance: random.Random
) -> None:
    parts, _, _ = order
    parts.insert(chance.randint(0, len(parts)), word)
    assert not holds(hear(" ".join(parts)))


@given(orders(), st.sampled_from(NEGATIONS), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_one_negation_is_enough_to_hold_nothing(
    order: tuple[list[str], str, int | None], word: str, chance: random.Random
) -> None:
    parts, _, _ = order
    parts.insert(chance.randint(0, len(parts)), word)
    assert not holds(hear(" ".join(parts)))


@given(orders())
@settings(max_examples=200, deadline=None)
def test_case_and_spaces_do_not_matter(order: tuple[list[str], str, int | None]) -> None:
    text = " ".join(order[0])
    heard = hear(text).acts
    assert (
        hear(text.upper()).acts == hear(text.lower()).acts == hear("  " + text.replace(" ", "   ") + " ").acts == heard
    )


QUESTIONS = [
    None,
    {"kind": "means", "order": 12, "means": ["wave", "orange_money", "card"]},
    {"kind": "variant", "code": "ROBE1", "quantity": 1, "options": [{"taille": "S"}, {"taille": "M"}]},
    {"kind": "quantity", "code": "ROBE1"},
    {"kind": "waitlist", "code": "ROBE1", "quantity": 1},
    {"kind": "again", "code": "ROBE1", "quantity": 1},
    {"kind": "pay", "order": 12},
    {"kind": "variant"},
    {"kind": "means", "means": None, "order": "?"},
    {},
]
words = st.sampled_from(
    FILLERS
    + UNKNOWN_WORDS
    + NEGATIONS
    + ["ROBE1", "2", "x2", "robe", "1", "M", "wave", "*", "(", "°", "15 000", "?", "\n"]
)
texts = st.one_of(
    st.text(max_size=60), st.lists(words, max_size=12).map(" ".join), st.lists(words, max_size=12).map("".join)
)


@given(st.lists(texts, max_size=4), st.sampled_from(QUESTIONS), st.sampled_from([(), (12,), (12, 9)]))
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_and_doubt_never_commits(
    burst: list[str], asked: dict[str, object] | None, open_orders: tuple[int, ...]
) -> None:
    reading = hear(*burst, asked=asked, open_orders=open_orders)
    assert reading.acts
    if not reading.certain:
        assert not any(isinstance(act, Take | Cancel | SetQuantity) for act in reading.acts)
    else:
        assert reading.rest == ""
        assert not any(isinstance(act, Unknown) for act in reading.acts)
