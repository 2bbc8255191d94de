"""The control API: everything a demo, a test or a benchmark in another process does to the simulator. JSON throughout.

No authentication: it is for a loopback address. docs/reference/simulator.md has the table of requests.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from griot.channels.simulator.accounts import Account
from griot.channels.simulator.state import Simulator
from griot.channels.simulator.whatsapp.messages import Template
from griot.core.errors import GriotError, InvalidInput

LONGEST_WAIT = 60.0
Handler = Callable[[Request, dict[str, Any]], Awaitable[dict[str, Any]]]


def routes(simulator: Simulator, prefix: str = "/control") -> list[Route]:
    control = _Control(simulator)
    account = prefix + "/accounts/{account}"
    table: list[tuple[str, str, Handler]] = [
        ("PUT", account, control.create_account),
        ("PATCH", account, control.change_account),
        ("POST", account + "/templates", control.add_template),
        ("POST", account + "/faults", control.add_fault),
        ("DELETE", account + "/faults", control.clear_faults),
        ("POST", account + "/hold", control.hold),
        ("POST", account + "/release", control.release),
        ("POST", account + "/statuses", control.report),
        ("POST", account + "/actions", control.act_many),
        ("POST", account + "/vendor", control.direct),
        ("GET", account + "/counters", control.counters),
        ("PUT", prefix + "/people/{person}", control.put_person),
        ("POST", prefix + "/people", control.add_person),
        ("POST", account + "/people/{person}/actions", control.act),
        ("GET", account + "/people/{person}/inbox", control.inbox),
        ("POST", prefix + "/drain", control.drain),
    ]
    return [
        *(Route(path, _endpoint(handler), methods=[method]) for method, path, handler in table),
        Route(account + "/files/{file}", control.file, methods=["GET"]),
    ]


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            answer, status = await handler(request, await _json(request)), 200
        except GriotError as error:
            answer, status = {"error": str(error)}, error.status
        return Response(orjson.dumps(answer), status, media_type="application/json")

    return endpoint


async def _json(request: Request) -> dict[str, Any]:
    body = await request.body()
    if not body:
        return {}
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidInput("The body must be JSON.") from None
    if not isinstance(data, dict):
        raise InvalidInput("The body must be a JSON object.")
    return data


def _number(data: Mapping[str, Any], name: str, default: float) -> float:
    try:
        return float(data.get(name, default))
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} is a number.") from None


class _Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def create_account(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Credentials, ``platform``, and any setting of the account's ``Behaviour``."""
        for name in ("token", "app_secret", "webhook_url"):
            if not isinstance(data.get(name), str):
                raise InvalidInput(f"{name} is required.")
        self._simulator.create_account(request.path_params["account"], **data)
        return {"id": request.path_params["account"]}

    async def change_account(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        self._account(request).behaviour.change(**data)
        return {"changed": sorted(data)}

    async def add_template(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        try:
            template = Template(**{**data, "buttons": tuple(data.get("buttons", ()))})
        except TypeError:
            raise InvalidInput("A template has: name, language, body, category, buttons.") from None
        self._simulator.add_template(request.path_params["account"], template)
        return {"name": template.name, "language": template.language}

    async def add_fault(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """One of the faults of sends, ``down`` for some seconds, or ``duplicate`` for the next webhook bodies."""
        faults, kind = self._account(request).faults, str(data.get("kind"))
        times, seconds = int(_number(data, "times", 1)), _number(data, "seconds", 1.0)
        if kind == "down":
            faults.go_down(seconds)
        elif kind == "duplicate":
            faults.duplicates += times
        else:
            code, subcode = int(_number(data, "code", 0)) or None, int(_number(data, "subcode", 0)) or None
            faults.add(kind, times, code=code, subcode=subcode, seconds=seconds, to=data.get("to"))
        return {"queued": len(faults)}

    async def clear_faults(self, request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        self._account(request).faults.clear()
        return {"queued": 0}

    async def hold(self, request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        self._account(request).outlet.hold()
        return {}

    async def release(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        self._account(request).outlet.release(max(1, int(_number(data, "batch", 1000))))
        return {}

    async def report(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        code = int(_number(data, "code", 0)) or None
        self._account(request).report(str(data.get("id")), str(data.get("status")), code)
        return {}

    async def counters(self, request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        return self._account(request).counters(phones="phones" in request.query_params)

    async def put_person(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """A person with this phone number."""
        return self._add_person(phone=request.path_params["person"], data=data)

    async def add_person(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """A person known by a user id only."""
        return self._add_person(phone=None, data=data)

    def _add_person(self, phone: str | None, data: dict[str, Any]) -> dict[str, Any]:
        person = self._simulator.add_person(
            phone, name=str(data.get("name", "")), user_id=data.get("user_id"), username=data.get("username")
        )
        person.reachable = bool(data.get("reachable", person.reachable))
        return {"user_id": person.user_id, "phone": person.phone, "name": person.name, "username": person.username}

    async def act(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return {"id": self._account(request).act(request.path_params["person"], data)}

    async def direct(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """What the vendor does with the platform's own app."""
        return {"id": self._account(request).direct(data)}

    async def act_many(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{"actions": [{"person": …, "text": …}, …]}``: a load generator's many messages in one request."""
        account, actions = self._account(request), data.get("actions")
        if not isinstance(actions, list):
            raise InvalidInput("actions must be an array.")
        return {"ids": [account.act(str(action.get("person")), action) for action in actions]}

    async def inbox(self, request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        """Messages after number ``after``; waits up to ``wait`` seconds for the first one."""
        account = self._account(request)
        thread = account.thread(self._simulator.person(request.path_params["person"]))
        after = int(_number(request.query_params, "after", 0))
        wait = min(_number(request.query_params, "wait", 0), LONGEST_WAIT)
        messages = await thread.messages(after, wait)
        typing = thread.typing_until is not None and self._simulator.clock.now() < thread.typing_until
        return {
            "messages": [message.to_json() for message in messages],
            "written": thread.written,
            "read": thread.read,
            "typing": typing,
        }

    async def file(self, request: Request) -> Response:
        """The bytes of a file that an account has, such as one that it sent."""
        try:
            account = self._account(request)
        except GriotError as error:
            return Response(orjson.dumps({"error": str(error)}), error.status, media_type="application/json")
        file = account.world.file(account.id, request.path_params["file"])
        if file is None:
            return Response(b'{"error":"There is no such file."}', 404, media_type="application/json")
        return Response(file.data, media_type=file.mime_type)

    async def drain(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Wait until every webhook was received; ``drained`` false when ``seconds`` were not enough."""
        try:
            async with asyncio.timeout(min(_number(data, "seconds", 10.0), LONGEST_WAIT)):
                await self._simulator.drained()
        except TimeoutError:
            return {"drained": False}
        return {"drained": True}

    def _account(self, request: Request) -> Account:
        return self._simulator.account(request.path_params["account"])
