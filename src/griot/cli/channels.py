"""``griot channels``: what the receivers read in a stored webhook body."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from griot.channels.model import Parsed
from griot.channels.registry import channel as known
from griot.core.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="Channels: read stored webhook bodies.")


@app.callback()
def channels() -> None:
    """Channels: read stored webhook bodies."""


@app.command()
def parse(
    channel: Annotated[str, typer.Argument(help="The channel the body came from, such as whatsapp.")],
    file: Annotated[str, typer.Argument(help="A file with the body as it was received; - reads standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what a stored webhook body holds, read as the receiver reads it."""
    try:
        parsed = known(channel).parse_bytes(_content(file))
    except InvalidInput as error:
        _fail(str(error))
    if as_json:
        typer.echo(orjson.dumps(_document(parsed), option=orjson.OPT_INDENT_2))
    else:
        _print(parsed)


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        _fail(f"{file} cannot be read: {reason}. Give a file that holds one webhook body.")


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _document(parsed: Parsed) -> dict[str, Any]:
    return {
        "messages": [
            {
                "id": message.id,
                "from": message.sender.phone or message.sender.user_id,
                "account": message.account,
                "kind": message.kind,
                "text": message.text,
                "payload": message.payload,
            }
            for message in parsed.messages
        ],
        "statuses": [
            {"id": status.id, "status": status.status, **({"error": status.error} if status.error else {})}
            for status in parsed.statuses
        ],
        "ignored": [{"what": ignored.what, "why": ignored.why} for ignored in parsed.ignored],
    }


def _print(parsed: Parsed) -> None:
    document = _document(parsed)
    console = Console(highlight=False)
    for name, items in document.items():
        if not items:
            continue
        columns = list(dict.fromkeys(key for item in items for key in item))
        table = Table(*columns, title=f"{len(items)} {name}", title_justify="left")
        for item in items:
            table.add_row(*(_cell(item.get(column)) for column in columns))
        console.print(table)


def _cell(value: object) -> Text:
    if value is None:
        return Text()
    return Text(value if isinstance(value, str) else orjson.dumps(value).decode())
