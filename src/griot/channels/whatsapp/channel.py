"""WhatsApp, as the house sees it: one phone number of a shop."""

from typing import Any

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.meta.standing import of_number
from griot.channels.meta.uploads import Uploads
from griot.channels.model import Choice, File, Reply
from griot.channels.port import Channel, Line, Standing
from griot.channels.tolerant import as_id
from griot.channels.whatsapp.client import WhatsAppClient
from griot.channels.whatsapp.errors import REFUSALS
from griot.channels.whatsapp.parse import parse, parse_bytes
from griot.channels.whatsapp.render import render


class WhatsAppOutlet:
    """A WhatsApp number that sends."""

    def __init__(self, line: Line) -> None:
        self._client = WhatsAppClient(line)
        self._uploads = Uploads(lambda file: self._client.upload_media(file.content, file.mime_type, file.filename))

    async def bodies(self, reply: Reply, recipient: str, file: File | None = None) -> list[dict[str, Any]]:
        return render(reply, media_id=await self._uploads.media_id(reply, file))

    def numbered(self, reply: Reply, recipient: str) -> tuple[Choice, ...]:
        return ()

    async def send(self, body: dict[str, Any], recipient: str, opaque: str, *, late: bool = False) -> str:
        return await self._client.send(body, recipient=recipient, opaque=opaque)


class WhatsAppInlet:
    """A WhatsApp number that fetches what buyers sent."""

    def __init__(self, line: Line) -> None:
        self._client = WhatsAppClient(line)

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        media_id = as_id(payload.get("media_id"))
        if not media_id:
            raise ChannelError("The message names no media.", ErrorClass.FINAL)
        return await self._client.download_media(media_id, max_bytes=max_bytes, sha256=as_id(payload.get("sha256")))


async def standing(line: Line) -> Standing:
    return await of_number(line, REFUSALS)


WHATSAPP = Channel(
    "whatsapp", parse, parse_bytes, WhatsAppOutlet, WhatsAppInlet, standing, templates=True, voice_notes="audio/ogg"
)
