"""What a message wants is learnt from text files, holds for messages nobody learnt from, and can be corrected."""

from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from griot.agent.interpreter.examples import examples, forms, read
from griot.agent.interpreter.features import features
from griot.agent.interpreter.frames import frame, masked
from griot.agent.interpreter.intents import Intents

HELD_OUT = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "interpreter_messages.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("interpreter")


@pytest.fixture(scope="module")
def intents(kept: Path) -> Intents:
    return Intents.load(kept)


def best(intents: Intents, text: str) -> str:
    return intents.of(text)[0].intent


def test_messages_nobody_learnt_from_are_understood(intents: Intents) -> None:
    guesses = [(wanted.split("|"), intents.of(text)) for wanted, _, text in HELD_OUT]
    first = sum(guess[0].intent in wanted for wanted, guess in guesses)
    among_three = sum(any(item.intent in wanted for item in guess[:3]) for wanted, guess in guesses)
    assert first >= 0.85 * len(guesses)
    assert among_three >= 0.95 * len(guesses)


def test_what_is_nearly_certain_is_right(intents: Intents) -> None:
    sure = [(wanted, guess[0]) for wanted, _, text in HELD_OUT if (guess := intents.of(text))[0].probability >= 0.9]
    assert len(sure) >= 100
    assert sum(guess.intent in wanted.split("|") for wanted, guess in sure) >= 0.95 * len(sure)


def test_no_held_out_message_is_an_example() -> None:
    learnt = {form.casefold() for example in examples() for form in forms(example.text)}
    assert [text for _, _, text in HELD_OUT if text.casefold() in learnt] == []
    nearest = [process.extractOne(text.casefold(), learnt, scorer=fuzz.ratio, score_cutoff=93) for *_, text in HELD_OUT]
    assert [found for found in nearest if found] == []


def test_no_message_is_an_example_of_two_intents() -> None:
    seen: dict[str, str] = {}
    for example in examples():
        assert seen.setdefault(example.text.casefold(), example.intent) == example.intent, example.text


@pytest.mark.parametrize("language", ["fr", "fr-sms", "fr-nouchi", "wolof-mixed", "mg", "en", "mixed"])
def test_every_intent_has_examples_in_every_language(language: str) -> None:
    everywhere = {example.intent for example in examples()}
    assert everywhere == {example.intent for example in examples() if example.language == language}


def test_probabilities_are_ordered_and_add_up(intents: Intents) -> None:
    guesses = intents.of("bjr jvx 2 robes")
    chances = [guess.probability for guess in guesses]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-4)


def test_goods_that_nobody_has_heard_of_do_not_matter_once_they_are_masked(intents: Intents) -> None:
    text = "je voudrais deux zorglubs satinés"
    guesses = dict(intents.of(text, [(17, 33)]))
    assert guesses["order"] > 0.8


def test_a_correction_of_the_vendor_is_followed_without_training(intents: Intents) -> None:
    text = "la couz là ça dit quoi"
    corrected = intents.with_examples([(text, "status")])
    assert best(corrected, "la couz la ça dit koi ?") == "status"
    assert best(corrected, "je voudrais un devis") == "quote"
    assert best(intents, text) != "status"


def test_a_correction_needs_a_known_intent(intents: Intents) -> None:
    with pytest.raises(ValueError, match="no intent 'nonsense'"):
        intents.with_examples([("bonjour", "nonsense")])


def test_a_second_process_finds_what_the_first_has_learnt(intents: Intents, kept: Path) -> None:
    again = Intents.load(kept)
    assert [again.of(text) for _, _, text in HELD_OUT[:20]] == [intents.of(text) for _, _, text in HELD_OUT[:20]]


@pytest.mark.parametrize("text", ["", " ", "???", "🙂", "\x00", "x" * 5000, "[image]", "{product}"])
def test_any_text_has_an_intent(intents: Intents, text: str) -> None:
    assert intents.of(text)[0].probability > 0


def test_the_same_frame_in_different_spellings() -> None:
    one = frame("Bjr jvx 2 robes pr samdi svp")
    assert one == frame("Bonjour, je veux 3 robes pour mardi s'il vous plaît")
    assert one == ["je", "veux", "{number}", "robes", "pour", "{day}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 000 F", "{amount}"),
        ("15000", "{amount}"),
        ("ROBE1", "{code}"),
        ("#LP-2026-0215-A3F2", "{reference}"),
        ("77 123 45 67", "{phone}"),
        ("16h30", "{time}"),
        ("12/05", "{date}"),
        ("2main", "{day}"),
        ("[image]", "{media}"),
        ("[location: 14.7,-17.4]", "{place}"),
        ("20%", "{percent}"),
        ("rouge", "{colour}"),
        ("XL", "{size}"),
    ],
)
def test_what_varies_from_message_to_message_is_masked(text: str, expected: str) -> None:
    assert frame(text) == [expected]


def test_only_the_named_stretches_are_masked() -> None:
    assert (
        masked("je veux la robe wax et un sac", [(11, 19), (12, 15), (26, 29)])
        == "je veux la  {product}  et un  {product} "
    )


def test_goods_of_an_example_are_shown_and_hidden() -> None:
    assert forms("je veux [la robe] svp") == ("je veux la robe svp", "je veux  {product}  svp")
    assert forms("[image]") == ("[image]",)


def test_examples_are_grouped_by_language() -> None:
    text = "# Wants it.\n\n# lang: fr\nje veux\n\n# lang: mg\nte hividy aho\n"
    assert [(example.text, example.language) for example in read(text, "order")] == [
        ("je veux", "fr"),
        ("te hividy aho", "mg"),
    ]


def test_one_idea_in_four_languages() -> None:
    ideas = [set(features(text)[2]) for text in ("combien", "ohatrinona", "how much", "ñaata la")]
    assert all("price" in found for found in ideas)
