"""Every statement about shops, their channel accounts and their provider accounts."""

from datetime import datetime
from typing import Any

import orjson

from griot.core.db.pool import Tx


async def taken_slugs(tx: Tx, slug: str) -> set[str]:
    """The slugs that begin like this one. Until the transaction ends nobody else gives out a slug."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('griot.shops.slug'))")
    cursor = await tx.execute("SELECT slug FROM shops WHERE starts_with(slug, %s)", (slug,))
    return {row["slug"] for row in await cursor.fetchall()}


async def insert_shop(tx: Tx, row: dict[str, Any], now: datetime) -> int:
    """A new shop; from here on the transaction is that shop's."""
    cursor = await tx.execute(
        """
        INSERT INTO shops (slug, name, segment, country, currency, timezone, language, vendor_phone, created_at)
        VALUES (%(slug)s, %(name)s, %(segment)s, %(country)s, %(currency)s, %(timezone)s, %(language)s,
                %(vendor_phone)s, %(now)s)
        RETURNING shop_id, set_config('griot.shop_id', shop_id::text, true)
        """,
        {**row, "now": now},
    )
    written = await cursor.fetchone()
    assert written is not None
    return int(written["shop_id"])


async def shop_ids(tx: Tx, name: str | None = None) -> list[int]:
    """The ids of all shops, or of the one with this slug or number. Asked outside any shop."""
    cursor = await tx.execute(
        "SELECT shop_id FROM door_shops() WHERE %(name)s::text IS NULL OR slug = %(name)s OR shop_id::text = %(name)s",
        {"name": name},
    )
    return [row["shop_id"] for row in await cursor.fetchall()]


async def owner_of_account(tx: Tx, channel: str, external_id: str) -> int | None:
    """The shop that has connected this account. Until the transaction ends nobody else connects it."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext(%s || ':' || %s))", (channel, external_id))
    cursor = await tx.execute("SELECT shop_id FROM door_account(%s, %s)", (channel, external_id))
    row = await cursor.fetchone()
    return row["shop_id"] if row else None


async def accounts(tx: Tx, channel: str) -> list[dict[str, Any]]:
    """The shop's own accounts on a channel; the token is encrypted."""
    cursor = await tx.execute(
        "SELECT external_id, access_token FROM channel_accounts WHERE shop_id = current_shop() AND channel = %s"
        " ORDER BY id",
        (channel,),
    )
    return await cursor.fetchall()


async def all_accounts(tx: Tx) -> list[dict[str, Any]]:
    """The shop's accounts on all channels, the oldest first."""
    cursor = await tx.execute(
        "SELECT channel, external_id, display FROM channel_accounts WHERE shop_id = current_shop() ORDER BY id"
    )
    return await cursor.fetchall()


async def save_account(tx: Tx, row: dict[str, Any], now: datetime) -> int:
    """Connect an account, or renew its credentials; a pause ends, because the shop has acted."""
    cursor = await tx.execute(
        """
        INSERT INTO channel_accounts (shop_id, channel, external_id, display, access_token, app_secret,
                                      messages_per_second, created_at)
        VALUES (current_shop(), %(channel)s, %(external_id)s, %(display)s, %(access_token)s, %(app_secret)s,
                %(messages_per_second)s, %(now)s)
        ON CONFLICT (shop_id, channel, external_id) DO UPDATE SET
            display = EXCLUDED.display, access_token = EXCLUDED.access_token, app_secret = EXCLUDED.app_secret,
            messages_per_second = EXCLUDED.messages_per_second, paused_until = 'epoch', pause_reason = NULL
        RETURNING id
        """,
        {**row, "now": now},
    )
    written = await cursor.fetchone()
    assert written is not None
    return int(written["id"])


async def save_provider(tx: Tx, provider: str, credentials: bytes, now: datetime) -> None:
    """Store or renew the encrypted credentials of a payment provider."""
    await tx.execute(
        """
        INSERT INTO provider_accounts (shop_id, provider, credentials, created_at)
        VALUES (current_shop(), %s, %s, %s)
        ON CONFLICT (shop_id, provider) DO UPDATE SET credentials = EXCLUDED.credentials
        """,
        (provider, credentials, now),
    )


async def merge_settings(tx: Tx, changes: dict[str, Any]) -> None:
    """Change some settings and leave the others. The hours are among what buyers ask about: see the FAQ's version."""
    await tx.execute(
        "UPDATE shops SET settings = settings || %(changes)s::jsonb,"
        " catalogue_version = catalogue_version + (%(changes)s::jsonb ? 'opening_hours')::int"
        " WHERE shop_id = current_shop()",
        {"changes": orjson.dumps(changes).decode()},
    )


async def save_text(tx: Tx, language: str, name: str, words: str) -> None:
    """The shop's own words for a text in a language."""
    await tx.execute(
        "UPDATE shops SET texts = jsonb_set(texts, ARRAY[%(language)s], coalesce(texts -> %(language)s, '{}')"
        " || jsonb_build_object(%(name)s::text, %(words)s::text)) WHERE shop_id = current_shop()",
        {"language": language, "name": name, "words": words},
    )


async def delete_text(tx: Tx, language: str, name: str) -> bool:
    """No own words for a text any more; false when there were none."""
    cursor = await tx.execute(
        "UPDATE shops SET texts = texts #- ARRAY[%(language)s, %(name)s]"
        " WHERE shop_id = current_shop() AND texts -> %(language)s ? %(name)s RETURNING 1",
        {"language": language, "name": name},
    )
    return await cursor.fetchone() is not None


async def account(tx: Tx, account_id: int) -> dict[str, Any] | None:
    """One account; the token is encrypted."""
    cursor = await tx.execute(
        "SELECT channel, external_id, access_token FROM channel_accounts WHERE shop_id = current_shop() AND id = %s",
        (account_id,),
    )
    return await cursor.fetchone()


async def accounts_shown(tx: Tx) -> list[dict[str, Any]]:
    """The shop's accounts on every channel, without their secrets."""
    cursor = await tx.execute(
        "SELECT id, channel, external_id, display, messages_per_second, paused_until, pause_reason, created_at,"
        " checked_at, health FROM channel_accounts WHERE shop_id = current_shop() ORDER BY id"
    )
    return await cursor.fetchall()


async def save_health(tx: Tx, account_id: int, health: dict[str, Any], now: datetime) -> None:
    """What the channel said of an account."""
    await tx.execute(
        "UPDATE channel_accounts SET checked_at = %s, health = %s WHERE shop_id = current_shop() AND id = %s",
        (now, orjson.dumps(health).decode(), account_id),
    )


async def providers(tx: Tx) -> list[dict[str, Any]]:
    """The payment providers that the shop has credentials for, without them."""
    cursor = await tx.execute(
        "SELECT provider, created_at FROM provider_accounts WHERE shop_id = current_shop() ORDER BY provider"
    )
    return await cursor.fetchall()


async def update_shop(tx: Tx, changes: dict[str, Any]) -> None:
    """Change what a shop is; columns that are not named stay. What is searched depends on some of them."""
    columns = ("name", "segment", "timezone", "language", "vendor_phone")
    await tx.execute(
        """
        UPDATE shops SET name = CASE WHEN %(given)s::jsonb ? 'name' THEN %(name)s ELSE name END,
                         segment = CASE WHEN %(given)s::jsonb ? 'segment' THEN %(segment)s ELSE segment END,
                         timezone = CASE WHEN %(given)s::jsonb ? 'timezone' THEN %(timezone)s ELSE timezone END,
                         language = CASE WHEN %(given)s::jsonb ? 'language' THEN %(language)s ELSE language END,
                         vendor_phone = CASE WHEN %(given)s::jsonb ? 'vendor_phone' THEN %(vendor_phone)s
                                             ELSE vendor_phone END,
                         catalogue_version = catalogue_version + 1
         WHERE shop_id = current_shop()
        """,
        {"given": orjson.dumps(changes).decode(), **dict.fromkeys(columns), **changes},
    )
