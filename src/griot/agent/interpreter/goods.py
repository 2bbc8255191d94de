"""What a message says of goods: which articles, in which options, how many, for when. Memory of the thread included."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from griot.agent.interpreter.amounts import Count, counts_in
from griot.agent.interpreter.answers import pointers, strange_words
from griot.agent.interpreter.apart import contents, in_another_measure, told_apart, without_measure
from griot.agent.interpreter.dates import When, read_when
from griot.agent.interpreter.finding import Once
from griot.agent.interpreter.heads import by_the_head, heads
from griot.agent.interpreter.lines import POINTED, OrderLine, lines_of, regions_of
from griot.agent.interpreter.memory import Memory, recall
from griot.agent.interpreter.naming import named, spans_of
from griot.agent.interpreter.values import Value, axes_in, meant, says, values_in
from griot.agent.mind.models import Brief
from griot.knowledge.search.models import Mention
from griot.tools.orders.models import Line

_NOT_THIS = re.compile(
    r"(\b(pas|pa|not|tsy|rather than|instead of|de|from|than|que|laisse[sz]?|oublie[sz]?|forget)"
    r"|au lieu d['eu]s?|à la place de|plut[oô]t qu[e'])\W*$",
    re.I,
)
_REMEMBERED = 4  # messages of the buyer in which an option, a number or a day may have been said
_REST = re.compile(
    r"\b(le reste|tout ce (qui|ki) reste|ce (qui|ki) reste|the rest|what(['’]?s| is) left|ny sisa|li des)\b", re.I
)
_STRANGE = 4  # words beside a fragment that may go unaccounted for


class Goods:
    """One message, with what was said, shown and held before it."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief if isinstance(brief.find, Once) else replace(brief, find=Once(brief.find))
        self.text = brief.text

    @cached_property
    def memory(self) -> Memory:
        return recall(self.brief)

    @cached_property
    def held(self) -> tuple[Line, ...]:
        """What the newest open order holds."""
        return tuple(line for order in self.brief.orders[:1] for line in order.lines if line.status == "held")

    @cached_property
    def bought(self) -> bool:
        """Has the buyer paid for something before?"""
        return any(order.status == "paid" for order in self.brief.past)

    def free(self, code: str, options: Mapping[str, str] | None = None) -> int:
        """How many pieces of an article, in all sizes and colours or in these, nobody has taken yet."""
        wanted = (options or {}).items()
        variants = (item for item in self.brief.products[code].variants if wanted <= item.options.items())
        return sum(self.brief.stock.get(variant.id, 0) for variant in variants)

    def people_for(self, code: str) -> int | None:
        """How many are to come, when the article is sold by the head."""
        return heads(self.text) if by_the_head(self.brief.products[code]) else None

    @cached_property
    def mentions(self) -> list[Mention]:
        """The articles that the message names itself."""
        return named(self.text, self.brief.find.mentions, self.brief.products, self.memory)

    @cached_property
    def lines(self) -> list[OrderLine]:
        """The articles that the message names or points at ("en rouge", "L. Et le sac aussi"), with their numbers."""
        if self.measured:
            return [without_measure(self.text, self.measured, self.counts)]
        if self.rest and self.memory.one and not self.mentions:
            return [OrderLine(self.memory.one, self.rest, self._asked_options, (), POINTED)]
        told = [self._told_apart(line) if line.alternatives else line for line in self._said] or self._picked
        known = (self._remembered(line) for line in self._without_given_up(told))
        return [self._for_people(line) for line in (*self._all_of_it(told), *known) if line]

    def _told_apart(self, line: OrderLine) -> OrderLine:
        """Of the articles that go by one name, the one whose size, content or word stands beside the name."""
        regions = regions_of(self._timeless, self.mentions)
        places = [n for n, mention in enumerate(self.mentions) if mention.alternatives == line.alternatives]
        alone = len(self.mentions) < 2 or len(places) != 1
        about = (0, len(self.text)) if alone else regions[places[0]]
        return told_apart(self._timeless, line, self.counts, self.brief.products, about)

    @cached_property
    def _picked(self) -> list[OrderLine]:
        """The one of those just offered whose size or word is said, without its name: "le 10 parts", "the pure one"."""
        offered = self.memory.offered
        if self.mentions or len(offered) < 2:
            return []
        line = self._told_apart(OrderLine(offered[0], None, {}, offered, POINTED))
        return [] if line.alternatives else [line]

    def _for_people(self, line: OrderLine) -> OrderLine:
        """What is sold by the head, for as many as will come: "un buffet, nous serons 45"."""
        people = self.people_for(line.code)
        return replace(line, quantity=people) if people else line

    @cached_property
    def _timeless(self) -> str:
        """The text with spaces for its days and hours; without figures they take no number from the goods."""
        text = self.text
        dated = (when for when in self.whens if re.search(r"\d", text[when.start : when.end]))
        for when in dated:
            text = f"{text[: when.start]}{' ' * (when.end - when.start)}{text[when.end :]}"
        return text

    @cached_property
    def measured(self) -> OrderLine | None:
        """The article that was just talked of, in the other measure that the message names: "le même en 5 litres"."""
        one = self.memory.one
        if self.mentions or one is None:
            return None
        products = self.brief.products
        return in_another_measure(self.text, products[one], self.brief.find.mentions, products)

    @cached_property
    def fragment(self) -> bool:
        """Does the message say little more than options of what was just talked of: "15 vanille et 5 fraise"?"""
        pointed = bool(self.lines) and all(line.score == POINTED for line in self.lines)
        return pointed and self.strange <= _STRANGE

    @cached_property
    def bare(self) -> bool:
        """Nothing but articles, each with its number: "150 œufs, 3 pains"."""
        named = bool(self.mentions) and all(line.quantity is not None for line in self.lines)
        return named and self.strange == 0 and "?" not in self.text

    @cached_property
    def strange(self) -> int:
        """How many words say neither an article nor an option, a number or a day."""
        known = [(value.start, value.end) for line in self.lines for value in self.values(line.code)]
        known += [(count.start, count.end + len(count.unit) + 1) for count in self.counts]
        known += [(when.start, when.end) for when in self.whens]
        known += [span for line in self.lines for span in axes_in(self.text, self.brief.products[line.code])]
        known += [span for mention in self.mentions for span in ((mention.start, mention.end), *mention.spans)]
        return strange_words(self.text, known)

    @cached_property
    def counts(self) -> list[Count]:
        """The numbers that count goods: no day, no part of a name, no size of what is named or pointed at."""
        products, memory = self.brief.products, self.memory
        taken = [(when.start, when.end) for when in self.whens] + pointers(self.text, len(memory.offered))
        if not self.mentions:
            taken += contents(self.text, [products[code].title for code in memory.offered])
        for mention in self.mentions:
            taken += spans_of(self.text, mention, products[mention.code])
        head = self.mentions[0].start if self.mentions else len(self.text)
        for code in {mention.code for mention in self.mentions}:
            taken += [(value.start, value.end) for value in self.values(code)]
        for code in self._near:
            taken += [(value.start, value.end) for value in self.values(code) if value.end <= head]
        return counts_in(self.text, taken)

    @cached_property
    def count(self) -> int | None:
        """The one number that is meant: "8 et pas 5" is 8, "de 6 à 12" is 12; none when several may be."""
        values = {count.value for count in self.counts if not _NOT_THIS.search(self.text[: count.start])}
        return self.rest or (values.pop() if len(values) == 1 else None)

    @cached_property
    def rest(self) -> int | None:
        """What is left, when the agent has just said how many: "mets les 35 alors", "je prends le reste"."""
        asked = self.brief.asked or {}
        left = asked.get("quantity") if asked.get("kind") == "again" else None
        values = {count.value for count in self.counts}
        takes = left in values or (not values and _REST.search(self.text))
        return left if isinstance(left, int) and takes else None

    @cached_property
    def whens(self) -> list[When]:
        return read_when(self.text, self.brief.shop.now, self.brief.language)

    @cached_property
    def when(self) -> When | None:
        """The day and time that are meant; the last ones when the buyer corrects himself."""
        if not self.whens:
            return None
        on = next((when.on for when in reversed(self.whens) if when.on), None)
        at = next((when.at for when in reversed(self.whens) if when.at), None)
        return self.whens[-1]._replace(on=on, at=at)

    @cached_property
    def when_before(self) -> When | None:
        """The day that the buyer named in one of the last messages, if any."""
        found = (heard.whens[-1] for heard in self.earlier if heard.whens)
        return next((when for when in found if when.on), None)

    # What was said before

    @cached_property
    def earlier(self) -> list["Goods"]:
        """The buyer's last messages, the newest first, each as it was heard then."""
        history = self.brief.history
        said = [place for place, message in enumerate(history) if message.by == "buyer"][-_REMEMBERED:]
        return [Goods(replace(self.brief, text=history[n].text, history=history[:n], asked=None)) for n in said[::-1]]

    def options_said(self, code: str) -> dict[str, str]:
        """Options of an article that were said now, else in the buyer's last messages about it."""
        now = self.said_of(code)
        return {**self.options_before(code), **(now[0].options if now else self.options_in(self.text, code))}

    def options_before(self, code: str) -> dict[str, str]:
        """Options of an article that the buyer's last messages about it said."""
        known: dict[str, str] = {}
        for heard in self.earlier:
            about = heard.said_of(code)
            if len(about) == 1:
                known = {**about[0].options, **known}
            elif not heard.mentions:
                known = {**self.options_in(heard.text, code), **known}
        return known

    def quantity_said(self, code: str) -> int | None:
        """How many of an article the buyer's last message about it spoke of: "c'est combien les 24 ?"."""
        about = next((lines for heard in self.earlier if (lines := heard.said_of(code))), [])
        return about[0].quantity if len(about) == 1 else None

    def said_of(self, code: str) -> list[OrderLine]:
        """What the message itself says of an article, without anything said before."""
        return [line for line in self._said if code in (line.code, *line.alternatives)]

    def options_in(self, text: str, code: str) -> dict[str, str]:
        """Options of an article that a text names; of two on one axis the one that is not held yet."""
        held = {option for line in self.held if line.code == code for option in line.options.items()}
        said = sorted(meant(text, self.brief.products[code]), key=lambda value: (value.axis, value.value) in held)
        return {value.axis: value.value for value in reversed(said)}

    def values(self, code: str) -> list[Value]:
        """Every option of an article that the message names, those that are denied too."""
        return list(values_in(self.text, self.brief.products[code]))

    @property
    def _asked_options(self) -> dict[str, str]:
        """The options of what the agent's last question was about."""
        options = (self.brief.asked or {}).get("options")
        return dict(options) if isinstance(options, Mapping) else {}

    @cached_property
    def _said(self) -> list[OrderLine]:
        return lines_of(self.text, self.mentions, self.counts, self.brief.products, self._near)

    @cached_property
    def _near(self) -> tuple[str, ...]:
        """What the message may be about without naming it: what was just talked of, else what is held."""
        near = self.memory.near
        if any(meant(self.text, self.brief.products[code]) for code in near):
            return near
        kept = [code for code in self.memory.kept if meant(self.text, self.brief.products[code])]
        return tuple(kept) or near

    def _all_of_it(self, lines: list[OrderLine]) -> list[OrderLine]:
        """ "Ajoute les clous et fais le devis de tout": what the buyer asked the price of, by number, comes with it."""
        code = self.memory.one
        whole = says("also", self.text) and says("everything", self.text)
        if code is None or not lines or self.memory.kept or not whole:
            return []
        wanted = self.quantity_said(code)
        named = {name for line in lines for name in (line.code, *line.alternatives)}
        return [OrderLine(code, wanted, self.options_said(code))] if wanted and code not in named else []

    def _without_given_up(self, lines: list[OrderLine]) -> list[OrderLine]:
        """Without the size that is given up: "L est mieux, échange le M", when M is held."""
        held = [(line.code, dict(line.options)) for line in self.held]
        old = [line for line in lines if line.quantity in (None, 1) and (line.code, dict(line.options)) in held]
        codes = {line.code for line in lines}
        changes = len(lines) == 2 and len(old) == len(codes) == 1 and says("exchange", self.text)
        return [line for line in lines if line not in old] if changes else lines

    def _remembered(self, line: OrderLine) -> OrderLine | None:
        """A line that only points, with what the buyer said of the article before; None when it says nothing then."""
        if line.score != POINTED or line.alternatives:
            return line
        held = next((dict(have.options) for have in reversed(self.held) if have.code == line.code), {})
        options = {**(held or self.options_before(line.code)), **line.options}
        axes = {axis for variant in self.brief.products[line.code].variants for axis in variant.options}
        if axes and not options:
            return None
        wanted = line.quantity
        if wanted is None and line.code not in self.memory.kept:
            wanted = dict(self.memory.wanted).get(line.code) or self.quantity_said(line.code)
        return replace(line, quantity=wanted, options=options)
