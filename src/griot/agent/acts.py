"""The closed list of what a turn can do. A reader or a model chooses acts; the tools and templates carry them out.

An act names only what a buyer may choose: a code that exists, options, a quantity, a date, words. Shop, buyer, prices,
stock and discounts are put in by the desk (architecture.md, invariant 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Means = Literal["wave", "orange_money", "card"]
IntakeKind = Literal["address", "slot", "custom"]
Question = Literal["what", "product", "variant", "quantity", "confirm_quantity", "date", "address", "order"]
Refusal = Literal["price", "free", "paid", "refund", "stock", "others", "instructions", "off_topic", "abuse"]
Courtesy = Literal["thanks", "bye", "wellbeing", "praise", "ok", "sorry", "later", "laugh"]


@dataclass(frozen=True, slots=True)
class Take:
    """Hold this for the buyer. ``quantity`` None: not said. ``again``: one more of what is held already."""

    code: str
    quantity: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A product is mentioned, and something other than a clear order is said of it: show it, hold nothing."""

    code: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Wants to pay. ``at_once``: asked for the link in so many words, so it is sent without asking for the means."""

    order_id: int | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class ChooseMeans:
    means: Means
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeMeans:
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give up an order, or what is held of one product when ``code`` is there."""

    order_id: int | None = None
    code: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Correct the quantity of what was just asked about or held."""

    quantity: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Another article, or the same in another size or colour, instead of one that is held or quoted.

    ``code`` None: the last one. ``quantity`` None: as many as before.
    """

    code: str | None
    new_code: str
    new_options: Mapping[str, str] = field(default_factory=dict)
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class JoinWaitlist:
    code: str | None = None
    quantity: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeaveWaitlist:
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Purchases:
    pass


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """Where things stand; ``reference``: of this order, when it is the buyer's own."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    pass


@dataclass(frozen=True, slots=True)
class Thanks:
    pass


@dataclass(frozen=True, slots=True)
class Human:
    """Asks for a person."""


@dataclass(frozen=True, slots=True)
class Yes:
    """An assent to which no question gives a meaning."""


@dataclass(frozen=True, slots=True)
class No:
    """A refusal to which no question gives a meaning."""


@dataclass(frozen=True, slots=True)
class Unknown:
    text: str


# What takes understanding: chosen by a model or by the interpreter, never by the reader alone.


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line somebody asks a price for."""

    code: str
    quantity: int = 1
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Show:
    """Product information: what fits, best first; nothing is created. ``quantity``: what so many would cost."""

    codes: tuple[str, ...]
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A numbered offer for these lines; replaces the open one of the thread. Without lines: what is held."""

    lines: tuple[Wanted, ...] = ()
    wanted_on: date | None = None


@dataclass(frozen=True, slots=True)
class AcceptQuote:
    """The buyer orders what the open quote of the thread offers. ``quote_id``: the one whose button was tapped."""

    quote_id: int | None = None


@dataclass(frozen=True, slots=True)
class WantedOn:
    """When the goods or the service are wanted: of the order taken or open, or the quote made in this turn."""

    on: date | None = None
    at: str | None = None  # HH:MM in the shop's zone


@dataclass(frozen=True, slots=True)
class Intake:
    """What the buyer lets the shop know in a structured way: where to deliver, when, what to make."""

    kind: IntakeKind
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsePromotion:
    """A code that the buyer names; worth something only when the shop has such a promotion."""

    code: str


@dataclass(frozen=True, slots=True)
class AnswerFaq:
    """The shop's own answer to a question it has foreseen; ``key`` is the entry's."""

    key: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """To a human: why, what it is about, an answer that might do, and how the buyer sounds (``Decision.sentiment``)."""

    reason: str
    summary: str = ""
    suggestion: str = ""
    sentiment: str = "neutral"


@dataclass(frozen=True, slots=True)
class Clarify:
    """One good question; nothing is created. ``codes``: between which products, or about which one."""

    question: Question
    codes: tuple[str, ...] = ()
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """What no words can bring about, said kindly. ``code``: the article that it was about, whose price is repeated."""

    what: Refusal
    code: str | None = None


@dataclass(frozen=True, slots=True)
class SmallTalk:
    kind: Courtesy


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """The answer to whether the buyer gave this number on another channel (``customers.proofs``)."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Say:
    """Words of a model. They leave only when every figure, product and promise in them is known (``guarding``)."""

    text: str


Act = (
    Take
    | Ask
    | Pay
    | ChooseMeans
    | ChangeMeans
    | Cancel
    | SetQuantity
    | Swap
    | Extend
    | JoinWaitlist
    | LeaveWaitlist
    | Purchases
    | OrderStatus
    | Greet
    | Thanks
    | Human
    | Yes
    | No
    | Unknown
    | Show
    | Quote
    | AcceptQuote
    | WantedOn
    | Intake
    | UsePromotion
    | AnswerFaq
    | Escalate
    | Clarify
    | Refuse
    | SmallTalk
    | OwnNumber
    | Say
)
