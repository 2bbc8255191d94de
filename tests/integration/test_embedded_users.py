"""Which user PostgreSQL runs as, and where its files are when that user cannot go everywhere."""

import multiprocessing
import os
import pwd
import shutil
import stat
from pathlib import Path

import pytest
from embedded_helpers import ask, needs_root, note, notes, postmaster

from griot.core.db import binaries
from griot.core.db.embedded import EmbeddedPostgres
from griot.core.errors import ConfigurationError

pytest_plugins = ["embedded_fixtures"]
pytestmark = needs_root
NOBODY = pwd.getpwnam("nobody")


def mode_and_owner(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mode, found.st_uid


def user_of_server(folder: Path) -> str:
    return pwd.getpwuid(os.stat(f"/proc/{postmaster(folder)}").st_uid).pw_name


def as_user(uid: int, folder: Path) -> str:
    """What comes of starting and stopping the server of ``folder`` in a process of that user."""
    hear, say = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        server = EmbeddedPostgres(folder)
        try:
            server.start()
            say.send(f"ran as {user_of_server(folder)}")
            server.stop()
        except ConfigurationError as error:
            say.send(str(error))

    process = multiprocessing.get_context("fork").Process(target=run)  # the user may not be able to read Python itself
    process.start()
    process.join(30)
    return str(hear.recv())


def test_root_lends_an_unprivileged_user_and_changes_nothing_above(empty: Path) -> None:
    above = [empty, *empty.parents]
    before = [mode_and_owner(path) for path in above]
    EmbeddedPostgres(empty).start()
    assert [mode_and_owner(path) for path in above] == before
    assert user_of_server(empty) == binaries.account().name != "root"
    assert mode_and_owner(empty / "postgres" / "password") == (stat.S_IFREG | 0o600, 0)


def test_without_a_user_postgres_it_is_nobody_and_stays_so(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "ACCOUNTS", ("no-such-user", "nobody"))
    server = EmbeddedPostgres(empty)
    server.start()
    server.stop()
    monkeypatch.undo()
    server.start()
    assert user_of_server(empty) == "nobody"


def test_without_any_user_to_lend_the_error_says_what_to_do(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "ACCOUNTS", ("no-such-user", "root"))
    with pytest.raises(ConfigurationError, match=r"refuses to run as root.*DATABASE_URL"):
        EmbeddedPostgres(empty).start()


def test_an_ordinary_user_runs_it_alone_and_root_after_it_as_that_user(empty: Path) -> None:
    shutil.chown(empty, "nobody")
    came = as_user(NOBODY.pw_uid, empty)
    if "is not installed" in came:
        pytest.skip("this Python's packages lie in a folder that `nobody` cannot enter")
    assert came == "ran as nobody"
    EmbeddedPostgres(empty).start()
    assert user_of_server(empty) == "nobody"


def test_a_user_id_without_a_name_is_told_what_is_missing(empty: Path) -> None:
    os.chown(empty, 54321, 54321)
    assert "cannot run as user id 54321, which has no name" in as_user(54321, empty)


def test_a_user_cannot_take_over_the_database_of_another(folder: Path) -> None:
    assert "run Griot as the user it belongs to" in as_user(NOBODY.pw_uid, folder)


def test_a_closed_data_folder_stays_closed_and_the_cluster_is_kept_elsewhere(closed: Path) -> None:
    before = [mode_and_owner(path) for path in (closed, closed.parent)]
    server = EmbeddedPostgres(closed)
    note(server.start(), "elsewhere")
    home = server.status().home
    assert home is not None
    assert not home.is_relative_to(closed)
    assert [mode_and_owner(path) for path in (closed, closed.parent)] == before

    server.stop()
    assert notes(EmbeddedPostgres(closed).start()) == ["elsewhere"]

    copy = closed.with_name("copy")
    shutil.copytree(closed, copy)
    with pytest.raises(ConfigurationError, match="is a copy of"):
        EmbeddedPostgres(copy).start()
    shutil.rmtree(copy)

    moved = closed.rename(closed.with_name("moved"))
    assert notes(EmbeddedPostgres(moved).start()) == ["elsewhere"]


def test_a_data_folder_made_again_starts_empty_and_deletes_nothing(closed: Path) -> None:
    server = EmbeddedPostgres(closed)
    note(server.start(), "former")
    server.stop()
    former = server.status().home
    assert former is not None
    shutil.rmtree(closed / "postgres")

    assert ask(server.start(), "SELECT to_regclass('notes')") is None
    assert (former / "data" / "PG_VERSION").exists()
    shutil.rmtree(former.parent)


def test_programs_out_of_reach_are_copied_once_whole_and_mended(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = binaries._installed()
    hidden = empty / "hidden"
    for part in binaries._parts(site):
        (hidden / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site / part, hidden / part)
    hidden.chmod(0o700)
    monkeypatch.setattr(binaries, "_installed", lambda: hidden)
    monkeypatch.setattr(binaries, "SHARED_FOLDERS", (empty / "missing" / "x", empty / "shared"))

    user = binaries.account()
    programs = binaries.servers_for(user)
    copy = programs.parents[2]
    assert copy.parent == empty / "shared"
    written = (programs / "postgres").stat().st_mtime_ns
    assert binaries.servers_for(user) == programs
    assert (programs / "postgres").stat().st_mtime_ns == written

    os.truncate(programs / "postgres", 1000)
    assert ask(EmbeddedPostgres(empty).start(), "SELECT 1") == 1
    assert binaries._complete(hidden, binaries._parts(hidden), copy)
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, ".lock"}


def test_a_shared_folder_that_somebody_else_prepared_is_not_used(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, writable, link = empty / "theirs", empty / "writable", empty / "link"
    for path in (theirs, writable):
        path.mkdir()
    shutil.chown(theirs, "nobody")
    writable.chmod(0o777)
    link.symlink_to(empty)
    monkeypatch.setattr(binaries, "SHARED_FOLDERS", (theirs, writable, link))
    with pytest.raises(ConfigurationError, match="can be made"):
        binaries.shared_folder()
