"""Every statement about buyers who only try."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql

from griot.core.db.pool import Tx

_BUYER = sql.SQL("""
    SELECT b.id, b.account_id, a.channel, a.external_id AS account, a.display, b.key, b.phone, b.name
      FROM test_buyers b JOIN channel_accounts a ON a.shop_id = b.shop_id AND a.id = b.account_id
     WHERE b.shop_id = current_shop()
""")


async def buyers(tx: Tx) -> list[dict[str, Any]]:
    """The shop's test buyers, the latest first."""
    cursor = await tx.execute(sql.SQL("{buyer} ORDER BY b.id DESC LIMIT 50").format(buyer=_BUYER))
    return await cursor.fetchall()


async def buyer(tx: Tx, buyer_id: int) -> dict[str, Any] | None:
    """One test buyer."""
    cursor = await tx.execute(sql.SQL("{buyer} AND b.id = %s").format(buyer=_BUYER), (buyer_id,))
    return await cursor.fetchone()


async def accounts(tx: Tx) -> list[dict[str, Any]]:
    """The accounts that a buyer may write to."""
    cursor = await tx.execute(
        "SELECT id, channel, external_id, display FROM channel_accounts WHERE shop_id = current_shop() ORDER BY id"
    )
    return await cursor.fetchall()


async def account(tx: Tx, account_id: int) -> dict[str, Any] | None:
    """An account with what it is called by and its credentials, encrypted."""
    cursor = await tx.execute(
        "SELECT id, channel, external_id, display, access_token, app_secret FROM channel_accounts"
        " WHERE shop_id = current_shop() AND id = %s",
        (account_id,),
    )
    return await cursor.fetchone()


async def insert(tx: Tx, account_id: int, key: str, phone: str | None, name: str, now: datetime) -> int:
    """A test buyer; one whom the account knows already gets the new name."""
    cursor = await tx.execute(
        """
        INSERT INTO test_buyers (shop_id, account_id, key, phone, name, created_at)
        VALUES (current_shop(), %s, %s, %s, %s, %s)
        ON CONFLICT (shop_id, account_id, key) DO UPDATE SET name = excluded.name RETURNING id
        """,
        (account_id, key, phone, name, now),
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def said(tx: Tx, account_id: int, message_ids: Sequence[str]) -> list[dict[str, Any]]:
    """What was stored of these messages of an account, as they came."""
    cursor = await tx.execute(
        """
        SELECT kind, coalesce(text, '') AS text, payload, received_at AS at FROM messages
         WHERE shop_id = current_shop() AND account_id = %s AND external_id = ANY (%s) ORDER BY id
        """,
        (account_id, list(message_ids)),
    )
    return await cursor.fetchall()
