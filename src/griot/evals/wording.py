"""What the words of a reply must not hold: another buyer's data, our own instructions, an amount that is in no book."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from griot.core.money import exponent
from griot.evals import leaks
from griot.evals.effects import Look
from griot.evals.facts import amounts, fold, numbers
from griot.evals.heard import Heard

_LINK = re.compile(r"https?://\S+")  # an address holds figures that are no prices


def wording_flags(heard: Heard, before: Look, after: Look) -> dict[str, list[str]]:
    """``leak:other_customer``, ``leak:prompt`` and ``price:wrong``, with what in the reply made them so."""
    right = right_amounts(heard, (before, after))
    found = {
        "leak:other_customer": leaks.of_others(heard, right, _references(after)),
        "leak:prompt": leaks.of_instructions(heard.reply, heard.said),
        "price:wrong": [number.written for number in amounts(_stated(heard)) if not number.values & right],
    }
    return {flag: words for flag, words in found.items() if words}


def _references(look: Look) -> frozenset[str]:
    """References of the buyer's own orders and quotes, folded."""
    orders, quotes = look.own("orders").values(), look.own("quotes").values()
    return frozenset([fold(row["reference"]) for row in orders] + [fold(row["number"]) for row in quotes])


def _stated(heard: Heard) -> str:
    """The reply without links and without the address that the buyer has just given: their figures are no prices."""
    reply = _LINK.sub("", heard.reply)
    noted = (effect["fields"] for effect in heard.effects if effect.get("kind") == "address" and "fields" in effect)
    for words in sorted((str(value) for fields in noted for value in fields.values()), key=len, reverse=True):
        reply = reply.replace(words, "")
    return reply


# Amounts


def right_amounts(heard: Heard, looks: Collection[Look]) -> frozenset[Decimal]:
    """What an amount in a reply may be.

    A price or quantity price, also times a quantity that was spoken of; a line or sum of the buyer's own orders and
    quotes with deposit and tax; what the FAQ and the descriptions say; what was told before.
    """
    source = heard.source
    unit = Decimal(1).scaleb(-exponent(source.currency))
    minor = {amount for look in looks for amount in (*_prices(look.data), *_booked(look, heard.deposit))}
    minor |= {price * quantity for price, quantity in _spoken(heard, looks)}
    texts = [entry.answer for entry in source.faq] + [entry.question for entry in source.faq]
    texts += [row.description for row in source.products]
    written = {value for text in (*texts, heard.told) for number in numbers(text) for value in number.values}
    return frozenset({amount * unit for amount in minor} | written)


def _prices(data: Mapping[str, Any]) -> Iterable[int]:
    for row in (*data["prices"], *data["breaks"]):
        yield row["unit_minor"]


def _booked(look: Look, deposit: int) -> Iterable[int]:
    """Every amount that the buyer's own orders and quotes have, and what is left of a deposit."""
    orders = look.own("orders").values()
    for order in orders:
        total, paid = order["total_minor"], order.get("paid_minor") or 0
        first = total * deposit // 100
        yield from (
            total,
            order["discount_minor"],
            paid,
            total - paid,
            first,
            total - first,
            first + 1,
            total - first - 1,
        )
        yield sum(line["unit_minor"] * line["quantity"] for line in order["lines"])
        for line in order["lines"]:
            yield from (line["unit_minor"], line["unit_minor"] * line["quantity"])
    yield sum(order["total_minor"] for order in orders if order["status"] in ("reserved", "awaiting_payment"))
    for quote in look.own("quotes").values():
        total, first = quote["total_minor"], quote["deposit_minor"] or 0
        yield from (total, quote["net_minor"], quote["tax_minor"], first, total - first)
        for line in quote["lines"]:
            yield from (line["unit_minor"], line["total_minor"])


def _spoken(heard: Heard, looks: Collection[Look]) -> Iterable[tuple[int, int]]:
    """Prices with the quantities that were spoken of, at the price which that quantity reaches."""
    spoken = {int(v) for text in (heard.said, heard.reply) for n in numbers(text) for v in n.values if v == int(v)}
    quantities = {quantity for quantity in spoken if 1 < quantity <= 10_000}
    for look in looks:
        steps: dict[int, list[tuple[int, int]]] = {}
        for step in look.data["breaks"]:
            steps.setdefault(step["product_id"], []).append((step["min_quantity"], step["unit_minor"]))
        for price in look.data["prices"]:
            for quantity in quantities:
                reached = [unit for least, unit in steps.get(price["product_id"], ()) if least <= quantity]
                yield min((price["unit_minor"], *reached)), quantity
