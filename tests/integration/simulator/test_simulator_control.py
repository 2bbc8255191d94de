"""The simulator from another process: the control API."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from simulated import AWA, NUMBER, Receiver, buttons, code_of, controlled, send, text

from griot.channels.simulator.model import Shown
from griot.channels.simulator.phones import Phone, RemoteLine
from griot.channels.simulator.server import RunningSimulator
from griot.core.errors import NotFound


async def test_everything_is_done_over_the_control_api_too(
    sim: RunningSimulator, graph: httpx.AsyncClient, receiver: Receiver, tmp_path: Path
) -> None:
    picture = tmp_path / "robe.jpg"
    picture.write_bytes(b"\xff\xd8")
    async with controlled(sim, receiver) as control:
        line = RemoteLine(sim.control_url, NUMBER, control)
        phone = await Phone.on(line, AWA, name="Awa")
        stranger = await Phone.on(line, name="Sans numéro")
        await phone.say("ROBE1")
        await stranger.say("ROBE1")
        await send(graph, buttons("PAYER"))
        message = await phone.expect("réservée")
        assert [choice.title for choice in message.choices] == ["PAYER"]
        await phone.tap("PAYER")
        await phone.send_image(picture, "la même ?")
        with pytest.raises(NotFound):
            await phone.tap("ANNULER")
        assert (await control.post("/drain", json={})).json() == {"drained": True}
    kinds = [message["type"] for message in receiver.messages if message.get("from") == AWA]
    assert kinds == ["text", "interactive", "image"]
    assert "from" not in receiver.messages[1]


async def test_faults_settings_and_counters_over_http(
    sim: RunningSimulator, graph: httpx.AsyncClient, awa: Phone, receiver: Receiver
) -> None:
    async with controlled(sim, receiver) as control:
        at = f"/accounts/{NUMBER}"
        await control.post(f"{at}/faults", json={"kind": "refuse", "code": 131000, "times": 2})
        assert await code_of(graph, text()) == (500, 131000)
        assert (await control.delete(f"{at}/faults")).json() == {"queued": 0}
        for _ in range(2):
            await send(graph, text(biz_opaque_callback_data="7"))
        await control.patch(at, json={"throughput": 1})
        assert (await control.patch(at, json={"colour": "red"})).status_code == 422
        for nonsense in ({"kind": "flood"}, {"kind": "crash", "times": "many"}):
            assert (await control.post(f"{at}/faults", json=nonsense)).status_code == 422
        assert (await control.get("/accounts/404/counters")).status_code == 404
        template = {"name": "hi", "language": "fr", "body": "Salut"}
        assert (await control.post(f"{at}/templates", json=template)).json() == {"name": "hi", "language": "fr"}
        many = {"actions": [{"person": AWA, "text": "un"}, {"person": AWA, "text": "deux"}]}
        assert len((await control.post(f"{at}/actions", json=many)).json()["ids"]) == 2
        await control.post("/drain", json={})
        counters = (await control.get(f"{at}/counters", params={"phones": "1"})).json()
    assert (counters["accepted"], counters["doubled"], counters["doubled_ids"]) == (2, 1, ["7"])
    assert (counters["refusals"], counters["inbound"], counters["phones"]) == ({"131000": 1}, 3, {AWA: 2})


async def test_webhooks_are_held_and_statuses_sent_by_hand_over_http(
    sim: RunningSimulator, graph: httpx.AsyncClient, awa: Phone, receiver: Receiver
) -> None:
    async with controlled(sim, receiver) as control:
        at = f"/accounts/{NUMBER}"
        await control.patch(at, json={"statuses": {}})
        await control.post("/drain")
        await control.post(f"{at}/hold")
        wamid = (await send(graph, text())).json()["messages"][0]["id"]
        await control.post(f"{at}/statuses", json={"id": wamid, "status": "played"})
        assert (await control.post("/drain", json={"seconds": 0.05})).json() == {"drained": False}
        await control.post(f"{at}/release")
        assert (await control.post("/drain")).json() == {"drained": True}
        assert [status["status"] for status in receiver.statuses] == ["played"]
        await control.post(f"{at}/faults", json={"kind": "duplicate"})
        await control.post(f"{at}/faults", json={"kind": "down", "seconds": 0.05})
        with pytest.raises(httpx.TransportError):
            await send(graph, text())
        await control.post(f"{at}/people/{AWA}/actions", json={"text": "ROBE1"})
        await control.post("/drain")
    assert [message["text"]["body"] for message in receiver.messages[-2:]] == ["ROBE1", "ROBE1"]


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"text": 1},
        {"media": {"kind": "poll", "data": ""}},
        {"media": {"kind": "image", "data": "not base64!"}},
        {"tap": "PAYER"},
    ],
)
async def test_an_action_that_is_none_is_explained(
    action: dict[str, Any], sim: RunningSimulator, awa: Phone, receiver: Receiver
) -> None:
    async with controlled(sim, receiver) as control:
        answer = await control.post(f"/accounts/{NUMBER}/people/{AWA}/actions", json=action)
        assert answer.status_code in {404, 422}
        assert answer.json()["error"]
        assert (await control.post("/drain", content=b"{")).status_code == 422
        assert (await control.post("/drain", content=b"[]")).status_code == 422
        assert (await control.put("/accounts/7", json={"token": "t"})).status_code == 422


async def test_an_inbox_is_read_from_where_one_stopped(
    sim: RunningSimulator, graph: httpx.AsyncClient, awa: Phone, receiver: Receiver
) -> None:
    async with controlled(sim, receiver) as control:
        for number in range(3):
            await send(graph, text(f"n°{number}"))
        page = (await control.get(f"/accounts/{NUMBER}/people/{AWA}/inbox", params={"after": 1})).json()
        assert [Shown.from_json(message).text for message in page["messages"]] == ["n°1", "n°2"]
        assert (page["read"], page["typing"]) == (0, False)
