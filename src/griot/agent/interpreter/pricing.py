"""Prices: those that the buyer puts on an article while taking it, and what another number would cost."""

import re
from collections.abc import Iterator
from decimal import Decimal

from griot.agent.interpreter.amounts import amounts_in
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.edits import ends_with
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold

_WANTS = 0.3
_LOOKS = 0.4
_SHARE = Decimal("0.15")  # of the article's price: less is no price of it
_TIMES = 3  # its price: more is no price of it
_AT = re.compile(r"(\b(à|a|at|for|pour|pr|ho|amin'ny|avec)|@)\W*$", re.I)
_SHORT = 7  # words
_IF = re.compile(r"\W*(et|e|mais|si|pour|par|and|for|if|what (about|if)|how about|raha|ary|fa|su|ak)\b")
_DEALS = ("order", "change_quantity", "price_claim", "discount_ask", "custom_request", "yes")


def made_up(heard: Hearing) -> Choices | None:
    """ "Je prends le sac à 10 000": at a price that is not the article's it is not sold; its own is said."""
    if heard.chance(*_DEALS) < _WANTS or heard.chance("browse", "gift_advice") >= _LOOKS or len(heard.lines) > 1:
        return None
    line = next((line for line in heard.lines if line.score >= OWN_NAME and len(line.alternatives) < 2), None)
    code = line.code if line else None if heard.lines else heard.memory.one
    if code is None or (heard.brief.asked or {}).get("kind") == "product":
        return None
    product = heard.brief.products[code]
    stated = [value for value in _stated(heard) if _compares(value, product)]
    return choose("refuse", what="price", code=code) if stated and not _true(heard, product, stated) else None


def of_so_many(heard: Hearing) -> Choices | None:
    """ "Et si j'en prends 10 ?", "raha folo ary?": what so many of the article that was talked of cost."""
    code = heard.memory.one
    asks = heard.text.rstrip().endswith("?") and len(heard.text.split()) <= _SHORT and _IF.match(fold(heard.text))
    if not asks or code is None or heard.count is None or heard.lines or heard.held or heard.brief.quote:
        return None
    return choose("show_products", codes=[code], quantity=heard.count)


def _stated(heard: Hearing) -> Iterator[Decimal]:
    """Amounts that a word such as "à" or a verb such as "ataovy" puts on what is wanted, or that follow its name."""
    ends = [mention.end for mention in heard.mentions]
    for amount in amounts_in(heard.text):
        before = heard.text[: amount.start].rstrip()
        if _AT.search(before) or ends_with("set", before) or len(before) in ends:
            yield amount.value


def _compares(value: Decimal, product: Product) -> bool:
    price = Decimal(product.price.decimal())
    return price * _SHARE <= value <= price * _TIMES


def _true(heard: Hearing, product: Product, stated: list[Decimal]) -> bool:
    """Is one of the amounts what the article costs, by the piece or in the number that is wanted?"""
    many = [1, *(count.value for count in heard.counts), *(step.min_quantity for step in product.price_breaks)]
    units = {product.unit_price(variant, number) for variant in product.variants for number in many}
    prices = units | {unit * number for unit in units for number in many}
    return bool({Decimal(price.decimal()) for price in prices} & set(stated))
