"""Connecting only to network addresses that were checked: names are resolved here, and nowhere else.

The address connected to is the one that was checked, so a name that answers differently the second time (DNS
rebinding) gains nothing. Host header and TLS go by the name as always.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import httpcore

from griot.knowledge.importing.fetching.addresses import PORTS
from griot.knowledge.importing.fetching.errors import AddressRefused, Unanswered
from griot.knowledge.importing.fetching.networks import IPAddress, is_loopback, parsed, refusal

MOST_TRIED = 4  # network addresses of one name


class Resolver(Protocol):
    async def addresses(self, host: str) -> Sequence[IPAddress]:
        """Every network address of a name; none when the name is unknown."""
        ...


class SystemResolver:
    """The machine's own resolver."""

    async def addresses(self, host: str) -> Sequence[IPAddress]:
        """Every network address that the machine finds for a name, IPv4 first."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        each = dict.fromkeys(address for entry in found if (address := parsed(str(entry[4][0]))) is not None)
        return sorted(each, key=lambda address: address.version)


class CheckedDialer(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to checked addresses only.

    ``through`` opens the connection itself, given a checked network address; tests put a double there.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        allow_loopback: bool = False,
        through: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._resolver = resolver
        self._allow_loopback = allow_loopback
        self._through = through or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, connect to the first that answers. Raises AddressRefused and Unanswered."""
        addresses = await self._checked(host, port, timeout)
        failure: Exception | None = None
        for address in addresses[:MOST_TRIED]:
            try:
                return await self._through.connect_tcp(str(address), port, timeout, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise Unanswered(f"{host} does not answer", "check the address in a browser, then try again") from failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: an address names no file of this machine."""
        raise AddressRefused("A file of this computer is not fetched", "give the address of your shop")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int, within: float | None) -> Sequence[IPAddress]:
        """Every address of a host. One that is not public refuses them all: an honest shop has none."""
        literal = parsed(host)
        if literal is not None:
            addresses: Sequence[IPAddress] = [literal]
        else:
            try:
                addresses = await asyncio.wait_for(self._resolver.addresses(host), within)
            except TimeoutError:
                raise Unanswered(f"The name {host} is not found in time", "try again in a few minutes") from None
        if not addresses:
            raise Unanswered(f"There is no site named {host}", "check how the address is written")
        for address in addresses:
            what = refusal(address)
            if what and not (self._allow_loopback and is_loopback(address)):
                raise AddressRefused(f"{host} leads to {what}", "give the public address of your shop")
        if port not in PORTS.values() and not all(is_loopback(address) for address in addresses):
            raise AddressRefused(f"The address names port {port}, where no shop is", "give it without that number")
        return addresses
