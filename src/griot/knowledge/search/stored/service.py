"""Stored vectors: made in the background, and brought back into the memory of an embedder."""

import asyncio
from collections.abc import Mapping

import numpy as np

from griot.core.db.pool import Database, Tx
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.embedding import Embedder, Remembering
from griot.knowledge.search.index import LARGE
from griot.knowledge.search.stored import queries
from griot.knowledge.search.wide.ranker import TITLE_WORDS, title_of

AT_ONCE = 256  # titles that are embedded, and written, in one go


def key_of(model: Embedder) -> str:
    """What vectors of titles are filed under: the model, and how much of a title it was given."""
    return f"{model.model}, {TITLE_WORDS} words"


async def recall(tx: Tx, products: Mapping[str, Product], model: Embedder) -> int:
    """Let an embedder remember the titles of a large catalogue that were embedded before; how many."""
    if len(products) <= LARGE or not isinstance(model, Remembering):
        return 0
    if all(model.knows(title_of(product.title)) for product in products.values()):
        return 0
    known = {
        title_of(row["title"]): np.frombuffer(row["vector"], dtype="<f2").astype(np.float32)
        for row in await queries.stored(tx, key_of(model))
    }
    model.learn(known)
    return len(known)


async def embed_missing(db: Database, shop_id: int, model: Embedder, most: int) -> int:
    """Embed and store up to ``most`` titles of a shop that have no vector of this model; how many were.

    No transaction is open while the model works. Vectors of other models stay until every title has one of this model:
    whoever still uses them misses nothing meanwhile.
    """
    done = 0
    while done < most:
        async with db.transaction(shop_id) as tx:
            rows = await queries.unembedded(tx, key_of(model), min(AT_ONCE, most - done))
        if not rows:
            break
        titles = [row["title"] for row in rows]
        vectors = await asyncio.to_thread(model.embed, [title_of(title) for title in titles])
        if not all(vector.any() for vector in vectors):
            break  # the model cannot be reached now
        stored = [vector.astype("<f2").tobytes() for vector in vectors]
        async with db.transaction(shop_id) as tx:
            await queries.store(tx, key_of(model), [row["id"] for row in rows], titles, stored)
        done += len(rows)
    async with db.transaction(shop_id) as tx:
        if not await queries.unembedded(tx, key_of(model), 1):
            await queries.forget_others(tx, key_of(model))
    return done
