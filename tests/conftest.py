"""One PostgreSQL for the run, one fresh database for each test that asks for one."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from psycopg.conninfo import make_conninfo

from griot.core.clock import FrozenClock
from griot.core.db.migrate import migrate
from griot.core.db.pool import Database
from griot.core.settings import settings

hypothesis_settings.register_profile("house", deadline=None)  # the machine may be busy
hypothesis_settings.load_profile("house")

LIVE_NIGHT = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_settings() -> Iterator[None]:
    """Each test reads the environment as it finds it: a command run in one is not remembered by the next."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The owner's URL of a real PostgreSQL; GRIOT_TEST_DATABASE_URL names one that runs already."""
    given = os.environ.get("GRIOT_TEST_DATABASE_URL")
    if given:
        yield given
        return
    from griot.core.db.embedded import EmbeddedPostgres

    server = EmbeddedPostgres(Path(tmp_path_factory.mktemp("postgres")))
    url = server.start()
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # a power cut may take a test's database
        _admin(url, f"ALTER SYSTEM SET {setting} = off")
    _admin(url, "SELECT pg_reload_conf()")
    yield url
    server.remove()


def _admin(server_url: str, statement: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """A migrated database, copied for each test (a copy takes about 30 ms)."""
    name = f"griot_template_{uuid.uuid4().hex[:8]}"
    _admin(server_url, f"CREATE DATABASE {name}")
    migrate(make_conninfo(server_url, dbname=name))
    yield name
    _admin(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The owner's URL of a database of this test's own, migrated and empty."""
    name = f"griot_test_{uuid.uuid4().hex[:12]}"
    _admin(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_conninfo(server_url, dbname=name)
    _admin(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, size=8)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(LIVE_NIGHT)
