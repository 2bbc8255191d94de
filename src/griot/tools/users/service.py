"""Who works in a shop: added, given another role, helped to a new password, let go.

A user's row is the house's and what they are in a shop is the shop's, so these acts take two transactions; the one
that gives something away comes last. ``by`` is the user who acts; none: whoever keeps the installation.
"""

import re
from datetime import timedelta
from typing import get_args

from griot.core.db.pool import HOUSE
from griot.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from griot.core.events import record
from griot.core.house import House
from griot.tools.users import passwords, queries
from griot.tools.users.models import Member, Role

TEMPORARY_LIFE = timedelta(days=3)

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}")
_LONGEST_EMAIL = 254
_LONGEST_NAME = 80


async def add(
    house: House, shop_id: int, *, email: str, name: str, role: str, by: int | None
) -> tuple[Member, str | None]:
    """Give somebody a role in a shop. Who is new gets a temporary password, returned once; who works in another shop
    keeps their own, and none is returned.

    ``InvalidInput``: no address, name or role; ``Conflict``: they work here already; ``Forbidden``: see ``_in_charge``.
    """
    email, name, wanted = _email(email), _name(name), _role(role)
    actor, now = _actor(by), house.clock.now()
    password: str | None = passwords.temporary()
    password_hash = await passwords.hashed(password or "")
    async with house.db.transaction(HOUSE, actor=actor) as tx:
        user_id = await queries.insert_user(tx, email, password_hash, now + TEMPORARY_LIFE, now)
        if user_id is not None:
            await record(tx, "user.made", now, data={"user": user_id})
    if user_id is None:
        user_id = await find(house, email)
        if await _shops_of(house, user_id):
            await _in_charge(house, by, user_id, shop_id)
            password = None
        else:  # they have been let go everywhere: whoever made them may know the old password
            password = await give_password(house, user_id, by=by)
    async with house.db.transaction(shop_id, actor=actor) as tx:
        if not await queries.insert_member(tx, user_id, email, name, wanted, now):
            raise Conflict(f"{email} works in this shop already: change the role instead.")
        await record(tx, "member.added", now, data={"user": user_id, "role": wanted})
    return Member(user_id, email, name, wanted, now), password


async def set_role(house: House, shop_id: int, user_id: int, role: str, *, by: int | None) -> Member:
    """Another role for a member. ``Conflict``: a shop keeps at least one owner."""
    wanted, now = _role(role), house.clock.now()
    async with house.db.transaction(shop_id, actor=_actor(by)) as tx:
        owners = await queries.lock_owners(tx)
        _must_work_here(await queries.member(tx, user_id), user_id)
        if wanted != "owner":
            _check_not_last(owners, user_id)
        await queries.set_role(tx, user_id, wanted)
        await record(tx, "member.role", now, data={"user": user_id, "role": wanted})
        member = await queries.member(tx, user_id)
    assert member is not None
    return member


async def remove(house: House, shop_id: int, user_id: int, *, by: int | None) -> None:
    """A member works here no more, from this moment on. ``Conflict``: a shop keeps at least one owner."""
    now = house.clock.now()
    async with house.db.transaction(shop_id, actor=_actor(by)) as tx:
        owners = await queries.lock_owners(tx)
        _must_work_here(await queries.member(tx, user_id), user_id)
        _check_not_last(owners, user_id)
        await queries.delete_member(tx, user_id)
        await record(tx, "member.removed", now, data={"user": user_id})


async def reset_password(house: House, shop_id: int, user_id: int, *, by: int) -> str:
    """A temporary password for a member, returned once; their sessions end, and they choose a new one first of all.

    ``Forbidden``: see ``_in_charge``.
    """
    async with house.db.transaction(shop_id) as tx:
        _must_work_here(await queries.member(tx, user_id), user_id)
    await _in_charge(house, by, user_id, shop_id)
    return await give_password(house, user_id, by=by)


async def give_password(house: House, user_id: int, *, by: int | None) -> str:
    """A temporary password for any user. ``NotFound``: no such user."""
    password = passwords.temporary()
    password_hash, now = await passwords.hashed(password), house.clock.now()
    async with house.db.transaction(HOUSE, actor=_actor(by)) as tx:
        if await queries.user(tx, user_id) is None:
            raise NotFound(f"There is no user {user_id}.")
        await queries.set_password(tx, user_id, password_hash, now + TEMPORARY_LIFE)
        await queries.revoke_sessions(tx, user_id, now)
        await record(tx, "password.reset", now, data={"user": user_id})
    return password


async def set_disabled(house: House, user_id: int, disabled: bool) -> None:
    """Lock a user out of every shop at once, or let them in again: for whoever keeps the installation."""
    now = house.clock.now()
    async with house.db.transaction(HOUSE, actor=_actor(None)) as tx:
        if await queries.user(tx, user_id) is None:
            raise NotFound(f"There is no user {user_id}.")
        await queries.set_disabled(tx, user_id, now if disabled else None)
        if disabled:
            await queries.revoke_sessions(tx, user_id, now)
        await record(tx, "user.disabled" if disabled else "user.enabled", now, data={"user": user_id})


async def _in_charge(house: House, by: int | None, user_id: int, shop_id: int) -> None:
    """``Forbidden`` unless the owner ``by`` owns every other shop that a user works in.

    Otherwise an owner would get into a colleague's shop by giving its people a password, or by bringing into their own
    shop an address that somebody else has the password of. Whoever keeps the installation (none) may do it.
    """
    if by is None:
        return
    owned = {shop for shop, role in await _shops_of(house, by) if role == "owner"}
    if any(shop not in owned for shop, _ in await _shops_of(house, user_id) if shop != shop_id):
        raise Forbidden("They work in shops that are not yours: whoever keeps the installation can do this.")


async def _shops_of(house: House, user_id: int) -> list[tuple[int, Role]]:
    async with house.db.anywhere() as connection:
        return await queries.memberships(connection, user_id)


def _actor(by: int | None) -> str:
    return "cli" if by is None else f"user:{by}"


async def find(house: House, email: str) -> int:
    """The user who logs in with this address; ``NotFound`` when nobody does."""
    async with house.db.transaction(HOUSE) as tx:
        user = await queries.user_by_email(tx, email.strip().lower())
    if user is None:
        raise NotFound(f"Nobody logs in as {email}: `griot user list` shows who works in a shop.")
    return user.id


def _must_work_here(member: Member | None, user_id: int) -> None:
    if member is None:
        raise NotFound(f"There is no user {user_id} in this shop.")


def _check_not_last(owners: list[int], user_id: int) -> None:
    if owners == [user_id]:
        raise Conflict("A shop keeps at least one owner: make somebody else one first.")


def _email(text: str) -> str:
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST_EMAIL or not email.isprintable():
        raise InvalidInput(f"{text!r} is no e-mail address: write it as awa@example.com.")
    return email


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"A user needs a name of 1 to {_LONGEST_NAME} characters.")
    return name


def _role(text: str) -> Role:
    for role in get_args(Role):
        if role == text:
            return role  # type: ignore[no-any-return]
    raise InvalidInput(f"{text!r} is no role: use one of {', '.join(get_args(Role))}.")
