"""A Graph request answered with an error, and the answers that are the same for every kind of account."""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from griot.core.errors import GriotError


class Refused(GriotError):
    """``status`` is HTTP's; ``about`` is what the error object holds besides message, type, code and trace id."""

    def __init__(self, status: int, code: int, message: str, *, kind: str = "OAuthException", **about: Any) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self._kind = kind
        self._about = about

    def body(self) -> dict[str, Any]:
        error = {"message": str(self), "type": self._kind, "code": self.code, **self._about}
        return {"error": {**error, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}

    def encoded(self) -> bytes:
        return orjson.dumps(self.body())


class BadToken(Refused):
    """The Bearer token belongs to nobody."""

    def __init__(self) -> None:
        super().__init__(401, 190, "Invalid OAuth access token - Cannot parse access token")


class NoSuchObject(Refused):
    """The id in the path is unknown, or the token has no right to it (Meta does not say which)."""

    def __init__(self, method: str, object_id: str) -> None:
        super().__init__(
            400,
            100,
            f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
            "missing permissions, or does not support this operation. Please read the Graph API documentation at "
            "https://developers.facebook.com/docs/graph-api",
            kind="GraphMethodException",
            error_subcode=33,
        )


class Crashed(Refused):
    """An unexplained 500, as Graph gives them: code 1, nothing else to go by."""

    def __init__(self) -> None:
        super().__init__(500, 1, "An unknown error has occurred.")


def chosen(node: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a node that a request asks for, and its id; all of them when it names none."""
    names = [name for name in query.get("fields", "").split(",") if name] or list(node)
    if unknown := [name for name in names if name not in node]:
        raise Refused(400, 100, f"(#100) Tried accessing nonexisting field ({unknown[0]})")
    return {name: node[name] for name in {**dict.fromkeys(names), "id": None}}
