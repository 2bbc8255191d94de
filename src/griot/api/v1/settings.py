"""Settings of the shop."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Shown
from griot.core.tenancy import Language, Segment
from griot.core.tenancy import Shop as Known
from griot.tools.shops.service import change_settings, change_shop
from griot.tools.users.door import Door

router = APIRouter(tags=["settings"])

Reading = Annotated[Door, Depends(Needs("settings:read"))]
Writing = Annotated[Door, Depends(Needs("settings:write"))]


class Shop(Shown):
    id: int = Field(examples=[12])
    slug: str = Field(examples=["chez-awa"])
    name: str = Field(examples=["Chez Awa"])
    segment: Segment
    country: str = Field(examples=["SN"])
    currency: str = Field(examples=["XOF"])
    timezone: str = Field(examples=["Africa/Dakar"])
    language: Language
    vendor_phone: str | None = Field(examples=["221770000001"])
    settings: dict[str, Any] = Field(examples=[{"hold_minutes": 10, "means": ["wave"]}])


class WhatItIs(BaseModel):
    name: str = Field("", max_length=80, examples=["Chez Awa"])
    segment: Segment = "live_seller"
    timezone: str = Field("", max_length=60, examples=["Africa/Dakar"])
    language: Language = "fr"
    vendor_phone: str | None = Field(
        None, max_length=30, examples=["77 000 00 01"], description="For the vendor's messages; null: none are sent."
    )


@router.get("/settings")
async def show_settings(door: Reading) -> Shop:
    """The shop and its settings."""
    async with door.shop() as (_, shop):
        return _shown(shop)


@router.patch("/settings")
async def change(
    door: Writing,
    changes: Annotated[dict[str, Any], Body(min_length=1, max_length=40, examples=[{"hold_minutes": 15}])],
) -> Shop:
    """Change settings; the others stay. null is the segment's own, where there is one."""
    async with door.transaction() as tx:
        return _shown(await change_settings(tx, changes, door.now))


@router.patch("/shop")
async def change_what_it_is(door: Writing, given: WhatItIs) -> Shop:
    """Change the shop itself: what is left out stays. Country and currency cannot be changed."""
    async with door.transaction() as tx:
        return _shown(await change_shop(tx, given.model_dump(exclude_unset=True), door.now))


def _shown(shop: Known) -> Shop:
    fields = {name: getattr(shop, name) for name in Shop.model_fields if name != "settings"}
    settings = asdict(shop.settings) | {"legal": dict(shop.settings.legal)}
    return Shop.model_validate({**fields, "settings": settings})
