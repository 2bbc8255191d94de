"""The short-lived addresses that media are fetched from."""

import hashlib
import hmac
import secrets
from datetime import datetime

from griot.channels.simulator.model import File


class Addresses:
    """Download addresses that live for a while and cannot be made up."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def address(self, under: str, file: File, until: datetime) -> str:
        expires = int(until.timestamp())
        return f"{under}/{file.id}?ext={expires}&hash={self._hash(file.id, expires)}"

    def valid(self, file_id: str, expires: str, given: str, now: datetime) -> bool:
        if not expires.isdigit() or now.timestamp() > int(expires):
            return False
        return hmac.compare_digest(self._hash(file_id, int(expires)), given)

    def _hash(self, file_id: str, expires: int) -> str:
        return hmac.digest(self._key, f"{file_id}:{expires}".encode(), hashlib.sha256).hex()[:32]
