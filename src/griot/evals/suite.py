"""A folder of the format (docs/reference/evals.md) as a ``Suite``. Tolerant: unknown keys stay, a bad line is a problem
with its place, and every other line is read."""

from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import yaml

from griot.core.errors import NotFound
from griot.evals.cases import Unreadable, read_case
from griot.evals.models import Case, Json, Kind, Place, Problem, ShopSource, Suite
from griot.evals.tables import Tables

_SHOP_KEYS = {"name", "country", "tz", "timezone", "currency", "segment", "now"}


OWN = "suites"  # folder of an installation's own suites, in its data folder


def suites(data_dir: Path) -> dict[str, Path]:
    """Suites by name: those that come with Griot, then the installation's own, which cannot take their names."""
    ours = _folders(Path(str(files("griot").joinpath("evals", "suites"))))
    return ours | {name: path for name, path in _folders(data_dir / OWN).items() if name not in ours}


def _folders(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {entry.name: entry for entry in sorted(folder.iterdir()) if (entry / "shops" / "shops.json").is_file()}


def find_suite(name_or_path: str, data_dir: Path) -> Path:
    """The folder of a suite; ``NotFound`` says which there are."""
    path = Path(name_or_path)
    if path.is_dir():
        return path
    known = suites(data_dir)
    if name_or_path in known:
        return known[name_or_path]
    raise NotFound(
        f"There is no suite {name_or_path!r}: give the folder of one, or a name"
        f" ({', '.join(known) or 'none comes with this installation'}); `griot eval list` shows them."
    )


def load_suite(path: Path) -> Suite:
    """Read a folder. Raises ``NotFound`` when it is no suite at all; smaller faults are in ``Suite.problems``."""
    root = path.resolve()
    if not (root / "shops" / "shops.json").exists():
        raise NotFound(f"{path} is not a suite: it needs shops/shops.json (docs/reference/evals.md has the format).")
    problems: list[Problem] = []
    about = _about(root, problems)
    shops = {shop.key: shop for shop in _shops(root, problems)}
    defaults = about.get("defaults") or {}
    cases: list[Case] = []
    for name in ("turns.jsonl", "dialogues.jsonl"):
        for place, data in _lines(root, name, problems):
            kind: Kind = "dialogue" if name[0] == "d" or "turns" in data or "final" in data else "turn"
            try:
                cases.append(read_case({**defaults, **data}, kind, shops, place))
            except Unreadable as error:
                problems.append(Problem("error", str(place), error.what, error.do, case=str(data.get("id", ""))))
    if not cases:
        problems.append(
            Problem(
                "error", root.name, "The suite has no case.", "Write turns.jsonl or dialogues.jsonl, a case a line."
            )
        )
    return Suite(
        name=str(about.get("name") or root.name),
        path=root,
        description=str(about.get("description") or ""),
        shops=shops,
        cases=tuple(cases),
        problems=tuple(problems),
    )


def outline(name: str, suite: Suite) -> Json:
    """What a list of suites says of one."""
    return {
        "name": name,
        "shops": len(suite.shops),
        "turns": sum(case.kind == "turn" for case in suite.cases),
        "dialogues": sum(case.kind == "dialogue" for case in suite.cases),
        "description": suite.description,
    }


def _about(root: Path, problems: list[Problem]) -> Json:
    path = root / "suite.yaml"
    if not path.exists():
        return {}
    try:
        about = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"suite.yaml:{mark.line + 1}" if mark else "suite.yaml"
        problems.append(Problem("error", where, "The file is not YAML.", "Mend it, or take it away: it is optional."))
        return {}
    if not isinstance(about, dict) or not isinstance(about.get("defaults") or {}, dict):
        what = "The file, and its key `defaults`, hold names and values."
        problems.append(Problem("error", "suite.yaml", what, "Write name: …, description: …, defaults: {lang: fr}."))
        return {}
    return about


def _shops(root: Path, problems: list[Problem]) -> Iterator[ShopSource]:
    where = "shops/shops.json"
    try:
        entries = orjson.loads((root / where).read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        problems.append(Problem("error", f"{where}:{error.lineno}", f"Not JSON: {error.msg}.", "Mend the file."))
        return
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        problems.append(Problem("error", where, "It is not an object of shops.", 'Write {"shop": {"name": …}, …}.'))
        return
    for key, entry in entries.items():
        zone = str(entry.get("tz") or entry.get("timezone") or "Africa/Dakar")
        now = None
        try:
            ZoneInfo(zone)
            now = read_time(entry["now"], zone) if entry.get("now") else None
        except ZoneInfoNotFoundError:
            problems.append(Problem("error", where, f"{key}: no time zone {zone!r}.", "Use a name as Africa/Dakar."))
            zone = "UTC"
        except ValueError:
            what = f"{key}: {entry['now']!r} is not an ISO time."
            problems.append(Problem("error", where, what, "Write 2026-02-15T20:00:00+00:00."))
        tables = Tables(root, root / "shops" / key, problems)
        yield ShopSource(
            key=key,
            name=str(entry.get("name") or key),
            country=str(entry.get("country") or "SN").upper(),
            timezone=zone,
            currency=str(entry.get("currency") or "XOF").upper(),
            segment=entry.get("segment"),
            now=now,
            products=tables.products(),
            faq=tables.faq(),
            others=tables.others(),
            extra={name: value for name, value in entry.items() if name not in _SHOP_KEYS},
        )


def _lines(root: Path, name: str, problems: list[Problem]) -> Iterator[tuple[Place, Json]]:
    path = root / name
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        place = Place(name, number)
        try:
            data: Any = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            what = f"Not JSON: {error.msg} at character {error.colno}."
            problems.append(Problem("error", str(place), what, "Write one JSON object on the line."))
            continue
        if isinstance(data, dict):
            yield place, data
        else:
            problems.append(Problem("error", str(place), "The line is not an object.", "Write one JSON object on it."))


def read_time(written: Any, zone: str) -> datetime:
    """An ISO time; without zone it is the shop's. ``ValueError`` when it is none."""
    at = datetime.fromisoformat(str(written).strip())
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
