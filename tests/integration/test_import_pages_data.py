"""The labelled product pages beside the project: how much of them is read right.

Figures are logged (``pytest --log-cli-level INFO``). F1 counts a wrong value as both false and missed; a field without
a label is not scored, except that a price where the label has none is false. Skipped where the pages are not there.
"""

import gzip
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from griot.knowledge.importing.currencies import meanings
from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.reading import read_page

DATA = Path(__file__).parents[3] / "shared" / "data" / "product-pages"
AVAILABILITY = {"InStock": "in_stock", "OutOfStock": "out_of_stock"}
FLOORS = {"price": 0.93, "currency": 0.95, "availability": 0.93}
SECONDS = 0.15  # of processor time for a page, on average

log = logging.getLogger(__name__)
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the labelled pages are not beside the project")


@dataclass
class Tally:
    right: int = 0
    false: int = 0
    missed: int = 0

    def count(self, got: object, wanted: set[Any]) -> None:
        right = got in wanted
        self.right += right
        self.false += got is not None and not right
        self.missed += bool(wanted) and not right

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.false + self.missed)


@dataclass
class Figures:
    tallies: dict[str, Tally]
    titled: int
    pages: int
    seconds: float


def labelled() -> Iterator[tuple[bytes, dict[str, Any]]]:
    for name, label in json.loads((DATA / "ground-truth.json").read_text("utf-8")).items():
        yield gzip.decompress((DATA / "html" / f"{name}.html.gz").read_bytes()), label


def wanted_of(label: dict[str, Any]) -> dict[str, set[Any]]:
    """Accepted answers of each field; a sign such as $ accepts every currency that it can mean."""
    return {
        "price": {Decimal(price) for price in label.get("price", ())},
        "currency": {code for sign in label.get("currency", ()) for code in meanings(sign)},
        "availability": {AVAILABILITY[value] for value in label["availability"]},
    }


@pytest.fixture(scope="module")
def figures() -> Figures:
    tallies = {name: Tally() for name in FLOORS}
    titled = pages = 0
    spent = 0.0
    for body, label in labelled():
        began = time.process_time()
        found = read_page(body, url=label["url"]).products
        spent += time.process_time() - began
        product = found[0] if found else FoundProduct("")
        pages, titled = pages + 1, titled + bool(product.title)
        for name, wanted in wanted_of(label).items():
            if wanted or name == "price":
                tallies[name].count(getattr(product, name), wanted)
    for name, tally in tallies.items():
        log.info("%s: F1 %.3f (right %d, false %d, missed %d)", name, tally.f1, tally.right, tally.false, tally.missed)
    log.info("%.0f ms a page", 1000 * spent / pages)
    return Figures(tallies, titled, pages, spent)


@pytest.mark.parametrize("field", FLOORS)
def test_the_floor_of_a_field(figures: Figures, field: str) -> None:
    assert figures.tallies[field].f1 >= FLOORS[field]


def test_every_page_has_a_title(figures: Figures) -> None:
    assert figures.titled == figures.pages


def test_time_of_a_page(figures: Figures) -> None:
    assert figures.seconds / figures.pages < SECONDS
