"""Titles of a large catalogue are embedded once: a restart finds them again, a new title or model comes beside."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from griot.core.clock import FrozenClock
from griot.core.house import House, open_house
from griot.core.money import Money
from griot.core.settings import Settings
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.search.embedding import Remembering, Vectors
from griot.knowledge.search.index import LARGE, Index
from griot.knowledge.search.stored import service
from griot.tools.shops.service import create_shop
from griot.worker.embedding import embed_due


class Counting:
    """An embedder that counts what it is asked for; while it is ``down``, its vectors are zeros."""

    dimension = 8

    def __init__(self, model: str = "counting") -> None:
        self.model = model
        self.texts: list[str] = []
        self.down = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        if self.down:
            return np.zeros((len(texts), 8), dtype=np.float32)
        rows = np.asarray([[len(text), *map(ord, f"{text:7.7}")] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
async def house(database_url: str, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[House]:
    config = Settings(_env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path)
    async with open_house(config) as opened:
        yield opened


@pytest.fixture
async def shop(database_url: str, house: House, clock: FrozenClock) -> int:
    made = await create_shop(database_url, name="Chez Rakoto", now=clock.now())
    rows = [NewProduct(f"ART{n}", f"Article {n} en bois", Money(1000, "XOF"), 1) for n in range(LARGE + 20)]
    async with house.db.transaction(made.id) as tx:
        await catalogue.create_products(tx, rows, clock.now())
    return made.id


async def test_each_title_is_embedded_once(house: House, shop: int) -> None:
    model = Counting()
    assert await embed_due(house, model) == LARGE + 20
    assert await embed_due(house, model) == 0
    assert len(model.texts) == LARGE + 20
    async with house.db.transaction(shop) as tx:
        await tx.execute("UPDATE products SET title = 'Chaise longue' WHERE code = 'ART7'")
    assert await embed_due(house, model) == 1
    assert model.texts[-1] == "Chaise longue"


async def test_a_restart_embeds_nothing(house: House, shop: int) -> None:
    await embed_due(house, Counting())
    fresh = Counting()
    memory = Remembering(fresh)
    async with house.db.transaction(shop) as tx:
        products = await catalogue.codes(tx)
        assert await service.recall(tx, products, memory) == LARGE + 20
        assert await service.recall(tx, products, memory) == 0
    Index.build(products, {}, memory)
    assert fresh.texts == []
    assert np.allclose(memory.embed(["Article 3 en bois"]), fresh.embed(["Article 3 en bois"]), atol=1e-3)


async def test_another_model_takes_the_place_of_the_first_once_it_knows_every_title(house: House, shop: int) -> None:
    await embed_due(house, Counting())
    await service.embed_missing(house.db, shop, Counting("another"), LARGE)
    assert await recalled(house, shop, Counting()) == LARGE + 20, "the first one serves until the other is ready"
    await service.embed_missing(house.db, shop, Counting("another"), 20)
    assert await recalled(house, shop, Counting("another")) == LARGE + 20
    assert await recalled(house, shop, Counting()) == 0


async def recalled(house: House, shop: int, model: Counting) -> int:
    async with house.db.transaction(shop) as tx:
        return await service.recall(tx, await catalogue.codes(tx), Remembering(model))


async def test_a_model_that_is_down_stores_nothing(house: House, shop: int) -> None:
    model = Counting()
    model.down = True
    assert await embed_due(house, model) == 0
    model.down = False
    assert await embed_due(house, model) == LARGE + 20


async def test_a_small_shop_needs_none(house: House, database_url: str, clock: FrozenClock) -> None:
    made = await create_shop(database_url, name="Petite boutique", now=clock.now())
    async with house.db.transaction(made.id) as tx:
        await catalogue.create_products(tx, [NewProduct("R1", "Robe", Money(1000, "XOF"), 1)], clock.now())
        assert await service.recall(tx, await catalogue.codes(tx), Remembering(Counting())) == 0
    assert await embed_due(house, Counting("small shops")) == 0
