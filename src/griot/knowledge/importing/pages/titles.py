"""What the article is called: the product's name, else og:title without the site's name, else the headline.

A name in a page's data is written for machines too: it is believed as far as the page shows it (``chosen_title``).
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from griot.core.accents import without_accents
from griot.knowledge.importing.amounts import read_amount
from griot.knowledge.importing.currencies import MENTION
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.anchors import likeness
from griot.knowledge.importing.pages.document import Page, shown_text
from griot.knowledge.importing.pages.nodes import plain
from griot.knowledge.importing.wording import pattern

_PARTING = re.compile(r"\s+[|·•»–—:]\s+|\s+-\s+|\s*[|｜]\s*|:\s+")
_CUT_SHORT = re.compile(r"\s*(?:\.\.\.|…)$")
_CODE_TAIL = re.compile(
    r"(?i)\s*[-–—|,(\[]\s*(?:sku|mpn|ean|r[ée]f(?:[ée]rence)?|item (?:no|number)|art(?:ikel|icle)?[. -]{0,2}(?:nr|no))"
    r"\b[.:#°\s]*[\w./-]*\d[\w./-]*[)\]]?$"
)
# UTF-8 read as cp1252: letters of the beginning of a character, then one of what continues it.
_TWICE_ENCODED = re.compile("[Â-ß][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ]|â[€‚„][\u0080-\u00bf™œ“”˜¦]")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 300
_SHORTEST = 8  # characters of a headline that may stand for a longer name


def page_names(page: Page) -> list[str]:
    """What the page calls itself: og:title and <title>, the site's name cut off; its headlines where it has neither."""
    title = next((node.text or "" for node in page.tree.iter("title")), "")
    written = [page.meta("og:title", "twitter:title") or "", title]
    names = [name for one in written if (name := clean_name(one, page))]
    headlines = (_bare(shown_text(node)) for node in page.tree.iter("h1"))
    return list(dict.fromkeys(names)) or [shown for shown in headlines if shown][:3]


def clean_name(written: str, page: Page) -> str:
    """A name without what sites write around it; empty where nothing else is in it.

    ``Buy Wax dress online | Shop`` -> ``Wax dress``, ``CafÃ© moulu (Ref. 12)`` -> ``Café moulu``.
    """
    name = without_site(_mended(_bare(plain(written))), page)
    name = _CODE_TAIL.sub("", _without_talk(name)).strip()
    return "" if _folded(name) in _site_names(page) else name


def without_site(title: str, page: Page) -> str:
    """``Pony Cart Harness | eBay`` -> ``Pony Cart Harness``: parts at either end that name the site."""
    known = _site_names(page)
    parts = _PARTING.split(title)
    seams = _PARTING.findall(title)
    while len(parts) > 1 and _begins_with_site(parts[-1], known):
        parts.pop()
        seams.pop()
    while len(parts) > 1 and (_folded(parts[0]) in known or _is_price(parts[0])):
        parts.pop(0)
        seams.pop(0)
    cut = parts[0] + "".join(seam + part for seam, part in zip(seams, parts[1:], strict=False))
    return cut.strip()[:_LONGEST]


def _is_price(part: str) -> bool:
    return len(part) <= 20 and bool(MENTION.search(part)) and read_amount(part) is not None


def _site_names(page: Page) -> set[str]:
    """What a site may call itself, folded to letters and digits: by its own word, or its host."""
    try:
        host = (urlsplit(page.base).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    written = (page.meta("og:site_name") or "", page.meta("application-name") or "", host, *host.split(".")[:-1])
    return {name for one in written if len(name := _folded(one)) > 2}


def _begins_with_site(part: str, known: set[str]) -> bool:
    """Whether a title's end is a site's name, or that and a word or two: ``ZARA New Zealand``."""
    words = re.findall(r"\w+", part)
    begins = [_folded("".join(words[:count])) for count in range(1, len(words) + 1)]
    sites = [name for name in begins if name in known and (len(name) > 3 or name == begins[-1])]
    return bool(sites) and len(begins[-1]) < len(sites[-1]) + 15


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", without_accents(name.casefold()))


def _without_talk(name: str) -> str:
    """A name without what sells rather than names: a promise after it, and the call to buy before that."""
    call = pattern("sales_call").match(name)
    ends = [pattern("sales_promise").search(name), pattern("sales_place").search(name) if call else None]
    first = min((end.start() for end in ends if end and end.start()), default=None)
    if first is None:
        return name
    return name[call.end() if call else 0 : first].strip(" -–|:,") or name


def _mended(name: str) -> str:
    """A name whose letters went through a wrong encoding, as it was before: ``CafÃ©`` -> ``Café``."""
    if not _TWICE_ENCODED.search(name):
        return name
    try:
        return b"".join(_byte(character) for character in name).decode("utf-8")
    except UnicodeError:
        return name


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeError:
        return character.encode("latin-1")  # five bytes that cp1252 leaves open


def told_name(sources: Iterable[FoundProduct], page: Page) -> tuple[str, str | None]:
    """The first name that the page's data give the article, and where; no code, address or the site's own name."""
    for source in sources:
        name = clean_name(source.title, page)
        code = {_folded(one) for one in (source.sku, source.source_id) if one}
        if len(name) > 1 and any(map(str.isalpha, name)) and _folded(name) not in code:
            return name, source.provenance.get("title")
    return "", None


def chosen_title(named: str, source: str | None, names: list[str], headline: str, text: str) -> tuple[str, str | None]:
    """The title and where it was read. ``named``: what :func:`told_name` found; ``text``: what the page shows.

    Words that the page itself puts around a name are cut off it. Words that only its data put around the headline, or
    a headline that the data cut short or spell as an address, give way to the headline.
    """
    shown = _mended(_bare(headline))
    if named:
        if source == "microdata" and (inner := next((name for name in names if _is_most_of(name, named)), None)):
            return inner, "meta tags"
        return (shown, "page text") if _is_better_shown(named, shown, names, text) else (named, source)
    inside = next((name for name in names if likeness(name.casefold(), shown.casefold()) >= 75), None)
    if shown and inside:
        return (inside, "meta tags") if _is_most_of(inside, shown) else (shown, "page text")
    return (names[0], "meta tags") if names else (shown, "page text" if shown else None)


def _is_better_shown(named: str, shown: str, names: list[str], text: str) -> bool:
    """Whether the headline is the name that the data give, as people read it."""
    if len(shown) < _SHORTEST:
        return False
    stem = _CUT_SHORT.sub("", named)
    if stem != named:
        return shown.casefold().startswith(stem.casefold())
    if _folded(named) == _folded(shown):
        return len(_WORD.findall(shown)) >= len(_WORD.findall(named))  # else its parts are run together
    inside = re.search(rf"(?<!\w){re.escape(shown)}(?!\w)", named, re.IGNORECASE)
    said = any(named.casefold() in one.casefold() for one in (*names, text))
    return bool(inside) and len(shown) < len(named) and not said


def _is_most_of(name: str, longer: str) -> bool:
    """Whether a longer title is this name and a few words that the page shows around it, such as ``Details about``."""
    whole = longer.strip().casefold()
    return (
        len(name) >= 8
        and name.casefold() != whole
        and (whole.startswith(name.casefold()) or whole.endswith(name.casefold()))
    )


def _bare(title: str) -> str:
    """One line without characters of icon fonts."""
    return " ".join(re.sub("[\ue000-\uf8ff]", " ", title).split())[:_LONGEST]
