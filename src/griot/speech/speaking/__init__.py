"""Speaking: from a text of the shop to the bytes of a voice note."""

from griot.speech.speaking.speakable import speakable
from griot.speech.speaking.speaking import Speaking, can_speak

__all__ = ["Speaking", "can_speak", "speakable"]
