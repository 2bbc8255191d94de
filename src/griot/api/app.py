"""The API process: webhooks, payment pages, REST, health. It stores and answers; the worker does the work."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from griot.api import channel_webhooks, errors, openapi, payment_webhooks, paypage, v1
from griot.api.errors import problem
from griot.channels.registry import CHANNELS
from griot.core import logs, ops
from griot.core.feed import Feed
from griot.core.house import House, open_house
from griot.core.ratelimit import RateLimiter
from griot.core.settings import Settings, settings
from griot.core.source import source_of
from griot.knowledge.importing.jobs.service import LARGEST_FILE

log = logs.get(__name__)

LARGEST_BODY = 4 * 1024 * 1024  # bytes
UPLOADS = "/api/v1/products/upload"
LARGEST_UPLOAD = LARGEST_FILE + LARGEST_BODY


class BodyLimits:
    """Refuses bodies of the API that are too large while they come in, before anything looks at them: 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return await self._app(scope, receive, send)
        left = LARGEST_UPLOAD if scope["path"] == UPLOADS else LARGEST_BODY

        async def limited() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, "The body is larger than this takes.")
            return message

        return await self._app(scope, limited, send)


class SourceLimits:
    """Refuses a source address that asks too often: 429, and when to come back."""

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._trust_proxy = config.trust_proxy
        self._limits = {
            "/webhooks/": RateLimiter(config.rate_webhooks),
            "/p/": RateLimiter(config.rate_pages),
            "/api/": RateLimiter(config.rate_api),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for prefix, limiter in self._limits.items():
                if scope["path"].startswith(prefix):
                    wait = limiter.allow(source_of(scope, trust_proxy=self._trust_proxy), time.monotonic())
                    if wait > 0:
                        headers = {"Retry-After": str(int(wait) + 1)}
                        response = problem(429, "TooManyRequests", "Too many requests from this address.", headers)
                        await response(scope, receive, send)
                        return
        await self._app(scope, receive, send)


def create_app(config: Settings | None = None) -> FastAPI:
    """The ASGI application. ``uvicorn --factory griot.api.app:create_app`` runs it."""
    config = config or settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_house(config) as house:
            attach(app, house)
            log.info("api started")
            yield
            await app.state.feed.close()
        log.info("api stopped")

    app = FastAPI(
        title="Griot", version="0.1.0", lifespan=lifespan, docs_url="/api/docs", openapi_url="/api/openapi.json"
    )
    app.add_middleware(BodyLimits)
    app.add_middleware(SourceLimits, config=config)
    errors.install(app)
    app.router.routes += ops.ROUTES
    app.router.routes += channel_webhooks.routes(CHANNELS)
    app.include_router(payment_webhooks.router)
    app.include_router(paypage.router)
    app.include_router(v1.router)
    openapi.install(app)
    return app


def attach(app: FastAPI, house: House) -> None:
    """Give the application its house."""
    app.state.house = house
    app.state.receivers = {name: channel_webhooks.Receiver(house, name) for name in CHANNELS}
    app.state.feed = Feed(house.db)
