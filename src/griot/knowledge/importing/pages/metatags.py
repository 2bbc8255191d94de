"""What the meta tags say: OpenGraph's product tags, written ``property=`` or ``name=``, and their many relatives."""

from griot.knowledge.importing.amounts import currency_code, read_amount, read_number
from griot.knowledge.importing.availability import availability_code, availability_of
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import told_by
from griot.knowledge.importing.pages.nodes import paragraphs, plain

_PRICE = (
    "product:sale_price:amount", "product:price:amount", "og:price:amount", "product:price", "og:product:price:amount",
    "twitter:data1", "og:price", "price",
)  # fmt: skip
_CURRENCY = (
    "product:sale_price:currency", "product:price:currency", "og:price:currency", "product:currency",
    "og:product:price:currency", "og:currency", "currency",
)  # fmt: skip
_AVAILABILITY = ("product:availability", "og:availability", "og:product:availability", "availability")
_SKU = ("product:retailer_item_id", "product:sku", "og:sku", "sku", "product:mfr_part_no", "product_id")


def meta_product(page: Page) -> FoundProduct | None:
    """The product of the meta tags. Its title alone proves nothing: any page has one."""
    currency = currency_code(page.meta(*_CURRENCY)) if page.meta(*_CURRENCY) else None
    price = None
    for name in _PRICE:
        written = page.meta(name)
        if written is None:
            continue
        if name.startswith("twitter:") and read_amount(written) is None:
            continue
        named = read_amount(written, currency, page.language, country=page.country)
        price = read_number(written, currency)
        if price:
            currency = currency or (named.currency if named else None)
            break
    available = page.meta(*_AVAILABILITY)
    images = (
        page.absolute(address) for address in page.metas.get("og:image", []) + page.metas.get("og:image:secure_url", [])
    )
    title = plain(page.meta("og:title", "twitter:title") or "")
    if not title and price is None:
        return None
    return told_by(
        "meta tags",
        FoundProduct(
            title=title,
            price=price or None,
            currency=currency,
            sku=page.meta(*_SKU),
            availability=(availability_code(available) or availability_of(available)) if available else None,
            description=paragraphs(page.meta("og:description", "description", "twitter:description") or ""),
            category=plain(page.meta("product:category") or ""),
            brand=plain(page.meta("product:brand", "og:brand", "brand") or ""),
            images=tuple(dict.fromkeys(image for image in images if image)),
        ),
    )
