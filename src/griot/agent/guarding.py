"""What may leave. Templates filled by tools always may; words of a model, a catalogue or an FAQ have to earn it.

Rules enforced here are listed in docs/safety.md. They do not ask what a sentence means: a figure that no tool of the
turn gave, a promise, or a word of the machinery is enough to keep a sentence back.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from griot.agent.models import Draft, Scene
from griot.core.money import amounts, numbers

_END = re.compile(r"[.!?…]+(?=\s|$)|\n")
_SMALL = 3  # "les deux", "1 fois": such numbers are no claim


class _Patterns(NamedTuple):
    to_the_assistant: re.Pattern[str]
    machine_made: re.Pattern[str]
    promises: re.Pattern[str]
    machinery: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    source = files("griot").joinpath("prompts", "guard", "words.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(source)
    return _Patterns(*(re.compile("|".join(lists[name]), re.MULTILINE) for name in _Patterns._fields))


def _plain(text: str) -> str:
    """Small letters without accents, for looking words up."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("’", "'")


def sentences(text: str) -> list[str]:
    """The text in sentences, each with its end; joined they are the text again."""
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if end > start]


@cache
def presentable(text: str) -> str:
    """A catalogue's or FAQ's own text as it may be shown: without sentences that speak to the assistant."""
    speaks = _patterns().to_the_assistant
    return "".join(part for part in sentences(text) if not speaks.search(_plain(part))).strip()


def machine_made(text: str) -> bool:
    """Does a buyer's message pose as a system, a tool or a program: role marks, tags, JSON, calls?"""
    return _patterns().machine_made.search(_plain(text)) is not None


class Sifted(NamedTuple):
    """What is left of a model's words, and the sentences that were kept back."""

    text: str
    kept_back: tuple[str, ...]


def sift(text: str, known: Iterable[str], codes: Collection[str]) -> Sifted:
    """The sentences of a model that state nothing of their own.

    ``known``: what tools and the shop said in this turn; their numbers may be repeated, and a promise only when it is
    the shop's own sentence. ``codes``: the shop's product codes; what looks like another one is kept back.
    """
    patterns, said = _patterns(), "\n".join(known)
    given, plain = set(numbers(said)), _plain(said)
    passed: list[str] = []
    kept_back: list[str] = []
    for part in sentences(text):
        words = _plain(part)
        invented = any(value not in given and not (value.isdigit() and int(value) <= _SMALL) for value in numbers(part))
        promised = patterns.promises.search(words) and words.strip(" .!?…\n") not in plain
        foreign = any(code not in codes for code in re.findall(r"\b[A-Z]{2,16}\d{1,4}\b", part))
        bad = (
            invented
            or promised
            or foreign
            or patterns.machinery.search(words)
            or patterns.to_the_assistant.search(words)
        )
        (kept_back if bad else passed).append(part)
    return Sifted("".join(passed).strip(), tuple(kept_back))


def guard(draft: Draft, scene: Scene) -> bool:
    """Is every amount of the draft one that the tools of the turn gave?"""
    facts = "\n".join((*draft.facts, *(entry.answer for entry in scene.catalogue.faq.values())))
    return all(amounts(reply.text) <= amounts(facts) for reply in draft.replies)
