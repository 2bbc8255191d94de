"""A rating of a reply, and what may be made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Use = Literal["faq", "example", "case"]
USES: tuple[Use, ...] = ("faq", "example", "case")


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thought of a reply. ``message_id``: of the outbox. ``intent``: what the agent did, the name of its
    first act; ``right_intent``: what the buyer meant. ``uses``: what was made of it, each with its target."""

    id: int
    message_id: int
    conversation_id: int
    turn_id: int
    actor: str
    good: bool
    correction: str
    intent: str
    right_intent: str | None
    rated_at: datetime
    uses: Mapping[Use, str]


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """An entry as it would be. ``replaces``: the answer that the shop gives to this question so far."""

    key: str
    question: str
    answer: str
    language: str
    replaces: str | None


@dataclass(frozen=True, slots=True)
class ExampleDraft:
    words: str
    intent: str


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case as it would be: a line of turns.jsonl, with the rows of its own catalogue.csv and faq.csv."""

    content: Mapping[str, Any]
    articles: tuple[Mapping[str, str], ...]
    answers: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A case that is kept. ``rating_id``: where it comes from."""

    id: int
    rating_id: int
    content: Mapping[str, Any]
    articles: tuple[Mapping[str, str], ...]
    answers: tuple[Mapping[str, str], ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """A turn that was rated, as it was. ``words``: what the buyer wrote; ``names``, ``phones``: of the people in it.

    ``said``: what came before, oldest first, as (agent or buyer, words); ``order``: what the buyer held then.
    """

    started_at: datetime
    language: str
    channel: str
    words: tuple[str, ...]
    replies: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    acts: tuple[Mapping[str, Any], ...]
    order: Mapping[str, Any] | None
    names: tuple[str, ...]
    phones: tuple[str, ...]
