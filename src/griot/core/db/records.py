"""What the data folder remembers of its database: where the cluster is, its port and its password."""

import json
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from griot.core.db.binaries import account, shared_folder
from griot.core.errors import ConfigurationError

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cluster is and which port it takes.

    ``home`` is ours and others may enter it; ``data`` and ``log`` inside belong to PostgreSQL's user alone.
    """

    home: Path
    port: int

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def log_end(self) -> str:
        """The last lines that the server wrote."""
        files = sorted(self.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
        lines = [line for path in files[-2:] for line in path.read_text(errors="replace").splitlines()]
        return "\n".join(lines[-8:]) or "(the log is empty)"


class Records:
    """The folder ``postgres`` of a data folder. Everything in it but the cluster is for our own eyes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self) -> Place | None:
        """Where the cluster is, or None before the first start."""
        try:
            stored = json.loads((self.folder / "server.json").read_text())
        except FileNotFoundError:
            return None
        place = Place(self.folder / stored["home"], stored["port"])  # an absolute home stays what it is
        if place.home.parent != self.folder:
            self._claim(place)
        return place

    def choose_place(self) -> Place:
        """Inside the data folder when PostgreSQL's user can enter it, else in a folder of its own elsewhere."""
        home = self.folder / "cluster"
        _make(home)
        if not account().reaches(home):
            home.rmdir()
            # The name tells people whose it is; the rest of it, that a folder deleted and made again starts afresh.
            name = f"{sha256(str(self.folder).encode()).hexdigest()[:12]}-{secrets.token_hex(4)}"
            home = shared_folder() / name / "cluster"
            _make(home.parent)
            _make(home)
            write(home.parent / "owner", str(self.folder))
        return self._remember(Place(home, _free_port()))

    def with_free_port(self, place: Place) -> Place:
        """The port of the last time, so that addresses given away stay good, unless somebody took it since."""
        return place if _is_free(place.port) else self._remember(replace(place, port=_free_port()))

    def password(self) -> str:
        path = self.folder / "password"
        try:
            return path.read_text()
        except FileNotFoundError:
            raise ConfigurationError(
                f"{path} is gone, and with it the way into the database: bring the file back from a copy."
            ) from None

    def make_password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            write(path, secrets.token_urlsafe(24))
        return path.read_text()

    def _remember(self, place: Place) -> Place:
        home = "cluster" if place.home.parent == self.folder else str(place.home)
        write(self.folder / "server.json", json.dumps({"home": home, "port": place.port}))
        return place

    def _claim(self, place: Place) -> None:
        """A data folder may be moved, but two copies of it must not share one cluster elsewhere."""
        owner = place.home.parent / "owner"
        try:
            named = Path(owner.read_text())
        except FileNotFoundError:
            raise ConfigurationError(
                f"The database of {self.folder} was kept in {place.home.parent}, which is gone: bring it back, or "
                f"delete {self.folder} to start with an empty database and `griot db restore` a backup."
            ) from None
        if named == self.folder:
            return
        if (named / "server.json").exists():
            raise ConfigurationError(
                f"{self.folder} is a copy of {named} and names the same database, {place.home}: "
                "delete the copy, and bring the rows over with `griot db backup` and `griot db restore`."
            )
        write(owner, str(self.folder))


def write(path: Path, text: str) -> None:
    """All or nothing, readable by us alone."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)


def _make(folder: Path) -> None:
    """A folder of ours that others may enter, whatever the umask is."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL itself does: connections that were closed a moment ago are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind((ADDRESS, port))
            return True
    return False
