"""What shops sell and answer, in memory: read again when it has changed, its search made beside the buyers' turns."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from griot.agent.closing import with_hours
from griot.agent.models import Catalogue
from griot.agent.reading import CodeIndex
from griot.core.db.pool import Tx
from griot.core.house import House
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.corrections import service as corrections
from griot.knowledge.faq import service as faq
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.index import Index
from griot.knowledge.search.shelf import Shelf
from griot.knowledge.search.stored import service as vectors
from griot.worker.doors import shops_behind

MOST_PRODUCTS = 300_000  # kept at once
SETTLED = 2.0  # seconds without a change after which a catalogue is made ready: an import changes it many times
AWAKE = timedelta(hours=24)


class Catalogues:
    """The catalogues of a process and their searches; those of the shops that were quiet longest are given up first."""

    def __init__(self, most_products: int = MOST_PRODUCTS) -> None:
        self._most = most_products
        self._kept: OrderedDict[int, Catalogue] = OrderedDict()
        self._shelf = Shelf()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="making a search")

    def is_ready(self, shop: Shop) -> bool:
        """Whether the shop's catalogue as it is now is here, and its search is made."""
        known = self._kept.get(shop.id)
        return known is not None and known.version == shop.catalogue_version and known.is_searchable

    def has_room(self, shop: Shop) -> bool:
        """Whether the shop's catalogue can be kept without giving up another."""
        return shop.id in self._kept or self._products() < self._most

    async def current(self, tx: Tx, shop: Shop) -> Catalogue:
        """The shop's catalogue as it is now. Its search may still have to be made: ``make_searchable``."""
        known = self._kept.get(shop.id)
        if known is None or known.version != shop.catalogue_version:
            known = await self._read(tx, shop, known)
            self._kept[shop.id] = known
        self._kept.move_to_end(shop.id)
        while self._products() > self._most and len(self._kept) > 1:
            self._kept.popitem(last=False)
        return known

    async def make_searchable(self, known: Catalogue) -> None:
        """Make a catalogue's search, unless it is made; other turns go on meanwhile."""
        if not known.is_searchable:
            await asyncio.get_running_loop().run_in_executor(self._maker, _search, known)

    async def _read(self, tx: Tx, shop: Shop, before: Catalogue | None) -> Catalogue:
        products = await catalogue.codes(tx)
        await vectors.recall(tx, products, embedder())
        made = Catalogue(
            shop.catalogue_version,
            products,
            CodeIndex.build({code: [v.options for v in p.variants] for code, p in products.items()}),
            with_hours(await faq.entries(tx), shop),
            self._shelf,
            tuple((item.words, item.intent) for item in await corrections.corrections(tx)),
        )
        if before and before.is_searchable:  # where only prices changed, its search serves the new catalogue, too
            self._maker.submit(_search, made, before.search)
        return made

    def _products(self) -> int:
        return sum(len(known.products) for known in self._kept.values())


def _search(known: Catalogue, _kept_meanwhile: Index | None = None) -> Index:
    return known.search


class CatalogueLane:
    """Makes catalogues ready before anybody asks: those that have changed, and those of shops that are awake."""

    def __init__(self, house: House, catalogues: Catalogues) -> None:
        self._house = house
        self._catalogues = catalogues
        self._seen: dict[int, int] = {}  # shop -> version that was met last
        self._one = asyncio.Lock()

    async def work(self, shop_id: int) -> float | None:
        """Make a shop's catalogue ready once it has settled; returns the seconds until then."""
        async with self._one:
            async with self._house.db.transaction(shop_id) as tx:
                shop = await load_shop(tx)
                if self._catalogues.is_ready(shop) or not self._catalogues.has_room(shop):
                    return None
                if self._seen.get(shop_id) != shop.catalogue_version:
                    self._seen[shop_id] = shop.catalogue_version
                    return SETTLED
                known = await self._catalogues.current(tx, shop)
            await self._catalogues.make_searchable(known)
        return None

    async def sweep(self) -> list[int]:
        """Shops with a live, and those that somebody wrote to lately."""
        return await shops_behind(self._house, "door_awake(%s)", self._house.clock.now() - AWAKE)
