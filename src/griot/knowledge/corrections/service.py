"""Write and read corrections. They count from the next message on, for their shop alone."""

from datetime import datetime
from functools import cache
from importlib.resources import files

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.knowledge.corrections import queries
from griot.knowledge.corrections.models import Correction

MOST_USED = 500  # the newest of a shop; more would cost every turn more than they bring
LONGEST = 300  # characters; what a longer message means is no example of an intent


@cache
def intents() -> tuple[str, ...]:
    """Every intent that a message can have."""
    folder = files("griot").joinpath("prompts", "examples")
    return tuple(sorted(item.name.removesuffix(".txt") for item in folder.iterdir() if item.name.endswith(".txt")))


async def save(tx: Tx, words: str, intent: str, now: datetime) -> Correction:
    """Words that were misunderstood, with the intent they had. ``InvalidInput``: no words, too many, no such intent."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST:
        raise InvalidInput(
            f"A correction has 1 to {LONGEST} characters, this one {len(words)}: give one short message."
        )
    if intent not in intents():
        raise InvalidInput(f"There is no intent {intent!r}: use one of {', '.join(intents())}.")
    return Correction(**await queries.upsert(tx, words, intent, now))


async def forget(tx: Tx, correction_id: int) -> None:
    """``NotFound`` when the shop has no such correction."""
    if not await queries.delete(tx, correction_id):
        raise NotFound(f"There is no correction {correction_id}: `griot correction list` shows those of the shop.")


async def corrections(tx: Tx) -> tuple[Correction, ...]:
    """Those that count, newest first. One whose intent this version no longer knows is left out."""
    found = (Correction(**row) for row in await queries.newest(tx, MOST_USED))
    return tuple(item for item in found if item.intent in intents())
