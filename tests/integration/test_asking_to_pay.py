"""What a buyer reads before they pay: the price of so many pieces, and what is due now of it."""

from collections.abc import AsyncIterator

import pytest
from acts_world import Stall, open_stall

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.shops.service import update_settings


@pytest.fixture
async def stall(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(database_url, db, clock) as opened:
        yield opened


async def with_deposit(stall: Stall, percent: int) -> None:
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await update_settings(tx, deposit_percent=percent)


async def test_a_number_alone_is_asked_about_at_the_price_of_so_many(stall: Stall) -> None:
    await stall.writes("GAT1")
    (few,) = await stall.writes("9")
    assert "9 × *Gâteau aux fraises* = 45 000 F CFA" in few.text
    (many,) = await stall.writes("10")
    assert "10 × *Gâteau aux fraises* = 45 000 F CFA" in many.text  # 4 500 each, from ten on
    (held,) = await stall.taps("take:GAT1:10")
    assert "45 000 F CFA" in held.text


async def test_where_a_deposit_is_due_it_is_said_with_the_means_and_with_the_link(stall: Stall) -> None:
    await with_deposit(stall, 30)
    await stall.writes("SAC2")
    (means,) = await stall.writes("payer")
    assert "25 000 F CFA" in means.text and "🔐 Acompte à la commande : *7 500 F CFA*" in means.text
    (link,) = await stall.writes("wave")
    assert "🔐 Acompte à la commande : *7 500 F CFA*" in link.text


async def test_without_a_deposit_there_is_no_word_of_one(stall: Stall) -> None:
    await stall.writes("SAC2")
    for said in ("payer", "wave"):
        (reply,) = await stall.writes(said)
        assert "Acompte" not in reply.text
