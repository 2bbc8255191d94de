"""What a person might answer: what the agent proposed, the shop's own answer to the last question, or a first word."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.knowledge.faq import service as faq
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.questions import ANSWERS, Questions
from griot.tools.conversations import inbox_queries
from griot.tools.conversations.inbox import Listed

_LAST_WORDS = 2  # messages that are the question
_UPSET = ("angry", "complaint", "refund", "legal", "abuse")  # reasons of waiting
_MOST_SHOPS = 50  # whose answers are kept in memory


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer, and where it comes from: the agent, an entry of the FAQ, a first word, or what may be done."""

    text: str
    source: Literal["agent", "faq", "template", "advice"]


_known: dict[int, tuple[int, Questions, dict[str, FaqEntry]]] = {}  # of a shop: version, questions, entries


async def suggest(tx: Tx, shop: Shop, thread: Listed) -> Suggestion:
    """An answer to the buyer's last words, in their language where it is a template. Who is upset wants a person's
    words, not an entry of the FAQ."""
    if thread.waiting is not None and thread.waiting.suggestion:
        return Suggestion(thread.waiting.suggestion, "agent")
    if thread.waiting is not None and thread.waiting.reason in _UPSET:
        return Suggestion(_template(shop, thread, "looking"), "template")
    asked = await inbox_queries.last_question(tx, thread.id, _LAST_WORDS)
    questions, entries = await _answers(tx, shop)
    best = next(iter(questions.find(asked, 1)), None) if asked else None
    if best is not None and best.score >= ANSWERS:
        return Suggestion(entries[best.key].answer, "faq")
    return Suggestion(_template(shop, thread, "looking"), "template")


def advised(shop: Shop, thread: Listed, advice: Iterable[str]) -> list[Suggestion]:
    """Words for what may be done (``priority.models.Advice``); there are none for a mere answer."""
    return [Suggestion(_template(shop, thread, f"advise_{one}"), "advice") for one in advice if one != "answer"]


def _template(shop: Shop, thread: Listed, name: str) -> str:
    first = (thread.name or "").split()[:1]
    language = thread.language or shop.language
    return text(language, f"conversation.{name}", name=f" {first[0]}" if first else "")


async def _answers(tx: Tx, shop: Shop) -> tuple[Questions, dict[str, FaqEntry]]:
    """The shop's answers, read once for each version of what it knows."""
    kept = _known.get(shop.id)
    if kept is None or kept[0] != shop.catalogue_version:
        entries = await faq.entries(tx)
        if len(_known) >= _MOST_SHOPS:
            _known.pop(next(iter(_known)))
        kept = _known[shop.id] = (shop.catalogue_version, Questions(list(entries.values()), None, glossary()), entries)
    return kept[1], kept[2]
