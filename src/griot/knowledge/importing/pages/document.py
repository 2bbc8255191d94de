"""An HTML page ready to be read: decoded, parsed, its address, language and country."""

import codecs
import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from charset_normalizer import from_bytes
from lxml import etree

from griot.knowledge.importing.currencies import OF_COUNTRY, country_of

LARGEST = 20_000_000  # bytes of a page that are read
_DEEPEST = 250  # levels of nesting that are followed

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{50000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_MOST_ATTRIBUTES = 5_000  # of one tag: parsing takes the square of their number
_CUT_TAG = 20_000  # characters left of a tag with more

_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})""")
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,30})""")
_HEADER_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w-]{2,30})")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|is-hidden|u-hidden|display-none|none|js-hidden|aok-hidden|g-hdn|uk-hidden|is-hide|"
    r"ng-hide)(?=$|\s)"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")

BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section",
     "select", "table", "tbody", "td", "th", "tr", "ul"}
)  # fmt: skip
UNSEEN = frozenset({"script", "style", "template", "noscript", "head", "svg", "iframe", "object"})


@dataclass(frozen=True, slots=True)
class Page:
    """``url``: the address it was fetched from, None for a file; ``base``: what relative addresses start from.

    ``country`` (ISO 3166) and ``language`` (BCP 47): what the address and the page say, None where they do not.
    """

    tree: etree._Element
    url: str | None
    base: str
    language: str | None
    country: str | None
    metas: dict[str, list[str]] = field(default_factory=dict)

    def meta(self, *names: str) -> str | None:
        """The first content of a meta tag with one of these names, in the order of the names."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)

    def absolute(self, address: str) -> str | None:
        """An http address made absolute, None for one that is none or cannot be."""
        return absolute(self.base, address)


def open_page(body: bytes, url: str | None, content_type: str | None) -> Page | None:
    """The page that bytes hold, or None when there is nothing in them."""
    text = _LONG_TAG.sub(_cut, _NOT_CHARACTERS.sub(" ", decoded(body[:LARGEST], content_type)))
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        tree = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    if tree is None:
        return None
    metas = _metas(tree)
    base = next((node.get("href", "") for node in tree.iter("base")), "")
    address = url or _own_address(tree, metas)
    language = _language(tree, metas)
    return Page(tree, url, absolute(address, base) or address, language, _country(address, language, metas), metas)


def _cut(tag: re.Match[str]) -> str:
    """A tag of very many attributes cut short; one that is long for its data stays whole."""
    many = len(_QUOTED.sub("", tag[0]).split()) > _MOST_ATTRIBUTES
    return tag[0][:_CUT_TAG] if many else tag[0]


def decoded(body: bytes, content_type: str | None) -> str:
    """Text of bytes: by their mark, the header's charset, the page's own, UTF-8, or what they look like."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body.decode(codec, "replace")
    named = _HEADER_CHARSET.search(content_type or "")
    within = _XML_CHARSET.search(body[:200]) or _META_CHARSET.search(body[:8192])
    for charset in (named and named[1], within and within[1].decode("ascii", "ignore"), "utf-8"):
        try:
            if charset:
                return body.decode("cp1252" if charset.lower() in ("iso-8859-1", "latin1") else charset)
        except (LookupError, UnicodeError):
            continue
    if within and within[1].lower() in (b"utf-8", b"utf8"):
        return body.decode("utf-8", "replace")
    guess = from_bytes(body[:100_000]).best()
    return body.decode(guess.encoding if guess else "utf-8", "replace")


def absolute(base: str, address: str) -> str | None:
    """``address`` as an http address, relative ones from ``base``; None for data:, javascript: and nonsense."""
    written = address.strip()
    if not written or written.startswith(("data:", "javascript:", "about:", "blob:", "mailto:", "tel:")):
        return None
    try:
        joined = urldefrag(urljoin(base, written)).url if base else written
        parts = urlsplit(joined)
    except ValueError:
        return None
    if joined.startswith("//"):
        return "https:" + joined
    return joined if parts.scheme in ("http", "https") and parts.netloc else None


def shown_text(element: etree._Element, limit: int = 2_000) -> str:
    """What an element shows as text: blocks parted by spaces, hidden parts left out, cents in ``sup`` after a dot."""
    parts: list[str] = []
    _collect(element, parts, limit, _DEEPEST)
    return " ".join("".join(parts).split())


def is_hidden(element: etree._Element) -> bool:
    """Whether an element's own marks say that nobody sees it, or not yet."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool((style and _HIDDEN_STYLE.search(style)) or _HIDDEN_CLASS.search(element.get("class", "").lower()))


def _collect(element: etree._Element, parts: list[str], limit: int, depth: int) -> int:
    """Add the element's text to ``parts``; what is left of the limit afterwards."""
    tag = element.tag
    if not isinstance(tag, str) or tag in UNSEEN or depth == 0:
        return limit
    block = tag in BLOCKS
    if block:
        parts.append(" ")
    text = element.text or ""
    if tag == "sup" and re.fullmatch(r"\s*\d{2}\s*", text) and parts and parts[-1].rstrip()[-1:].isdigit():
        parts.append(".")
    parts.append(text[:limit])
    limit -= len(text)
    for child in element:
        if limit <= 0:
            break
        if not (child.attrib and is_hidden(child)):
            limit = _collect(child, parts, limit, depth - 1)
        parts.append((child.tail or "")[: max(limit, 0)])
        limit -= len(child.tail or "")
    if block:
        parts.append(" ")
    return limit


def _metas(tree: etree._Element) -> dict[str, list[str]]:
    """Contents of the meta tags by folded name, whether written ``name=``, ``property=`` or ``itemprop=``."""
    metas: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        content = node.get("content", "").strip()
        for name in {node.get("property"), node.get("name")}:
            if name and content:
                metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _own_address(tree: etree._Element, metas: dict[str, list[str]]) -> str:
    """The address that a page gives itself: canonical, og:url."""
    for node in tree.iter("link"):
        if "canonical" in node.get("rel", "").lower().split() and absolute("", node.get("href", "")):
            return node.get("href", "").strip()
    return next((value for value in metas.get("og:url", ()) if absolute("", value)), "")


def _language(tree: etree._Element, metas: dict[str, list[str]]) -> str | None:
    written = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    said = [written, *metas.get("content-language", ()), *metas.get("og:locale", ())]
    return next(
        (value.strip().replace("_", "-") for value in said if re.match(r"\s*[A-Za-z]{2,3}([-_]|\s*$)", value)), None
    )


def _country(address: str, language: str | None, metas: dict[str, list[str]]) -> str | None:
    """The country that the address names (``/en-ca/``, ``/nz/en/``, ``.co.uk``), else the language tags (``fr-SN``)."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    segments = [segment.lower() for segment in path.split("/") if segment][:2]
    said = [_region(segment) for segment in segments if re.fullmatch(r"[a-z]{2}[-_][a-z]{2}", segment)]
    if len(segments) == 2 and all(len(segment) == 2 for segment in segments):
        said += [segment.upper() for segment in segments if segment.upper() in OF_COUNTRY]
    said.append(country_of(address))
    said += [_region(value) for value in [language or "", *metas.get("og:locale", ())]]
    return next((country for country in said if country and country in OF_COUNTRY), None)


def _region(tag: str) -> str | None:
    """The country of a language tag, either way round (``en-CA``, ``ca-en`` of an address)."""
    parts = [part.upper() for part in re.split(r"[-_]", tag) if len(part) == 2]
    return next((part for part in reversed(parts) if part in OF_COUNTRY), None) if len(parts) > 1 else None
