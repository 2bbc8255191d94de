"""Numbers in a transcript: in words or digits, and the words that sound like one."""

import re
from functools import cache
from typing import NamedTuple

from griot.core.accents import without_accents

LARGEST = 999

_WORD = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")


def words_of(text: str) -> frozenset[str]:
    """The set of the words of a list, written without accents."""
    return frozenset(text.split())


class Piece(NamedTuple):
    """A word of a transcript, where it stands, and how it is compared: lower case, no accents."""

    start: int
    end: int
    key: str


class Number(NamedTuple):
    """A number of a transcript; ``first`` and ``last`` are the places of its words."""

    first: int
    last: int
    value: int


def pieces(text: str) -> list[Piece]:
    """The words and numbers of a text, hyphens and apostrophes apart."""
    return [Piece(m.start(), m.end(), without_accents(m[0].lower())) for m in _WORD.finditer(text)]


def numbers(words: list[Piece], language: str) -> list[Number]:
    """The numbers among words, the longest first: "quatre-vingt-seize" is one."""
    spelled = _spelled(language)
    found, at = [], 0
    while at < len(words):
        if words[at].key.isdigit():
            found.append(Number(at, at, int(words[at].key)))
            at += 1
            continue
        for length in range(min(6, len(words) - at), 0, -1):
            value = spelled.get(tuple(word.key for word in words[at : at + length]))
            if value is not None:
                found.append(Number(at, at + length - 1, value))
                at += length
                break
        else:
            at += 1
    return found


@cache
def in_words(value: int, language: str) -> str:
    """A number as it is said."""
    from num2words import num2words

    return str(num2words(value, lang=language if language in ("fr", "en") else "fr"))


@cache
def _spelled(language: str) -> dict[tuple[str, ...], int]:
    known: dict[tuple[str, ...], int] = {}
    for value in range(LARGEST + 1):
        words = tuple(piece.key for piece in pieces(in_words(value, language)))
        known[words] = value
        if language == "en":
            known[tuple(word for word in words if word != "and")] = value
        elif words[-1] == "un":
            known[(*words[:-1], "une")] = value
    return known
