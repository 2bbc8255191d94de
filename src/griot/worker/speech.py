"""What a worker hears with, as the settings say."""

from importlib.util import find_spec
from pathlib import Path

from griot.core.settings import Settings
from griot.speech import weights
from griot.speech.decoding import Limits
from griot.speech.hearing import Hearing
from griot.speech.models import Unavailable


def open_ear(config: Settings) -> Hearing:
    """The ear; its model is had when the first voice note comes."""
    return Hearing(lambda: ear_model(config), limits=Limits(bytes=config.voice_largest))


def can_hear(config: Settings) -> bool:
    """Are voice notes heard here? The model is fetched when it is needed."""
    return bool(config.voice_ear) and find_spec("faster_whisper") is not None


def ear_model(config: Settings) -> Path:
    """The folder of the model that hears, fetched if it is not here; ``Unavailable`` where nothing is heard."""
    if not can_hear(config):
        raise Unavailable("Voice notes are not heard here: pip install 'griot[voice]', and name a GRIOT_VOICE_EAR.")
    return weights.folder(config.voice_ear, config)
