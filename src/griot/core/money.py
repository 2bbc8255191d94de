"""Money: integer minor units plus an ISO 4217 currency. Never a float."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from griot.core.errors import InvalidInput

# Decimals in daily use, which is what prices are written in: the ariary has two in ISO 4217 and none in
# practice. Providers that count otherwise convert in their own adapter.
EXPONENTS = {"XOF": 0, "XAF": 0, "GNF": 0, "MGA": 0, "EUR": 2, "USD": 2, "MAD": 2, "TND": 3}

_LABELS = {"XOF": "F CFA", "XAF": "F CFA", "GNF": "FG", "MGA": "Ar", "EUR": "€", "USD": "$", "MAD": "DH", "TND": "DT"}

_AMOUNT = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?)[ \u00a0\u202f](F CFA|FG|Ar|€|\$|DH|DT)"
)
_NUMBER = re.compile(r"\d[\d \u00a0\u202f.,]*\d|\d")


def exponent(currency: str) -> int:
    """Number of decimals of a currency; an unknown code is refused, never taken to have two."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        known = ", ".join(sorted(EXPONENTS))
        raise InvalidInput(f"Unknown currency {currency!r}: use one of {known}.") from None


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Money":
        """``"15000"`` or ``"12.50"`` in major units; more decimals than the currency has are an error."""
        digits = exponent(currency)
        try:
            minor = Decimal(amount).scaleb(digits)
        except InvalidOperation:
            raise InvalidInput(f"{amount!r} is not an amount: write digits, such as 15000 or 12.50.") from None
        if not minor.is_finite() or minor != minor.to_integral_value():
            raise InvalidInput(f"{amount!r} has more than {digits} decimals, which {currency} does not have.")
        return cls(int(minor), currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise InvalidInput(f"{self.currency} and {other.currency} cannot be added up.")

    def decimal(self) -> str:
        """Major units with the currency's decimals, for machines: ``"15000"``, ``"12.50"``."""
        return str(Decimal(self.minor).scaleb(-exponent(self.currency)))

    def __str__(self) -> str:
        """As people of the region write it: ``15 000 F CFA``, ``12,50 €``."""
        digits = exponent(self.currency)
        whole, part = divmod(abs(self.minor), 10**digits)
        text = f"{whole:,}".replace(",", " ") + (f",{part:0{digits}d}" if digits and part else "")
        return f"{'-' if self.minor < 0 else ''}{text} {_LABELS[self.currency]}"


def numbers(text: str) -> Iterable[str]:
    """The numbers of a text by value: ``15 000`` and ``15.000`` are ``15000``, ``12,50`` is ``12.5``."""
    for found in _NUMBER.findall(text):
        number = re.sub(r"[ \u00a0\u202f]", "", found)
        whole = re.sub(r"[.,](?=\d{3}(\D|$))", "", number).replace(",", ".").strip(".")
        yield whole.rstrip("0").rstrip(".") if "." in whole else whole


def amounts(text: str) -> set[tuple[str, str]]:
    """The amounts of money in a text, by value and currency, however they are spaced: ``("15000", "F CFA")``."""
    return {(next(iter(numbers(figures))), currency) for figures, currency in _AMOUNT.findall(text)}
