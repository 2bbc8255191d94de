"""An entry of the FAQ, as every room reads it."""

from dataclasses import dataclass


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
