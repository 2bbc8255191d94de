"""What every command shares: errors as one sentence, output for people or programs, the way into a shop.

Heavy imports wait until a command runs, so that ``griot --help`` is quick.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer

from griot.core.errors import ConfigurationError, GriotError

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop

P = ParamSpec("P")
R = TypeVar("R")

CANNOT_RUN = 2

ShopOption = Annotated[str, typer.Option("--shop", help="Slug or number of the shop; `griot shop list` shows them.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """A command whose errors are one sentence on standard error and exit status 2."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        from psycopg import OperationalError
        from psycopg_pool import PoolTimeout

        try:
            return command(*args, **kwargs)
        except GriotError as error:
            _fail(str(error))
        except (OperationalError, PoolTimeout) as error:
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            _fail(f"The database does not answer ({reason}): `griot db status` says more.")

    return guarded


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(CANNOT_RUN)


def run(work: Coroutine[Any, Any, R]) -> R:
    """Run asynchronous work to its end."""
    return asyncio.run(work)


def prepared_database() -> str:
    """The database's address, once it is at this version; the embedded one is started and migrated as needed."""
    from griot.core.db import database_url, ready
    from griot.core.db.migrate import migrate
    from griot.core.settings import settings

    config = settings()
    url = database_url(config)
    if config.database_url is None:
        migrate(url)
    elif not run(ready(url)):
        raise ConfigurationError(
            "The database that DATABASE_URL names does not answer, or is not at this version of Griot:"
            " `griot db status` says which, `griot db migrate` brings it to this version."
        )
    return url


def in_shop(name: str, work: "Callable[[House, Tx, Shop], Awaitable[R]]") -> R:
    """Do work in one transaction of the shop with this slug or number; an error undoes all of it."""
    prepared_database()
    return run(_in_shop(name, work))


async def _in_shop(name: str, work: "Callable[[House, Tx, Shop], Awaitable[R]]") -> R:
    from griot.core.tenancy import load_shop

    async with house_of(name) as (house, shop_id), house.db.transaction(shop_id, actor="cli") as tx:
        return await work(house, tx, await load_shop(tx))


@asynccontextmanager
async def house_of(name: str) -> "AsyncIterator[tuple[House, int]]":
    """The house and the number of the shop with this slug or number, for work of several transactions."""
    from griot.core.house import open_house
    from griot.core.settings import settings
    from griot.tools.shops.service import find_shop

    async with open_house(settings()) as house:
        async with house.db.anywhere() as connection:
            shop_id = await find_shop(connection, name)
        yield house, shop_id


def emit(data: Any, as_json: bool) -> None:
    """Print a result on standard output: one JSON document, or for people a table of rows, pairs or plain text."""
    if as_json:
        import orjson

        sys.stdout.write(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode())
    elif isinstance(data, Mapping):
        _table([{"": name, " ": value} for name, value in data.items()], header=False)
    elif isinstance(data, list):
        _table(data, header=True)
    else:
        typer.echo(data)


def _table(rows: list[dict[str, Any]], *, header: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=header, pad_edge=False)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    wide = None if sys.stdout.isatty() else 500  # in a pipe a row is a line
    Console(markup=False, highlight=False, width=wide).print(table)
