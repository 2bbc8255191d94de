"""A page as a reader sees it: the text it shows, and for every element where in that text it stands."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from griot.knowledge.importing.pages.document import BLOCKS, UNSEEN, Page, is_hidden

_DEEPEST = 220
_MOST = 40_000  # elements of a page that are looked at; long pages have some thousands


class In:
    """What an element stands in: flags, as plain integers since a page has thousands of elements."""

    HIDDEN = 1  # shown to nobody, or not yet
    ASIDE = 2  # head, foot, menu, basket, other articles, reviews
    OLD = 4  # struck through, or marked as the former price
    LINK = 8  # a link to somewhere else
    OPTION = 16  # a choice in a list


_MARKING = frozenset({"class", "id", "itemprop", "data-testid", "data-test", "data-hook", "data-auto"})
_FLAGS_OF_TAGS = {
    **dict.fromkeys(("nav", "footer", "aside", "header", "dialog"), In.ASIDE),
    **dict.fromkeys(("del", "s", "strike"), In.OLD),
    **dict.fromkeys(("option", "select"), In.OPTION),
}
_CENTS = re.compile(r"\s*\d{2}\s*")
_WHITE = re.compile(r"\s+")

_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:related|recommend\w*|similar|cross-?sells?|up-?sells?|also|carousel|sponsored|recent\w*|accessor\w*|footer|navbar|"
    r"nav|menu|mini-?cart|minibasket|cart-?(?:drawer|flyout|summary|popup|preview|sidebar)|reviews?|breadcrumbs?|megamenu|bundle\w*|together|"
    r"sims|bought|viewed|suggest\w*|newsletter|cookie\w*|comparison|compare|advert\w*|ads|p13n|history|trending|"
    r"bestsellers?|more-?(?:from|items|products)|other-?(?:products|items|sellers|offers)|you-?may|inspir\w*|complementary|alternatives?|quick-?view|"
    r"modal|popup|pop-up|lightbox|overlay|toast|tooltip|drawer|dialog|warrant\w+|protection|tradein|trade-in|buyback|usedoffers?|shop-?the-?look|filters?|facets?|outfit|widget-?(?:recommend\w*|related)|look)(?=$|[\s_-])"
)
_FORMER = (
    r"old|was|rrp|msrp|before|original|previous|former|retail|compare-at|suggested|market|non-sale|uvp|antes|ancien"
)
_MONEY = r"(?:price|prc|preis|prix|precio|prezzo|cost|value|amount)s?"
_OLD = re.compile(
    rf"(?:^|[\s_-])(?:(?:{_FORMER}|list)[\s_-]?{_MONEY}|{_MONEY}[\s_-]{{1,2}}(?:\w+[_-])?(?:{_FORMER}|barre|tachado)|strike\w*|striked|"
    r"line-?through|crossed\w*|rrp|msrp|uvp|was|old|you-?save|savings?(?:-?(?:price|amount|value|percent\w*))?|"
    r"discount-?(?:amount|value|percent\w*))(?=$|[\s_-])"
)
_PRESENT = re.compile(
    r"(?:^|[\s_-])(?:now|current|sale|special|final|our|new|actual|offer|deal|promo\w*|today)(?=$|[\s_-])"
)
_PRICE_NEAR_OLD = re.compile(
    r"price|prc|preis|prix|preci|prezzo|cost|amount|saving|save|strik|through|cross|money|pric"
)
_STRUCK = re.compile(r"line-through")


@dataclass(slots=True)
class Spot:
    """An element in the shown text: ``text[start:end]`` is what it shows; ``marks``: see :func:`marks_of`."""

    element: etree._Element
    start: int
    end: int
    flags: int
    marks: str


@dataclass(slots=True)
class View:
    """The shown text and every element's place in it, children before their parents."""

    text: str = ""
    spots: list[Spot] = field(default_factory=list)

    def shows(self, spot: Spot) -> str:
        return self.text[spot.start : spot.end]

    def shows_without_hidden(self, spot: Spot) -> str:
        """What an element shows apart from the hidden parts in it."""
        hidden = [
            one for one in self.spots if one.flags & In.HIDDEN and spot.start <= one.start and one.end <= spot.end
        ]
        text = list(self.shows(spot))
        for one in hidden if not spot.flags & In.HIDDEN else ():
            text[one.start - spot.start : one.end - spot.start] = [""] * (one.end - one.start)
        return " ".join("".join(text).split())


def marks_of(element: etree._Element) -> str:
    """The words of an element's class, id and test names, folded, joined by spaces; camelCase parted."""
    written = [str(value)[:300] for name, value in element.attrib.items() if name in _MARKING and value]
    return _parted(" ".join(written)) if written else ""


@lru_cache(maxsize=16_384)
def marked(wanted: re.Pattern[str], marks: str) -> bool:
    """Whether marks hold a word of a pattern; the same marks come again and again on a page."""
    return wanted.search(marks) is not None


@lru_cache(maxsize=4096)
def _parted(written: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", written).lower()


@lru_cache(maxsize=4096)
def _flags_of_marks(marks: str) -> int:
    flags = 0
    if _ASIDE.search(marks):
        flags |= In.ASIDE
    if _OLD.search(marks) and _PRICE_NEAR_OLD.search(marks):
        flags |= In.OLD
    return flags


def view_of(page: Page) -> View:
    """The whole page, once through."""
    chunks: list[str] = []
    view = View()
    bodies = [page.tree] if page.tree.tag == "body" else list(page.tree.iterchildren("body")) or [page.tree]
    at = 0
    for body in bodies:
        at = _enter(body, chunks, at, 0, view.spots, _DEEPEST)
    view.text = "".join(chunks)
    return view


def _enter(element: etree._Element, chunks: list[str], at: int, flags: int, spots: list[Spot], depth: int) -> int:
    """Add what an element shows; the length of the shown text afterwards."""
    tag = element.tag
    if not isinstance(tag, str) or tag in UNSEEN or depth == 0 or len(spots) >= _MOST:
        return at
    marks, own = "", _FLAGS_OF_TAGS.get(tag, 0)
    if element.attrib:
        marks = marks_of(element)
        if flags & In.OLD and marked(_PRESENT, marks) and not marked(_OLD, marks):
            flags &= ~In.OLD
        own |= _flags_of_marks(marks) | _flags_of_attributes(element, tag)
    if own & (In.ASIDE | In.HIDDEN) and (tag in ("html", "body", "main") or element.find(".//h1") is not None):
        own &= ~(In.ASIDE | In.HIDDEN)  # what holds the headline is the page, whatever its marks say
    flags |= own
    block = tag in BLOCKS
    if block:
        at = _add(" ", chunks, at)
    start = at
    at = _own_text(element, tag, chunks, at)
    for child in element:
        if len(spots) >= _MOST:
            break
        at = _enter(child, chunks, at, flags, spots, depth - 1)
        if child.tail:
            at = _add(child.tail, chunks, at)
    spots.append(Spot(element, start, at, flags, marks))
    return _add(" ", chunks, at) if block else at


def _own_text(element: etree._Element, tag: str, chunks: list[str], at: int) -> int:
    text = element.text or ""
    if tag == "input":
        text = element.get("value", "") if element.get("type", "").lower() in ("submit", "button", "image") else ""
    if not text:
        return at
    if len(text) < 8 and _CENTS.fullmatch(text) and chunks and chunks[-1][-1:].isdigit():
        at = _add(".", chunks, at)  # cents in an element of their own: 12<sup>50</sup>
    return _add(text, chunks, at)


def _add(text: str, chunks: list[str], at: int) -> int:
    """Add text with its white space squeezed."""
    squeezed = text if text == " " else _WHITE.sub(" ", text)
    if squeezed.startswith(" ") and (not chunks or chunks[-1].endswith(" ")):
        squeezed = squeezed[1:]
    if squeezed:
        chunks.append(squeezed)
    return at + len(squeezed)


def _flags_of_attributes(element: etree._Element, tag: str) -> int:
    flags = 0
    if tag == "a" and not element.get("href", "#").startswith(("#", "javascript")):
        flags |= In.LINK
    if is_hidden(element):
        flags |= In.HIDDEN
    if _STRUCK.search(element.get("style", "")):
        flags |= In.OLD
    return flags
