"""The search of one shop, in memory: built once for a version of the catalogue, then asked."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from griot.knowledge.catalogue.models import Product
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.embedding import Embedder
from griot.knowledge.search.glossary import Glossary, glossary
from griot.knowledge.search.meaning import Meaning
from griot.knowledge.search.mentions import LEAST, Options, mentions
from griot.knowledge.search.models import Hit, Mention
from griot.knowledge.search.naming import SURE, Naming, Run
from griot.knowledge.search.questions import Questions
from griot.knowledge.search.sentence import Piece, pieces
from griot.knowledge.search.spelled import codes_in
from griot.knowledge.search.vocabulary import Vocabulary
from griot.knowledge.search.wide.catalogue import WideCatalogue
from griot.knowledge.search.wishes import Wishes
from griot.knowledge.search.words import fold, split

LARGE = 1000  # products from which on a shop is searched as a wide catalogue
_CANDIDATES = 16  # of each breath of a message, in a wide catalogue

_FOREIGN = 0.6  # what is left of a likeness when the buyer names something that is not sold here


class Index:
    """Finds products and FAQ entries from the words of a buyer. Scores of different queries can be compared.

    Products: from 0.75 the buyer surely means this one, from 0.45 it is plausible, under 0.3 it has nothing to do with
    the words. FAQ: from 0.6 the entry answers.
    """

    def __init__(
        self, products: Sequence[Product], faq: Sequence[FaqEntry], embedder: Embedder | None, words: Glossary
    ) -> None:
        self._wide = WideCatalogue(products, embedder, words) if len(products) > LARGE else None
        self._glossary = words
        self._questions = Questions(faq, embedder, words)
        products = () if self._wide else products
        self._products = products
        self._vocabulary = _vocabulary(products, words)
        self._codes = {fold(product.code): number for number, product in enumerate(products)}
        self._naming = Naming(products, words)
        self._options = Options(products, words)
        self._meaning = Meaning(products, embedder, words) if embedder and products else None

    @classmethod
    def build(
        cls,
        products: Mapping[str, Product],
        faq: Mapping[str, FaqEntry],
        embedder: Embedder | None,
        words: Glossary | None = None,
    ) -> "Index":
        """Index what a shop sells and answers. Without an embedder only words count. ``words``: the shop's glossary."""
        index = cls(tuple(products.values()), tuple(faq.values()), embedder, words or glossary())
        index.deepen()
        return index

    @property
    def is_large(self) -> bool:
        """Whether it is searched as a wide catalogue, whose meaning only counts after `deepen`."""
        return self._wide is not None

    def deepen(self) -> None:
        """Embed a wide catalogue, which takes a second for each thousand products; searches may go on meanwhile."""
        if self._wide:
            self._wide.deepen()

    def products(self, words: str, k: int = 5, wishes: Wishes | None = None) -> list[Hit]:
        """The ``k`` products that the words most likely mean, best first; none when they name nothing at all.

        ``wishes``: only products that fit them.
        """
        if self._wide:
            return self._wide.products(words, k, wishes)
        said = self._read(words)
        scores = np.zeros(len(self._products))
        why: dict[int, str] = {}
        for run in reversed(self._runs(said)):
            if run.score >= scores[run.product]:
                scores[run.product] = run.score
                why[run.product] = "; ".join(run.why[:3])
        if self._meaning and any(piece.part == "content" for piece in said):
            meant, similar = self._meaning.scores(words, said)
            if any(self._is_foreign(piece) for piece in said):
                meant = meant * _FOREIGN
            lifted = scores + (1 - scores) * 0.15 * meant * (scores > 0)
            lifted = np.where(scores < SURE, np.minimum(lifted, SURE - 0.002), lifted)
            for number in np.flatnonzero(meant > scores):
                why[int(number)] = f"meaning {similar[number]:.2f}"
            scores = np.maximum(lifted, meant)
        if wishes:
            scores = scores * wishes.fitting(self._products)
        best = np.argsort(-scores, kind="stable")[:k]
        return [
            Hit(
                self._products[n].code,
                self._products[n].title,
                round(float(min(scores[n], 1.0)), 3),
                why.get(int(n), ""),
            )
            for n in best
            if scores[n] > 0.02
        ]

    def faq(self, words: str, k: int = 5) -> list[Hit]:
        """The ``k`` FAQ entries that answer the words best, best first."""
        return self._questions.find(words, k)

    def mentions(self, words: str) -> list[Mention]:
        """The products that a free message names, in its order, with the options said next to each."""
        if self._wide:
            few = self._wide.candidates(words, _CANDIDATES)
            return Index(few, (), None, self._glossary).mentions(words)
        said = self._read(words)
        return mentions(said, self._runs(said), self._products, self._options)

    def _read(self, words: str) -> list[Piece]:
        return pieces(words, self._glossary, self._vocabulary)

    def _is_foreign(self, piece: Piece) -> bool:
        """Whether a word names an article that the shop has not."""
        return piece.part == "content" and not piece.found and self._glossary.is_article(piece.word.text)

    def _runs(self, said: Sequence[Piece]) -> list[Run]:
        """Codes and names; a code in two words gives way to a longer name ("coque iphone 13" is no IPHONE13)."""
        named = self._naming.runs(said)
        sure = [run for run in named if run.score >= SURE]
        coded = [
            code
            for code in codes_in(said, self._codes, self._ordinary)
            if code.score == 1 or not any(_outdoes(run, code, sure) for run in named)
        ]
        spoken = {at for run in coded for at in run.matched}
        return [*coded, *(run for run in named if not spoken.intersection(run.matched))]

    def _ordinary(self, word: str) -> bool:
        words = self._glossary
        return words.role(word) is not None or bool(words.senses(word)) or self._vocabulary.titled(word, code=False)


def _outdoes(run: Run, code: Run, sure: Sequence[Run]) -> bool:
    """Whether the letters of a code in two words belong to a name: "coque iphone 13", "chemise wax" before "1 en M"."""
    if run in sure and run.matched.keys() > code.matched.keys():
        return True
    begins_before = run.first < code.first and code.first in run.matched
    return begins_before and not run.weak and run.product != code.product and run.score >= LEAST


def _vocabulary(products: Iterable[Product], words: Glossary) -> Vocabulary:
    vocabulary = Vocabulary(words)
    for number, product in enumerate(products):
        vocabulary.add(number, "title", split(product.title))
        vocabulary.add(number, "category", split(product.category))
        vocabulary.add(number, "description", split(product.description))
        letters = fold(product.code).rstrip("0123456789")
        if len(letters) > 2:
            vocabulary.add(number, "code", split(letters))
        values = dict.fromkeys(str(value) for variant in product.variants for value in variant.options.values())
        for value in values:
            vocabulary.add(number, "option", split(value))
    vocabulary.seal()
    return vocabulary
