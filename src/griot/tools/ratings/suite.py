"""The cases of a shop as the folder of a suite, which `griot eval run` runs (docs/reference/evals.md).

Each case has a shop of its own in it, because prices, pieces and answers are those of its moment.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.tools.ratings.models import EvalCase
from griot.tools.ratings.service import cases

MOST = 1000  # cases of a suite, the latest

_CATALOGUE = ("code", "title", "description", "category", "price", "currency", "stock", "variants")
_FAQ = ("id", "question", "answer")
_OTHERS = ("name", "phone", "address", "order_id", "items", "total", "status")


async def read(tx: Tx, shop: Shop) -> dict[str, bytes]:
    """The files of the suite by their paths."""
    return dict(files(shop, (await cases(tx, MOST))[::-1]))


def files(shop: Shop, kept: Sequence[EvalCase]) -> Iterator[tuple[str, bytes]]:
    """The files of a suite of these cases."""
    about = {"name": f"{shop.slug}-rated", "description": f"Replies that were rated at {shop.name}."}
    yield "suite.yaml", orjson.dumps(about)  # JSON is YAML
    yield "turns.jsonl", b"".join(orjson.dumps(case.content) + b"\n" for case in kept)
    shops = {str(case.content["shop"]): _shop(shop, case) for case in kept}
    yield "shops/shops.json", orjson.dumps(shops, option=orjson.OPT_INDENT_2)
    for case in kept:
        folder = f"shops/{case.content['shop']}"
        yield f"{folder}/catalogue.csv", _table(_CATALOGUE, case.articles)
        yield f"{folder}/faq.csv", _table(_FAQ, case.answers)
        yield f"{folder}/others.csv", _table(_OTHERS, ())


def write(folder: Path, found: Mapping[str, bytes]) -> None:
    """Write the files below a folder."""
    for name, content in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _shop(shop: Shop, case: EvalCase) -> dict[str, object]:
    return {
        "name": shop.name,
        "country": shop.country,
        "tz": shop.timezone,
        "currency": shop.currency,
        "segment": shop.segment,
        "now": case.content["now"],
        "language": shop.language,
    }


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
