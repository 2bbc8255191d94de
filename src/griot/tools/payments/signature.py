"""Signed notices: ``Griot-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of t + "." + raw body>``.

The scheme is Stripe's, which most providers follow with small differences. A header may carry several ``v1``, so that
a key can be changed without losing a notice.
"""

import hashlib
import hmac
from datetime import datetime

from griot.core.errors import SignatureMismatch

HEADER = "Griot-Signature"
TOLERANCE = 300  # seconds, both ways


def sign(key: str, raw: bytes, now: datetime) -> str:
    """The header for a body that leaves now."""
    stamp = int(now.timestamp())
    return f"t={stamp},v1={_digest(key, stamp, raw)}"


def verify(key: str, raw: bytes, header: str | None, now: datetime) -> None:
    """Raise ``SignatureMismatch`` unless the bytes were signed with ``key`` less than ``TOLERANCE`` seconds ago."""
    stamp, digests = _read(header or "")
    if not any(hmac.compare_digest(_digest(key, stamp, raw).encode(), digest) for digest in digests):
        raise SignatureMismatch("The notice was not signed with the key that we share with this provider.")
    if abs(now.timestamp() - stamp) > TOLERANCE:
        raise SignatureMismatch(f"The notice was signed more than {TOLERANCE} s away from our time: a replay?")


def _digest(key: str, stamp: int, raw: bytes) -> str:
    return hmac.new(key.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()


def _read(header: str) -> tuple[int, list[bytes]]:
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t" and value.isascii() and value.isdigit()]
    if len(stamps) != 1 or len(stamps[0]) > 12:
        raise SignatureMismatch(f"The notice has no readable {HEADER} header.")
    return int(stamps[0]), [value.encode() for name, _, value in parts if name == "v1"]
