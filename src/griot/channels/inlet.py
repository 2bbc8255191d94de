"""How files of buyers come in: each channel gives the bytes behind what its webhook announced."""

from typing import Any, Protocol

import httpx

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.tolerant import as_id
from griot.channels.whatsapp.client import WhatsAppClient
from griot.core.errors import InvalidInput


class Inlet(Protocol):
    """One account of a channel, as whoever fetches files sees it."""

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        """The bytes of a media message, by its payload; raises ``ChannelError``, ``FINAL`` when they are gone."""
        ...


class WhatsAppInlet:
    """A WhatsApp number."""

    def __init__(self, client: WhatsAppClient) -> None:
        self._client = client

    async def fetch(self, payload: dict[str, Any], max_bytes: int) -> bytes:
        media_id = as_id(payload.get("media_id"))
        if not media_id:
            raise ChannelError("The message names no media.", ErrorClass.FINAL)
        return await self._client.download_media(media_id, max_bytes=max_bytes, sha256=as_id(payload.get("sha256")))


def inlet(channel: str, http: httpx.AsyncClient, base_url: str, version: str, account: str, token: str) -> Inlet:
    """The inlet of an account; ``InvalidInput`` when no file can be fetched from this channel."""
    if channel != "whatsapp":
        raise InvalidInput(f"No file can be fetched from the channel {channel!r}.")
    return WhatsAppInlet(WhatsAppClient(http, base_url, version, account, token))
