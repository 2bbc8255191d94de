"""FAQ entries in a table: questions and answers under headers that say so, in a CSV or an Excel file."""

import csv
import io
import re
from collections.abc import Iterable

from griot.core.accents import without_accents
from griot.core.errors import InvalidInput
from griot.knowledge.faq.models import NewFaq, key_of
from griot.knowledge.importing.files.decoding import decode

_HEADERS = {
    "key": {"id", "key", "cle", "code", "laharana"},
    "question": {"question", "questions", "demande", "fanontaniana", "titre", "title"},
    "answer": {"answer", "answers", "reponse", "reponses", "valiny", "valin ny fanontaniana", "texte", "text"},
    "language": {"language", "lang", "langue", "fiteny"},
}
_LANGUAGES = {"francais": "fr", "french": "fr", "malagasy": "mg", "malgache": "mg", "anglais": "en", "english": "en"}
_LOOKED_AT = 10  # rows among which the headers stand


def read_table(body: bytes, name: str) -> list[NewFaq]:
    """The entries of a table. A question without a key is named by its words.

    ``InvalidInput`` when it cannot be read or has no column of questions or of answers. ``name``: of the file, for that
    sentence.
    """
    rows = iter(_rows(body))
    for _, row in zip(range(_LOOKED_AT), rows, strict=False):
        columns = {field: at for at, cell in enumerate(row) if (field := _field(cell))}
        if "question" in columns and "answer" in columns:
            return [entry for row in rows if (entry := _entry(row, columns))]
    raise InvalidInput(f"{name} needs the columns question and answer (and, if wanted, id and language).")


def _entry(row: list[str], columns: dict[str, int]) -> NewFaq | None:
    def cell(field: str) -> str:
        at = columns.get(field)
        return row[at].strip() if at is not None and at < len(row) else ""

    if not any(cell(field) for field in columns):
        return None
    language = _plain(cell("language"))
    return NewFaq(
        key=cell("key") or key_of(cell("question")),
        question=cell("question"),
        answer=cell("answer"),
        language=_LANGUAGES.get(language, language) or None,
    )


def _field(header: str) -> str | None:
    return next((field for field, names in _HEADERS.items() if _plain(header) in names), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", without_accents(text.casefold())))


def _rows(body: bytes) -> Iterable[list[str]]:
    if body.startswith(b"PK"):
        from griot.knowledge.importing.files.sheets import (
            first_sheet,
        )  # the library of workbooks takes its time to load

        return first_sheet(body)
    text = decode(body).text
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
