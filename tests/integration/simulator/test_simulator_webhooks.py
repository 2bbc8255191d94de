"""Webhooks of the simulator: signed, batched, repeated, late and doubled."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from simulated import AWA, NUMBER, Receiver, drain, send, text

from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.whatsapp.number import Number
from griot.core.clock import FrozenClock
from griot.core.errors import NotFound


async def test_statuses_come_signed_in_order_with_our_own_id(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver, clock: FrozenClock
) -> None:
    wamid = (await send(graph, text(biz_opaque_callback_data="42"))).json()["messages"][0]["id"]
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
    for status in receiver.statuses:
        assert status["id"] == wamid
        assert status["biz_opaque_callback_data"] == "42"
        assert status["timestamp"] == str(int(clock.now().timestamp()))
        assert (status["recipient_id"], status["recipient_user_id"]) == (AWA, awa.user_id)
    assert receiver.statuses[0]["pricing"]["type"] == "free_customer_service"
    assert "pricing" not in receiver.statuses[2]
    assert receiver.values[-1]["metadata"]["phone_number_id"] == NUMBER
    assert receiver.values[-1]["contacts"][0]["wa_id"] == AWA
    assert all(receiver.signatures)


async def test_statuses_are_batched(
    graph: httpx.AsyncClient, awa: Phone, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    await drain(sim.state)
    account.behaviour.change(status_flush=0.1)
    before = len(receiver.bodies)
    await asyncio.gather(*(send(graph, text(f"n°{number}")) for number in range(20)))
    await drain(sim.state)
    assert len(receiver.statuses) == 60
    assert len(receiver.bodies) - before <= 6


@pytest.mark.parametrize(("layout", "entries", "changes"), [("value", 1, 1), ("changes", 1, 5), ("entries", 5, 5)])
async def test_held_messages_come_together_spread_as_asked(
    layout: str, entries: int, changes: int, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.behaviour.change(layout=layout)
    account.outlet.hold()
    for number in range(5):
        phone = await Phone.on(LocalLine(sim.state, NUMBER), f"22177000010{number}", name=f"Buyer {number}")
        await phone.say("ROBE1")
    account.outlet.release()
    await drain(sim.state)
    [body] = receiver.bodies
    assert len(body["entry"]) == entries
    assert sum(len(entry["changes"]) for entry in body["entry"]) == changes
    assert len(receiver.messages) == 5
    assert len({contact["user_id"] for value in receiver.values for contact in value["contacts"]}) == 5


async def test_a_thousand_messages_fit_in_one_body(
    account: Number, awa: Phone, sim: RunningSimulator, receiver: Receiver
) -> None:
    await drain(sim.state)
    account.outlet.hold()
    ids = [await awa.say(f"n°{number}") for number in range(1000)]
    account.outlet.release()
    await drain(sim.state)
    assert [message["id"] for message in receiver.bodies[-1]["entry"][0]["changes"][0]["value"]["messages"]] == ids


async def test_a_webhook_is_repeated_until_the_receiver_takes_it(
    sim: RunningSimulator, account: Number, awa: Phone, receiver: Receiver
) -> None:
    await drain(sim.state)
    receiver.answers.extend([500, 503, 404])
    wamid = await awa.say("ROBE1")
    await drain(sim.state)
    assert receiver.messages[-1]["id"] == wamid
    assert account.counts["webhook_retries"] == 3
    assert all(receiver.signatures)


async def test_a_receiver_that_was_away_misses_nothing(
    sim: RunningSimulator, account: Number, awa: Phone, receiver: Receiver
) -> None:
    await drain(sim.state)
    there, account.outlet.url = account.outlet.url, "http://127.0.0.1:1/hook"
    wamid = await awa.say("ROBE1")
    await asyncio.sleep(0.05)
    assert account.outlet.pending == 1
    account.outlet.url = there
    await drain(sim.state)
    assert receiver.messages[-1]["id"] == wamid


async def test_after_seven_days_a_webhook_is_given_up(
    sim: RunningSimulator, account: Number, awa: Phone, receiver: Receiver, clock: FrozenClock
) -> None:
    await drain(sim.state)
    receiver.answers.extend([500] * 1000)
    await awa.say("ROBE1")
    await asyncio.sleep(0.05)
    clock.advance(timedelta(days=7, seconds=1))
    await drain(sim.state)
    assert account.counts["webhook_given_up"] == 1


async def test_webhooks_can_come_twice_and_late(
    sim: RunningSimulator, account: Number, awa: Phone, receiver: Receiver
) -> None:
    await drain(sim.state)
    account.faults.duplicates = 1
    twice, once = await awa.say("un"), await awa.say("deux")
    await drain(sim.state)
    got = [message["id"] for message in receiver.messages]
    assert (got.count(twice), got.count(once)) == (2, 1)
    account.behaviour.change(webhook_delay=0.1)
    late = await awa.say("trois")
    await asyncio.sleep(0.03)
    assert late not in [message["id"] for message in receiver.messages]
    await drain(sim.state)
    assert late in [message["id"] for message in receiver.messages]


async def test_a_status_can_come_by_hand(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Number, receiver: Receiver
) -> None:
    account.behaviour.change(statuses={})
    wamid = (await send(graph, text())).json()["messages"][0]["id"]
    account.report(wamid, "delivered")
    account.report(wamid, "failed", 131049)
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["delivered", "failed"]
    with pytest.raises(NotFound):
        account.report("wamid.unknown", "read")
