"""An analyst has a suite run, sees it progress and end, opens the report, and compares two runs."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from console_world import LAPTOP, PHONE, Console, Seat, open_console
from eval_world import TINY
from griot.core.db.pool import Database
from griot.ui import words
from griot.ui.answering import answer
from griot.ui.desk import visitor
from house_world import Number

SLOW = 240_000  # milliseconds for a run on a busy machine


@pytest.fixture
async def console(
    database_url: str, db: Database, chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Console]:
    """A console of an installation with the tiny suite."""
    monkeypatch.setenv("GRIOT_VOICE_EAR", "")
    shutil.copytree(TINY, tmp_path / "suites" / "tiny")
    async with open_console(database_url, db, chromium, data_dir=tmp_path) as opened:
        yield opened


async def looked_at(seat: Seat) -> None:
    found = await Axe().run(seat.page)
    assert found.violations_count == 0, found.generate_report()
    assert await seat.sticks_out() <= 0


async def test_an_analyst_runs_a_suite_reads_it_and_compares(console: Console, number: Number) -> None:
    analyst = await console.worker(number, role="analyst", email="fatou@example.com")
    async with console.seat(analyst, viewport=LAPTOP) as seat:
        page = seat.page
        await seat.go("/quality")
        form = page.locator("form[data-suite=tiny]")
        await form.locator("summary").click()
        await form.locator("select[name=tag]").select_option("clarify")
        await form.get_by_role("button", name="Lancer").click()
        await page.wait_for_url("**/#/quality/run/*")
        await page.locator(".badge", has_text="Terminé").wait_for(timeout=SLOW)
        first = page.url.rsplit("/", 1)[1]

        await seat.go("/quality")
        form = page.locator("form[data-suite=tiny]")
        await form.locator("summary").click()
        await form.locator("input[name=trials]").fill("6")  # long enough to be seen on a quick machine
        await form.get_by_role("button", name="Lancer").click()
        await page.wait_for_url("**/#/quality/run/*")
        await page.locator("progress").wait_for(timeout=SLOW)
        await page.get_by_text("Tu peux fermer la page, le passage continue.").wait_for()
        await page.wait_for_function("document.querySelector('progress')?.value > 0", timeout=SLOW)
        await page.locator(".badge", has_text="Terminé").wait_for(timeout=SLOW)
        assert await page.locator(".figure", has_text="Tours réussis").locator("dd").first.inner_text() != "–"
        await page.get_by_role("link", name="Tous", exact=True).click()
        await page.locator("#case-1 summary").click()
        await page.locator("#case-1 .bubble").first.wait_for()
        await looked_at(seat)

        async with page.expect_popup() as opening:
            await page.get_by_role("link", name="Ouvrir le rapport").click()
        report = await opening.value
        await report.get_by_role("heading", name="tiny").wait_for()
        boxed = await report.evaluate(
            "(() => { try { return document.cookie } catch (error) { return error.name } })()"
        )
        assert boxed == "SecurityError", "the report is in a room of its own"
        await report.close()

        await page.get_by_role("link", name="Comparer au passage précédent").click()
        await page.wait_for_url(f"**/#/quality/compare?a={first}&b=*")
        await page.get_by_text("B peut remplacer A.").wait_for()
        await looked_at(seat)
    async with console.seat(analyst, theme="light", viewport=PHONE) as seat:
        for address in ("/quality", "/quality/ratings", "/quality/figures"):
            await seat.go(address)
            await looked_at(seat)


async def test_an_agent_has_nothing_to_do_there(console: Console, number: Number) -> None:
    agent = await console.worker(number, role="agent", email="binta@example.com")
    who = await visitor(console.world.house, {"griot_session": agent.token, "griot_language": "fr"}, {})
    refused = words.say("fr", "errors.Forbidden")
    for asked in ({"at": "/quality"}, {"at": "/quality", "act": "quality.run", "data": {"suite": "tiny"}}):
        assert (await answer(who, {"shop": number.shop.id, **asked}))["error"] == refused
    assert not (console.world.house.config.data_dir / "eval-runs").exists()
    async with console.seat(agent) as seat:
        await seat.page.goto(f"{console.base}/console/#/live")
        await seat.page.wait_for_selector("#view h1")
        assert await seat.page.locator("nav.views a[data-view=quality]").count() == 0
