"""A small HTTP client for webhooks: POST a body, learn the status. A thousand of them a second must cost little."""

import asyncio
import ssl
from typing import cast
from urllib.parse import SplitResult, urlsplit

import httptools

CONNECTIONS = 64  # to one receiver at once


class _Connection(asyncio.Protocol):
    """One kept-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.WriteTransport | None = None
        self.reusable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one, without saying so
        self.reusable = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"The receiver does not speak HTTP: {error}"))

    def on_message_complete(self) -> None:
        self.reusable = self.reusable and self._parser.should_keep_alive()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._parser.get_status_code())

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionResetError("The receiver closed the connection."))

    def _fail(self, error: Exception) -> None:
        self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    async def request(self, data: bytes) -> int:
        if self._transport is None or not self.reusable:
            raise ConnectionResetError("The receiver closed the connection.")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return await self._answer

    def close(self) -> None:
        self.reusable = False
        if self._transport is not None:
            self._transport.close()


class _Origin:
    """The connections to one host and port."""

    def __init__(self, url: SplitResult) -> None:
        self._host = url.hostname or ""
        self._port = url.port or (443 if url.scheme == "https" else 80)
        self._ssl = ssl.create_default_context() if url.scheme == "https" else None
        self._free: list[_Connection] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def request(self, data: bytes) -> int:
        async with self._places:
            connection = await self._connection()
            try:
                status = await connection.request(data)
            except BaseException:
                connection.close()
                raise
            if connection.reusable:
                self._free.append(connection)
            else:
                connection.close()
            return status

    async def _connection(self) -> _Connection:
        while self._free:
            connection = self._free.pop()
            if connection.reusable:
                return connection
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(_Connection, self._host, self._port, ssl=self._ssl))[1]

    def close(self) -> None:
        while self._free:
            self._free.pop().close()


class Poster:
    """Posts JSON bodies, keeping connections open between them."""

    def __init__(self) -> None:
        self._origins: dict[str, _Origin] = {}
        self._heads: dict[str, tuple[str, bytes]] = {}

    async def post(self, url: str, body: bytes, signature: str, seconds: float) -> int:
        """The HTTP status of the answer. Raises ``OSError`` or ``TimeoutError`` when none comes within ``seconds``."""
        origin, head = self._heads.get(url) or self._prepare(url)
        request = b"%sContent-Length: %d\r\nX-Hub-Signature-256: %s\r\n\r\n%s" % (
            head,
            len(body),
            signature.encode(),
            body,
        )
        async with asyncio.timeout(seconds):
            return await self._origins[origin].request(request)

    def _prepare(self, url: str) -> tuple[str, bytes]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._origins:
            self._origins[origin] = _Origin(parts)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: facebookexternalua\r\n"
            "Content-Type: application/json\r\n"
        )
        self._heads[url] = (origin, head.encode())
        return self._heads[url]

    def close(self) -> None:
        for origin in self._origins.values():
            origin.close()
