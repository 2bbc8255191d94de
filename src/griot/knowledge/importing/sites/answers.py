"""Small questions to the answers of shops' programs."""

import json
from typing import Any
from urllib.parse import urlsplit


def document(body: bytes) -> Any:
    """The JSON of an answer, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def inside(value: Any, *path: str) -> Any:
    """What lies under keys one below the other, None where one is missing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def length(body: bytes, *path: str) -> int:
    """How many entries a list of a JSON answer has; 0 where there is no list."""
    listed = inside(document(body), *path) if path else document(body)
    return len(listed) if isinstance(listed, list) else 0


def whole(value: object) -> int | None:
    """A count as headers and JSON write it, or None."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def origin_of(url: str) -> str:
    """Scheme and authority of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
