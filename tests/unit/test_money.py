"""Money is exact: nothing is rounded, nothing is converted, no currency is guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.errors import InvalidInput
from griot.core.money import EXPONENTS, Money, exponent

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(-(10**15), 10**15)


@given(minor=minors, currency=currencies)
def test_what_machines_read_is_what_was_written(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.decimal(), currency) == money
    assert Decimal(money.decimal()) == Decimal(minor) / 10 ** EXPONENTS[currency]


@given(minor=minors, currency=currencies)
def test_what_people_read_is_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    amount = "".join(character for character in str(money) if character in "-0123456789,")
    assert Decimal(amount.replace(",", ".")) == Decimal(money.decimal())


@given(minor=minors, currency=currencies)
def test_thousands_are_apart_so_that_zeros_can_be_counted(minor: int, currency: str) -> None:
    amount = str(Money(minor, currency)).lstrip("-").partition(",")[0]
    first, *groups = [part for part in amount.split(" ") if part.isdigit()]
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in groups)


@given(a=minors, b=minors, n=st.integers(0, 1000), currency=currencies)
def test_sums_and_multiples_are_exact(a: int, b: int, n: int, currency: str) -> None:
    assert Money(a, currency) + Money(b, currency) == Money(a + b, currency)
    assert Money(a, currency) - Money(b, currency) == Money(a - b, currency)
    assert Money(a, currency) * n == Money(a * n, currency)


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(15000, "XOF"), "15 000 F CFA"),
        (Money(0, "XOF"), "0 F CFA"),
        (Money(1250, "EUR"), "12,50 €"),
        (Money(100000, "MGA"), "100 000 Ar"),
        (Money(1500, "TND"), "1,500 DT"),
        (Money(-1005, "EUR"), "-10,05 €"),
    ],
)
def test_how_prices_look_in_a_message(money: Money, shown: str) -> None:
    assert str(money) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("15000", "XOF", 15000), ("15000.00", "XOF", 15000), ("12.5", "EUR", 1250), ("1e3", "XOF", 1000), ("0", "TND", 0)],
)
def test_amounts_that_can_be_read(amount: str, currency: str, minor: int) -> None:
    assert Money.parse(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", ["15000.5", "15000.01", "NaN", "Infinity", "-Infinity", "", "abc", "15 000", "1,5"])
def test_amounts_that_are_refused_for_francs(amount: str) -> None:
    with pytest.raises(InvalidInput):
        Money.parse(amount, "XOF")


def test_two_currencies_are_never_added_up() -> None:
    with pytest.raises(InvalidInput, match="XOF and EUR"):
        Money(1, "XOF") + Money(1, "EUR")
    with pytest.raises(InvalidInput, match="EUR and XOF"):
        Money(1, "EUR") - Money(1, "XOF")


def test_an_unknown_currency_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(InvalidInput, match=r"XBT.*XOF"):
        Money(1, "XBT")
    with pytest.raises(InvalidInput):
        exponent("xof")
