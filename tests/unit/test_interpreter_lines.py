"""Which number belongs to which article, and which numbers are sizes: offsets come from the search and the counting."""

from typing import Any

import pytest

from briefs import FIND, PRODUCTS
from griot.agent.interpreter.amounts import counts_in
from griot.agent.interpreter.lines import OrderLine, lines_of, shared
from griot.agent.interpreter.values import meant
from mind_world import product

CAKE = product("GAT8", "Gâteau chocolat", 9_000, [{"parts": "6"}, {"parts": "8 parts"}, {"parts": "12"}])
SHIRT = product("CHEM1", "Chemise bazin", 12_000, [{"taille": size} for size in ("M", "L", "XL")])
SOLD = {**PRODUCTS, "GAT8": CAKE, "CHEM1": SHIRT}


def lines(text: str) -> list[OrderLine]:
    mentions = FIND.mentions(text)
    taken = [span for mention in mentions for span in mention.spans]
    return lines_of(text, mentions, counts_in(text, taken), PRODUCTS)


def wanted(text: str) -> dict[str, int | None]:
    return {" ".join((line.code, *line.options.values())): line.quantity for line in lines(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3 savons de karité", {"SAVON7": 3}),
        ("savons de karité : 3", {"SAVON7": 3}),
        ("SAVON7 x3", {"SAVON7": 3}),
        ("3 savons de karité et 2 boucles créoles", {"SAVON7": 3, "CREOLE6": 2}),
        ("savon de karité 3, boucles créoles 2", {"SAVON7": 3, "CREOLE6": 2}),
        ("savon de karité et 2 boucles créoles", {"SAVON7": None, "CREOLE6": 2}),
        ("sandales perlées 39", {"SANDALE3 39": None}),
        ("2 sandales perlées 39", {"SANDALE3 39": 2}),
        ("rien de tout cela", {}),
    ],
)
def test_every_article_gets_its_own_number(text: str, found: dict[str, Any]) -> None:
    assert wanted(text) == found


def test_the_same_article_named_twice_is_one_line() -> None:
    assert wanted("je veux 2 savons de karité, oui des savons de karité") == {"SAVON7": 2}


@pytest.mark.parametrize(
    ("text", "code", "options"),
    [
        ("un gâteau pour 8 personnes", "GAT8", ["8 parts"]),
        ("un gâteau de 12 parts", "GAT8", ["12"]),
        ("un gâteau pour 9 personnes", "GAT8", []),
        ("8 gâteaux", "GAT8", []),
        ("en 39 svp", "SANDALE3", ["39"]),
        ("6 svp", "GAT8", []),  # six cakes are as likely
        ("en 99", "SANDALE3", []),
    ],
)
def test_a_number_before_persons_or_beyond_any_quantity_is_a_size(text: str, code: str, options: list[str]) -> None:
    assert [value.value for value in meant(text, SOLD[code])] == options


def test_one_article_in_several_sizes_has_a_line_for_each() -> None:
    text = "chemises: 1 en M et 3 en XL"
    found = shared(text, "CHEM1", counts_in(text), SOLD)
    assert [(line.options, line.quantity) for line in found] == [({"taille": "M"}, 1), ({"taille": "XL"}, 3)]


def test_a_size_without_a_number_is_one_piece() -> None:
    found = shared("une M et une L", "CHEM1", [], SOLD)
    assert [(line.options, line.quantity) for line in found] == [({"taille": "M"}, 1), ({"taille": "L"}, 1)]


@pytest.mark.parametrize("text", ["en M svp", "chemise bazin", "3 chemises", "XLarge"])
def test_a_single_size_is_not_shared(text: str) -> None:
    assert shared(text, "CHEM1", counts_in(text), SOLD) == []


def test_what_the_shop_does_not_have_is_not_shared() -> None:
    assert shared("1 M et 1 L", "NONE9", [], SOLD) == []
