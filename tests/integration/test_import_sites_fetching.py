"""Fetching over real connections: where it goes, how far it reads, how it behaves towards a shop."""

import asyncio
import gzip
import os
import time
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, SSLContext

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from griot.core.settings import Settings
from griot.knowledge.importing.fetching.answers import user_agent
from griot.knowledge.importing.fetching.dialing import CheckedDialer
from griot.knowledge.importing.fetching.errors import (
    AddressRefused,
    BadAnswer,
    FetchError,
    Halt,
    RobotsRefused,
    TooMuch,
    Unanswered,
    Uncertified,
)
from griot.knowledge.importing.fetching.fetcher import open_fetcher
from griot.knowledge.importing.fetching.shelf import FolderShelf, Kept, MemoryShelf, Shelf
from griot.knowledge.importing.sites.collecting import collect
from griot.knowledge.importing.sites.platforms import platform_of
from importing_web import PUBLIC, QUICK, Answer, Asked, Rerouted, Street, moved, open_street


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        yield opened


async def refused(street: Street, url: str, kind: type[FetchError] = FetchError, **more: object) -> FetchError:
    async with street.fetcher(**more) as fetcher:  # type: ignore[arg-type]
        with pytest.raises(kind) as error:
            await fetcher.fetch(url)
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    return error.value


async def test_connects_to_the_address_that_was_checked_with_the_name_in_the_request(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": "hello"})
    async with street.fetcher() as fetcher:
        answer = await fetcher.fetch(f"{shop}/")
    assert answer.body == b"hello"
    assert set(street.way.dialled) == {(PUBLIC, 80)}
    assert street.asked[-1].headers["host"] == "kadia.sn"
    assert street.asked[-1].headers["user-agent"].startswith("GriotImport/")
    assert "cookie" not in street.asked[-1].headers


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["fd00:ec2::254"], ["::ffff:127.0.0.1"],
     [PUBLIC, "192.168.1.1"], ["64:ff9b::a00:1"]],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_refused_before_any_connection(street: Street, answers: list[str]) -> None:
    street.shop("evil.example.com", {"*": "secret"})
    street.names.set("evil.example.com", answers)
    await refused(street, "http://evil.example.com/", AddressRefused)
    assert street.way.dialled == []


async def test_a_name_that_changes_its_answer_gains_nothing(street: Street) -> None:
    """DNS rebinding: public when it is first asked, this machine from then on."""
    street.shop("rebind.example.com", {"/": Answer("one", headers={"connection": "close"}), "/2": "two"})
    street.names.set("rebind.example.com", [PUBLIC], [PUBLIC], ["127.0.0.1"])
    async with street.fetcher() as fetcher:
        await fetcher.fetch("http://rebind.example.com/")
        await asyncio.sleep(0.05)
        for _ in range(3):
            with pytest.raises((AddressRefused, Unanswered)):
                while True:
                    await fetcher.fetch("http://rebind.example.com/")
    assert {host for host, _ in street.way.dialled} == {PUBLIC}


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://[::1]/", "http://0x7f.1/", "http://inside.example.com/", "file:///etc/passwd",
     "http://kadia.sn:6379/", "http://u@kadia.sn/"],
)  # fmt: skip
async def test_a_redirect_is_checked_like_the_first_address(street: Street, location: str) -> None:
    shop = street.shop("kadia.sn", {"/": moved(location)})
    street.shop("inside.example.com", {"*": "secret"})
    street.names.set("inside.example.com", ["10.0.0.1"])
    await refused(street, f"{shop}/", AddressRefused)
    assert {host for host, _ in street.way.dialled} == {PUBLIC}


async def test_redirects_are_followed_five_times_and_no_more(street: Street) -> None:
    shop = street.shop("kadia.sn", {f"/{at}": moved(f"/{at + 1}", 301 + at % 2) for at in range(9)} | {"/9": "end"})
    async with street.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{shop}/4")).url == f"{shop}/9"
    await refused(street, f"{shop}/3", Unanswered)


async def test_a_token_is_not_carried_to_another_site(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": moved("http://other.sn/"), "/own": moved("/")})
    street.shop("other.sn", {"/": "x"})
    async with street.fetcher() as fetcher:
        await fetcher.fetch(f"{shop}/own", headers={"Authorization": "Bearer t"})
    held = {one.host: one.headers.get("authorization") for one in street.asked if one.path == "/"}
    assert held == {"kadia.sn": "Bearer t", "other.sn": None}


async def test_loopback_only_by_the_setting() -> None:
    async with open_street() as street:
        street.shop("127.0.0.1", {"/": "ours"})
        url = f"http://127.0.0.1:{street.port}/"
        async with open_fetcher(Settings(import_allow_loopback=True), QUICK) as fetcher:
            assert (await fetcher.fetch(url)).body == b"ours"
        asked = len(street.asked)
        async with open_fetcher(Settings(import_allow_loopback=False), QUICK) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.fetch(url)
        assert len(street.asked) == asked


async def test_the_setting_opens_loopback_and_nothing_else(street: Street) -> None:
    for host, answer in (("a.sn", "10.0.0.1"), ("b.sn", "169.254.169.254"), ("c.sn", "0.0.0.0")):
        street.shop(host, {"*": "secret"})
        street.names.set(host, [answer])
        await refused(street, f"http://{host}/", AddressRefused, allow_loopback=True)
    street.shop("d.sn", {"*": "x"})
    await refused(street, "http://d.sn:8080/", AddressRefused, allow_loopback=True)
    assert street.way.dialled == []


BOMB = b"0" * 30_000_000


def deflated(body: bytes, wbits: int) -> bytes:
    packing = zlib.compressobj(9, wbits=wbits)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(("coding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
async def test_compressed_answers_are_read_and_bombs_are_not(street: Street, coding: str, wbits: int) -> None:
    honest = b"<p>" + b"".join(str(at).encode() for at in range(50_000)) + b"</p>"
    shop = street.shop(
        "kadia.sn",
        {
            "/": Answer(deflated(honest, wbits), headers={"content-encoding": coding}),
            "/bit": Answer(
                pieces=[bytes([one]) for one in deflated(b"short", wbits)], headers={"content-encoding": coding}
            ),
            "/bomb": Answer(deflated(BOMB, wbits), headers={"content-encoding": coding, "content-type": "text/csv"}),
        },
    )
    async with street.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{shop}/")).body == honest
        assert (await fetcher.fetch(f"{shop}/bit")).body == b"short"
    await refused(street, f"{shop}/bomb", TooMuch)


async def test_all_members_of_a_packed_answer_are_read(street: Street) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second") + b"rest that is no member"
    gzipped = {"content-encoding": "gzip"}
    shop = street.shop(
        "kadia.sn",
        {
            "/": Answer(packed, headers=gzipped),
            "/bit": Answer(pieces=[bytes([one]) for one in packed], headers=gzipped),
            "/bombs": Answer(gzip.compress(b"x") + gzip.compress(BOMB), headers=gzipped),
        },
    )
    async with street.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{shop}/")).body == b"first second"
        assert (await fetcher.fetch(f"{shop}/bit")).body == b"first second"
    await refused(street, f"{shop}/bombs", TooMuch)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
async def test_only_compressions_that_were_asked_for(street: Street, coding: str) -> None:
    shop = street.shop("kadia.sn", {"/": Answer(gzip.compress(BOMB), headers={"content-encoding": coding})})
    await refused(street, f"{shop}/", Unanswered)


async def test_an_answer_without_end_is_cut_off(street: Street) -> None:
    def endless() -> Answer:
        return Answer(pieces=(b"x" * 100_000 for _ in range(1_000_000)))

    shop = street.shop("kadia.sn", {"/": lambda asked: endless()})
    await refused(street, f"{shop}/", TooMuch)


async def test_an_announced_size_is_enough_to_refuse(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": Answer("x", headers={"content-length": "999999999"})})
    await refused(street, f"{shop}/", TooMuch)


async def test_a_caller_may_ask_for_less(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/a.jpg": Answer("x" * 2_000, headers={"content-type": "image/jpeg"})})
    async with street.fetcher() as fetcher:
        assert len((await fetcher.fetch(f"{shop}/a.jpg", most=2_000)).body) == 2_000
        with pytest.raises(TooMuch):
            await fetcher.fetch(f"{shop}/a.jpg", most=1_999)


async def test_a_server_that_trickles_is_given_up_on(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": Answer(pieces=(b"x" for _ in range(1000)), pause=0.1)})
    begun = time.monotonic()
    await refused(street, f"{shop}/", Unanswered, limits=replace(QUICK, request=1.0))
    assert time.monotonic() - begun < 15, "not when the server is done"


async def test_a_server_that_says_nothing_is_given_up_on(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": Answer(pieces=(b"x", b"y"), pause=30)})
    begun = time.monotonic()
    await refused(street, f"{shop}/", Unanswered, limits=replace(QUICK, read=0.3))
    assert time.monotonic() - begun < 15, "not when the server is done"


async def test_a_site_that_is_not_there(street: Street) -> None:
    assert "nowhere.example.com" in str(await refused(street, "http://nowhere.example.com/", Unanswered))


async def test_the_whole_import_has_an_end(street: Street) -> None:
    shop = street.shop("kadia.sn", {"*": "x"})
    async with street.fetcher(replace(QUICK, requests=4)) as fetcher:
        for at in range(3):  # and one for robots.txt
            await fetcher.fetch(f"{shop}/{at}")
        with pytest.raises(Halt):
            await fetcher.fetch(f"{shop}/9")
    async with street.fetcher(replace(QUICK, total=-1.0)) as fetcher:
        with pytest.raises(Halt):
            await fetcher.fetch(f"{shop}/")
    async with street.fetcher(replace(QUICK, import_bytes=0)) as fetcher:
        await fetcher.fetch(f"{shop}/")
        with pytest.raises(Halt):
            await fetcher.fetch(f"{shop}/2")


ROBOTS = """User-agent: *
Disallow: /private
Crawl-delay: 3
User-agent: GriotImport
Disallow: /ours
Disallow: /*?format=json
Crawl-delay: 2
Sitemap: http://kadia.sn/products.xml
"""


async def test_robots_txt_is_obeyed_under_our_own_name(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/robots.txt": ROBOTS, "*": "x"})
    async with street.fetcher() as fetcher:
        await fetcher.fetch(f"{shop}/private")  # a group of our own counts alone (RFC 9309 §2.2.1)
        for path in ("/ours/1", "/shop?format=json"):
            with pytest.raises(RobotsRefused):
                await fetcher.fetch(f"{shop}{path}")
        assert await fetcher.sitemaps(shop) == ("http://kadia.sn/products.xml",)
        await fetcher.fetch(f"{shop}/again")
        await fetcher.fetch(f"{shop}/ours/1", crawl=False)
    assert max(street.slept) == pytest.approx(2, abs=0.2)  # Crawl-delay
    assert [one.path for one in street.asked].count("/robots.txt") == 1


@pytest.mark.parametrize(("status", "allowed"), [(200, True), (404, True), (403, True), (500, False), (502, False)])
async def test_robots_txt_that_is_missing_allows_and_one_that_fails_refuses(
    street: Street, status: int, allowed: bool
) -> None:
    shop = street.shop("kadia.sn", {"/robots.txt": Answer("", status), "/": "x"})
    if allowed:
        async with street.fetcher() as fetcher:
            assert (await fetcher.fetch(f"{shop}/")).body == b"x"
    else:
        await refused(street, f"{shop}/", RobotsRefused)


async def test_robots_txt_of_the_site_that_a_redirect_leads_to(street: Street) -> None:
    shop = street.shop("kadia.sn", {"/": moved("http://www.kadia.sn/")})
    street.shop("www.kadia.sn", {"/robots.txt": "User-agent: *\nDisallow: /", "/": "x"})
    await refused(street, f"{shop}/", RobotsRefused)


async def test_a_hostile_robots_txt_costs_little(street: Street) -> None:
    rules = "User-agent: *\n" + "Disallow: /" + "*a" * 2000 + "b\n" + "x" * 3_000_000
    shop = street.shop("kadia.sn", {"/robots.txt": rules, "*": "x"})
    begun = time.monotonic()
    async with street.fetcher() as fetcher:
        await fetcher.fetch(f"{shop}/" + "a" * 1500)
    assert time.monotonic() - begun < 15


async def test_a_host_is_asked_at_a_pace_and_one_request_at_a_time(street: Street) -> None:
    shop = street.shop("kadia.sn", {"*": Answer("x")})
    async with street.fetcher(replace(QUICK, pause=1.5)) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{shop}/{at}") for at in range(3)))
    assert len(street.slept) == 3
    assert all(1.3 < one <= 1.5 for one in street.slept)


async def test_a_busy_shop_is_asked_again_when_it_says(street: Street) -> None:
    busy = iter([Answer(status=429, headers={"retry-after": "3"}), Answer(status=503), Answer("at last")])
    shop = street.shop("kadia.sn", {"/": lambda asked: next(busy)})
    async with street.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{shop}/")).body == b"at last"
    assert street.slept == [3.0, 4.0]


async def test_a_shop_that_stays_busy_is_left_alone(street: Street) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(minutes=20), usegmt=True)
    shop = street.shop("kadia.sn", {"/": Answer(status=429, headers={"retry-after": at}), "/2": Answer(status=503)})
    assert "20 minutes" in str(await refused(street, f"{shop}/", Halt))
    await refused(street, f"{shop}/2", Halt)
    assert street.paths().count("/2") == 3


@pytest.mark.parametrize("where", ["memory", "folder"])
async def test_what_has_not_changed_is_not_sent_again(street: Street, where: str, tmp_path: Path) -> None:
    def page(asked: Asked) -> Answer:
        same = asked.headers.get("if-none-match") == '"v1"' and asked.headers.get("if-modified-since") == "Mon"
        return Answer(status=304) if same else Answer("body", headers={"etag": '"v1"', "last-modified": "Mon"})

    shop = street.shop("kadia.sn", {"/": page, "/plain": "never kept"})
    shelf: Shelf = MemoryShelf() if where == "memory" else FolderShelf(tmp_path)
    for unchanged in (False, True, True):
        async with street.fetcher(shelf=shelf) as fetcher:
            answer = await fetcher.fetch(f"{shop}/")
            await fetcher.fetch(f"{shop}/plain")
        assert (answer.body, answer.unchanged) == (b"body", unchanged)
        assert answer.content_type == "text/html; charset=utf-8"


async def test_what_headers_tell_of_a_shop_is_kept_with_its_page(street: Street, tmp_path: Path) -> None:
    told = {"x-magento-tags": "cat_p", "set-cookie": "session=1"}

    def page(asked: Asked) -> Answer:
        return Answer(status=304) if "if-none-match" in asked.headers else Answer("body", headers={"etag": "1", **told})

    shop = street.shop("kadia.sn", {"/": page})
    for cookie in ("session=1", ""):
        async with street.fetcher(shelf=FolderShelf(tmp_path)) as fetcher:
            answer = await fetcher.fetch(f"{shop}/")
        assert platform_of(answer) == "magento"
        assert answer.header("set-cookie") == cookie


def test_a_shelf_is_cleared_of_what_nobody_asks_for(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path)
    for url in ("http://x/asked", "http://x/gone"):
        shelf.keep(url, Kept(b"x", etag="1"))
        os.utime(shelf._file(url), (0, 0))
    assert shelf.recall("http://x/asked") is not None
    assert shelf.clear(timedelta(days=30)) == 1
    assert (shelf.recall("http://x/asked") is None, shelf.recall("http://x/gone") is None) == (False, True)
    assert FolderShelf(tmp_path / "none").clear(timedelta(days=30)) == 0


def test_a_broken_shelf_is_as_good_as_none(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path)
    name = shelf._file("http://x/")
    name.parent.mkdir(parents=True)
    for content in (b"", b"nonsense", zlib.compress(b"[]\nx"), zlib.compress(b'{"other":1}\nx')):
        name.write_bytes(content)
        assert shelf.recall("http://x/") is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 500, 520])
async def test_errors_of_a_shop_are_said_in_a_sentence(street: Street, status: int) -> None:
    shop = street.shop("kadia.sn", {"/": Answer("x", status)})
    error = await refused(street, f"{shop}/", BadAnswer)
    assert isinstance(error, BadAnswer)
    assert error.code == status


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        b"HTTP/1.1 200\r\n" + b"a: b\r\n" * 50_000,
    ],
)
async def test_what_is_no_http_is_a_sentence_too(raw: bytes) -> None:  # fmt: skip
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" if b"robots" in head else raw)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    street = Street()
    street.port = server.sockets[0].getsockname()[1]
    street.names.set("kadia.sn", [PUBLIC])
    await refused(street, "http://kadia.sn/", Unanswered)
    server.close()


def certificate(folder: Path, host: str) -> tuple[SSLContext, SSLContext]:
    """(the server's, the client's) contexts for a certificate of one name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "cert.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server, client = SSLContext(PROTOCOL_TLS_SERVER), SSLContext(PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(pem)
    client.load_verify_locations(pem)
    return server, client


async def test_https_goes_by_the_name_and_never_down_to_http(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "kadia.sn")
    seen: list[str | None] = []
    server.sni_callback = lambda connection, name, context: seen.append(name)
    async with open_street(server) as street:
        street.shop("kadia.sn", {"/": "safe", "/down": moved("http://kadia.sn/")})
        street.shop("other.sn", {"/": "not certified"})
        async with street.fetcher(tls=client) as fetcher:
            assert (await fetcher.fetch("kadia.sn")).body == b"safe"
            with pytest.raises(AddressRefused, match="unprotected"):
                await fetcher.fetch("https://kadia.sn/down")
            with pytest.raises(Unanswered, match="certificate"):
                await fetcher.fetch("https://other.sn/")
            with pytest.raises(Uncertified):  # although it did not name https
                await collect("other.sn", fetcher)
        assert seen[0] == "kadia.sn"
        assert set(street.way.dialled) == {(PUBLIC, 443)}


@pytest.mark.parametrize("host", ["8.8.8.8", "[2606:4700:4700::1111]"])
async def test_public_numbers_are_dialled_as_they_are(street: Street, host: str) -> None:
    street.shop(host.partition(":")[0], {"*": "x"})
    async with street.fetcher() as fetcher:
        assert (await fetcher.fetch(f"http://{host}/", crawl=False)).body == b"x"
    assert street.way.dialled == [(host.strip("[]"), 80)]


async def test_the_dialer_itself_trusts_nobody() -> None:
    """Even if every check before it failed, no connection leads inside."""
    street = Street()
    way = Rerouted(9)
    dialer = CheckedDialer(street.names, through=way)
    for host in ("127.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254", "0.0.0.0"):
        with pytest.raises(AddressRefused):
            await dialer.connect_tcp(host, 80)
    with pytest.raises(AddressRefused):
        await dialer.connect_unix_socket("/var/run/docker.sock")
    with pytest.raises(AddressRefused):
        await dialer.connect_tcp("8.8.8.8", 6379)
    assert way.dialled == []


def test_how_an_import_presents_itself() -> None:
    assert "+https://griot.example.com" in user_agent(Settings(public_url="https://griot.example.com"))
    assert "+" not in user_agent(Settings(public_url="http://127.0.0.1:8000"))
    assert user_agent(Settings(import_contact="me@x.sn\r\nX: (y)")).endswith("+me@x.snX: y)")
    assert ip_address(PUBLIC).is_global
