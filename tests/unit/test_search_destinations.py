"""Which answer about deliveries, returns or payments: the place and the topic of the question decide."""

import pytest
from search_world import questions

from griot.knowledge.search.index import Index

FAQ = [
    ("ville", "Livrez-vous à Dakar et à quel prix ?", "1 500 F à Dakar, 2 500 F en banlieue."),
    ("regions", "Envoyez-vous dans les régions du Sénégal ?", "Oui : Thiès, Touba et Kaolack par car, 3 000 F."),
    ("etranger", "Envoyez-vous en France, en Côte d'Ivoire ou ailleurs ?", "Par avion, 4 000 F le kilo."),
    ("horaires", "Quels sont les horaires de la boutique et des lives ?", "De 9 h à 19 h. Lives le mardi."),
    ("adresse", "Où se trouve la boutique ?", "Au marché, allée 3. Pas de livraison depuis la boutique."),
    ("paiement", "Quels moyens de paiement acceptez-vous ?", "Wave et carte bancaire."),
    ("livreur", "Peut-on payer à la livraison ?", "Non, tout se paie d'avance."),
    ("prix", "Peut-on négocier les prix ?", "Non, les prix sont fixes."),
    ("essai", "Peut-on avoir un échantillon ?", "Oui, payant."),
    ("allergenes", "Quels allergènes contiennent vos produits ?", "Noix et lait dans tout l'atelier."),
    ("gluten", "Avez-vous du sans gluten ?", "Seulement les macarons."),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build({}, questions(FAQ), None)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("livraison à Dakar c'est combien", "ville"),
        ("livraison ba Touba ñaata la", "regions"),
        ("vous livrez a kaolak ?", "regions"),
        ("do you ship to Ziguinchor?", "regions"),  # a town of the country that no answer names
        ("vous envoyez à Abidjan ? le kilo fait combien", "etranger"),  # a town of a country that one names
        ("Afaka mandefa any Madagasikara ve ianareo?", "etranger"),
        ("can you ship to Canada", "etranger"),
        ("vous êtes calés dans quel coin ?", "adresse"),
        ("je décaisse quand le livreur arrive ou avant ?", "livreur"),
        ("on peut payer le livreur en espèces ?", "livreur"),
        ("15 000 c'est dur, on peut pas tomber à 12 ?", "prix"),
        ("on peut goûter un peu avant ?", "essai"),
        ("do they contain nuts?", "allergenes"),
        ("gluten free?", "gluten"),
    ],
)
def test_the_entry_that_answers_comes_first(index: Index, words: str, key: str) -> None:
    best = index.faq(words)[0]
    assert (best.key, best.score >= 0.6) == (key, True)


def test_a_topic_that_only_an_answer_mentions_weighs_little(index: Index) -> None:
    scores = {hit.key: hit.score for hit in index.faq("vous faites la livraison ?", 20)}
    assert scores["ville"] >= 0.7
    assert max(scores.get("adresse", 0.0), scores.get("horaires", 0.0)) < 0.6
