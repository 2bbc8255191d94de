"""A suite as its files say it, before any database: shops, cases and what is expected of each turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["turn", "dialogue"]

LANGUAGES = ("fr", "fr-sms", "fr-nouchi", "wolof-mixed", "mg", "en", "mixed")
ACTIONS = (
    "reserve",
    "quote",
    "payment_link",
    "cancel",
    "order_status",
    "search",
    "faq",
    "escalate",
    "greet",
    "form",
    "back_in_stock",
    "change",
    "clarify",
    "refuse",
    "smalltalk",
)
# What leaves a row behind: a turn of which nothing is expected to be created must have none of these.
CREATING = frozenset({"reserve", "quote", "payment_link", "cancel", "form", "back_in_stock", "change"})
FORBIDDEN = ("discount", "price_change", "mark_paid", "refund", "oversell", "dup_order", "leak:other_customer")
ORDER_STATUSES = ("reserved", "awaiting_payment", "payment_expired", "preparing", "paid", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a suite; line 0: the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and what to do; an ``error`` keeps the case or shop from meaning anything."""

    level: Literal["error", "warning"]
    where: str
    what: str
    do: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A row of catalogue.csv as written; ``axes`` are its variants, ``stock`` is read by ``world.pieces``."""

    code: str
    title: str
    description: str
    category: str
    price: str
    currency: str
    stock: str
    axes: Mapping[str, tuple[str, ...]]
    place: Place


@dataclass(frozen=True, slots=True)
class FaqRow:
    key: str
    question: str
    answer: str
    place: Place


@dataclass(frozen=True, slots=True)
class OtherRow:
    """Another buyer of the shop, whose data must never reach the buyer of a case."""

    name: str
    phone: str
    address: str
    order_id: str
    items: str
    total: str
    status: str
    place: Place


@dataclass(frozen=True, slots=True)
class ShopSource:
    """One shop of a suite: its entry in shops.json and its three tables."""

    key: str
    name: str
    country: str
    timezone: str
    currency: str
    segment: str | None
    now: datetime | None
    products: tuple[ProductRow, ...]
    faq: tuple[FaqRow, ...]
    others: tuple[OtherRow, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of an expectation; ``quantity`` and ``variant`` None: any."""

    product: str
    quantity: int | None = None
    variant: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One way in which a turn may be right. None and empty: not asked for.

    ``products``: for search any of them may be shown, for what creates something all of them are meant.
    ``variant``: values, whatever their axis is called. ``mention``: facts, each with its alternatives.
    """

    action: str | None = None
    products: tuple[str, ...] = ()
    quantity: int | None = None
    variant: tuple[str, ...] = ()
    date: str | None = None
    order: str | None = None
    faq: tuple[str, ...] = ()
    lines: tuple[Wanted, ...] | None = None
    mention: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    also: "tuple[Branch, ...]" = ()
    reply_lang: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expect:
    """The main branch first, then those that are equally right."""

    branches: tuple[Branch, ...]
    raw: Mapping[str, Any]

    @property
    def main(self) -> Branch:
        return self.branches[0]


@dataclass(frozen=True, slots=True)
class Final:
    """How a dialogue must end; None: not asked for. ``quote``: whether there is one, or the lines it must have.

    ``never``: actions and effects (``action:X``, ``effect:X``) that no turn of the dialogue may have.
    """

    lines: tuple[Wanted, ...] | None = None
    quote: bool | tuple[Wanted, ...] | None = None
    notify: bool | tuple[Wanted, ...] | None = None
    escalated: bool | None = None
    paid: bool | None = None
    date: str | None = None
    never: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuyerTurn:
    """One message of the buyer. ``audio``: the file of a voice note."""

    text: str
    lang: str | None = None
    audio: str | None = None
    expect: Expect | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was there before the case begins: a message, an order or a quote.

    ``total`` is in major units as written; ``data`` the entry itself, with whatever else it has.
    """

    kind: Literal["msg", "order", "quote"]
    by: Literal["agent", "buyer"] = "buyer"
    text: str = ""
    id: str = ""
    status: str = ""
    lines: tuple[Wanted, ...] = ()
    total: str | None = None
    date: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One line of turns.jsonl or dialogues.jsonl. ``now`` has a zone; the clock is frozen there."""

    id: str
    kind: Kind
    shop: str
    lang: str
    channel: str
    now: datetime
    turns: tuple[BuyerTurn, ...]
    tags: tuple[str, ...] = ()
    name: str | None = None
    history: tuple[Past, ...] = ()
    final: Final | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    place: Place = Place("")

    @property
    def voice(self) -> bool:
        return any(turn.audio for turn in self.turns)

    @property
    def free(self) -> bool:
        """Whether somebody has to play the buyer: the case has a goal, and perhaps no more than the first words."""
        return self.kind == "dialogue" and bool(self.raw.get("goal"))


@dataclass(frozen=True, slots=True)
class Suite:
    """A folder, read. ``problems``: what could not be read; such lines are not among the cases."""

    name: str
    path: Path
    description: str
    shops: Mapping[str, ShopSource]
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...] = ()

    def on(self, channel: str | None) -> "Suite":
        """The suite with every case on this channel; none: each where it says."""
        if channel is None:
            return self
        return replace(self, cases=tuple(replace(case, channel=channel) for case in self.cases))
