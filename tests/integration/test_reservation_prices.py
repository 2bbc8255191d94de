"""What a hold costs: the price of the quantity held, from the database and from nowhere else."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reservation_helpers import arrive, article, one_hold, open_shop, the_order

from books import assert_books_balanced
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.service import codes, create_product
from griot.tools.reservation.service import cancel_line, cancel_order, reserve, retake

STEPS = ((10, Money(4_500, "XOF")), (50, Money(4_000, "XOF")))


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now(), max_quantity=500)


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def soap(tx: Tx, clock: FrozenClock) -> int:
    """An article of 5 000 F, 4 500 F from 10 on, 4 000 F from 50 on; returns its variant."""
    made = await create_product(
        tx,
        code="SAVON1",
        title="Savon",
        price=Money(5_000, "XOF"),
        stock=500,
        price_breaks=STEPS,
        now=clock.now(),
    )
    return made.variants[0].id


async def test_a_changed_quantity_is_priced_anew(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    savon = await soap(tx, clock)
    (buyer,) = await arrive(tx, 1, clock.now())
    for quantity, unit in ((9, 5_000), (10, 4_500), (60, 4_000), (12, 4_500), (1, 5_000)):
        taken = await one_hold(tx, shop, buyer, savon, clock.now(), quantity)
        assert (taken.outcome, taken.unit) == ("held", Money(unit, "XOF"))
        assert taken.order_id is not None
        order = await the_order(tx, taken.order_id)
        assert order.total == Money(quantity * unit, "XOF")
        await assert_books_balanced(tx)


async def test_asking_for_the_same_again_keeps_the_price_that_was_given(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    savon = await soap(tx, clock)
    (buyer,) = await arrive(tx, 1, clock.now())
    await one_hold(tx, shop, buyer, savon, clock.now(), 10)
    await tx.execute("UPDATE price_breaks SET unit_minor = 4700 WHERE min_quantity = 10")
    again = await one_hold(tx, shop, buyer, savon, clock.now(), 10)
    assert (again.outcome, again.unit) == ("same", Money(4_500, "XOF"))
    changed = await one_hold(tx, shop, buyer, savon, clock.now(), 11)
    assert changed.unit == Money(4_700, "XOF")


async def test_a_variant_with_a_lower_price_of_its_own_keeps_it(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    savon = await soap(tx, clock)
    await tx.execute("UPDATE variants SET price_minor = 4200 WHERE id = %s", (savon,))
    (buyer,) = await arrive(tx, 1, clock.now())
    assert (await one_hold(tx, shop, buyer, savon, clock.now(), 10)).unit == Money(4_200, "XOF")
    assert (await one_hold(tx, shop, buyer, savon, clock.now(), 50)).unit == Money(4_000, "XOF")


async def test_quantity_prices_are_those_of_the_product(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await soap(tx, clock)
    bag = await article(tx, "SAC2", 100, clock.now(), price=8_000)
    (buyer,) = await arrive(tx, 1, clock.now())
    assert (await one_hold(tx, shop, buyer, bag, clock.now(), 60)).unit == Money(8_000, "XOF")


async def test_late_money_is_for_the_price_that_was_held(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    savon = await soap(tx, clock)
    (buyer,) = await arrive(tx, 1, clock.now())
    taken = await one_hold(tx, shop, buyer, savon, clock.now(), 10)
    assert taken.order_id is not None
    await cancel_order(tx, shop, taken.order_id, clock.now())
    await tx.execute("DELETE FROM price_breaks")
    assert await retake(tx, taken.order_id, clock.now())
    assert (await the_order(tx, taken.order_id)).total == Money(45_000, "XOF")


wishes = st.lists(st.tuples(st.sampled_from(["SAVON1", "SAC2"]), st.integers(0, 80)), min_size=1, max_size=10)


@given(wishes)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_asked_for_the_total_is_what_the_catalogue_says(
    db: Database, shop: Shop, clock: FrozenClock, asked: list[tuple[str, int]]
) -> None:
    """Quantities go up and down, lines come and go; 0 takes the line out."""
    async with db.transaction(shop.id) as tx:
        if not await codes(tx):
            await soap(tx, clock)
            await article(tx, "SAC2", 500, clock.now(), price=8_000)
        products = await codes(tx)
        (buyer,) = await arrive(tx, 1, clock.now())
        basket: dict[str, int] = {}
        order_id = None
        for code, quantity in asked:
            variant = products[code].variants[0]
            if quantity == 0 and code in basket and order_id is not None:
                after = await cancel_line(tx, shop, order_id, variant.id, clock.now())
                del basket[code]
                order_id = order_id if after.open else None
            elif quantity:
                (taken,) = await reserve(tx, shop, [buyer.wants(variant.id, quantity)], clock.now())
                assert taken.outcome in ("held", "same")
                order_id, basket[code] = taken.order_id, quantity
            if order_id is not None:
                expected = sum(
                    products[code].unit_price(products[code].variants[0], pieces).minor * pieces
                    for code, pieces in basket.items()
                )
                assert (await the_order(tx, order_id)).total == Money(expected, "XOF")
        if order_id is not None:
            await cancel_order(tx, shop, order_id, clock.now())
        await assert_books_balanced(tx)
