"""Files at the simulated WhatsApp: fetched in two steps, uploaded once, refused."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

import httpx
from simulated import AWA, NUMBER, Receiver, buttons, code_of, drain, send

from griot.channels.simulator.phones import Phone
from griot.channels.simulator.server import RunningSimulator
from griot.core.clock import FrozenClock


async def test_a_voice_note_is_fetched_in_two_steps_with_the_token(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver, clock: FrozenClock, tmp_path: Path
) -> None:
    note = tmp_path / "note.ogg"
    note.write_bytes(b"OggS robe un s'il te plait")
    await awa.send_voice(note)
    await drain(sim.state)
    audio = receiver.messages[-1]["audio"]
    assert (audio["mime_type"], audio["voice"]) == ("audio/ogg; codecs=opus", True)
    assert base64.b64decode(audio["sha256"]) == hashlib.sha256(note.read_bytes()).digest()
    assert (await graph.get(audio["url"])).content == note.read_bytes()

    about = (await graph.get(f"/{audio['id']}", params={"phone_number_id": NUMBER})).json()
    assert (about["file_size"], about["mime_type"]) == (26, "audio/ogg; codecs=opus")
    assert (await graph.get(about["url"])).content == note.read_bytes()
    assert (await graph.get(about["url"], headers={"Authorization": ""})).status_code == 401
    assert (await graph.get(about["url"] + "0")).status_code == 404

    clock.advance(timedelta(minutes=5, seconds=1))
    assert (await graph.get(about["url"])).status_code == 404
    fresh = (await graph.get(f"/{audio['id']}")).json()["url"]
    assert (await graph.get(fresh)).status_code == 200
    clock.advance(timedelta(days=7))
    assert (await graph.get(f"/{audio['id']}")).json()["error"]["code"] == 100


async def test_a_file_is_uploaded_once_and_sent_by_id(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, receiver: Receiver
) -> None:
    form = {"messaging_product": "whatsapp", "type": "image/jpeg"}
    uploaded = await graph.post(f"/{NUMBER}/media", data=form, files={"file": ("r.jpg", b"\xff\xd8", "image/jpeg")})
    media_id = uploaded.json()["id"]
    image = {"id": media_id, "caption": "ROBE1"}
    picture = {"messaging_product": "whatsapp", "to": f"+{AWA}", "type": "image", "image": image}
    assert (await send(graph, picture)).status_code == 200
    assert (await awa.expect("robe1")).media == {"kind": "image", **image}
    wrong = {"messaging_product": "whatsapp", "to": f"+{AWA}", "type": "video", "video": {"id": media_id}}
    assert (await send(graph, wrong)).status_code == 200
    await drain(sim.state)
    assert receiver.statuses[-1]["errors"][0]["code"] == 131053
    assert (await graph.delete(f"/{media_id}")).json() == {"success": True}
    assert await code_of(graph, picture) == (400, 131009)
    under = buttons("PAYER")
    under["interactive"]["header"] = {"type": "image", "image": {"id": media_id}}
    assert await code_of(graph, under) == (400, 131009)


async def test_files_meta_does_not_take_are_refused(graph: httpx.AsyncClient) -> None:
    form = {"messaging_product": "whatsapp"}
    html = await graph.post(f"/{NUMBER}/media", data=form, files={"file": ("a.html", b"<p>", "text/html")})
    huge = {"file": ("a.png", b"0" * (5 * 1024 * 1024 + 1), "image/png")}
    big = await graph.post(f"/{NUMBER}/media", data=form, files=huge)
    bare = await graph.post(f"/{NUMBER}/media", files={"file": ("a.png", b"0", "image/png")})
    assert [answer.json()["error"]["code"] for answer in (html, big, bare)] == [100, 100, 100]
