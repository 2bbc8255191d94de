"""Products: the catalogue as buyers are offered it, changes by hand, stock, and importing."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel, Field

from griot.api.v1.access import Door, Needs
from griot.api.v1.shapes import After, Amount, Limit, Number, Page, Shown, pack, unpack
from griot.core.errors import InvalidInput, NotFound
from griot.core.money import Money
from griot.knowledge.catalogue import service
from griot.knowledge.catalogue.models import Product as Known
from griot.tools.reservation.service import serve_waitlist

LARGEST_FILE = 20 * 1024 * 1024  # bytes

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


class Changed(Shown):
    code: str = Field(examples=["ROBE1"])


class Movement(BaseModel):
    quantity: int = Field(
        ge=-1_000_000, le=1_000_000, examples=[5], description="Pieces that came in; negative: that went out."
    )


class Level(Shown):
    variant: int = Field(examples=[21])
    on_hand: int = Field(examples=[8], description="Before those who wait were served.")
    served: int = Field(examples=[1], description="Waiting buyers who got pieces of it.")


class Preview(Shown):
    code: str = Field(examples=["ROBE1"])
    title: str = Field(examples=["Robe Wax"])
    price: Amount | None
    change: str = Field(examples=["new"], description="new, changed, unchanged or gone.")
    what: list[str] = Field(examples=[["price 12 000 F CFA -> 15 000 F CFA"]])


class Imported(Shown):
    source: str = Field(examples=["catalogue.csv"])
    kind: str = Field(examples=["csv"])
    written: bool = Field(description="False: nothing was done, this is what would be.")
    currency_needed: bool = Field(description="Prices name no currency: say which.")
    report: dict[str, Any] = Field(examples=[{"new": 12, "changed": 3, "gone": 0, "warnings": []}])
    products: list[Preview]
    columns: list[dict[str, Any]] = Field(examples=[[{"header": "Prix", "field": "price"}]])


class Address(BaseModel):
    address: str = Field(min_length=1, max_length=2000, examples=["https://shop.example.com"])
    dry_run: bool = Field(True, description="Only show what would come in.")
    currency: str | None = Field(None, max_length=3, examples=["XOF"])


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


@router.post("/variants/{variant}/stock")
async def move_stock(door: Writing, variant: Number, given: Movement) -> Level:
    """Book pieces in, or out. Who waits for them is served first."""
    async with door.shop() as (tx, shop):
        on_hand = await service.receive_stock(tx, variant, given.quantity, door.now)
        served = await serve_waitlist(tx, shop, [variant], door.now)
    return Level(variant=variant, on_hand=on_hand, served=served)


@router.post("/products/upload")
async def upload(
    door: Writing,
    file: Annotated[UploadFile, File(description="A table, a feed or an export of a shop platform.")],
    dry_run: Annotated[bool, Form(description="Only show what would come in.")] = True,
    currency: Annotated[str | None, Form(max_length=3, examples=["XOF"])] = None,
) -> Imported:
    """Bring a catalogue in from a file, or show what that would do."""
    from griot.knowledge.importing import bringing

    body = await file.read(LARGEST_FILE + 1)
    if len(body) > LARGEST_FILE:
        raise InvalidInput("The file has more than 20 MB: split it.")
    name = " ".join((file.filename or "").split())[-200:] or "upload"
    found = await bringing.from_file(
        door.house.db,
        door.access.shop_id,
        name,
        body,
        actor=door.access.actor,
        dry_run=dry_run,
        currency=_currency(currency),
        now=door.now,
    )
    return Imported.model_validate(found)


@router.post("/products/import")
async def import_address(door: Writing, given: Address) -> Imported:
    """Bring a catalogue in from an address, or show what that would do. It takes as long as reading it: 5 minutes at
    most."""
    from griot.knowledge.importing import bringing

    found = await bringing.from_address(
        door.house.db,
        door.house.config,
        door.access.shop_id,
        given.address,
        actor=door.access.actor,
        dry_run=given.dry_run,
        currency=_currency(given.currency),
        now=door.now,
    )
    return Imported.model_validate(found)


def _currency(code: str | None) -> str | None:
    return Money(0, code.upper()).currency if code else None


def _shown(product: Known, free: dict[int, int]) -> Product:
    variants = [
        Variant.model_validate({"id": v.id, "options": v.options, "price": v.price, "free": max(0, free.get(v.id, 0))})
        for v in product.variants
    ]
    fields = {name: getattr(product, name) for name in Product.model_fields if name != "variants"}
    return Product.model_validate({**fields, "variants": variants})
