"""What a turn did: the difference between the database before and after, in the words of the format.

What was created or changed is read from the tables. What leaves no row (search, faq, greet, clarify, refuse, smalltalk,
order_status, the question that begins a form) is what the turn itself recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from griot.evals.goods import Goods
from griot.evals.models import Json

# Recorded by a turn; everything else that it says of itself is read from the tables instead.
INFORMATIONAL = frozenset(
    {"search", "faq", "greet", "clarify", "refuse", "smalltalk", "order_status", "payment_link", "form"}
)
_OPEN = frozenset({"reserved", "awaiting_payment"})


@dataclass(frozen=True, slots=True)
class Look:
    """The shop at one moment (``queries.look``), with the codes of the suite."""

    data: Mapping[str, Any]
    goods: Goods
    customer_id: int
    conversation_id: int

    def own(self, table: str) -> dict[int, Json]:
        """Rows of the buyer of the case, by id."""
        return {row["id"]: row for row in self.data[table] if row["customer_id"] == self.customer_id}

    def line(self, variant_id: int, quantity: int) -> Json:
        """A line as results write it; without variant when the article has none."""
        price = next(row for row in self.data["prices"] if row["variant_id"] == variant_id)
        line = {"product": self.code(price["code"]), "quantity": quantity}
        return line | {"variant": price["options"]} if price["options"] else line

    def code(self, stored: str) -> str:
        return self.goods.written.get(stored, stored)

    def held(self, order: Json) -> dict[int, int]:
        """Pieces by variant that an order holds or has sold."""
        return {line["variant_id"]: line["quantity"] for line in order["lines"] if line["status"] in ("held", "sold")}

    def lines(self, pieces: Mapping[int, int]) -> list[Json]:
        return [self.line(variant_id, quantity) for variant_id, quantity in pieces.items()]


def effects_between(before: Look, after: Look, link: bool) -> list[Json]:
    """The effects of the turn between two looks, the recorded ones first. ``link``: a reply led to a payment page."""
    found: list[Json] = list(_recorded(before, after))
    found += _orders(before, after)
    found += _quotes(before, after)
    found += _rest(before, after)
    if link:
        found.append(_payment_link(before, after))
    return _each_once(found)


def _recorded(before: Look, after: Look) -> Iterable[Json]:
    for turn in after.data["turns"][len(before.data["turns"]) :]:
        for effect in turn["effects"]:
            if effect.get("action") in INFORMATIONAL:
                codes = effect.get("product")
                listed = [codes] if isinstance(codes, str) else list(codes or ())
                named = [after.code(code) for code in listed]
                rest = {name: value for name, value in effect.items() if name != "product" and value is not None}
                yield rest | ({"product": named if len(named) > 1 else named[0]} if named else {})


def _orders(before: Look, after: Look) -> Iterable[Json]:
    known = before.own("orders")
    for order in after.own("orders").values():
        was = known.get(order["id"])
        if was is None:
            if order["status"] in (*_OPEN, "paid"):
                yield from _taken(after, order, after.held(order))
        elif was["status"] in _OPEN and order["status"] == "cancelled":
            lines = before.lines(before.held(was))
            yield {"action": "cancel", "order": order["reference"], **_products(lines), "lines": lines}
        elif order["status"] in (*_OPEN, "paid"):
            yield from _order_changes(before, after, was, order)


def _taken(after: Look, order: Json, pieces: Mapping[int, int]) -> Iterable[Json]:
    lines = after.lines(pieces)
    common = {"lines": lines, "order": order["reference"], **_date(order)}
    for line in lines:
        yield {"action": "reserve", **line, **common}


def _order_changes(before: Look, after: Look, was: Json, order: Json) -> Iterable[Json]:
    had, has = before.held(was), after.held(order)
    new = {variant: quantity for variant, quantity in has.items() if variant not in had}
    if new and not had.keys() - has.keys():  # something more in the basket
        yield from _taken(after, order, new)
    common = {"order": order["reference"], "lines": after.lines(has), **_date(order)}
    yield from _changes(after, had, has, common, _date(was) != _date(order))


def _changes(after: Look, had: Mapping[int, int], has: Mapping[int, int], common: Json, moved: bool) -> Iterable[Json]:
    """Each line that is other than before; what was swapped within an article is one change."""
    changed = [after.line(variant, quantity) for variant, quantity in has.items() if had.get(variant) != quantity]
    kept = {line["product"] for line in changed}
    gone = [after.line(variant, 0) for variant in had if variant not in has]
    changed += [line for line in gone if line["product"] not in kept]
    for line in changed:
        yield {"action": "change", **line, **common}
    if moved and not changed:
        yield {"action": "change", **_products(common["lines"]), **common}


def _quotes(before: Look, after: Look) -> Iterable[Json]:
    known = before.own("quotes")
    replaced = [quote for quote in known.values() if quote["status"] == "open"]
    for quote in after.own("quotes").values():
        pieces = _quoted(quote)
        lines = after.lines(pieces)
        common = {"lines": lines, "order": quote["number"], **_date(quote)}
        was = known.get(quote["id"])
        if was is None:
            for line in lines:
                yield {"action": "quote", **line, **common}
            was = replaced[-1] if replaced else None
        if was is not None:
            yield from _changes(after, _quoted(was), pieces, common, _date(was) != _date(quote))


def _quoted(quote: Json) -> dict[int, int]:
    pieces: dict[int, int] = {}
    for line in quote["lines"]:
        pieces[line["variant_id"]] = pieces.get(line["variant_id"], 0) + line["quantity"]
    return pieces


def _rest(before: Look, after: Look) -> Iterable[Json]:
    known = before.own("intakes")
    for intake in after.own("intakes").values():
        if intake["id"] not in known:
            fields = intake["fields"]
            effect = {"action": "form", "kind": intake["kind"], "fields": fields}
            yield effect | ({"date": str(fields["date"])[:10]} if fields.get("date") else {})
    waiting = {row["id"] for row in before.own("waitlist").values() if row["status"] == "waiting"}
    for row in after.own("waitlist").values():
        if row["id"] not in waiting and row["status"] in ("waiting", "served"):
            yield {"action": "back_in_stock", **after.line(row["variant_id"], row["quantity"])}
    told = {row["id"]: row["summary"] for row in before.data["escalations"]}
    for row in after.data["escalations"]:
        if row["conversation_id"] == after.conversation_id and told.get(row["id"]) != row["summary"]:
            yield {"action": "escalate", "reason": row["reason"]}


def _payment_link(before: Look, after: Look) -> Json:
    """The order whose payment was asked for: the one that began to wait for it, else the last that waits."""
    waiting = [order for order in after.own("orders").values() if order["status"] == "awaiting_payment"]
    moved = [order for order in waiting if before.own("orders").get(order["id"], {}).get("status") != order["status"]]
    order = next(reversed(moved or waiting), None)
    if order is None:
        return {"action": "payment_link"}
    lines = after.lines(after.held(order))
    return {"action": "payment_link", "order": order["reference"], **_products(lines), "lines": lines}


def _products(lines: list[Json]) -> Json:
    """Product, quantity and variant of what has one line; the products of what has several."""
    if len(lines) == 1:
        return dict(lines[0])
    codes = list(dict.fromkeys(line["product"] for line in lines))
    return {"product": codes[0] if len(codes) == 1 else codes} if codes else {}


def _date(row: Json) -> Json:
    found = {"date": row["wanted_on"]} if row.get("wanted_on") else {}
    return found | {"time": row["wanted_at"]} if row.get("wanted_at") else found


def _each_once(effects: Iterable[Json]) -> list[Json]:
    """Each effect once; one that another says word for word, and more, gives way to it."""
    kept: list[Json] = []
    for effect in effects:
        if not any(effect.items() <= other.items() for other in kept):
            kept = [other for other in kept if not other.items() <= effect.items()]
            kept.append(effect)
    return kept


def state(start: Look, end: Look) -> Json:
    """How a dialogue ended, in the words of ``final``."""
    open_orders = [order for order in end.own("orders").values() if order["status"] in _OPEN]
    pieces: dict[int, int] = {}
    for order in open_orders:
        for variant_id, quantity in end.held(order).items():
            pieces[variant_id] = pieces.get(variant_id, 0) + quantity
    quote = next((q for q in reversed(end.own("quotes").values()) if q["status"] in ("open", "accepted")), None)
    paid_before = {order["id"] for order in start.own("orders").values() if order["status"] == "paid"}
    dated = [_date(row) for row in (*open_orders, *([quote] if quote else [])) if row.get("wanted_on")]
    slots = [i["fields"] for i in end.own("intakes").values() if i["kind"] in ("slot", "custom")]
    dates = [{k: str(f[k])[:10] for k in ("date", "time") if f.get(k)} for f in slots if f.get("date")] + dated
    return {
        "lines": end.lines(pieces),
        "quote": end.lines(_quoted(quote)) if quote else False,
        "notify": [
            end.line(row["variant_id"], row["quantity"])
            for row in end.own("waitlist").values()
            if row["status"] == "waiting"
        ],
        "escalated": any(row["conversation_id"] == end.conversation_id for row in end.data["escalations"]),
        "paid": any(o["status"] == "paid" and o["id"] not in paid_before for o in end.own("orders").values()),
        **(dates[-1] if dates else {"date": None}),
    }
