"""XML as feeds hold it -> elements, one at a time: without a root, with bare ampersands, of any namespace.

Entities of the document's own are never resolved, nothing is fetched, and depth and text are bounded by libxml2.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from io import BytesIO
from typing import Any

from lxml import etree

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.limits import MAX_DEPTH

_DECLARATION = re.compile(r"^\s*(?:<\?xml[^>]{0,300}\?>\s*)+|<\?xml-stylesheet[^>]{0,500}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(?:\[(?P<own>.{0,200000}?)\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DOCTYPE_BEGINS = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
_NO_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|x0*(?:[0-8bcBC]|1[0-9a-fA-F]));"
)
_ROOT = "griot-file"
_KNOWN_SPACES = {
    "g": "http://base.google.com/ns/1.0",
    "c": "http://base.google.com/cns/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "atom": "http://www.w3.org/2005/Atom",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def prepared(text: str, doubts: Doubts) -> bytes:
    """A text as XML with one root of ours around it, its own document type and entities gone."""
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    begins = _DOCTYPE_BEGINS.search(text[:300_000])  # only the first: a later one stands inside our root and is none
    doctype = _DOCTYPE.match(text, begins.start()) if begins else None
    if doctype:
        if doctype["own"] and "ENTITY" in doctype["own"].upper():
            doubts.add(
                "file", "The file declares entities of its own; they were not used.", "Export it without a DOCTYPE."
            )
        text = text[: doctype.start()] + text[doctype.end() :]
    text = _AMPERSAND.sub(_entity, text)
    text = _NO_CHARACTER.sub(" ", text)
    if text.rstrip()[-1:] != ">":
        doubts.cut("file", "The file breaks off before its end.", "Download or export it again.")
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _KNOWN_SPACES.items())
    return f"<{_ROOT} {spaces}>{text}</{_ROOT}>".encode()


def _entity(found: re.Match[str]) -> str:
    """A named HTML entity as its character, any other ampersand as itself."""
    name = found[1]
    if name is None:
        return "&amp;"
    meant = html5.get(f"{name};")
    return f"&#{ord(meant)};" if meant and len(meant) == 1 else f"&amp;{name};"


def elements(body: bytes, tags: frozenset[str] | None = None) -> Iterator[tuple[tuple[str, ...], etree._Element]]:
    """(path of local names, element) of every element that ends, or of those with one of the tags, cleared afterwards.

    Elements inside one that was given are not given themselves. Broken XML ends the stream.
    """
    path: list[str] = []
    within = 0
    reader = etree.iterparse(
        BytesIO(body), events=("start", "end"), recover=True, resolve_entities=False, huge_tree=False, load_dtd=False,
        no_network=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for event, element in reader:
            if not isinstance(element.tag, str):
                continue
            name = local(element.tag)
            if event == "start":
                path.append(name)
                within += bool(tags) and name in (tags or ())
                continue
            full = tuple(path[1:])
            path.pop()
            if tags is None:
                yield full, element
                continue
            if name in tags:
                within -= 1
                if within == 0:
                    yield full, element
                    _forget(element)
    except (etree.XMLSyntaxError, IndexError):
        return


def _forget(element: etree._Element) -> None:
    """Free an element and what stood before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(tag: str) -> str:
    """A tag's name without its namespace or prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def as_node(element: etree._Element, depth: int = MAX_DEPTH // 5) -> dict[str, Any]:
    """An element's attributes and children by local name; what is repeated is a list."""
    found: dict[str, Any] = {}
    children: dict[str, Any] = {}
    for name, value in element.attrib.items():
        found[local(str(name))] = str(value)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, value = local(child.tag), _value(child, depth)
        if name not in children:
            children[name] = value
        elif isinstance(held := children[name], list):
            held.append(value)
        else:
            children[name] = [held, value]
    return {**found, **children}


def _value(child: etree._Element, depth: int) -> Any:
    """A leaf's text, an object for one with children or attributes."""
    text = "".join(str(part) for part in child.itertext()).strip() if len(child) == 0 else ""
    if len(child) and depth:
        inner = as_node(child, depth - 1)
        own = (child.text or "").strip()
        return {**inner, "#text": own} if own else inner
    if not child.attrib:
        return text
    attributes = {local(str(name)): str(value) for name, value in child.attrib.items()}
    if not text:
        return next(
            (attributes[key] for key in ("href", "url", "src", "value") if attributes.get(key)),
            attributes or "",
        )
    if set(attributes) <= {"type", "space", "nil", "lang", "base"}:
        return text
    return {**attributes, "#text": text}
