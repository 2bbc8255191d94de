"""What buyers are told without having asked: time running out, time over, their turn in line."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from griot.channels.model import Choice, Reply
from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.orders.models import Line, Order
from griot.tools.orders.wording import basket, time_left
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.reservation import queries

_TITLE_LIMIT = 20  # of a button, on the narrowest channel
_BUTTON_LIMIT = 3
_NEWS = timedelta(hours=24)  # in which it is worth telling that a hold is over


async def expired(tx: Tx, shop: Shop, orders: Iterable[Order], now: datetime) -> None:
    """The article is for sale again, and how to take it again. Said once for each order."""
    orders = list(orders)
    languages = await _languages(tx, shop, orders)
    await outbox.queue(
        tx,
        [
            Outgoing(order.conversation_id, _expired(language, order), f"expired:{order.id}", good_until=now + _NEWS)
            for order in orders
            if (language := languages.get(order.conversation_id))
        ],
        now,
    )


async def reminders(tx: Tx, shop: Shop, orders: Iterable[Order], now: datetime) -> int:
    """How much time is left, with the ways to use it; returns how many buyers were reminded."""
    orders = list(orders)
    languages = await _languages(tx, shop, orders)
    messages = [
        Outgoing(
            order.conversation_id,
            _reminder(language, order, now),
            f"reminder:{order.id}",
            held_order=order.id,
        )
        for order in orders
        if (language := languages.get(order.conversation_id))
    ]
    await outbox.queue(tx, messages, now)
    return len(messages)


async def served(tx: Tx, shop: Shop, entries: Sequence[tuple[int, Order, Line]], now: datetime) -> None:
    """It is the buyer's turn: entry of the waiting list, the order and the line that it became.

    Told even where a person answers: the buyer asked for this, and the hold has a deadline.
    """
    found = await queries.listeners(tx, {order.conversation_id for _, order, _ in entries})
    await outbox.queue(
        tx,
        [
            Outgoing(
                order.conversation_id,
                _served(found[order.conversation_id]["language"] or shop.language, order, line, now),
                f"served:{waiting_id}",
                held_order=order.id,
            )
            for waiting_id, order, line in entries
        ],
        now,
    )


async def _languages(tx: Tx, shop: Shop, orders: Iterable[Order]) -> dict[int, str]:
    """The language of each conversation that the agent may write in: where a person took over, it is silent."""
    found = await queries.listeners(tx, {order.conversation_id for order in orders})
    return {id_: row["language"] or shop.language for id_, row in found.items() if row["handler"] == "agent"}


def _expired(language: str, order: Order) -> Reply:
    lines = order.lines[:_BUTTON_LIMIT]
    again = text(language, "reservation.button_again")
    choices = tuple(
        Choice(
            f"take:{line.code}:{line.quantity}" if line.quantity > 1 else f"take:{line.code}",
            again if len(lines) == 1 else line.code[:_TITLE_LIMIT],
        )
        for line in {line.code: line for line in lines}.values()
    )
    codes = ", ".join(dict.fromkeys(line.code for line in order.lines))
    return Reply(text(language, "reservation.expired", basket=basket(language, order.lines), codes=codes), choices)


def _reminder(language: str, order: Order, now: datetime) -> Reply:
    body = text(
        language,
        "reservation.reminder",
        left=time_left(order.seconds_left(now)),
        basket=basket(language, order.lines),
        total=order.total,
    )
    extend = () if order.extended else (Choice(f"extend:{order.id}", text(language, "reservation.button_extend")),)
    return Reply(body, (_pay(language, order), *extend, _cancel(language, order)))


def _served(language: str, order: Order, line: Line, now: datetime) -> Reply:
    body = text(
        language,
        "reservation.served",
        basket=basket(language, [line]),
        total=line.total,
        minutes=max(1, order.seconds_left(now) // 60),
    )
    return Reply(body, (_pay(language, order), _cancel(language, order)))


def _pay(language: str, order: Order) -> Choice:
    return Choice(f"pay:{order.id}", text(language, "reservation.button_pay"))


def _cancel(language: str, order: Order) -> Choice:
    return Choice(f"cancel:{order.id}", text(language, "reservation.button_cancel"))
