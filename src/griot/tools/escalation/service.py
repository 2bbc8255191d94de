"""To a human: the thread is put before the vendor, with the reason and what was said."""

from datetime import datetime

from griot.channels.model import Reply, Template
from griot.core.db.pool import Tx
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.escalation import queries
from griot.tools.outbox.service import queue_to_vendor


async def escalate(
    tx: Tx,
    shop: Shop,
    *,
    conversation_id: int,
    customer_id: int,
    buyer: str,
    reason: str,
    summary: str,
    now: datetime,
) -> bool:
    """Put a thread before the vendor; true when it was not there already. ``buyer`` is how the vendor knows them."""
    escalation_id = await queries.insert(tx, conversation_id, reason, summary, now)
    if escalation_id is None:
        return False
    await record(tx, "conversation.escalated", now, customer_id=customer_id, data={"reason": reason})
    template = Template("needs_you", shop.language, (buyer, summary))
    reply = Reply(text(shop.language, f"escalation.{reason}", buyer=buyer, summary=summary), template=template)
    await queue_to_vendor(tx, shop, reply, f"escalation:{escalation_id}", now)
    return True
