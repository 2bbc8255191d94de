"""Twenty thousand products in one shop are searched within a turn. Processor time: a busy machine does not count."""

import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from griot.knowledge.search.embedding import Vectors, embedder
from griot.knowledge.search.index import Index
from griot.rehearsal.invented import electronics
from griot.rehearsal.judged import Judged

SIZE = 20_000


class Hasty:
    """The embedded model for what is searched; for a catalogue, vectors of no meaning, which cost no time."""

    model = "hasty"
    dimension = embedder().dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) < 20:
            return embedder().embed(texts)
        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def judged() -> Judged:
    return electronics(SIZE, 150)


@pytest.fixture(scope="module")
def built(judged: Judged) -> tuple[Index, float]:
    embedder().embed(["load the model"])
    began = time.thread_time()
    index = Index.build({product.code: product for product in judged.products}, {}, Hasty())
    return index, time.thread_time() - began


def p95(ask: Callable[[str], object], judged: Judged) -> float:
    """Milliseconds."""
    spent = []
    for query in judged.queries:
        began = time.thread_time()
        ask(query.words)
        spent.append((time.thread_time() - began) * 1000)
    return sorted(spent)[int(len(spent) * 0.95)]


def test_a_search_takes_milliseconds(built: tuple[Index, float], judged: Judged) -> None:
    assert p95(built[0].products, judged) < 20  # 8 where this was written


def test_reading_a_message_leaves_a_turn_its_time(built: tuple[Index, float], judged: Judged) -> None:
    assert p95(built[0].mentions, judged) < 40  # 17 where this was written


def test_the_words_of_a_catalogue_are_indexed_in_seconds(built: tuple[Index, float]) -> None:
    assert SIZE / built[1] > 2000  # a second; 6,000 where this was written
