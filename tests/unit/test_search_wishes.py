"""A search is narrowed by price, option and stock, in a small shop and in a large one."""

import pytest

from briefs import PRODUCTS
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.index import Index
from griot.knowledge.search.wide.catalogue import WideCatalogue
from griot.knowledge.search.wishes import Wishes
from mind_world import product

SHIRTS = [
    product("CHEM1", "Chemise bazin", 12_000, [{"taille": "M"}, {"taille": "L"}]),
    product("CHEM2", "Chemise coton", 7_000, [{"taille": "M"}, {"taille": "XL"}]),
    product("CHEM3", "Chemise lin", 20_000, [{"taille": "L", "couleur": "Écru"}]),
]


def ids(item: Product) -> list[int]:
    return [variant.id for variant in item.variants]


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        (Wishes(), {"CHEM1", "CHEM2", "CHEM3"}),
        (Wishes(most=12_000), {"CHEM1", "CHEM2"}),
        (Wishes(least=12_000), {"CHEM1", "CHEM3"}),
        (Wishes(options=("l",)), {"CHEM1", "CHEM3"}),
        (Wishes(options=("L", "ecru")), {"CHEM3"}),
        (Wishes(free={ids(SHIRTS[0])[1]: 2, ids(SHIRTS[1])[0]: 0}), {"CHEM1"}),
        (Wishes(options=("M",), free={ids(SHIRTS[0])[1]: 2}), set()),
    ],
)
def test_only_what_fits_is_found(wishes: Wishes, found: set[str]) -> None:
    small = Index.build({item.code: item for item in (*SHIRTS, *PRODUCTS.values())}, {}, None)
    large = WideCatalogue([*SHIRTS, *PRODUCTS.values()], None, glossary())
    assert {hit.key for hit in small.products("une chemise", 10, wishes) if hit.score > 0.3} == found
    assert {hit.key for hit in large.products("une chemise", 10, wishes) if hit.key.startswith("CHEM")} == found
