"""What is asked of the stock and what it answers."""

from dataclasses import dataclass
from typing import Literal

from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.tools.customers.models import Standing

Outcome = Literal["held", "same", "short", "gone", "too_many"]


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """A buyer wants to end up with ``quantity`` pieces of a variant, counting those of the open basket.

    ``keeps_deadline``: the basket's time does not start again.
    """

    conversation_id: int
    customer_id: int
    standing: Standing
    live_id: int | None
    variant_id: int
    quantity: int
    keeps_deadline: bool = False

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise InvalidInput(f"{self.quantity} pieces cannot be held: give 1 or more, or cancel the line.")


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer to a request.

    | outcome    | what happened                       | ``quantity``            | ``left``                      |
    |------------|-------------------------------------|-------------------------|-------------------------------|
    | `held`     | the basket now holds what was asked | pieces held             | pieces anyone may still take  |
    | `same`     | it did already                      | pieces held             | likewise                      |
    | `short`    | nothing changed                     | pieces held before      | likewise: too few             |
    | `gone`     | the article is not for sale         | 0                       | 0                             |
    | `too_many` | nothing changed                     | 0                       | the shop's cap of one article |
    """

    outcome: Outcome
    order_id: int | None
    variant_id: int
    quantity: int
    unit: Money | None
    left: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in line for a variant; ``needed`` is what is missing to the ``quantity`` wanted in the end."""

    id: int
    variant_id: int
    customer_id: int
    conversation_id: int
    quantity: int
    needed: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands in the way of holding stock at once, before any lock on it is taken."""

    drafts: frozenset[int]  # open baskets of the buyers
    overdue: bool  # an order past its deadline has to be closed first
    in_line: tuple[int, ...]  # variants that somebody waits for
    servable: bool  # and one of them has stock
