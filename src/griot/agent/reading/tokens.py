"""From what a thumb typed to words, numbers and signs.

``clean`` undoes what makes the same text look different (full-width letters, zero-width marks, skin tones, fancy
apostrophes); ``fold`` drops case and accents. A token keeps what was written, so that it can be quoted back.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "sign", "break"]


class Token(NamedTuple):
    kind: Kind
    text: str  # folded: no case, no accents, ASCII digits
    raw: str  # as written
    key: str  # how the lexicon knows it: the text, marked when glued to what is before or when it ends in "é"
    spaced: bool  # the start, a space or a line break is before it
    glued: bool  # continues letters or digits with nothing between
    elided: bool = False  # an apostrophe is after it


_GLUE = "~"
_ACUTE = "´"

# Marks that carry no meaning of their own: controls, combining marks left alone, skin tones.
_DROPPED_CATEGORIES = {"Cf", "Mn", "Me", "Cc"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)

_BEFORE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʻ´`＇‛′", "'"),
        **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "^"),  # a power is not a digit of a code
        **dict.fromkeys("\u0335\u0336\u0337\u0338", "~"),  # struck out
        "🔟": "10",
        "№": "n°",
    }
)
_LOOKALIKES = str.maketrans(
    dict(zip("авекмнорстухіјѕԁαβεικνορτυχωñŋıøłđ", "abekmhopctyxijsdabeikvoptuxwnniold", strict=True))
    | {"œ": "oe", "æ": "ae"}
)

_PIECE = re.compile(
    r"""
    (?P<smile>(?:[:;=]-?[)\]DPp3*]|<3+|\^_*\^)(?![^\W_]))
    | (?P<frown>[:;=]'?-?[(\[/]+(?=\s|$))
    | (?P<label>(?<![^\W_])[nN][°º])
    | (?P<word>[^\W\d_]+)
    | (?P<number>\d+)
    | (?P<break>[\n\r\u2028\u2029]+)
    | (?P<space>\s+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def clean(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_BEFORE))
    return "".join(char for char in text if char.isascii() or not _dropped(char))


def _dropped(char: str) -> bool:
    return unicodedata.category(char) in _DROPPED_CATEGORIES or ord(char) in _SKIN_TONES


def fold(text: str) -> str:
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFD", text.translate(_LOOKALIKES))
    return "".join(_plain(char) for char in text if unicodedata.category(char) != "Mn").translate(_LOOKALIKES)


def _plain(char: str) -> str:
    """Digits of other scripts as ASCII, the rest as it is."""
    value = None if char.isascii() else unicodedata.decimal(char, None)
    return char if value is None else str(value)


def tokenise(text: str) -> list[Token]:
    """The tokens of one text, in order; spaces and apostrophes are only remembered by their neighbours."""
    return list(_tokens(clean(text)))


def _tokens(text: str) -> Iterator[Token]:
    spaced, glued = True, False
    for match in _PIECE.finditer(text):
        kind, raw = match.lastgroup or "", match.group()
        if kind in _ALPHANUMERIC:
            folded, end = fold(raw), match.end()
            elided = text[end : end + 1] == "'" and text[end + 1 : end + 2].isalpha()
            key = (_GLUE if glued else "") + folded + (_ACUTE if raw[-1] in "éÉ" else "")
            yield Token(_ALPHANUMERIC[kind], folded, raw + "'" if elided else raw, key, spaced, glued, elided)
            spaced, glued = False, not elided
            continue
        glued = False
        if kind == "space":
            spaced = True
        elif kind == "break":
            yield LINE
            spaced = True
        elif kind == "label":
            yield Token("word", "numero", raw, "numero", spaced, False)
            spaced = False
        elif raw != "'":
            sign = _FACES.get(kind, raw)
            yield Token("sign", sign, raw, sign, spaced, False)
            spaced = False


_ALPHANUMERIC: dict[str, Kind] = {"word": "word", "number": "number"}
_FACES = {"smile": "🙂", "frown": "🙁"}
LINE = Token("break", "\n", "\n", "\n", True, False)


def join(texts: Sequence[str]) -> list[Token]:
    """The tokens of several messages sent in one breath, a line break between them."""
    tokens: list[Token] = []
    for text in texts:
        if tokens and text:
            tokens.append(LINE)
        tokens.extend(tokenise(text))
    return tokens


def written(tokens: Sequence[Token]) -> str:
    """What the tokens look like in the message, spaces made even."""
    return " ".join("".join((" " if token.spaced else "") + token.raw for token in tokens).split())
