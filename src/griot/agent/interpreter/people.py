"""What is about people rather than goods: attacks, anger, wishes for a human, courtesies."""

import re
from collections.abc import Callable

from griot.agent.guarding import machine_made
from griot.agent.interpreter.amounts import budget
from griot.agent.interpreter.asking import known_answer
from griot.agent.interpreter.bargaining import PERCENT, about, made_up, names_right_price
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.knowledge.search.words import fold

_PLACE = re.compile(r"\[location: *(-?\d[^\]]*)\]")
_NEGATIVE = re.compile(
    r"(?<![\w.,/-])-\s?\d+(?!\s?(?:%|\d|/))"
    r"|(?:^|\b(?:commande|prends?|veux|mets|donne|ll take|order|want|take|book|mila|maka|hividy)\s+)"
    r"(?:moins|minus|latsaka|negative)\s+"
    r"(?:\d+|une?|deux|trois|quatre|cinq|dix|one|two|three|four|five|ten|iray|roa|telo|efatra|dimy|folo)\b(?!\s?%)",
    re.I,
)
_FULL_PRICE = re.compile(
    r"\bpri[sx]? (normal|affich\w*|plein|marque)|plein tarif|tarif normal|(normal|full|listed) price\b"
)
_MONEY = re.compile(r"\b(prix|tarif|remise|price|discount|facture[rz]?|gratuit\w*|vidiny|njeg)\b")
_PAID_TWICE = re.compile(
    r"\b(pay\w*|paie|pri[st]?|debit\w*|preleve\w*|coupe|charged|took|nandoa\w*|nesori\w*|fay\w*|jel)\b.{0,40}"
    r"(\b(2|deux) ?(fois|foi|fwa|x)\b|\bdouble\w*\b|\btwice\b|\bin-?droa\b|\bnaari yoon\b)"
    r"|(\b(2|deux) ?(fois|foi|fwa|x)\b|\btwice\b|\bin-?droa\b|\bnaari yoon\b).{0,40}\b(pay|debit|prelev"
    r"|charg|nesor|nandoa|fay)"
)
_MARKED = re.compile(
    r"\b(mar[qk]u?e[rz]?|mets?|met[st]?re|note[rz]?|considere[rz]?|enregistre[rz]?|passe[rz]?|change[rz]?|mark|set|flag|put"
    r"|consider|ataovy|soraty|heverina|bind(al|eel)|def(al)?|mettel)\b.{0,40}"
    r"\b(paye\w*|paid|regle\w*|solde[es]*|voaloa|fay|fey)\b"
)
_PROOF = re.compile(r"\b(recus?|captures?|captur|screen\w*|preuve|receipt|proof|porofo|tapakila)\b")
_SURE = 0.4
_PUT_OFF = 0.3
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


def proof(heard: Hearing) -> Choices | None:
    """A picture of a receipt proves nothing: what has arrived is told."""
    waits = any(order.status == "awaiting_payment" for order in heard.brief.orders)
    shows = waits and "?" not in heard.text and _PROOF.search(fold(heard.text))
    return choose("order_status") if shows and heard.chance("order", "complaint", "refund") < _SURE else None


def danger(heard: Hearing) -> Choices | None:
    """What no words can bring about: refused in so many words, and nothing else of the message is carried out."""
    likeliest = max(heard.odds.values(), default=0.0)
    for name, what in _REFUSED.items():
        odds = heard.odds.get(name, 0.0)
        if what == "price" and _FULL_PRICE.search(fold(heard.text)):
            continue
        if name == "price_claim" and names_right_price(heard):
            continue
        if what == "free" and budget(heard.text, heard.brief.shop.currency):
            continue
        leeway = _BESIDE if what in ("instructions", "others") else 0.0
        if odds >= _SURE and odds >= likeliest - leeway:
            return (known_answer(heard, _FORESEEN) if what == "free" else None) or _refusal(heard, what)
    if machine_made(heard.text):
        return _refusal(heard, "instructions")
    if _MARKED.search(fold(heard.text)) and heard.chance("paid_claim", "prompt_attack", "pay") >= _SOME:
        return choose("refuse", what="paid")
    if _NEGATIVE.search(heard.text) and heard.mentions:
        return choose("refuse", what="free")
    made = None if _FULL_PRICE.search(fold(heard.text)) else made_up(heard)
    return _refusal(heard, made) if made else None


def _refusal(heard: Hearing, what: str) -> Choices:
    """A demand in the guise of an instruction is answered as what it is after: the price of what it names."""
    money = PERCENT.search(heard.text) or _MONEY.search(fold(heard.text))
    if what == "instructions" and heard.lines and money:
        what = "price"
    return choose("refuse", what=what, code=_about(heard) if what == "price" else None)


def _about(heard: Hearing) -> str | None:
    """The article whose price is haggled over."""
    return next(iter(about(heard) or heard.memory.focus), None)


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


def puts_off(heard: Hearing) -> Choices | None:
    """More time to pay, or another day to pay: the shop's rule, else how long the order is held."""
    later = heard.chance("more_time", "credit_ask")
    if not heard.brief.orders or later < _PUT_OFF or heard.chance("change_date", "slot_give", "order") >= later:
        return None
    return known_answer(heard, _FORESEEN) or choose("order_status")


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
