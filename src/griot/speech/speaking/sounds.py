"""Sounds put together: silence cut off, pauses put in, one loudness."""

from collections.abc import Sequence

import numpy as np

from griot.speech.models import Sound

PAUSE = 0.3  # seconds between two passages
MARGIN = 0.12  # seconds of silence left around speech
QUIET = 0.003  # of full scale: below is silence, in what a model makes

_LOUDNESS = 0.1  # of full scale, root mean square of what is not silence: about -20 dB
_PEAK = 0.95


def trimmed(sound: Sound) -> Sound:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(sound.samples) > QUIET)
    if not len(loud):
        return Sound(sound.samples[:0], sound.rate)
    margin = int(MARGIN * sound.rate)
    return Sound(sound.samples[max(0, loud[0] - margin) : loud[-1] + margin], sound.rate)


def joined(sounds: Sequence[Sound], rate: int) -> Sound:
    """One after the other with a pause between them; all have this rate."""
    pause = np.zeros(int(PAUSE * rate), np.float32)
    parts = [part for sound in sounds for part in (pause, sound.samples)][1:]
    return Sound(np.concatenate(parts) if parts else pause[:0], rate)


def levelled(sound: Sound) -> Sound:
    """At the loudness of a voice note, without clipping."""
    loud = sound.samples[np.abs(sound.samples) > QUIET]
    if not len(loud):
        return sound
    gain = min(_LOUDNESS / float(np.sqrt(np.mean(loud**2))), _PEAK / float(np.abs(loud).max()))
    return Sound((sound.samples * np.float32(gain)).astype(np.float32), sound.rate)
