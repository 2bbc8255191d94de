"""What is about people rather than goods: attacks, anger, wishes for a human, courtesies."""

import re
from collections.abc import Callable, Sequence

from griot.agent.interpreter.amounts import amounts_in, budget
from griot.agent.interpreter.asking import known_answer
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.core.money import Money, exponent
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold

_PLACE = re.compile(r"\[location: *(-?\d[^\]]*)\]")
_NEGATIVE = re.compile(r"(?<![\w.,/-])-\s?\d+(?!\s?(?:%|\d|/))")
_FULL_PRICE = re.compile(
    r"\bpri[sx]? (normal|affich\w*|plein|marque)|plein tarif|tarif normal|(normal|full|listed) price\b"
)
_PERCENT = re.compile(r"\d\s?(%|pour ?cents?\b|percent\b)", re.I)
_HALF_PRICE = re.compile(
    r"\b(moitie prix|demi[- ]?tarif|half[- ]?price|half off|antsasa\w* ny vidiny|genn-?wall\w* (prix|njeg))\b"
)
_MONEY = re.compile(r"\b(prix|tarif|remise|price|discount|facture[rz]?|gratuit\w*|vidiny|njeg)\b")
_PAID_TWICE = re.compile(
    r"\b(pay\w*|paie|pri[st]?|debit\w*|preleve\w*|coupe|charged|took|nandoa\w*|nesori\w*|fay\w*|jel)\b.{0,40}"
    r"(\b(2|deux) ?(fois|foi|fwa|x)\b|\bdouble\w*\b|\btwice\b|\bin-?droa\b|\bnaari yoon\b)"
    r"|(\b(2|deux) ?(fois|foi|fwa|x)\b|\btwice\b|\bin-?droa\b|\bnaari yoon\b).{0,40}\b(pay|debit|prelev"
    r"|charg|nesor|nandoa|fay)"
)
_SURE = 0.4
_ANGRY = 0.6
_CROSS = 0.85  # about nothing that one is usually upset about
_FURIOUS = 0.92  # while something else is clearly wanted
_CLEARLY = 0.6
_BESIDE = 0.25
_SOME = 0.12
_IMPATIENT = 0.75  # while only asking where an order is
_FORESEEN = 0.8  # score of an FAQ entry that says whether something is free

# What nobody gets by words. The stronger the evidence for something else, the less these count.
_REFUSED = {
    "prompt_attack": "instructions",
    "other_people_data": "others",
    "discount_ask": "price",
    "price_claim": "price",
    "free_ask": "free",
    "stock_push": "stock",
}
# What angry people write about; who is impatient about something else is served.
_UPSET = ("complaint", "refund", "human", "status", "legal", "abuse")
# In the course of these a price that the buyer names is one that he has made up, if it is not the article's.
_DEALS = (
    "order",
    "quote",
    "change_quantity",
    "change_variant",
    "remove_line",
    "price_claim",
    "custom_request",
)
_ESCALATED = ("refund", "complaint", "legal", "medical", "abuse", "human")


def media(heard: Hearing) -> Choices | None:
    """A picture or a recording without words, or a place on the map, with or without words."""
    text = heard.text.strip()
    if place := _PLACE.search(text):
        words = _PLACE.sub(" ", text).strip()
        noted = choose("intake", kind="address", fields={"location": place[1]} | ({"text": words} if words else {}))
        return noted + ((known_answer(heard) or []) if "?" in words else [])
    if text.startswith("[") and text.endswith("]") and " " not in text:
        return choose("escalate", reason="media")
    return None


def danger(heard: Hearing) -> Choices | None:
    """What no words can bring about: refused in so many words, and nothing else of the message is carried out."""
    likeliest = max(heard.odds.values(), default=0.0)
    for name, what in _REFUSED.items():
        odds = heard.odds.get(name, 0.0)
        if what == "price" and _FULL_PRICE.search(fold(heard.text)):
            continue
        if what == "free" and budget(heard.text, heard.brief.shop.currency):
            continue
        leeway = _BESIDE if what in ("instructions", "others") else 0.0
        if odds >= _SURE and odds >= likeliest - leeway:
            return (known_answer(heard, _FORESEEN) if what == "free" else None) or _refusal(heard, what)
    if _NEGATIVE.search(heard.text) and heard.mentions:
        return choose("refuse", what="free")
    return _refusal(heard, "price") if _own_price(heard) else None


def _refusal(heard: Hearing, what: str) -> Choices:
    """A demand in the guise of an instruction is answered as what it is after: the price of what it names."""
    text = fold(heard.text)
    if what == "instructions" and heard.lines and (_PERCENT.search(text) or _MONEY.search(text)):
        what = "price"
    return choose("refuse", what=what, code=_about(heard) if what == "price" else None)


def _own_price(heard: Hearing) -> bool:
    """An order at a price, or with a share off, that the buyer has made up."""
    wants = heard.chance(*_DEALS)
    less = _PERCENT.search(heard.text) or _HALF_PRICE.search(fold(heard.text))
    haggles = heard.chance("discount_ask", "price_claim")
    if less and (
        haggles >= max(_SOME, heard.chance("wholesale_ask", "promo_code")) or (heard.lines and wants >= _SOME)
    ):
        return True
    if wants < _SURE or budget(heard.text, heard.brief.shop.currency):
        return False
    named = {line.code for line in heard.lines} | (
        {heard.memory.one} if heard.memory.one and not heard.lines else set()
    )
    products = [heard.brief.products[code] for code in named]
    digits = exponent(heard.brief.shop.currency)
    amounts = {int(amount.value.scaleb(digits)) for amount in amounts_in(heard.text)}
    return bool(products and amounts) and not amounts & {price.minor for price in _prices(products, heard)}


def _prices(products: Sequence[Product], heard: Hearing) -> set[Money]:
    """What the articles cost: a piece at any quantity, what was counted, and all of it together."""
    units = {v.price for p in products for v in p.variants} | {step.unit for p in products for step in p.price_breaks}
    many = [count.value for count in heard.counts] or [1]
    asked = {product.unit_price(v, n) * n for product in products for v in product.variants for n in many}
    return units | asked | {line.total for line in heard.held} | {order.total for order in heard.brief.orders}


def _about(heard: Hearing) -> str | None:
    """The article whose price is haggled over."""
    return heard.lines[0].code if heard.lines else heard.memory.one or next(iter(heard.memory.focus), None)


def needs_human(heard: Hearing) -> Choices | None:
    """Anger, complaints, refunds, law, health: a person's, with a summary."""
    top = heard.ranked[0] if heard.ranked else ""
    for reason in _ESCALATED:
        odds = heard.odds.get(reason, 0.0)
        if reason == "human" and heard.chance("bot_ask") >= odds:  # wants to know, not to be passed on
            continue
        if odds >= (_SURE if reason == top else _CLEARLY) and odds >= heard.odds.get(top, 0.0) - _BESIDE:
            return choose("escalate", reason=reason)
    if _PAID_TWICE.search(fold(heard.text)) and heard.chance("complaint", "refund", "paid_claim") >= _SOME:
        return choose("escalate", reason="payment")
    return _angry(heard, top)


def _angry(heard: Hearing, top: str) -> Choices | None:
    """Who is upset about what people are upset about; the surer it is that something else is wanted, the less."""
    upset = heard.chance(*_UPSET) >= _SOME
    wants = heard.odds.get(top, 0.0) >= _CLEARLY and top not in _UPSET
    enough = _ANGRY if upset and not wants else _FURIOUS if wants else _CROSS
    if top == "status" and heard.odds[top] >= _CLEARLY:
        enough = _IMPATIENT
    return choose("escalate", reason="angry") if heard.mood.anger >= enough else None


def greet(heard: Hearing) -> Choices | None:
    return choose("greet")


def courtesy(kind: str) -> Callable[[Hearing], Choices | None]:
    """A rule that answers a courtesy in kind."""
    return lambda heard: choose("small_talk", kind=kind)


def refuse(what: str) -> Callable[[Hearing], Choices | None]:
    return lambda heard: choose("refuse", what=what)
