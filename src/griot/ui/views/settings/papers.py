"""Quotes and invoices: taxes, legal lines, numbers, validity, and the logo at their head."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from griot.core.errors import InvalidInput, NotFound
from griot.core.events import record
from griot.core.tenancy import SEGMENTS
from griot.tools.quotes import documents
from griot.tools.shops.service import change_settings
from griot.tools.shops.settings import check_settings
from griot.ui import uploads
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, beside, view

_CONTACT = ("name", "address", "phone", "email")
_LARGEST = 5_000_000  # bytes of a picture
_FIELDS = {  # setting -> the field that tells what is wrong with it, and the words for that
    "legal": ("registrations", "registrations"),
    "tax_percent": ("tax_percent", "tax"),
    "quote_prefix": ("quote_prefix", "prefix"),
    "invoice_prefix": ("invoice_prefix", "prefix"),
}
Line = Annotated[str | None, Field(max_length=200)]
Prefix = Annotated[str, Field(min_length=1, max_length=6)]


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.shop() as (tx, shop):
        legal = dict(shop.settings.legal)
        return {
            "set": shop.settings,
            "usual": SEGMENTS[shop.segment],
            "contact": [(name, legal.get(name, "")) for name in _CONTACT],
            "registrations": "\n".join(f"{name} {text}" for name, text in legal.items() if name not in _CONTACT),
            "has_logo": await documents.logo(tx) is not None,
        }


section = Section("papers", "document", read)


@view.act("settings:write")
async def set_papers(
    desk: Desk,
    tax_percent: Annotated[float, Field(ge=0, le=50)] = 0,
    prices_include_tax: bool = False,
    quote_valid_days: Annotated[int | None, Field(ge=1, le=365)] = None,
    quote_prefix: Prefix = "DEV",
    invoice_prefix: Prefix = "FAC",
    name: Line = None,
    address: Line = None,
    phone: Line = None,
    email: Line = None,
    registrations: Annotated[str, Field(max_length=2000)] = "",
) -> Done:
    """All of them at once. ``registrations``: one a line, its name in capitals first: ``NINEA 005123456``."""
    lines = (line.split(maxsplit=1) for line in registrations.splitlines() if line.strip())
    legal = {name: text for name, text in zip(_CONTACT, (name, address, phone, email), strict=True) if text}
    for parts in lines:
        if len(parts) != 2:
            raise WrongField("registrations", desk.t("settings.wrong.registrations"))
        legal[parts[0].rstrip(":").upper()] = parts[1].strip()
    changes: dict[str, Any] = {
        "legal": legal,
        "tax_percent": tax_percent,
        "quote_prefix": quote_prefix.upper(),
        "invoice_prefix": invoice_prefix.upper(),
    }
    for setting, (field, wrong) in _FIELDS.items():
        with beside(field, desk.t(f"settings.wrong.{wrong}")):
            check_settings({setting: changes[setting]})
    changes |= {"prices_include_tax": prices_include_tax, "quote_valid_days": quote_valid_days}
    async with desk.transaction() as tx:
        await change_settings(tx, changes, desk.now)
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def set_logo(desk: Desk, picture: Annotated[str, Field(max_length=1000)] = "") -> Done:
    """The picture at the head of quotes and invoices."""
    try:
        _, content = await uploads.read(picture, _LARGEST)
        async with desk.transaction() as tx:
            await documents.set_logo(tx, content)
            await record(tx, "settings.changed", desk.now, data={"settings": ["logo"]})
    except InvalidInput:
        raise WrongField("picture", desk.t("settings.wrong.logo")) from None
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def drop_logo(desk: Desk) -> Done:
    """No picture any more."""
    async with desk.transaction() as tx:
        await documents.set_logo(tx, None)
        await record(tx, "settings.changed", desk.now, data={"settings": ["logo"]})
    return Done(desk.t("settings.saved"))


@view.file("settings:read")
async def logo(desk: Desk) -> Response:
    """The picture, to be seen."""
    async with desk.transaction() as tx:
        picture = await documents.logo(tx)
    if picture is None:
        raise NotFound("The shop has no logo.")
    return Response(picture, media_type="image/png" if picture.startswith(b"\x89PNG") else "image/jpeg")
