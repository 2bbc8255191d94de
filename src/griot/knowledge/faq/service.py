"""The FAQ of a shop: write entries, read them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.events import record
from griot.core.tenancy import Language
from griot.knowledge.faq import queries
from griot.knowledge.faq.models import FaqEntry, NewFaq

LANGUAGES: tuple[str, ...] = get_args(Language)


async def save(tx: Tx, entries: Sequence[NewFaq], now: datetime) -> None:
    """Write entries; one whose key the shop has already takes the place of the old one. All of them or none.

    ``InvalidInput``: an entry without key, question or answer, a key given twice, or a language that is not spoken.
    """
    if not entries:
        return
    rows = [_row(entry) for entry in entries]
    repeated = next((key for key, times in Counter(row["key"] for row in rows).items() if times > 1), None)
    if repeated is not None:
        raise InvalidInput(f"The key {repeated!r} is given to two questions: each needs its own.")
    await queries.upsert(tx, rows, now)
    await record(tx, "faq.saved", now, data={"keys": [row["key"] for row in rows][:100], "entries": len(rows)})


async def retire(tx: Tx, key: str, now: datetime) -> None:
    """Take an entry out of use. ``NotFound`` when the shop uses none of this key."""
    if not await queries.retire(tx, key):
        raise NotFound(f"The shop uses no FAQ entry {key!r}.")
    await record(tx, "faq.retired", now, data={"key": key})


async def entries(tx: Tx) -> dict[str, FaqEntry]:
    """Every entry in use, by its key."""
    return {row["key"]: FaqEntry(**row) for row in await queries.entries(tx)}


def _row(entry: NewFaq) -> dict[str, str | None]:
    key, question, answer = entry.key.strip(), entry.question.strip(), entry.answer.strip()
    if not (key and question and answer):
        raise InvalidInput(f"The FAQ entry {key or question or '?'!r} needs a key, a question and an answer.")
    if entry.language is not None and entry.language not in LANGUAGES:
        raise InvalidInput(f"The language of {key!r} is {entry.language!r}: it must be one of {', '.join(LANGUAGES)}.")
    return {"key": key, "question": question, "answer": answer, "language": entry.language}
