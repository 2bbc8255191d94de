"""``griot db``: the database of this installation, embedded or named by DATABASE_URL."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.core.errors import ConfigurationError, GriotError

app = typer.Typer(
    no_args_is_help=True,
    help="The database: start, stop, status, migrate, psql, backup, restore.",
    add_completion=False,
)
if TYPE_CHECKING:
    from psycopg import Connection

    from griot.core.db.embedded import EmbeddedPostgres

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def start(as_json: AsJson = False) -> None:
    """Start the embedded database, or attach to it when it runs already."""
    with _spoken():
        server = _embedded_only("start")
        server.start()
        status = server.status()
    _print(as_json, f"PostgreSQL {status.version} runs on 127.0.0.1:{status.port}.", asdict(status))


@app.command()
def stop(as_json: AsJson = False) -> None:
    """Stop the embedded database and wait until it has stopped."""
    with _spoken():
        server = _embedded_only("stop")
        server.stop()
        status = server.status()
    _print(as_json, "PostgreSQL is stopped.", asdict(status))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show whether the database answers and has every migration; exit status 1 when not."""
    with _spoken():
        found = _found()
    good = found["running"] and not found["missing_migrations"]
    if not found["running"]:
        sentence = "No database answers: `griot db start` starts the embedded one."
    elif found["missing_migrations"]:
        sentence = f"PostgreSQL {found['version']} runs; `griot db migrate` brings it to this version of Griot."
    else:
        sentence = f"PostgreSQL {found['version']} runs and is up to date."
    lines = [f"  {key}: {value}" for key, value in found.items() if value not in (None, [])]
    _print(as_json, "\n".join([sentence, *lines]), found)
    raise typer.Exit(0 if good else 1)


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to this version of Griot; DATABASE_URL must name the owner of the tables."""
    from griot.core.db.migrate import migrate as apply

    with _spoken():
        applied = apply(_url())
    numbers = ", ".join(map(str, applied))
    _print(as_json, f"Migrations applied: {numbers}." if applied else "Nothing to migrate.", {"applied": applied})


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the database as the owner; further arguments are psql's (-c "SELECT ...")."""
    from griot.core.db.backup import Client
    from griot.core.db.pool import OWNER_OPTIONS

    with _spoken():
        client = Client.of("psql", _url(), embedded=_is_embedded())
        environment = client.environment | {"PGOPTIONS": OWNER_OPTIONS}
        os.execve(client.program, ["psql", client.conninfo, *context.args], environment)  # noqa: S606 (becomes psql)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Written when complete; an older file of that name is replaced.")],
    as_json: AsJson = False,
) -> None:
    """Write every row of every shop to one file. The installation's secret key is not in it: keep that as well."""
    from griot.core.db.backup import backup as write

    with _spoken():
        size = write(_url(), file, embedded=_is_embedded())
    _print(as_json, f"{file} holds the database ({size / 1e6:.1f} MB).", {"file": str(file), "bytes": size})


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `griot db backup` wrote.")], as_json: AsJson = False
) -> None:
    """Fill an empty database from a backup, all or nothing."""
    from griot.core.db.backup import restore as read

    with _spoken():
        applied = read(_url(), file, embedded=_is_embedded())
    _print(as_json, f"The database holds what {file} held.", {"file": str(file), "applied": applied})


@contextmanager
def _spoken() -> Iterator[None]:
    """What stands in the way ends the command with its sentence and exit status 2."""
    import psycopg

    try:
        yield
    except GriotError as error:
        sentence = str(error)
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        sentence = f"The database refused ({reason}): check DATABASE_URL, or the server's log."
    else:
        return
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _print(as_json: bool, text: str, document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, default=str) if as_json else text)


def _is_embedded() -> bool:
    from griot.core.settings import settings

    return settings().database_url is None


def _url() -> str:
    from griot.core.db import database_url
    from griot.core.settings import settings

    return database_url(settings())


def _embedded_only(command: str) -> "EmbeddedPostgres":
    from griot.core.db.embedded import EmbeddedPostgres
    from griot.core.settings import settings

    if not _is_embedded():
        raise ConfigurationError(
            f"DATABASE_URL is set, and Griot does not {command} that server: use its own tools, or unset DATABASE_URL."
        )
    return EmbeddedPostgres(settings().data_dir)


def _found() -> dict[str, Any]:
    """The state of the database, without starting it."""
    import psycopg

    from griot.core.db.embedded import EmbeddedPostgres
    from griot.core.settings import settings

    found: dict[str, Any] = {"embedded": _is_embedded(), "running": False, "missing_migrations": []}
    if _is_embedded():
        server = EmbeddedPostgres(settings().data_dir)
        found |= asdict(server.status())
        if not found["running"]:
            return found
    url = server.url() if _is_embedded() else _url()
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return found | _facts(connection)
    except psycopg.OperationalError:
        return found


def _facts(connection: "Connection[tuple[Any, ...]]") -> dict[str, Any]:
    from griot.core.db.migrate import available

    known = connection.execute("SELECT to_regclass('jobs.migrations') IS NOT NULL").fetchone() == (True,)
    done = {row[0] for row in connection.execute("SELECT number FROM jobs.migrations")} if known else set()
    return {
        "running": True,
        "host": connection.info.host,
        "port": connection.info.port,
        "database": connection.info.dbname,
        "version": connection.info.parameter_status("server_version"),
        "missing_migrations": sorted(available().keys() - done),
    }
