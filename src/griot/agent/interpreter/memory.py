"""What the thread is about: the articles just offered, and those that were talked of last."""

from collections.abc import Iterator
from dataclasses import dataclass

from griot.agent.mind.models import Brief
from griot.knowledge.search.words import fold

_LISTED = 6  # articles of one message that count as offered


@dataclass(frozen=True, slots=True)
class Memory:
    """Product codes. ``offered``: what the agent showed or asked about last, in its order; ``focus``: newest first."""

    offered: tuple[str, ...]
    focus: tuple[str, ...]

    @property
    def one(self) -> str | None:
        """The article meant by "it"; none when nothing was talked of, or when several were offered at once."""
        if len(self.offered) == 1:
            return self.offered[0]
        return None if self.offered or not self.focus else self.focus[0]


def recall(brief: Brief) -> Memory:
    """From the last question, what was said, what is held and what was quoted, in this order."""
    offered = tuple(code for code in _asked_about(brief) if code in brief.products)
    said: list[str] = []
    for message in reversed(brief.history):
        named = list(_named(message.text, brief))
        if message.by != "buyer" and not offered and not said and named:
            offered = tuple(named[:_LISTED])
        said += named
    lines = [line.code for order in brief.orders for line in reversed(order.lines) if line.status == "held"]
    quoted = [line.code for line in brief.quote.lines] if brief.quote else []
    known = [code for code in (*said, *lines, *quoted) if code in brief.products]
    first = offered if len(offered) == 1 else ()
    return Memory(offered, tuple(dict.fromkeys((*first, *known))))


def _asked_about(brief: Brief) -> Iterator[str]:
    asked = brief.asked or {}
    if asked.get("kind") == "product":
        yield from asked.get("codes", ())
    elif isinstance(code := asked.get("code"), str):
        yield code


def _named(text: str, brief: Brief) -> Iterator[str]:
    """Codes and titles in a message, in the order in which they stand there."""
    plain = f" {fold(text)} "
    found: list[tuple[int, str]] = []
    for code, product in brief.products.items():
        at = plain.find(fold(product.title))
        if at < 0:
            at = plain.find(f" {fold(code)} ") if fold(code) in plain else -1
        if at >= 0:
            found.append((at, code))
    if not found and text:
        found = [(mention.start, mention.code) for mention in brief.find.mentions(text) if not mention.alternatives]
    yield from (code for _, code in sorted(found))
