"""What the tests of the simulator share: a receiver of webhooks, and requests as a business sends them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from griot.channels.signature import verify
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.state import Simulator

NUMBER, TOKEN, SECRET = "106540352242922", "EAAtoken", "app-secret"
AWA, MOUSSA = "221770000001", "221770000002"
QUICK = {
    "statuses": {"sent": 0.0, "delivered": 0.0, "read": 0.0},
    "status_flush": 0.005,
    "retry_gaps": [0.0, 0.02],
}


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


@asynccontextmanager
async def controlled(sim: RunningSimulator, receiver: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=sim.control_url, timeout=5) as control:
        account = {"token": TOKEN, "app_secret": SECRET, "webhook_url": receiver.url, "status_flush": 0.005}
        assert (await control.put(f"/accounts/{NUMBER}", json=account)).status_code == 200
        yield control
