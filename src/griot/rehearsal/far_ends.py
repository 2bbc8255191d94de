"""The far ends in one process: Meta's Graph API with the buyers' phones, and the sandbox payment provider."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from griot.channels.simulator import control, graph
from griot.channels.simulator.state import Simulator
from griot.core.clock import clock_from
from griot.core.settings import Settings
from griot.tools.payments.sandbox.app import create_app as create_provider
from griot.tools.payments.sandbox.state import Sandbox


def create_app(config: Settings) -> Starlette:
    """``/graph`` and ``/control``: the simulator of docs/reference/simulator.md; ``/psp``: the sandbox provider."""
    clock = clock_from(config.clock)
    simulator = Simulator(clock, graph_url=config.graph_url)
    provider = Starlette()

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=10) as http:
            keys = {config.sandbox_key.get_secret_value()}
            sandbox = Sandbox(config.sandbox_url, keys, clock, http)
            provider.mount("/", create_provider(sandbox))
            yield
            await sandbox.aclose()
            await simulator.close()

    return Starlette(
        routes=[
            Route("/healthz", health),
            *graph.routes(simulator),
            *control.routes(simulator),
            Mount("/psp", provider),
        ],
        lifespan=lifespan,
    )
