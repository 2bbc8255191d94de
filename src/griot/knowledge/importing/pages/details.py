"""Lesser facts that a page shows to people only: the description, the article's code, the currency its scripts name."""

import re

from griot.knowledge.importing.currencies import CODES, meanings
from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.walk import In, Spot, View, marked

_DESCRIPTION_MARKS = re.compile(
    r"(?:^|[\s_-])(?:(?:product-?|item-?|short-?|long-?)?descriptions?|feature-?bullets|productdescription|product-?details|beschreibung)(?=$|[\s_-])"
)
_SHORTEST, _LONGEST = 80, 6_000  # characters of a description
_CODE = re.compile(
    r"(?i)(?<![^\W\d_])(?:sku|asin|item (?:no|number|code|id)|art(?:icle|ikel|\.)?[- ]?(?:no|nr|number|nummer)|"
    r"product (?:code|id|number)|model (?:no|number)|"
    r"r[ée]f(?:[ée]rence)?|c[oó]digo|cod(?:ice)?(?: articolo)?|mpn|tuotenumero|артикул|"
    r"код товара|商品編號|商品番号|품번)"
    r"\s?[.:#№]{0,3}\s{0,2}"
    r"(?P<code>(?=[\w./-]{0,24}\d)[A-Za-z0-9][\w./-]{2,24})"
)
_REACH = 6_000  # characters after the headline in which the code stands
_STATED = re.compile(r"""(?i)currency_?(?:code|iso|iso3)?["']?\s*[:=]\s*["']([A-Z]{3})["']""")
_LONGEST_SCRIPT = 500_000


def shown_description(view: View) -> str:
    """The longest text in a part that is marked as the article's description; nothing where none is."""
    best = ""
    for spot in view.spots:
        length = spot.end - spot.start
        if not max(_SHORTEST, len(best)) < length <= _LONGEST or spot.flags & (In.ASIDE | In.LINK):
            continue
        if marked(_DESCRIPTION_MARKS, spot.marks):
            best = view.shows(spot).strip()
    return best


def shown_code(view: View, headline: Spot | None) -> str | None:
    """The article's code after one of the words for it, in the article's part of the page."""
    start = max(0, headline.start - 500) if headline else 0
    found = _CODE.search(view.text, start, start + _REACH)
    return found["code"].rstrip(".-/") if found else None


def stated_currency(page: Page, sign: str | None) -> str | None:
    """Of the currencies that a shared sign can mean, the only one that the page's scripts name; None where several."""
    can_be = set(meanings(sign)) if sign else set()
    if not can_be:
        return None
    named: set[str] = set()
    for node in page.tree.iter("script"):
        if node.text and len(node.text) <= _LONGEST_SCRIPT and "urrency" in node.text:
            named |= {code for code in _STATED.findall(node.text) if code in CODES}
    both = named & can_be
    return both.pop() if len(both) == 1 else None
