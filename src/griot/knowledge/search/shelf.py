"""Indexes in use: one is made for what a shop's articles and answers say, and again only when that changes."""

from collections.abc import Hashable, Mapping
from threading import Thread
from weakref import WeakValueDictionary

from griot.core import logs
from griot.core.errors import GriotError
from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.index import Index

log = logs.get(__name__)


class Shelf:
    """The indexes of a process, as long as somebody holds them. A new price or stock needs no new index.

    A large catalogue is searched by its words at once, and by meaning when a thread has embedded it.
    """

    def __init__(self) -> None:
        self._indexes: WeakValueDictionary[Hashable, Index] = WeakValueDictionary()

    def index(self, products: Mapping[str, Product], faq: Mapping[str, FaqEntry]) -> Index:
        """The index of these articles and answers."""
        key = (
            tuple(
                (p.code, p.title, p.description, p.category, tuple(tuple(v.options.items()) for v in p.variants))
                for p in products.values()
            ),
            tuple((entry.key, entry.question, entry.answer) for entry in faq.values()),
        )
        known = self._indexes.get(key)
        if known is not None:
            return known
        made = self._indexes[key] = Index(tuple(products.values()), tuple(faq.values()), embedder(), glossary())
        if made.is_large:
            Thread(target=_deepen, args=(made,), name="embedding a catalogue", daemon=True).start()
        return made


def _deepen(index: Index) -> None:
    try:
        index.deepen()
    except GriotError as error:
        log.warning("a catalogue is searched without meaning", error=str(error))
