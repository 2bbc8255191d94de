"""Speaking: from a text of the shop to the bytes of a voice note."""

from griot.speech.speaking.speakable import speakable
from griot.speech.speaking.speaking import Speaking

__all__ = ["Speaking", "speakable"]
