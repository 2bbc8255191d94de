"""A message as the interpreter hears it: what it asks, names, counts and dates, and in which mood."""

import re
import tomllib
from dataclasses import replace
from functools import cache, cached_property
from importlib.resources import files

from griot.agent.interpreter.amounts import Count, counts_in
from griot.agent.interpreter.contacts import Address, read_address
from griot.agent.interpreter.dates import When, read_when
from griot.agent.interpreter.intents import Intents, intents
from griot.agent.interpreter.lines import OrderLine, lines_of, serving, sizes
from griot.agent.interpreter.memory import Memory, recall
from griot.agent.interpreter.mood import Mood, mood
from griot.agent.mind.models import Brief
from griot.knowledge.search.models import Hit, Mention
from griot.knowledge.search.words import fold
from griot.tools.orders.models import Line

_SURE = 0.45  # of a mention: less is not what the buyer named
_FAINT = 0.55  # under this it is not believed beside a clear one
_CLEAR = 0.8  # from here on it is the article's own name
_CLAUSE = re.compile(r"[^.!?;\n]+[.!?;]*")
_LITRE, _KILO = "l|litres?|litatra", "kg|kilos?|kilao"
_MEASURES = {
    word: pattern
    for pattern, words in {
        _LITRE: "l litre litres litatra liter liters",
        _KILO: "kg kilo kilos kilao kilogramme kilogrammes",
    }.items()
    for word in words.split()
}
_TOPIC = 0.4  # how much the topic of a question counts beside its words
_KNOWN = 0.4  # odds of an intent from which its topic counts
_STEM = 6  # letters by which words of two languages are compared: Madagascar, Madagasikara
_OWN_WORD = 0.15
_NOT_THIS = re.compile(
    r"(\b(pas|pa|not|tsy|rather than|instead of|de|from|than|que)|au lieu d['eu]s?|à la place de|plut[oô]t qu[e'])\W*$",
    re.I,
)
_COUNTED = re.compile(r"\d\s*\w{0,9}\s*(de |d'|of )?$")
_REMEMBERED = 2  # messages of the buyer in which an option may have been said
_REFERENCE = re.compile(r"(?<![\w-])#?([A-Za-z]{1,4}-?\d{3,4}-[\w-]{2,}|[A-Za-z]{2,4}-\d{2,}|#\d{2,})(?![\w-])")
_DEEDS = {
    "order",
    "quote",
    "quote_accept",
    "pay",
    "cancel",
    "remove_line",
    "change_quantity",
    "change_variant",
    "change_date",
    "back_in_stock",
    "address_give",
    "custom_request",
}
_DEED = 0.1  # how much less likely than a question a deed may be and still come first
_COURTESY = {
    "greet",
    "thanks",
    "bye",
    "wellbeing",
    "praise",
    "yes",
    "no",
    "laugh",
    "sorry",
    "later",
    "bot_ask",
    "unsure",
    "media",
}


@cache
def topics() -> dict[str, str]:
    """Intents that ask about the shop, and the words that its answers have for them."""
    source = files("griot").joinpath("prompts", "topics", "topics.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


class Hearing:
    """Everything the policy asks of one message."""

    def __init__(self, brief: Brief, classifier: Intents | None = None) -> None:
        self.brief = brief
        self.text = brief.text
        self._intents = classifier or intents()

    @cached_property
    def mentions(self) -> list[Mention]:
        """The articles that the message names. A word that is an option of one article is no name of another."""
        found = [mention for mention in self.brief.find.mentions(self.text) if mention.score >= _SURE]
        best = max((mention.score for mention in found), default=0.0)
        sure = [
            mention
            for mention in found
            if mention.score >= _FAINT or best < _CLEAR or _COUNTED.search(self.text[: mention.start])
        ]
        return [mention for mention in sure if not self._is_option_word(mention, sure)]

    def _is_option_word(self, mention: Mention, found: list[Mention]) -> bool:
        named = fold(self.text[mention.start : mention.end]).rstrip("s")
        others = [self.brief.products[other.code] for other in found if other is not mention]
        options = [option for product in others for variant in product.variants for option in variant.options.items()]
        return mention.score < _CLEAR and named in {fold(word).rstrip("s") for option in options for word in option}

    @cached_property
    def lines(self) -> list[OrderLine]:
        found = lines_of(self.text, self.mentions, self.counts, self.brief.products)
        return [self._completed(line) for line in found]

    def _completed(self, line: OrderLine) -> OrderLine:
        """With the options that stand between this article and the next one."""
        product = self.brief.products[line.code]
        axes = {axis for variant in product.variants for axis in variant.options}
        if line.alternatives:
            return self._told_apart(line)
        if not axes - line.options.keys():
            return line
        starts = sorted(mention.start for mention in self.mentions)
        start = next((m.start for m in self.mentions if m.code == line.code), 0)
        end = next((at for at in starts if at > start), len(self.text))
        around = self.text[start:end] if len(starts) > 1 else self.text
        return replace(line, options={**serving(around, product), **self.options_in(around, line.code), **line.options})

    def _told_apart(self, line: OrderLine) -> OrderLine:
        """Of several articles with one name, the only one that comes in the size or colour that was said."""
        fitting = {}
        measured = self._measured(line.alternatives)
        if measured:
            return measured
        for code in line.alternatives:
            options = self.options_in(self.text, code) | sizes(self.text, self.brief.products[code])
            if options:
                fitting[code] = options
        if len(fitting) != 1:
            return line
        code, options = fitting.popitem()
        quantity = None if str(line.quantity) in options.values() else line.quantity
        return OrderLine(code, quantity, options, (), line.score)

    def _measured(self, codes: tuple[str, ...]) -> OrderLine | None:
        """The article of the size that was said in its own unit: "un bidon d'un litre", "5 kg"."""
        for count in self.counts:
            unit = _MEASURES.get(fold(count.unit or ""))
            size = re.compile(rf"(?<!\d){count.value} ?({unit})\b") if unit else None
            fitting = [code for code in codes if size and size.search(fold(self.brief.products[code].title))]
            if len(fitting) == 1:
                others = [other.value for other in self.counts if other is not count]
                return OrderLine(fitting[0], others[0] if len(others) == 1 else None, {}, (), _CLEAR)
        return None

    @cached_property
    def counts(self) -> list[Count]:
        taken = [(when.start, when.end) for when in self.whens] + [
            span for mention in self.mentions for span in (mention.spans or ((mention.start, mention.end),))
        ]
        return counts_in(self.text, taken)

    @cached_property
    def count(self) -> int | None:
        """The one number that is meant: "8 et pas 5" is 8, "de 6 à 12" is 12; none when several may be."""
        meant = [count for count in self.counts if not _NOT_THIS.search(self.text[: count.start])]
        values = {count.value for count in meant}
        return values.pop() if len(values) == 1 else None

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
        for said in [said.text for said in reversed(self.brief.history) if said.by == "buyer"][:_REMEMBERED]:
            found = read_when(said, self.brief.shop.now, self.brief.language)
            if found and found[-1].on:
                return found[-1]
        return None

    @cached_property
    def address(self) -> Address | None:
        return read_address(self.text, self.brief.shop.country)

    @cached_property
    def mood(self) -> Mood:
        return mood(self.text, self.brief.history)

    @cached_property
    def memory(self) -> Memory:
        return recall(self.brief)

    @cached_property
    def hits(self) -> list[Hit]:
        """What the search finds for the whole message."""
        return self.brief.find.products(self.text, 5)

    @cached_property
    def faq(self) -> list[Hit]:
        scores = {hit.key: hit.score for hit in self.brief.find.faq(self.text, 6)}
        for hit in self.brief.find.faq(self.topic, 6) if self.topic else ():
            scores[hit.key] = scores.get(hit.key, 0.0) + _TOPIC * hit.score
        hits = [Hit(key, self.brief.faq[key].question, min(score, 1.0)) for key, score in scores.items()]
        return sorted(hits, key=lambda hit: -scores[hit.key] - self._own_words(hit.key))

    @cached_property
    def topic(self) -> str:
        """What shops call the thing that is asked about, when the intent says it."""
        likeliest = next((name for name in self.ranked[:2] if name in topics() and self.odds[name] >= _KNOWN), None)
        return topics()[likeliest] if likeliest else ""

    def _own_words(self, key: str) -> float:
        """Words of the message that only this entry has, such as the name of a town: they decide between entries."""
        said = {word[:_STEM] for word in re.findall(r"[^\W\d_]{4,}", fold(self.text))}
        entries = {name: fold(f"{entry.question} {entry.answer}") for name, entry in self.brief.faq.items()}
        own = [word for word in said if word in entries[key]]
        return _OWN_WORD * min(2, sum(1 for word in own if sum(word in text for text in entries.values()) == 1))

    @cached_property
    def clauses(self) -> list[str]:
        """The message in parts that may want different things."""
        found = [clause.strip() for clause in _CLAUSE.findall(self.text)]
        return [clause for clause in found if any(letter.isalnum() for letter in clause)]

    @cached_property
    def odds(self) -> dict[str, float]:
        """How likely each intent is: for the whole message, or for the clause that says it most clearly."""
        odds = dict(self._intents.of(self.text, self._spans(0, len(self.text))))
        if len(self.clauses) > 1:
            at = 0
            for clause in self.clauses:
                at = self.text.index(clause, at)
                for name, chance in self._intents.of(clause, self._spans(at, at + len(clause))):
                    weight = 0.9 if name not in _COURTESY else 0.3
                    odds[name] = max(odds.get(name, 0.0), weight * chance)
        return odds

    def _spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Offsets of what is named between two places, counted from the first."""
        spans = [span for mention in self.mentions for span in (mention.spans or ((mention.start, mention.end),))]
        return [(a - start, b - start) for a, b in spans if start <= a and b <= end]

    @cached_property
    def ranked(self) -> list[str]:
        """Intents, the likeliest first: deeds before questions that are about as likely, courtesies last."""
        order = sorted(self.odds, key=lambda name: -self.odds[name] - (_DEED if name in _DEEDS else 0.0))
        matters = [name for name in order if name not in _COURTESY and self.odds[name] >= 0.22]
        return matters + [name for name in order if name not in matters]

    @cached_property
    def held(self) -> tuple[Line, ...]:
        """What the newest open order holds."""
        return tuple(line for order in self.brief.orders[:1] for line in order.lines if line.status == "held")

    def options_said(self, code: str) -> dict[str, str]:
        """Options of an article that were said without naming it: now, else in the buyer's last messages."""
        known: dict[str, str] = {}
        earlier = [said.text for said in reversed(self.brief.history) if said.by == "buyer"][:_REMEMBERED]
        for text in (self.text, *earlier):
            known = self.options_in(text, code) | known
        return known

    def options_in(self, text: str, code: str) -> dict[str, str]:
        """Options of an article that a text names."""
        found = self.brief.find.mentions(f"{code} {text}")
        return next((dict(mention.options) for mention in found if mention.code == code), {})

    def chance(self, *names: str) -> float:
        """How likely it is that one of these is meant."""
        return max((self.odds.get(name, 0.0) for name in names), default=0.0)

    @cached_property
    def reference(self) -> str | None:
        """The number of an order, as the buyer writes it; one of his own when it stands there."""
        plain = self.text.casefold()
        for order in (*self.brief.orders, *self.brief.past):
            if order.reference.casefold() in plain:
                return order.reference
        found = _REFERENCE.search(self.text)
        return found.group(1) if found else None
