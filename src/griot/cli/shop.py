"""`griot shop`: open shops, connect their numbers, put articles on sale, make promotions, change settings."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli import connect
from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop, prepared_database, run
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop

app = typer.Typer(help="Open shops, connect their numbers, put articles on sale.", no_args_is_help=True)
app.add_typer(connect.app, name="connect")


@app.command()
@friendly
def create(
    name: Annotated[str, typer.Argument(help="Name that buyers read, such as “Chez Aminata”.")],
    currency: Annotated[str | None, typer.Option(help="ISO 4217; the country's when left out (XOF in SN).")] = None,
    segment: Annotated[str, typer.Option(help="live_seller, shop, events, services or b2b.")] = "live_seller",
    country: Annotated[str, typer.Option(help="ISO 3166: how phone numbers are read, and the defaults.")] = "SN",
    language: Annotated[str | None, typer.Option(help="fr, mg or en; the country's when left out.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as Africa/Dakar; the country's when left out.")] = None,
    vendor_phone: Annotated[str | None, typer.Option(help="WhatsApp number that alerts and summaries go to.")] = None,
    slug: Annotated[str | None, typer.Option(help="Name of the shop in commands; made from the name.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Open a shop."""
    from griot.core.clock import clock_from
    from griot.core.settings import settings
    from griot.tools.shops.service import create_shop

    shop = run(
        create_shop(
            prepared_database(),
            name=name,
            slug=slug,
            currency=currency,
            segment=segment,
            country=country,
            timezone=timezone,
            language=language,
            vendor_phone=vendor_phone,
            now=clock_from(settings().clock).now(),
        )
    )
    emit(_shown(shop), as_json)


@app.command("list")
@friendly
def list_shops(as_json: JsonOption = False) -> None:
    """Show the shops."""
    prepared_database()
    shops = [_shown(shop) for shop in run(_all_shops())]
    if as_json:
        emit({"shops": shops}, as_json)
        return
    columns = ("id", "slug", "name", "segment", "country", "currency")
    rows = [{column: shop[column] for column in columns} for shop in shops]
    emit(rows or "There is no shop yet: `griot shop create NAME` opens one.", as_json)


async def _all_shops() -> "list[Shop]":
    from griot.core.house import open_house
    from griot.core.settings import settings
    from griot.core.tenancy import load_shop
    from griot.tools.shops.queries import shop_ids

    shops = []
    async with open_house(settings()) as house:
        async with house.db.anywhere() as connection:
            ids = await shop_ids(connection)
        for shop_id in ids:
            async with house.db.transaction(shop_id) as tx:
                shops.append(await load_shop(tx))
    return shops


@app.command()
@friendly
def add_product(
    code: Annotated[str, typer.Argument(help="What buyers send: a short word and a number, such as ROBE1.")],
    title: Annotated[str, typer.Argument(help="What the article is called.")],
    price: Annotated[str, typer.Argument(help="In the shop's currency: 15000 or 12.50.")],
    stock: Annotated[str, typer.Argument(help="Pieces of each variant, or by variant: S=3,M=2.")],
    shop: ShopOption,
    options: Annotated[str | None, typer.Option(help="Variants: taille:S|M;couleur:rouge|bleu.")] = None,
    description: Annotated[str, typer.Option(help="What buyers may want to know.")] = "",
    category: Annotated[str, typer.Option(help="A group of articles.")] = "",
    image_url: Annotated[str | None, typer.Option(help="Address of a picture.")] = None,
    low_stock: Annotated[int, typer.Option(help="Warn the vendor from this many free pieces on.")] = 2,
    price_breaks: Annotated[
        str, typer.Option(help="Quantity prices: 10=4500,50=4000 is 4500 each from 10 on, 4000 each from 50 on.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Put an article on sale."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.core.money import Money
        from griot.knowledge.catalogue.service import create_product

        product = await create_product(
            tx,
            code=code,
            title=title,
            price=Money.parse(price, known.currency),
            stock=_stock(stock),
            description=description,
            category=category,
            image_url=image_url,
            options=options,
            low_stock=low_stock,
            price_breaks=tuple(
                (quantity, Money.parse(unit, known.currency)) for quantity, unit in _price_breaks(price_breaks)
            ),
            now=house.clock.now(),
        )
        shown = {
            "shop": known.slug,
            "code": product.code,
            "title": product.title,
            "price": product.price.decimal(),
            "currency": product.price.currency,
            "variants": [variant.label for variant in product.variants if variant.options],
        }
        if product.price_breaks:
            shown["price_breaks"] = [f"{step.min_quantity}={step.unit.decimal()}" for step in product.price_breaks]
        return shown

    emit(in_shop(shop, work), as_json)


@app.command()
@friendly
def promotion(
    code: Annotated[str, typer.Argument(help="What buyers write: TABASKI10.")],
    until: Annotated[str, typer.Option(help="Last day, or the moment it ends: 2026-02-28 or 2026-02-28T18:00.")],
    shop: ShopOption,
    percent: Annotated[int | None, typer.Option(help="Per cent off the order, 1 to 90.")] = None,
    amount: Annotated[str | None, typer.Option(help="Amount off the order, in the shop's currency.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day or moment; at once when left out.")] = None,
    least: Annotated[str | None, typer.Option(help="Only for orders of this amount or more.")] = None,
    max_uses: Annotated[int | None, typer.Option(help="How many orders may use it; no limit when left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a promotion code. Times are those of the shop's zone."""
    if (percent is None) == (amount is None):
        raise InvalidInput("A promotion takes off a share or an amount: give --percent 10 or --amount 500.")

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.core.money import Money
        from griot.tools.offers.service import create as create_promotion

        made = await create_promotion(
            tx,
            known,
            code=code,
            kind="percent" if percent is not None else "amount",
            worth=percent if percent is not None else Money.parse(amount or "", known.currency).minor,
            starts_at=_moment(start, known.timezone) if start else None,
            ends_at=_moment(until, known.timezone, end=True),
            least=Money.parse(least, known.currency) if least else None,
            max_uses=max_uses,
            now=house.clock.now(),
        )
        return {
            "shop": known.slug,
            "code": made.code,
            "takes_off": f"{made.worth} %" if made.kind == "percent" else str(Money(made.worth, known.currency)),
            "least": str(made.least),
            "starts_at": made.starts_at.isoformat(),
            "ends_at": made.ends_at.isoformat(),
            "max_uses": made.max_uses,
        }

    emit(in_shop(shop, work), as_json)


@app.command()
@friendly
def fulfil(
    reference: Annotated[str, typer.Argument(help="Of a paid order, as on the receipt: LP-2026-0215-A3F2.")],
    step: Annotated[str, typer.Argument(help="preparing, ready, shipped or delivered.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Say how far a paid order has come, so that its buyer is answered right."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.core.errors import NotFound
        from griot.tools.orders.models import STEPS
        from griot.tools.orders.queries import id_of_reference
        from griot.tools.orders.service import set_fulfilment

        wanted = next((known_step for known_step in STEPS if known_step == step), None)
        if wanted is None:
            raise InvalidInput(f"{step!r} is no step of an order: write one of {', '.join(STEPS)}.")
        order_id = await id_of_reference(tx, reference)
        if order_id is None:
            raise NotFound(f"{known.name} has no order {reference}.")
        order = await set_fulfilment(tx, order_id, wanted, house.clock.now())
        return {"shop": known.slug, "reference": order.reference, "fulfilment": order.fulfilment}

    emit(in_shop(shop, work), as_json)


@app.command("set")
@friendly
def set_settings(
    changes: Annotated[list[str], typer.Argument(help="NAME=VALUE, such as hold_minutes=15 or means=wave,card.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Change settings of a shop; the others stay."""

    async def work(house: "House", tx: "Tx", _shop: "Shop") -> "Shop":
        from griot.tools.shops.service import change_settings

        return await change_settings(tx, _settings(changes), house.clock.now())

    emit(_settings_shown(in_shop(shop, work)), as_json)


def _shown(shop: "Shop") -> dict[str, Any]:
    return {
        "id": shop.id,
        "slug": shop.slug,
        "name": shop.name,
        "segment": shop.segment,
        "country": shop.country,
        "currency": shop.currency,
        "timezone": shop.timezone,
        "language": shop.language,
        "vendor_phone": shop.vendor_phone,
    }


def _settings_shown(shop: "Shop") -> dict[str, Any]:
    return {name: getattr(shop.settings, name) for name in type(shop.settings).__slots__}


def _stock(written: str) -> int | dict[str, int]:
    """``10``, or ``S=3,M=2``."""
    try:
        if "=" not in written:
            return int(written)
        pairs = (part.rpartition("=") for part in written.split(","))
        return {variant.strip(): int(pieces) for variant, _, pieces in pairs}
    except ValueError:
        raise InvalidInput(f"{written!r} is not a stock: write 10, or by variant S=3,M=2.") from None


def _price_breaks(written: str) -> list[tuple[int, str]]:
    """``10=4500,50=4000``."""
    try:
        pairs = (part.split("=") for part in written.split(",") if part.strip())
        return [(int(quantity), unit.strip()) for quantity, unit in pairs]
    except ValueError:
        raise InvalidInput(f"{written!r} are no quantity prices: write 10=4500,50=4000.") from None


def _moment(written: str, timezone: str, *, end: bool = False) -> "datetime":
    """A day or a moment in the shop's zone, in UTC; a day that is an ``end`` counts to its last second."""
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InvalidInput(f"{written!r} is no day: write 2026-02-28 or 2026-02-28T18:00.") from None
    if end and len(written) == len("2026-02-28"):
        moment += timedelta(days=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)


def _settings(written: list[str]) -> dict[str, Any]:
    """``["hold_minutes=15"]`` -> ``{"hold_minutes": 15}``; a value is read as JSON where it is JSON."""
    changes: dict[str, Any] = {}
    for change in written:
        name, equals, value = change.partition("=")
        if not equals:
            raise InvalidInput(f"{change!r} is not a change: write NAME=VALUE, such as hold_minutes=15.")
        changes[name] = tuple(value.split(",")) if name == "means" else _value(value)
    return changes


def _value(written: str) -> Any:
    import orjson

    try:
        return orjson.loads(written)
    except orjson.JSONDecodeError:
        return written
