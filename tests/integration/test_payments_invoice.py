"""Businesses get an invoice with their payment; nobody else does."""

from collections.abc import AsyncIterator

import pytest
from payments_world import World, open_world

from griot.channels.model import Reply
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.orders.models import Order
from griot.tools.payments.sandbox.payer import Payer
from griot.tools.quotes import documents
from pdf_words import words


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock, segment="b2b") as opened:
        yield opened


async def replies(world: World, order: Order) -> list[Reply]:
    rows = await world.rows("SELECT reply FROM outbox WHERE conversation_id = %s ORDER BY id", order.conversation_id)
    return [Reply.from_json(row["reply"]) for row in rows]


async def test_a_business_gets_its_invoice_with_the_confirmation(world: World) -> None:
    order = await world.hold(quantity=2, thread=await world.thread("en"))
    await world.pay(order)
    confirmation, invoice = await replies(world, order)
    assert order.reference in confirmation.text
    assert "FAC-2026-0001" in invoice.text
    assert invoice.media is not None and invoice.media.filename == "FAC-2026-0001.pdf"
    assert invoice.media.document is not None
    async with world.db.transaction(world.shop.id) as tx:
        paper = await documents.load(tx, invoice.media.document)
    shown = words(paper.content)
    assert "INVOICE\nFAC-2026-0001" in shown and f"#{order.reference}" in shown
    assert "Due date" not in shown  # it is paid, whatever the shop's terms


async def test_paying_twice_makes_no_second_invoice(world: World) -> None:
    order = await world.hold()
    async with world.browser() as first, world.browser() as second:
        payers = Payer(first), Payer(second)
        pages = [await payer.press(await payer.open(world.link(order)), "means", "wave") for payer in payers]
        for payer, page in zip(payers, pages, strict=True):
            await payer.press(page, "outcome", "paid")
    await world.sandbox.settled()
    assert [reply.media is not None for reply in await replies(world, order)].count(True) == 1
    assert len(await world.rows("SELECT 1 FROM documents")) == 1


async def test_elsewhere_no_invoice_is_sent(database_url: str, db: Database, clock: FrozenClock) -> None:
    async with open_world(database_url, db, clock, segment="shop") as shop:
        order = await shop.hold()
        await shop.pay(order)
        assert [reply.media for reply in await replies(shop, order)] == [None]
        assert await shop.rows("SELECT 1 FROM documents") == []
