"""Pages that list several articles: a collection, a category, a shop's front."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml import etree

from griot.knowledge.importing.amounts import read_amount
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.anchors import likeness
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.goods import told_by
from griot.knowledge.importing.pages.nodes import Node, types, values, walk
from griot.knowledge.importing.pages.walk import In, Spot, View

FEWEST = 3  # articles that make a list
_LIST_TYPES = frozenset({"itemlist", "collectionpage", "searchresultspage", "offercatalog"})
_REACH = 4_000  # characters after the headline in which the button that buys the article stands
_LEAST_SHARE = 0.1  # of the text outside of menus and the like: a shorter row stands on some article's page
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
        if len(titled) < FEWEST:
            continue
        known = [name.casefold() for name in names]
        named = any(likeness(product.title.casefold(), name) >= 85 for product in titled for name in known)
        if (is_list and not named) or (
            not named and not any(product.description and product.images for product in titled[:1])
        ):
            return titled[:_MOST]
    return []


def sells_at_headline(view: View, headline: Spot | None, buttons: Sequence[Spot]) -> bool:
    """Whether a button that buys follows the headline, other than those that each article of a row has."""
    if headline is None:
        return False
    alike = Counter((view.shows(button), button.marks) for button in buttons)
    return any(
        0 < button.start - headline.start < _REACH and alike[view.shows(button), button.marks] < FEWEST
        for button in buttons
    )


def _lists_products(node: Node) -> bool:
    return (
        len([item for item in values(node, "itemListElement", "mainEntity", "hasPart") if isinstance(item, dict)])
        >= FEWEST
    )


def shown_list(page: Page, view: View) -> list[FoundProduct]:
    """The articles that the page shows in a row, each with a link, a name and a price."""
    rows: dict[tuple[int, str, str], list[Spot]] = {}
    for spot in view.spots:
        if spot.flags & (In.ASIDE | In.HIDDEN) or not 10 < spot.end - spot.start <= _LONGEST_CARD:
            continue
        parent = spot.element.getparent()
        if parent is not None and spot.element.find(".//a") is not None and spot.element.find(".//img") is not None:
            rows.setdefault((id(parent), str(spot.element.tag), spot.element.get("class", "")), []).append(spot)
    best: list[FoundProduct] = []
    least = _LEAST_SHARE * _length(view.text, [spot for spot in view.spots if spot.flags & In.ASIDE])
    for row in rows.values():
        if len(row) > max(FEWEST, len(best)) and sum(spot.end - spot.start for spot in row) >= least:
            cards = [card for spot in row[:_MOST] if (card := _card(page, view, spot)) is not None]
            best = max(best, cards, key=len)
    return best if len(best) > FEWEST else []


def _length(text: str, without: list[Spot]) -> int:
    """Characters of the shown text outside of these elements, which stand inside each other or apart."""
    left, done = len(text), 0
    for spot in sorted(without, key=lambda spot: (spot.start, -spot.end)):
        left -= max(0, spot.end - max(spot.start, done))
        done = max(done, spot.end)
    return left


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
        text = " ".join("".join(map(str, node.itertext())).split()) or node.get("title", "")
        if (2 < len(text) <= _LONGEST_TITLE and read_amount(text) is None) or (
            node.tag != "a" and 2 < len(text) <= _LONGEST_TITLE
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
