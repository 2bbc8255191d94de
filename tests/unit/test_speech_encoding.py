"""Voice notes are what WhatsApp shows as voice notes: OGG, Opus, mono, small."""

import io

import numpy as np
import pytest

from griot.core.errors import InvalidInput
from griot.speech.encoding import M4A, OGG, encode
from griot.speech.models import Sound
from griot.speech.speaking.sounds import MARGIN, PAUSE, joined, levelled, trimmed

av = pytest.importorskip("av", reason="the extra voice is not installed")


def tone(seconds: float, rate: int = 24_000, loud: float = 0.3) -> Sound:
    at = np.arange(int(seconds * rate)) / rate
    return Sound((loud * np.sin(2 * np.pi * 220 * at)).astype(np.float32), rate)


def noise(seconds: float, rate: int = 24_000) -> Sound:
    return Sound(np.random.default_rng(1).uniform(-0.9, 0.9, int(seconds * rate)).astype(np.float32), rate)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_a_voice_note_is_ogg_opus_mono(rate: int) -> None:
    content = encode(tone(2.0, rate))
    assert content[:4] == b"OggS" and b"OpusHead" in content[:64]
    with av.open(io.BytesIO(content)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.codec_context.channels) == ("opus", 1)
        samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(stream)])
    assert len(samples) / 48_000 == pytest.approx(2.0, abs=0.05)
    assert np.sqrt(np.mean(samples[4_800:-4_800] ** 2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.2)


@pytest.mark.parametrize("seconds", [0.3, 60.0, 240.0])
def test_a_voice_note_is_small_enough_whatever_is_in_it(seconds: float) -> None:
    assert len(encode(noise(seconds))) <= 512 * 1024


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_where_no_opus_is_played_it_is_aac_in_mp4(rate: int) -> None:
    content = encode(tone(2.0, rate), M4A)
    assert content[4:8] == b"ftyp"
    with av.open(io.BytesIO(content)) as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.codec_context.channels) == ("aac", 1)
        samples = np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(stream)])
    assert len(samples) / 44_100 == pytest.approx(2.0, abs=0.1)
    assert np.sqrt(np.mean(samples[8_820:-8_820] ** 2)) == pytest.approx(0.3 / np.sqrt(2), rel=0.2)
    assert len(encode(noise(120.0), M4A)) < 2 * 1024 * 1024


@pytest.mark.parametrize("mime_type", [OGG, M4A])
def test_no_sound_is_no_voice_note(mime_type: str) -> None:
    with pytest.raises(InvalidInput, match="no sound"):
        encode(Sound(np.zeros(0, np.float32), 24_000), mime_type)


def test_what_is_too_long_for_a_voice_note_is_refused() -> None:
    with pytest.raises(InvalidInput, match="do not fit"):
        encode(Sound(np.zeros(24_000 * 900, np.float32), 24_000))


def test_samples_out_of_range_do_no_harm() -> None:
    wild = Sound(np.array([np.nan, np.inf, -np.inf, 5.0] * 6_000, np.float32), 24_000)
    assert encode(wild)[:4] == b"OggS"
    assert encode(wild, M4A)[4:8] == b"ftyp"


def test_silence_around_speech_is_cut_off() -> None:
    silence = np.zeros(24_000, np.float32)
    padded = Sound(np.concatenate([silence, tone(1.0).samples, silence]), 24_000)
    assert trimmed(padded).seconds == pytest.approx(1.0 + 2 * MARGIN, abs=0.02)
    assert trimmed(Sound(silence, 24_000)).seconds == 0


def test_sentences_are_joined_with_a_pause() -> None:
    assert joined([tone(1.0), tone(0.5)], 24_000).seconds == pytest.approx(1.5 + PAUSE)
    assert joined([], 24_000).seconds == 0


@pytest.mark.parametrize("loud", [0.02, 0.3, 0.99])
def test_all_voices_are_equally_loud(loud: float) -> None:
    samples = levelled(tone(1.0, loud=loud)).samples
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.1, rel=0.35)
    assert np.abs(samples).max() <= 0.95
