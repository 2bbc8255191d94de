"""Ranks a large catalogue for a search: words by evidence, meaning by vectors, what the best have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.embedding import Embedder, Vectors, in_pieces
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.scale import scale
from griot.knowledge.search.wide.asked import Listener, Slot
from griot.knowledge.search.wide.postings import Postings

Scores = NDArray[np.float32]

HEAD, FLOOR = 2.0, 0.5
COVER, ENOUGH = 0.8, 0.4  # how much it counts to have all that was said, and from what evidence on it is had
UNWANTED = 0.6  # taken from what has the thing that is not wanted
EXTRA = 0.25  # weight of two words that stand together as they were said
_NOTHING, _SAME = 0.1, 0.9  # cosines of a search and a title about different things, and about the same
MEANT, MEANT_MORE = 0.15, 0.45  # weight of meaning beside words, and how much more where words explain nothing
KIN, KIN_BEST = 0.2, 10  # the same for categories
ALIKE, ALIKE_BEST = 0.1, 10  # weight of likeness to the best, and how many those are
_RERANKED = 300
_BATCH = 256  # titles that are embedded in one go
TITLE_WORDS = 12  # what a long title says first is what the article is; the model's time grows with each word


@dataclass(frozen=True, slots=True)
class Ranked:
    """``scores`` of all products, 0 to 1; ``words`` and ``meaning``: the parts they are made from."""

    scores: Scores
    words: Scores
    meaning: Scores
    slots: Sequence[Slot]


class Ranker:
    """Knows words from the start and meaning once `deepen` is done; without an embedder only words count."""

    def __init__(self, products: Sequence[Product], embedder: Embedder | None, glossary: Glossary) -> None:
        self._products = products
        names = {category: number for number, category in enumerate(dict.fromkeys(p.category for p in products))}
        self._categories = np.asarray([names[product.category] for product in products], dtype=np.int64)
        self.postings = Postings(products, glossary)
        self._listener = Listener(self.postings, glossary)
        self._embedder = embedder
        self._vectors: Vectors | None = None

    def deepen(self) -> None:
        """Embed the titles. Searches go on meanwhile; the vectors count from the moment they are all there."""
        if self._embedder is not None:
            titles = [title_of(product.title) for product in self._products]
            self._vectors = in_pieces(self._embedder, titles, _BATCH)

    def rank(self, text: str, *, meaning: bool = True) -> Ranked:
        """All products, scored. Without ``meaning`` words alone count, which takes no model."""
        slots = self._listener.slots(text)
        words = self._worded(slots)
        nothing = np.zeros(self.postings.count, dtype=np.float32)
        vectors = self._vectors
        if vectors is None or not meaning or not len(vectors):
            words = self._without(words, slots)
            return Ranked(words, words, nothing, slots)
        meant = self._meant(vectors, text, slots)
        best = float(words.max(initial=0.0))
        weight = MEANT + MEANT_MORE * (1 - best)
        scores = self._without(((1 - weight) * words + weight * meant).astype(np.float32), slots)
        _favour_alike(scores, vectors)
        self._favour_kin(scores)
        return Ranked(scores, words, meant, slots)

    def _favour_kin(self, scores: Scores) -> None:
        """Lift, of the best, those of the categories that the very best are of."""
        first = _leading(scores)
        best = first[:KIN_BEST]
        shares = np.bincount(self._categories[best], weights=scores[best], minlength=self._categories.max() + 1)
        total = float(shares.sum())
        if total > 0:
            scores[first] *= 1 + KIN * (shares / total)[self._categories[first]].astype(np.float32)

    def _without(self, scores: Scores, slots: Sequence[Slot]) -> Scores:
        """Lower what has a thing that must not be."""
        for slot in slots:
            if slot.unwanted:
                scores = scores * (1 - UNWANTED * np.minimum(self._slot(slot) / ENOUGH, 1))
        return scores

    def _worded(self, slots: Sequence[Slot]) -> Scores:
        """Which share of what was said each product has, what few products have counting more.

        Having something of everything counts beside how well it is had.
        """
        slots = [slot for slot in slots if not slot.unwanted]
        total = sum(_weight(slot) for slot in slots if not slot.extra)
        scores = np.zeros(self.postings.count, dtype=np.float32)
        if not total:
            return scores
        extra = 0.0
        covered = np.zeros(self.postings.count, dtype=np.float32)
        for slot in slots:
            weight = _weight(slot)
            extra += weight if slot.extra else 0.0
            had = self._slot(slot)
            scores += weight * had
            if not slot.extra:
                covered += weight * np.minimum(had / ENOUGH, 1)
        return scores / (total + extra) * (1 - COVER + COVER * covered / total)

    def _slot(self, slot: Slot) -> Scores:
        """How much of one thing said each product has, by the name that fits best."""
        best = np.zeros(self.postings.count, dtype=np.float32)
        for together, sure in slot.names.items():
            if len(together) == 1:
                numbers, told = self.postings.of(together[0])
                best[numbers] = np.maximum(best[numbers], told * sure)
            else:
                joint = np.full(self.postings.count, np.inf, dtype=np.float32)
                for name in together:
                    one = np.zeros(self.postings.count, dtype=np.float32)
                    numbers, told = self.postings.of(name)
                    one[numbers] = told
                    joint = np.minimum(joint, one)
                best = np.maximum(best, joint * sure)
        return best

    def _meant(self, vectors: Vectors, text: str, slots: Sequence[Slot]) -> Scores:
        assert self._embedder is not None
        spoken = self._listener.spoken(text, slots)
        vector = self._embedder.embed([spoken])[0]
        cosines = scale(self._embedder).bring(_products(vectors, vector))
        meant: Scores = np.clip((cosines - _NOTHING) / (_SAME - _NOTHING), 0, 1).astype(np.float32)
        return meant


def _favour_alike(scores: Scores, vectors: Vectors) -> None:
    """Lift, of the best, those that are like most of the very best: they show what is meant."""
    first = _leading(scores)
    best = first[:ALIKE_BEST]
    centre = scores[best] @ vectors[best]
    length = float(np.linalg.norm(centre))
    if length > 0:
        alike = _products(vectors[first], centre / length)
        least = float(alike.min(initial=1.0))
        scores[first] += ALIKE * (alike - least) * scores[first]


def _leading(scores: Scores) -> NDArray[np.intp]:
    """The places of the best, best first."""
    first = np.argpartition(-scores, min(_RERANKED, len(scores) - 1))[:_RERANKED]
    return first[np.argsort(-scores[first], kind="stable")]


def _products(vectors: Vectors, vector: Vectors) -> Vectors:
    """Every row times a vector. BLAS would wake a thread a core: on a busy machine that takes five times as long."""
    products: Vectors = np.einsum("ij,j->i", vectors, vector)
    return products


def title_of(title: str) -> str:
    """What of a title is embedded."""
    return " ".join(title.split()[:TITLE_WORDS])


def _weight(slot: Slot) -> float:
    if slot.extra:
        return EXTRA * slot.rarity
    return (FLOOR + (1 - FLOOR) * slot.rarity) * (HEAD if slot.head else 1.0)
