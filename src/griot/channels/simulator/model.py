"""The things the simulator keeps: people, business numbers, what a phone shows, files, templates."""

import base64
import hashlib
import itertools
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from griot.channels.model import Choice
from griot.core.errors import InvalidInput

COUNTRIES = {
    **{"1": "US", "20": "EG", "27": "ZA", "32": "BE", "33": "FR", "34": "ES", "39": "IT", "41": "CH", "44": "GB"},
    **{"49": "DE", "55": "BR", "91": "IN", "212": "MA", "213": "DZ", "216": "TN", "220": "GM", "221": "SN"},
    **{"222": "MR", "223": "ML", "224": "GN", "225": "CI", "226": "BF", "227": "NE", "228": "TG", "229": "BJ"},
    **{"230": "MU", "233": "GH", "234": "NG", "237": "CM", "241": "GA", "242": "CG", "243": "CD", "245": "GW"},
    **{"250": "RW", "254": "KE", "261": "MG", "262": "RE", "269": "KM"},
}
UNKNOWN_COUNTRY = "ZZ"
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
PLACEHOLDER = re.compile(r"\{\{(\d+)\}\}")


def calling_code(phone: str) -> str:
    """The country's prefix of a number in E.164 digits; empty when the country is not in the table."""
    return next((phone[:size] for size in (3, 2, 1) if phone[:size] in COUNTRIES), "")


def user_id_of(phone: str) -> str:
    """The business-scoped user id of a number: the same in every run, like ``SN.13491208655302741918``."""
    number = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:9]) % 10**20
    return f"{COUNTRIES.get(calling_code(phone), UNKNOWN_COUNTRY)}.{number:020d}"


@dataclass(slots=True)
class Person:
    """A WhatsApp user. Whoever has a username hides the phone number from businesses.

    ``reachable`` False: every message to this person fails later with 131026.
    """

    name: str
    user_id: str
    phone: str | None = None
    username: str | None = None
    reachable: bool = True

    @property
    def hidden(self) -> bool:
        return self.username is not None


class MessageIds:
    """WhatsApp message ids: base64 of a small binary frame around the phone number and a random key."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(5).upper()
        self._count = itertools.count(1)

    def new(self, number: str, *, inbound: bool) -> str:
        key = f"{self._run}{next(self._count):010X}".encode()
        direction = b"\x15\x02\x00\x12\x18" if inbound else b"\x15\x02\x00\x11\x18"
        digits = number.encode()
        frame = b"\x1c\x18" + bytes([len(digits)]) + digits + direction + bytes([len(key)]) + key + b"\x00"
        return "wamid." + base64.b64encode(frame).decode()


@dataclass(frozen=True, slots=True)
class Template:
    """An approved message template. ``body`` holds ``{{1}}``…; ``buttons`` are titles of quick replies.

    ``category``: utility, marketing or authentication (the last one cannot be sent to a user id).
    """

    name: str
    language: str
    body: str = ""
    category: str = "utility"
    buttons: tuple[str, ...] = ()

    @property
    def parameters(self) -> int:
        return max((int(number) for number in PLACEHOLDER.findall(self.body)), default=0)

    def render(self, values: list[str]) -> str:
        return PLACEHOLDER.sub(lambda found: values[int(found[1]) - 1], self.body)


@dataclass(frozen=True, slots=True)
class File:
    """A media file held for a business number. ``expires_at``: when the id is forgotten."""

    id: str
    account: str
    data: bytes
    mime_type: str
    expires_at: datetime
    filename: str | None = None

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.data).digest()


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a buyer's phone shows it. ``content`` is the request that brought it (``type`` and the rest).

    ``seq`` counts from 1 within the conversation. ``at`` is the clock's time, ``wall`` the machine's in Unix seconds
    (for measuring). A template comes with its text under ``content["rendered"]``.
    """

    id: str
    seq: int
    at: datetime
    wall: float
    content: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.content.get("type", "text"))

    @property
    def _part(self) -> Any:
        return self.content.get(self.type) or {}

    @property
    def text(self) -> str:
        """Everything there is to read, line by line: header, body or caption, footer."""
        if self.type == "text":
            return str(self._part["body"])
        if self.type == "template":
            return str(self.content["rendered"])
        if self.type == "interactive":
            parts = (self._part.get(name) or {} for name in ("header", "body", "footer"))
            return "\n".join(str(part["text"]) for part in parts if part.get("text"))
        return str(self._part.get("caption") or self._part.get("emoji") or "") if isinstance(self._part, dict) else ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be tapped: reply buttons, list rows, quick replies of a template."""
        if self.type == "template":
            return tuple(Choice(payload, title) for payload, title in self.content.get("quick_replies", ()))
        if self.type != "interactive":
            return ()
        action = self._part["action"]
        if self._part.get("type") == "list":
            rows = (row for section in action["sections"] for row in section["rows"])
            return tuple(Choice(row["id"], row["title"], row.get("description") or None) for row in rows)
        return tuple(Choice(button["reply"]["id"], button["reply"]["title"]) for button in action.get("buttons", ()))

    @property
    def link(self) -> str | None:
        """The address of the call-to-action button, else the first one in the text."""
        if self.type == "interactive" and self._part.get("type") == "cta_url":
            return str(self._part["action"]["parameters"]["url"])
        found = URL.search(self.text)
        return found[0] if found else None

    @property
    def media(self) -> dict[str, Any] | None:
        """``{"kind", "id" | "link", …}`` of a file, or of an interactive message's header."""
        if self.type == "interactive":
            header = self._part.get("header") or {}
            kind = header.get("type", "text")
            return None if kind == "text" else {"kind": kind, **header[kind]}
        kinds = {"audio", "document", "image", "sticker", "video"}
        return {"kind": self.type, **self._part} if self.type in kinds else None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "seq": self.seq,
            "at": self.at,
            "wall": self.wall,
            "type": self.type,
            "text": self.text,
            "choices": self.choices,
            "link": self.link,
            "media": self.media,
            "content": self.content,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Shown":
        at = datetime.fromisoformat(data["at"])
        return cls(data["id"], data["seq"], at, data["wall"], data["content"])


def _default_statuses() -> dict[str, float]:
    return {"sent": 0.0, "delivered": 0.05, "read": 0.2}


@dataclass(slots=True)
class Behaviour:
    """How Meta behaves towards one business number; every field may be changed at any moment.

    Times are real seconds, because they stand for networks; rates and the 24-hour window follow the clock.
    """

    statuses: dict[str, float] = field(default_factory=_default_statuses)  # status -> seconds after acceptance
    status_batch: int = 100  # statuses in a webhook body at most
    status_flush: float = 0.02  # seconds a status waits for company
    message_batch: int = 1  # messages in a webhook body at most, up to 1000
    message_flush: float = 0.0
    layout: str = "value"  # where a batch is spread: value, changes or entries
    window: str = "failed"  # outside 24 hours: failed (status 131047), refused (400) or off
    throughput: float | None = 80.0  # messages a second, both directions together; None: unlimited
    pair_limit: bool = False  # 45 at once to one person, then one per 6 seconds
    retry_gaps: tuple[float, ...] = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # the last one repeats, for 7 days
    webhook_timeout: float = 10.0
    webhook_delay: float = 0.0  # seconds every update is late

    def change(self, **values: Any) -> None:
        """Set some fields. Raises ``InvalidInput`` for a name or value that means nothing, and changes nothing then."""
        for name, value in values.items():
            if name not in self.__slots__:
                raise InvalidInput(f"{name} is no setting: {', '.join(self.__slots__)}.")
            _check_setting(name, value)
        for name, value in values.items():
            setattr(self, name, tuple(value) if name == "retry_gaps" else value)


ONE_OF = {"layout": ("value", "changes", "entries"), "window": ("failed", "refused", "off")}
SECONDS = frozenset({"status_flush", "message_flush", "webhook_timeout", "webhook_delay"})


def _check_setting(name: str, value: Any) -> None:
    if name in ONE_OF and value not in ONE_OF[name]:
        raise InvalidInput(f"{name} is one of {', '.join(ONE_OF[name])}.")
    if name in {"status_batch", "message_batch"} and not (isinstance(value, int) and 1 <= value <= 1000):
        raise InvalidInput(f"{name} is between 1 and 1000, as at Meta.")
    if name in SECONDS and not _positive(value):
        raise InvalidInput(f"{name} is a number of seconds.")
    if name == "throughput" and value is not None and not _positive(value):
        raise InvalidInput("throughput is a number of messages a second, or null for no limit.")
    if name == "pair_limit" and not isinstance(value, bool):
        raise InvalidInput("pair_limit is true or false.")
    if name == "statuses" and not (isinstance(value, dict) and all(map(_positive, value.values()))):
        raise InvalidInput('statuses gives the seconds after which each comes: {"sent": 0, "delivered": 0.05}.')
    if name == "retry_gaps" and not (isinstance(value, list | tuple) and value and all(map(_positive, value))):
        raise InvalidInput("retry_gaps are the seconds between attempts, at least one.")


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
