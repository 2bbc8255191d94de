"""What a turn starts from and what it ends with."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from griot.agent.reading.codes import CodeIndex
from griot.channels.model import Reply
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.models import Product
from griot.tools.conversations.models import Thread
from griot.tools.customers.models import Customer
from griot.tools.orders.models import Order


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A shop's articles as the reader wants them; kept in memory until the catalogue changes."""

    version: int
    products: dict[str, Product]
    index: CodeIndex

    @property
    def example(self) -> str:
        """A code to show to somebody who does not know how it works."""
        return next(iter(self.products), "ROBE1")


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a turn may know. Read from the database before the turn, never from the buyer's words."""

    shop: Shop
    thread: Thread
    customer: Customer
    orders: tuple[Order, ...]  # open ones, newest first
    catalogue: Catalogue
    live_id: int | None
    now: datetime

    @property
    def is_vendor(self) -> bool:
        return self.customer.phone is not None and self.customer.phone == self.shop.vendor_phone


@dataclass(frozen=True, slots=True)
class Draft:
    """What a turn wants to say and how it ends."""

    outcome: str
    replies: tuple[Reply, ...] = ()
    asked: dict[str, Any] | None = None
    handler: Literal["agent", "human"] = "agent"
    facts: tuple[str, ...] = field(default=())  # figures that tools gave, as printed
