"""An import carried out: read, shown or written, its place noted as it goes, and given back when the process stops."""

import asyncio
from datetime import timedelta
from typing import Any

from griot.core import logs
from griot.core.db.pool import Tx
from griot.core.errors import GriotError, InvalidInput
from griot.core.events import record
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.knowledge.importing.bringing import Preview, preview_of, read_address, read_file
from griot.knowledge.importing.jobs import queries
from griot.knowledge.importing.jobs.keeping import packed, unpacked
from griot.knowledge.importing.jobs.models import Taken
from griot.knowledge.importing.merging import queries as sources
from griot.knowledge.importing.merging import service
from griot.knowledge.importing.merging.models import Plan
from griot.knowledge.importing.models import Found

log = logs.get(__name__)

OURS = timedelta(seconds=30)  # an import of a process that died is taken up after it
BEAT = 1.0  # seconds from one note of how far it is to the next
_MOST_TRIES = 3
_SHOWN = 300  # products and doubts of a preview
_KEPT = 1_000  # changes and doubts of a report


class _GivenUp(GriotError):
    """Somebody has cancelled it, or another process has it."""


async def run_next(house: House, shop_id: int) -> bool:
    """Carry out the shop's next import, if one waits; whether there was one."""
    now = house.clock.now()
    async with house.db.transaction(shop_id) as tx:
        row = await queries.take(tx, now, now + OURS)
    if row is None:
        return False
    job = Taken(**row)
    if job.tries > _MOST_TRIES:
        await _fail(house, shop_id, job, "It was begun three times and never ended: try it with a part of it.")
        return True
    run = _Run(house, shop_id, job)
    try:
        await run.carry_out()
    except _GivenUp:
        log.info("an import was given up", shop_id=shop_id, job=job.id)
    except GriotError as error:
        await _fail(house, shop_id, job, str(error))
    except asyncio.CancelledError:
        async with house.db.transaction(shop_id) as tx:
            await queries.release(tx, job.id)
        raise
    return True


class _Run:
    """One import in hand. While its work goes on, how far it is is written down every ``BEAT``."""

    def __init__(self, house: House, shop_id: int, job: Taken) -> None:
        self._house = house
        self._shop_id = shop_id
        self._job = job
        self._status = "writing" if job.write and job.found else "reading"
        self._done = 0
        self._expected: int | None = None

    async def carry_out(self) -> None:
        work = asyncio.create_task(self._work())
        try:
            while not work.done():
                await asyncio.wait([work], timeout=BEAT)
                if not work.done():
                    await self._beat()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        await work

    async def _work(self) -> None:
        found = await self._found()
        await self._beat()
        plan, source = await self._plan(found)
        if not self._job.write:
            return await self._show(found, plan)
        self._status, self._done, self._expected = "writing", 0, None
        await self._beat()
        assert source is not None
        report = await service.carry_out(
            self._house.db,
            self._shop_id,
            source,
            found.kind,
            plan,
            self._house.clock.now(),
            progress=self._note,
            actor=self._job.actor or "",
        )
        counts = {name: report[name] for name in ("new", "changed", "gone", "left_out")}
        async with self._house.db.transaction(self._shop_id, actor=self._job.actor or "") as tx:
            now = self._house.clock.now()
            await record(tx, "catalogue.imported", now, data={"job": self._job.id, "source": source, **counts})
            await queries.end(tx, self._job.id, "done", _bounded(report), None, now)
        return None

    async def _found(self) -> Found:
        """What the source says: as it was shown, else read now."""
        job = self._job
        if job.found is not None:
            return await asyncio.to_thread(unpacked, job.found)
        async with self._house.db.transaction(self._shop_id) as tx:
            known = await sources.source(tx, job.source) or {}
        columns = {**(known.get("mapping") or {}), **job.columns}
        if job.body is not None:
            found = await read_file(job.body, columns)
        else:
            found = await read_address(
                self._house, self._shop_id, job.source, token=known.get("token"), columns=columns, progress=self._note
            )
        kept = await asyncio.to_thread(packed, found)
        async with self._house.db.transaction(self._shop_id) as tx:
            await queries.keep(tx, job.id, kept)
        return found

    async def _plan(self, found: Found) -> tuple[Plan, int | None]:
        """What would be done, and the source's number; one that brings nothing is not remembered."""
        job = self._job
        async with self._house.db.transaction(self._shop_id) as tx:
            shop = await load_shop(tx)
            row = await sources.source(tx, job.source)
            if job.write and found.products:
                row = await self._remembered(tx)
            terms = service.terms_of(row or {}, shop.currency, stated=job.currency)
            plan = await service.planned(tx, found, terms, row["id"] if row else None)
            if job.write and (row is None or not plan.steps):
                why = f"{plan.doubts[0].what} {plan.doubts[0].do}" if plan.doubts else "No article was found there."
                raise InvalidInput(f"Nothing can come in. {why}")
        return plan, row["id"] if row else None

    async def _remembered(self, tx: Tx) -> dict[str, Any]:
        job = self._job
        return await sources.save_source(
            tx,
            job.source,
            currency=job.currency,
            pieces=None,
            mapping=job.columns or None,
            now=self._house.clock.now(),
        )

    async def _show(self, found: Found, plan: Plan) -> None:
        preview = preview_of(self._job.source, found, plan)
        async with self._house.db.transaction(self._shop_id, actor=self._job.actor or "") as tx:
            now = self._house.clock.now()
            if await queries.show(tx, self._job.id, _shown(preview, plan), now):
                await record(tx, "import.shown", now, data={"job": self._job.id})

    def _note(self, done: int, expected: int | None) -> None:
        self._done, self._expected = done, expected

    async def _beat(self) -> None:
        until = self._house.clock.now() + OURS
        async with self._house.db.transaction(self._shop_id) as tx:
            if not await queries.advance(tx, self._job.id, self._status, self._done, self._expected, until):
                raise _GivenUp("It was given up.")


def _shown(preview: Preview, plan: Plan) -> dict[str, Any]:
    """A preview as it is kept: what changes first, and as much of it as anybody looks at."""
    report = {name: preview.report[name] for name in ("new", "changed", "unchanged", "gone", "left_out")}
    first = sorted(preview.products, key=lambda product: product["change"] == "unchanged")[:_SHOWN]
    return {
        "kind": preview.kind,
        "currency_needed": preview.currency_needed,
        **report,
        "in_all": len(plan.steps),
        "products": [
            {**product, "price": {"minor": product["price"].minor, "currency": product["price"].currency}}
            if product["price"]
            else product
            for product in first
        ],
        "warnings": preview.report["warnings"][:_SHOWN],
        "doubts": len(preview.report["warnings"]),
        "columns": list(preview.columns),
    }


def _bounded(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "changes": report["changes"][:_KEPT], "warnings": report["warnings"][:_KEPT]}


async def _fail(house: House, shop_id: int, job: Taken, why: str) -> None:
    log.warning("an import failed", shop_id=shop_id, job=job.id, why=why)
    async with house.db.transaction(shop_id, actor=job.actor or "") as tx:
        now = house.clock.now()
        await queries.end(tx, job.id, "failed", None, why, now)
        await record(tx, "import.failed", now, data={"job": job.id})
