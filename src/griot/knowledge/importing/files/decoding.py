"""Bytes of a text file -> text, whatever encoding it was saved in."""

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{2,40})["']""")
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._-]{2,40})", re.IGNORECASE)
_OF_TEXTS = re.compile(r"utf-(?:16|32)|iso8859|cp\d|mac|koi8|big5|gb|euc|shift_jis|tis")
_LEGACY = ("cp1252", "mac_roman", "cp1256", "cp1251", "cp850", "cp1250", "cp1254")
_SAMPLE = 200_000
# Letters and signs that people of the single-byte encodings' languages do write.
_WESTERN = frozenset("éèàùçêâîôûëïüöäßñáíóúãõæøåœìòÉÈÀÇÊÂÎÔÛÁÍÓÚÑÃÕÖÄÜØÅ€£°’‘“”–—…•«»®™©²³½¼´·¿¡ªº×ÿ\u00a0")
_CENTRAL = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůýžČĎĚŇŘŠŤŮÝŽőűŐŰăâîșțşţĂÂÎŞŢđ")
_TURKISH = frozenset("ğışçöüĞİŞÇÖÜ")
_BAD = re.compile(r"[\x80-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``certain``: the file says its encoding, or it is UTF-8; else the likeliest was taken."""

    text: str
    encoding: str
    certain: bool


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a file. A byte-order mark wins, then valid UTF-8, then what is declared, then the likeliest."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(_without_mark(body[len(mark) :].decode(name, errors="replace")), name, True)
    wide = _without_bom(body)
    if wide:
        return Decoded(body.decode(wide, errors="replace"), wide, True)
    try:
        return Decoded(body.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    declared = _declared(body, content_type)
    if declared:
        return Decoded(body.decode(declared, errors="replace"), declared, True)
    nearly = body.decode("utf-8", errors="replace")
    strange = sum(1 for byte in body if byte >= 0x80)
    if nearly.count("\ufffd") * 20 < strange:  # UTF-8 with a few damaged places
        return Decoded(nearly, "utf-8", False)
    encoding = _likeliest(body)
    return Decoded(body.decode(encoding, errors="replace"), encoding, False)


def _without_mark(text: str) -> str:
    return text.lstrip("\ufeff")


def _without_bom(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of the beginning is 0."""
    head = body[:4000]
    if len(head) < 8 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.1 else None


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The encoding that the XML declaration or the content type names, where Python knows it and it is not UTF-8."""
    found = _DECLARED.search(body[:400])
    names = [found[1].decode("ascii")] if found else []
    charset = _CHARSET.search(content_type or "")
    names += [charset[1]] if charset else []
    for name in names:
        try:
            known = codecs.lookup(name)
        except LookupError:
            continue
        if _OF_TEXTS.match(known.name):
            return "cp1252" if known.name == "iso8859-1" else known.name
    return None


def _likeliest(body: bytes) -> str:
    """The single-byte encoding in which the bytes above ASCII make the most ordinary letters."""
    sample = body[:_SAMPLE]
    scores = {name: _ordinary(sample.decode(name, errors="replace")) for name in _LEGACY}
    return max(_LEGACY, key=lambda name: scores[name])


def _ordinary(text: str) -> float:
    """How ordinary a text looks: letters of one script inside words count for it, odd signs inside words against."""
    marks = [(at, char) for at, char in enumerate(text) if char >= "\x80"]
    arabic = sum("\u0600" <= char <= "\u06ff" for _, char in marks)
    cyrillic = sum("\u0400" <= char <= "\u04ff" for _, char in marks)
    if marks and max(arabic, cyrillic) > 0.8 * len(marks):
        return _of_one_script(text, marks, arabic >= cyrillic)
    score = 0.0
    for at, char in marks:
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if _BAD.match(char):
            score -= 3
        elif char in _WESTERN:
            score += 1
            if char.isalpha() and char.isupper() and before.islower():
                score -= 2
            if not char.isalpha() and before.isalpha() and after.isalpha() and char not in "’‘–-":
                score -= 1.5
        elif char in _CENTRAL or char in _TURKISH:
            score += 0.9 if char in "ığş" else 0.8 if before.isascii() or after.isascii() else 0.3
        else:
            score -= 1
    return score


def _of_one_script(text: str, marks: list[tuple[int, str]], arabic: bool) -> float:
    """Arabic and Cyrillic stand in whole words; a lone such letter amid Latin ones speaks against the encoding."""
    score = 0.0
    for at, char in marks:
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        latin = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        score += -2 if latin else (1.1 if char.isalpha() else 0.2)
        if not arabic and char.isupper() and before.islower():
            score -= 2
    return score
