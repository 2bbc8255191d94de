"""What somebody else wrote is only text in a spreadsheet."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.money import Money
from griot.core.spreadsheet import BOM, Sheet, harmless, phone_cell

WHEN = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


def cells(sheet: Sheet, *row: object, delimiter: str = ";") -> list[str]:
    [read] = csv.reader(io.StringIO(sheet.rows([row]).decode()), delimiter=delimiter)  # type: ignore[list-item]
    return read


@pytest.mark.parametrize(
    "evil",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1+1",
        '=HYPERLINK("http://x")',
    ],
)
def test_a_cell_that_would_be_a_formula_is_a_text(evil: str) -> None:
    assert harmless(evil) == f"'{evil}"
    assert cells(Sheet("fr", "UTC"), evil)[0] == f"'{evil}"


@given(st.text())
def test_no_text_begins_a_formula_and_none_leaves_its_cell(words: str) -> None:
    for language, delimiter in (("fr", ";"), ("en", ",")):
        before, shown, after = cells(Sheet(language, "UTC"), "a", words, "b", delimiter=delimiter)
        assert (before, after) == ("a", "b")
        assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert shown in (words.replace("\0", ""), f"'{words}".replace("\0", ""))


def test_a_separator_of_the_other_language_parts_nothing() -> None:
    """A file that is opened with the wrong separator still shows no formula: every cell is quoted."""
    assert Sheet("fr", "UTC").rows([["a,=1", 'b",=2']]) == b'"a,=1";"b"",=2"\r\n'


def test_values_are_written_in_the_habits_of_the_language() -> None:
    row = (Money(1250, "EUR"), Money(15000, "XOF"), 7, True, None, date(2026, 2, 15), WHEN)
    french = ["12,50", "15000", "7", "1", "", "2026-02-15", "2026-02-15T23:00:00+03:00"]
    assert cells(Sheet("fr", "Indian/Antananarivo"), *row) == french
    assert cells(Sheet("en", "Indian/Antananarivo"), *row, delimiter=",") == ["12.50", *french[1:]]


def test_the_first_row_comes_after_the_mark() -> None:
    assert Sheet("en", "UTC").head(["Name", "Téléphone"]).decode() == f'{BOM}"Name","Téléphone"\r\n'


def test_a_phone_stays_readable_and_no_number() -> None:
    assert phone_cell("221771234567") == "221 77 123 45 67"
    assert phone_cell("33612345678") == "33 61 234 56 78"
    assert phone_cell(None) == phone_cell("") == ""
    assert harmless(phone_cell("221771234567")) == "221 77 123 45 67"
