"""A form that a buyer has filled in, in whatever words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["address", "slot", "custom"]

# What each kind holds. Values are texts; a form needs one field at least that is no ``MINOR`` one.
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "address": ("text", "landmark", "district", "city", "location", "phone"),  # location: latitude,longitude
    "slot": ("date", "time"),  # YYYY-MM-DD, HH:MM in the shop's zone
    "custom": ("request", "occasion", "date", "text"),  # text: what is to be written on it
}
MINOR: Mapping[Kind, frozenset[str]] = {
    "address": frozenset({"phone"}),
    "slot": frozenset(),
    "custom": frozenset({"occasion", "date"}),
}
LONGEST = 500  # characters of one field


@dataclass(frozen=True, slots=True)
class Intake:
    """``fields`` are those of ``FIELDS[kind]`` that were given; ``order_id``: the order that it is about."""

    id: int
    conversation_id: int
    customer_id: int
    order_id: int | None
    kind: Kind
    fields: dict[str, str]
    created_at: datetime
