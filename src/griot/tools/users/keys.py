"""Keys of the public API: ``griot_<shop>_<secret>``, shown once."""

import re
from collections.abc import Iterable
from datetime import datetime

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound, Unauthenticated
from griot.core.events import record
from griot.core.tenancy import load_shop
from griot.tools.users import queries, tokens
from griot.tools.users.models import ApiKey
from griot.tools.users.scopes import KEY_SCOPES

_KEY = re.compile(r"griot_([1-9][0-9]{0,17})_[A-Za-z0-9_-]{43}")
_LONGEST_NAME = 60


def is_key(text: str) -> bool:
    """Whether a bearer token looks like a key, and not like a signed token."""
    return text.startswith("griot_")


def shop_of(key: str) -> int:
    """The shop that a key is for. It says so itself, and is found there or not at all."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise Unauthenticated("This API key is not good (any more): make a new one.")
    return int(found[1])


async def make(tx: Tx, name: str, scopes: Iterable[str], now: datetime) -> tuple[ApiKey, str]:
    """A new key of the shop, and the key itself, which nobody can read again."""
    name, wanted = " ".join(name.split()), sorted(set(scopes))
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidInput(f"A key needs a name of at most {_LONGEST_NAME} characters that says who uses it.")
    unknown = [scope for scope in wanted if scope not in KEY_SCOPES]
    if unknown or not wanted:
        raise InvalidInput(
            f"A key needs scopes{f', and cannot have {unknown[0]!r}' if unknown else ''}:"
            f" choose among {', '.join(sorted(KEY_SCOPES))}."
        )
    key = f"griot_{(await load_shop(tx)).id}_{tokens.new()}"
    key_id = await queries.insert_key(tx, name, tokens.digest(key), wanted, now)
    await record(tx, "key.made", now, data={"key": key_id, "scopes": wanted})
    return ApiKey(key_id, name, tuple(wanted), now, None, None), key


async def revoke(tx: Tx, key_id: int, now: datetime) -> None:
    """The key opens nothing from here on. ``NotFound``: the shop has no such key that is good."""
    if not await queries.revoke_key(tx, key_id, now):
        raise NotFound(f"There is no key {key_id} that is still good in this shop.")
    await record(tx, "key.revoked", now, data={"key": key_id})
