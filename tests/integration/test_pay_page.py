"""The payment page: light, safe, in the buyer's language, and right in every state of the order."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import LANGUAGES, text
from griot.tools.orders.models import Order
from griot.tools.payments.sandbox.payer import Payer, forms
from griot.tools.payments.sandbox.state import Faults
from griot.tools.reservation.service import extend
from griot.tools.shops.service import update_settings

BUDGET = 14_336  # bytes: what a server may send before the first acknowledgement comes back
STATES = ("open", "started", "processing", "paid", "expired", "cancelled", "refund", "down")


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def get(world: World, order: Order, query: str = "", **headers: str) -> httpx.Response:
    async with world.browser() as http:
        return await http.get(world.link(order) + query, headers=headers)


async def press(world: World, order: Order, means: str = "wave") -> httpx.Response:
    """Open the page and press a means, without going on to the provider's page."""
    async with world.browser() as http:
        page = await http.get(world.link(order))
        (form,) = forms(page.text)
        return await http.post(world.url + form.action, data={**form.fields, "means": means})


async def in_state(world: World, order: Order, state: str) -> str:
    """Bring an order where the page shows ``state``; returns the query that the buyer comes with."""
    if state in ("started", "processing"):
        await press(world, order)
    if state == "paid":
        await world.pay(order)
    if state == "expired":
        await world.expire(order)
    if state == "cancelled":
        await world.cancel(order)
    if state == "refund":
        world.sandbox.faults = Faults(amount="1")
        await world.pay(order)
    return "?done=1" if state == "processing" else ""


async def big_basket(world: World) -> Order:
    """Twenty articles whose names are as heavy as a merchant can make them."""
    thread = await world.thread()
    for number in range(20):
        code = f"ART{number}"
        await world.product(code, 1_234_567, 50, "\"<&'>" * 30 + "👗" * 30)
        order = await world.hold(code, 20, thread=thread, means=None)
    return order


class Words(HTMLParser):
    """The text that a person sees, or hears."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden = 0
        self.parts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "title")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.parts.append(data.strip())


def words(page: httpx.Response) -> str:
    return " | ".join(Words(page.text).parts)


@pytest.mark.parametrize("state", STATES)
async def test_every_state_fits_into_the_first_flight_in_every_language(world: World, state: str) -> None:
    order = await big_basket(world)
    query = await in_state(world, order, state)
    if state == "down":
        world.sandbox.faults = Faults(create="error")
    for language in LANGUAGES:
        page = await get(world, order, f"{query or '?'}&lang={language}")
        if state == "down":
            async with world.browser() as http:
                (form,) = forms((await http.get(world.link(order) + f"?lang={language}")).text)
                page = await http.post(world.url + form.action, data={**form.fields, "means": "wave"})
            assert page.status_code == 503
        assert len(page.content) < BUDGET
        assert f'lang="{language}"' in page.text
        assert f"#{order.reference}" in page.text
        assert text(language, "paypage.more_lines", count=14) in words(page)


async def test_an_ordinary_page_is_far_below_the_budget(world: World) -> None:
    page = await get(world, await world.hold())
    assert len(page.content) < 10_000


async def test_nothing_else_has_to_be_loaded(world: World) -> None:
    page = await get(world, await world.hold())
    assert not re.search(r"\bsrc=|@import|url\(|<link|<iframe", page.text)


async def test_the_page_says_what_is_bought_for_how_much_and_until_when(world: World) -> None:
    page = await get(world, await world.hold(quantity=2))
    seen = words(page)
    for part in ("Chez Fatou", "Robe Wax Ankara", "2 × 15 000 F CFA", "Total", "30 000 F CFA",
                 "Payer 30 000 F CFA avec Wave", "10 min", "À payer avant 20:10 (heure de Dakar)",
                 "Paiement sécurisé", "ne voit jamais ta carte ni ton code secret"):  # fmt: skip
        assert part in seen


async def test_the_deadline_is_told_in_the_shops_own_time(world: World) -> None:
    async with world.db.transaction(world.shop.id) as tx:
        await tx.execute("UPDATE shops SET timezone = 'Indian/Antananarivo'")
    assert "23:10 (heure de Antananarivo)" in words(await get(world, await world.hold()))


async def test_the_countdown_needs_no_script_and_its_script_is_the_only_one_allowed(world: World) -> None:
    page = await get(world, await world.hold())
    policy = page.headers["content-security-policy"]
    (nonce,) = re.findall(r"script-src 'nonce-([\w-]+)'", policy)
    assert page.text.count("<script") == 1
    assert f'<script nonce="{nonce}">' in page.text
    assert f'<style nonce="{nonce}">' in page.text
    assert 'data-seconds="600"' in page.text
    assert "style=" not in page.text
    assert not re.search(r"\son\w+=", page.text)
    again = await get(world, await world.hold())
    assert nonce not in again.headers["content-security-policy"]


@pytest.mark.parametrize("where", ["page", "missing", "provider down"])
async def test_every_answer_is_closed_to_the_outside(world: World, where: str) -> None:
    order = await world.hold()
    if where == "page":
        page = await get(world, order)
    elif where == "missing":
        async with world.browser() as http:
            page = await http.get(f"{world.url}/p/nothing")
    else:
        world.sandbox.faults = Faults(create="error")
        page = await press(world, order)
    policy = page.headers["content-security-policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "noindex" in page.headers["x-robots-tag"]


async def test_the_form_may_lead_to_the_providers_page(world: World) -> None:
    page = await get(world, await world.hold())
    assert world.sandbox.base_url in page.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["x", "A" * 22 + "1-1", "A" * 400, "%00", "..%2f..%2fetc", "é" * 30])
async def test_a_link_that_is_not_ours_leads_nowhere_and_says_nothing(world: World, token: str) -> None:
    async with world.browser() as http:
        page = await http.get(f"{world.url}/p/{token}", headers={"Accept-Language": "fr"})
        sent = await http.post(f"{world.url}/p/{token}/pay", headers={"Accept-Language": "fr"})
    assert (page.status_code, sent.status_code) == (404, 404)
    assert "griot_pay" not in page.cookies


async def test_every_wrong_link_gets_the_same_answer(world: World) -> None:
    order = await world.hold()
    forged = world.link(order)[:-1] + "z"
    gone = world.link(order).replace(world.link(order)[-3:], "1-9")
    async with world.browser() as http:
        pages = [await http.get(url) for url in (forged, gone, f"{world.url}/p/abc")]
    bodies = {re.sub(r'nonce="[\w-]+"', "", page.text) for page in pages}
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len(bodies) == 1


async def test_looking_changes_nothing(world: World) -> None:
    order = await world.hold(means=None)
    async with world.browser() as http:
        for _ in range(3):
            await http.get(world.link(order))
        head = await http.head(world.link(order))
    assert (head.status_code, head.content) == (200, b"")
    assert await world.order(order) == order
    assert await world.payments(order) == []


async def test_the_chosen_means_comes_first_then_the_usual_one(world: World) -> None:
    chosen = await world.hold(means="card")
    assert [value for _, value in forms((await get(world, chosen)).text)[0].buttons] == ["card", "wave", "orange_money"]
    thread = await world.thread()
    await world.pay(await world.hold(thread=thread), "orange_money")
    usual = await world.hold(thread=thread, means=None)
    assert forms((await get(world, usual)).text)[0].buttons[0] == ("means", "orange_money")


async def test_only_the_shops_means_are_offered(world: World) -> None:
    async with world.db.transaction(world.shop.id) as tx:
        await update_settings(tx, means=["orange_money"])
    order = await world.hold(means=None)
    assert forms((await get(world, order)).text)[0].buttons == [("means", "orange_money")]
    refused = await press(world, order, "card")
    assert refused.status_code == 422
    assert "ne marche pas" in words(refused)
    assert await world.payments(order) == []


# Languages.


@pytest.mark.parametrize(
    ("thread", "query", "accepted", "expected"),
    [
        ("mg", "?lang=en", "fr", "en"),
        ("mg", "", "en-GB,en;q=0.9", "mg"),
        (None, "", "en-GB,en;q=0.9", "en"),
        (None, "", "wo,mg;q=0.5", "mg"),
        (None, "", "de,wo", "fr"),
        (None, "?lang=xx", "", "fr"),
    ],
)
async def test_the_page_speaks_the_language_asked_for_written_in_or_accepted(
    world: World, thread: str | None, query: str, accepted: str, expected: str
) -> None:
    order = await world.hold(thread=await world.thread(thread))
    page = await get(world, order, query, **{"Accept-Language": accepted})
    assert f'<html lang="{expected}">' in page.text
    assert text(expected, "paypage.open") in words(page)


async def test_the_language_stays_on_the_way_to_the_provider(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        page = await Payer(http).open(world.link(order) + "?lang=en")
        hosted = await Payer(http).press(page, "means", "wave")
    assert "Confirm the payment" in hosted.text


# What a merchant writes, and what a stranger sends.


async def test_what_a_merchant_writes_stays_text(world: World) -> None:
    await world.product("XSS", 1_000, 5, "<script>alert(1)</script>")
    async with world.db.transaction(world.shop.id) as tx:
        await tx.execute("UPDATE shops SET name = '\"><img src=x onerror=alert(1)>'")
    page = await get(world, await world.hold("XSS"))
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "<script>alert(1)</script>" in words(page)


async def test_a_logo_takes_the_place_of_the_letter(world: World) -> None:
    assert ">C</b>" in (await get(world, await world.hold())).text
    async with world.db.transaction(world.shop.id) as tx:
        await update_settings(tx, logo_url="https://cdn.example/logo.png?a=1&b=2")
    page = await get(world, await world.hold())
    assert '<img src="https://cdn.example/logo.png?a=1&amp;b=2"' in page.text
    assert "img-src https://cdn.example;" in page.headers["content-security-policy"]


async def test_a_form_without_the_cookie_of_the_page_pays_nothing(world: World) -> None:
    order = await world.hold()
    (form,) = forms((await get(world, order)).text)
    async with world.browser() as http:
        answer = await http.post(world.url + form.action, data={**form.fields, "means": "wave"})
    assert answer.status_code == 403
    assert "Touche encore le bouton" in words(answer)
    assert await world.payments(order) == []


@pytest.mark.parametrize("wrong", ["", "forged", "another browser's", "another link's"])
async def test_a_form_token_is_good_for_one_browser_and_one_link(world: World, wrong: str) -> None:
    order, other = await world.hold(), await world.hold()
    async with world.browser() as http:
        (form,) = forms((await http.get(world.link(order))).text)
        token = {"": "", "forged": "A" * 22}.get(wrong)
        if wrong == "another browser's":
            token = forms((await get(world, order)).text)[0].fields["token"]
        if wrong == "another link's":
            token = forms((await http.get(world.link(other))).text)[0].fields["token"]
        answer = await http.post(world.url + form.action, data={"means": "wave", "token": token or ""})
    assert answer.status_code == 403
    assert await world.payments(order) == []


async def test_a_form_that_is_too_large_is_not_read(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        (form,) = forms((await http.get(world.link(order))).text)
        answer = await http.post(world.url + form.action, data={**form.fields, "means": "wave", "x": "y" * 5000})
    assert answer.status_code == 403


async def test_the_cookie_is_for_this_link_only_and_out_of_reach_of_scripts(world: World) -> None:
    order = await world.hold()
    cookie = (await get(world, order)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Path=/p/{world.link(order).rsplit('/', 1)[1]}" in cookie
    assert "Secure" not in cookie
    world.house.config.public_url = "https://shop.example"
    assert "Secure" in (await get(world, order)).headers["set-cookie"]


async def test_two_open_pages_both_work(world: World) -> None:
    order = await world.hold()
    async with world.browser() as http:
        first, second = await http.get(world.link(order)), await http.get(world.link(order))
        answers = [
            await http.post(world.url + form.action, data={**form.fields, "means": "wave"})
            for page in (first, second, first)
            for form in forms(page.text)
        ]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1


# The states of an order.


async def test_before_the_money_is_confirmed_the_page_waits_and_asks_again(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(loss=True)
    page = await world.pay(order)
    assert '<meta http-equiv="refresh" content="3;' in page.text
    assert "Paiement en cours de confirmation" in words(page)
    assert "Ne paie pas une deuxième fois" in words(page)
    assert "Payer autrement" in words(page)
    assert forms(page.text) == []


async def test_a_payment_under_way_is_pointed_out_and_may_be_changed(world: World) -> None:
    order = await world.hold()
    assert (await press(world, order)).status_code == 303
    page = await get(world, order)
    assert "Un paiement par Wave est en cours" in words(page)
    assert "J'ai déjà payé" in words(page)
    assert len(forms(page.text)[0].buttons) == 3


async def test_a_paid_order_shows_its_receipt_for_ever(world: World) -> None:
    order = await world.hold()
    await world.pay(order, "orange_money")
    world.clock.advance(timedelta(days=30))
    for query in ("", "?done=1", "?back=1"):
        page = await get(world, order, query)
        assert "C'est payé, merci !" in words(page)
        assert f"#{order.reference}" in words(page)
        assert "Payé par Orange Money le 15/02/2026 20:00" in words(page)
        assert forms(page.text) == []
        assert "refresh" not in page.text


@pytest.mark.parametrize(
    ("state", "heading"),
    [("paid", "C'est payé"), ("expired", "Le temps est passé"), ("cancelled", "Commande annulée")],
)
async def test_a_page_left_open_shows_what_became_of_the_order(world: World, state: str, heading: str) -> None:
    order = await world.hold()
    async with world.browser() as http:
        (form,) = forms((await http.get(world.link(order))).text)
        await in_state(world, order, state)
        before = len(await world.payments(order))
        page = await http.post(world.url + form.action, data={**form.fields, "means": "card"}, follow_redirects=True)
    assert page.status_code == 200
    assert heading in words(page)
    assert len(await world.payments(order)) == before


async def test_an_overdue_order_is_over_though_no_worker_has_noticed(world: World) -> None:
    order = await world.hold()
    world.clock.advance(timedelta(minutes=10))
    assert (await world.order(order)).status == "awaiting_payment"
    page = await get(world, order)
    assert "Le temps est passé" in words(page)
    assert "envoie ROBE1 dans ta conversation avec Chez Fatou" in words(page)
    assert forms(page.text) == []


async def test_the_link_lives_as_long_as_the_hold_is_extended(world: World) -> None:
    order = await world.hold()
    async with world.db.transaction(world.shop.id) as tx:
        await extend(tx, world.shop, order.id, world.clock.now())
    world.clock.advance(timedelta(minutes=14))
    page = await get(world, order)
    assert "1 min" in words(page)
    assert len(forms(page.text)) == 1


async def test_a_cancelled_order_says_how_to_take_it_again(world: World) -> None:
    order = await world.hold()
    await world.cancel(order)
    page = await get(world, order)
    assert "Commande annulée" in words(page)
    assert "envoie ROBE1" in words(page)


async def test_a_failed_payment_and_a_buyer_who_came_back_find_the_buttons_again(world: World) -> None:
    order = await world.hold()
    page = await world.pay(order, "wave", "failed")
    assert page.url.query == b"back=1"
    assert len(forms(page.text)) == 1
    page = await get(world, order)
    assert "Le paiement par Wave n'a pas abouti" in words(page)


async def test_a_refund_is_told_on_the_page_as_well(world: World) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(amount="10000")
    await world.pay(order)
    page = await get(world, order)
    assert "Nous avons reçu 10 000 F CFA" in words(page)
    assert len(forms(page.text)) == 1


@pytest.mark.parametrize("health", ["error", "silence"])
async def test_a_provider_that_is_down_costs_nothing_but_a_second_press(world: World, health: str) -> None:
    order = await world.hold()
    world.sandbox.faults = Faults(create=health)  # type: ignore[arg-type]
    async with world.browser() as http:
        payer = Payer(http)
        page = await payer.press(await payer.open(world.link(order)), "means", "wave")
        assert page.status_code == 503
        assert page.headers["retry-after"] == "5"
        assert "ne répond pas" in words(page)
        assert unescape(text("fr", "paypage.notice_down")) in words(page)
        world.sandbox.faults = Faults()
        hosted = await payer.press(page, "means", "wave")
        await payer.press(hosted, "outcome", "paid")
    await world.sandbox.settled()
    assert (await world.order(order)).status == "paid"
    assert len(await world.payments(order)) == 1
    assert len(world.sandbox.checkouts) == 1


async def test_another_shop_does_not_open_this_shops_order(world: World, database_url: str, clock: FrozenClock) -> None:
    order = await world.hold()
    async with open_world(database_url, world.db, clock) as other:
        link = other.link(order)
        async with other.browser() as http:
            assert (await http.get(link)).status_code == 404
