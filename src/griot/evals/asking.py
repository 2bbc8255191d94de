"""Have a suite run by a process of its own, which goes on when whoever asked has left."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import griot
from griot.core.settings import Settings
from griot.evals.kept import Asked, Kept, begin


def ask(config: Settings, database: str, shop_id: int, asked: Asked, cases: Mapping[str, bytes] | None = None) -> Kept:
    """Begin a run of the shop. ``Conflict``: enough wait already.

    ``database``: address of the server on which the run makes a database of its own; ``cases``: the files of the shop's
    own suite, where that is asked for.
    """
    run = begin(config.data_dir, shop_id, asked, cases)
    suite = str(run.folder / "suite") if cases is not None else asked.suite
    command = [sys.executable, "-m", "griot.cli.main", "eval", "run", suite, "--out", str(run.folder), "--queue"]
    command += ["--jobs", str(asked.jobs), "--trials", str(asked.trials), "--model", asked.model]
    command += [word for language in asked.languages for word in ("--language", language)]
    command += [word for tag in asked.tags for word in ("--tag", tag)]
    known = {"DATABASE_URL": database, "GRIOT_DATA_DIR": str(config.data_dir.absolute())}
    with (run.folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, **known},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, name=f"eval-run:{run.id}", daemon=True).start()  # no dead process is left
    return run


@cache
def version_here() -> str:
    """What runs here: ``git describe`` in a checkout, else the version of the package."""
    folder = Path(griot.__file__).parent
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "describe", "--always", "--dirty", "--tags"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        return done.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return version("griot")
