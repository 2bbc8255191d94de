"""Shapes that several nouns share: amounts, pages of lists, and the places where they go on."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from griot.core.errors import InvalidInput
from griot.core.money import Money

T = TypeVar("T")

LARGEST = 2**63 - 1

Number = Annotated[int, Path(ge=1, le=LARGEST, examples=[12])]
Limit = Annotated[int, Query(ge=1, le=200, description="Items of a page, at most.")]
After = Annotated[
    str | None, Query(max_length=300, description="`next` of the page before; left out: from the beginning.")
]


class Shown(BaseModel):
    """Something of ours, as it is shown."""

    model_config = ConfigDict(from_attributes=True)


class _Amount(BaseModel):
    minor: int = Field(examples=[15000], description="Whole minor units of the currency.")
    currency: str = Field(examples=["XOF"])
    text: str = Field(examples=["15 000 F CFA"], description="As people write it.")


def _amount(value: Any) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency, "text": str(value)}
    return value


Amount = Annotated[_Amount, BeforeValidator(_amount)]


class Page(BaseModel, Generic[T]):
    """A part of a list. ``next`` asks for the part after it; none: that was all."""

    items: list[T]
    next: str | None = Field(None, examples=["WzEyXQ"])


class Happening(Shown):
    """Something that happened. ``actor``: `user:7`, `key:3` or `cli`; none: the house itself."""

    number: int = Field(examples=[812])
    kind: str = Field(examples=["order.paid"])
    actor: str | None = Field(examples=["user:7"])
    order: int | None = Field(validation_alias="order_id", examples=[12])
    customer: int | None = Field(validation_alias="customer_id", examples=[34])
    live: int | None = Field(validation_alias="live_id", examples=[3])
    data: dict[str, Any] = Field(examples=[{"minor": 15000}])
    at: datetime


def pack(place: Sequence[Any]) -> str:
    """A place in a list, to be handed back as it is."""
    return base64.urlsafe_b64encode(orjson.dumps(list(place))).decode().rstrip("=")


def unpack(text: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The values of a place, each of its kind (int, bool, datetime); none stays none. ``InvalidInput``: not ours."""
    if text is None:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        values = None
    if not isinstance(values, list) or len(values) != len(kinds):
        raise InvalidInput("`after` is not a place in this list: take `next` of the page before as it is.")
    return tuple(_value(value, kind) for value, kind in zip(values, kinds, strict=True))


def _value(value: Any, kind: type) -> Any:
    if kind is datetime and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            return moment
    if kind is int and type(value) is int and abs(value) <= LARGEST:
        return value
    if kind is bool and type(value) is bool:
        return value
    raise InvalidInput("`after` is not a place in this list: take `next` of the page before as it is.")
