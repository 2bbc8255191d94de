"""Products named in a free message: which, where, and with which options."""

import pytest
from search_world import ABIDJAN, DAKAR, LYON, TANA, catalogue

from griot.knowledge.search.index import Index
from griot.knowledge.search.models import Mention

SHOPS = {"dakar": DAKAR, "lyon": LYON, "tana": TANA, "abidjan": ABIDJAN}


@pytest.fixture(scope="module")
def shops() -> dict[str, Index]:
    return {name: Index.build(catalogue(rows), {}, None) for name, rows in SHOPS.items()}


def said(words: str, mentions: list[Mention]) -> list[str]:
    """Each mention as ``CODE 'name' axis=value``."""
    return [
        " ".join([m.code, f"'{words[m.start : m.end]}'", *(f"{axis}={value}" for axis, value in m.options.items())])
        for m in mentions
    ]


@pytest.mark.parametrize(
    ("shop", "words", "expected"),
    [
        ("dakar", "la robe bleue en M", ["ROBE1 'robe bleue' taille=M couleur=bleu"]),
        (
            "dakar",
            "salut je veux 2 robes wax en L et un sac à main marron",
            ["ROBE1 'robes wax' taille=L", "SAC1 'sac à main marron' couleur=marron"],
        ),
        (
            "dakar",
            "jveu la robe fleuri taille m + bask blanch 40",
            ["ROBE3 'robe fleuri' taille=M", "BASK1 'bask blanch 40' pointure=40"],
        ),
        ("dakar", "a black t-shirt size XL please", ["TSH1 'black t-shirt size XL' taille=XL couleur=noir"]),
        ("dakar", "mbubb bu weex XXL", ["BOUB1 'mbubb bu weex XXL' taille=XXL couleur=blanc"]),
        ("dakar", "boubou bleu ciel", ["BOUB1 'boubou bleu ciel' couleur=bleu ciel"]),
        ("dakar", "c'est dispo en 42 le jean ?", ["JEAN1 'jean' taille=42"]),
        (
            "dakar",
            "sandales 38 et baskets 41",
            ["SAND1 'sandales 38' pointure=38", "BASK1 'baskets 41' pointure=41"],
        ),
        ("dakar", "2 robe1 et 3 sac2", ["ROBE1 'robe1'", "SAC2 'sac2'"]),
        ("dakar", "akanjo lava mena M iray", ["ROBE1 'akanjo lava mena' taille=M couleur=rouge"]),
        (
            "lyon",
            "2 gâteaux aux fraises et 3 croissants pour samedi",
            ["GFRAISE 'gâteaux aux fraises'", "CROIS 'croissants'"],
        ),
        ("lyon", "un gateau chocolat pour 8 personnes", ["GCHOCO 'gateau chocolat' parts=8 parts"]),
        (
            "lyon",
            "6 pains au chocolat, 4 croissants et 2 baguettes",
            ["PAINCHO 'pains au chocolat'", "CROIS 'croissants'", "BAGUET 'baguettes'"],
        ),
        ("lyon", "3 croissants aux amandes svp", ["CROISAM 'croissants aux amandes'"]),
        (
            "lyon",
            "jvoudrai 2 croissan é 1 pain o chocola",
            ["CROIS 'croissan'", "PAINCHO 'pain o chocola'"],
        ),
        ("lyon", "three chocolate cakes and a quiche", ["GCHOCO 'chocolate cakes'", "QUICHE 'quiche'"]),
        ("tana", "roa vary mena sy telo savony", ["RIZ1 'vary mena'", "SAVON1 'savony'"]),
        ("tana", "harona kely iray", ["PANIER1 'harona' taille=petit"]),
        ("tana", "2 sacs de riz 25kg + huile 1L", ["RIZ2 'riz 25kg'", "HUILE1 'huile 1L'"]),
        (
            "tana",
            "écouteurs blancs et un chargeur",
            ["ECOUT1 'écouteurs blancs' couleur=blanc", "CHARG1 'chargeur'"],
        ),
        ("abidjan", "couches taille M x10", ["COUCHE1 'couches' taille=M"]),
        ("abidjan", "3 cartons de bissap et 2 packs d'eau", ["BISSAP1 'bissap'", "EAU1 'packs d'eau'"]),
        ("abidjan", "tecno spark 10 128 go", ["TEL1 'tecno spark 10 128 go' mémoire=128 Go"]),
        ("abidjan", "tecno spark 20", ["TEL2 'tecno spark 20'"]),
    ],
)
def test_a_message_names_products(shops: dict[str, Index], shop: str, words: str, expected: list[str]) -> None:
    found = shops[shop].mentions(words)
    assert said(words, found) == expected
    assert not any(mention.alternatives for mention in found)


@pytest.mark.parametrize(
    ("shop", "words", "codes"),
    [
        ("dakar", "la robe", {"ROBE1", "ROBE2", "ROBE3", "ROBE4"}),
        ("dakar", "je veux un sac", {"SAC1", "SAC2"}),
        ("dakar", "your shoes", {"SAND1", "BASK1"}),
        ("lyon", "une tarte", {"TARTEPOM", "TARTECIT"}),
        ("tana", "vary", {"RIZ1", "RIZ2"}),
        ("abidjan", "un smartphone", {"TEL1", "TEL2"}),
    ],
)
def test_a_name_that_several_bear_is_one_mention_of_all(
    shops: dict[str, Index], shop: str, words: str, codes: set[str]
) -> None:
    (mention,) = shops[shop].mentions(words)
    assert set(mention.alternatives) == codes
    assert mention.code == mention.alternatives[0]
    assert mention.score < 0.75


def test_an_option_chooses_between_those_who_bear_the_name(shops: dict[str, Index]) -> None:
    (mention,) = shops["dakar"].mentions("une robe taille S")
    assert set(mention.alternatives) == {"ROBE1", "ROBE2"}
    assert mention.options == {"taille": "S"}


def test_spans_are_the_words_spoken_for_and_leave_the_rest(shops: dict[str, Index]) -> None:
    words = "je veux 2 robes wax svp, taille L, livrées samedi"
    (mention,) = shops["dakar"].mentions(words)
    assert [words[start:end] for start, end in mention.spans] == ["robes", "wax", "L"]


@pytest.mark.parametrize(
    "words",
    [
        "bonjour",
        "c'est combien ?",
        "vous livrez à Pikine ?",
        "ok merci",
        "je veux parler à quelqu'un",
        "en bleu",
        "M",
        "2",
    ],
)
def test_a_message_without_a_name_has_no_mention(shops: dict[str, Index], words: str) -> None:
    assert shops["dakar"].mentions(words) == []


def test_a_word_is_a_name_only_where_it_is_used_as_one() -> None:
    rows = [
        ("W1", "Montre dorée", "", "", ""),
        ("T2", "Thé vert", "", "", ""),
        ("F3", "Four électrique", "", "", ""),
        ("R4", "Robe wax", "", "", ""),
    ]
    index = Index.build(catalogue(rows), {}, None)
    named = {
        "montre moi la robe": ["R4"],
        "je veux la montre": ["W1"],
        "the dress": ["R4"],
        "du thé": ["T2"],
        "four dresses": ["R4"],
        "un four et une robe": ["F3", "R4"],
    }
    assert {words: [mention.code for mention in index.mentions(words)] for words in named} == named
