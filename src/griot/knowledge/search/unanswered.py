"""Questions that had no answer, those that ask the same put together."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.embedding import Embedder, embedder
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.questions import ANSWERS, Questions

_SAME = 0.72  # cosine from which two questions ask the same
_SHORTEST = 2  # words of a question


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question in the words of one buyer, and how often it was asked, in whatever words."""

    question: str
    times: int
    last_at: datetime


async def worth_answering(faq: Iterable[FaqEntry], asked: Sequence[tuple[str, datetime]]) -> list[Unanswered]:
    """The questions that a FAQ does not answer (``group``). Comparing them is work for the processor: it happens beside
    the loop."""
    return await asyncio.to_thread(_worth_answering, list(faq), asked)


def _worth_answering(faq: Sequence[FaqEntry], asked: Sequence[tuple[str, datetime]]) -> list[Unanswered]:
    return group(asked, Questions(faq, embedder(), glossary()), embedder())


def group(asked: Sequence[tuple[str, datetime]], foreseen: Questions, model: Embedder) -> list[Unanswered]:
    """The questions that still have no answer, the most asked first. ``asked``: words and time, the latest first."""
    lines = [(line, at) for words, at in asked for line in _questions(words) if not _answered(line, foreseen)]
    if not lines:
        return []
    vectors = model.embed([line for line, _ in lines])
    groups: list[list[int]] = []
    for at in range(len(lines)):
        likeness = [float(np.mean(vectors[found] @ vectors[at])) for found in groups]
        best = max(range(len(groups)), key=likeness.__getitem__, default=-1)
        if best >= 0 and likeness[best] >= _SAME:
            groups[best].append(at)
        else:
            groups.append([at])
    made = [Unanswered(lines[found[0]][0], len(found), max(lines[one][1] for one in found)) for found in groups]
    return sorted(made, key=lambda one: (-one.times, -one.last_at.timestamp()))


def _questions(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if len(line.split()) >= _SHORTEST]


def _answered(question: str, foreseen: Questions) -> bool:
    return any(hit.score >= ANSWERS for hit in foreseen.find(question, 1))
