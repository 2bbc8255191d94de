"""Moments in which a buyer writes: what was said, offered, held, quoted and paid before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from griot.agent.mind.models import Brief, ShopFacts
from griot.agent.models import Catalogue, Scene
from griot.agent.reading import CodeIndex, ReadingContext, Utterance, read
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.models import PriceBreak, Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.index import Index
from griot.knowledge.search.shelf import Shelf
from griot.tools.conversations.models import Message, Said, Thread
from griot.tools.customers.models import Customer, Standing
from griot.tools.orders.models import Line, Order
from griot.tools.quotes.models import Quote, QuoteLine
from mind_world import NOW, SHOP, product, xof

TODAY = NOW.date()  # a Friday

_DRESS = [{"taille": size, "couleur": colour} for size in ("S", "M", "L") for colour in ("rouge", "bleu", "noir")]
_SANDALS = [{"pointure": size} for size in ("37", "38", "39", "40", "41")]
PRODUCTS = {
    item.code: item
    for item in (
        product("ROBE1", "Robe longue en wax", 15_000, _DRESS),
        product("SAC2", "Sac à main en cuir", 25_000),
        product("SANDALE3", "Sandales perlées", 8_000, _SANDALS),
        product("GAT1", "Gâteau aux fraises", 5_000, price_breaks=(PriceBreak(10, xof(4_500)),)),
        product("MONTRE5", "Montre dorée", 40_000),
        product("CREOLE6", "Boucles créoles", 3_000),
        product("SAVON7", "Savon de karité", 1_500),
    )
}
GONE = {"MONTRE5"}  # out of stock
_ANSWERS = {
    "livraison": ("Livrez-vous à Dakar ?", "Oui, 1 500 F CFA en 24 h."),
    "horaires": ("Quels sont vos horaires d'ouverture ?", "De 9 h à 19 h, du lundi au samedi."),
    "paiement": ("Quels moyens de paiement acceptez-vous ?", "Wave, Orange Money et la carte."),
    "retours": ("Puis-je échanger ou retourner un article ?", "Oui, sous 7 jours avec l'étiquette."),
}
FAQ = {key: FaqEntry(n, key, *texts, "fr") for n, (key, texts) in enumerate(_ANSWERS.items(), start=1)}
CODES = CodeIndex.build({code: [v.options for v in item.variants] for code, item in PRODUCTS.items()})
FIND = Index.build(PRODUCTS, FAQ, None)
_STALL = Shop(1, "awa", "Chez Awa", "live_seller", "SN", "XOF", "Africa/Dakar", "fr", "221770000001", 1)
STOCK = {v.id: 0 if item.code in GONE else 9 for item in PRODUCTS.values() for v in item.variants}


def moment(text: str, **known: Any) -> Brief:
    """A message in a fresh thread; ``known``: fields of the brief that differ."""
    shop: ShopFacts = known.pop("shop", SHOP)
    reading = read((Utterance("text", text),), ReadingContext(codes=CODES, asked=known.get("asked")))
    told = Brief(text, reading, "fr", shop, "Fatou", Standing(), PRODUCTS, STOCK, CODES, FAQ, FIND)
    return replace(told, **known)


def scene(*texts: str | None, orders: tuple[Order, ...] = (), asked: dict[str, Any] | None = None) -> Scene:
    """What the turn itself knows when a buyer writes these messages."""
    messages = tuple(Message(n, "text", words, {}, NOW) for n, words in enumerate(texts, start=1))
    thread = Thread(1, 1, 1, "phone:221780000001", "agent", asked, "fr", messages)
    buyer = Customer(1, "Fatou", "221780000001", "fr", Standing(), False, None)
    return Scene(_STALL, thread, buyer, orders, Catalogue(1, PRODUCTS, CODES, FAQ, Shelf()), None, NOW)


def item(code: str, quantity: int = 1, **options: str) -> tuple[Product, dict[str, str], int]:
    return PRODUCTS[code], options, quantity


def held(
    *items: tuple[Product, dict[str, str], int], status: Any = "reserved", reference: str = "C-2026-0001"
) -> Order:
    """An order of these articles."""
    lines = tuple(
        Line(n, _variant(p, options), p.id, p.code, p.title, options, count, p.price, "held")
        for n, (p, options, count) in enumerate(items, start=1)
    )
    total = sum((line.total for line in lines), xof(0))
    ends = NOW + timedelta(minutes=9)
    return Order(int(reference[-4:]), reference, 1, 1, None, status, None, total, ends, False, NOW, None, lines)


def quoted(*items: tuple[Product, dict[str, str], int], wanted_on: date | None = None) -> Quote:
    """The open quote of these articles."""
    lines = tuple(
        QuoteLine(_variant(p, options), p.code, p.title, options, count, p.price, p.price * count)
        for p, options, count in items
    )
    total = sum((line.total for line in lines), xof(0))
    until = TODAY + timedelta(days=15)
    return Quote(1, "DEV-2026-0001", 1, 1, "open", lines, total, xof(0), total, None, wanted_on, until, NOW)


def talk(*said: str) -> tuple[Said, ...]:
    """What was said before: the buyer first when the number is even, so that the agent speaks last."""
    speakers: Sequence[Any] = ("agent", "buyer")
    return tuple(Said(speakers[n % 2], words, NOW) for n, words in enumerate(reversed(said)))[::-1]


def _variant(item: Product, options: dict[str, str]) -> int:
    return next(v.id for v in item.variants if options.items() <= v.options.items())
