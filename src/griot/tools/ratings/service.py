"""Rate the agent's replies; read ratings, and the cases that were made of them."""

import re
from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.events import record
from griot.knowledge.corrections import service as corrections
from griot.tools.ratings import queries
from griot.tools.ratings.models import EvalCase, Rating

LONGEST_CORRECTION = 2000  # characters


async def rate(
    tx: Tx,
    conversation_id: int,
    message_id: int,
    *,
    good: bool,
    correction: str = "",
    right_intent: str | None = None,
    actor: str,
    now: datetime,
) -> Rating:
    """What ``actor`` thinks of a reply of the agent; said again, it is what they think now.

    ``NotFound``: this is no reply of the agent to a buyer; ``InvalidInput``: too long, or no such intent.
    """
    turn = await queries.turn_of(tx, message_id)
    if turn is None or turn["conversation_id"] != conversation_id:
        raise NotFound(f"The message {message_id} is no reply of the agent in the conversation {conversation_id}.")
    correction = correction.strip()
    if len(correction) > LONGEST_CORRECTION:
        raise InvalidInput(f"A correction has at most {LONGEST_CORRECTION} characters.")
    if right_intent is not None and right_intent not in corrections.intents():
        raise InvalidInput(f"There is no intent {right_intent!r}: `griot correction intents` lists them.")
    rating_id = await queries.upsert(
        tx,
        {
            "message_id": message_id,
            "conversation_id": conversation_id,
            "turn_id": turn["turn_id"],
            "actor": actor,
            "good": good,
            "correction": correction,
            "intent": _intent(turn["reading"]),
            "right_intent": right_intent,
            "now": now,
        },
    )
    data = {"conversation": conversation_id, "message": message_id, "good": good, "rating": rating_id}
    await record(tx, "reply.rated", now, data=data)
    return await load(tx, rating_id)


async def load(tx: Tx, rating_id: int) -> Rating:
    """A rating; ``NotFound`` when the shop has none of this number."""
    row = await queries.one(tx, rating_id)
    if row is None:
        raise NotFound(f"There is no rating {rating_id} in this shop.")
    return Rating(**row)


async def of_thread(tx: Tx, conversation_id: int, actor: str | None = None) -> list[Rating]:
    """The ratings in a thread, one person's if named."""
    return [Rating(**row) for row in await queries.of_thread(tx, conversation_id, actor)]


async def page(tx: Tx, limit: int, before: int | None, good: bool | None = None) -> list[Rating]:
    """Ratings, the latest first, from before a number on."""
    return [Rating(**row) for row in await queries.page(tx, limit, before, good)]


async def by_intent(tx: Tx, since: datetime) -> list[dict[str, Any]]:
    """Thumbs since a moment by what the agent did: intent, up, down; the most criticised first."""
    return await queries.by_intent(tx, since)


async def per_day(tx: Tx, since: datetime) -> list[dict[str, Any]]:
    """Thumbs by the shop's day and what the agent did, from a moment on: day, intent, up, down."""
    return await queries.per_day(tx, since)


async def cases(tx: Tx, limit: int, before: int | None = None) -> list[EvalCase]:
    """The cases of the shop, the latest first, from before a number on."""
    return [EvalCase(**row) for row in await queries.cases(tx, limit, before)]


async def how_many_cases(tx: Tx) -> int:
    """How many cases were made of ratings of the shop."""
    return await queries.count_cases(tx)


async def forget_case(tx: Tx, case_id: int, now: datetime) -> None:
    """``NotFound`` when the shop has no such case."""
    rating_id = await queries.delete_case(tx, case_id)
    if rating_id is None:
        raise NotFound(f"There is no case {case_id} in this shop.")
    await record(tx, "case.forgotten", now, data={"case": case_id, "rating": rating_id})


def _intent(reading: dict[str, Any]) -> str:
    """What the agent did, the name of its first act: ``answer_faq``; ``none`` when it did nothing it had a name for."""
    first = next((str(act["act"]) for act in reading.get("acts", ())), "none")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", first).lower()
