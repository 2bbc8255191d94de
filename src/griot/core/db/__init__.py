"""The database of this installation: the one that DATABASE_URL names, or the embedded one."""

import psycopg

from griot.core.db.migrate import available
from griot.core.db.pool import APP_OPTIONS
from griot.core.settings import Settings


def database_url(config: Settings) -> str:
    """The connection string of the database; starts the embedded server, or attaches to it, when none is set."""
    if config.database_url is not None:
        return config.database_url.get_secret_value()
    from griot.core.db.embedded import EmbeddedPostgres  # needs Unix; a DATABASE_URL does not

    return EmbeddedPostgres(config.data_dir).start()


async def ready(url: str) -> bool:
    """Whether the database answers to the application's role and has every migration of this version."""
    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=3, options=APP_OPTIONS) as connection:
            cursor = await connection.execute("SELECT number FROM jobs.migrations")
            return available().keys() <= {row[0] for row in await cursor.fetchall()}
    except (psycopg.OperationalError, psycopg.ProgrammingError):
        return False
