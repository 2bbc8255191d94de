"""An e-mail, as it waits to be sent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mail:
    """``message_id`` stays the same however often it is sent, so that whoever gets it twice shows it once.
    ``attempts``: how often it was tried before."""

    id: int
    recipient: str
    subject: str
    body: str
    message_id: str
    written_at: datetime
    attempts: int
