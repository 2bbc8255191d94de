"""A message as the interpreter hears it: what it asks, names, counts and dates, and in which mood."""

import re
from functools import cached_property

from griot.agent.interpreter.contacts import Address, read_address
from griot.agent.interpreter.goods import Goods
from griot.agent.interpreter.intents import Intents
from griot.agent.interpreter.learning import intents_with
from griot.agent.interpreter.lines import POINTED
from griot.agent.interpreter.mood import Mood, mood
from griot.agent.interpreter.pieces import clauses
from griot.agent.interpreter.subjects import best_answers
from griot.agent.interpreter.values import says
from griot.agent.mind.models import Brief
from griot.knowledge.search.models import Hit

_ASKED = ("order", "price_ask", "details", "compare")  # what a question with an option in it may be about besides stock
_LIKELY = 0.5
_FRAGMENT = 0.95  # how likely an order is when a message says nothing but options of what was just talked of
_BRIEF = 6  # words of a message that is a greeting or an order
_GREETS = 0.2  # how likely a greeting is at most when something is named or counted behind it
_REFERENCE = re.compile(r"(?<![\w-])#?([A-Za-z]{1,4}-?\d{3,4}-[\w-]{2,}|[A-Za-z]{2,4}-\d{2,}|#\d{2,})(?![\w-])")
_DEEDS = {
    "order",
    "quote",
    "quote_accept",
    "pay",
    "cancel",
    "remove_line",
    "change_quantity",
    "change_variant",
    "change_date",
    "back_in_stock",
    "address_give",
    "custom_request",
}
_DEED = 0.1  # how much less likely than a question a deed may be and still come first
# Intents that ask about the shop and not about an article.
OF_THE_SHOP = (
    "delivery_ask",
    "hours_ask",
    "payment_means_ask",
    "returns_ask",
    "location_ask",
    "allergens_ask",
    "guarantee_ask",
    "reservation_rules_ask",
    "credit_ask",
    "slot_ask",
    "invoice_ask",
    "wholesale_ask",
    "shop_ask",
)
_COURTESY = {
    "greet",
    "thanks",
    "bye",
    "wellbeing",
    "praise",
    "yes",
    "no",
    "laugh",
    "sorry",
    "later",
    "bot_ask",
    "unsure",
    "media",
}


class Hearing(Goods):
    """Everything the policy asks of one message."""

    def __init__(self, brief: Brief, classifier: Intents | None = None) -> None:
        super().__init__(brief)
        self._intents = classifier or intents_with(brief.corrections)

    @cached_property
    def address(self) -> Address | None:
        return read_address(self.text, self.brief.shop.country)

    @cached_property
    def mood(self) -> Mood:
        return mood(self.text, self.brief.history)

    @cached_property
    def hits(self) -> list[Hit]:
        """What the search finds for the whole message."""
        return self.brief.find.products(self.text, 5)

    @cached_property
    def faq(self) -> list[Hit]:
        """The shop's answers that may be asked for, the likeliest first."""
        found = self.brief.find.faq(self.text, len(self.brief.faq))
        return best_answers(self.text, self.brief.faq, found, self.odds, self.brief.shop.country)

    @cached_property
    def clauses(self) -> list[str]:
        """The message in parts that may want different things."""
        return clauses(self.text)

    @cached_property
    def odds(self) -> dict[str, float]:
        """How likely each intent is: for the whole message, or for the clause that says it most clearly."""
        odds = dict(self._intents.of(self.text, self._spans(0, len(self.text))))
        if len(self.clauses) > 1:
            at = 0
            for clause in self.clauses:
                at = self.text.index(clause, at)
                for name, chance in self._intents.of(clause, self._spans(at, at + len(clause))):
                    weight = 0.9 if name not in _COURTESY else 0.3
                    odds[name] = max(odds.get(name, 0.0), weight * chance)
        if (self.mentions or self.counts) and len(self.text.split()) <= _BRIEF:
            odds["greet"] = min(odds.get("greet", 0.0), _GREETS)
        unclear = max((odds[name] for name in odds if name not in _COURTESY), default=0.0) < _LIKELY
        if self.fragment or (unclear and self._changes_held()):
            return self._of_fragment(odds)
        plain = unclear and (self.bare or (self.rest is not None and "?" not in self.text))
        return {**odds, "order": _FRAGMENT} if plain else odds

    def _of_fragment(self, odds: dict[str, float]) -> dict[str, float]:
        """Options by themselves order what was asked about, or change what is held, whatever the words look like."""
        if "?" in self.text:
            wish = "stock_ask" if max(odds.get(name, 0.0) for name in _ASKED) < _LIKELY else ""
        else:
            wish = "change_variant" if self._changes_held() else "order"
        rivals = {name: min(odds.get(name, 0.0), _LIKELY) for name in ("order", "change_variant", "change_quantity")}
        return {**odds, **rivals, wish: max(odds.get(wish, 0.0), _FRAGMENT)} if wish else odds

    def _changes_held(self) -> bool:
        """One other option of what is held, in the number that is held or none, and nothing said of "one more"."""
        line = self.lines[0] if len(self.lines) == 1 else None
        if line is None or line.score != POINTED or says("also", self.text):
            return False
        held = [have for have in self.held if have.code == (self.memory.one if self.measured else line.code)]
        same = not self.measured and any(line.options.items() <= have.options.items() for have in held)
        return bool(held) and not same and line.quantity in (None, *(have.quantity for have in held))

    def _spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Offsets of what is named between two places, counted from the first."""
        spans = [span for mention in self.mentions for span in (mention.spans or ((mention.start, mention.end),))]
        if self.fragment:
            spans = [(value.start, value.end) for line in self.lines for value in self.values(line.code)]
        return [(a - start, b - start) for a, b in spans if start <= a and b <= end]

    @cached_property
    def ranked(self) -> list[str]:
        """Intents, the likeliest first: deeds before questions that are about as likely, courtesies last."""
        order = sorted(self.odds, key=lambda name: -self.odds[name] - (_DEED if name in _DEEDS else 0.0))
        matters = [name for name in order if name not in _COURTESY and self.odds[name] >= 0.22]
        return matters + [name for name in order if name not in matters]

    def chance(self, *names: str) -> float:
        """How likely it is that one of these is meant."""
        return max((self.odds.get(name, 0.0) for name in names), default=0.0)

    @cached_property
    def reference(self) -> str | None:
        """The number of an order, as the buyer writes it; one of his own when it stands there."""
        plain = self.text.casefold()
        for order in (*self.brief.orders, *self.brief.past):
            if order.reference.casefold() in plain:
                return order.reference
        found = _REFERENCE.search(self.text)
        return found.group(1) if found else None
