"""Threads and what was written in them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

SPOKEN = ("voice", "audio")  # kinds of message that are heard before their thread has its turn


@dataclass(frozen=True, slots=True)
class Message:
    """A buyer's message as the turn sees it; kinds and payloads: ``griot.channels.model.InboundMessage``."""

    id: int
    kind: str
    text: str | None
    payload: dict[str, Any]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation with its unanswered messages, held by this turn and no other.

    ``asked`` is the agent's last question; short answers are read in its light. ``troubles``: turns in a row that
    did not get the buyer further.
    """

    id: int
    account_id: int
    customer_id: int
    recipient: str
    handler: Literal["agent", "human"]
    asked: dict[str, Any] | None
    language: str | None
    messages: tuple[Message, ...]
    troubles: int = 0
    told_closed_at: datetime | None = None  # when it was last said that the shop is closed


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a thread as it was said. ``by``: buyer, agent or human (the vendor)."""

    by: Literal["buyer", "agent", "human"]
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """What a turn leaves behind: how the messages were read, what came of them, what was asked back.

    ``last_inbound_at``: when the buyer wrote the last of them; none when no message is the buyer's own. ``effects``:
    what was shown, asked or said, in the words of evaluation suites (docs/reference/evals.md); what was created is in
    the tables. ``usage``: what thinking cost. ``troubled``: the turn did not get the buyer further.
    ``told_closed``: it said that the shop is closed.
    """

    conversation_id: int
    message_ids: tuple[int, ...]
    reading: dict[str, Any]
    outcome: str
    asked: dict[str, Any] | None
    language: str | None
    last_inbound_at: datetime | None
    handler: Literal["agent", "human"] = "agent"
    effects: tuple[dict[str, Any], ...] = ()
    usage: dict[str, Any] = field(default_factory=dict)
    troubled: bool = False
    told_closed: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """What a delivery brought: new messages, and updates that had come before."""

    stored: int
    repeated: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
