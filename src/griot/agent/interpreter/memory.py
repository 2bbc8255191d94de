"""What the thread is about: the articles just offered, and those that were talked of last."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from griot.agent.mind.models import Brief
from griot.knowledge.search.words import fold

_LISTED = 6  # articles of one message that count as offered
_EXAMPLE = re.compile(r"\b(par exemple|for example|e\.g\.|ohatra)\W*\*?[\w-]+\*?", re.I)


@dataclass(frozen=True, slots=True)
class Memory:
    """Product codes. ``offered``: what the agent showed or asked about last, in its order; ``focus``: newest first.

    ``kept``: what is held, else what is quoted. ``wanted``: by code, how many the last question was about.
    """

    offered: tuple[str, ...]
    focus: tuple[str, ...]
    kept: tuple[str, ...] = ()
    wanted: tuple[tuple[str, int], ...] = ()

    @property
    def one(self) -> str | None:
        """The article meant by "it"; none when nothing was talked of, or when several were offered at once."""
        if len(self.offered) == 1:
            return self.offered[0]
        return None if self.offered or not self.focus else self.focus[0]

    @property
    def near(self) -> tuple[str, ...]:
        """The articles that a message may be about without naming them: those on offer, else the last one."""
        return self.offered or self.focus[:1]


def recall(brief: Brief) -> Memory:
    """From the last question, what was said, what is held and what was quoted, in this order."""
    offered = tuple(code for code in _asked_about(brief) if code in brief.products)
    said: list[str] = []
    for message in reversed(brief.history):
        told = message.text if message.by == "buyer" else _without_asides(message.text, brief)
        named = list(_named(told, brief))
        if message.by != "buyer" and not offered and not said and named:
            offered = tuple(named[:_LISTED])
        said += named
    lines = [line.code for order in brief.orders for line in reversed(order.lines) if line.status == "held"]
    quoted = [line.code for line in brief.quote.lines] if brief.quote else []
    known = [code for code in (*said, *lines, *quoted) if code in brief.products]
    first = offered if len(offered) == 1 else ()
    kept = dict.fromkeys(code for code in lines or quoted if code in brief.products)
    return Memory(offered, tuple(dict.fromkeys((*first, *known))), tuple(kept), tuple(_wanted(brief)))


def _asked_about(brief: Brief) -> Iterator[str]:
    asked = brief.asked or {}
    if asked.get("kind") == "product":
        yield from asked.get("codes", ())
    elif isinstance(code := asked.get("code"), str):
        yield code


def _wanted(brief: Brief) -> Iterator[tuple[str, int]]:
    """How many of an article were wanted when its size or colour was asked for."""
    asked = brief.asked or {}
    quantity = asked.get("quantity")
    if asked.get("kind") == "variant" and isinstance(quantity, int) and quantity > 1:
        yield asked["code"], quantity


def _without_asides(text: str, brief: Brief) -> str:
    """What the agent said of articles: neither the example of a greeting nor the shop's answer to a question."""
    for entry in brief.faq.values():
        text = text.replace(entry.answer, " ")
    return _EXAMPLE.sub(" ", text)


def _named(text: str, brief: Brief) -> Iterator[str]:
    """Codes and titles in a message, in the order in which they stand there; of two at one place the longer."""
    plain = fold(text)
    found: dict[int, tuple[int, str]] = {}
    for code, product in brief.products.items():
        for name in (fold(product.title), fold(code)):
            if name in plain and (at := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain)):
                found[at.start()] = max(found.get(at.start(), (0, "")), (len(name), code))
                break
    if not found and text.strip():
        named = (mention for mention in brief.find.mentions(text) if not mention.alternatives)
        found = {mention.start: (0, mention.code) for mention in named}
    yield from (found[at][1] for at in sorted(found))
