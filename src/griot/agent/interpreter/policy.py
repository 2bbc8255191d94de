"""What to do about a message: the first rule that has an answer decides.

Dangers come before wishes, answers to the agent's own question before new ones, courtesies last. Where nothing is
clear enough, one question is asked; where that did not help, a human is called.
"""

from collections.abc import Callable, Mapping

from griot.agent.interpreter import asking, ordering, people
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
    asking.form,
    people.needs_human,
    asking.answer_to_question,
    ordering.drop,
    ordering.new_date,
    ordering.about_order,
    ordering.again,
    ordering.total,
    ordering.listed,
)

_RULES: Mapping[str, Rule] = {
    "order": ordering.order,
    "quote": ordering.quote,
    "wholesale_ask": ordering.quote_or_faq,
    "quote_accept": ordering.accept,
    "pay": ordering.pay,
    "pay_means": ordering.pay,
    "resend_link": ordering.pay,
    "paid_claim": ordering.paid,
    "cancel": ordering.cancel,
    "remove_line": ordering.remove,
    "change_quantity": ordering.change_quantity,
    "change_variant": ordering.change_variant,
    "change_date": ordering.change_date,
    "status": ordering.status,
    "purchases": ordering.status,
    "more_time": ordering.more_time,
    "promo_code": ordering.promotion,
    "back_in_stock": ordering.notify,
    "address_give": ordering.address,
    "slot_give": ordering.slot,
    "date_give": ordering.slot,
    "custom_request": ordering.custom,
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
