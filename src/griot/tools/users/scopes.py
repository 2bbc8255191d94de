"""What can be allowed, and what each role is allowed."""

from griot.tools.users.models import Role

_NOUNS = (
    "catalogue",
    "conversations",
    "customers",
    "evals",
    "events",
    "knowledge",
    "live",
    "orders",
    "payments",
    "quotes",
    "settings",
    "users",
)
_EXPORTED = ("customers", "orders")  # what can be taken along as a file
SCOPES = frozenset(f"{noun}:{act}" for noun in _NOUNS for act in ("read", "write")) | {
    f"{noun}:export" for noun in _EXPORTED
}

_READ = frozenset(f"{noun}:read" for noun in _NOUNS if noun != "users")

ROLE_SCOPES: dict[Role, frozenset[str]] = {
    "owner": SCOPES,
    "agent": frozenset(
        {
            "catalogue:read",
            "conversations:read",
            "conversations:write",
            "customers:read",
            "events:read",
            "knowledge:read",
            "live:read",
            "live:write",
            "orders:read",
            "orders:write",
            "payments:read",
            "quotes:read",
            "quotes:write",
        }
    ),
    "analyst": _READ | {"evals:write", "orders:export"},
}

# A program may be given all but the power over people.
KEY_SCOPES = frozenset(scope for scope in SCOPES if not scope.startswith("users:"))
