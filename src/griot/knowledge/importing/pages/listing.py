"""Pages that list several articles: a collection, a category, a shop's front."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml import etree

from griot.knowledge.importing.amounts import read_amount
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.anchors import likeness
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import told_by
from griot.knowledge.importing.pages.nodes import Node, types, values, walk
from griot.knowledge.importing.pages.prices import Shown
from griot.knowledge.importing.pages.walk import In, Spot, View

_FEWEST = 3  # articles that make a list
_LIST_TYPES = frozenset({"itemlist", "collectionpage", "searchresultspage", "offercatalog"})
_CLEAR = 6.0  # score of a shown price that is one article's own
_LONGEST_CARD = 600  # characters of an article in a list
_LONGEST_TITLE = 200
_MOST = 250


def told_list(
    found: Sequence[Sequence[FoundProduct]], names: Sequence[str], documents: Sequence[object]
) -> list[FoundProduct]:
    """The articles of a list as the markup tells them; none where the page is one article's.

    A page is a list when three or more articles are told and none bears the page's own name.
    """
    is_list = any(
        types(node) & _LIST_TYPES and _lists_products(node) for document in documents for node in walk(document)
    )
    for products in found:
        titled = [product for product in products if product.title]
        if len(titled) < _FEWEST:
            continue
        known = [name.casefold() for name in names]
        named = any(likeness(product.title.casefold(), name) >= 85 for product in titled for name in known)
        if (
            (is_list
            and not named)
            or (not named
            and not any(product.description and product.images for product in titled[:1]))
        ):
            return titled[:_MOST]
    return []


def _lists_products(node: Node) -> bool:
    return (
        len([item for item in values(node, "itemListElement", "mainEntity", "hasPart") if isinstance(item, dict)])
        >= _FEWEST
    )


def shown_list(page: Page, view: View, shown: Sequence[Shown]) -> list[FoundProduct]:
    """The articles that the page shows in a row, each with a link, a name and a price; none where one price stands out."""
    if page.meta("og:type") in ("product", "product.item", "og:product") or any(
        price.score >= _CLEAR for price in shown
    ):
        return []
    rows: dict[tuple[int, str, str], list[Spot]] = {}
    for spot in view.spots:
        if spot.flags & (In.ASIDE | In.HIDDEN) or not 10 < spot.end - spot.start <= _LONGEST_CARD:
            continue
        parent = spot.element.getparent()
        if parent is not None and spot.element.find(".//a") is not None and spot.element.find(".//img") is not None:
            rows.setdefault((id(parent), str(spot.element.tag), spot.element.get("class", "")), []).append(spot)
    best: list[FoundProduct] = []
    for row in rows.values():
        if len(row) > max(_FEWEST, len(best)):
            cards = [card for spot in row[:_MOST] if (card := _card(page, view, spot)) is not None]
            best = max(best, cards, key=len)
    return best if len(best) > _FEWEST else []


def _card(page: Page, view: View, spot: Spot) -> FoundProduct | None:
    """One article of a row: the text of its longest link or heading, its lowest price, its picture."""
    link, title = _named(page, spot.element)
    amount = read_amount(_without(view.shows(spot), title), None, page.language, country=page.country)
    if not title or link is None or amount is None or not amount.value or amount.currency is None:
        return None
    picture = next((made for image in spot.element.iter("img") if (made := _picture(page, image))), None)
    return told_by(
        "page text",
        FoundProduct(
            title, amount.value, amount.upper, amount.currency, url=link, images=(picture,) if picture else ()
        ),
    )


def _without(text: str, title: str) -> str:
    """What a card shows besides its title, whose figures are no price."""
    return text.replace(title, " ", 1)


def _named(page: Page, card: etree._Element) -> tuple[str | None, str]:
    candidates: list[tuple[int, str, str | None]] = []
    first_link = None
    for node in card.iter("a", "h2", "h3", "h4", "h5"):
        address = page.absolute(node.get("href", "")) if node.tag == "a" else None
        first_link = first_link or address
        text = " ".join("".join(node.itertext()).split()) or node.get("title", "")
        if (
            (2 < len(text) <= _LONGEST_TITLE
            and read_amount(text) is None)
            or (node.tag != "a"
            and 2 < len(text) <= _LONGEST_TITLE)
        ):
            candidates.append((1000 * (node.tag != "a") + len(text), text, address))
    if not candidates:
        image = next(card.iter("img"), None)
        return first_link, " ".join((image.get("alt", "") if image is not None else "").split())[:_LONGEST_TITLE]
    _, title, link = max(candidates)
    return link or first_link, title


def _picture(page: Page, image: etree._Element) -> str | None:
    for name in ("data-src", "data-lazy-src", "data-original", "src"):
        made = page.absolute(image.get(name, ""))
        if made and "." in urlsplit(made).path:
            return made
    return None
