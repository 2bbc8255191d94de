"""Microdata and RDFa Lite as the same nodes that JSON-LD has (HTML standard, "Microdata"; RDFa Lite 1.1).

Loose where pages are: an item without a type keeps its properties, one price inside another is read once.
"""

import re
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from lxml import etree

from griot.knowledge.importing.pages.document import Page, shown_text

_DEEPEST = 60
_ADDRESSES = {"a": "href", "link": "href", "area": "href", "img": "src", "audio": "src", "embed": "src",
              "iframe": "src", "source": "src", "video": "src", "object": "data"}  # fmt: skip
_PRICES = frozenset({"price", "lowPrice", "highPrice"})
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_MOST = 1_000  # items of a page
_NEAR = 200  # elements within a property in which the same one is looked for
_LONGEST_VALUE = 8_000  # characters of a property's text


@dataclass(slots=True)
class _Reader:
    """Elements by id, for itemref; and how many elements may still be looked at, references and all."""

    known: dict[Any, etree._Element] = field(default_factory=dict)
    left: int = 100_000


def microdata_items(page: Page) -> list[dict[str, Any]]:
    """Outermost items of a page; an offer outside of every product as it is."""
    items = [node for node in page.tree.iterfind(".//*[@itemscope]") if isinstance(node.tag, str)]
    refers = any(node.get("itemref") for node in items)
    reader = _Reader({node.get("id"): node for node in page.tree.iterfind(".//*[@id]")} if refers else {})
    tops = (node for node in items if node.get("itemprop") is None)
    orphans = (node for node in items if node.get("itemprop") is not None and not _inside_item(node))
    return [_item(node, reader, _DEEPEST) for node in islice(chain(tops, orphans), _MOST)]


def rdfa_items(page: Page) -> list[dict[str, Any]]:
    """Outermost RDFa items whose type is a product's."""
    typed = (node for node in page.tree.iterfind(".//*[@typeof]") if isinstance(node.tag, str))
    products = (node for node in typed if _bare(node.get("typeof", "")) in ("product", "productgroup"))
    reader = _Reader()
    return [_rdfa(node, reader, _DEEPEST) for node in islice(products, _MOST)]


def _is_item(node: etree._Element) -> bool:
    return isinstance(node.tag, str) and node.get("itemscope") is not None


def _inside_item(node: etree._Element) -> bool:
    return any(parent.get("itemscope") is not None for parent in node.iterancestors())


def _item(node: etree._Element, reader: _Reader, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": node.get("itemtype", "").split()}
    if node.get("itemid"):
        item["@id"] = node.get("itemid")
    _properties(node, item, reader, depth)
    for reference in node.get("itemref", "").split():
        other = reader.known.get(reference)
        if other is not None and other is not node:
            inner = _Reader(left=reader.left)  # knows no elements: references in what is referred to are not followed
            _property(other, item, inner, depth - 1)
            reader.left = inner.left
    return item


def _properties(node: etree._Element, item: dict[str, Any], reader: _Reader, depth: int) -> None:
    """Add to ``item`` the properties of everything below ``node`` that is in no item of its own."""
    if depth > 0:
        for child in node:
            if isinstance(child.tag, str):
                _property(child, item, reader, depth - 1)


def _property(node: etree._Element, item: dict[str, Any], reader: _Reader, depth: int) -> None:
    reader.left -= 1
    if reader.left < 0:
        return
    names = node.get("itemprop", "").split()
    if _is_item(node):
        inner = _item(node, reader, depth)
        for name in names:
            item.setdefault(name, []).append(inner)
        if not names:
            item.setdefault("@graph", []).append(inner)
        return
    for name in names:
        item.setdefault(name, []).append(_value(node, name))
    _properties(node, item, reader, depth)


def _value(node: etree._Element, name: str) -> str:
    """A property's value: what is written for machines; else an address, the same property within it, or the text."""
    for attribute in ("content", *((_ADDRESSES[node.tag],) if node.tag in _ADDRESSES else ()), "datetime"):
        if node.get(attribute):
            return str(node.get(attribute))
    if node.tag in ("data", "meter") and node.get("value"):
        return str(node.get("value"))
    inside = islice(node.iterdescendants(), _NEAR)
    nested = next((inner for inner in inside if name in inner.get("itemprop", "").split()), None)
    if nested is not None and nested.get("content"):
        return str(nested.get("content"))
    text = shown_text(node, _LONGEST_VALUE)
    # What is shown is written for people: 1.299 there is one thousand two hundred and ninety-nine.
    return text.replace(".", "") if name in _PRICES and _GROUPED.fullmatch(text) else text


def _rdfa(node: etree._Element, reader: _Reader, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": [_bare(kind) for kind in node.get("typeof", "").split()]}
    _rdfa_properties(node, item, reader, depth)
    return item


def _rdfa_properties(node: etree._Element, item: dict[str, Any], reader: _Reader, depth: int) -> None:
    for child in node if depth > 0 else ():
        reader.left -= 1
        if not isinstance(child.tag, str) or reader.left < 0:
            continue
        names = [_bare(name) for name in child.get("property", child.get("rel", "")).split()]
        if child.get("typeof"):
            inner = _rdfa(child, reader, depth - 1)
            for name in names:
                item.setdefault(name, []).append(inner)
            continue
        if child.get("property"):
            value = child.get("content") or child.get("resource") or child.get("href") or child.get("src")
            for name in names:
                item.setdefault(name, []).append(value or shown_text(child, _LONGEST_VALUE))
        _rdfa_properties(child, item, reader, depth - 1)


def _bare(name: str) -> str:
    """A type or property without its prefix: ``schema:price``, ``http://schema.org/price``; folded for types."""
    last = name.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].rpartition("#")[2]
    return last.lower() if last.lower() in ("product", "productgroup") else last
