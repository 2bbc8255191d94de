"""The sandbox provider keeps a provider's promises, and breaks them when told to, over HTTP like any other."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from payments_world import KEY, listening_socket, served
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from griot.core.clock import FrozenClock
from griot.core.errors import Conflict, FarEndError, InvalidInput, SignatureMismatch
from griot.core.money import Money
from griot.core.settings import Settings
from griot.tools.payments import signature
from griot.tools.payments.port import CheckoutRequest, Connection
from griot.tools.payments.providers.sandbox import SandboxProvider
from griot.tools.payments.sandbox.app import create_app
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.payments.sandbox.state import Faults, Sandbox

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


class Shop:
    """The merchant's end: takes notices down and has the pages that the buyer comes back to."""

    def __init__(self) -> None:
        self.url = ""
        self.notices: list[tuple[bytes, dict[str, str]]] = []
        self.answers: list[int] = []

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/notify", self._notify, methods=["POST"]),
                Route("/{page}", lambda request: PlainTextResponse(request.path_params["page"])),
            ]
        )

    async def _notify(self, request: Request) -> Response:
        self.notices.append((await request.body(), dict(request.headers)))
        return PlainTextResponse("", self.answers.pop(0) if self.answers else 200)


class Setting:
    def __init__(self, sandbox: Sandbox, shop: Shop, provider: SandboxProvider, http: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.shop = shop
        self.provider = provider
        self.http = http
        self.payer = Payer(http)

    def request(self, reference: str = "G1-1-A", amount: str = "15000", currency: str = "XOF") -> CheckoutRequest:
        return CheckoutRequest(
            reference=reference,
            amount=Money.parse(amount, currency),
            means="wave",
            description="Chez Fatou <3",
            language="fr",
            success_url=f"{self.shop.url}/success",
            cancel_url=f"{self.shop.url}/cancel",
            notify_url=f"{self.shop.url}/notify",
            expires_at=NOW + timedelta(minutes=10),
        )

    async def press(self, url: str, outcome: str = "paid") -> httpx.Response:
        return await self.payer.press(await self.payer.open(url), "outcome", outcome)

    async def control(self, method: str, path: str, **what: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {KEY}"}
        return await self.http.request(method, f"{self.sandbox.base_url}/control/{path}", headers=headers, **what)


@pytest.fixture
async def setting(clock: FrozenClock) -> AsyncIterator[Setting]:
    shop = Shop()
    psp_socket, psp_url = listening_socket()
    shop_socket, shop.url = listening_socket()
    config = Settings(_env_file=None, sandbox_url=f"{psp_url}/psp", sandbox_key=SecretStr(KEY), provider_timeout=0.5)
    async with httpx.AsyncClient() as http, httpx.AsyncClient() as psp_http:
        sandbox = Sandbox(config.sandbox_url, {KEY}, clock, psp_http, retry_gaps=(0.01, 0.02, 0.04))
        mounted = Starlette()
        mounted.mount("/psp", create_app(sandbox))
        provider = SandboxProvider.connect(Connection({}, config, http, clock))
        async with served(mounted, psp_socket), served(shop.app(), shop_socket):
            yield Setting(sandbox, shop, provider, http)
            await sandbox.aclose()


async def test_a_checkout_is_opened_paid_announced_and_found_again(setting: Setting, clock: FrozenClock) -> None:
    checkout = await setting.provider.create(setting.request())
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert (found.status, found.amount) == ("created", None)

    clock.advance(timedelta(seconds=7))
    back = await setting.press(checkout.url)
    assert back.text == "success"
    await setting.sandbox.settled()
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert (found.status, found.amount, found.paid_at) == ("succeeded", Money(15_000, "XOF"), clock.now())
    ((raw, headers),) = setting.shop.notices
    notice = setting.provider.verify_notice(raw, httpx.Headers(headers))
    assert (notice.provider_id, notice.reference, notice.kind) == (checkout.provider_id, "G1-1-A", "checkout.paid")
    assert setting.provider.claimed_reference(raw) == "G1-1-A"


async def test_the_signature_is_the_documented_one(setting: Setting) -> None:
    await setting.press((await setting.provider.create(setting.request())).url)
    await setting.sandbox.settled()
    ((raw, headers),) = setting.shop.notices
    stamp = int(NOW.timestamp())
    expected = hmac.new(KEY.encode(), str(stamp).encode() + b"." + raw, hashlib.sha256).hexdigest()
    assert headers["griot-signature"] == f"t={stamp},v1={expected}"


async def test_one_reference_is_one_checkout_even_at_once(setting: Setting) -> None:
    made = await asyncio.gather(*(setting.provider.create(setting.request()) for _ in range(20)))
    assert len({checkout.provider_id for checkout in made}) == 1


async def test_a_reference_cannot_be_used_again_for_other_money(setting: Setting) -> None:
    await setting.provider.create(setting.request())
    with pytest.raises(FarEndError, match="409") as refused:
        await setting.provider.create(setting.request(amount="16000"))
    assert not refused.value.retry


async def test_the_same_order_may_be_paid_through_a_second_checkout(setting: Setting) -> None:
    for reference in ("G1-1-A", "G1-1-B"):
        checkout = await setting.provider.create(setting.request(reference))
        assert (await setting.press(checkout.url)).text == "success"


async def test_a_checkout_is_paid_once(setting: Setting) -> None:
    checkout = await setting.provider.create(setting.request())
    page = await setting.payer.open(checkout.url)
    await setting.payer.press(page, "outcome", "paid")
    again = await setting.payer.press(page, "outcome", "paid")
    assert again.status_code == 409
    assert "déjà fait" in again.text
    with pytest.raises(Conflict):
        await setting.press(checkout.url)
    await setting.sandbox.settled()
    assert len(setting.shop.notices) == 1


async def test_a_buyer_who_refuses_goes_back_and_the_shop_is_told(setting: Setting) -> None:
    checkout = await setting.provider.create(setting.request())
    assert (await setting.press(checkout.url, "failed")).text == "cancel"
    await setting.sandbox.settled()
    assert b"checkout.failed" in setting.shop.notices[0][0]


async def test_a_checkout_expires_by_the_clock(setting: Setting, clock: FrozenClock) -> None:
    checkout = await setting.provider.create(setting.request())
    clock.advance(timedelta(minutes=10))
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert found.status == "expired"
    assert "Le délai" in (await setting.payer.open(checkout.url)).text


async def test_an_unknown_reference_is_none_and_an_unknown_id_an_error(setting: Setting) -> None:
    assert await setting.provider.look_up(None, "G1-1-Z") is None
    with pytest.raises(FarEndError, match="404"):
        await setting.provider.look_up("chk_none", "G1-1-Z")


async def test_a_checkout_is_found_by_our_reference_alone(setting: Setting) -> None:
    checkout = await setting.provider.create(setting.request())
    found = await setting.provider.look_up(None, "G1-1-A")
    assert found is not None
    assert found.provider_id == checkout.provider_id


async def test_another_merchant_sees_nothing(setting: Setting) -> None:
    checkout = await setting.provider.create(setting.request())
    setting.sandbox.keys.add("other")
    url = f"{setting.sandbox.base_url}/v1/checkouts"
    other = {"Authorization": "Bearer other"}
    assert (await setting.http.get(f"{url}/{checkout.provider_id}", headers=other)).status_code == 404
    assert (await setting.http.get(url, params={"reference": "G1-1-A"}, headers=other)).json() == {"data": []}
    assert (await setting.http.get(f"{url}/{checkout.provider_id}")).status_code == 401


@pytest.mark.parametrize("missing", ["reference", "amount", "currency", "means", "success_url", "notify_url"])
async def test_a_checkout_without_what_it_needs_is_refused(setting: Setting, missing: str) -> None:
    body = {
        "reference": "R", "amount": "15000", "currency": "XOF", "means": "wave",
        "success_url": "http://a", "cancel_url": "http://b", "notify_url": "http://c",
    }  # fmt: skip
    del body[missing]
    answer = await setting.http.post(
        f"{setting.sandbox.base_url}/v1/checkouts", json=body, headers={"Authorization": f"Bearer {KEY}"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(("amount", "currency"), [("15000.50", "XOF"), ("abc", "XOF"), ("10", "ZZZ")])
async def test_an_amount_that_cannot_be_is_refused(setting: Setting, amount: str, currency: str) -> None:
    body = {
        "reference": "R", "amount": amount, "currency": currency, "means": "wave",
        "success_url": "http://a", "cancel_url": "http://b", "notify_url": "http://c",
    }  # fmt: skip
    answer = await setting.http.post(
        f"{setting.sandbox.base_url}/v1/checkouts", json=body, headers={"Authorization": f"Bearer {KEY}"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("means", ["wave", "orange_money", "card"])
@pytest.mark.parametrize("language", ["fr", "en", "mg"])
async def test_the_hosted_page_speaks_to_everybody_and_lets_nothing_in(
    setting: Setting, means: str, language: str
) -> None:
    await setting.provider.create(setting.request())
    (checkout,) = setting.sandbox.checkouts.values()
    checkout.means, checkout.language = means, language
    page = await setting.payer.open(setting.sandbox.page_url(checkout))
    assert "15 000 F CFA" in page.text
    assert "Chez Fatou &lt;3" in page.text
    assert ("Confirm the payment" if language == "en" else "Confirmer le paiement") in page.text


# What it can be told to do wrong.


async def test_a_refused_notice_is_repeated_until_it_is_accepted(setting: Setting) -> None:
    setting.shop.answers = [500, 401, 302]
    await setting.press((await setting.provider.create(setting.request())).url)
    await setting.sandbox.settled()
    assert [delivery.status for delivery in setting.sandbox.deliveries] == [500, 401, 302, 200]
    assert len({raw for raw, _ in setting.shop.notices}) == 1


async def test_a_notice_that_nobody_accepts_is_given_up(setting: Setting) -> None:
    setting.shop.answers = [500] * 10
    await setting.press((await setting.provider.create(setting.request())).url)
    await setting.sandbox.settled()
    assert len(setting.shop.notices) == 4


async def test_a_notice_that_reaches_nobody_is_tried_again(setting: Setting) -> None:
    checkout = await setting.provider.create(setting.request())
    setting.sandbox.find(checkout.provider_id).notify_url = "http://127.0.0.1:9/notify"
    await setting.press(checkout.url)
    await setting.sandbox.settled()
    assert [delivery.status for delivery in setting.sandbox.deliveries] == [None] * 4


async def test_faults_are_set_over_http_for_all_and_for_one(setting: Setting) -> None:
    assert (await setting.control("PUT", "faults", json={"loss": True})).json()["loss"] is True
    checkout = await setting.provider.create(setting.request())
    path = f"checkouts/{checkout.provider_id}/faults"
    assert (await setting.control("PUT", path, json={"duplicates": 2})).status_code == 200
    await setting.press(checkout.url)
    other = await setting.provider.create(setting.request("G1-1-B"))
    await setting.press(other.url)
    await setting.sandbox.settled()
    assert [delivery.reference for delivery in setting.sandbox.deliveries] == ["G1-1-A"] * 3
    assert (await setting.control("GET", "faults")).json()["loss"] is True
    listed = (await setting.control("GET", "checkouts")).json()["data"]
    assert [item["status"] for item in listed] == ["paid", "paid"]


@pytest.mark.parametrize("wrong", [{"delay": "soon"}, {"create": "tired"}, {"unknown": 1}, []])
async def test_a_fault_that_does_not_exist_is_refused(setting: Setting, wrong: Any) -> None:
    assert (await setting.control("PUT", "faults", json=wrong)).status_code == 422


async def test_the_controls_are_for_who_has_the_key(setting: Setting) -> None:
    answer = await setting.http.put(f"{setting.sandbox.base_url}/control/faults", json={})
    assert answer.status_code == 401


async def test_a_provider_out_of_order_says_so(setting: Setting) -> None:
    setting.sandbox.faults = Faults(create="error", look_up="error")
    with pytest.raises(FarEndError) as failed:
        await setting.provider.create(setting.request())
    assert failed.value.retry
    assert not setting.sandbox.checkouts
    for provider_id in ("chk_1", None):
        with pytest.raises(FarEndError):
            await setting.provider.look_up(provider_id, "G1-1-A")


async def test_a_silent_provider_has_done_it_all_the_same(setting: Setting) -> None:
    setting.sandbox.faults = Faults(create="silence")
    with pytest.raises(FarEndError) as failed:
        await setting.provider.create(setting.request())
    assert failed.value.ambiguous
    setting.sandbox.faults = Faults()
    (known,) = setting.sandbox.checkouts
    assert (await setting.provider.create(setting.request())).provider_id == known


async def test_a_provider_that_is_not_there_cannot_be_reached(setting: Setting, clock: FrozenClock) -> None:
    config = Settings(_env_file=None, sandbox_url="http://127.0.0.1:9", provider_timeout=0.5)
    provider = SandboxProvider.connect(Connection({}, config, setting.http, clock))
    with pytest.raises(FarEndError) as failed:
        await provider.create(setting.request())
    assert failed.value.retry


async def test_processing_takes_its_time(setting: Setting) -> None:
    setting.sandbox.faults = Faults(processing=0.05)
    checkout = await setting.provider.create(setting.request())
    await setting.press(checkout.url)
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert found.status == "pending"
    await setting.sandbox.settled()
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert found.status == "succeeded"


async def test_notices_may_come_before_the_page_or_never(setting: Setting) -> None:
    setting.sandbox.faults = Faults(disorder=True)
    await setting.press((await setting.provider.create(setting.request())).url)
    assert len(setting.shop.notices) == 1
    setting.sandbox.faults = Faults(loss=True)
    await setting.press((await setting.provider.create(setting.request("G1-1-B"))).url)
    await setting.sandbox.settled()
    assert len(setting.shop.notices) == 1


@pytest.mark.parametrize(
    ("fault", "received"),
    [
        (Faults(amount="14000"), Money(14_000, "XOF")),
        (Faults(currency="XAF"), Money(15_000, "XAF")),
        (Faults(amount="22.87", currency="EUR"), Money(2_287, "EUR")),
    ],
)
async def test_other_money_than_asked_for_is_told_as_it_is(setting: Setting, fault: Faults, received: Money) -> None:
    setting.sandbox.faults = fault
    checkout = await setting.provider.create(setting.request())
    await setting.press(checkout.url)
    found = await setting.provider.look_up(checkout.provider_id, "G1-1-A")
    assert found is not None
    assert (found.status, found.amount) == ("succeeded", received)


# What the adapter does not believe.


@pytest.mark.parametrize(
    "header",
    [
        None, "", "v1=00", "t=1771185600", "t=abc,v1=00", "t=1771185600,v1=00", "t=²,v1=00", "t=1,t=2,v1=00",
        "t=9999999999999999,v1=00", "nonsense",
    ],
)  # fmt: skip
def test_a_header_that_proves_nothing_is_refused(header: str | None) -> None:
    with pytest.raises(SignatureMismatch):
        signature.verify(KEY, b"{}", header, NOW)


def test_any_of_several_signatures_will_do_while_a_key_is_changed() -> None:
    old, new = signature.sign("old", b"{}", NOW), signature.sign("new", b"{}", NOW)
    signature.verify("new", b"{}", f"{old},{new.partition(',')[2]}", NOW)


async def test_answers_that_make_no_sense_are_errors_of_the_far_end(setting: Setting, clock: FrozenClock) -> None:
    async def odd(request: Request) -> Response:
        return Response(bodies.pop(0), media_type="application/json")

    bodies = [b"<html>", b"[]", b'{"id": "chk_1"}', b'{"received": {"amount": "1", "currency": "ZZZ"}}']
    sock, url = listening_socket()
    app = Starlette(routes=[Route("/{rest:path}", odd, methods=["GET", "POST"])])
    config = Settings(_env_file=None, sandbox_url=url, provider_timeout=1)
    provider = SandboxProvider.connect(Connection({}, config, setting.http, clock))
    async with served(app, sock):
        for _ in range(3):
            with pytest.raises(FarEndError):
                await provider.create(setting.request())
        with pytest.raises(FarEndError):
            await provider.look_up("chk_1", "G1-1-A")


def test_a_notice_of_somebody_else_is_refused() -> None:
    with pytest.raises(InvalidInput):
        SandboxProvider.claimed_reference(b'{"event": "paid"}')
