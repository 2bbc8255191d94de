"""Buyers with WhatsApp: what their phones send, show and wait for."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from simulated import AWA, MOUSSA, NUMBER, Receiver, buttons, code_of, drain, means, ready, send, text

from griot.channels.simulator.phones import LocalLine, Phone, Silence
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.whatsapp.number import Number
from griot.core.clock import FrozenClock
from griot.core.errors import Conflict, NotFound


async def test_a_message_of_a_buyer_has_metas_shape(
    awa: Phone, sim: RunningSimulator, account: Number, receiver: Receiver, clock: FrozenClock
) -> None:
    await drain(sim.state)
    [value] = receiver.values
    assert value["contacts"] == [{"profile": {"name": "Awa Diop"}, "wa_id": AWA, "user_id": awa.user_id}]
    [message] = value["messages"]
    assert message.pop("id").startswith("wamid.")
    assert message == {
        "from": AWA,
        "from_user_id": awa.user_id,
        "timestamp": str(int(clock.now().timestamp())),
        "type": "text",
        "text": {"body": "Bonjour"},
    }
    assert awa.user_id.startswith("SN.")


async def test_a_tap_sends_the_choice_in_the_context_of_its_message(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Number, receiver: Receiver
) -> None:
    async def last(choice: str) -> dict[str, Any]:
        await awa.tap(choice)
        await drain(sim.state)
        return receiver.messages[-1]

    offer = (await send(graph, buttons("💳 PAYER", "ANNULER"))).json()["messages"][0]["id"]
    await send(graph, text("Rappel"))
    tapped = await last("payer")
    assert tapped["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "id-💳 PAYER", "title": "💳 PAYER"},
    }
    assert tapped["context"] == {"from": account.sender.display_phone_number, "id": offer}

    await send(graph, means())
    wave = {"id": "wave", "title": "Wave", "description": "Sans frais"}
    assert (await last("wave"))["interactive"] == {"type": "list_reply", "list_reply": wave}

    await send(graph, ready())
    assert (await last("OUI"))["button"] == {"payload": "y", "text": "OUI"}
    with pytest.raises(NotFound, match="PAYER"):
        await awa.tap("REMBOURSER")


async def test_a_form_comes_back_as_a_string_of_json(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver
) -> None:
    parameters = {"flow_message_version": "3", "flow_id": "1", "flow_token": "t-7", "flow_cta": "Adresse"}
    action = {"name": "flow", "parameters": parameters}
    content = {"type": "flow", "body": {"text": "Ton adresse ?"}, "action": action}
    await send(graph, {**text(), "type": "interactive", "interactive": content})
    await awa.fill_form({"district": "Médina"})
    await drain(sim.state)
    reply = receiver.messages[-1]["interactive"]["nfm_reply"]
    assert orjson.loads(reply["response_json"]) == {"district": "Médina", "flow_token": "t-7"}


async def test_a_hidden_number_appears_nowhere(
    graph: httpx.AsyncClient, sim: RunningSimulator, account: Number, receiver: Receiver
) -> None:
    phone = await Phone.on(LocalLine(sim.state, NUMBER), MOUSSA, name="Moussa", username="moussa.sn")
    await phone.say("ROBE1")
    payload = {**text(), "to": None, "recipient": phone.user_id}
    answer = (await send(graph, payload)).json()
    assert answer["contacts"] == [{"input": phone.user_id, "user_id": phone.user_id}]
    await drain(sim.state)
    assert MOUSSA not in orjson.dumps(receiver.bodies).decode()
    assert receiver.messages[0]["from_user_id"] == phone.user_id
    assert receiver.values[0]["contacts"][0]["profile"] == {"name": "Moussa", "username": "moussa.sn"}
    assert {status["recipient_user_id"] for status in receiver.statuses} == {phone.user_id}
    assert await code_of(graph, {**payload, "recipient": "SN.000"}) == (400, 131009)


async def test_a_phone_waits_for_the_message_it_expects(graph: httpx.AsyncClient, awa: Phone) -> None:
    async def answers() -> None:
        for body in ("Un instant…", "ROBE1 *réservée*", "Paie : https://pay.example/x7"):
            await asyncio.sleep(0.02)
            await send(graph, text(body))

    task = asyncio.create_task(answers())
    assert (await awa.expect("réservée", timeout=2)).text == "ROBE1 *réservée*"
    assert (await awa.expect(lambda message: message.link is not None, timeout=2)).seq == 3
    assert await awa.open_link() == "https://pay.example/x7"
    await task
    with pytest.raises(Silence, match="nothing"):
        await awa.expect("réservée", timeout=0.05)


async def test_a_buyer_answers_reacts_and_sends_places_and_papers(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver, tmp_path: Path
) -> None:
    paper = tmp_path / "devis.pdf"
    paper.write_bytes(b"%PDF")
    wamid = (await send(graph, text())).json()["messages"][0]["id"]
    await awa.say("celle-ci", reply_to=wamid)
    await awa.react(wamid, "👍")
    await awa.send_location(14.7, -17.4, name="Médina")
    await awa.send_document(paper)
    await drain(sim.state)
    answer, reaction, place, document = receiver.messages[-4:]
    assert answer["context"]["id"] == wamid
    assert reaction["reaction"] == {"message_id": wamid, "emoji": "👍"}
    assert place["location"] == {"latitude": 14.7, "longitude": -17.4, "name": "Médina"}
    assert (document["document"]["filename"], document["document"]["mime_type"]) == ("devis.pdf", "application/pdf")


async def test_a_phone_has_only_what_it_was_sent(graph: httpx.AsyncClient, awa: Phone) -> None:
    with pytest.raises(NotFound):
        await awa.open_link()
    with pytest.raises(NotFound):
        await awa.fill_form({})
    with pytest.raises(NotFound, match="nothing"):
        await awa.tap("PAYER")


async def test_two_people_cannot_share_a_user_id(sim: RunningSimulator, awa: Phone) -> None:
    with pytest.raises(Conflict):
        sim.state.add_person(MOUSSA, user_id=awa.user_id)
    assert sim.state.add_person(AWA, name="Awa D.").name == "Awa D."


async def test_anything_else_can_be_written_in_metas_words(
    awa: Phone, sim: RunningSimulator, receiver: Receiver
) -> None:
    errors = [{"code": 131051, "title": "Message type unknown"}]
    await awa.send("unsupported", {"type": "poll_update"}, errors=errors)
    await awa.send("system", {"type": "user_changed_number", "body": "…", "wa_id": "221779999999"})
    await drain(sim.state)
    unsupported, system = receiver.messages[-2:]
    assert unsupported["errors"] == errors
    assert system["system"]["wa_id"] == "221779999999"
    assert "contacts" not in receiver.values[-1]
