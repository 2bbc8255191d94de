"""An Instagram shop: Meta shows its articles through the Graph API, to programs with the merchant's token.

Sources: developers.facebook.com, Instagram product tagging (``available_catalogs``) and the fields of a catalogue's
products (wire/import.md §1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urljoin

from griot.core.errors import InvalidInput
from griot.core.settings import Settings
from griot.knowledge.importing.amounts import currency_code, read_amount
from griot.knowledge.importing.availability import availability_code
from griot.knowledge.importing.fetching.errors import BadAnswer
from griot.knowledge.importing.fetching.fetcher import Fetcher
from griot.knowledge.importing.models import Doubt, Found, FoundProduct
from griot.knowledge.importing.sites.answers import document, inside
from griot.knowledge.importing.sites.visit import Visit

_FIELDS = (
    "id,retailer_id,name,description,price,sale_price,currency,availability,inventory,brand,category,url,image_url,"
    "additional_image_urls"
)
_MOST_PAGES = 400
_WITHOUT = Doubt(
    "Instagram",
    "Instagram shows the articles of a shop to nobody without its owner's permission.",
    "In Commerce Manager, open Catalogue, then Data sources, export it as a CSV file and send that; or give an access"
    " token of the business account that administers the shop, which Commerce Manager must have approved: set"
    " GRIOT_INSTAGRAM_TOKEN, with the permissions catalog_management, instagram_basic, instagram_shopping_tag_products"
    " and pages_show_list.",
)


@dataclass(frozen=True, slots=True)
class MetaAccess:
    """``token``: of an administrator of the shop, with catalog_management, instagram_basic,
    instagram_shopping_tag_products and pages_show_list. ``base``: the Graph API with its version."""

    token: str = field(repr=False)
    base: str

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def access_with(token: str, config: Settings) -> MetaAccess:
    """Access to the Graph API that the installation names. ``InvalidInput``: no token could be written like that."""
    plain = token.strip()
    if not plain or not plain.isascii() or not plain.isprintable() or " " in plain:
        raise InvalidInput("This is no access token of Meta: copy it again, it is one long word of letters and digits.")
    return MetaAccess(plain, f"{config.graph_url.rstrip('/')}/{config.graph_version}/")


def without_token() -> Found:
    """What an Instagram address gives without a token: why there is nothing, and the two ways to change that."""
    return Found("instagram", (), (_WITHOUT,))


async def read_instagram(visit: Visit, handle: str, access: MetaAccess) -> None:
    """Take the articles of the catalogue behind an account. Raises FetchError with what Meta objected to."""
    account = await _account(visit.fetcher, handle, access)
    catalogue = await _catalogue(visit.fetcher, account, access)
    after = ""
    for _ in range(_MOST_PAGES):
        asked = {"fields": _FIELDS, "limit": "100", **({"after": after} if after else {})}
        told = await _ask(visit.fetcher, access, f"{catalogue}/products", asked)
        found = [product for one in _listed(told) if (product := _product(one)) is not None]
        new = visit.basket.take(Found("instagram", tuple(found)), "Instagram")
        visit.report()
        after = inside(told, "paging", "cursors", "after") or ""
        if not after or not inside(told, "paging", "next"):
            return
        if not new or visit.basket.full:
            break
    visit.cut()


async def _account(fetcher: Fetcher, handle: str, access: MetaAccess) -> str:
    told = await _ask(fetcher, access, "me/accounts", {"fields": "instagram_business_account{id,username}"})
    accounts = [inside(one, "instagram_business_account") for one in _listed(told)]
    accounts = [one for one in accounts if isinstance(one, dict)]
    named = [one for one in accounts if str(one.get("username", "")).casefold() == handle.casefold()]
    chosen = named or (accounts if len(accounts) == 1 and not handle else [])
    if not chosen:
        raise BadAnswer(
            404,
            f"The connected account does not administer the Instagram shop {handle}".rstrip(),
            "connect the account that does; a creator's account cannot have a shop, a business account can",
        )
    return str(chosen[0].get("id"))


async def _catalogue(fetcher: Fetcher, account: str, access: MetaAccess) -> str:
    told = await _ask(fetcher, access, f"{account}/available_catalogs", {})
    catalogues = [str(one["catalog_id"]) for one in _listed(told) if one.get("catalog_id")]
    if not catalogues:
        raise BadAnswer(
            404,
            "This Instagram account has no catalogue of an approved shop",
            "have the shop approved in Commerce Manager",
        )
    return catalogues[0]


async def _ask(fetcher: Fetcher, access: MetaAccess, path: str, values: Mapping[str, str]) -> Any:
    address = urljoin(access.base, path) + (f"?{urlencode(values)}" if values else "")
    try:
        answer = await fetcher.fetch(address, headers=access.headers(), crawl=False)
    except BadAnswer as error:
        if error.code in (400, 401, 403):
            raise BadAnswer(
                error.code,
                "Meta refuses the connection to this Instagram shop",
                "connect it again and allow access to the catalogue and its page",
            ) from None
        raise
    return document(answer.body)


def _listed(told: Any) -> list[dict[str, Any]]:
    data = inside(told, "data")
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _product(one: dict[str, Any]) -> FoundProduct | None:
    title = _text(one.get("name"))
    if not title:
        return None
    currency = currency_code(one.get("currency"))
    price = _price(one.get("sale_price"), currency) or _price(one.get("price"), currency)
    more = one.get("additional_image_urls")
    pictures = [one.get("image_url"), *(more if isinstance(more, list) else [])]
    stock = one.get("inventory")
    told: dict[str, Any] = {
        "title": title,
        "price": price,
        "currency": currency if price is not None else None,
        "sku": _text(one.get("retailer_id")) or None,
        "availability": availability_code(one.get("availability")),
        "stock": stock if isinstance(stock, int) and not isinstance(stock, bool) and stock >= 0 else None,
        "description": _text(one.get("description")),
        "category": _text(one.get("category")),
        "brand": _text(one.get("brand")),
        "url": _text(one.get("url")) or None,
        "images": tuple(dict.fromkeys(one for one in pictures if isinstance(one, str) and one.startswith("http"))),
    }
    said = {name: "instagram" for name, value in told.items() if value}
    return FoundProduct(**told, provenance=said, source_id=_text(one.get("id")) or None)


def _price(written: object, currency: str | None) -> Decimal | None:
    """Meta writes prices for people (``9 000 F CFA``), beside the code of the currency."""
    amount = read_amount(written, currency) if isinstance(written, str) else None
    return amount.value if amount and amount.value else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
