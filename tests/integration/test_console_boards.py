"""Views that stay true: rendered once for all who look, told in parts, and whole to who comes (again)."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import NotFound
from griot.core.events import record
from griot.core.feed import Feed
from griot.tools.live import service as live
from griot.tools.users.models import Access
from griot.tools.users.scopes import ROLE_SCOPES
from griot.ui import boards as boards_module
from griot.ui.boards import Boards, Change
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View
from house_world import Number, World, article, open_world

AT = Address("counted")


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def feed(world: World) -> AsyncIterator[Feed]:
    opened = Feed(world.db)
    yield opened
    await opened.close()


def desk(world: World, number: Number, actor: str = "user:1") -> Desk:
    return Desk(world.house, Access(number.shop.id, actor, ROLE_SCOPES["owner"], "owner"), "fr")


async def next_change(changes: "asyncio.Queue[Change | None]") -> Change:
    change = await asyncio.wait_for(changes.get(), 5)
    assert change is not None
    return change


def live_view() -> View:
    from griot.ui.views import VIEWS

    return VIEWS["live"]


async def test_who_looks_is_told_what_changed(world: World, feed: Feed) -> None:
    number = await world.number(article("ROBE1", 3))
    boards = Boards(feed)
    async with boards.watch(live_view(), desk(world, number), Address("live")) as changes:
        whole = await next_change(changes)
        assert whole.frame is not None and whole.title
        async with world.db.transaction(number.shop.id) as tx:
            await live.start(tx, number.shop, "Live du soir", ["ROBE1"], world.clock.now())
        told = await next_change(changes)
        assert any("ROBE1" in html for html in told.parts.values())
        async with world.db.transaction(number.shop.id) as tx:
            await record(tx, "live.looked_at", world.clock.now())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(changes.get(), 0.8)


async def test_many_consoles_are_one_rendering(world: World, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    number, rendered = await world.number(article("ROBE1", 3)), []
    inner = boards_module.render

    async def counted(view: View, at_desk: Desk, at: Address) -> object:
        rendered.append(view.name)
        return await inner(view, at_desk, at)

    monkeypatch.setattr(boards_module, "render", counted)
    boards = Boards(feed)

    async def look(user: int) -> Change:
        async with boards.watch(live_view(), desk(world, number, f"user:{user}"), Address("live")) as changes:
            await next_change(changes)
            return await next_change(changes)

    watching = [asyncio.create_task(look(user)) for user in range(20)]
    await asyncio.sleep(0.5)
    before = len(rendered)
    async with world.db.transaction(number.shop.id) as tx:
        await live.start(tx, number.shop, "Live du soir", ["ROBE1"], world.clock.now())
    told = await asyncio.gather(*watching)
    assert all(change.parts for change in told)
    assert len(rendered) - before <= 2, "twenty consoles that see the same are one board"


async def test_what_does_not_concern_a_view_is_not_rendered(world: World, feed: Feed) -> None:
    number, looks = await world.number(article("ROBE1", 3)), []
    view = View("live", "live:read", concerns=("payment.",))

    @view.show
    async def show(at_desk: Desk, at: Address) -> Shown:
        looks.append(at)
        return Shown("today/view.html", (), {}, "")

    async with Boards(feed).watch(view, desk(world, number), AT) as changes:
        await next_change(changes)
        await asyncio.sleep(0.5)
        before = len(looks)
        for kind, more in (("order.moved", 0), ("payment.received", 1)):
            async with world.db.transaction(number.shop.id) as tx:
                await record(tx, kind, world.clock.now())
            await asyncio.sleep(0.6)
            assert len(looks) - before == more, kind


async def test_a_view_is_looked_at_again_while_it_wants_to_be_though_other_things_happen(
    world: World, feed: Feed
) -> None:
    number, looks = await world.number(article("ROBE1", 3)), []
    view = View("live", "live:read", concerns=("payment.",))

    @view.show
    async def show(at_desk: Desk, at: Address) -> Shown:
        looks.append(at)
        return Shown("today/view.html", (), {}, "", again=0.4 if len(looks) < 5 else None)

    async with Boards(feed).watch(view, desk(world, number), AT) as changes:
        await next_change(changes)
        for _ in range(25):
            async with world.db.transaction(number.shop.id) as tx:
                await record(tx, "order.moved", world.clock.now())
            await asyncio.sleep(0.1)
        assert len(looks) == 5, "no longer than it wants to"


async def test_who_looks_at_what_is_gone_is_told_so(world: World, feed: Feed) -> None:
    number = await world.number(article("ROBE1", 3))
    view, gone = View("live", "live:read"), False

    @view.show
    async def show(at_desk: Desk, at: Address) -> Shown:
        if gone:
            raise NotFound("There is no such thing.")
        return Shown("today/view.html", (), {}, "")

    async with Boards(feed).watch(view, desk(world, number), AT) as changes:
        await next_change(changes)
        await asyncio.sleep(0.5)
        gone = True
        async with world.db.transaction(number.shop.id) as tx:
            await record(tx, "order.moved", world.clock.now())
        assert await asyncio.wait_for(changes.get(), 5) is None
