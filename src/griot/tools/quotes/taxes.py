"""Net, tax and total of a document, and the deposit on it: whole minor units, and always ``net + tax == total``.

One rate a shop, rounded once a document, half up. Rounding line by line would let the parts drift from the total.
"""

from dataclasses import dataclass

from griot.core.money import Money
from griot.core.tenancy import ShopSettings

_WHOLE = 10_000  # hundredths of a per cent in 100 %


@dataclass(frozen=True, slots=True)
class Split:
    net: Money
    tax: Money
    total: Money


def split(amount: Money, settings: ShopSettings) -> Split:
    """The parts of a sum of prices, which include the tax or do not, as the shop counts."""
    rate = round(settings.tax_percent * 100)
    if settings.prices_include_tax:
        tax = Money(_half_up(amount.minor * rate, _WHOLE + rate), amount.currency)
        return Split(amount - tax, tax, amount)
    tax = Money(_half_up(amount.minor * rate, _WHOLE), amount.currency)
    return Split(amount, tax, amount + tax)


def deposit(total: Money, percent: int) -> Money | None:
    """The part to pay with the order, rounded up to a whole minor unit; none without a percentage."""
    return Money(-(-total.minor * percent // 100), total.currency) if percent else None


def percent_text(percent: float, language: str) -> str:
    """``18``, ``5,5`` in French and Malagasy, ``5.5`` in English."""
    written = f"{percent:g}"
    return written if language == "en" else written.replace(".", ",")


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
