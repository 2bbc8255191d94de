"""Facts in a text: words without accents, numbers by value, amounts of money.

A written number may be read in more than one way (“2 500 F” is 2500, or two at 500; “15.000” is 15000, or 15): all
readings are kept, and a number is right when one of them is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_GAP = "[ \u00a0\u202f\u2009]"
_NUMBER = re.compile(rf"\d{{1,3}}(?:(?:{_GAP}|[.,'’])\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:[.,]\d+)?")
_CURRENCY = (
    r"(?:f\.?\s?cfa|fcfa|cfa|francs?(?:\s?cfa)?|xof|xaf|frs?|f|ariary|ar|mga|mga|euros?|eur|€|dollars?|usd|\$"
    r"|gnf|fg|dirhams?|dh|mad|dinars?|dt|tnd)"
)
_AFTER = re.compile(rf"{_GAP}*(?:(?P<k>k|mille)(?=\W|$|f|cfa){_GAP}*)?(?P<unit>{_CURRENCY}(?![^\W_]))?", re.IGNORECASE)
_INSIDE = re.compile(r"(?:[^\W\d]|#|/)(?<!(?<![^\W_])[xX])$")  # of a word; “x3” is a number
_BEFORE = re.compile(rf"(?:(?<![^\W_]){_CURRENCY}){_GAP}*$", re.IGNORECASE)
_AMOUNT_ALONE = re.compile(
    rf"(?:{_CURRENCY}{_GAP}*)?{_NUMBER.pattern}{_GAP}*(?:k{_GAP}*)?(?:{_CURRENCY})?", re.IGNORECASE
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " "})
_GROUPED = re.compile(r"(?<=\d)(?:[ .](?=\d{3}(?!\d))| (?=[a-z]))")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with every value it may have. ``money``: a currency, or k, stands beside it."""

    written: str
    values: frozenset[Decimal]
    money: bool


def fold(text: str) -> str:
    """Small letters without accents, plain quotes and single spaces; *bold* loses its stars."""
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES).replace("*", "").replace("œ", "oe"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).casefold().split())


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded."""
    return re.findall(r"[^\W_]+", fold(text))


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a text from left to right. Those inside a word (ROBE1) are not numbers."""
    for found in _NUMBER.finditer(text):
        if _INSIDE.search(text, 0, found.start()):
            continue
        after = _AFTER.match(text, found.end())
        thousand = bool(after and after["k"])
        money = thousand or bool(after and after["unit"]) or bool(_BEFORE.search(text, 0, found.start()))
        if not money and found.end() < len(text) and text[found.end()].isalpha() and text[found.end()] not in "xX":
            continue
        values = _values(found[0])
        written = text[found.start() : after.end() if after else found.end()].strip()
        yield Number(written, frozenset(value * 1000 for value in values) if thousand else values, money)


def amounts(text: str) -> list[Number]:
    """The amounts of money in a text."""
    return [number for number in numbers(text) if number.money]


def _values(written: str) -> frozenset[Decimal]:
    """Every way to read digits with gaps, points and commas."""
    plain = re.sub(_GAP, " ", written)
    readings = {Decimal(re.sub(r"[ .,'’]", "", plain))} if _is_grouped(plain) else set()
    last = re.fullmatch(r"(.*?)[.,](\d{1,2})", plain)
    if last:
        readings.add(Decimal(re.sub(r"\D", "", last[1]) or "0") + Decimal(f"0.{last[2]}"))
    elif re.fullmatch(r"\d+[.,]\d+", plain):
        readings.add(Decimal(plain.replace(",", ".")))
    pieces = plain.split(" ")
    if len(pieces) > 1:  # “2 500”: perhaps two numbers
        tails = (pieces[at:] for at in range(1, len(pieces)) if pieces[at][0] != "0")
        readings.update(value for tail in tails for value in _values(" ".join(tail)))
    return frozenset(readings or {Decimal(plain)})


def _is_grouped(written: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:[ .,'’]\d{3})+|\d+", written))


def mentions(text: str, fact: str) -> bool:
    """Whether a fact is in a text: a number or an amount by its value, anything else by its words."""
    if _AMOUNT_ALONE.fullmatch(fact.strip()):
        wanted = frozenset().union(*(number.values for number in numbers(fact)))
        # Whoever expects “15 000” means the whole number: its pieces are read on the side of the reply only.
        whole = max(wanted, default=None)
        return any(whole in number.values for number in numbers(text))
    return _grouped(fold(fact)) in _grouped(fold(text))


def _grouped(text: str) -> str:
    """Without the gaps inside numbers and before their unit, so that “15 000 f” is found as “15000f”."""
    return _GROUPED.sub("", text)
