"""The payment providers: those that there are, those that the shop has credentials for, the one in use."""

from dataclasses import dataclass
from datetime import datetime

from griot.core.crypto import Keyring
from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.tools.payments.providers import ADAPTERS, adapter
from griot.tools.shops import queries
from griot.tools.shops.service import change_settings, connect_provider

_LONGEST = 4000  # characters of a credential


@dataclass(frozen=True, slots=True)
class Provider:
    """``connected_at``: since when the shop has credentials of its own there; none: the installation's are used."""

    name: str
    label: str
    means: tuple[str, ...]
    connected_at: datetime | None
    in_use: bool


async def providers(tx: Tx, shop: Shop) -> list[Provider]:
    """Every provider that there is an adapter for."""
    own = {row["provider"]: row["created_at"] for row in await queries.providers(tx)}
    return [
        Provider(name, kind.label, kind.means, own.get(name), shop.settings.provider == name)
        for name, kind in sorted(ADAPTERS.items())
    ]


async def connect(tx: Tx, keyring: Keyring, name: str, credentials: dict[str, str], now: datetime) -> None:
    """Keep the shop's credentials at a provider, encrypted. ``NotFound``: no such provider."""
    adapter(name)
    kept = {field.strip(): value.strip() for field, value in credentials.items() if value.strip()}
    if not kept or any(not field.isidentifier() or len(value) > _LONGEST for field, value in kept.items()):
        raise InvalidInput("Credentials are names with their values, as the provider gives them: key and its text.")
    await connect_provider(tx, keyring, name, kept, now)
    await record(tx, "provider.connected", now, data={"provider": name})


async def use(tx: Tx, name: str, now: datetime) -> Shop:
    """Take payments through this provider from the next one on. ``NotFound``: no such provider."""
    adapter(name)
    return await change_settings(tx, {"provider": name}, now)
