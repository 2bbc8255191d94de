"""Every view, act and file of the console refuses the wrong role and the wrong shop: made from the registry."""

from collections.abc import AsyncIterator

import pytest

from griot.core.clock import FrozenClock
from griot.core.db.pool import HOUSE, Database
from griot.core.errors import Forbidden
from griot.tools.users import queries, tokens
from griot.tools.users.models import Role, Session
from griot.tools.users.scopes import ROLE_SCOPES
from griot.ui import words
from griot.ui.answering import answer
from griot.ui.desk import Visitor
from griot.ui.views import ACTS, FILES, VIEWS
from house_world import Number, World, article, open_world

ROLES: tuple[Role, ...] = ("owner", "agent", "analyst")
REFUSED = words.say("fr", "errors.Forbidden")

# What nobody meant: no act may break over it.
HOSTILE = ("", "0", "-1", "9" * 40, "'; DROP TABLE orders --", "<script>alert(1)</script>", "\x00", "☃" * 5000, "null")


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def visitor(world: World, shop: Number, role: Role) -> Visitor:
    now, email = world.clock.now(), f"{role}@example.com"
    async with world.db.transaction(HOUSE) as tx:
        user_id = await queries.insert_user(tx, email, "no password", None, now)
        assert user_id is not None
        until = now.replace(year=now.year + 1)
        session_id = await queries.insert_session(tx, user_id, "console", tokens.digest(tokens.new()), until, now)
    async with world.db.transaction(shop.shop.id) as tx:
        await queries.insert_member(tx, user_id, email, "Awa", role, now)
    return Visitor(world.house, Session(session_id, user_id, email, "console", False, until), "fr")


@pytest.mark.parametrize("role", ROLES)
async def test_every_act_and_view_asks_for_its_scope(world: World, role: Role) -> None:
    shop = await world.number(article("ROBE1", 3))
    who = await visitor(world, shop, role)
    for view in VIEWS.values():
        shown = await answer(who, {"at": f"/{view.name}", "shop": shop.shop.id})
        allowed = view.scope in ROLE_SCOPES[role]
        assert (shown.get("error") == REFUSED) is not allowed, view.name
        assert shown.get("lost", False) is not allowed, (view.name, shown.get("error"))
    for name, door in ACTS.items():
        done = await answer(who, {"at": "/", "shop": shop.shop.id, "act": name, "data": {}})
        assert (done.get("error") == REFUSED) is (door.scope not in ROLE_SCOPES[role]), name
    desk = await who.sit_down(shop.shop.id)
    for name, door in FILES.items():
        if door.scope not in ROLE_SCOPES[role]:
            with pytest.raises(Forbidden):
                await door.open(desk, {})
                pytest.fail(name)


async def test_nobody_gets_into_another_shop(world: World) -> None:
    own, other = await world.number(article("ROBE1", 3)), await world.number(article("ROBE1", 3))
    who = await visitor(world, own, "owner")
    for view in VIEWS:
        assert (await answer(who, {"at": f"/{view}", "shop": other.shop.id}))["error"] == REFUSED, view
    for name in ACTS:
        done = await answer(who, {"at": "/", "shop": other.shop.id, "act": name, "data": {}})
        assert done["error"] == REFUSED, name
    with pytest.raises(Forbidden):
        await who.sit_down(other.shop.id)


async def test_no_act_breaks_over_what_nobody_meant(world: World) -> None:
    shop = await world.number(article("ROBE1", 3))
    who = await visitor(world, shop, "owner")
    for name, door in ACTS.items():
        for value in HOSTILE:
            data = dict.fromkeys(door.arguments.model_fields, value)
            done = await answer(
                who, {"at": f"/{name.partition('.')[0]}", "shop": shop.shop.id, "act": name, "data": data}
            )
            assert isinstance(done, dict), (name, value)
    for at in ("/", "/nowhere", "/orders/abc", "/inbox/99999999999999999999", "/live?x=%00", "//", "/%ff"):
        assert isinstance(await answer(who, {"at": at, "shop": shop.shop.id}), dict), at
