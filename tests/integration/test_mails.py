"""E-mails, over real SMTP: taken once, tried again when the server is away, given up when it refuses."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.rehearsal.stage import free_port
from griot.tools.mails import service
from griot.tools.shops.service import change_settings
from griot.worker.briefing import brief_due
from griot.worker.mailing import mail_due
from house_world import Number, World, article, message, open_world

PORT = free_port()


class Box:
    """A mail server that keeps what it takes."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@contextmanager
def serving(box: Box) -> Iterator[Box]:
    controller = Controller(box, hostname="127.0.0.1", port=PORT)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock, smtp_url=f"smtp://127.0.0.1:{PORT}") as opened:
        yield opened


async def write(world: World, number: Number, key: str) -> None:
    async with world.db.transaction(number.shop.id) as tx:
        await service.queue(tx, "awa@example.com", "Résumé", "Hier : 3 commandes\n👉 link", key, world.clock.now())


async def test_a_mail_is_sent_once(world: World) -> None:
    number = await world.number(article("ROBE1", 2))
    await write(world, number, "a")
    await write(world, number, "a")
    with serving(Box()) as box:
        assert await mail_due(world.house) == 1
        world.clock.advance(timedelta(hours=1))
        assert await mail_due(world.house) == 0
    [taken] = box.taken
    assert (taken["To"], taken["Subject"]) == ("awa@example.com", "Résumé")
    assert taken.get_content().splitlines() == ["Hier : 3 commandes", "👉 link"]


async def test_a_server_that_is_away_is_asked_again_with_the_same_message_id(world: World) -> None:
    number = await world.number(article("ROBE1", 2))
    await write(world, number, "a")
    assert await mail_due(world.house) == 0, "nobody listens"
    with serving(Box("451 later")) as box:
        world.clock.advance(timedelta(minutes=2))
        assert await mail_due(world.house) == 0
        box.answer = "250 OK"
        assert await mail_due(world.house) == 0, "not before its time"
        world.clock.advance(timedelta(minutes=15))
        assert await mail_due(world.house) == 1
    [taken] = box.taken
    assert taken["Message-ID"] == f"<{number.shop.id}.1@griot>"


async def test_a_mail_that_is_refused_for_good_is_not_tried_again(world: World) -> None:
    number = await world.number(article("ROBE1", 2))
    await write(world, number, "a")
    with serving(Box("554 no")):
        assert await mail_due(world.house) == 0
    world.clock.advance(timedelta(days=1))
    with serving(Box()) as box:
        assert await mail_due(world.house) == 0
    assert box.taken == []
    [row] = await world.rows(number.shop.id, "SELECT due_at, error FROM mails WHERE shop_id = %(shop)s")
    assert row["due_at"] is None and "554" in row["error"]


async def test_the_briefing_comes_by_mail_with_a_link_into_the_console(world: World) -> None:
    world.clock.set(datetime(2026, 2, 14, 12, 0, tzinfo=UTC))
    number = await world.number(article("ROBE1", 2))
    async with world.db.transaction(number.shop.id) as tx:
        await change_settings(tx, {"briefing_email": "awa@example.com"}, world.clock.now())
    world.clock.set(datetime(2026, 2, 15, 20, 0, tzinfo=UTC))
    await world.receive(number, message("ROBE1", world.clock.now()))
    world.clock.set(datetime(2026, 2, 16, 8, 5, tzinfo=UTC))
    assert await brief_due(world.house) == 1
    with serving(Box()) as box:
        assert await mail_due(world.house) == 1
    words = box.taken[0].get_content()
    assert f"http://127.0.0.1:8002/?shop={number.shop.id}#/today" in words
    assert "*" not in words
