"""Slips of thumb and ear: which known words a word that nobody knows may have been meant to be."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from griot.knowledge.search.words import sound, stem

SOUND, CONSONANTS, PREFIX = 0.9, 0.85, 0.82
Edits = tuple[tuple[int, int, float], ...]  # up to this length: edits allowed, strength after the first
EDITS: Edits = ((5, 1, 0.8), (8, 2, 0.88), (99, 3, 0.9))
CAREFUL: Edits = ((4, 0, 0.8), (7, 1, 0.85), (10, 2, 0.88), (99, 3, 0.9))  # among so many words that one is always near
_PER_EDIT = 0.14
_OTHER_INITIAL = 0.12
_MOST = 8
_VOWEL = re.compile(r"(?<!^)[aeiouy]")  # the first letter is always written
_DOUBLE = re.compile(r"(.)\1+")
_REMEMBERED = 4096


def consonants(word: str) -> str:
    """The first letter of a folded word and the consonants behind it, doubles once: "chargeur" is "chrgr"."""
    return _DOUBLE.sub(r"\1", _VOWEL.sub("", word))


class Typos:
    """Words to be found again, by their stems; ``spelled`` is the whole word, which tells how it sounds."""

    def __init__(self, words: Iterable[tuple[str, str]], *, edits: Edits = EDITS) -> None:
        self._edits = edits
        self._sounds: dict[str, list[str]] = defaultdict(list)
        self._consonants: dict[str, dict[str, None]] = defaultdict(dict)
        self._shortest = 3 if edits is EDITS else 4
        self._by_length: dict[int, list[str]] = defaultdict(list)
        terms = []
        for term, spelled in words:
            if len(term) > 3 and term.isalpha():
                terms.append(term)
                self._by_length[len(term)].append(term)
                self._sounds[sound(spelled)].append(term)
                for bones in (consonants(spelled), consonants(term), consonants(sound(spelled))):
                    self._consonants[bones][term] = None
        self._sorted = sorted(terms)
        self.near = lru_cache(maxsize=_REMEMBERED)(self._near)

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Stems that a folded word may stand for, with how surely: one kind of evidence only, the best there is."""
        if len(word) < 3 or not word.isalpha():
            return ()
        heard = sound(word)
        if len(heard) > 2 and heard in self._sounds:
            return tuple((term, SOUND) for term in self._sounds[heard])
        if boned := self._boned(word, heard):
            return boned
        term = stem(word)
        if len(term) < 4:
            return ()
        return tuple(self._begun(term)) or tuple(self._slipped(term))

    def _boned(self, word: str, heard: str) -> tuple[tuple[str, float], ...]:
        """Words of which only the consonants were written: "chrgr", "pntln"."""
        if len(word) < self._shortest or _VOWEL.search(word):
            return ()
        found = self._consonants.get(consonants(word)) or self._consonants.get(consonants(heard)) or {}
        return tuple((term, CONSONANTS) for term in found)

    def _begun(self, term: str) -> Iterator[tuple[str, float]]:
        """Words of which only the beginning was written."""
        first = bisect_left(self._sorted, term)
        for known in self._sorted[first : first + _MOST]:
            if not known.startswith(term):
                return
            if len(known) > len(term) + 1:
                yield known, PREFIX

    def _slipped(self, term: str) -> Iterator[tuple[str, float]]:
        edits, strength = next((most, strength) for length, most, strength in self._edits if len(term) <= length)
        lengths = range(len(term) - edits, len(term) + edits + 1)
        choices = [known for length in lengths for known in self._by_length.get(length, ())]
        close = process.extract(term, choices, scorer=OSA.distance, score_cutoff=edits, limit=_MOST)
        best = min((distance for _, distance, _ in close), default=0)
        for known, distance, _ in close:
            if distance == best:
                initial = 0.0 if known[0] == term[0] else _OTHER_INITIAL
                yield known, strength - _PER_EDIT * (distance - 1) - initial
