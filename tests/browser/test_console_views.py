"""Every view, at a phone and at a laptop, in both themes: nothing sticks out, nothing is unreadable."""

import pytest
from axe_playwright_python.async_playwright import Axe

from console_world import LAPTOP, PHONE, Console
from griot.core.money import Money
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.tools.live import service as live
from griot.ui.registry import Address
from griot.ui.views import VIEWS
from griot.worker.turns import TurnLane
from house_world import Number, message


@pytest.mark.parametrize("language", ["fr", "en", "mg"])
async def test_every_view_is_readable(console: Console, number: Number, language: str) -> None:
    """The languages share the four ways of looking, so that each is seen in each view."""
    ways = [(PHONE, "dark"), (LAPTOP, "light"), (PHONE, "light"), (LAPTOP, "dark")]
    worker = await console.worker(number)
    for turn, (viewport, theme) in enumerate(ways):
        if ("fr", "en", "mg", "fr")[turn] != language:
            continue
        async with console.seat(worker, language=language, theme=theme, viewport=viewport) as seat:
            for name in VIEWS:
                await seat.go(f"/{name}")
                found = await Axe().run(seat.page)
                assert found.violations_count == 0, f"{name}, {theme}: {found.generate_report()}"
                assert await seat.sticks_out() <= 0, f"{name} is wider than {viewport['width']} px"
                links = await seat.page.eval_on_selector_all(
                    "#griot button, #griot a.button, #griot nav a, #griot summary",
                    "all => all.filter(e => e.offsetParent && Math.min(e.getBoundingClientRect().width,"
                    " e.getBoundingClientRect().height) < 43).map(e => e.outerHTML.slice(0, 120))",
                )
                assert links == [], f"{name}: too small for a thumb"


HOSTILE = "<img src=x onerror=window.stolen=1>'\"><script>window.stolen=1</script>{{7*7}}${7*7}"


async def test_what_others_wrote_is_text(console: Console, number: Number) -> None:
    """A product, a buyer and what they write, the shop and its live, all of one who wants to run a script of theirs."""
    world, now = console.world, console.world.house.clock.now()
    worker = await console.worker(number)
    product = NewProduct(
        "ROBE9", HOSTILE, Money(15_000, "XOF"), 5, description=HOSTILE, options={"taille": (HOSTILE[:40],)}
    )
    async with world.db.transaction(number.shop.id) as tx:
        await catalogue.create_products(tx, [product], now)
        await live.start(tx, number.shop, HOSTILE, ["ROBE9"], now)
        await tx.execute("UPDATE shops SET name = %s WHERE shop_id = %s", (HOSTILE, number.shop.id))
    for n, words in enumerate(("ROBE9", HOSTILE, "je veux parler à quelqu'un !!!"), start=1):
        await world.receive(number, message(words, now, n, name=HOSTILE))
    lane = TurnLane(world.house)
    while await lane.work(number.shop.id) is not None or lane._thinking:
        await lane.drain(20)
    async with console.seat(worker, viewport=LAPTOP) as seat:
        for name in VIEWS:
            await seat.go(f"/{name}")
            links = await seat.page.eval_on_selector_all(
                "#view a[href^='#/']", "all => [...new Set(all.map(e => e.getAttribute('href').slice(1)))].slice(0, 6)"
            )
            for address in (link for link in links if Address.parse(link).view in VIEWS):
                await seat.go(address)
                assert await seat.page.evaluate("window.stolen") is None, address
                assert await seat.page.locator("#view script, #view img[src=x]").count() == 0, address
            assert await seat.page.evaluate("window.stolen") is None, name
            assert "49" not in await seat.page.locator("#view h1").first.inner_text()
