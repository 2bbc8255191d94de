"""The language to answer in, learnt from the same examples as the intents.

French of Dakar and Abidjan, SMS spelling and Wolof mixed with French are answered in French.
"""

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Literal

from griot.agent.interpreter.examples import examples
from griot.knowledge.search.words import fold

Language = Literal["fr", "mg", "en"]

_ANSWERED_IN: dict[str, Language] = {"mg": "mg", "en": "en"}
_LONGEST = 4  # letters of a piece
_RARE = 0.4  # added to every count, so that a piece never seen is unlikely and not impossible
_CLEAR = 3.0  # how much likelier (natural logarithm) the first language has to be


def language_of(text: str, before: str | None = None) -> str | None:
    """The language of a message; none when it does not tell. ``before``: the thread's, which counts when in doubt."""
    pieces = list(_pieces(text))
    if not pieces:
        return None
    odds = _odds()
    scores = {name: sum(table.get(piece, unseen) for piece in pieces) for name, (table, unseen) in odds.items()}
    first, second = sorted(scores, key=lambda name: -scores[name])[:2]
    if before in scores and scores[first] - scores[before] < _CLEAR:
        return before
    return first if scores[first] - scores[second] >= _CLEAR else None


def _pieces(text: str) -> Iterator[str]:
    """Stretches of one to four letters, word ends included; codes and numbers tell nothing."""
    for word in fold(text).split():
        letters = "".join(letter for letter in word if letter.isalpha() or letter == "'")
        if len(letters) < 2 or any(letter.isdigit() for letter in word):
            continue
        padded = f" {letters} "
        for length in range(2, _LONGEST + 1):
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]


@cache
def _odds() -> dict[Language, tuple[dict[str, float], float]]:
    """For each language the logarithm of how often a piece comes, and that of one that never came."""
    seen: dict[Language, Counter[str]] = {"fr": Counter(), "mg": Counter(), "en": Counter()}
    for example in examples():
        if example.language != "mixed":
            seen[_ANSWERED_IN.get(example.language, "fr")].update(_pieces(example.text))
    kinds = len(set().union(*seen.values()))
    odds: dict[Language, tuple[dict[str, float], float]] = {}
    for name, counts in seen.items():
        whole = math.log(counts.total() + _RARE * kinds)
        table = {piece: math.log(count + _RARE) - whole for piece, count in counts.items()}
        odds[name] = (table, math.log(_RARE) - whole)
    return odds
