"""An import into a shop's catalogue: planned, shown, carried out in steps, and reported."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from griot.core.db.pool import Database, Tx
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct, NewVariant
from griot.knowledge.importing.merging import queries
from griot.knowledge.importing.merging.models import Kind, Known, OnSale, Plan, Step, Terms
from griot.knowledge.importing.merging.offers import saying
from griot.knowledge.importing.merging.planning import plan
from griot.knowledge.importing.models import Found

_AT_ONCE = 500  # products a transaction: buyers wait for none of them for long

Progress = Callable[[int, int], None]


async def planned(tx: Tx, found: Found, terms: Terms, source_id: int | None, *, accept_gone: bool = False) -> Plan:
    """What an import would do now. ``source_id`` None: of a source that the shop has not imported from yet.

    Comparing ten thousand products takes half a second: it happens beside the loop, which buyers' turns share.
    """
    known = [_known(row) async for row in queries.catalogue(tx, source_id)]
    return await asyncio.to_thread(plan, found, known, terms, accept_gone=accept_gone)


async def carry_out(
    db: Database,
    shop_id: int,
    source_id: int,
    kind: str,
    steps: Plan,
    now: datetime,
    *,
    whole: bool = False,
    progress: Progress | None = None,
    actor: str = "",
) -> dict[str, Any]:
    """Do what was planned and return the report. ``whole``: in one transaction, all of it or nothing.

    ``actor``: who asked for it, as in events.
    Otherwise each part is kept as it is done: an import that dies in between is simply done again.
    """
    todo = [step for step in steps.steps if step.change != "unchanged" or step.offer]
    size = max(len(todo), 1) if whole else _AT_ONCE
    for start in range(0, len(todo), size):
        async with db.transaction(shop_id, actor=actor) as tx:
            await _do(tx, source_id, todo[start : start + size], now)
        if progress:
            progress(min(start + size, len(todo)), len(todo))
    report = report_of(steps)
    async with db.transaction(shop_id) as tx:
        await queries.end_run(tx, source_id, kind, report, now)
    return report


def report_of(steps: Plan) -> dict[str, Any]:
    """Counts, the changes in words and the doubts, for the merchant."""
    return {
        "new": steps.count("new"),
        "changed": steps.count("changed"),
        "unchanged": steps.count("unchanged"),
        "gone": steps.count("gone"),
        "left_out": steps.left_out,
        "changes": [
            {"code": step.code, "title": step.title, "what": list(step.says)}
            for step in steps.steps
            if step.change in ("changed", "gone")
        ],
        "warnings": [asdict(doubt) for doubt in steps.doubts],
    }


async def _do(tx: Tx, source_id: int, steps: Sequence[Step], now: datetime) -> None:
    ids = await _create(tx, [step for step in steps if step.change == "new"], now)
    changed = [step for step in steps if step.product_id is not None]
    await catalogue.change(
        tx,
        [{"id": step.product_id, **step.fields} for step in changed if step.fields],
        {variant: price for step in changed for variant, price in step.prices.items()},
        {variant: pieces for step in changed for variant, pieces in step.stock.items()},
        now,
    )
    kinds = [(step.product_id, _variant(kind)) for step in changed for kind in step.kinds if step.product_id]
    if kinds:
        await catalogue.create_variants(tx, kinds, now)
    said = [
        {
            "key": step.offer.key,
            "product_id": step.product_id or ids[step.code],
            "said": saying(step.offer),
            "provenance": dict(step.offer.provenance),
        }
        for step in steps
        if step.offer
    ]
    if said:
        await queries.save_entries(tx, source_id, said, now)


async def _create(tx: Tx, steps: Sequence[Step], now: datetime) -> dict[str, int]:
    """The new products' ids by code."""
    made = await catalogue.create_products(
        tx,
        [
            NewProduct(
                code=step.code,
                title=step.offer.title,
                price=step.offer.price,
                stock=0,
                description=step.offer.description,
                category=step.offer.category,
                image_url=step.offer.image_url,
                variants=tuple(_variant(kind) for kind in step.kinds),
            )
            for step in steps
            if step.offer
        ],
        now,
    )
    return {product.code: product.id for product in made}


def _variant(kind: Kind) -> NewVariant:
    return NewVariant(dict(kind.options), kind.stock, kind.price)


def _known(row: dict[str, Any]) -> Known:
    fields = {name: row[name] for name in ("title", "description", "category", "price_minor", "image_url")}
    said = row["said"]
    if said is not None:  # most of it is in the catalogue word for word: kept once
        said |= {name: value for name, value in fields.items() if said.get(name) == value}
    return Known(
        id=row["id"],
        code=row["code"],
        fields=fields,
        active=row["active"],
        variants=tuple(OnSale(v["id"], v["options"], v["price_minor"], v["on_hand"]) for v in row["variants"]),
        key=row["key"],
        said=said,
    )


def terms_of(
    source: Mapping[str, Any], currency: str, *, stated: str | None = None, pieces: int | None = None
) -> Terms:
    """What a merchant has said about a source, now or before. ``currency``: the shop's."""
    counted = pieces if pieces is not None else source.get("pieces", 1)
    return Terms(currency, stated or source.get("currency"), counted)
