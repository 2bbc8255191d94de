"""schema.org products of a page, from JSON-LD, microdata or RDFa alike: nodes in, products found out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from griot.knowledge.importing.models import FoundProduct, FoundVariant
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.nodes import Node, objects, paragraphs, plain, text, types, values, walk
from griot.knowledge.importing.pages.offers import Terms, any_in_stock, terms_of, together

# What is for sale, in the vocabulary's words; the later ones only when they bear an offer.
_PRODUCTS = frozenset(
    {"product", "productgroup", "individualproduct", "productmodel", "someproducts", "productcollection", "vehicle",
     "car", "motorcycle", "book", "dietarysupplement", "drug"}
)  # fmt: skip
_SOLD = frozenset(
    {"event", "musicevent", "theaterevent", "course", "apartment", "house", "accommodation", "service",
     "softwareapplication", "videogame", "mobileapplication", "menuitem", "creativework", "movie",
     "musicalbum", "trip", "ticket", "jewelry"}
)  # fmt: skip
_MOST = 1_000  # products of one source
_MOST_VARIANTS = 500  # of one product
_MOST_NODES = 100_000
_FEW = 3  # offers that may be one article's
_AXES = ("color", "size", "material", "pattern", "suggestedGender", "suggestedAge")


def products_of(documents: Iterable[object], page: Page, source: str) -> list[FoundProduct]:
    """The products that nodes describe, in the page's order: sizes of one product together, as its variants."""
    nodes = list(islice((node for document in documents for node in walk(document)), _MOST_NODES))
    inside = {id(child) for node in nodes for child in _members(node)}
    inside |= {
        id(child)
        for node in nodes
        for child in objects(node, "isRelatedTo", "isSimilarTo", "isAccessoryOrSparePartFor")
    }
    own = (node for node in nodes if id(node) not in inside and _is_product(node))
    found = [(_key(node), _product(node, page, source)) for node in islice(own, _MOST)]
    grouped: dict[str, list[FoundProduct]] = {}
    for key, product in found:
        if product.title or product.price is not None:
            grouped.setdefault(key or f"#{len(grouped)}", []).append(product)
    return [_as_one(members) for members in grouped.values()] or _offers_alone(nodes, source)


def _offers_alone(nodes: list[Node], source: str) -> list[FoundProduct]:
    """A page's offers outside of every product, as a product without a name; not when they are many articles'."""
    offers = [node for node in nodes if types(node) & {"offer", "aggregateoffer"}]
    terms = terms_of({"offers": offers}) if 0 < len(offers) <= _FEW else Terms()
    if terms.price is None:
        return []
    found = FoundProduct("", terms.price, terms.highest, terms.currency, availability=terms.availability)
    return [told_by(source, found)]


def _is_product(node: Node) -> bool:
    kinds = types(node)
    return bool(kinds & _PRODUCTS) or bool(kinds & _SOLD and objects(node, "offers"))


def _members(node: Node) -> list[Node]:
    """A group's products, which are its variants and no products of their own."""
    return objects(node, "hasVariant", "model") if types(node) & _PRODUCTS else []


def _key(node: Node) -> str:
    """What products of one group share: the group's number, else the name."""
    group = text(node, "inProductGroupWithID", "productGroupID")
    parent = next(iter(objects(node, "isVariantOf")), {})
    return group or text(parent, "productGroupID", "@id") or text(node, "name").casefold()


def _product(node: Node, page: Page, source: str) -> FoundProduct:
    parent = next(iter(objects(node, "isVariantOf")), {})
    goods = (child for child in _members(node) if types(child) & _PRODUCTS or objects(child, "offers"))
    members = list(islice(goods, _MOST_VARIANTS))
    variants = tuple(_variant(child, page) for child in members)
    terms = together([terms_of(node), *(terms_of(child) for child in members)])
    described = values(node, "description") or values(parent, "description")
    product = FoundProduct(
        title=text(node, "name") or text(parent, "name"),
        price=terms.price,
        price_max=terms.highest,
        currency=terms.currency,
        sku=text(node, "sku", "productID", "mpn") or None,
        availability=terms.availability,
        stock=terms.stock,
        description=paragraphs(str(described[0])) if described and isinstance(described[0], str) else "",
        category=_category(node),
        brand=text(node, "brand", "manufacturer") or text(parent, "brand"),
        url=page.absolute(text(node, "url", "@id")),
        images=_images([node, *members], page),
        variants=variants,
    )
    axes = {axis: text(node, axis) for axis in _AXES if text(node, axis)}
    own = (
        FoundVariant(axes, product.sku, terms.price, terms.availability, terms.stock, next(iter(product.images), None)),
    )
    return told_by(source, product if variants or not axes else replace(product, variants=own))


def told_by(source: str, product: FoundProduct) -> FoundProduct:
    """The product with its provenance: this source for every field that says something."""
    fields = (
        "title",
        "price",
        "currency",
        "sku",
        "availability",
        "stock",
        "description",
        "category",
        "brand",
        "images",
    )
    said = {name: source for name in (*fields, "variants") if getattr(product, name) not in (None, "", ())}
    return replace(product, provenance=said)


def _variant(node: Node, page: Page) -> FoundVariant:
    terms: Terms = terms_of(node)
    options = {axis: text(node, axis) for axis in _AXES if text(node, axis)}
    for extra in objects(node, "additionalProperty"):
        if text(extra, "name") and text(extra, "value"):
            options[text(extra, "name")] = text(extra, "value")
    if not options and text(node, "name"):
        options = {"name": text(node, "name")}
    image = next(iter(_images([node], page)), None)
    return FoundVariant(options, text(node, "sku", "mpn") or None, terms.price, terms.availability, terms.stock, image)


def _images(nodes: list[Node], page: Page) -> tuple[str, ...]:
    """Addresses of pictures: the product's, then its offers' (PrestaShop keeps the large ones there)."""
    holders = [*nodes, *(offer for node in nodes for offer in objects(node, "offers"))]
    written = [_address(value) for holder in holders for value in values(holder, "image", "images", "photo")]
    made = (page.absolute(address) for address in written if address)
    return tuple(dict.fromkeys(address for address in made if address))[:30]


def _address(value: object) -> str:
    if isinstance(value, Mapping):
        return text(value, "contentUrl", "url", "@id", "thumbnailUrl")
    return plain(value)


def _category(node: Node) -> str:
    category = text(node, "category")
    return "" if category.startswith("http") else category


def _as_one(members: list[FoundProduct]) -> FoundProduct:
    """Products of one name or group as one, its members the variants."""
    first = members[0]
    if len(members) == 1:
        own_only = len(first.variants) == 1 and first.variants[0].sku == first.sku
        return replace(first, variants=()) if own_only else first
    variants = {
        (*sorted(variant.options.items()), variant.sku): variant for member in members for variant in member.variants
    }
    terms = together(Terms(member.price, member.price_max, member.currency, member.availability) for member in members)
    images = dict.fromkeys(image for member in members for image in member.images)
    told = {name: source for member in reversed(members) for name, source in member.provenance.items()}
    return replace(
        first,
        price=terms.price,
        price_max=terms.highest,
        currency=terms.currency,
        availability=any_in_stock(member.availability for member in members),
        images=tuple(images)[:30],
        variants=tuple(variants.values()) if len(variants) > 1 else (),
        provenance=told,
    )
