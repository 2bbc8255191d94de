"""One house for the many short conversations of a file: each test brings buyers of its own."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from street import Street, open_street


@pytest.fixture(scope="session")
def new_database(server_url: str, template: str) -> Iterator[Callable[[], str]]:
    """Makes migrated, empty databases that last until the run ends; returns the owner's URL."""
    made: list[str] = []

    def make() -> str:
        made.append(f"griot_street_{uuid.uuid4().hex[:12]}")
        run(f"CREATE DATABASE {made[-1]} TEMPLATE {template} STRATEGY FILE_COPY")
        return make_conninfo(server_url, dbname=made[-1])

    def run(statement: str) -> None:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(statement.encode())

    yield make
    for name in made:
        run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
async def street(
    request: pytest.FixtureRequest, new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Street]:
    """A house with a shop that sells the file's ``ARTICLES``. It waits less for bursts, so that tests are short,
    and neither hears nor speaks."""
    folder = tmp_path_factory.mktemp("street")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GRIOT_VOICE_EAR", "")
        environment.setenv("GRIOT_VOICE_SPEAKERS", "{}")
        async with open_street(new_database(), folder, request.module.ARTICLES, GRIOT_BURST_MS="60") as opened:
            opened.account.behaviour.change(statuses={"sent": 0.0})
            yield opened
