"""Which voice speaks a language, as the settings say: ``kokoro:NAME``, ``piper:joe`` or ``piper:FILE.onnx``."""

from dataclasses import dataclass
from typing import Literal

from griot.core.errors import ConfigurationError
from griot.core.settings import Settings
from griot.speech.models import Unavailable

JOE = "joe"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice by name. ``who``: a Kokoro voice, ``joe``, or the path of a piper voice's ``.onnx`` file."""

    engine: Literal["kokoro", "piper"]
    who: str

    @property
    def weights(self) -> tuple[str, tuple[str, ...]] | None:
        """The model it needs and the files of it that are there on demand; None for a file of the shop's own."""
        if self.engine == "kokoro":
            return "kokoro", (f"{self.who}.bin",)
        return ("piper-joe", ()) if self.who == JOE else None


def speaker(language: str, settings: Settings) -> Speaker:
    """Who speaks the language (ISO 639-1); raises ``Unavailable`` when nobody does, as for Malagasy."""
    try:
        return _read(settings.voice_speakers[language])
    except KeyError:
        raise Unavailable(
            f"No voice speaks {language!r}: answer in text, or name a voice for it in GRIOT_VOICE_SPEAKERS."
        ) from None


def speakers(settings: Settings) -> tuple[Speaker, ...]:
    """Everybody who may be asked to speak."""
    return tuple(_read(text) for text in settings.voice_speakers.values())


def _read(text: str) -> Speaker:
    engine, _, who = text.partition(":")
    if who and engine == "kokoro":
        return Speaker("kokoro", who)
    if who == JOE or (engine == "piper" and who.endswith(".onnx")):
        return Speaker("piper", who)
    raise ConfigurationError(
        f"GRIOT_VOICE_SPEAKERS names a voice {text!r}: write kokoro:NAME, piper:joe or piper:FILE.onnx."
    )
