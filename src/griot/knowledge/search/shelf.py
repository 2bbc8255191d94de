"""Indexes that are kept: one is made for what a shop's articles and answers say, and again only when that changes."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping

from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.index import Index

_KEPT = 64


class Shelf:
    """The indexes of a process, the least used given up first. A new price or stock needs no new index."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[Hashable, Index] = OrderedDict()

    def index(self, products: Mapping[str, Product], faq: Mapping[str, FaqEntry]) -> Index:
        """The index of these articles and answers."""
        key = (
            tuple(
                (p.code, p.title, p.description, p.category, tuple(tuple(v.options.items()) for v in p.variants))
                for p in products.values()
            ),
            tuple((entry.key, entry.question, entry.answer) for entry in faq.values()),
        )
        if key in self._indexes:
            self._indexes.move_to_end(key)
            return self._indexes[key]
        made = self._indexes[key] = Index.build(products, faq, embedder())
        if len(self._indexes) > _KEPT:
            self._indexes.popitem(last=False)
        return made
