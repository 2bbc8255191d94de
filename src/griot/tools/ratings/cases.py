"""A rated turn as a case of an evaluation suite (docs/reference/evals.md): its words, its world, what was right."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.codes import fold_code
from griot.knowledge.catalogue.quantity_prices import read_price_breaks
from griot.knowledge.faq.models import FaqEntry
from griot.tools.ratings.expecting import expectation
from griot.tools.ratings.models import CaseDraft, Rating, Situation
from griot.tools.ratings.privacy import STAND_IN, Stranger

_LONGEST = 1000  # characters of a message before the turn
_OPEN = {"reserved": "reserved", "awaiting_payment": "awaiting_payment"}


def draft(
    shop: Shop,
    rating: Rating,
    situation: Situation,
    named: Sequence[str],
    articles: Sequence[Mapping[str, Any]],
    entries: Sequence[FaqEntry],
) -> CaseDraft:
    """The case. ``named``: codes that the right answer is about; ``articles``: rows of ``queries.articles``.

    ``InvalidInput``: nothing says what was expected.
    """
    public = [shop.name, *(row["title"] for row in articles), *(entry.question for entry in entries)]
    stranger = Stranger(situation.names, situation.phones, public)
    expect = expectation(
        good=rating.good,
        correction=stranger.out_of(rating.correction),
        right_intent=rating.right_intent,
        acts=situation.acts,
        named=named,
        faq=rating.uses.get("faq"),
        known=[STAND_IN, *re.findall(r"\w+", shop.name)],
    )
    if not expect:
        raise InvalidInput("Say what the buyer meant, or write the right answer with its figures: a case needs one.")
    content: dict[str, Any] = {
        "id": f"{shop.slug}-{rating.id}",
        "shop": f"{shop.slug}-{rating.id}",
        "lang": situation.language,
        "channel": situation.channel,
        "now": situation.started_at.astimezone(ZoneInfo(shop.timezone)).isoformat(timespec="seconds"),
        "tags": ["rated", "up" if rating.good else "down", rating.right_intent or rating.intent],
        "customer": {"name": STAND_IN, "history": _history(situation, stranger)},
        "turn": stranger.out_of("\n".join(situation.words)),
        "expect": expect,
    }
    if rating.correction:
        content["note"] = stranger.out_of(rating.correction)
    rows = tuple(_article(row) for row in articles)
    answers = tuple({"id": entry.key, "question": entry.question, "answer": entry.answer} for entry in entries)
    return CaseDraft(content, rows, answers)


def possible_codes(text: str) -> set[str]:
    """Words, and words with the next one, that might be codes: ``robe 1`` is ``ROBE1``."""
    words = re.findall(r"[^\W_]+", text)
    pairs = [f"{one}{other}" for one, other in pairwise(words)]
    return {fold_code(word) for word in (*words, *pairs)}


def codes_of(act: Mapping[str, Any]) -> list[str]:
    """The articles that an act of the agent names."""
    lines = [line.get("code") for line in act.get("lines") or () if isinstance(line, Mapping)]
    return [code for code in (act.get("code"), act.get("new_code"), *(act.get("codes") or ()), *lines) if code]


def _history(situation: Situation, stranger: Stranger) -> list[dict[str, Any]]:
    """What came before the turn; what was held then comes first, since it was there before the last words."""
    found: list[dict[str, Any]] = []
    if situation.order is not None:
        status = _OPEN.get(situation.order["status"], "reserved")
        lines = [{name: value for name, value in line.items() if value} for line in situation.order["lines"]]
        found.append({"kind": "order", "id": situation.order["id"], "status": status, "lines": lines})
    found += [{"kind": "msg", "from": by, "text": stranger.out_of(text)[:_LONGEST]} for by, text in situation.said]
    return found


def _article(row: Mapping[str, Any]) -> dict[str, str]:
    """A row of catalogue.csv. Quantity prices that the description does not state are added to it."""
    price = Money(row["price_minor"], row["currency"])
    description = row["description"]
    steps = [(quantity, Money(minor, row["currency"])) for quantity, minor in row["breaks"]]
    stated = list(read_price_breaks(description, price))
    description = " ".join(
        [description, *(f"{unit} dès {quantity}." for quantity, unit in steps if (quantity, unit) not in stated)]
    )
    axes: dict[str, list[str]] = {}
    for kind in row["variants"] or ():
        for axis, value in kind["options"].items():
            axes.setdefault(axis, []).append(value)
    return {
        "code": row["code"],
        "title": row["title"],
        "description": description.strip(),
        "category": row["category"],
        "price": price.decimal(),
        "currency": row["currency"],
        "stock": _stock(row["variants"] or (), axes),
        "variants": ";".join(f"{axis}:{'|'.join(dict.fromkeys(values))}" for axis, values in axes.items()),
    }


def _stock(variants: Iterable[Mapping[str, Any]], axes: Mapping[str, Sequence[str]]) -> str:
    if not axes:
        return str(sum(kind["pieces"] for kind in variants))
    return ";".join(
        f"{'/'.join(kind['options'][axis] for axis in axes if axis in kind['options'])}={kind['pieces']}"
        for kind in variants
    )
