"""Text made fit to print: only characters that the embedded font has, and nothing without an end."""

import re
import unicodedata
from collections.abc import Collection

_TIED = "\u00a0"  # a space that does not break a line
_SPACES = re.compile(rf"[^\S{_TIED}]+")
_INSTEAD = {"n\u0308": "ñ", "N\u0308": "Ñ", "ŋ": "ng", "Ŋ": "Ng", "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƴ": "y",
            "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O", "\u2011": "-", "\u202f": _TIED}  # fmt: skip


def printable(text: str, glyphs: Collection[int], longest: int) -> str:
    """One line of at most ``longest`` characters. A letter without a glyph becomes its plain one; emoji go.

    ``glyphs``: the code points that the font has.
    """
    composed = unicodedata.normalize("NFC", text)
    for written, plain in _INSTEAD.items():
        composed = composed.replace(written, plain)
    kept = "".join(_shown(character, glyphs) for character in composed)
    line = _SPACES.sub(" ", kept).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _shown(character: str, glyphs: Collection[int]) -> str:
    if character.isspace() and character != _TIED:
        return " "
    if ord(character) in glyphs and unicodedata.category(character)[0] != "C":
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if ord(part) in glyphs)
