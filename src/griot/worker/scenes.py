"""What a turn knows, read from the database: for every turn of a batch, and in more depth for those that think."""

from dataclasses import replace
from datetime import datetime

from griot.agent.models import Scene
from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import service as catalogue
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import Thread
from griot.tools.customers import queries as customers
from griot.tools.live import service as live
from griot.tools.orders import queries as orders
from griot.tools.quotes import service as quotes
from griot.worker.catalogues import Catalogues

MOST_STOCK = 500  # variants whose stock is known beforehand; of a larger catalogue, that of what the search finds
PAST_ORDERS = 5


class Scenes:
    """Loads scenes."""

    def __init__(self, catalogues: Catalogues | None = None) -> None:
        self._catalogues = catalogues or Catalogues()

    async def load(self, tx: Tx, shop: Shop, threads: list[Thread], now: datetime) -> list[Scene]:
        """A scene for each thread."""
        buyers = await customers.load(tx, [thread.customer_id for thread in threads])
        open_orders = await orders.open_orders(tx, [thread.id for thread in threads])
        running = await live.current(tx)
        known = await self._catalogues.current(tx, shop)
        return [
            Scene(
                shop,
                thread,
                buyers[thread.customer_id],
                tuple(open_orders.get(thread.id, ())),
                known,
                running.id if running else None,
                now,
            )
            for thread in threads
        ]

    async def deepen(self, tx: Tx, scenes: list[Scene], now: datetime) -> list[Scene]:
        """The same scenes with what thinking needs: what was said, past orders, the open quote, what is in stock."""
        for scene in scenes:
            await self._catalogues.make_searchable(scene.catalogue)
        threads = [scene.thread.id for scene in scenes]
        said = await conversations.history(tx, threads)
        past = await orders.past(tx, [scene.customer.id for scene in scenes], PAST_ORDERS)
        offers = await quotes.load_open(tx, threads, now)
        stock = await catalogue.availability(tx, sorted({id_ for scene in scenes for id_ in _variants(scene)}), now)
        return [
            replace(
                scene,
                history=said.get(scene.thread.id, ()),
                past=past.get(scene.customer.id, ()),
                quote=offers.get(scene.thread.id),
                stock=stock,
            )
            for scene in scenes
        ]


def _variants(scene: Scene) -> list[int]:
    products = scene.catalogue.products
    if sum(len(product.variants) for product in products.values()) > MOST_STOCK:
        words = " ".join(message.text or "" for message in scene.thread.messages)
        found = {hit.key for hit in scene.catalogue.search.products(words, 20)}
        found |= {line.code for order in scene.orders for line in order.lines}
        products = {code: product for code, product in products.items() if code in found}
    return [variant.id for product in products.values() for variant in product.variants]
