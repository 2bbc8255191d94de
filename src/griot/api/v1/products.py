"""Products: the catalogue as buyers are offered it, changes by hand, and stock."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Amount, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import InvalidInput, NotFound
from griot.core.money import Money
from griot.knowledge.catalogue import editing, listing, service, stock
from griot.knowledge.catalogue.models import Product as Known
from griot.tools.reservation.service import serve_waitlist
from griot.tools.users.door import Door

router = APIRouter(tags=["products"])

Reading = Annotated[Door, Depends(Needs("catalogue:read"))]
Writing = Annotated[Door, Depends(Needs("catalogue:write"))]

Price = Annotated[str, Field(max_length=20, examples=["15000"], description="In the shop's currency: 15000 or 12.50.")]
_CODE = Field(min_length=1, max_length=40, examples=["ROBE1"])
_TITLE = Field(min_length=1, max_length=300, examples=["Robe Wax"])


class Variant(Shown):
    id: int = Field(examples=[21])
    options: dict[str, str] = Field(examples=[{"taille": "M"}])
    price: Amount
    free: int = Field(examples=[3], description="Pieces that can be taken now.")


class Step(Shown):
    min_quantity: int = Field(examples=[10])
    unit: Amount


class Product(Shown):
    id: int = Field(examples=[12])
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    description: str = Field(examples=["Coton, doublée"])
    category: str = Field(examples=["robes"])
    price: Amount
    image_url: str | None = Field(examples=["https://example.com/robe.jpg"])
    low_stock: int = Field(examples=[2])
    variants: list[Variant]
    price_breaks: list[Step]


class NewProduct(BaseModel):
    code: str = _CODE
    title: str = _TITLE
    price: Price
    stock: Annotated[int, Field(ge=0, le=1_000_000)] | dict[str, Annotated[int, Field(ge=0, le=1_000_000)]] = Field(
        examples=[{"S": 3, "M": 2}], description="Pieces of each variant, or by variant."
    )
    options: str | None = Field(None, max_length=500, examples=["taille:S|M"])
    description: str = Field("", max_length=5000, examples=["Coton, doublée"])
    category: str = Field("", max_length=100, examples=["robes"])
    image_url: str | None = Field(None, max_length=2000, examples=["https://example.com/robe.jpg"])
    low_stock: int = Field(2, ge=0, le=1_000_000, examples=[2])


class Change(BaseModel):
    """What is not named stays."""

    title: str | None = Field(None, min_length=1, max_length=300, examples=["Robe Wax longue"])
    description: str | None = Field(None, max_length=5000, examples=["Coton, doublée"])
    category: str | None = Field(None, max_length=100, examples=["robes"])
    price: Price | None = None
    image_url: str | None = Field(None, max_length=2000, examples=["https://example.com/robe.jpg"])
    active: bool | None = Field(None, description="Whether it is on sale.")
    low_stock: int | None = Field(
        None, ge=0, le=1_000_000, examples=[2], description="Free pieces at which the vendor is warned."
    )


class Changed(Shown):
    code: str = Field(examples=["ROBE1"])


class NewMovement(BaseModel):
    quantity: int = Field(
        ge=-1_000_000, le=1_000_000, examples=[5], description="Pieces that came in; negative: that went out."
    )
    reason: stock.Reason | None = Field(None, description="None: received, or corrected.")
    note: str = Field("", max_length=200, examples=["colis de Dakar"])


class Count(BaseModel):
    counted: int = Field(
        ge=0, le=1_000_000, examples=[7], description="Pieces that lie there, those included that buyers hold."
    )
    note: str = Field("", max_length=200, examples=["inventaire"])


class Movement(Shown):
    id: int = Field(examples=[81])
    variant_id: int = Field(examples=[21])
    kind: stock.Kind
    pieces: int = Field(examples=[5])
    on_hand: int = Field(examples=[8], description="Free pieces afterwards.")
    note: str = Field(examples=["colis de Dakar"])
    actor: str | None = Field(examples=["user:7"])
    at: datetime


class NewStep(BaseModel):
    min_quantity: int = Field(ge=2, le=9_999, examples=[10])
    price: Price


class NewVariant(BaseModel):
    options: dict[str, str] = Field(min_length=1, max_length=8, examples=[{"taille": "XL"}])
    stock: int = Field(0, ge=0, le=1_000_000, examples=[3])
    price: Price | None = Field(None, description="None: the product's.")


class VariantChange(BaseModel):
    """What is not named stays; a price that is named and null is the product's again."""

    price: Price | None = None
    active: bool | None = Field(None, description="Whether it is sold.")


class VariantNumber(Shown):
    id: int = Field(examples=[21])


class Stocked(Shown):
    id: int = Field(examples=[12])
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    category: str = Field(examples=["robes"])
    price: Amount
    active: bool
    low_stock: int = Field(examples=[2])
    variants: int = Field(examples=[3], description="That are sold.")
    free: int = Field(examples=[8])
    held: int = Field(examples=[1])
    sold: int = Field(examples=[14])


class Level(Shown):
    variant: int = Field(examples=[21])
    on_hand: int = Field(examples=[8], description="Before those who wait were served.")
    served: int = Field(examples=[1], description="Waiting buyers who got pieces of it.")


@router.get("/products")
async def list_products(door: Reading, limit: Limit = 50, after: After = None) -> Page[Product]:
    """Products on sale as they were created, a page at a time."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await service.page(tx, limit, place[0] if place else None)
        free = await service.availability(tx, [v.id for product in found for v in product.variants], door.now)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[_shown(product, free) for product in found], next=following)


@router.get("/products/{code}")
async def show_product(door: Reading, code: str) -> Product:
    """One product on sale, by its code."""
    async with door.transaction() as tx:
        found = next(iter((await service.products_by_code(tx, [code])).values()), None)
        if found is None:
            raise NotFound(f"The shop has nothing on sale with the code {code}.")
        free = await service.availability(tx, [variant.id for variant in found.variants], door.now)
    return _shown(found, free)


@router.post("/products", status_code=201)
async def add_product(door: Writing, given: NewProduct) -> Product:
    """Put a product on sale."""
    async with door.shop() as (tx, shop):
        fields = given.model_dump(exclude={"price"})
        product = await service.create_product(
            tx, price=Money.parse(given.price, shop.currency), now=door.now, **fields
        )
        await service.note_made(tx, product, door.now)
        free = await service.availability(tx, [variant.id for variant in product.variants], door.now)
    return _shown(product, free)


@router.patch("/products/{product}")
async def change_product(door: Writing, product: Number, given: Change) -> Changed:
    """Change a product by hand. Imports leave what was changed by hand alone."""
    fields = given.model_dump(exclude_unset=True)
    fields = {name: value for name, value in fields.items() if value is not None or name == "image_url"}
    if not fields:
        raise InvalidInput("Name what changes: title, description, category, price, image_url or active.")
    async with door.shop() as (tx, shop):
        if "price" in fields:
            fields["price"] = Money.parse(fields["price"], shop.currency)
        return Changed(code=await service.edit(tx, product, fields, door.now))


@router.get("/stock")
async def list_stock(
    door: Reading,
    search: Annotated[str, Query(max_length=100, description="Words of the code, the title or the category.")] = "",
    only: Annotated[listing.Only, Query(description="Running low, sold out, or not on sale.")] = "",
    limit: Limit = 50,
    after: After = None,
) -> Page[Stocked]:
    """Products with their stock as those who keep it look at it, the latest first."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        found = await listing.page(
            tx, door.now, search=search, only=only, limit=limit, after=place[0] if place else None
        )
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Stocked.model_validate(one) for one in found], next=following)


@router.get("/products/{product}/movements")
async def list_movements(door: Reading, product: Number, limit: Limit = 50, after: After = None) -> Page[Movement]:
    """Every piece of a product that came in or went out other than by an order, the latest first."""
    place = unpack(after, int)
    async with door.transaction() as tx:
        await listing.product(tx, product)
        found = await stock.movements(tx, product, limit, place[0] if place else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Movement.model_validate(one) for one in found], next=following)


@router.put("/products/{product}/price-breaks")
async def set_price_breaks(
    door: Writing, product: Number, given: Annotated[list[NewStep], Field(max_length=12)]
) -> list[Step]:
    """Quantity prices, in place of the former ones."""
    async with door.shop() as (tx, shop):
        steps = [(step.min_quantity, Money.parse(step.price, shop.currency)) for step in given]
        await editing.set_price_breaks(tx, product, steps, door.now)
        return [Step.model_validate(step) for step in (await listing.product(tx, product)).price_breaks]


@router.post("/products/{product}/variants", status_code=201)
async def add_variant(door: Writing, product: Number, given: NewVariant) -> VariantNumber:
    """Sell a product in one more variant, or again in one that was stopped. Who waits for it is served."""
    async with door.shop() as (tx, shop):
        price = Money.parse(given.price, shop.currency) if given.price is not None else None
        made = await editing.add_variant(tx, product, given.options, given.stock, door.now, price=price)
        await serve_waitlist(tx, shop, [made], door.now)
    return VariantNumber(id=made)


@router.patch("/variants/{variant}")
async def change_variant(door: Writing, variant: Number, given: VariantChange) -> VariantNumber:
    """A price of its own, or whether it is sold."""
    fields = given.model_dump(exclude_unset=True)
    if "price" not in fields and fields.get("active") is None:
        raise InvalidInput("Name what changes: price or active.")
    async with door.shop() as (tx, shop):
        if "price" in fields:
            price = Money.parse(fields["price"], shop.currency) if fields["price"] is not None else None
            await editing.set_variant_price(tx, variant, price, door.now)
        if fields.get("active") is not None:
            await editing.sell_variant(tx, variant, fields["active"], door.now)
    return VariantNumber(id=variant)


@router.post("/variants/{variant}/stock")
async def move_stock(door: Writing, variant: Number, given: NewMovement) -> Level:
    """Book pieces in, or out. Who waits for them is served first."""
    async with door.shop() as (tx, shop):
        on_hand = await stock.receive_stock(tx, variant, given.quantity, door.now, reason=given.reason, note=given.note)
        served = await serve_waitlist(tx, shop, [variant], door.now)
    return Level(variant=variant, on_hand=on_hand, served=served)


@router.post("/variants/{variant}/count")
async def count_stock(door: Writing, variant: Number, given: Count) -> Level:
    """So many pieces lie there: the difference is booked. Who waits for them is served first."""
    async with door.shop() as (tx, shop):
        on_hand = await stock.count_stock(tx, variant, given.counted, door.now, note=given.note)
        served = await serve_waitlist(tx, shop, [variant], door.now)
    return Level(variant=variant, on_hand=on_hand, served=served)


def _shown(product: Known, free: dict[int, int]) -> Product:
    variants = [
        Variant.model_validate({"id": v.id, "options": v.options, "price": v.price, "free": max(0, free.get(v.id, 0))})
        for v in product.variants
    ]
    fields = {name: getattr(product, name) for name in Product.model_fields if name != "variants"}
    return Product.model_validate({**fields, "variants": variants})
