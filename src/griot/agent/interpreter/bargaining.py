"""Prices that a buyer makes up: an amount of his own, a share off, something for nothing, a deal that nobody made."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product as combinations
from typing import Literal

from griot.agent.interpreter.amounts import Amount, amounts_in, counts_in
from griot.agent.interpreter.contacts import phone_spans
from griot.agent.interpreter.edits import says
from griot.agent.interpreter.figures import Figure, figures_in
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import POINTED
from griot.agent.interpreter.pieces import Phrases, Piece, phrases_of, pieces
from griot.core.money import exponent
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold

MadeUp = Literal["price", "free"]

# In the course of these a price that the buyer names is one that he has made up, if it is not the article's.
DEALS = ("order", "quote", "change_quantity", "change_variant", "remove_line", "price_claim", "custom_request")
_HAGGLES = ("discount_ask", "price_claim", "free_ask")
_QUESTIONS = ("price_ask", "stock_ask", "details", "compare", "browse", "gift_advice", "wholesale_ask")
_SETTLED = ("paid_claim", "refund", "complaint", "status", "purchases")
_SOME = 0.12
_LIKELY = 0.25
_CLEAR = 0.4
_FAR = 10_000  # characters
_GAP = 2  # characters between a number and the name that it counts
_NAMED = 0.8  # score of a name from which it weighs more than what was talked of last
_BEFORE = 4  # messages of the buyer in which a price may have been proposed
PERCENT = re.compile(r"(\d+)\s?(?:%|pour ?cents?\b|percent\b|isan-?jato\b)", re.I)
_NOTHING = re.compile(
    r"(?<![\w.,])(0|z[eé]ro|aotra|tus)\s?(f|fr|frs|fcfa|cfa|francs?|xof|€|euros?|eur|ar|ariary|mga|balles?|jetons?)(?!\w)"
    r"|(?<!\w)(at|for|price|prix|[aà])\W{1,3}(0|z[eé]ro)(?![\w]|[.,]\d)",
    re.I,
)
_QUARTER = re.compile(r"\b(paris|arrondissement|arr|etage|fois|anniversaire|marseille|lyon)\b")
_SET_TO = frozenset({"a", "to", "at", "=", "ho", ":"})
_YEARS = range(2020, 2041)


def made_up(heard: Hearing) -> MadeUp | None:
    """Which price of his own the buyer sets on what he orders, if any."""
    wants = heard.chance(*DEALS)
    haggles = heard.chance(*_HAGGLES)
    if heard.lines and ("?" not in heard.text or max(wants, haggles) >= _SOME) and _for_nothing(heard):
        return "free"
    if heard.chance(*_SETTLED) > max(wants, haggles) or _asks(heard, wants, haggles):
        return None
    rules = (_share, _offers, _sets, _falls_short, _recalls)
    return "price" if any(rule(heard) for rule in rules) else None


def _asks(heard: Hearing, wants: float, haggles: float) -> bool:
    """Is it a question about goods and prices rather than a deal?"""
    return "?" in heard.text and heard.chance(*_QUESTIONS) > max(wants, haggles)


# For nothing


def _for_nothing(heard: Hearing) -> bool:
    """ "0 F", "c'est cadeau", "neen": said of an article, not of its delivery, and not in the name of one."""
    if _NOTHING.search(heard.text):
        return True
    found = pieces(heard.text)
    goods = [(mention.start, mention.end) for mention in heard.mentions]
    beside = [(found[at].start, found[end - 1].end) for _, at, end in _phrases("not_goods").all_in(found)]
    for _, at, _ in _phrases("free").all_in(found):
        start = found[at].start
        if not _in_title(heard, found[at]) and _distance(start, goods) <= _distance(start, beside):
            return True
    return _on_top(heard, found)


def _on_top(heard: Hearing, found: Sequence[Piece]) -> bool:
    """ "Rajoute un foulard cadeau": not one that is meant as a present for somebody."""
    if not says("more", heard.text):
        return False
    presents = [
        found[at].start
        for _, at, end in _phrases("present").all_in(found)
        if not (found[end:] and found[end].text == "pour")
    ]
    return any(0 <= start - mention.end <= 1 for start in presents for mention in heard.mentions)


def _in_title(heard: Hearing, piece: Piece) -> bool:
    """Is it a part of an article's own name: "coffret cadeau", "sugar-free"?"""
    named = [m for m in heard.mentions if m.start <= piece.start < m.end]
    titles = " ".join(fold(heard.brief.products[mention.code].title) for mention in named)
    return piece.text in titles or heard.text[piece.start - 1 : piece.start] == "-"


def _distance(place: int, spans: Sequence[tuple[int, int]]) -> int:
    """Characters from a place to the nearest of these stretches; very many when there is none."""
    return min((max(begin - place, place - end) for begin, end in spans), default=_FAR)


# A share, or a tariff for some


def _share(heard: Hearing) -> bool:
    """Percents, halves, "three for two" and tariffs for friends, of what is ordered."""
    if not _percent(heard) and not any(_phrases(kind).stand_in(heard.text) for kind in ("share", "rate")):
        return False
    haggles = heard.chance("discount_ask", "price_claim")
    deal = heard.lines and (heard.chance(*DEALS) >= _SOME or "?" not in heard.text)
    return haggles >= max(_SOME, heard.chance("wholesale_ask", "promo_code")) or bool(deal)


def _percent(heard: Hearing) -> bool:
    """Percents off; not those of what an article is made of, nor "sûre à 100 %"."""
    about = " ".join(
        f"{heard.brief.products[m.code].title} {heard.brief.products[m.code].description}" for m in heard.mentions
    )
    made_of = set(PERCENT.findall(about))
    named = {percent for percent in PERCENT.findall(heard.text) if percent not in made_of}
    return bool(named - {"100"}) or ("100" in named and heard.chance(*_HAGGLES) >= _LIKELY)


# An amount


def _offers(heard: Hearing) -> bool:
    """An amount beside an order that the article does not cost, in any number or together with others."""
    counted = any(line.quantity for line in heard.lines)
    if heard.chance(*DEALS, "quote_accept", *_HAGGLES) < (_SOME if counted else _LIKELY) and not _bare(heard):
        return False
    articles = _articles(heard)
    return bool(articles) and _unknown(heard, heard.text, articles)


def _sets(heard: Hearing) -> bool:
    """ "Mets le total à 100", "set price to 1": of what is held or named."""
    if "?" in heard.text or not says("set", heard.text):
        return False
    found = pieces(heard.text)
    ends = {end for _, _, end in _phrases("sums").all_in(found)}
    figures = (f for f in figures_in(found) if f.first - 1 in ends and found[f.first - 1].text in _SET_TO)
    values = {int(figure.value.scaleb(exponent(heard.brief.shop.currency))) for figure in figures}
    articles = _articles(heard)
    return bool(values and articles) and not values & _right(heard, heard.text, articles)


def _falls_short(heard: Hearing) -> bool:
    """An order by somebody who would spend less than it costs: "un gâteau, 45 euros maximum"."""
    if not heard.lines or "?" in heard.text or heard.chance("order") < _CLEAR:
        return False
    found, articles = pieces(heard.text), _articles(heard)
    most = [
        int(amount.value.scaleb(exponent(heard.brief.shop.currency)))
        for amount in amounts_in(heard.text)
        if _phrases("limit_behind").at(found, _place(found, amount.end))
        or _phrases("most").before(found, _place(found, amount.start))
    ]
    cheapest = min((v.price.minor for p in articles for v in p.variants), default=0)
    cheapest = min([cheapest, *(step.unit.minor for p in articles for step in p.price_breaks)])
    return bool(most) and max(most) < cheapest


def names_right_price(heard: Hearing) -> bool:
    """Is what the buyer says that it costs what it costs?"""
    articles = _articles(heard)
    offered = _offers_in(heard, heard.text)
    return bool(articles and offered) and offered <= _right(heard, heard.text, articles)


def _bare(heard: Hearing) -> bool:
    """Nothing is open, and what was just talked of is to be paid: "15 000 et je paie"."""
    return not heard.brief.orders and not heard.brief.quote and heard.chance("pay", "pay_means") >= _LIKELY


def _recalls(heard: Hearing) -> bool:
    """ "Comme convenu", after a price that the buyer proposed and nobody agreed to."""
    if not _phrases("agreed").stand_in(heard.text):
        return False
    said = [message.text for message in heard.brief.history if message.by == "buyer"][-_BEFORE:]
    articles = _articles(heard) or [heard.brief.products[code] for code in heard.memory.focus[:1]]
    return bool(articles) and any(_unknown(heard, text, articles) for text in said)


def about(heard: Hearing) -> list[str]:
    """The articles whose price it is: those that are clearly named, else what was talked of last, else any named."""
    clear = [line for line in heard.lines if line.score == POINTED or line.score >= _NAMED]
    one = heard.memory.one
    if not clear and one:
        return [one]
    lines = clear or heard.lines
    named = dict.fromkeys(code for line in lines for code in (line.code, *line.alternatives))
    return list(named or dict.fromkeys(heard.memory.kept))


def _articles(heard: Hearing) -> list[Product]:
    return [heard.brief.products[code] for code in about(heard) if code in heard.brief.products]


def _unknown(heard: Hearing, text: str, articles: Sequence[Product]) -> bool:
    offered = _offers_in(heard, text)
    return bool(offered) and not offered & _right(heard, text, articles)


def _offers_in(heard: Hearing, text: str) -> set[int]:
    """The prices that this message, or one before it, names: in minor units."""
    counted = [(count.start, count.end) for count in (heard.counts if text == heard.text else counts_in(text))]
    counted += _counting(heard, text)
    return set(_offered(text, heard.brief.shop.currency, bool(heard.address), counted))


def _counting(heard: Hearing, text: str) -> list[tuple[int, int]]:
    """Bare numbers right before an article's name: "2000 gobelets"."""
    if text != heard.text:
        return []
    ends = {mention.start for mention in heard.mentions}
    numbers = (re.finditer(rf"[\d .]*\d\s{{0,{_GAP}}}$", text[:end]) for end in ends)
    return [found.span() for each in numbers for found in each]


def _offered(text: str, currency: str, addressed: bool, counted: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The amounts, in minor units, that the buyer names as a price.

    ``addressed``: bare numbers may be of an address; ``counted``: stretches that say how many.
    """
    if _phrases("part").stand_in(text):
        return
    found = pieces(text)
    unit = exponent(currency)
    for amount in amounts_in(text):
        if any(start <= amount.start < stop for start, stop in counted):
            continue
        first, end = _place(found, amount.start), _place(found, amount.end)
        if _is_offer(found, first, end, amount, addressed):
            yield int(amount.value.scaleb(unit))
    known = [*((amount.start, amount.end) for amount in amounts_in(text)), *phone_spans(text)]
    for figure in figures_in(found):
        start = found[figure.first].start
        if any(begin <= start < stop for begin, stop in known):
            continue
        if _priced(found, figure) or (currency == "EUR" and _in_euros(text, found, figure)):
            yield int(figure.value.scaleb(unit))


def _place(found: Sequence[Piece], offset: int) -> int:
    return next((place for place, piece in enumerate(found) if piece.start >= offset), len(found))


def _is_offer(found: Sequence[Piece], first: int, end: int, amount: Amount, addressed: bool) -> bool:
    """Neither a limit, nor money's worth of something ("2000 F de tomates"), nor a bare number that may be anything."""
    if _phrases("limit").before(found, first) or _phrases("limit_behind").at(found, end):
        return False
    if end < len(found) and found[end].text in ("de", "d", "of", "worth") and not _taken_off(found, end):
        return False
    signed = any(piece.kind != "number" for piece in found[first:end])
    if signed or _phrases("at").before(found, first) or _phrases("each").at(found, end):
        return True
    loose = not found[first].glued and not (end < len(found) and found[end].glued and found[end].text in "-/:")
    return loose and not addressed and int(amount.value) not in _YEARS


def _taken_off(found: Sequence[Piece], end: int) -> bool:
    """ "5000 de moins", "2000 F de remise"."""
    after = found[end + 1].text if end + 1 < len(found) else ""
    return after in ("moins", "remise", "reduction", "rabais", "ristourne", "reduc")


def _priced(found: Sequence[Piece], figure: Figure) -> bool:
    """A small bare number between "à" and "pièce"."""
    if figure.article or figure.value <= 0:
        return False
    return bool(_phrases("at").before(found, figure.first) and _phrases("each").at(found, figure.last))


def _in_euros(text: str, found: Sequence[Piece], figure: Figure) -> bool:
    """ "50e": no rank, and no part of Paris."""
    after = found[figure.last] if figure.last < len(found) else None
    return after is not None and after.glued and after.text in ("e", "eu", "eus") and not _QUARTER.search(fold(text))


def _right(heard: Hearing, text: str, articles: Sequence[Product]) -> set[int]:
    """What these may come to, in minor units: a piece at any quantity, what is counted, all of it, with carriage."""
    units = {v.price.minor for p in articles for v in p.variants} | {p.price.minor for p in articles}
    units |= {step.unit.minor for p in articles for step in p.price_breaks}
    many = {count.value for count in heard.counts} | {line.quantity or 1 for line in heard.lines} | {1}
    many |= {line.quantity for line in heard.held}
    asked = {unit * n for unit in units for n in many}
    orders = heard.brief.orders
    asked |= {line.total.minor for line in heard.held} | {order.total.minor for order in orders}
    if heard.brief.quote:
        asked |= {heard.brief.quote.total.minor, *(line.unit.minor for line in heard.brief.quote.lines)}
    asked |= _sums(heard)
    if _phrases("carriage").stand_in(text):
        told = _told(heard)
        asked |= told | {price + carriage for price, carriage in combinations(asked, told)}
    return asked


def _sums(heard: Hearing) -> set[int]:
    """All that is named, together, at each variant's cheapest and dearest."""
    low = high = 0
    for line in heard.lines:
        product, quantity = heard.brief.products[line.code], line.quantity or 1
        totals = [product.unit_price(variant, quantity).minor * quantity for variant in product.variants]
        low, high = low + min(totals, default=0), high + max(totals, default=0)
    return {low, high} if len(heard.lines) > 1 else set()


def _told(heard: Hearing) -> set[int]:
    """The amounts of the shop's own answers, in minor units."""
    unit = exponent(heard.brief.shop.currency)
    values: Iterable[Decimal] = (a.value for entry in heard.brief.faq.values() for a in amounts_in(entry.answer))
    return {int(value.scaleb(unit)) for value in values}


# Words


def _phrases(kind: str) -> Phrases[bool]:
    return phrases_of("bargains", kind)
