"""Facts about processes and locks that the kernel vouches for."""

import fcntl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; a process that dies lets go."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(file: IO[str]) -> bool:
    """Take the lock of an open file unless it is held through another opening of it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait(done: Callable[[], bool], seconds: float) -> bool:
    """Whether ``done`` came true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def same_folder(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def works_in(pid: int, folder: Path) -> bool:
    """Whether a process has a data directory as its working directory, as every process of a PostgreSQL server has."""
    if Path("/proc/self/cwd").exists():
        try:
            return same_folder(Path(f"/proc/{pid}/cwd").readlink(), folder)
        except OSError:  # gone, or of a user who is neither us nor the server's
            return False
    # Without /proc (macOS), by the command line, which names the folder.
    answer = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(folder) in answer.stdout
