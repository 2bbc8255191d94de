"""Suites and their runs: what there is, asking for a run, one run with its cases, the report."""

import asyncio
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from starlette.responses import FileResponse, Response

from griot.core.db.pool import Tx
from griot.core.errors import GriotError, InvalidInput, NotFound
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.evals import kept
from griot.evals.asking import ask, version_here
from griot.evals.kept import CASES, Asked, Kept
from griot.evals.models import Json
from griot.evals.suite import load_suite, outline, suites
from griot.tools.ratings import service as ratings
from griot.tools.ratings import suite as own
from griot.tools.users import queries as users
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, Shown
from griot.ui.views.quality.view import page, view
from griot.ui.views.quality.words import helpers, past

SHOWN = 30  # runs of a list
CASES_SHOWN = 15  # cases of a page
FOLLOW = 0.5  # seconds between two looks at a run under way
CORES = os.cpu_count() or 1
_MOST_TAGS = 60

# The report draws itself: it may run its own script, in a room of its own, and reach nothing and nobody.
_BOXED = "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Offer:
    """A suite that can be run. ``last``: its last run that came to an end."""

    name: str
    title: str
    description: str
    turns: int
    dialogues: int
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    last: Kept | None = None

    @property
    def brief(self) -> str:
        """The first sentence of the description."""
        found = re.match(r".{40,200}?[.:](?=\s|$)", self.description)
        return found[0].rstrip(":") if found else self.description[:200]


@page("")
async def overview(desk: Desk, at: Address) -> Shown:
    """The suites that can be run, and the runs so far."""
    async with desk.shop() as (tx, shop):
        cases = await ratings.how_many_cases(tx)
    runs = await asyncio.to_thread(kept.listed, desk.house.config.data_dir, shop.id)
    offers = await asyncio.to_thread(_offers, desk, shop, cases, runs)
    data = {
        **helpers(desk.language),
        "tab": "runs",
        "offers": offers,
        "done": [run for run in runs if run.state == "done"][:SHOWN],
        "cores": CORES,
        "model": desk.house.config.model_name if desk.house.config.model_url else "",
        "picked": ("", ""),
    }
    start = _start(at)
    data |= {"runs": runs[start : start + SHOWN], "further": start + SHOWN if len(runs) > start + SHOWN else None}
    follow = FOLLOW if any(run.active for run in runs) else None
    return Shown(
        "quality/overview_view.html", ("head", "suites", "runs", "choose"), data, desk.t("quality.title"), follow
    )


@page("run")
async def one(desk: Desk, at: Address) -> Shown:
    """``/quality/run/<id>``: how far it is, or what came of it. ``?show=all&from=15``: its cases, a page at a time."""
    run = await asyncio.to_thread(kept.find, desk.house.config.data_dir, desk.access.shop_id, _id(at))
    runs = await asyncio.to_thread(kept.listed, desk.house.config.data_dir, desk.access.shop_id)
    data = {
        **helpers(desk.language),
        "tab": "runs",
        "run": run,
        "before": next((other for other in runs if other.id < run.id and _comparable(other, run)), None),
        "past": past,
    }
    title = f"{run.asked.suite} · {desk.t('quality.title')}"
    if run.state != "done":
        return Shown("quality/under_way_view.html", ("head", "run"), data, title, FOLLOW if run.active else None)
    show = at.get("show") or "failing"
    lines = [line for line in await asyncio.to_thread(run.lines) if _fits(line, show)]
    start = _start(at)
    data |= {
        "summary": run.summary,
        "show": show,
        "found": len(lines),
        "lines": lines[start : start + CASES_SHOWN],
        "start": start,
        "step": CASES_SHOWN,
    }
    return Shown("quality/report_view.html", ("head", "run", "results", "slices", "cases"), data, title)


@view.act("evals:write")
async def run(
    desk: Desk,
    suite: Annotated[str, Field(max_length=100)],
    language: Annotated[str | None, Field(max_length=40)] = None,
    tag: Annotated[str | None, Field(max_length=80)] = None,
    jobs: Annotated[int, Field(ge=1, le=CORES)] = max(1, CORES // 2),
    trials: Annotated[int, Field(ge=1, le=8)] = 1,
    model: Literal["offline", "model"] = "offline",
) -> Done:
    """Have a suite run by a process of its own."""
    config = desk.house.config
    if suite != CASES and suite not in suites(config.data_dir):
        raise NotFound(f"There is no suite {suite!r}: `griot eval list` shows them.")
    if model == "model" and not config.model_url:
        raise InvalidInput("This installation has no language model: set GRIOT_MODEL_URL.")
    async with desk.shop() as (tx, shop):
        asked = Asked(
            suite=suite,
            by=await _name(tx, desk),
            at=datetime.now(UTC),
            version=await asyncio.to_thread(version_here),
            languages=(language,) if language else (),
            tags=(tag,) if tag else (),
            jobs=jobs,
            trials=trials,
            model=f"{config.model_name}@{config.model_url}" if model == "model" else "offline",
        )
        cases = await _cases(tx, shop) if suite == CASES else None
        begun = await asyncio.to_thread(ask, config, desk.house.db.url, shop.id, asked, cases)
        await record(tx, "eval.asked", desk.now, data={"run": begun.id, "suite": suite})
    return Done(desk.t("quality.asked"), go=f"/quality/run/{begun.id}")


@view.act("evals:write")
async def stop(desk: Desk, run: str) -> Done:
    """End a run that waits or is under way."""
    async with desk.transaction() as tx:
        found = kept.find(desk.house.config.data_dir, desk.access.shop_id, run)
        kept.stop(found)
        await record(tx, "eval.stopped", desk.now, data={"run": run, "suite": found.asked.suite})
    return Done(desk.t("quality.stopping"))


@view.act("evals:write")
async def forget(desk: Desk, run: str) -> Done:
    """Take a run away, with its results."""
    async with desk.transaction() as tx:
        found = kept.find(desk.house.config.data_dir, desk.access.shop_id, run)
        await asyncio.to_thread(kept.forget, found)
        await record(tx, "eval.forgotten", desk.now, data={"run": run, "suite": found.asked.suite})
    return Done(desk.t("quality.forgotten"), go="/quality")


@view.file("evals:read")
async def report(desk: Desk, run: str) -> Response:
    """The report of a run, as the command writes it."""
    return FileResponse(_file(desk, run, "report.html"), headers={"Content-Security-Policy": _BOXED})


@view.file("evals:read")
async def results(desk: Desk, run: str) -> Response:
    """Every case of a run, a JSON object a line."""
    return FileResponse(_file(desk, run, "results.jsonl"), media_type="application/jsonl", filename=f"{run}.jsonl")


def _file(desk: Desk, run: str, name: str) -> Path:
    path = kept.find(desk.house.config.data_dir, desk.access.shop_id, run).folder / name
    if not path.is_file():
        raise NotFound("This run has not come to its end: it has no report.")
    return path


def _id(at: Address) -> str:
    return at.rest[1] if len(at.rest) > 1 else ""


def _start(at: Address) -> int:
    """How many of a list come before what is shown."""
    wanted = at.get("from") or ""
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0


def _comparable(other: Kept, run: Kept) -> bool:
    return other.state == "done" and other.asked.suite == run.asked.suite


def _fits(line: Json, show: str) -> bool:
    if show == "all":
        return True
    if show == "forbidden":
        return bool(line["violations"] or line["flags"])
    return line["pass"] is False


async def _name(tx: Tx, desk: Desk) -> str:
    member = await users.member(tx, desk.user_id)
    return member.name if member else desk.access.actor


async def _cases(tx: Tx, shop: Shop) -> dict[str, bytes]:
    found = await own.read(tx, shop)
    if not found.get("turns.jsonl"):
        raise InvalidInput("The shop has no case yet: rate a reply in the inbox and make one of it.")
    return found


def _offers(desk: Desk, shop: Shop, cases: int, runs: Sequence[Kept]) -> list[Offer]:
    last = {run.asked.suite: run for run in reversed(runs) if run.state == "done"}
    offers = [_offer(desk, name, path, last.get(name)) for name, path in suites(desk.house.config.data_dir).items()]
    words = desk.t("quality.own_about", shop=shop.name)
    return [Offer(CASES, desk.t("quality.own"), words, cases, 0, last=last.get(CASES)), *offers]


def _changed(path: Path) -> int:
    return max(file.stat().st_mtime_ns for file in (path, *path.glob("*.*")))


def _offer(desk: Desk, name: str, path: Path, last: Kept | None) -> Offer:
    try:
        told, languages, tags = _outline(name, path, _changed(path))
    except (GriotError, OSError, ValueError):  # somebody else's files: `griot eval check` says more
        return Offer(name, name, desk.t("quality.unreadable"), 0, 0, last=last)
    return Offer(name, name, told["description"], told["turns"], told["dialogues"], languages, tags, last)


@lru_cache(maxsize=64)
def _outline(name: str, path: Path, changed: int) -> tuple[Json, tuple[str, ...], tuple[str, ...]]:
    """What a suite is, as of its last change; with its languages, and the tags that most cases have."""
    found = load_suite(path)
    tags = [tag for case in found.cases for tag in case.tags]
    often = sorted(sorted(set(tags)), key=tags.count, reverse=True)[:_MOST_TAGS]
    return outline(name, found), tuple(sorted({case.lang for case in found.cases})), tuple(sorted(often))
