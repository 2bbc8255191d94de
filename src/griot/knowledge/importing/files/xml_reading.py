"""An XML file -> products: a Google or Atom feed, YML, a merchant's own; or addresses, from a sitemap."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from lxml import etree

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.finishing import finished
from griot.knowledge.importing.files.limits import MAX_PRODUCTS
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.record_reading import Source, own_products
from griot.knowledge.importing.files.records import is_article, is_aside, is_elsewhere, is_product
from griot.knowledge.importing.files.vocabulary import recognised
from griot.knowledge.importing.files.xml_parsing import as_node, elements, local, prepared
from griot.knowledge.importing.files.yml import yml_products
from griot.knowledge.importing.models import Found

_HEAD = 2_000_000  # characters in which the repeated element of an unknown file is looked for
_SAMPLE = 300
_ATOM_ID = re.compile(r"(?i)(?:tag|urn|https?):")  # Atom's own ids, beside Google's
_FEED = frozenset({"item", "entry"})


def read_xml(text: str, origin: Origin, doubts: Doubts) -> Found:
    """What an XML text holds."""
    body = prepared(text, doubts)
    names = _first_names(body)
    if "urlset" in names[:2] or "sitemapindex" in names[:2]:
        return _sitemap(body, origin, "sitemapindex" in names[:2], doubts)
    if "yml_catalog" in names[:3] or ("offers" in names[:400] and "offer" in names[:400] and "shop" in names[:4]):
        products = finished(yml_products(body, origin), doubts)
        return Found("yml", products, _none_is_a_doubt(products, doubts))
    if {"rss", "feed", "channel", "item", "entry"} & set(names[:2]):
        return _feed(body, origin, doubts)
    return _own(text, body, origin, doubts)


def _first_names(body: bytes) -> list[str]:
    """The names of the first elements, in the order in which they begin."""
    first = etree.iterparse(
        BytesIO(body[:200_000]), events=("start",), recover=True, resolve_entities=False, no_network=True
    )
    try:
        names = [local(element.tag) for _, element in islice(first, 500) if isinstance(element.tag, str)]
    except etree.XMLSyntaxError:
        return []
    return names[1:]


def _none_is_a_doubt(products: tuple[Any, ...], doubts: Doubts) -> Any:
    if not products:
        doubts.add(
            "file", "No products were recognised in this XML.", "Send a feed with a name and a price for each product."
        )
    return doubts.listed()


def _sitemap(body: bytes, origin: Origin, index: bool, doubts: Doubts) -> Found:
    """The addresses of a sitemap, each once: only those directly under ``url`` or ``sitemap``, no images'."""
    found: dict[str, None] = {}
    for _, element in elements(body, frozenset({"url", "sitemap"})):
        for child in element:
            if (
                isinstance(child.tag, str)
                and local(child.tag) == "loc"
                and "image" not in child.tag
                and "video" not in child.tag
            ):
                place = address((child.text or "").strip(), origin.url)
                if place:
                    found[place] = None
        if len(found) >= MAX_PRODUCTS:
            doubts.cut(
                "file",
                f"The sitemap has more than {MAX_PRODUCTS} addresses.",
                "Give the address of one part of the shop.",
            )
            break
    if not found:
        doubts.add("file", "There is no address in this sitemap.", "Give the address of the shop.")
    return Found("sitemap-index" if index else "sitemap", (), doubts.listed(), addresses=tuple(found))


def _feed(body: bytes, origin: Origin, doubts: Doubts) -> Found:
    """The items of RSS or the entries of Atom; articles of a blog are no products."""
    sample = [_item(element) for _, element in islice(elements(body, _FEED), _SAMPLE)]
    if not any(
        "price" in item or "sale_price" in item or ("id" in item and "availability" in item) or is_product(item)
        for item in sample
    ):
        doubts.add(
            "file", "This feed lists articles, not products.", "Give the address of the shop's feed of products."
        )
        return Found("rss", (), doubts.listed())
    items = (Source(_item(element), "", f"item {at}") for at, (_, element) in enumerate(elements(body, _FEED), 1))
    products = finished(own_products(items, origin, sample, None, doubts, feed=True), doubts)
    return Found("google-feed", products, _none_is_a_doubt(products, doubts))


def _item(element: etree._Element) -> dict[str, Any]:
    """An item with its own values only: what ``g:shipping`` costs is not its price."""
    found = as_node(element, 3)
    for key in (
        "shipping",
        "installment",
        "subscription_cost",
        "loyalty_program",
        "product_detail",
        "tax",
        "source",
        "guid",
        "updated",
        "author",
    ):
        found.pop(key, None)
    for key in ("title", "description", "link", "id", "price"):
        if isinstance(found.get(key), list):  # RSS's own and Google's
            held = [one for one in found[key] if one]
            own = [one for one in held if not (key == "id" and _ATOM_ID.match(str(one)))]
            found[key] = next(iter(own or held), "")
    if isinstance(found.get("content"), str) or isinstance(found.get("encoded"), str):
        found.setdefault("description", found.pop("content", None) or found.pop("encoded", None) or "")
    return found


def _own(text: str, body: bytes, origin: Origin, doubts: Doubts) -> Found:
    """An unknown file: the element that is repeated and has a name and a price."""
    head = body if len(text) <= _HEAD else prepared(text[:_HEAD].rpartition(">")[0] + ">", Doubts())
    beginning = _tree(head)
    paths = _repeated(beginning)
    tags = frozenset(path[-1] for path in paths)
    if not tags:
        return Found("xml", (), _none_is_a_doubt((), doubts))

    def found() -> Iterator[Source]:
        at = 0
        for path, element in elements(body, tags):
            if path in paths:
                at += 1
                yield Source(_with_currency(element), _category(element), f"{path[-1]} {at}")

    sample = [source.node for source in islice(found(), _SAMPLE)]
    products = finished(own_products(found(), origin, sample, _currency(beginning, tags), doubts), doubts)
    return Found("xml", products, _none_is_a_doubt(products, doubts))


def _repeated(root: etree._Element) -> frozenset[tuple[str, ...]]:
    """The paths of elements that are products, outermost ones."""
    counted: Counter[tuple[str, ...]] = Counter()
    waiting: deque[tuple[etree._Element, tuple[str, ...]]] = deque((child, ()) for child in root)
    looked = 0
    while waiting and looked < 20_000:
        element, above = waiting.popleft()
        if not isinstance(element.tag, str):
            continue
        looked += 1
        path = (*above, local(element.tag))
        if is_aside(path[-1]) or is_elsewhere(path[-1]):
            continue
        if is_article(as_node(element, 4)):
            counted[path] += 1
        else:
            waiting += [(child, path) for child in element if len(child) or child.attrib]
    most = max(counted.values(), default=0)
    return frozenset(path for path, count in counted.items() if count >= most * 0.05)


def _category(element: etree._Element) -> str:
    """The name of what an element stands in (``<categorie nom="Robes">``)."""
    parent = element.getparent()
    if parent is None or parent.getparent() is None:
        return ""
    for key, value in parent.attrib.items():
        if any(one.field in ("title", "category") for one in recognised(local(str(key)))):
            return one_line(str(value), 80)
    return ""


def _with_currency(element: etree._Element) -> dict[str, Any]:
    """An element's node; the currency that an element around it names is its own where it has none."""
    found = as_node(element)
    if any(one.field == "currency" for key in found for one in recognised(key)):
        return found
    for around in element.iterancestors():
        for key, value in around.attrib.items():
            if any(one.field == "currency" for one in recognised(local(str(key)))) and currency_code(str(value)):
                return {**found, "currency": str(value)}
    return found


def _currency(root: etree._Element, tags: frozenset[str]) -> str | None:
    """What the file says of all its prices, above its products."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if local(element.tag) in tags:
            return None
        named = {local(str(key)): str(value) for key, value in element.attrib.items()}
        if len(element) == 0:
            named[local(element.tag)] = element.text or ""
        for key, value in named.items():
            if any(one.field == "currency" for one in recognised(key)) and (code := currency_code(value)):
                return code
    return None


def _tree(head: bytes) -> etree._Element:
    """The beginning of a file as a tree."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(head, parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("nothing") if root is None else root
