"""What an HTML page links to: products, further pages of a list, the address that it calls its own."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from griot.knowledge.importing.fetching.addresses import LONGEST, same_site
from griot.knowledge.importing.pages.document import absolute, open_page
from griot.knowledge.importing.sites.keys import page_key, without_locale

MOST = 3_000  # links of one page

_PRODUCT = re.compile(
    r"(?i)/(?:products?|produits?|productos?|produtos?|prodott[oi]|produkte?|urun|urunler|tovar|producte?n|varer?|"
    r"product-page|shop/p|store/p|p|dp|ip|itm|items?|listing|entana|منتج|المنتج)/[^/]{2,}(?:/[\w-]*\d[\w-]*)?/?$"
    r"|/(?:shop|store|boutique)/[^/]+-\d+/?$"
    r"|/\d+(?:-\d+)?-[^/]{3,}\.html$|-\d{5,}\.html$|-p-?\d{3,}(?:\.html)?/?$|/p-?\d{4,}/?$"
)
_NO_PRODUCT = re.compile(
    r"(?i)/(?:blogs?|news|actualites?|magazine|journal|tags?|category|categorie|categories|categoria|product-category|"
    r"categorie-produit|etiquette-produit|product-tag|collections?|brands?|marques?|cart|panier|checkout|commande|login|connexion|account|"
    r"mon-compte|my-account|customer|compte|contact\w*|about\w*|a-propos|qui-sommes-nous|faq|help|aide|terms\w*|cgv|"
    r"conditions\w*|privacy\w*|confidentialite|politique\w*|policies|legal|mentions-legales|pages?|author|search|"
    r"recherche|wishlist|compare|feed|rss|404(?:\.html)?|wp-content|wp-admin|wp-json|cdn-cgi|services?|events?)(?:/|$)"
)
_FILE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|pdf|zip|mp4|mp3|xml|gz|woff2?|doc|docx|xls|xlsx)$")
_PAGE_NUMBER = re.compile(r"(?i)[?&](?:page|p|paged|pg|start|offset|from)=\d+|/page[/-]?\d+/?$")
_REFRESH = re.compile(r"(?i)^\s*\d{0,3}\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"'>\s]+)")


@dataclass(frozen=True, slots=True)
class Links:
    """``canonical``: the address that a page calls its own; ``inside``: its links to the same site, as they come;
    ``following``: further pages of its list; ``refresh``: where it sends readers on by itself."""

    canonical: str | None
    inside: tuple[str, ...]
    following: tuple[str, ...]
    refresh: str | None
    classes: frozenset[str] = frozenset()

    def products(self) -> tuple[str, ...]:
        """The links that look like pages of one product."""
        return tuple(url for url in self.inside if looks_like_product(url))


NONE = Links(None, (), (), None)


def links_of(body: bytes, url: str, content_type: str | None) -> Links:
    """The links of a page; none for what is no page. Only links to the page's own site count."""
    page = open_page(body, url, content_type)
    if page is None:
        return NONE
    inside: dict[str, None] = {}
    following: dict[str, None] = {}
    for node in page.tree.iter("a", "link"):
        link = absolute(page.base, node.get("href", "")[:LONGEST])
        if not link or not same_site(link, url):
            continue
        is_next = "next" in (node.get("rel") or "").lower().split()
        if node.tag == "a" and len(inside) < MOST:
            inside[link] = None
        if is_next or (node.tag == "a" and _pages_on(link, url)):
            following[link] = None
    body_tag = next(page.tree.iter("body"), None)
    classes = frozenset((body_tag.get("class", "") if body_tag is not None else "").split())
    return Links(
        _canonical(page.tree, page.base, url), tuple(inside), tuple(following), _refresh(page.tree, url), classes
    )


def looks_like_product(url: str) -> bool:
    """Whether an address is written as shops write those of one product."""
    path = unquote(urlsplit(url).path)
    return bool(_PRODUCT.search(path)) and not _FILE.search(path)


def looks_like_none(url: str) -> bool:
    """Whether an address is of a file, a list, a blog or one of a shop's own pages."""
    path = without_locale(unquote(urlsplit(url).path))
    if looks_like_product(url):
        return bool(re.search(r"(?i)/blogs?/", path))
    return path in ("", "/") or bool(_NO_PRODUCT.search(path) or _FILE.search(path))


def _pages_on(link: str, url: str) -> bool:
    """Whether a link is another page of the same list: the same path, only the number of the page differs."""
    if not _PAGE_NUMBER.search(link):
        return False
    there, here = (re.sub(r"/page[/-]?\d+/?$", "", urlsplit(one).path).rstrip("/") for one in (link, url))
    return there == here


def _canonical(tree: etree._Element, base: str, url: str) -> str | None:
    for node in tree.iter("link"):
        if "canonical" in (node.get("rel") or "").lower().split():
            called = absolute(base, node.get("href", ""))
            if called and same_site(called, url) and page_key(called):
                return called
    return None


def _refresh(tree: etree._Element, url: str) -> str | None:
    """Where a meta refresh leads, within the site."""
    for node in tree.iter("meta"):
        if (node.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.match(node.get("content") or "")
            target = absolute(url, found[1]) if found else None
            if target and same_site(target, url) and target != url:
                return target
    return None
