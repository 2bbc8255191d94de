"""Imports that people ask for: asked, corrected, confirmed, given up, and looked at."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.money import exponent
from griot.knowledge.importing.files.mapping import FIELDS
from griot.knowledge.importing.jobs import queries
from griot.knowledge.importing.jobs.models import Job

LARGEST_FILE = 20 * 1024 * 1024  # bytes
MOST = 5  # that a shop has under way
_UNDECIDED = timedelta(days=7)
_LONGEST_SOURCE = 2_000


async def ask(
    tx: Tx,
    source: str,
    now: datetime,
    *,
    body: bytes | None = None,
    currency: str | None = None,
    columns: Mapping[str, str] | None = None,
    write: bool = False,
) -> Job:
    """Have a catalogue brought in by a worker. ``source``: an address, or the name of the file whose ``body`` is given.

    ``write``: at once, otherwise it is shown first. What was asked of the same source and is not being written yet is
    given up for it. ``Conflict``: it is being written just now, or too many are under way; ``InvalidInput``.
    """
    source = " ".join(source.split())
    if not source or len(source) > _LONGEST_SOURCE:
        raise InvalidInput("Give the address of a shop, a page or a feed, such as https://boutique.example.")
    if body is not None and not 0 < len(body) <= LARGEST_FILE:
        raise InvalidInput("The file is empty, or has more than 20 MB: split it.")
    currency = _currency(currency)
    _check(columns or {})
    await queries.forget(tx, now - _UNDECIDED)
    others = await queries.unfinished(tx)
    for other in [one for one in others if one["source"] == source]:
        if not await queries.cancel(tx, other["id"], now):
            raise Conflict(f"{source} is being written just now: wait until that is done.")
        others.remove(other)
    if len(others) >= MOST:
        raise Conflict(f"{MOST} imports are under way: bring one of them in or give it up first.")
    job_id = await queries.insert(tx, source, body, currency, columns or {}, write, now)
    await record(tx, "import.asked", now, data={"job": job_id})
    return await job(tx, job_id)


async def job(tx: Tx, job_id: int) -> Job:
    """How far an import is. ``NotFound``."""
    row = await queries.job(tx, job_id)
    if row is None:
        raise NotFound(f"There is no import {job_id} in this shop.")
    return Job(**row)


async def page(tx: Tx, limit: int = 20, before: int | None = None) -> list[Job]:
    """Imports, the latest first, from before a number on."""
    return [Job(**row) for row in await queries.page(tx, limit, before)]


async def correct(
    tx: Tx, job_id: int, now: datetime, *, currency: str | None = None, columns: Mapping[str, str] | None = None
) -> Job:
    """Show it again with another currency, or with columns as the merchant names them.

    ``Conflict``: it is not being shown; ``InvalidInput``: nothing is corrected, or by something that cannot be.
    """
    if currency is None and columns is None:
        raise InvalidInput("Say the currency of the prices, or what a column is.")
    _check(columns or {})
    if not await queries.correct(tx, job_id, _currency(currency), columns, now):
        raise await _too_late(tx, job_id)
    await record(tx, "import.corrected", now, data={"job": job_id})
    return await job(tx, job_id)


async def confirm(tx: Tx, job_id: int, now: datetime) -> Job:
    """Write what was shown. ``Conflict``: it is not being shown, or nothing would come in."""
    known = await job(tx, job_id)
    if known.status == "shown" and not (known.preview or {}).get("products"):
        raise Conflict("Nothing would come in: correct it first, or give it up.")
    if not await queries.confirm(tx, job_id, now):
        raise await _too_late(tx, job_id)
    await record(tx, "import.confirmed", now, data={"job": job_id})
    return await job(tx, job_id)


async def cancel(tx: Tx, job_id: int, now: datetime) -> Job:
    """Give an import up. ``Conflict``: it writes already, or is over."""
    if not await queries.cancel(tx, job_id, now):
        raise await _too_late(tx, job_id)
    await record(tx, "import.cancelled", now, data={"job": job_id})
    return await job(tx, job_id)


def _currency(code: str | None) -> str | None:
    if not code:
        return None
    exponent(code.upper())  # InvalidInput, where there is none
    return code.upper()


def _check(columns: Mapping[str, str]) -> None:
    unknown = next((field for field in columns.values() if field != "-" and field not in FIELDS), None)
    if unknown is not None:
        raise InvalidInput(f"{unknown!r} is nothing that is read: write one of {', '.join(sorted(FIELDS))}, or -.")


async def _too_late(tx: Tx, job_id: int) -> Conflict | NotFound:
    row = await queries.job(tx, job_id)
    if row is None:
        return NotFound(f"There is no import {job_id} in this shop.")
    return Conflict(f"The import of {row['source']} is {row['status']} by now.")
