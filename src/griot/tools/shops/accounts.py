"""The accounts of a shop on its channels: which there are, and whether they still work. No secret is ever shown."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.port import Line
from griot.channels.registry import CHANNELS, channel
from griot.core.crypto import Keyring
from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.events import record
from griot.core.house import House
from griot.tools.shops import queries
from griot.tools.shops.service import connect_account

# Why an account does not work: its token or permissions, a name that the channel does not know, nothing heard, other.
Problem = Literal["token", "unknown", "unreachable", "refused"]
_PROBLEMS: dict[ErrorClass, Problem] = {
    ErrorClass.ACCOUNT: "token",
    ErrorClass.REQUEST: "unknown",
    ErrorClass.FINAL: "unknown",
    ErrorClass.RETRY: "unreachable",
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its shop sees it. ``paused_until``: no message leaves before, for ``pause_reason``.

    ``health``: what its channel said at ``checked_at`` (``Health``); none: it was never asked.
    """

    id: int
    channel: str
    external_id: str
    display: str
    messages_per_second: int
    paused_until: datetime
    pause_reason: str | None
    created_at: datetime
    checked_at: datetime | None
    health: "Health | None"


@dataclass(frozen=True, slots=True)
class Health:
    """What a channel says of an account. ``problem`` is none when it works; ``said`` are the channel's own words."""

    name: str = ""
    quality: str | None = None
    limit: str | None = None
    problem: Problem | None = None
    said: str = ""


async def accounts(tx: Tx) -> list[Account]:
    """Every account of the shop."""
    return [
        Account(**{**row, "health": Health(**row["health"]) if row["health"] else None})
        for row in await queries.accounts_shown(tx)
    ]


async def connect(
    tx: Tx,
    keyring: Keyring,
    channel: str,
    external_id: str,
    *,
    display: str,
    token: str,
    app_secret: str | None,
    now: datetime,
) -> int:
    """``connect_account`` by a person, which is remembered. ``InvalidInput``: no channel that can be connected."""
    if channel not in CHANNELS:
        raise InvalidInput(f"There is no channel {channel!r}: use one of {', '.join(CHANNELS)}.")
    account_id = await connect_account(
        tx, keyring, channel, external_id, display=display, token=token, app_secret=app_secret, now=now
    )
    await record(tx, "account.connected", now, data={"account": account_id, "channel": channel})
    return account_id


async def check(house: House, shop_id: int, account_id: int, actor: str) -> Health:
    """Ask the channel about an account of the shop, and keep what it says. ``NotFound``: no such account."""
    async with house.db.transaction(shop_id) as tx:
        row = await queries.account(tx, account_id)
    if row is None:
        raise NotFound(f"The shop has no account {account_id} on any channel.")
    health = await _ask(house, row)
    async with house.db.transaction(shop_id, actor=actor) as tx:
        now = house.clock.now()
        await queries.save_health(tx, account_id, asdict(health), now)
        await record(tx, "account.checked", now, data={"account": account_id, "problem": health.problem})
    return health


async def _ask(house: House, row: dict[str, Any]) -> Health:
    config, name = house.config, row["channel"]
    token = house.keyring.decrypt(row["access_token"])
    line = Line(house.http, config.graph_of(name), config.graph_version, row["external_id"], token)
    try:
        standing = await channel(name).standing(line)
    except ChannelError as error:
        return Health(problem=_PROBLEMS.get(error.kind, "refused"), said=str(error)[:300])
    return Health(standing.name, standing.quality, standing.limit)
