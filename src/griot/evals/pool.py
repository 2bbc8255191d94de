"""A run: a database of its own, many processes, results in the order of the suite."""

import asyncio
import multiprocessing
import os
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import make_conninfo

from griot.core import logs
from griot.core.clock import FrozenClock
from griot.core.crypto import keyring
from griot.core.db import database_url
from griot.core.db.migrate import migrate
from griot.core.db.pool import Database
from griot.core.errors import ConfigurationError, GriotError, InvalidInput
from griot.core.house import House
from griot.core.http import client
from griot.core.settings import Settings
from griot.evals.buyer import Buyer, Endpoint
from griot.evals.models import BuyerTurn, Json, Suite
from griot.evals.results import failed, result_of, skipped
from griot.evals.runner import Runner
from griot.evals.suite import load_suite
from griot.worker.speech import can_hear, open_ear

OFFLINE_PATIENCE = 30.0  # seconds that one turn may take
MODEL_PATIENCE = 180.0
WARM_UP = "bonjour, vous avez quelque chose de joli pour un mariage samedi ?"
NO_VOICE = "voice notes are not heard here: pip install 'griot[voice]'"
NO_BUYER = "nobody plays the buyer: give --buyer NAME@BASE_URL"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of. ``only``: ids of cases; none: all of them. ``languages``, ``tags``: cases in one of these,
    with one of those; none: any. ``buyer``: who plays free dialogues; ``channel``: where all cases happen, instead of
    where each says."""

    suite: Path
    trials: int = 1
    jobs: int | None = None
    only: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    model: Endpoint | None = None
    buyer: Endpoint | None = None
    channel: str | None = None


class Progress(Protocol):
    def __call__(self, done: int, total: int, line: Json) -> None: ...


def run_suite(suite: Suite, plan: Plan, config: Settings, progress: Progress) -> list[Json]:
    """Run every case ``plan.trials`` times; the results in the order of the suite, trial after trial."""
    chosen = _chosen(suite, plan)
    tasks = [(number, trial) for number in chosen for trial in range(1, plan.trials + 1)]
    config = _settings(config, plan.model)
    lines: dict[tuple[int, int], Json] = {}
    with fresh_database(database_url(config)) as url:
        arguments = (plan, config.model_copy(update={"database_url": None}), url)
        jobs = min(plan.jobs or os.cpu_count() or 1, len(tasks))
        for task, line in _results(jobs, tasks, arguments):
            lines[task] = line
            progress(len(lines), len(tasks), line)
    return [lines[task] for task in tasks]


def _chosen(suite: Suite, plan: Plan) -> list[int]:
    """The places of the cases to run, in the order of the suite."""
    unknown = set(plan.only) - {case.id for case in suite.cases}
    if unknown:
        raise InvalidInput(f"There is no case {sorted(unknown)[0]!r} in {suite.name}.")
    if not suite.cases:
        raise InvalidInput(f"There is no case to run in {suite.name}: `griot eval check {suite.path}` says why.")
    chosen = [
        number
        for number, case in enumerate(suite.cases)
        if (not plan.only or case.id in plan.only)
        and (not plan.languages or case.lang in plan.languages)
        and (not plan.tags or not set(plan.tags).isdisjoint(case.tags))
    ]
    if not chosen:
        raise InvalidInput(f"No case of {suite.name} has such a language and tag: choose others.")
    return chosen


def _settings(config: Settings, model: Endpoint | None) -> Settings:
    """The installation's settings with the model of the run, and without a wait for further messages of a burst."""
    chosen: dict[str, Any] = {"model_url": "", "model_name": "", "model_key": None}
    if model:
        chosen = {"model_url": model.url, "model_name": model.name, "model_key": config.model_key}
    return config.model_copy(update={"burst_ms": 0, **chosen})


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """A migrated, empty database on the server, gone when the run is over."""
    name = f"griot_eval_{uuid.uuid4().hex[:12]}"
    try:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
    except psycopg.errors.InsufficientPrivilege:
        raise ConfigurationError(
            "The user of DATABASE_URL may not create a database, and evals run in one of their own: allow it"
            " (ALTER ROLE … CREATEDB), or leave DATABASE_URL out to use the embedded server."
        ) from None
    url = make_conninfo(server_url, dbname=name)
    try:
        migrate(url)
        yield url
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


Task = tuple[int, int]  # place of the case in the suite, trial


def _results(jobs: int, tasks: Sequence[Task], arguments: tuple[Any, ...]) -> Iterator[tuple[Task, Json]]:
    if jobs == 1:
        _begin(*arguments)
        try:
            yield from ((task, _work(*task)) for task in tasks)
        finally:
            _end()
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=arguments) as pool:
        futures: dict[Future[Json], Task] = {pool.submit(_work, *task): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            raise ConfigurationError(
                "A process of the run died (out of memory?): run it again with fewer of them, such as --jobs 1."
            ) from None
        finally:
            for future in futures:
                future.cancel()


# In a process of the run


class _Stage:
    """What one process keeps from case to case: its loop, its house and its turn lane."""

    def __init__(self, plan: Plan, config: Settings, url: str) -> None:
        suite = load_suite(plan.suite).on(plan.channel)
        self.config = config
        self.suite = suite
        self.loop = asyncio.Runner()
        self._http = client(config.send_timeout)
        db = Database(url, size=4)
        self.loop.run(db.open())
        clock = FrozenClock(suite.cases[0].now)
        house = House(config, db, keyring(config), clock, self._http)
        self._db = db
        self.ear = open_ear(config)
        patience = MODEL_PATIENCE if plan.model else OFFLINE_PATIENCE
        self.runner = Runner(house, clock, url, patience, ear=self.ear, folder=plan.suite)
        self.buyer = Buyer(plan.buyer, config.model_key) if plan.buyer else None
        if plan.model is None:
            self._warm_up(house, clock, url)

    def _warm_up(self, house: House, clock: FrozenClock, url: str) -> None:
        """One turn that counts for nothing: a worker, too, has read its words and examples before buyers write."""
        case = replace(self.suite.cases[0], turns=(BuyerTurn(WARM_UP),), history=(), final=None)
        runner = Runner(house, clock, url, MODEL_PATIENCE)
        try:
            self.loop.run(runner.run(case, self.suite.shops[case.shop], f"warm-up-{os.getpid()}"))
        except (TimeoutError, GriotError, psycopg.Error) as error:
            logs.get(__name__).error("warm-up failed, the run goes on", exc_info=error)

    def close(self) -> None:
        self.ear.close()
        self.loop.run(self._db.close())
        self.loop.run(self._http.aclose())
        self.loop.close()


_stage: _Stage | None = None


def _begin(plan: Plan, config: Settings, url: str) -> None:
    global _stage
    logs.configure("ERROR")
    _stage = _Stage(plan, config, url)


def _end() -> None:
    global _stage
    if _stage is not None:
        _stage.close()
    _stage = None


def _work(number: int, trial: int) -> Json:
    stage = _stage
    assert stage is not None
    case = stage.suite.cases[number]
    if case.voice and not can_hear(stage.config):
        return skipped(case, trial, NO_VOICE)
    if case.free and stage.buyer is None and not case.turns:
        return skipped(case, trial, NO_BUYER)
    speak = stage.buyer.play(case) if case.free and stage.buyer else None
    try:
        shop = stage.suite.shops[case.shop]
        run = stage.loop.run(stage.runner.run(case, shop, f"case-{number}-{trial}", speak))
    except TimeoutError:
        return failed(case, trial, "a turn did not come to an end")
    except (GriotError, psycopg.Error) as error:
        return failed(case, trial, f"{type(error).__name__}: {error}")
    return result_of(case, trial, run)
