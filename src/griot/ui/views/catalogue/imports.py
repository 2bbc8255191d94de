"""Bringing a catalogue in: asked for, corrected, written or given up; and sources that are read again by themselves."""

from typing import Annotated

from pydantic import Field

from griot.core.errors import InvalidInput
from griot.knowledge.importing.jobs import service
from griot.knowledge.importing.merging import schedules
from griot.ui import uploads
from griot.ui.desk import Desk
from griot.ui.registry import Done
from griot.ui.views.catalogue.page import view

Currency = Annotated[str | None, Field(max_length=3)]


@view.act("catalogue:write")
async def bring(desk: Desk, address: str = "", file: str = "", currency: Currency = None) -> Done:
    """Have an address or a file read, to be looked at before anything is written."""
    body = None
    source = address.strip()
    if file:
        source, body = await uploads.read(file, service.LARGEST_FILE)
    if not source:
        raise InvalidInput("Give the address of a shop, or choose a file.")
    async with desk.transaction() as tx:
        job = await service.ask(tx, source, desk.now, body=body, currency=currency)
    return Done(go=f"/catalogue/import/{job.id}")


@view.act("catalogue:write")
async def state_currency(desk: Desk, job: int, currency: Annotated[str, Field(max_length=3)]) -> Done:
    """Have it shown again: prices that name no currency are in this one."""
    async with desk.transaction() as tx:
        await service.correct(tx, job, desk.now, currency=currency)
    return Done(desk.t("catalogue.reading_again"))


@view.act("catalogue:write")
async def name_columns(desk: Desk, job: int, column: list[str], field: list[str]) -> Done:
    """Have it shown again with columns as the merchant names them; what they left as it was is not said."""
    async with desk.transaction() as tx:
        known = await service.job(tx, job)
        shown = {one["column"]: one["field"] or "" for one in (known.preview or {}).get("columns", [])}
        said = {name: what or "-" for name, what in zip(column, field, strict=False) if what != shown.get(name)}
        await service.correct(tx, job, desk.now, columns={**known.columns, **said})
    return Done(desk.t("catalogue.reading_again"))


@view.act("catalogue:write")
async def confirm(desk: Desk, job: int) -> Done:
    """Write what was shown."""
    async with desk.transaction() as tx:
        await service.confirm(tx, job, desk.now)
    return Done(desk.t("catalogue.writing"))


@view.act("catalogue:write")
async def give_up(desk: Desk, job: int) -> Done:
    """Give an import up before it writes."""
    async with desk.transaction() as tx:
        await service.cancel(tx, job, desk.now)
    return Done(desk.t("catalogue.given_up"), go="/catalogue/import")


@view.act("knowledge:write")
async def schedule(desk: Desk, address: str, every: Annotated[int | None, Field(ge=15, le=43_200)] = None) -> Done:
    """Read a source again every so many minutes; none: only by hand."""
    async with desk.transaction() as tx:
        await schedules.schedule(tx, address, every, desk.now)
    return Done(desk.t("catalogue.saved"))
