"""Runs that a console asks for: one at a time, each in a process of its own, and the end of every one is told."""

import fcntl
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr

from eval_world import TINY
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.settings import Settings
from griot.evals import kept
from griot.evals.asking import ask, version_here
from griot.evals.kept import Asked, Kept
from griot.evals.pool import Plan, _chosen
from griot.evals.suite import load_suite

SHOP, OTHER = 7, 8


def asked(**values: object) -> Asked:
    at = datetime.now(UTC)
    return replace(Asked("tiny", "Fatou", at, version_here(), tags=("clarify",)), **values)  # type: ignore[arg-type]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with the tiny suite of its own."""
    monkeypatch.setenv("GRIOT_VOICE_EAR", "")
    monkeypatch.setenv("GRIOT_SECRET_KEY", "a secret for tests")
    shutil.copytree(TINY, tmp_path / "data" / "suites" / "tiny")
    return Settings(_env_file=None, data_dir=tmp_path / "data", secret_key=SecretStr("a secret for tests"))


def until(config: Settings, run: Kept, true: Callable[[Kept], bool]) -> Kept:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        now = kept.find(config.data_dir, SHOP, run.id)
        if true(now):
            return now
        time.sleep(0.05)
    raise AssertionError(f"{now} \n{(run.folder / 'log.txt').read_text()}")


def at_work(config: Settings, run: Kept) -> int:
    """Wait for the process of a run; its number."""
    alive = run.folder / "alive"
    until(config, run, lambda _: alive.exists() and alive.read_bytes() != b"")
    return int(alive.read_bytes())


def test_a_run_waits_for_the_one_before_and_leaves_its_results(config: Settings, server_url: str) -> None:
    first = ask(config, server_url, SHOP, asked())
    assert first.state == "waiting"
    until(config, first, lambda run: run.state == "running")
    second = ask(config, server_url, SHOP, asked())
    at_work(config, second)
    assert kept.find(config.data_dir, SHOP, second.id).state == "waiting"
    kept.stop(second)
    until(config, second, lambda run: run.state == "stopped")
    done = until(config, first, lambda run: not run.active)
    assert (done.state, done.done, done.total, done.passed, done.why) == ("done", 1, 1, 1, "")
    assert done.summary is not None and done.summary["version"] == version_here()
    assert [line["id"] for line in done.lines()] == ["which"]
    assert (done.folder / "report.html").exists()
    assert [run.id for run in kept.listed(config.data_dir, SHOP)] == [second.id, first.id]
    assert kept.listed(config.data_dir, OTHER) == []
    with pytest.raises(NotFound):
        kept.find(config.data_dir, OTHER, first.id)
    with pytest.raises(Conflict, match="ended"):
        kept.stop(done)
    kept.forget(done)
    assert [run.id for run in kept.listed(config.data_dir, SHOP)] == [second.id]


def test_a_process_that_dies_leaves_a_run_that_was_broken_off(config: Settings, server_url: str) -> None:
    kept.shelf(config.data_dir).mkdir(parents=True)
    with (kept.shelf(config.data_dir) / "lock").open("wb") as machine:
        fcntl.flock(machine, fcntl.LOCK_EX)  # somebody else's run
        run = ask(config, server_url, SHOP, asked())
        os.killpg(at_work(config, run), signal.SIGKILL)
        until(config, run, lambda now: now.state == "broken")


def test_what_cannot_be_run_says_why(config: Settings, server_url: str) -> None:
    run = ask(config, server_url, SHOP, asked(tags=("nonsense",)))
    failed = until(config, run, lambda now: not now.active)
    assert failed.state == "failed" and "has such a language and tag" in failed.why


def test_states_are_read_off_the_folder_alone(tmp_path: Path) -> None:
    run = kept.begin(tmp_path, SHOP, asked(), None)
    assert run.state == "waiting"
    with (run.folder / "alive").open("wb") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        alive.write(b"4711")
        alive.flush()
        assert kept.find(tmp_path, SHOP, run.id).state == "waiting"
        kept.write_json(run.folder / "progress.json", {"done": 2, "total": 5, "passed": 1, "failed": 1})
        assert kept.find(tmp_path, SHOP, run.id) == replace(run, state="running", done=2, total=5, passed=1, failed=1)
        with pytest.raises(Conflict, match="under way"):
            kept.forget(kept.find(tmp_path, SHOP, run.id))
    assert kept.find(tmp_path, SHOP, run.id).state == "broken"
    never = kept.begin(tmp_path, SHOP, asked(at=datetime.now(UTC) - timedelta(minutes=1)), None)
    assert never.state == "broken", "its process was never seen"


def test_a_shop_has_few_runs_at_once_and_names_lead_nowhere_else(tmp_path: Path) -> None:
    for _ in range(kept.MOST_ACTIVE):
        kept.begin(tmp_path, SHOP, asked(), {"turns.jsonl": b"{}", "shops/shops.json": b"{}"})
    with pytest.raises(Conflict, match="wait or run already"):
        kept.begin(tmp_path, SHOP, asked(), None)
    kept.begin(tmp_path, OTHER, asked(), None)
    for name in ("..", "../shop-8", "", "x", "20260215-201500-zzzzzz"):
        with pytest.raises(NotFound):
            kept.find(tmp_path, SHOP, name)
    run = kept.listed(tmp_path, SHOP)[0]
    assert orjson.loads((run.folder / "suite" / "shops" / "shops.json").read_bytes()) == {}


def test_cases_are_chosen_by_language_and_tag() -> None:
    suite = load_suite(TINY)
    names = {case.id: place for place, case in enumerate(suite.cases)}
    assert _chosen(suite, Plan(TINY, tags=("clarify", "cancel"))) == sorted([names["which"], names["drop"]])
    assert len(_chosen(suite, Plan(TINY, languages=("fr",)))) == len(suite.cases)
    with pytest.raises(InvalidInput, match="language and tag"):
        _chosen(suite, Plan(TINY, languages=("mg",)))
