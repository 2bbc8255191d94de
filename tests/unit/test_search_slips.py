"""Codes and names that were not written as they are, and names that mean one thing though others are like it."""

import pytest
from search_world import Row, catalogue

from griot.knowledge.search.index import Index

STALL: list[Row] = [
    ("ROBE4", "Robe bogolan courte", "Robes", "", "taille:S|M|L"),
    ("ROBE5", "Robe bogolan longue", "Robes", "", "taille:S|M|L"),
    ("JEAN7", "Jean slim", "Jeans", "", "taille:36|38"),
    ("JUPE7", "Jupe plissée", "Jupes", "", ""),
    ("SAV1", "Savon noir 250 g", "Beauté", "", ""),
    ("SAV2", "Savon miel 100 g", "Beauté", "", ""),
    ("BOUB1", "Grand boubou brodé", "Boubous", "", ""),
    ("KAFT1", "Kaftan uni", "Boubous", "", ""),
    ("PHO1", "Tecno Spark 128 Go", "Téléphones", "", "couleur:noir|bleu"),
    ("PHO2", "Samsung Galaxy 128 Go", "Téléphones", "", "couleur:noir|bleu"),
    ("CHAR1", "Chargeur rapide", "Accessoires", "", ""),
    ("PAST1", "Pastels au thon", "Salé", "", ""),
    ("RIZM", "Riz makalioka 1 kg", "Épicerie", "", ""),
    ("RIZB", "Riz brisé 1 kg", "Épicerie", "", ""),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(catalogue(STALL), {}, None)


def named(index: Index, words: str) -> set[str]:
    return {code for m in index.mentions(words) for code in (m.alternatives or (m.code,))}


@pytest.mark.parametrize(
    ("words", "code"),
    [("rob4 M", "ROBE4"), ("roeb5 L jpren", "ROBE5"), ("ROBE05", "ROBE5"), ("je veux jaen7 en 38", "JEAN7")],
)
def test_a_code_with_one_slip_is_found_when_only_one_is_near(index: Index, words: str, code: str) -> None:
    (mention,) = index.mentions(words)
    assert (mention.code, mention.alternatives) == (code, ())


def test_the_number_of_a_code_is_never_corrected(index: Index) -> None:
    assert named(index, "robe6 M") == {"ROBE4", "ROBE5"}


def test_the_letter_behind_a_code_is_a_size(index: Index) -> None:
    assert index.mentions("robe4 L")[0].options == {"taille": "L"}


@pytest.mark.parametrize(("words", "code"), [("1 chrgr svp", "CHAR1"), ("svn miel", "SAV2"), ("kftn uni", "KAFT1")])
def test_a_name_in_consonants_is_read(index: Index, words: str, code: str) -> None:
    assert named(index, words) == {code}


@pytest.mark.parametrize("words", ["slt", "bjr svp mrc", "cmb", "tjr rpndu"])
def test_short_forms_of_other_words_name_nothing(index: Index, words: str) -> None:
    assert named(index, words) == set()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("savon noir", "SAV1"),
        ("un kaftan", "KAFT1"),
        ("le boubou", "BOUB1"),
        ("makalioka", "RIZM"),
        ("vary makalioka", "RIZM"),
    ],
)
def test_who_has_the_very_words_steps_before_who_means_the_same(index: Index, words: str, code: str) -> None:
    assert named(index, words) == {code}


def test_a_brand_that_is_not_sold_is_no_other_brand(index: Index) -> None:
    assert named(index, "infinix noir") == set()


@pytest.mark.parametrize("words", ["in pastel colours", "des tons pastel"])
def test_a_shade_is_no_dish(index: Index, words: str) -> None:
    assert named(index, words) == set()
    assert named(index, "20 pastels") == {"PAST1"}
