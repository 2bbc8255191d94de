"""What was before a case begins: messages, orders in every status, quotes, as if the shop had lived through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.evals import queries
from griot.evals.goods import Goods, amount
from griot.evals.models import Past, Wanted

_Line = Literal["held", "sold", "expired", "cancelled"]


@dataclass(frozen=True, slots=True)
class _Fate:
    """What a status of the format is in the tables, and how long ago such an order was made."""

    status: str
    line: _Line
    fulfilment: str | None = None
    age: timedelta = timedelta(0)


_FATES = {
    "reserved": _Fate("reserved", "held"),
    "awaiting_payment": _Fate("awaiting_payment", "held"),
    "payment_expired": _Fate("expired", "expired", age=timedelta(hours=1)),
    "paid": _Fate("paid", "sold", None, timedelta(hours=3)),
    "preparing": _Fate("paid", "sold", "preparing", timedelta(days=1)),
    "shipped": _Fate("paid", "sold", "shipped", timedelta(days=2)),
    "delivered": _Fate("paid", "sold", "delivered", timedelta(days=5)),
    "cancelled": _Fate("cancelled", "cancelled", age=timedelta(hours=1)),
}
_ALSO_CALLED = {"expired": "payment_expired", "pending": "awaiting_payment", "held": "reserved"}


@dataclass(frozen=True, slots=True)
class PastOrder:
    """``status`` is the format's; ``total`` None: the sum of the lines."""

    reference: str
    status: str
    lines: tuple[Wanted, ...]
    total: Money | None
    wanted_on: str | None


class Ledger:
    """Enters the past of one buyer. Times lie before ``now``, in the order of the history."""

    def __init__(self, tx: Tx, shop: Shop, goods: Goods, customer_id: int, conversation_id: int, now: datetime) -> None:
        self._tx = tx
        self._shop = shop
        self._goods = goods
        self._customer_id = customer_id
        self._conversation_id = conversation_id
        self._now = now
        self._numbers: set[str] = set()  # of quotes

    async def write_history(self, history: Sequence[Past], account_id: int, step: timedelta) -> None:
        """Everything of a case's history. Of several reserved orders the last is the basket, the others wait for
        their payment: a thread has one basket."""
        basket = max(
            (n for n, past in enumerate(history) if past.kind == "order" and _fate(past) == "reserved"), default=-1
        )
        for n, past in enumerate(history):
            at = self._now - step * (len(history) - n)
            if past.kind == "msg":
                row = {"by": past.by, "text": past.text, "kind": _kind(past.text), "id": f"history-{n}"}
                await queries.add_said(self._tx, account_id, self._conversation_id, row, at)
            elif past.kind == "order":
                status = _fate(past)
                order = PastOrder(
                    past.id,
                    "awaiting_payment" if status == "reserved" and n != basket else status,
                    past.lines,
                    self._amount(past.total),
                    past.date,
                )
                await self.write_order(order, at)
            else:
                await self._write_quote(past, at)

    async def write_order(
        self, order: PastOrder, at: datetime, *, from_shelf: bool = True, open_until: datetime | None = None
    ) -> int:
        """One order; what it holds comes from the shelf, what it sold had left it before the suite counted."""
        fate = _FATES[order.status]
        made = at - fate.age
        lines = [(found, line.quantity or 1) for line in order.lines if (found := self._goods.variant(line))]
        units = [product.unit_price(variant, quantity).minor for (product, variant), quantity in lines]
        total = order.total.minor if order.total else sum(u * q for u, (_, q) in zip(units, lines, strict=True))
        if len(lines) == 1 and total > 0 and total % lines[0][1] == 0:
            units = [total // lines[0][1]]
        deadline = made + timedelta(minutes=self._shop.hold_minutes)
        if fate.line == "held":
            deadline = open_until or max(deadline, self._now + timedelta(minutes=5))
        paid_at = made + timedelta(minutes=5) if fate.status == "paid" else None
        order_id = await queries.add_order(
            self._tx,
            {
                "reference": order.reference,
                "customer_id": self._customer_id,
                "conversation_id": self._conversation_id,
                "status": fate.status,
                "fulfilment": fate.fulfilment,
                "means": "wave" if paid_at else None,
                "total": total,
                "currency": self._shop.currency,
                "expires_at": deadline,
                "created_at": made,
                "paid_at": paid_at,
                "closed_at": paid_at or (deadline if fate.line != "held" else None),
                "wanted_on": queries.as_date(order.wanted_on),
            },
        )
        for ((_, variant), quantity), unit in zip(lines, units, strict=True):
            row = {"variant_id": variant.id, "quantity": quantity, "unit": unit, "status": fate.line}
            await queries.add_hold(self._tx, order_id, row, made)
            if fate.line == "held":
                await queries.book(self._tx, variant.id, held=quantity, from_shelf=from_shelf)
            elif fate.line == "sold":
                await queries.book(self._tx, variant.id, sold=quantity, from_shelf=False)
        if paid_at and total:
            await queries.add_payment(self._tx, order_id, total, self._shop.currency, paid_at)
        if fate.line != "held":
            spent = total if paid_at else 0
            expired = int(fate.status == "expired")
            await queries.count_orders(self._tx, self._customer_id, int(bool(paid_at)), spent, expired, made)
        return order_id

    async def _write_quote(self, past: Past, at: datetime) -> None:
        lines: list[dict[str, Any]] = []
        for line in past.lines:
            if found := self._goods.variant(line):
                product, variant = found
                quantity = line.quantity or 1
                unit = product.unit_price(variant, quantity).minor
                lines.append({"variant_id": variant.id, "title": product.title, "quantity": quantity, "unit": unit})
        if not lines:
            return
        total = self._amount(past.total)
        if len(lines) == 1 and total and total.minor % lines[0]["quantity"] == 0:
            lines[0]["unit"] = total.minor // lines[0]["quantity"]
        number = past.id if past.id and past.id not in self._numbers else f"OLD-{len(self._numbers) + 1}"
        self._numbers.add(number)
        row = {
            "number": number,
            "conversation_id": self._conversation_id,
            "customer_id": self._customer_id,
            "status": past.status if past.status in ("accepted", "replaced", "expired") else "open",
            "currency": self._shop.currency,
            "total": total.minor if total else sum(line["unit"] * line["quantity"] for line in lines),
            "wanted_on": queries.as_date(past.date),
            "valid_until": (self._now.astimezone(ZoneInfo(self._shop.timezone)) + timedelta(days=15)).date(),
            "at": at,
        }
        await queries.add_quote(self._tx, row, lines)

    def _amount(self, written: str | None) -> Money | None:
        try:
            return amount(written, self._shop.currency) if written else None
        except InvalidInput:
            return None


def _fate(past: Past) -> str:
    status = _ALSO_CALLED.get(past.status, past.status)
    return status if status in _FATES else "reserved"


def _kind(text: str) -> str:
    return text[1:-1].partition(":")[0] if text.startswith("[") and text.endswith("]") else "text"
