"""Files that buyers sent: fetched from their channel when a person first opens one, and kept, since channels forget."""

from dataclasses import dataclass
from typing import Any

from griot.channels.port import Line
from griot.channels.registry import channel
from griot.core.errors import NotFound
from griot.core.house import House
from griot.tools.conversations import inbox_queries

LARGEST = 16 * 1024 * 1024  # bytes
KINDS = ("image", "video", "document", "sticker", "voice", "audio")

# What a browser may show by itself; all else is only saved.
_SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "video/mp4",
        "video/3gpp",
        "audio/ogg",
        "audio/mpeg",
        "audio/mp4",
        "audio/aac",
        "audio/amr",
        "application/pdf",
    }
)
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it may be shown. ``shown``: whether a browser may show it by itself."""

    content: bytes
    mime: str
    filename: str

    @property
    def shown(self) -> bool:
        return self.mime != _UNKNOWN


async def open_received(house: House, shop_id: int, message_id: int) -> Opened:
    """The file of a message. ``NotFound``: it has none; ``ChannelError``: the channel does not give it (any more)."""
    async with house.db.transaction(shop_id) as tx:
        row = await inbox_queries.received_file(tx, message_id)
    if row is None or row["kind"] not in KINDS:
        raise NotFound(f"The message {message_id} has no file.")
    content, mime = row["content"], str(row["mime"])
    if content is None:
        content, mime = await _from_channel(house, row)
        async with house.db.transaction(shop_id) as tx:
            await inbox_queries.keep_file(tx, message_id, content, mime, house.clock.now())
    mime = mime if mime in _SHOWN else _UNKNOWN
    return Opened(bytes(content), mime, str(row["payload"].get("filename") or f"{row['kind']}-{message_id}"))


async def _from_channel(house: House, row: dict[str, Any]) -> tuple[bytes, str]:
    config = house.config
    token = house.keyring.decrypt(bytes(row["access_token"]))
    line = Line(house.http, config.graph_of(row["channel"]), config.graph_version, row["account"], token)
    content = await channel(row["channel"]).inlet(line).fetch(row["payload"], LARGEST)
    mime = str(row["payload"].get("mime_type") or _guessed(content)).partition(";")[0].strip().lower()
    return content, mime


def _guessed(content: bytes) -> str:
    """What a file begins with says what it is, where the channel does not."""
    marks = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"%PDF": "application/pdf"}
    marks |= {b"OggS": "audio/ogg"}
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return next((mime for mark, mime in marks.items() if content.startswith(mark)), _UNKNOWN)
