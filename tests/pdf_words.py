"""What there is to read in a PDF that we made: the words of each page, through the fonts' own tables."""

import base64
import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_FONT = re.compile(rb"/(F\d+\+\d+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj|( T\*|ET)", re.S)
_ESCAPED = re.compile(rb"\\(\d{3}|.)", re.S)


def pages(pdf: bytes) -> list[str]:
    """The words of each page, in the order they were drawn; what is drawn apart stands on lines of its own."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    tables = {}
    for name, font in set(_FONT.findall(pdf)):
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(font)])
        assert table, "the font says nothing of its letters"
        tables[name] = _table(_stream(objects[int(table[1])]))
    contents = [re.search(rb"/Contents (\d+) 0 R", body) for body in objects.values()]
    return [_words(_stream(objects[int(found[1])]), tables) for found in contents if found]


def words(pdf: bytes) -> str:
    """Everything there is to read."""
    return "\n".join(pages(pdf))


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream\n")
    data = rest.rpartition(b"endstream")[0]
    if b"ASCII85Decode" in head:
        data = base64.a85decode(data.strip().removesuffix(b"~>"))
    return zlib.decompress(data) if b"FlateDecode" in head else data


def _table(cmap: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>", cmap)
    return {int(code, 16): chr(int(point, 16)) for code, point in pairs}


def _words(content: bytes, tables: dict[bytes, dict[int, str]]) -> str:
    font, text = b"", ""
    for name, shown, end in _SHOWN.findall(content):
        if name:
            font = name
        elif end:
            text += "\n"
        else:
            raw = _ESCAPED.sub(lambda found: _character(found[1]), shown)
            text += "".join(tables[font][code] for code in raw)
    return "\n".join(line for line in text.split("\n") if line.strip())


def _character(escaped: bytes) -> bytes:
    if escaped.isdigit():
        return bytes([int(escaped, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(escaped, escaped)
