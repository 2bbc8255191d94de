"""What a worker hears with and speaks with, as the settings say: each a child process, started when it is needed."""

import asyncio
from importlib.util import find_spec
from pathlib import Path

from griot.core.settings import Settings
from griot.speech import weights
from griot.speech.decoding import Limits
from griot.speech.hearing import Hearing
from griot.speech.isolated import Isolated
from griot.speech.models import Unavailable
from griot.speech.speaking.saying import voice_notes
from griot.speech.speaking.voices import speaker

LONGEST_SAYING = 90.0  # seconds until a reply is written after all: a busy machine, a voice that is loaded first


def open_ear(config: Settings) -> Hearing:
    """The ear; its model is had when the first voice note comes."""
    return Hearing(lambda: _model(config), limits=Limits(bytes=config.voice_largest))


def can_hear(config: Settings) -> bool:
    """Are voice notes heard here? The model is fetched when it is needed."""
    return bool(config.voice_ear) and find_spec("faster_whisper") is not None


def _model(config: Settings) -> Path:
    if not can_hear(config):
        raise Unavailable("Voice notes are not heard here: pip install 'griot[voice]', and name a GRIOT_VOICE_EAR.")
    return weights.folder(config.voice_ear, config)


class Mouth:
    """Says replies, one after the other."""

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._child = Isolated()

    async def say(self, words: str, language: str) -> bytes:
        """OGG/Opus of a text; ``GriotError`` when nobody speaks the language here, or it cannot be said in one note."""
        who = speaker(language, self._config)
        if find_spec("onnxruntime") is None:
            raise Unavailable("Nothing is said here: pip install 'griot[voice]'.")
        if who.weights:
            await asyncio.to_thread(weights.folder, who.weights[0], self._config, who.weights[1])
        notes = await self._child.call(LONGEST_SAYING, voice_notes, words, language, self._config)
        if len(notes) != 1:
            raise Unavailable(f"A text that makes {len(notes)} voice notes is written.")
        return notes[0].content

    def close(self) -> None:
        """End the child process."""
        self._child.close()
