"""Files of messages, read within bounds and checked."""

import base64
import binascii
import hashlib
import hmac

import httpx

from griot.channels.errors import ChannelError, ErrorClass


async def bounded(response: httpx.Response, max_bytes: int) -> bytes:
    """The body of a streamed response; reading stops as soon as it is longer than ``max_bytes``."""
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > max_bytes:
            raise too_large(max_bytes)
    return bytes(data)


def too_large(max_bytes: int) -> ChannelError:
    return ChannelError(f"The media is larger than the {max_bytes} bytes allowed here.", ErrorClass.FINAL)


def verify(data: bytes, sha256: str) -> None:
    """Raise unless the bytes have this SHA-256, written in base64 (webhooks) or hexadecimal (media answers)."""
    if not hmac.compare_digest(hashlib.sha256(data).digest(), _digest(sha256)):
        raise ChannelError("The media is not the file that was announced (SHA-256 differs).", ErrorClass.RETRY)


def _digest(sha256: str) -> bytes:
    try:
        return bytes.fromhex(sha256) if len(sha256) == 64 else base64.b64decode(sha256)
    except (ValueError, binascii.Error):
        return b""
