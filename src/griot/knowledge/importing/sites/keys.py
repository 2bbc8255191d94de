"""When two addresses are one page of a shop: what tracking, variants and categories add does not count."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Languages that shops put before a path. Not every ISO 639-1 code: some are more often names of departments.
_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        "ar az bg bn bs ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko ku lt lv mg mk ms"
        " mt nb nl no pl pt ro ru sk sl sq sr sv sw th tr uk ur uz vi wo zh",
    )
)
_LOCALE = re.compile(r"^/([a-z]{2})(?:[-_]([a-z]{2}|[a-z]{4}))?(?=/|$)", re.IGNORECASE)
_IN_COLLECTION = re.compile(r"/collections/[^/]+(?=/products/)")
_OF_NO_MEANING = re.compile(
    r"(?i)^(?:utm_\w+|gclid|fbclid|srsltid|msclkid|mc_\w+|ref|_\w+|variant|currency|pr_\w+|source|sort\w*|from)$"
)


def page_key(url: str) -> str | None:
    """What tells a page apart: host and path folded, a query only where it chooses the page; None for a front page."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = _IN_COLLECTION.sub("", unquote(parts.path)).rstrip("/")
    kept = sorted(pair for pair in parse_qsl(parts.query) if not _OF_NO_MEANING.match(pair[0]))
    if not without_locale(path) and not kept:
        return None
    return f"{host}{path}" + (f"?{urlencode(kept)}" if kept else "")


def locale_of(path: str) -> str:
    """The language part that a path begins with (``/fr-sn``), empty where there is none."""
    found = _LOCALE.match(path)
    return found[0].lower() if found and found[1].lower() in _LANGUAGES else ""


def without_locale(path: str) -> str:
    """A path without its language part."""
    return path[len(locale_of(path)) :]


def is_front(path: str) -> bool:
    """Whether a path is a shop's front: nothing behind the language, or a file that servers call so."""
    return without_locale(path).strip("/").lower() in ("", "index.html", "index.php", "index.htm", "home", "accueil")
