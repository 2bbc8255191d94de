"""The Graph API: the requests Meta answers, as raw ASGI where they come by the thousand."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from griot.channels.simulator import files, rules
from griot.channels.simulator.accounts import Account
from griot.channels.simulator.errors import BadToken, Crashed, NoSuchObject, Refused, missing
from griot.channels.simulator.faults import Fault, Kind
from griot.channels.simulator.model import File
from griot.channels.simulator.state import Simulator
from griot.core.errors import ConfigurationError

VERSION = re.compile(r"v\d{1,3}\.\d")
OK = b'{"success":true}'


def routes(simulator: Simulator, prefix: str = "/graph") -> list[Route]:
    """Everything under the Graph API's address."""
    api = _Graph(simulator)
    return [
        Route(prefix + "/{version}/{object_id}/messages", _Messages(simulator), methods=["POST"]),
        Route(prefix + "/{version}/{object_id}/media", api.upload, methods=["POST"]),
        Route(prefix + "/attachments/{file_id}", api.download, methods=["GET"]),
        Route(prefix + "/{version}/{object_id}", api.describe, methods=["GET"]),
        Route(prefix + "/{version}/{object_id}", api.delete, methods=["DELETE"]),
    ]


def authorised(simulator: Simulator, scope: Scope, method: str) -> Account:
    """The business number of the path, if the Bearer token is its own."""
    token = bearer(scope)
    params = scope["path_params"]
    account = simulator.accounts.get(params["object_id"])
    if account is None or account.token != token:
        if not simulator.accounts_of(token):
            raise BadToken
        raise NoSuchObject(method, params["object_id"])
    if not VERSION.fullmatch(params["version"]):
        raise Refused(100, f"Unknown version {params['version']}.")
    return account


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
    """``POST /{version}/{phone_number_id}/messages``."""

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
        payload = rules.check_product(_json(body))
        if "status" in payload:
            self._simulator.mark_read(account, payload)
            return 200, OK
        fault = account.faults.next(payload)
        if fault is None:
            return 200, orjson.dumps(self._simulator.send(account, payload))
        if not await self._before(fault, receive):
            return 0, None
        answer = self._simulator.send(account, payload, fault)
        if not await self._after(account, fault, answer, receive):
            return 0, None
        return 200, orjson.dumps(answer)

    async def _before(self, fault: Fault, receive: Receive) -> bool:
        if fault.kind is Kind.REFUSE:
            raise Refused(fault.code)
        if fault.kind is Kind.CRASH:
            raise Crashed
        if fault.kind is Kind.LATE_BEFORE:
            await asyncio.sleep(fault.seconds)
        if fault.kind is Kind.DROP_BEFORE:
            await hang_up(receive)
            return False
        return True

    async def _after(self, account: Account, fault: Fault, answer: dict[str, Any], receive: Receive) -> bool:
        if fault.kind is Kind.EARLY_STATUS:
            await self._simulator.report_early(account, answer["messages"][0]["id"])
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
        async with request.form() as form:
            if form.get("messaging_product") != "whatsapp":
                raise missing("messaging_product")
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise missing("file")
            mime_type = str(form.get("type") or upload.content_type or "")
            data = await upload.read()
        files.check_upload(mime_type, len(data))
        file = self._simulator.add_file(account, data, mime_type, filename=upload.filename)
        return _json_response(orjson.dumps({"id": file.id}))

    async def _describe(self, request: Request) -> Response:
        file = self._file(request, "get")
        about = {
            "url": self._simulator.address(file),
            "mime_type": file.mime_type,
            "sha256": file.digest.hex(),
            "file_size": len(file.data),
            "id": file.id,
            "messaging_product": "whatsapp",
        }
        return _json_response(orjson.dumps(about))

    async def _delete(self, request: Request) -> Response:
        file = self._file(request, "delete")
        del self._simulator.files[file.id]
        return _json_response(OK)

    async def _download(self, request: Request) -> Response:
        file_id, query = request.path_params["file_id"], request.query_params
        owners = self._simulator.accounts_of(bearer(request.scope))
        file = next((found for owner in owners if (found := self._simulator.file(owner, file_id))), None)
        if file is None or not self._simulator.address_valid(file_id, query.get("ext", ""), query.get("hash", "")):
            return Response(status_code=404)
        return Response(file.data, media_type=file.mime_type)

    def _file(self, request: Request, method: str) -> File:
        """The file of the path, if the token's number (and ``phone_number_id``, when given) has it."""
        file_id = request.path_params["object_id"]
        asked_for = request.query_params.get("phone_number_id")
        for account in self._simulator.accounts_of(bearer(request.scope)):
            file = self._simulator.file(account, file_id)
            if file is not None and asked_for in {None, account.id}:
                return file
        raise NoSuchObject(method, file_id)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refused(100, "The request body is not valid JSON.") from None


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
