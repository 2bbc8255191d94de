"""Pictures of products: which are to be fetched, what became of it, and what replies are given."""

import asyncio
import hashlib
from datetime import datetime, timedelta
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.importing.pictures import queries
from griot.knowledge.importing.pictures.models import Got, Picture, Stored, Wanted
from griot.knowledge.importing.pictures.shrinking import LARGEST, shrunk

AT_ONCE = 60  # pictures of a shop in one go
_OURS = timedelta(minutes=10)  # longer than these may take: those of a process that died are taken up after it
_AGAIN = timedelta(days=30)  # a shop may put another picture at the same address
_RETRY = timedelta(hours=1)  # four times as long after each further failure
_LISTED = 200  # troubles


async def take_due(tx: Tx, now: datetime) -> list[Wanted]:
    """Pictures of the shop to fetch now, which nobody else gets meanwhile; those it needs no more are dropped."""
    await queries.forget(tx, now - _AGAIN)
    return [Wanted(**row) for row in await queries.take_due(tx, AT_ONCE, now, now + _OURS)]


async def settle(tx: Tx, wanted: Wanted, found: Got, now: datetime) -> None:
    """Keep what was fetched, or why there is nothing."""
    row = {"product_id": wanted.product_id, "address": wanted.address}
    if found.trouble:
        pause = min(_RETRY * 4**wanted.tries, _AGAIN) if wanted.tries < 10 else _AGAIN
        return await queries.fail(tx, {**row, "trouble": found.trouble, "next_at": now + pause})
    row |= {"etag": found.etag, "modified": found.modified, "next_at": now + _AGAIN}
    picture = found.picture
    if picture is None:
        return await queries.keep_as_it_is(tx, row)
    return await queries.keep(
        tx,
        {
            **row,
            "content": picture.content,
            "sha256": found.sha256,
            "mime": picture.mime,
            "width": picture.width,
            "height": picture.height,
            "now": now,
        },
    )


async def made_small(body: bytes) -> Picture:
    """A picture that somebody chose, as it is sent. ``InvalidInput``: it is none that can be read."""
    if not 0 < len(body) <= LARGEST:
        raise InvalidInput(f"The picture is empty, or larger than {LARGEST // 1_000_000} MB.")
    return await asyncio.to_thread(shrunk, body)


async def put(tx: Tx, product_id: int, picture: Picture, now: datetime) -> None:
    """A picture that a person chose takes the place of the product's; imports leave it alone as all that is corrected
    by hand. ``NotFound``."""
    sha256 = hashlib.sha256(picture.content).digest()
    address = f"upload:{sha256.hex()}"
    await catalogue.edit(tx, product_id, {"image_url": address}, now)
    await queries.put(
        tx,
        {
            "product_id": product_id,
            "address": address,
            "content": picture.content,
            "sha256": sha256,
            "mime": picture.mime,
            "width": picture.width,
            "height": picture.height,
            "now": now,
        },
    )


async def release(tx: Tx, unasked: list[Wanted], next_at: datetime) -> None:
    """Give back what was taken and could not be asked for."""
    await queries.release(tx, [one.product_id for one in unasked], next_at)


async def has(tx: Tx, product_id: int) -> bool:
    """Whether the product's picture can be sent."""
    return await queries.has(tx, product_id)


async def load(tx: Tx, product_id: int) -> Stored | None:
    """The product's picture, or None when none is kept."""
    row = await queries.load(tx, product_id)
    return Stored(row["content"], row["mime"], row["sha256"].hex()) if row else None


async def overview(tx: Tx) -> dict[str, Any]:
    """Counts, and the pictures that could not be had, for the merchant."""
    return {**await queries.counts(tx), "troubles": await queries.troubles(tx, _LISTED)}
