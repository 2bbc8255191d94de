"""`griot bench search`: how well and how fast products are found, beside what a shop would have without our search."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import log2
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from griot.core.settings import Settings
from griot.knowledge.search.embedding import embedder
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.index import Index
from griot.rehearsal.baselines import MOST, Find, bm25, embeddings, full_text
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.invented import electronics
from griot.rehearsal.judged import Judged, data, read_judged

LIMIT_MS, LIMIT_INDEXED = 20.0, 600.0  # of a query at p95, and products a second
_SIZE, _SEARCHES = 4000, 360  # of the invented shop that is judged
_LARGE, _TIMED = 20_000, 200  # of the one that is timed


def bench_search(config: Settings, *, folder: Path | None, fast: bool, as_json: bool) -> int:
    """Measure on a folder, or on our own sets; 1 when a query is slower or less well found than it should be."""
    with _database(config) as connection:
        if folder is not None:
            sets = [_measured(read_judged(folder), connection)]
        else:
            sets = [_measured(read_judged(data() / "search", "French and Malagasy shop"), connection)]
            if not fast:
                sets.append(_measured(electronics(_SIZE, _SEARCHES), connection))
                sets.append(_measured(electronics(_LARGE, _TIMED), connection, beside=False))
    result = {"machine": {"cores": os.cpu_count()}, "embedder": embedder().model, "sets": sets}
    if as_json:
        print_json(result)
    else:
        _show(Console(), result)
    return 0 if all(one["reached"]["ms_p95"] and one["reached"]["better_than_bm25"] for one in sets) else 1


def _measured(judged: Judged, connection: psycopg.Connection | None, *, beside: bool = True) -> dict[str, Any]:
    """Ours and the baselines on one set; ``beside``: all of these, not BM25 alone."""
    model = embedder()
    model.embed(["load the model"])
    glossary()
    began, working = time.perf_counter(), time.process_time()
    index = Index.build({product.code: product for product in judged.products}, {}, model)
    spent, worked = time.perf_counter() - began, time.process_time() - working
    index.products("the first question", MOST)
    arms: dict[str, Find] = {"griot": lambda words: [hit.key for hit in index.products(words, MOST)]}
    arms["bm25"] = bm25(judged.products)
    if beside:
        arms["embeddings"] = embeddings(judged.products, model)
        if connection is not None:
            arms["full_text_or"] = full_text(judged.products, connection)
    measured = {name: _arm(judged, find) for name, find in arms.items()}
    ours, floor = measured["griot"], measured["bm25"]
    indexed = len(judged.products) / spent if spent else 0.0
    return {
        "name": judged.name,
        "products": len(judged.products),
        "queries": ours["all"]["queries"],
        "index": {
            "seconds": round(spent, 2),
            "cpu_seconds": round(worked, 2),
            "products_per_second": round(indexed, 1),
        },
        "arms": measured,
        "reached": {
            "ms_p95": ours["ms"]["p95"] <= LIMIT_MS,
            "indexed": indexed >= LIMIT_INDEXED,
            "better_than_bm25": ours["all"]["ndcg_at_10"] >= floor["all"]["ndcg_at_10"],
        },
    }


def _arm(judged: Judged, find: Find) -> dict[str, Any]:
    """Quality by slice, and milliseconds a query."""
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    for grade in judged.grades:
        gains[grade.query][grade.product] = max(grade.gain, gains[grade.query].get(grade.product, 0.0))
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    spent, worked = [], []
    for query in judged.queries:
        if not any(gain > 0 for gain in gains[query.id].values()):
            continue
        began, working = time.perf_counter(), time.process_time()
        found = find(query.words)
        spent.append(time.perf_counter() - began)
        worked.append(time.process_time() - working)
        row = quality(found, gains[query.id])
        for name in dict.fromkeys(("all", query.kind, query.language)):
            if name:
                rows[name].append(row)
    return {
        "ms": percentiles(spent, 1000, (50, 95)),
        "cpu_ms": percentiles(worked, 1000, (50, 95)),
        "all": _mean(rows["all"]),
        "slices": {name: _mean(of) for name, of in sorted(rows.items()) if name != "all"},
    }


def quality(found: Sequence[str], gains: Mapping[str, float]) -> dict[str, float]:
    """One query: nDCG over ten, MRR, and whether a product of the best grade is among the first 1, 5 and 10.

    ``share_at_10``: of the products of the best grade, those among the first ten, of ten at most.
    """
    ideal = sorted(gains.values(), reverse=True)[:MOST]
    best = ideal[0]
    reached = sum(gains.get(code, 0.0) / log2(at + 2) for at, code in enumerate(found[:MOST]))
    wanted = [gains.get(code, 0.0) >= best for code in found[:MOST]]
    first = wanted.index(True) + 1 if any(wanted) else 0
    return {
        "ndcg_at_10": reached / sum(gain / log2(at + 2) for at, gain in enumerate(ideal)),
        "recall_at_1": float(any(wanted[:1])),
        "recall_at_5": float(any(wanted[:5])),
        "recall_at_10": float(any(wanted)),
        "share_at_10": sum(wanted) / min(MOST, sum(gain >= best for gain in gains.values())),
        "mrr": 1 / first if first else 0.0,
    }


def _mean(rows: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    names = rows[0] if rows else ()
    means = {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in names}
    return {"queries": len(rows), **means}


@contextmanager
def _database(config: Settings) -> Iterator[psycopg.Connection | None]:
    """The database of the settings for the full-text baseline; none when none is named or reachable."""
    address = config.database_url.get_secret_value() if config.database_url else ""
    if not address:
        yield None
        return
    try:
        connection = psycopg.connect(address, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()


def _show(console: Console, result: dict[str, Any]) -> None:
    for one in result["sets"]:
        index = one["index"]
        title = f"{one['name']}: {one['products']} products, {one['queries']} queries"
        table = Table(title=f"{title}; indexed in {index['seconds']} s ({index['products_per_second']:g}/s)")
        for column in ("", "slice", "queries", "nDCG@10", "R@1", "R@5", "R@10", "MRR", "ms p50", "ms p95"):
            table.add_column(column, justify="right" if column not in ("", "slice") else "left")
        for name, arm in one["arms"].items():
            for part, row in {"all": arm["all"], **arm["slices"]}.items():
                figures = (row["ndcg_at_10"], row["recall_at_1"], row["recall_at_5"], row["recall_at_10"], row["mrr"])
                times = (f"{arm['ms']['p50']:g}", f"{arm['ms']['p95']:g}") if part == "all" else ("", "")
                table.add_row(
                    name if part == "all" else "", part, str(row["queries"]), *(f"{f:.3f}" for f in figures), *times
                )
        console.print(table)
