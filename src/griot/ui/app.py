"""The console process: the login, the one page, what happens as it happens, documents."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from griot.core import logs, ops
from griot.core.errors import GriotError, TooManyRequests
from griot.core.feed import Feed
from griot.core.house import House, open_house
from griot.core.ratelimit import RateLimiter
from griot.core.settings import Settings, settings
from griot.ui import doors, files, overlay, stream
from griot.ui.answering import answer, told
from griot.ui.boards import Boards
from griot.ui.desk import language_of, visitor
from griot.ui.screen import screen

log = logs.get(__name__)

PAGE = "/console"
LARGEST_UPLOAD = "20mb"
_STATIC = Path(__file__).parent / "static"
_SAFE = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
}


def create_app(config: Settings | None = None, house: House | None = None) -> FastAPI:
    """The ASGI application; ``house``: one that is open already."""
    config = config or settings()
    limiter = RateLimiter(config.rate_console, burst=3 * config.rate_console)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with nullcontext(house) if house else open_house(config) as opened:
            app.state.house = opened
            app.state.feed = Feed(opened.db)
            app.state.boards = Boards(app.state.feed)
            log.info("console started")
            yield
            await app.state.feed.close()
        log.info("console stopped")

    app = FastAPI(title="Griot console", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    async def perform(given: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        house: House = app.state.house
        try:
            who = await visitor(house, request.cookies, request.headers)
        except GriotError:
            return {"login": True}
        wait = limiter.allow(str(who.session.id), time.monotonic())
        if wait > 0:
            return {"error": told(who.language, TooManyRequests("Too fast: wait a moment.", wait))}
        return await answer(who, given)

    async def logged_in(request: Request) -> str | None:
        """Gradio's own routes are for those who are logged in, too."""
        try:
            who = await visitor(app.state.house, request.cookies, request.headers)
        except GriotError:
            return None
        return None if who.session.must_change else who.session.email

    app.add_middleware(Doorkeeper, outer=app)
    app.add_exception_handler(GriotError, _refused)
    app.router.routes += ops.ROUTES
    app.router.routes += doors.ROUTES
    app.router.routes += stream.ROUTES
    app.router.routes += files.ROUTES
    app.router.routes += overlay.ROUTES
    app.add_route("/", _home)
    app.add_route(PAGE, _home)
    app.add_route("/favicon.ico", _icon)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    gr.mount_gradio_app(
        app,
        screen(perform),
        path=PAGE,
        auth_dependency=logged_in,
        ssr_mode=False,
        footer_links=[],
        max_file_size=LARGEST_UPLOAD,
        head=_head(),
        theme=gr.themes.Base(font="system-ui", font_mono="monospace"),
    )
    return app


def _head() -> str:
    """Styles and scripts of the console: the shared ones first, then those of views."""
    styles = sorted(_STATIC.glob("*.css"), key=lambda file: (file.stem != "console", file.stem))
    scripts = sorted(_STATIC.glob("*.js"), key=lambda file: (file.stem != "console", file.stem))
    return "\n".join(
        [f'<link rel="stylesheet" href="/static/{file.name}">' for file in styles]
        + [f'<script src="/static/{file.name}"></script>' for file in scripts]
    )


async def _home(request: Request) -> Response:
    """To the page for those who are logged in; to the login for all others."""
    query = f"?{request.url.query}" if request.url.query else ""
    return await _way_in(request.app.state.house, request) or RedirectResponse(f"{PAGE}/{query}", 303)


async def _way_in(house: House, request: Request) -> Response | None:
    """Where somebody has to go before the page is theirs; none: they may have it."""
    try:
        who = await visitor(house, request.cookies, request.headers)
    except GriotError:
        return RedirectResponse("/login", 303)
    return RedirectResponse("/password", 303) if who.session.must_change else None


async def _icon(_: Request) -> Response:
    return FileResponse(_STATIC / "icon.svg")


class Doorkeeper:
    """Takes what changes something from our own pages only, shows the way to the login, and sets the headers that
    browsers guard a page by."""

    def __init__(self, app: ASGIApp, outer: FastAPI) -> None:
        self._app = app
        self._outer = outer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        turned_away = await self._turned_away(Request(scope))
        return await (turned_away or self._app)(scope, receive, guarded)

    async def _turned_away(self, request: Request) -> Response | None:
        if request.method not in _SAFE and not _from_our_page(request):
            return JSONResponse({"error": "Forbidden", "message": "This came from another site's page."}, 403)
        if request.url.path == f"{PAGE}/" and request.method == "GET":
            return await _way_in(self._outer.state.house, request)
        return None


def _from_our_page(request: Request) -> bool:
    """What browsers say of where a request comes from; what says nothing is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, GriotError)
    message = told(language_of(request.cookies, request.headers), error)
    return JSONResponse({"error": type(error).__name__, "message": message}, error.status)
