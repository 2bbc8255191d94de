"""The price of a piece falls with the quantity, and is never more than the variant's own."""

from hypothesis import given
from hypothesis import strategies as st

from griot.core.money import Money
from griot.knowledge.catalogue.models import PriceBreak, Product, Variant


def product(price: int, steps: list[tuple[int, int]], variant_price: int | None = None) -> tuple[Product, Variant]:
    variant = Variant(1, 1, {}, Money(variant_price or price, "XOF"))
    breaks = tuple(PriceBreak(quantity, Money(unit, "XOF")) for quantity, unit in steps)
    return Product(1, "ROBE1", "Robe", "", "", Money(price, "XOF"), None, 2, (variant,), breaks), variant


def test_the_best_step_that_is_reached_counts() -> None:
    robe, variant = product(5_000, [(10, 4_500), (50, 4_000)])
    prices = [robe.unit_price(variant, quantity).minor for quantity in (1, 9, 10, 49, 50, 1_000)]
    assert prices == [5_000, 5_000, 4_500, 4_500, 4_000, 4_000]


def test_a_variant_that_is_cheaper_anyway_keeps_its_price() -> None:
    robe, variant = product(5_000, [(10, 4_500), (50, 4_000)], variant_price=4_200)
    assert [robe.unit_price(variant, quantity).minor for quantity in (1, 10, 50)] == [4_200, 4_200, 4_000]


def test_without_quantity_prices_nothing_changes() -> None:
    robe, variant = product(5_000, [])
    assert robe.unit_price(variant, 500) == variant.price


@given(
    st.integers(1, 10_000),
    st.lists(st.tuples(st.integers(2, 100), st.integers(1, 10_000)), max_size=6),
    st.integers(1, 200),
)
def test_more_pieces_never_cost_more_each(price: int, steps: list[tuple[int, int]], quantity: int) -> None:
    robe, variant = product(price, steps)
    assert robe.unit_price(variant, quantity + 1).minor <= robe.unit_price(variant, quantity).minor <= price
