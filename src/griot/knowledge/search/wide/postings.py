"""Which products have which terms, and how much each term tells of each: BM25F over title, category and the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.wide.terms import FENCES, IDLE, denied, missing, term, terms, tokens
from griot.knowledge.search.words import split

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]

SATURATION = 0.5  # k1
LISTED = 0.6  # of what is said in a title after its first comma
BEYOND_FENCE = 0.6  # of what a title says the article is only meant for
_CONCEPT = 0.9
_FEW_NAMES = 3  # titles that end their name with a word before it is taken for a kind of article
_KIND, _KIND_LISTED = 0.3, 0.1  # of the titles that have it; less where it names a category, too
_LONGEST = 400  # words of a description that are read


class Field(NamedTuple):
    """Where a term stands. ``crowded``: how much a long text makes each of its terms weigh less (b), 0 to 1."""

    name: str
    weight: float
    crowded: float


TITLE, CATEGORY, TOLD = Field("title", 3.2, 0.35), Field("category", 1.2, 0.2), Field("description", 0.4, 0.7)
FIELDS = (TITLE, CATEGORY, TOLD)


class Postings:
    """Immutable. Products go by their number in the sequence given."""

    def __init__(self, products: Sequence[Product], glossary: Glossary) -> None:
        self.count = len(products)
        self.ids: dict[str, int] = {}
        self.spelled: dict[str, str] = {}  # term of a title or category -> a word that it stands for
        self.pairs: dict[str, tuple[str, str]] = {}  # two words of a title in one -> their terms
        self.titled: Counter[str] = Counter()  # term -> titles that have it
        self._heads: Counter[str] = Counter()  # term -> titles whose name ends with it
        self._kinds: set[str] = set()  # terms of categories
        builder = _Builder(self.ids)
        for number, product in enumerate(products):
            self._title(builder, number, product.title, glossary)
            category = tokens(product.category)
            self._spell(category)
            builder.add(CATEGORY, number, [(part.text, 1.0) for part in terms(category)])
            self._kinds.update(term(word) for word in category)
            values = (str(value) for variant in product.variants for value in variant.options.values())
            told = tokens(f"{product.description} {' '.join(dict.fromkeys(values))}")[:_LONGEST]
            builder.add(TOLD, number, [(text, 1.0) for text, _ in _had(told, glossary)])
        self._starts, self._numbers, self._weights = builder.sealed(self.count)

    def of(self, text: str) -> tuple[Numbers, Floats]:
        """The products that have a term, and how much it tells of each: 0 to 1."""
        id_ = self.ids.get(text)
        if id_ is None:
            return _NONE
        span = slice(self._starts[id_], self._starts[id_ + 1])
        return self._numbers[span], self._weights[span]

    def told(self, text: str, number: int) -> float:
        """How much a term tells of one product: 0 to 1."""
        numbers, weights = self.of(text)
        at = int(np.searchsorted(numbers, number))
        return float(weights[at]) if at < len(numbers) and numbers[at] == number else 0.0

    def owners(self, text: str) -> int:
        """How many products have a term."""
        id_ = self.ids.get(text)
        return 0 if id_ is None else int(self._starts[id_ + 1] - self._starts[id_])

    def is_kind(self, text: str) -> bool:
        """Whether a term is what articles are here: enough of the titles that have it end their name with it."""
        titled = self.titled[text]
        share = self._heads[text] / titled if titled else 0.0
        return self._heads[text] >= _FEW_NAMES and share >= (_KIND_LISTED if text in self._kinds else _KIND)

    def rarity(self, owners: int) -> float:
        """How much a term tells that so many products have: 1 when one has it, near 0 when all do."""
        return log(1 + (self.count - owners + 0.5) / (owners + 0.5)) / log(1 + (self.count + 0.5) / 1.5 + 1e-9)

    def _title(self, builder: "_Builder", number: int, title: str, glossary: Glossary) -> None:
        words = tokens(title)
        self._spell(words)
        weights, named, fenced = [], True, False
        self._heads.update(_ends(words))
        for word in words:
            if word in FENCES:
                fenced = True
            elif word in ",;|(":
                named = fenced = False
            weights.append(BEYOND_FENCE if fenced else 1.0 if named else LISTED)
        found = [(text, weights[at]) for text, at in _had(words, glossary)]
        builder.add(TITLE, number, found)
        self.titled.update({text for text, _ in found})
        spoken = split(title)
        for at in range(len(spoken)):
            for phrase in glossary.at(spoken, at):
                builder.add_beside(
                    TITLE, number, [(f"={sense.concept}", _CONCEPT) for sense in phrase.senses if sense.strength == 1]
                )
        for left, right in pairwise(words):
            if left.isalpha() and right.isalpha() and len(left) > 2 and len(right) > 2:
                self.pairs.setdefault(term(left + right), (term(left), term(right)))

    def _spell(self, words: Iterable[str]) -> None:
        for word in words:
            if word.isalpha():
                self.spelled.setdefault(term(word), word)


def _had(words: list[str], glossary: Glossary) -> Iterator[tuple[str, int]]:
    """The terms of a text and the places of their words; what an article has not is a term of its own."""
    lacking = {what for at, what in denied(words) if not _idiom(words[at:], glossary)}
    for part in terms(words):
        yield missing(part.text) if part.at in lacking else part.text, part.at


def _idiom(words: Sequence[str], glossary: Glossary) -> bool:
    """Whether what seems to be missing is the name of something: "sans fil"."""
    return any(phrase.length > 1 for phrase in glossary.at(split(" ".join(words[:4])), 0))


def _ends(words: Sequence[str]) -> Iterator[str]:
    """The term that the name in a title ends with, which in English says what the article is."""
    last = ""
    for word in words:
        if word in FENCES or word in ",;|(":
            if last:
                break
        elif word.isalpha() and len(word) > 2 and word not in IDLE:
            last = word
    if last:
        yield term(last)


class _Builder:
    """Terms of texts, field by field, until all texts are known and a long one can be told from a short one."""

    def __init__(self, ids: dict[str, int]) -> None:
        self._ids = ids
        self._rows: dict[Field, tuple[list[int], list[int], list[float]]] = {field: ([], [], []) for field in FIELDS}
        self._lengths: dict[Field, dict[int, int]] = {field: {} for field in FIELDS}

    def add(self, field: Field, number: int, found: Sequence[tuple[str, float]]) -> None:
        self._lengths[field][number] = len(found)
        self.add_beside(field, number, found)

    def add_beside(self, field: Field, number: int, found: Sequence[tuple[str, float]]) -> None:
        """Terms that make the text no longer."""
        ids, numbers, weights = self._rows[field]
        for text, weight in found:
            ids.append(self._ids.setdefault(text, len(self._ids)))
            numbers.append(number)
            weights.append(weight)

    def sealed(self, count: int) -> tuple[NDArray[np.int64], Numbers, Floats]:
        """Starts of the terms, the products of each, and the weight in each."""
        columns, rows, values = [], [], []
        for field in FIELDS:
            lengths = np.zeros(max(count, 1), dtype=np.float32)
            for number, length in self._lengths[field].items():
                lengths[number] = length
            norm = 1 - field.crowded + field.crowded * lengths / max(float(lengths.mean()), 1.0)
            ids, numbers, weights = self._rows[field]
            at = np.asarray(numbers, dtype=np.int32)
            columns.append(np.asarray(ids, dtype=np.int32))
            rows.append(at)
            values.append(field.weight * np.asarray(weights, dtype=np.float32) / np.maximum(norm[at], 0.05))
        shape = (max(count, 1), max(len(self._ids), 1))
        table = csc_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
        table.sum_duplicates()
        told = table.data / (table.data + SATURATION)
        return table.indptr.astype(np.int64), table.indices.astype(np.int32), told.astype(np.float32)


_NONE = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))
