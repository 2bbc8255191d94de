"""Words, figures and signs of a text with their offsets, and phrases looked up among them.

The reader's tokens forget where they stood; dates, amounts and addresses must be cut out of the text they were read
from, so their pieces remember.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Generic, NamedTuple, TypeVar

from griot.agent.reading.tokens import fold

Value = TypeVar("Value")

_PIECE = re.compile(r"(?P<word>(?:[^\W\d_]|[\u0300-\u036f])+)|(?P<number>\d+)|(?P<sign>[^\w\s]|_)")
_CLAUSE = re.compile(r"[^.!?;\n]+[.!?;]*")
_JOINTS = frozenset("'’‘ʼ`-‐‑")


class Piece(NamedTuple):
    """``text`` has neither case nor accents. ``glued``: nothing stands between it and the piece before."""

    kind: str  # word, number, sign
    text: str
    start: int
    end: int
    glued: bool

    @property
    def is_number(self) -> bool:
        return self.kind == "number"


@lru_cache(maxsize=2048)
def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces in order. Hyphens and apostrophes between letters are left out: "week-end" is two words."""
    found: list[Piece] = []
    for match in _PIECE.finditer(text):
        kind, raw, start, end = match.lastgroup or "", match.group(), match.start(), match.end()
        if raw in _JOINTS and text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
            continue
        glued = bool(found) and found[-1].end == start
        found.append(Piece(kind, fold(raw) if kind != "sign" else raw, start, end, glued))
    return tuple(found)


def clauses(text: str) -> list[str]:
    """The text in parts that may want different things, each with the signs that end it."""
    found = (clause.strip() for clause in _CLAUSE.findall(text))
    return [clause for clause in found if any(letter.isalnum() for letter in clause)]


class Phrases(Generic[Value]):
    """Phrases with what each stands for; the longest one counts."""

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        self._known: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for phrase, value in phrases:
            words = tuple(piece.text for piece in pieces(phrase))
            if words:
                self._known.setdefault(words[0], []).append((words, value))
        for listed in self._known.values():
            listed.sort(key=lambda item: -len(item[0]))

    def at(self, found: Sequence[Piece], place: int) -> tuple[Value, int] | None:
        """What the phrase that begins at ``place`` stands for, and where it ends."""
        if not 0 <= place < len(found):
            return None
        for words, value in self._known.get(found[place].text, ()):
            end = place + len(words)
            if end <= len(found) and all(found[place + at].text == word for at, word in enumerate(words)):
                return value, end
        return None

    def before(self, found: Sequence[Piece], place: int, longest: int = 4) -> tuple[Value, int] | None:
        """What the longest phrase that ends just before ``place`` stands for, and where it begins."""
        for start in range(max(0, place - longest), place):
            hit = self.at(found, start)
            if hit and hit[1] == place:
                return hit[0], start
        return None

    def all_in(self, found: Sequence[Piece]) -> Iterator[tuple[Value, int, int]]:
        """Every phrase, what it stands for, and the places where it begins and ends; they may overlap."""
        for place in range(len(found)):
            if hit := self.at(found, place):
                yield hit[0], place, hit[1]

    def stand_in(self, text: str) -> bool:
        """Is one of the phrases there?"""
        return next(self.all_in(pieces(text)), None) is not None


@cache
def word_list(name: str) -> Mapping[str, Any]:
    """A word list of ``prompts/words``, read once."""
    source = files("griot").joinpath("prompts", "words", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def phrases_of(name: str, *keys: str) -> Phrases[bool]:
    """The phrases of a word list: ``phrases_of("numbers", "before", "label")``."""
    return Phrases((phrase, True) for phrase in _listed(name, keys))


@cache
def words_of(name: str, *keys: str) -> frozenset[str]:
    """The words that the phrases of a word list are made of."""
    return frozenset(piece.text for phrase in _listed(name, keys) for piece in pieces(phrase))


def _listed(name: str, keys: Iterable[str]) -> Sequence[str]:
    listed: Any = word_list(name)
    for key in keys:
        listed = listed[key]
    phrases: Sequence[str] = listed
    return phrases
