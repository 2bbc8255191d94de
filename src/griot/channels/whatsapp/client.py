"""The WhatsApp Cloud API, thinly: one number, one token, somebody else's connection pool.

No error raised here quotes the token, a phone number or an address; that is also why causes are not chained: the
HTTP library's own messages may quote headers.
"""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import orjson

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.tolerant import as_id, as_object
from griot.channels.whatsapp import limits
from griot.channels.whatsapp.errors import incomprehensible, refused, unanswered
from griot.channels.whatsapp.media import MediaInfo, bounded, too_large, verify
from griot.channels.whatsapp.payloads import Payload
from griot.core.errors import InvalidInput


class WhatsAppClient:
    """Sends as one phone number. Every method raises ``ChannelError`` when Meta refuses or does not answer."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, version: str, phone_number_id: str, token: str) -> None:
        self._http = http
        self._root = f"{base_url.rstrip('/')}/{version}"
        self._origin = httpx.URL(base_url)
        self._number = phone_number_id
        self._headers = {"Authorization": f"Bearer {token}"}

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
        answer = await self._post("messages", body)
        wamid = as_id(as_object(as_object(answer).get("messages")).get("id"))
        if not wamid:
            raise incomprehensible(answer)
        return wamid

    async def mark_read(self, message_id: str) -> None:
        """Blue ticks on this message and all before it."""
        await self._post("messages", _read_receipt(message_id))

    async def typing(self, message_id: str) -> None:
        """ "is typing…" until the next message or for 25 seconds; also marks the message as read."""
        await self._post("messages", {**_read_receipt(message_id), "typing_indicator": {"type": "text"}})

    async def upload_media(self, file: Path | bytes, mime_type: str, filename: str = "file") -> str:
        """Upload a file and return its media id, good for 30 days. ``InvalidInput`` when it is too large."""
        if isinstance(file, Path):
            limits.check_file(mime_type, (await asyncio.to_thread(file.stat)).st_size)
            return await self.upload_media(await asyncio.to_thread(file.read_bytes), mime_type, file.name)
        limits.check_file(mime_type, len(file))
        answer = await self._call(
            "POST",
            f"{self._number}/media",
            data={"messaging_product": "whatsapp", "type": mime_type},
            files={"file": (filename, file, mime_type)},
        )
        media_id = as_id(as_object(answer).get("id"))
        if not media_id:
            raise incomprehensible(answer)
        return media_id

    async def media_info(self, media_id: str) -> MediaInfo:
        """Where a file of a message is; media ids of webhooks are good for seven days."""
        answer = await self._call("GET", media_id, params={"phone_number_id": self._number})
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
        if not self._may_see_token(media.url):
            raise ChannelError("The media's address is not https: the token is not sent there.", ErrorClass.FINAL)
        try:
            async with self._http.stream("GET", media.url, headers=self._headers) as response:
                if response.status_code == httpx.codes.NOT_FOUND:
                    return None
                if not response.is_success:
                    raise refused(response.status_code, None)
                return await bounded(response, max_bytes)
        except httpx.HTTPError as failure:
            raise unanswered(failure) from None

    def _may_see_token(self, url: str) -> bool:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        origin = self._origin
        return address.scheme == "https" or (
            (address.scheme, address.host, address.port) == (origin.scheme, origin.host, origin.port)
        )

    async def _post(self, path: str, body: Payload) -> Any:
        headers = {"Content-Type": "application/json"}
        return await self._call("POST", f"{self._number}/{path}", content=orjson.dumps(body), headers=headers)

    async def _call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        """The decoded answer of a request that succeeded."""
        try:
            response = await self._http.request(
                method, f"{self._root}/{path}", headers={**self._headers, **(headers or {})}, **options
            )
        except httpx.HTTPError as failure:
            raise unanswered(failure) from None
        answer = _decoded(response.content)
        if not response.is_success:
            raise refused(response.status_code, answer)
        return answer


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def _address(recipient: str) -> Payload:
    kind, _, key = recipient.partition(":")
    if kind == "phone" and key.isascii() and key.isdigit():
        return {"to": f"+{key}"}  # without '+' Meta would put the shop's own country code in front
    if kind == "user" and key:
        return {"recipient": key}
    raise InvalidInput("A WhatsApp recipient is 'phone:<digits>' or 'user:<business-scoped user id>'.")


def _read_receipt(message_id: str) -> Payload:
    return {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
