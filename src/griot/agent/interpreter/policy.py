"""What to do about a message: the first rule that has an answer decides.

Dangers come before wishes, answers to the agent's own question before new ones, courtesies last. Where nothing is
clear enough, one question is asked; where that did not help, a human is called.
"""

from collections.abc import Callable, Mapping

from griot.agent.interpreter import (
    arranging,
    asking,
    buying,
    dropping,
    notice,
    ordering,
    people,
    quoting,
    recounting,
    swapping,
    waiting,
)
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.intents import Intents
from griot.agent.mind.models import Brief

Rule = Callable[[Hearing], Choices | None]

_ENOUGH = 0.22  # chance of an intent from which its rule is tried
_TRIED = 4  # intents that are tried, the likeliest first

# Before anything else, whatever else the message wants
_FIRST: tuple[Rule, ...] = (
    people.media,
    people.danger,
    dropping.of_others,
    asking.form,
    people.needs_human,
    quoting.aside,
    swapping.chosen_instead,
    asking.answer_to_question,
    ordering.at_full_price,
    buying.total,
    buying.takes_quote,
    swapping.exchange,
    dropping.give_up,
    recounting.recount,
    arranging.new_date,
    buying.about_order,
    ordering.again,
    ordering.listed,
)

_RULES: Mapping[str, Rule] = {
    "order": ordering.order,
    "quote": ordering.quoted,
    "wholesale_ask": quoting.quote_or_faq,
    "quote_accept": buying.accept,
    "pay": buying.pay,
    "pay_means": buying.pay,
    "resend_link": buying.pay,
    "paid_claim": buying.paid,
    "cancel": dropping.cancel,
    "remove_line": dropping.remove,
    "change_quantity": ordering.change_quantity,
    "change_variant": ordering.change_variant,
    "change_date": arranging.change_date,
    "status": buying.status,
    "purchases": buying.status,
    "more_time": buying.more_time,
    "promo_code": buying.promotion,
    "back_in_stock": waiting.notify,
    "address_give": arranging.address,
    "slot_give": arranging.slot,
    "date_give": arranging.slot,
    "custom_request": arranging.custom,
    "price_ask": asking.product,
    "stock_ask": asking.product,
    "details": asking.product,
    "compare": asking.product,
    "browse": asking.browse,
    "gift_advice": asking.browse,
    "delivery_ask": asking.faq,
    "hours_ask": asking.faq,
    "payment_means_ask": asking.faq,
    "returns_ask": asking.faq,
    "location_ask": asking.faq,
    "allergens_ask": asking.faq,
    "guarantee_ask": asking.faq,
    "reservation_rules_ask": asking.faq,
    "credit_ask": asking.faq,
    "slot_ask": asking.faq,
    "invoice_ask": asking.faq,
    "greet": people.greet,
    "thanks": people.courtesy("thanks"),
    "bye": people.courtesy("bye"),
    "wellbeing": people.courtesy("wellbeing"),
    "bot_ask": people.courtesy("wellbeing"),
    "praise": people.courtesy("praise"),
    "laugh": people.courtesy("laugh"),
    "sorry": people.courtesy("sorry"),
    "later": people.courtesy("later"),
    "yes": asking.yes,
    "no": people.courtesy("ok"),
    "opt_out": people.courtesy("ok"),
    "off_topic": people.refuse("off_topic"),
}
_BESIDE_SURE = 0.6  # score of an FAQ entry that answers a clause of its own


def interpret(brief: Brief, classifier: Intents | None = None) -> Choices:
    """Tool calls for a brief, as any model would make them. Never empty, never raises for what a buyer wrote."""
    heard = Hearing(brief, classifier)
    return notice.in_time(heard, arranging.dated(heard, _decide(heard)))


def _decide(heard: Hearing) -> Choices:
    for rule in _FIRST:
        if (choices := rule(heard)) is not None:
            return choices
    for name in heard.ranked[:_TRIED]:
        wish = _RULES.get(name)
        if wish is None or heard.odds[name] < _ENOUGH:
            continue
        if (choices := wish(heard)) is not None:
            return choices + _beside(heard, choices)
    return asking.fallback(heard)


def _beside(heard: Hearing, choices: Choices) -> Choices:
    """The answer to a question that the buyer put beside a wish, in a clause of its own."""
    if choices[0].name not in ("hold", "swap", "cancel", "quote", "pay", "notify_when_back", "wanted_on"):
        return []
    for clause in heard.clauses[1:] if len(heard.clauses) > 1 else ():
        found = heard.brief.find.faq(clause, 1) if "?" in clause else []
        if found and found[0].score >= _BESIDE_SURE:
            return choose("answer_faq", key=found[0].key)
    return []
