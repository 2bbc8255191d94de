"""Hearing: from the bytes of a voice note to what a buyer would have typed.

``Hearing`` is what a program holds: it decodes and transcribes in a child process of its own.
"""

from griot.speech.hearing.hearing import Hearing

__all__ = ["Hearing"]
