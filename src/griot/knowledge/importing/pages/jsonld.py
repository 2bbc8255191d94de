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
_LONGEST_BROKEN = 300_000  # and that are repaired: repairing is slow
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_TWO_OBJECTS = re.compile(r"(?<=\})\s*(?=\{\s*\")")


def scripts(page: Page) -> Iterator[Any]:
    """The documents of a page's JSON-LD scripts, damaged ones repaired as far as they can be."""
    for node in page.tree.iter("script"):
        if node.get("type", "").strip().lower().startswith("application/ld+json") and node.text:
            yield from documents(node.text)


def documents(text: str) -> Iterator[Any]:
    """The JSON documents of one script: usually one."""
    bare = _WRAPPED.sub("", _WRAPPED.sub("", text[:_LONGEST].lstrip("\ufeff"))).strip().rstrip(";")
    for written in (bare, html.unescape(bare)):
        read = _several(written)
        if read:
            yield from read
            return
    if len(bare) <= _LONGEST_BROKEN:
        yield from _repaired(html.unescape(bare) if "&quot;" in bare and '"' not in bare else bare)


def _several(text: str) -> list[Any]:
    """One or more whole documents, one after the other; none when anything is broken."""
    decoder = json.JSONDecoder(strict=False)
    found, at = [], 0
    try:
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            found.append(document)
            at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n;,"))
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
