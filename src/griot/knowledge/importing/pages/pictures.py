"""Pictures of the article where no markup names any: the large ones near its headline."""

import re

from griot.knowledge.importing.pages.document import Page
from griot.knowledge.importing.pages.walk import In, Spot, View, marked, marks_of

_NO_PICTURE = re.compile(
    r"(?i)sprite|pixel|spacer|blank|logo|icon|loader|loading|placeholder|transparent|flag|avatar|badge|\.svg(?:$|\?)|1x1|/ad[s/]"
)
_MAIN_MARKS = re.compile(
    r"(?:^|[\s_-])(?:gallery|main-?image|product-?(?:image|photo|media|gallery)|landing-?image|zoom|hero|photo|image|picture)(?=$|[\s_-])"
)
_SMALLEST = 100  # pixels: below it is a thumbnail or an icon
_MOST = 10


def shown_pictures(page: Page, view: View, headline: Spot | None) -> tuple[str, ...]:
    """Addresses of pictures that stand near the headline or in a gallery, best first."""
    found: list[tuple[float, str]] = []
    for spot in view.spots:
        if spot.element.tag != "img" or spot.flags & In.ASIDE:
            continue
        address = _address(page, spot)
        if address is None or _NO_PICTURE.search(address) or _is_small(spot):
            continue
        line = [spot.element, *list(spot.element.iterancestors())[:3]]
        score = 3.0 if any(marked(_MAIN_MARKS, marks_of(element)) for element in line) else 0.0
        score += 2 if headline is not None and abs(spot.start - headline.start) < 500 else 0
        score -= 2 if spot.flags & In.LINK and not score else 0
        if score > 0:
            found.append((score, address))
    ordered = sorted(found, key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(address for _, address in ordered))[:_MOST]


def _address(page: Page, spot: Spot) -> str | None:
    """The largest address an image names: what it is replaced by once loaded comes before what it shows first."""
    for name in (
        "data-zoom-image",
        "data-large_image",
        "data-old-hires",
        "data-src",
        "data-lazy",
        "data-original",
        "src",
    ):
        made = page.absolute(spot.element.get(name, ""))
        if made:
            return made
    return None


def _is_small(spot: Spot) -> bool:
    for name in ("width", "height"):
        size = re.match(r"\d+", spot.element.get(name, ""))
        if size and int(size[0]) < _SMALLEST:
            return True
    return False
