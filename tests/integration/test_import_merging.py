"""An import in a real database: products with codes and stock, nothing doubled, what a vendor corrected kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from griot.core.db.pool import Database
from griot.core.errors import Conflict
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import Product
from griot.knowledge.importing.merging import queries
from griot.knowledge.importing.merging.service import carry_out, planned, terms_of
from griot.knowledge.importing.models import Found, FoundProduct, FoundVariant
from griot.tools.shops.service import create_shop

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
DRESS = FoundProduct(
    "Robe wax",
    Decimal(15000),
    currency="XOF",
    source_id="7",
    description="Coton, cousue main",
    images=("https://boutique.example/robe.jpg",),
    variants=(
        FoundVariant({"taille": "S"}, stock=3),
        FoundVariant({"taille": "M"}, stock=0, price=Decimal(16000)),
    ),
)
BAG = FoundProduct("Sac à main", Decimal(9000), currency="XOF", source_id="8", stock=2)


class Desk:
    """A merchant who imports from one address, and looks at the catalogue."""

    def __init__(self, db: Database, shop: Shop) -> None:
        self.db, self.shop = db, shop

    async def bring(self, *products: FoundProduct, **more: Any) -> dict[str, Any]:
        async with self.db.transaction(self.shop.id) as tx:
            source = await queries.save_source(
                tx, "https://boutique.example", currency=None, pieces=None, mapping=None, now=NOW
            )
            found = Found("shopify", products)
            steps = await planned(tx, found, terms_of(source, self.shop.currency), source["id"])
        return await carry_out(self.db, self.shop.id, source["id"], found.kind, steps, NOW, **more)

    async def products(self) -> dict[str, Product]:
        async with self.db.transaction(self.shop.id) as tx:
            return await catalogue.codes(tx)

    async def free(self) -> dict[str, int]:
        products = await self.products()
        variants = {v.id: f"{code} {v.label}".strip() for code, p in products.items() for v in p.variants}
        async with self.db.transaction(self.shop.id) as tx:
            levels = await catalogue.availability(tx, variants, NOW)
        return {variants[at]: pieces for at, pieces in levels.items()}


@pytest.fixture
async def desk(db: Database, database_url: str) -> Desk:
    return Desk(db, await create_shop(database_url, name="Chez Aminata", now=NOW))


def counts(report: dict[str, Any]) -> Sequence[int]:
    return [report[name] for name in ("new", "changed", "unchanged", "gone")]


async def test_what_was_found_is_on_sale(desk: Desk) -> None:
    assert counts(await desk.bring(DRESS, BAG)) == [2, 0, 0, 0]
    products = await desk.products()
    dress = products["ROBE1"]
    assert (dress.title, dress.price, dress.image_url) == ("Robe wax", Money(15000, "XOF"), DRESS.images[0])
    assert [(v.label, v.price.minor) for v in dress.variants] == [("S", 15000), ("M", 16000)]
    assert await desk.free() == {"ROBE1 S": 3, "ROBE1 M": 0, "SAC1": 2}


async def test_importing_again_doubles_nothing(desk: Desk) -> None:
    await desk.bring(DRESS, BAG)
    assert counts(await desk.bring(DRESS, BAG)) == [0, 0, 2, 0]
    assert list(await desk.products()) == ["ROBE1", "SAC1"]


async def test_changes_of_the_source_come_in(desk: Desk) -> None:
    await desk.bring(DRESS, BAG)
    variants = (
        replace(DRESS.variants[0], stock=1),
        replace(DRESS.variants[1], stock=4),
        FoundVariant({"taille": "L"}, stock=6),
    )
    report = await desk.bring(replace(DRESS, price=Decimal(14000), variants=variants))
    assert counts(report) == [0, 1, 0, 1]
    assert {line["code"]: line["what"] for line in report["changes"]} == {
        "ROBE1": [
            "price: 15000 -> 14000",
            "stock taille=S: -2",
            "stock taille=M: +4",
            "new variant taille=L",
        ],
        "SAC1": ["off sale"],
    }
    (dress,) = (await desk.products()).values()
    assert [(v.label, v.price.minor) for v in dress.variants] == [("S", 14000), ("M", 16000), ("L", 14000)]
    assert await desk.free() == {"ROBE1 S": 1, "ROBE1 M": 4, "ROBE1 L": 6}


async def test_what_buyers_hold_is_never_taken_out(desk: Desk) -> None:
    await desk.bring(BAG)
    (bag,) = (await desk.products()).values()
    async with desk.db.transaction(desk.shop.id) as tx:
        await tx.execute("UPDATE stock_levels SET on_hand = 0, held = 2 WHERE variant_id = %s", (bag.variants[0].id,))
    await desk.bring(replace(BAG, stock=0))
    async with desk.db.transaction(desk.shop.id) as tx:
        row = await (await tx.execute("SELECT on_hand, held, sold, received FROM stock_levels")).fetchone()
    assert row == {"on_hand": 0, "held": 2, "sold": 0, "received": 2}


async def test_all_of_it_or_nothing(desk: Desk) -> None:
    many = [replace(BAG, title=f"Sac {n}", source_id=str(n)) for n in range(600)]
    async with desk.db.transaction(desk.shop.id) as tx:
        source = await queries.save_source(tx, "sacs.csv", currency=None, pieces=None, mapping=None, now=NOW)
        steps = await planned(tx, Found("csv", tuple(many)), terms_of(source, "XOF"), source["id"])
        await catalogue.create_product(
            tx, code=steps.steps[-1].code, title="Autre", price=Money(1, "XOF"), stock=1, now=NOW
        )
    with pytest.raises(Conflict):
        await carry_out(desk.db, desk.shop.id, source["id"], "csv", steps, NOW, whole=True)
    assert len(await desk.products()) == 1


async def test_progress_is_told(desk: Desk) -> None:
    told: list[tuple[int, int]] = []
    many = [replace(BAG, title=f"Sac {n}", source_id=str(n)) for n in range(1200)]
    await desk.bring(*many, progress=lambda done, of: told.append((done, of)))
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]
    assert len(await desk.products()) == 1200


async def test_a_source_with_a_schedule_is_due_once_a_time(desk: Desk) -> None:
    await desk.bring(BAG)
    async with desk.db.transaction(desk.shop.id) as tx:
        assert await queries.schedule(tx, "https://nowhere.example", 60, NOW) is None
        assert await queries.schedule(tx, "https://boutique.example", 60, NOW) is not None
    later = NOW + timedelta(minutes=60)
    async with desk.db.anywhere() as connection:
        rows = await (await connection.execute("SELECT door_sources(%s) AS shop_id", (later,))).fetchall()
    assert [row["shop_id"] for row in rows] == [desk.shop.id]
    async with desk.db.transaction(desk.shop.id) as tx:
        assert await queries.take_due(tx, NOW, later) == []
        assert len(await queries.take_due(tx, later, later + timedelta(minutes=15))) == 1
        assert await queries.take_due(tx, later, later + timedelta(minutes=15)) == []
    await desk.bring(BAG)
    async with desk.db.transaction(desk.shop.id) as tx:
        (source,) = await queries.sources(tx)
    assert (source["next_at"], source["products"], source["report"]["unchanged"]) == (later, 1, 1)


async def test_a_catalogue_that_is_read_in_several_goes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_AT_ONCE", 2)
    many = [replace(BAG, title=f"Sac {n}", source_id=str(n)) for n in range(5)]
    assert counts(await desk.bring(*many)) == [5, 0, 0, 0]
    assert counts(await desk.bring(*many)) == [0, 0, 5, 0]
    assert counts(await desk.bring(*many[:4])) == [0, 0, 4, 1]
