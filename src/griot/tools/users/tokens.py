"""Tokens: random ones, kept as SHA-256, and signed ones (JWT) for the API."""

import hashlib
import secrets
from datetime import datetime, timedelta

import jwt

from griot.core.crypto import Keyring
from griot.core.errors import Unauthenticated

ACCESS_LIFE = timedelta(minutes=10)
_ISSUER = "griot"


def new() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token. It has full entropy, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def access_token(keyring: Keyring, session_id: int, user_id: int, now: datetime) -> str:
    """A signed token that names a session, good for ``ACCESS_LIFE``."""
    claims = {
        "iss": _ISSUER,
        "sub": str(user_id),
        "sid": session_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
    }
    return jwt.encode(claims, keyring.derive("api tokens"), algorithm="HS256")


def session_of(keyring: Keyring, token: str, now: datetime) -> int:
    """The session that an access token names; ``Unauthenticated`` when it is not ours or its time is over."""
    try:
        claims = jwt.decode(
            token,
            keyring.derive("api tokens"),
            algorithms=["HS256"],
            issuer=_ISSUER,
            # Time is the house's clock, which the library does not know.
            options={"require": ["exp", "sid", "sub"], "verify_exp": False, "verify_iat": False},
        )
        expires, session_id = int(claims["exp"]), int(claims["sid"])
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise Unauthenticated("This access token is not one of ours: log in.") from None
    if now.timestamp() >= expires:
        raise Unauthenticated("This access token has run out: renew it with the refresh token.")
    return session_id
