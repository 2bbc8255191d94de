"""Two hundred broken, silent, huge, mislabelled and hostile files: each is read or named, none ends the reader."""

import asyncio
import os
import random
from importlib.resources import files

import pytest

pytest.importorskip("av", reason="needs the extra: pip install 'griot[voice]'")

from griot.speech.decoding import Limits, decode
from griot.speech.isolated import Isolated
from griot.speech.models import Inaudible, Sound

LIMITS = Limits(bytes=2_000_000, seconds=60)
NAMED = {"broken", "silent", "too_large", "too_long"}


def hostile() -> list[bytes]:
    """Damaged copies of real recordings, other kinds of files, and heads of formats with rubbish behind them."""
    chance = random.Random(20)
    clips = sorted((files("griot.rehearsal") / "data" / "voice").iterdir(), key=lambda path: path.name)
    whole = [path.read_bytes() for path in clips if path.name.endswith(".ogg")][:13]
    made: list[bytes] = []
    for content in whole:
        made += [content[: chance.randrange(len(content))], content[chance.randrange(200) :], content[::-1]]
        for flips in (1, 20, 400):
            damaged = bytearray(content)
            for _ in range(flips):
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            made.append(bytes(damaged))
        middle = chance.randrange(len(content))
        made += [content[:middle] + chance.randbytes(500) + content[middle:], content + content, b"ID3\x04" + content]
    heads = (
        b"OggS",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
        b"\x00\x00\x00\x20ftypM4A ",
        b"ID3\x04\x00",
        b"fLaC\x00\x00\x00\x22",
    )
    heads += (
        b"#!AMR\n",
        b"#!AMR-WB\n",
        b"\x1aE\xdf\xa3",
        b"FORM\x00\x00\x10\x00AIFF",
        b"caff\x00\x01",
        b"\xff\xf1\x50\x80",
    )
    heads += (
        b"#EXTM3U\n",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"\x89PNG\r\n",
        b"\x7fELF",
        b"<html>",
        b"MZ",
        b"\x1f\x8b\x08",
        b"{",
    )
    for head in heads:
        made += [head, head + bytes(4000), head + chance.randbytes(4000), head + b"\xff" * 4000]
    made += [b"", b"\x00", bytes(1_000_000), chance.randbytes(1_000_000), bytes(2_000_001), b"a" * 500_000]
    return made


async def test_every_file_is_read_or_named_by_one_child_that_lives() -> None:
    content = hostile()
    assert len(content) >= 200
    child = Isolated(waiting=len(content))
    try:
        await child.call(30, os.getpid)
        calls = (child.call(30, decode, one, LIMITS) for one in content)
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    finally:
        child.close()
    odd = [repr(one) for one in outcomes if not isinstance(one, Sound | Inaudible)]
    assert not odd
    assert {one.trouble for one in outcomes if isinstance(one, Inaudible)} <= NAMED
    assert sum(isinstance(one, Sound) for one in outcomes) > 20
