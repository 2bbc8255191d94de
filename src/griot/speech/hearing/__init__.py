"""Hearing: from the bytes of a voice note to what a buyer would have typed.

``Hearing`` is what a program holds: it decodes and transcribes in a child process of its own. ``hear`` does it here.
"""

from griot.speech.decoding import Limits
from griot.speech.hearing.hearing import Hearing, hear

__all__ = ["Hearing", "Limits", "hear"]
