"""Data folders for the embedded server; a test module takes them with ``pytest_plugins = ["embedded_fixtures"]``."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from griot.core.db.embedded import EmbeddedPostgres


@pytest.fixture
def empty() -> Iterator[Path]:
    """A data folder that any user can enter, before its first start; its server is gone afterwards."""
    made = _new_folder()
    yield made
    remove(made)


@pytest.fixture
def folder(prototype: Path) -> Iterator[Path]:
    """A data folder after its first start, with the server stopped."""
    made = _copy_of(prototype)
    yield made
    remove(made)


@pytest.fixture
def second(prototype: Path) -> Iterator[Path]:
    """Another data folder like ``folder``."""
    made = _copy_of(prototype)
    yield made
    remove(made)


@pytest.fixture(scope="session")
def prototype() -> Iterator[Path]:
    made = _new_folder()
    EmbeddedPostgres(made).start()
    EmbeddedPostgres(made).stop()
    yield made
    remove(made)


@pytest.fixture
def closed() -> Iterator[Path]:
    """A data folder below one that nobody but us can enter, as in root's home."""
    made = Path(tempfile.mkdtemp(prefix="griot-test-", dir="/var/tmp"))
    (made / "data").mkdir()
    yield made / "data"
    for inside in made.iterdir():
        remove(inside)
    made.rmdir()


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """The URL of a server for tests that only look at it."""
    made = _new_folder()
    yield EmbeddedPostgres(made).start()
    remove(made)


def _new_folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="griot-test-", dir="/var/tmp"))
    made.chmod(0o755)
    return made


def _copy_of(prototype: Path) -> Path:
    made = _new_folder()
    subprocess.run(["cp", "-a", prototype / "postgres", made], check=True)
    return made


def remove(folder: Path) -> None:
    EmbeddedPostgres(folder).remove()
    shutil.rmtree(folder, ignore_errors=True)
