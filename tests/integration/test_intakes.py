"""Forms are kept as data: known fields only, of a bounded length, and the vendor hears of them in time."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput
from griot.tools.intakes.models import FIELDS, LONGEST, Intake, Kind
from griot.tools.intakes.service import checked, last_address, save, shown

ADDRESS = {
    "text": "Villa 12",
    "district": "Mermoz",
    "city": "Dakar",
    "phone": "77 000 00 01",
    "landmark": "la pharmacie",
}


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def keep(
    world: World, thread: tuple[int, int], kind: Kind, fields: dict[str, str], order_id: int | None = None
) -> Intake:
    async with world.db.transaction(world.shop.id) as tx:
        return await save(tx, *thread, order_id, kind, fields, world.clock.now())


async def test_a_form_is_kept_as_it_was_given(world: World) -> None:
    thread = await world.thread()
    order = await world.hold(thread=thread)
    kept = await keep(world, thread, "address", {"text": "  Villa 12,\n Mermoz ", "city": " "}, order.id)
    assert (kept.kind, kept.fields, kept.order_id) == ("address", {"text": "Villa 12, Mermoz"}, order.id)
    assert (kept.conversation_id, kept.customer_id) == thread
    assert "intake.saved" in await world.kinds()
    (event,) = await world.rows("SELECT data FROM events WHERE kind = 'intake.saved'")
    assert event["data"] == {"intake": kept.id, "kind": "address"}, "no address in the timeline"


async def test_the_latest_address_of_a_customer_is_found_again(world: World) -> None:
    thread, other = await world.thread(), await world.thread()
    async with world.db.transaction(world.shop.id) as tx:
        assert await last_address(tx, thread[1]) is None
    await keep(world, thread, "address", {"text": "Villa 12"})
    await keep(world, thread, "slot", {"date": "2026-02-21"})
    latest = await keep(world, thread, "address", ADDRESS)
    await keep(world, other, "address", {"text": "Ailleurs"})
    async with world.db.transaction(world.shop.id) as tx:
        assert await last_address(tx, thread[1]) == latest


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("address", {"text": "Villa 12", "price": "0"}, "no 'price'"),
        ("address", {"phone": "77 000 00 01"}, "without one of text, landmark"),
        ("address", {"text": "   "}, "without one of text, landmark"),
        ("slot", {}, "without one of date, time"),
        ("slot", {"date": "samedi"}, "2026-02-21"),
        ("slot", {"date": "2026-02-30"}, "2026-02-21"),
        ("slot", {"date": "2026-02-21", "time": "25:00"}, "09:30"),
        ("custom", {"occasion": "mariage"}, "without one of request, text"),
    ],
)
def test_what_is_no_form_is_refused(kind: Kind, fields: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        checked(kind, fields)


@given(st.sampled_from(["address", "custom"]), st.dictionaries(st.text(max_size=8), st.text(max_size=900), max_size=4))
def test_whatever_a_model_fills_in_nothing_unknown_or_long_is_kept(kind: Kind, fields: dict[str, str]) -> None:
    try:
        kept = checked(kind, {FIELDS[kind][0]: "x" * 2_000} | fields)
    except InvalidInput:
        return
    assert set(kept) <= set(FIELDS[kind])
    assert all(0 < len(value) <= LONGEST for value in kept.values())


async def test_the_vendor_hears_at_once_of_what_comes_with_no_order_or_after_its_payment(world: World) -> None:
    thread = await world.thread()
    await keep(world, thread, "address", {"text": "Villa 12"})
    assert await world.vendor_told() == [], "an address alone asks for nothing"
    await keep(world, thread, "custom", {"request": "Gâteau licorne", "occasion": "anniversaire", "text": "Awa"})
    (told,) = await world.vendor_told()
    assert told == "📝 *Aminata* t'a laissé ceci\n✏️ Gâteau licorne · anniversaire · Awa"

    order = await world.hold(thread=thread)
    await keep(world, thread, "slot", {"date": "2026-02-21", "time": "10:00"}, order.id)
    assert len(await world.vendor_told()) == 1, "an open order's forms come with its payment"
    await world.pay(order)
    assert "🗓️ 2026-02-21 10:00" in (await world.vendor_told())[-1]
    await keep(world, thread, "address", ADDRESS, order.id)
    last = (await world.vendor_told())[-1]
    assert "🏠 Villa 12, la pharmacie, Mermoz, Dakar · 77 000 00 01" in last
    assert f"#{order.reference}" in last


@pytest.mark.parametrize("language", ["fr", "mg", "en"])
async def test_every_kind_is_shown_in_one_line(world: World, language: str) -> None:
    thread = await world.thread()
    forms: dict[Kind, dict[str, str]] = {
        "address": ADDRESS,
        "slot": {"date": "2026-02-21", "time": "10:00"},
        "custom": {"request": "Gâteau licorne", "date": "2026-02-21"},
    }
    for kind, fields in forms.items():
        line = shown(language, await keep(world, thread, kind, fields))
        assert "\n" not in line
        assert all(value in line for value in fields.values())
