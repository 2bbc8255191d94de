"""Meta's Graph API, thinly: one account, one token, somebody else's connection pool.

No error raised here quotes the token, a phone number or an address; that is also why causes are not chained: the
HTTP library's own messages may quote headers.
"""

from typing import Any

import httpx
import orjson

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.meta.errors import Refusals
from griot.channels.meta.media import bounded
from griot.channels.port import Line

_EXPIRED = (httpx.codes.NOT_FOUND,)
_SIGNATURE_EXPIRED = (*_EXPIRED, httpx.codes.FORBIDDEN, httpx.codes.GONE)


class GraphClient:
    """Calls as one account. Every method raises ``ChannelError`` when Meta refuses or does not answer."""

    def __init__(self, line: Line, refusals: Refusals) -> None:
        self._http = line.http
        self._root = f"{line.base_url.rstrip('/')}/{line.version}"
        self._origin = httpx.URL(line.base_url)
        self._headers = {"Authorization": f"Bearer {line.token}"}
        self.account = line.account
        self.refusals = refusals

    async def get(self, path: str, **params: str) -> Any:
        """The decoded answer of a GET."""
        return await self._call("GET", path, params=params)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """The decoded answer of a POST of JSON."""
        headers = {"Content-Type": "application/json"}
        return await self._call("POST", path, content=orjson.dumps(body), headers=headers)

    async def upload(self, path: str, fields: dict[str, str], name: str, file: tuple[str, bytes, str]) -> Any:
        """The decoded answer of a form with a file in it; ``file``: name, bytes, type."""
        return await self._call("POST", path, data=fields, files={name: file})

    async def download(self, url: str, max_bytes: int, *, token: bool) -> bytes | None:
        """The file behind an address of Meta's; none when the address has expired.

        ``token``: whether the address asks for it; one that does not is signed, and refused when it is too old. Only
        https is called, or the very server we send to.
        """
        if not self._is_safe(url):
            raise ChannelError("The media's address is not https: it is not called.", ErrorClass.FINAL)
        try:
            async with self._http.stream("GET", url, headers=self._headers if token else {}) as response:
                if response.status_code in (_EXPIRED if token else _SIGNATURE_EXPIRED):
                    return None
                if not response.is_success:
                    raise self.refusals.refused(response.status_code, None)
                return await bounded(response, max_bytes)
        except httpx.HTTPError as failure:
            raise self.refusals.unanswered(failure) from None

    def _is_safe(self, url: str) -> bool:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        origin = self._origin
        return address.scheme == "https" or (
            (address.scheme, address.host, address.port) == (origin.scheme, origin.host, origin.port)
        )

    async def _call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        """The decoded answer of a request that succeeded."""
        try:
            response = await self._http.request(
                method, f"{self._root}/{path}", headers={**self._headers, **(headers or {})}, **options
            )
        except httpx.HTTPError as failure:
            raise self.refusals.unanswered(failure) from None
        answer = _decoded(response.content)
        if not response.is_success:
            raise self.refusals.refused(response.status_code, answer)
        return answer


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
