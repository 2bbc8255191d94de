"""An address in any spelling is one canonical address of a public site, or a sentence that refuses it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.knowledge.importing.fetching.addresses import joined, parse_address, same_site
from griot.knowledge.importing.fetching.errors import AddressRefused
from griot.knowledge.importing.fetching.networks import parsed, refusal

INSIDE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::192.168.0.1", "100::1", "2001::1", "2001:0:53aa:64c:0:0:f5ff:fffe", "2001:db8::1", "2002:7f00:1::1",
    "2002:a9fe:a9fe::", "3fff::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
    "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8",
    "41.82.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("text", INSIDE)
def test_networks_that_are_not_the_public_internet(text: str) -> None:
    assert refusal(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_networks(text: str) -> None:
    assert refusal(ip_address(text)) is None


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_refused(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert refusal(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_ipv6_is_judged_as_itself(address: IPv4Address) -> None:
    for network in ("::ffff:0:0", "64:ff9b::"):
        inside = IPv6Address(int(IPv6Address(network)) | int(address))
        assert bool(refusal(inside)) == bool(refusal(address))
    assert refusal(IPv6Address((0x2002 << 112) | (int(address) << 80)))


@given(st.ip_addresses(v=6))
def test_only_global_unicast_ipv6_is_public(address: IPv6Address) -> None:
    if refusal(address) is None and not any(address in ip_network(one) for one in ("64:ff9b::/96", "::ffff:0:0/96")):
        assert address in ip_network("2000::/3")


LOOPBACK = [
    "127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "0X7F000001", "2130706433",
    "017700000001",
    "127.0.0.1.", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "localhost", "LOCALHOST", "localhost.", "ⓛocalhost", "a.localhost",
    "localhost.localdomain", "127.0.0.1:80", "0", "0.0.0.0", "%31%32%37.0.0.1", "127.0.0.1%00.shop.com", "[::1%25lo]",
    "1.2.3.4.5", "256.256.256.256", "0x", "127.0.0.0x1", "00000177.0.0.1", "[::1]x", "[::1", "::1",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}", "{}", "//{}/x", "HTTP://{}/?q=1"])
def test_this_machine_in_any_spelling(form: str, host: str) -> None:
    with pytest.raises(AddressRefused):
        parse_address(form.format(host))


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "http://", "https:///path", "http:shop.com", "http:/shop.com", "http:\\\\shop.com", "http://shop.com\\@127.0.0.1",
        "ftp://shop.com", "file:///etc/passwd", "gopher://shop.com", "javascript:alert(1)", "data:text/html,x", "dict://x:11211/",
        "http://me@shop.com", "http://me:secret@shop.com", "http://shop.com@127.0.0.1", "http://@shop.com",
        "http://shop.com:22", "http://shop.com:8080", "http://shop.com:99999", "http://shop.com:0", "http://shop.com:8o",
        "http://shop", "http://intranet.corp", "http://printer.local", "http://metadata.google.internal/x", "http://x.onion",
        "http://shop..com", "http://-shop.com", "http://shop.com..", "http://.com", "http://sh op.com",
        "http://shop.com/a b",
        "http://shop.com/\nx", "http://sh\u200bop.com", "http://shop.com/\x00", "http://sh＠op.com", "http://shop.com／x",
        "http://" + "a" * 64 + ".com", "http://" + "a." * 130 + "com", "http://shop.com/" + "a" * 3000, "http://[fe80::1%eth0]/",
        "http://shop.com/\ud800",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_shop(text: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        parse_address(text)
    assert str(refused.value).count(": ") == 1
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("shop.example.com", "https://shop.example.com/"),
        (" HTTPS://Shop.Example.COM./Robes?q=1#top ", "https://shop.example.com/Robes?q=1"),
        ("shop.sn:443/x", "https://shop.sn/x"),
        ("shop.sn:80", "http://shop.sn/"),
        ("http://shop.sn:80", "http://shop.sn/"),
        ("//shop.sn/a", "https://shop.sn/a"),
        ("https://épicerie.fr/thé?q=é", "https://xn--picerie-9xa.fr/th%C3%A9?q=%C3%A9"),
        ("https://shop.sn/a%20b/%C3%A9", "https://shop.sn/a%20b/%C3%A9"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:4700:0::1111]", "https://[2606:4700:4700::1111]/"),
        ("https://shop.sn?x=1", "https://shop.sn/?x=1"),
        ("https://my_shop.example.com", "https://my_shop.example.com/"),
        ("https://shop.sn/a/../b@c", "https://shop.sn/a/../b@c"),
    ],
)
def test_canonical(text: str, url: str) -> None:
    assert parse_address(text).url == url


def test_loopback_only_with_the_setting() -> None:
    assert parse_address("http://127.0.0.1:8099/x", allow_loopback=True).url == "http://127.0.0.1:8099/x"
    assert parse_address("localhost:8099", allow_loopback=True).url == "https://localhost:8099/"
    assert parse_address("http://[::1]:8099", allow_loopback=True).port == 8099
    for text in ("http://10.0.0.1", "http://169.254.169.254", "http://0.0.0.0", "http://intranet", "http://127.1"):
        with pytest.raises(AddressRefused):
            parse_address(text, allow_loopback=True)


def test_redirects_are_judged_like_first_addresses() -> None:
    base = parse_address("https://shop.sn/a/b?x=1")
    assert joined(base, "../c").url == "https://shop.sn/c"
    assert joined(base, "//www.shop.sn/é").url == "https://www.shop.sn/%C3%A9"
    assert joined(base, "?y=a b").url == "https://shop.sn/a/b?y=a%20b"
    for location in (
        "http://127.0.0.1/",
        "//localhost/",
        "file:///etc/passwd",
        "https://a@b.com/",
        "http://[",
        "//0x7f.1/",
    ):
        with pytest.raises(AddressRefused):
            joined(base, location)


@given(st.text(max_size=80) | st.from_regex(r"(https?:)?/{0,3}[\w.:\[\]@%-]{0,40}(/[^ ]{0,10})?", fullmatch=True))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except AddressRefused:
        return
    assert parse_address(address.url) == address  # the canonical spelling stays
    assert address.url.isascii()
    assert address.port in (80, 443)
    literal = parsed(address.host)
    assert literal is None or refusal(literal) is None


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_numbers_are_no_names(number: int, form: str) -> None:
    with pytest.raises(AddressRefused):
        parse_address("http://" + form.format(number))


@given(st.ip_addresses(v=4), st.lists(st.sampled_from(["{}", "0x{:x}", "0{:o}"]), min_size=4, max_size=4))
def test_quads_in_other_bases_never_pass_as_private(address: IPv4Address, forms: list[str]) -> None:
    written = ".".join(form.format(part) for form, part in zip(forms, address.packed, strict=True))
    try:
        host = parse_address(f"http://{written}").host
    except AddressRefused:
        return
    assert refusal(ip_address(host)) is None


def test_same_site() -> None:
    assert same_site("https://www.shop.sn/a", "http://shop.sn")
    assert same_site("https://fr.shop.sn", "https://shop.sn")
    assert not same_site("https://a.myshopify.com", "https://b.myshopify.com")
    assert not same_site("https://shop.sn.evil.com", "https://shop.sn")
    assert not same_site("https://evilshop.sn", "https://shop.sn")
    assert not same_site("http://[", "http://[")
