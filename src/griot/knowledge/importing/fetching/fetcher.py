"""The one way in which an import fetches anything: checked, bounded, polite. See docs/reference/import-addresses.md."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import httpcore
import httpx

from griot.core.settings import Settings
from griot.knowledge.importing.fetching.addresses import Address, joined, parse_address
from griot.knowledge.importing.fetching.answers import AGENT, busy, refused_by_status, shortened, user_agent
from griot.knowledge.importing.fetching.bodies import ACCEPTED, read_body
from griot.knowledge.importing.fetching.dialing import CheckedDialer, SystemResolver
from griot.knowledge.importing.fetching.errors import (
    EXPORT,
    AddressRefused,
    BadAnswer,
    Halt,
    RobotsRefused,
    Unanswered,
    Uncertified,
)
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.fetching.pacing import Pace, Sleep, retry_after
from griot.knowledge.importing.fetching.robots import ABSENT, LARGEST, UNREADABLE, Robots, read_robots
from griot.knowledge.importing.fetching.shelf import Kept, NoShelf, Shelf
from griot.knowledge.importing.fetching.transport import CheckedTransport

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. ``url``: where it came from after redirects; ``headers``: names in lower case.

    ``unchanged``: the shop said that it is as it was, and ``body`` is what the caller's shelf kept.
    """

    url: str
    body: bytes
    content_type: str | None = None
    headers: Mapping[str, str] | None = None
    unchanged: bool = False

    def header(self, name: str) -> str:
        """A header's value, empty when absent."""
        return (self.headers or {}).get(name, "")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a caller wants of one fetch. ``cut``: what is beyond ``most`` bytes is left off instead of refused."""

    headers: Mapping[str, str] = field(default_factory=dict)
    crawl: bool = True
    most: int | None = None
    cut: bool = False

    @property
    def keepable(self) -> bool:
        """Whether the answer is the same for everybody, and whole."""
        return not self.headers and not self.cut


class Fetcher(Protocol):
    """What the walks over sites know of fetching. Everything raises :class:`FetchError` and nothing else."""

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, crawl: bool = True, most: int | None = None
    ) -> Fetched:
        """The answer to a GET. ``crawl``: robots.txt is obeyed; False only for what its owner asks for by name.

        ``most``: bytes of the body, where the import's own limits are too wide (a picture).
        """
        ...

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that a site's robots.txt names."""
        ...


class WebFetcher:
    """One import's fetcher; its limits are for the whole import. Made by :func:`open_fetcher`.

    ``meeting``: the folder where imports of one machine take turns at a host, see :class:`Pace`.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        limits: Limits,
        agent: str,
        shelf: Shelf,
        allow_loopback: bool = False,
        sleep: Sleep = asyncio.sleep,
        meeting: Path | None = None,
    ) -> None:
        self._transport = transport
        self._limits = limits
        self._agent = agent
        self._shelf = shelf
        self._allow_loopback = allow_loopback
        self._sleep = sleep
        self._pace = Pace(limits.pause, sleep, meeting)
        self._robots: dict[str, Robots] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._until = asyncio.get_running_loop().time() + limits.total
        self._requests = 0
        self._bytes = 0

    async def fetch(
        self, url: str, *, headers: Mapping[str, str] | None = None, crawl: bool = True, most: int | None = None
    ) -> Fetched:
        """The answer to a GET, redirects followed. Raises FetchError."""
        address = parse_address(url, allow_loopback=self._allow_loopback)
        return await self._followed(address, _Wish(headers or {}, crawl, most))

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address's site names."""
        address = parse_address(url, allow_loopback=self._allow_loopback)
        return (await self._rules(address)).sitemaps()

    async def _followed(self, address: Address, wish: _Wish) -> Fetched:
        """The answer at the end of at most ``limits.redirects`` redirects, each checked like the first address."""
        for _ in range(self._limits.redirects + 1):
            delay = await self._allowed(address) if wish.crawl else None
            answer = await self._patient(address, wish, delay)
            if isinstance(answer, Fetched):
                return answer
            following = joined(address, answer, allow_loopback=self._allow_loopback)
            if (address.scheme, following.scheme) == ("https", "http"):
                raise AddressRefused(
                    f"{address.host} sends us from a protected page (https) to an unprotected one",
                    "give the address of the page that opens in the end",
                )
            if following.origin != address.origin:
                wish = replace(wish, headers={})  # a token is for whom it was given
            address = following
        raise Unanswered(
            f"{address.host} sends us from page to page without end",
            "give the address of the page that opens in the end",
        )

    async def _allowed(self, address: Address) -> float | None:
        """The site's Crawl-delay. Raises RobotsRefused."""
        rules = await self._rules(address)
        if not rules.readable:
            raise RobotsRefused(
                f"The robots.txt of {address.host}, which says what may be fetched, cannot be read now",
                f"try again later, or {EXPORT}",
            )
        if not rules.allows(address.url, AGENT):
            raise RobotsRefused(
                f"The robots.txt of {address.host} asks programs not to fetch {shortened(address.path)}",
                f"allow {AGENT} there, or {EXPORT}",
            )
        return rules.delay(AGENT)

    async def _rules(self, address: Address) -> Robots:
        async with self._asking.setdefault(address.origin, asyncio.Lock()):
            known = self._robots.get(address.origin)
            if known is None:
                known = self._robots[address.origin] = await self._fetched_rules(address)
            return known

    async def _fetched_rules(self, address: Address) -> Robots:
        try:
            answer = await self._followed(address.at("/robots.txt"), _Wish(crawl=False, most=LARGEST, cut=True))
        except BadAnswer as error:
            return ABSENT if 400 <= error.code < 500 and error.code != 429 else UNREADABLE
        return read_robots(answer.body)

    async def _patient(self, address: Address, wish: _Wish, delay: float | None) -> Fetched | str:
        """An answer, or where a redirect leads; a busy shop (429, 503) is asked again when it says."""
        for attempt in range(self._limits.tries):
            self._spend(address)
            async with self._pace.turn(address.host, delay):
                answer = await self._exchanged(address, wish)
            if not isinstance(answer, httpx.Response):
                return answer
            asked = retry_after(answer.headers.get("retry-after"))
            wait = 2.0 ** (attempt + 1) if asked is None else asked
            if wait > self._limits.longest_wait or attempt + 1 == self._limits.tries:
                raise busy(address.host, answer.status_code, asked)
            await self._sleep(wait)
        raise AssertionError("the last attempt raises")

    def _spend(self, address: Address) -> None:
        """Count a request. Raises Halt when the import has used up its requests, bytes or time."""
        self._requests += 1
        now = asyncio.get_running_loop().time()
        spent = None
        if now + self._pace.wait_for(address.host) > self._until:
            spent = f"{max(1, round(self._limits.total / 60))} minutes"
        elif self._requests > self._limits.requests:
            spent = f"{self._limits.requests} requests"
        elif self._bytes > self._limits.import_bytes:
            spent = f"{self._limits.import_bytes // 1_000_000} MB"
        if spent:
            raise Halt(f"The import takes more than {spent}", "import parts of the shop one by one, or send a file")

    async def _exchanged(self, address: Address, wish: _Wish) -> Fetched | str | httpx.Response:
        """One request: an answer, the target of a redirect, or the response of a shop that is busy."""
        left = self._until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(1.0, min(self._limits.request, left))):
                return await self._asked(address, wish)
        except (TimeoutError, httpcore.TimeoutException):
            raise Unanswered(f"{address.host} answers too slowly", "try again later, or send a file") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise _broken(address.host, error) from None
        except httpx.InvalidURL:
            raise AddressRefused("The address is not written as addresses are", "copy it from a browser") from None

    async def _asked(self, address: Address, wish: _Wish) -> Fetched | str | httpx.Response:
        kept = await asyncio.to_thread(self._shelf.recall, address.url) if wish.keepable else None
        request = httpx.Request("GET", address.url, headers=self._headers(wish.headers, kept))
        request.extensions["timeout"] = {
            "connect": self._limits.connect,
            "read": self._limits.read,
            "write": self._limits.read,
            "pool": self._limits.request,
        }
        response = await self._transport.handle_async_request(request)
        try:
            if response.status_code in _REDIRECTS and response.headers.get("location"):
                return str(response.headers["location"])
            if response.status_code in (429, 503):
                return response
            if response.status_code == 304 and kept is not None:
                return Fetched(address.url, kept.body, kept.content_type, kept.headers, unchanged=True)
            refused_by_status(address.host, response.status_code)
            return await self._read(address, response, wish)
        finally:
            await response.aclose()

    async def _read(self, address: Address, response: httpx.Response, wish: _Wish) -> Fetched:
        content_type = response.headers.get("content-type")
        is_page = "html" in (content_type or "").lower()
        bound = wish.most or (self._limits.page_bytes if is_page else self._limits.file_bytes)
        body = await read_body(response, bound, self._limits.unfolding, cut=wish.cut)
        self._bytes += len(body)
        said = {name.lower(): value for name, value in response.headers.items()}
        etag, modified = said.get("etag"), said.get("last-modified")
        if wish.keepable and (etag or modified):
            lasting = {name: value for name, value in said.items() if name != "set-cookie"}
            await asyncio.to_thread(self._shelf.keep, address.url, Kept(body, content_type, etag, modified, lasting))
        return Fetched(address.url, body, content_type, said)

    def _headers(self, headers: Mapping[str, str], kept: Kept | None) -> dict[str, str]:
        own = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        return {**own, **(kept.asking() if kept else {}), **headers}


def _broken(host: str, error: Exception) -> Unanswered:
    if "certificate" in str(error).lower():
        return Uncertified(
            f"{host} has no valid certificate, so that nobody can tell whether the answer is really its own",
            "have the certificate renewed, or send a file",
        )
    return Unanswered(f"{host} does not answer as sites do", "check the address in a browser, then try again")


@asynccontextmanager
async def open_fetcher(
    config: Settings, limits: Limits | None = None, shelf: Shelf | None = None
) -> AsyncIterator[WebFetcher]:
    """A fetcher for one import, by the installation's settings."""
    dialer = CheckedDialer(SystemResolver(), allow_loopback=config.import_allow_loopback)
    transport = CheckedTransport(dialer)
    try:
        yield WebFetcher(
            transport,
            limits=limits or Limits(),
            agent=user_agent(config),
            shelf=shelf or NoShelf(),
            allow_loopback=config.import_allow_loopback,
            meeting=config.data_dir / "hosts",
        )
    finally:
        await transport.aclose()
