"""Fitting a classifier to examples: the only place that needs scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from griot.agent.interpreter.features import Floats, Rows

Whole = NDArray[np.int_]

_STRENGTH = 1.0  # of the fit: larger follows the examples more closely
_TOLERANCE = 0.3  # a finer one costs time and changes no decision
_HELD_OUT = 4  # one example of so many is held out to see what scores are worth
_SHARPNESS = np.geomspace(0.5, 20, 25)


def fit(
    vectors: Sequence[tuple[Rows, Floats]], wanted: Whole, origin: Whole, width: int
) -> tuple[Floats, Floats, float]:
    """Weights (features by classes), bias, and the factor that turns scores into probabilities.

    ``wanted``: the class of each vector; ``origin``: which example it is a form of; ``width``: how many features.
    """
    matrix = _matrix(vectors, width)
    model = _model().fit(matrix, wanted)
    return (
        np.ascontiguousarray(model.coef_.T, np.float32),
        model.intercept_.astype(np.float32),
        _sharpness(matrix, wanted, origin),
    )


def _model() -> LinearSVC:
    return LinearSVC(C=_STRENGTH, tol=_TOLERANCE, random_state=0)


def _matrix(vectors: Sequence[tuple[Rows, Floats]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(rows) for rows, _ in vectors)])
    rows, values = (np.concatenate(parts) for parts in zip(*vectors, strict=True))
    return csr_matrix((values, rows, ends), shape=(len(vectors), width))


def _sharpness(matrix: csr_matrix, wanted: Whole, origin: Whole) -> float:
    """The factor under which examples that were not learnt from, in none of their forms, are likeliest.

    Examples stand by class, so that one in so many is held out of each class.
    """
    held = np.flatnonzero(origin % _HELD_OUT == 0)
    learnt = np.flatnonzero(origin % _HELD_OUT)
    model = _model().fit(matrix[learnt], wanted[learnt])
    scores = model.decision_function(matrix[held])
    right = np.arange(len(held)), np.searchsorted(model.classes_, wanted[held])

    def loss(factor: float) -> float:
        scaled = scores * factor
        return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - scaled[right]))

    return float(min(_SHARPNESS, key=loss))
