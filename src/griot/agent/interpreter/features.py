"""A message as weighted features: letters (spelling varies), words and pairs of words, and the ideas behind the words.

Ideas are those of ``prompts/words/concepts.toml`` and the senses of the reader's lexicon: both cross languages.

The three kinds are weighed separately, each to unit length, so that a long message does not drown its ideas.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from griot.agent.interpreter.frames import frame, unmasked
from griot.agent.interpreter.pieces import word_list
from griot.agent.reading.lexicon import lexicon
from griot.agent.reading.tokens import fold, tokenise

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
Kinds = tuple[list[str], list[str], list[str]]

_WEIGHTS = (1.0, 0.8, 0.7)  # of letters, words, ideas
_SHORTEST, _LONGEST = 3, 4  # letters in a row; 2 to 5 read no better and take twice the time
_SHORTEST_STEM = 3
_SEEN = 2  # examples that a feature must stand in to be known


class Ideas(NamedTuple):
    """``words`` and ``stems``: a word, or its beginning, -> the ideas it stands for."""

    words: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    pairs: dict[tuple[str, str], tuple[str, ...]]


@cache
def ideas() -> Ideas:
    """The ideas of ``prompts/words/concepts.toml``."""
    words: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    pairs: dict[tuple[str, str], set[str]] = {}
    for idea, spoken in word_list("concepts")["concepts"].items():
        for word in map(fold, spoken):
            first, _, second = word.partition(" ")
            if second:
                pairs.setdefault((first, second), set()).add(idea)
            elif word.endswith("*"):
                stems.setdefault(word[:-1], set()).add(idea)
            else:
                words.setdefault(word, set()).add(idea)
    return Ideas(_sorted(words), _sorted(stems), _sorted(pairs))


def _sorted(table: dict[Any, set[str]]) -> dict[Any, tuple[str, ...]]:
    return {key: tuple(sorted(found)) for key, found in table.items()}


@lru_cache(maxsize=8192)
def _ideas_of(word: str) -> tuple[str, ...]:
    known = ideas()
    found = list(known.words.get(word, ()))
    for length in range(_SHORTEST_STEM, len(word) + 1):
        found += known.stems.get(word[:length], ())
    return tuple(found)


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[str, ...]:
    framed = f" {word} "
    return tuple(
        framed[at : at + length] for length in range(_SHORTEST, _LONGEST + 1) for at in range(len(framed) - length + 1)
    )


def features(text: str) -> Kinds:
    """The letters, words and ideas of a text whose goods are masked, repeated as often as they occur."""
    found = frame(text)
    letters: list[str] = []
    for token in found:
        letters += (token,) if token[0] in "{?!" else _letters(token)
    words = [*found, *(f"{left}|{right}" for left, right in zip(["<", *found], [*found, ">"], strict=True))]
    return letters, words, [*_ideas(found), *_senses(text)]


def _senses(text: str) -> list[str]:
    """What the phrases of the reader's lexicon mean, one after the other."""
    tokens = tokenise(unmasked(text))
    senses: list[str] = []
    place = 0
    while place < len(tokens):
        found = lexicon().find(tokens, place, len(tokens))
        if found:
            senses += [f"={meaning.sense}" for meaning in found.entry.meanings]
        place = found.end if found else place + 1
    return senses


def _ideas(frame: Sequence[str]) -> list[str]:
    pairs = ideas().pairs
    found = {idea for token in frame for idea in _ideas_of(token)}
    found |= {idea for pair in pairwise(frame) for idea in pairs.get(pair, ())}
    listed = sorted(found)
    length = "short" if len(frame) < 3 else "middling" if len(frame) < 8 else "long"
    return [length, *listed, *(f"{a}&{b}" for at, a in enumerate(listed) for b in listed[at + 1 :])]


class Vectoriser:
    """Features known from examples, with what each is worth: rarer is worth more.

    ``vocabulary``: the features, the number of their kind before each; ``worth``: of each in this order.
    """

    def __init__(self, vocabulary: Sequence[str], worth: Floats) -> None:
        self.vocabulary, self.worth = vocabulary, worth
        self._worth = worth.tolist()
        self._rows: tuple[dict[str, int], ...] = tuple({} for _ in _WEIGHTS)
        for row, feature in enumerate(vocabulary):
            self._rows[int(feature[0])][feature[1:]] = row

    @classmethod
    def of(cls, documents: Sequence[Kinds]) -> "Vectoriser":
        seen: tuple[Counter[str], ...] = tuple(Counter() for _ in _WEIGHTS)
        for kinds in documents:
            for counted, found in zip(seen, kinds, strict=True):
                counted.update(set(found))
        known = [
            (f"{kind}{feature}", times)
            for kind, counted in enumerate(seen)
            for feature, times in sorted(counted.items())
            if times >= _SEEN
        ]
        worth = [math.log((1 + len(documents)) / (1 + times)) + 1 for _, times in known]
        return cls([feature for feature, _ in known], np.array(worth, np.float32))

    def vector(self, kinds: Kinds) -> tuple[Rows, Floats]:
        """The rows of the features that are known and their values."""
        rows: list[int] = []
        values: list[float] = []
        for known, weight, found in zip(self._rows, _WEIGHTS, kinds, strict=True):
            counted = Counter(row for row in map(known.get, found) if row is not None)
            own = [self._worth[row] * (1 + math.log(times)) for row, times in counted.items()]
            share = weight / (math.sqrt(sum(value * value for value in own)) or 1.0)
            rows += counted
            values += [value * share for value in own]
        return np.array(rows, np.int32), np.array(values, np.float32)
