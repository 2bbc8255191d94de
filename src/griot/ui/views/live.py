"""The live sale as it runs."""

from griot.tools.live import service
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, Shown, View

view = View("live", "live:read", concerns=("live.", "order.", "payment.", "stock.", "hold."))


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """The running live: how it stands, and its stock."""
    async with desk.shop() as (tx, shop):
        live = await service.current(tx)
        totals = await service.totals(tx, live.id, shop.currency) if live else None
        levels = await service.levels(tx, live, desk.now) if live else []
    data = {"live": live, "totals": totals, "levels": levels}
    return Shown("live/view.html", ("head", "figures", "stock"), data, desk.t("live.title"))


@view.act("live:write")
async def start(desk: Desk, title: str = "", codes: str = "") -> Done:
    """Start a live; ``codes`` is the quick catalogue."""
    async with desk.shop() as (tx, shop):
        await service.start(tx, shop, title, codes.replace(",", " ").split(), desk.now)
    return Done(desk.t("live.started"))


@view.act("live:write")
async def stop(desk: Desk) -> Done:
    """End the live; its summary is made."""
    async with desk.shop() as (tx, shop):
        await service.stop(tx, shop, desk.now)
    return Done(desk.t("live.stopped"))
