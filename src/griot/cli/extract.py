"""`griot extract`: what an import would find at an address or in a file, nothing written."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, emit, friendly, run
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.knowledge.importing.models import Found, FoundProduct, FoundVariant

_FILES = frozenset(
    {"html", "htm", "csv", "tsv", "txt", "json", "jsonl", "ndjson", "xml", "xlsx", "xls", "gz", "zip", "yml"}
)


@friendly
def extract(
    source: Annotated[
        str, typer.Argument(metavar="PATH_OR_URL", help="A page or file saved on this machine, or an address.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="The address that a saved page or file came from.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an import would find: products with prices, stock and pictures, and what is doubtful."""
    found = run(_collected(source)) if _is_address(source) else _from_disk(source, url)
    emit(_document(found) if as_json else _table(found), as_json)


def _is_address(source: str) -> bool:
    """Whether a source is to be fetched: it says so, or is no file here and written like the name of a site."""
    if re.match(r"(?i)https?://|@\w", source):
        return True
    named = re.fullmatch(r"(?:[\w-]+\.)+(?P<ending>[^\W\d_]{2,})(?::\d+)?(?P<path>[/?].*)?", source)
    if named is None or (not named["path"] and named["ending"].lower() in _FILES):
        return False
    return not Path(source).exists()


async def _collected(source: str) -> "Found":
    """What is behind an address; how far it is on standard error, for people."""
    from griot.core.settings import settings
    from griot.knowledge.importing.fetching.fetcher import open_fetcher
    from griot.knowledge.importing.sites.collecting import collect

    def tell(done: int, expected: int | None) -> None:
        typer.echo(f"\r{done} of {expected or '?'} articles", nl=False, err=True)

    people = sys.stderr.isatty()
    async with open_fetcher(settings()) as fetcher:
        found = await collect(source, fetcher, progress=tell if people else None)
    if people:
        typer.echo("", err=True)
    return found


def _from_disk(source: str, url: str | None) -> "Found":
    from griot.knowledge.importing.reading import read

    path = Path(source)
    try:
        body = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidInput(f"{source} cannot be read: {reason}. Give the path of a page or a file.") from None
    return read(body, url=url, name=path.name)


def _document(found: "Found") -> dict[str, Any]:
    """The document of ``commands.md``; amounts are text, so that no reader makes a float of them."""
    return {
        "kind": found.kind,
        "products": [_product(product) for product in found.products],
        "warnings": [{"where": doubt.where, "what": doubt.what, "do": doubt.do} for doubt in found.warnings],
    }


def _product(product: "FoundProduct") -> dict[str, Any]:
    return {
        "title": product.title,
        "price": _amount(product.price),
        **({"price_max": _amount(product.price_max)} if product.price_max is not None else {}),
        "currency": product.currency,
        "sku": product.sku,
        "availability": product.availability,
        "stock": product.stock,
        "category": product.category,
        "brand": product.brand,
        "images": list(product.images),
        "variants": [_variant(variant) for variant in product.variants],
        "description": product.description,
        "url": product.url,
        "provenance": dict(product.provenance),
    }


def _variant(variant: "FoundVariant") -> dict[str, Any]:
    return {
        "options": dict(variant.options),
        "sku": variant.sku,
        "price": _amount(variant.price),
        "availability": variant.availability,
        "stock": variant.stock,
        "image": variant.image,
    }


def _amount(value: Any) -> str | None:
    """An amount in major units without needless zeros: ``15000``, ``12.5`` is ``12.50``."""
    if value is None:
        return None
    plain = f"{value.normalize():f}"
    whole, _, part = plain.partition(".")
    return f"{whole}.{part.ljust(2, '0')}" if part else whole


def _table(found: "Found") -> list[dict[str, Any]] | str:
    """A row a product, or the doubts in sentences where there is none."""
    doubts = "\n".join(f"{doubt.where}: {doubt.what} {doubt.do}" for doubt in found.warnings)
    if doubts and found.products:
        typer.echo(doubts, err=True)
    rows = [
        {
            "title": product.title,
            "price": " ".join(filter(None, (_amount(product.price), product.currency))),
            "availability": (product.availability or "").replace("_", " "),
            "code": product.sku or "",
            "variants": len(product.variants) or "",
        }
        for product in found.products
    ]
    return rows or doubts or "Nothing was found."
