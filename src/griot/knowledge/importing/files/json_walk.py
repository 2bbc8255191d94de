"""Where in a JSON document of anybody's making the products are."""

import re
from typing import Any

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.files.limits import MAX_DEPTH, MAX_PRODUCTS
from griot.knowledge.importing.files.nodes import Node
from griot.knowledge.importing.files.plain import one_line
from griot.knowledge.importing.files.record_reading import Source
from griot.knowledge.importing.files.records import (
    MONEY_FIELDS,
    Record,
    is_article,
    is_aside,
    is_elsewhere,
    spoken,
)
from griot.knowledge.importing.files.vocabulary import recognised

_SAMPLE = 40
_DEEPEST = MAX_DEPTH // 3
_LONGEST = 5000  # entries of a list of other things that are walked through


class Walk:
    """Collects the products of a document, list by list. ``currency``: what is said above them of all prices."""

    def __init__(self, document: Any) -> None:
        self.currency: str | None = None
        self._lists: list[list[Source]] = []
        self._singles: list[list[Source]] = []  # objects that no list holds
        self._aside: list[tuple[Any, str, int]] = []
        self._walk(document, "", 0)
        if not self._lists:
            self._lists = self._singles
        if not self._lists:  # a shop may call what it sells “delivery”
            for value, category, depth in self._aside:
                if isinstance(value, list):
                    self._walk(value, category, depth)

    def sources(self) -> list[Source]:
        """The products; where lists with prices were found, those of no other list."""
        priced = [one for one in self._lists if any(_is_priced(source.node) for source in one[:_SAMPLE])]
        return [source for one in priced or self._lists for source in one][:MAX_PRODUCTS]

    def _walk(self, value: Any, category: str, depth: int) -> None:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            self._walk_list(value, category, depth)
        elif isinstance(value, dict):
            self._walk_object(value, category, depth)

    def _take(self, nodes: list[tuple[Node, str]], category: str) -> None:
        group = len(self._lists)
        self._lists.append([Source(node, category, where, group) for node, where in nodes])

    def _walk_list(self, value: list[Any], category: str, depth: int) -> None:
        entries: list[Node] = [one for one in value if isinstance(one, dict)]
        if _are_products(entries):
            self._take([(one, f"product {at}") for at, one in enumerate(entries, 1)], category)
            return
        for one in value[:_LONGEST]:
            if isinstance(one, dict | list):
                self._walk(one, category, depth + 1)

    def _walk_object(self, value: Node, category: str, depth: int) -> None:
        for key, inner in value.items():
            if self.currency is None and any(one.field == "currency" for one in recognised(str(key))):
                self.currency = currency_code(spoken(inner))
        entries: list[Node] = [one for one in value.values() if isinstance(one, dict)]
        if len(entries) >= 2 and len(entries) >= 0.8 * len(value) and _are_products(entries):
            keyed = [(str(key), one) for key, one in value.items() if isinstance(one, dict)]
            self._take([(_with_code(key, one), f"product {key}"[:60]) for key, one in keyed], category)
            return
        named = _under_names(value)
        if named:
            self._take([(one, f"product {one['name']}"[:60]) for one in named], category)
            return
        if is_article(value):
            self._singles.append([Source(value, category, "product 1", -1 - len(self._singles))])
            return
        self._walk_inside(value, category, depth)

    def _walk_inside(self, value: Node, category: str, depth: int) -> None:
        lists = [inner for inner in value.values() if isinstance(inner, list) and inner and isinstance(inner[0], dict)]
        name = _name_of(value) if lists and depth else ""
        for key, inner in value.items():
            if isinstance(inner, dict | list) and not is_elsewhere(str(key)):
                called = _as_category(str(key)) if isinstance(inner, list) and len(lists) >= 2 else ""
                if is_aside(str(key)):
                    self._aside.append((inner, category, depth + 1))
                else:
                    self._walk(inner, name or called or category, depth + 1)


def _name_of(value: Node) -> str:
    """What an object that holds lists is called itself: ``{"category": "Plats", "items": […]}``."""
    own = Record({key: inner for key, inner in value.items() if not isinstance(inner, list)})
    name = one_line(own.text("title") or own.text("category"), 80)
    return "" if recognised(name)[:1] else name


def _are_products(entries: list[Node]) -> bool:
    sample = entries[:_SAMPLE]
    good = sum(map(is_article, sample))
    return good > 0 and good * 2 >= len(sample)


def _is_priced(node: Node) -> bool:
    record = Record(node)
    return any(record.value(field) is not None for field in MONEY_FIELDS)


def _as_category(key: str) -> str:
    """A key beside others that hold lists, too, is a category (``{"Robes": […], "Sacs": […]}``)."""
    return "" if recognised(key) else one_line(key.replace("_", " "), 80)


def _under_names(value: Node) -> list[Node]:
    """Objects that stand under their names: ``{"Robe": {"prix": 9000, "stock": 2}, "Jupe": {…}}``."""
    entries = [(str(key), inner) for key, inner in value.items() if isinstance(inner, dict)]
    if not entries or len(entries) < len(value) or any(recognised(key) or currency_code(key) for key, _ in entries):
        return []
    named: list[Node] = [{"name": key, **inner} for key, inner in entries if not Record(inner).has("title")]
    good = len(named) == len(entries) and all(_is_priced(one) and any(map(str.isalpha, one["name"])) for one in named)
    told = good and any(Record(one).has(field) for one in named for field in ("stock", "availability", "sku", "image"))
    return named if told else []


def _with_code(key: str, source: Node) -> Node:
    """An object that stands under its code: the code is kept where it has none of its own."""
    record = Record(source)
    return source if record.has("id") or record.has("sku") or re.fullmatch(r"\d{1,3}", key) else {**source, "sku": key}
