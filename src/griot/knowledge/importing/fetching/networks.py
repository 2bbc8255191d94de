"""Which network addresses belong to the public internet. Everything else is refused.

Sources: IANA's registries of special-purpose IPv4 and IPv6 addresses. Python's own ``is_global`` differs between
releases, so the networks are listed here and ``is_global`` is asked besides.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address

_LOOPBACK = "this computer itself"
_PRIVATE = "a private network"
_METADATA = "the inside of a data centre"
_SPECIAL = "no place on the internet"

_REFUSED_4 = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", _LOOPBACK),
        ("10.0.0.0/8", _PRIVATE),
        ("100.64.0.0/10", _PRIVATE),  # carriers' NAT; 100.100.100.200 is a cloud's metadata
        ("127.0.0.0/8", _LOOPBACK),
        ("168.63.129.16/32", _METADATA),  # Azure's, public by its number
        ("169.254.0.0/16", _METADATA),  # link-local; 169.254.169.254
        ("172.16.0.0/12", _PRIVATE),
        ("192.0.0.0/24", _SPECIAL),
        ("192.0.2.0/24", _SPECIAL),
        ("192.31.196.0/24", _SPECIAL),
        ("192.52.193.0/24", _SPECIAL),
        ("192.88.99.0/24", _SPECIAL),
        ("192.168.0.0/16", _PRIVATE),
        ("192.175.48.0/24", _SPECIAL),
        ("198.18.0.0/15", _PRIVATE),
        ("198.51.100.0/24", _SPECIAL),
        ("203.0.113.0/24", _SPECIAL),
        ("224.0.0.0/4", _SPECIAL),
        ("240.0.0.0/4", _SPECIAL),
    )
)
_GLOBAL_6 = ip_network("2000::/3")  # all that is handed out so far
_REFUSED_6 = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # protocols, with Teredo (2001::/32) and ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def refusal(address: IPAddress) -> str | None:
    """What a network address belongs to when it may not be fetched from (``a private network``), else None."""
    if isinstance(address, IPv4Address):
        return _refusal_4(address)
    inner = _embedded(address)
    if inner is not None:
        return _refusal_4(inner)
    if address.is_loopback or address == IPv6Address(0):
        return _LOOPBACK
    if address in ip_network("fd00:ec2::/32"):
        return _METADATA
    if address.is_private and address not in _GLOBAL_6:
        return _PRIVATE
    if address not in _GLOBAL_6 or any(address in network for network in _REFUSED_6) or not address.is_global:
        return _SPECIAL
    return None


def is_loopback(address: IPAddress) -> bool:
    """Whether an address is this machine's own: 127.0.0.0/8, ::1, also written as IPv4 in IPv6."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def parsed(text: str) -> IPAddress | None:
    """A network address as written by resolvers, a zone (``%eth0``) left off; None for a name."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _refusal_4(address: IPv4Address) -> str | None:
    listed = next((what for network, what in _REFUSED_4 if address in network), None)
    return listed or (None if address.is_global and not address.is_multicast else _SPECIAL)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address end at: mapped, NAT64, ISATAP."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    number = int(address)
    last = IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64:
        return last
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return last if _refusal_4(last) else None
    return None
