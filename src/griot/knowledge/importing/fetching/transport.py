"""httpx's way out to the internet, with :class:`CheckedDialer` as its only door: no proxy, no file, no HTTP/2."""

import ssl
from collections.abc import AsyncIterator
from typing import cast

import httpcore
import httpx

from griot.knowledge.importing.fetching.dialing import CheckedDialer

CONNECTIONS = 8


class CheckedTransport(httpx.AsyncBaseTransport):
    """Sends httpx's requests over httpcore's pool. httpcore's exceptions pass through as they are."""

    def __init__(self, dialer: CheckedDialer, tls: ssl.SSLContext | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=15,
            network_backend=dialer,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange, no redirect followed; the body is still to be read and the response to be closed."""
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        stream = _Body(cast("AsyncIterator[bytes]", answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        close = getattr(self._stream, "aclose", None)
        if close is not None:
            await close()
