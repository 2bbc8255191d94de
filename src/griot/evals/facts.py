"""Facts in a text: words without accents, numbers by value, amounts of money.

A written number may be read in more than one way (“15.000” is 15000, or 15; “x2 500 F” is two at 500, or 2500): all
readings are kept, and a number is right when one of them is. A gap without such a sign only groups figures.
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
_AFTER = re.compile(
    rf"{_GAP}*(?:(?P<k>k|mille)(?=\W|$|f|cfa)(?![ -]?feuille){_GAP}*)?(?P<unit>{_CURRENCY}(?![^\W_]))?", re.IGNORECASE
)
_INSIDE = re.compile(r"(?:[^\W\d]|#|/)(?<!(?<![^\W_])[xX])$")  # of a word; “x3” is a number
_BEFORE = re.compile(  # “Lot F 31” and “fr 3” are no money
    rf"(?<![^\W_])(?!(?:f|fr|frs|fg|dt|francs?){_GAP}*$){_CURRENCY}{_GAP}*$", re.IGNORECASE
)
_TIMES = re.compile(rf"(?<![^\W_])[xX×]{_GAP}*$")
_PHONE = re.compile(r"\+?\d(?:[\d .()/-]|\u00a0|\u202f)*\d")
_LEAST_PHONE = 7  # figures
_STEM = 4  # letters of which a part of a word may consist
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
        if _TIMES.search(text, 0, found.start()):
            values |= _tails(found[0])
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
    return frozenset(readings or {Decimal(plain)})


def _tails(written: str) -> frozenset[Decimal]:
    """What stands behind each gap, read by itself: “x2 500” may be two at 500."""
    pieces = re.sub(_GAP, " ", written).split(" ")
    tails = (" ".join(pieces[at:]) for at in range(1, len(pieces)) if pieces[at][0] != "0")
    return frozenset(value for tail in tails for value in _values(tail))


def _is_grouped(written: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:[ .,'’]\d{3})+|\d+", written))


def mentions(text: str, fact: str) -> bool:
    """Whether a fact is in a text: a number or an amount by its value, a telephone number by its figures, anything else
    by its words. Of longer ones a part is enough (“prépar”, “omana”); “L” and “non” are whole words."""
    words = _grouped(fold(fact))
    return _is_in(text, fact, re.escape(words) if len(words) >= _STEM else _whole(words))


def repeats(text: str, words: str) -> bool:
    """Whether a text has these words, whole ones, in singular or plural; numbers as in ``mentions``."""
    return _is_in(text, words, _whole(_grouped(fold(words))))


def _whole(words: str) -> str:
    """A pattern for whole words; “d'accord pour 10 000” is in “10 000 F”."""
    end = r"(?!\d)" if words[-1:].isdigit() else r"e?[sx]?(?![^\W_])"
    return rf"(?<![^\W_]){re.escape(words)}{end}"


def _is_in(text: str, fact: str, pattern: str) -> bool:
    figures, written = _figures(fact), fact.strip()
    if len(figures) >= _LEAST_PHONE and _PHONE.fullmatch(written) and written[0] in "0+":
        return any(figures.lstrip("0") in run for run in phone_runs(text))
    if _AMOUNT_ALONE.fullmatch(written):
        whole = max((value for number in numbers(fact) for value in number.values), default=None)
        return any(whole in number.values for number in numbers(text))
    return bool(written) and re.search(pattern, _grouped(fold(text))) is not None


def phone_runs(text: str) -> list[str]:
    """The stretches of figures of a text that may hold a telephone number, however they are spaced: figures only."""
    return [run for found in _PHONE.findall(text) if len(run := _figures(found)) >= _LEAST_PHONE]


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text)


def _grouped(text: str) -> str:
    """Without the gaps inside numbers and before their unit, so that “15 000 f” is found as “15000f”."""
    return _GROUPED.sub("", text)
