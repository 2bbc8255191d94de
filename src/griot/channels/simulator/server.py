"""The simulator over HTTP: an ASGI application, and a server for one block of code."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from griot.channels.simulator import control, graph
from griot.channels.simulator.state import Simulator
from griot.core.clock import Clock

GRACE = 0.5  # seconds for requests under way when a server ends


def create_app(simulator: Simulator) -> Starlette:
    """``/graph`` (what Meta serves) and ``/control``. Whoever mounts it sets ``graph_url`` and closes the simulator."""
    return Starlette(routes=[*graph.routes(simulator), *control.routes(simulator)])


@dataclass(frozen=True, slots=True)
class RunningSimulator:
    """``base_url`` takes the place of ``https://graph.facebook.com``; ``control_url`` is the control API's."""

    state: Simulator
    base_url: str
    control_url: str


class _Server(uvicorn.Server):
    """A server inside somebody else's process: signals stay theirs, and it ends at once when told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.leave = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=GRACE)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for task in self.server_state.tasks:
            task.cancel()


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on a loopback port (0: a free one) in the running event loop. Its origin."""
    listener = _listener(port)
    server = _Server(uvicorn.Config(app, http="httptools", lifespan="off", access_log=False, log_level="warning"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.leave.set()
        await running


def _listener(port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is named; else every answer is 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


@contextlib.asynccontextmanager
async def running_simulator(clock: Clock | None = None, *, port: int = 0) -> AsyncIterator[RunningSimulator]:
    """A simulator on a loopback port (0: a free one) in the running event loop."""
    simulator = Simulator(clock)
    async with serving(create_app(simulator), port) as origin:
        simulator.graph_url = f"{origin}/graph"
        try:
            yield RunningSimulator(simulator, simulator.graph_url, f"{origin}/control")
        finally:
            await simulator.close()
