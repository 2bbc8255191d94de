"""Whether the packages and weights of speech are here; tests that need them skip, saying so, where they are not."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from griot.core.settings import settings
from griot.speech import weights
from griot.speech.models import Unavailable

NOWHERE = Path(__file__).parent  # a folder without weights: nothing is fetched by a test


@cache
def missing(*parts: str) -> str:
    """What has to be installed or fetched first; empty when all of it is here."""
    if any(find_spec(package) is None for package in ("faster_whisper", "onnxruntime", "piper")):
        return "speech is not installed: make voice"
    wanted = {"whisper-base": (), "kokoro": ("ff_siwis.bin",)}
    try:
        for name in parts or wanted:
            weights.fetch(name, settings(), wanted[name], settings().voice_dir or NOWHERE)
    except Unavailable:
        return "weights of speech are not here: make voice"
    return ""


needs_speech = pytest.mark.skipif(bool(missing()), reason=missing())
