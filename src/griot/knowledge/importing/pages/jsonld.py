"""JSON-LD as pages have it: every script by itself, repaired where it is broken.

What each parser does to each kind of damage was measured: wire/import.md §2. One bad script costs nothing but itself.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from json_repair import repair_json

from griot.knowledge.importing.pages.document import Page

_LONGEST = 2_000_000  # characters of one script that are read
_LONGEST_BROKEN = 300_000  # and that are repaired: the time grows with their square
_BROKEN_OF_PAGE = 60_000  # characters of a page's broken scripts that are repaired
_MOST = 300  # documents of a page
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_NEEDLESS_COMMA = re.compile(r",(?=\s*[}\]])")
_BETWEEN = re.compile(r"[ \t\r\n;,]*")
_TWO_OBJECTS = re.compile(r"(?<=\})\s*(?=\{\s*\")")


def scripts(page: Page) -> Iterator[Any]:
    """The documents of a page's JSON-LD scripts, damaged ones repaired as far as they can be."""
    budget = _BROKEN_OF_PAGE
    left = _MOST
    for node in page.tree.iter("script"):
        if not node.get("type", "").strip().lower().startswith("application/ld+json") or not node.text or left <= 0:
            continue
        found, broken = _read(node.text, budget)
        yield from found[:left]
        left -= len(found) or 1
        budget -= broken


def documents(text: str) -> list[Any]:
    """The JSON documents of one text, usually one."""
    return _read(text, _LONGEST_BROKEN)[0]


def _read(text: str, repairable: int) -> tuple[list[Any], int]:
    """The documents of a text, and how many of at most ``repairable`` characters had to be repaired."""
    bare = _WRAPPED.sub("", _WRAPPED.sub("", text[:_LONGEST].lstrip("\ufeff"))).strip().rstrip(";")
    unescaped = html.unescape(bare)
    for written in dict.fromkeys((bare, unescaped, _NEEDLESS_COMMA.sub("", bare))):
        read = _several(written)
        if read:
            return read, 0
    if len(bare) > repairable:
        return [], 0
    return _repaired(unescaped if "&quot;" in bare and '"' not in bare else bare), len(bare)


def _several(text: str) -> list[Any]:
    """One or more whole documents, one after the other; none when anything is broken."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    try:
        while at < len(text) and len(found) < _MOST:
            document, at = decoder.raw_decode(text, at)
            found.append(document)
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
    except (ValueError, RecursionError):
        return []
    return found


def _repaired(text: str) -> list[Any]:
    """What a repair makes of each object of a broken script."""
    found = []
    parts = _TWO_OBJECTS.split(text)
    if any(part.count("{") != part.count("}") for part in parts):
        parts = [text]
    for part in parts:
        try:
            document = repair_json(part, return_objects=True, skip_json_loads=True)
        except (ValueError, RecursionError, IndexError, TypeError):
            continue
        if document:
            found.append(document)
    return found
