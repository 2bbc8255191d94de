"""The shop of the rehearsals: its articles, its number at the simulator, its running live."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from griot.channels.simulator.phones import Phone, RemoteLine
from griot.core.db.pool import Database
from griot.core.house import House
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import LANGUAGES, approved
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.rehearsal.stage import Stage
from griot.tools.live import service as live
from griot.tools.shops import service as shops

VENDOR_PHONE = "221770000001"


@dataclass(frozen=True, slots=True)
class Venue:
    """A shop that is open, and the way to its number."""

    shop: Shop
    phone_number_id: str
    line: RemoteLine


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the simulator and the token that sends from it."""

    external_id: str
    token: str


async def open_shop(
    stage: Stage,
    house: House,
    http: httpx.AsyncClient,
    articles: list[NewProduct],
    *,
    name: str,
    messages_per_second: int = 80,
    behaviour: dict[str, Any] | None = None,
) -> Venue:
    """Create a shop with articles, connect it to a number of the simulator and start a live."""
    now = house.clock.now()
    shop = await shops.create_shop(stage.database, name=name, vendor_phone=VENDOR_PHONE, now=now)
    number, token = str(secrets.randbelow(10**15)), secrets.token_hex(16)
    async with house.db.transaction(shop.id) as tx:
        await shops.connect_whatsapp(
            tx,
            house.keyring,
            phone_number_id=number,
            display="+221 33 800 00 00",
            token=token,
            messages_per_second=messages_per_second,
            now=now,
        )
        await catalogue.create_products(tx, articles, now)
        await live.start(tx, shop, "Live du soir", [], now)
    known = Number(number, token)
    await at_simulator(stage, house, http, known, behaviour)
    return Venue(shop, number, RemoteLine(f"{stage.simulator}/control", number, http))


async def at_simulator(
    stage: Stage, house: House, http: httpx.AsyncClient, number: Number, behaviour: dict[str, Any] | None = None
) -> None:
    """Make a number known to the simulator, with the templates that a shop would have had approved."""
    assert house.config.whatsapp_app_secret is not None
    account = {
        "token": number.token,
        "app_secret": house.config.whatsapp_app_secret.get_secret_value(),
        "webhook_url": f"{stage.api}/webhooks/whatsapp",
        **(behaviour or {}),
    }
    url = f"{stage.simulator}/control/accounts/{number.external_id}"
    (await http.put(url, json=account)).raise_for_status()
    for language in LANGUAGES:
        for template, body in approved(language).items():
            known = {"name": template, "language": language, "body": body}
            (await http.post(f"{url}/templates", json=known)).raise_for_status()


def article(code: str, title: str, price: int, stock: int) -> NewProduct:
    return NewProduct(code=code, title=title, price=Money(price, "XOF"), stock=stock)


async def open_vendor(venue: Venue) -> Phone:
    """The vendor's phone; writing to the shop's number opens the window in which alerts may be sent."""
    vendor = await Phone.on(venue.line, VENDOR_PHONE, name="Fatou (vendeuse)")
    await vendor.say("Bonsoir, le live commence")
    return vendor


async def until_rest(db: Database, shop_id: int, patience: float) -> None:
    """Return once nothing waits to be answered or sent, or after ``patience`` seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await asyncio.sleep(0.1)
            while not await _at_rest(db, shop_id):  # noqa: ASYNC110 (the state is another process's)
                await asyncio.sleep(0.1)


async def _at_rest(db: Database, shop_id: int) -> bool:
    """Nothing waits to be answered or sent."""
    async with db.transaction(shop_id) as tx:
        cursor = await tx.execute(
            "SELECT NOT EXISTS (SELECT FROM messages WHERE shop_id = current_shop() AND turn_id IS NULL)"
            " AND NOT EXISTS (SELECT FROM outbox WHERE shop_id = current_shop()"
            "                    AND status IN ('queued', 'sending', 'unknown')) AS rest"
        )
        row = await cursor.fetchone()
        return bool(row and row["rest"])
