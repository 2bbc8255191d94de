"""What the order book shows: the board, a list, a card, and the form of an order by hand."""

from dataclasses import replace
from datetime import date
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from griot.core.db.pool import Tx
from griot.core.events import of_order
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.service import products_by_code
from griot.tools.book import queries, service
from griot.tools.book.models import MOST_COUNTED, Alert, Column, Filters
from griot.tools.customers import queries as customers
from griot.tools.intakes import queries as intakes
from griot.tools.live.quick import choices
from griot.tools.orders.models import STAGES, Order, Stage
from griot.tools.payments import links
from griot.tools.payments import queries as payments
from griot.tools.users import queries as users
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown
from griot.ui.views.orders.view import view

_IN_A_COLUMN = 10
_IN_A_LIST = 40
_LINES = 8  # of the form for an order by hand
_SHOWN = 2  # of them at once
_REFUNDS = 5  # to be decided, that are shown above the book
_OFFERED = 200  # codes and buyers that the form suggests
_WORKING: tuple[Stage, ...] = ("new", "confirmed", "preparing", "ready", "delivered")


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """``/orders``: the board; with a stage, an alert or words, a list; ``/orders/12``: a card; ``/orders/new``."""
    if at.rest[:1] == ("new",):
        return await _form(desk)
    if (number := at.number()) is not None:
        return await _card(desk, number)
    filters = _filters(at)
    if filters.stage or filters.alert or filters.search:
        return await _list(desk, at, filters)
    return await _board(desk, filters)


def _filters(at: Address) -> Filters:
    stage, alert = at.get("stage"), at.get("alert")
    return Filters(
        stage=next((known for known in STAGES if known == stage), None),
        channel=at.get("channel"),
        since=_day(at.get("since")),
        until=_day(at.get("until")),
        search=(at.get("search") or "")[:120],
        alert=next((known for known in get_args(Alert) if known == alert), None),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _query(filters: Filters, **changed: object) -> str:
    """The address of the book with these filters, some of them changed."""
    values = {name: getattr(filters, name) for name in ("stage", "channel", "since", "until", "search", "alert")}
    said = urlencode({name: str(value) for name, value in (values | changed).items() if value})
    return f"#/orders?{said}" if said else "#/orders"


async def _around(desk: Desk, tx: Tx, shop: Shop, filters: Filters) -> dict[str, object]:
    """What stands above board and list: what waits too long, and how to find an order."""
    return {
        "filters": filters,
        "alerts": await service.alerts(tx, shop, desk.now),
        "refunds": await payments.refunds(tx, _REFUNDS, None, "staged"),
        "channels": [*await queries.channels(tx), "phone", "counter"],
        "most": MOST_COUNTED,
        "query": lambda **changed: _query(filters, **changed),
        "moves": moves,
    }


async def _board(desk: Desk, filters: Filters) -> Shown:
    async with desk.shop() as (tx, shop):
        columns = await service.columns(tx, shop, filters, _IN_A_COLUMN, desk.now)
        around = await _around(desk, tx, shop, filters)
    data = {**around, "columns": columns, "chosen": _chosen(columns)}
    return Shown("orders/view.html", ("head", "alerts", "find", "tabs", "board"), data, desk.t("orders.title"))


def _chosen(columns: list[Column]) -> Stage:
    """The column that a phone begins with: the first in which there is work."""
    return next((column.stage for column in columns if column.stage in _WORKING and column.many), "new")


async def _list(desk: Desk, at: Address, filters: Filters) -> Shown:
    before = at.get("before")
    place = int(before) if before and before.isascii() and before.isdigit() and len(before) < 19 else None
    async with desk.shop() as (tx, shop):
        columns = await service.columns(tx, shop, replace(filters, stage=None), 0, desk.now)
        entries = await service.page(tx, shop, filters, _IN_A_LIST, place, desk.now)
        around = await _around(desk, tx, shop, filters)
    data = {
        **around,
        "columns": columns,
        "chosen": filters.stage,
        "entries": entries,
        "further": _query(filters, before=entries[-1].order.id) if len(entries) == _IN_A_LIST else None,
    }
    return Shown("orders/list_view.html", ("head", "alerts", "find", "tabs", "list"), data, desk.t("orders.title"))


def moves(order: Order) -> tuple[Stage, ...]:
    """Where a person may put an order, the next step first (``book.service.move``)."""
    stage = order.stage
    if stage == "cancelled":
        return ()
    if stage == "new":
        return ("confirmed", "cancelled")
    steps: tuple[Stage, ...] = ("confirmed", "preparing", "ready", "delivered" if order.owed else "paid")
    if stage == "delivered":
        steps = (*steps, "paid")
    ahead = [step for step in steps if STAGES.index(step) > STAGES.index(stage)]
    back = [step for step in reversed(steps) if STAGES.index(step) < STAGES.index(stage)]
    return (*ahead, *back, *(("cancelled",) if order.open else ()))


async def _card(desk: Desk, number: int) -> Shown:
    async with desk.shop() as (tx, shop):
        entry = await service.entry(tx, number)
        order = entry.order
        before, after = await queries.neighbours(tx, number)
        forms = await intakes.of_order(tx, order.customer_id, number)
        last = await intakes.last_address(tx, order.customer_id)
        if last is not None and all(form.kind != "address" for form in forms):
            forms.append(last)
        data = {
            "entry": entry,
            "order": order,
            "customer": (await customers.load(tx, [order.customer_id]))[order.customer_id],
            "payments": await payments.of_order(tx, number),
            "refunds": await payments.refunds_of_order(tx, number),
            "papers": await queries.papers(tx, number),
            "before": before,
            "after": after,
            "forms": forms,
            "history": await of_order(tx, number),
            "people": {f"user:{member.user_id}": member.name for member in await users.members(tx)},
            "moves": moves(order),
            "pay_url": links.pay_url(desk.house.keyring, desk.house.config.public_url, shop.id, number),
        }
    parts = ("card_head", "card_lines", "card_buyer", "card_payment", "card_papers", "card_history")
    return Shown("orders/card.html", parts, data, f"#{order.reference}")


async def _form(desk: Desk) -> Shown:
    async with desk.shop() as (tx, shop):
        codes, buyers = await queries.suggestions(tx, _OFFERED)
        articles = choices(list((await products_by_code(tx, codes)).values()))
    today = desk.now.astimezone(ZoneInfo(shop.timezone)).date()
    data = {"articles": articles, "buyers": buyers, "lines": range(1, _LINES + 1), "shown": _SHOWN, "today": today}
    return Shown("orders/new.html", ("new_form",), data, desk.t("orders.new_order"))
