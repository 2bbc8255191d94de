"""The far ends misbehave: the Graph API is away, throttles or answers late; webhooks come often and out of order."""

import asyncio
from pathlib import Path

import pytest

from griot.rehearsal.buyers import has
from griot.rehearsal.shop import article
from street import Street, open_street

BUYERS = 6
ARTICLES = [article("ROBE1", "Robe Wax", 15_000, BUYERS)]


async def _everybody_orders(street: Street) -> None:
    async def order(n: int) -> None:
        phone = await street.buyer(n)
        await phone.say("ROBE1")
        await phone.expect(has("pay:"), 40)

    await asyncio.gather(*(order(n) for n in range(BUYERS)))


async def _all_well(street: Street) -> None:
    await _everybody_orders(street)
    books = await street.assert_nothing_lost_or_doubled()
    assert books.holds == BUYERS


async def test_the_graph_api_is_down_for_a_while(database_url: str, tmp_path: Path) -> None:
    async with open_street(database_url, tmp_path, ARTICLES) as street:
        street.account.faults.go_down(3)
        await _all_well(street)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("refuse", {"code": 130429, "times": 4}),
        ("refuse", {"code": 131056, "times": 2}),
        ("refuse", {"code": 131000, "times": 3}),
        ("crash", {"times": 3}),
        ("late_before", {"seconds": 3.0, "times": 2}),
        ("late_after", {"seconds": 3.0, "times": 2}),
        ("drop_before", {"times": 2}),
        ("drop_after", {"times": 2}),
        ("early_status", {"times": 3}),
        ("disorder", {"times": 6}),
    ],
)
async def test_the_graph_api_misbehaves(
    database_url: str, tmp_path: Path, kind: str, options: dict[str, float]
) -> None:
    async with open_street(database_url, tmp_path, ARTICLES, GRIOT_SEND_TIMEOUT="2", GRIOT_SEND_GRACE="3") as street:
        street.account.faults.add(kind, **options)
        await _all_well(street)
