"""kill -9 at chosen points: whatever dies in between, nothing is lost and nothing is doubled."""

import asyncio
from pathlib import Path

import pytest

from griot.channels.simulator.model import Shown
from griot.rehearsal.buyers import has
from griot.rehearsal.shop import article
from griot.tools.payments.sandbox.payer import Payer
from street import Street, open_street

BUYERS = 5
PATIENCE = 90  # seconds; the machine may be busy
ARTICLES = [article("ROBE1", "Robe Wax", 15_000, BUYERS + 3)]

WORKER_POINTS = [
    ("griot.tools.conversations.service.claim", "after"),
    ("griot.tools.reservation.service.reserve", "after"),
    ("griot.tools.conversations.service.finish", "after"),
    ("griot.tools.outbox.service.queue", "after"),
    ("griot.worker.turns.TurnLane._batch", "after"),
    ("griot.tools.outbox.service.claim", "after"),
    ("griot.worker.sends.SendLane._deliver", "before"),
    ("griot.channels.whatsapp.client.WhatsAppClient.send", "after"),
    ("griot.tools.outbox.service.record", "before"),
    ("griot.tools.outbox.service.record", "after"),
    ("griot.worker.sends.SendLane._record", "after"),
]


async def _order(street: Street, n: int) -> Shown:
    phone = await street.buyer(n)
    await phone.say("ROBE1")
    return await phone.expect(has("pay:"), PATIENCE)


async def _everybody_has_one(street: Street) -> None:
    await asyncio.gather(*(_order(street, n) for n in range(BUYERS)))
    books = await street.assert_nothing_lost_or_doubled()
    assert books.holds == BUYERS


@pytest.mark.parametrize(("point", "when"), WORKER_POINTS, ids=lambda value: str(value).rpartition(".")[2])
async def test_the_worker_dies(database_url: str, tmp_path: Path, point: str, when: str) -> None:
    async with open_street(database_url, tmp_path, ARTICLES, start=("api",)) as street:
        dying = await street.dying("worker", point, when)
        buyers = asyncio.create_task(_everybody_has_one(street))
        await asyncio.to_thread(dying.process.wait, PATIENCE)
        assert dying.process.returncode == -9, "the worker never came to the point where it dies"
        await street.stage.start_worker()
        await buyers


@pytest.mark.parametrize(
    ("point", "when"),
    [
        ("griot.tools.conversations.service.receive", "before"),
        ("griot.tools.conversations.service.receive", "after"),
        ("griot.api.channel_webhooks.Receiver._store", "after"),
    ],
    ids=lambda value: str(value).rpartition(".")[2],
)
async def test_the_api_dies_while_a_message_comes_in(database_url: str, tmp_path: Path, point: str, when: str) -> None:
    async with open_street(database_url, tmp_path, ARTICLES, start=("worker",)) as street:
        dying = await street.dying("api", point, when)
        buyers = asyncio.create_task(_everybody_has_one(street))
        await asyncio.to_thread(dying.process.wait, PATIENCE)
        await street.stage.start_api()
        await buyers


@pytest.mark.parametrize(
    ("point", "when"),
    [
        ("griot.tools.payments.queries.store_notice", "after"),
        ("griot.tools.payments.service.settle", "before"),
        ("griot.tools.payments.service.settle", "after"),
        ("griot.tools.payments.service.receive_notice", "after"),
    ],
    ids=lambda value: str(value).rpartition(".")[2],
)
async def test_the_api_dies_while_money_comes_in(database_url: str, tmp_path: Path, point: str, when: str) -> None:
    async with open_street(database_url, tmp_path, ARTICLES, start=("worker",), GRIOT_PAYMENT_POLL="2") as street:
        dying = await street.dying("api", point, when)
        phone = await street.buyer()
        await phone.say("ROBE1")
        held = await phone.expect(has("pay:"))
        await phone.tap(held.choices[0].id)
        choose = await phone.expect(has("means:"))
        await phone.tap(choose.choices[0].id)
        await phone.expect(lambda message: message.link is not None)
        link = await phone.open_link()
        paying = asyncio.create_task(_pay(street, link))
        await asyncio.to_thread(dying.process.wait, PATIENCE)
        await street.stage.start_api()
        await paying
        await phone.expect(has("purchases"), PATIENCE)
        books = await street.assert_nothing_lost_or_doubled()
        assert (books.paid, books.refunds) == (1, 0)


async def _pay(street: Street, link: str) -> None:
    """Press “paid” at the provider, whatever becomes of the page that follows."""
    import httpx

    async with httpx.AsyncClient(timeout=10) as browser:
        payer = Payer(browser)
        hosted = await payer.press(await payer.open(link), "means", "wave")
        try:
            await payer.press(hosted, "outcome", "paid")
        except httpx.HTTPError:
            return  # the way back leads to the process that died
