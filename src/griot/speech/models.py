"""Sounds, what was heard in them, and the two ports: an ear and a voice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from griot.core.errors import GriotError

Trouble = Literal["broken", "too_large", "too_long", "silent", "unclear", "language"]


class Unavailable(GriotError):
    """Speech is not installed, or its weights are not here and cannot be had; the message says what to do."""


class Inaudible(GriotError):
    """Nothing that can be answered was heard.

    ``trouble``: broken (no sound can be read from the bytes), too_large, too_long, silent (no speech in it), unclear
    (noise, music, or words that make no sense), language (one that the model cannot hear, such as Malagasy).
    """

    def __init__(self, trouble: Trouble, message: str, language: str | None = None) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.language = language

    def __reduce__(self) -> tuple[type["Inaudible"], tuple[Trouble, str, str | None]]:
        """It is raised in a child process and travels to its parent."""
        return type(self), (self.trouble, str(self), self.language)


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples between -1 and 1 at ``rate`` Hz."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is likely to be said: names and codes of the shop's products, in its language."""

    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, products: Iterable[tuple[str, str]]) -> "Vocabulary":
        """The goods of a catalogue, each as code and title."""
        listed = tuple(products)
        return cls(tuple(title for _, title in listed), tuple(code for code, _ in listed))


@dataclass(frozen=True, slots=True)
class Word:
    """A word as heard, with the probability the model gives it, 0 to 1."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A transcript.

    ``text``: with codes and numbers written as a buyer would type them. ``language``: ISO 639-1, as detected or asked
    for. ``doubtful``: codes and quantities in ``text`` (as written there) that may have been said otherwise; they are
    read back before anything is held. ``verbatim``: what the model wrote. ``seconds`` of sound, ``took`` seconds.
    """

    text: str
    language: str
    doubtful: tuple[str, ...] = ()
    verbatim: str = ""
    words: tuple[Word, ...] = ()
    seconds: float = 0.0
    took: float = field(default=0.0, compare=False)


class Ear(Protocol):
    """Turns sound into text. Blocking and slow: called in a process of its own."""

    def hear(self, sound: Sound, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        """The transcript. ``languages``: those expected, the likeliest first; raises ``Inaudible``, ``Unavailable``."""
        ...


class Voice(Protocol):
    """Turns speakable text into sound. Blocking and slow: called in a process of its own."""

    def say(self, text: str, language: str) -> Sound:
        """The sound of a text that is already made speakable; raises ``Unavailable``."""
        ...
