"""Scripted buyers: a ``Phone`` writes, taps, sends files and waits for answers, from this process or from another."""

import asyncio
import base64
import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import httpx
import orjson

from griot.channels.simulator.model import Shown
from griot.channels.simulator.state import Simulator
from griot.core.errors import FarEndError, GriotError, NotFound

VOICE_NOTE = "audio/ogg; codecs=opus"
RECORDINGS = {".m4a": "audio/mp4", ".mp4": "audio/mp4", ".wav": "audio/wav"}
PATIENCE = 10.0  # seconds
LONG_POLL = 20.0


class Silence(GriotError):
    """The awaited message did not come in time; the text says what came instead."""


class Line(Protocol):
    """How phones reach the simulator: for one account of a business."""

    async def register(self, phone: str | None, name: str, username: str | None) -> str:
        """Make sure the person exists. The user id."""
        ...

    async def act(self, person: str, action: dict[str, Any]) -> str:
        """Carry out an action (docs/reference/simulator.md). The id of the message sent."""
        ...

    async def direct(self, action: dict[str, Any]) -> str:
        """Carry out an action of the vendor with the platform's own app. The id of what came of it."""
        ...

    async def inbox(self, person: str, after: int, wait: float) -> list[Shown]:
        """The messages after number ``after``, waiting up to ``wait`` seconds for one."""
        ...


class LocalLine:
    """Phones in the simulator's own process."""

    def __init__(self, simulator: Simulator, account_id: str) -> None:
        self._simulator = simulator
        self._account = simulator.account(account_id)

    async def register(self, phone: str | None, name: str, username: str | None) -> str:
        return self._simulator.add_person(phone, name=name, username=username).user_id

    async def act(self, person: str, action: dict[str, Any]) -> str:
        return self._account.act(person, action)

    async def direct(self, action: dict[str, Any]) -> str:
        return self._account.direct(action)

    async def inbox(self, person: str, after: int, wait: float) -> list[Shown]:
        return await self._account.thread(self._simulator.person(person)).messages(after, wait)


class RemoteLine:
    """Phones in another process, over the control API. ``control_url`` like ``http://127.0.0.1:8001/control``."""

    def __init__(self, control_url: str, account_id: str, client: httpx.AsyncClient) -> None:
        self._url = control_url
        self._account = f"{control_url}/accounts/{account_id}"
        self._client = client

    async def register(self, phone: str | None, name: str, username: str | None) -> str:
        person = {"name": name, "username": username}
        if phone:
            return str((await self._call("PUT", f"{self._url}/people/{phone.lstrip('+')}", person))["user_id"])
        return str((await self._call("POST", f"{self._url}/people", person))["user_id"])

    async def act(self, person: str, action: dict[str, Any]) -> str:
        return str((await self._call("POST", f"{self._account}/people/{person}/actions", action))["id"])

    async def direct(self, action: dict[str, Any]) -> str:
        return str((await self._call("POST", f"{self._account}/vendor", action))["id"])

    async def inbox(self, person: str, after: int, wait: float) -> list[Shown]:
        url = f"{self._account}/people/{person}/inbox?after={after}&wait={wait}"
        return [Shown.from_json(message) for message in (await self._call("GET", url))["messages"]]

    async def counters(self) -> dict[str, Any]:
        """What the simulator counted for this account."""
        return await self._call("GET", f"{self._account}/counters")

    async def _call(self, method: str, url: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        body = orjson.dumps(data, default=_base64) if data is not None else None
        response = await self._client.request(method, url, content=body, timeout=LONG_POLL + PATIENCE)
        answer: dict[str, Any] = orjson.loads(response.content)
        if response.status_code == 404:
            raise NotFound(answer["error"])
        if response.is_error:
            raise FarEndError(f"The simulator refused: {answer['error']}")
        return answer


class Phone:
    """A buyer's phone, in conversation with one account of a business.

    ``phone`` is the number in digits, ``user_id`` the business-scoped id. Every method that writes returns the id of
    the message it sent. Not to be used by two tasks at once.
    """

    def __init__(self, line: Line, user_id: str, phone: str | None, name: str) -> None:
        self.user_id = user_id
        self.phone = phone
        self.name = name
        self._line = line
        self._seen = 0

    @classmethod
    async def on(cls, line: Line, phone: str | None = None, *, name: str = "", username: str | None = None) -> "Phone":
        """A phone with a number; with ``username`` the number stays hidden from the business."""
        return cls(line, await line.register(phone, name, username), phone, name)

    async def say(self, text: str, *, reply_to: str | None = None) -> str:
        return await self._line.act(self.user_id, {"text": text, "reply_to": reply_to})

    async def tap(self, choice: str) -> str:
        """Tap a button, list row or quick reply, by id or title, on the latest message that has it.

        A choice that is only numbered in a text is answered by its number. Raises ``NotFound``.
        """
        return await self._line.act(self.user_id, {"tap": choice})

    async def comment(self, text: str, *, on: str, reply_to: str | None = None) -> str:
        """Write under a post, reel or live (its id) of an Instagram account or a page. The comment's id."""
        return await self._line.act(self.user_id, {"comment": text, "on": on, "reply_to": reply_to})

    async def share(self, kind: str, url: str) -> str:
        """Share a post, or mention the account in a story: ``share("story_mention", …)``."""
        return await self._line.act(self.user_id, {"share": {"type": kind, "url": url}})

    async def unsend(self, message_id: str) -> str:
        """Take a message back (Instagram)."""
        return await self._line.act(self.user_id, {"unsend": message_id})

    async def fill_form(self, values: dict[str, Any]) -> str:
        """Send the latest form (Flow) back with these values."""
        return await self._line.act(self.user_id, {"form": values})

    async def react(self, message_id: str, emoji: str) -> str:
        return await self._line.act(self.user_id, {"reaction": {"message_id": message_id, "emoji": emoji}})

    async def send_location(self, latitude: float, longitude: float, **place: str) -> str:
        return await self._line.act(self.user_id, {"location": {"latitude": latitude, "longitude": longitude, **place}})

    async def send_voice(self, path: str | Path) -> str:
        """A voice note: announced as Ogg Opus, which is what WhatsApp records, unless its name says what it is."""
        mime_type = RECORDINGS.get(Path(path).suffix, VOICE_NOTE)
        return await self._send_file(path, "audio", mime_type, voice=True)

    async def send_image(self, path: str | Path, caption: str = "") -> str:
        return await self._send_file(path, "image", None, caption=caption)

    async def send_document(self, path: str | Path, caption: str = "") -> str:
        return await self._send_file(path, "document", None, caption=caption, filename=Path(path).name)

    async def _send_file(self, path: str | Path, kind: str, mime_type: str | None, **more: Any) -> str:
        data = await asyncio.to_thread(Path(path).read_bytes)
        mime_type = mime_type or mimetypes.guess_type(str(path))[0] or "application/octet-stream"
        media = {"kind": kind, "mime_type": mime_type, "data": data, **more}
        return await self._line.act(self.user_id, {"media": media})

    async def send(self, kind: str, content: Any, **extra: Any) -> str:
        """Anything else, in Meta's own words: ``send("unsupported", {"type": "poll_update"}, errors=[…])``."""
        return await self._line.act(self.user_id, {"type": kind, "content": content, "extra": extra})

    async def inbox(self) -> list[Shown]:
        """Everything the business has sent to this phone, oldest first."""
        return await self._line.inbox(self.user_id, 0, 0)

    async def expect(
        self,
        wanted: str | Callable[[Shown], bool],
        timeout: float = PATIENCE,  # noqa: ASYNC109 - a script reads better with the limit at the call
    ) -> Shown:
        """The next message that contains ``wanted`` (case aside) or satisfies it, within ``timeout`` seconds.

        Messages before it are passed over, and are not looked at again. Raises ``Silence``.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        passed: list[str] = []
        while True:
            left = deadline - asyncio.get_running_loop().time()
            messages = await self._line.inbox(self.user_id, self._seen, min(max(left, 0.0), LONG_POLL))
            for message in messages:
                self._seen = message.seq
                if _matches(message, wanted):
                    return message
                passed.append(message.text)
            if left <= 0:
                came = " | ".join(passed) or "nothing"
                raise Silence(f"{self.name or self.user_id} waited {timeout:g} s for {wanted!r}; what came: {came}")

    async def open_link(self) -> str:
        """The address in the latest message that has one (its button's, else in the text). Raises ``NotFound``."""
        for message in reversed(await self.inbox()):
            if message.link:
                return message.link
        raise NotFound(f"There is no link on the phone of {self.name or self.user_id}.")


class Vendor:
    """The vendor of an Instagram account or a page, with the platform's own app."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def publish(self, kind: str = "feed") -> str:
        """A post (feed), a reel, or a live that begins. Its id."""
        return await self._line.direct({"publish": kind})

    async def end(self, live: str) -> None:
        """End a live."""
        await self._line.direct({"end": live})

    async def comment(self, text: str, *, on: str, reply_to: str | None = None) -> str:
        return await self._line.direct({"comment": text, "on": on, "reply_to": reply_to})

    async def answer(self, phone: Phone, text: str) -> str:
        """Write to somebody by hand."""
        return await self._line.direct({"to": phone.user_id, "text": text})


def _matches(message: Shown, wanted: str | Callable[[Shown], bool]) -> bool:
    if isinstance(wanted, str):
        return wanted.casefold() in message.text.casefold()
    return wanted(message)


def _base64(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError
