"""A merchant keeps the catalogue at a phone: brings a shop in, changes a price, counts what came."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from console_world import LAPTOP, Console, Seat, open_console
from griot.core.db.pool import Database
from griot.knowledge.catalogue.service import codes
from griot.knowledge.importing.jobs.running import run_next
from griot.rehearsal.books import MOVEMENTS, STOCK, imbalances
from house_world import Number
from importing_goods import cards, page
from importing_web import Street, open_street

GOODS = [
    ("Robe brodée", "22000", "/p/robe"),
    ("Sac <b>tressé</b>", "12000", "/p/sac"),
    ("Boubou", "45000", "/p/boubou"),
]


@pytest.fixture
async def console(database_url: str, db: Database, chromium: Any, tmp_path: Path) -> AsyncIterator[Console]:
    """A console whose imports may read this machine: the test's shop is there."""
    async with open_console(database_url, db, chromium, import_allow_loopback=True, data_dir=tmp_path) as opened:
        yield opened


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        pages: dict[str, Any] = {
            url: page(title.replace("<b>", "").replace("</b>", ""), price) for title, price, url in GOODS
        }
        opened.shop("127.0.0.1", {"/": cards(GOODS), **pages})
        yield opened


@contextlib.asynccontextmanager
async def importing(console: Console, number: Number) -> AsyncIterator[None]:
    """What a worker does with imports, meanwhile."""

    async def work() -> None:
        while True:
            if not await run_next(console.world.house, number.shop.id):
                await asyncio.sleep(0.05)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_shop_comes_in_and_is_kept(console: Console, street: Street, number: Number, vendor: Seat) -> None:
    seen = vendor.page
    await vendor.go("/catalogue/import")
    async with importing(console, number):
        await seen.get_by_label("Adresse de ta boutique").fill(f"http://127.0.0.1:{street.port}/")
        await seen.get_by_role("button", name="Voir ce qui entrerait").click()
        await seen.locator("progress").wait_for()
        await seen.get_by_text("À confirmer").wait_for()
        coming = seen.locator(".coming")
        assert await coming.locator("li").count() == 3
        assert "22 000 F CFA" in await coming.inner_text() and "nouveau" in await coming.inner_text()
        async with console.world.db.transaction(number.shop.id) as tx:
            assert sorted(await codes(tx)) == ["ROBE1", "SAC2"], "nothing is written before somebody says so"
        await seen.get_by_role("button", name="Faire entrer").click()
        await seen.get_by_text("C'est fait : 3 nouveaux").wait_for()
    await vendor.go("/catalogue")
    await seen.get_by_role("searchbox").fill("brodee")
    await seen.get_by_role("searchbox").press("Enter")
    await seen.locator(".goods a", has_text="Robe brodée").click()
    await seen.get_by_label("Prix (XOF)").fill("19 500")
    await seen.locator("form[data-act='catalogue.edit'] button").click()
    await seen.locator(".goods-price", has_text="19 500 F CFA").wait_for()
    await seen.get_by_label("Pourquoi").select_option("received")
    await seen.get_by_label("Pièces").fill("6")
    await seen.get_by_label("Note").fill("colis de Dakar")
    await seen.get_by_role("button", name="Noter").click()
    await seen.locator(".moves li", has_text="colis de Dakar").wait_for()
    assert (await seen.locator(".moves li").first.inner_text()).startswith("+6")
    async with console.world.db.transaction(number.shop.id) as tx:
        [robe] = [product for product in (await codes(tx)).values() if product.title == "Robe brodée"]
        assert robe.price.minor == 19_500
        assert await imbalances(tx, STOCK | MOVEMENTS) == []
        cursor = await tx.execute("SELECT actor FROM stock_movements WHERE note = 'colis de Dakar'")
        assert [row["actor"].startswith("user:") for row in await cursor.fetchall()] == [True]


async def test_a_photo_and_an_answer_of_ones_own(console: Console, number: Number, vendor: Seat) -> None:
    seen = vendor.page
    await vendor.go("/catalogue")
    await seen.locator(".goods a", has_text="ROBE1").click()
    drawn = io.BytesIO()
    Image.new("RGB", (90, 120), "#2e6ab8").save(drawn, "PNG")
    photo = {"name": "robe.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    await seen.locator("input[type=file]").set_input_files(photo)
    await seen.get_by_role("button", name="Envoyer").click()
    shown = seen.locator(".big-photo")
    await shown.wait_for()
    await seen.wait_for_function("document.querySelector('.big-photo').naturalWidth > 0")
    await vendor.go("/catalogue/answers")
    await seen.get_by_text("Nouvelle réponse").click()
    form = seen.locator("#new-answer")
    await form.get_by_label("Question").fill("Livrez-vous à Thiès ?")
    await form.get_by_label("Réponse").fill("Oui, <script>alert(1)</script> en 24 h.")
    await form.get_by_role("button").click()
    await seen.locator(".list .told", has_text="<script>alert(1)</script>").wait_for()


async def test_who_may_only_look_is_offered_nothing_to_change(console: Console, number: Number) -> None:
    agent = await console.worker(number, role="agent", email="agent@example.com")
    async with console.seat(agent, viewport=LAPTOP) as seat:
        await seat.go("/catalogue")
        await seat.page.locator(".goods a").first.click()
        await seat.page.locator(".books").wait_for()
        assert await seat.page.locator("#view form[data-act], #view button[data-act]").count() == 0


async def test_a_file_is_only_read_from_where_files_are_brought(console: Console, number: Number, vendor: Seat) -> None:
    await vendor.go("/catalogue")
    for path in ("/etc/passwd", "../../etc/passwd", ""):
        answer = await vendor.page.evaluate(
            "path => window.griot.perform('catalogue.photo', {product: 1, file: path})", path
        )
        assert "error" in answer, path
