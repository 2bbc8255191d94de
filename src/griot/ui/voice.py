"""The voice of the console: texts are said when somebody wants to hear them, and kept for a while."""

import hashlib
from collections import OrderedDict

from griot.core.house import House
from griot.speech.speaking import Speaking, can_speak

_KEPT = 50  # voice notes
_made: OrderedDict[str, bytes] = OrderedDict()
_mouths: dict[int, Speaking] = {}  # one a process: its child holds the models


def heard_here(house: House, language: str) -> bool:
    """Whether there is a voice for the language."""
    return can_speak(language, house.config)


async def say(house: House, words: str, language: str) -> bytes:
    """A text as OGG/Opus. Raises ``GriotError`` (``Unavailable``, ``InvalidInput``) when it cannot be said."""
    key = hashlib.sha256(f"{language}\n{words}".encode()).hexdigest()
    if key not in _made:
        mouth = _mouths.setdefault(0, Speaking(house.config, waiting=4))
        _made[key] = await mouth.say(words, language)
        if len(_made) > _KEPT:
            _made.popitem(last=False)
    return _made[key]
