"""What the article is called: the product's name, else og:title without the site's name, else the headline."""

import re
from urllib.parse import urlsplit

from griot.knowledge.importing.amounts import read_amount
from griot.knowledge.importing.currencies import MENTION
from griot.knowledge.importing.pages.anchors import likeness
from griot.knowledge.importing.pages.document import Page, shown_text
from griot.knowledge.importing.pages.nodes import plain

_PARTING = re.compile(r"\s+[|·•»–—:]\s+|\s+-\s+|\s*[|｜]\s*")
_LONGEST = 300


def page_names(page: Page) -> list[str]:
    """What the page calls itself: og:title and <title>, the site's name cut off; its headlines where it has neither."""
    title = next((node.text or "" for node in page.tree.iter("title")), "")
    written = [page.meta("og:title", "twitter:title") or "", title]
    names = [without_site(_bare(plain(name)), page) for name in written if name.strip()]
    known = list(dict.fromkeys(name for name in names if name))
    return known or [shown for node in page.tree.iter("h1") if (shown := _bare(shown_text(node)))][:3]


def without_site(title: str, page: Page) -> str:
    """``Pony Cart Harness | eBay`` -> ``Pony Cart Harness``: parts at either end that name the site."""
    site = (page.meta("og:site_name", "application-name") or "").casefold()
    try:
        host = urlsplit(page.base).hostname or ""
    except ValueError:
        host = ""
    label = host.removeprefix("www.").split(".")
    known = {part for part in (site, host, host.removeprefix("www."), *label[:-1]) if len(part) > 2}
    parts = _PARTING.split(title)
    seams = _PARTING.findall(title)
    while len(parts) > 1 and _names_site(parts[-1], known):
        parts.pop()
        seams.pop()
    while len(parts) > 1 and (_names_site(parts[0], known) or _is_price(parts[0])):
        parts.pop(0)
        seams.pop(0)
    cut = parts[0] + "".join(seam + part for seam, part in zip(seams, parts[1:], strict=False))
    return cut.strip()[:_LONGEST]


def _is_price(part: str) -> bool:
    return len(part) <= 20 and bool(MENTION.search(part)) and read_amount(part) is not None


def _names_site(part: str, known: set[str]) -> bool:
    folded = part.strip().casefold()
    bare = re.sub(r"[\W_]", "", folded)
    return any(
        folded == name
        or re.sub(r"[\W_]", "", name) == bare
        or (len(name) > 3 and folded.startswith(name) and len(folded) < len(name) + 15)
        for name in known
    )


def chosen_title(named: str, source: str | None, names: list[str], headline: str) -> tuple[str, str | None]:
    """The title and where it was read. Words that the page itself puts around a name are cut off it."""
    shown = _bare(headline)
    if len(named) > 1 and any(character.isalpha() for character in named):
        inner = next((name for name in names if _is_most_of(name, named)), None) if source == "microdata" else None
        return (inner, "meta tags") if inner else (_bare(named), source)
    inside = next((name for name in names if likeness(name.casefold(), shown.casefold()) >= 75), None)
    if shown and inside:
        return (inside, "meta tags") if _is_most_of(inside, shown) else (shown, "page text")
    return (names[0], "meta tags") if names else (shown, "page text" if shown else None)


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
