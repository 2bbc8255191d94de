"""The view that a console looks at, as it changes: server-sent events ``change`` with what ``boards`` tells, and
``gone`` when there is nothing to tell any more."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import asdict

import orjson
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from griot.core.errors import GriotError
from griot.ui.answering import view_at
from griot.ui.boards import Boards
from griot.ui.desk import Desk, visitor
from griot.ui.registry import Address, View

HEARTBEAT = 15  # seconds between signs of life
RECHECK = 30.0  # seconds after which it is asked again whether the console may still watch
PATIENCE = 20.0  # seconds that a console may take to take what is sent
COME_BACK = 1_000  # milliseconds after which a browser connects again


async def watch(request: Request) -> Response:
    """``?shop=12&at=/orders``."""
    desk = await _desk(request)
    view, at = view_at(desk, Address.parse(request.query_params.get("at", "")[:2000]))
    return EventSourceResponse(
        _changes(request, view, desk, at),
        ping=HEARTBEAT,
        send_timeout=PATIENCE,
        headers={"X-Accel-Buffering": "no"},
    )


async def _changes(request: Request, view: View, desk: Desk, at: Address) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(retry=COME_BACK, comment="watching")
    boards: Boards = request.app.state.boards
    checked = time.monotonic()
    try:
        async with boards.watch(view, desk, at) as changes:
            while True:
                try:
                    change = await asyncio.wait_for(changes.get(), RECHECK)
                    if change is None:
                        break
                    yield ServerSentEvent(
                        data=orjson.dumps({"now": desk.now, **asdict(change)}).decode(), event="change"
                    )
                except TimeoutError:
                    pass
                if time.monotonic() - checked > RECHECK:
                    if (await _desk(request)).access != desk.access:
                        break
                    checked = time.monotonic()
    except GriotError:
        pass
    yield ServerSentEvent(data="{}", event="gone")  # or no longer theirs: the page asks again, and is told why


async def _desk(request: Request) -> Desk:
    who = await visitor(request.app.state.house, request.cookies, request.headers)
    return await who.sit_down_at(request.query_params)


ROUTES = [Route("/stream", watch)]
