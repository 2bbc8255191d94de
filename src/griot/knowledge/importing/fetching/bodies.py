"""The body of an answer, read piece by piece up to a bound, unfolded by us so that the bound holds inside too."""

import zlib
from collections.abc import AsyncIterator

import httpx

from griot.knowledge.importing.fetching.errors import EXPORT, TooMuch, Unanswered

ACCEPTED = "gzip, deflate"
_PIECE = 262_144  # bytes unfolded at once
_GZIP = b"\x1f\x8b"
_HARMLESS = 1_000_000  # bytes up to which growth is not looked at


async def read_body(response: httpx.Response, most: int, unfolding: int, *, cut: bool = False) -> bytes:
    """The body, decompressed. ``most``: bytes; ``unfolding``: times it may grow; ``cut``: leave off what is beyond.

    Raises TooMuch, and Unanswered for a compression that was not asked for or is broken.
    """
    said = response.headers.get("content-length", "")
    if not cut and said.isascii() and said.isdigit() and int(said[:20]) > most:
        raise _too_large(most)
    body = bytearray()
    async for piece in _unfolded(response, unfolding):
        body += piece
        if len(body) > most:
            if cut:
                return bytes(body[:most])
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> TooMuch:
    size = f"{most // 1_000_000} MB" if most >= 1_000_000 else f"{most // 1_000 or 1} kB"
    return TooMuch(f"The answer is larger than {size}", EXPORT)


def _unfolded(response: httpx.Response, unfolding: int) -> AsyncIterator[bytes]:
    codings = [one.strip().lower() for one in response.headers.get("content-encoding", "").split(",")]
    codings = [one for one in codings if one not in ("", "identity")]
    raw = response.aiter_raw()
    if not codings:
        return raw
    if codings in (["gzip"], ["x-gzip"], ["deflate"]):
        return _inflated(raw, codings[0], unfolding)
    raise Unanswered("The shop sends its pages packed in a way that we did not ask for", EXPORT)


async def _inflated(raw: AsyncIterator[bytes], coding: str, unfolding: int) -> AsyncIterator[bytes]:
    """Plain bytes. Gzip may have several members, one after the other (RFC 1952); what else follows is left out."""
    inflating = None
    ended = False
    taken = given = 0
    async for piece in raw:
        taken += len(piece)
        while piece:
            if inflating is None:
                if ended and (coding == "deflate" or not _GZIP.startswith(piece[:2])):
                    return
                inflating = zlib.decompressobj(wbits=_bits(coding, piece))
            try:
                plain = inflating.decompress(piece, _PIECE)
            except zlib.error:
                raise Unanswered("The shop's answer arrives damaged", "try again in a few minutes") from None
            given += len(plain)
            if given > _HARMLESS and given > unfolding * taken:
                raise TooMuch("The answer unfolds to far more than it weighs, as harmful files do", EXPORT)
            yield plain
            ended = inflating.eof
            piece = inflating.unused_data if ended else inflating.unconsumed_tail
            if ended:
                inflating = None
    if inflating is not None:
        yield inflating.flush(_PIECE)


def _bits(coding: str, piece: bytes) -> int:
    """zlib's ``wbits``; what calls itself deflate comes with zlib's header or, from some servers, without."""
    if coding != "deflate":
        return 31
    whole = len(piece) < 2 or int.from_bytes(piece[:2], "big") % 31 == 0
    return 15 if piece[0] & 0x0F == 8 and whole else -15
