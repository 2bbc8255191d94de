"""Money as shops write it, in figures: ``1 234,50 €``, ``15 000 Fcfa``, ``2 pour 5 €``, ``120k``, ``10 € - 20 €``.

Machines' numbers (JSON-LD, ``content=``) are not for :func:`read_amount` but for :func:`read_number`: there a dot is
the decimal point, while ``23.450`` in a text for people is twenty-three thousand (wire/import.md §2).
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from griot.knowledge.importing.currencies import (
    CODES,
    MENTION,
    RENAMED,
    WITH_THREE_DECIMALS,
    WITHOUT_DECIMALS,
    currency_of,
    meanings,
    resolved,
    stands_before,
)

LONGEST = 400  # characters of a text that is looked at: a price stands in the first few
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in major units. ``currency``: ISO 4217, or None where the text does not say. ``upper``: end of a range.

    ``value`` can be 0; a price of 0 is no price, which is for the caller to say.
    """

    value: Decimal
    currency: str | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number in a text: its value, where it stands, the sign of a currency beside it."""

    value: Decimal
    start: int
    end: int
    currency: str | None
    signed: bool


_GROUPED = r"\d{1,3}(?:(?P<group>[ .,'’٬·])\d{3})(?:(?P=group)\d{3})*(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
_NUMBER = re.compile(
    rf"(?<![\d.,])(?P<whole>{_GROUPED}|\d+)(?P<part>[.,٫]\d+(?!\d)|:\d\d(?=\s?kr))?|(?<![\d\w])[.,](?P<cents>\d{{2}})(?!\d)"
)
_MULTIPLIER = re.compile(
    r"(?i)(?P<k>k|\sk(?=\s?f))(?!\w)|(?P<m>m(?=\s?f?\s?cfa))|\s?(?P<million>millions?|mio|мл?н)(?!\w)|\s?(?P<lakh>lakhs?|lacs?)(?!\w)|\s?(?P<crore>crores?)(?!\w)"
    r"|\s?(?P<mille>mille|тыс|mil)(?![\w])|\s?(?P<wan>万|萬|만)"
)
_TIMES = {
    "k": 1_000,
    "m": 1_000_000,
    "mille": 1_000,
    "million": 1_000_000,
    "lakh": 100_000,
    "crore": 10_000_000,
    "wan": 10_000,
}

# What stands after a figure that counts or measures something other than money.
_MEASURED = re.compile(
    r"(?i)\s?(?:%|°|\"|″|(?:g|gr|kg|mg|ml|cl|dl|l|lt|cm|mm|m|m2|m²|m³|km|w|kw|v|mah|ah|hz|ghz|mp|go|gb|to|tb|mo|mb|oz|lb|lbs|po|in|inch"
    r"|pouces?|pcs?|pièces?|pieces?|stück|pack|units?|ans?|mois|months?|monate|monatsraten|jours?|days?|tage|years?|hours?|h|min|fois|times|x|×|pour"
    r"|for|für|pro|per|mal|avis|reviews?|bewertungen|vendus?|sold|stars?|people|персон|шт|г|кг|мл|л|см|мм|件|個|个|入|개|枚)(?![\w.]))"
)
_PERCENT_BEFORE = re.compile(r"[-−–]\s?$")
_RANGE = re.compile(r"(?i)^\s*(?:-|–|—|~|～|à|a|to|bis|до|até|hasta|tot|till|jusqu'à|et|and)\s*$")
_OLD = re.compile(
    r"(?i)(?:was|rrp|msrp|statt|au lieu de|instead of|before|antes|uvp|list price|prix (?:barré|conseillé)|old price|"
    r"you save|save|économisez|sparen|you pay later|vorher|ancien prix|regular(?: price)?|invece di|prima|in luogo di|"
    r"consigliato|"
    r"цена без скидки|原價|定價|市價|정가)\s*:?\s*(?:\D{0,6})$"
)
_PER_UNIT = re.compile(
    r"(?i)^\s*(?:/|per|par|pro|je|/\s*per|al|por|за)\s*(?:\d+\s*)?(?:g|gr|kg|100|l|ml|cl|oz|unit|count|stück|m|m²|unité|litre|liter|kilo)\b"
)
_LEADS = re.compile(r"[\s.:\-]{0,3}")
_TRAILS = re.compile(r"[\s,.\-–—(]{0,4}")
_MACHINE = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?")
_FOREIGN_FIGURE = re.compile(r"(?![0-9])\d")
_FMG = re.compile(r"(?i)[\s.]*fmg\b")


def read_amount(
    text: str, currency: str | None = None, language: str | None = None, *, country: str | None = None
) -> Amount | None:
    """The price that a text for people states, or None where it states none or several that are no range.

    ``currency`` (ISO 4217): the one to take where the text names none; it also tells how many decimals there are
    (``19.500`` is 19.5 in TND, 19500 elsewhere). ``language`` (``fr``, ``en-GB``) and ``country`` (ISO 3166) settle
    signs that several currencies share.
    """
    plain = _plain(text)
    figures = [figure for figure in _figures(plain, currency, language, country) if figure.value < LARGEST]
    chosen = _chosen(plain, figures)
    if chosen is None:
        return None
    upper = _upper(plain, chosen, figures)
    shared = chosen.currency or (upper.currency if upper else None) or currency
    return Amount(chosen.value, shared, upper.value if upper and upper.value > chosen.value else None)


def read_number(value: object, currency: str | None = None) -> Decimal | None:
    """A machine's number (``"23.450"``, ``19.5``, ``1e3``), or money text where it is not plainly one.

    Three decimals of a currency that has none (``24.990`` CLP) are thousands all the same.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    written = str(value).strip()
    if not _MACHINE.fullmatch(written):
        read = read_amount(written, currency) if isinstance(value, str) else None
        return read.value if read else None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    grouped = isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", written)
    if grouped and currency in WITHOUT_DECIMALS:
        number *= 1000
    return number if number.is_finite() and 0 <= number < LARGEST else None


def currency_code(value: object) -> str | None:
    """The ISO 4217 code that a field meant for it holds (``"eur "``, ``RUR``, ``€``), or None."""
    if not isinstance(value, str):
        return None
    code = value.strip().upper()
    return code if code in CODES else RENAMED.get(code) or currency_of(value[:LONGEST])


def _plain(text: str) -> str:
    """Text with ordinary spaces, ASCII figures and signs that look alike made the same."""
    known = unicodedata.normalize("NFKC", text[:LONGEST])
    figures = _FOREIGN_FIGURE.sub(lambda figure: str(unicodedata.digit(figure[0])), known)
    return re.sub(r"\s+", " ", figures.replace("−", "-").replace("\u200f", "").replace("\u200e", "")).strip()


def _figures(text: str, currency: str | None, language: str | None, country: str | None) -> list[_Figure]:
    """Every number that may be money, with the currency that stands beside it."""
    mentions = [found for found in MENTION.finditer(text) if meanings(found[0])]
    figures = []
    for number in _NUMBER.finditer(text):
        end = number.end()
        if number["cents"] is not None:
            continue
        times = _MULTIPLIER.match(text, end)
        end = times.end() if times else end
        fmg = _FMG.match(text, end) or re.search(r"(?i)\bfmg[\s.:]*$", text[: number.start()])
        mention = _beside(text, number.start(), end, mentions)
        code = resolved(mention[0], currency=currency, country=country, language=language) if mention else None
        value = _value(number, code or currency, language)
        if times and times.lastgroup:
            value *= _TIMES[times.lastgroup]
        if fmg:  # the franc that the ariary replaced, still in use in speech: five to one
            value, code = value / 5, "MGA"
        if mention and mention.start() == end and not number["part"]:
            value, end = _cents_after(text, mention.end(), value, end)
        if not (mention or fmg) and _is_no_money(text, number.start(), end):
            continue
        figures.append(
            _Figure(value, number.start(), max(end, mention.end() if mention else 0), code, bool(mention or fmg))
        )
    return figures


def _beside(text: str, start: int, end: int, mentions: list[re.Match[str]]) -> re.Match[str] | None:
    """The currency right before or right after a number; of two, the plainer one (``$200 USD``: the dollar's code)."""
    before = [sign for sign in mentions if sign.end() <= start and _LEADS.fullmatch(text[sign.end() : start])]
    before = [sign for sign in before if stands_before(sign[0])]
    after = [sign for sign in mentions if sign.start() >= end and _TRAILS.fullmatch(text[end : sign.start()])]
    if before:  # a sign between two figures is the second one's: $5 $10
        after = [sign for sign in after if not re.match(r"\s?\d", text[sign.end() :])]
    return min([*after, *before], key=lambda sign: len(meanings(sign[0])), default=None)


def _cents_after(text: str, at: int, value: Decimal, end: int) -> tuple[Decimal, int]:
    """``12€50``: the cents stand after the sign."""
    cents = re.match(r"\d{2}(?![\d.,])", text[at:])
    return (value + Decimal(cents[0]) / 100, at + 2) if cents else (value, end)


def _value(number: re.Match[str], currency: str | None, language: str | None) -> Decimal:
    """A number's value: which of its separators stands before decimals."""
    whole, part, group = number["whole"], number["part"], number["group"]
    if (
        part is None
        and group in (".", ",")
        and whole.count(group) == 1
        and _is_decimal(whole, group, currency, language)
    ):
        return Decimal(whole.replace(group, "."))
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{part[1:]}") if part else Decimal(digits)


def _is_decimal(whole: str, separator: str, currency: str | None, language: str | None) -> bool:
    """Whether ``19.500`` means nineteen and a half: after a lone zero, or in a currency of three decimals.

    A comma in front of three figures parts thousands in English also there.
    """
    if whole.startswith("0"):
        return True
    return currency in WITH_THREE_DECIMALS and (separator == "." or not (language or "").startswith("en"))


def _is_no_money(text: str, start: int, end: int) -> bool:
    """A bare number that measures or counts, that is part of a word (``A4``), or a discount."""
    before, after = text[:start], text[end:]
    if _MEASURED.match(after):
        return True
    if re.search(r"[^\W\d_]$", before) or re.match(r"[^\W\d_]", after):
        return True
    return bool(_PERCENT_BEFORE.search(before)) and not re.search(r"\d\s?[-−–]\s?$", before)


def _chosen(text: str, figures: list[_Figure]) -> _Figure | None:
    """The figure that is the price: with a currency before without; not the old price, not the price per kilo."""
    signed = [figure for figure in figures if figure.signed]
    candidates = signed or figures
    now = [figure for figure in candidates if not _OLD.search(text[max(0, figure.start - 30) : figure.start])]
    whole = [figure for figure in now or candidates if not _PER_UNIT.match(text[figure.end :])]
    left = whole or now or candidates
    if signed or len(left) <= 1:
        return _range_start(text, left[0], figures) if left else None
    if len({figure.value for figure in left}) == 1 or _RANGE.match(text[left[0].end : left[1].start]):
        return left[0]
    exact = [figure for figure in left if figure.value != figure.value.to_integral_value()]
    return exact[0] if len(exact) == 1 else None


def _range_start(text: str, chosen: _Figure, figures: list[_Figure]) -> _Figure:
    """``10 - 20 €``: the range begins at the figure without a sign."""
    before = [figure for figure in figures if figure.end <= chosen.start and not figure.signed]
    if before and _RANGE.match(text[before[-1].end : chosen.start]) and before[-1].value < chosen.value:
        return before[-1]
    return chosen


def _upper(text: str, chosen: _Figure, figures: list[_Figure]) -> _Figure | None:
    """The other end of a range that begins with the chosen figure."""
    later = next((figure for figure in figures if figure.start >= chosen.end), None)
    if later is None:
        return None
    between = MENTION.sub("", text[chosen.end : later.start])
    return later if _RANGE.match(between) else None
