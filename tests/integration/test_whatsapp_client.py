"""The client against a real HTTP server on the loopback that answers as Meta's Graph API does."""

import asyncio
import base64
import hashlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.port import Line
from griot.channels.whatsapp import payloads
from griot.channels.whatsapp.client import WhatsAppClient
from griot.core.errors import InvalidInput

NUMBER = "106540000000001"
TOKEN = "EAAtoken"
PHONE = "221770000001"
VOICE = b"OggS" + bytes(range(256)) * 40
DIGEST = base64.b64encode(hashlib.sha256(VOICE).digest()).decode()


class Graph:
    """One phone number's side of the Graph API: what it received, and the answer it gives next."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.uploads: list[dict[str, Any]] = []
        self.answer: Response | None = None
        self.hang = False
        self.expired = 0  # how many of the next media addresses are too old
        self.media_url = ""
        self.announced: dict[str, Any] = {}
        self.tokens: set[str | None] = set()
        self.app = FastAPI()
        self.app.post(f"/v24.0/{NUMBER}/messages")(self.messages)
        self.app.post(f"/v24.0/{NUMBER}/media")(self.upload)
        self.app.get("/v24.0/{media_id}")(self.media)
        self.app.get("/file")(self.file)
        self.app.get("/forbidden")(lambda: Response(status_code=403))

    async def messages(self, request: Request) -> Response:
        self.tokens.add(request.headers.get("authorization"))
        self.received.append(await request.json())
        if self.hang:
            await asyncio.sleep(3)
        if self.answer is not None:
            return self.answer
        return JSONResponse({"messages": [{"id": f"wamid.{len(self.received)}"}]})

    async def upload(self, request: Request) -> Response:
        form = await request.form()
        file = form["file"]
        assert not isinstance(file, str)
        self.uploads.append({**form, "file": (file.filename, file.content_type, await file.read())})
        return self.answer or JSONResponse({"id": "77"})

    async def media(self, media_id: str, phone_number_id: str) -> Response:
        assert phone_number_id == NUMBER
        return JSONResponse({"id": media_id, "url": self.media_url, "mime_type": "audio/ogg", **self.announced})

    async def file(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        if self.expired:
            self.expired -= 1
            return Response(status_code=404)
        return Response(VOICE, media_type="audio/ogg")


@pytest.fixture(scope="module")
def port() -> Iterator[tuple[int, list[Graph]]]:
    """One server for the module; each test puts its own Graph behind it."""
    current: list[Graph] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await current[0].app(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1], current
    server.should_exit = True
    thread.join()


@pytest.fixture
def base_url(port: tuple[int, list[Graph]]) -> str:
    return f"http://127.0.0.1:{port[0]}"


@pytest.fixture
def graph(port: tuple[int, list[Graph]], base_url: str) -> Graph:
    fresh = Graph()
    fresh.media_url = f"{base_url}/file"
    port[1][:] = [fresh]
    return fresh


@pytest.fixture
async def client(base_url: str) -> AsyncIterator[WhatsAppClient]:
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=64)) as http:
        yield WhatsAppClient(Line(http, base_url, "v24.0", NUMBER, TOKEN))


async def failure(client: WhatsAppClient) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        await client.send(payloads.text("Bonjour"), recipient=f"phone:{PHONE}")
    assert TOKEN not in str(caught.value)
    assert PHONE not in str(caught.value)
    assert caught.value.__cause__ is None  # the HTTP library's own words may quote headers
    return caught.value


class TestSending:
    async def test_a_message_goes_to_the_full_number_with_the_token_and_our_mark(
        self, client: WhatsAppClient, graph: Graph
    ) -> None:
        wamid = await client.send(payloads.text("Bonjour"), recipient=f"phone:{PHONE}", opaque="griot:42")
        assert wamid == "wamid.1"
        assert graph.received == [
            {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": f"+{PHONE}",
                "type": "text",
                "text": {"body": "Bonjour"},
                "biz_opaque_callback_data": "griot:42",
            }
        ]
        assert graph.tokens == {f"Bearer {TOKEN}"}

    async def test_a_user_without_a_phone_is_reached_by_user_id(self, client: WhatsAppClient, graph: Graph) -> None:
        await client.send(payloads.contact_request("Ton numéro ?"), recipient="user:SN.1001")
        assert graph.received[0]["recipient"] == "SN.1001"
        assert "to" not in graph.received[0]

    @pytest.mark.parametrize("recipient", ["phone:", "phone:+221", "user:", "SN.1001", ""])
    async def test_another_recipient_is_refused(self, client: WhatsAppClient, graph: Graph, recipient: str) -> None:
        with pytest.raises(InvalidInput):
            await client.send(payloads.text("Bonjour"), recipient=recipient)
        assert not graph.received

    async def test_a_message_over_a_limit_never_leaves(self, client: WhatsAppClient, graph: Graph) -> None:
        with pytest.raises(InvalidInput, match="4097 characters"):
            await client.send(payloads.text("a" * 4097), recipient=f"phone:{PHONE}")
        assert not graph.received

    async def test_many_messages_at_once_share_the_connections(self, client: WhatsAppClient, graph: Graph) -> None:
        sends = (client.send(payloads.text(str(n)), recipient=f"phone:{PHONE}") for n in range(200))
        assert len(set(await asyncio.gather(*sends))) == 200

    async def test_reading_and_typing_are_told(self, client: WhatsAppClient, graph: Graph) -> None:
        await client.mark_read("wamid.0")
        await client.typing("wamid.0")
        receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.0"}
        assert graph.received == [receipt, {**receipt, "typing_indicator": {"type": "text"}}]


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "kind", "pair"),
        [
            (131056, ErrorClass.SLOW_DOWN, True),
            (130429, ErrorClass.SLOW_DOWN, False),
            (190, ErrorClass.ACCOUNT, False),
            (131047, ErrorClass.FINAL, False),
            (100, ErrorClass.REQUEST, False),
        ],
    )
    async def test_a_code_says_what_to_do_though_the_http_status_is_400(
        self, client: WhatsAppClient, graph: Graph, code: int, kind: ErrorClass, pair: bool
    ) -> None:
        said = {"code": code, "message": f"(#{code}) about +{PHONE}", "error_data": {"details": f"{PHONE} is late"}}
        graph.answer = JSONResponse({"error": said}, status_code=400)
        error = await failure(client)
        assert (error.kind, error.code, error.pair, error.ambiguous) == (kind, code, pair, False)

    async def test_a_server_error_without_a_word_is_ambiguous(self, client: WhatsAppClient, graph: Graph) -> None:
        graph.answer = Response("<html>Bad gateway</html>", status_code=502)
        error = await failure(client)
        assert (error.kind, error.retry, error.ambiguous) == (ErrorClass.RETRY, True, True)

    async def test_a_success_without_an_id_is_ambiguous(self, client: WhatsAppClient, graph: Graph) -> None:
        graph.answer = JSONResponse({"messages": []})
        assert (await failure(client)).ambiguous

    async def test_no_answer_in_time_is_ambiguous_because_the_message_was_written(
        self, base_url: str, graph: Graph
    ) -> None:
        graph.hang = True
        async with httpx.AsyncClient(timeout=httpx.Timeout(20, read=0.3)) as http:
            error = await failure(WhatsAppClient(Line(http, base_url, "v24.0", NUMBER, TOKEN)))
        assert (error.kind, error.ambiguous) == (ErrorClass.RETRY, True)
        assert len(graph.received) == 1

    async def test_a_connection_cut_after_the_request_is_ambiguous(self) -> None:
        async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"}}")
            writer.close()

        server = await asyncio.start_server(cut, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, httpx.AsyncClient() as http:
            assert (await failure(WhatsAppClient(Line(http, url, "v24.0", NUMBER, TOKEN)))).ambiguous

    async def test_no_connection_is_not_ambiguous(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            free = listener.getsockname()[1]
        async with httpx.AsyncClient() as http:
            error = await failure(WhatsAppClient(Line(http, f"http://127.0.0.1:{free}", "v24.0", NUMBER, TOKEN)))
        assert (error.kind, error.retry, error.ambiguous) == (ErrorClass.RETRY, True, False)

    async def test_a_token_that_cannot_be_a_header_is_never_quoted(self, base_url: str, graph: Graph) -> None:
        async with httpx.AsyncClient() as http:
            error = await failure(WhatsAppClient(Line(http, base_url, "v24.0", NUMBER, f"{TOKEN}\n")))
        assert (error.kind, error.ambiguous) == (ErrorClass.REQUEST, False)


class TestMedia:
    async def test_bytes_and_files_are_uploaded(self, client: WhatsAppClient, graph: Graph, tmp_path: Path) -> None:
        note = tmp_path / "note.ogg"
        note.write_bytes(VOICE)
        assert await client.upload_media(note, "audio/ogg") == "77"
        assert await client.upload_media(b"%PDF", "application/pdf", "bon.pdf") == "77"
        assert [upload["file"] for upload in graph.uploads] == [
            ("note.ogg", "audio/ogg", VOICE),
            ("bon.pdf", "application/pdf", b"%PDF"),
        ]
        assert graph.uploads[0]["messaging_product"] == "whatsapp"
        assert graph.uploads[0]["type"] == "audio/ogg"

    async def test_an_upload_without_an_id_is_an_error(self, client: WhatsAppClient, graph: Graph) -> None:
        graph.answer = JSONResponse({})
        with pytest.raises(ChannelError, match="holds no id"):
            await client.upload_media(VOICE, "audio/ogg")

    async def test_media_of_another_account_is_the_shops_business(
        self, base_url: str, client: WhatsAppClient, graph: Graph
    ) -> None:
        graph.media_url = f"{base_url}/forbidden"
        with pytest.raises(ChannelError) as caught:
            await client.download_media("77", max_bytes=99_999)
        assert caught.value.kind == ErrorClass.ACCOUNT

    async def test_a_file_too_large_for_its_type_stays_here(self, client: WhatsAppClient, graph: Graph) -> None:
        with pytest.raises(InvalidInput, match="image/jpeg"):
            await client.upload_media(bytes(6 * 1024 * 1024), "image/jpeg")
        assert not graph.uploads

    async def test_a_voice_note_is_fetched_with_the_token_and_verified(
        self, client: WhatsAppClient, graph: Graph
    ) -> None:
        assert await client.download_media("77", max_bytes=len(VOICE), sha256=DIGEST) == VOICE
        assert (
            await client.download_media("77", max_bytes=len(VOICE), sha256=hashlib.sha256(VOICE).hexdigest()) == VOICE
        )

    async def test_an_address_that_expired_is_asked_for_again_once(self, client: WhatsAppClient, graph: Graph) -> None:
        graph.expired = 1
        assert await client.download_media("77", max_bytes=99_999) == VOICE
        graph.expired = 2
        with pytest.raises(ChannelError, match="gone"):
            await client.download_media("77", max_bytes=99_999)

    @pytest.mark.parametrize("announced", [{"file_size": str(len(VOICE))}, {}, {"file_size": 3}])
    async def test_more_bytes_than_allowed_are_not_read(
        self, client: WhatsAppClient, graph: Graph, announced: dict[str, Any]
    ) -> None:
        graph.announced = announced
        with pytest.raises(ChannelError, match="larger than the 1000 bytes") as caught:
            await client.download_media("77", max_bytes=1000)
        assert caught.value.kind == ErrorClass.FINAL

    @pytest.mark.parametrize("sha256", [base64.b64encode(bytes(32)).decode(), "not base64!", "00" * 32])
    async def test_another_file_than_announced_is_refused(
        self, client: WhatsAppClient, graph: Graph, sha256: str
    ) -> None:
        with pytest.raises(ChannelError, match="SHA-256 differs"):
            await client.download_media("77", max_bytes=99_999, sha256=sha256)

    @pytest.mark.parametrize("url", ["http://elsewhere.example/file", "ftp://x/file", "/file", "https://x\x00/f", ""])
    async def test_the_token_goes_nowhere_else_in_clear(self, client: WhatsAppClient, graph: Graph, url: str) -> None:
        graph.media_url = url
        with pytest.raises(ChannelError):
            await client.download_media("77", max_bytes=99_999)
