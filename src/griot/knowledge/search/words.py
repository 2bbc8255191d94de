"""A text cut into words that can be compared, each with its place in the text.

Three forms of a word make it comparable: folded (no case, no accents), its stem (no plural, no feminine) and its sound,
which is the same for ``gateau`` and ``gato``.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["word", "number", "measure", "sign", "break"]


_FIGURES = set("0123456789.")


class Word(NamedTuple):
    """``text`` is folded; ``start`` and ``end`` are offsets in the text as written, ``spelled`` keeps its accents."""

    kind: Kind
    text: str
    start: int
    end: int
    elided: bool = False  # an apostrophe and a letter follow
    capital: bool = False  # written in capitals only
    spelled: str = ""

    @property
    def number(self) -> str:
        """The figures of a number or a measure; empty for a word."""
        return "".join(char for char in self.text if char in _FIGURES) if self.kind in ("number", "measure") else ""


_PIECE = re.compile(
    r"""
    (?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*)
    | (?P<number>\d+(?:[.,]\d+(?!\d))?)
    | (?P<break>[\n\r\u2028\u2029]+)
    | (?P<space>[\s_\u200b-\u200f\ufe0f]+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_APOSTROPHES = ("'", "’", "‘", "ʼ", "`", "´")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ñ": "n", "ŋ": "n"})

_UNITS = {
    "kg": "kilo kilos kilogramme kilogrammes kgs kilao",
    "g": "gr gramme grammes grs gms",
    "l": "litre litres liter liters ltr litatra",
    "cl": "centilitre centilitres",
    "ml": "millilitre millilitres",
    "m": "metre metres meter meters",
    "cm": "centimetre centimetres",
    "mm": "millimetre millimetres",
    "go": "giga gigas gb gigaoctets",
    "to": "tera tb",
    "w": "watt watts",
    "v": "volt volts",
    "mah": "",
    "pouces": "pouce inch inches",
    "yards": "yard yds",
}
MEASURES = {spelling: unit for unit, others in _UNITS.items() for spelling in (unit, *others.split())}
_LONE_UNITS = {"m", "v", "w", "to"}  # a number, a space and one of these is no measure: "3 M", "2 v"
_SPOKEN = {
    spelling: figure
    for figure, spellings in {
        "1": "un une one iray benn",
        "2": "deux two roa naar",
        "3": "trois three telo nett",
        "4": "quatre four efatra nent",
        "5": "cinq five dimy juroom",
        "6": "six enina",
        "8": "huit eight valo",
        "10": "dix ten folo fukk",
        "12": "douze twelve",
        "15": "quinze fifteen",
        "20": "vingt twenty roapolo",
        "25": "vingt-cinq",
        "50": "cinquante fifty",
    }.items()
    for spelling in spellings.split()
}


def figure(word: str) -> str:
    """The figures of a folded number word (``six`` -> ``6``); empty for any other word."""
    return _SPOKEN.get(word, "")


def fold(text: str) -> str:
    """Without case and accents, ligatures written out: ``Œufs Brouillés`` -> ``oeufs brouilles``."""
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def split(text: str) -> list[Word]:
    """The words, numbers, measures (``25 kg`` -> ``25kg``) and signs of a text, in order."""
    words: list[Word] = []
    for match in _PIECE.finditer(text):
        kind, raw, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if kind == "space" or raw in _APOSTROPHES:
            continue
        if kind == "word":
            folded = fold(raw)
            elided = text.startswith(_APOSTROPHES, end) and text[end + 1 : end + 2].isalpha()
            if measured := _measured(words, folded, start):
                counted, count = measured
                words[counted:] = [Word("measure", count + MEASURES[folded], words[counted].start, end)]
            else:
                words.append(Word("word", folded, start, end, elided, raw.isupper(), raw.casefold()))
        elif kind == "number":
            words.append(Word("number", raw.replace(",", "."), start, end))
        else:
            words.append(Word("break" if kind == "break" else "sign", raw, start, end))
    return words


def _measured(words: list[Word], unit: str, start: int) -> tuple[int, str] | None:
    """Where the number stands that a unit counts ("5 litres", "2-yard", "un litre"), and its figures."""
    if unit not in MEASURES or not words:
        return None
    hyphened = words[-1].text == "-" and len(words) > 1
    at = len(words) - 2 if hyphened else len(words) - 1
    number = words[at]
    coded = at > 0 and words[at - 1].kind == "word" and words[at - 1].end == number.start < number.end < start
    if (
        number.kind == "number"
        and not coded  # the L of "ROBE1 L" is a size
        and (number.end == start or unit not in _LONE_UNITS)
        and not (hyphened and len(unit) < 3)
    ):
        return at, number.text
    if number.kind == "word" and len(unit) > 2 and (spoken := figure(number.text)):
        return at, spoken
    return None


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A folded word without plural and feminine endings: ``bleues`` -> ``bleu``, ``dresses`` and ``dress`` alike."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith(("s", "x")):
        word = word[:-1]
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    while len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word


_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"),
        (r"(?:es?|ent|[stdxz])$", ""),
        (r"eau|au", "o"),
        (r"ph", "f"),
        (r"sch|sh|ch", "5"),
        (r"qu|ck|q", "k"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"z", "s"),
        (r"ai|ei|ay|ey", "e"),
        (r"(?:er|et|ez)$", "e"),
        (r"e([nm])(?=[^aeiouy])", r"a\1"),
        (r"m(?=[bp])", "n"),
        (r"h", ""),
        (r"y", "i"),
        (r"ill", "i"),
        (r"ou|oo", "u"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """How a folded word sounds to a French ear, roughly; the same for spellings that thumbs and ears mix up."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
