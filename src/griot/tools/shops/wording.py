"""A shop's own words for what is said in its name: checked, previewed, kept with the shop (``core.texts`` uses them).

Values are put in by the house as ever; own words change what stands around them. So a text that states an amount of
its own is refused: what an article costs comes from the catalogue.
"""

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.events import record
from griot.core.money import amounts
from griot.core.tenancy import Shop
from griot.core.texts import LANGUAGES, filled, house_text, placeholders
from griot.tools.shops import queries

LONGEST = 600  # characters
_MOST_LINES = 12
_MARKUP = re.compile(r"[<>`]|\]\(|&#?\w+;")
_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# An amount as people write it, beside those that we print ourselves.
_MONEY = re.compile(
    r"\d[\d .,\u00a0\u202f]*(f\b|frs?\b|fcfa|cfa|francs?|ar\b|ariary|euros?|eur\b|€|\$|dollars?|usd\b|dh\b|dirhams?"
    r"|dinars?|dt\b|fg\b|xof|xaf|mga)|[€$]\s?\d",
    re.IGNORECASE,
)

Problem = Literal["empty", "long", "lines", "markup", "braces", "unknown", "missing", "amount"]


class Unfit(InvalidInput):
    """Words that cannot be used. ``problem`` says why, ``detail`` which placeholder or how much is allowed."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(_WHY[problem].format(detail=detail))
        self.problem = problem
        self.detail = detail


_WHY: Mapping[Problem, str] = {
    "empty": "The text is empty: write one, or go back to the house's.",
    "long": "The text is too long: {detail} characters at most.",
    "lines": "The text has too many lines: {detail} at most.",
    "markup": "Write plain text: no tags, no links in brackets, no invisible characters.",
    "braces": "A brace is not closed, or holds more than a name: write {{shop}} as the house's text does.",
    "unknown": "There is nothing to put in for {{{detail}}}: use the names of the house's text only.",
    "missing": "{{{detail}}} is missing: buyers need it.",
    "amount": "Leave amounts out ({detail}): prices come from the catalogue.",
}


@dataclass(frozen=True, slots=True)
class Wordable:
    """A text that a shop may word itself. ``sample``: values to preview it with."""

    name: str
    sample: Mapping[str, str]
    optional: frozenset[str]


@dataclass(frozen=True, slots=True)
class Worded:
    """A text as a shop has it in one language. ``own``: its own words, if any; ``shown``: with sample values."""

    name: str
    language: str
    house: str
    own: str | None
    shown: str
    names: tuple[str, ...]  # of the values that are put in
    optional: frozenset[str]


@cache
def wordable() -> Mapping[str, Wordable]:
    """The texts that a shop may word itself, by name."""
    source = files("griot").joinpath("prompts", "own_words.toml").read_text(encoding="utf-8")
    return {
        name: Wordable(name, entry["sample"], frozenset(entry.get("optional", ())))
        for name, entry in tomllib.loads(source).items()
    }


def texts(shop: Shop, language: str) -> list[Worded]:
    """Every text that the shop may word itself, as it stands in a language."""
    return [worded(shop, language, name) for name in wordable()]


def worded(shop: Shop, language: str, name: str) -> Worded:
    """One text as it stands. ``InvalidInput``: none of this name, or no such language."""
    known = _known(language, name)
    house = house_text(language, name).strip()
    own = shop.texts.get(language, {}).get(name)
    names = tuple(dict.fromkeys(field for _, field, _, _ in string.Formatter().parse(house) if field))
    return Worded(name, language, house, own, _shown(shop, known, own or house), names, known.optional)


def preview(shop: Shop, language: str, name: str, words: str) -> str:
    """How these words would read. Raises as ``save`` does."""
    return _shown(shop, _known(language, name), check(language, name, words))


async def save(tx: Tx, language: str, name: str, words: str, now: datetime) -> None:
    """Use these words from the next message on. ``Unfit``: they cannot be used."""
    await queries.save_text(tx, language, name, check(language, name, words))
    await record(tx, "text.changed", now, data={"text": name, "language": language})


async def reset(tx: Tx, language: str, name: str, now: datetime) -> None:
    """Back to the house's words."""
    _known(language, name)
    if await queries.delete_text(tx, language, name):
        await record(tx, "text.reset", now, data={"text": name, "language": language})


def check(language: str, name: str, words: str) -> str:
    """The words as they are kept. ``Unfit``: see ``Problem``."""
    known = _known(language, name)
    house = house_text(language, name)
    kept = "\n".join(line.rstrip() for line in words.replace("\r\n", "\n").split("\n")).strip()
    if not kept:
        raise Unfit("empty")
    if len(kept) > LONGEST:
        raise Unfit("long", str(LONGEST))
    if kept.count("\n") >= _MOST_LINES:
        raise Unfit("lines", str(_MOST_LINES))
    if _MARKUP.search(kept) or _INVISIBLE.search(kept):
        raise Unfit("markup")
    given = _placeholders(kept)
    if unknown := sorted(given - placeholders(house)):
        raise Unfit("unknown", unknown[0])
    if missing := sorted(placeholders(house) - given - known.optional):
        raise Unfit("missing", missing[0])
    _check_amounts(known, kept)
    return kept


def _placeholders(words: str) -> frozenset[str]:
    """The plain names in braces; nothing else may stand in them."""
    try:
        parsed = list(string.Formatter().parse(words))
    except ValueError:
        raise Unfit("braces") from None
    for literal, name, spec, conversion in parsed:
        if spec or conversion or "{" in literal or "}" in literal or (name is not None and not name.isidentifier()):
            raise Unfit("braces")
    return placeholders(words)


def _check_amounts(known: Wordable, words: str) -> None:
    """No amount but those that are put in, also where words and values meet: ``{left} F CFA``."""
    bare = filled(words, dict.fromkeys(known.sample, "\x00"))
    if found := _MONEY.search(bare):
        raise Unfit("amount", found[0].strip())
    with_figures = filled(words, dict.fromkeys(known.sample, "7"))
    if added := amounts(with_figures) or _MONEY.search(with_figures):
        raise Unfit("amount", added[0] if isinstance(added, re.Match) else next(iter(added))[1])


def _known(language: str, name: str) -> Wordable:
    if language not in LANGUAGES:
        raise InvalidInput(f"The language {language!r} is not spoken: use one of {', '.join(LANGUAGES)}.")
    try:
        return wordable()[name]
    except KeyError:
        raise InvalidInput(f"The text {name!r} is none that a shop words itself.") from None


def _shown(shop: Shop, known: Wordable, words: str) -> str:
    """With sample values; the shop's own name where it is named."""
    return filled(words, {**known.sample, **({"shop": shop.name} if "shop" in known.sample else {})})
