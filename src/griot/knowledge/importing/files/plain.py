"""Texts of cells, feeds and JSON as plain text: no markup, no entities, no stray spaces."""

import html
import re
from urllib.parse import urljoin, urlsplit

from griot.knowledge.importing.files.limits import MAX_CELL, MAX_TEXT, MAX_TITLE

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,2000}|!--.{0,2000}?--|!\[CDATA\[)>?|\]\]>", re.DOTALL)
_UNSEEN_BLOCK = re.compile(r"(?is)<(style|script)\b.{0,20000}?</\1\s*>")
_BREAK = re.compile(r"(?i)<(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol)\b[^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w{1,30});")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_IN_LINE = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_SAFE_SCHEMES = frozenset({"http", "https"})


def one_line(value: object, limit: int = MAX_TITLE) -> str:
    """A name or label: entities and tags resolved, everything on one line, at most ``limit`` characters."""
    text = as_text(value)
    if "&" in text:
        text = _unescaped(text)
    if "<" in text:
        text = _unescaped(_TAG.sub(" ", text))
    text = _UNSEEN.sub("", _SPACES.sub(" ", text)).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def prose(value: object, limit: int = MAX_TEXT) -> str:
    """A description: tags gone, paragraphs kept as lines."""
    text = as_text(value)[:MAX_CELL]
    if "<" in text:
        text = _BREAK.sub("\n", _UNSEEN_BLOCK.sub(" ", text))
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = _unescaped(text)
        if "<" in text and _TAG.search(text):  # markup that was escaped once more
            text = _unescaped(_TAG.sub(" ", _BREAK.sub("\n", text)))
    lines = (_IN_LINE.sub(" ", line).strip() for line in re.split(r"\r\n|\r|\n", text))
    text = _UNSEEN.sub("", _BLANK_LINES.sub("\n\n", "\n".join(lines))).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _unescaped(text: str) -> str:
    """Entities resolved, twice where a file escaped them twice."""
    once = html.unescape(text)
    return html.unescape(once) if "&" in once and _ENTITY.search(once) else once


def as_text(value: object) -> str:
    """A scalar of JSON, XML or a cell as text; everything else, and None, is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, int | float) else ""


def address(value: object, base: str | None = None) -> str | None:
    """An absolute http(s) address, made absolute with ``base`` where needed, or None."""
    text = _UNSEEN.sub("", as_text(value)).strip().strip('"')
    if not text or len(text) > 3000:
        return None
    if "&amp;" in text:
        text = text.replace("&amp;", "&")
    if text.startswith("//"):
        text = f"https:{text}"
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        full = urljoin(base, text) if base else text
        parts = urlsplit(full)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SAFE_SCHEMES or not parts.netloc or re.search(r"[\s<>]", parts.netloc):
        return None
    return _SPACES.sub("%20", parts.scheme.lower() + full[len(parts.scheme) :])
