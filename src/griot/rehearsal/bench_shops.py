"""`griot bench search --shops N`: N shops of 20,000 products in one database, from a worker's start to its answers.

The worker is a process of its own, so that its memory is its own.
"""

import asyncio
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from string import ascii_uppercase
from typing import Any

import psutil
from rich.console import Console

from griot.agent.interpreter import warm
from griot.agent.models import Catalogue
from griot.core.clock import SystemClock
from griot.core.db import database_url
from griot.core.db.pool import Database
from griot.core.money import Money
from griot.core.settings import Settings
from griot.core.tenancy import load_shop
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.stored import service as vectors
from griot.rehearsal.bench_search import LIMIT_INDEXED, LIMIT_MS
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.invented import electronics
from griot.tools.shops.service import create_shop
from griot.worker.catalogues import Catalogues

_AT_ONCE = 1000  # products that are written in one transaction
_SEARCHES = 200  # of the shop that is asked alone, and of all shops together
_FOUND = 10


@dataclass(slots=True)
class Spent:
    """Seconds, of the clock and of the processor."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def _spending() -> Iterator[Spent]:
    spent = Spent()
    began, working = time.perf_counter(), time.process_time()
    yield spent
    spent.wall, spent.cpu = round(time.perf_counter() - began, 5), round(time.process_time() - working, 5)


def bench_shops(config: Settings, *, shops: int, products: int, as_json: bool) -> int:
    """Fill a fresh database, embed every title, then ask a fresh worker; 1 when a target is missed."""
    from griot.evals.pool import fresh_database  # not in the process that is measured

    console = Console(stderr=True)
    with fresh_database(database_url(config)) as url:
        console.print(f"{shops} shops of {products} products …")
        filled = asyncio.run(_filled(url, shops, products))
        console.print("a worker starts …")
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            asked = pool.submit(_asked, url, filled.pop("shops"), products).result()
    result = {
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)},
        "shops": shops,
        "products": shops * products,
        **filled,
        **asked,
        "targets": {"ms_p95": LIMIT_MS, "embedded_per_second": LIMIT_INDEXED},
    }
    if as_json:
        print_json(result)
    else:
        for name, value in result.items():
            Console().print(f"{name}: {value}", highlight=False)
    return 0 if max(result["one_shop"]["ms"]["p95"], result["all_shops"]["ms"]["p95"]) <= LIMIT_MS else 1


async def _filled(url: str, shops: int, products: int) -> dict[str, Any]:
    """Write the shops and the vectors of their titles."""
    db = Database(url, size=2)
    await db.open()
    model = embedder()
    model.embed(["load the model"])
    now = SystemClock().now()
    ids, embedded = [], Spent()
    try:
        for number in range(shops):
            shop = await create_shop(url, name=f"Shop {number}", now=now)
            ids.append(shop.id)
            rows = [
                NewProduct(_code(n), p.title, Money(5000, shop.currency), 3, p.description, p.category)
                for n, p in enumerate(electronics(products, 0, seed=number).products)
            ]
            for start in range(0, len(rows), _AT_ONCE):
                async with db.transaction(shop.id) as tx:
                    await catalogue.create_products(tx, rows[start : start + _AT_ONCE], now)
            with _spending() as spent:
                await vectors.embed_missing(db, shop.id, model, products)
            embedded = Spent(embedded.wall + spent.wall, embedded.cpu + spent.cpu)
    finally:
        await db.close()
    return {
        "shops": ids,
        "embedding_seconds": asdict(embedded),
        "embedded_per_second": round(shops * products / embedded.wall, 1),
    }


def _code(number: int) -> str:
    """Codes have four figures at most."""
    return f"E{ascii_uppercase[number // 10_000]}{number % 10_000}"


def _asked(url: str, shops: Sequence[int], products: int) -> dict[str, Any]:
    """In a process of its own: what a worker takes until it can answer for every shop, and how fast it does."""
    return asyncio.run(_measured(url, shops, products))


async def _measured(url: str, shops: Sequence[int], products: int) -> dict[str, Any]:
    warm()
    bare = _memory_mb()
    db = Database(url, size=2)
    await db.open()
    catalogues = Catalogues()
    known, read, made = [], [], []
    try:
        for shop_id in shops:
            async with db.transaction(shop_id) as tx:
                shop = await load_shop(tx)
                with _spending() as spent:
                    known.append(await catalogues.current(tx, shop))
                read.append(spent)
            with _spending() as spent:
                await catalogues.make_searchable(known[-1])
            made.append(spent)
            _wait_for_meaning()
    finally:
        await db.close()
    full = _memory_mb()
    asked = [[query.words for query in electronics(products, _SEARCHES, seed=n).queries] for n in range(len(shops))]
    return {
        "memory_mb": {"before": bare, "with_all_shops": full},
        "kb_per_product": round((full - bare) * 1000 / (len(shops) * products), 2),
        "read_seconds": _middle(read),
        "index_seconds": _middle(made),
        "one_shop": _timed((known[0], words) for words in asked[0]),
        "all_shops": _timed(
            (known[n % len(known)], asked[n % len(known)][n // len(known)]) for n in range(_SEARCHES * len(known))
        ),
    }


def _wait_for_meaning() -> None:
    """Until the threads that give indexes their vectors are done."""
    for thread in threading.enumerate():
        if thread.name == "embedding a catalogue":
            thread.join()


def _timed(searches: Iterator[tuple[Catalogue, str]]) -> dict[str, Any]:
    spent = []
    for known, words in searches:
        with _spending() as one:
            known.search.products(words, _FOUND)
        spent.append(one)
    return {
        "queries": len(spent),
        "ms": percentiles([one.wall for one in spent], 1000, (50, 95)),
        "cpu_ms": percentiles([one.cpu for one in spent], 1000, (50, 95)),
    }


def _middle(spent: Sequence[Spent]) -> dict[str, float]:
    """The median of each."""
    half = len(spent) // 2
    return {
        "wall": sorted(one.wall for one in spent)[half],
        "cpu": sorted(one.cpu for one in spent)[half],
    }


def _memory_mb() -> float:
    return round(float(psutil.Process().memory_info().rss) / 1e6, 1)
