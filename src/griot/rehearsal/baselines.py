"""What a shop would have without our search: BM25, PostgreSQL's full text, embeddings alone."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from math import log

import numpy as np
import psycopg
from numpy.typing import NDArray

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.embedding import Embedder, in_pieces

Find = Callable[[str], list[str]]  # words -> product codes, best first

MOST = 10
_WORD = re.compile(r"[^\W_]+")
_K1, _B = 1.2, 0.75  # as Lucene and its heirs have them
_BATCH = 256  # titles that are embedded in one go


def bm25(products: Sequence[Product]) -> Find:
    """BM25 over title, category and description as one text, words in lower case."""
    texts = [_words(product) for product in products]
    mean = sum(map(len, texts)) / max(1, len(texts)) or 1.0
    numbers: dict[str, list[int]] = defaultdict(list)
    told: dict[str, list[float]] = defaultdict(list)
    for number, words in enumerate(texts):
        for word, count in Counter(words).items():
            numbers[word].append(number)
            told[word].append(count / (count + _K1 * (1 - _B + _B * len(words) / mean)))
    postings = {
        word: (
            np.asarray(owners),
            np.asarray(told[word]) * log(1 + (len(texts) - len(owners) + 0.5) / (len(owners) + 0.5)),
        )
        for word, owners in numbers.items()
    }

    def find(query: str) -> list[str]:
        scores = np.zeros(len(products))
        for word in _WORD.findall(query.lower()):
            if word in postings:
                owners, weights = postings[word]
                scores[owners] += weights
        return _first(products, scores)

    return find


def embeddings(products: Sequence[Product], embedder: Embedder) -> Find:
    """The cosine of the query and the title."""
    vectors = in_pieces(embedder, [product.title for product in products], _BATCH)
    return lambda query: _first(products, vectors @ embedder.embed([query])[0])


def full_text(products: Sequence[Product], connection: psycopg.Connection) -> Find:
    """PostgreSQL's text search, any of the words (``|``), ranked by ts_rank_cd; in a temporary table."""
    connection.execute(
        "DROP TABLE IF EXISTS pg_temp.bench_products;"
        " CREATE TEMPORARY TABLE bench_products (n int, code text, words text,"
        " document tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED);"
        " CREATE INDEX ON bench_products USING gin (document)"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY pg_temp.bench_products (n, code, words) FROM STDIN") as copy,
    ):
        for number, product in enumerate(products):
            copy.write_row((number, product.code, " ".join(_words(product))))

    def find(query: str) -> list[str]:
        asked = " | ".join(_WORD.findall(query.lower()))
        rows = connection.execute(
            "SELECT code FROM pg_temp.bench_products, to_tsquery('simple', %s) asked WHERE document @@ asked"
            " ORDER BY ts_rank_cd(document, asked) DESC, n LIMIT %s",
            (asked, MOST),
        )
        return [row[0] for row in rows.fetchall()] if asked else []

    return find


def _words(product: Product) -> list[str]:
    return _WORD.findall(f"{product.title} {product.category} {product.description}".lower())


def _first(products: Sequence[Product], scores: NDArray[np.floating]) -> list[str]:
    return [products[n].code for n in np.argsort(-scores, kind="stable")[:MOST] if scores[n] > 0]
