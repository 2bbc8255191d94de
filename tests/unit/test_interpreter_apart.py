"""Articles that go by one name, told apart by a size, a number of people, a word, a container or a colour."""

from dataclasses import replace

import pytest
from search_world import Row, catalogue

from briefs import moment, talk
from griot.agent.interpreter.goods import Goods
from griot.agent.interpreter.traits import fitting, measures
from griot.knowledge.search.index import Index

STALL: list[Row] = [
    ("OPERA6", "Opéra 6 parts", "Gâteaux", "", ""),
    ("OPERA12", "Opéra 12 parts", "Gâteaux", "", ""),
    ("OPERA20", "Opéra 20 parts", "Gâteaux", "", ""),
    ("BRUNCH", "Brunch dominical, par personne", "Traiteur", "", ""),
    ("RIZ1", "Riz brisé 1 kg", "Épicerie", "", ""),
    ("RIZ5", "Riz brisé sac 5 kg", "Épicerie", "", ""),
    ("RIZ50", "Riz brisé sac 50 kg", "Épicerie", "", ""),
    ("SUC25", "Sucre roux sac 25 kg", "Épicerie", "", ""),
    ("KIR15", "Eau Kirène 1,5 L pack de 6", "Boissons", "", ""),
    ("KIR05", "Eau Kirène 0,5 L pack de 12", "Boissons", "", ""),
    ("CAH96", "Cahier 96 pages", "École", "", ""),
    ("CAH200", "Cahier 200 pages", "École", "", ""),
    ("BAR8", "Barre de fer 8 mm longueur 12 m", "Matériaux", "", ""),
    ("BAR10", "Barre de fer 10 mm longueur 12 m", "Matériaux", "", ""),
    ("BAR12", "Barre de fer 12 mm longueur 12 m", "Matériaux", "", ""),
    ("BEUR1", "Beurre de karité brut 250 g", "Beauté", "", ""),
    ("BEUR2", "Beurre de karité fouetté parfumé 200 g", "Beauté", "", ""),
    ("THEL", "Thé lyonnais", "Boissons", "", ""),
    ("THEM", "Thé marocain", "Boissons", "", ""),
    ("CHARC", "Chargeur rapide USB-C", "Accessoires", "", ""),
    ("CHARM", "Chargeur micro-USB", "Accessoires", "", ""),
    ("BASKH", "Baskets homme", "Chaussures", "", "pointure:41|42|43"),
    ("BASKF", "Baskets femme", "Chaussures", "", "pointure:37|38|39"),
]
SOLD = {product.code: product for product in catalogue(STALL).values()}
FIND = Index.build(SOLD, {}, None)
OPERAS = talk("et l'opéra ?", "Lequel ? *Opéra 6 parts* (OPERA6) *Opéra 12 parts* (OPERA12) *Opéra 20 parts* (OPERA20)")
BUTTERS = talk("shea butter?", "*Beurre de karité brut* (BEUR1) *Beurre de karité fouetté parfumé* (BEUR2)")


def lines(text: str, **known: object) -> dict[str, int | None]:
    goods = Goods(replace(moment(text), products=SOLD, find=FIND, stock={}, **known))  # type: ignore[arg-type]
    return {line.code + ("?" if line.alternatives else ""): line.quantity for line in goods.lines}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("je voudrais un opéra pour 12 personnes", {"OPERA12": None}),
        ("2 opera pr 20 stp", {"OPERA20": 2}),
        ("opéra ho an'ny olona 6", {"OPERA6": None}),
        ("an opera cake for twenty people", {"OPERA20": None}),
        ("opéra ngir 12 nit", {"OPERA12": None}),
        ("on est 12 mogos, un opéra pour nous", {"OPERA12": None}),
        ("40 barres de fer de 12", {"BAR12": 40}),  # all of them are 12 m long
        ("10 packs d'eau kirene 1,5", {"KIR15": 10}),
        ("12 exercise books 96 pages", {"CAH96": 12}),
        ("kahie 200 pejy dimy", {"CAH200": 5}),
        ("2 sacs de riz brisé de 5 kg", {"RIZ5": 2}),
    ],
)
def test_a_number_in_the_title_tells_articles_apart_and_counts_nothing(text: str, wanted: dict[str, int]) -> None:
    assert lines(text) == wanted


def test_a_number_that_no_title_has_tells_nothing() -> None:
    assert set(lines("un opéra pour 15 personnes")) == {"OPERA6?"}


@pytest.mark.parametrize(("text", "wanted"), [("20 kg de riz brisé", {"RIZ1": 20}), ("riz brisé 3 kilao", {"RIZ1": 3})])
def test_so_many_units_are_of_the_article_that_is_sold_by_one(text: str, wanted: dict[str, int]) -> None:
    assert lines(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("raw shea butter please", {"BEUR1": None}),
        ("le karité parfumé, 3", {"BEUR2": 3}),
        ("Lyon style tea", {"THEL": None}),
        ("chargeur typ c", {"CHARC": None}),
        ("baskets femme 38", {"BASKF": None}),
        ("des baskets 42", {"BASKH": None}),
    ],
)
def test_a_word_or_an_option_of_its_own_tells_an_article_apart(text: str, wanted: dict[str, int]) -> None:
    assert lines(text) == wanted


@pytest.mark.parametrize(
    ("text", "history", "wanted"),
    [
        ("celui de 12", OPERAS, {"OPERA12": None}),
        ("on sera 20", OPERAS, {"OPERA20": None}),
        ("ok 3 of the scented one", BUTTERS, {"BEUR2": 3}),
        ("merci beaucoup", OPERAS, {}),
    ],
)
def test_what_was_just_offered_is_told_apart_without_its_name(text: str, history: object, wanted: object) -> None:
    assert lines(text, history=history) == wanted


@pytest.mark.parametrize(
    ("text", "number"),
    [("un brunch, nous serons 18", 18), ("brunch for thirty people", 30), ("1 brunch ho an'ny olona 20", 20)],
)
def test_what_is_sold_by_the_head_is_wanted_for_as_many_as_will_come(text: str, number: int) -> None:
    assert lines(text) == {"BRUNCH": number}


def test_a_measure_is_read_with_what_it_counts() -> None:
    assert [(m.number, m.unit) for m in measures("1,5 L, 10 pers, olona 6, carton de 24")] == [
        ("1.5", "l"),
        ("10", "people"),
        ("6", "people"),
        ("24", ""),
    ]


def test_a_number_that_all_titles_have_fits_none() -> None:
    titles = ["Tube 25 mm longueur 4 m", "Tube 32 mm longueur 4 m"]
    (said,) = measures("le tube de 4")
    assert fitting(said, titles) == []
