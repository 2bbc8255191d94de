"""What a case expects, from what the vendor said should have happened."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from griot.knowledge.catalogue.codes import fold_code

# What a right answer does when the buyer meant this: actions of evaluation suites by files of prompts/examples.
_BY_ACTION = {
    "search": ("browse", "compare", "details", "gift_advice", "price_ask", "stock_ask"),
    "faq": (
        "allergens_ask",
        "delivery_ask",
        "guarantee_ask",
        "hours_ask",
        "invoice_ask",
        "location_ask",
        "payment_means_ask",
        "reservation_rules_ask",
        "returns_ask",
        "shop_ask",
        "wholesale_ask",
    ),
    "reserve": ("order",),
    "quote": ("quote",),
    "payment_link": ("pay", "pay_means", "resend_link"),
    "cancel": ("cancel",),
    "change": ("change_date", "change_quantity", "change_variant", "remove_line"),
    "order_status": ("status", "purchases", "paid_claim", "more_time"),
    "escalate": ("human", "complaint", "refund", "legal", "medical"),
    "back_in_stock": ("back_in_stock",),
    "form": ("address_give", "custom_request", "slot_ask", "date_give"),
    "refuse": (
        "abuse",
        "credit_ask",
        "discount_ask",
        "free_ask",
        "off_topic",
        "other_people_data",
        "price_claim",
        "prompt_attack",
        "stock_push",
    ),
    "greet": ("greet",),
    "smalltalk": ("bye", "laugh", "later", "praise", "sorry", "thanks", "wellbeing", "bot_ask"),
}
_OF_INTENT = {intent: action for action, intents in _BY_ACTION.items() for intent in intents}
_OF_ACT = {
    "Take": "reserve",
    "Ask": "search",
    "Show": "search",
    "Pay": "payment_link",
    "ChooseMeans": "payment_link",
    "ChangeMeans": "payment_link",
    "Cancel": "cancel",
    "SetQuantity": "change",
    "Swap": "change",
    "JoinWaitlist": "back_in_stock",
    "Purchases": "order_status",
    "OrderStatus": "order_status",
    "Quote": "quote",
    "AcceptQuote": "reserve",
    "Intake": "form",
    "AnswerFaq": "faq",
    "Escalate": "escalate",
    "Human": "escalate",
    "Clarify": "clarify",
    "Refuse": "refuse",
    "Greet": "greet",
    "Thanks": "smalltalk",
    "SmallTalk": "smalltalk",
}
_CREATING = frozenset({"reserve", "quote", "payment_link", "cancel", "form", "back_in_stock", "change"})
_ABOUT_GOODS = frozenset({"search", "reserve", "quote", "back_in_stock", "change"})
_NUMBER = re.compile(r"(?<![\w.,])\d(?:[\d .\u00a0\u202f]*\d)?")
_NAMED = re.compile(r"(?<=[^\s.!?:])\s+([A-ZÀ-Ý][^\W\d_]{3,})")
_MOST_FACTS = 6


def action_of(acts: Sequence[Mapping[str, Any]]) -> str | None:
    """What the agent did, in the words of suites, by the first of its acts that does something."""
    return next((action for act in acts if (action := _OF_ACT.get(str(act.get("act"))))), None)


def expectation(
    *,
    good: bool,
    correction: str,
    right_intent: str | None,
    acts: Sequence[Mapping[str, Any]],
    named: Sequence[str],
    faq: str | None,
    known: Collection[str] = (),
) -> dict[str, Any]:
    """What should have come of the turn; empty when nothing was said of it.

    ``correction``: the right answer, without people. ``named``: codes of articles in it, or else in the buyer's words.
    ``faq``: the entry that was made of the correction. ``known``: names that are no facts, such as the shop's.
    """
    did = action_of(acts)
    wanted = _OF_INTENT.get(right_intent or "") or ("faq" if faq else did if good else None)
    expect: dict[str, Any] = {"action": wanted} if wanted else {}
    if wanted == "faq" and faq:
        expect["faq"] = faq
    if wanted in _ABOUT_GOODS and named:
        expect["product"] = named[0] if len(named) == 1 else list(named)
    if wanted == "reserve" and good and len(named) == 1:
        taken = next((act.get("quantity") for act in acts if act.get("act") == "Take"), None)
        expect |= {"quantity": taken} if taken else {}
    facts = _facts(correction, {fold_code(code) for code in named}, known)
    if facts:
        expect["must_mention"] = facts
    if not good and did in _CREATING and did != wanted and expect:
        expect["must_not"] = [f"action:{did}"]
    return expect


def _facts(text: str, codes: Collection[str], known: Collection[str]) -> list[str]:
    """Figures and names that a right answer states."""
    figures = [re.sub(r"[ \u00a0\u202f]", "", found[0]).rstrip(".") for found in _NUMBER.finditer(text)]
    names = [name for name in _NAMED.findall(text) if fold_code(name) not in codes and name not in known]
    return list(dict.fromkeys([figure for figure in figures if len(figure) > 1] + names))[:_MOST_FACTS]
