"""Anger is heard without hot words, and ordinary impatience is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from griot.agent.interpreter.intents import Intents
from griot.agent.interpreter.mood import ANGRY, Mood, Moods
from griot.tools.conversations.models import Said

NOW = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
HELD_OUT = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "interpreter_moods.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def moods() -> Moods:
    return Moods(Intents.load(kind="moods"))


def test_anger_is_heard_and_little_else_is_taken_for_it(moods: Moods) -> None:
    heard = [(wanted == "angry", moods.of(text).anger >= ANGRY) for wanted, _, text in HELD_OUT]
    right = sum(wanted and angry for wanted, angry in heard)
    assert right >= 0.95 * sum(angry for _, angry in heard)
    assert right >= 0.8 * sum(wanted for wanted, _ in heard)


def test_sentiments(moods: Moods) -> None:
    names = {"angry": "frustrated"}
    right = sum(moods.of(text).sentiment == names.get(wanted, wanted) for wanted, _, text in HELD_OUT)
    assert right >= 0.85 * len(HELD_OUT)


@pytest.mark.parametrize(
    "text", ["vite svp", "vite !", "allô ?", "c'est urgent, merci", "haingana azafady", "gaawal su la neexee"]
)
def test_haste_is_no_anger(moods: Moods, text: str) -> None:
    found = moods.of(text)
    assert found.anger < ANGRY
    assert found.sentiment == "hurried"


def test_sarcasm(moods: Moods) -> None:
    assert moods.of("bravo, trois semaines pour un sac, champion").anger >= ANGRY
    assert moods.of("bravo, le sac est magnifique").anger < 0.3


def test_the_same_question_again_weighs_more_each_time(moods: Moods) -> None:
    text = "où est ma commande ?"
    asked = Said("buyer", text, NOW)
    once = moods.of(text)
    again = moods.of(text, [asked, Said("agent", "Je regarde.", NOW)])
    unheard = moods.of(text, [asked, asked, asked])
    assert once.anger < again.anger < unheard.anger
    assert "repeated" in again.why


def test_a_code_in_capitals_is_not_shouted(moods: Moods) -> None:
    assert moods.of("ROBE1 TAILLE M").anger < 0.3


@pytest.mark.parametrize("text", ["", "?", "🙂", "x" * 3000])
def test_any_text_has_a_mood(moods: Moods, text: str) -> None:
    assert isinstance(moods.of(text), Mood)
