"""A street of shops for the importer's tests: a real HTTP server on loopback that plays any number of sites.

Names are resolved by a double to public addresses, and only the last step, opening the connection to a checked
address, is led to the server; so everything that decides what may be fetched runs as in production.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore

from griot.knowledge.importing.fetching.dialing import CheckedDialer
from griot.knowledge.importing.fetching.fetcher import WebFetcher
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.fetching.networks import IPAddress
from griot.knowledge.importing.fetching.shelf import NoShelf, Shelf
from griot.knowledge.importing.fetching.transport import CheckedTransport

PUBLIC = "93.184.216.34"
QUICK = Limits(pause=0.0, connect=2.0, read=2.0, request=4.0, total=30.0, longest_wait=5.0)


@dataclass(frozen=True)
class Asked:
    host: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True)
class Answer:
    """``pieces``: sent one by one, ``pause`` seconds apart, in place of ``body``; ``whole``: a length is announced."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes] | None = None
    pause: float = 0.0
    whole: bool = True


Page = Answer | str | bytes | Callable[[Asked], "Answer | str | bytes"]


def moved(to: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"location": to})


def json_answer(text: str, **headers: str) -> Answer:
    return Answer(text, headers={"content-type": "application/json", **headers})


def xml_answer(text: str | bytes) -> Answer:
    return Answer(text, headers={"content-type": "application/xml"})


class Names:
    """A resolver: name -> addresses, or several answers one after the other, the last one for good."""

    def __init__(self) -> None:
        self.known: dict[str, list[Sequence[str]]] = {}
        self.asked: list[str] = []

    def set(self, host: str, *answers: Sequence[str]) -> None:
        self.known[host] = list(answers)

    async def addresses(self, host: str) -> Sequence[IPAddress]:
        self.asked.append(host)
        answers = self.known.get(host, [[]])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ip_address(one) for one in answer]


class Rerouted(httpcore.AsyncNetworkBackend):
    """Opens every connection to the test's server, and remembers which address was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._real = httpcore.AnyIOBackend()
        self.dialled: list[tuple[str, int]] = []

    async def connect_tcp(self, host: str, port: int, timeout: float | None = None, *more: Any, **kw: Any) -> Any:
        self.dialled.append((host, port))
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Street:
    def __init__(self) -> None:
        self.shops: dict[str, dict[str, Page]] = {}
        self.asked: list[Asked] = []
        self.names = Names()
        self.slept: list[float] = []
        self.port = 0
        self.way: Rerouted

    def shop(self, host: str, pages: Mapping[str, Page]) -> str:
        """A site: path (or path and query) -> page; ``*`` answers the rest. Its address."""
        self.shops[host] = dict(pages)
        if host not in self.names.known:
            self.names.set(host, [PUBLIC])
        return f"http://{host}"

    def paths(self, host: str | None = None) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [one.target for one in self.asked if one.host == (host or one.host) and one.path != "/robots.txt"]

    @asynccontextmanager
    async def fetcher(
        self, limits: Limits = QUICK, shelf: Shelf | None = None, *, tls: SSLContext | None = None, **more: Any
    ) -> AsyncIterator[WebFetcher]:
        self.way = Rerouted(self.port)
        allow = more.get("allow_loopback", False)
        transport = CheckedTransport(CheckedDialer(self.names, allow_loopback=allow, through=self.way), tls)

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            await asyncio.sleep(0)

        try:
            yield WebFetcher(
                transport, limits=limits, agent="GriotImport/1.0 (test)", shelf=shelf or NoShelf(), sleep=sleep, **more
            )
        finally:
            await transport.aclose()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) != b"":
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {
                    name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
                }
                asked = Asked(headers["host"].partition(":")[0], first.split(" ")[1], headers)
                self.asked.append(asked)
                await self._answer(self._page(asked), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _page(self, asked: Asked) -> Answer:
        pages = self.shops.get(asked.host, {})
        page = pages.get(asked.target, pages.get(asked.path, pages.get("*")))
        if callable(page):
            page = page(asked)
        if page is None or (page == pages.get("*") and asked.path == "/robots.txt"):
            return Answer("Not here", 404)
        return page if isinstance(page, Answer) else Answer(page)

    async def _answer(self, answer: Answer, writer: asyncio.StreamWriter) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"content-type": "text/html; charset=utf-8", **answer.headers}
        pieces = answer.pieces if answer.pieces is not None else [body]
        if answer.pieces is None:
            headers.setdefault("content-length", str(len(body)))
        else:
            headers["transfer-encoding"] = "chunked"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode())
        for piece in pieces:
            writer.write(piece if answer.pieces is None else f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await writer.drain()
            if answer.pause:
                await asyncio.sleep(answer.pause)
        if answer.pieces is not None:
            writer.write(b"0\r\n\r\n")
        await writer.drain()


@asynccontextmanager
async def open_street(tls: SSLContext | None = None) -> AsyncIterator[Street]:
    street = Street()
    server = await asyncio.start_server(street.serve, "127.0.0.1", 0, ssl=tls)
    street.port = server.sockets[0].getsockname()[1]
    try:
        yield street
    finally:
        server.close()
