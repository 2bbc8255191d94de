"""From a text of the shop to voice notes. Blocking and slow: called in a process of its own.

A model stays loaded for the life of the process: about 0.5 GB for Kokoro, 0.2 GB for a piper voice.
"""

from dataclasses import dataclass
from pathlib import Path

from griot.core.settings import Settings
from griot.speech import weights
from griot.speech.encoding import encode
from griot.speech.models import Sound, Voice
from griot.speech.speaking.kokoro import Kokoro
from griot.speech.speaking.piper import Piper
from griot.speech.speaking.sentences import sentences
from griot.speech.speaking.sounds import PAUSE, joined, levelled
from griot.speech.speaking.speakable import speakable
from griot.speech.speaking.voices import Speaker, speaker

LONGEST = 60.0  # seconds of one voice note; a longer text becomes several, cut at the ends of sentences

_SENTENCE = 250  # characters; the model takes less than twice as many phonemes
_PIPER_JOE = "en_US-joe-medium.onnx"

_loaded: dict[Speaker, Voice] = {}


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """OGG/Opus mono, and how many seconds it lasts."""

    content: bytes
    seconds: float


def voice_notes(text: str, language: str, settings: Settings) -> list[VoiceNote]:
    """The text as voice notes of at most ``LONGEST`` seconds; none when nothing in it can be said.

    Raises ``Unavailable`` where no voice speaks the language, or its model is not here and cannot be had.
    """
    return [VoiceNote(encode(levelled(sound)), sound.seconds) for sound in sounds(text, language, settings)]


def sounds(text: str, language: str, settings: Settings) -> list[Sound]:
    """The text as it is said, in pieces of at most ``LONGEST`` seconds."""
    voice = loaded(language, settings)
    pieces: list[list[Sound]] = []
    room = 0.0
    for sentence in sentences(speakable(text, language), _SENTENCE):
        sound = voice.say(sentence, language)
        if not len(sound.samples):
            continue
        if sound.seconds > room:
            pieces.append([])
            room = LONGEST
        pieces[-1].append(sound)
        room -= sound.seconds + PAUSE
    return [joined(piece, piece[0].rate) for piece in pieces]


def loaded(language: str, settings: Settings) -> Voice:
    """The voice of a language, loaded at its first use, its weights fetched if they are not here."""
    who = speaker(language, settings)
    if who not in _loaded:
        _loaded[who] = _load(who, settings)
    return _loaded[who]


def _load(who: Speaker, settings: Settings) -> Voice:
    if who.weights is None:
        return Piper(Path(who.who).expanduser())
    folder = weights.folder(who.weights[0], settings, who.weights[1])
    return Kokoro(folder, who.who) if who.engine == "kokoro" else Piper(folder / _PIPER_JOE)
