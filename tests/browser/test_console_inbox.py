"""The inbox in a browser: a person is not talked over, a bad reply becomes a case, and words stay words."""

import asyncio
from typing import Any

import pytest

from console_world import LAPTOP, PHONE, Console, Seat
from griot.tools.conversations import inbox
from griot.tools.conversations.inbox import Entry
from griot.worker.inbox import InboxLane
from griot.worker.turns import TurnLane
from house_world import Number, World, message

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'{{7*7}}"


async def write(console: Console, number: Number, text: str, n: int = 1, name: str = "Fatou Ndiaye") -> int:
    """A buyer writes, and the worker's lanes do what they do; the thread."""
    world = console.world
    await world.receive(number, message(text, world.house.clock.now(), n, name=name))
    await work(world, number)
    rows = await world.rows(
        number.shop.id, "SELECT max(conversation_id) AS id FROM messages WHERE text = %(text)s", text=text
    )
    return int(rows[0]["id"])


async def work(world: World, number: Number) -> None:
    turns, order = TurnLane(world.house), InboxLane(world.house)
    async with asyncio.timeout(20):
        while await turns.work(number.shop.id) is not None or turns._thinking:
            await turns.drain(20)
        while await order.work(number.shop.id) is not None:
            pass


async def said(console: Console, number: Number, thread: int) -> list[Entry]:
    async with console.world.db.transaction(number.shop.id) as tx:
        found, _ = await inbox.entries(tx, thread, 50, (None, None))
    return found[::-1]


async def test_a_vendor_takes_over_is_not_talked_over_and_gives_back(
    console: Console, number: Number, vendor: Seat
) -> None:
    thread = await write(console, number, "Bonsoir")
    page = vendor.page
    await vendor.go("/inbox")
    await page.click("text=Fatou Ndiaye")
    await page.click("[data-act='inbox.take_over']")
    await page.wait_for_selector("#answer-text")

    before = len(await said(console, number, thread))
    await write(console, number, "ROBE1 svp")
    await page.wait_for_selector(".bubble:has-text('ROBE1 svp')")
    assert [entry.by for entry in (await said(console, number, thread))[before:]] == ["buyer"]  # the agent is silent

    await page.locator(".suggestion").first.click()
    assert await page.input_value("#answer-text") != ""
    await page.fill("#answer-text", "Bonsoir Fatou, c'est Awa. Je te la garde.")
    await page.dblclick("[data-act='inbox.answer'] button")
    await page.wait_for_selector(".bubble.human:has-text('Je te la garde')")
    own = [entry for entry in await said(console, number, thread) if entry.by == "human"]
    assert [entry.text for entry in own] == ["Bonsoir Fatou, c'est Awa. Je te la garde."]

    await page.click("[data-act='inbox.give_back']")
    await page.wait_for_selector("[data-act='inbox.take_over']")
    await write(console, number, "SAC2")
    await page.wait_for_selector(".bubble:has-text('SAC2')")
    assert (await said(console, number, thread))[-1].by == "agent"


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
async def test_a_bad_reply_is_put_right_and_found_as_a_case(
    console: Console, number: Number, viewport: dict[str, int]
) -> None:
    thread = await write(console, number, "Vous livrez à Thiès ?")
    async with console.seat(await console.worker(number), viewport=viewport) as seat:
        page = seat.page
        await seat.go(f"/inbox/{thread}")
        await page.click(".thumbs [data-good='false']")
        await page.fill("dialog [name='correction']", "Oui Fatou, on livre à Thiès pour 2 500 F.")
        await page.select_option("dialog [name='right_intent']", "delivery_ask")
        await page.click("dialog form button.main")
        await page.click("dialog [data-use='case']")
        preview = await page.inner_text("dialog .facts")
        assert "2500" in preview and "Thiès" in preview and "Fatou" not in preview
        assert await cases(console, number) == 0  # shown, not made
        await page.click("dialog [data-act='inbox.make_case']")
        await page.click("dialog a[href='#/inbox/cases']")
        kept = await page.inner_text("[data-case]")
        assert "2500" in kept and "Vous livrez à Thiès ?" in kept
        assert await cases(console, number) == 1
        assert await seat.sticks_out() <= 0


async def cases(console: Console, number: Number) -> int:
    [row] = await console.world.rows(number.shop.id, "SELECT count(*) AS n FROM eval_cases WHERE shop_id = %(shop)s")
    return int(row["n"])


async def test_what_buyers_write_is_text(console: Console, number: Number, vendor: Seat) -> None:
    thread = await write(console, number, HOSTILE, name=HOSTILE)
    page = vendor.page
    shown: list[Any] = []
    page.on("dialog", lambda dialog: (shown.append(dialog.message), asyncio.ensure_future(dialog.dismiss())))
    await vendor.go("/inbox")
    assert await page.inner_text(".inbox .list strong") == HOSTILE
    await vendor.go(f"/inbox/{thread}")
    assert HOSTILE in await page.inner_text(".bubble:not(.out) .words")
    assert await page.inner_text(".inbox .who h2") == HOSTILE
    assert await page.locator(".inbox img, .inbox script").count() == 0
    await page.click(".thumbs [data-good='false']")
    await page.wait_for_selector("dialog [name='correction']")
    await page.fill("dialog [name='correction']", HOSTILE + " 12 000 F")
    await page.click("dialog form button.main")
    for use in ("faq", "case"):
        await page.click(f"dialog [data-use='{use}']")
        await page.click("dialog [data-act='inbox.uses']")
    assert shown == []


async def test_the_list_is_filtered_searched_and_kept_in_order(console: Console, number: Number, vendor: Seat) -> None:
    await write(console, number, "Bonjour", 1, "Aminata")
    await write(console, number, "SAC2", 2, "Binta")
    await write(console, number, "C'est honteux, vous êtes des voleurs !", 3, "Coumba")
    page = vendor.page
    await vendor.go("/inbox")
    await page.wait_for_selector(".inbox .list li >> nth=2")
    names = page.locator(".inbox .list strong")
    assert await names.all_inner_texts() == ["Coumba", "Binta", "Aminata"]
    of_length = "document.querySelectorAll('.inbox .list li').length === "
    await page.click(".tabs a:has-text('Mécontents')")
    await page.wait_for_function(of_length + "1")
    await page.click(".tabs a:has-text('Tout')")
    await page.wait_for_function(of_length + "3")
    await page.fill("[name='search']", "bint")
    await page.press("[name='search']", "Enter")
    await page.wait_for_function("document.querySelector('.inbox .list strong')?.textContent === 'Binta'")
    assert await names.all_inner_texts() == ["Binta"]
    await page.fill("[name='search']", "")
    await page.press("[name='search']", "Enter")
    await page.wait_for_function(of_length + "3")
    await write(console, number, "bonsoir, quelqu'un peut m'appeler ?", 4, "Dieynaba")  # comes by itself
    await page.wait_for_selector(".inbox .list strong:has-text('Dieynaba')")
