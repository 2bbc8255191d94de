"""A vendor tries the shop as a buyer does, on the real way: simulator, webhook, worker, and back to the phone."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from console_world import Console, Seat, Worker, serving_console
from griot.knowledge.catalogue.service import products_by_code
from griot.knowledge.importing.pictures import service as pictures
from griot.rehearsal.shop import article as for_sale
from house_world import Number, World
from street import Street, open_street


@pytest.fixture
async def street(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Street]:
    """The real API and worker; nobody hears or speaks."""
    monkeypatch.setenv("GRIOT_VOICE_EAR", "")
    monkeypatch.setenv("GRIOT_VOICE_SPEAKERS", "{}")
    articles = [for_sale("ROBE1", "Robe Wax Ankara", 15_000, 30), for_sale("PANIER2", "Panier en rotin", 7_000, 3)]
    async with open_street(database_url, tmp_path, articles, GRIOT_BURST_MS="60") as opened:
        opened.account.behaviour.change(statuses={"sent": 0.0})
        yield opened


@pytest.fixture
async def evening(street: Street, database_url: str, chromium: Any) -> AsyncIterator[tuple[Console, Worker]]:
    world = World(street.house, street.house.clock, database_url)  # type: ignore[arg-type]  # its clock is the machine's
    async with serving_console(world, chromium) as console:
        yield console, await console.worker(Number(street.venue.shop, 0, street.venue.phone_number_id))


async def write(seat: Seat, text: str) -> None:
    await seat.page.get_by_label("Message").fill(text)
    await seat.page.get_by_label("Message").press("Enter")


async def test_a_buyer_is_played_from_the_code_to_the_payment_page(
    street: Street, evening: tuple[Console, Worker]
) -> None:
    console, owner = evening
    shop = street.venue.shop.id
    drawn = io.BytesIO()
    Image.new("RGB", (120, 160), "#b8572e").save(drawn, "JPEG")
    async with street.house.db.transaction(shop) as tx:
        [basket] = (await products_by_code(tx, ["PANIER2"])).values()
        await pictures.put(tx, basket.id, await pictures.made_small(drawn.getvalue()), street.house.clock.now())
    async with console.seat(owner, permissions=["microphone"]) as seat:
        page = seat.page
        await seat.go("/phone")
        await page.get_by_label("Nom").fill("Awa Test")
        await page.get_by_role("button", name="Prendre ce téléphone").click()
        await page.get_by_role("heading", name="Awa Test").wait_for()
        await write(seat, "ROBE1")
        offer = page.locator(".bubble:not(.out)", has_text="15 000 F CFA")
        await offer.first.wait_for()
        assert "Robe Wax Ankara" in await offer.first.inner_text()
        await page.get_by_role("button", name="PAYER").last.click()
        await page.get_by_role("button", name="Wave").last.click()
        link = page.locator(".bubble a", has_text="Ouvrir").last
        await link.wait_for()
        async with httpx.AsyncClient() as http:
            paying = await http.get(str(await link.get_attribute("href")), follow_redirects=True)
        assert paying.status_code == 200 and "15 000" in paying.text
        await write(seat, "c'est combien le panier en rotin ?")
        await page.locator(".bubble img").wait_for()
        await page.wait_for_function("document.querySelector('.bubble img').naturalWidth > 0")
        record = page.locator("[data-record]")
        await record.click()
        await page.locator("[data-record][aria-pressed=true]").wait_for()
        await page.wait_for_timeout(900)
        await record.click()
        await page.locator(".bubble.out", has_text="Note vocale").wait_for()
    async with street.house.db.transaction(shop) as tx:
        cursor = await tx.execute("SELECT kind, payload FROM messages WHERE kind IN ('voice', 'audio')")
        [note] = await cursor.fetchall()
        assert note["kind"] == "voice"
        cursor = await tx.execute("SELECT name, key FROM test_buyers")
        [known] = await cursor.fetchall()
        cursor = await tx.execute(
            "SELECT customer_id FROM identities WHERE external_id = %s", (f"user:{known['key']}",)
        )
        assert await cursor.fetchone(), "who only tries can be told from who buys"


async def test_without_a_simulator_it_says_how_to_get_one(console: Console, number: Number, vendor: Seat) -> None:
    await vendor.go("/phone")
    assert "griot serve" in await vendor.page.locator("#view").inner_text()
    assert await vendor.page.locator("#view form").count() == 0
