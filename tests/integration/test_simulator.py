"""The simulator over real HTTP on loopback: what Meta accepts, answers, signs, repeats and forgets."""

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from griot.channels.signature import verify
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.faults import Kind
from griot.channels.simulator.model import Shown, Template
from griot.channels.simulator.phones import LocalLine, Phone, RemoteLine, Silence
from griot.channels.simulator.server import RunningSimulator, running_simulator, serving
from griot.channels.simulator.state import Simulator
from griot.core.clock import FrozenClock
from griot.core.errors import Conflict, NotFound

NUMBER, TOKEN, SECRET = "106540352242922", "EAAtoken", "app-secret"
AWA, MOUSSA = "221770000001", "221770000002"


class Receiver:
    """The business's webhook: keeps what it gets, answers what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.signatures: list[bool] = []
        self.answers: deque[int] = deque()  # statuses of the next answers; then 200
        self.url = ""
        self.app = Starlette(routes=[Route("/hook", self._receive, methods=["POST"])])

    async def _receive(self, request: Request) -> Response:
        body = await request.body()
        self.signatures.append(verify(SECRET, body, request.headers.get("X-Hub-Signature-256")))
        status = self.answers.popleft() if self.answers else 200
        if status == 200:
            self.bodies.append(orjson.loads(body))
        return Response(status_code=status)

    @property
    def values(self) -> list[dict[str, Any]]:
        changes = (change for body in self.bodies for entry in body["entry"] for change in entry["changes"])
        return [change["value"] for change in changes]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", ())]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", ())]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    hook = Receiver()
    async with serving(hook.app) as origin:
        hook.url = f"{origin}/hook"
        yield hook


@pytest.fixture
async def sim(clock: FrozenClock) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(clock) as running:
        yield running


@pytest.fixture
def account(sim: RunningSimulator, receiver: Receiver) -> Account:
    made = sim.state.create_account(
        NUMBER,
        token=TOKEN,
        app_secret=SECRET,
        webhook_url=receiver.url,
        statuses={"sent": 0.0, "delivered": 0.0, "read": 0.0},
        status_flush=0.005,
        retry_gaps=[0.0, 0.02],
    )
    made.templates["ready", "fr"] = Template("ready", "fr", "{{1}} est prête", buttons=("OUI",))
    return made


@pytest.fixture
async def graph(sim: RunningSimulator, account: Account) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=f"{sim.base_url}/v24.0", headers=headers, timeout=5) as client:
        yield client


@pytest.fixture
async def awa(sim: RunningSimulator, account: Account) -> Phone:
    """A buyer who has just written, so that the 24-hour window is open."""
    phone = await Phone.on(LocalLine(sim.state, NUMBER), AWA, name="Awa Diop")
    await phone.say("Bonjour")
    return phone


async def drain(state: Simulator) -> None:
    async with asyncio.timeout(5):
        await state.drained()


def text(body: str = "Réservée", to: str = f"+{AWA}", **fields: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **fields}


def buttons(*titles: str) -> dict[str, Any]:
    made = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    content = {"type": "button", "body": {"text": "ROBE1 réservée"}, "action": {"buttons": made}}
    return {"messaging_product": "whatsapp", "to": f"+{AWA}", "type": "interactive", "interactive": content}


def means() -> dict[str, Any]:
    rows = [{"id": "wave", "title": "Wave", "description": "Sans frais"}, {"id": "om", "title": "Orange Money"}]
    action = {"button": "Moyens", "sections": [{"rows": rows}]}
    content = {"type": "list", "body": {"text": "Comment payer ?"}, "action": action}
    return {"messaging_product": "whatsapp", "to": f"+{AWA}", "type": "interactive", "interactive": content}


def ready(parameters: int = 1, name: str = "ready") -> dict[str, Any]:
    components: list[dict[str, Any]] = [
        {"type": "body", "parameters": [{"type": "text", "text": "ROBE1"}] * parameters},
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "y"}],
        },
    ]
    template = {"name": name, "language": {"code": "fr"}, "components": components}
    return {"messaging_product": "whatsapp", "to": f"+{AWA}", "type": "template", "template": template}


async def send(graph: httpx.AsyncClient, payload: dict[str, Any]) -> httpx.Response:
    return await graph.post(f"/{NUMBER}/messages", json=payload)


async def code_of(graph: httpx.AsyncClient, payload: dict[str, Any]) -> tuple[int, int]:
    answer = await send(graph, payload)
    return answer.status_code, answer.json()["error"]["code"]


# Sending


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
    graph: httpx.AsyncClient, awa: Phone, account: Account, clock: FrozenClock
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
    graph: httpx.AsyncClient, awa: Phone, account: Account, clock: FrozenClock
) -> None:
    account.behaviour.change(throughput=3)
    assert [(await send(graph, text())).status_code for _ in range(3)] == [200] * 3
    assert await code_of(graph, text()) == (400, 130429)
    clock.advance(timedelta(seconds=1))
    await awa.say("encore")
    assert [(await send(graph, text())).status_code for _ in range(3)] == [200, 200, 400]


async def test_one_person_gets_45_messages_at_once_and_then_one_in_six_seconds(
    graph: httpx.AsyncClient, awa: Phone, account: Account, clock: FrozenClock
) -> None:
    account.behaviour.change(throughput=None, pair_limit=True)
    assert {(await send(graph, text())).status_code for _ in range(45)} == {200}
    assert await code_of(graph, text()) == (400, 131056)
    assert (await send(graph, text(to=f"+{MOUSSA}"))).status_code == 200
    clock.advance(timedelta(seconds=6))
    assert (await send(graph, text())).status_code == 200


async def test_the_business_cannot_write_to_itself_nor_reach_the_unreachable(
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Account, receiver: Receiver
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
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Account, clock: FrozenClock
) -> None:
    first, second, third = [await awa.say(word) for word in ("un", "deux", "trois")]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": second}
    answer = await send(graph, {**read, "typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    assert [sim.state.was_read(NUMBER, wamid) for wamid in (first, second, third)] == [True, True, False]
    thread = account.thread(sim.state.person(AWA))
    assert thread.typing_until == clock.now() + timedelta(seconds=25)
    await send(graph, text())
    assert thread.typing_until is None
    assert await code_of(graph, {**read, "message_id": "wamid.unknown"}) == (400, 131009)


# Statuses and webhooks


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
    graph: httpx.AsyncClient, awa: Phone, account: Account, sim: RunningSimulator, receiver: Receiver
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
    layout: str, entries: int, changes: int, account: Account, sim: RunningSimulator, receiver: Receiver
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
    account: Account, awa: Phone, sim: RunningSimulator, receiver: Receiver
) -> None:
    await drain(sim.state)
    account.outlet.hold()
    ids = [await awa.say(f"n°{number}") for number in range(1000)]
    account.outlet.release()
    await drain(sim.state)
    assert [message["id"] for message in receiver.bodies[-1]["entry"][0]["changes"][0]["value"]["messages"]] == ids


async def test_a_webhook_is_repeated_until_the_receiver_takes_it(
    sim: RunningSimulator, account: Account, awa: Phone, receiver: Receiver
) -> None:
    await drain(sim.state)
    receiver.answers.extend([500, 503, 404])
    wamid = await awa.say("ROBE1")
    await drain(sim.state)
    assert receiver.messages[-1]["id"] == wamid
    assert account.counts["webhook_retries"] == 3
    assert all(receiver.signatures)


async def test_a_receiver_that_was_away_misses_nothing(
    sim: RunningSimulator, account: Account, awa: Phone, receiver: Receiver
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
    sim: RunningSimulator, account: Account, awa: Phone, receiver: Receiver, clock: FrozenClock
) -> None:
    await drain(sim.state)
    receiver.answers.extend([500] * 1000)
    await awa.say("ROBE1")
    await asyncio.sleep(0.05)
    clock.advance(timedelta(days=7, seconds=1))
    await drain(sim.state)
    assert account.counts["webhook_given_up"] == 1


async def test_webhooks_can_come_twice_and_late(
    sim: RunningSimulator, account: Account, awa: Phone, receiver: Receiver
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
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Account, receiver: Receiver
) -> None:
    account.behaviour.change(statuses={})
    wamid = (await send(graph, text())).json()["messages"][0]["id"]
    sim.state.report(NUMBER, wamid, "delivered")
    sim.state.report(NUMBER, wamid, "failed", 131049)
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["delivered", "failed"]
    with pytest.raises(NotFound):
        sim.state.report(NUMBER, "wamid.unknown", "read")


# Faults


async def test_the_next_sends_are_throttled_and_the_one_after_is_not(
    graph: httpx.AsyncClient, awa: Phone, account: Account
) -> None:
    account.faults.throttle(2)
    account.faults.throttle(1, 131056)
    assert [await code_of(graph, text()) for _ in range(3)] == [(400, 130429), (400, 130429), (400, 131056)]
    assert (await send(graph, text())).status_code == 200
    assert account.refusals == {130429: 2, 131056: 1}


async def test_a_fault_can_be_for_one_person_only(graph: httpx.AsyncClient, awa: Phone, account: Account) -> None:
    account.faults.add(Kind.REFUSE, code=131056, to=f"+{MOUSSA}")
    assert (await send(graph, text())).status_code == 200
    assert await code_of(graph, text(to=f"+{MOUSSA}")) == (400, 131056)


async def test_a_crash_is_a_500_that_accepts_nothing(graph: httpx.AsyncClient, awa: Phone, account: Account) -> None:
    account.faults.add("crash")
    assert await code_of(graph, text()) == (500, 1)
    assert account.counts["accepted"] == 0


@pytest.mark.parametrize(("kind", "accepted"), [(Kind.DROP_BEFORE, 0), (Kind.DROP_AFTER, 1)])
async def test_a_cut_connection_leaves_the_sender_without_answer(
    kind: Kind, accepted: int, graph: httpx.AsyncClient, awa: Phone, account: Account
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
    kind: Kind, accepted: int, graph: httpx.AsyncClient, awa: Phone, account: Account
) -> None:
    account.faults.add(kind, seconds=0.2)
    sending = asyncio.create_task(send(graph, text()))
    await asyncio.sleep(0.1)
    assert account.counts["accepted"] == accepted
    assert (await sending).status_code == 200
    assert account.counts["accepted"] == 1


async def test_an_accepted_message_can_fail_later(
    graph: httpx.AsyncClient, awa: Phone, account: Account, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("fail_later", code=131049)
    assert (await send(graph, text())).status_code == 200
    await drain(sim.state)
    assert [(status["status"], status["errors"][0]["code"]) for status in receiver.statuses] == [("failed", 131049)]
    assert await awa.inbox() == []


async def test_the_sent_webhook_can_come_before_the_answer(
    graph: httpx.AsyncClient, awa: Phone, account: Account, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("early_status")
    account.behaviour.change(statuses={"sent": 0.0, "delivered": 0.2})
    await send(graph, text())
    assert [status["status"] for status in receiver.statuses] == ["sent"]
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]


async def test_read_can_come_before_delivered(
    graph: httpx.AsyncClient, awa: Phone, account: Account, sim: RunningSimulator, receiver: Receiver
) -> None:
    account.faults.add("disorder")
    await send(graph, text())
    await drain(sim.state)
    assert [status["status"] for status in receiver.statuses] == ["read", "delivered", "sent"]


async def test_an_outage_cuts_everything_off_and_loses_nothing(
    graph: httpx.AsyncClient, awa: Phone, account: Account, sim: RunningSimulator, receiver: Receiver
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


# Media


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


# Phones


async def test_a_message_of_a_buyer_has_metas_shape(
    awa: Phone, sim: RunningSimulator, account: Account, receiver: Receiver, clock: FrozenClock
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
    graph: httpx.AsyncClient, awa: Phone, sim: RunningSimulator, account: Account, receiver: Receiver
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
    graph: httpx.AsyncClient, sim: RunningSimulator, account: Account, receiver: Receiver
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


# Another process


@asynccontextmanager
async def controlled(sim: RunningSimulator, receiver: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sim.control_url, timeout=5) as control:
        account = {"token": TOKEN, "app_secret": SECRET, "webhook_url": receiver.url, "status_flush": 0.005}
        assert (await control.put(f"/accounts/{NUMBER}", json=account)).status_code == 200
        yield control


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


# The server


async def test_it_runs_under_uvloop_as_in_production() -> None:
    async def scenario() -> tuple[list[str], list[bool]]:
        hook = Receiver()
        async with serving(hook.app) as origin, running_simulator() as sim:
            sim.state.create_account(NUMBER, token=TOKEN, app_secret=SECRET, webhook_url=f"{origin}/hook")
            phone = await Phone.on(LocalLine(sim.state, NUMBER), AWA)
            await phone.say("ROBE1")
            async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                await client.post(f"{sim.base_url}/v24.0/{NUMBER}/messages", json=text())
            await drain(sim.state)
        return [status["status"] for status in hook.statuses], hook.signatures

    statuses, signatures = await asyncio.to_thread(uvloop.run, scenario())
    assert statuses == ["sent", "delivered", "read"]
    assert all(signatures)


async def test_it_ends_at_once_while_a_phone_still_waits(receiver: Receiver) -> None:
    async with httpx.AsyncClient() as client:
        async with running_simulator() as sim, controlled(sim, receiver):
            phone = await Phone.on(RemoteLine(sim.control_url, NUMBER, client), AWA)
            waiting = asyncio.create_task(phone.expect("réservée", timeout=5))
            await asyncio.sleep(0.05)
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(waiting, 1)
