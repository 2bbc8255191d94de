"""Keys: credentials encrypted at rest, links signed with HMAC-SHA256."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from griot.core.errors import ConfigurationError, SignatureMismatch
from griot.core.settings import Settings


class Keyring:
    """Everything derived from the installation's one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self.derive("credentials")))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, which say nothing about the secret nor about those for another."""
        return hmac.digest(self._secret, f"griot:{purpose}".encode(), hashlib.sha256)

    def encrypt(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def decrypt(self, data: bytes) -> str:
        try:
            return self._fernet.decrypt(bytes(data)).decode()
        except InvalidToken:
            raise ConfigurationError(
                "A stored credential was encrypted with another key: set GRIOT_SECRET_KEY to the one of that time."
            ) from None

    def sign(self, purpose: str, text: str, length: int = 16) -> str:
        """URL-safe HMAC-SHA256 of a text, cut to ``length`` bytes (16 bytes: 128 bits)."""
        digest = hmac.digest(self.derive(purpose), text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:length]).decode().rstrip("=")

    def verify(self, purpose: str, text: str, signature: str, length: int = 16) -> None:
        """Raise ``SignatureMismatch`` unless ``signature`` is ours, compared in constant time."""
        if not hmac.compare_digest(self.sign(purpose, text, length).encode(), signature.encode()):
            raise SignatureMismatch("This link is not one of ours, or it was changed on the way.")


def keyring(config: Settings) -> Keyring:
    """The keyring of the installation; its secret is made on first use and kept in the data folder."""
    if config.secret_key is not None:
        return Keyring(config.secret_key.get_secret_value())
    return Keyring(_kept_secret(config.data_dir / "secret_key"))


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48))
    try:
        os.link(fresh, path)  # atomic: of two first starts one wins, both read the same
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text()
