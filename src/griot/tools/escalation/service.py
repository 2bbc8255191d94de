"""To a human: the thread is put before the vendor, with the reason and what was said."""

from collections.abc import Sequence
from datetime import datetime

from griot.channels.model import Reply, Template
from griot.core.db.pool import Tx
from griot.core.events import record
from griot.core.tenancy import Shop, load_shop
from griot.core.texts import text
from griot.tools.escalation import queries
from griot.tools.outbox.service import queue_to_vendor

REASONS = (
    "human",
    "angry",
    "complaint",
    "refund",
    "legal",
    "medical",
    "abuse",
    "custom",
    "unknown",
    "media",
    "payment",
    "delivery",
    "failed",
    "voice",
    "comment",
)
LONGEST_SUGGESTION = 500
_REMEMBERED = 2_000  # questions without an answer that are looked at
_MOODS = ("frustrated", "hurried", "hesitant")  # worth a word; the others go without saying


async def escalate(
    tx: Tx,
    shop: Shop,
    *,
    conversation_id: int,
    customer_id: int,
    buyer: str,
    reason: str,
    summary: str,
    suggestion: str = "",
    sentiment: str = "neutral",
    now: datetime,
) -> bool:
    """Put a thread before the vendor; true when it was not there already. ``buyer`` is how the vendor knows them.

    ``reason`` is one of ``REASONS``; ``suggestion`` an answer that might do, cut at ``LONGEST_SUGGESTION``;
    ``sentiment`` how the buyer sounds: neutral, positive, frustrated, hurried or hesitant.
    """
    suggestion = " ".join(suggestion.split())[:LONGEST_SUGGESTION]
    escalation_id = await queries.insert(tx, conversation_id, reason, summary, suggestion, sentiment, now)
    if escalation_id is None:
        return False
    await record(
        tx, "conversation.escalated", now, customer_id=customer_id, data={"reason": reason, "sentiment": sentiment}
    )
    template = Template("needs_you", shop.language, (buyer, summary))
    message = text(
        shop.language,
        f"escalation.{reason}",
        buyer=buyer,
        summary=summary,
        mood=text(shop.language, f"escalation.mood_{sentiment}") if sentiment in _MOODS else "",
        suggestion=text(shop.language, "escalation.suggested", suggestion=suggestion) if suggestion else "",
    )
    reply = Reply(message, template=template)
    await queue_to_vendor(tx, shop, reply, f"escalation:{escalation_id}", now)
    return True


async def tell_of_refused_comments(tx: Tx, message_ids: Sequence[int], now: datetime) -> None:
    """Put threads before the vendor whose comments could not be answered in private (``message_ids``: what failed)."""
    rows = await queries.refused_comments(tx, message_ids)
    for row in rows:
        await escalate(
            tx,
            await load_shop(tx),
            conversation_id=row["conversation_id"],
            customer_id=row["customer_id"],
            buyer=row["buyer"],
            reason="comment",
            summary=row["text"],
            now=now,
        )


async def unanswered(tx: Tx) -> list[tuple[str, datetime]]:
    """What buyers asked and nobody had foreseen: their words and when, the latest first."""
    return [(row["summary"], row["created_at"]) for row in await queries.unknown(tx, _REMEMBERED)]
