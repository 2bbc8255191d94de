"""What the shop is: name, segment with what it changes, language, zone, the vendor's phone."""

from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import Field

from griot.core.tenancy import SEGMENTS, Language, Segment, load_shop
from griot.core.texts import LANGUAGES
from griot.tools.shops.countries import COUNTRIES, normalise_phone
from griot.tools.shops.service import change_shop
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done
from griot.ui.views.settings.view import Section, beside, view


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.shop() as (_, shop):
        here = {shop.timezone, *(country.timezone for country in COUNTRIES.values())}
    return {
        "segments": SEGMENTS,
        "spoken": LANGUAGES,
        "zones": sorted(here & available_timezones() | {shop.timezone}),
        "example": COUNTRIES[shop.country].example,
    }


section = Section("shop", "shop", read)


@view.act("settings:write")
async def change(
    desk: Desk,
    name: Annotated[str, Field(min_length=1, max_length=80)],
    language: Language,
    timezone: Annotated[str, Field(max_length=60)],
    vendor_phone: Annotated[str | None, Field(max_length=30)] = None,
) -> Done:
    """Name, language, zone and the phone that gets the vendor's messages."""
    async with desk.transaction() as tx:
        shop = await load_shop(tx)
        with beside("vendor_phone", desk.t("settings.wrong.phone", example=COUNTRIES[shop.country].example)):
            phone = normalise_phone(vendor_phone, shop.country) if vendor_phone else None
        with beside("timezone", desk.t("settings.wrong.timezone")):
            changes = {"name": name, "language": language, "timezone": timezone, "vendor_phone": phone}
            await change_shop(tx, changes, desk.now)
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def choose_segment(desk: Desk, segment: Segment) -> Done:
    """Another kind of shop: holds, quantities, deposits and terms follow it where nothing else is set."""
    async with desk.transaction() as tx:
        await change_shop(tx, {"segment": segment}, desk.now)
    return Done(desk.t("settings.saved"))
