"""What goes into the reader and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from griot.agent.reading.codes import CodeIndex

Means = Literal["wave", "orange_money", "card"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of a burst. ``kind`` is the channel's (text, choice, image, …); a choice carries its id."""

    kind: str
    text: str | None = None
    choice_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the agent knows when the message comes in.

    ``codes``: the shop's catalogue, built once with ``CodeIndex.build``. ``asked``: the agent's last question as JSON,
    ``{"kind": means|variant|quantity|waitlist|again|pay, …}``, or None. ``open_orders``: ids, newest first.
    ``language``: the one the conversation is held in, which decides when the words belong to several.
    """

    codes: CodeIndex = field(default_factory=lambda: CodeIndex.build({}))
    asked: Mapping[str, Any] | None = None
    open_orders: Sequence[int] = ()
    language: str | None = None


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
    order_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Correct the quantity of what was just asked about or held."""

    quantity: int


@dataclass(frozen=True, slots=True)
class Extend:
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class JoinWaitlist:
    code: str | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class LeaveWaitlist:
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Purchases:
    pass


@dataclass(frozen=True, slots=True)
class OrderStatus:
    pass


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


Act = (
    Take
    | Ask
    | Pay
    | ChooseMeans
    | ChangeMeans
    | Cancel
    | SetQuantity
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
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of a burst.

    ``certain``: every word is accounted for and the acts may be carried out as they are; otherwise the acts are a
    hint and the model should look. ``Take``, ``Cancel``, ``SetQuantity`` and ``LeaveWaitlist`` only come certain.
    ``language``: fr, mg, en, or None when nothing tells. ``rest``: what was not understood, as written.
    """

    acts: tuple[Act, ...]
    language: str | None
    certain: bool
    rest: str = ""
