"""Open a shop, connect what it needs, change its settings."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from psycopg import AsyncConnection, errors
from psycopg.rows import dict_row

from griot.core.crypto import Keyring
from griot.core.db.pool import OWNER_OPTIONS, Tx
from griot.core.errors import ConfigurationError, Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.money import exponent
from griot.core.tenancy import Language, Segment, Shop, load_shop
from griot.tools.shops import queries
from griot.tools.shops.countries import country as country_of
from griot.tools.shops.countries import normalise_phone
from griot.tools.shops.settings import check_settings


class _Account(NamedTuple):
    """How an account of a channel is called, and where its id is found."""

    name: str
    id: str
    where: str


_ACCOUNTS = {
    "whatsapp": _Account(
        "WhatsApp number",
        "phone number id",
        "it is the long number that Meta's app dashboard shows under WhatsApp > API Setup, not the phone number itself",
    ),
    "instagram": _Account(
        "Instagram account",
        "account id",
        "it is the long number that Meta's app dashboard shows beside the account, not its @name",
    ),
    "messenger": _Account(
        "Facebook page",
        "page id",
        "it is the long number that the page shows under About > Page transparency, not its name",
    ),
}
_LONGEST_NAME = 80
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


async def create_shop(
    owner_url: str,
    *,
    name: str,
    slug: str | None = None,
    currency: str | None = None,
    segment: str = "live_seller",
    country: str = "SN",
    timezone: str | None = None,
    language: str | None = None,
    vendor_phone: str | None = None,
    now: datetime,
) -> Shop:
    """Open a shop. Currency, zone and language are the country's, the slug is made from the name, unless given.

    ``owner_url`` connects as the owner of the schema: the application's role may not make shops.
    ``InvalidInput``: a value that cannot be; ``Conflict``: the slug given is another shop's.
    """
    home = country_of(country)
    currency = (currency or home.currency).upper()
    exponent(currency)
    row: dict[str, Any] = {
        "name": _checked_name(name),
        "segment": _one_of("segment", segment, get_args(Segment)),
        "country": country.upper(),
        "currency": currency,
        "timezone": _checked_zone(timezone or home.timezone),
        "language": _one_of("language", language or home.language, get_args(Language)),
        "vendor_phone": normalise_phone(vendor_phone, country) if vendor_phone else None,
    }
    try:
        async with await AsyncConnection.connect(owner_url, options=OWNER_OPTIONS, row_factory=dict_row) as tx:
            row["slug"] = await _free_slug(tx, name, slug)
            await queries.insert_shop(tx, row, now)
            return await load_shop(tx)
    except errors.InsufficientPrivilege:
        raise ConfigurationError(
            "This database user may not create shops: set DATABASE_URL to the owner of the schema for this command."
        ) from None


async def find_shop(tx: Tx, name: str) -> int:
    """The id of the shop with this slug or number; ``tx`` is a connection outside any shop."""
    found = await queries.shop_ids(tx, name)
    if not found:
        raise NotFound(f"There is no shop {name!r}: `griot shop list` shows the shops, `griot shop create` makes one.")
    return found[0]


async def connect_account(
    tx: Tx,
    keyring: Keyring,
    channel: str,
    external_id: str,
    *,
    display: str,
    token: str,
    app_secret: str | None = None,
    messages_per_second: int = 80,
    now: datetime,
) -> int:
    """Connect an account of a channel of Meta to the shop, or renew its token; returns the account's id here.

    ``external_id``: the channel's own id of it. ``app_secret`` only when the account belongs to another Meta app than
    the installation's. ``Conflict``: another shop has the account.
    """
    account = _ACCOUNTS[channel]
    if not (external_id.isascii() and external_id.isdigit()):
        raise InvalidInput(f"{external_id!r} is not a {account.id}: {account.where}.")
    if not token.strip():
        raise InvalidInput(f"A {account.name} needs the access token of its Meta app.")
    if messages_per_second < 1:
        raise InvalidInput(f"A {account.name} sends at least 1 message a second.")
    owner = await queries.owner_of_account(tx, channel, external_id)
    if owner is not None and owner != (await load_shop(tx)).id:
        raise Conflict(f"The {account.name} {external_id} belongs to another shop: disconnect it there first.")
    row = {
        "channel": channel,
        "external_id": external_id,
        "display": display,
        "access_token": keyring.encrypt(token.strip()),
        "app_secret": keyring.encrypt(app_secret) if app_secret else None,
        "messages_per_second": messages_per_second,
    }
    return await queries.save_account(tx, row, now)


async def connect_provider(tx: Tx, keyring: Keyring, provider: str, credentials: dict[str, Any], now: datetime) -> None:
    """Store the shop's credentials at a payment provider, encrypted; replaces those it had.

    To take payments through it, set ``provider`` with ``update_settings``.
    """
    if not provider.isidentifier() or not credentials:
        raise InvalidInput("A provider account needs the provider's name and its credentials.")
    await queries.save_provider(tx, provider, keyring.encrypt(orjson.dumps(credentials).decode()), now)


_OWN = ("name", "segment", "timezone", "language", "vendor_phone")


async def change_shop(tx: Tx, changes: dict[str, Any], now: datetime) -> Shop:
    """Change what the shop is: its name, segment, zone, language, or the vendor's phone (none: no messages to it).

    Country and currency stay: what was sold was sold in them. ``InvalidInput`` names what cannot be.
    """
    if strange := [name for name in changes if name not in _OWN]:
        raise InvalidInput(f"{strange[0]!r} of a shop cannot be changed: what can is {', '.join(_OWN)}.")
    shop = await load_shop(tx)
    phone = changes.get("vendor_phone")
    checks: dict[str, Callable[[], Any]] = {
        "name": lambda: _checked_name(changes["name"]),
        "segment": lambda: _one_of("segment", changes["segment"], get_args(Segment)),
        "timezone": lambda: _checked_zone(changes["timezone"]),
        "language": lambda: _one_of("language", changes["language"], get_args(Language)),
        "vendor_phone": lambda: normalise_phone(phone, shop.country) if phone else None,
    }
    await queries.update_shop(tx, {name: checks[name]() for name in changes})
    await record(tx, "shop.changed", now, data={"what": sorted(changes)})
    return await load_shop(tx)


async def change_settings(tx: Tx, changes: dict[str, Any], now: datetime) -> Shop:
    """``update_settings`` by a person, which is remembered."""
    shop = await update_settings(tx, **changes)
    await record(tx, "settings.changed", now, data={"settings": sorted(changes)})
    return shop


async def update_settings(tx: Tx, **changes: Any) -> Shop:
    """Change settings of the shop (fields of ``ShopSettings``); the others stay. Returns the shop as it is now."""
    await queries.merge_settings(tx, check_settings(changes))
    return await load_shop(tx)


async def _free_slug(tx: Tx, name: str, slug: str | None) -> str:
    if slug is not None and not _SLUG.fullmatch(slug):
        raise InvalidInput(f"{slug!r} cannot be a slug: begin with a letter, then letters, digits and single hyphens.")
    wanted = slug or _slug_of(name)
    taken = await queries.taken_slugs(tx, wanted)
    if wanted not in taken:
        return wanted
    if slug is not None:
        raise Conflict(f"There is a shop {slug!r} already: choose another slug.")
    return next(numbered for n in count(2) if (numbered := f"{wanted}-{n}") not in taken)


def _slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    return slug if _SLUG.fullmatch(slug) else f"shop-{slug}".rstrip("-")


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"A shop needs a name of up to {_LONGEST_NAME} characters, such as “Chez Aminata”.")
    return name


def _checked_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise InvalidInput(f"Unknown time zone {name!r}: use a name such as Africa/Dakar.") from None


def _one_of(what: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise InvalidInput(f"Unknown {what} {value!r}: use one of {', '.join(known)}.")
    return value
