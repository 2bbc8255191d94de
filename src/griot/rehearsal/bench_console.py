"""`griot bench console`: how soon consoles show what happens in a live, and how soon a console is there at all."""

import asyncio
import os
import re
import secrets
import shutil
import time
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any

import httpx
import orjson
import psutil
from rich.console import Console
from rich.table import Table

from griot.core.house import House
from griot.core.settings import Settings
from griot.core.tenancy import Shop
from griot.core.texts import LANGUAGES
from griot.knowledge.catalogue import service as catalogue
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.shop import VENDOR_PHONE, Login, article, give_login
from griot.rehearsal.stage import Stage, fresh_stage, stage_house
from griot.tools.live import service as live
from griot.tools.shops import service as shops
from griot.tools.users import sessions
from griot.ui import words
from griot.ui.app import PAGE
from griot.ui.desk import LANGUAGE_COOKIE

LIMIT_SHOWN_MS = 1000.0  # from what happened to what is shown, at p95
LIMIT_VIEW_MS = 2500.0
ARTICLES = 20
WRITERS = 4  # transactions at once
PATIENCE = 15.0  # seconds for the last change to come
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Watching:
    """A console at the live view: when it was told of how many orders, by the clock of this process."""

    language: str
    told: list[tuple[float, int]] = field(default_factory=list)

    @property
    def orders(self) -> int:
        return self.told[-1][1] if self.told else 0


async def bench_console(config: Settings, *, consoles: int, rate: int, seconds: int, as_json: bool) -> int:
    """Let ``consoles`` watch while ``rate`` orders a second are made for ``seconds``; 1 when a limit is missed."""
    shown = Console(stderr=True)
    async with fresh_stage(config, "bench-console") as stage, stage_house(stage) as house:
        login = Login(f"bench-{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16))
        shop = await _open(stage, house, login)
        await stage.start_console()
        opened = await sessions.log_in(house, login.email, login.password, "127.0.0.1", "console")
        shown.print("Opening the live view in a browser …")
        view = await _first_view(stage, opened.token)
        shown.print(f"{consoles} consoles, {rate} orders a second for {seconds} s …")
        watched = await _watched(stage, house, shop, opened.token, consoles, rate, seconds)
    reached = {"shown": watched["shown_ms"]["p95"] <= LIMIT_SHOWN_MS and not watched["lost"]}
    if "ms" in view:
        reached["first_view"] = view["ms"]["first"] <= LIMIT_VIEW_MS
    result = {"machine": {"cores": os.cpu_count()}, **watched, "first_view": view, "reached": reached}
    if as_json:
        print_json(result)
    else:
        _show(Console(), result)
    return 0 if all(reached.values()) else 1


async def _open(stage: Stage, house: House, login: Login) -> Shop:
    """A shop with a running live, a number that nobody sends from, and its owner as a user."""
    now = house.clock.now()
    shop = await shops.create_shop(stage.database, name="Bench", vendor_phone=VENDOR_PHONE, now=now)
    async with house.db.transaction(shop.id) as tx:
        number = str(secrets.randbelow(10**15))
        await shops.connect_account(
            tx, house.keyring, "whatsapp", number, display="+221 33 800 00 00", token=secrets.token_hex(16), now=now
        )
        goods = [article(f"ART{n}", f"Article {n}", 5_000 + n, 1_000_000) for n in range(1, ARTICLES + 1)]
        await catalogue.create_products(tx, goods, now)
        await live.start(tx, shop, "Live du soir", [], now)
    await give_login(house, shop, login)
    return shop


async def _watched(
    stage: Stage, house: House, shop: Shop, token: str, consoles: int, rate: int, seconds: int
) -> dict[str, Any]:
    """Consoles in all languages at the same live; orders are invoices by hand, with their events, at an even pace."""
    total = rate * seconds
    before = await _events(house, shop)
    watching = [Watching(LANGUAGES[n % len(LANGUAGES)]) for n in range(consoles)]
    limits = httpx.Limits(max_connections=consoles + 1)
    cookies = {sessions.COOKIE: token}
    async with httpx.AsyncClient(base_url=stage.console, cookies=cookies, limits=limits, timeout=None) as http:  # noqa: S113
        tasks = [asyncio.create_task(_watch(http, shop, one)) for one in watching]
        await _until(lambda: all(one.told for one in watching))
        spent, began = _cpu_seconds(stage), time.perf_counter()
        made = sorted(await _orders(house, shop, total, rate))
        took = time.perf_counter() - began
        spent = _cpu_seconds(stage) - spent
        await _until(lambda: all(one.orders >= total for one in watching))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    waits = [wait for one in watching for wait in _waits(made, one)]
    return {
        "consoles": consoles,
        "orders": {"made": total, "target_per_second": rate, "per_second": round(total / took, 1)},
        "events_per_second": round((await _events(house, shop) - before) / took, 1),
        "shown_ms": percentiles(waits, 1000, (50, 95, 99)),
        "changes_a_second_and_console": round(sum(len(one.told) for one in watching) / consoles / took, 2),
        "console_cores_busy": round(spent / took, 2),
        "machine_load": round(os.getloadavg()[0], 1),
        "lost": consoles * total - len(waits),
    }


async def _until(true: Callable[[], bool]) -> None:
    """Wait for something for as long as that makes sense."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while True:
                if true():
                    return
                await asyncio.sleep(0.05)


def _waits(made: list[float], console: Watching) -> list[float]:
    """Seconds from each order to the first change that counts it. Orders are counted in the order of their commits."""
    counts = [count for _, count in console.told]
    waits = []
    for number, at in enumerate(made, 1):
        place = bisect_left(counts, number)
        if place < len(counts):
            waits.append(max(0.0, console.told[place][0] - at))
    return waits


async def _watch(http: httpx.AsyncClient, shop: Shop, console: Watching) -> None:
    """Read the stream as a browser does, and the count of orders in every change that has it."""
    name = escape(words.say(console.language, "live.orders"))
    orders = re.compile(rf"<dt>{re.escape(name)}</dt>\s*<dd>\s*(\d+)")
    headers = {"Cookie": f"{sessions.COOKIE}={http.cookies[sessions.COOKIE]}; {LANGUAGE_COOKIE}={console.language}"}
    params: dict[str, str | int] = {"shop": shop.id, "at": "/live"}
    async with http.stream("GET", "/stream", params=params, headers=headers) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if line.startswith("data:"):
                at = time.perf_counter()
                found = orders.search(orjson.loads(line[5:])["parts"].get("figures", ""))
                if found:
                    console.told.append((at, int(found[1])))


async def _orders(house: House, shop: Shop, total: int, rate: int) -> list[float]:
    """Make orders at an even pace; when each was committed."""
    made: list[float] = []
    places = asyncio.Semaphore(WRITERS)

    async def one(n: int) -> None:
        async with places:
            async with house.db.transaction(shop.id) as tx:
                await live.invoice(
                    tx,
                    shop,
                    code=f"ART{n % ARTICLES + 1}",
                    name=f"Buyer {n}",
                    phone=f"+22177{n:07d}",
                    pay_url=lambda order: f"{house.config.public_url}/p/{order}",
                    now=house.clock.now(),
                )
            made.append(time.perf_counter())

    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as group:
        for n in range(total):
            wait = began + n / rate - asyncio.get_running_loop().time()
            if wait > 0:
                await asyncio.sleep(wait)
            group.create_task(one(n))
    return made


def _cpu_seconds(stage: Stage) -> float:
    """Processor time of the console so far."""
    times = psutil.Process(stage.actors["console"].process.pid).cpu_times()
    return float(times.user + times.system)


async def _events(house: House, shop: Shop) -> int:
    """How many events the shop has."""
    async with house.db.transaction(shop.id) as tx:
        cursor = await tx.execute("SELECT count(*) AS n FROM events WHERE shop_id = current_shop()")
        row = await cursor.fetchone()
    assert row is not None
    return int(row["n"])


async def _first_view(stage: Stage, token: str) -> dict[str, Any]:
    """From asking for the page to the live view on it, in a browser that has nothing yet, and once more."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        return {"skipped": "playwright is not installed (extra: dev)"}
    if program is None:
        return {"skipped": "no chromium on this machine: apt-get install chromium"}
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        await context.add_cookies([{"name": sessions.COOKIE, "value": token, "url": stage.console}])
        times = []
        for _ in range(2):
            page = await context.new_page()
            began = time.perf_counter()
            await page.goto(f"{stage.console}{PAGE}/#/live", wait_until="commit")
            await page.wait_for_selector("#view h1")
            times.append(time.perf_counter() - began)
            await page.close()
        await browser.close()
    return {"ms": {"first": round(1000 * times[0]), "again": round(1000 * times[1])}}


def _show(console: Console, result: dict[str, Any]) -> None:
    table = Table(show_header=False)
    for name, value in result.items():
        told = ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(name.replace("_", " "), told)
    console.print(table)
