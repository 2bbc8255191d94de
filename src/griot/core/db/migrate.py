"""Versioned migrations: numbered SQL files, each applied once, in order, all or nothing."""

from importlib.resources import files

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from griot.core.db.pool import OWNER_OPTIONS
from griot.core.errors import ConfigurationError

_LOCK = 0x6772696F74  # 'griot': two processes that start together migrate one after the other


def available() -> dict[int, str]:
    """The migrations of this version of Griot: number -> SQL text."""
    folder = files("griot").joinpath("core", "db", "migrations")
    found = {}
    for entry in folder.iterdir():
        if entry.name.endswith(".sql"):
            found[int(entry.name.split("_")[0])] = entry.read_text(encoding="utf-8")
    return dict(sorted(found.items()))


def migrate(url: str) -> list[int]:
    """Bring the database to this version; returns the numbers applied now. ``url`` connects as the owner."""
    steps = available()
    with psycopg.connect(url, options=OWNER_OPTIONS) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("CREATE SCHEMA IF NOT EXISTS griot")
        connection.execute("CREATE SCHEMA IF NOT EXISTS jobs")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS jobs.migrations (number int PRIMARY KEY, applied_at timestamptz DEFAULT now())"
        )
        done = {row[0] for row in connection.execute("SELECT number FROM jobs.migrations")}
        unknown = done - steps.keys()
        if unknown:
            raise ConfigurationError(
                f"The database is newer than this Griot (migration {max(unknown)}): install the version that wrote it."
            )
        todo = [number for number in steps if number not in done]
        for number in todo:
            connection.execute(steps[number].encode())
            connection.execute("INSERT INTO jobs.migrations (number) VALUES (%s)", (number,))
        if connection.execute("SELECT to_regclass('jobs.procrastinate_jobs')").fetchone() == (None,):
            _install_jobs(connection)
    return todo


def _install_jobs(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute("SET LOCAL search_path = jobs, public")
    connection.execute(SchemaManager.get_schema().encode())
    for grant in (
        "GRANT USAGE ON SCHEMA jobs TO griot_app",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO griot_app",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO griot_app",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO griot_app",
        "REVOKE INSERT, UPDATE, DELETE ON jobs.migrations FROM griot_app",
    ):
        connection.execute(sql.SQL(grant))
