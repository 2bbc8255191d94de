"""What a merchant gives to import from, an address or a file: how it is told apart and read."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from griot.cli.common import run
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.knowledge.importing.models import Found

_FILES = frozenset(
    {"html", "htm", "csv", "tsv", "txt", "json", "jsonl", "ndjson", "xml", "xlsx", "xls", "gz", "zip", "yml"}
)


TokenOption = Annotated[
    str | None,
    typer.Option(
        "--instagram-token",
        envvar="GRIOT_INSTAGRAM_TOKEN",
        help="Access token of an Instagram shop's administrator; better in the environment.",
    ),
]


def found_at(
    source: str, url: str | None = None, columns: Mapping[str, str] | None = None, token: str | None = None
) -> "Found":
    """What there is at an address, or in a file.

    ``columns``: what the merchant says of a table's, by their header; ``token``: for an Instagram shop.
    """
    if is_address(source):
        return run(_collected(source, columns or {}, token))
    return _from_disk(source, url, columns or {})


def is_instagram(source: str) -> bool:
    """Whether a source is an Instagram shop, the one kind that is read with a token."""
    from griot.knowledge.importing.sites.sources import understand

    return is_address(source) and understand(source).kind == "instagram"


def is_address(source: str) -> bool:
    """Whether a source is to be fetched: it says so, or is no file here and written like the name of a site."""
    if re.match(r"(?i)https?://|@\w", source):
        return True
    named = re.fullmatch(r"(?:[\w-]+\.)+(?P<ending>[^\W\d_]{2,})(?::\d+)?(?P<path>[/?].*)?", source)
    if named is None or (not named["path"] and named["ending"].lower() in _FILES):
        return False
    return not Path(source).exists()


@dataclass(frozen=True, slots=True)
class Got:
    """Bytes of an address or a file; ``name`` for sentences about it."""

    body: bytes
    name: str
    url: str | None = None
    content_type: str | None = None


def body_of(source: str) -> Got:
    """What is at one address, or in a file, as it is."""
    if is_address(source):
        return run(_fetched(source))
    path = Path(source)
    return Got(_bytes(source, path), path.name)


async def _fetched(source: str) -> Got:
    from griot.core.settings import settings
    from griot.knowledge.importing.fetching.fetcher import open_fetcher

    async with open_fetcher(settings()) as fetcher:
        answer = await fetcher.fetch(source)
    return Got(answer.body, answer.url, answer.url, answer.content_type)


async def _collected(source: str, columns: Mapping[str, str], token: str | None) -> "Found":
    """What is behind an address; how far it is on standard error, for people."""
    from griot.core.settings import settings
    from griot.knowledge.importing.fetching.fetcher import open_fetcher
    from griot.knowledge.importing.sites.collecting import collect
    from griot.knowledge.importing.sites.instagram import access_with

    def tell(done: int, expected: int | None) -> None:
        typer.echo(f"\r{done} of {expected or '?'} articles", nl=False, err=True)

    people = sys.stderr.isatty()
    config = settings()
    meta = access_with(token, config) if token else None
    async with open_fetcher(config) as fetcher:
        found = await collect(source, fetcher, progress=tell if people else None, meta=meta, columns=columns)
    if people:
        typer.echo("", err=True)
    return found


def _from_disk(source: str, url: str | None, columns: Mapping[str, str]) -> "Found":
    from griot.knowledge.importing.reading import read, reread

    path = Path(source)
    body = _bytes(source, path)
    found = read(body, url=url)
    return reread(body, found, columns, url=url) if columns else found


def _bytes(source: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidInput(f"{source} cannot be read: {reason}. Give the path of a page or a file.") from None
