"""Answers kept from one import to the next, so that a shop need not send again what has not changed."""

import hashlib
import json
import os
import zlib
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from griot.core.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was. ``etag`` and ``modified`` are what the shop called it, to be repeated word by word."""

    body: bytes
    content_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def asking(self) -> dict[str, str]:
        """The headers that ask for the answer only if it has changed (RFC 9110 §13.1)."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}


class Shelf(Protocol):
    """Where the caller keeps answers, by canonical address. One shelf is for one shop.

    It is used beside the loop, in a thread: packing a large answer takes its time, and buyers' turns share the loop.
    """

    def recall(self, url: str) -> Kept | None: ...

    def keep(self, url: str, kept: Kept) -> None: ...


class NoShelf:
    """Keeps nothing."""

    def recall(self, url: str) -> Kept | None:
        return None

    def keep(self, url: str, kept: Kept) -> None:
        return None


class MemoryShelf:
    """Keeps answers while the process runs."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def recall(self, url: str) -> Kept | None:
        return self._kept.get(url)

    def keep(self, url: str, kept: Kept) -> None:
        self._kept[url] = kept


class FolderShelf:
    """Keeps answers in a folder, a compressed file each. A file that is broken is as good as none.

    A file's time is when its answer was last kept or asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, url: str) -> Kept | None:
        file = self._file(url)
        try:
            head, _, body = zlib.decompress(file.read_bytes()).partition(b"\n")
            said = json.loads(head)
            os.utime(file)
            return Kept(body, **said) if isinstance(said, dict) else None
        except (OSError, zlib.error, ValueError, TypeError):
            return None

    def keep(self, url: str, kept: Kept) -> None:
        said = asdict(kept)
        body = said.pop("body")
        file = self._file(url)
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}.half")
        half.write_bytes(zlib.compress(json.dumps(said).encode() + b"\n" + body, 6))
        half.replace(file)

    def clear(self, unused: timedelta) -> int:
        """Remove what nobody asked for in this time: pages that are gone, sources that are read no more. How many."""
        before = (SystemClock().now() - unused).timestamp()  # the files' times are the machine's
        removed = 0
        for file in self._folder.glob("*/*"):
            try:
                if file.stat().st_mtime < before:
                    file.unlink()
                    removed += 1
            except FileNotFoundError:
                continue  # another import of the shop was faster
        return removed

    def _file(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self._folder / name[:2] / name
