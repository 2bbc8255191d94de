"""A JSON object of a suite as a ``Case``: its turns, its history and what is expected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from griot.evals.models import Branch, BuyerTurn, Case, Expect, Final, Json, Kind, Past, Place, ShopSource, Wanted


class Unreadable(Exception):
    """The line cannot mean anything; ``do`` says how to mend it."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.do = do


def read_case(data: Json, kind: Kind, shops: Mapping[str, ShopSource], place: Place) -> Case:
    """One case; ``Unreadable`` when what it cannot do without is missing or wrong."""
    if not isinstance(data.get("id"), str | int) or data["id"] == "":
        raise Unreadable("The case has no id.", 'Give it one: "id": "…".')
    shop = shops.get(str(data.get("shop")))
    if shop is None:
        raise Unreadable(
            f"The shop {data.get('shop')!r} is not in shops/shops.json.", f"Name one of {', '.join(shops) or 'none'}."
        )
    customer = data.get("customer") or {}
    if isinstance(customer, str):
        customer = {"name": customer}
    if not isinstance(customer, dict):
        raise Unreadable("The customer is not an object.", 'Write {"name": …, "history": […]}.')
    return Case(
        id=str(data["id"]),
        kind=kind,
        shop=shop.key,
        lang=str(data.get("lang") or "fr"),
        channel=str(data.get("channel") or "whatsapp"),
        now=_now(data, shop),
        turns=_turns(data),
        tags=tuple(str(tag) for tag in _list(data.get("tags"))),
        name=customer.get("name") or None,
        history=tuple(_past(entry) for entry in _list(customer.get("history") or data.get("history"))),
        final=_final(data["final"]) if data.get("final") is not None else None,
        raw=data,
        place=place,
    )


def _now(data: Json, shop: ShopSource) -> datetime:
    if not data.get("now"):
        if shop.now is None:
            raise Unreadable("Neither the case nor its shop says when it happens.", 'Give it "now", an ISO time.')
        return shop.now
    try:
        at = datetime.fromisoformat(str(data["now"]).strip())
    except ValueError:
        raise Unreadable(f"{data['now']!r} is not an ISO time.", "Write 2026-02-15T20:00:00+00:00.") from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(shop.timezone))


def _turns(data: Json) -> tuple[BuyerTurn, ...]:
    written = _list(data.get("turns")) if data.get("turns") is not None else [data.get("turn")]
    if data.get("turns") is None and data.get("turn") is None and not data.get("audio"):
        if data.get("goal"):
            return ()
        raise Unreadable("The case has no message.", 'Write "turn": "…", or "turns": [{"text": "…"}].')
    if not written and not data.get("goal"):
        raise Unreadable("The dialogue has no message.", 'Write "turns": [{"text": "…"}].')
    turns = []
    for number, item in enumerate(written, 1):
        own = {"text": item} if isinstance(item, str) else item or {}
        if not isinstance(own, dict):
            raise Unreadable(f"{item!r} is not a message.", 'Write "…" or {"text": "…"}.')
        expect = own.get("expect")
        if expect is None and number == len(written):
            expect = data.get("expect")
        turns.append(
            BuyerTurn(
                text=str(own.get("text") or own.get("turn") or ""),
                lang=own.get("lang"),
                audio=own.get("audio") or (data.get("audio") if len(written) == 1 else None),
                expect=read_expect(expect) if expect else None,
            )
        )
    return tuple(turns)


def read_expect(data: Any) -> Expect:
    """What is expected of a turn; a mere word is the action."""
    raw = _branch_data(data)
    return Expect((_branch(raw), *(_branch(_branch_data(other)) for other in _list(raw.get("alt")))), raw)


def _branch_data(data: Any) -> Json:
    if isinstance(data, str):
        return {"action": data}
    if not isinstance(data, dict):
        raise Unreadable(
            f"{data!r} is no expectation.", 'Write {"action": "…"}; docs/reference/evals.md lists the keys.'
        )
    return data


def _branch(data: Json) -> Branch:
    quantity = data.get("quantity")
    lines = data.get("lines")
    return Branch(
        action=data.get("action"),
        products=tuple(str(code) for code in _list(data.get("product"))),
        quantity=None if quantity is None else _whole(quantity),
        variant=read_variant(data.get("variant")),
        date=str(data["date"]) if data.get("date") else None,
        order=str(data["order"]) if data.get("order") else None,
        faq=tuple(str(key) for key in _list(data.get("faq"))),
        lines=None if lines is None else tuple(read_line(line) for line in _list(lines)),
        mention=tuple(_alternatives(fact) for fact in _list(data.get("must_mention"))),
        must_not=tuple(str(item) for item in _list(data.get("must_not"))),
        also=tuple(_branch(_branch_data(item)) for item in _list(data.get("also"))),
        reply_lang=tuple(str(language) for language in _list(data.get("reply_lang"))),
    )


def _alternatives(fact: Any) -> tuple[str, ...]:
    listed = fact if isinstance(fact, list) else str(fact).split("|")
    return tuple(str(item).strip() for item in listed if str(item).strip())


def read_line(data: Any) -> Wanted:
    """``{"product": "ROBE1", "quantity": 2, "variant": …}``, or the code alone."""
    if isinstance(data, str):
        return Wanted(data)
    if not isinstance(data, dict) or not (data.get("product") or data.get("code")):
        raise Unreadable(f"{data!r} is not a line.", 'Write {"product": "CODE", "quantity": 1}.')
    quantity = data.get("quantity")
    return Wanted(
        str(data.get("product") or data.get("code")),
        None if quantity is None else _whole(quantity),
        read_variant(data.get("variant")),
    )


def read_variant(data: Any) -> tuple[str, ...]:
    """The values of a variant: ``{"taille": "M"}``, ``"M / rouge"``, ``"taille:M;couleur:rouge"`` or a list."""
    if isinstance(data, dict):
        return tuple(str(value) for value in data.values() if value not in (None, ""))
    if isinstance(data, list):
        return tuple(value for item in data for value in read_variant(item))
    parts = str(data or "").replace(";", "/").replace(",", "/").split("/")
    return tuple(part.rpartition(":")[2].strip() for part in parts if part.strip())


def _past(data: Any) -> Past:
    if isinstance(data, str):
        return Past("msg", text=data, data={})
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in ("msg", "order", "quote"):
        raise Unreadable(f"{data!r} is no entry of a history.", 'Its kind is "msg", "order" or "quote".')
    lines = _list(data.get("lines"))
    total = data.get("total")
    return Past(
        kind=kind,
        by="agent" if str(data.get("from")) in ("agent", "shop", "vendor", "assistant") else "buyer",
        text=str(data.get("text") or ""),
        id=str(data.get("id") or ""),
        status=str(data.get("status") or ("reserved" if kind == "order" else "")),
        lines=tuple(read_line(line) for line in lines),
        total=None if total is None else str(total),
        date=str(data.get("date") or data.get("wanted_on") or "") or None,
        data=data,
    )


def _final(data: Any) -> Final:
    if not isinstance(data, dict):
        raise Unreadable("`final` is not an object.", 'Write {"lines": […], "not": […]}.')
    return Final(
        lines=None if data.get("lines") is None else tuple(read_line(line) for line in _list(data["lines"])),
        quote=_truth_or_lines(data.get("quote")),
        notify=_truth_or_lines(data.get("notify")),
        escalated=_truth(data.get("escalated")),
        paid=_truth(data.get("paid")),
        date=str(data["date"]) if data.get("date") else None,
        never=tuple(_never(item) for item in _list(data.get("not"))),
        raw=data,
    )


def _truth(data: Any) -> bool | None:
    return None if data is None else bool(data)


def _truth_or_lines(data: Any) -> bool | tuple[Wanted, ...] | None:
    """``true``, ``false``, a code, a line, or lines (also as ``{"lines": […]}``)."""
    if data is None or isinstance(data, bool):
        return data
    if isinstance(data, dict) and isinstance(data.get("lines"), list):
        data = data["lines"]
    elif isinstance(data, dict) and not (data.get("product") or data.get("code")):
        return True
    return tuple(read_line(line) for line in _list(data)) or False


def _never(item: Any) -> str:
    return f"action:{item['action']}" if isinstance(item, dict) and item.get("action") else str(item)


def _list(data: Any) -> list[Any]:
    if data is None or data == "":
        return []
    if isinstance(data, list | tuple):
        return list(data)
    return [data]


def _whole(number: Any) -> int:
    try:
        return int(number)
    except (TypeError, ValueError):
        raise Unreadable(f"{number!r} is not a quantity.", "Write a whole number.") from None
