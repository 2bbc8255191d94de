"""Which of the shop's own answers a question is for: by what it asks, in any language, and by the place it names."""

import pytest

from griot.agent.interpreter.examples import examples, intents_of_subjects
from griot.agent.interpreter.subjects import best_answers
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.index import Index

_SHOP = {
    "ville": ("Livrez-vous à domicile à Dakar ?", "Oui, 1 500 F en ville, sous 24 h."),
    "banlieue": ("Et la banlieue ?", "Livraison à Pikine, Guédiawaye, Rufisque : 2 500 F."),
    "regions": ("Expédiez-vous dans les autres villes ?", "Oui, Thiès, Kaolack, Saint-Louis, par car, 4 000 F."),
    "etranger": ("Expédiez-vous hors du Sénégal ?", "Oui, par DHL, en France et en Italie surtout."),
    "tranches": ("Acceptez-vous le paiement en deux ou trois tranches ?", "Oui, dès 60 000 F."),
    "paiement": ("Comment régler ?", "Wave, Orange Money ou espèces."),
    "horaires": ("Quand êtes-vous ouverts ?", "Du lundi au samedi, 9 h 30 - 19 h 30."),
    "adresse": ("Où se trouve la boutique ?", "Ouest Foire, près de la pharmacie."),
    "delai": ("Combien de temps à l'avance faut-il commander ?", "Dix jours pour les rideaux."),
    "acompte": ("Faut-il un acompte ?", "40 % à la commande."),
    "texte": ("Peut-on broder un prénom ?", "Oui, 20 lettres au plus."),
    "allergenes": ("Quels sont les allergènes ?", "Lait, œufs et fruits à coque."),
}
FAQ = {key: FaqEntry(n, key, *texts, "fr") for n, (key, texts) in enumerate(_SHOP.items(), start=1)}
FIND = Index.build({}, FAQ, None)
_ASKED = dict.fromkeys(intents_of_subjects().values(), 0.9)


def best(text: str, odds: dict[str, float] | None = None) -> str:
    hits = best_answers(text, FAQ, FIND.faq(text, len(FAQ)), _ASKED if odds is None else odds, "SN")
    return hits[0].key


@pytest.mark.parametrize(
    ("entry", "texts"),
    [
        (
            "regions",
            "vs envoyé à Saint-Louis ? | Ma sœur est à Kaolack, on peut lui livrer ? | livraison Tambacounda svp",
        ),
        ("banlieue", "vs livré a gediawaye ? | Rufisque c'est combien la livraison"),
        ("ville", "la livraison aux Almadies, c'est combien ? | livrez-vous à Ouakam ?"),
        ("etranger", "Do you ship to Milan? | une livraison à Bamako, possible ? | livrez-vous à Lyon ?"),
    ],
)
def test_a_place_chooses_between_the_answers_about_deliveries(entry: str, texts: str) -> None:
    for text in texts.split(" | "):
        assert best(text) == entry, text


@pytest.mark.parametrize(
    ("entry", "texts"),
    [
        ("tranches", "could I pay for it in three parts? | jpe payé en 2 foi ? | azo aloa tsikelikely ve"),
        ("horaires", "samedi si je passe y'a quelqu'un ? | dibéer ubbi ngeen ? | are you in on Monday"),
        ("delai", "fo sy prendr cb de jr avan | how much notice do you need | firy andro mialoha no manafatra"),
        ("texte", "combien de lettres vous pouvez mettre ? | can you stitch a name on it"),
        ("allergenes", "y a des noisettes dedans ? | misy voanjo ve ao anatiny"),
        ("acompte", "il faut avancer une somme ? | is there a deposit to pay"),
        ("adresse", "vous êtes posés où ? | aiza no misy anareo"),
    ],
)
def test_what_is_asked_chooses_in_whatever_words(entry: str, texts: str) -> None:
    for text in texts.split(" | "):
        assert best(text) == entry, text


def test_what_is_no_question_to_the_shop_counts_little() -> None:
    text = "je prends deux rideaux"
    sure = best_answers(text, FAQ, [], {"order": 1.0}, "SN")
    asked = best_answers("vous prenez wave ?", FAQ, [], {"payment_means_ask": 0.9}, "SN")
    assert sure[0].score < 0.3 < 0.6 < asked[0].score


def test_a_shop_without_answers_has_none() -> None:
    assert best_answers("vous livrez ?", {}, [], {"delivery_ask": 1.0}, "SN") == []


def test_every_subject_has_an_intent_that_exists_and_examples_in_three_languages() -> None:
    intents = {example.intent for example in examples()}
    for subject, intent in intents_of_subjects().items():
        assert intent in intents
        spoken = {example.language for example in examples("questions") if example.intent == subject}
        assert {"fr", "en"} <= spoken, subject
    assert {example.intent for example in examples("questions")} == set(intents_of_subjects())
