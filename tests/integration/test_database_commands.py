"""``griot db`` as a person or a script uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from embedded_helpers import ask
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from griot.core.db.backup import backup, restore
from griot.core.db.embedded import EmbeddedPostgres
from griot.core.db.migrate import available, migrate
from griot.core.errors import ConfigurationError, Conflict, InvalidInput

pytest_plugins = ["embedded_fixtures"]


def griot_db(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-c", "from griot.cli.db import app; app()", *arguments],
        env=inherited | {"GRIOT_DATA_DIR": str(folder)} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def one_shop(url: str) -> None:
    migrate(url)
    sql = "INSERT INTO griot.shops (slug, name, created_at) VALUES ('awa', 'Élégance d’Awa', now()) RETURNING 1"
    ask(url, sql)


def test_a_day_in_the_life_of_the_database(folder: Path) -> None:
    assert griot_db(folder, "status").returncode == 1

    started = griot_db(folder, "start", "--json")
    assert started.returncode == 0
    assert json.loads(started.stdout)["running"] is True
    assert EmbeddedPostgres(folder).url().split("password=")[1].split()[0] not in started.stdout

    behind = griot_db(folder, "status", "--json")
    assert behind.returncode == 1
    assert json.loads(behind.stdout)["missing_migrations"] == list(available())

    assert json.loads(griot_db(folder, "migrate", "--json").stdout) == {"applied": list(available())}
    assert griot_db(folder, "migrate").stdout == "Nothing to migrate.\n"
    ready = griot_db(folder, "status", "--json")
    assert ready.returncode == 0
    assert json.loads(ready.stdout)["missing_migrations"] == []

    assert griot_db(folder, "psql", "-Atc", "SELECT count(*) FROM shops").stdout == "0\n"

    stopped = griot_db(folder, "stop", "--json")
    assert json.loads(stopped.stdout)["running"] is False
    assert not EmbeddedPostgres(folder).status().running


def test_a_backup_restored_into_an_empty_data_folder_gives_the_same_rows(
    folder: Path, second: Path, tmp_path: Path
) -> None:
    file = tmp_path / "griot.backup"
    source = EmbeddedPostgres(folder).start()
    one_shop(source)
    assert json.loads(griot_db(folder, "backup", str(file), "--json").stdout)["bytes"] == file.stat().st_size > 0
    assert file.stat().st_mode & 0o077 == 0

    restored = griot_db(second, "restore", str(file), "--json")
    assert json.loads(restored.stdout) == {"file": str(file), "applied": []}, restored.stderr
    target = EmbeddedPostgres(second).start()
    assert ask(target, "SELECT array_agg(s) FROM griot.shops s") == ask(
        source, "SELECT array_agg(s) FROM griot.shops s"
    )
    assert griot_db(second, "status").returncode == 0

    # Not only the rows: what keeps shops apart came along.
    application = make_conninfo(target, options="-c role=griot_app -c search_path=griot")
    assert ask(application, "SELECT count(*) FROM shops") == 0
    assert ask(application, "SELECT count(*) FROM door_shops()") == 1

    again = griot_db(second, "restore", str(file))
    assert again.returncode == 2
    assert "restoring never overwrites" in again.stderr


def test_a_restore_that_fails_leaves_the_database_empty(second: Path, tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "griot.backup"
    one_shop(database_url)
    backup(database_url, file, embedded=True)
    os.truncate(file, file.stat().st_size - 1000)
    url = EmbeddedPostgres(second).start()
    with pytest.raises(ConfigurationError, match="pg_restore did not succeed"):
        restore(url, file, embedded=True)
    assert ask(url, "SELECT to_regnamespace('griot')") is None


def test_a_backup_that_fails_leaves_the_former_file(second: Path, tmp_path: Path) -> None:
    file = tmp_path / "griot.backup"
    file.write_text("former")
    nowhere = EmbeddedPostgres(second).url()  # not started
    with pytest.raises(ConfigurationError, match="pg_dump did not succeed"):
        backup(nowhere, file, embedded=True)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["former"]
    with pytest.raises(InvalidInput, match="cannot be written"):
        backup(nowhere, tmp_path / "missing" / "griot.backup", embedded=True)


def test_restoring_over_a_database_in_use_is_refused(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not there"):
        restore(database_url, tmp_path / "missing", embedded=True)
    (tmp_path / "any").touch()
    with pytest.raises(Conflict, match="never overwrites"):
        restore(database_url, tmp_path / "any", embedded=True)


def test_with_database_url_the_same_commands_speak_to_that_server(folder: Path, database_url: str) -> None:
    address = conninfo_to_dict(database_url)
    address.pop("require_auth", None)  # the psql of this machine may be older than that word
    there = {"DATABASE_URL": make_conninfo(**address)}
    status = griot_db(folder, "status", "--json", **there)
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["embedded"] is False
    counted = griot_db(folder, "psql", "-Atc", "SELECT count(*) FROM shops", **there)
    assert counted.stdout == "0\n", counted.stderr
    refused = griot_db(folder, "start", **there)
    assert refused.returncode == 2
    assert "DATABASE_URL is set" in refused.stderr


def test_an_address_where_nobody_answers_is_one_sentence_and_not_a_traceback(folder: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://griot:hidden@127.0.0.1:1/griot"}
    assert griot_db(folder, "status", **nowhere).returncode == 1
    refused = griot_db(folder, "migrate", **nowhere)
    assert refused.returncode == 2
    assert "check DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hidden" not in refused.stderr
