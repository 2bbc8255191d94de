"""A world for one case: a fresh shop with its goods, its other buyers, and the buyer of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from griot.channels.model import Sender
from griot.core.db.pool import Database, Tx
from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.core.tenancy import SEGMENTS, Shop, load_shop
from griot.evals import queries
from griot.evals.goods import Goods, amount, articles, lines_in, pieces
from griot.evals.language import detect
from griot.evals.models import Case, OtherRow, ProductRow, ShopSource
from griot.evals.past import Ledger, PastOrder
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.catalogue.quantity_prices import read_price_breaks
from griot.tools.shops.countries import COUNTRIES, normalise_phone
from griot.tools.shops.service import create_shop, update_settings

STEP = timedelta(seconds=20)  # between two entries of a history, the last of which is a step before the case begins


@dataclass(frozen=True, slots=True)
class World:
    """Where a case happens. ``sender`` is its buyer on ``channel``."""

    shop: Shop
    source: ShopSource
    goods: Goods
    channel: str
    account_id: int
    account: str
    sender: Sender
    customer_id: int
    conversation_id: int


async def build(db: Database, owner_url: str, source: ShopSource, case: Case, slug: str) -> World:
    """Make the world of a case as it was at ``case.now``. ``InvalidInput`` when the suite's tables cannot be."""
    now = case.now
    segment = source.segment if source.segment in SEGMENTS else "live_seller"
    shop = await create_shop(
        owner_url,
        name=source.name,
        slug=slug,
        currency=source.currency,
        segment=segment,
        country=source.country if source.country in COUNTRIES else "SN",
        timezone=source.timezone,
        language=source.extra.get("language"),
        vendor_phone=source.extra.get("vendor_phone"),
        now=now,
    )
    async with db.transaction(shop.id) as tx:
        if isinstance(source.extra.get("settings"), dict):
            shop = await update_settings(tx, **source.extra["settings"])
        goods = await _goods(tx, source, shop, now)
        await _faq(tx, source, shop, now)
        account = f"eval-{shop.id}"
        account_id = await queries.add_account(tx, case.channel, account, b"no token: nothing is sent", now)
        sender = _sender(case, shop)
        customer_id, conversation_id = await queries.add_thread(
            tx, case.channel, account_id, list(sender.keys), sender.name, sender.phone, now
        )
        ledger = Ledger(tx, shop, goods, customer_id, conversation_id, now)
        await ledger.write_history(case.history, account_id, STEP)
        for number, other in enumerate(source.others, 1):
            await _other(tx, shop, source, goods, account_id, case.channel, other, number, now)
        shop = await load_shop(tx)
    return World(shop, source, goods, case.channel, account_id, account, sender, customer_id, conversation_id)


async def _goods(tx: Tx, source: ShopSource, shop: Shop, now: datetime) -> Goods:
    rows = articles(source.products, shop.currency)
    made = await catalogue.create_products(tx, [_new(row, code, shop.currency) for code, row in rows.items()], now)
    return Goods({product.code: product for product in made}, {code: row.code for code, row in rows.items()})


def _new(row: ProductRow, code: str, currency: str) -> NewProduct:
    """The article of a row; its quantity prices are those that the description states."""
    price = amount(row.price, currency)
    return NewProduct(
        code=code,
        title=row.title or row.code,
        price=price,
        stock=pieces(row),
        description=row.description,
        category=row.category,
        options=dict(row.axes),
        price_breaks=tuple(read_price_breaks(row.description, price)),
    )


async def _faq(tx: Tx, source: ShopSource, shop: Shop, now: datetime) -> None:
    rows = [
        {
            "key": entry.key,
            "question": entry.question,
            "answer": entry.answer,
            "language": detect(f"{entry.question} {entry.answer}") or shop.language,
        }
        for entry in source.faq
    ]
    await queries.add_faq(tx, rows, now)


def _sender(case: Case, shop: Shop) -> Sender:
    """The buyer as their channel names them: WhatsApp knows a phone, the others an id only."""
    customer = case.raw.get("customer") or {}
    given = customer.get("phone") if isinstance(customer, dict) else None
    if case.channel != "whatsapp" and not given:
        return Sender(user_id=f"{case.channel}-buyer", name=case.name)
    phone = normalise_phone(str(given), shop.country) if given else made_up_phone(shop.country, 1)
    return Sender(phone=phone, name=case.name)


def made_up_phone(country: str, number: int) -> str:
    """A number of the country that nobody in a suite has."""
    home = COUNTRIES[country]
    return home.calling_code + "9" + str(number).zfill(home.lengths[0] - 1)


async def _other(
    tx: Tx,
    shop: Shop,
    source: ShopSource,
    goods: Goods,
    account_id: int,
    channel: str,
    other: OtherRow,
    number: int,
    now: datetime,
) -> None:
    """Another buyer with thread, address and order, as real as the buyer of the case."""
    try:
        phone = normalise_phone(other.phone, shop.country)
    except InvalidInput:
        phone = made_up_phone(shop.country, 1000 + number)
    customer_id, conversation_id = await queries.add_thread(
        tx, channel, account_id, [f"phone:{phone}"], other.name, phone, now
    )
    ledger = Ledger(tx, shop, goods, customer_id, conversation_id, now)
    total = _amount_or_none(other.total, shop.currency)
    order_id = None
    if other.order_id or other.items:
        lines = lines_in(other.items, source)
        order = PastOrder(other.order_id, _status(other.status), lines, total, None)
        order_id = await ledger.write_order(
            order, now - timedelta(days=1), from_shelf=False, open_until=now + timedelta(days=1)
        )
    if other.address:
        await queries.add_address(tx, conversation_id, customer_id, order_id, other.address, now - timedelta(days=1))


def _amount_or_none(written: str, currency: str) -> Money | None:
    try:
        return amount(written, currency)
    except InvalidInput:
        return None


_WORDS_OF_STATUS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("delivered", ("deliver", "livr", "recu")),
    ("shipped", ("ship", "expedi", "transit", "route")),
    ("preparing", ("prepar",)),
    ("payment_expired", ("expir", "cancel", "annul")),
    ("awaiting_payment", ("await", "pending", "attente", "unpaid", "impay")),
    ("reserved", ("reserv", "held", "hold")),
)


def _status(written: str) -> str:
    word = written.casefold()
    return next((status for status, starts in _WORDS_OF_STATUS if any(start in word for start in starts)), "paid")
