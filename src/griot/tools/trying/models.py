"""A simulated phone, as somebody who tries the shop holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from griot.channels.simulator.model import Shown


@dataclass(frozen=True, slots=True)
class TestBuyer:
    """Somebody who only tries. ``key``: whom the simulator knows them by; ``account``: the shop's, at ``channel``."""

    __test__ = False  # no test, whatever a test runner takes it for

    id: int
    account_id: int
    channel: str
    account: str
    display: str
    key: str
    phone: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the buyer wrote, as the shop stored it; of a voice note ``text`` is what was heard, once it was."""

    kind: str
    text: str
    payload: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """What is on a phone, in order; ``typing``: the shop is writing."""

    messages: tuple[Said | Shown, ...]
    typing: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A file that a phone got."""

    content: bytes
    mime: str
    filename: str | None
