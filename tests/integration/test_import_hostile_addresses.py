"""Whatever a merchant, a page or a name server says, an import never reads inside: no spelling of an address passes.

The addresses are given to the fetcher itself, on three ways: pasted, as a redirect of an honest site, and as what a
name resolves to. The test's server would answer each of them; nobody may dial anything but the honest site.
"""

from collections.abc import AsyncIterator

import pytest

from griot.knowledge.importing.fetching.errors import AddressRefused, FetchError, Unanswered
from griot.knowledge.importing.sites.collecting import collect
from importing_web import PUBLIC, Answer, Street, moved, open_street

SPELLINGS = [
    # this machine: short, decimal, octal, hexadecimal, mixed, padded
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0177.0.0.1/",
    "http://0x7f.0.0.1/", "http://0x7f000001/", "http://0X7F.1/", "http://017700000001/", "http://0000000177.0.0.1/",
    "http://127.0.0.1./", "http://0/", "http://0.0.0.0/", "http://127.127.127.127/", "http://0x7f.0x0.0x0.0x1/",
    "http://127.0.0.1.nip%2eio@127.0.0.1/", "http://4294967296/", "http://340282366920938463463374607431768211457/",
    # names of it
    "http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://localhost.localdomain/",
    "http://ip6-localhost/", "http://kubernetes.default.svc/", "http://db.internal/", "http://printer.local/",
    # digits, dots and letters that only look like ASCII, escapes, characters nobody sees
    "http://１２７.0.0.1/", "http://127。0。0。1/", "http://127．0．0．1/", "http://127｡0｡0｡1/", "http://①②⑦.0.0.1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.kadia.sn/", "http://127.0.0.1%2f@kadia.sn/",
    "http://loc\u00adalhost/", "http://local\u200bhost/", "http://127.0.0.1\t/", "http://\u0661\u0662\u0667.0.0.1/",
    # private, shared, link-local, cloud metadata
    "http://10.0.0.1/", "http://10.1/", "http://167772161/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://0xc0a80101/", "http://3232235777/", "http://0300.0250.1.1/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://0xA9.254.0251.0376/",
    "http://169.254.43518/", "http://169.254.170.2/", "http://168.63.129.16/", "http://192.0.0.192/",
    "http://metadata.google.internal/", "http://224.0.0.1/", "http://255.255.255.255/", "http://198.18.0.1/",
    # IPv6: own, local, mapped, compatible, 6to4, NAT64, Teredo, ISATAP, with a zone
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[0000::0001]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:0:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/",
    "http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2002:c0a8:101::]/", "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::169.254.169.254]/", "http://[64:ff9b:1::10.0.0.1]/", "http://[2001:0:53aa:64c:0:0:f5ff:fffe]/",
    "http://[2606:4700::5efe:10.0.0.1]/", "http://[fe80::1]/", "http://[fe80::1%eth0]/", "http://[fe80::1%25lo]/",
    "http://[::1%25lo]/", "http://[fd00:ec2::254]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://[2001:db8::1]/", "http://[::1]:80/", "http://[::1/", "http://[[::1]]/", "http://[127.0.0.1]/", "http://::1/",
    # who is asked and who is named: user info, backslashes, fragments, ports, missing and other schemes
    "http://kadia.sn@127.0.0.1/", "http://kadia.sn:80@127.0.0.1/", "http://kadia.sn%40127.0.0.1/", "http://@127.0.0.1/",
    "http://127.0.0.1\\@kadia.sn/", "http://kadia.sn\\@127.0.0.1/", "http://127.0.0.1:80\\@kadia.sn:80/",
    "http://127.0.0.1#@kadia.sn/", "http://127.0.0.1?@kadia.sn/", "http:/127.0.0.1/", "http:127.0.0.1", "//127.0.0.1/",
    "///127.0.0.1/", "http:///127.0.0.1/", "http:\\\\127.0.0.1\\", "http://kadia.sn:22/", "http://kadia.sn:6379/",
    "http://127.0.0.1:443/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/stats", "unix:///var/run/docker.sock",
    "http://kadia.sn\r\nHost: 127.0.0.1/", "jar:http://127.0.0.1!/", "view-source:http://127.0.0.1/",
]  # fmt: skip
ANSWERS = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.31.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254",
    "168.63.129.16", "192.0.0.192", "198.19.0.1", "224.0.0.251", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "fe80::1", "fd00:ec2::254",
    "ff02::1", "2001:db8::1", "2001:0:53aa:64c:0:0:f5ff:fffe",
]  # fmt: skip


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        for host in ("127.0.0.1", "localhost", "[", "inside.example.com", "kadia.sn"):
            opened.shop(host, {"*": "secret"})
        yield opened


def one_sentence(error: FetchError) -> bool:
    """What happened, then what to do, on one line, without the machinery's words."""
    text = str(error)
    what, _, to_do = text.rpartition(": ")
    plain = not any(word in text for word in ("Errno", "Traceback", "httpcore", "httpx", "None"))
    return plain and len(what) > 10 and len(to_do) > 10 and text.endswith(".") and "\n" not in text


@pytest.mark.parametrize("address", SPELLINGS)
async def test_pasted(street: Street, address: str) -> None:
    async with street.fetcher() as fetcher:
        with pytest.raises(AddressRefused) as refused:
            await fetcher.fetch(address)
    assert one_sentence(refused.value), str(refused.value)
    assert street.way.dialled == []


@pytest.mark.parametrize("address", SPELLINGS)
async def test_pasted_with_words_around_it(street: Street, address: str) -> None:
    async with street.fetcher() as fetcher:
        for pasted in (address, f"voici ma boutique : {address} merci", f"<{address}>"):
            try:
                await collect(pasted, fetcher)
            except FetchError as error:
                assert one_sentence(error), str(error)
    assert {host for host, _ in street.way.dialled} <= {PUBLIC}
    assert {one.host for one in street.asked} <= {"kadia.sn"}, "a public name in the text may be read"


@pytest.mark.parametrize("address", [one for one in SPELLINGS if one.isascii() and one.isprintable()])
async def test_as_a_redirect(street: Street, address: str) -> None:
    site = street.shop("honest.example.com", {"/": moved(address)})
    async with street.fetcher() as fetcher:
        try:
            answer = await fetcher.fetch(f"{site}/")
        except FetchError as error:
            assert one_sentence(error), str(error)
        else:
            assert answer.url.startswith("http://honest.example.com/"), "read as a path of the honest site"
    assert {host for host, _ in street.way.dialled} <= {PUBLIC}
    assert {one.host for one in street.asked} <= {"honest.example.com"}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("beside", [[], [PUBLIC]], ids=["alone", "beside a public one"])
async def test_as_what_a_name_resolves_to(street: Street, answer: str, beside: list[str]) -> None:
    street.names.set("inside.example.com", [*beside, answer])
    async with street.fetcher() as fetcher:
        with pytest.raises(AddressRefused) as refused:
            await fetcher.fetch("http://inside.example.com/")
    assert one_sentence(refused.value)
    assert street.way.dialled == []


@pytest.mark.parametrize("answer", ANSWERS)
async def test_as_what_a_name_resolves_to_the_second_time(street: Street, answer: str) -> None:
    """Rebinding: each connection asks again and is checked again, and goes to the address that was checked."""
    street.shop("rebind.example.com", {"*": Answer("one", headers={"connection": "close"})})
    street.names.set("rebind.example.com", [PUBLIC], [PUBLIC], [answer])
    async with street.fetcher() as fetcher:
        with pytest.raises((AddressRefused, Unanswered)) as refused:
            for page in range(5):
                await fetcher.fetch(f"http://rebind.example.com/{page}")
    assert one_sentence(refused.value)
    assert {host for host, _ in street.way.dialled} == {PUBLIC}
