"""Promotions: made by a merchant, counted once an order, given back by what ends without money, born of no words."""

import ast
import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reservation_helpers import arrive, article, happened, held_order, one_hold, open_shop, the_order
from typer.testing import CliRunner

import griot
from books import assert_books_balanced
from griot.cli.shop import app
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database, Tx
from griot.core.errors import Conflict, InvalidInput
from griot.core.money import Money
from griot.core.settings import settings as environment
from griot.core.tenancy import Shop
from griot.tools.offers.models import Applied, Kind, NotApplied, Promotion
from griot.tools.offers.service import apply, create, find
from griot.tools.orders.service import await_payment, mark_paid
from griot.tools.reservation.service import cancel_line, cancel_order, expire_due, retake, sell


@pytest.fixture
async def shop(database_url: str, db: Database, clock: FrozenClock) -> Shop:
    return await open_shop(database_url, db, clock.now())


@pytest.fixture
async def tx(db: Database, shop: Shop) -> AsyncIterator[Tx]:
    async with db.transaction(shop.id) as transaction:
        yield transaction


async def tabaski(
    tx: Tx,
    shop: Shop,
    now: datetime,
    *,
    kind: Kind = "percent",
    worth: int = 10,
    max_uses: int | None = None,
    least: int = 0,
    starts_at: datetime | None = None,
) -> Promotion:
    return await create(
        tx,
        shop,
        code="Tabaski 10",
        kind=kind,
        worth=worth,
        starts_at=starts_at,
        ends_at=now + timedelta(hours=1),
        max_uses=max_uses,
        least=Money(least, "XOF"),
        now=now,
    )


async def uses(tx: Tx) -> int:
    row = await (await tx.execute("SELECT uses FROM promotions")).fetchone()
    assert row is not None
    return int(row["uses"])


async def test_a_share_is_taken_off_and_rounded_down(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    made = await tabaski(tx, shop, clock.now())
    assert made.code == "TABASKI10"
    robe = await article(tx, "ROBE1", 5, clock.now(), price=9_999)
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    applied = await apply(tx, order.id, "tabaski-10", clock.now())
    assert isinstance(applied, Applied)
    assert applied.order == await the_order(tx, order.id)
    assert (applied.discount, applied.order.total) == (Money(999, "XOF"), Money(9_000, "XOF"))
    assert (await uses(tx), await happened(tx)) == (1, ["promotion.created", "order.held", "order.changed"])
    again = await apply(tx, order.id, "TABASKI10", clock.now())
    assert isinstance(again, Applied)
    assert again.order == applied.order, "naming it twice is naming it once"
    assert await uses(tx) == 1


async def test_an_amount_never_takes_the_whole_price(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await tabaski(tx, shop, clock.now(), kind="amount", worth=20_000)
    robe = await article(tx, "ROBE1", 5, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    await apply(tx, order.id, "TABASKI10", clock.now())
    assert (await the_order(tx, order.id)).total == Money(1, "XOF")
    await one_hold(tx, shop, buyer, robe, clock.now(), 2)
    assert (await the_order(tx, order.id)).total == Money(10_000, "XOF")


async def test_it_follows_the_basket_and_waits_while_that_is_too_small(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await tabaski(tx, shop, clock.now(), least=20_000)
    robe = await article(tx, "ROBE1", 5, clock.now())
    bag = await article(tx, "SAC2", 5, clock.now(), price=8_000)
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    refused = await apply(tx, order.id, "TABASKI10", clock.now())
    assert isinstance(refused, NotApplied)
    assert refused.reason == "below_least"
    await one_hold(tx, shop, buyer, bag, clock.now())
    assert isinstance(await apply(tx, order.id, "TABASKI10", clock.now()), Applied)
    assert (await the_order(tx, order.id)).total == Money(20_700, "XOF")
    after = await cancel_line(tx, shop, order.id, bag, clock.now())
    assert (after.total, after.discount) == (Money(15_000, "XOF"), None)
    await one_hold(tx, shop, buyer, robe, clock.now(), 2)
    assert (await the_order(tx, order.id)).discount == Money(3_000, "XOF")
    assert await uses(tx) == 1


async def test_why_a_code_takes_nothing_off(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    buyers = await arrive(tx, 4, clock.now())
    first, second, third, fourth = [await held_order(tx, shop, buyer, robe, clock.now()) for buyer in buyers]

    async def reason(order_id: int, code: str = "TABASKI10", at: datetime | None = None) -> str:
        result = await apply(tx, order_id, code, at or clock.now())
        assert isinstance(result, NotApplied), result
        return result.reason

    assert await reason(first.id) == "unknown"
    await tabaski(tx, shop, clock.now(), max_uses=1, starts_at=clock.now() + timedelta(minutes=1))
    assert await reason(first.id) == "not_started"
    assert await find(tx, "TABASKI10", clock.now()) is None
    clock.advance(timedelta(minutes=1))
    assert await find(tx, "tabaski 10", clock.now()) is not None
    await await_payment(tx, first.id, "wave", clock.now())
    assert await reason(first.id) == "being_paid"
    await cancel_order(tx, shop, second.id, clock.now())
    assert await reason(second.id) == "order_over"
    applied = await apply(tx, third.id, "TABASKI10", clock.now())
    assert isinstance(applied, Applied)
    assert applied.discount == Money(1_500, "XOF")
    assert await reason(fourth.id) == "used_up"
    assert await reason(fourth.id, at=clock.now() + timedelta(minutes=59)) == "order_over"
    await create(
        tx, shop, code="AID5", kind="percent", worth=5, ends_at=clock.now() + timedelta(minutes=5), now=clock.now()
    )
    assert await reason(third.id, "AID5") == "already_has_one"
    clock.advance(timedelta(minutes=5))
    assert await reason(fourth.id, "AID5") == "over"


async def test_what_ends_without_money_gives_the_use_back(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await tabaski(tx, shop, clock.now(), max_uses=1)
    robe = await article(tx, "ROBE1", 5, clock.now())
    first, second, third = await arrive(tx, 3, clock.now())
    for buyer in (first, second):
        order = await held_order(tx, shop, buyer, robe, clock.now())
        assert isinstance(await apply(tx, order.id, "TABASKI10", clock.now()), Applied)
        await cancel_order(tx, shop, order.id, clock.now())
        assert await uses(tx) == 0
    order = await held_order(tx, shop, third, robe, clock.now())
    assert isinstance(await apply(tx, order.id, "TABASKI10", clock.now()), Applied)
    clock.advance(timedelta(minutes=11))
    await expire_due(tx, shop, clock.now())
    assert await uses(tx) == 0
    await assert_books_balanced(tx)


async def test_late_money_is_honoured_at_the_price_it_was_asked_for(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    """Even when the last use has gone to somebody else meanwhile."""
    await tabaski(tx, shop, clock.now(), max_uses=1)
    robe = await article(tx, "ROBE1", 5, clock.now())
    late, quick = await arrive(tx, 2, clock.now())
    order = await held_order(tx, shop, late, robe, clock.now())
    await apply(tx, order.id, "TABASKI10", clock.now())
    await await_payment(tx, order.id, "wave", clock.now())
    await cancel_order(tx, shop, order.id, clock.now())
    other = await held_order(tx, shop, quick, robe, clock.now())
    assert isinstance(await apply(tx, other.id, "TABASKI10", clock.now()), Applied)
    assert await retake(tx, order.id, clock.now())
    await sell(tx, order.id)
    paid = await mark_paid(tx, order.id, "wave", clock.now())
    assert paid.total == Money(13_500, "XOF")
    assert await uses(tx) == 1
    await assert_books_balanced(tx)


async def test_a_crowd_gets_a_promotion_as_often_as_the_merchant_said(
    database_url: str, db: Database, shop: Shop, clock: FrozenClock
) -> None:
    crowd = Database(database_url, size=16)
    await crowd.open()
    try:
        async with crowd.transaction(shop.id) as tx:
            await tabaski(tx, shop, clock.now(), max_uses=5)
            robe = await article(tx, "ROBE1", 30, clock.now())
            orders = [
                await held_order(tx, shop, buyer, robe, clock.now()) for buyer in await arrive(tx, 30, clock.now())
            ]

        async def name(order_id: int) -> bool:
            async with crowd.transaction(shop.id) as tx:
                return isinstance(await apply(tx, order_id, "TABASKI10", clock.now()), Applied)

        granted = await asyncio.gather(*(name(order.id) for order in orders))
        assert granted.count(True) == 5
        async with crowd.transaction(shop.id) as tx:
            assert await uses(tx) == 5
            clock.advance(timedelta(minutes=11))
            assert await expire_due(tx, shop, clock.now()) == 30
            assert await uses(tx) == 0
            await assert_books_balanced(tx)
    finally:
        await crowd.close()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"code": " - "}, "needs a code"),
        ({"worth": 91}, "1 to 90"),
        ({"worth": 0}, "1 to 90"),
        ({"ends_at": timedelta(0)}, "ends after"),
        ({"max_uses": 0}, "once at least"),
        ({"least": Money(100, "EUR")}, "in XOF"),
    ],
)
async def test_what_cannot_be_a_promotion_is_refused(
    tx: Tx, shop: Shop, clock: FrozenClock, wrong: dict[str, object], message: str
) -> None:
    given_: dict[str, object] = {"code": "AID", "kind": "percent", "worth": 10, "ends_at": timedelta(hours=1)} | wrong
    given_["ends_at"] = clock.now() + given_["ends_at"]  # type: ignore[operator]
    with pytest.raises(InvalidInput, match=message):
        await create(tx, shop, now=clock.now(), **given_)  # type: ignore[arg-type]


async def test_a_code_names_one_promotion(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    await tabaski(tx, shop, clock.now())
    with pytest.raises(Conflict, match="TABASKI10 already"):
        await tabaski(tx, shop, clock.now())


@given(
    st.sampled_from(["percent", "amount"]),
    st.integers(1, 90_000),
    st.integers(0, 60_000),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_it_is_worth_the_sums_add_up(
    db: Database, shop: Shop, clock: FrozenClock, kind: Kind, worth: int, least: int, quantities: list[int]
) -> None:
    async with db.transaction(shop.id) as tx:
        await tx.execute("UPDATE orders SET promotion_id = NULL, discount_minor = 0")
        await tx.execute("DELETE FROM promotions")
        await tabaski(
            tx, shop, clock.now(), kind=kind, worth=min(worth, 90) if kind == "percent" else worth, least=least
        )
        cursor = await tx.execute("SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id")
        row = await cursor.fetchone()
        robe = row["id"] if row else await article(tx, "ROBE1", 10_000, clock.now())
        (buyer,) = await arrive(tx, 1, clock.now())
        order = await held_order(tx, shop, buyer, robe, clock.now())
        await apply(tx, order.id, "TABASKI10", clock.now())
        for quantity in quantities:
            await one_hold(tx, shop, buyer, robe, clock.now(), quantity)
            after = await the_order(tx, order.id)
            off = after.discount.minor if after.discount else 0
            assert after.total.minor == quantity * 15_000 - off
            assert after.total.minor >= 1
        await cancel_order(tx, shop, order.id, clock.now())


# Who may make one


def test_no_path_from_words_makes_or_changes_a_promotion() -> None:
    """The rooms that hear buyers or models name none of the functions and statements that write promotions."""
    package = Path(griot.__file__).parent
    writing = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("INTO promotions", "UPDATE promotions"))
    ]
    assert writing == ["tools/offers/queries.py"]
    for room in ("agent", "worker", "api", "channels", "knowledge"):
        for path in (package / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("griot.tools.offers"):
                    assert not {"create", "queries", "insert"} & {name.name for name in node.names}, path
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "offers":
                    assert node.attr != "create", path


async def test_words_that_look_like_a_promotion_are_worth_nothing(tx: Tx, shop: Shop, clock: FrozenClock) -> None:
    robe = await article(tx, "ROBE1", 9, clock.now())
    (buyer,) = await arrive(tx, 1, clock.now())
    order = await held_order(tx, shop, buyer, robe, clock.now())
    for words in ("-50%", "PROMO50", "le vendeur a dit -20 %", "'; UPDATE orders SET total_minor = 1 --", ""):
        assert await apply(tx, order.id, words, clock.now()) == NotApplied("unknown")
    assert await the_order(tx, order.id) == order
    assert await (await tx.execute("SELECT FROM promotions")).fetchall() == []


@pytest.fixture
def installation(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The commands run against the test's database."""
    monkeypatch.setenv("GRIOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    environment.cache_clear()
    yield
    environment.cache_clear()


@pytest.mark.usefixtures("installation")
def test_a_merchant_makes_one_from_the_command_line() -> None:
    run = CliRunner().invoke
    assert run(app, ["create", "Chez Awa", "--json"]).exit_code == 0
    made = run(
        app,
        ["promotion", "chez-awa", "--shop", "chez-awa", "--amount", "500", "--until", "2126-02-28", "--json"],
    )
    assert made.exit_code == 0, made.stderr
    told = json.loads(made.stdout)
    assert (told["code"], told["takes_off"]) == ("CHEZAWA", "500 F CFA")
    assert told["ends_at"] == "2126-03-01T00:00:00+00:00"
    both = run(app, ["promotion", "X", "--shop", "chez-awa", "--until", "2126-02-28"])
    assert both.exit_code == 2
    assert "--percent 10 or --amount 500" in both.stderr
