"""Net and tax always make the total, to the last minor unit, and the tax is the one of its rate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.core.tenancy import Shop, ShopSettings
from griot.tools.quotes.taxes import deposit, percent_text, split
from griot.tools.shops.settings import check_settings

SHOP = Shop(1, "wax", "Wax & Cie", "live_seller", "SN", "XOF", "Africa/Dakar", "fr", None, 1)
amounts = st.integers(1, 10**13)
rates = st.integers(0, 5000).map(lambda hundredths: hundredths / 100)


@given(amounts, rates, st.booleans(), st.sampled_from(["XOF", "EUR", "MGA", "TND"]))
def test_net_and_tax_make_the_total_whatever_the_rate(minor: int, rate: float, included: bool, currency: str) -> None:
    parts = split(Money(minor, currency), ShopSettings(tax_percent=rate, prices_include_tax=included))
    assert parts.net + parts.tax == parts.total
    assert minor == (parts.total if included else parts.net).minor


@given(amounts, rates, st.booleans())
def test_the_tax_is_that_of_the_net_to_half_a_minor_unit(minor: int, rate: float, included: bool) -> None:
    parts = split(Money(minor, "XOF"), ShopSettings(tax_percent=rate, prices_include_tax=included))
    share = Fraction(round(rate * 100), 10_000)
    exact = minor * share / (1 + share) if included else minor * share
    assert abs(parts.tax.minor - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("minor", "rate", "included", "net", "tax"),
    [
        (11_800, 18, True, 10_000, 1_800),
        (10_000, 18, False, 10_000, 1_800),
        (15_000, 18, True, 12_712, 2_288),
        (1_999, 20, True, 1_666, 333),
        (10, 5, False, 10, 1),  # half a unit goes up
        (1_000, 5.5, False, 1_000, 55),
        (1_000, 19.25, False, 1_000, 193),
        (15_000, 0, True, 15_000, 0),
    ],
)
def test_a_sum_is_split_as_an_accountant_would(minor: int, rate: float, included: bool, net: int, tax: int) -> None:
    parts = split(Money(minor, "XOF"), ShopSettings(tax_percent=rate, prices_include_tax=included))
    assert (parts.net.minor, parts.tax.minor) == (net, tax)


@given(amounts, st.integers(1, 100))
def test_a_deposit_is_never_less_than_its_share_and_never_a_unit_more(minor: int, percent: int) -> None:
    part = deposit(Money(minor, "XOF"), percent)
    assert part is not None
    assert 0 <= part.minor - Fraction(minor * percent, 100) < 1
    assert 0 < part.minor <= minor


def test_without_a_percentage_there_is_no_deposit() -> None:
    assert deposit(Money(15_000, "XOF"), 0) is None


def test_rates_are_written_as_people_write_them() -> None:
    assert [percent_text(rate, "fr") for rate in (18, 5.5, 19.25)] == ["18", "5,5", "19,25"]
    assert percent_text(5.5, "en") == "5.5"


def test_what_is_not_set_is_the_segments() -> None:
    def of(segment: str, **settings: object) -> tuple[int, int, int, str]:
        shop = Shop(1, "s", "S", segment, "SN", "XOF", "Africa/Dakar", "fr", None, 1,
                    ShopSettings.read(settings, segment))  # type: ignore[arg-type]  # fmt: skip
        return shop.max_quantity, shop.quote_valid_days, shop.deposit_percent, shop.payment_terms

    assert of("live_seller") == of("services") == (20, 15, 0, "immediate")
    assert of("shop") == (200, 15, 0, "immediate")
    assert of("events") == (200, 15, 50, "immediate")
    assert of("b2b") == (10_000, 30, 0, "net30")
    own = {"max_quantity": 5, "quote_valid_days": 7, "deposit_percent": 0, "payment_terms": "immediate"}
    assert of("events", **own) == of("b2b", **own) == (5, 7, 0, "immediate")
    assert of("b2b", **dict.fromkeys(own)) == of("b2b")


@pytest.mark.parametrize(
    "changes",
    [
        {"tax_percent": 18},
        {"tax_percent": 19.25},
        {"prices_include_tax": False},
        {"quote_valid_days": None},
        {"deposit_percent": 0},
        {"payment_terms": "net30"},
        {"max_quantity": None},
        {"max_quantity": 100_000},
        {"legal": {"name": "Wax SARL", "NINEA": "005123456 2G3", "RCCM": "SN-DKR-2019-B-1", "address": "Dakar"}},
        {"quote_prefix": "DEV", "invoice_prefix": "FRA"},
    ],
)
def test_a_setting_that_can_be_is_taken_as_it_is(changes: dict[str, object]) -> None:
    assert check_settings(changes) == changes


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("tax_percent", 18.123, "at most two decimals"),
        ("tax_percent", -1, "0 to 50"),
        ("tax_percent", True, "0 to 50"),
        ("prices_include_tax", "yes", "true or false"),
        ("quote_valid_days", 0, "1 to 365 days"),
        ("deposit_percent", 101, "0 .no deposit. to 100 per cent"),
        ("payment_terms", "net60", "immediate or net30"),
        ("max_quantity", 0, "1 to 100000 pieces"),
        ("legal", {"ninea": "1"}, "registration in capitals"),
        ("legal", {"NINEA": ""}, "up to 200 characters"),
        ("legal", "Wax SARL", "at most 12 lines"),
        ("quote_prefix", "dev", "up to six capitals"),
        ("invoice_prefix", "TOOLONG", "up to six capitals"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_what_it_takes(name: str, value: object, wanted: str) -> None:
    with pytest.raises(InvalidInput, match=wanted) as refused:
        check_settings({name: value})
    assert name in str(refused.value)
