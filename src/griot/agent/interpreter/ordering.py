"""Orders: what is named is held."""

import re

from griot.agent.interpreter.asking import which
from griot.agent.interpreter.bargaining import names_right_price
from griot.agent.interpreter.basket import as_args
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.edits import says
from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import pieces
from griot.agent.interpreter.quoting import adds, asks_for_quote, of_quote, orders_instead, quote
from griot.agent.interpreter.recounting import recount
from griot.agent.interpreter.wanting import as_there, moment_of, taken, wanted
from griot.knowledge.search.words import fold

_LIKELY = 0.35
_SOME = 0.2
_NEXT = 4  # characters between a number and the name that it counts
_AS_BEFORE = re.compile(
    r"\b(comme|pareil que|meme chose que) (la )?(derniere|dernier|l'autre) fois|comme d'hab\w*|same as (last|before)"
    r"|la meme commande|toy ny (teo aloha|farany)\b"
)


def order(heard: Hearing) -> Choices | None:
    """Hold what is named; several that go by one name are asked about, what is turned down is left out."""
    if _changes_quote(heard):
        return quote(heard)
    if (odd := _impossible(heard)) is not None:
        return choose("clarify", question="quantity", codes=[odd])
    if heard.brief.quote and not (heard.held or heard.lines or heard.counts):
        return None  # what is on offer is accepted, or not
    lines = wanted(heard)
    if lines is None:
        return None
    if not lines:
        return choose("small_talk", kind="ok")
    lines = [as_there(line, heard.held) for line in lines]
    unclear = next((line for line in lines if len(line.alternatives) > 1), None)
    if unclear:
        return which(unclear.alternatives, unclear.quantity)
    return choose("hold", lines=[taken(heard, line) for line in lines], **moment_of(heard)) + _address(heard)


def _changes_quote(heard: Hearing) -> bool:
    """What is added to an open quote, or counted anew in it, makes a new quote and no order."""
    if not heard.brief.quote or heard.held or not heard.lines:
        return False
    return adds(heard) or (bool(heard.counts) and of_quote(heard))


def _impossible(heard: Hearing) -> str | None:
    """The article of which none or a part of a piece is wanted: "0 savon", "1,5 gâteau"."""
    found = pieces(heard.text)
    for figure in figures_in(found):
        if figure.value > 0 and figure.value == int(figure.value):
            continue
        after = found[figure.last - 1].end
        named = (m for m in heard.mentions if after <= m.start <= after + _NEXT and not m.alternatives)
        if code := next((mention.code for mention in named), None):
            return code
    return None


def at_full_price(heard: Hearing) -> Choices | None:
    """ "Alors un, au prix normal": who takes it at the price that everybody pays orders it."""
    counted = any(line.quantity for line in heard.lines) and heard.chance("cancel", "remove_line", "status") < _LIKELY
    told = says("full_price", heard.text) or (counted and names_right_price(heard))
    if not told or "?" in heard.text:
        return None
    if asks_for_quote(heard) or (heard.brief.quote and not heard.lines):
        return None
    wants = heard.counts or heard.lines or says("set", heard.text) or heard.chance("order", "yes") >= _SOME
    return order(heard) if wants else None


def quoted(heard: Hearing) -> Choices | None:
    """A quote, unless what sounds like it is an order."""
    return order(heard) if orders_instead(heard) else quote(heard)


def again(heard: Hearing) -> Choices | None:
    """ "Comme la dernière fois": what the last order had, at today's prices."""
    before = next((past for past in heard.brief.past if past.status == "paid"), None)
    if before is None or heard.lines or "?" in heard.text or not _AS_BEFORE.search(fold(heard.text)):
        return None
    lines = [as_args(line) for line in before.lines if line.code in heard.brief.products]
    return choose("hold", lines=lines, **moment_of(heard)) if lines else None


def listed(heard: Hearing) -> Choices | None:
    """A shopping list: several articles, each with its number, and nothing asked. With the word for it, a quote."""
    if not heard.lines or "?" in heard.text:
        return None
    deeds = ("change_quantity", "remove_line", "cancel", "change_variant", "complaint", "refund", "status")
    if heard.chance(*deeds) >= _LIKELY:
        return None
    if asks_for_quote(heard) and heard.counts:
        return quote(heard)
    if len(heard.lines) > 1 and all(line.quantity is not None for line in heard.lines):
        return order(heard) if heard.chance("quote", "quote_accept") < _LIKELY else quoted(heard)
    return None


def _address(heard: Hearing) -> Choices:
    """An address that is given along with an order."""
    given = heard.address if heard.chance("address_give", "delivery_ask") >= _SOME else None
    return choose("intake", kind="address", fields=given.fields) if given else []


def yes(heard: Hearing) -> Choices | None:
    """An assent: to the quote, to paying what is held, to the one article talked of, as it was asked about."""
    code = heard.memory.one
    if heard.brief.quote:
        return choose("accept_quote")
    if heard.brief.orders:
        return choose("pay")
    if code is None:
        return choose("small_talk", kind="ok")
    return choose("hold", lines=[article(code, heard.quantity_said(code), heard.options_said(code))])


def change_quantity(heard: Hearing) -> Choices | None:
    """Another number of what is held or quoted; of what is paid, a person decides."""
    if changed := recount(heard):
        return changed
    if heard.held:
        lines = [as_there(line, heard.held) for line in heard.lines]
        return choose("hold", lines=[taken(heard, line) for line in lines]) if lines else None
    if heard.brief.quote:
        return quote(heard) if heard.lines else None
    if heard.bought and not heard.memory.offered:
        return choose("escalate", reason="custom")
    return order(heard)


def change_variant(heard: Hearing) -> Choices | None:
    """Another size, colour or article of what was only talked of: shown, or held when it is wanted."""
    if heard.held or heard.brief.quote:
        return order(heard) if heard.lines else None
    focus = heard.memory.one or next(iter(heard.memory.focus), None)
    code = heard.lines[-1].code if heard.lines else focus
    if code is None:
        return None
    options = dict(heard.lines[-1].options) if heard.lines else heard.options_in(heard.text, code)
    if not options and not heard.lines:
        return None
    if heard.chance("price_ask", "stock_ask", "details") > heard.chance("change_variant", "order"):
        return choose("show_products", codes=[code])
    return choose("hold", lines=[article(code, heard.count or 1, options)])
