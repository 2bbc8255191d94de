"""Sound -> a voice note as a channel shows one, mono. By PyAV, no program is started.

``OGG`` is WhatsApp's: Opus, at most 512 KB, because Meta shows a larger OGG file as a document to download. ``M4A`` is
that of Instagram and Messenger, which play no Opus: AAC in MP4, at most 25 MB.
"""

import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from griot.core.errors import InvalidInput
from griot.speech.models import Sound, Unavailable

OGG = "audio/ogg"
M4A = "audio/mp4"


@dataclass(frozen=True, slots=True)
class _Form:
    """``rate`` in Hz; ``bits`` a second: clear for a voice, and what is still understood; ``frame`` in samples;
    ``largest`` in bytes."""

    container: str
    codec: str
    rate: int
    samples: str
    frame: int
    bits: tuple[int, ...]
    largest: int
    options: dict[str, str] = field(default_factory=dict)


_FORMS = {
    OGG: _Form(
        container="ogg",
        codec="libopus",
        rate=48_000,
        samples="s16",
        frame=960,
        bits=(28_000, 20_000, 16_000, 12_000),
        largest=512 * 1024,
        options={"application": "voip"},
    ),
    M4A: _Form(
        container="ipod",
        codec="aac",
        rate=44_100,
        samples="fltp",
        frame=1024,
        bits=(64_000, 32_000),
        largest=25 * 1024 * 1024,
    ),
}


def encode(sound: Sound, mime_type: str = OGG) -> bytes:
    """The bytes of the voice note (``OGG`` or ``M4A``), at the best rate of bits with which it is small enough.

    Raises ``Unavailable`` where PyAV is not installed, and ``InvalidInput`` for a sound that is empty or too long to
    fit.
    """
    form = _FORMS[mime_type]
    if not len(sound.samples):
        raise InvalidInput("There is no sound to encode: say at least a word.")
    if sound.seconds * form.bits[-1] <= form.largest * 8:
        for bits in form.bits:
            content = _encoded(sound, form, bits)
            if len(content) <= form.largest:
                return content
    raise InvalidInput(f"{sound.seconds:.0f} seconds do not fit into a voice note: say it in several.")


def _encoded(sound: Sound, form: _Form, bits: int) -> bytes:
    try:
        import av
    except ImportError as error:
        raise Unavailable("Voice notes cannot be made: pip install 'griot[voice]'.") from error
    file = io.BytesIO()
    with av.open(file, "w", format=form.container) as container:
        stream: Any = container.add_stream(form.codec, rate=form.rate)
        stream.layout = "mono"
        stream.bit_rate = bits
        stream.options = form.options
        resampler: Any = av.AudioResampler(format=form.samples, layout="mono", rate=form.rate, frame_size=form.frame)
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
