"""How replies leave: each channel turns a neutral reply into bodies of its own and sends them one by one."""

import mimetypes
from pathlib import Path
from typing import Any, Protocol

import httpx

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import File, Media, Reply
from griot.channels.whatsapp.client import WhatsAppClient
from griot.channels.whatsapp.render import render
from griot.core.errors import InvalidInput

_SENT = "sent before"  # stands for a file in bodies that do not have it


class Outlet(Protocol):
    """One account of a channel, as the sender sees it. Raises ``ChannelError`` when the channel refuses."""

    async def bodies(self, reply: Reply, file: File | None = None) -> list[dict[str, Any]]:
        """The reply as the channel shows it best: usually one body; files are uploaded on the way.

        ``file``: the bytes of ``reply.media.document``. An upload that fails has sent nothing: it is never ambiguous.
        """
        ...

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        """Send a body; returns the channel's id of the message. ``opaque`` comes back in its statuses."""
        ...


class WhatsAppOutlet:
    """A WhatsApp number."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

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
            return await self._client.upload_media(file.content, file.mime_type, file.filename)
        path = Path(media.path or "")
        mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return await self._client.upload_media(path, mime_type)

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        return await self._client.send(body, recipient=recipient, opaque=opaque)


def outlet(channel: str, http: httpx.AsyncClient, base_url: str, version: str, account: str, token: str) -> Outlet:
    """The outlet of an account; ``InvalidInput`` when nothing can be sent on this channel."""
    if channel != "whatsapp":
        raise InvalidInput(f"Nothing can be sent on the channel {channel!r}.")
    return WhatsAppOutlet(WhatsAppClient(http, base_url, version, account, token))
