"""Every statement about users, sessions, members and keys.

Those about users, sessions and login limits are for a transaction of the house (shop 0), the others for one of a shop.
"""

from datetime import datetime, timedelta
from typing import Any, LiteralString

from griot.core.db.pool import Tx
from griot.tools.users.models import ApiKey, Member, Opening, Role, Session, User

_USER: LiteralString = (
    "SELECT id, email, password_hash, must_change, temporary_until, disabled_at FROM users"
    " WHERE shop_id = current_shop()"
)
_MEMBER: LiteralString = "SELECT user_id, email, name, role, created_at FROM members WHERE shop_id = current_shop()"
_KEY: LiteralString = (
    "SELECT id, name, scopes, created_at, used_at, revoked_at FROM api_keys WHERE shop_id = current_shop()"
)


async def user_by_email(tx: Tx, email: str) -> User | None:
    """Who logs in with this address."""
    cursor = await tx.execute(_USER + " AND email = %s", (email,))
    row = await cursor.fetchone()
    return User(**row) if row else None


async def user(tx: Tx, user_id: int) -> User | None:
    """A user by number."""
    cursor = await tx.execute(_USER + " AND id = %s", (user_id,))
    row = await cursor.fetchone()
    return User(**row) if row else None


async def insert_user(
    tx: Tx, email: str, password_hash: str, temporary_until: datetime | None, now: datetime
) -> int | None:
    """A new user; none when the address is known. A password that ends has to be changed."""
    cursor = await tx.execute(
        """
        INSERT INTO users (shop_id, email, password_hash, must_change, temporary_until, created_at)
        VALUES (current_shop(), %(email)s, %(hash)s, %(until)s::timestamptz IS NOT NULL, %(until)s, %(now)s)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        {"email": email, "hash": password_hash, "until": temporary_until, "now": now},
    )
    row = await cursor.fetchone()
    return row["id"] if row else None


async def set_password(tx: Tx, user_id: int, password_hash: str, temporary_until: datetime | None) -> None:
    """A new password; one that ends has to be changed."""
    await tx.execute(
        "UPDATE users SET password_hash = %(hash)s, must_change = %(until)s::timestamptz IS NOT NULL,"
        " temporary_until = %(until)s WHERE shop_id = current_shop() AND id = %(id)s",
        {"id": user_id, "hash": password_hash, "until": temporary_until},
    )


async def renew_hash(tx: Tx, user_id: int, former: str, password_hash: str) -> None:
    """The same password with the parameters of today, unless it has been changed meanwhile."""
    await tx.execute(
        "UPDATE users SET password_hash = %s WHERE shop_id = current_shop() AND id = %s AND password_hash = %s",
        (password_hash, user_id, former),
    )


async def set_disabled(tx: Tx, user_id: int, disabled_at: datetime | None) -> None:
    """Lock a user out, or let them in again."""
    await tx.execute(
        "UPDATE users SET disabled_at = %s WHERE shop_id = current_shop() AND id = %s", (disabled_at, user_id)
    )


async def try_once(tx: Tx, key: str, interval: timedelta, burst: int, now: datetime) -> datetime | None:
    """Count an attempt, ``burst`` at once and then one an ``interval``; when to come again if that is too many.

    A time further ahead than attempts can bring it is one of a clock that was set back since.
    """
    cursor = await tx.execute(
        """
        INSERT INTO login_limits AS l (shop_id, key, tat) VALUES (current_shop(), %(key)s, %(now)s + %(interval)s)
        ON CONFLICT (shop_id, key) DO UPDATE
           SET tat = CASE WHEN l.tat > %(now)s + %(all)s THEN %(now)s ELSE greatest(l.tat, %(now)s) END + %(interval)s
         WHERE l.tat <= %(now)s + %(ahead)s OR l.tat > %(now)s + %(all)s
        RETURNING tat
        """,
        {
            "key": key,
            "now": now,
            "interval": interval,
            "ahead": (burst - 1) * interval,
            "all": burst * interval,
        },
    )
    if await cursor.fetchone() is not None:
        return None
    cursor = await tx.execute(
        "SELECT tat - %s AS again FROM login_limits WHERE shop_id = current_shop() AND key = %s",
        ((burst - 1) * interval, key),
    )
    row = await cursor.fetchone()
    return row["again"] if row else now


async def forget_attempts(tx: Tx, key: str, now: datetime) -> None:
    """The account's owner is here; what others have used up long ago goes, too."""
    await tx.execute("DELETE FROM login_limits WHERE shop_id = current_shop() AND (key = %s OR tat < %s)", (key, now))


async def insert_session(
    tx: Tx, user_id: int, kind: str, token_hash: bytes, expires_at: datetime, now: datetime
) -> int:
    """A new session."""
    cursor = await tx.execute(
        """
        INSERT INTO sessions (shop_id, user_id, kind, token_hash, created_at, used_at, expires_at)
        VALUES (current_shop(), %(user)s, %(kind)s, %(hash)s, %(now)s, %(now)s, %(expires)s) RETURNING id
        """,
        {"user": user_id, "kind": kind, "hash": token_hash, "now": now, "expires": expires_at},
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


_SESSION: LiteralString = """
    SELECT s.id, s.user_id, u.email, s.kind, u.must_change, s.expires_at, s.used_at
      FROM sessions s JOIN users u ON u.shop_id = s.shop_id AND u.id = s.user_id
     WHERE s.shop_id = current_shop() AND s.revoked_at IS NULL AND s.expires_at > %(now)s
       AND s.used_at > %(idle)s AND u.disabled_at IS NULL
       AND (u.temporary_until IS NULL OR u.temporary_until > %(now)s)
"""


async def session_by_token(
    tx: Tx, kind: str, token_hash: bytes, idle: datetime, now: datetime
) -> tuple[Session, datetime] | None:
    """The good session behind a token, last used after ``idle``, and when it was used last."""
    cursor = await tx.execute(
        _SESSION + " AND s.kind = %(kind)s AND s.token_hash = %(hash)s",
        {"kind": kind, "hash": token_hash, "idle": idle, "now": now},
    )
    return _session(await cursor.fetchone())


async def session_by_id(tx: Tx, session_id: int, idle: datetime, now: datetime) -> tuple[Session, datetime] | None:
    """A good session by number, last used after ``idle``, and when it was used last."""
    cursor = await tx.execute(_SESSION + " AND s.id = %(id)s", {"id": session_id, "idle": idle, "now": now})
    return _session(await cursor.fetchone())


def _session(row: dict[str, Any] | None) -> tuple[Session, datetime] | None:
    if row is None:
        return None
    used_at = row.pop("used_at")
    return Session(**row), used_at


async def open_sessions(tx: Tx, user_id: int, idle: datetime, now: datetime) -> list[Opening]:
    """The good sessions of a user, the one used last first."""
    cursor = await tx.execute(
        "SELECT id, kind, created_at, used_at FROM sessions WHERE shop_id = current_shop() AND user_id = %s"
        " AND revoked_at IS NULL AND expires_at > %s AND used_at > %s ORDER BY used_at DESC, id DESC LIMIT 50",
        (user_id, now, idle),
    )
    return [Opening(**row) for row in await cursor.fetchall()]


async def touch_session(tx: Tx, session_id: int, now: datetime) -> None:
    """The session is in use."""
    await tx.execute("UPDATE sessions SET used_at = %s WHERE shop_id = current_shop() AND id = %s", (now, session_id))


async def rotate(tx: Tx, session_id: int, token_hash: bytes, fresh_hash: bytes, now: datetime) -> bool:
    """Replace a session's token; false when another request has done so already."""
    cursor = await tx.execute(
        "UPDATE sessions SET former_hash = token_hash, token_hash = %s, used_at = %s"
        " WHERE shop_id = current_shop() AND id = %s AND token_hash = %s RETURNING id",
        (fresh_hash, now, session_id, token_hash),
    )
    return await cursor.fetchone() is not None


async def session_of_former(tx: Tx, token_hash: bytes) -> tuple[int, int] | None:
    """The live session, and its user, whose token was replaced by a newer one: somebody uses an old one again."""
    cursor = await tx.execute(
        "SELECT id, user_id FROM sessions WHERE shop_id = current_shop() AND former_hash = %s AND revoked_at IS NULL",
        (token_hash,),
    )
    row = await cursor.fetchone()
    return (row["id"], row["user_id"]) if row else None


async def revoke_session(tx: Tx, session_id: int, now: datetime) -> bool:
    """End a session; false when it was over."""
    cursor = await tx.execute(
        "UPDATE sessions SET revoked_at = %s WHERE shop_id = current_shop() AND id = %s AND revoked_at IS NULL"
        " RETURNING id",
        (now, session_id),
    )
    return await cursor.fetchone() is not None


async def revoke_sessions(tx: Tx, user_id: int, now: datetime, *, but: int | None = None) -> None:
    """End every session of a user, except perhaps one."""
    await tx.execute(
        "UPDATE sessions SET revoked_at = %s WHERE shop_id = current_shop() AND user_id = %s AND revoked_at IS NULL"
        " AND id IS DISTINCT FROM %s",
        (now, user_id, but),
    )


async def memberships(tx: Tx, user_id: int) -> list[tuple[int, Role]]:
    """The shops that a user works in, with the role; asked outside any shop."""
    cursor = await tx.execute("SELECT shop_id, role FROM door_memberships(%s)", (user_id,))
    return [(row["shop_id"], row["role"]) for row in await cursor.fetchall()]


async def member(tx: Tx, user_id: int) -> Member | None:
    """What a user is in this shop."""
    cursor = await tx.execute(_MEMBER + " AND user_id = %s", (user_id,))
    row = await cursor.fetchone()
    return Member(**row) if row else None


async def members(tx: Tx) -> list[Member]:
    """Everybody who works in this shop."""
    cursor = await tx.execute(_MEMBER + " ORDER BY created_at, user_id")
    return [Member(**row) for row in await cursor.fetchall()]


async def insert_member(tx: Tx, user_id: int, email: str, name: str, role: str, now: datetime) -> bool:
    """A user works in this shop from now on; false when they do already."""
    cursor = await tx.execute(
        "INSERT INTO members (shop_id, user_id, email, name, role, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING user_id",
        (user_id, email, name, role, now),
    )
    return await cursor.fetchone() is not None


async def lock_owners(tx: Tx) -> list[int]:
    """The owners of this shop, held until the transaction ends, so that the last one cannot go twice at once."""
    cursor = await tx.execute(
        "SELECT user_id FROM members WHERE shop_id = current_shop() AND role = 'owner' ORDER BY user_id FOR UPDATE"
    )
    return [row["user_id"] for row in await cursor.fetchall()]


async def set_role(tx: Tx, user_id: int, role: str) -> None:
    """Another role in this shop."""
    await tx.execute("UPDATE members SET role = %s WHERE shop_id = current_shop() AND user_id = %s", (role, user_id))


async def delete_member(tx: Tx, user_id: int) -> None:
    """A user works here no more."""
    await tx.execute("DELETE FROM members WHERE shop_id = current_shop() AND user_id = %s", (user_id,))


async def insert_key(tx: Tx, name: str, key_hash: bytes, scopes: list[str], now: datetime) -> int:
    """A new key of the public API."""
    cursor = await tx.execute(
        "INSERT INTO api_keys (shop_id, name, key_hash, scopes, created_at)"
        " VALUES (current_shop(), %s, %s, %s, %s) RETURNING id",
        (name, key_hash, scopes, now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def key_by_hash(tx: Tx, key_hash: bytes) -> ApiKey | None:
    """The key of this shop that is still good."""
    cursor = await tx.execute(_KEY + " AND key_hash = %s AND revoked_at IS NULL", (key_hash,))
    row = await cursor.fetchone()
    return _key(row) if row else None


async def keys(tx: Tx) -> list[ApiKey]:
    """Every key that this shop has had."""
    cursor = await tx.execute(_KEY + " ORDER BY id")
    return [_key(row) for row in await cursor.fetchall()]


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"])})


async def touch_key(tx: Tx, key_id: int, now: datetime) -> None:
    """The key is in use."""
    await tx.execute("UPDATE api_keys SET used_at = %s WHERE shop_id = current_shop() AND id = %s", (now, key_id))


async def revoke_key(tx: Tx, key_id: int, now: datetime) -> bool:
    """End a key; false when there is none of this number that is good."""
    cursor = await tx.execute(
        "UPDATE api_keys SET revoked_at = %s WHERE shop_id = current_shop() AND id = %s AND revoked_at IS NULL"
        " RETURNING id",
        (now, key_id),
    )
    return await cursor.fetchone() is not None
