"""Passwords: argon2id with the library's defaults (RFC 9106, low memory), and what a password has to be."""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from griot.core.errors import InvalidInput

SHORTEST = 10
LONGEST = 256
_AT_ONCE = 2  # hashes a process makes side by side: each takes 64 MiB
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another

_hasher = PasswordHasher()
_slots = asyncio.Semaphore(_AT_ONCE)


async def hashed(password: str) -> str:
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one. Without a hash to compare (nobody of this name) it takes as long, and is not."""
    async with _slots:
        return await asyncio.to_thread(_verify, password_hash, password)


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(password_hash)


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def check(password: str, email: str) -> str:
    """The password, if it may be one. Length counts, not decoration (NIST SP 800-63B)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(f"A password has {SHORTEST} to {LONGEST} characters: a short sentence is easy to keep.")
    if len(set(password)) < 5 or password.casefold() in (email.casefold(), email.partition("@")[0].casefold()):
        raise InvalidInput("This password is easily guessed: take a short sentence that nobody else would.")
    return password


def temporary() -> str:
    """A password to read out on the phone: 60 bits, four groups of three letters or digits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(3)) for _ in range(4))
