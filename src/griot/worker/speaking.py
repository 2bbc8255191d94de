"""Voice notes of the shop: words become sound when they are sent, and not before: no turn waits for it."""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Protocol

from griot.channels.model import File, Media, Reply
from griot.core import logs, metrics
from griot.core.errors import GriotError

log = logs.get(__name__)

LONGEST = 20.0  # seconds a buyer waits for a reply to be said: then it is written
_ENDINGS = {"audio/ogg": ".ogg", "audio/mp4": ".m4a"}
_KEPT = 200  # voice notes that may be sent again: a send that is repeated says the same


class Speaker(Protocol):
    """Who speaks."""

    async def say(self, words: str, language: str, mime_type: str) -> bytes:
        """Sound of a text as it is written; raises ``GriotError`` (``Unavailable``) when it cannot be said."""
        ...


class VoiceNotes:
    """Makes the voice notes of replies; without a ``speaker`` every reply is written."""

    def __init__(self, speaker: Speaker | None) -> None:
        self._speaker = speaker
        self._made: OrderedDict[str, bytes] = OrderedDict()

    async def aloud(self, reply: Reply, mime_type: str) -> tuple[Reply, File | None]:
        """A reply as it is sent: with its voice note of this type, or in writing when that cannot be made."""
        media = reply.media
        assert media is not None
        file = File(b"", "", "") if reply.part else await self._file(media, mime_type)  # the sound is in the first body
        if file is None:
            return replace(reply, media=None), None
        return (replace(reply, text="") if media.instead else reply), file

    async def _file(self, media: Media, mime_type: str) -> File | None:
        if self._speaker is None:
            return None
        words, language = media.words or "", media.language or ""
        key = hashlib.sha256(f"{mime_type}\n{language}\n{words}".encode()).hexdigest()
        if key not in self._made:
            try:
                with metrics.SPEAKING_SECONDS.time():
                    self._made[key] = await asyncio.wait_for(self._speaker.say(words, language, mime_type), LONGEST)
            except (GriotError, TimeoutError) as error:
                log.info("a reply is not said, it is written", language=language, why=str(error) or "too slow")
                return None
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return File(self._made[key], mime_type, f"voice{_ENDINGS[mime_type]}", f"voice:{key}")
