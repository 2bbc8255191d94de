"""`griot extract`: what an import would find at an address or in a file, nothing written."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, emit, friendly
from griot.cli.sources import TokenOption, found_at

if TYPE_CHECKING:
    from griot.knowledge.importing.models import Found, FoundProduct, FoundVariant

NOTHING_FOUND = 1


@friendly
def extract(
    source: Annotated[
        str, typer.Argument(metavar="PATH_OR_URL", help="A page or file saved on this machine, or an address.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="The address that a saved page or file came from.")] = None,
    instagram_token: TokenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an import would find: products with prices, stock and pictures, and what is doubtful."""
    found = found_at(source, url, token=instagram_token)
    emit(_document(found) if as_json else _table(found), as_json)
    if not found.products and not found.addresses:
        raise typer.Exit(NOTHING_FOUND)


def _document(found: "Found") -> dict[str, Any]:
    """The document of ``commands.md``; amounts are text, so that no reader makes a float of them."""
    return {
        "kind": found.kind,
        "products": [_product(product) for product in found.products],
        "warnings": [asdict(doubt) for doubt in found.warnings],
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
