"""Prices in a column: which of dot and comma stands before decimals is judged by all of its cells."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from griot.knowledge.importing.amounts import LARGEST, read_amount
from griot.knowledge.importing.currencies import (
    MENTION,
    WITH_THREE_DECIMALS,
    WITHOUT_DECIMALS,
    currency_of,
    meanings,
)
from griot.knowledge.importing.files.vocabulary import words_of

_CHUNK = re.compile(r"\d(?:[\d.,'’٬٫·\u00a0\u202f\u2009 ]*\d)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_SPACES = re.compile(r"[\u00a0\u202f\u2009\s]+")
_UNSAFE = re.compile(r"%|\d\s*[x×*/]\s*\d|[-–à]\s*\d|(?i:k\b|mille|million|\bm\b|lakh)")
_SHORT_ENDINGS = frozenset({"ar", "dt", "da", "fc", "fg", "dh", "kz", "tl"})
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Style:
    """``decimal``: what stands before decimals in a column, None when its cells do not tell.

    ``machine``: written by a program, so that a lone dot is the decimal point whatever follows it.
    """

    decimal: str | None = None
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """``value`` in major units, never 0; ``currency`` where the text names it; ``upper``: the end of a range."""

    value: Decimal
    currency: str | None = None
    upper: Decimal | None = None


def style_of(cells: Iterable[str], *, machine: bool = False) -> Style:
    """How a column writes its prices. One cell such as ``12,50`` or ``1.234,50`` settles it for all."""
    votes = {".": 0, ",": 0}
    for cell in cells:
        found = _CHUNK.findall(cell[:80])
        mark = _decimal_mark(found[0]) if len(found) == 1 else None
        if mark:
            votes[mark] += 1
    if votes["."] == votes[","]:
        return Style(None, machine)
    return Style(max(votes, key=lambda one: votes[one]), machine)


def _decimal_mark(number: str) -> str | None:
    """The decimal mark that a number proves, or None: ``1.500`` can be either."""
    marks = [char for char in number if char in ".,"]
    if not marks:
        return None
    last = marks[-1]
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else None
    if len(marks) > 1:
        return "," if last == "." else "."  # 1.234.567: the dot parts thousands
    before, _, after = number.rpartition(last)
    digits = re.sub(r"\D", "", before)
    return last if len(after) != 3 or len(digits) > 3 or digits.startswith("0") else None


def read_price(text: str, style: Style = Style(), currency: str | None = None) -> Price | None:
    """The price that a cell states, or None where it states none; 0 is none.

    ``currency``: that of the column where it is known; it tells what ``19.500`` means and settles shared signs.
    """
    short = text.strip()
    if not short or len(short) > 400 or not any(char.isdigit() for char in short):
        return None
    if _PLAIN.fullmatch(short) and ("." not in short or style.decimal == "." or style.machine):
        return _priced(Decimal(short), None) if len(short) <= 18 else None
    return _read_text(short, style, currency)


@lru_cache(maxsize=20_000)
def _read_text(text: str, style: Style, currency: str | None) -> Price | None:
    amount = read_amount(text, currency)
    named = (amount.currency if amount and _names_currency(text) else None) or currency_of(text)
    chunks = _CHUNK.findall(text)
    if len(chunks) == 1 and not _UNSAFE.search(text):
        value = _by_style(chunks[0], style, named or currency)
        if value is not None:
            return _priced(value, named)
    if amount is None or text.lstrip().startswith("-"):
        return None
    priced = _priced(amount.value, named)
    return Price(priced.value, named, amount.upper) if priced else None


def _names_currency(text: str) -> bool:
    return any(meanings(found[0]) for found in MENTION.finditer(text))


def _by_style(number: str, style: Style, currency: str | None) -> Decimal | None:
    """A number's value in its column's style; None where neither the number nor the column tells."""
    bare = _SPACES.sub("", number).translate({0x27: None, 0x2019: None, 0x66C: None, 0xB7: None, 0x66B: "."})
    mark = _decimal_mark(bare)
    if mark is None and not (currency in WITH_THREE_DECIMALS and re.fullmatch(r"\d{1,3}[.,]\d{3}", bare)):
        mark = style.decimal
    if mark is None and "." not in bare and "," not in bare:
        mark = "."
    if mark is None:
        if style.machine or currency in WITH_THREE_DECIMALS:
            mark = "." if "." in bare else ","
        else:
            mark = "," if "." in bare else "."
    if currency in WITHOUT_DECIMALS and not style.machine and re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", bare):
        mark = "," if "." in bare else "."
    other = "," if mark == "." else "."
    try:
        return Decimal(bare.replace(other, "").replace(mark, "."))
    except InvalidOperation:
        return None


def header_currency(header: str, country: str | None = None) -> str | None:
    """The currency that the header of a column of prices names: ``Prix (DT)``, ``Vidiny Ar``, ``priceUSD``."""
    if not header:
        return None
    last = words_of(header)[-1:]
    named = last[0] if last and (len(last[0]) > 2 or last[0] in _SHORT_ENDINGS) else ""
    return currency_of(header, country=country) or (currency_of(named, country=country) if named else None)


def _priced(value: Decimal, currency: str | None) -> Price | None:
    priced = tidy(value) if 0 < value < LARGEST else Decimal(0)
    return Price(priced, currency) if priced else None


def tidy(value: Decimal) -> Decimal:
    """Without needless zeros and a binary number's noise: ``12.500000`` -> ``12.50``, ``15000.0`` -> ``15000``.

    What is less than any money becomes 0.
    """
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    cents = value.quantize(_CENT, ROUND_HALF_UP)
    if abs(value - cents) < Decimal("0.00005"):
        return cents
    thousandths = value.quantize(Decimal("0.001"), ROUND_HALF_UP)
    return (
        thousandths
        if abs(value - thousandths) < Decimal("0.00005")
        else value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    )


def machine_price(value: object) -> Decimal | None:
    """A program's number (JSON, ``"2370.00"``), or money text; 0 is no price."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return None
        return (tidy(number) or None) if number.is_finite() and 0 < number < LARGEST else None
    if isinstance(value, str):
        read = read_price(value[:80], Style(None, machine=True))
        return read.value if read else None
    return None


def minor_price(value: object, digits: int) -> Decimal | None:
    """A price in minor units (``"277666"`` with 2 digits: 2776.66); 0 is no price."""
    try:
        number = (
            Decimal(str(value).strip())
            if isinstance(value, int | str | float) and not isinstance(value, bool)
            else None
        )
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or not 0 < number < LARGEST:
        return None
    return tidy(number.scaleb(-digits)) or None
