"""PostgreSQL started, watched and stopped by Griot itself, for installations without DATABASE_URL.

Whether a server of ours is alive is asked from the kernel: the server inherits an open, locked file, and the
lock ends with its last process. A number in postmaster.pid is never believed, nor signalled, on its own.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from griot.core.db.binaries import Account, account, servers_for
from griot.core.db.processes import locked, same_folder, try_lock, wait, works_in
from griot.core.db.records import ADDRESS, Place, Records, write
from griot.core.errors import ConfigurationError

OWNER = DATABASE = "griot"
START_SECONDS = 120  # a server that recovers from a crash replays its log first
STOP_SECONDS = 60

# A small machine, a durable commit, and a log that says what the server did but never what buyers wrote.
SERVER_SETTINGS = {
    "shared_buffers": "128MB",
    "max_connections": "200",
    "deadlock_timeout": "200ms",
    "synchronous_commit": "on",
    "autovacuum_naptime": "5s",  # a live fills empty tables within seconds: plans must notice
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


class EmbeddedPostgres:
    """The server of one data folder, shared by every process that uses the folder.

    ``data_dir/postgres`` holds what is ours alone (password, locks, the place); the cluster itself is in
    ``cluster`` beside them, or in a shared folder when PostgreSQL's user cannot enter the data folder.
    Every method raises ``ConfigurationError`` with what to do about it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._control = data_dir.resolve() / "postgres"
        self._records = Records(self._control)
        self._refusal = ""

    def start(self) -> str:
        """The owner's connection string of the database; starts, recovers or creates the server as needed.

        Safe to call at any time and from several processes at once.
        """
        with _explained(self._control):
            if not self._answers(DATABASE):
                self._control.mkdir(parents=True, exist_ok=True)
                with locked(self._control / "lock"):
                    place = self._records.place() or self._records.choose_place()
                    if not self._answers("postgres"):
                        self._bring_up(place)
                    self._create_database()
            return self.url()

    def stop(self) -> None:
        """Stop the server and wait until it is gone; open transactions are rolled back. None running: nothing to do."""
        with _explained(self._control):
            place = self._records.place()
            if place is None:
                return
            with locked(self._control / "lock"):
                postmaster = _postmaster(place.data)
                if postmaster is not None:
                    os.kill(postmaster, signal.SIGINT)  # fast shutdown
                if not wait(lambda: self._gone() and _postmaster(place.data) is None, STOP_SECONDS):
                    raise self._failure(place, f"PostgreSQL did not stop within {STOP_SECONDS} s")

    def remove(self) -> None:
        """Stop the server and delete its data for good, wherever they are."""
        self.stop()
        with _explained(self._control):
            place = self._records.place()
            if place is not None:
                shutil.rmtree(place.home.parent)
                shutil.rmtree(self._control, ignore_errors=True)

    def status(self) -> ServerStatus:
        with _explained(self._control):
            place = self._records.place()
            if place is None:
                return ServerStatus(running=False, home=None)
            if not self._answers(DATABASE):
                return ServerStatus(running=False, home=place.home)
            with psycopg.connect(self.url(), autocommit=True) as connection:
                row = connection.execute(
                    "SELECT current_setting('server_version'), pg_postmaster_start_time(),"
                    " pg_database_size(current_database())"
                ).fetchone()
            return ServerStatus(True, place.home, place.port, _postmaster(place.data), *(row or ()))

    def url(self) -> str:
        """The owner's connection string (libpq key words) of the server as it was last started."""
        place = self._records.place()
        if place is None:
            raise ConfigurationError("The embedded database was never started: run `griot db start`.")
        return self._conninfo(place, DATABASE)

    def _conninfo(self, place: Place, database: str, patience: int = 10) -> str:
        return make_conninfo(
            host=ADDRESS,
            port=place.port,
            user=OWNER,
            password=self._records.password(),
            dbname=database,
            require_auth="scram-sha-256",  # whoever else listens on the port is never told the password
            sslmode="disable",
            gssencmode="disable",
            connect_timeout=patience,
        )

    # Who is alive

    def _answers(self, database: str) -> bool:
        """Whether a server knows us on our port, and is the one of our own data directory."""
        place = self._records.place()
        if place is None or not place.data.exists():
            return False
        self._refusal = ""
        try:
            with psycopg.connect(self._conninfo(place, database, patience=3), autocommit=True) as connection:
                row = connection.execute("SELECT current_setting('data_directory')").fetchone()
        except psycopg.OperationalError as error:
            self._refusal = str(error).strip()
            return False
        return row is not None and same_folder(Path(row[0]), place.data)

    def _gone(self) -> bool:
        """Whether no process of a server that we started is left."""
        with (self._control / "alive").open("a") as file:
            return try_lock(file)

    def _settled(self) -> bool:
        """Whether waiting is over: the server answers, refuses our password, or is gone."""
        return self._answers("postgres") or "authentication failed" in self._refusal or self._gone()

    # Bringing it up

    def _bring_up(self, place: Place) -> None:
        # A server may be starting, recovering or closing down already.
        if not wait(self._settled, START_SECONDS):
            raise self._failure(place, "PostgreSQL runs but does not answer us")
        if self._gone():
            self._launch(place)
            wait(self._settled, START_SECONDS)
        if not self._answers("postgres"):
            raise self._failure(place, "PostgreSQL does not start" if self._gone() else "PostgreSQL does not answer us")

    def _launch(self, place: Place) -> None:
        runner = account(place.data if place.data.exists() else None)
        if not runner.reaches(place.home):
            raise ConfigurationError(
                f"User `{runner.name}`, as whom PostgreSQL runs, cannot enter {place.home}: "
                "give the folders above it their former permissions back."
            )
        programs = servers_for(runner)
        if not place.data.exists():
            self._create_cluster(place, runner, programs)
        _check_version(place.data, programs, runner)
        _forget_dead_postmaster(place.data)
        place = self._records.with_free_port(place)
        place.log.mkdir(mode=0o700, exist_ok=True)
        os.chown(place.log, runner.uid, runner.gid)
        with (self._control / "alive").open("a") as alive:
            if try_lock(alive):
                _run_server(place, runner, programs, alive)

    def _create_cluster(self, place: Place, runner: Account, programs: Path) -> None:
        """Made aside and renamed when complete: a cluster that is there is a whole one."""
        for remains in place.home.glob("new-*"):
            shutil.rmtree(remains)
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=place.home))
        password = fresh / "password"
        write(password, self._records.make_password())
        for path in (password, fresh):
            os.chown(path, runner.uid, runner.gid)
        answer = runner.run(
            programs / "initdb",
            *("--pgdata", fresh / "data", "--username", OWNER, "--pwfile", password, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
            *(part for name, value in SERVER_SETTINGS.items() for part in ("--set", f"{name}={value}")),
        )
        if answer.returncode != 0:
            raise ConfigurationError(
                f"PostgreSQL could not create its files in {place.home} (mend it, or set DATABASE_URL): "
                f"{answer.stderr.strip()[-1000:]}"
            )
        (fresh / "data").rename(place.data)
        shutil.rmtree(fresh)

    def _create_database(self) -> None:
        place = self._records.place()
        assert place is not None
        with psycopg.connect(self._conninfo(place, "postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}".encode())

    def _failure(self, place: Place, what: str) -> ConfigurationError:
        if "authentication failed" in self._refusal:
            what += f", because {self._control / 'password'} does not hold its password"
        return ConfigurationError(
            f"{what}. Mend what its log names, or set DATABASE_URL. The log in {place.log} ends:\n{place.log_end}"
        )


@contextmanager
def _explained(control: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"The embedded database cannot be kept in {control} ({error}): run Griot as the user it belongs to, "
            "or choose another folder with GRIOT_DATA_DIR."
        ) from error


def _run_server(place: Place, runner: Account, programs: Path, alive: IO[str]) -> None:
    """Start the server with the locked file in its hands.

    The shell in between ends at once, so the server is no child of ours: our end is not its end, and its end
    leaves no zombie with us.
    """
    runner.run(
        "/bin/sh",
        *("-c", 'log=$1; shift; exec >"$log" 2>&1; "$@" &', "griot", place.log / "start.log"),
        *(programs / "postgres", "-D", place.data, "-p", str(place.port)),
        *("-c", f"listen_addresses={ADDRESS}", "-c", "unix_socket_directories="),
        keep=(alive.fileno(),),
    )


def _postmaster(data: Path) -> int | None:
    """The process that postmaster.pid names, when it is at work in our data directory and not just of that number."""
    try:
        named = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return named if works_in(named, data) else None


def _forget_dead_postmaster(data: Path) -> None:
    """Remove a postmaster.pid whose server is gone: PostgreSQL would take any live process of that number for it."""
    stranger = _postmaster(data)
    if stranger is not None:
        raise ConfigurationError(
            f"A PostgreSQL that Griot did not start (process {stranger}) uses {data}: stop it, then try again."
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
