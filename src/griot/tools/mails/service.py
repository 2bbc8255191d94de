"""Write e-mails, and take those that are due. Sent at least once: a second copy has the same Message-ID."""

from datetime import datetime, timedelta

from griot.core.db.pool import Tx
from griot.tools.mails import queries
from griot.tools.mails.models import Mail

TAKEN = timedelta(minutes=5)  # a worker may need to send what it took; then somebody else does
_WAITS = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
_LONGEST_ERROR = 300  # characters


async def queue(tx: Tx, recipient: str, subject: str, body: str, dedupe_key: str, now: datetime) -> None:
    """Have an e-mail sent; the same key again is the same mail."""
    mail = {"dedupe_key": dedupe_key, "recipient": recipient, "subject": subject, "body": body, "now": now}
    await queries.insert(tx, mail)


async def claim(tx: Tx, now: datetime, limit: int = 20) -> list[Mail]:
    """Take mails that are due. The caller commits, then sends."""
    rows = await queries.claim(tx, now, now + TAKEN, limit)
    return [Mail(message_id=f"<{row.pop('shop_id')}.{row['id']}@griot>", **row) for row in rows]


async def record_sent(tx: Tx, mail: Mail, now: datetime) -> None:
    await queries.sent(tx, mail.id, now)


async def record_failed(tx: Tx, mail: Mail, error: str, *, retry: bool, now: datetime) -> None:
    """Try again later, a few times; not at all when the server refused it for good."""
    again = retry and mail.attempts < len(_WAITS)
    due_at = now + _WAITS[mail.attempts] if again else None
    await queries.failed(tx, mail.id, error[:_LONGEST_ERROR], due_at)
