"""The tables of a shop in a suite: catalogue.csv, faq.csv and others.csv, read tolerantly."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from griot.core.errors import InvalidInput
from griot.evals.models import FaqRow, OtherRow, Place, Problem, ProductRow
from griot.knowledge.catalogue.options import parse_options

_NEEDED = {
    "catalogue.csv": ("code", "title", "price"),
    "faq.csv": ("id", "question", "answer"),
    "others.csv": ("name",),
}


class Tables:
    """Reads the tables of one folder; what it cannot read goes to ``problems``, the rest is read all the same."""

    def __init__(self, root: Path, folder: Path, problems: list[Problem]) -> None:
        self._root = root
        self._folder = folder
        self._problems = problems

    def products(self) -> tuple[ProductRow, ...]:
        return tuple(
            ProductRow(
                code=row.get("code", ""),
                title=row.get("title", ""),
                description=row.get("description", ""),
                category=row.get("category", ""),
                price=row.get("price", ""),
                currency=row.get("currency", "").upper(),
                stock=row.get("stock", ""),
                axes=self._axes(row.get("variants", ""), place),
                place=place,
            )
            for place, row in self._rows("catalogue.csv", needed=True)
        )

    def faq(self) -> tuple[FaqRow, ...]:
        return tuple(
            FaqRow(row.get("id", ""), row.get("question", ""), row.get("answer", ""), place)
            for place, row in self._rows("faq.csv")
        )

    def others(self) -> tuple[OtherRow, ...]:
        return tuple(
            OtherRow(
                name=row.get("name", ""),
                phone=row.get("phone", ""),
                address=row.get("address", ""),
                order_id=row.get("order_id", ""),
                items=row.get("items", ""),
                total=row.get("total", ""),
                status=row.get("status", ""),
                place=place,
            )
            for place, row in self._rows("others.csv")
        )

    def _axes(self, written: str, place: Place) -> dict[str, tuple[str, ...]]:
        try:
            return parse_options(written)
        except InvalidInput as error:
            self._problems.append(
                Problem("error", str(place), str(error), "Write the column variants as axis:value|value;axis:value.")
            )
            return {}

    def _rows(self, name: str, *, needed: bool = False) -> Iterator[tuple[Place, dict[str, str]]]:
        """The rows with their places; names of columns in small letters, values without space around them."""
        path = self._folder / name
        shown = path.relative_to(self._root).as_posix()
        if not path.exists():
            if needed:
                self._problems.append(Problem("error", shown, "The file is missing.", f"Add it: {_columns(name)}."))
            return
        text = path.read_text(encoding="utf-8-sig")
        head = text.partition("\n")[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
        header = [column.strip().lower() for column in next(reader, [])]
        missing = [column for column in _NEEDED[name] if column not in header]
        if missing:
            what = f"The column {missing[0]} is missing; the first line names {', '.join(header) or 'none'}."
            self._problems.append(Problem("error", f"{shown}:1", what, f"The first line is {_columns(name)}."))
            return
        line = reader.line_num + 1
        for values in reader:
            place, line = Place(shown, line), reader.line_num + 1
            if not any(value.strip() for value in values):
                continue
            if len(values) > len(header):
                what = f"The row has {len(values)} values for {len(header)} columns."
                self._problems.append(
                    Problem("warning", str(place), what, "Put values that hold a comma between quotes.")
                )
            yield place, {column: value.strip() for column, value in zip(header, values, strict=False)}


def _columns(name: str) -> str:
    return {
        "catalogue.csv": "code,title,description,category,price,currency,stock,variants",
        "faq.csv": "id,question,answer",
        "others.csv": "name,phone,address,order_id,items,total,status",
    }[name]
