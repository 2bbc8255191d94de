"""Any bytes that call themselves a picture: a small upright JPEG without secrets, or a sentence; never an error."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from griot.core.errors import InvalidInput
from griot.knowledge.importing.pictures.shrinking import HEAVIEST, LONGEST_SIDE, shrunk


def file(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    image = Image.open(BytesIO(body))
    assert image.format == "JPEG"
    image.load()
    return image


def png_head(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_common_kind_becomes_a_jpeg_of_the_same_shape(form: str) -> None:
    picture = shrunk(file(Image.new("RGB", (3000, 1500), "red"), form))
    assert (picture.width, picture.height, picture.mime) == (LONGEST_SIDE, 640, "image/jpeg")
    assert opened(picture.content).size == (LONGEST_SIDE, 640)


def test_a_small_picture_is_not_blown_up() -> None:
    assert shrunk(file(Image.new("RGB", (200, 90)))).width == 200


def test_noise_is_made_light_enough() -> None:
    noise = Image.effect_noise((2000, 2000), 200).convert("RGB")
    picture = shrunk(file(noise, "PNG"))
    assert len(picture.content) <= HEAVIEST
    assert opened(picture.content).size == (picture.width, picture.height)


def test_a_photo_lies_as_it_was_held_and_tells_nothing_of_where_that_was() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (14.0, 41.0, 0.0)  # where it was taken
    picture = shrunk(file(Image.new("RGB", (400, 200)), exif=exif))
    assert (picture.width, picture.height) == (200, 400)
    assert not opened(picture.content).getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "1", "I;16"])
def test_every_mode_of_colour(mode: str) -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0)) if mode in ("RGBA", "LA") else Image.new("RGB", (64, 64), "red")
    image = Image.new("I;16", (64, 64)) if mode == "I;16" else image.convert(mode)
    picture = opened(shrunk(file(image, "JPEG" if mode == "CMYK" else "PNG")).content)
    if mode in ("RGBA", "LA"):
        assert picture.getpixel((30, 30)) == (255, 255, 255), "what is seen through is white"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (file(Image.new("RGB", (1, 1)), "GIF"), "smaller than 32"),
        (png_head(5000, 5000), "more than 16 million"),
        (png_head(60_000, 60_000), "no picture"),  # Pillow itself refuses
        (png_head(500, 500), "no picture"),  # breaks off
        (file(Image.new("RGB", (500, 500)))[:400], "no picture"),
        (file(Image.new("RGB", (100, 100)), "BMP"), "no picture"),
    ],
)
def test_what_is_none_is_said(body: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        shrunk(body)


_WHOLE = [file(Image.effect_noise((80, 60), 90).convert("RGB"), form) for form in ("JPEG", "PNG", "WEBP", "GIF")]


@settings(max_examples=250)
@given(st.sampled_from(_WHOLE), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=6), st.data())
def test_damaged_files_raise_nothing_else(body: bytes, damage: list[tuple[int, bytes]], data: st.DataObject) -> None:
    for at, piece in damage:
        at %= len(body)
        body = body[:at] + piece + body[at + data.draw(st.integers(0, 6)) :] or b"x"
    try:
        picture = shrunk(body)
    except InvalidInput:
        return
    assert 0 < len(picture.content) <= HEAVIEST
