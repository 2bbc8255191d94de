"""Files of buyers on Instagram and Messenger: fetched without the token, within bounds, gone when they are."""

import httpx
import pytest

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.instagram.channel import INSTAGRAM
from griot.channels.port import Line

URL = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=x"


async def fetched(answer: httpx.Response, url: str | None = URL, limit: int = 100) -> tuple[bytes, httpx.Request]:
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as http:
        line = Line(http, "https://graph.facebook.com", "v24.0", "1", "SECRET")
        data = await INSTAGRAM.inlet(line).fetch({"url": url} if url else {}, limit)
    return data, asked[0]


async def test_the_token_stays_at_home() -> None:
    data, request = await fetched(httpx.Response(200, content=b"sound"))
    assert data == b"sound"
    assert "authorization" not in request.headers


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_an_address_that_has_expired_is_final(status: int) -> None:
    with pytest.raises(ChannelError, match="expired") as error:
        await fetched(httpx.Response(status))
    assert error.value.kind is ErrorClass.FINAL


@pytest.mark.parametrize("url", [None, "http://elsewhere.example/x", "file:///etc/passwd", "not an address"])
async def test_what_is_no_address_of_a_file_is_not_called(url: str | None) -> None:
    with pytest.raises(ChannelError) as error:
        await fetched(httpx.Response(200, content=b"x"), url)
    assert error.value.kind is ErrorClass.FINAL


async def test_a_file_that_is_too_large_is_not_read_to_its_end() -> None:
    with pytest.raises(ChannelError, match="larger"):
        await fetched(httpx.Response(200, content=b"x" * 101))
