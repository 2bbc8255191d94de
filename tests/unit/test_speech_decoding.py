"""Whatever a phone sends becomes 16 kHz mono, or a named trouble; never an exception of another kind."""

import io
import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from griot.speech.decoding import RATE, Limits, decode
from griot.speech.models import Inaudible

av = pytest.importorskip("av", reason="needs the extra: pip install 'griot[voice]'")

FORMATS = [
    ("ogg", "libopus", 48_000),
    ("mp4", "aac", 44_100),
    ("ipod", "aac", 44_100),
    ("3gp", "aac", 16_000),
    ("amr", "libopencore_amrnb", 8_000),
    ("adts", "aac", 44_100),
    ("webm", "libopus", 48_000),
    ("matroska", "libopus", 48_000),
    ("mp3", "libmp3lame", 44_100),
    ("flac", "flac", 44_100),
    ("wav", "pcm_s16le", 8_000),
    ("wav", "pcm_mulaw", 8_000),
    ("caf", "pcm_s16le", 44_100),
    ("aiff", "pcm_s16be", 44_100),
]


def tone(seconds: float, rate: int) -> NDArray[np.float32]:
    return (0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def recording(samples: NDArray[np.float32], container: str, codec: str, rate: int) -> bytes:
    """The bytes of a mono recording in a container and codec."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16).reshape(1, -1), "s16", "mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, "mono", rate, stream.frame_size or 1024)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture(scope="module")
def opus() -> bytes:
    return recording(tone(2, 48_000), "ogg", "libopus", 48_000)


@pytest.mark.parametrize(("container", "codec", "rate"), FORMATS)
def test_what_phones_and_browsers_send_is_read(container: str, codec: str, rate: int) -> None:
    sound = decode(recording(tone(1.5, rate), container, codec, rate))
    assert sound.rate == RATE
    assert sound.seconds == pytest.approx(1.5, abs=0.12)
    spectrum = np.abs(np.fft.rfft(sound.samples[RATE // 2 : RATE]))
    assert int(spectrum.argmax()) * 2 == pytest.approx(440, abs=4)


def test_stereo_is_mixed() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="wav") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="stereo")
        left = np.stack([tone(1, RATE), np.zeros(RATE, np.float32)], axis=1)
        frame = av.AudioFrame.from_ndarray((left * 32767).astype(np.int16).reshape(1, -1), "s16", "stereo")
        frame.sample_rate = RATE
        file.mux(stream.encode(frame))
    sound = decode(out.getvalue())
    assert len(sound.samples) == RATE
    assert 0.1 < np.abs(sound.samples).max() < 0.25


def test_a_recording_too_long_is_not_read_to_its_end(opus: bytes) -> None:
    hour = recording(np.zeros(RATE * 3600, np.float32), "flac", "flac", RATE)  # small bytes, much sound
    assert len(hour) < 1_000_000
    with pytest.raises(Inaudible) as refused:
        decode(hour, Limits(seconds=60))
    assert refused.value.trouble == "too_long"
    with pytest.raises(Inaudible) as refused:
        decode(opus, Limits(bytes=1000))
    assert refused.value.trouble == "too_large"


@pytest.mark.parametrize("samples", [np.zeros(RATE, np.float32), np.full(RATE, 0.4, np.float32), tone(0.1, RATE)])
def test_silence_a_constant_and_a_click_are_silent(samples: NDArray[np.float32]) -> None:
    with pytest.raises(Inaudible) as refused:
        decode(recording(samples, "wav", "pcm_s16le", RATE))
    assert refused.value.trouble == "silent"


def test_text_pictures_and_playlists_are_broken(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("private") / "private.wav"
    secret.write_bytes(recording(tone(2, RATE), "wav", "pcm_s16le", RATE))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile {secret}\n"
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 500
    for content in (
        b"",
        b"\x00",
        b"hello",
        b"<html></html>",
        playlist.encode(),
        concat.encode(),
        png,
        b"OggS",
        b"RIFF",
    ):
        with pytest.raises(Inaudible) as refused:
            decode(content)
        assert refused.value.trouble == "broken"


def test_a_recording_cut_off_in_the_middle_is_read_that_far(opus: bytes) -> None:
    assert 0.5 < decode(opus[: len(opus) * 6 // 10]).seconds < 2


def test_samples_that_are_no_numbers_become_silence() -> None:
    values = np.tile(np.array([np.nan, np.inf, -np.inf, 0.3], np.float32), RATE // 4)
    described = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, RATE, RATE * 4, 4, 32)  # 3: floating point
    sizes = struct.pack("<4sI4s", b"RIFF", 36 + values.nbytes, b"WAVE"), struct.pack("<4sI", b"data", values.nbytes)
    header = sizes[0] + described + sizes[1]
    samples = decode(header + values.tobytes()).samples
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_recordings_are_heard_or_named(opus: bytes, data: st.DataObject) -> None:
    content = bytearray(opus)
    chance = random.Random(data.draw(st.integers(0, 10_000)))
    for _ in range(data.draw(st.integers(1, 60))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    try:
        assert decode(bytes(content)).seconds < 180
    except Inaudible as refused:
        assert refused.trouble in ("broken", "silent", "too_long")
