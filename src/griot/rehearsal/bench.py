"""`griot bench live`: the whole house under load on this machine, beside PostgreSQL with the bare hold statement."""

import asyncio
import os
import random
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette

from griot.channels.simulator.poster import Poster
from griot.channels.simulator.server import create_app, serving
from griot.channels.simulator.state import Simulator
from griot.core.db.binaries import client
from griot.core.db.pool import APP_OPTIONS, OWNER_OPTIONS
from griot.core.errors import GriotError
from griot.core.house import House
from griot.core.settings import Settings
from griot.rehearsal.books import imbalances, read_books
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.shop import Venue, article, open_shop, until_rest
from griot.rehearsal.stage import Stage, fresh_stage, stage_house

HOT_ARTICLES = 20
PLENTY = 1_000_000
RUSH_STOCK = 100
PATIENCE = 120.0


class TimedPoster(Poster):
    """Posts webhooks and notes how long each acknowledgement took, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    async def post(self, url: str, body: bytes, signature: str, seconds: float) -> int:
        began = time.perf_counter()
        status = await super().post(url, body, signature, seconds)
        self.seconds.append(time.perf_counter() - began)
        return status


@dataclass
class Load:
    """Messages written by phones: who, when; answers are read off the phones afterwards."""

    simulator: Simulator
    number: str
    written: dict[str, float] = field(default_factory=dict)

    def write(self, phone: str, text: str) -> None:
        self.written[phone] = time.time()
        self.simulator.account(self.number).act(phone, {"text": text})

    def answers(self) -> list[float]:
        """Seconds from writing to the first answer on the phone, for those who have one."""
        account = self.simulator.account(self.number)
        seconds = []
        for phone, began in self.written.items():
            shown = account.thread(self.simulator.person(phone)).shown
            if shown:
                seconds.append(shown[0].wall - began)
        return seconds


async def bench_live(config: Settings, *, rate: int, seconds: int, rush: int, as_json: bool) -> int:
    """Sustain ``rate`` messages a second, rush ``rush`` buyers at 100 articles, run pgbench; 1 when a proof fails."""
    console = Console(stderr=True)
    poster = TimedPoster()
    async with fresh_stage(config, "bench") as stage:
        simulator = Simulator(poster=poster)
        app: Starlette = create_app(simulator)
        async with serving(app, int(stage.simulator.rsplit(":", 1)[1])), stage_house(stage) as house:
            simulator.graph_url = stage.config.graph_url
            await asyncio.gather(stage.start_api(), stage.start_worker())
            async with httpx.AsyncClient() as http:
                console.print(f"Sustaining {rate} messages a second for {seconds} s …")
                sustained = await _sustain(stage, house, http, simulator, poster, rate, seconds)
                console.print(f"{rush} buyers for {RUSH_STOCK} articles …")
                rushed = await _rush(stage, house, http, simulator, rush)
            await simulator.close()
        await stage.stop()
        console.print("pgbench with the bare hold statement …")
        pgbench = await asyncio.to_thread(_pgbench, stage, sustained.pop("shop"))
    result = {
        "machine": {"cores": os.cpu_count()},
        "sustained": sustained,
        "rush": rushed,
        "pgbench": pgbench,
        "ratio_to_pgbench": round(sustained["messages_per_second"] / pgbench["holds_per_second"], 4),
    }
    if as_json:
        print_json(result)
    else:
        _show(Console(), result)
    broken = [
        part
        for part in (sustained, rushed)
        if part["lost"] or part["doubled"] or part["oversold"] or part["imbalances"]
    ]
    return 1 if broken or rushed["held"] != min(rush, RUSH_STOCK) else 0


async def _sustain(
    stage: Stage,
    house: House,
    http: httpx.AsyncClient,
    simulator: Simulator,
    poster: TimedPoster,
    rate: int,
    seconds: int,
) -> dict[str, Any]:
    """Each message from another buyer, at an even pace with jitter; the first tenth warms up and is not counted."""
    articles = [article(f"ART{n}", f"Article {n}", 5_000 + n, PLENTY) for n in range(1, HOT_ARTICLES + 1)]
    venue = await _open(stage, house, http, articles, "Bench")
    chance = random.Random(1)  # noqa: S311 - load, not a secret
    total = rate * seconds
    phones = [_phone(simulator, n) for n in range(total + total // 10)]
    warm = Load(simulator, venue.phone_number_id)
    await _write_at(warm, phones[total:], rate, chance)
    await until_rest(house.db, venue.shop.id, PATIENCE)
    poster.seconds.clear()
    before, began = _cpu_seconds(stage), time.perf_counter()
    load = Load(simulator, venue.phone_number_id)
    await _write_at(load, phones[:total], rate, chance)
    written = time.perf_counter() - began
    await until_rest(house.db, venue.shop.id, PATIENCE)
    drained = time.perf_counter() - began
    spent = {name: after - before[name] for name, after in _cpu_seconds(stage).items()}
    cpu = sum(spent.values())
    answers = load.answers()
    return {
        "shop": venue.shop.id,
        "messages": total,
        "target_per_second": rate,
        "messages_per_second": round(total / written, 1),
        "drained_after_seconds": round(drained - written, 2),
        "reply_ms": percentiles(answers, 1000, (50, 95, 99)),
        "acknowledge_ms": percentiles(poster.seconds, 1000, (50, 95, 99)),
        "cpu_seconds_per_1000": round(1000 * cpu / total, 2),
        "cpu_ms_per_message": {name: round(1000 * seconds / total, 3) for name, seconds in spent.items()},
        "cores_busy": round(cpu / drained, 2),
        **await _proof(house, venue, simulator, total + len(warm.written)),
    }


async def _rush(
    stage: Stage, house: House, http: httpx.AsyncClient, simulator: Simulator, buyers: int
) -> dict[str, Any]:
    """Everybody writes the same code at once; there are a hundred."""
    venue = await _open(stage, house, http, [article("ROBE1", "Robe Wax", 15_000, RUSH_STOCK)], "Rush")
    load = Load(simulator, venue.phone_number_id)
    began = time.perf_counter()
    for n in range(buyers):
        load.write(_phone(simulator, 500_000 + n), "ROBE1")
    await until_rest(house.db, venue.shop.id, PATIENCE)
    seconds = time.perf_counter() - began
    proof = await _proof(house, venue, simulator, buyers)
    return {
        "buyers": buyers,
        "articles": RUSH_STOCK,
        "held": proof.pop("holds"),
        "seconds": round(seconds, 2),
        "messages_per_second": round(buyers / seconds, 1),
        "reply_ms": percentiles(load.answers(), 1000, (50, 95, 99)),
        **proof,
    }


async def _open(stage: Stage, house: House, http: httpx.AsyncClient, articles: list[Any], name: str) -> Venue:
    behaviour = {"throughput": None, "statuses": {"sent": 0.05, "delivered": 0.1}, "window": "off"}
    return await open_shop(stage, house, http, articles, name=name, messages_per_second=100_000, behaviour=behaviour)


def _phone(simulator: Simulator, n: int) -> str:
    phone = f"2217{n:08d}"
    simulator.add_person(phone, name=f"Buyer {n}")
    return phone


async def _write_at(load: Load, phones: list[str], rate: int, chance: random.Random) -> None:
    began = asyncio.get_running_loop().time()
    for n, phone in enumerate(phones):
        due = began + (n + chance.random()) / rate
        wait = due - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)
        elif n % 50 == 0:
            await asyncio.sleep(0)
        load.write(phone, f"ART{chance.randint(1, HOT_ARTICLES)}")


async def _proof(house: House, venue: Venue, simulator: Simulator, written: int) -> dict[str, Any]:
    counters = simulator.account(venue.phone_number_id).counters()
    async with house.db.transaction(venue.shop.id) as tx:
        books = await read_books(tx)
        wrong = await imbalances(tx)
    return {
        "holds": books.holds,
        "oversold": books.oversold,
        "lost": written - books.messages + books.unanswered + books.unsent + books.failed_sends,
        "doubled": counters["doubled"],
        "imbalances": wrong,
    }


def _cpu_seconds(stage: Stage) -> dict[str, float]:
    """CPU time so far: this process (phones and Graph API), the API, the worker, and PostgreSQL with its backends."""
    parts: dict[str, list[psutil.Process]] = {"phones_and_graph_api": [psutil.Process()]}
    parts |= {actor.name: [psutil.Process(actor.process.pid)] for actor in stage.actors.values()}
    with psycopg.connect(stage.database) as connection:
        postmaster = psutil.Process(connection.info.backend_pid).parent()
    parts["postgres"] = [postmaster, *postmaster.children()] if postmaster else []
    return {name: sum(_spent(process) for process in processes) for name, processes in parts.items()}


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


HOLD = """\\set conversation random(:first, :last)
\\set variant random(:first_variant, :last_variant)
\\set quantity random(1, 9)
SELECT outcome FROM hold_stock(now(), jsonb_build_array(jsonb_build_object('n', 0, 'conversation_id', :conversation,
    'customer_id', 1, 'variant_id', :variant, 'quantity', :quantity, 'hold_seconds', 600, 'longest_seconds', 1800,
    'reminder_share', 0.7, 'reference', 'LP-0000-0000')));
"""


def _pgbench(stage: Stage, shop_id: int) -> dict[str, Any]:
    """The hold statement alone, one buyer a transaction, from four clients: what PostgreSQL does without us."""
    with psycopg.connect(stage.database, options=OWNER_OPTIONS) as connection:
        row = connection.execute(
            "SELECT min(o.conversation_id), max(o.conversation_id), min(h.variant_id), max(h.variant_id)"
            "  FROM orders o JOIN holds h ON h.shop_id = o.shop_id AND h.order_id = o.id WHERE o.shop_id = %s",
            (shop_id,),
        ).fetchone()
    assert row is not None
    names = ("first", "last", "first_variant", "last_variant")
    variables = [part for name, value in zip(names, row, strict=True) for part in ("-D", f"{name}={value}")]
    options = f"{APP_OPTIONS} -c griot.shop_id={shop_id}"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(HOLD)
        script.flush()
        command = [str(client("pgbench")), "-n", "-c", "4", "-j", "1", "-T", "5", *variables]
        command += ["-f", script.name, make_conninfo(stage.database, options=options)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise GriotError(f"pgbench did not run: {done.stderr[-500:]}")
    return {"clients": 4, "holds_per_second": round(float(found[1]), 1)}


def _show(console: Console, result: dict[str, Any]) -> None:
    for part in ("sustained", "rush", "pgbench"):
        table = Table(title=part, show_header=False)
        for name, value in result[part].items():
            shown = ", ".join(f"{k} {v:g}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            table.add_row(name.replace("_", " "), shown)
        console.print(table)
    console.print(f"Messages a second to bare holds a second: {result['ratio_to_pgbench']}")
