"""A product is found under every spelling of its code, and never under the code of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.acts import Act, Ask, Take, Unknown
from griot.agent.reading import CodeIndex, ReadingContext, Utterance, read


def cases(texts: str) -> list[str]:
    return [text.strip() for text in texts.split("|")]


def acts(text: str, *codes: str, **context: object) -> tuple[Act, ...]:
    index = CodeIndex.build({code: [{}] for code in codes})
    return read([Utterance("text", text)], ReadingContext(index, **context)).acts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    cases(
        "ROBE1 | robe1 | Robe 1 | robe-1 | robe_1 | robe.1 | robe#1 | #ROBE1 | robe°1 | robe n°1 | robe nº1"
        " | robe № 1 | robe numéro 1 | robe num 1 | robe no 1 | r o b e 1 | R.O.B.E.1 | R-O-B-E-1 | rob e1"
        " | robe un | robe one | robe iray | robe benn | la robe numéro un | robes 1 | ROBE 01 | R0BE1"
        " | ROBEl | ROBEI | RÖBÉ1 | ＲＯＢＥ１ | ＲＯＢＥ　１ | rob\u200be1 | ro\u00adbe1 | RОВЕ1 | 𝐑𝐎𝐁𝐄𝟏 | ROBE١"
        " | ROBE① | *ROBE1* | _robe1_ | « robe 1 » | 'ROBE1' | robe 1. | ROBE1!!!"
    ),
)
def test_a_code_is_found_however_it_is_spelled(text: str) -> None:
    assert acts(text, "ROBE1", "SAC2", "CHAUSSURE1") == (Take("ROBE1"),)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("XYZ9", ["ROBE1"]),
        ("robe12", ["ROBE1"]),
        ("robe1b", ["ROBE1"]),
        ("xrobe1", ["ROBE1"]),
        ("robe1robe2", ["ROBE1", "ROBE2"]),
        ("robe", ["ROBE1"]),
        ("1 robe", ["ROBE1"]),
        ("wax2", ["WAX"]),
        ("robes1", ["ROBE1S"]),
        ("R0B1", ["ROBE1"]),
    ],
)
def test_what_only_resembles_a_code_is_not_one(text: str, codes: list[str]) -> None:
    assert acts(text, *codes) == (Unknown(text),)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("robe 12", (Take("ROBE12"),)),
        ("robe12 x2", (Take("ROBE12", 2),)),
        ("robe1 2", (Take("ROBE1", 2),)),
        ("2 robe1", (Take("ROBE1", 2),)),
        ("robe 1 2", (Ask("ROBE1"), Ask("ROBE12"))),
        ("r o b e 1 2", (Ask("ROBE12"), Ask("ROBE1"))),
    ],
)
def test_a_code_that_begins_like_another_is_told_from_it(text: str, heard: tuple[Act, ...]) -> None:
    assert acts(text, "ROBE1", "ROBE12") == heard


@pytest.mark.parametrize("text", ["robe 1 2", "robe 1 et 2", "robe1, 2", "robe 1, 2 et 3", "robe 1/2", "robe1 et 2"])
def test_a_list_of_numbers_is_not_taken_for_a_quantity(text: str) -> None:
    """With ROBE2 in the shop "robe 1 2" is two of ROBE1, or one of each."""
    assert not any(isinstance(act, Take) for act in acts(text, "ROBE1", "ROBE2", "ROBE3"))


def test_exact_spelling_settles_what_a_loose_one_leaves_open() -> None:
    assert acts("robes 1", "ROBE1", "ROBES1") == (Take("ROBES1"),)
    assert acts("robe 1", "ROBE1", "ROBES1") == (Take("ROBE1"),)
    assert acts("r0be1", "ROBE1", "ROBEI") == (Unknown("r0be1"),)
    assert acts("lot-1", "LOT1", "LOT-1") == (Take("LOT-1"),)
    assert acts("lot 1", "LOT1", "LOT-1") == (Ask("LOT1"), Ask("LOT-1"))


@pytest.mark.parametrize(
    ("text", "codes", "heard"),
    [
        ("a1", ["A1"], Take("A1")),
        ("A 1 svp", ["A1"], Take("A1")),
        ("2 a1", ["A1"], Take("A1", 2)),
        ("2 2b", ["2B"], Take("2B", 2)),
        ("x2", ["X2"], Take("X2")),
        ("om 1", ["OM1"], Take("OM1")),
        ("été 1", ["ÉTÉ1"], Take("ÉTÉ1")),
        ("lot2-15", ["LOT2-15"], Take("LOT2-15")),
        ("LOT 2 15", ["LOT2-15"], Ask("LOT2-15")),
        ("2 wax", ["WAX"], Take("WAX", 2)),
        ("je veux la robe rouge", ["ROBE ROUGE"], Take("ROBE ROUGE")),
        ("OK", ["OK"], Take("OK")),
    ],
)
def test_codes_of_every_shape_work(text: str, codes: list[str], heard: Act) -> None:
    assert acts(text, *codes) == (heard,)


def test_a_word_of_every_day_is_a_code_only_when_written_like_it() -> None:
    assert acts("ok", "OK") != (Take("OK"),)


def test_a_code_that_looks_like_a_quantity_is_doubtful_beside_another() -> None:
    assert acts("WAX x2", "WAX", "X2") == (Ask("WAX"), Ask("X2"))


NUMBERED = [str(number) for number in range(1, 31)]


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("5", (Take("5"),)),
        ("5 svp", (Take("5"),)),
        ("n°5", (Take("5"),)),
        ("#5", (Take("5"),)),
        ("je prends le 5", (Take("5"),)),
        ("numéro douze", (Take("12"),)),
        ("le numéro 12 x3", (Take("12", 3),)),
        ("5 x2", (Take("5", 2),)),
        ("je veux le 5 et le 7", (Take("5"), Take("7"))),
    ],
)
def test_shops_that_number_their_products_are_served(text: str, takes: tuple[Take, ...]) -> None:
    assert acts(text, *NUMBERED) == takes


@pytest.mark.parametrize(
    "text",
    ["5x2", "2 5", "5,7", "15/02", "-3", "18h", "15 000", "77 123 45 67", "12 pièces", "deux", "pas le 5", "5 ?"],
)
def test_a_number_that_may_be_something_else_is_not_a_code(text: str) -> None:
    assert not any(isinstance(act, Take) for act in acts(text, *NUMBERED))


def test_a_number_answers_the_question_before_it_is_a_code() -> None:
    assert acts("2", *NUMBERED, asked={"kind": "quantity", "code": "7"}) == (Take("7", 2),)


@given(st.from_regex(r"[A-Z]{3,8}[1-9][0-9]{0,2}", fullmatch=True), st.sampled_from(["", " ", "-", "  ", " n°", "."]))
def test_letters_and_number_may_stand_apart(code: str, gap: str) -> None:
    stem = code.rstrip("0123456789")
    assert acts(f"{stem.lower()}{gap}{code[len(stem) :]}", code) == (Take(code),)


def test_an_empty_shop_knows_no_code() -> None:
    assert acts("ROBE1") == (Unknown("ROBE1"),)
    assert acts("ROBE1", "", "-", "🙂") == (Unknown("ROBE1"),)
