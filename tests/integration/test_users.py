"""Users: who may log in, how long it lasts, and what they may do where."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from griot.core.clock import FrozenClock
from griot.core.db.pool import HOUSE, Database
from griot.core.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from griot.tools.users import keys, passwords, queries, service, sessions
from griot.tools.users.models import Opened, SessionKind
from griot.tools.users.scopes import KEY_SCOPES, ROLE_SCOPES, SCOPES
from house_world import Number, World, open_world

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SENTENCE = "une phrase que moi seule connais"
AWA = "awa@example.com"
BINTA = "binta@example.com"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least it can be told to do: what it costs is not what these tests are about."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(world: World) -> Number:
    return await world.number()


async def hire(world: World, number: Number, email: str = AWA, role: str = "owner", by: int | None = None) -> int:
    """Somebody who works in a shop and has a password of their own."""
    member, password = await service.add(world.house, number.shop.id, email=email, name="Awa", role=role, by=by)
    if password is not None:
        opened = await enter_house(world, email, password)
        await sessions.change_password(world.house, opened.session, password, SENTENCE)
        await sessions.log_out(world.house, opened.session)
    return member.user_id


async def enter_house(
    world: World, email: str = AWA, password: str = SENTENCE, *, source: str = "192.0.2.1", kind: SessionKind = "api"
) -> Opened:
    return await sessions.log_in(world.house, email, password, source, kind)


async def acts(world: World, shop_id: int) -> list[tuple[str, str | None]]:
    rows = await world.rows(shop_id, "SELECT kind, actor FROM events WHERE shop_id = %(shop)s ORDER BY id")
    return [(row["kind"], row["actor"]) for row in rows]


# Passwords


async def test_a_given_password_opens_nothing_but_its_own_change(world: World, number: Number) -> None:
    _, password = await service.add(world.house, number.shop.id, email=AWA, name="Awa", role="owner", by=None)
    assert password is not None
    opened = await enter_house(world, password=password)
    with pytest.raises(Forbidden, match="change it first"):
        await sessions.enter(world.house, opened.session, None)
    session = await sessions.change_password(world.house, opened.session, password, SENTENCE)
    assert (await sessions.enter(world.house, session, None)).role == "owner"
    with pytest.raises(Unauthenticated):
        await enter_house(world, password=password)


async def test_a_given_password_does_not_last(world: World, number: Number, clock: FrozenClock) -> None:
    _, password = await service.add(world.house, number.shop.id, email=AWA, name="Awa", role="owner", by=None)
    clock.advance(service.TEMPORARY_LIFE)
    with pytest.raises(Unauthenticated):
        await enter_house(world, password=password or "")


async def test_only_argon2_hashes_are_kept(world: World, number: Number) -> None:
    await hire(world, number)
    rows = await world.rows(HOUSE, "SELECT password_hash FROM users")
    assert [row["password_hash"].startswith("$argon2id$") for row in rows] == [True]
    tables = await world.rows(
        HOUSE, "SELECT users::text AS all FROM users UNION ALL SELECT sessions::text FROM sessions"
    )
    assert not any(SENTENCE in row["all"] for row in tables)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaa", AWA, "x" * 257])
async def test_passwords_that_are_guessed_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        passwords.check(password, AWA)


async def test_changing_the_password_ends_the_other_sessions(world: World, number: Number) -> None:
    await hire(world, number)
    stolen, mine = await enter_house(world), await enter_house(world)
    await sessions.change_password(world.house, mine.session, SENTENCE, "une autre phrase encore")
    with pytest.raises(Unauthenticated):
        await sessions.refresh(world.house, stolen.token)
    assert (await sessions.refresh(world.house, mine.token)).session.id == mine.session.id


async def test_a_password_is_changed_only_by_who_knows_it(world: World, number: Number) -> None:
    await hire(world, number)
    opened = await enter_house(world)
    with pytest.raises(Unauthenticated, match="another one"):
        await sessions.change_password(world.house, opened.session, "a guess at it", "une autre phrase encore")


# Logging in


async def test_wrong_address_and_wrong_password_are_the_same_answer(world: World, number: Number) -> None:
    await hire(world, number)
    with pytest.raises(Unauthenticated) as wrong_password:
        await enter_house(world, password="a guess at it")
    with pytest.raises(Unauthenticated) as nobody:
        await enter_house(world, "nobody@example.com")
    assert str(wrong_password.value) == str(nobody.value)


async def test_guessing_is_slowed_down_for_the_account_wherever_it_comes_from(
    world: World, number: Number, clock: FrozenClock
) -> None:
    await hire(world, number)
    for n in range(10):
        with pytest.raises(Unauthenticated):
            await enter_house(world, password="a guess at it", source=f"192.0.2.{n}")
    with pytest.raises(TooManyRequests) as refused:  # though this would be the right one
        await enter_house(world, source="198.51.100.1")
    assert 0 < refused.value.retry_after <= 60
    clock.advance(timedelta(seconds=61))
    assert await enter_house(world)


async def test_guessing_is_slowed_down_for_a_source_whatever_account_it_tries(world: World, number: Number) -> None:
    await hire(world, number)
    tried = [enter_house(world, f"nobody{n}@example.com", source="203.0.113.9") for n in range(31)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(answer, TooManyRequests) for answer in answers) == 1
    assert await enter_house(world, source="192.0.2.1")


async def test_attempts_side_by_side_are_all_counted(world: World, number: Number) -> None:
    await hire(world, number)
    tried = [enter_house(world, password="a guess at it", source=f"192.0.2.{n}") for n in range(20)]
    answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(answer, Unauthenticated) for answer in answers) == 10


async def test_every_login_has_a_new_token_and_ends_the_one_it_replaces(world: World, number: Number) -> None:
    """Session fixation: a token that was there before the login is worth nothing after it."""
    await hire(world, number)
    planted = await enter_house(world, kind="console")
    fresh = await sessions.log_in(world.house, AWA, SENTENCE, "192.0.2.1", "console", replacing=planted.token)
    assert fresh.token != planted.token
    with pytest.raises(Unauthenticated):
        await sessions.of_console(world.house, planted.token)
    assert (await sessions.of_console(world.house, fresh.token)).user_id == fresh.session.user_id


async def test_a_made_up_token_opens_nothing(world: World, number: Number) -> None:
    await hire(world, number)
    opened = await enter_house(world)
    for token in ("", "x", opened.token + "x", sessions.access_token(world.house, opened.session)):
        with pytest.raises(Unauthenticated):
            await sessions.of_console(world.house, token)
        with pytest.raises(Unauthenticated):
            await sessions.of_access_token(world.house, token[:-2])
    with pytest.raises(Unauthenticated):  # the refresh token is for programs, not for the console
        await sessions.of_console(world.house, opened.token)


async def test_sessions_end_unused_and_at_last(world: World, number: Number, clock: FrozenClock) -> None:
    await hire(world, number)
    idle = await enter_house(world, kind="console")
    clock.advance(sessions.IDLE)
    with pytest.raises(Unauthenticated):
        await sessions.of_console(world.house, idle.token)
    used = await enter_house(world, kind="console")
    for _ in range(29):
        clock.advance(timedelta(days=1))
        await sessions.of_console(world.house, used.token)
    clock.advance(timedelta(days=1))
    with pytest.raises(Unauthenticated):
        await sessions.of_console(world.house, used.token)


async def test_a_disabled_user_is_out_at_once(world: World, number: Number) -> None:
    user = await hire(world, number)
    opened = await enter_house(world, kind="console")
    await service.set_disabled(world.house, user, True)
    with pytest.raises(Unauthenticated):
        await sessions.of_console(world.house, opened.token)
    with pytest.raises(Unauthenticated):
        await enter_house(world)
    await service.set_disabled(world.house, user, False)
    assert await enter_house(world)


# Tokens of the API


async def test_access_tokens_are_short_lived_and_end_with_their_session(
    world: World, number: Number, clock: FrozenClock
) -> None:
    await hire(world, number)
    opened = await enter_house(world)
    token = sessions.access_token(world.house, opened.session)
    assert (await sessions.of_access_token(world.house, token)).id == opened.session.id
    clock.advance(timedelta(minutes=10))
    with pytest.raises(Unauthenticated, match="run out"):
        await sessions.of_access_token(world.house, token)
    token = sessions.access_token(world.house, opened.session)
    await sessions.log_out(world.house, opened.session)
    with pytest.raises(Unauthenticated):
        await sessions.of_access_token(world.house, token)


async def test_a_token_that_nobody_signed_is_refused(world: World, number: Number) -> None:
    import jwt

    await hire(world, number)
    opened = await enter_house(world)
    claims = {"iss": "griot", "sub": "1", "sid": opened.session.id, "exp": 4_000_000_000}
    forged = [jwt.encode(claims, "", algorithm="none"), jwt.encode(claims, "x" * 32, algorithm="HS256")]
    for token in forged:
        with pytest.raises(Unauthenticated):
            await sessions.of_access_token(world.house, token)


async def test_a_refresh_token_is_good_once_and_its_reuse_ends_the_session(world: World, number: Number) -> None:
    await hire(world, number)
    first = await enter_house(world)
    second = await sessions.refresh(world.house, first.token)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(world.house, first.token)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(world.house, second.token)
    assert ("session.revoked", None) in await acts(world, HOUSE)


# Shops and roles


async def test_one_user_works_in_several_shops_with_a_role_in_each(world: World, number: Number) -> None:
    other, third = await world.number(), await world.number()
    await hire(world, number)
    await hire(world, other, role="agent")
    session = (await enter_house(world)).session
    with pytest.raises(InvalidInput, match="several shops"):
        await sessions.enter(world.house, session, None)
    assert (await sessions.enter(world.house, session, number.shop.id)).role == "owner"
    assert (await sessions.enter(world.house, session, other.shop.id)).scopes == ROLE_SCOPES["agent"]
    for nowhere in (third.shop.id, 999_999, HOUSE):
        with pytest.raises(Forbidden):
            await sessions.enter(world.house, session, nowhere)


async def test_an_owner_has_no_power_over_people_of_other_shops(world: World, number: Number) -> None:
    other = await world.number()
    boss = await hire(world, number)
    colleague = await hire(world, other, BINTA)
    with pytest.raises(NotFound):
        await service.reset_password(world.house, number.shop.id, colleague, by=boss)
    with pytest.raises(Forbidden):
        await service.add(world.house, number.shop.id, email=BINTA, name="Binta", role="agent", by=boss)
    await service.add(world.house, number.shop.id, email=BINTA, name="Binta", role="agent", by=None)
    with pytest.raises(Forbidden):
        await service.reset_password(world.house, number.shop.id, colleague, by=boss)
    await service.remove(world.house, other.shop.id, await hire(world, other, "c@example.com"), by=None)


async def test_an_owner_helps_somebody_to_a_new_password(world: World, number: Number) -> None:
    boss = await hire(world, number)
    agent = await hire(world, number, BINTA, "agent", by=boss)
    before = await enter_house(world, BINTA)
    password = await service.reset_password(world.house, number.shop.id, agent, by=boss)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(world.house, before.token)
    with pytest.raises(Unauthenticated):
        await enter_house(world, BINTA)
    assert (await enter_house(world, BINTA, password)).session.must_change
    assert ("password.reset", f"user:{boss}") in await acts(world, HOUSE)
    assert ("member.added", f"user:{boss}") in await acts(world, number.shop.id)


async def test_who_was_let_go_everywhere_comes_back_with_a_new_password(world: World, number: Number) -> None:
    boss = await hire(world, number)
    agent = await hire(world, number, BINTA, "agent", by=boss)
    session = (await enter_house(world, BINTA)).session
    await service.remove(world.house, number.shop.id, agent, by=boss)
    with pytest.raises(Forbidden):
        await sessions.enter(world.house, session, number.shop.id)
    _, password = await service.add(world.house, number.shop.id, email=BINTA, name="Binta", role="agent", by=boss)
    assert password is not None
    with pytest.raises(Unauthenticated):
        await enter_house(world, BINTA)


async def test_a_shop_keeps_an_owner(world: World, number: Number) -> None:
    boss = await hire(world, number)
    with pytest.raises(Conflict, match="at least one owner"):
        await service.set_role(world.house, number.shop.id, boss, "agent", by=boss)
    second = await hire(world, number, BINTA)
    left = await asyncio.gather(
        service.remove(world.house, number.shop.id, boss, by=None),
        service.remove(world.house, number.shop.id, second, by=None),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in left) == ["Conflict", "NoneType"]


def test_roles_allow_what_they_are_for() -> None:
    assert ROLE_SCOPES["owner"] == SCOPES
    assert {scope for scope in ROLE_SCOPES["analyst"] if scope.endswith(":write")} == {"evals:write"}
    assert not any(scope.startswith(("users:", "settings:")) for scope in ROLE_SCOPES["agent"])
    assert not any(scope.startswith("users:") for scope in KEY_SCOPES)


# Keys


async def test_a_key_opens_its_shop_for_its_scopes_until_it_is_revoked(world: World, number: Number) -> None:
    other = await world.number()
    async with world.db.transaction(number.shop.id) as tx:
        made, key = await keys.make(tx, "webshop", ["orders:read"], world.clock.now())
    access = await sessions.enter_with_key(world.house, key)
    assert (access.shop_id, access.scopes, access.actor) == (number.shop.id, {"orders:read"}, f"key:{made.id}")
    elsewhere = key.replace(f"griot_{number.shop.id}_", f"griot_{other.shop.id}_")
    for wrong in (elsewhere, key[:-1] + "!", "griot_0_" + "a" * 43, "griot_99999999999999999999_" + "a" * 43):
        with pytest.raises(Unauthenticated):
            await sessions.enter_with_key(world.house, wrong)
    async with world.db.transaction(number.shop.id) as tx:
        assert [item.used_at for item in await queries.keys(tx)] == [world.clock.now()]
        await keys.revoke(tx, made.id, world.clock.now())
    with pytest.raises(Unauthenticated):
        await sessions.enter_with_key(world.house, key)


@pytest.mark.parametrize("scopes", [[], ["users:write"], ["everything"]])
async def test_a_key_has_no_power_over_people(world: World, number: Number, scopes: list[str]) -> None:
    async with world.db.transaction(number.shop.id) as tx:
        with pytest.raises(InvalidInput):
            await keys.make(tx, "webshop", scopes, world.clock.now())
