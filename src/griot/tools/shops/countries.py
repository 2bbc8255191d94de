"""What a country decides for a shop: currency, zone, language, and how its phone numbers are written."""

import re
from dataclasses import dataclass

from griot.core.errors import InvalidInput
from griot.core.tenancy import Language


@dataclass(frozen=True, slots=True)
class Country:
    """``lengths``: digits of a number after the calling code; ``trunk``: a leading 0 is dialled at home only."""

    calling_code: str
    lengths: tuple[int, ...]
    example: str
    currency: str
    timezone: str
    language: Language = "fr"
    trunk: bool = False


COUNTRIES = {
    "SN": Country("221", (9,), "77 123 45 67", "XOF", "Africa/Dakar"),
    "CI": Country("225", (10,), "07 12 34 56 78", "XOF", "Africa/Abidjan"),
    "ML": Country("223", (8,), "76 12 34 56", "XOF", "Africa/Bamako"),
    "BF": Country("226", (8,), "70 12 34 56", "XOF", "Africa/Ouagadougou"),
    # Benin put 01 before its numbers in November 2024; accounts opened before keep the short form on WhatsApp.
    "BJ": Country("229", (10, 8), "01 97 12 34 56", "XOF", "Africa/Porto-Novo"),
    "TG": Country("228", (8,), "90 12 34 56", "XOF", "Africa/Lome"),
    "NE": Country("227", (8,), "90 12 34 56", "XOF", "Africa/Niamey"),
    "GW": Country("245", (9,), "955 123 456", "XOF", "Africa/Bissau"),
    "CM": Country("237", (9,), "6 71 23 45 67", "XAF", "Africa/Douala"),
    "GA": Country("241", (8,), "06 12 34 56 7", "XAF", "Africa/Libreville", trunk=True),
    "CG": Country("242", (9,), "06 612 34 56", "XAF", "Africa/Brazzaville"),
    "TD": Country("235", (8,), "63 12 34 56", "XAF", "Africa/Ndjamena"),
    "GN": Country("224", (9,), "621 12 34 56", "GNF", "Africa/Conakry"),
    "MG": Country("261", (9,), "034 12 345 67", "MGA", "Indian/Antananarivo", "mg", trunk=True),
    "MA": Country("212", (9,), "06 12 34 56 78", "MAD", "Africa/Casablanca", trunk=True),
    "TN": Country("216", (8,), "20 123 456", "TND", "Africa/Tunis"),
    "FR": Country("33", (9,), "06 12 34 56 78", "EUR", "Europe/Paris", trunk=True),
    "BE": Country("32", (9, 8), "0470 12 34 56", "EUR", "Europe/Brussels", trunk=True),
    "US": Country("1", (10,), "212 555 0123", "USD", "America/New_York", "en"),
}

_WRITTEN = re.compile(r"[\s().\-/ ]+")
_BY_CALLING_CODE = {country.calling_code: country for country in COUNTRIES.values()}


def country(code: str) -> Country:
    """The country by its ISO code; ``InvalidInput`` lists those that are known."""
    try:
        return COUNTRIES[code.upper()]
    except KeyError:
        raise InvalidInput(f"Unknown country {code!r}: use one of {', '.join(sorted(COUNTRIES))}.") from None


def normalise_phone(text: str, country_code: str) -> str:
    """A phone number as E.164 digits without '+', read as someone in the country writes it.

    ``77 123 45 67`` in SN, ``+221 77 123 45 67`` and ``00221…`` anywhere give ``221771234567``. A number of a
    country outside the table is taken as written after ``+`` or ``00``. ``InvalidInput`` shows the format.
    """
    home = country(country_code)
    digits = _WRITTEN.sub("", text)
    abroad = digits.startswith(("+", "00"))
    digits = digits.removeprefix("+") if digits.startswith("+") else digits.removeprefix("00")
    error = InvalidInput(
        f"{text!r} is not a phone number: write it as {home.example}, or with the country as"
        f" +{home.calling_code} {home.example.removeprefix('0') if home.trunk else home.example}."
    )
    if not (digits.isascii() and digits.isdigit()):
        raise error
    if abroad or (digits.startswith(home.calling_code) and len(digits) - len(home.calling_code) in home.lengths):
        return _international(digits, error)
    if home.trunk:
        digits = digits.removeprefix("0")
    if len(digits) not in home.lengths:
        raise error
    return home.calling_code + digits


def _international(digits: str, error: InvalidInput) -> str:
    """Digits after the '+': the length is checked where the country is known, else only E.164's 8 to 15."""
    for length in (1, 2, 3):
        known = _BY_CALLING_CODE.get(digits[:length])
        if known is not None:
            national = digits[length:].removeprefix("0") if known.trunk else digits[length:]
            if len(national) not in known.lengths:
                raise error
            return known.calling_code + national
    if not 8 <= len(digits) <= 15 or digits.startswith("0"):
        raise error
    return digits
