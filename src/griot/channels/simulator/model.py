"""The things the simulator keeps: people, files, what a phone shows."""

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from griot.channels.model import Choice

COUNTRIES = {
    **{"1": "US", "20": "EG", "27": "ZA", "32": "BE", "33": "FR", "34": "ES", "39": "IT", "41": "CH", "44": "GB"},
    **{"49": "DE", "55": "BR", "91": "IN", "212": "MA", "213": "DZ", "216": "TN", "220": "GM", "221": "SN"},
    **{"222": "MR", "223": "ML", "224": "GN", "225": "CI", "226": "BF", "227": "NE", "228": "TG", "229": "BJ"},
    **{"230": "MU", "233": "GH", "234": "NG", "237": "CM", "241": "GA", "242": "CG", "243": "CD", "245": "GW"},
    **{"250": "RW", "254": "KE", "261": "MG", "262": "RE", "269": "KM"},
}
UNKNOWN_COUNTRY = "ZZ"
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
NUMBERED = re.compile(r"^\W*(\d{1,2})(?:\ufe0f?\u20e3|\s?[.):–-])\s*(\S.*)$", re.MULTILINE)


def calling_code(phone: str) -> str:
    """The country's prefix of a number in E.164 digits; empty when the country is not in the table."""
    return next((phone[:size] for size in (3, 2, 1) if phone[:size] in COUNTRIES), "")


def user_id_of(phone: str) -> str:
    """The business-scoped user id of a number: the same in every run, like ``SN.13491208655302741918``."""
    number = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:9]) % 10**20
    return f"{COUNTRIES.get(calling_code(phone), UNKNOWN_COUNTRY)}.{number:020d}"


@dataclass(slots=True)
class Person:
    """Somebody with a phone, on every channel. Whoever has a username hides the phone number from WhatsApp businesses.

    ``user_id`` is WhatsApp's; Instagram accounts and pages know the person by an id of their own. ``reachable`` False:
    no message arrives.
    """

    name: str
    user_id: str
    phone: str | None = None
    username: str | None = None
    reachable: bool = True

    @property
    def hidden(self) -> bool:
        return self.username is not None

    @property
    def handle(self) -> str:
        """The name under which the person comments on Instagram."""
        return self.username or re.sub(r"\W+", ".", self.name.lower()).strip(".") or self.user_id.lower()


@dataclass(frozen=True, slots=True)
class File:
    """A media file held for an account. ``expires_at``: when the id is forgotten. ``kind``: as what it was uploaded."""

    id: str
    account: str
    data: bytes
    mime_type: str
    expires_at: datetime
    filename: str | None = None
    kind: str | None = None

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.data).digest()


class Screen(NamedTuple):
    """How a phone shows a message. ``media``: ``{"kind", "id" | "link", …}``."""

    type: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    link: str | None = None
    media: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a buyer's phone shows it. ``content`` is the request that brought it.

    ``seq`` counts from 1 within the conversation. ``at`` is the clock's time, ``wall`` the machine's in Unix seconds
    (for measuring). ``text``: everything there is to read, line by line. ``choices``: what can be tapped. ``link``: the
    address of a button, else the first one in the text.
    """

    id: str
    seq: int
    at: datetime
    wall: float
    type: str
    text: str
    choices: tuple[Choice, ...]
    link: str | None
    media: dict[str, Any] | None
    content: dict[str, Any]

    @property
    def numbered(self) -> tuple[Choice, ...]:
        """Choices written in the text, one a line and counted from 1; the id of each is its number."""
        lines = NUMBERED.findall(self.text)
        counted = [int(number) for number, _ in lines] == list(range(1, len(lines) + 1))
        return tuple(Choice(number, title.strip()) for number, title in lines) if counted else ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Shown":
        choices = tuple(Choice(**choice) for choice in data["choices"])
        return cls(**{**data, "at": datetime.fromisoformat(data["at"]), "choices": choices})


def first_link(text: str) -> str | None:
    """The first address in a text."""
    found = URL.search(text) if "://" in text else None
    return found[0] if found else None
