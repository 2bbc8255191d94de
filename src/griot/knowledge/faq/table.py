"""FAQ entries in a CSV file: ``id,question,answer`` and, if wanted, ``language``."""

import csv
from pathlib import Path

from griot.core.errors import InvalidInput
from griot.knowledge.faq.models import NewFaq

_KEYS = ("id", "key")
_NEEDED = ("question", "answer")


def read_csv(path: Path) -> list[NewFaq]:
    """The entries of a file in UTF-8, comma or semicolon between columns. ``InvalidInput`` names what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as UTF-8 text: {error}.") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        text.splitlines(keepends=True), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    columns = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    key = next((columns[name] for name in _KEYS if name in columns), None)
    missing = [name for name in _NEEDED if name not in columns]
    if key is None or missing:
        raise InvalidInput(f"{path.name} needs the columns id, question and answer in its first line.")
    language = columns.get("language")
    return [
        NewFaq(
            key=row[key] or "",
            question=row[columns["question"]] or "",
            answer=row[columns["answer"]] or "",
            language=(row[language] or "").strip() or None if language else None,
        )
        for row in reader
        if any(value for name, value in row.items() if name)
    ]
