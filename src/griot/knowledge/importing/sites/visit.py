"""One import under way: what is fetched, what was found, and how far it is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from griot.knowledge.importing.fetching.errors import BadAnswer, FetchError, Halt
from griot.knowledge.importing.fetching.fetcher import Fetched, Fetcher
from griot.knowledge.importing.models import Doubt, Found
from griot.knowledge.importing.reading import is_page, read, reread
from griot.knowledge.importing.sites.basket import Basket
from griot.knowledge.importing.sites.links import NONE, Links, links_of

Progress = Callable[[int, int | None], None]
_NOT_THERE = (404, 410)  # HTTP statuses


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """How much of a site is walked. What is beyond is left out, and the merchant told so."""

    products: int = 20_000
    product_pages: int = 1_000
    list_pages: int = 50
    sitemaps: int = 60
    depth: int = 3  # of sitemaps that list sitemaps
    guesses: int = 25  # pages in a row without a product, where addresses do not tell which have one


@dataclass(slots=True)
class Visit:
    """``progress`` is told (products so far, products expected or None)."""

    fetcher: Fetcher
    limits: WalkLimits
    basket: Basket
    progress: Progress = lambda done, expected: None
    expected: int | None = None
    failures: dict[str, list[str]] = field(default_factory=dict)

    async def get(self, url: str) -> Fetched | None:
        """An answer, or None when there is none: a reason noted. Only Halt is raised."""
        return await self._asked(url, self._noted, self._missed)

    async def glance(self, url: str) -> Fetched | None:
        """The same without a doubt: an address that may hold articles, so that they may be missing without it."""
        return await self._asked(url, self._missed)

    async def attempt(self, url: str) -> Fetched | None:
        """The same for an address that a shop need not have: nothing is noted. Only Halt is raised."""
        return await self._asked(url)

    async def _asked(self, url: str, *failed: Callable[[str, FetchError], None]) -> Fetched | None:
        try:
            return await self.fetcher.fetch(url)
        except Halt:
            raise
        except FetchError as error:
            for note in failed:
                note(url, error)
            return None

    def _noted(self, url: str, error: FetchError) -> None:
        self.failures.setdefault(f"{error.what}.", []).append(url)

    def _missed(self, url: str, error: FetchError) -> None:
        """A page that is not there any more leaves nothing out; any other failure may."""
        if not isinstance(error, BadAnswer) or error.code not in _NOT_THERE:
            self.cut()

    def report(self) -> None:
        """Tell how far it is."""
        done = len(self.basket)
        self.progress(done, None if self.expected is None else max(done, self.expected))

    def cut(self) -> None:
        """Note that something was not read, so that what is absent is not gone."""
        self.basket.complete = False

    def left_out(self, what: str, do: str) -> None:
        """Say that something was left out."""
        self.cut()
        self.basket.doubt(Doubt("the shop", what, do))

    def close(self) -> None:
        """Turn what failed into doubts: one a reason, with the first address and how many there are."""
        for what, urls in self.failures.items():
            more = f" That is so with {len(urls)} pages." if len(urls) > 1 else ""
            self.basket.doubt(
                Doubt(urls[0], f"{what}{more}", "Check these pages in a browser, then import again; the rest came in.")
            )


async def read_answer(answer: Fetched) -> Found:
    """What an answer holds. Reading is work for the processor: it happens beside the loop."""
    return await asyncio.to_thread(read, answer.body, url=answer.url, content_type=answer.content_type)


async def corrected(found: Found, answer: Fetched, columns: Mapping[str, str]) -> Found:
    """The table of an answer with columns as the merchant names them (``reread``). Raises InvalidInput."""
    if not columns:
        return found
    return await asyncio.to_thread(reread, answer.body, found, columns, url=answer.url)


async def read_links(answer: Fetched) -> Links:
    """The links of an answer that is a page."""
    if not is_page(answer.body, answer.content_type):
        return NONE
    return await asyncio.to_thread(links_of, answer.body, answer.url, answer.content_type)


def is_page_of(found: Found) -> bool:
    """Whether a page was read as HTML: one product's or a list's."""
    return found.kind in ("page", "listing")


def sells(found: Found) -> bool:
    """Whether a page is one product's for sure: it has a price, or markup that says that it is a product."""
    if found.kind != "page" or len(found.products) != 1:
        return False
    product = found.products[0]
    return product.price is not None or bool({"json-ld", "microdata", "rdfa"} & set(product.provenance.values()))
