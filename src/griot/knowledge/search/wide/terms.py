"""Texts cut into the terms that large catalogues are searched by: quick, and careful with model names and figures.

``WH-1000XM4`` is one term and its parts, ``16 GB`` is ``16gb``, ``USB-C`` and ``usb c`` share ``usbc``. A word stands
by its stem, so that ``cases`` finds ``case``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from griot.knowledge.search.words import fold, stem

# What follows one of these in a title is what the article is meant for, or comes with.
FENCES = frozenset(("for", "fits", "fit", "compatible", "with", "designed", "pour", "avec"))
_IDLE = """
a an and are at be by can do from has have i in is it its me my not of on or our s so that the their them this to want
we what which you your au aux ce ces cette d dans de des du elle en est et il j je l la le les leur m ma mes mon n ne ou
par pas plus qu que qui sa se ses son sur t ta te tes ton tu un une vos votre vous y
"""
IDLE = frozenset(_IDLE.split())  # says nothing of an article
_UNITS = {
    **dict.fromkeys(("inch", "inches", "pouce", "pouces"), "inch"),
    **dict.fromkeys(("gb", "go", "gigas", "gig"), "gb"),
    **dict.fromkeys(("tb", "to"), "tb"),
    **dict.fromkeys(("ft", "foot", "feet"), "ft"),
    **dict.fromkeys(("w", "watt", "watts"), "w"),
    **dict.fromkeys(("v", "volt", "volts"), "v"),
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), "l"),
    **dict.fromkeys(("kg", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("pack", "pcs", "pc", "pieces", "pk", "count", "ct"), "pack"),
    **{
        unit: unit
        for unit in ("mb", "hz", "mm", "cm", "m", "ml", "cl", "g", "oz", "lb", "lbs", "mah", "amp", "mp", "p", "k")
    },
}
_TOKEN = re.compile(r"[^\W_]+|[,;.!?()\[\]|/\-–+&]")
_DECIMAL = re.compile(r"(?<=\d)[.,](?=\d)")
_FIGURE_UNIT = re.compile(r"(\d+)([a-z]{1,6})")


class Term(NamedTuple):
    """``at``: place of the word it comes from. ``whole``: a term of its own, not a part or two words in one."""

    text: str
    at: int
    whole: bool = True


def tokens(text: str) -> list[str]:
    """Words, figures and marks of a text without case and accents; decimal figures in one piece."""
    return _TOKEN.findall(_DECIMAL.sub("d", fold(text)))


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
    before, hyphen = "", False
    for at, word in enumerate(words):
        if not word[0].isalnum():
            hyphen = word in "-–/" and bool(before)
            if not hyphen:
                before = ""
            continue
        if before.isdigit() and word in _UNITS:
            yield Term(before + _UNITS[word], at, whole=False)
        elif before and (hyphen or _binds(before, word)):
            yield Term(term(before + word), at, whole=False)
        yield Term(term(word), at)
        before, hyphen = word, False


def _binds(before: str, word: str) -> bool:
    """Two words that say more in one: ``usb c``, ``iphone 13``, ``cat 6``, ``t shirt``."""
    if before in IDLE and len(before) > 1:
        return False
    short = len(word) <= 2 or word.isdigit() or len(before) == 1
    return short and not (before.isdigit() and word.isdigit())
