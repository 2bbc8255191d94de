"""How the tests of files and feeds read one and look at what came of it."""

import io
import json
from datetime import date
from typing import Any

import openpyxl

from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.reading import read_file
from griot.knowledge.importing.models import Found, FoundProduct

TODAY = date(2026, 11, 20)


def read(text: str | bytes, *, url: str | None = None, mapping: Mapping | None = None) -> Found:
    """What a file holds on a fixed day."""
    body = text.encode() if isinstance(text, str) else text
    return read_file(body, url=url, mapping=mapping, today=TODAY)


def read_object(document: object, *, url: str | None = None) -> Found:
    """What a JSON document holds."""
    return read(json.dumps(document), url=url)


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """An XLSX file with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def titles(found: Found) -> list[str]:
    """The names of the products, in order."""
    return [product.title for product in found.products]


def named(found: Found, title: str) -> FoundProduct:
    """The one product of this name."""
    (product,) = [product for product in found.products if product.title == title]
    return product


def brief(product: FoundProduct) -> tuple[str, str | None, str | None, str | None, str | None]:
    """(title, price, currency, code, availability), the price as text."""
    price = None if product.price is None else f"{product.price:f}"
    return product.title, price, product.currency, product.sku, product.availability


def said(found: Found) -> str:
    """All doubts as one text."""
    return "\n".join(f"{one.where}: {one.what} {one.do}" for one in found.warnings)
