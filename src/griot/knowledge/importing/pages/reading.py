"""A product page read: every source asked, then one product of them, or a list where the page is one."""

from dataclasses import dataclass, replace
from typing import Any

from griot.knowledge.importing.models import Doubt, Found, FoundProduct
from griot.knowledge.importing.pages.anchors import buy_buttons, headline
from griot.knowledge.importing.pages.choosing import (
    VISIBLE,
    chosen_availability,
    chosen_price,
    first_told,
    is_named,
    main_of,
)
from griot.knowledge.importing.pages.details import shown_code, shown_description, stated_currency
from griot.knowledge.importing.pages.document import Page, open_page
from griot.knowledge.importing.pages.goods import products_of
from griot.knowledge.importing.pages.jsonld import scripts
from griot.knowledge.importing.pages.judging import Shown
from griot.knowledge.importing.pages.listing import FEWEST, sells_at_headline, shown_list, told_list
from griot.knowledge.importing.pages.metatags import meta_product
from griot.knowledge.importing.pages.microdata import microdata_items, rdfa_items
from griot.knowledge.importing.pages.pictures import shown_pictures
from griot.knowledge.importing.pages.platforms import platform_products
from griot.knowledge.importing.pages.prices import shown_prices
from griot.knowledge.importing.pages.states import state_products
from griot.knowledge.importing.pages.stock import shown_stock
from griot.knowledge.importing.pages.titles import chosen_title, page_names, told_name
from griot.knowledge.importing.pages.walk import Spot, View, view_of

_HEARSAY = ("meta tags", "page state")  # sources whose title is the page's rather than the article's


def read_page(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Found:
    """What a page says it sells. ``body``: as fetched; ``url``: where from, for relative addresses and the country."""
    page = open_page(body, url, content_type)
    if page is None:
        return Found("page", (), (Doubt("the page", "There is nothing in it.", "Check the address in a browser."),))
    told = _told(page)
    view = view_of(page)
    seen = _seen(page, view, told)
    if not _sells_one(page, view, told, seen):
        listed = told_list(told.markup, told.names, told.documents) or shown_list(page, view)
        listed = listed or (told.states if len(told.states) >= FEWEST else [])
        if listed:
            return Found("listing", tuple(listed), tuple(_list_doubts(listed)))
    product = _product(page, view, told, seen)
    if product is None:
        return Found("page", (), (_no_product(),))
    return Found("page", (product,), tuple(_doubts(product, told.sources)))


def _sells_one(page: Page, view: View, told: "_Told", seen: "_Seen") -> bool:
    """Whether a page is one article's: it says so, its markup has the price, or its price or buy button stands out."""
    if page.meta("og:type") in ("product", "product.item", "og:product") and len(told.markup[0]) < FEWEST:
        return True
    if any(source.price for source in told.sources):
        return True
    return any(price.stands_out for price in seen.prices[:1]) or sells_at_headline(view, seen.headline, seen.buttons)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page's markup and scripts say. ``sources``: of its own article, in the order they are believed."""

    names: list[str]
    documents: list[object]
    markup: list[list[FoundProduct]]
    states: list[FoundProduct]
    sources: list[FoundProduct]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the page shows: its headline, the buttons that buy, its prices, likeliest first."""

    headline: Spot | None
    buttons: list[Spot]
    prices: list[Shown]


def _told(page: Page) -> _Told:
    names = page_names(page)
    documents = [*scripts(page)]
    markup = [
        products_of(documents, page, "json-ld"),
        products_of(microdata_items(page), page, "microdata"),
        products_of(rdfa_items(page), page, "rdfa"),
    ]
    states = state_products(page)
    mains = [main_of(products, names, page.url) for products in markup]
    own_state = main_of([product for product in states if is_named(product, names)], names, page.url)
    sources = [*mains, *platform_products(page), meta_product(page), own_state]
    return _Told(names, documents, markup, states, [source for source in sources if source is not None])


def _seen(page: Page, view: View, told: _Told) -> _Seen:
    found = headline(view, [*(source.title for source in told.sources), *told.names])
    buttons = buy_buttons(view, found.start if found else None)
    return _Seen(found, buttons, shown_prices(page, view, found, buttons))


def _product(page: Page, view: View, told: _Told, seen: _Seen) -> FoundProduct | None:
    """One product of all that is told and shown; None where not even a title is."""
    title, title_source = _title(page, view, told, seen.headline)
    if not title:
        return None
    price = chosen_price(told.sources, seen.prices)
    same = [one for one in seen.prices if one.amount.value == price.value]
    at = same[0].at if same else None
    if price.value is not None and price.currency is None:
        sign = next((one.sign for one in same if one.sign), None)
        price = replace(price, currency=stated_currency(page, sign), currency_source="the page's scripts")
    stock = shown_stock(view, seen.headline, seen.buttons, at)
    availability, availability_source = chosen_availability(told.sources, stock, price.value is not None)
    values, provenance = _unweighed(told.sources)
    for name, found in (
        ("images", lambda: shown_pictures(page, view, seen.headline)),
        ("description", lambda: shown_description(view)),
        ("sku", lambda: shown_code(view, seen.headline)),
    ):
        wanting = not values.get(name) or (name == "description" and provenance[name] == "meta tags")
        if wanting and (value := found()):
            values[name] = value
            provenance[name] = VISIBLE
    weighed = {
        "title": title_source,
        "price": price.source,
        "currency": price.currency_source if price.currency else None,
        "availability": availability_source,
    }
    provenance |= {name: where for name, where in weighed.items() if where}
    return FoundProduct(
        title=title,
        price=price.value,
        price_max=price.highest,
        currency=price.currency,
        availability=availability,
        url=page.url or page.base or None,
        provenance=provenance,
        **values,
    )


def _title(page: Page, view: View, told: _Told, headline: Spot | None) -> tuple[str, str | None]:
    own = (source for source in told.sources if source.provenance.get("title") not in _HEARSAY)
    named, where = told_name(own, page)
    return chosen_title(named, where, told.names, view.shows_without_hidden(headline) if headline else "", view.text)


def _unweighed(sources: list[FoundProduct]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values that need no weighing, of the first source that has one, and which it is."""
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    for name in ("sku", "stock", "description", "category", "brand", "images", "variants"):
        value, where = first_told(sources, name)
        if value is not None:
            values[name] = value
            provenance[name] = where or ""
    return values, provenance


def _doubts(product: FoundProduct, sources: list[FoundProduct]) -> list[Doubt]:
    found = []
    hidden = {source.price for source in sources if source.price} - {product.price}
    if hidden and product.provenance.get("price") == VISIBLE:
        other = f"{min(price for price in hidden if price):f}"
        found.append(Doubt("price", f"The page shows {product.price:f}, its data say {other}.", "Check the price."))
    if product.price is None:
        found.append(Doubt("price", "The page shows no price.", "Write the price, or leave the article out."))
    elif product.currency is None:
        found.append(
            Doubt("currency", "The page does not say which currency its prices are in.", "Say which currency it is.")
        )
    return found


def _list_doubts(products: list[FoundProduct]) -> list[Doubt]:
    found = []
    unpriced = sum(product.price is None for product in products)
    if unpriced:
        found.append(
            Doubt(
                "price", f"{unpriced} of the {len(products)} articles listed show no price.", "Import their own pages."
            )
        )
    if any(product.price is not None and product.currency is None for product in products):
        found.append(
            Doubt("currency", "The page does not say which currency its prices are in.", "Say which currency it is.")
        )
    return found


def _no_product() -> Doubt:
    return Doubt(
        "the page", "No article was found on it.", "Give the address of a page that sells one, or of the shop."
    )
