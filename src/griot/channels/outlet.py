"""How replies leave: each channel turns a neutral reply into bodies of its own and sends them one by one."""

import mimetypes
import time
from pathlib import Path
from typing import Any, Protocol

import httpx

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import File, Media, Reply
from griot.channels.whatsapp.client import WhatsAppClient
from griot.channels.whatsapp.render import render
from griot.core.errors import InvalidInput

_USED_FOR = 86_400.0  # seconds that an uploaded file is used again
_MOST_KEPT = 5_000  # files
_SENT = "sent before"  # stands for a file in bodies that do not have it


class Outlet(Protocol):
    """One account of a channel, as the sender sees it. Raises ``ChannelError`` when the channel refuses."""

    async def bodies(self, reply: Reply, file: File | None = None) -> list[dict[str, Any]]:
        """The reply as the channel shows it best: usually one body; files are uploaded on the way.

        ``file``: the bytes of ``reply.media.document`` or ``picture``. An upload that fails has sent nothing: it is
        never ambiguous.
        """
        ...

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        """Send a body; returns the channel's id of the message. ``opaque`` comes back in its statuses."""
        ...


class WhatsAppOutlet:
    """A WhatsApp number."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client
        self._kept: dict[str, tuple[str, float]] = {}  # key of a file -> its media id, and until when it is used

    async def bodies(self, reply: Reply, file: File | None = None) -> list[dict[str, Any]]:
        return render(reply, media_id=await self._uploaded(reply, file))

    async def _uploaded(self, reply: Reply, file: File | None) -> str | None:
        """The media id of what has to be uploaded, if anything has."""
        media = reply.media
        if media is None or (media.path is None and file is None):
            return None
        if reply.part > 0:
            return _SENT  # a file is in the first body, always
        try:
            return await self._upload(media, file)
        except ChannelError as error:
            if not error.ambiguous:
                raise
            raise ChannelError(str(error), ErrorClass.RETRY, code=error.code) from None

    async def _upload(self, media: Media, file: File | None) -> str:
        if file is not None:
            return await self._uploaded_once(file)
        path = Path(media.path or "")
        mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return await self._client.upload_media(path, mime_type)

    async def _uploaded_once(self, file: File) -> str:
        """A file that is sent again and again is uploaded once a day; WhatsApp keeps it for thirty."""
        media_id, until = self._kept.get(file.key, ("", 0.0))
        if not (file.key and until > time.monotonic()):
            media_id = await self._client.upload_media(file.content, file.mime_type, file.filename)
            if file.key:
                self._kept.pop(file.key, None)
                self._kept[file.key] = (media_id, time.monotonic() + _USED_FOR)
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return media_id

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        return await self._client.send(body, recipient=recipient, opaque=opaque)


def outlet(channel: str, http: httpx.AsyncClient, base_url: str, version: str, account: str, token: str) -> Outlet:
    """The outlet of an account; ``InvalidInput`` when nothing can be sent on this channel."""
    if channel != "whatsapp":
        raise InvalidInput(f"Nothing can be sent on the channel {channel!r}.")
    return WhatsAppOutlet(WhatsAppClient(http, base_url, version, account, token))
