"""Whole conversations as people write them: French, SMS French, the French of Dakar and Abidjan, Malagasy, English."""

import pytest
from talk import Person, held, titles

from griot.rehearsal.shop import article
from street import Street

ARTICLES = [article("ROBE1", "Robe Wax Ankara", 15_000, 1_000), article("SAC2", "Sac tressé", 12_500, 1_000)]

# What is written, and what the answer shows: words of it, or the title of a button.
FRENCH = [
    ("bonjour", "Bienvenue, ici *Chez Awa*"),
    ("je prends ROBE1 x2 s'il vous plaît", "🛍️ *Robe Wax Ankara* × 2\n💰 30 000 F CFA"),
    ("non en fait 3", "× 3\n💰 45 000 F CFA"),
    ("oui", "Carte bancaire"),
    ("par carte", "paie ici"),
    ("où en est ma commande ?", "paiement pas encore reçu"),
    ("j'annule", "annulée"),
    ("merci", "Avec plaisir"),
]
SMS = [
    ("slt", "Bienvenue"),
    ("jveu la robe1 stp", "C'est réservé 10 min pour toi"),
    ("c bon", "Orange Money"),
    ("om", "*Orange Money* : paie ici"),
    ("jveu plus", "annulée"),
    ("bsr jvx 2 SAC2 svp", "🛍️ *Sac tressé* × 2"),
]
DAKAR = [
    ("Nanga def", "Bienvenue"),
    ("damay jënd ROBE1", "C'est réservé 10 min pour toi"),
    ("waaw", "Wave"),
    ("jërëjëf", "Avec plaisir"),
    ("déedéet", "Ta réservation tient encore"),
]
ABIDJAN = [
    ("ya SAC2 ?", "JE PRENDS"),
    ("mets moi SAC2", "C'est réservé 10 min pour toi"),
    ("ok", "Wave"),
    ("wave", "*Wave* : paie ici"),
]
MALAGASY = [
    ("salama", "Tonga soa, *Chez Awa* eto"),
    ("ohatrinona ny ROBE1?", "HORAISIKO"),
    ("mila ROBE1 aho azafady", "Voatana ho anao mandritra ny 10 min"),
    ("eny", "Karatra banky"),
    ("wave", "*Wave*: andoavy eto"),
    ("foano", "Nofoanana ny kaomandy"),
    ("misaotra", "Tsy misy fisaorana"),
]
ENGLISH = [
    ("hi", "Welcome, this is *Chez Awa*"),
    ("how much is ROBE1?", "I TAKE IT"),
    ("I'll take ROBE1 please", "Held for you for 10 min"),
    ("yes", "Bank card"),
    ("orange money", "*Orange Money*: pay here"),
    ("where is my order?", "payment not received yet"),
    ("cancel", "is cancelled"),
    ("my purchases", "no purchase with us yet"),
    ("thanks", "You're welcome"),
]
# Words that are at home in one language only; none of the others may show up in a conversation held in another.
AT_HOME = {
    "fr": ("réserv", "PAYER", "ANNULER", "commande #"),
    "mg": ("Voatana", "HANDOA", "FOANANA", "kaomandy #"),
    "en": ("Held for", "PAY\n", "CANCEL", "Order #"),
}


@pytest.mark.parametrize(
    ("number", "language", "dialogue"),
    [
        (1, "fr", FRENCH),
        (2, "fr", SMS),
        (3, "fr", DAKAR),
        (4, "fr", ABIDJAN),
        (5, "mg", MALAGASY),
        (6, "en", ENGLISH),
    ],
    ids=["french", "sms", "dakar", "abidjan", "malagasy", "english"],
)
async def test_a_conversation_is_held_in_the_buyers_language(
    street: Street, number: int, language: str, dialogue: list[tuple[str, str]]
) -> None:
    buyer = await Person.on(street, number)
    foreign = [word for other, words in AT_HOME.items() if other != language for word in words]
    for words, wanted in dialogue:
        shown = await buyer.asks(words)
        said = "\n".join([shown.text, *titles(shown)]) + "\n"
        assert wanted in said, f"{words!r} was answered by {said}"
        assert not [word for word in foreign if word in said], said
    assert await buyer.escalations() == []


async def test_a_code_alone_keeps_the_language_of_the_conversation(street: Street) -> None:
    mary = await Person.on(street, 10, "Mary")
    await mary.asks("hello")
    assert "Held for you" in (await mary.asks("ROBE1")).text
    assert titles(await mary.taps("PAY"))[-1] == "Bank card"


async def test_a_code_alone_from_somebody_new_is_answered_in_the_shops_language(street: Street) -> None:
    someone = await Person.on(street, 11)
    assert "C'est réservé" in (await someone.asks("ROBE1")).text


async def test_who_changes_the_language_is_followed(street: Street) -> None:
    hery = await Person.on(street, 12, "Hery")
    assert "C'est réservé" in (await hery.asks("je prends ROBE1")).text
    assert "Tsy misy fisaorana" in (await hery.asks("misaotra betsaka")).text
    assert "Voatana ho anao" in (await hery.asks("SAC2")).text


async def test_the_receipt_comes_in_the_buyers_language(street: Street) -> None:
    vola = await Person.on(street, 13, "Vola")
    await vola.asks("mila ROBE1 aho azafady")
    await vola.goes_to_pay()
    receipt = await vola.pays()
    assert "VOARAY NY FANDOAVANA" in receipt.text and titles(receipt) == ["NY NOVIDIKO"]


async def test_a_short_yes_or_no_is_about_the_last_question(street: Street) -> None:
    kine = await Person.on(street, 14, "Kiné")
    await kine.asks("ROBE1")
    refused = await kine.asks("non")
    assert "Ta réservation tient encore 9:" in refused.text
    assert titles(refused) == ["✅ PAYER", "❌ ANNULER"]
    assert "Wave" in titles(await kine.asks("👍"))
    assert held(await kine.order()) == {"ROBE1": 1}
