"""How replies leave: each channel turns a neutral reply into bodies of its own and sends them one by one."""

import mimetypes
from pathlib import Path
from typing import Any, Protocol

import httpx

from griot.channels.model import Reply
from griot.channels.whatsapp.client import WhatsAppClient
from griot.channels.whatsapp.render import render
from griot.core.errors import InvalidInput


class Outlet(Protocol):
    """One account of a channel, as the sender sees it. Raises ``ChannelError`` when the channel refuses."""

    async def bodies(self, reply: Reply) -> list[dict[str, Any]]:
        """The reply as the channel shows it best: usually one body; files are uploaded on the way."""
        ...

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        """Send a body; returns the channel's id of the message. ``opaque`` comes back in its statuses."""
        ...


class WhatsAppOutlet:
    """A WhatsApp number."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

    async def bodies(self, reply: Reply) -> list[dict[str, Any]]:
        media_id = None
        if reply.media is not None and reply.media.path is not None:
            path = Path(reply.media.path)
            mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            media_id = await self._client.upload_media(path, mime_type)
        return render(reply, media_id=media_id)

    async def send(self, body: dict[str, Any], recipient: str, opaque: str) -> str:
        return await self._client.send(body, recipient=recipient, opaque=opaque)


def outlet(channel: str, http: httpx.AsyncClient, base_url: str, version: str, account: str, token: str) -> Outlet:
    """The outlet of an account; ``InvalidInput`` when nothing can be sent on this channel."""
    if channel != "whatsapp":
        raise InvalidInput(f"Nothing can be sent on the channel {channel!r}.")
    return WhatsAppOutlet(WhatsAppClient(http, base_url, version, account, token))
