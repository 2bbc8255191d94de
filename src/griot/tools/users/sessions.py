"""Logging in and staying so: sessions, the tokens that name them, and what their user may do in a shop."""

from dataclasses import replace
from datetime import datetime, timedelta

from griot.core.db.pool import HOUSE
from griot.core.errors import Forbidden, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from griot.core.events import record
from griot.core.house import House
from griot.tools.users import keys, passwords, queries, tokens
from griot.tools.users.models import Access, Opened, Opening, Session, SessionKind, User
from griot.tools.users.scopes import ROLE_SCOPES

COOKIE = "griot_session"  # of a browser
LONGEST = timedelta(days=30)  # a session lasts, however much it is used
IDLE = timedelta(days=3)  # unused
_TOUCH_EVERY = timedelta(minutes=1)

# Attempts to log in: so many at once, then one an interval.
_OF_ACCOUNT = (10, timedelta(minutes=1))
_OF_SOURCE = (30, timedelta(seconds=10))


async def log_in(
    house: House, email: str, password: str, source: str, kind: SessionKind, *, replacing: str | None = None
) -> Opened:
    """Open a session with a token of its own; a console's session that was there before (``replacing``) ends.

    ``source``: the address that asks. ``TooManyRequests``: too many attempts on this account or from there;
    ``Unauthenticated``: wrong address or password, in the same words and the same time.
    """
    email = email.strip().lower()
    account = house.keyring.sign("login account", email)
    await _count_attempt(house, account, house.keyring.sign("login source", source))
    async with house.db.transaction(HOUSE) as tx:
        user = await queries.user_by_email(tx, email)
    right = await passwords.verify(user.password_hash if user else None, password)
    now = house.clock.now()
    if user is None or not right or not _may_log_in(user, now):
        if user is not None:
            async with house.db.transaction(HOUSE, actor=f"user:{user.id}") as tx:
                await record(tx, "login.refused", now, data={"user": user.id})
        raise Unauthenticated("This address and password do not open anything: check both, or ask the owner for help.")
    renewed = await passwords.hashed(password) if passwords.outdated(user.password_hash) else None
    async with house.db.transaction(HOUSE, actor=f"user:{user.id}") as tx:
        await queries.forget_attempts(tx, account, now)
        if renewed:
            await queries.renew_hash(tx, user.id, user.password_hash, renewed)
        if replacing:
            former = await queries.session_by_token(tx, "console", tokens.digest(replacing), now - IDLE, now)
            if former:
                await queries.revoke_session(tx, former[0].id, now)
        token, expires_at = tokens.new(), now + LONGEST
        session_id = await queries.insert_session(tx, user.id, kind, tokens.digest(token), expires_at, now)
        await record(tx, "login.succeeded", now, data={"user": user.id, "session": session_id, "kind": kind})
    return Opened(Session(session_id, user.id, user.email, kind, user.must_change, expires_at), token)


async def _count_attempt(house: House, account: str, source: str) -> None:
    """In a transaction of its own: an attempt counts whatever comes of it."""
    now = house.clock.now()
    async with house.db.transaction(HOUSE) as tx:
        again = [
            await queries.try_once(tx, key, interval, burst, now)
            for key, (burst, interval) in ((source, _OF_SOURCE), (account, _OF_ACCOUNT))
        ]
    wait = max((when - now).total_seconds() if when else 0.0 for when in again)
    if wait > 0:
        raise TooManyRequests(f"Too many attempts to log in: wait {wait:.0f} seconds.", wait)


def _may_log_in(user: User, now: datetime) -> bool:
    return user.disabled_at is None and (user.temporary_until is None or user.temporary_until > now)


async def of_console(house: House, token: str) -> Session:
    """The session behind a console's cookie; ``Unauthenticated`` when it is over."""
    return await _used(house, kind="console", token=token)


async def of_access_token(house: House, token: str) -> Session:
    """The session that an access token of the API names; ``Unauthenticated`` when either is over."""
    return await _used(house, session_id=tokens.session_of(house.keyring, token, house.clock.now()))


async def _used(
    house: House, *, kind: SessionKind = "console", token: str = "", session_id: int | None = None
) -> Session:
    now = house.clock.now()
    async with house.db.transaction(HOUSE) as tx:
        if session_id is None:
            found = await queries.session_by_token(tx, kind, tokens.digest(token), now - IDLE, now)
        else:
            found = await queries.session_by_id(tx, session_id, now - IDLE, now)
        if found is None:
            raise Unauthenticated("This session is over: log in again.")
        session, used_at = found
        if now - used_at > _TOUCH_EVERY:
            await queries.touch_session(tx, session.id, now)
    return session


def access_token(house: House, session: Session) -> str:
    """A short-lived token for the API."""
    return tokens.access_token(house.keyring, session.id, session.user_id, house.clock.now())


async def refresh(house: House, token: str) -> Opened:
    """A new refresh token for the old one, which is good for nothing any more.

    An old one that comes again was stolen, or the new one was: the session ends, and its user logs in again.
    """
    now, digest, fresh = house.clock.now(), tokens.digest(token), tokens.new()
    async with house.db.transaction(HOUSE) as tx:
        found = await queries.session_by_token(tx, "api", digest, now - IDLE, now)
        if found and await queries.rotate(tx, found[0].id, digest, tokens.digest(fresh), now):
            return Opened(found[0], fresh)
        stolen = await queries.session_of_former(tx, digest)
        if stolen:
            session_id, user_id = stolen
            await queries.revoke_session(tx, session_id, now)
            await record(tx, "session.revoked", now, data={"user": user_id, "session": session_id, "why": "reused"})
    raise Unauthenticated("This refresh token is not good any more: log in again.")


async def open_sessions(house: House, user_id: int) -> list[Opening]:
    """Where a user is logged in, the one used last first."""
    now = house.clock.now()
    async with house.db.transaction(HOUSE) as tx:
        return await queries.open_sessions(tx, user_id, now - IDLE, now)


async def end(house: House, user_id: int, session_id: int) -> None:
    """End one of a user's own sessions. ``NotFound``: they have none of this number."""
    now = house.clock.now()
    async with house.db.transaction(HOUSE, actor=f"user:{user_id}") as tx:
        known = await queries.open_sessions(tx, user_id, now - IDLE, now)
        if session_id not in [one.id for one in known] or not await queries.revoke_session(tx, session_id, now):
            raise NotFound(f"There is no session {session_id} of yours that is still open.")
        await record(tx, "session.revoked", now, data={"user": user_id, "session": session_id, "why": "ended"})


async def log_out(house: House, session: Session) -> None:
    """End a session; its tokens are good for nothing from here on."""
    now = house.clock.now()
    async with house.db.transaction(HOUSE, actor=f"user:{session.user_id}") as tx:
        if await queries.revoke_session(tx, session.id, now):
            data = {"user": session.user_id, "session": session.id, "why": "logged_out"}
            await record(tx, "session.revoked", now, data=data)


async def change_password(house: House, session: Session, former: str, password: str) -> Session:
    """A user's own new password; every other session of theirs ends. ``Unauthenticated``: the former one is wrong."""
    passwords.check(password, session.email)
    account = house.keyring.sign("login account", session.email)
    await _count_attempt(house, account, house.keyring.sign("login source", f"session {session.id}"))
    async with house.db.transaction(HOUSE) as tx:
        user = await queries.user(tx, session.user_id)
    if user is None or not await passwords.verify(user.password_hash, former):
        raise Unauthenticated("The present password is another one.")
    if former == password:
        raise InvalidInput("The new password is the present one: take another.")
    password_hash, now = await passwords.hashed(password), house.clock.now()
    async with house.db.transaction(HOUSE, actor=f"user:{user.id}") as tx:
        await queries.set_password(tx, user.id, password_hash, None)
        await queries.revoke_sessions(tx, user.id, now, but=session.id)
        await queries.forget_attempts(tx, account, now)
        await record(tx, "password.changed", now, data={"user": user.id})
    return replace(session, must_change=False)


async def enter(house: House, session: Session, shop_id: int | None) -> Access:
    """What the session's user may do in a shop; in their only one, when none is named.

    ``Forbidden``: a shop that they do not work in, or that does not exist, or a given password not changed yet;
    ``InvalidInput``: several shops to choose from.
    """
    if session.must_change:
        raise Forbidden("Your password was given by somebody else: change it first.")
    if shop_id is None:
        shop_id = await _only_shop(house, session.user_id)
    if shop_id == HOUSE:
        raise Forbidden("You do not work in this shop.")
    async with house.db.transaction(shop_id) as tx:
        member = await queries.member(tx, session.user_id)
    if member is None:
        raise Forbidden("You do not work in this shop.")
    return Access(shop_id, f"user:{session.user_id}", ROLE_SCOPES[member.role], member.role)


async def _only_shop(house: House, user_id: int) -> int:
    async with house.db.anywhere() as connection:
        shops = await queries.memberships(connection, user_id)
    if not shops:
        raise Forbidden("You do not work in any shop: ask an owner to add you.")
    if len(shops) > 1:
        raise InvalidInput("You work in several shops: say in which one, as in ?shop=12.")
    return shops[0][0]


async def enter_with_key(house: House, key: str) -> Access:
    """What a key of the public API may do in its shop; ``Unauthenticated`` when it is none that is good."""
    shop_id = keys.shop_of(key)
    now = house.clock.now()
    async with house.db.transaction(shop_id) as tx:
        found = await queries.key_by_hash(tx, tokens.digest(key))
        if found is None:
            raise Unauthenticated("This API key is not good (any more): make a new one.")
        if found.used_at is None or now - found.used_at > _TOUCH_EVERY:
            await queries.touch_key(tx, found.id, now)
    return Access(shop_id, f"key:{found.id}", frozenset(found.scopes))
