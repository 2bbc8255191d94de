"""Where somebody begins: the figures of the day, what waits for somebody, and the way there."""

from griot.tools.briefing import service
from griot.tools.conversations import inbox
from griot.tools.customers import queries as customers
from griot.tools.live import service as lives
from griot.tools.live.board_models import Entry
from griot.tools.live.wording import short_name
from griot.tools.orders import queries as orders
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View

_URGENT = 4  # threads
_LATEST = 6  # orders

view = View("today", "orders:read", every=30.0)


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """The day so far."""
    async with desk.shop() as (tx, shop):
        today = await service.today(tx, shop, desk.now)
        live = await lives.current(tx) if desk.may("live:read") else None
        totals = await lives.totals(tx, live.id, shop.currency) if live else None
        urgent = await inbox.page(tx, "waiting", _URGENT, None, None) if desk.may("conversations:read") else []
        latest = await orders.page(tx, _LATEST, None)
        buyers = await customers.load(tx, {order.customer_id for order in latest})
    data = {
        "today": today,
        "live": live,
        "totals": totals,
        "urgent": [(short_name(thread.name, thread.phone, desk.language), thread) for thread in urgent],
        "entries": [
            Entry(order, short_name(buyer.name, buyer.phone, desk.language))
            for order in latest
            for buyer in (buyers[order.customer_id],)
        ],
    }
    return Shown("today/view.html", ("head", "figures", "live", "waits", "orders"), data, desk.t("today.title"))
