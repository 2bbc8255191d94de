"""The page that a stream shows in its picture: for whoever has its link, without a login, kept true like a view.

It is a view with a desk of its own that may only look at the live; it is offered to nobody at the console.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from griot.core.errors import NotFound, SignatureMismatch
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.live import overlay
from griot.tools.users.models import Access
from griot.ui.boards import Boards, Change
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View
from griot.ui.showing import NAVIGATION, page

RECHECK = 30.0  # seconds after which it is looked whether anybody is still there
COME_BACK = 2_000  # milliseconds after which a browser connects again
_SCOPE = "live:read"
_HEADERS = {
    # Studios show the page inside their own.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}

view = View("overlay", _SCOPE, concerns=("live.", "order.", "stock.", "overlay.", "product.", "catalogue."), every=15.0)


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """What the audience sees; nothing once the page is closed."""
    async with desk.shop() as (tx, shop):
        try:
            scene = await overlay.scene(tx, shop, at.number() or 0, desk.now)
        except NotFound:
            return Shown("overlay/closed.html", (), {}, "")
    return Shown("overlay/view.html", ("articles", "bought", "door"), {"scene": scene}, "")


async def open_page(request: Request) -> Response:
    """``/overlay/<token>``."""
    desk, _ = await _desk(request)
    return HTMLResponse(page("overlay/page.html", desk.language), headers=_HEADERS)


async def watch(request: Request) -> Response:
    """``/overlay/<token>/stream``: what the page shows, as it changes."""
    desk, at = await _desk(request)
    return EventSourceResponse(_changes(request, desk, at), ping=15, headers={"X-Accel-Buffering": "no"})


async def _changes(request: Request, desk: Desk, at: Address) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(retry=COME_BACK, comment="watching")
    boards: Boards = request.app.state.boards
    async with boards.watch(view, desk, at) as changes:
        while not await request.is_disconnected():
            try:
                change = await asyncio.wait_for(changes.get(), RECHECK)
            except TimeoutError:
                continue
            if change is None:
                return
            if told := _told(change):
                yield ServerSentEvent(data=orjson.dumps(told).decode(), event="change")
            if change.frame == "":
                return  # the page was closed


def _told(change: Change) -> dict[str, Any]:
    """What of a change is for the audience; where else one can go is not."""
    parts = {name: html for name, html in change.parts.items() if name != NAVIGATION}
    return {"frame": change.frame, "parts": parts} if parts or change.frame is not None else {}


async def _desk(request: Request) -> tuple[Desk, Address]:
    """The desk of who has the link, and the page that it names; ``NotFound`` when it opens nothing."""
    house: House = request.app.state.house
    try:
        shop_id, page_id = overlay.read_token(house.keyring, request.path_params["token"])
    except SignatureMismatch:
        raise NotFound("There is no such page.") from None
    async with house.db.transaction(shop_id) as tx:
        await overlay.check_open(tx, page_id)
        language = (await load_shop(tx)).language
    access = Access(shop_id, f"overlay:{page_id}", frozenset({_SCOPE}))
    return Desk(house, access, language), Address("overlay", (str(page_id),))


ROUTES = [Route("/overlay/{token}", open_page), Route("/overlay/{token}/stream", watch)]
