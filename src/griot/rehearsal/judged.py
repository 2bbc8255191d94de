"""Shops with searches that were judged: which products answer a search, and how well.

A folder holds ``products.jsonl``, ``queries.jsonl`` and ``grades.jsonl``; their fields are in
docs/reference/search-bench.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import orjson

from griot.core.errors import GriotError
from griot.core.money import Money
from griot.knowledge.catalogue.models import Product

GAINS = {  # of a label; the gains that the field uses for shopping searches
    "exact": 1.0,
    "perfect": 1.0,
    "relevant": 1.0,
    "partial": 0.5,
    "substitute": 0.1,
    "complement": 0.01,
    "irrelevant": 0.0,
    "e": 1.0,
    "s": 0.1,
    "c": 0.01,
    "i": 0.0,
}
_KEYS = ("product_id", "id", "code", "sku", "asin", "key")
_TITLES = ("title", "product_title", "product_name", "name")
_TEXTS = ("description", "product_description", "text", "body")
_CLASSES = ("category", "product_class", "class", "category_hierarchy", "categories", "type")
_MORE = ("brand", "product_brand", "color", "colour", "product_color", "bullet_points", "bullets", "features")
_LISTS = (*_MORE, "product_bullet_point", "product_features", "attributes", "options")
_QUERY_KEYS = ("query_id", "qid", "id")
_WORDS = ("query", "text", "words", "q")
_GRADES = ("grade", "label", "gain", "relevance", "esci_label", "score")


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    words: str
    kind: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """``gain``: how well a product answers a query; 0 not at all."""

    query: str
    product: str
    gain: float


@dataclass(frozen=True, slots=True)
class Judged:
    name: str
    products: Sequence[Product]
    queries: Sequence[Query]
    grades: Sequence[Grade]


def data() -> Traversable:
    """The folder of the texts of this package."""
    return files("griot.rehearsal") / "data"


def article_for_sale(code: str, title: str, category: str, description: str) -> Product:
    """A product of which only the words matter."""
    return Product(0, code, title, description, category, Money(0, "XOF"), None, 0, ())


def read_judged(folder: Path | Traversable, name: str = "") -> Judged:
    """A folder as it is; a row that has no key or no words is refused with its line."""
    products = [
        article_for_sale(_need(row, _KEYS, at), _need(row, _TITLES, at), _told(row, _CLASSES), _description(row))
        for at, row in _rows(folder, "products.jsonl")
    ]
    queries = [
        Query(
            _need(row, _QUERY_KEYS, at), _need(row, _WORDS, at), _told(row, ("kind", "slice")), _told(row, _LANGUAGES)
        )
        for at, row in _rows(folder, "queries.jsonl")
    ]
    known = {query.words: query.id for query in queries}
    return Judged(
        name or getattr(folder, "name", ""),
        products,
        queries,
        [grade for at, row in _rows(folder, "grades.jsonl") for grade in _grades(row, at, known)],
    )


_LANGUAGES = ("lang", "language", "locale", "product_locale")


def _grades(row: Mapping[str, Any], at: str, known: Mapping[str, str]) -> Iterator[Grade]:
    """One grade, or those of all products of a query: ``{"query_id": …, "grades": {code: grade}}``."""
    query = _told(row, ("query_id", "qid")) or _told(row, ("query",))
    query = known.get(query, query)
    if not query:
        raise GriotError(f"{at}: a grade without query_id.")
    several = next((row[name] for name in ("grades", "labels", "products") if isinstance(row.get(name), dict)), None)
    if several is not None:
        for code, grade in several.items():
            yield Grade(query, str(code), _gain(grade, at))
        return
    code = _told(row, ("product_id", "product", "code", "sku", "asin", "doc_id", "docid"))
    grade = next((row[name] for name in _GRADES if name in row), 1)
    if not code:
        raise GriotError(f"{at}: a grade without product_id.")
    yield Grade(query, code, _gain(grade, at))


def _gain(grade: Any, at: str) -> float:
    if isinstance(grade, int | float):
        return float(grade)
    known = GAINS.get(str(grade).strip().casefold())
    if known is not None:
        return known
    try:
        return float(str(grade))
    except ValueError:
        raise GriotError(f"{at}: “{grade}” is no grade. Write a number, or Exact, Partial or Irrelevant.") from None


def _rows(folder: Path | Traversable, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    file = folder / name
    if not file.is_file():
        raise GriotError(f"There is no {name} in {folder}. A folder to measure on holds products, queries and grades.")
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    row = orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise GriotError(f"{name}, line {number}: {error}. Each line is one JSON object.") from None
                if not isinstance(row, dict):
                    raise GriotError(f"{name}, line {number}: each line is one JSON object.")
                yield f"{name}, line {number}", row


def _need(row: Mapping[str, Any], names: Sequence[str], at: str) -> str:
    found = _told(row, names)
    if not found:
        raise GriotError(f"{at}: none of {', '.join(names)} is given.")
    return found


def _told(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(row.get(name)))), "")


def _description(row: Mapping[str, Any]) -> str:
    """What is written of a product, and its attributes behind it."""
    parts = [_told(row, _TEXTS), *(_text(row.get(name)) for name in _LISTS)]
    return ". ".join(part for part in parts if part)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(part)}" for name, part in value.items() if part not in (None, "", []))
    if isinstance(value, list | tuple):
        return ", ".join(_text(part) for part in value)
    return str(value).strip()
