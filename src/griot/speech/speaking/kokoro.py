"""Kokoro-82M, run by ONNX Runtime: French and English, 24 kHz.

Voices are named as their authors do: language and sex, then a name. ``ff_siwis`` is French; ``af_…`` and ``am_…`` speak
American, ``bf_…`` and ``bm_…`` British English.
"""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from griot.speech.models import Sound, Unavailable
from griot.speech.speaking.passages import passages
from griot.speech.speaking.phonemes import phonemes
from griot.speech.speaking.sounds import joined, trimmed

RATE = 24_000  # Hz
PACE = 0.9  # of the speed it was trained at, which is quick: about 15 characters a second are easily followed

_MODEL = "kokoro-v1.0.int8.onnx"
_STYLE = 256  # numbers that describe a voice; there is a row of them for each number of phonemes
_LONGEST = 509  # phonemes of one run: the model's 512 less its two borders, and one row of the voice
_CHARACTERS = 250  # of a passage, which makes fewer phonemes than `_LONGEST`
_SPOKEN = {"f": "fr", "a": "en", "b": "en-gb"}


class Kokoro:
    """The port ``Voice``. ``folder``: of the model's files; ``threads``: cores that may work at once."""

    def __init__(self, folder: Path, who: str, *, speed: float = PACE, threads: int = 2) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise Unavailable("Speech is not installed: pip install 'griot[voice]'.") from error
        if who[:1] not in _SPOKEN:
            raise Unavailable(f"Kokoro's voice {who!r} speaks neither French nor English.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle cores are for others
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / _MODEL), options, providers=["CPUExecutionProvider"]
        )
        self._style = np.fromfile(folder / f"{who}.bin", np.float32).reshape(-1, _STYLE)
        self._spoken = _SPOKEN[who[0]]
        self._speed = np.array([speed], np.float32)

    def say(self, text: str, language: str) -> Sound:
        if not self._spoken.startswith(language):
            raise Unavailable(f"This voice of Kokoro does not speak {language!r}.")
        said = [self._passage(passage) for passage in passages(text, _CHARACTERS)]
        return joined([sound for sound in said if len(sound.samples)], RATE)

    def _passage(self, text: str) -> Sound:
        numbers = [_symbols()[symbol] for symbol in phonemes(text, self._spoken) if symbol in _symbols()][:_LONGEST]
        if not numbers:
            return Sound(np.zeros(0, np.float32), RATE)
        tokens = np.array([[0, *numbers, 0]], np.int64)
        style = self._style[len(numbers) - 1][None]
        answer = self._session.run(None, {"tokens": tokens, "style": style, "speed": self._speed})
        samples: NDArray[np.float32] = np.asarray(answer[0], np.float32).reshape(-1)
        return trimmed(Sound(samples, RATE))


@cache
def _symbols() -> dict[str, int]:
    table = files(__package__).joinpath("kokoro_symbols.toml").read_text(encoding="utf-8")
    numbers: dict[str, int] = tomllib.loads(table)["numbers"]
    return numbers
