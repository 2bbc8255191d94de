"""Runs that were asked for in a console. Each has a folder below the data folder, which says all that is known of it::

    eval-runs/shop-12/20260215-201500000000-4f2a91/
        asked.json      who asked for what, when, of which version
        suite/          the shop's own cases as they were then, where those were asked for
        alive           locked by the process of the run for as long as it lives
        progress.json   how many cases are done
        stop            somebody wants it to end
        ended.json      how it ended
        log.txt         what the command said
        summary.json, results.jsonl, report.html, junit.xml

Nothing else keeps a state: a run whose process is gone without ended.json was broken off, whoever died and when.
"""

import contextlib
import fcntl
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson

from griot.core.errors import Conflict, NotFound
from griot.evals.models import Json
from griot.evals.results import read_run

State = Literal["waiting", "running", "done", "failed", "stopped", "broken"]
ACTIVE: tuple[State, ...] = ("waiting", "running")

CASES = "cases"  # what the suite of a shop's own cases is called
MOST_ACTIVE = 5  # runs of a shop that may wait or run
KEPT = 200  # runs of a shop; the oldest go first
_START = timedelta(seconds=20)  # that a process may take until it holds its lock
_NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to be run. ``suite``: a name of ``griot eval list``, or ``CASES``; ``by``: who, as people
    call them; ``languages``, ``tags``: none is all; ``model``: ``offline`` or NAME@BASE_URL; ``version``: of Griot."""

    suite: str
    by: str
    at: datetime
    version: str
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    jobs: int = 1
    trials: int = 1
    model: str = "offline"

    @classmethod
    def read(cls, data: Json) -> "Asked":
        lists = {name: tuple(data[name]) for name in ("languages", "tags")}
        return cls(**{**data, **lists, "at": datetime.fromisoformat(data["at"])})


@dataclass(frozen=True, slots=True)
class Kept:
    """A run as it stands. ``done`` of ``total`` cases and trials (0: not known yet); ``why`` it did not come to its
    end; ``summary``: the document of ``griot eval run --json``, once it is done."""

    id: str
    folder: Path
    asked: Asked
    state: State
    done: int = 0
    total: int = 0
    passed: int = 0
    failed: int = 0
    why: str = ""
    summary: Json | None = None

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    def lines(self) -> list[Json]:
        """The result of every case; ``NotFound`` before the run is done. Not to be changed."""
        return _lines(self.folder)


def shelf(data_dir: Path) -> Path:
    """Where the runs are kept."""
    return data_dir.absolute() / "eval-runs"


def begin(data_dir: Path, shop_id: int, asked: Asked, cases: Mapping[str, bytes] | None) -> Kept:
    """A folder for a run, with the files of the shop's own suite if that is to be run. ``Conflict``: enough wait."""
    if sum(run.active for run in listed(data_dir, shop_id)) >= MOST_ACTIVE:
        raise Conflict(f"{MOST_ACTIVE} runs wait or run already: let them end, or stop one.")
    place = shelf(data_dir) / f"shop-{shop_id}"
    folder = place / f"{asked.at:%Y%m%d-%H%M%S%f}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True)
    for name, content in (cases or {}).items():
        path = folder / "suite" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    write_json(folder / "asked.json", asdict(asked))
    for old in _names(place)[KEPT:]:
        with contextlib.suppress(Conflict):
            forget(_read(place / old))
    return _read(folder)


def listed(data_dir: Path, shop_id: int) -> list[Kept]:
    """The runs of a shop, the latest first."""
    place = shelf(data_dir) / f"shop-{shop_id}"
    return [_read(place / name) for name in _names(place)]


def find(data_dir: Path, shop_id: int, name: str) -> Kept:
    """A run of the shop; ``NotFound`` when there is none of this name."""
    folder = shelf(data_dir) / f"shop-{shop_id}" / name
    if not _NAME.fullmatch(name) or not (folder / "asked.json").is_file():
        raise NotFound(f"There is no run {name!r} in this shop.")
    return _read(folder)


def stop(run: Kept) -> None:
    """Have a run end after the case that it is at; ``Conflict`` when it has ended."""
    if not run.active:
        raise Conflict("This run has ended already.")
    (run.folder / "stop").touch()


def forget(run: Kept) -> None:
    """Take a run away, with its results; ``Conflict`` while it is at work."""
    if run.active:
        raise Conflict("This run is under way: stop it first.")
    shutil.rmtree(run.folder, ignore_errors=True)


def earlier(folder: Path) -> Iterator[Kept]:
    """The runs of all shops that were asked for before this one and have not ended."""
    for place in folder.parent.parent.glob("shop-*"):
        for name in _names(place):
            if name < folder.name and not (place / name / "ended.json").exists():
                run = _read(place / name)
                if run.active:
                    yield run


def write_json(path: Path, data: Any) -> None:
    """Write a file that is never seen half written."""
    draft = path.with_suffix(".new")
    draft.write_bytes(orjson.dumps(data))
    draft.replace(path)


def _names(place: Path) -> list[str]:
    if not place.is_dir():
        return []
    found = [entry.name for entry in place.iterdir() if _NAME.fullmatch(entry.name)]
    return sorted((name for name in found if (place / name / "asked.json").is_file()), reverse=True)


def _read(folder: Path) -> Kept:
    if (folder / "ended.json").exists():
        return _ended(folder)
    asked = Asked.read(orjson.loads((folder / "asked.json").read_bytes()))
    known = _json(folder / "progress.json")
    if _alive(folder):
        return Kept(folder.name, folder, asked, "running" if known else "waiting", **known)
    if (folder / "ended.json").exists():  # it ended while we looked
        return _ended(folder)
    starts = _pid(folder) is None and datetime.now(UTC) - asked.at < _START
    return Kept(folder.name, folder, asked, "waiting" if starts else "broken", **known)


@lru_cache(maxsize=512)
def _ended(folder: Path) -> Kept:
    asked = Asked.read(orjson.loads((folder / "asked.json").read_bytes()))
    end, known = _json(folder / "ended.json"), _json(folder / "progress.json")
    summary = _json(folder / "summary.json") if end["state"] == "done" else None
    return Kept(folder.name, folder, asked, end["state"], why=end["why"], summary=summary, **known)


@lru_cache(maxsize=8)
def _lines(folder: Path) -> list[Json]:
    return read_run(folder)


def _json(path: Path) -> Json:
    try:
        found: Json = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    return found


def _pid(folder: Path) -> int | None:
    """The process that has, or had, the run's lock."""
    try:
        return int((folder / "alive").read_bytes() or b"0") or None
    except FileNotFoundError:
        return None


def _alive(folder: Path) -> bool:
    """Whether a process has the run's lock."""
    try:
        with (folder / "alive").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
