"""Bytes that call themselves a picture -> a JPEG that every channel takes, small enough for a slow connection.

WhatsApp takes JPEG and PNG up to 5 MB. What is written anew holds nothing of the file but its pixels: no place where it
was taken, no second file behind the first.
"""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from griot.core.errors import InvalidInput
from griot.knowledge.importing.pictures.models import Picture

LARGEST = 8_000_000  # bytes of a picture as its site has it
LONGEST_SIDE = 1_280  # pixels
HEAVIEST = 300_000  # bytes of the JPEG
# Pixels that a file may have: a JPEG is unfolded no larger than needed, the others whole, four bytes a pixel.
_MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000}
_MOST_UNFOLDED = 16_000_000
_LEAST_SIDE = 32  # pixels; what is smaller counts visitors
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITIES = (85, 75, 65, 50)
# What a file made to break its reader can make Pillow raise.
_BROKEN = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    EOFError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


def shrunk(body: bytes) -> Picture:
    """The picture upright, on white, at most 1280 pixels long and 300 kB heavy. Raises InvalidInput, nothing else."""
    try:
        with Image.open(BytesIO(body), formats=_FORMATS) as opened:
            _check(opened)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read no larger than needed
            image = _plain(opened)
        return _light(image)
    except InvalidInput:
        raise
    except _BROKEN:
        raise InvalidInput("It is no picture that can be read: give a JPEG, PNG, WebP or GIF in the source.") from None


def _check(image: Image.Image) -> None:
    """Before a single pixel is unfolded: its size as its head says."""
    most = _MOST_PIXELS.get(image.format or "", _MOST_UNFOLDED)
    if image.width * image.height > most:
        raise InvalidInput(f"The picture has more than {most // 1_000_000} million pixels: give a smaller one.")
    if min(image.size) < _LEAST_SIDE:
        raise InvalidInput(f"The picture is smaller than {_LEAST_SIDE} pixels: give a larger one.")


def _plain(opened: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(opened)
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    image = upright.convert("RGBA" if see_through else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if not see_through:
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _light(image: Image.Image) -> Picture:
    """As good as the weight allows: less quality first, then fewer pixels."""
    while True:
        for quality in _QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= HEAVIEST:
                return Picture(out.getvalue(), image.width, image.height)
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
