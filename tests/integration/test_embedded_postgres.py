"""The embedded server survives what machines and people do to it, and does nothing to others in turn."""

import os
import signal
import socket
import stat
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from embedded_helpers import STARTER, ask, child, data_of, do, first_line, note, notes, postmaster
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from griot.core.db import binaries, database_url, ready, records
from griot.core.db.embedded import EmbeddedPostgres
from griot.core.db.migrate import migrate
from griot.core.db.processes import wait, works_in
from griot.core.errors import ConfigurationError
from griot.core.settings import Settings

pytest_plugins = ["embedded_fixtures"]


# Starting, attaching, stopping


def test_whoever_comes_later_attaches(folder: Path) -> None:
    url = EmbeddedPostgres(folder).start()
    pid = postmaster(folder)
    assert EmbeddedPostgres(folder).start() == url
    assert postmaster(folder) == pid


def test_four_processes_that_race_on_first_start_share_one_server(empty: Path) -> None:
    racers = [child("print(EmbeddedPostgres(folder).start())", empty) for _ in range(4)]
    urls = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert [racer.returncode for racer in racers] == [0, 0, 0, 0]
    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT count(*) FROM pg_database WHERE datname = 'griot'") == 1


def test_stopping_rolls_back_what_is_open_and_returns_when_all_is_gone(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    pid = postmaster(folder)
    unfinished = psycopg.connect(url)
    unfinished.execute("CREATE TABLE notes (text text)")

    server.stop()
    assert not works_in(pid, data_of(folder))
    with pytest.raises(psycopg.OperationalError):
        unfinished.execute("SELECT 1")
    assert not server.status().running

    server.stop()  # nothing to do
    assert server.start() == url  # the same port: what other processes hold stays good
    assert ask(url, "SELECT to_regclass('notes')") is None


async def test_the_url_is_database_url_or_else_that_of_the_embedded_server(empty: Path) -> None:
    assert database_url(Settings(DATABASE_URL="postgresql://example/griot", data_dir=empty)) == (
        "postgresql://example/griot"
    )
    assert not list(empty.iterdir())

    url = database_url(Settings(DATABASE_URL=None, data_dir=empty))
    assert not await ready(url)
    migrate(url)
    assert await ready(url)
    EmbeddedPostgres(empty).stop()
    assert not await ready(url)


# What the server is like


def test_accents_and_french_order_are_right(running: str) -> None:
    do(running, "CREATE EXTENSION pg_trgm", "CREATE EXTENSION unaccent")
    assert ask(running, "SELECT lower('ÉCOLE ÇA') || upper('œuf à')") == "école çaŒUF À"
    assert ask(running, "SELECT 'ROBE ÉTÉ' ILIKE '%été'") is True
    assert ask(running, "SELECT similarity('Été', 'été')") == 1
    words = ["zèbre", "École", "eau", "abri", "été", "Étage"]
    ordered = ask(running, "SELECT array_agg(w ORDER BY lower(unaccent(w))) FROM unnest(%s::text[]) w", words)
    assert ordered == ["abri", "eau", "École", "Étage", "été", "zèbre"]


def test_vectors_are_there(running: str) -> None:
    do(running, "CREATE EXTENSION vector")
    assert ask(running, "SELECT '[1,2]'::vector <-> '[1,4]'::vector") == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shared_buffers", "128MB"),
        ("max_connections", "200"),
        ("deadlock_timeout", "200ms"),
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
    ],
)
def test_it_is_set_for_a_small_machine_safe_commits_and_this_machine_only(running: str, name: str, value: str) -> None:
    assert ask(running, f"SHOW {name}") == value


def test_nobody_enters_without_the_password(running: str) -> None:
    assert ask(running, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == 0
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(running, password="guessed"))


def test_what_is_remembered_is_for_our_eyes_alone(folder: Path) -> None:
    for name in ("password", "server.json"):
        assert stat.S_IMODE((folder / "postgres" / name).stat().st_mode) == 0o600


def test_the_log_says_what_happened_and_not_what_buyers_wrote(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    url = server.start()
    note(url, "first")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE UNIQUE INDEX ON notes (text)")
        for statement, parameter in [
            ("SELECT %s::int", "Awa 771234567"),
            ("INSERT INTO notes VALUES (%s), ('Awa 771234567')", "Awa 771234567"),
            ("SELECT 'Awa 771234567' FROM nowhere WHERE %s = ''", "Awa 771234567"),
            ("SELECT %s::jsonb", "{Awa 771234567"),
        ]:
            with pytest.raises(psycopg.Error):
                connection.execute(statement.encode(), (parameter,))
    server.stop()
    log = "".join(path.read_text() for path in data_of(folder).with_name("log").iterdir())
    assert "database system is ready" in log
    assert "database system is shut down" in log
    assert "Awa" not in log
    assert "771234567" not in log


# Crashes


def test_the_server_outlives_a_starter_that_is_killed(folder: Path) -> None:
    starter = child(STARTER, folder)
    url = first_line(starter)
    pid = postmaster(folder)
    starter.kill()
    starter.wait()
    assert EmbeddedPostgres(folder).start() == url
    assert postmaster(folder) == pid


def test_the_server_outlives_ctrl_c_in_the_terminal_of_its_starter(folder: Path) -> None:
    starter = child(STARTER, folder)
    url = first_line(starter)
    os.killpg(starter.pid, signal.SIGINT)
    assert starter.wait(10) != 0
    assert ask(url, "SELECT 1") == 1


def test_a_killed_server_comes_back_with_every_committed_row(folder: Path) -> None:
    url = EmbeddedPostgres(folder).start()
    note(url, "committed")
    unfinished = psycopg.connect(url)
    unfinished.execute("INSERT INTO notes VALUES ('not committed')")
    os.kill(postmaster(folder), signal.SIGKILL)
    assert EmbeddedPostgres(folder).start() == url
    assert notes(url) == ["committed"]
    unfinished.close()


def test_four_who_find_a_killed_server_recover_it_once(folder: Path) -> None:
    url = EmbeddedPostgres(folder).start()
    os.kill(postmaster(folder), signal.SIGKILL)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: EmbeddedPostgres(folder).start(), range(4))) == {url}


def test_a_first_start_killed_in_the_middle_is_begun_again(empty: Path) -> None:
    starter = child(STARTER, empty)
    home = data_of(empty).parent
    assert wait(lambda: bool(list(home.glob("new-*/data/global/pg_control"))), 30)
    working = subprocess.run(["pgrep", "-f", f"{home}/new-"], capture_output=True, text=True, check=True)
    for pid in [starter.pid, *map(int, working.stdout.split())]:
        os.kill(pid, signal.SIGKILL)
    starter.wait()
    assert list(home.glob("new-*"))
    assert not data_of(empty).exists()

    assert ask(EmbeddedPostgres(empty).start(), "SELECT 1") == 1
    assert not list(home.glob("new-*"))


# Processes, ports and servers that are not ours


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the server's user that has nothing to do with it."""
    user = binaries.account()
    lent = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.borrowed else {}
    process = subprocess.Popen(["/bin/sleep", "60"], **lent)  # type: ignore[call-overload]
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("ended_by", ["stop", "kill"])
def test_a_stale_pid_file_that_names_a_stranger_is_neither_believed_nor_obeyed(
    folder: Path, bystander: "subprocess.Popen[bytes]", ended_by: str
) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    pid_file = data_of(folder) / "postmaster.pid"
    former = pid_file.read_text()
    if ended_by == "stop":
        server.stop()
    else:
        os.kill(postmaster(folder), signal.SIGKILL)
        assert wait(lambda: not server.status().running, 10)
    pid_file.write_text(former.replace(former.split("\n")[0], str(bystander.pid), 1))

    assert not server.status().running
    server.stop()
    assert bystander.poll() is None
    assert ask(server.start(), "SELECT 1") == 1
    assert postmaster(folder) != bystander.pid
    server.stop()
    assert bystander.poll() is None


def test_a_server_that_someone_started_by_hand_is_left_alone(folder: Path) -> None:
    data = data_of(folder)
    user = binaries.account(data)
    pg_ctl = binaries.servers_for(user) / "pg_ctl"
    options = f"-p {records._free_port()} -k ''"
    assert user.run(pg_ctl, "start", "-w", "-D", data, "-o", options, "-l", "/dev/null").returncode == 0
    with pytest.raises(ConfigurationError, match="Griot did not start"):
        EmbeddedPostgres(folder).start()
    assert user.run(pg_ctl, "stop", "-w", "-m", "fast", "-D", data).returncode == 0


class Stranger:
    """Listens on a port and asks every PostgreSQL client for its password in clear; keeps what it heard."""

    def __init__(self, port: int) -> None:
        self.heard = b""
        self._socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                self.heard += connection.recv(4096)
                connection.sendall(b"R" + struct.pack("!ii", 8, 3))  # AuthenticationCleartextPassword
                self.heard += connection.recv(4096)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def test_a_stranger_on_our_port_learns_nothing_and_is_made_room_for(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    former = conninfo_to_dict(server.url())
    stranger = Stranger(int(former["port"] or 0))
    try:
        assert not server.status().running
        url = server.start()
    finally:
        stranger.close()
    assert b"griot" in stranger.heard
    assert str(former["password"]).encode() not in stranger.heard
    assert conninfo_to_dict(url)["port"] != former["port"]
    assert ask(url, "SELECT 1") == 1


def test_a_copied_data_folder_gets_a_server_of_its_own(folder: Path, prototype: Path) -> None:
    """It knows the port and the password of the original's server, and is not taken in by it."""
    original, copy = EmbeddedPostgres(prototype), EmbeddedPostgres(folder)
    assert original.url() == copy.url()
    original.start()
    try:
        note(copy.start(), "in the copy")
        assert original.url() != copy.url()
        assert ask(original.url(), "SELECT to_regclass('notes')") is None
    finally:
        original.stop()


# When it cannot be


def test_a_server_that_does_not_start_shows_the_end_of_its_log(folder: Path) -> None:
    with (data_of(folder) / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'plenty'\n")
    with pytest.raises(ConfigurationError, match=r'(?s)does not start\..*\n.*"shared_buffers": "plenty"'):
        EmbeddedPostgres(folder).start()


def test_a_cluster_of_another_major_version_is_not_touched(folder: Path) -> None:
    (data_of(folder) / "PG_VERSION").write_text("14\n")
    with pytest.raises(ConfigurationError, match=r"written by PostgreSQL 14.*griot db backup"):
        EmbeddedPostgres(folder).start()


def test_a_changed_or_lost_password_is_told_at_once(folder: Path) -> None:
    password = folder / "postgres" / "password"
    kept = password.read_text()
    EmbeddedPostgres(folder).start()
    before = time.monotonic()
    password.write_text("changed")
    with pytest.raises(ConfigurationError, match="does not hold its password"):
        EmbeddedPostgres(folder).start()
    password.unlink()
    with pytest.raises(ConfigurationError, match="bring the file back"):
        EmbeddedPostgres(folder).start()
    assert time.monotonic() - before < 20, "told at once, not when the patience is over"
    password.write_text(kept)
    assert EmbeddedPostgres(folder).start()
