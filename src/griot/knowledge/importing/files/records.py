"""Objects of a merchant's own JSON or XML: what their keys mean, which of them are products."""

import re
from typing import Any

from griot.knowledge.importing.files.limits import MAX_VARIANTS
from griot.knowledge.importing.files.mapping import AXES
from griot.knowledge.importing.files.nodes import Node
from griot.knowledge.importing.files.plain import as_text
from griot.knowledge.importing.files.vocabulary import recognised, words, words_of

MONEY_FIELDS = ("price", "sale_price", "old_price", "price_excl_tax")
CENTS = re.compile(r"(?i)(?:^|_)(?:unit_amount|amount_minor)$|cents?$|_minor$|minor_units?$|in_?cents")
_WRAPPERS = ("attributes", "fields", "node", "product", "produit", "_source", "data", "item", "properties", "acf")
_SPOKEN = ("fr", "en", "fr_FR", "fr-FR", "en_US", "en-US", "en-GB", "mg", "default", "ar", "es", "pt", "de", "it", "ru")
_HELD = ("rendered", "text", "value", "_", "#text", "__cdata", "name", "label", "title")
_PAIRED = (["options"], ["option"], ["attributes"])
_VARIANTS = frozenset({"variant", "variants", "variation", "variations", "declinaisons", "skus", "combinations"})
_TELLING = ("sku", "image", "stock", "brand", "availability", "barcode", "description", "category")


class Record:
    """One object, its values by field; the likeliest key for a field first."""

    def __init__(self, source: Node) -> None:
        self.source = unwrapped(source)
        ranked: dict[str, list[tuple[int, int, int, str]]] = {}
        for at, key in enumerate(self.source):
            for one in recognised(str(key))[:3]:
                ranked.setdefault(one.field, []).append((-one.exactness, one.rank, at, str(key)))
        self._keys = {field: [key for *_, key in sorted(found)] for field, found in ranked.items()}

    def keys(self, field: str) -> list[str]:
        """The keys that are called like a field."""
        return self._keys.get(field, [])

    def value(self, field: str) -> Any:
        """The value of the first key of a field that holds something."""
        return next((self.source[key] for key in self.keys(field) if self.source[key] not in (None, "", [], {})), None)

    def text(self, field: str) -> str:
        """The text of a field, from whatever holds it."""
        for key in self.keys(field):
            text = spoken(self.source[key]).strip()
            if text:
                return text
        return ""

    def has(self, field: str) -> bool:
        """Whether the object has a key of a field, empty or not."""
        return field in self._keys


def unwrapped(source: Node) -> Node:
    """An object without what it is wrapped in (``{"id": 1, "attributes": {…}}``)."""
    for key in _WRAPPERS:
        inner = source.get(key)
        if isinstance(inner, dict) and len(inner) >= 2 and _names(inner) and not _names(source):
            return {**{k: v for k, v in source.items() if k != key}, **inner}
    return source


def _names(source: Node) -> bool:
    return any(one.field == "title" and one.exactness > 1 for key in source for one in recognised(str(key)))


def spoken(value: Any, depth: int = 3) -> str:
    """The text that a value holds: itself, that of its first language, of its name, of its first entry."""
    text = as_text(value)
    if text or depth == 0:
        return text
    if isinstance(value, dict):
        for key in (*_SPOKEN, *_HELD):
            if key in value:
                found = spoken(value[key], depth - 1)
                if found:
                    return found
        if len(value) == 1:
            return spoken(next(iter(value.values())), depth - 1)
        texts = (inner.strip() for inner in value.values() if isinstance(inner, str))
        return next((found for found in texts if found), "") if len(value) < 4 else ""
    if isinstance(value, list):
        return next((found for inner in value[:5] if (found := spoken(inner, depth - 1))), "")
    return ""


def is_product(source: Any) -> bool:
    """Whether an object looks like a product: a name, and a price or what else only products have."""
    if not isinstance(source, dict) or not 2 <= len(source) <= 400:
        return False
    record = Record(source)
    named = [key for field in ("title", "model") for key in record.keys(field)]
    if not any(not _holds_products(record.source[key]) for key in named):
        return False
    if record.has("order") and not (record.has("price") and record.has("image")):
        return False
    if any(record.has(field) for field in MONEY_FIELDS) or any(CENTS.search(str(key)) for key in record.source):
        return True
    if any(words_of(str(key))[-1:] and words_of(str(key))[-1] in _VARIANTS for key in record.source) and variants_of(
        record
    ):
        return True
    if any(is_product({**one, "name": "?"}) for one in variants_of(record)[:3]):
        return True
    told = sum(record.has(field) for field in _TELLING)
    return told >= 3 or (told == 2 and any(_says_product(key) for key in record.keys("title")))


def _holds_products(value: Any) -> bool:
    """Whether what is called ``items`` or ``product`` holds products rather than a name."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    flat = [one for part in inner[:3] for one in (part[:3] if isinstance(part, list) else [part])]
    return any(isinstance(one, dict) and is_product(one) for one in flat)


def _says_product(key: str) -> bool:
    """``product_name``: a name that only a product has."""
    known = words_of(key)
    return len(known) > 1 and not {"product", "produit", "article", "item", "producto", "produto"}.isdisjoint(known)


def holds_products(source: Node) -> bool:
    """Whether an object is a category or shop rather than a product: it has no price and a list of products."""
    record = Record(source)
    if record.value("price") is not None or record.value("sku") is not None:
        return False
    for key, value in record.source.items():
        if not isinstance(value, list) or re.search(r"(?i)variant|variation|déclin|declin|sku|option", str(key)):
            continue
        inner = [one for one in value[:10] if isinstance(one, dict)]
        if inner and sum(map(is_product, inner)) * 2 >= len(inner):
            return True
    return False


def is_article(source: Node) -> bool:
    """Whether an object is one product, and nothing that holds several."""
    return is_product(source) and not holds_products(source)


def is_elsewhere(key: str) -> bool:
    """Whether a list under this key is no list of what the shop sells: other products to look at, orders, customers."""
    return not words("elsewhere").isdisjoint({"".join(words_of(key)), *words_of(key)})


def is_aside(key: str) -> bool:
    """Whether what stands under this key has a name and a price, too, but is not sold: a delivery, a payment."""
    return not words("aside").isdisjoint({"".join(words_of(key)), *words_of(key)})


def variants_of(record: Record) -> list[Node]:
    """The objects that a record lists as its variants."""
    for key, value in record.source.items():
        named = words_of(str(key))
        if not named or named[-1] not in words("variants") or is_elsewhere(str(key)):
            continue
        listed = value if isinstance(value, list) else _keyed(value) if isinstance(value, dict) else []
        if len(listed) == 1 and isinstance(listed[0], list):
            listed = listed[0]
        found: list[Node] = [one for one in listed[:MAX_VARIANTS] if isinstance(one, dict)]
        if found and any(_is_variant(Record(one)) for one in found[:3]):
            return found
    return []


def _keyed(by_name: Node) -> list[Any]:
    """The objects under the keys of another; a key is the code of what stands there, or its name if it has neither."""
    return [_under(str(key), inner) if isinstance(inner, dict) else inner for key, inner in by_name.items()]


def _under(key: str, inner: Node) -> Node:
    record = Record(inner)
    if record.has("sku") or record.has("id") or record.has("title"):
        return inner
    told_apart = any(record.has(axis) for axis in AXES) or any(words_of(str(name))[-1:] in _PAIRED for name in inner)
    return {"sku" if told_apart else "name": key, **inner}


def _is_variant(record: Record) -> bool:
    fields = ("price", "sale_price", "sku", "stock", "availability", "barcode", *AXES)
    return any(record.has(field) for field in fields) and not isinstance(record.source.get("values"), list)
