"""A live while it runs: how it stands, what to look at, what to do next, and who can be sent an invoice."""

from datetime import datetime, timedelta
from typing import Any

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import counted, text
from griot.tools.customers import queries as customers
from griot.tools.live import board_queries as queries
from griot.tools.live import service
from griot.tools.live.board_models import Alert, Bar, Board, Buyer, Entry, Moment, Pulse, Shelf, Tip
from griot.tools.live.models import Live
from griot.tools.live.pulse import pulse, step_for
from griot.tools.live.tips import LATELY, alerts, tips
from griot.tools.live.wording import short_name
from griot.tools.orders import queries as orders

NEAR = timedelta(minutes=2)  # what has just happened, and what is about to
MOST_SHELVES = 24
MOST_ENTRIES = 10
MOST_BUYERS = 30
_PRESENT = timedelta(minutes=30)  # who wrote since then is still there
_MOST_PRESENT = 200


async def board(tx: Tx, shop: Shop, live: Live, now: datetime, language: str | None = None) -> Board:
    """A live as it stands now. ``language``: in which a buyer without a name is named; none: the shop's."""
    moment = await _moment(tx, live, shop.currency, now)
    shelves = await shelves_of(tx, live, now)
    rate = await pulse_of(tx, live, now)
    return Board(
        live=live,
        totals=await service.totals(tx, live.id, shop.currency),
        pulse=rate,
        shelves=tuple(shelves),
        alerts=tuple(alerts(shelves, moment, await queries.open_escalations(tx))),
        tips=tuple(tips(shelves, moment, await _vips(tx, live, now), rate, live.started_at, now)),
        entries=tuple(await _entries(tx, live, language or shop.language)),
    )


async def shelves_of(tx: Tx, live: Live, now: datetime) -> list[Shelf]:
    """The quick catalogue with its stock; of a live without one, what is asked for most."""
    rows = await queries.shelves(tx, live.id, live.codes, now - LATELY, MOST_SHELVES, now)
    return [Shelf(price=Money(row.pop("price_minor"), row.pop("currency")), **row) for row in rows]


async def pulse_of(tx: Tx, live: Live, now: datetime) -> Pulse:
    """Orders over time, of a live that runs or is over."""
    until = live.ended_at or now
    step = step_for(until - live.started_at)
    rows = await queries.pulse(tx, live.id, step, live.started_at)
    return pulse([Bar(**row) for row in rows], step, live.started_at, until)


async def recent_buyers(tx: Tx) -> list[Buyer]:
    """Who wrote last, for an invoice by hand."""
    return [Buyer(**row) for row in await queries.recent_buyers(tx, MOST_BUYERS)]


def told(alert: Alert, language: str) -> str:
    """An alert in words."""
    values = {"code": alert.code, "amount": alert.amount}
    return _said(f"alert_{alert.kind}", values, alert.count, language)


def advised(tip: Tip, language: str) -> str:
    """A tip in words."""
    return _said(f"tip_{tip.rule}", tip.values, tip.values.get("count"), language)


def _said(name: str, values: dict[str, Any], count: int | None, language: str) -> str:
    number = counted(language, f"live.{name}", count) if count else ""
    return text(language, f"live.{name}", **values, number=number)


async def _moment(tx: Tx, live: Live, currency: str, now: datetime) -> Moment:
    row = await queries.moment(tx, live.id, now, NEAR)
    return Moment(received=Money(row.pop("received_minor"), currency), **row)


async def _vips(tx: Tx, live: Live, now: datetime) -> int:
    since = max(live.started_at, now - _PRESENT)
    known = await customers.load(tx, await queries.old_friends(tx, since, _MOST_PRESENT))
    return sum(customer.standing.vip for customer in known.values())


async def _entries(tx: Tx, live: Live, language: str) -> list[Entry]:
    latest = await orders.page(tx, MOST_ENTRIES, None, live_id=live.id)
    buyers = await customers.load(tx, {order.customer_id for order in latest})
    return [
        Entry(order, short_name(buyer.name, buyer.phone, language))
        for order in latest
        for buyer in (buyers[order.customer_id],)
    ]
