"""What happens, as it happens: server-sent events that go on where they were left."""

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.security import HTTPAuthorizationCredentials
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Happening, Limit, Page, pack, unpack
from griot.core.errors import Conflict, GriotError
from griot.core.events import Place, page
from griot.core.feed import Feed, Signal
from griot.tools.users import sessions
from griot.tools.users.door import Door

HEARTBEAT = 15  # seconds between signs of life
RECHECK = 30.0  # seconds after which it is asked again whether the watcher may still watch
PATIENCE = 20.0  # seconds that a watcher may take to take what is sent
COME_BACK = 1_000  # milliseconds after which a browser connects again

_EXAMPLE = (
    'id: 812_7331:7331:\r\nevent: happened\r\ndata: {"number":812,"kind":"order.paid","order":12}\r\n\r\n'
    'event: thread\r\ndata: {"conversation":34}\r\n\r\n'
)
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}}}
}

router = APIRouter(tags=["events"])
_may_watch = Needs("events:read")
Watching = Annotated[Door, Depends(_may_watch)]


@router.get("/events", response_class=EventSourceResponse, responses=_STREAM)
async def watch(
    request: Request,
    door: Watching,
    after: Annotated[str | None, Query(max_length=4000, description="As `Last-Event-ID`.")] = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=4000)] = None,
) -> EventSourceResponse:
    """Server-sent events. `happened`: an event, in the order they were committed; none is left out for who sends the
    last id again. `thread`: a conversation looks different now. `look`: look at everything shown again; it comes at
    the beginning and whenever hints may have been missed."""
    given = last_event_id or after
    place = Place.parse(given) if given else None
    feed: Feed = request.app.state.feed
    return EventSourceResponse(
        _told(feed, door, place, request),
        ping=int(HEARTBEAT),
        send_timeout=PATIENCE,
        headers={"X-Accel-Buffering": "no"},
    )


@router.get("/events/log")
async def list_events(
    door: Watching,
    kind: Annotated[str | None, Query(max_length=60, examples=["order.paid"])] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Happening]:
    """What happened and who did it, the latest first: the audit. Nothing in it can be changed."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await page(tx, limit, place[0] if place else None, kind)
    following = pack([found[-1].number]) if len(found) == limit else None
    return Page(items=[Happening.model_validate(event) for event in found], next=following)


async def _told(feed: Feed, door: Door, place: Place | None, request: Request) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(retry=COME_BACK, comment="watching")
    async with feed.watch(door.access.shop_id, place) as watcher:
        checked = time.monotonic()
        while True:
            try:
                signal = await watcher.next(RECHECK)
            except Conflict:
                return
            if time.monotonic() - checked > RECHECK:
                if not await _still_welcome(request, door):
                    return
                checked = time.monotonic()
            if signal is not None:
                yield _event(signal)


async def _still_welcome(request: Request, door: Door) -> bool:
    """A stream must not outlive the right to it."""
    bearer = request.headers.get("authorization", "").partition(" ")[2]
    credentials = HTTPAuthorizationCredentials(scheme="Bearer", credentials=bearer) if bearer else None
    try:
        await _may_watch(request, credentials, request.cookies.get(sessions.COOKIE), door.access.shop_id)
    except GriotError:
        return False
    return True


def _event(signal: Signal) -> ServerSentEvent:
    place = str(signal.place) if signal.place else None
    if signal.event is not None:
        shown = Happening.model_validate(signal.event).model_dump_json()
        return ServerSentEvent(data=shown, event="happened", id=place)
    if signal.thread is not None:
        return ServerSentEvent(data=f'{{"conversation": {signal.thread}}}', event="thread")
    return ServerSentEvent(data="{}", event="look", id=place)
