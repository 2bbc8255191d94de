"""Users, what they are in a shop, and what they log in with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Role = Literal["owner", "agent", "analyst"]
SessionKind = Literal["console", "api"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in; ``must_change``: the password was given by somebody else, and opens nothing but its
    own change, until ``temporary_until``."""

    id: int
    email: str
    password_hash: str
    must_change: bool
    temporary_until: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A user as a shop knows them."""

    user_id: int
    email: str
    name: str
    role: Role
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A login that is good now."""

    id: int
    user_id: int
    email: str
    kind: SessionKind
    must_change: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened or renewed. ``token`` is shown here and never again: the database keeps its hash."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One of the places where a user is logged in."""

    id: int
    kind: SessionKind
    created_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do in one shop. ``actor`` is how events name them: ``user:7`` or ``key:3``.

    ``role`` is none for a key of the public API.
    """

    shop_id: int
    actor: str
    scopes: frozenset[str]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the public API, without the key itself."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
