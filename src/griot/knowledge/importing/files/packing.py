"""Packed files: gzip and ZIP, unpacked up to a bound."""

import lzma
import re
import struct
import zipfile
import zlib
from io import BytesIO

from griot.knowledge.importing.files.limits import MAX_BYTES

_FILES = re.compile(r"(?i)\.(?:csv|tsv|txt|json|xml|xlsx|ods|yml|ndjson|jsonl)$")
GZIP = b"\x1f\x8b"
_PIECE = 4_096  # packed bytes at a time: a file of very many small parts is cut up as quickly as one of one
_CHUNK = 1_000_000  # bytes unpacked at once
# What damaged, locked and strangely packed files raise.
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, RuntimeError, NotImplementedError, EOFError,
)  # fmt: skip


class TooLarge(ValueError):
    """What a packed file holds is larger than what is read."""


def gunzipped(body: bytes, most: int = MAX_BYTES) -> bytes:
    """The bytes in a gzip file, of all its parts, a broken end left off. Raises TooLarge and zlib.error."""
    unpacked = bytearray()
    at = 0
    while body.startswith(GZIP, at):
        reader = zlib.decompressobj(wbits=31)
        while at < len(body) and not reader.eof:
            piece = body[at : at + _PIECE]
            unpacked += reader.decompress(piece, _CHUNK)
            at += len(piece) - len(reader.unused_data if reader.eof else reader.unconsumed_tail)
            if len(unpacked) > most:
                raise TooLarge
    return bytes(unpacked)


def member_of(body: bytes) -> bytes | None:
    """The largest file of a ZIP that can be read, or None. Raises TooLarge and zipfile.BadZipFile."""
    with zipfile.ZipFile(BytesIO(body)) as packed:
        good = [one for one in packed.infolist()[:2000] if _FILES.search(one.filename) and not _is_hidden(one.filename)]
        if not good:
            return None
        largest = max(good, key=lambda one: one.file_size)
        return held_in(packed, largest)


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def held_in(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one of a ZIP's files. Raises TooLarge and what :data:`BROKEN` lists."""
    if member.file_size > MAX_BYTES:
        raise TooLarge
    with packed.open(member) as source:
        held = source.read(MAX_BYTES + 1)
    if len(held) > MAX_BYTES:
        raise TooLarge
    return held


def unpacked_size(body: bytes) -> int:
    """How many bytes a ZIP says it unpacks to. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(BytesIO(body)) as packed:
        return sum(one.file_size for one in packed.infolist())


def names_in(body: bytes) -> list[str]:
    """The names of a ZIP's files. Raises zipfile.BadZipFile."""
    with zipfile.ZipFile(BytesIO(body)) as packed:
        return [one.filename for one in packed.infolist()[:5000]]
