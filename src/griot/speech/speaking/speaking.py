"""The voice of a program: a text of the shop in, a voice note out, the slow part in a child process."""

import asyncio
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from griot.core.errors import InvalidInput
from griot.core.settings import Settings
from griot.speech import weights
from griot.speech.encoding import OGG, encode
from griot.speech.isolated import Died, Isolated, Overran
from griot.speech.models import Sound, Unavailable, Voice
from griot.speech.speaking.kokoro import Kokoro
from griot.speech.speaking.passages import passages
from griot.speech.speaking.piper import Piper
from griot.speech.speaking.sounds import joined, levelled
from griot.speech.speaking.speakable import speakable
from griot.speech.speaking.voices import Speaker, speaker

LONGEST = 120.0  # seconds of a voice note: whoever gets a longer answer would rather read it
PATIENCE = 120.0  # seconds that making one may take, on a busy machine and with the model to load

_PASSAGE = 250  # characters; the model takes them in one go
_PIPER_JOE = "en_US-joe-medium.onnx"
_PACKAGES = {"kokoro": "onnxruntime", "piper": "piper"}  # by engine


class Speaking:
    """Says texts one after the other in a child process that it starts at the first and keeps warm.

    The child holds the models it has used: about 0.5 GB for Kokoro.
    """

    def __init__(self, settings: Settings, *, waiting: int = 64) -> None:
        self._settings = settings
        self._child = Isolated(waiting=waiting)

    async def say(self, words: str, language: str, mime_type: str = OGG) -> bytes:
        """The voice note (``encoding.OGG`` or ``M4A``) of a text as it is written in a chat.

        Raises ``Unavailable`` where no voice speaks the language, its model or packages are not here, or nothing in
        the text can be said; ``InvalidInput`` for a text of more than ``LONGEST`` seconds; ``Busy`` when too many wait.
        """
        who = speaker(language, self._settings)
        files = await asyncio.to_thread(found, who, self._settings)
        try:
            return await self._child.call(PATIENCE, voice_note, words, language, who, files, mime_type)
        except (Died, Overran) as error:
            raise Unavailable(f"The voice note could not be made ({error}): answer in text.") from error

    def close(self) -> None:
        """End the child process."""
        self._child.close()


def can_speak(language: str, settings: Settings) -> bool:
    """Is there a voice for the language, with the package that it needs? Its files are fetched when it speaks."""
    try:
        who = speaker(language, settings)
    except Unavailable:
        return False
    return find_spec(_PACKAGES[who.engine]) is not None


def found(who: Speaker, settings: Settings) -> Path:
    """Where the voice's files are, fetched if they are not here: Kokoro's folder, or the ``.onnx`` of a piper voice."""
    package = _PACKAGES[who.engine]
    if find_spec(package) is None:
        raise Unavailable(f"Nothing is said here: pip install 'griot[voice,piper]' ({package} is missing).")
    if who.weights is None:
        return Path(who.who).expanduser()
    folder = weights.folder(who.weights[0], settings, who.weights[1])
    return folder if who.engine == "kokoro" else folder / _PIPER_JOE


def voice_note(text: str, language: str, who: Speaker, files: Path, mime_type: str = OGG) -> bytes:
    """The same as ``Speaking.say`` in this process: for measurements, and for the child."""
    return encode(said(text, language, who, files), mime_type)


def said(text: str, language: str, who: Speaker, files: Path) -> Sound:
    """The sound of a text as it is written in a chat, cut at the ends of sentences and put together again."""
    voice = _loaded(who, files)
    sounds: list[Sound] = []
    for passage in passages(speakable(text, language), _PASSAGE):
        sound = voice.say(passage, language)
        sounds += [sound] if len(sound.samples) else []
        if sum(one.seconds for one in sounds) > LONGEST:
            raise InvalidInput(f"The text takes more than {LONGEST:.0f} seconds to say: write it.")
    if not sounds:
        raise Unavailable("Nothing in this text can be said: answer in text.")
    return levelled(joined(sounds, sounds[0].rate))


@lru_cache(maxsize=4)
def _loaded(who: Speaker, files: Path) -> Voice:
    return Kokoro(files, who.who) if who.engine == "kokoro" else Piper(files)
