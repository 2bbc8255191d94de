"""Reading of schema.org nodes, whatever they were written in: plain dicts with ``@type`` and properties.

Pages write keys in any case, values as a scalar, a list or an object, types as a word, a list or an address.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_DEEPEST = 40
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,500}|!--.*?--)>", re.DOTALL)
_LINE_TAG = re.compile(r"(?i)<(?:br|/p|/li|/div|/h\d|/tr)\b[^<>]{0,200}>")
_LONGEST_TEXT = 10_000


def walk(data: Any, depth: int = _DEEPEST) -> Iterator[Node]:
    """Every object in a document, outermost first."""
    if depth == 0:
        return
    if isinstance(data, Mapping):
        yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from walk(item, depth - 1)


def types(node: Node) -> set[str]:
    """The node's types, folded, without the vocabulary's address: ``{"product"}``."""
    return {re.split(r"[/#:]", str(kind).strip().rstrip("/"))[-1].lower() for kind in values(node, "@type", "type")}


def values(node: Node, *names: str) -> list[Any]:
    """All values of the first of these properties that has any, lists flattened; keys in any case, prefixed or not."""
    for name in names:
        found = node.get(name)
        if found is None:
            found = next((node[key] for key in node if _bare(key) == name.lower()), None)
        flat = [value for value in _flat(found) if value not in (None, "", {})]
        if flat:
            return flat
    return []


def _bare(key: Any) -> str:
    return str(key).rpartition("/")[2].rpartition(":")[2].lower()


def _flat(value: Any, depth: int = 5) -> list[Any]:
    if isinstance(value, list) and depth:
        return [inner for item in value for inner in _flat(item, depth - 1)]
    return [value]


def objects(node: Node, *names: str) -> list[Node]:
    """The values of a property that are objects."""
    return [value for value in values(node, *names) if isinstance(value, Mapping)]


def text(node: Node, *names: str) -> str:
    """The first value of a property as text: of an object, its name or value; without mark-up."""
    for value in values(node, *names):
        found = plain(value)
        if found:
            return found
    return ""


def plain(value: Any) -> str:
    """A scalar, or an object's ``@value`` or ``name``, as one line of text."""
    if isinstance(value, Mapping):
        value = next(iter(values(value, "@value", "value", "name")), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(without_markup(str(value)).split())


def without_markup(written: str) -> str:
    """Text of HTML or of text with entities; breaks and ends of paragraphs stay as line ends."""
    short = written[:_LONGEST_TEXT]
    if "&" in short:
        short = html.unescape(html.unescape(short))
    if "<" in short:
        short = _TAG.sub(" ", _LINE_TAG.sub("\n", short))
    return short.replace("\xa0", " ")


def paragraphs(written: str) -> str:
    """A description for people: text with its lines, blanks squeezed."""
    lines = (" ".join(line.split()) for line in without_markup(written).splitlines())
    return "\n".join(line for line in lines if line)
