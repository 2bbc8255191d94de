"""The ear of a program: bytes of a recording in, a transcript out, with every risk left to a child process."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from griot.speech.decoding import Limits, decode
from griot.speech.hearing.whisper import Whisper
from griot.speech.isolated import Died, Isolated, Overran
from griot.speech.models import Heard, Inaudible, Vocabulary

PATIENCE = 60.0  # seconds a call may take on top of the longest recording: loading the model, a busy machine


class Hearing:
    """Hears recordings one after the other in a child process that it starts at the first and keeps warm.

    ``folder`` gives the folder of the model's verified files; it is asked in a thread and may fetch them first.
    """

    def __init__(self, folder: Callable[[], Path], *, limits: Limits | None = None, waiting: int = 64) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._child = Isolated(waiting=waiting)

    async def hear(self, content: bytes, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        """The transcript of a recording in one of ``languages``, the likeliest first.

        Raises ``Inaudible`` when nothing that can be answered is heard, ``Unavailable`` when the model or its packages
        are not here, ``Busy`` when too many recordings wait.
        """
        if len(content) > self._limits.bytes:
            raise Inaudible("too_large", f"The recording has {len(content)} bytes, {self._limits.bytes} are read.")
        folder = await asyncio.to_thread(self._folder)
        seconds = self._limits.seconds + PATIENCE
        try:
            return await self._child.call(seconds, hear, content, languages, vocabulary, folder, self._limits)
        except Died as error:
            raise Inaudible("broken", "The recording cannot be read: it ended the process that read it.") from error
        except Overran as error:
            raise Inaudible("too_long", "The recording takes too long to hear.") from error

    def close(self) -> None:
        """End the child process."""
        self._child.close()


def hear(
    content: bytes, languages: tuple[str, ...], vocabulary: Vocabulary, folder: Path, limits: Limits | None = None
) -> Heard:
    """The same in this process: for the command line, measurements, and for the child."""
    return whisper(folder).hear(decode(content, limits), languages, vocabulary)


@lru_cache(maxsize=1)
def whisper(folder: Path) -> Whisper:
    """The model in a folder, loaded once."""
    return Whisper(folder)
