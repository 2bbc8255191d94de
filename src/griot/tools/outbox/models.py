"""Messages on their way out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from griot.channels.model import Reply


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply to be sent once: a second one with the same ``dedupe_key`` is not queued.

    ``author``: the person who wrote it, as events name them (``user:7``); none is the agent. What it says is true
    until ``good_until``, and while ``held_order`` is open: afterwards it is not sent any more.
    """

    conversation_id: int
    reply: Reply
    dedupe_key: str
    turn_id: int | None = None
    author: str | None = None
    good_until: datetime | None = None
    held_order: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The number or page that sends. ``access_token`` is encrypted."""

    id: int
    channel: str
    external_id: str
    access_token: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process, and no other, is sending now.

    ``recipient``: the buyer, or the comment (``comment:…``) that a message is the one private reply to; ``window_open``
    says that either may be written to. ``late``: only with the words of a person, which these are. ``good``: what it
    says is still true, until ``good_until`` if that is known.
    """

    id: int
    conversation_id: int
    account: Account
    recipient: str
    reply: Reply
    attempts: int
    window_open: bool
    created_at: datetime
    author: str | None = None
    late: bool = False
    good: bool = True
    good_until: datetime | None = None

    @property
    def is_private_reply(self) -> bool:
        """Is this the one message that a comment gets? It is a text and nothing else."""
        return self.recipient.startswith("comment:")


class Outcome(StrEnum):
    SENT = "sent"
    RETRY = "retry"  # refused for now: again at ``next_at``
    WAIT = "wait"  # may not go out before the buyer has written; given up at ``next_at``
    UNKNOWN = "unknown"  # no answer: it may have gone out; the status webhook decides
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a claimed message.

    ``pause_account_until``: the number is over its rate, or locked out.
    """

    id: int
    account_id: int
    outcome: Outcome
    next_at: datetime
    external_id: str | None = None
    error: dict[str, Any] | None = None
    pause_account_until: datetime | None = None
