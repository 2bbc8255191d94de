"""A small shop and what its buyers write, as a mind is told of it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from griot.agent.mind.models import Brief, ShopFacts, ToolChoice
from griot.agent.reading import CodeIndex, ReadingContext, Utterance, read
from griot.core.money import Money
from griot.knowledge.catalogue.models import PriceBreak, Product, Variant
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.index import Index
from griot.tools.customers.models import Standing
from griot.tools.orders.models import Line, Order

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # a Friday


def xof(amount: int) -> Money:
    return Money(amount, "XOF")


def product(code: str, title: str, price: int, options: Sequence[dict[str, str]] = ({},), **more: Any) -> Product:
    number = sum(map(ord, code))
    variants = tuple(Variant(number * 100 + n, number, dict(each), xof(price)) for n, each in enumerate(options))
    return Product(number, code, title, more.pop("description", ""), "", xof(price), None, 2, variants, **more)


SIZES = [{"taille": size, "couleur": colour} for size in ("S", "M") for colour in ("rouge", "bleu")]
PRODUCTS = {
    item.code: item
    for item in (
        product("ROBE1", "Robe longue en wax", 15_000, SIZES),
        product("SAC2", "Sac à main en cuir", 25_000),
        product(
            "GAT1",
            "Gâteau aux fraises",
            5_000,
            description="Pour 8 personnes",
            price_breaks=(PriceBreak(10, xof(4_500)),),
        ),
    )
}
FAQ = {
    "livraison": FaqEntry(1, "livraison", "Livrez-vous à Dakar ?", "Oui, 1 500 F CFA en 24 h.", "fr"),
    "horaires": FaqEntry(2, "horaires", "Quels sont vos horaires ?", "De 9 h à 19 h, du lundi au samedi.", "fr"),
}
CODES = CodeIndex.build({code: [v.options for v in item.variants] for code, item in PRODUCTS.items()})
FIND = Index.build(PRODUCTS, FAQ, None)
SHOP = ShopFacts("Chez Awa", "live_seller", "SN", "XOF", "fr", NOW, ("wave", "orange_money"), 20)


def order(reference: str, *codes: str, status: Any = "reserved") -> Order:
    lines = tuple(
        Line(n, PRODUCTS[c].variants[0].id, PRODUCTS[c].id, c, PRODUCTS[c].title, {}, 1, PRODUCTS[c].price, "held")
        for n, c in enumerate(codes)
    )
    total = sum((line.total for line in lines), xof(0))
    return Order(len(reference), reference, 1, 1, None, status, None, total, NOW, False, NOW, None, lines)


def brief(text: str, **known: Any) -> Brief:
    """What a mind is told of a message; ``known``: fields of the brief that differ from a fresh thread's."""
    told = Brief(
        text=text,
        reading=read((Utterance("text", text),), ReadingContext(codes=CODES)),
        language="fr",
        shop=SHOP,
        buyer="Fatou",
        standing=Standing(),
        products=PRODUCTS,
        stock={variant.id: 7 for item in PRODUCTS.values() for variant in item.variants},
        codes=CODES,
        faq=FAQ,
        find=FIND,
    )
    return replace(told, **known)


def interpreting(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Brief], list[ToolChoice]]) -> None:
    """The offline interpreter answers like this, so that a test can tell its answer from a model's."""
    monkeypatch.setitem(sys.modules, "griot.agent.interpreter", SimpleNamespace(interpret=answer))
