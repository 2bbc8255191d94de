"""Meta's webhook signature: HMAC-SHA256 of the raw bytes with the app secret, in ``X-Hub-Signature-256``."""

import hashlib
import hmac


def sign(secret: str, body: bytes) -> str:
    """The header's value for a body: ``sha256=`` and 64 hexadecimal digits."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def verify(secret: str, body: bytes, header: str | None) -> bool:
    """Whether ``header`` signs exactly these bytes; compared in constant time, false for anything malformed.

    An empty secret verifies nothing: everybody knows it.
    """
    if not secret or not header:
        return False
    given = header.strip().lower().encode(errors="replace")
    return hmac.compare_digest(given, sign(secret, body).encode())
