"""What thinking starts from and what it ends with. Plain data: no database, no transaction, nothing to call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from griot.agent.acts import Act
from griot.agent.reading import CodeIndex, Reading
from griot.core.tenancy import Segment
from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.models import Hit, Mention
from griot.tools.conversations.models import Said
from griot.tools.customers.models import Standing
from griot.tools.orders.models import Order
from griot.tools.quotes.models import Quote


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What may be said of the shop to anybody. ``now`` is in the shop's zone."""

    name: str
    segment: Segment
    country: str
    currency: str
    language: str
    now: datetime
    means: tuple[str, ...]
    max_quantity: int


class Finder(Protocol):
    """The knowledge room's search, bound to the shop: best first, ``score`` between 0 and 1."""

    def products(self, words: str, k: int = 5) -> list[Hit]: ...

    def faq(self, words: str, k: int = 5) -> list[Hit]: ...

    def mentions(self, words: str) -> list[Mention]: ...


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a mind may know in one turn.

    ``text``: the messages of the burst, joined by line breaks. ``reading``: what the deterministic reader made of
    them, uncertain. ``products`` and ``stock`` (pieces free, by variant id) are the whole catalogue of a small shop,
    or what the search found; ``products`` is keyed by code. ``history``: the last messages before this burst, oldest
    first. ``orders``: open ones, newest first; ``past``: the buyer's last closed or paid ones. ``asked``: the agent's
    last question. ``troubles``: turns in a row that did not get the buyer further. ``corrections``: (words, intent)
    that the shop's vendor taught the interpreter.
    """

    text: str
    reading: Reading
    language: str
    shop: ShopFacts
    buyer: str | None
    standing: Standing
    products: Mapping[str, Product]
    stock: Mapping[int, int]
    codes: CodeIndex
    faq: Mapping[str, FaqEntry]
    find: Finder
    history: tuple[Said, ...] = ()
    orders: tuple[Order, ...] = ()
    past: tuple[Order, ...] = ()
    quote: Quote | None = None
    asked: Mapping[str, Any] | None = None
    troubles: int = 0
    corrections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What thinking cost. ``model``: who decided; ``fell_back``: it was not the first asked."""

    model: str
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    fell_back: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done. ``language``: of the answer, when the mind knows better than the reader."""

    acts: tuple[Act, ...]
    usage: Usage
    language: str | None = None
    sentiment: str = "neutral"  # neutral, positive, frustrated, hurried, hesitant


class Mind(Protocol):
    """Decides. Never raises for what a model did: a mind that cannot decide says ``Escalate``."""

    async def decide(self, brief: Brief) -> Decision: ...


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """One tool call as every mind emits it: the tool's name and its arguments (``mind.toolbox`` has their shapes)."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)
