"""Where a request comes from."""

from starlette.types import Scope


def source_of(scope: Scope, *, trust_proxy: bool) -> str:
    """The client's address; with ``trust_proxy`` the one that the nearest proxy wrote down."""
    if trust_proxy:
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                return str(value.decode("latin-1")).rsplit(",", 1)[-1].strip()
    client = scope.get("client")
    return client[0] if client else ""
