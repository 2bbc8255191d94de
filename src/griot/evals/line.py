"""The process of a run that was asked for in a console: it waits its turn, says how far it is, and how it ended."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from griot.core.errors import GriotError
from griot.evals.kept import earlier, write_json
from griot.evals.models import Json

if TYPE_CHECKING:  # who waits does not need the harness yet
    from griot.evals.pool import Progress

NICE = 10  # sales come first
_LOOK = 0.3  # seconds between two looks at who is before us
_TELL = 0.2  # seconds between two notes of how far we are


class Stopped(GriotError):
    """Somebody wanted the run to end."""


class Turn:
    """A run whose turn it is. Called with each result, it notes how far the run is, and passes the result on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._passed = self._failed = 0
        self._told = 0.0
        self._note(0, 0)

    def telling(self, progress: "Progress") -> "Progress":
        """``progress``, and the note of it in the folder; raises ``Stopped`` when the run is to end."""

        def told(done: int, total: int, line: Json) -> None:
            progress(done, total, line)
            self._passed += line["pass"] is True
            self._failed += line["pass"] is False
            if done == total or time.monotonic() - self._told > _TELL:
                self._note(done, total)
            if done < total:
                check(self._folder)

        return told

    def _note(self, done: int, total: int) -> None:
        self._told = time.monotonic()
        known = {"done": done, "total": total, "passed": self._passed, "failed": self._failed}
        write_json(self._folder / "progress.json", known)


@contextlib.contextmanager
def in_line(folder: Path) -> Iterator[Turn]:
    """Wait until no run of this data folder that was asked for earlier is alive, then have the machine's one turn.

    The end is noted in the folder, whatever it is: an error that leaves the block is why.
    """
    os.nice(NICE)
    with (folder / "alive").open("wb") as alive, (folder.parent.parent / "lock").open("wb") as machine:
        fcntl.flock(alive, fcntl.LOCK_EX)
        alive.write(b"%d" % os.getpid())  # for whoever looks for the process
        alive.flush()
        state, why = "failed", "an error that nobody foresaw: log.txt has it"
        try:
            while not _our_turn(folder, machine):
                check(folder)
                time.sleep(_LOOK)
            yield Turn(folder)
            state, why = "done", ""
        except Stopped:
            state, why = "stopped", ""
            raise
        except GriotError as error:
            why = str(error)
            raise
        finally:
            write_json(folder / "ended.json", {"state": state, "why": why})


def check(folder: Path) -> None:
    """Raise ``Stopped`` when the run is to end."""
    if (folder / "stop").exists():
        raise Stopped("The run was stopped.")


def _our_turn(folder: Path, machine: IO[bytes]) -> bool:
    if next(earlier(folder), None) is not None:
        return False
    try:
        fcntl.flock(machine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
