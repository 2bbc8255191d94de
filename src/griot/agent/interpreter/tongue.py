"""The language to answer in, learnt from the same examples as the intents.

French of Dakar and Abidjan, SMS spelling and Wolof mixed with French are answered in French.
"""

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from griot.agent.interpreter.examples import examples
from griot.knowledge.search.words import fold

Language = Literal["fr", "mg", "en"]

_ANSWERED_IN: dict[str, Language] = {"mg": "mg", "en": "en"}
_LONGEST = 4  # letters of a piece
_RARE = 0.4  # added to every count, so that a piece never seen is unlikely and not impossible
_CLEAR = 3.0  # how much likelier (natural logarithm) the first language has to be
_ONE_WORD = 20.0  # how much a word may tell: "parking" makes no English of "il y a un parking ?"
# Words that are the same in every language here, and the names of means of payment.
_EVERYWHERE = frozenset(
    ("ok", "okay", "no", "stop", "top", "super", "cool", "wave", "orange", "money", "mvola", "airtel", "visa", "cash")
)


def language_of(text: str, before: str | None = None) -> str | None:
    """The language of a message; none when it does not tell. ``before``: the thread's, which counts when in doubt."""
    words = list(_words(text))
    if not words:
        return None
    scores: dict[Language, float] = dict.fromkeys(_odds(), 0.0)
    for word in words:
        pieces = _pieces(word)
        odds = {name: sum(table.get(piece, unseen) for piece in pieces) for name, (table, unseen) in _odds().items()}
        likeliest = max(odds.values())
        for name, likely in odds.items():
            scores[name] += max(likely - likeliest, -_ONE_WORD)
    first, second = sorted(scores, key=lambda name: -scores[name])[:2]
    known = next((name for name in scores if name == before), None)
    if known and scores[first] - scores[known] < _CLEAR:
        return known
    return first if scores[first] - scores[second] >= _CLEAR else None


def _words(text: str) -> Iterator[str]:
    """The words that tell something: neither codes and numbers nor words of everywhere."""
    for word in fold(text).split():
        letters = "".join(letter for letter in word if letter.isalpha() or letter == "'")
        if len(letters) >= 2 and letters not in _EVERYWHERE and not any(letter.isdigit() for letter in word):
            yield letters


@lru_cache(maxsize=8192)
def _pieces(word: str) -> tuple[str, ...]:
    """A word, and its stretches of two to four letters, ends included."""
    padded = f" {word} "
    spans = ((at, length) for length in range(2, _LONGEST + 1) for at in range(len(padded) - length + 1))
    return padded, *(padded[at : at + length] for at, length in spans)


@cache
def _odds() -> dict[Language, tuple[dict[str, float], float]]:
    """For each language the logarithm of how often a piece comes, and that of one that never came."""
    words: dict[Language, Counter[str]] = {"fr": Counter(), "mg": Counter(), "en": Counter()}
    for example in examples():
        if example.language != "mixed":
            words[_ANSWERED_IN.get(example.language, "fr")].update(_words(example.text))
    seen: dict[Language, Counter[str]] = {name: Counter() for name in words}
    for name, counted in words.items():
        for word, times in counted.items():
            for piece in _pieces(word):
                seen[name][piece] += times
    kinds = len(set().union(*seen.values()))
    odds: dict[Language, tuple[dict[str, float], float]] = {}
    for name, counts in seen.items():
        whole = math.log(counts.total() + _RARE * kinds)
        table = {piece: math.log(count + _RARE) - whole for piece, count in counts.items()}
        odds[name] = (table, math.log(_RARE) - whole)
    return odds
