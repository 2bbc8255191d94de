"""How long before its day an article has to be ordered, as the shop's own words say it: "Pièce montée : 72 h"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import pieces
from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.words import fold, stem

_TELLING = 4  # letters of a word that tells articles apart
_AHEAD = re.compile(
    r"\b(a l'avance|a lavance|en avance|in advance|ahead|beforehand|preavis|notice|mialoha|lead time"
    r"|delais? de (commande|fabrication|preparation)"
    r"|(heures?|h|jours?|hours?|days?|semaines?|weeks?|ora|andro|herinandro) (avant|before|alohan))\b"
)
_ORDERING = re.compile(r"\b(command\w*|reserv\w*|order\w*|book\w*|kaomand\w*|baiko|manafatra|mamandrika|afatra)\b")
_OTHERWISE = re.compile(r"\b(annul\w*|cancel\w*|foan\w*|rembours\w*|refund\w*|pay\w*|livr\w*|deliver\w*|conserv\w*)\b")
_CLAUSE = re.compile(r"[^.;\n]+")
_UNITS = {
    "hours": re.compile(r"(h|hrs?|heures?|hours?|ora|adiny)\b"),
    "days": re.compile(r"(j|jours?|days?|andro|jr|jrs)\b"),
    "weeks": re.compile(r"(semaines?|weeks?|herinandro)\b"),
}
_EVE = re.compile(r"\b(la veille|the (day|evening) before|omalin\w*|ny andro mialoha)\b")
_UNTIL = re.compile(r"\b(avant|before|alohan'ny|by) (\d{1,2}) ?h")


@dataclass(frozen=True, slots=True)
class Notice:
    """``ahead``: whole hours; or, ``by``: the hour of the day before until which it can be ordered.

    ``faq``: the entry that says so; none when the article's own description does.
    """

    ahead: int = 0
    by: int | None = None
    faq: str | None = None

    def allows(self, on: date, at: str | None, now: datetime) -> bool:
        """Can it still be had on that day? Without an hour, the end of the day counts."""
        if self.by is not None:
            return on > now.date() + timedelta(days=1) or (on > now.date() and now.hour < self.by)
        ends = time.fromisoformat(at) if at else time(23, 59)
        return datetime.combine(on, ends, now.tzinfo) >= now + timedelta(hours=self.ahead)


def in_time(heard: Hearing, choices: Choices) -> Choices:
    """The same, unless an article would be held for a sooner day than the shop can make it: then that is answered."""
    on, at = _day(heard, choices)
    if on is None:
        return choices
    for code in _codes(heard, choices):
        found = notice_of(heard.brief.products[code], heard.brief.products, heard.brief.faq)
        if found and not found.allows(on, at, heard.brief.shop.now):
            said = choose("answer_faq", key=found.faq) if found.faq else choose("show_products", codes=[code])
            return said + choose("clarify", question="date", codes=[code])
    return choices


def _day(heard: Hearing, choices: Choices) -> tuple[date | None, str | None]:
    """The day and hour that the calls are for, else those that the message names beside them."""
    for choice in choices:
        on = choice.args.get("wanted_on") or choice.args.get("on")
        if on:
            return date.fromisoformat(on), choice.args.get("wanted_at") or choice.args.get("at")
    return (heard.when.on, heard.when.at) if heard.when else (None, None)


def _codes(heard: Hearing, choices: Choices) -> Iterator[str]:
    """The articles that these calls would hold, or ask about on the way to holding them."""
    for choice in choices:
        match choice.name:
            case "hold":
                yield from (line["code"] for line in choice.args["lines"])
            case "swap":
                yield choice.args["new_code"]
            case "clarify" if choice.args.get("question") == "variant":
                yield from choice.args.get("codes", ())
            case "wanted_on":
                yield from (line.code for line in heard.held)
            case "accept_quote" if heard.brief.quote:
                yield from (line.code for line in heard.brief.quote.lines if line.code in heard.brief.products)


def notice_of(product: Product, products: Mapping[str, Product], faq: Mapping[str, FaqEntry]) -> Notice | None:
    """What the shop says of this article: where it is named most closely, else where all such are meant."""
    own = _words(product.title)
    kind = _words(product.category)
    known = {word for other in products.values() for word in _words(other.title) | _words(other.category)}
    best: tuple[tuple[int, int], Notice] | None = None
    for entry in faq.values():
        for clause, notice in _stated(entry):
            about = _words(clause) & known or _words(entry.question) & known
            rank = (len(about & own), len(about & kind))
            if (rank != (0, 0) or not about) and (best is None or rank > best[0]):
                best = rank, notice
    if best:
        return best[1]
    described = [
        ahead for clause in _clauses(product.description) if _AHEAD.search(clause) and (ahead := _ahead(clause))
    ]
    return Notice(ahead=max(described)) if described else None


def _stated(entry: FaqEntry) -> Iterator[tuple[str, Notice]]:
    """The clauses of an entry about ordering in advance that name a time, each with its notice."""
    asked = fold(entry.question)
    for clause in _clauses(entry.answer):
        here = f"{asked} {clause}"
        if not (_AHEAD.search(here) and _ORDERING.search(here)) or _OTHERWISE.search(here):
            continue
        if ahead := _ahead(clause):
            yield clause, Notice(ahead=ahead, faq=entry.key)
        elif _EVE.search(clause):
            until = _UNTIL.search(clause)
            yield clause, Notice(by=int(until[2]) if until else 24, faq=entry.key)


def _clauses(text: str) -> Sequence[str]:
    return [match.group() for match in _CLAUSE.finditer(fold(text))]


def _ahead(clause: str) -> int | None:
    """The hours of notice that a clause names: "72 h", "trois jours", "2 semaines"."""
    found = pieces(clause)
    for figure in figures_in(found):
        rest = clause[found[figure.last].start :] if figure.last < len(found) else ""
        for unit, hours in (("hours", 1), ("days", 24), ("weeks", 168)):
            if _UNITS[unit].match(rest):
                return int(figure.value * hours)
    return None


def _words(text: str) -> set[str]:
    return {stem(piece.text) for piece in pieces(text) if piece.kind == "word" and len(piece.text) >= _TELLING}
