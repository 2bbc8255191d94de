"""Cosines of one model in the terms of another.

What a cosine of 0.6 means differs from model to model: some put every two texts over 0.7. The lanes are calibrated for
the embedded model; the cosines of any other are measured once on the same few pairs of texts and brought to its scale.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from griot.knowledge.search.embedding import Embedder, SentenceEncoder

_ALIKE = (
    ("robe rouge", "une robe de couleur rouge"),
    ("sac pour ordinateur portable", "laptop bag"),
    ("chaussures de sport", "running shoes"),
    ("wireless earbuds", "bluetooth in-ear headphones"),
    ("gâteau au chocolat", "chocolate cake"),
    ("savon pour les mains", "hand soap"),
    ("vélo pour enfant", "child's bicycle"),
    ("huile de cuisine", "cooking oil"),
)
_EMBEDDED_APART, _EMBEDDED_ALIKE = 0.186, 0.824  # of the embedded model on these pairs; a test measures them again


class Scale(NamedTuple):
    """``apart``, ``alike``: mean cosines of texts about different things and about the same."""

    apart: float
    alike: float

    def bring(self, cosines: NDArray[Any]) -> NDArray[Any]:
        """Cosines of this model as the embedded one would give them."""
        width = max(self.alike - self.apart, 0.05)
        return _EMBEDDED_APART + (cosines - self.apart) * ((_EMBEDDED_ALIKE - _EMBEDDED_APART) / width)


EMBEDDED = Scale(_EMBEDDED_APART, _EMBEDDED_ALIKE)
_MEASURED: dict[str, Scale] = {}


def scale(embedder: Embedder) -> Scale:
    """The scale of a model; measured by the first who asks."""
    if embedder.model == SentenceEncoder.model:
        return EMBEDDED
    if embedder.model not in _MEASURED:
        measured = measure(embedder)
        if not measured.alike:  # the model cannot be reached now
            return EMBEDDED
        _MEASURED[embedder.model] = measured
    return _MEASURED[embedder.model]


def measure(embedder: Embedder) -> Scale:
    """Embed the pairs and compare each text with its like and with all others."""
    vectors = embedder.embed([text for pair in _ALIKE for text in pair])
    left, right = vectors[::2], vectors[1::2]
    cosines = left @ right.T
    alike = float(np.diag(cosines).mean())
    others = cosines[~np.eye(len(_ALIKE), dtype=bool)]
    return Scale(float(others.mean()), alike)
