"""Addresses as people and pages write them -> one canonical spelling, or a refusal.

Every reader of an address has its own idea of odd spellings, and the guard and the client must not differ in theirs.
So whatever is not plainly the name of a public site is refused, not interpreted.
"""

import re
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import idna

from griot.knowledge.importing.fetching.errors import AddressRefused
from griot.knowledge.importing.fetching.networks import is_loopback, refusal

LONGEST: Final = 2_000  # characters
PORTS: Final = {"http": 80, "https": 443}

_SCHEME = re.compile(r"(?i)^([a-z][a-z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))")
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_NUMBER = re.compile(r"^(?:\d+|0x[0-9a-f]*)$")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\]")
_LOCAL_ENDINGS = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "lan", "corp", "home", "private", "test", "invalid",
     "example", "onion", "arpa", "alt", "svc", "consul"}
)  # fmt: skip
_PATH_KEPT = "/%:=&?~+!$,;'@()*[]|"
_TO_DO = "give the address of your shop as a browser shows it, such as https://shop.example.com"


@dataclass(frozen=True, slots=True)
class Address:
    """``host``: ASCII, in lower case, without a trailing dot, IPv6 without brackets; ``target``: path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if PORTS[self.scheme] == self.port else f":{self.port}")

    @property
    def url(self) -> str:
        """The canonical spelling."""
        return self.origin + self.target

    @property
    def path(self) -> str:
        """The path alone."""
        return self.target.partition("?")[0]

    def at(self, target: str) -> "Address":
        """Another path of the same site."""
        return replace(self, target=target)


def parse_address(text: str, *, allow_loopback: bool = False) -> Address:
    """The address that a text is, https where it names no scheme. Raises AddressRefused.

    ``allow_loopback``: this machine may be named, at any port (for a test server; the installation's setting).
    """
    written = text.strip()
    if not written:
        raise AddressRefused("There is no address", _TO_DO)
    if len(written) > LONGEST:
        raise AddressRefused(f"The address is longer than {LONGEST} characters", _TO_DO)
    if _UNSEEN.search(written):
        raise AddressRefused("The address holds a space or a sign that addresses do not have", _TO_DO)
    scheme, rest = _scheme(written)
    authority, target = _parted(rest)
    if "@" in authority:
        raise AddressRefused("The address holds a user name (something before an @)", "give it without")
    host, port = _host_and_port(authority, scheme, allow_loopback)
    if port == PORTS["http"] and not _SCHEME.match(written):
        scheme = "http"
    return Address(scheme, host, port, target)


def joined(base: Address, location: str, *, allow_loopback: bool = False) -> Address:
    """Where a redirect or a link on ``base`` leads. Raises AddressRefused."""
    try:
        target = urljoin(base.url, location.strip()[:LONGEST].replace(" ", "%20"))
    except ValueError:
        raise AddressRefused("The shop sends us to an address that is none", _TO_DO) from None
    return parse_address(target, allow_loopback=allow_loopback)


def _scheme(written: str) -> tuple[str, str]:
    """(scheme, what follows its slashes)."""
    named = _SCHEME.match(written)
    if named is None:
        return "https", written.lstrip("/")
    scheme = named[1].lower()
    if scheme not in PORTS:
        raise AddressRefused(f"An address that begins with {scheme[:20]} is not fetched", _TO_DO)
    rest = written[named.end() :]
    if not rest.startswith("//"):
        raise AddressRefused(f"The address lacks the two slashes after {scheme}", _TO_DO)
    return scheme, rest[2:]


def _parted(rest: str) -> tuple[str, str]:
    """(authority, path and query), the fragment left off, what is not ASCII percent-encoded."""
    at = re.search(r"[/?#]", rest)
    authority, tail = (rest[: at.start()], rest[at.start() :]) if at else (rest, "")
    tail = tail.partition("#")[0]
    path, mark, query = tail.partition("?")
    try:
        target = quote(path or "/", safe=_PATH_KEPT) + mark + quote(query, safe=_PATH_KEPT)
    except UnicodeEncodeError:
        raise AddressRefused("The address holds signs that no address can have", _TO_DO) from None
    return authority, target if target.startswith("/") else f"/{target}"


def _host_and_port(authority: str, scheme: str, allow_loopback: bool) -> tuple[str, int]:
    if authority.startswith("["):
        inside, closed, after = authority[1:].partition("]")
        if not closed or (after and not after.startswith(":")):
            raise AddressRefused("The address is not written as addresses are", _TO_DO)
        return _literal_6(inside, allow_loopback), _port(after[1:] if after else "", scheme, allow_loopback)
    name, mark, number = authority.partition(":")
    return _host(name, allow_loopback), _port(number if mark else "", scheme, allow_loopback)


def _port(written: str, scheme: str, allow_loopback: bool) -> int:
    if not written:
        return PORTS[scheme]
    if not re.fullmatch(r"[0-9]{1,5}", written) or not 0 < int(written) < 65536:
        raise AddressRefused("The address names a port that is none", _TO_DO)
    port = int(written)
    if port not in PORTS.values() and not allow_loopback:
        raise AddressRefused(f"The address names port {port}, where no shop is", "give it without the colon and number")
    return port


def _literal_6(text: str, allow_loopback: bool) -> str:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        raise AddressRefused("The address is not written as addresses are", _TO_DO) from None
    if address.scope_id:
        raise AddressRefused("The address names a network of this computer", _TO_DO)
    _check_literal(address, allow_loopback)
    return str(address)


def _host(written: str, allow_loopback: bool) -> str:
    """The name in ASCII. What only looks like a number is refused, since programs read such spellings differently."""
    if "%" in written:
        raise AddressRefused("The name of the site holds a percent sign", _TO_DO)
    host = _ascii(written).lower()
    host = host[:-1] if host.endswith(".") else host
    labels = host.split(".")
    if not host or len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise AddressRefused("The address does not name a site", _TO_DO)
    if _NUMBER.match(labels[-1]):
        return _literal_4(host, allow_loopback)
    if allow_loopback and host == "localhost":
        return host
    if len(labels) == 1 or labels[-1] in _LOCAL_ENDINGS:
        raise AddressRefused(f"{host} is a name inside a private network", _TO_DO)
    return host


def _ascii(name: str) -> str:
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise AddressRefused("The name of the site holds signs that names of sites cannot have", _TO_DO) from None


def _literal_4(host: str, allow_loopback: bool) -> str:
    try:
        address = IPv4Address(host)
    except AddressValueError:
        raise AddressRefused("The address is a number in an unusual spelling", _TO_DO) from None
    _check_literal(address, allow_loopback)
    return str(address)


def _check_literal(address: IPv4Address | IPv6Address, allow_loopback: bool) -> None:
    what = refusal(address)
    if what and not (allow_loopback and is_loopback(address)):
        raise AddressRefused(f"{address} is the address of {what}", _TO_DO)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: the same name, ``www.`` aside, or one a part of the other."""
    first, second = (_bare_host(url) for url in (one, other))
    if not first or not second:
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def _bare_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
