"""What goes wrong on demand in the simulator."""

import asyncio

import httpx
import pytest
from simulated import MOUSSA, Receiver, code_of, drain, send, text

from griot.channels.simulator.faults import Kind
from griot.channels.simulator.phones import Phone
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.whatsapp.number import Number


async def test_the_next_sends_are_throttled_and_the_one_after_is_not(
    graph: httpx.AsyncClient, awa: Phone, account: Number
) -> None:
    account.faults.throttle(2)
    account.faults.add(Kind.REFUSE, code=131056)
    assert [await code_of(graph, text()) for _ in range(3)] == [(400, 130429), (400, 130429), (400, 131056)]
    assert (await send(graph, text())).status_code == 200
    assert account.refusals == {130429: 2, 131056: 1}


async def test_a_fault_can_be_for_one_person_only(graph: httpx.AsyncClient, awa: Phone, account: Number) -> None:
    account.faults.add(Kind.REFUSE, code=131056, to=f"+{MOUSSA}")
    assert (await send(graph, text())).status_code == 200
    assert await code_of(graph, text(to=f"+{MOUSSA}")) == (400, 131056)


async def test_a_crash_is_a_500_that_accepts_nothing(graph: httpx.AsyncClient, awa: Phone, account: Number) -> None:
    account.faults.add("crash")
    assert await code_of(graph, text()) == (500, 1)
    assert account.counts["accepted"] == 0


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.DROP_BEFORE, 0), (Kind.DROP_AFTER, 1)])
async def test_a_cut_connection_leaves_the_sender_without_answer(
    kind: Kind, accepted: int, graph: httpx.AsyncClient, awa: Phone, account: Number
) -> None:
    account.faults.add(kind)
    with pytest.raises(httpx.TransportError):
        await send(graph, text(biz_opaque_callback_data="7"))
    assert account.counts["accepted"] == accepted
    assert len(await awa.inbox()) == accepted
    assert (await send(graph, text(biz_opaque_callback_data="7"))).status_code == 200
    assert account.doubled == accepted


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.LATE_BEFORE, 0), (Kind.LATE_AFTER, 1)])
async def test_a_late_answer_may_or_may_not_have_been_accepted(
    kind: Kind, accepted: int, graph: httpx.AsyncClient, awa: Phone, account: Number
) -> None:
    account.faults.add(kind, seconds=0.2)
    sending = asyncio.create_task(send(graph, text()))
    await asyncio.sleep(0.1)
    assert account.counts["accepted"] == accepted
    assert (await sending).status_code == 200
    assert account.counts["accepted"] == 1


async def test_an_accepted_message_can_fail_later(
    graph: httpx.AsyncClient, awa: Phone, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("fail_later", code=131049)
    assert (await send(graph, text())).status_code == 200
    await drain(sim.state)
    assert [(status["status"], status["errors"][0]["code"]) for status in receiver.statuses] == [("failed", 131049)]
    assert await awa.inbox() == []


async def test_the_sent_webhook_can_come_before_the_answer(
    graph: httpx.AsyncClient, awa: Phone, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("early_status")
    account.behaviour.change(statuses={"sent": 0.0, "delivered": 0.2})
    await send(graph, text())
    assert [status["status"] for status in receiver.statuses] == ["sent"]
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]


async def test_read_can_come_before_delivered(
    graph: httpx.AsyncClient, awa: Phone, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("disorder")
    await send(graph, text())
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["read", "delivered", "sent"]


async def test_an_outage_cuts_everything_off_and_loses_nothing(
    graph: httpx.AsyncClient, awa: Phone, account: Number, sim: RunningSimulator, receiver: Receiver
) -> None:
    await drain(sim.state)
    account.faults.go_down(0.15)
    wamid = await awa.say("allô ?")
    for request in (send(graph, text()), graph.get("/123456")):
        with pytest.raises(httpx.TransportError):
            await request
    assert wamid not in [message["id"] for message in receiver.messages]
    await drain(sim.state)
    assert receiver.messages[-1]["id"] == wamid
    assert (await send(graph, text())).status_code == 200
