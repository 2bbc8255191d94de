"""What WhatsApp accepts and answers when a business sends."""

from datetime import timedelta

import httpx
from simulated import AWA, MOUSSA, NUMBER, Receiver, buttons, code_of, drain, ready, send, text

from griot.channels.simulator.phones import Phone
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.whatsapp.number import Number
from griot.core.clock import FrozenClock


async def test_an_accepted_message_is_answered_and_shown(graph: httpx.AsyncClient, awa: Phone) -> None:
    answer = (await send(graph, text())).json()
    wamid = answer["messages"][0]["id"]
    assert answer == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": f"+{AWA}", "wa_id": AWA}],
        "messages": [{"id": wamid}],
    }
    message = await awa.expect("réservée")
    assert (message.id, message.text, message.seq) == (wamid, "Réservée", 1)


async def test_only_the_numbers_own_token_opens_it(graph: httpx.AsyncClient, sim: RunningSimulator) -> None:
    sim.state.create_account("999", token="other", app_secret="s", webhook_url="http://127.0.0.1:9/")
    stranger = await graph.post(f"/{NUMBER}/messages", json=text(), headers={"Authorization": "Bearer wrong"})
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, 190)
    neighbour = await graph.post(f"/{NUMBER}/messages", json=text(), headers={"Authorization": "Bearer other"})
    assert (neighbour.status_code, neighbour.json()["error"]["type"]) == (400, "GraphMethodException")
    misspelt = await graph.post(f"{sim.base_url}/24/{NUMBER}/messages", json=text())
    assert (misspelt.status_code, misspelt.json()["error"]["code"]) == (400, 100)


async def test_a_limit_is_refused_over_http_and_nobody_sees_the_message(graph: httpx.AsyncClient, awa: Phone) -> None:
    assert await code_of(graph, text("x" * 4097)) == (400, 100)
    assert await code_of(graph, buttons("1", "2", "3", "4")) == (400, 131009)
    assert (await graph.post(f"/{NUMBER}/messages", content=b"{")).status_code == 400
    assert await awa.inbox() == []


async def test_outside_24_hours_the_message_is_accepted_and_fails(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver, clock: FrozenClock
) -> None:
    clock.advance(timedelta(hours=24, seconds=1))
    assert (await send(graph, text(biz_opaque_callback_data="7"))).status_code == 200
    await drain(sim.state)
    [failed] = receiver.statuses
    assert failed["status"] == "failed"
    assert failed["errors"][0]["code"] == 131047
    assert failed["biz_opaque_callback_data"] == "7"
    assert "recipient_user_id" not in failed
    assert "contacts" not in receiver.values[-1]
    assert await awa.inbox() == []


async def test_the_window_can_refuse_at_once_and_templates_pass(
    graph: httpx.AsyncClient, awa: Phone, account: Number, clock: FrozenClock
) -> None:
    account.behaviour.change(window="refused")
    clock.advance(timedelta(hours=25))
    assert await code_of(graph, text()) == (400, 131047)
    answer = await send(graph, ready())
    assert answer.json()["messages"][0]["message_status"] == "accepted"
    assert (await awa.expect("est prête")).text == "ROBE1 est prête"
    await awa.say("oui")
    assert (await send(graph, text())).status_code == 200


async def test_templates_are_known_by_name_language_and_parameters(graph: httpx.AsyncClient, awa: Phone) -> None:
    assert await code_of(graph, ready(name="unknown")) == (404, 132001)
    assert await code_of(graph, ready(parameters=2)) == (400, 132000)


async def test_the_numbers_throughput_counts_both_directions(
    graph: httpx.AsyncClient, awa: Phone, account: Number, clock: FrozenClock
) -> None:
    account.behaviour.change(throughput=3)
    assert [(await send(graph, text())).status_code for _ in range(3)] == [200] * 3
    assert await code_of(graph, text()) == (400, 130429)
    clock.advance(timedelta(seconds=1))
    await awa.say("encore")
    assert [(await send(graph, text())).status_code for _ in range(3)] == [200, 200, 400]


async def test_one_person_gets_45_messages_at_once_and_then_one_in_six_seconds(
    graph: httpx.AsyncClient, awa: Phone, account: Number, clock: FrozenClock
) -> None:
    account.behaviour.change(throughput=None, pair_limit=True)
    assert {(await send(graph, text())).status_code for _ in range(45)} == {200}
    assert await code_of(graph, text()) == (400, 131056)
    assert (await send(graph, text(to=f"+{MOUSSA}"))).status_code == 200
    clock.advance(timedelta(seconds=6))
    assert (await send(graph, text())).status_code == 200


async def test_the_business_cannot_write_to_itself_nor_reach_the_unreachable(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Number, receiver: Receiver
) -> None:
    assert await code_of(graph, text(to=f"+{account.sender.display_phone_number}")) == (400, 131021)
    sim.state.person(AWA).reachable = False
    await send(graph, text())
    await drain(sim.state)
    assert receiver.statuses[0]["errors"][0]["code"] == 131026


async def test_a_number_without_plus_goes_to_another_person(graph: httpx.AsyncClient, awa: Phone) -> None:
    assert (await send(graph, text(to=AWA))).json()["contacts"][0]["wa_id"] == AWA
    assert (await send(graph, text(to="33612345678"))).json()["contacts"][0]["wa_id"] == "22133612345678"


async def test_reading_covers_earlier_messages_and_typing_ends(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Number, clock: FrozenClock
) -> None:
    first, second, third = [await awa.say(word) for word in ("un", "deux", "trois")]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": second}
    answer = await send(graph, {**read, "typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    assert [account.was_read(wamid) for wamid in (first, second, third)] == [True, True, False]
    thread = account.thread(sim.state.person(AWA))
    assert thread.typing_until == clock.now() + timedelta(seconds=25)
    await send(graph, text())
    assert thread.typing_until is None
    assert await code_of(graph, {**read, "message_id": "wamid.unknown"}) == (400, 131009)
