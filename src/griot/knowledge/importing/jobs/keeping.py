"""What was read, kept while somebody looks at it: bytes and back, so that confirming it does not read it again."""

import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from griot.knowledge.importing.models import Doubt, Found, FoundProduct, FoundVariant


def packed(found: Found) -> bytes:
    """The products and doubts of what was found; columns and addresses are needed no more."""
    kept = {
        "kind": found.kind,
        "complete": found.complete,
        "warnings": found.warnings,
        "products": found.products,
    }
    return zlib.compress(orjson.dumps(kept, default=_plain), 1)


def unpacked(body: bytes) -> Found:
    """What ``packed`` was given, without columns and addresses."""
    kept = orjson.loads(zlib.decompress(body))
    return Found(
        kept["kind"],
        tuple(_product(row) for row in kept["products"]),
        tuple(Doubt(**row) for row in kept["warnings"]),
        complete=kept["complete"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


def _product(row: dict[str, Any]) -> FoundProduct:
    variants = tuple(FoundVariant(**{**kind, "price": _decimal(kind["price"])}) for kind in row["variants"])
    amounts = {name: _decimal(row[name]) for name in ("price", "price_max")}
    return FoundProduct(**{**row, **amounts, "images": tuple(row["images"]), "variants": variants})


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
