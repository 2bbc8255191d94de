"""`griot bench import`: a file of N products into a fresh database, and again, beside a file of a quarter as many.

Each size runs in a process of its own, so that its peak of memory is its own. What a process weighs before it reads
anything is told beside it: the rest is what an import takes.
"""

import asyncio
import csv
import gc
import io
import multiprocessing
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from griot.core.clock import SystemClock
from griot.core.db import database_url
from griot.core.db.pool import Database
from griot.core.settings import Settings
from griot.knowledge.importing.merging import queries, service
from griot.knowledge.importing.reading import read
from griot.rehearsal.figures import print_json
from griot.tools.shops.service import create_shop

MOST_SECONDS = 60.0  # for reading and merging 10,000 products into an empty shop
MOST_GROWTH = 1.5  # times the peak of a quarter of the products
_SEED = 7
_KINDS = ("Robe", "Sac", "Chemise", "Foulard", "Sandales", "Collier", "Pagne", "Boubou", "Natte", "Panier", "Savon")
_OF = ("wax", "bazin", "cuir", "coton", "lin", "raphia", "perles", "bogolan", "soie", "karité", "indigo", "velours")
_LIKE = ("bleu nuit", "rouge", "ocre", "vert olive", "brodé main", "à fleurs", "long", "court", "enfant", "de fête")
_SAID = "Fait à la main à Dakar par nos artisans, lavage à froid, expédié sous deux jours ouvrés. "


def catalogue_file(products: int) -> bytes:
    """A CSV as shops export it: one line a product, sizes in a cell, prices as people write them."""
    chance = random.Random(_SEED)  # noqa: S311 (the same file every time)
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(("Référence", "Désignation", "Catégorie", "Prix", "Stock", "Tailles", "Description", "Photo"))
    for number in range(products):
        kind, of, like = chance.choice(_KINDS), chance.choice(_OF), chance.choice(_LIKE)
        rows.writerow(
            (
                f"REF-{number:06d}-{chance.randrange(36**4):x}",
                f"{kind} {of} {like} n° {number}",
                f"{kind}s",
                f"{chance.randrange(2, 180) * 500} F CFA",
                chance.randrange(0, 40),
                chance.choice(("", "", "S, M, L", "38, 39, 40, 41")),
                _SAID * chance.randrange(1, 5),
                f"https://boutique.example/photos/{number}.jpg",
            )
        )
    return out.getvalue().encode()


def bench_import(config: Settings, *, products: int, as_json: bool) -> int:
    """Import a quarter of the products and all of them, and each again; 1 when a target is missed."""
    from griot.evals.pool import fresh_database  # not in the processes that are measured

    console = Console(stderr=True)
    server = database_url(config)
    runs = []
    with TemporaryDirectory() as folder:
        for size in (max(1, products // 4), products):
            console.print(f"{size} products …")
            file = Path(folder) / f"{size}.csv"
            file.write_bytes(catalogue_file(size))
            with fresh_database(server) as url:
                context = multiprocessing.get_context("spawn")
                with ProcessPoolExecutor(1, mp_context=context) as pool:
                    runs.append(pool.submit(_import_twice, url, str(file)).result())
    quarter, whole = runs
    result = {
        "machine": {"cores": os.cpu_count()},
        "runs": runs,
        "seconds": round(whole["read_seconds"] + whole["merge_seconds"], 2),
        "peak_growth": round(whole["peak_mb"] / quarter["peak_mb"], 2),
        "targets": {"seconds_for_10000": MOST_SECONDS, "peak_growth": MOST_GROWTH},
    }
    if as_json:
        print_json(result)
    else:
        _show(runs)
    in_time = result["seconds"] <= MOST_SECONDS * max(1.0, products / 10_000)
    as_expected = all(run["new"] == run["products"] == run["unchanged_again"] for run in runs)
    return 0 if in_time and as_expected and result["peak_growth"] <= MOST_GROWTH else 1


def _import_twice(url: str, file: str) -> dict[str, Any]:
    """In a process of its own: what reading, merging and doing it again take."""
    path = Path(file)
    warm = read(b"Nom;Prix\nRobe;5 F CFA\n")  # libraries are loaded before anything is measured
    assert warm.products
    gc.collect()
    bare = _peak_mb()
    took = asyncio.run(_measured(url, path))
    products = took.pop("products")
    return {
        "products": products,
        "file_mb": round(path.stat().st_size / 1e6, 1),
        **took,
        "products_per_second": round(products / (took["read_seconds"] + took["merge_seconds"])),
        "bare_mb": round(bare, 1),
        "peak_mb": round(_peak_mb(), 1),
        "kb_per_product": round((_peak_mb() - bare) * 1000 / products, 1),
    }


async def _measured(url: str, path: Path) -> dict[str, Any]:
    db = Database(url, size=2)
    await db.open()
    try:
        shop = await create_shop(url, name="Chez Awa", now=SystemClock().now())
        first = await _imported(db, shop.id, shop.currency, path)
        peak = _peak_mb()
        again = await _imported(db, shop.id, shop.currency, path)
    finally:
        await db.close()
    return {
        "products": first["new"] + first["left_out"],
        "new": first["new"],
        "unchanged_again": again["unchanged"],
        "read_seconds": first["read_seconds"],
        "merge_seconds": first["merge_seconds"],
        "again_seconds": round(again["read_seconds"] + again["merge_seconds"], 2),
        "peak_of_first_mb": round(peak, 1),
    }


async def _imported(db: Database, shop_id: int, currency: str, path: Path) -> dict[str, Any]:
    """The steps of `griot import FILE`, timed."""
    now = SystemClock().now()
    read_seconds, found = _timed(lambda: read(path.read_bytes()))
    began = time.perf_counter()
    async with db.transaction(shop_id) as tx:
        source = await queries.save_source(tx, path.name, currency=None, pieces=None, mapping=None, now=now)
        terms = service.terms_of(source, currency)
        plan = await service.planned(tx, found, terms, source["id"])
    report = await service.carry_out(db, shop_id, source["id"], found.kind, plan, now)
    merge_seconds = round(time.perf_counter() - began, 2)
    return {**report, "read_seconds": read_seconds, "merge_seconds": merge_seconds}


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return round(time.perf_counter() - began, 2), done


def _peak_mb() -> float:
    """The most memory that this process had at once. Linux counts what it was forked from to ru_maxrss, not here."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        unit = 1e6 if sys.platform == "darwin" else 1e3
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _show(runs: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for run in runs:
        table.add_column(f"{run['products']} products", justify="right")
    for name, label in (
        ("file_mb", "file, MB"),
        ("read_seconds", "read, s"),
        ("merge_seconds", "merged into an empty shop, s"),
        ("again_seconds", "all of it again, s"),
        ("products_per_second", "products a second"),
        ("bare_mb", "process before it reads, MB"),
        ("peak_mb", "its peak, MB"),
        ("kb_per_product", "kB a product"),
    ):
        table.add_row(label, *(str(run[name]) for run in runs))
    Console().print(table)
