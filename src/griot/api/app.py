"""The API process: webhooks, payment pages, health. It stores and answers; the worker does the work."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from griot.api import channel_webhooks, payment_webhooks, paypage
from griot.channels.registry import CHANNELS
from griot.core import logs, ops
from griot.core.errors import GriotError
from griot.core.house import House, open_house
from griot.core.ratelimit import RateLimiter
from griot.core.settings import Settings, settings

log = logs.get(__name__)


class SourceLimits:
    """Refuses a source address that asks too often: 429, and when to come back."""

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._trust_proxy = config.trust_proxy
        self._limits = {
            "/webhooks/": RateLimiter(config.rate_webhooks),
            "/p/": RateLimiter(config.rate_pages),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for prefix, limiter in self._limits.items():
                if scope["path"].startswith(prefix):
                    wait = limiter.allow(self._source(scope), time.monotonic())
                    if wait > 0:
                        headers = {"Retry-After": str(int(wait) + 1)}
                        response = PlainTextResponse("Too many requests from this address.", 429, headers)
                        await response(scope, receive, send)
                        return
        await self._app(scope, receive, send)

    def _source(self, scope: Scope) -> str:
        if self._trust_proxy:
            for name, value in scope["headers"]:
                if name == b"x-forwarded-for":
                    return str(value.decode("latin-1")).rsplit(",", 1)[-1].strip()
        client = scope.get("client")
        return client[0] if client else ""


async def _our_errors(_: Request, error: Exception) -> Response:
    assert isinstance(error, GriotError)
    return JSONResponse({"error": type(error).__name__, "message": str(error)}, error.status)


async def _database_away(_: Request, error: Exception) -> Response:
    """Nothing was stored, so the sender has to come again; channels and providers do."""
    log.warning("the database does not answer", exc_info=error)
    return PlainTextResponse("Not stored: try again in a moment.", 503, {"Retry-After": "2"})


def create_app(config: Settings | None = None) -> FastAPI:
    """The ASGI application. ``uvicorn --factory griot.api.app:create_app`` runs it."""
    config = config or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(config) as house:
            attach(app, house)
            log.info("api started")
            yield
        log.info("api stopped")

    app = FastAPI(
        title="Griot", version="0.1.0", lifespan=lifespan, docs_url="/api/docs", openapi_url="/api/openapi.json"
    )
    app.add_middleware(SourceLimits, config=config)
    app.add_exception_handler(GriotError, _our_errors)
    app.add_exception_handler(psycopg.OperationalError, _database_away)
    app.add_exception_handler(PoolTimeout, _database_away)
    app.router.routes += ops.ROUTES
    app.router.routes += channel_webhooks.routes(CHANNELS)
    app.include_router(payment_webhooks.router)
    app.include_router(paypage.router)
    return app


def attach(app: FastAPI, house: House) -> None:
    """Give the application its house."""
    app.state.house = house
    app.state.receivers = {name: channel_webhooks.Receiver(house, name) for name in CHANNELS}
