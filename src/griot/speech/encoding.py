"""Sound -> a voice note as WhatsApp shows one: OGG with Opus, mono, at most 512 KB. By PyAV, no program is started.

The limit is Meta's: a larger OGG file is shown as a document to download, not as a voice note.
"""

import io
from typing import Any

import numpy as np

from griot.core.errors import InvalidInput
from griot.speech.models import Sound, Unavailable

MIME = "audio/ogg; codecs=opus"
LARGEST = 512 * 1024  # bytes
RATE = 48_000  # Hz, Opus' own

_BITS = (28_000, 20_000, 16_000, 12_000)  # a second: clear for a voice, and what is still understood
_FRAME = 0.02  # seconds


def encode(sound: Sound) -> bytes:
    """The bytes of the voice note, at 28 kbit/s, or less where that would exceed ``LARGEST``.

    Raises ``Unavailable`` where PyAV is not installed, and ``InvalidInput`` for a sound that is empty or too long to
    fit.
    """
    if not len(sound.samples):
        raise InvalidInput("There is no sound to encode: say at least a word.")
    if sound.seconds * _BITS[-1] <= LARGEST * 8:
        for bits in _BITS:
            content = _encoded(sound, bits)
            if len(content) <= LARGEST:
                return content
    raise InvalidInput(f"{sound.seconds:.0f} seconds do not fit into a voice note: say it in several.")


def _encoded(sound: Sound, bits: int) -> bytes:
    try:
        import av
    except ImportError as error:
        raise Unavailable("Voice notes cannot be made: pip install 'griot[voice]'.") from error
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        stream: Any = container.add_stream("libopus", rate=RATE)
        stream.layout = "mono"
        stream.bit_rate = bits
        stream.options = {"application": "voip"}
        resampler: Any = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=int(RATE * _FRAME))
        for frame in (*resampler.resample(_frame(sound)), *resampler.resample(None)):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def _frame(sound: Sound) -> Any:
    import av

    pcm = np.clip(np.nan_to_num(sound.samples), -1.0, 1.0) * 32767
    frame: Any = av.AudioFrame.from_ndarray(pcm.astype(np.int16)[None], format="s16", layout="mono")
    frame.sample_rate = sound.rate
    frame.pts = 0
    return frame
