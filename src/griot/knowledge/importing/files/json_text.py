"""JSON as files hold it: with a mark, comments, a name in front, one object a line, or broken off."""

import json
import re
from typing import Any

import orjson

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.limits import MAX_ROWS
from griot.knowledge.importing.pages.jsonld import documents

_NAMED = re.compile(
    r"^\s*(?:(?:export\s+default|module\.exports\s*=|(?:var|let|const)\s+[\w$]{1,60}\s*(?::[^=]{1,80})?=|(?:window|self|globalThis)(?:\.[\w$]{1,60}|\[[^\]]{1,60}\])+\s*=|[\w$.]{1,60}\s*\(|[\w$.]{1,60}\s*=(?!=))\s*)"
)
_COMMENTS = re.compile(r"\s*(?://[^\n]{0,2000}\n\s*|/\*.{0,5000}?\*/\s*){1,50}", re.DOTALL)
_LONGEST_BROKEN = 3_000_000
NOTHING = object()


def parsed(text: str, doubts: Doubts) -> Any:
    """The document that a text holds, ``NOTHING`` with a doubt where it holds none. Never raises."""
    bare = text.strip().lstrip("\ufeff")
    comments = _COMMENTS.match(bare)
    bare = bare[comments.end() :] if comments else bare
    document = _strict(bare)
    if document is not NOTHING:
        return document
    named = _NAMED.match(bare)
    if named:
        bare = bare[named.end() :].rstrip().rstrip(";").rstrip()
        bare = bare.rstrip(")") if bare.endswith(")") else bare
        document = _strict(bare)
        if document is not NOTHING:
            return document
    lines = _by_line(bare, doubts)
    if lines:
        return lines
    return _mended(bare, doubts)


def _strict(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return NOTHING


def _by_line(text: str, doubts: Doubts) -> list[Any]:
    """One object a line; a broken line is a doubt. Empty when the text is no such file."""
    lines = [(number, line.strip().rstrip(",")) for number, line in enumerate(text.splitlines()[:MAX_ROWS], 1)]
    lines = [(number, line) for number, line in lines if line]
    whole = sum(1 for _, line in lines if line.startswith("{") and line.endswith("}"))
    if whole < 2 or whole < 0.6 * len(lines):
        return []
    found, broken = [], []
    for number, line in lines:
        document = _strict(line)
        if document is NOTHING:
            broken.append(number)
        else:
            found.append(document)
    if len(found) < max(2, len(broken)):
        return []
    for number in broken:
        doubts.cut(f"line {number}", "This line is no whole JSON object.", "Mend the line; it was left out.")
    return found


def _mended(text: str, doubts: Doubts) -> Any:
    """What can be saved of broken JSON."""
    if len(text) <= _LONGEST_BROKEN and not _too_deep(text):
        found = list(documents(text))
        if found:
            doubts.cut(
                "file", "The JSON is damaged and was mended as far as possible.", "Check that all products are there."
            )
            return found[0] if len(found) == 1 else found
    doubts.add("file", "This is no readable JSON.", "Export the file again, or send it as CSV.")
    return NOTHING


def _too_deep(text: str) -> bool:
    """Whether brackets nest too deep for anything that reads recursively."""
    depth = deepest = 0
    for char in re.findall(r"[\[{}\]]", text):
        depth += 1 if char in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > 100
