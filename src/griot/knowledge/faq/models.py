"""An entry of the FAQ, as every room reads it."""

import re
from dataclasses import dataclass

from griot.core.accents import without_accents


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """``key`` names the entry within the shop; ``language`` is that of the answer."""

    id: int
    key: str
    question: str
    answer: str
    language: str


@dataclass(frozen=True, slots=True)
class NewFaq:
    key: str
    question: str
    answer: str
    language: str | None = None  # None: the shop's


def key_of(question: str) -> str:
    """A name for an entry, made of its question: ``livrez-vous-a-dakar``; the same question has the same name."""
    words = re.findall(r"[^\W_]+", without_accents(question.casefold()))
    return "-".join(words)[:60].strip("-")
