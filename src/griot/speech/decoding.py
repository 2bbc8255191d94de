"""Any phone's recording -> 16 kHz mono samples, by PyAV (FFmpeg's libraries in a wheel; no program is started).

The content decides what it is, whatever the name or type says. Only containers and codecs that phones, messengers and
browsers write are opened: FFmpeg also knows play lists, which name other files and addresses, and old game formats.
Reading stops where the limit of seconds is passed, so that a small file cannot become a large sound.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from griot.speech.models import Inaudible, Sound, Unavailable

RATE = 16_000  # Hz, what the ear listens at
SHORTEST = 0.2  # seconds below which nobody has said a word
FAINTEST = 1e-3  # of full scale: the loudest tenth of a second of a recording without a voice is below (-60 dB)

_CONTAINERS = "ogg,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,wav,w64,aiff,caf,flac,mp3,aac,amr,au,asf,avi,mpeg,mpegts"
_CODECS = (
    "opus,libopus,vorbis,libvorbis,speex,libspeex,flac,aac,aac_fixed,aac_latm,mp2,mp2float,mp3,mp3float,amrnb,amrwb,"
    "libopencore_amrnb,libopencore_amrwb,gsm,gsm_ms,alac,ac3,eac3,wmav1,wmav2,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,"
    "pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a recording may be at most: ``bytes`` (WhatsApp sends up to 16 MB) and ``seconds`` of sound."""

    bytes: int = 16 * 1024 * 1024
    seconds: float = 180.0


def decode(content: bytes, limits: Limits | None = None) -> Sound:
    """The sound in the bytes of a recording, at ``RATE``.

    Raises ``Inaudible`` (broken, too_large, too_long or silent) and ``Unavailable``, nothing else. What is damaged or
    cut off in the middle is left out.
    """
    limits = limits or Limits()
    if len(content) > limits.bytes:
        raise Inaudible("too_large", f"The recording has {len(content)} bytes, {limits.bytes} at most are read.")
    pieces: list[NDArray[np.float32]] = []
    length = 0
    for piece in _pieces(content):
        pieces.append(piece)
        length += len(piece)
        if length > limits.seconds * RATE:
            raise Inaudible("too_long", f"The recording is longer than {limits.seconds:g} seconds.")
    if not length:
        raise Inaudible("broken", "There is no sound that can be read in the recording.")
    samples = np.nan_to_num(np.concatenate(pieces), nan=0.0, posinf=1.0, neginf=-1.0).clip(-1.0, 1.0)
    if length < SHORTEST * RATE or _loudest(samples) < FAINTEST:
        raise Inaudible("silent", "The recording is silent.")
    return Sound(samples, RATE)


def _loudest(samples: NDArray[np.float32]) -> float:
    """Root mean square of the loudest tenth of a second, without the constant part some recorders add."""
    size = RATE // 10
    parts = samples[: len(samples) // size * size].reshape(-1, size)
    return float(parts.std(axis=1).max())


def _pieces(content: bytes) -> Iterator[NDArray[np.float32]]:
    """Decoded samples, piece by piece; ends where nothing more can be read."""
    try:
        import av
    except ImportError as error:
        raise Unavailable("Recordings cannot be read: install the extra with pip install 'griot[voice]'.") from error
    options = {
        "format_whitelist": _CONTAINERS,
        "codec_whitelist": _CODECS,
        "protocol_whitelist": "none",
    }
    damage = (av.error.FFmpegError, ValueError, LookupError, ArithmeticError, MemoryError, OSError, EOFError)
    try:
        with av.open(io.BytesIO(content), "r", metadata_errors="ignore", options=options) as container:
            if not container.streams.audio:
                return
            stream = container.streams.audio[0]
            resampler: Any = None
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except damage:
                    continue  # one damaged packet; the next may be whole
                for frame in frames:
                    resampler = resampler or av.AudioResampler(format="flt", layout="mono", rate=RATE)
                    try:
                        resampled = resampler.resample(frame)
                    except damage:
                        resampler = None  # the recording changed its rate or channels
                        continue
                    for part in resampled:
                        yield part.to_ndarray().reshape(-1).astype(np.float32, copy=False)
            if resampler is not None:
                for part in resampler.resample(None):
                    yield part.to_ndarray().reshape(-1).astype(np.float32, copy=False)
    except damage:
        return
