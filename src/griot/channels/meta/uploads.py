"""Files on their way out: uploaded when a reply has one, once a day where the same one is sent again and again."""

import asyncio
import mimetypes
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import File, Reply

_USED_FOR = 86_400.0  # seconds that an uploaded file is used again
_MOST_KEPT = 5_000  # files
_SENT = "sent before"  # stands for a file in bodies that do not have it

Upload = Callable[[File], Awaitable[str]]


class Uploads:
    """The uploaded files of one account. ``upload`` gives bytes to the channel and returns its id of them."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._kept: dict[str, tuple[str, float]] = {}  # key of a file -> its media id, and until when it is used

    async def media_id(self, reply: Reply, file: File | None) -> str | None:
        """The id of what has to be uploaded for a reply, if anything has. A failure is never ambiguous."""
        media = reply.media
        if media is None or (media.path is None and file is None):
            return None
        if reply.part > 0:
            return _SENT  # a file is in the first body, always
        try:
            return await self._once(file or await _on_disk(Path(media.path or "")))
        except ChannelError as error:
            if not error.ambiguous:
                raise
            raise ChannelError(str(error), ErrorClass.RETRY, code=error.code) from None

    async def _once(self, file: File) -> str:
        """A file with a key is uploaded once a day; Meta keeps it for thirty."""
        media_id, until = self._kept.get(file.key, ("", 0.0))
        if not (file.key and until > time.monotonic()):
            media_id = await self._upload(file)
            if file.key:
                self._kept.pop(file.key, None)
                self._kept[file.key] = (media_id, time.monotonic() + _USED_FOR)
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return media_id


async def _on_disk(path: Path) -> File:
    mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(await asyncio.to_thread(path.read_bytes), mime_type, path.name)
