"""Any piper voice: a file ``NAME.onnx`` with ``NAME.onnx.json`` beside it.

The package (GPL-3.0-or-later) is an extra of its own, reached here and in ``phonemes.py`` only.
"""

from pathlib import Path
from typing import Any

import numpy as np

from griot.speech.models import Sound, Unavailable
from griot.speech.speaking.passages import passages
from griot.speech.speaking.sounds import joined, trimmed

_CHARACTERS = 400  # of one run


class Piper:
    """The port ``Voice``. ``file``: the voice's ``.onnx``; its language is the one it was recorded in."""

    def __init__(self, file: Path, *, speed: float = 1.0) -> None:
        try:
            from piper import PiperVoice, SynthesisConfig
        except ImportError as error:
            raise Unavailable("Piper is not installed: pip install 'griot[voice,piper]'.") from error
        described = file.with_name(f"{file.name}.json")
        for needed in (file, described):
            if not needed.is_file():
                raise Unavailable(f"The piper voice {file.name} is not whole: there is no file {needed}.")
        self._voice: Any = PiperVoice.load(str(file), config_path=str(described))
        self._how: Any = SynthesisConfig(length_scale=1 / speed)
        self._spoken = str(self._voice.config.espeak_voice)

    def say(self, text: str, language: str) -> Sound:
        if not self._spoken.startswith(language):
            raise Unavailable(f"This piper voice speaks {self._spoken!r}, not {language!r}.")
        rate = int(self._voice.config.sample_rate)
        chunks = [
            trimmed(Sound(np.asarray(chunk.audio_float_array, np.float32), rate))
            for passage in passages(text, _CHARACTERS)
            for chunk in self._voice.synthesize(passage, self._how)
        ]
        return joined(chunks, rate)
