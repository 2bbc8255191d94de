"""The payment page in a real browser: pressed, measured and read as a buyer with a phone would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from talk import Person

import chromium as chromium_browser
from griot.rehearsal.shop import article
from griot.tools.payments.sandbox.state import Faults
from street import Street

chromium_browser.needed()

from playwright.async_api import async_playwright, expect  # noqa: E402 - only where it is installed

ARTICLES = [
    article("ROBE1", "Robe Wax Ankara", 15_000, 1_000),
    *(article(f"ART{n}", f"Panier décoratif tressé à la main, modèle {n}", 123_000 * n, 50) for n in range(1, 16)),
]
TARGET = 44  # CSS pixels; smallest side of what a thumb has to hit
CONTRAST = 4.5  # WCAG AA for text

# Everything that can be pressed and is too small; what sticks out on the right; the lowest contrast of any text.
FINDINGS = """target => {
  const box = e => e.getBoundingClientRect()
  const small = [...document.querySelectorAll('a, button, summary')]
    .filter(e => Math.min(box(e).width, box(e).height) < target).map(e => e.innerText)
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const behind = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor
    if (!c.endsWith(', 0)')) return c } return 'rgb(255, 255, 255)' }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let contrast = 21
  for (let node; node = words.nextNode();) {
    const holder = node.parentElement
    if (!node.data.trim() || ['SCRIPT', 'STYLE'].includes(holder.tagName)) continue
    const [a, b] = [light(getComputedStyle(holder).color), light(behind(holder))].sort((x, y) => y - x)
    contrast = Math.min(contrast, (a + 0.05) / (b + 0.05))
  }
  return {small, contrast, overflow: document.documentElement.scrollWidth - innerWidth}
}"""


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Any]:
    async with chromium_browser.open_chromium() as browser:
        yield browser


@asynccontextmanager
async def phone(chromium: Any, width: int = 390, **known: Any) -> AsyncIterator[Any]:
    """A page in a browser of its own, as wide as a phone."""
    known = {"locale": "fr-FR", **known}
    context = await chromium.new_context(viewport={"width": width, "height": 700}, **known)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    yield page
    await context.close()


async def link_of(street: Street, number: int, code: str = "ROBE1") -> tuple[Person, str]:
    """Somebody who holds an article and has the link to pay it."""
    buyer = await Person.on(street, number, "Awa")
    await buyer.asks(code)
    return buyer, await buyer.goes_to_pay()


async def test_a_buyer_pays_and_sees_the_receipt(street: Street, chromium: Any) -> None:
    buyer, link = await link_of(street, 1)
    async with phone(chromium, is_mobile=True, has_touch=True) as page:
        await page.goto(link)
        assert await page.title() == "Chez Awa · 15 000 F CFA"
        await page.get_by_role("button", name="Payer 15 000 F CFA avec Wave").tap()
        await page.get_by_role("button", name="Confirmer le paiement").tap()
        assert "PAIEMENT CONFIRMÉ" in (await buyer.hears_of("PAIEMENT")).text
        await page.goto(link)
        await page.get_by_role("heading", name="C'est payé, merci !").wait_for()
        order = await buyer.order()
        assert f"Référence : #{order.reference}" in await page.inner_text("main")
        assert await page.get_by_role("button").count() == 0, "there is nothing left to pay"
    assert order.status == "paid"


async def test_without_javascript_nothing_is_missing(street: Street, chromium: Any) -> None:
    buyer, link = await link_of(street, 2)
    async with phone(chromium, java_script_enabled=False) as page:
        await page.goto(link)
        assert "10 min" in await page.inner_text("main")
        await page.get_by_role("button", name="Orange Money").click()
        await page.get_by_role("button", name="Confirmer le paiement").click()
        await buyer.hears_of("PAIEMENT CONFIRMÉ")
        await page.goto(link)
        await page.get_by_role("heading", name="C'est payé, merci !").wait_for()
    assert (await buyer.order()).means == "orange_money"


async def test_a_refused_payment_leads_back_and_another_means_works(street: Street, chromium: Any) -> None:
    buyer, link = await link_of(street, 3)
    async with phone(chromium) as page:
        await page.goto(link)
        await page.get_by_role("button", name="avec Wave").click()
        await page.get_by_role("button", name="Refuser le paiement").click()
        await buyer.hears_of("n'a pas abouti")
        assert await page.get_by_role("alert").count() == 1
        await page.goto(link)
        assert "n'a pas abouti" in await page.get_by_role("alert").inner_text()
        await page.get_by_role("button", name="Carte bancaire").click()
        await page.get_by_role("button", name="Confirmer le paiement").click()
        await buyer.hears_of("PAIEMENT CONFIRMÉ")
        await page.goto(link)
        await page.get_by_role("heading", name="C'est payé, merci !").wait_for()
    assert (await buyer.order()).means == "card"


async def test_while_the_provider_confirms_the_page_looks_again_by_itself(street: Street, chromium: Any) -> None:
    buyer, link = await link_of(street, 4)
    street.provider.faults = Faults(processing=2)
    async with phone(chromium) as page:
        await page.goto(link)
        await page.get_by_role("button", name="avec Wave").click()
        await page.get_by_role("button", name="Confirmer le paiement").click()
        await page.goto(link + "?done=1")
        await page.get_by_role("heading", name="Paiement en cours de confirmation").wait_for()
        assert "Ne paie pas une deuxième fois" in await page.inner_text("main")
        await page.get_by_role("heading", name="C'est payé, merci !").wait_for()  # nobody touched anything
    street.provider.faults = Faults()
    await buyer.hears_of("PAIEMENT CONFIRMÉ")


async def test_the_time_left_counts_down(street: Street, chromium: Any) -> None:
    _, link = await link_of(street, 5)
    async with phone(chromium) as page:
        await page.goto(link)
        timer = page.get_by_role("timer")
        before = await timer.inner_text()
        assert before.startswith("9:")
        await expect(timer).not_to_have_text(before)


async def test_the_page_speaks_three_languages(street: Street, chromium: Any) -> None:
    _, link = await link_of(street, 6)
    async with phone(chromium) as page:
        await page.goto(link)
        for name, code, heading in (("Malagasy", "mg", "Miandry anao"), ("English", "en", "Your order is waiting")):
            await page.get_by_role("link", name=name).click()
            assert heading in await page.get_by_role("heading").inner_text()
            assert await page.get_attribute("html", "lang") == code
        await page.get_by_role("link", name="Français").click()
        assert "Ta commande t'attend" in await page.get_by_role("heading").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390])
async def test_everything_is_readable_and_within_reach(street: Street, chromium: Any, width: int, scheme: str) -> None:
    number = 10 + width + (scheme == "dark")
    buyer, short = await link_of(street, number)
    _, long = await link_of(street, number + 100, " ".join(f"ART{n}" for n in range(1, 16)))
    async with phone(chromium, width, color_scheme=scheme) as page:

        async def look(url: str) -> None:
            await page.goto(url)
            found = await page.evaluate(FINDINGS, TARGET)
            assert found["overflow"] <= 0 and found["small"] == [] and found["contrast"] >= CONTRAST, (url, found)

        for language in ("fr", "mg", "en"):
            await look(f"{short}?lang={language}")
            await look(f"{long}?lang={language}")
        street.provider.faults = Faults(processing=600)
        await buyer.at_the_page(short, "wave", "paid")
        street.provider.faults = Faults()
        await look(f"{short}?done=1")
        await look(short)  # a payment is under way, and says so
        await buyer.asks("annuler")
        await look(short)
        await look(street.stage.api + "/p/nothing")


async def test_with_letters_twice_as_large_nothing_is_cut_off(street: Street, tmp_path: Path) -> None:
    _, link = await link_of(street, 7, "ROBE1 et ART15")
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text('{"webkit":{"webprefs":{"default_font_size":32}}}')
    async with async_playwright() as driver:
        context = await driver.chromium.launch_persistent_context(
            tmp_path,
            executable_path=chromium_browser.CHROMIUM,
            args=chromium_browser.ARGUMENTS,
            viewport={"width": 320, "height": 700},
        )
        page = await context.new_page()
        await page.goto(link)
        assert await page.evaluate("getComputedStyle(document.body).fontSize") == "34px"
        assert (await page.evaluate(FINDINGS, TARGET))["overflow"] <= 0
        await context.close()


async def test_the_way_to_pay_stays_in_sight_below_a_long_basket(street: Street, chromium: Any) -> None:
    _, link = await link_of(street, 8, " ".join(f"ART{n}" for n in range(1, 16)))
    async with phone(chromium, 320) as page:
        await page.goto(link)
        box = await page.get_by_role("button").first.bounding_box()
        assert box["y"] + box["height"] <= 700
