"""From a brief to what a model reads. What others wrote goes in as JSON, fenced and named as data.

Short on purpose: every turn pays for it. The system prompt comes first and never changes, so that it can be cached.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from griot.agent.mind.models import Brief
from griot.agent.reading.tokens import tokenise
from griot.core.tenancy import Segment
from griot.knowledge.catalogue.models import Product
from griot.tools.orders.models import Order

PRODUCTS = 5
ANSWERS = 5
SAID = 6
NAMED = 5  # products beside those found: written by code, held, quoted or asked about
LEAST_SCORE = 0.25  # under it a hit has nothing to do with the words, and its tokens are saved
MOST_VARIANTS = 24
LONGEST_DESCRIPTION = 160
LONGEST_ANSWER = 160
LONGEST_SAID = 300
LONGEST_TEXT = 1500

BRIEF = "brief"  # where a message carries its brief; never sent


def messages_for(brief: Brief, known: set[str]) -> list[BaseMessage]:
    """What a model is told. The codes it is shown are added to ``known``.

    The last message carries the brief itself for those who read it in its structured form (``offline``, ``schema``).
    """
    codes = shortlist(brief)
    known.update(codes)
    data = orjson.dumps(_data(brief, codes)).decode().replace("</data>", "<\\/data>")
    return [
        SystemMessage(system_prompt(brief.shop.segment)),
        HumanMessage(f"<data>{data}</data>", additional_kwargs={BRIEF: brief}),
    ]


def brief_in(messages: Iterable[BaseMessage]) -> Brief:
    """The brief that these messages are about."""
    for message in messages:
        brief = message.additional_kwargs.get(BRIEF)
        if isinstance(brief, Brief):
            return brief
    raise ValueError("These messages carry no brief: make them with griot.agent.mind.prompting.messages_for.")


@cache
def system_prompt(segment: Segment) -> str:
    """The rules every mind is given, and what is special about the segment."""
    return f"{piece('base')}\n{piece(segment)}"


@cache
def piece(name: str) -> str:
    """A text of ``griot/prompts/system``."""
    return files("griot").joinpath("prompts", "system", f"{name}.md").read_text(encoding="utf-8")


def shortlist(brief: Brief) -> list[str]:
    """The codes a model is shown: what the thread is about, what the words name, and what the search finds."""
    about = [line.code for order in brief.orders for line in order.lines]
    about += [line.code for line in brief.quote.lines] if brief.quote else []
    asked = brief.asked or {}
    about += [asked[name] for name in ("code",) if isinstance(asked.get(name), str)]
    about += [code for code in asked.get("codes") or () if isinstance(code, str)]
    about += [code for match in brief.codes.find(tokenise(brief.text)) for code in match.codes]
    named = list(dict.fromkeys(code for code in about if code in brief.products))[:NAMED]
    hits = brief.find.products(brief.text, PRODUCTS)
    found = [hit.key for hit in hits if hit.score >= LEAST_SCORE and hit.key in brief.products]
    return list(dict.fromkeys([*named, *found]))


def answers_found(brief: Brief) -> list[str]:
    """The keys of the FAQ entries a model is shown."""
    hits = brief.find.faq(brief.text, ANSWERS)
    return [hit.key for hit in hits if hit.score >= LEAST_SCORE and hit.key in brief.faq]


def _data(brief: Brief, codes: list[str]) -> dict[str, Any]:
    shop = brief.shop
    answers = [brief.faq[key] for key in answers_found(brief)]
    data = {
        "shop": f"{shop.name}, {shop.country}, {shop.currency}",
        "now": shop.now.strftime("%A %Y-%m-%d %H:%M"),
        "means": list(shop.means),
        "products": [_product(brief.products[code], brief.stock) for code in codes],
        "faq": {entry.key: f"{entry.question} {entry.answer[:LONGEST_ANSWER]}" for entry in answers},
        "orders": [_order(order) for order in brief.orders],
        "past": [_order(order) for order in brief.past[:2]],
        "quote": _quote(brief),
        "buyer": {"name": brief.buyer, "paid_orders": brief.standing.paid_orders, "tier": brief.standing.tier},
        "said": [f"{said.by}: {said.text[:LONGEST_SAID]}" for said in brief.history[-SAID:]],
        "asked": _asked(brief.asked),
        "troubles": brief.troubles,
        "message": brief.text[:LONGEST_TEXT],
    }
    return {name: value for name, value in data.items() if value not in (None, [], {}, 0)}


def _product(product: Product, stock: Mapping[int, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {"code": product.code, "title": product.title, "price": product.price.decimal()}
    if product.price_breaks:
        shown["from"] = {str(step.min_quantity): step.unit.decimal() for step in product.price_breaks}
    if product.description:
        shown["about"] = product.description[:LONGEST_DESCRIPTION]
    variants = product.variants[:MOST_VARIANTS]
    free = {variant.label: stock.get(variant.id, "?") for variant in variants}
    axes = "/".join(variants[0].options) if variants else ""
    if axes:
        shown["options"] = {axes: free}
    elif free:
        shown["stock"] = next(iter(free.values()))
    return shown


def _order(order: Order) -> dict[str, Any]:
    lines = [f"{line.quantity} x {line.code} {'/'.join(line.options.values())}".strip() for line in order.lines]
    return {"reference": order.reference, "status": order.status, "lines": lines, "total": order.total.decimal()}


def _quote(brief: Brief) -> dict[str, Any] | None:
    quote = brief.quote
    if quote is None:
        return None
    lines = [f"{line.quantity} x {line.code} {'/'.join(line.options.values())}".strip() for line in quote.lines]
    return {"number": quote.number, "lines": lines, "total": quote.total.decimal()}


def _asked(asked: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The last question, without the ids that a model has no use for."""
    if not asked:
        return None
    return {name: value for name, value in asked.items() if name not in ("order", "wait_for")}
