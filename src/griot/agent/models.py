"""What a turn starts from and what it ends with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from griot.agent.reading.codes import CodeIndex
from griot.channels.model import Reply
from griot.core.tenancy import Shop
from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.index import Index
from griot.knowledge.search.shelf import Shelf
from griot.tools.conversations.models import Said, Thread
from griot.tools.customers.models import Customer
from griot.tools.orders.models import Order
from griot.tools.quotes.models import Quote

Effects = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Catalogue:
    """A shop's articles and answers as reader and minds want them; kept in memory until the catalogue changes."""

    version: int
    products: dict[str, Product]
    index: CodeIndex
    faq: dict[str, FaqEntry]
    shelf: Shelf
    corrections: tuple[tuple[str, str], ...] = ()  # (words, intent), of the shop's vendor

    @cached_property
    def search(self) -> Index:
        """Made by the first who asks: seconds where thousands are sold, so that worker.catalogues asks beforehand."""
        return self.shelf.index(self.products, self.faq)

    @property
    def is_searchable(self) -> bool:
        """Whether ``search`` is there and nobody waits for it."""
        return "search" in vars(self)

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
    # What only those who think need; see worker.scenes.
    history: tuple[Said, ...] = ()
    past: tuple[Order, ...] = ()  # closed or paid ones, newest first
    quote: Quote | None = None
    stock: Mapping[int, int] = field(default_factory=dict)  # free pieces by variant

    @property
    def buyer(self) -> str:
        """How the vendor knows the buyer: by name or phone."""
        return self.customer.name or (f"+{self.customer.phone}" if self.customer.phone else "?")

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
    facts: tuple[str, ...] = ()  # figures that tools gave, as printed
    effects: Effects = ()  # what was shown, asked or said: TurnRecord
    troubled: bool = False  # the buyer got no further
    told_closed: bool = False  # when the shop opens again is said
