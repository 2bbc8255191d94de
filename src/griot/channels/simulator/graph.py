"""The Graph API: the requests Meta answers, as raw ASGI where they come by the thousand."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from griot.channels.simulator.accounts import Accepted, Account
from griot.channels.simulator.errors import BadToken, Crashed, NoSuchObject, Refused
from griot.channels.simulator.faults import Fault, Kind
from griot.channels.simulator.state import Simulator
from griot.core.errors import ConfigurationError

VERSION = re.compile(r"v\d{1,3}\.\d")
OK = b'{"success":true}'


def routes(simulator: Simulator, prefix: str = "/graph") -> list[Route]:
    """Everything under the Graph API's address."""
    api = _Graph(simulator)
    return [
        Route(prefix + "/{version}/{object_id}/messages", _Messages(simulator), methods=["POST"]),
        Route(prefix + "/{version}/{object_id}/{edge:str}", api.upload, methods=["POST"]),
        Route(prefix + "/attachments/{file_id}", api.download, methods=["GET"]),
        Route(prefix + "/cdn/{file_id}", api.fetch, methods=["GET"]),
        Route(prefix + "/{version}/{object_id}", api.describe, methods=["GET"]),
        Route(prefix + "/{version}/{object_id}", api.delete, methods=["DELETE"]),
    ]


def authorised(simulator: Simulator, scope: Scope, method: str) -> Account:
    """The account of the path, if the Bearer token is its own; ``me`` is the one account that the token is for."""
    params = scope["path_params"]
    owned = simulator.accounts_of(bearer(scope))
    if not owned:
        raise BadToken
    found = [each for each in owned if each.id == params["object_id"]]
    if params["object_id"] == "me" and len(owned) == 1:
        found = owned
    if not found:
        raise NoSuchObject(method, params["object_id"])
    if not VERSION.fullmatch(params["version"]):
        raise Refused(400, 100, f"(#100) Unknown version {params['version']}.")
    return found[0]


def bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


async def hang_up(receive: Receive) -> None:
    """Cut the connection without an answer, as a network does. Only uvicorn gives the means."""
    transport: asyncio.Transport | None = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConfigurationError("Cutting connections needs uvicorn, and no middleware that wraps receive().")
    transport.abort()
    await asyncio.sleep(0)  # lets the server notice, so that it does not try to answer


class _Messages:
    """``POST /{version}/{account}/messages``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        try:
            account = authorised(self._simulator, scope, "post")
        except Refused as refused:
            await _answer(send, refused.status, refused.encoded())
            return
        account.counts["requests"] += 1
        account.counts["bytes_received"] += len(body)
        if account.faults.down:
            await hang_up(receive)
            return
        try:
            status, answer = await self._handle(account, body, receive)
        except Refused as refused:
            account.counts["refused"] += 1
            account.refusals[refused.code] += 1
            status, answer = refused.status, refused.encoded()
        if answer is not None:
            await _answer(send, status, answer)

    async def _handle(self, account: Account, body: bytes, receive: Receive) -> tuple[int, bytes | None]:
        """Status and body of the answer; no body when the connection was cut."""
        payload = account.check(_json(body))
        done = account.instruct(payload)
        if done is not None:
            return 200, orjson.dumps(done)
        fault = account.faults.next(account.addressee(payload))
        if fault is None:
            return 200, orjson.dumps(account.send(payload).answer)
        if not await self._before(account, fault, receive):
            return 0, None
        accepted = account.send(payload, fault)
        if not await self._after(account, fault, accepted, receive):
            return 0, None
        return 200, orjson.dumps(accepted.answer)

    async def _before(self, account: Account, fault: Fault, receive: Receive) -> bool:
        if fault.kind is Kind.REFUSE:
            raise account.refusal(fault.code or account.broken, fault.subcode)
        if fault.kind is Kind.THROTTLE:
            raise account.refusal(account.busy)
        if fault.kind is Kind.CRASH:
            raise Crashed
        if fault.kind is Kind.LATE_BEFORE:
            await asyncio.sleep(fault.seconds)
        if fault.kind is Kind.DROP_BEFORE:
            await hang_up(receive)
            return False
        return True

    async def _after(self, account: Account, fault: Fault, accepted: Accepted, receive: Receive) -> bool:
        if fault.kind is Kind.EARLY_STATUS:
            await account.report_early(accepted.id)
        if fault.kind is Kind.LATE_AFTER:
            await asyncio.sleep(fault.seconds)
        if fault.kind is Kind.DROP_AFTER:
            await hang_up(receive)
            return False
        return True


class _Graph:
    """The rarer requests: media, and what an id stands for."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.upload = self._guarded(self._upload)
        self.download = self._guarded(self._download)
        self.describe = self._guarded(self._describe)
        self.delete = self._guarded(self._delete)

    def _guarded(self, handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            owners = self._simulator.accounts_of(bearer(request.scope))
            if any(account.faults.down for account in owners):
                await hang_up(request.receive)
            try:
                if not owners:
                    raise BadToken
                return await handle(request)
            except Refused as refused:
                return _json_response(refused.encoded(), refused.status)

        return guarded

    async def _upload(self, request: Request) -> Response:
        account = authorised(self._simulator, request.scope, "post")
        if request.path_params["edge"] != account.upload_edge:
            raise NoSuchObject("post", account.id)
        async with request.form() as form:
            return _json_response(orjson.dumps(await account.upload(form)))

    async def _describe(self, request: Request) -> Response:
        object_id = request.path_params["object_id"]
        for account in self._simulator.accounts_of(bearer(request.scope)):
            about = account.describe(object_id, request.query_params)
            if about is not None:
                return _json_response(orjson.dumps(about))
        raise NoSuchObject("get", object_id)

    async def _delete(self, request: Request) -> Response:
        object_id = request.path_params["object_id"]
        if not any(account.delete(object_id) for account in self._simulator.accounts_of(bearer(request.scope))):
            raise NoSuchObject("delete", object_id)
        return _json_response(OK)

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        owners = self._simulator.accounts_of(bearer(request.scope))
        file = next((found for owner in owners if (found := self._simulator.file(owner.id, file_id))), None)
        if file is None or not self._valid(request):
            return Response(status_code=404)
        return Response(file.data, media_type=file.mime_type)

    async def fetch(self, request: Request) -> Response:
        """What Instagram and Messenger link to: no token, but the address ends."""
        file = self._simulator.files.get(request.path_params["file_id"])
        if file is None or not self._valid(request):
            return Response("URL signature expired", 403)
        return Response(file.data, media_type=file.mime_type)

    def _valid(self, request: Request) -> bool:
        file_id, query = request.path_params["file_id"], request.query_params
        return self._simulator.address_valid(file_id, query.get("ext", ""), query.get("hash", ""))


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused(400, 100, "(#100) The request body is not valid JSON.") from None


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json; charset=UTF-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _json_response(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json")
