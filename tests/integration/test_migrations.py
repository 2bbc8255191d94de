"""A database is brought up to date once, whoever starts first."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from griot.core.db.migrate import available, migrate
from griot.core.errors import ConfigurationError


def test_applying_twice_applies_once(database_url: str) -> None:
    assert migrate(database_url) == []


def test_two_first_starts_at_once(server_url: str) -> None:
    name = f"griot_race_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = make_conninfo(server_url, dbname=name)
    try:
        with ThreadPoolExecutor(4) as pool:
            applied = list(pool.map(lambda _: migrate(url), range(4)))
        assert sorted(map(len, applied)) == [0, 0, 0, len(available())]
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_a_newer_database_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO jobs.migrations (number) VALUES (9999)")
    with pytest.raises(ConfigurationError, match="newer than this Griot"):
        migrate(database_url)
