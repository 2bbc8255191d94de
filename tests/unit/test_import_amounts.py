"""Money as shops write it is read to the figure, and a currency only where the text says which."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.knowledge.importing.amounts import Amount, currency_code, read_amount, read_number
from griot.knowledge.importing.currencies import currency_of


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("64 500 FCFA", "64500", "XOF"),
        ("7\u202f250 F\u00a0CFA", "7250", "XOF"),
        ("18 000Fcfa", "18000", "XOF"),
        ("42 000Fcf", "42000", "XOF"),
        ("2 345,60 €", "2345.60", "EUR"),
        ("€ 7", "7", "EUR"),
        ("EUR 6,40 / kg", "6.40", "EUR"),
        ("Ar 22000", "22000", "MGA"),
        ("22 000 ariary", "22000", "MGA"),
        ("100 000 Fmg", "20000", "MGA"),
        ("1’450.80", "1450.80", None),
        ("CHF 1'450.-", "1450", "CHF"),
        ("2.799,00", "2799.00", None),
        ("54 990 тг.", "54990", "KZT"),
        ("د.إ 240", "240", "AED"),
        ("٢٥٠٠ د.ج", "2500", "DZD"),
        ("₹2,34,500", "234500", "INR"),
        ("3,400원", "3400", "KRW"),
        ("49:50 kr", "49.50", None),
        ("35,-", "35", None),
        ("18€90", "18.90", "EUR"),
        ("$1,049.95 USD", "1049.95", "USD"),
        ("C $31.20", "31.20", "CAD"),
        ("R$ 2.399,90", "2399.90", "BRL"),
        ("KSh2,700/=", "2700", "KES"),
        ("15000.0000", "15000.0000", None),
    ],
)
def test_figures_and_signs(text: str, value: str, currency: str | None) -> None:
    read = read_amount(text)
    assert read is not None
    assert (read.value, read.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 pour 12 €", "12"),
        ("250 g — 14,30 €", "14.30"),
        ("4 x 15,00 €", "15.00"),
        ("£24.50 (£2.45 / 100 g)", "24.50"),
        ("was £45.00 now £31.50", "31.50"),
        ("-30 % 21,00 €", "21.00"),
        ("Save £5 £20.00", "20.00"),
        ("12 pièces 3 500 FCFA", "3500"),
        ("da 12,50 €", "12.50"),
    ],
)
def test_what_stands_around_a_price_is_not_the_price(text: str, value: str) -> None:
    read = read_amount(text)
    assert read is not None and read.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("80k", 80_000), ("80 k FCFA", 80_000), ("1,5 million", 1_500_000), ("2 lakh", 200_000), ("1.2M FCFA", 1_200_000)],
)
def test_thousands_and_millions_in_words(text: str, value: int) -> None:
    read = read_amount(text)
    assert read is not None and read.value == value


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("19.500", "TND", "19.5"),
        ("19,500", "TND", "19.5"),
        ("19.500", "CLP", "19500"),
        ("19.500", None, "19500"),
        ("0.750", None, "0.75"),
        ("1,234", "USD", "1234"),
    ],
)
def test_three_figures_after_a_separator_depend_on_the_currency(text: str, currency: str | None, value: str) -> None:
    read = read_amount(text, currency)
    assert read is not None
    assert (read.value, read.currency) == (Decimal(value), currency)


def test_a_range_has_two_ends() -> None:
    assert read_amount("15 € - 25 €") == Amount(Decimal(15), "EUR", Decimal(25))
    assert read_amount("15-25 €") == Amount(Decimal(15), "EUR", Decimal(25))
    assert read_amount("de 5 000 à 7 500 FCFA") == Amount(Decimal(5000), "XOF", Decimal(7500))


@pytest.mark.parametrize("text", ["", "gratuit", "-20 %", "77 123 45 67", "3 pièces", "Ref A4"])
def test_no_price(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "country", "currency"),
    [
        ("$25", None, None),
        ("$25", "CA", "CAD"),
        ("Rs 900", "PK", "PKR"),
        ("5 000 F", None, None),
        ("5 000 F", "ML", "XOF"),
        ("9 500 FCFA", "CM", "XAF"),
        ("20 kr", "NO", "NOK"),
    ],
)
def test_a_shared_sign_needs_a_country(text: str, country: str | None, currency: str | None) -> None:
    read = read_amount(text, country=country)
    assert read is not None and read.currency == currency


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Prix (FCFA)", "XOF"),
        ("Tarif TTC DT", "TND"),
        ("Price in euros", "EUR"),
        ("rur", "RUB"),
        ("Kč", "CZK"),
        ("EUR/USD", None),
        ("TOP 10", None),
        ("$", None),
        ("au", None),
    ],
)
def test_the_currency_that_a_header_names(text: str, currency: str | None) -> None:
    assert currency_of(text) == currency


def test_a_field_for_a_code() -> None:
    assert [currency_code(value) for value in ("eur ", "RUR", "€", "pln", 5, None, "")] == [
        "EUR", "RUB", "EUR", "PLN", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "currency", "number"),
    [
        ("23.450", None, "23.450"),
        ("24.990", "CLP", "24990"),
        (19.5, None, "19.5"),
        ("26,00 €", None, "26.00"),
        ("1e3", None, "1000"),
    ],
)
def test_a_machine_s_dot_is_the_decimal_point(value: object, currency: str | None, number: str) -> None:
    assert read_number(value, currency) == Decimal(number)


@pytest.mark.parametrize("value", [True, None, {"a": 1}, float("nan"), "1e99", "-5", "free"])
def test_no_number(value: object) -> None:
    assert read_number(value) is None


@given(st.text(max_size=80), st.sampled_from([None, "XOF", "TND", "EUR"]))
def test_no_text_is_too_strange(text: str, currency: str | None) -> None:
    read = read_amount(text, currency)
    assert read is None or read.value >= 0
    currency_of(text)
    read_number(text, currency)


@given(
    st.integers(1, 10**9),
    st.sampled_from([" ", "\u00a0", "\u202f", ".", ",", "'", ""]),
    st.sampled_from(["FCFA", "Ar", "€"]),
)
def test_grouped_thousands_come_back(value: int, separator: str, sign: str) -> None:
    written = f"{value:,}".replace(",", separator)
    read = read_amount(f"{written} {sign}")
    assert read is not None and read.value == value
