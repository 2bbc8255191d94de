"""PostgreSQL started, watched and stopped by Griot itself, for installations without DATABASE_URL.

Whether a server of ours is alive is asked from the kernel: the server inherits an open, locked file, and the
lock ends with its last process. A number in postmaster.pid is never believed, nor signalled, on its own.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from griot.core.db.binaries import Account, account, locked, servers_for, shared_folder
from griot.core.errors import ConfigurationError

OWNER = DATABASE = "griot"
ADDRESS = "127.0.0.1"
START_SECONDS = 120  # a server that recovers from a crash replays its log first
STOP_SECONDS = 60

# A small machine, a durable commit, and a log that says what the server did but never what buyers wrote.
SERVER_SETTINGS = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "deadlock_timeout": "200ms",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",  # one file a weekday, overwritten a week later
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_messages": "log",  # without ERROR: 'invalid input syntax for type integer: "…"' quotes a parameter
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",  # without DETAIL: 'Key (phone)=(…) already exists'
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The embedded server as it answers now; without an answer only the place is known."""

    running: bool
    home: Path | None  # None: never started
    port: int | None = None
    pid: int | None = None
    version: str | None = None
    started_at: datetime | None = None
    size_bytes: int | None = None  # of the database `griot`


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cluster is and which port it takes, remembered in the data folder.

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


class EmbeddedPostgres:
    """The server of one data folder, shared by every process that uses the folder.

    ``data_dir/postgres`` holds what is ours alone (password, locks, the place); the cluster itself is in
    ``cluster`` beside them, or in a shared folder when PostgreSQL's user cannot enter the data folder.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.resolve()
        self._control = self._data_dir / "postgres"
        self._refusal = ""

    def start(self) -> str:
        """The owner's connection string of the database; starts, recovers or creates the server as needed.

        Safe to call at any time and from several processes at once. Raises ``ConfigurationError``.
        """
        with _explained(self._control):
            if self._answer(DATABASE):
                return self.url()
            self._control.mkdir(parents=True, exist_ok=True)
            with locked(self._control / "lock"):
                place = self._place() or self._choose_place()
                if not self._answer("postgres"):
                    self._bring_up(place)
                self._create_database()
            return self.url()

    def stop(self) -> None:
        """Stop the server and wait until it has; nothing happens when none runs. Open transactions are rolled back."""
        place = self._place()
        if place is None:
            return
        with _explained(self._control), locked(self._control / "lock"):
            postmaster = self._postmaster(place)
            if postmaster is None and self._gone():
                return
            if postmaster is not None:
                os.kill(postmaster, signal.SIGINT)
            if not _wait(lambda: self._gone() and not self._answer("postgres"), STOP_SECONDS):
                raise ConfigurationError(
                    f"PostgreSQL did not stop within {STOP_SECONDS} s; its log ends:\n{_tail(place.log)}"
                )

    def remove(self) -> None:
        """Stop the server and delete its data for good, wherever they are."""
        self.stop()
        place = self._place()
        if place is not None:
            shutil.rmtree(place.home.parent)
            shutil.rmtree(self._control, ignore_errors=True)

    def status(self) -> ServerStatus:
        with _explained(self._control):
            place = self._place()
            if place is None:
                return ServerStatus(running=False, home=None)
            if not self._answer(DATABASE):
                return ServerStatus(running=False, home=place.home)
            with psycopg.connect(self.url(), autocommit=True) as connection:
                row = connection.execute(
                    "SELECT current_setting('server_version'), pg_postmaster_start_time(), pg_database_size(%s)",
                    (DATABASE,),
                ).fetchone()
            assert row is not None
            return ServerStatus(True, place.home, place.port, self._postmaster(place), *row)

    def url(self) -> str:
        """The owner's connection string (libpq key words) of the server as it was last started."""
        place = self._place()
        if place is None:
            raise ConfigurationError("The embedded database was never started: run `griot db start`.")
        return self._conninfo(place, DATABASE)

    def _conninfo(self, place: _Place, database: str, patience: int = 10) -> str:
        return make_conninfo(
            host=ADDRESS,
            port=place.port,
            user=OWNER,
            password=self._password(),
            dbname=database,
            require_auth="scram-sha-256",  # whoever else listens on the port is never told the password
            sslmode="disable",
            gssencmode="disable",
            connect_timeout=patience,
        )

    # What is remembered

    def _place(self) -> _Place | None:
        try:
            stored = json.loads((self._control / "server.json").read_text())
        except FileNotFoundError:
            return None
        place = _Place(self._control / stored["home"], stored["port"])  # an absolute home stays what it is
        if place.home.parent != self._control:
            self._claim(place)
        return place

    def _claim(self, place: _Place) -> None:
        """A data folder may be moved, but two copies of it must not share one cluster elsewhere."""
        owner = place.home.parent / "owner"
        named = Path(owner.read_text())
        if named == self._control:
            return
        if (named / "server.json").exists():
            raise ConfigurationError(
                f"{self._control} is a copy of {named} and names the same database, {place.home}: "
                "remove the copy, and bring the rows over with `griot db backup` and `griot db restore`."
            )
        _write(owner, str(self._control))

    def _remember(self, place: _Place) -> None:
        home = "cluster" if place.home.parent == self._control else str(place.home)
        _write(self._control / "server.json", json.dumps({"home": home, "port": place.port}))

    def _choose_place(self) -> _Place:
        """Inside the data folder when PostgreSQL's user can enter it, else in a folder of its own elsewhere."""
        home = self._control / "cluster"
        _make(home)
        if not account().reaches(home):
            home.rmdir()
            # The name tells people which data folder it is of; a folder that was deleted and made again is another.
            name = f"{sha256(str(self._control).encode()).hexdigest()[:12]}-{secrets.token_hex(4)}"
            home = shared_folder() / name / "cluster"
            _make(home.parent)
            _make(home)
            _write(home.parent / "owner", str(self._control))
        place = _Place(home, _free_port())
        self._remember(place)
        return place

    def _password(self) -> str:
        try:
            return (self._control / "password").read_text()
        except FileNotFoundError:
            raise ConfigurationError(
                f"{self._control / 'password'} is gone, and with it the way into the database: bring it back from a copy."
            ) from None

    # Who is alive

    def _answer(self, database: str) -> int | None:
        """The process that answers us on our port, when it is a server process of our own data directory."""
        place = self._place()
        if place is None or not (self._control / "password").exists():
            return None
        try:
            with psycopg.connect(self._conninfo(place, database, patience=3), autocommit=True) as connection:
                row = connection.execute("SELECT current_setting('data_directory'), pg_backend_pid()").fetchone()
        except psycopg.OperationalError as error:
            self._refusal = str(error).strip()
            return None
        if row is None or not _same_folder(Path(row[0]), place.data):
            return None
        return int(row[1])

    def _postmaster(self, place: _Place) -> int | None:
        """The server's first process, verified: the parent of the one that answers, or one that works in our folder."""
        backend = self._answer("postgres")
        if backend is not None:
            return _parent(backend)
        named = _named_postmaster(place.data)
        return named if named is not None and _works_in(named, place.data) else None

    def _gone(self) -> bool:
        """Whether no process of a server that we started is left."""
        with (self._control / "alive").open("a") as file:
            return _try_lock(file)

    # Bringing it up

    def _bring_up(self, place: _Place) -> None:
        runner = account(place.data if place.data.exists() else None)
        if not runner.reaches(place.home):
            raise ConfigurationError(
                f"User `{runner.name}`, as whom PostgreSQL runs, cannot enter {place.home}: "
                "give the folders above it their former permissions back."
            )
        with (self._control / "alive").open("a") as alive:
            # Held: a server is starting, recovering or closing down; it ends by answering or by being gone.
            if not _wait(lambda: _try_lock(alive) or self._answer("postgres") is not None, START_SECONDS):
                raise self._failure(place, "PostgreSQL runs but does not answer")
            if not _try_lock(alive):
                return
            programs = servers_for(runner)
            if not place.data.exists():
                self._create_cluster(place, runner, programs)
            _check_version(place.data, programs, runner)
            _forget_dead_postmaster(place.data)
            place = self._with_free_port(place)
            self._launch(place, runner, programs, alive)
        _wait(lambda: self._answer("postgres") is not None or self._gone(), START_SECONDS)
        if self._answer("postgres") is None:
            raise self._failure(place, "PostgreSQL does not start" if self._gone() else "PostgreSQL does not answer")

    def _failure(self, place: _Place, what: str) -> ConfigurationError:
        return ConfigurationError(
            f"{what} ({self._refusal}). Mend what its log names, or set DATABASE_URL. The log ends:\n{_tail(place.log)}"
        )

    def _with_free_port(self, place: _Place) -> _Place:
        """The port of the last time, so that addresses given to other processes stay good, unless it was taken since."""
        if not _is_free(place.port):
            place = _Place(place.home, _free_port())
            self._remember(place)
        return place

    def _create_cluster(self, place: _Place, runner: Account, programs: Path) -> None:
        """Made aside and renamed when complete: a cluster that is there is a whole one."""
        for remains in place.home.glob("new-*"):
            shutil.rmtree(remains)
        if not (self._control / "password").exists():
            _write(self._control / "password", secrets.token_urlsafe(24))
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=place.home))
        password = fresh / "password"
        _write(password, self._password())
        for path in (fresh, password):
            os.chown(path, runner.uid, runner.gid)
        answer = runner.run(
            programs / "initdb",
            *("--pgdata", fresh / "data", "--username", OWNER, "--pwfile", password, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
            *(part for name, value in SERVER_SETTINGS.items() for part in ("--set", f"{name}={value}")),
        )
        if answer.returncode != 0:
            shutil.rmtree(fresh)
            raise ConfigurationError(
                f"PostgreSQL could not create its files in {place.home}: {answer.stderr.strip()[-1000:]}"
            )
        (fresh / "data").rename(place.data)
        shutil.rmtree(fresh)

    def _launch(self, place: _Place, runner: Account, programs: Path, alive: IO[str]) -> None:
        """Start the server with the locked file in its hands. The shell in between ends at once, so that the
        server is nobody's child who might wait for it or take it along."""
        place.log.mkdir(mode=0o700, exist_ok=True)
        os.chown(place.log, runner.uid, runner.gid)
        runner.run(
            "/bin/sh",
            *("-c", 'log=$1; shift; exec >"$log" 2>&1; "$@" &', "griot", place.log / "start.log"),
            *(programs / "postgres", "-D", place.data, "-p", str(place.port)),
            *("-c", f"listen_addresses={ADDRESS}", "-c", "unix_socket_directories="),
            keep=(alive.fileno(),),
        )

    def _create_database(self) -> None:
        place = self._place()
        assert place is not None
        with psycopg.connect(self._conninfo(place, "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}".encode())


@contextmanager
def _explained(control: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"The embedded database cannot be kept in {control} ({error}): run Griot as the user it belongs to, "
            "or choose another folder with GRIOT_DATA_DIR."
        ) from error


def _make(folder: Path) -> None:
    """A folder of ours that others may enter, whatever the umask is."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _tail(log: Path) -> str:
    files = sorted(log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in files[-2:] for line in path.read_text(errors="replace").splitlines()]
    return "\n".join(lines[-8:]) or "(the log is empty)"


def _write(path: Path, text: str) -> None:
    """All or nothing, readable by us alone."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as PostgreSQL does: closed connections are no obstacle
        with suppress(OSError):
            probe.bind((ADDRESS, port))
            return True
    return False


def _same_folder(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _parent(pid: int) -> int | None:
    """The parent of a process that is alive."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[1])
    answer = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(answer.stdout) if answer.stdout.strip() else None


def _named_postmaster(data: Path) -> int | None:
    """What postmaster.pid says: a hint, true or not."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(pid: int, data: Path) -> bool:
    """Whether a process is a PostgreSQL of this data directory: each of them works in it."""
    if Path("/proc/self/cwd").exists():
        try:
            return _same_folder(Path(os.readlink(f"/proc/{pid}/cwd")), data)
        except OSError:  # gone, or of a user who is neither ours nor the server's
            return False
    answer = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return str(data) in answer.stdout


def _forget_dead_postmaster(data: Path) -> None:
    """Remove a postmaster.pid whose server is gone: PostgreSQL would take any live process of that number for it."""
    named = _named_postmaster(data)
    if named is not None and _works_in(named, data):
        raise ConfigurationError(
            f"A PostgreSQL that Griot did not start (process {named}) uses {data}: stop it, then try again."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def _check_version(data: Path, programs: Path, runner: Account) -> None:
    written = (data / "PG_VERSION").read_text().strip()
    installed = runner.run(programs / "postgres", "--version").stdout.split()[-1].split(".")[0]
    if written != installed:
        raise ConfigurationError(
            f"The database in {data} was written by PostgreSQL {written}, and PostgreSQL {installed} is installed: "
            "write `griot db backup` with the former version, and `griot db restore` it into an empty data folder."
        )
