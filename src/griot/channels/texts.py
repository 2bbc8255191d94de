"""Words made to fit: texts cut into pieces, titles shortened and kept apart."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from griot.channels.model import Choice

Reach = Callable[[str, int], int]  # how many characters of a text are within a limit

_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))


def characters(text: str, limit: int) -> int:
    """The reach of a limit in characters (Unicode code points)."""
    return min(len(text), limit)


def utf8_bytes(text: str, limit: int) -> int:
    """The reach of a limit in bytes of UTF-8."""
    return len(text.encode(errors="replace")[:limit].decode(errors="ignore"))


def split(text: str, limit: int, reach: Reach = characters) -> list[str]:
    """A text in pieces within ``limit``, cut between paragraphs, else lines, sentences, words."""
    pieces = []
    rest = text.strip()
    while (most := reach(rest, limit)) < len(rest):
        cut = _cut(rest, max(most, 1))
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int) -> str:
    """A title on one line; a long one ends with '…', after a whole word when that loses little."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    if line[limit - 1] != " ":
        words = cut.rpartition(" ")[0]
        cut = words if len(words) >= limit * 2 // 3 else cut
    return cut.rstrip(" ,;:.-\u200d\ufe0f") + "…"


def titled(choices: Sequence[Choice], limit: int) -> list[Choice]:
    """The choices with titles that fit, are not blank and differ from each other."""
    taken: set[str] = set()
    named = []
    for choice in choices:
        wording = choice.title.strip() or choice.id
        title = shorten(wording, limit)
        number = 2
        while title in taken:
            mark = f" {number}"
            title = shorten(wording, limit - len(mark)) + mark
            number += 1
        taken.add(title)
        named.append(replace(choice, title=title))
    return named


def _cut(text: str, limit: int) -> int:
    """Where to cut: the last break of the strongest kind in the second half, else of any kind, else anywhere."""
    for earliest in (limit // 2, 1):
        for kind in _BREAKS:
            ends = [found.start() for found in kind.finditer(text, 0, limit + 1) if found.start() >= earliest]
            if ends:
                return ends[-1]
    return limit
