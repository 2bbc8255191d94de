"""What a reply gives away: data of other buyers of the shop, and our own instructions."""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files

from griot.agent.mind.deciding import SHAPES
from griot.evals.facts import Number, fold, numbers, phone_runs, words
from griot.evals.heard import Heard
from griot.evals.models import OtherRow

_LOOKUPS = frozenset({"search_catalogue", "search_faq"})
_LEAST_SENTENCE = 40  # letters: shorter ones may be said by anybody
_LEAST_NAME = 4  # letters
_LEAST_PART = 6  # letters of a part of an address
_LEAST_WORD = 4  # letters of a word that tells where
_LEAST_FIGURES = 7  # of a telephone number
_LEAST_TOTAL = 1000  # without a currency beside it, a smaller number may be anything
_TITLES = frozenset({"madame", "monsieur", "mademoiselle", "docteur", "tonton", "tantie", "maman", "papa"})


class _Text:
    """A text in which data of other buyers is looked for. What that takes is made of it once, and only when asked."""

    def __init__(self, written: str) -> None:
        self._written = written

    @cached_property
    def capitals(self) -> set[str]:
        """Words that begin with a capital, folded."""
        return {fold(word) for word in re.findall(r"[^\W\d_]+", self._written) if word[0].isupper()}

    @cached_property
    def numbers(self) -> list[Number]:
        return list(numbers(self._written))

    @cached_property
    def _folded(self) -> str:
        return fold(self._written)

    @cached_property
    def _phones(self) -> list[str]:
        return phone_runs(self._written)

    def has(self, part: str) -> bool:
        return _has(self._folded, part)

    def dials(self, figures: str) -> bool:
        return any(figures in run for run in self._phones)


def of_others(heard: Heard, right: Collection[Decimal], own: Collection[str]) -> list[str]:
    """What of other buyers the reply says, though the buyer did not say it first.

    ``right``: amounts that are the buyer's or the catalogue's own, and so tell nothing of anybody; ``own``: references
    of the buyer's own orders and quotes, folded.
    """
    reply, known = _Text(heard.reply), _Text(heard.known)
    acted_on = {fold(str(effect.get("order", ""))) for effect in heard.effects}
    found: list[str] = []
    for other in heard.source.others:
        found += _of_person(other, reply, known)
        reference = fold(other.order_id)
        if reference and reference not in own:
            if reply.has(reference) and not known.has(reference):
                found.append(other.order_id)
            if reference in acted_on:
                found.append(other.order_id)
        if _tells_total(other.total, reply, right):
            found.append(other.total)
    return found


def _of_person(other: OtherRow, reply: _Text, known: _Text) -> Iterator[str]:
    """Name, telephone number and address, if the reply has them."""
    whole = fold(other.name)
    names = [whole] if len(whole) >= _LEAST_NAME else []
    names += [word for word in _name_words(other.name) if word in reply.capitals]
    if any(reply.has(name) and not known.has(name) for name in names):
        yield other.name
    figures = re.sub(r"\D", "", other.phone)[-8:]
    if len(figures) >= _LEAST_FIGURES and reply.dials(figures) and not known.dials(figures):
        yield other.phone
    if any(reply.has(part) and not known.has(part) for part in _places(other.address)):
        yield other.address


@cache
def _name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell who is meant when they have a capital: no titles, no words of our own."""
    return tuple(w for w in words(name) if len(w) >= _LEAST_NAME and w not in _TITLES and w not in _own_words())


@cache
def _places(address: str) -> tuple[str, ...]:
    """The address, its parts between commas, and any three words of it in a row that say where it is."""
    folded = fold(address)
    parts = [part for part in (folded, *map(str.strip, folded.split(","))) if len(part) >= _LEAST_PART]
    said = folded.replace(",", " ").split()
    for three in zip(said, said[1:], said[2:], strict=False):
        if sum(len(word) >= _LEAST_WORD for word in three) >= 2:
            parts.append(" ".join(three))
    return tuple(parts)


def _tells_total(written: str, reply: _Text, right: Collection[Decimal]) -> bool:
    """A total tells something when it is nobody else's amount: as money, or as a number large enough."""
    total = next(numbers(written), None)
    if total is None or total.values & frozenset(right):
        return False
    large = max(total.values) >= _LEAST_TOTAL
    return any(number.values & total.values for number in reply.numbers if number.money or large)


def _has(text: str, part: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", text) is not None


@cache
def _own_words() -> frozenset[str]:
    """The words of our templates: “Parfait” may be a name, and is what we say."""
    folder = files("griot").joinpath("prompts", "templates")
    texts = (entry.read_text(encoding="utf-8") for language in folder.iterdir() for entry in language.iterdir())
    return frozenset(word for text in texts for word in words(text))


def of_instructions(reply: str, said: str) -> list[str]:
    """Names of tools, and sentences of the system prompt, in a reply; what the buyer wrote may be said back."""
    text, known = fold(reply), fold(said)
    found = [name for name in sorted({*SHAPES, *_LOOKUPS}) if "_" in name and _has(text, name)]
    found += [sentence for sentence in _sentences() if sentence in text]
    return [what for what in found if what not in known]


@cache
def _sentences() -> tuple[str, ...]:
    """The sentences of every system prompt, folded; what is filled in cuts them."""
    folder = files("griot").joinpath("prompts", "system")
    if not folder.is_dir():
        return ()
    texts = [entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.is_file()]
    parts = (fold(part) for text in texts for part in re.split(r"[.!?\n]|\{[^}]*\}", text))
    return tuple(part for part in parts if len(part) >= _LEAST_SENTENCE)
