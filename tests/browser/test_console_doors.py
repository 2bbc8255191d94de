"""Coming in, as people do it; and everybody else staying out."""

import httpx

from console_world import Console, Seat
from griot.core.db.pool import HOUSE
from griot.tools.users import passwords, queries
from griot.tools.users import service as users
from griot.ui.app import PAGE
from house_world import Number


async def test_a_first_login_asks_for_a_password_of_ones_own(console: Console, number: Number) -> None:
    owner = await console.worker(number)
    house = console.world.house
    _, given = await users.add(
        house, number.shop.id, email="binta@example.com", name="Binta", role="agent", by=owner.id
    )
    async with console.seat(None) as seat:
        page = seat.page
        await page.goto(f"{console.base}/#/live")
        await page.fill("input[name=email]", "binta@example.com")
        await page.fill("input[name=password]", given)
        await page.get_by_role("button", name="Entrer").click()
        await page.fill("input[name=former]", given)
        await page.fill("input[name=password]", "une phrase que moi seule connais")
        await page.get_by_role("button", name="Changer de mot de passe").click()
        await page.wait_for_selector("#view h1")
        assert await page.locator("nav.views a").count() > 0
        await page.locator(".menu summary").click()
        await page.get_by_role("button", name="Se déconnecter").click()
        await page.wait_for_selector("input[name=email]")
        await page.goto(f"{console.base}{PAGE}/")
        assert "/login" in page.url


async def test_a_wrong_password_says_so_and_a_session_is_new_at_every_login(console: Console, number: Number) -> None:
    worker = await console.worker(number)
    house = console.world.house
    secret = await passwords.hashed("une phrase que moi seule connais")
    async with house.db.transaction(HOUSE) as tx:
        await queries.set_password(tx, worker.id, secret, None)
    async with httpx.AsyncClient(base_url=console.base) as http:
        wrong = await http.post("/login", data={"email": worker.email, "password": "another"})
        assert wrong.status_code == 401 and "griot_session" not in wrong.cookies
        assert 'role="alert"' in wrong.text
        http.cookies.set("griot_session", worker.token)
        right = {"email": worker.email, "password": "une phrase que moi seule connais"}
        opened = await http.post("/login", data=right)
        assert opened.status_code == 303
        assert opened.cookies["griot_session"] not in ("", worker.token), "a session was fixed before the login"
        cookie = opened.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie
        http.cookies.clear()
        http.cookies.set("griot_session", worker.token)
        assert (await http.get(f"{PAGE}/")).headers["location"] == "/login", "the session before is over"


async def test_another_sites_page_changes_nothing(console: Console, number: Number) -> None:
    worker = await console.worker(number)
    async with httpx.AsyncClient(base_url=console.base, cookies={"griot_session": worker.token}) as http:
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.test"},
        ):
            assert (await http.post("/logout", headers=headers)).status_code == 403
            assert (await http.post(f"{PAGE}/gradio_api/component_server", headers=headers, json={})).status_code == 403
        page = await http.get(f"{PAGE}/")
        assert page.status_code == 200 and "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_without_a_login_nothing_of_the_page_is_given(console: Console) -> None:
    async with httpx.AsyncClient(base_url=console.base) as http:
        for path in (
            f"{PAGE}/config",
            f"{PAGE}/gradio_api/info",
            "/stream?shop=1&at=/live",
            "/files/orders.export?shop=1",
        ):
            assert (await http.get(path)).status_code in (401, 403), path
        call = {"session_hash": "x", "component_id": 1, "fn_name": "call", "data": {"at": "/live"}}
        assert (await http.post(f"{PAGE}/gradio_api/component_server", json=call)).status_code == 401


async def test_the_language_and_the_theme_are_kept(vendor: Seat) -> None:
    page = vendor.page
    await vendor.go("/live")
    await page.locator(".menu summary").click()
    await page.get_by_role("button", name="English").click()
    await page.wait_for_selector("#view h1")
    assert await page.evaluate("document.documentElement.lang") == "en"
    assert await page.locator("nav.views").get_attribute("aria-label") == "Pages"
    await page.locator(".menu summary").click()
    await page.get_by_role("button", name="Light / dark").click()
    assert await page.evaluate("document.documentElement.dataset.theme") == "light"
