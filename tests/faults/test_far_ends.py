"""The far ends misbehave: the Graph API is away, throttles or answers late; webhooks come often and out of order.

Around the buyers who meet the fault a live goes on: others write, so the channel is heard.
"""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from griot.rehearsal.buyers import has
from griot.rehearsal.shop import article
from street import Street, open_street

BUYERS = 6
ARTICLES = [article("ROBE1", "Robe Wax", 15_000, 1000)]
LATE = 1.5  # seconds, beyond the sender's patience

_people = itertools.count(1)


@pytest.fixture(scope="module")
async def street(server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """One house for all of these tests: what each of them leaves behind is a house in order."""
    name = f"griot_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        folder = tmp_path_factory.mktemp("street")
        url = make_conninfo(server_url, dbname=name)
        async with open_street(url, folder, ARTICLES, GRIOT_SEND_TIMEOUT="1", GRIOT_SEND_GRACE="2") as opened:
            yield opened
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def _order(street: Street) -> None:
    phone = await street.buyer(next(_people))
    await phone.say("ROBE1")
    await phone.expect(has("pay:"), 40)


async def _chat(street: Street) -> None:
    phone = await street.buyer(next(_people))
    while True:
        await asyncio.sleep(0.4)
        await phone.say("merci")


async def _all_well(street: Street) -> None:
    before = (await street.books()).holds
    chatting = asyncio.create_task(_chat(street))
    try:
        await asyncio.gather(*(_order(street) for _ in range(BUYERS)))
    finally:
        chatting.cancel()
        await asyncio.gather(chatting, return_exceptions=True)
    books = await street.assert_nothing_lost_or_doubled()
    assert books.holds == before + BUYERS
    assert len(street.account.faults) == 0, "a fault that nobody met proves nothing"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        pytest.param("refuse", {"code": 130429, "times": 4}, id="the number is over its rate"),
        pytest.param("refuse", {"code": 131056, "times": 2}, id="the pair is over its rate"),
        pytest.param("refuse", {"code": 131000, "times": 3}, id="something went wrong"),
        pytest.param("crash", {"times": 3}, id="an unexplained 500"),
        pytest.param("late_before", {"seconds": LATE, "times": 2}, id="late, accepted in the end"),
        pytest.param("late_after", {"seconds": LATE, "times": 2}, id="accepted, answered too late"),
        pytest.param("drop_before", {"times": 2}, id="cut off, nothing accepted"),
        pytest.param("drop_after", {"times": 2}, id="accepted, cut off without an answer"),
        pytest.param("early_status", {"times": 3}, id="the status is faster than the answer"),
        pytest.param("disorder", {"times": 6}, id="the statuses come in reverse"),
    ],
)
async def test_the_graph_api_misbehaves(street: Street, kind: str, options: dict[str, Any]) -> None:
    street.account.faults.add(kind, **options)
    await _all_well(street)


@pytest.mark.parametrize(
    "disturb",
    [
        pytest.param(lambda account: account.faults.go_down(1.5), id="it is away for a while"),
        pytest.param(lambda account: setattr(account.faults, "duplicates", 30), id="it delivers everything twice"),
        pytest.param(lambda account: account.behaviour.change(webhook_delay=0.7), id="its webhooks are late"),
    ],
)
async def test_the_channel_is_unreliable(street: Street, disturb: Callable[[Any], None]) -> None:
    disturb(street.account)
    await _all_well(street)
    street.account.behaviour.change(webhook_delay=0.0)
