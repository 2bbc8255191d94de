"""A text cut at the ends of sentences, or where one may breathe, into passages that are said in one go."""

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_BREATH = re.compile(r"(?<=[,;:])\s+")
_SPACE = re.compile(r"\s+")


def passages(text: str, longest: int) -> list[str]:
    """As many sentences at a time as fit into ``longest`` characters: said together they are understood better.

    A sentence that is longer is cut at commas, and in need between words.
    """
    return list(_packed([part.strip() for part in _END.split(text) if part.strip()], longest))


def _fitting(sentence: str, longest: int) -> Iterator[str]:
    if len(sentence) <= longest:
        yield sentence
        return
    for cut in (_BREATH, _SPACE):
        pieces = cut.split(sentence)
        if len(pieces) > 1:
            yield from _packed(pieces, longest)
            return
    for start in range(0, len(sentence), longest):
        yield sentence[start : start + longest]


def _packed(pieces: list[str], longest: int) -> Iterator[str]:
    """Neighbours put together as long as they fit; what does not fit alone is cut further."""
    held = ""
    for piece in pieces:
        if held and len(held) + 1 + len(piece) > longest:
            yield from _fitting(held, longest)
            held = ""
        held = f"{held} {piece}".strip()
    if held:
        yield from _fitting(held, longest)
