"""Quotes: asked for, changed, asked about."""

import re
from dataclasses import replace
from typing import Any

from griot.agent.interpreter.asking import faq, known_answer, product, which
from griot.agent.interpreter.basket import as_args, basket_of
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.edits import says
from griot.agent.interpreter.goods import Goods
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME, OrderLine
from griot.agent.interpreter.wanting import as_there, moment_of, taken, wanted
from griot.knowledge.search.words import fold

_ANSWERS = 0.35  # score of an FAQ entry that answers a question put beside a quote
_SURE = 0.5
_SOME = 0.2
_REMEMBERED = 2  # messages of the buyer in which more articles may have been asked about
_QUOTE = re.compile(
    r"\b(devis?|dvi|d[ei]vi[sz]?|pro ?forma|quot(e|ation)|chiffr\w+|tombam-?bidy|cotation|estimat\w+|offre de prix)\b"
)
_LINK = re.compile(r"\b(lien|lyen|link|rohy)\b")
_NO_QUOTE = re.compile(
    r"\b(pas besoin d\w*|pas d\w*|sans|no|without|tsy mila) (de |un |le |any |a )?(devis|quote|pro ?forma)\b"
)
_AND_THEN = re.compile(r"\W*(et|e|and|plus|ary|sy|ak|ag|puis|dia)\b")
_WHOLE = re.compile(r"\b(tout|toutes?|tous|tt|all|everything|the lot|daholo|rehetra|yepp|lepp|ensemble)\b")
_QUESTIONS = (
    "delivery_ask",
    "hours_ask",
    "payment_means_ask",
    "returns_ask",
    "location_ask",
    "credit_ask",
    "invoice_ask",
    "guarantee_ask",
    "slot_ask",
    "reservation_rules_ask",
    "allergens_ask",
)


def asks_for_quote(heard: Goods) -> bool:
    """Is there a word for a quote in the message, and does it not say that none is needed?"""
    plain = fold(heard.text)
    return bool(_QUOTE.search(plain)) and not _NO_QUOTE.search(plain)


def asks_for_link(heard: Hearing) -> bool:
    """Is the way to pay asked for? A polite request is no question about paying."""
    return bool(_LINK.search(fold(heard.text)))


def orders_instead(heard: Hearing) -> bool:
    """Is what sounds like a request for a quote an order? Nothing is asked, and no word for a quote is there."""
    return bool(heard.lines) and not heard.brief.quote and not asks(heard) and not asks_for_quote(heard)


def asks(heard: Hearing) -> bool:
    """Does the message want to know something?"""
    return "?" in heard.text or says("asks_price", heard.text)


def aside(heard: Hearing) -> Choices | None:
    """A question beside an open quote is answered, whatever assent comes with it, and the quote stays open."""
    if heard.brief.quote is None or heard.held or heard.lines or not asks(heard) or asks_for_link(heard):
        return None
    if heard.chance("quote", "change_quantity") >= _SURE and heard.counts:
        return None
    likely = heard.chance(*_QUESTIONS) >= _ANSWERS or heard.chance("quote_accept", "pay", "yes") < _SURE
    return known_answer(heard, _ANSWERS if likely else _SURE)


def added(heard: Hearing) -> Choices | None:
    """ "Et 30 tôles", "avec 2 litres de bissap en plus ?": what comes to an open quote makes a new one."""
    if heard.brief.quote is None or heard.held or not heard.lines or of_quote(heard):
        return None
    if any(line.quantity is None or line.score < OWN_NAME for line in heard.lines):
        return None
    return quote(heard) if adds(heard) and heard.chance("order", "quote", "change_quantity") >= _SOME else None


def adds(heard: Hearing) -> bool:
    """Does it come on top of what there is: "encore", "ampio", or a message that begins with "et"?"""
    return says("more", heard.text) or bool(_AND_THEN.match(fold(heard.text)))


def quote(heard: Hearing) -> Choices | None:
    """A quote for what is named, held, quoted before or was talked of last; what one costs by the dozen is told."""
    priced = len(heard.lines) == 1 and not heard.brief.quote and says("asks_price", heard.text)
    if priced and not asks_for_quote(heard):
        return product(heard)
    if not heard.lines and (heard.brief.orders or heard.brief.quote):
        return choose("quote", lines=[], wanted_on=moment_of(heard).get("wanted_on"))
    lines = [as_there(line, basket_of(heard).items) for line in heard.lines or wanted(heard) or ()]
    unclear = next((line for line in lines if len(line.alternatives) > 1), None)
    if unclear:
        return which(unclear.alternatives, unclear.quantity)
    if not lines:
        return choose("clarify", question="what")
    return choose("quote", lines=_beside(heard, lines), wanted_on=moment_of(heard).get("wanted_on"))


def _beside(heard: Hearing, lines: list[OrderLine]) -> list[dict[str, Any]]:
    """The lines with those that stay: of what is held or quoted, else of what was spoken of if all is wanted."""
    basket = basket_of(heard)
    new = [_counted(heard, line) for line in lines]
    codes = {line.code for line in lines}
    more = adds(heard)
    if basket.quoted and not (more or of_quote(heard) or heard.chance("change_quantity", "remove_line") >= 0.3):
        return new
    if basket.items:
        return [as_args(item) for item in basket.items if item.code not in codes] + new
    if more or _WHOLE.search(fold(heard.text)):
        return [line for line in _spoken_of(heard) if line["code"] not in codes] + new
    return new


def _counted(heard: Hearing, line: OrderLine) -> dict[str, Any]:
    if heard.held:
        return taken(heard, line)
    quoted = next((item.quantity for item in basket_of(heard).items if item.code == line.code), None)
    return article(line.code, line.quantity or heard.people_for(line.code) or quoted or 1, line.options)


def _spoken_of(heard: Hearing) -> list[dict[str, Any]]:
    """The articles that the buyer has just asked about, as many as were said."""
    said = [said.text for said in reversed(heard.brief.history) if said.by == "buyer"][:_REMEMBERED]
    lines: dict[str, dict[str, Any]] = {}
    for text in said:
        for line in Hearing(replace(heard.brief, text=text)).lines:
            if line.score >= OWN_NAME and len(line.alternatives) < 2:
                lines.setdefault(line.code, article(line.code, line.quantity or 1, line.options))
    return list(lines.values())


def of_quote(heard: Hearing) -> bool:
    """Does the message speak of nothing but what is quoted?"""
    quoted = {line.code for line in heard.brief.quote.lines} if heard.brief.quote else set()
    return bool(heard.lines) and all({line.code, *line.alternatives} & quoted for line in heard.lines)


def quote_or_faq(heard: Hearing) -> Choices | None:
    named = heard.lines and heard.lines[0].score >= OWN_NAME
    return quote(heard) if named and heard.counts else faq(heard)
