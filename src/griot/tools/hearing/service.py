"""Voice notes: taken up one at a time, kept, and written down as text of their message. No note is ever dropped."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.tools.conversations import queries as conversations
from griot.tools.hearing import queries
from griot.tools.hearing.models import Note

MOST_TRIES = 4  # a note over which so many processes died or failed is put before the vendor


async def take_next(tx: Tx, now: datetime, lease: timedelta) -> Note | None:
    """The note that waits longest; nobody else gets it before the lease ends."""
    row = await queries.take_next(tx, now, now + lease)
    return Note(**row) if row else None


async def keep_sound(tx: Tx, note: Note, content: bytes, mime: str | None) -> None:
    """Keep the sound for the vendor's player; channels forget it after days."""
    await queries.keep_sound(tx, note.message_id, content, mime)


async def try_again(tx: Tx, note: Note, at: datetime) -> None:
    """The channel did not answer: somebody tries again at ``at``."""
    await queries.try_again(tx, note.message_id, at)


async def write_heard(tx: Tx, note: Note, text: str, heard: Mapping[str, Any], seconds: float, now: datetime) -> None:
    """Write down what was heard, and let the thread have its turn. ``heard``: language, words, ``doubtful``."""
    await queries.write_heard(tx, note.message_id, text, dict(heard), seconds, now)
    await conversations.wake(tx)


async def write_unheard(tx: Tx, note: Note, trouble: str, now: datetime) -> None:
    """Nothing was heard: the turn says so to the buyer and puts the note before the vendor."""
    await queries.write_unheard(tx, note.message_id, trouble, now)
    await conversations.wake(tx)


async def wait(tx: Tx, now: datetime) -> float | None:
    """Seconds until there is a note to take up; none when a knock will tell."""
    due = await queries.next_due(tx)
    return None if due is None else max(0.0, (due - now).total_seconds())


async def notes(tx: Tx, most: int = 50) -> list[dict[str, Any]]:
    """The last voice notes of the shop with their transcripts, the newest first."""
    return await queries.notes(tx, most)


async def sound(tx: Tx, message_id: int) -> tuple[bytes, str]:
    """The sound of a note and its media type; ``NotFound`` when there is none."""
    row = await queries.sound(tx, message_id)
    if row is None or row["content"] is None:
        raise NotFound(f"No sound is kept of message {message_id}.")
    return row["content"], row["mime"] or "audio/ogg"
