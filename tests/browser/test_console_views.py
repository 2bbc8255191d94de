"""Every view, at a phone and at a laptop, in both themes: nothing sticks out, nothing is unreadable."""

import pytest
from axe_playwright_python.async_playwright import Axe

from console_world import LAPTOP, PHONE, Console
from griot.ui.views import VIEWS
from house_world import Number


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
