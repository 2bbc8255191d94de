"""The meaning lane: vectors of products against the vector of what a buyer said."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.embedding import Embedder
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.scale import scale
from griot.knowledge.search.sentence import Piece

Scores = NDArray[np.float64]

MOST = 0.7  # a likeness of meaning alone is never sure
_NOTHING, _SAME = 0.28, 0.74  # cosines of texts about different things and about the same thing


class Meaning:
    """Vectors of titles, and of titles with what is written about them; a product is as near as the nearer of both."""

    def __init__(self, products: Sequence[Product], embedder: Embedder, glossary: Glossary) -> None:
        self._embedder = embedder
        self._glossary = glossary
        titles = [product.title for product in products]
        told = [f"{p.title}. {p.category}. {p.description[:160]}".strip(" .") for p in products]
        vectors = embedder.embed(titles + told)
        self._titles, self._told = vectors[: len(titles)], vectors[len(titles) :]

    def scores(self, words: str, said: Sequence[Piece]) -> tuple[Scores, Scores]:
        """The calibrated score of every product, and the cosine it comes from."""
        text = " ".join(self._in_french(piece) for piece in said if piece.part in ("content", "glue")) or words
        vector = self._embedder.embed([text])[0]
        cosines = np.maximum(self._titles @ vector, self._told @ vector).astype(np.float64)
        similar = scale(self._embedder).bring(cosines)
        near = np.clip((similar - _NOTHING) / (_SAME - _NOTHING), 0, 1)
        spread = similar.std() + 0.02
        above = np.clip((similar - similar.mean()) / (3 * spread), 0, 1)
        return MOST * near**1.2 * (0.55 + 0.45 * above) if len(similar) > 3 else MOST * near**1.2, similar

    def _in_french(self, piece: Piece) -> str:
        """A Malagasy or Wolof word in French, which the model knows; any other word as it is."""
        return self._glossary.translated(piece.word.text) or piece.word.text
