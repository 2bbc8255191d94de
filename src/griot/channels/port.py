"""What a channel provides: everything the rest of the house knows of one (docs/decisions/0010)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import httpx

from griot.channels.model import Choice, File, Parsed, Reply

WINDOW = timedelta(hours=24)  # after a buyer's message, in which every channel takes free words


@dataclass(frozen=True, slots=True)
class Line:
    """How one account of a channel is reached: its own id there, its token, and the server that is called."""

    http: httpx.AsyncClient
    base_url: str
    version: str
    account: str
    token: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a channel says of an account: its name there, and what it may send.

    ``quality``: green, yellow or red, as buyers have judged its messages; ``limit``: in the channel's own word, such as
    TIER_1K. Both are none where the channel does not say.
    """

    name: str
    quality: str | None = None
    limit: str | None = None


class Outlet(Protocol):
    """One account of a channel, as the sender sees it. Raises ``ChannelError`` when the channel refuses."""

    async def bodies(self, reply: Reply, recipient: str, file: File | None = None) -> list[dict[str, Any]]:
        """The reply as the channel shows it best: usually one body; files are uploaded on the way.

        ``recipient``: a person (``user:…``, ``phone:…``), or a comment that is answered privately (``comment:…``).
        ``file``: the bytes of ``reply.media.document`` or ``picture``. An upload that fails has sent nothing: it is
        never ambiguous.
        """
        ...

    def numbered(self, reply: Reply, recipient: str) -> tuple[Choice, ...]:
        """The choices that those bodies show with numbers, so that "1" answers; none where they are tapped."""
        ...

    async def send(self, body: dict[str, Any], recipient: str, opaque: str, *, late: bool = False) -> str:
        """Send a body; returns the channel's id of the message. ``opaque`` comes back in its statuses.

        ``late``: a person wrote it, after ``WINDOW`` and within the channel's own ``human_window``.
        """
        ...


class Inlet(Protocol):
    """One account of a channel, as whoever fetches files sees it."""

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        """The bytes of a media message, by its payload; raises ``ChannelError``, ``FINAL`` when they are gone."""
        ...


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: how its webhook bodies are read, how replies leave, how files come in, how an account stands.

    ``parse`` takes any decoded JSON and never raises; ``parse_bytes`` refuses with ``InvalidInput`` what is none.
    ``standing`` asks the channel about the account itself: it shows that the token is good. Raises ``ChannelError``.
    ``human_window``: how long after a buyer's message a person's own words are taken. ``templates``: whether messages
    that were approved beforehand go out at any time; without them, what may not go out waits for the buyer.
    ``voice_notes``: the type of sound that it plays.
    """

    name: str
    parse: Callable[[object], Parsed]
    parse_bytes: Callable[[bytes], Parsed]
    outlet: Callable[[Line], Outlet]
    inlet: Callable[[Line], Inlet]
    standing: Callable[[Line], Awaitable[Standing]]
    human_window: timedelta = WINDOW
    templates: bool = False
    voice_notes: str = "audio/mp4"
