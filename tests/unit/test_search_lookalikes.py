"""Names that look like each other: the one that was said is found, and a word that names nothing is left alone."""

import pytest
from search_world import Row, catalogue

from griot.knowledge.search.index import Index
from griot.knowledge.search.words import split

STALL: list[Row] = [
    ("SAVO1", "Savon de ménage (savona) 400 g", "Entretien", "", ""),
    ("LUM1", "Ampoule LED (jiro) 9 W", "Électricité", "", "culot:E27|B22"),
    ("LUM2", "Lampe solaire", "Électricité", "", ""),
    ("OIL1", "Huile de tournesol 1 litre", "Épicerie", "", ""),
    ("OIL5", "Huile de tournesol bidon 5 litres", "Épicerie", "", ""),
    ("MILK1", "Lait concentré sucré 390 g", "Épicerie", "", ""),
    ("MILK2", "Lait en poudre 500 g", "Épicerie", "", ""),
    ("LAIT3", "Lait corporel 500 ml", "Soins", "", ""),
    ("TEINTE", "Peinture murale pot de 4 kg", "Bricolage", "", "couleur:blanc|crème"),
    ("COCOT", "Cocotte en fonte", "Cuisine", "", ""),
    ("CAFE1", "Café moulu 250 g", "Épicerie", "", ""),
    ("PATI1", "Part de tarte au citron", "Gâteaux", "", ""),
    ("ROYA1", "Entremets chocolat", "Gâteaux", "", "parts:6|8|10"),
    ("LIN1", "Tissu lin 6 yards", "Tissus", "", ""),
    ("LIN2", "Tissu lin 2 yards", "Tissus", "", ""),
    ("POLO1", "Polo lin homme", "Hommes", "", "taille:M|L"),
    ("NAPPE1", "Panier en osier", "Maison", "", ""),
    ("COLL1", "Collier de perles", "Bijoux", "", ""),
    ("PAINS1", "Pain de mie", "Pains", "", ""),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(catalogue(STALL), {}, None)


def named(index: Index, words: str) -> list[set[str]]:
    return [{*(m.alternatives or (m.code,))} for m in index.mentions(words)]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("savona telo azafady", ["SAVO1"]),  # the name in brackets is as good as the other
        ("mba omeo jiro efatra aho", ["LUM1"]),
        ("lait en poudre", ["MILK2"]),  # the very words before what they mean
        ("powdered milk please", ["MILK2"]),
        ("12 bidons d'huile de 5 litres", ["OIL5"]),  # the size says which
        ("un bidon d'huile d'un litre", ["OIL1"]),
        ("ten of the 2-yard linen", ["LIN2"]),
        ("deux polo lin 1 en M", ["POLO1"]),  # "lin 1" is no code behind the noun
        ("LIN1 x2", ["LIN1"]),
        ("peinture crème 6 pots", ["TEINTE"]),  # a thing's own pots are no cooking pots
        ("entremets chocolat, 10 parts", ["ROYA1"]),  # parts are not what a shop sells
        ("une tarte au citron", ["PATI1"]),
    ],
)
def test_the_thing_that_was_named_is_the_only_one(index: Index, words: str, codes: list[str]) -> None:
    assert named(index, words) == [{code} for code in codes]


@pytest.mark.parametrize(
    "words",
    [
        "Paid! where do I drop my address",
        "mon colis est arrivé ?",
        "c'est quoi ce papier",
        "ça fé 3x que je demande",
        "haha bisous à la famille",
        "livraison à Adjamé",
        "you said 5 months",
    ],
)
def test_words_of_every_day_are_no_misspelled_names(index: Index, words: str) -> None:
    assert named(index, words) == []


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("entremets chocolat 6 part", "6"),
        ("entremets chocolat, 8 servings", "8"),
        ("entremets chocolat, six parts", "6"),
    ],
)
def test_a_number_with_the_noun_of_its_axis_is_an_option(index: Index, words: str, parts: str) -> None:
    (mention,) = index.mentions(words)
    assert mention.options == {"parts": parts}


@pytest.mark.parametrize(
    ("text", "measure"),
    [("d'un litre", "1l"), ("iray litatra", "1l"), ("six yards", "6yards"), ("2-yard", "2yards"), ("10 kilao", "10kg")],
)
def test_a_measure_may_be_spelled_out(text: str, measure: str) -> None:
    assert split(text)[-1].text == measure
