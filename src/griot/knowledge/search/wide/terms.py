"""Texts cut into the terms that large catalogues are searched by: quick, and careful with model names and figures.

``WH-1000XM4`` is one term and its parts, ``16 GB`` is ``16gb``, ``USB-C`` and ``usb c`` share ``usbc``. A word stands
by its stem, so that ``cases`` finds ``case``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from griot.knowledge.search.words import fold, stem

# What follows one of these in a title is what the article is meant for, or comes with.
FENCES = frozenset(("for", "fits", "fit", "compatible", "with", "designed", "pour", "avec"))
# What follows one of these an article has not, or must not have. "Tsy misy" is none: it asks politely for a thing.
DENIALS = frozenset(("without", "no", "not", "except", "sans", "sauf"))
_TIGHT = frozenset(("no", "not"))  # they deny the very next word only
_IDLE = """
a an and are at be by can do from has have i in is it its me my not of on or our s so that the their them this to want
we what which you your au aux ce ces cette d dans de des du elle en est et il j je l la le les leur m ma mes mon n ne ou
par pas plus qu que qui sa se ses son sur t ta te tes ton tu un une vos votre vous y
"""
IDLE = frozenset(_IDLE.split())  # says nothing of an article
_UNITS = {
    **dict.fromkeys(("inch", "inches", "pouce", "pouces"), "inch"),
    **dict.fromkeys(("mb", "mo", "megabyte", "megabytes"), "mb"),
    **dict.fromkeys(("gb", "go", "gigas", "gig", "gigabyte", "gigabytes"), "gb"),
    **dict.fromkeys(("tb", "to", "terabyte", "terabytes"), "tb"),
    **dict.fromkeys(("hz", "hertz"), "hz"),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("oz", "ounce", "ounces"), "oz"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("mp", "megapixel", "megapixels"), "mp"),
    **dict.fromkeys(("amp", "amps"), "amp"),
    **dict.fromkeys(("ft", "foot", "feet"), "ft"),
    **dict.fromkeys(("w", "watt", "watts"), "w"),
    **dict.fromkeys(("v", "volt", "volts"), "v"),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), "l"),
    **dict.fromkeys(("kg", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("pack", "pcs", "pc", "pieces", "pk", "count", "ct"), "pack"),
    **{unit: unit for unit in ("ghz", "mhz", "mm", "cm", "ml", "cl", "g", "mah", "wh", "va", "p", "k")},
}
_TOKEN = re.compile(r"[^\W_]+|[,;.!?()\[\]|/\-–+&]")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_INCHES = re.compile(r"(?<=\d)\s?(?:\"|”|″|'')|(?<=\d)[\s-]in\b(?!\s+\d|-)")  # 32", 32 in, but not "7 in 1"
_DASH = re.compile(r"\s[-–—]\s")  # with spaces around it no hyphen, but the end of the name
_FIGURE = re.compile(r"\d+(?:d\d+)?")
_FIGURE_UNIT = re.compile(r"(\d+(?:d\d+)?)([a-z]{1,9})")


class Term(NamedTuple):
    """``at``: place of the word it comes from. ``whole``: a term of its own, not a part or two words in one."""

    text: str
    at: int
    whole: bool = True


def tokens(text: str) -> list[str]:
    """Words, figures and marks of a text without case and accents; decimal figures in one piece."""
    return _TOKEN.findall(_DASH.sub(" | ", _INCHES.sub(" inch ", _DECIMAL.sub("d", fold(text)))))


@lru_cache(maxsize=1 << 17)
def term(word: str) -> str:
    """The term that a word stands by."""
    if word.isalpha():
        return stem(word)
    measured = _FIGURE_UNIT.fullmatch(word)
    if measured and measured[2] in _UNITS:
        return measured[1] + _UNITS[measured[2]]
    return word


def terms(words: list[str]) -> Iterator[Term]:
    """The terms of a text's ``tokens``."""
    before, hyphen, chain = "", False, ""
    for at, word in enumerate(words):
        if not word[0].isalnum():
            hyphen = word in "-–/" and bool(before)
            if not hyphen:
                before = chain = ""
            continue
        if measures(before, word):
            yield Term(before + _UNITS[word], at, whole=False)
        elif before and (hyphen or _binds(before, word)):
            yield Term(term(before + word), at, whole=False)
        chain = chain + word if hyphen else word
        if len(chain) > len(before + word):  # three pieces and more: "E-88-R"
            yield Term(term(chain), at, whole=False)
        yield Term(term(word), at)
        before, hyphen = word, False


def denied(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a word says that something is missing, and the word that says what: "without a mic", "sans sucre"."""
    for at, word in enumerate(words):
        if word in DENIALS:
            last = at + 1 if word in _TIGHT else at + 3
            telling = (what for what in range(at + 1, min(last + 1, len(words))) if words[what] not in IDLE)
            what = next(telling, None)
            if what is not None and words[what].isalpha() and len(words[what]) > 2:
                yield at, what


def missing(text: str) -> str:
    """The term of an article that has not what a term says."""
    return f"!{text}"


def measures(number: str, word: str) -> bool:
    """Whether a word is the unit of the number before it."""
    return word in _UNITS and bool(_FIGURE.fullmatch(number))


def _binds(before: str, word: str) -> bool:
    """Two words that say more in one: ``usb c``, ``iphone 13``, ``cat 6``, ``t shirt``."""
    if before in FENCES or (before in IDLE and len(before) > 1):
        return False
    short = len(word) <= 2 or word.isdigit() or len(before) == 1
    return short and not (before.isdigit() and word.isdigit())
