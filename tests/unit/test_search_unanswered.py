"""Questions without an answer are put together, and those that have one by now are left out."""

from datetime import UTC, datetime, timedelta

from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.questions import Questions
from griot.knowledge.search.unanswered import group

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


def questions(*entries: FaqEntry) -> Questions:
    return Questions(entries, embedder(), glossary())


def test_the_most_asked_comes_first() -> None:
    asked = [
        ("est-ce que vous faites des cours de couture ?", NOW),
        ("vous avez un parking ?", NOW - timedelta(hours=1)),
        ("vous faites des cours de couture ?\nallô", NOW - timedelta(days=1)),
    ]
    found = group(asked, questions(), embedder())
    assert [(one.question, one.times, one.last_at) for one in found] == [
        ("est-ce que vous faites des cours de couture ?", 2, NOW),
        ("vous avez un parking ?", 1, NOW - timedelta(hours=1)),
    ]


def test_what_is_answered_by_now_is_left_out() -> None:
    parking = FaqEntry(1, "parking", "Avez-vous un parking ?", "Oui, derrière la boutique.", "fr")
    assert group([("vous avez un parking ?", NOW)], questions(parking), embedder()) == []


def test_nothing_asked_nothing_suggested() -> None:
    assert group([], questions(), embedder()) == []
