"""The shop of the rehearsals: its articles, its accounts at the simulator, its running live."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from griot.channels.simulator.phones import Phone, RemoteLine, Vendor
from griot.core.db.pool import Database
from griot.core.house import House
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import LANGUAGES, approved, text
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.rehearsal.stage import Stage
from griot.tools.live import service as live
from griot.tools.shops import service as shops
from griot.tools.users import service as users
from griot.tools.users import sessions

VENDOR_PHONE = "221770000001"


@dataclass(frozen=True, slots=True)
class Venue:
    """A shop that is open. By channel: the id of its account, and the way to it."""

    shop: Shop
    accounts: dict[str, str]
    lines: dict[str, RemoteLine]

    @property
    def phone_number_id(self) -> str:
        return self.accounts["whatsapp"]

    @property
    def line(self) -> RemoteLine:
        """The way to the WhatsApp number."""
        return self.lines["whatsapp"]


@dataclass(frozen=True, slots=True)
class Number:
    """An account at the simulator (the number of WhatsApp, …) and the token that sends from it."""

    external_id: str
    token: str
    channel: str = "whatsapp"


async def open_shop(
    stage: Stage,
    house: House,
    http: httpx.AsyncClient,
    articles: list[NewProduct],
    *,
    name: str,
    channels: tuple[str, ...] = ("whatsapp",),
    messages_per_second: int = 80,
    behaviour: dict[str, Any] | None = None,
) -> Venue:
    """Create a shop with articles, connect it to an account of each channel at the simulator and start a live."""
    now = house.clock.now()
    shop = await shops.create_shop(stage.database, name=name, vendor_phone=VENDOR_PHONE, now=now)
    numbers = {name: Number(str(secrets.randbelow(10**15)), secrets.token_hex(16), name) for name in channels}
    async with house.db.transaction(shop.id) as tx:
        for number in numbers.values():
            await shops.connect_account(
                tx,
                house.keyring,
                number.channel,
                number.external_id,
                display="+221 33 800 00 00" if number.channel == "whatsapp" else "@fatou.live",
                token=number.token,
                messages_per_second=messages_per_second,
                now=now,
            )
        await catalogue.create_products(tx, articles, now)
        await live.start(tx, shop, "Live du soir", [], now)
    for number in numbers.values():
        await at_simulator(stage, house, http, number, behaviour)
    accounts = {name: number.external_id for name, number in numbers.items()}
    lines = {name: RemoteLine(f"{stage.simulator}/control", id_, http) for name, id_ in accounts.items()}
    return Venue(shop, accounts, lines)


async def at_simulator(
    stage: Stage, house: House, http: httpx.AsyncClient, number: Number, behaviour: dict[str, Any] | None = None
) -> None:
    """Make an account known to the simulator; a number with the templates that a shop would have had approved."""
    account = {
        "platform": number.channel,
        "token": number.token,
        "app_secret": house.config.app_secret(number.channel),
        "webhook_url": f"{stage.api}/webhooks/{number.channel}",
        **(behaviour or {}),
    }
    url = f"{stage.simulator}/control/accounts/{number.external_id}"
    (await http.put(url, json=account)).raise_for_status()
    if number.channel != "whatsapp":
        return
    for language in LANGUAGES:
        for template, body in approved(language).items():
            known: dict[str, Any] = {"name": template, "language": language, "body": body}
            if template == "is_it_you":
                known["buttons"] = [text(language, f"proofs.{name}") for name in ("mine", "not_mine")]
            (await http.post(f"{url}/templates", json=known)).raise_for_status()


@dataclass(frozen=True, slots=True)
class Login:
    """What an owner gets into the console with."""

    email: str
    password: str


async def give_login(house: House, shop: Shop, login: Login) -> None:
    """Make the shop's owner a user, and do for them what a first login asks for."""
    _, given = await users.add(house, shop.id, email=login.email, name="Awa", role="owner", by=None)
    assert given is not None
    opened = await sessions.log_in(house, login.email, given, "127.0.0.1", "console")
    await sessions.change_password(house, opened.session, given, login.password)


async def go_live(venue: Venue) -> dict[str, str]:
    """Begin a live on every channel that has them; their ids by channel."""
    return {name: await Vendor(line).publish("live") for name, line in venue.lines.items() if name != "whatsapp"}


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
