"""Message templates: text in ``griot/prompts/templates/<language>/<noun>.toml``, values from the caller.

A template is named ``noun.name``. Every language has the same names with the same placeholders; a test says so.
A shop may word some of them itself (``tools.shops.wording``). Its words are used by whatever is said in a transaction
that has loaded the shop (docs/decisions/0013): nobody has to hand them on.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

from griot.core.errors import ConfigurationError

LANGUAGES = ("fr", "mg", "en")

Wording = Mapping[str, Mapping[str, str]]  # language -> name of a template -> a shop's own words

_own: ContextVar[Wording] = ContextVar("a shop's own words", default={})  # noqa: B039  (never changed in place)


@contextmanager
def house_words() -> Iterator[None]:
    """Inside, the house's words are used until ``speak_as``; after it, what was used before."""
    before = _own.get()
    _own.set({})
    try:
        yield
    finally:
        _own.set(before)


def speak_as(wording: Wording) -> None:
    """From here on, in this task and in those that it starts, a shop's own words are used where it has some."""
    _own.set(wording)


@cache
def _noun(language: str, noun: str) -> dict[str, str]:
    source = files("griot").joinpath("prompts", "templates", language, f"{noun}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def approved(language: str) -> dict[str, str]:
    """The templates that a channel has to approve: name -> body with ``{{1}}``, ``{{2}}`` … for the parameters."""
    return dict(_noun(language, "approved"))


def text(language: str | None, name: str, /, **values: Any) -> str:
    """The template ``name`` in ``language`` (French when unknown), its ``{placeholders}`` filled in.

    Lines that end up empty because their value is empty are left out, so optional parts need no logic here.
    """
    spoken = language if language in LANGUAGES else "fr"
    own = _own.get().get(spoken, {}).get(name)
    # A shop's words were checked when they were saved; a later version of the house may have other values to give.
    return filled(own if own and placeholders(own) <= values.keys() else house_text(spoken, name), values)


def house_text(language: str, name: str) -> str:
    """The house's own words for ``name``, with their placeholders."""
    noun, _, key = name.partition(".")
    try:
        return _noun(language, noun)[key]
    except (FileNotFoundError, KeyError):
        raise ConfigurationError(f"There is no message template {name!r}.") from None


@cache
def placeholders(template: str) -> frozenset[str]:
    """The names that a template has values put in for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values; lines that are empty without them are left out."""
    lines = []
    for line in template.strip().split("\n"):
        said = line.format_map(values)
        if said.strip() or not line.strip():
            lines.append(said.rstrip())
    return "\n".join(lines)


# A lone "1" takes the singular everywhere; French uses it for none as well.
_SINGULAR = {"fr": (0, 1)}


def counted(language: str, name: str, count: int) -> str:
    """``3 ventes``, ``1 vente``: of the templates ``<name>_one`` and ``<name>_many`` the one for this number."""
    form = "one" if count in _SINGULAR.get(language, (1,)) else "many"
    return text(language, f"{name}_{form}", count=count)
