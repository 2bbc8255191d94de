"""What the tests of Instagram and Messenger share: an account of each, and requests to the Send API."""

from dataclasses import dataclass
from typing import Any

import httpx
from simulated import Receiver, drain

from griot.channels.simulator.phones import LocalLine, Phone, Vendor
from griot.channels.simulator.server import RunningSimulator
from griot.channels.simulator.social.profile import Profile


def text(body: str = "Réservée", *titles: str) -> dict[str, Any]:
    replies = [{"content_type": "text", "title": title, "payload": f"id-{title}"} for title in titles]
    return {"text": body, **({"quick_replies": replies} if replies else {})}


def card(*titles: str) -> dict[str, Any]:
    buttons = [{"type": "postback", "title": title, "payload": f"id-{title}"} for title in titles]
    element = {"title": "ROBE1", "subtitle": "15 000 F", "image_url": "https://x.example/r.jpg", "buttons": buttons}
    return {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": [element]}}}


@dataclass
class Shop:
    """An account, whoever sends from it, and what its webhooks brought."""

    account: Profile
    graph: httpx.AsyncClient
    receiver: Receiver
    sim: RunningSimulator

    @property
    def vendor(self) -> Vendor:
        return Vendor(LocalLine(self.sim.state, self.account.id))

    async def phone(self, name: str = "Awa Diop", *, talks: bool = True, **known: str) -> Phone:
        """A person's phone; who ``talks`` has just written, so that the window is open."""
        phone = await Phone.on(LocalLine(self.sim.state, self.account.id), name=name, **known)
        if talks:
            await phone.say("Bonjour")
        return phone

    def scoped(self, phone: Phone) -> str:
        return self.account.scoped_id(self.sim.state.person(phone.user_id))

    def request(self, to: Phone | str, message: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """``to``: a phone, or the id of a comment."""
        recipient = {"id": self.scoped(to)} if isinstance(to, Phone) else {"comment_id": to}
        kind = {"messaging_type": "RESPONSE"} if self.account.platform == "messenger" else {}
        return {"recipient": recipient, **kind, "message": message, **fields}

    async def send(
        self, to: Phone | str, message: dict[str, Any] | None = None, by: str = "", **fields: Any
    ) -> httpx.Response:
        payload = self.request(to, message or text(), **fields)
        return await self.graph.post(f"/{by or self.account.id}/messages", json=payload)

    async def code_of(
        self, to: Phone | str, message: dict[str, Any] | None = None, **fields: Any
    ) -> tuple[int, int, Any]:
        """HTTP status, code and sub-code of a refusal."""
        answer = await self.send(to, message, **fields)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error.get("error_subcode")

    async def entries(self) -> list[dict[str, Any]]:
        await drain(self.sim.state)
        return [entry for body in self.receiver.bodies for entry in body["entry"]]

    async def events(self) -> list[dict[str, Any]]:
        """What the conversations brought so far."""
        return [event for entry in await self.entries() for event in entry.get("messaging", ())]

    async def comments(self) -> list[dict[str, Any]]:
        return [change for entry in await self.entries() for change in entry.get("changes", ())]
