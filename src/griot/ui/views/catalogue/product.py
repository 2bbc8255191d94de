"""What is done to a product: made, changed, priced, counted, shown to buyers or not."""

from typing import Annotated, cast, get_args

from pydantic import Field
from starlette.responses import Response

from griot.core.errors import InvalidInput, NotFound
from griot.knowledge.catalogue import editing, service, stock
from griot.knowledge.importing.pictures import service as pictures
from griot.knowledge.importing.pictures.shrinking import LARGEST
from griot.tools.reservation.service import serve_waitlist
from griot.ui import uploads
from griot.ui.desk import Desk
from griot.ui.registry import Done
from griot.ui.views.catalogue import reading
from griot.ui.views.catalogue.page import view

Pieces = Annotated[int, Field(ge=0, le=1_000_000)]
Title = Annotated[str, Field(min_length=1, max_length=300)]
Text = Annotated[str, Field(max_length=5000)]
Word = Annotated[str, Field(max_length=100)]


@view.act("catalogue:write")
async def make(
    desk: Desk,
    code: Annotated[str, Field(min_length=1, max_length=40)],
    title: Title,
    price: str,
    stock: Pieces = 0,
    options: Annotated[str, Field(max_length=500)] = "",
    category: Word = "",
    description: Text = "",
) -> Done:
    """Put a product on sale."""
    async with desk.shop() as (tx, shop):
        made = await service.create_product(
            tx,
            code=code,
            title=title,
            price=reading.money(price, shop.currency),
            stock=stock,
            options=options or None,
            category=category.strip(),
            description=description,
            now=desk.now,
        )
        await service.note_made(tx, made, desk.now)
    return Done(desk.t("catalogue.made", code=made.code), go=f"/catalogue/{made.id}")


@view.act("catalogue:write")
async def edit(
    desk: Desk, product: int, title: Title, price: str, low_stock: Pieces, category: Word = "", description: Text = ""
) -> Done:
    """Change what a product is called and costs. Imports leave what was changed by hand alone."""
    async with desk.shop() as (tx, shop):
        changes = {
            "title": title,
            "price": reading.money(price, shop.currency),
            "low_stock": low_stock,
            "category": category.strip(),
            "description": description,
        }
        await service.edit(tx, product, changes, desk.now)
    return Done(desk.t("catalogue.saved"))


@view.act("catalogue:write")
async def offer(desk: Desk, product: int, active: bool) -> Done:
    """Put a product on sale again, or take it off."""
    async with desk.transaction() as tx:
        await service.edit(tx, product, {"active": active}, desk.now)
    return Done(desk.t("catalogue.on_sale_again" if active else "catalogue.off_sale"))


@view.act("catalogue:write")
async def quantity_prices(desk: Desk, product: int, quantity: list[str], price: list[str]) -> Done:
    """Quantity prices in place of the former ones; lines that were left empty are left out."""
    async with desk.shop() as (tx, shop):
        steps = []
        for pieces, amount in zip(quantity, price, strict=False):
            if not pieces.strip() and not amount.strip():
                continue
            if not pieces.strip().isdecimal():
                raise InvalidInput("Say from how many pieces on each price holds.")
            steps.append((int(pieces), reading.money(amount, shop.currency)))
        await editing.set_price_breaks(tx, product, steps, desk.now)
    return Done(desk.t("catalogue.saved"))


@view.act("catalogue:write")
async def move(
    desk: Desk, variant: int, why: str, pieces: Pieces, note: Annotated[str, Field(max_length=200)] = ""
) -> Done:
    """Pieces came in, went out, or were counted. Who waits for them is served at once."""
    async with desk.shop() as (tx, shop):
        if why == "counted":
            on_hand = await stock.count_stock(tx, variant, pieces, desk.now, note=note)
        else:
            reason = why.removeprefix("-")
            if reason not in get_args(stock.Reason):
                raise InvalidInput("Say why the number of pieces changes.")
            outward = why.startswith("-") or reason in stock.OUTWARD
            on_hand = await stock.receive_stock(
                tx,
                variant,
                -pieces if outward else pieces,
                desk.now,
                reason=cast(stock.Reason, reason),
                note=note,
            )
        served = await serve_waitlist(tx, shop, [variant], desk.now)
    told = desk.t("catalogue.moved", free=on_hand - served)
    return Done(f"{told} {desk.t('catalogue.served', served=served)}" if served else told)


@view.act("catalogue:write")
async def add_variant(
    desk: Desk, product: int, axis: list[str], value: list[str], stock: Pieces, price: str = ""
) -> Done:
    """Sell a product in one more variant, or again in one that was stopped."""
    async with desk.shop() as (tx, shop):
        own = reading.money(price, shop.currency) if price.strip() else None
        options = dict(zip(axis, value, strict=False))
        made = await editing.add_variant(tx, product, options, stock, desk.now, price=own)
        await serve_waitlist(tx, shop, [made], desk.now)
    return Done(desk.t("catalogue.saved"))


@view.act("catalogue:write")
async def variant_price(desk: Desk, variant: int, price: str = "") -> Done:
    """A price of a variant's own; left empty: the product's."""
    async with desk.shop() as (tx, shop):
        own = reading.money(price, shop.currency) if price.strip() else None
        await editing.set_variant_price(tx, variant, own, desk.now)
    return Done(desk.t("catalogue.saved"))


@view.act("catalogue:write")
async def sell(desk: Desk, variant: int, active: bool) -> Done:
    """Stop selling a variant, or sell it again."""
    async with desk.transaction() as tx:
        await editing.sell_variant(tx, variant, active, desk.now)
    return Done(desk.t("catalogue.saved"))


@view.act("catalogue:write")
async def photo(desk: Desk, product: int, file: str) -> Done:
    """A picture of the vendor's own, in place of the former one."""
    _, body = await uploads.read(file, LARGEST)
    picture = await pictures.made_small(body)
    async with desk.transaction() as tx:
        await pictures.put(tx, product, picture, desk.now)
    return Done(desk.t("catalogue.photo_kept"))


@view.file("catalogue:read")
async def picture(desk: Desk, product: int, key: str = "") -> Response:
    """A product's picture as buyers get it; ``key`` changes with it."""
    async with desk.transaction() as tx:
        kept = await pictures.load(tx, product)
    if kept is None:
        raise NotFound("This product has no picture.")
    headers = {"Cache-Control": "private, max-age=86400, immutable"} if key else None
    return Response(kept.content, media_type=kept.mime, headers=headers)
