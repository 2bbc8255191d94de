"""How a buyer feels: anger that needs no hot word, haste that is no anger, doubt, joy.

Signs that are looked up (``prompts/words/mood.toml``) and what is learnt from examples (``prompts/moods``) each say how
likely anger is; it is there unless all of them are wrong. Ordinary impatience ("vite svp") is haste.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import prod
from typing import Literal

from rapidfuzz import fuzz

from griot.agent.interpreter.intents import Intents
from griot.agent.interpreter.pieces import Phrases, pieces, word_list
from griot.core.settings import settings
from griot.tools.conversations.models import Said

Sentiment = Literal["neutral", "positive", "frustrated", "hurried", "hesitant"]

ANGRY = 0.6  # from here on a human takes over
_FRUSTRATED = 0.4
_CLEAR = 0.5  # probability from which a learnt mood other than anger counts
_LEARNT = 0.75  # how far the examples are trusted

# How likely anger is, given one sign
_SIGNS = {"again": 0.5, "still": 0.35, "hot": 0.55, "threats": 0.6, "insults": 0.7, "pointed": 0.25}
_SARCASM = 0.6
_SHOUTED, _STRESSED, _WONDERED, _REPEATED, _UNHEARD = 0.25, 0.2, 0.2, 0.35, 0.15

_LOUD_LETTERS, _LOUD_WORDS = 12, 3
_SAME = 85  # likeness, of 100, of two messages that say the same
_SHORTEST = 8  # characters of a message whose repetition, or likeness to an example, means something
_TELLING = 0.1  # likelihood from which a sign is named
_IN_A_ROW = 3  # messages of the buyer without an answer


@dataclass(frozen=True, slots=True)
class Mood:
    """``anger``: 0 to 1, from ``ANGRY`` on for a human. ``why``: the signs it was read from."""

    sentiment: Sentiment
    anger: float
    why: tuple[str, ...] = ()


class Moods:
    """Reads moods; ``learnt`` is a classifier of the examples in ``prompts/moods``."""

    def __init__(self, learnt: Intents) -> None:
        self._learnt = learnt

    def of(self, text: str, history: Sequence[Said] = ()) -> Mood:
        """The mood of a message after what was said before it, oldest first."""
        signs = _signs(text)
        learnt = {guess.intent: guess.probability for guess in self._learnt.of(text)}
        doubts = {sign: likely for sign, likely in _SIGNS.items() if sign in signs}
        if "praise" in signs and signs & {"wrong", "again", "still", "hot"}:
            doubts["sarcasm"] = _SARCASM
        doubts |= _loudness(text) | _insistence(text, history)
        doubts["examples"] = _LEARNT * learnt.get("angry", 0.0) if len(text) >= _SHORTEST else 0.0
        anger = 1 - prod(1 - likely for likely in doubts.values())
        why = tuple(sign for sign, likely in doubts.items() if likely > _TELLING)
        return Mood(_sentiment(anger, signs, learnt), anger, why)


@lru_cache(maxsize=256)  # who decides and who tells a human of it ask for the same message
def mood(text: str, history: tuple[Said, ...] = ()) -> Mood:
    """The mood of a message, by the examples of this installation."""
    return _moods().of(text, history)


def _sentiment(anger: float, signs: set[str], learnt: dict[str, float]) -> Sentiment:
    if anger >= _FRUSTRATED and not ("hurry" in signs and anger < ANGRY):
        return "frustrated"
    if "hurry" in signs or learnt.get("hurried", 0.0) >= _CLEAR:
        return "hurried"
    if "hesitant" in signs or learnt.get("hesitant", 0.0) >= _CLEAR:
        return "hesitant"
    if learnt.get("positive", 0.0) >= _CLEAR or ("positive" in signs and learnt.get("neutral", 0.0) < _CLEAR):
        return "positive"
    return "neutral"


def _signs(text: str) -> set[str]:
    """The kinds of signs whose phrases stand in the text."""
    return {kind for kinds, _, _ in _phrases().all_in(pieces(text)) for kind in kinds}


def _loudness(text: str) -> dict[str, float]:
    """Capitals, "!!!" and "???"; a code in capitals is not shouted."""
    words = [word for word in text.split() if word.isalpha() and len(word) > 1]
    loud = [word for word in words if word.isupper()]
    shouted = len(loud) >= _LOUD_WORDS and len(loud) > 0.7 * len(words) and sum(map(len, loud)) >= _LOUD_LETTERS
    found = {"capitals": _SHOUTED} if shouted else {}
    if "!!" in text.replace(" ", ""):
        found["!!"] = _STRESSED
    if "??" in text.replace(" ", ""):
        found["??"] = _WONDERED
    return found


def _insistence(text: str, history: Sequence[Said]) -> dict[str, float]:
    """The same message once more, or several in a row that nobody answered."""
    said = [item.text for item in history if item.by == "buyer"]
    repeated = len(text) >= _SHORTEST and any(fuzz.ratio(text.casefold(), old.casefold()) >= _SAME for old in said[-4:])
    found = {"repeated": _REPEATED} if repeated else {}
    unanswered = 0
    for item in reversed(history):
        if item.by != "buyer":
            break
        unanswered += 1
    if unanswered >= _IN_A_ROW:
        found["unheard"] = _UNHEARD
    return found


@cache
def _moods() -> Moods:
    return Moods(Intents.load(settings().cache_dir.expanduser(), "moods"))


@cache
def _phrases() -> Phrases[frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, phrases in word_list("mood").items():
        for phrase in phrases:
            kinds.setdefault(phrase, set()).add(kind)
    return Phrases((phrase, frozenset(found)) for phrase, found in kinds.items())
