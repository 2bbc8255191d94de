"""Recordings without an answer: silence, noise, a language the model cannot hear, words that make no sense."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from griot.speech.models import Inaudible, Sound

UNHEARD = frozenset(("mg", "wo"))  # languages of our markets that Whisper does not know, or knows in name only
LOUD = 0.01  # of full scale, root mean square: something is there, but nobody speaks
BRIEF = 2.5  # seconds of speech, with the margins around it, below which its language can hardly be told
SPOKEN = 0.2  # seconds of speech below which nothing was said

# Measured on accented French, Italian, Spanish, Portuguese, and Malagasy read by voices of other languages.
CERTAIN, SURE = 0.5, 0.9  # probability of another language from which it is that one, if words are poor, or anyway
FOREIGN = 0.05  # of the expected languages together, below which a certain other one is believed
STRANGE, ODD = 0.1, 0.2  # and below which dim or poor words are those of a language that the model does not know
FLUENT = -0.6  # mean log probability of a token from which words are good whatever the language seems to be
DIM, POOR, NONSENSE = -0.65, -0.8, -1.3  # and below which they are doubtful, bad, none
BRIEF_NONSENSE = -2.5  # and none in brief speech: a right "Oui." has -2.3
BRIEF_SURE = 0.85  # probability from which brief speech is in another language than the likeliest to be spoken
NOBODY = 0.6  # probability that nobody speaks
REPETITIVE = 2.4  # times that a transcript can be compressed when it repeats itself


def hearable(languages: Sequence[str]) -> tuple[str, ...]:
    """Those of the languages expected that can be heard; ``Inaudible`` when there is none."""
    able = tuple(language for language in languages if language not in UNHEARD)
    if not able:
        raise Inaudible("language", f"The model cannot hear {', '.join(languages)}.", next(iter(languages), None))
    return able


def refuse_quiet(sound: Sound, speech: float) -> None:
    """Nobody speaks, or for less than ``SPOKEN`` seconds of ``speech``."""
    if speech >= SPOKEN:
        return
    if float(np.sqrt(np.mean(sound.samples**2))) >= LOUD:
        raise Inaudible("unclear", "There is noise or music in the recording, and nobody speaks.")
    raise Inaudible("silent", "Nobody speaks in the recording.")


def refuse_foreign(score: float, spoken: Mapping[str, float], languages: Sequence[str]) -> None:
    """A language that was not expected. Not to be asked of brief speech, nor of words that name goods of the shop.

    ``score``: mean log probability of a token; ``spoken``: language -> probability. A language asked for alone is
    believed.
    """
    if len(languages) == 1:
        return
    expected = sum(spoken.get(language, 0.0) for language in languages)
    other = max(spoken, key=lambda language: spoken[language])
    if spoken[other] >= (CERTAIN if score < FLUENT else SURE) and expected < FOREIGN:
        raise Inaudible("language", f"The recording is in {other}.", other)
    if (expected < STRANGE and score < DIM) or (expected < ODD and score < POOR):
        raise Inaudible("language", "The recording is in a language that cannot be heard.")


def language_of(spoken: Mapping[str, float], languages: Sequence[str], *, brief: bool) -> str:
    """Which of the languages expected is spoken, the likeliest first; in ``brief`` speech that one, unless it is clear.

    ``spoken``: language -> probability.
    """
    best = max(languages, key=lambda language: spoken.get(language, 0.0))
    return languages[0] if brief and spoken.get(best, 0.0) < BRIEF_SURE else best


def refuse_nonsense(text: str, score: float, no_speech: float, *, brief: bool) -> None:
    """Words that are none. ``text``, ``score``: what was heard, and the mean log probability of a token of it."""
    if not any(char.isalnum() for char in text):
        raise Inaudible("silent", "No words are heard in the recording.")
    least = BRIEF_NONSENSE if brief else NONSENSE
    if score < least or (no_speech > NOBODY and score < POOR and not brief) or repeats(text):
        raise Inaudible("unclear", "The words in the recording make no sense.")


def repeats(text: str) -> bool:
    """Does a transcript go round in circles, as the model does over noise?"""
    content = text.encode()
    words = text.lower().split()
    stuck = any(len(words) - at >= 4 and len(set(words[at : at + 4])) == 1 for at in range(len(words)))
    return stuck or len(content) / len(zlib.compress(content)) > REPETITIVE
