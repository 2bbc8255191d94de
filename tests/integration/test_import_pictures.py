"""Pictures of products: fetched once, beside the import, kept, and sent with the words; never a reason to fail."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr

from griot.core.clock import FrozenClock
from griot.core.house import House, open_house
from griot.core.money import Money
from griot.core.settings import Settings
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.importing.pictures import service
from griot.knowledge.importing.pictures.getting import LIMITS
from griot.tools.shops.service import create_shop
from griot.worker.clockwork import Clockwork
from griot.worker.picturing import picture_due
from importing_web import Answer, Asked, Street, open_street

QUICK = replace(LIMITS, pause=0.0)


def photo(colour: str = "red", **headers: str) -> Answer:
    out = BytesIO()
    Image.new("RGB", (2000, 1000), colour).save(out, "PNG")
    return Answer(out.getvalue(), headers={"content-type": "image/png", **headers})


@dataclass
class Shelf:
    """A shop whose products have pictures on the street."""

    house: House
    clock: FrozenClock
    shop: int
    street: Street

    async def put(self, *codes: str, address: str = "/{}.png") -> None:
        place = f"http://127.0.0.1:{self.street.port}{address}"
        rows = [NewProduct(code, code, Money(1000, "XOF"), 1, image_url=place.format(code)) for code in codes]
        async with self.house.db.transaction(self.shop) as tx:
            await catalogue.create_products(tx, rows, self.clock.now())

    def pages(self, **pages: Any) -> None:
        self.street.shop("127.0.0.1", {f"/{code}.png": page for code, page in pages.items()})

    async def fetch(self, **limits: Any) -> int:
        return await picture_due(self.house, replace(QUICK, **limits))

    async def told(self) -> dict[str, Any]:
        async with self.house.db.transaction(self.shop) as tx:
            return await service.overview(tx)

    async def rows(self) -> list[dict[str, Any]]:
        async with self.house.db.transaction(self.shop) as tx:
            return await (await tx.execute("SELECT * FROM product_images ORDER BY product_id")).fetchall()

    async def change(self, statement: str) -> None:
        async with self.house.db.transaction(self.shop) as tx:
            await tx.execute(statement.encode())


@pytest.fixture
async def shelf(database_url: str, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Shelf]:
    config = Settings(
        _env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path, import_allow_loopback=True
    )
    shop = (await create_shop(database_url, name="Chez Awa", now=clock.now())).id
    async with open_street() as street, open_house(config) as house:
        yield Shelf(replace(house, clock=clock), clock, shop, street)


async def test_pictures_are_fetched_once_and_kept_small(shelf: Shelf) -> None:
    shelf.pages(ROBE1=photo(), SAC1=photo("blue"))
    await shelf.put("ROBE1", "SAC1")
    assert (await shelf.told())["waiting"] == 2
    assert await shelf.fetch() == 2
    assert await shelf.fetch() == 0, "not again while the address is the same"
    told = await shelf.told()
    assert (told["kept"], told["waiting"], told["failed"], told["troubles"]) == (2, 0, 0, [])
    assert [(row["width"], row["height"], row["mime"]) for row in await shelf.rows()] == [(1280, 640, "image/jpeg")] * 2
    assert shelf.street.paths() == ["/ROBE1.png", "/SAC1.png"]


async def test_another_address_is_another_picture(shelf: Shelf) -> None:
    shelf.pages(ROBE1=photo(), ROBE2=photo("blue"))
    await shelf.put("ROBE1")
    await shelf.fetch()
    (before,) = await shelf.rows()
    await shelf.change("UPDATE products SET image_url = replace(image_url, 'ROBE1', 'ROBE2')")
    async with shelf.house.db.transaction(shelf.shop) as tx:
        assert not await service.has(tx, before["product_id"]), "the old one is not the product's any more"
    assert await shelf.fetch() == 1
    (after,) = await shelf.rows()
    assert after["content"] != before["content"]


async def test_a_month_later_it_is_asked_for_only_if_it_has_changed(shelf: Shelf) -> None:
    def page(asked: Asked) -> Answer:
        same = asked.headers.get("if-none-match") == '"a"'
        return Answer(status=304) if same else photo(etag='"a"')

    shelf.pages(ROBE1=page)
    await shelf.put("ROBE1")
    await shelf.fetch()
    (first,) = await shelf.rows()
    shelf.clock.advance(timedelta(days=31))
    assert await shelf.fetch() == 1
    (second,) = await shelf.rows()
    assert (second["content"], second["fetched_at"]) == (first["content"], first["fetched_at"])
    assert second["next_at"] > first["next_at"]
    shelf.pages(ROBE1=photo("green", etag='"b"'))
    shelf.clock.advance(timedelta(days=31))
    await shelf.fetch()
    (third,) = await shelf.rows()
    assert (third["etag"], third["content"] == first["content"]) == ('"b"', False)


async def test_pictures_that_no_product_shows_are_dropped(shelf: Shelf) -> None:
    shelf.pages(ROBE1=photo(), SAC1=photo("blue"), BOL1=photo("green"), LIT1=photo("red"))
    await shelf.put("ROBE1", "SAC1", "BOL1")
    await shelf.fetch()
    await shelf.change("UPDATE products SET image_url = '' WHERE code = 'SAC1'")
    await shelf.change("UPDATE products SET active = false WHERE code = 'BOL1'")
    await shelf.put("LIT1")
    await shelf.fetch()
    assert len(await shelf.rows()) == 3, "an article that is off sale may come back"
    shelf.clock.advance(timedelta(days=61))
    await shelf.fetch()
    assert len(await shelf.rows()) == 2
    await shelf.change("UPDATE products SET active = true WHERE code = 'BOL1'")
    assert await shelf.fetch() == 1


async def test_what_cannot_be_had_is_said_and_tried_again_later(shelf: Shelf) -> None:
    shelf.pages(PAGE1="<html>Robe</html>", BIG1=Answer(b"x" * 9_000_000, headers={"content-type": "image/png"}),
                BAD1=Answer(b"GIF89a", headers={"content-type": "image/gif"}), ROBE1=photo())  # fmt: skip
    await shelf.put("PAGE1", "BIG1", "BAD1", "GONE1", "ROBE1")
    await shelf.put("FAR1", address="")
    await shelf.change("UPDATE products SET image_url = 'http://10.0.0.1/x.png' WHERE code = 'FAR1'")
    await shelf.put("NONE1", address="")
    await shelf.change("UPDATE products SET image_url = NULL WHERE code = 'NONE1'")
    assert await shelf.fetch() == 6
    told = await shelf.told()
    assert (told["kept"], told["failed"], told["without"]) == (1, 5, 1)
    why = {one["code"]: one["trouble"] for one in told["troubles"]}
    assert "text/html is no picture" in why["PAGE1"]
    assert "larger than 8 MB" in why["BIG1"]
    assert "no picture that can be read" in why["BAD1"]
    assert "no such page" in why["GONE1"]
    assert "private" in why["FAR1"]
    assert await shelf.fetch() == 0
    shelf.clock.advance(timedelta(hours=2))
    assert await shelf.fetch() == 5


async def test_a_site_that_asks_programs_to_stay_away_is_obeyed(shelf: Shelf) -> None:
    robots = Answer("User-agent: *\nDisallow: /", headers={"content-type": "text/plain"})
    shelf.street.shop("127.0.0.1", {"/robots.txt": robots, "/ROBE1.png": photo()})
    await shelf.put("ROBE1")
    await shelf.fetch()
    assert "robots.txt" in (await shelf.told())["troubles"][0]["trouble"]
    assert shelf.street.paths() == []


async def test_limits_end_one_go_and_the_next_goes_on(shelf: Shelf) -> None:
    shelf.pages(**{f"ROBE{n}": photo() for n in range(4)})
    await shelf.put(*(f"ROBE{n}" for n in range(4)))
    assert await shelf.fetch(requests=3) == 2  # robots.txt is a request, too
    assert (await shelf.told())["waiting"] == 2
    assert await shelf.fetch() == 2


async def test_two_workers_fetch_each_picture_once(shelf: Shelf) -> None:
    shelf.pages(**{f"ROBE{n}": photo() for n in range(6)})
    await shelf.put(*(f"ROBE{n}" for n in range(6)))
    assert sum(await asyncio.gather(shelf.fetch(), shelf.fetch())) == 6
    assert len(shelf.street.paths()) == 6


async def test_a_site_that_asks_to_wait_is_left_alone_for_an_hour(shelf: Shelf) -> None:
    busy = Answer(status=429, headers={"retry-after": "3600"})
    shelf.pages(**{f"ROBE{n}": busy for n in range(3)})
    await shelf.put(*(f"ROBE{n}" for n in range(3)))
    await shelf.fetch()
    assert len(shelf.street.paths()) == 1
    assert "asks for fewer requests" in (await shelf.told())["troubles"][0]["trouble"]
    shelf.clock.advance(timedelta(minutes=30))
    assert await shelf.fetch() == 0
    shelf.pages(**{f"ROBE{n}": photo() for n in range(3)})
    shelf.clock.advance(timedelta(minutes=31))
    assert await shelf.fetch() == 3


async def test_the_clock_brings_it(shelf: Shelf) -> None:
    shelf.pages(ROBE1=photo())
    await shelf.put("ROBE1")
    await Clockwork(shelf.house).app.tasks["pictures"](0)
    assert (await shelf.told())["kept"] == 1
