"""Reading JSON that may be anything: values by the names of keys, never an error."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from griot.knowledge.importing.files.plain import as_text

Node = Mapping[str, Any]


def node(value: Any) -> Node:
    """A value as an object, an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A value as a list; GraphQL's ``edges`` and ``nodes`` are opened; a single object is a list of one."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if isinstance(value.get("edges"), list):
            return [node(edge).get("node") for edge in value["edges"]]
        if isinstance(value.get("nodes"), list):
            return list(value["nodes"])
        return [value]
    return []


def objects(value: Any) -> list[Node]:
    """The objects of a list."""
    return [one for one in items(value) if isinstance(one, dict)]


def first(holder: Node, *keys: str) -> Any:
    """The value of the first of these keys that holds something."""
    for key in keys:
        value = holder.get(key)
        if value not in (None, "", [], {}):
            return value
    return None


def inside(value: Any, *path: str) -> Any:
    """The value at a path of keys, or None."""
    for key in path:
        value = node(value).get(key)
    return value


def texts(values: Iterable[Any]) -> Iterator[str]:
    """The non-empty texts among values."""
    for value in values:
        text = as_text(value).strip()
        if text:
            yield text
