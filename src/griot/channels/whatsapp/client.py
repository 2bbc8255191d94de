"""The WhatsApp Cloud API: what one number can be told to do. Errors: ``griot.channels.meta.graph``."""

import asyncio
from pathlib import Path

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.meta.graph import GraphClient
from griot.channels.meta.media import too_large, verify
from griot.channels.port import Line
from griot.channels.tolerant import as_id, as_object
from griot.channels.whatsapp import limits
from griot.channels.whatsapp.errors import REFUSALS
from griot.channels.whatsapp.media import MediaInfo
from griot.channels.whatsapp.payloads import Payload
from griot.core.errors import InvalidInput


class WhatsAppClient:
    """Sends as one phone number. Every method raises ``ChannelError`` when Meta refuses or does not answer."""

    def __init__(self, line: Line) -> None:
        self._graph = GraphClient(line, REFUSALS)
        self._number = line.account

    async def send(self, payload: Payload, *, recipient: str, opaque: str | None = None) -> str:
        """Send one of ``payloads`` and return its wamid: accepted, not yet delivered.

        ``recipient``: ``phone:<digits>`` or ``user:<business-scoped user id>``. ``opaque`` comes back in the statuses
        of the message: with no idempotency key in the API it is how an unanswered send is recognised later.
        Raises ``InvalidInput`` when the payload breaks a limit; nothing was sent then.
        """
        limits.check(payload)
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **_address(recipient), **payload}
        if opaque is not None:
            body["biz_opaque_callback_data"] = opaque
        answer = await self._graph.post(f"{self._number}/messages", body)
        wamid = as_id(as_object(as_object(answer).get("messages")).get("id"))
        if not wamid:
            raise REFUSALS.incomprehensible(answer)
        return wamid

    async def mark_read(self, message_id: str) -> None:
        """Blue ticks on this message and all before it."""
        await self._graph.post(f"{self._number}/messages", _read_receipt(message_id))

    async def typing(self, message_id: str) -> None:
        """ "is typing…" until the next message or for 25 seconds; also marks the message as read."""
        body = {**_read_receipt(message_id), "typing_indicator": {"type": "text"}}
        await self._graph.post(f"{self._number}/messages", body)

    async def upload_media(self, file: Path | bytes, mime_type: str, filename: str = "file") -> str:
        """Upload a file and return its media id, good for 30 days. ``InvalidInput`` when it is too large."""
        if isinstance(file, Path):
            limits.check_file(mime_type, (await asyncio.to_thread(file.stat)).st_size)
            return await self.upload_media(await asyncio.to_thread(file.read_bytes), mime_type, file.name)
        limits.check_file(mime_type, len(file))
        fields = {"messaging_product": "whatsapp", "type": mime_type}
        answer = await self._graph.upload(f"{self._number}/media", fields, "file", (filename, file, mime_type))
        media_id = as_id(as_object(answer).get("id"))
        if not media_id:
            raise REFUSALS.incomprehensible(answer)
        return media_id

    async def media_info(self, media_id: str) -> MediaInfo:
        """Where a file of a message is; media ids of webhooks are good for seven days."""
        answer = await self._graph.get(media_id, phone_number_id=self._number)
        return MediaInfo.read(media_id, as_object(answer))

    async def download_media(self, media_id: str, *, max_bytes: int, sha256: str | None = None) -> bytes:
        """The bytes of a message's file, at most ``max_bytes`` of them.

        ``sha256`` (base64, as the webhook has it) is verified when given. An address that expired is asked for again,
        once.
        """
        data = await self._fetch(await self.media_info(media_id), max_bytes)
        if data is None:
            data = await self._fetch(await self.media_info(media_id), max_bytes)
        if data is None:
            raise ChannelError("The media is gone: WhatsApp keeps it for seven days.", ErrorClass.FINAL)
        if sha256:
            verify(data, sha256)
        return data

    async def _fetch(self, media: MediaInfo, max_bytes: int) -> bytes | None:
        """The file behind an address; none when the address has expired (404)."""
        if media.size is not None and media.size > max_bytes:
            raise too_large(max_bytes)
        return await self._graph.download(media.url, max_bytes, token=True)


def _address(recipient: str) -> Payload:
    kind, _, key = recipient.partition(":")
    if kind == "phone" and key.isascii() and key.isdigit():
        return {"to": f"+{key}"}  # without '+' Meta would put the shop's own country code in front
    if kind == "user" and key:
        return {"recipient": key}
    raise InvalidInput("A WhatsApp recipient is 'phone:<digits>' or 'user:<business-scoped user id>'.")


def _read_receipt(message_id: str) -> Payload:
    return {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
