"""What a stream shows of its live in the picture: codes, prices, what is left, who bought last. No login, no secrets.

Whoever has the link sees it, so nothing is shown that the audience may not know: of buyers the first name only.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from griot.core.crypto import Keyring
from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.core.events import record
from griot.core.links import make_token
from griot.core.links import read_token as read
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.live import overlay_queries as queries
from griot.tools.live import service
from griot.tools.live.board import shelves_of
from griot.tools.shops.doors import Door, doors

MOST_ARTICLES = 8
_PURPOSE = "overlay"
_FIRST_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-]){1,19}")


@dataclass(frozen=True, slots=True)
class Article:
    """A line of the picture; ``free``: pieces that may still be taken."""

    code: str
    title: str
    price: Money
    free: int


@dataclass(frozen=True, slots=True)
class Bought:
    """The order that was paid last. ``first_name`` is empty where there is none that can be shown."""

    first_name: str
    code: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What is shown now; nothing but the shop's name while no live runs. ``door``: where to order, if anywhere."""

    shop: str
    title: str = ""
    articles: tuple[Article, ...] = ()
    bought: Bought | None = None
    door: Door | None = None


async def page_token(tx: Tx, keyring: Keyring, shop: Shop) -> str | None:
    """The secret part of the link to the shop's page; none: it has no page."""
    page_id = await queries.open_page(tx)
    return None if page_id is None else make_token(keyring, _PURPOSE, shop.id, page_id)


async def make_page(tx: Tx, keyring: Keyring, shop: Shop, now: datetime) -> str:
    """Make the shop's page and return the secret part of its link. A page it had before is closed, wherever it is
    used."""
    await queries.close_page(tx, now)
    page_id = await queries.make_page(tx, now)
    await record(tx, "overlay.made", now, data={"overlay": page_id})
    return make_token(keyring, _PURPOSE, shop.id, page_id)


async def close_page(tx: Tx, now: datetime) -> None:
    """Nobody sees the shop's page any more; ``NotFound`` when it has none."""
    page_id = await queries.close_page(tx, now)
    if page_id is None:
        raise NotFound("There is no page to close.")
    await record(tx, "overlay.closed", now, data={"overlay": page_id})


def address(console_url: str, token: str) -> str:
    """Where a page is looked at."""
    return f"{console_url.rstrip('/')}/overlay/{token}"


def read_token(keyring: Keyring, token: str) -> tuple[int, int]:
    """Shop and page behind a link; ``NotFound`` or ``SignatureMismatch`` when it is not ours."""
    return read(keyring, _PURPOSE, token)


async def check_open(tx: Tx, page_id: int) -> None:
    """``NotFound`` once a page is closed."""
    if await queries.open_page(tx) != page_id:
        raise NotFound("This page was closed: take its new address from the console.")


async def scene(tx: Tx, shop: Shop, page_id: int, now: datetime) -> Scene:
    """What a page shows now; ``NotFound`` once it is closed."""
    await check_open(tx, page_id)
    live = await service.current(tx)
    if live is None:
        return Scene(shop.name)
    shelves = (await shelves_of(tx, live, now))[:MOST_ARTICLES]
    last = await queries.last_paid(tx, live.id)
    ways = await doors(tx, shelves[0].code if len(shelves) == 1 else "")
    return Scene(
        shop=shop.name,
        title=live.title,
        articles=tuple(Article(shelf.code, shelf.title, shelf.price, shelf.free) for shelf in shelves),
        bought=Bought(first_name(last["name"]), last["code"]) if last else None,
        door=ways[0] if ways else None,
    )


def first_name(name: str | None) -> str:
    """The first word of a name if it can be shown to everybody: letters only, no number, no address."""
    words = (name or "").split()
    return words[0] if words and _FIRST_NAME.fullmatch(words[0]) else ""
