"""A live sale as its buyers live it: code, hold, payment, receipt, and everything that people do in between."""

import re
from pathlib import Path

import httpx
import pytest
from talk import Person, a_file, held, titles

from griot.rehearsal.shop import article
from griot.tools.payments.sandbox.payer import Payer
from street import Street

ARTICLES = [
    article("ROBE1", "Robe Wax Ankara", 15_000, 1_000),
    article("SAC2", "Sac en cuir tressé", 12_500, 1_000),
    article("FOULARD5", "Foulard en soie", 5_000, 3),
    *(article(f"ART{n}", f"Panier décoratif tressé à la main, modèle {n}", 1_000 * n, 50) for n in range(1, 16)),
]
MEANS = ["Wave", "Orange Money", "Carte bancaire"]
PAY_OR_CANCEL = ["✅ PAYER", "❌ ANNULER"]


# From the code to the receipt


async def test_from_the_code_to_the_receipt_by_buttons(street: Street) -> None:
    awa = await Person.on(street, 1, "Aminata Diallo")
    shown = await awa.asks("ROBE1")
    assert shown.text.startswith("👋 Salut Aminata !\n\n🛍️ *Robe Wax Ankara*\n💰 15 000 F CFA\n📦 Stock : ")
    assert shown.text.endswith("⏳ C'est réservé 10 min pour toi")
    assert titles(shown) == PAY_OR_CANCEL
    order = await awa.order()
    assert (order.status, held(order), order.total.minor) == ("reserved", {"ROBE1": 1}, 15_000)

    choose = await awa.taps("PAYER")
    assert f"🧾 #{order.reference} · 15 000 F CFA" in choose.text
    assert re.search(r"Reste 9:\d\d", choose.text)
    assert titles(choose) == MEANS

    sent = await awa.taps("Wave")
    assert sent.link is not None and sent.link.startswith(street.stage.api)
    assert re.search(r"Lien valable 9:\d\d", sent.text)
    assert titles(sent) == ["CHANGER DE MOYEN"]
    assert (await awa.order()).status == "awaiting_payment"

    receipt = await awa.pays()
    assert receipt.text.startswith("✅ *PAIEMENT CONFIRMÉ !*\n\n🛍️ *Robe Wax Ankara*\n💰 15 000 F CFA\n")
    assert f"#{order.reference}" in receipt.text
    assert "*Chez Awa* te remercie" in receipt.text
    assert titles(receipt) == ["VOIR MES ACHATS"]
    paid = await awa.order()
    assert (paid.status, paid.means, [line.status for line in paid.lines]) == ("paid", "wave", ["sold"])

    bought = await awa.taps("VOIR MES ACHATS")
    assert re.search(rf"#{order.reference} · \d\d/\d\d/\d{{4}} · Robe Wax Ankara · 15 000 F CFA", bought.text)
    assert await awa.outcomes() == ["held", "choose_means", "payment_link", "purchases"]

    again = await awa.asks("SAC2")
    assert "🌟 Tu as 1 achat réussi chez ce vendeur" in again.text


async def test_the_same_by_short_answers(street: Street) -> None:
    moussa = await Person.on(street, 2, "Moussa")
    await moussa.asks("robe 1 svp")
    assert titles(await moussa.asks("oui")) == MEANS
    assert "*Orange Money*" in (await moussa.asks("2")).text
    assert "*Carte bancaire*" in (await moussa.asks("carte")).text
    assert "*Orange Money*" in (await moussa.asks("om")).text
    assert (await moussa.order()).means == "orange_money"
    assert "annulée, tu n'as rien à payer" in (await moussa.asks("annuler")).text
    assert (await moussa.order()).status == "cancelled"


async def test_one_message_may_order_and_pay(street: Street) -> None:
    fatim = await Person.on(street, 3, "Fatim")
    shown = await fatim.asks("je prends SAC2 et je paie par wave")
    assert "🛍️ *Sac en cuir tressé*" in shown.text and shown.link is not None
    assert await fatim.outcomes() == ["held+payment_link"]


async def test_a_burst_is_answered_once(street: Street) -> None:
    guy = await Person.on(street, 4, "Guy")
    shown = await guy.asks("SAC2", "x2", "svp")
    assert "🛍️ *Sac en cuir tressé* × 2\n💰 25 000 F CFA" in shown.text
    assert held(await guy.order()) == {"SAC2": 2}


async def test_two_articles_at_once_are_one_basket(street: Street) -> None:
    coumba = await Person.on(street, 5, "Coumba")
    shown = await coumba.asks("ROBE1 et SAC2")
    assert "💰 15 000 F CFA" in shown.text and "💰 12 500 F CFA" in shown.text
    assert "💰 Total du panier : 27 500 F CFA" in shown.text
    await coumba.goes_to_pay("om")
    assert "💰 27 500 F CFA" in (await coumba.pays()).text
    order = await coumba.order()
    assert (order.status, held(order), order.total.minor) == ("paid", {"ROBE1": 1, "SAC2": 1}, 27_500)


async def test_a_basket_of_fifteen_articles_fits_into_one_message(street: Street) -> None:
    emma = await Person.on(street, 6, "Emma")
    shown = await emma.asks(" ".join(f"ART{n}" for n in range(1, 16)))
    assert "modèle 8* · 8 000 F CFA\n+ 7 autres articles\n" in shown.text
    assert "Total du panier : 120 000 F CFA" in shown.text and titles(shown) == PAY_OR_CANCEL
    status = await emma.asks("où en est ma commande ?")
    assert "+ 12 · 120 000 F CFA : à payer" in status.text and len(status.text) < 300


# The same once more


async def test_asked_twice_nothing_is_held_twice(street: Street) -> None:
    rama = await Person.on(street, 7, "Rama")
    await rama.asks("SAC2")
    shown = await rama.asks("SAC2")
    assert shown.text.startswith("✅ C'est déjà réservé pour toi :")
    assert titles(shown) == ["✅ PAYER", "EN PRENDRE 2", "❌ ANNULER"]
    assert held(await rama.order()) == {"SAC2": 1}
    assert titles(await rama.asks("ok")) == MEANS, "“ok” pays, it does not take a second one"
    assert "× 2" in (await rama.taps("EN PRENDRE 2")).text
    assert held(await rama.order()) == {"SAC2": 2}


async def test_the_code_again_while_paying_makes_no_second_order(street: Street) -> None:
    binta = await Person.on(street, 8, "Binta")
    await binta.asks("ROBE1")
    await binta.goes_to_pay()
    shown = await binta.asks("ROBE1")
    assert shown.text.startswith("✅ C'est déjà réservé pour toi :") and titles(shown) == PAY_OR_CANCEL
    assert held(await binta.order()) == {"ROBE1": 1}
    assert titles(await binta.taps("PAYER")) == MEANS


async def test_another_article_while_paying_is_an_order_of_its_own(street: Street) -> None:
    ndeye = await Person.on(street, 9, "Ndeye")
    await ndeye.asks("ROBE1")
    await ndeye.goes_to_pay()
    await ndeye.asks("SAC2")
    assert [(order.status, held(order)) for order in await ndeye.orders()] == [
        ("awaiting_payment", {"ROBE1": 1}),
        ("reserved", {"SAC2": 1}),
    ]
    status = (await ndeye.asks("où en est ma commande ?")).text
    assert "Sac en cuir tressé · 12 500 F CFA : à payer" in status
    assert "Robe Wax Ankara · 15 000 F CFA : paiement pas encore reçu" in status


# Paying, with its hitches


async def test_the_means_can_be_changed(street: Street) -> None:
    dior = await Person.on(street, 10, "Dior")
    await dior.asks("ROBE1")
    link = await dior.goes_to_pay("wave")
    assert titles(await dior.taps("CHANGER DE MOYEN")) == MEANS
    assert (await dior.taps("Orange Money")).link == link, "the link of an order stays the same"
    await dior.pays(link, "orange_money")
    assert (await dior.order()).means == "orange_money"


async def test_a_slip_in_the_choice_of_means_is_asked_once_more(street: Street) -> None:
    sira = await Person.on(street, 22, "Sira")
    await sira.asks("ROBE1")
    await sira.asks("payer")
    again = await sira.asks("zzz")
    assert again.text.startswith("🤔 Je n'ai pas compris.") and titles(again) == MEANS
    assert "Je n'ai pas bien compris" in (await sira.asks("zzz")).text
    assert await sira.escalations() == [], "nobody is bothered with slips"
    assert "*Wave* : paie ici" in (await sira.asks("1")).text, "the question still stands"


async def test_who_says_to_have_paid_is_told_what_is_known(street: Street) -> None:
    ngone = await Person.on(street, 23, "Ngoné")
    await ngone.asks("ROBE1")
    await ngone.goes_to_pay()
    shown = await ngone.asks("j'ai payé")
    assert "paiement pas encore reçu" in shown.text and titles(shown) == [*PAY_OR_CANCEL, "LE VENDEUR"]


async def test_a_failed_payment_is_told_and_another_means_works(street: Street) -> None:
    khady = await Person.on(street, 11, "Khady")
    await khady.asks("ROBE1")
    link = await khady.goes_to_pay("wave")
    await khady.at_the_page(link, "wave", "failed")
    failed = await khady.hears_of("n'a pas abouti")
    assert "Wave" in failed.text and titles(failed) == ["CHANGER DE MOYEN"]
    await khady.taps("CHANGER DE MOYEN")
    await khady.taps("Carte bancaire")
    await khady.pays(link, "card")
    assert ((await khady.order()).status, (await khady.order()).means) == ("paid", "card")


async def test_paid_twice_the_second_one_is_given_back(street: Street) -> None:
    dieynaba = await Person.on(street, 12, "Dieynaba")
    await dieynaba.asks("ROBE1")
    link = await dieynaba.goes_to_pay()
    async with httpx.AsyncClient(timeout=30) as one, httpx.AsyncClient(timeout=30) as other:
        first, second = Payer(one), Payer(other)
        wave = await first.press(await first.open(link), "means", "wave")
        orange = await second.press(await second.open(link), "means", "orange_money")
        await first.press(wave, "outcome", "paid")
        await dieynaba.hears_of("PAIEMENT CONFIRMÉ")
        await second.press(orange, "outcome", "paid")
    told = await dieynaba.hears_of("une deuxième fois")
    assert "*15 000 F CFA*" in told.text and "te rembourser" in told.text
    assert (await dieynaba.order()).status == "paid"
    refunds = await dieynaba.rows(
        "SELECT r.reason, r.status, r.amount_minor FROM refunds r JOIN payments p ON p.shop_id = r.shop_id"
        " AND p.id = r.payment_id JOIN orders o ON o.shop_id = p.shop_id AND o.id = p.order_id WHERE o.customer_id = %s"
    )
    assert refunds == [{"reason": "duplicate", "status": "staged", "amount_minor": 15_000}]


# Buttons of the past


async def test_old_buttons_of_a_paid_order_say_that_it_is_paid(street: Street) -> None:
    cheikh = await Person.on(street, 13, "Cheikh")
    await cheikh.asks("ROBE1")
    await cheikh.goes_to_pay()
    await cheikh.pays()
    order = await cheikh.order()
    for button in (f"pay:{order.id}", f"cancel:{order.id}", f"means:{order.id}:card", f"extend:{order.id}"):
        shown = await cheikh.taps_id(button)
        assert f"#{order.reference} · Robe Wax Ankara · 15 000 F CFA : payée ✅" in shown.text, button
        assert titles(shown) == ["LE VENDEUR"]
    assert (await cheikh.order()).status == "paid"


async def test_old_buttons_of_a_cancelled_order_offer_it_again(street: Street) -> None:
    seynabou = await Person.on(street, 14, "Seynabou")
    await seynabou.asks("SAC2 x2")
    await seynabou.taps("ANNULER")
    order = await seynabou.order()
    shown = await seynabou.taps_id(f"pay:{order.id}")
    assert "annulée" in shown.text and titles(shown) == ["🔄 REPRENDRE"]
    await seynabou.taps("REPRENDRE")
    assert [(order.status, held(order)) for order in await seynabou.orders()] == [
        ("cancelled", {"SAC2": 2}),
        ("reserved", {"SAC2": 2}),
    ]


async def test_buttons_of_others_and_of_nobody_do_nothing(street: Street) -> None:
    honest, curious = await Person.on(street, 15, "Honorine"), await Person.on(street, 16, "Curieux")
    await honest.asks("ROBE1")
    order = await honest.order()
    for button in (f"pay:{order.id}", f"cancel:{order.id}", "pay:999999999"):
        shown = await curious.taps_id(button)
        assert "pas de commande en attente" in shown.text and order.reference not in shown.text
    assert "Bienvenue, ici *Chez Awa*" in (await curious.taps_id("weird")).text
    assert (await honest.order()).status == "reserved"
    assert await curious.orders() == []


# People


async def test_a_hidden_number_buys_like_any_other(street: Street) -> None:
    zoe = await Person.on(street, 17, "Zoé K.", username="zoe.k")
    assert (await zoe.asks("FOULARD5")).text.startswith("👋 Salut Zoé !")
    await zoe.goes_to_pay()
    assert "Foulard en soie" in (await zoe.pays()).text
    assert (await zoe.order()).status == "paid"


@pytest.mark.parametrize(
    ("number", "name", "greeting"),
    [
        (18, "🌸 Maman Bijou 🌸", "👋 Salut Maman Bijou !"),
        (19, "Mme Diop", "👋 Salut Mme Diop !"),
        (20, "🌸🌸", None),
        (21, "", None),
    ],
)
async def test_names_are_used_as_people_would(street: Street, number: int, name: str, greeting: str | None) -> None:
    somebody = await Person.on(street, number, name)
    first_line = (await somebody.asks("SAC2")).text.splitlines()[0]
    assert first_line == (greeting or "🛍️ *Sac en cuir tressé*")


# Whatever else arrives


async def test_a_picture_with_a_code_below_it_is_an_order(street: Street, tmp_path: Path) -> None:
    oumy = await Person.on(street, 60, "Oumy")
    await oumy.phone.send_image(a_file(tmp_path, "robe.jpg", b"\xff\xd8\xff\xe0" + bytes(64)), "ROBE1")
    assert "C'est réservé" in (await oumy.hears())[0].text
    assert held(await oumy.order()) == {"ROBE1": 1}
    assert await oumy.escalations() == []


async def test_what_cannot_be_read_yet_goes_to_the_vendor(street: Street, tmp_path: Path) -> None:
    pape = await Person.on(street, 61, "Pape")
    await pape.phone.send("contacts", [{"name": {"formatted_name": "Awa"}, "phones": [{"phone": "+221770000009"}]}])
    await pape.phone.send_voice(a_file(tmp_path, "note.ogg", b"OggS" + bytes(64)))
    (told,) = await pape.hears()
    assert "transmis à *Chez Awa*" in told.text, "a burst of them is answered once"
    await pape.phone.say("alors ?")
    assert await pape.hears() == [], "what was passed on is the vendor's to answer"
    assert await pape.escalations() == ["media"]
    assert await pape.orders() == []


async def test_a_place_on_the_map_is_an_address(street: Street) -> None:
    ramata = await Person.on(street, 67, "Ramata")
    await ramata.asks("SAC2")
    await ramata.phone.send_location(14.79, -16.93)
    (noted,) = await ramata.hears()
    assert "📍 Adresse notée" in noted.text and "14.79,-16.93" in noted.text
    assert titles(noted) == PAY_OR_CANCEL, "the order can still be paid"
    assert await ramata.escalations() == []


async def test_reactions_stickers_and_smiles_ask_for_no_answer(street: Street) -> None:
    sokhna = await Person.on(street, 62, "Sokhna")
    shown = await sokhna.asks("ROBE1")
    await sokhna.phone.react(shown.id, "❤️")
    assert await sokhna.hears() == []
    await sokhna.phone.send("sticker", {"id": "1", "mime_type": "image/webp"})
    assert await sokhna.hears() == []
    await sokhna.phone.say("😂😂😂")
    assert await sokhna.hears() == []
    assert titles(await sokhna.asks("oui")) == MEANS, "the question still stands"
    assert await sokhna.escalations() == []


@pytest.mark.parametrize(
    ("number", "words"), [(70, "vous livrez à Thiès ?"), (71, "vous avez un parking ?")], ids=["delivery", "parking"]
)
async def test_what_only_the_shop_can_answer_is_handed_over(street: Street, number: int, words: str) -> None:
    tidiane = await Person.on(street, number, "Tidiane")
    shown = await tidiane.asks(words)
    assert "Je ne sais pas répondre" in shown.text and "transmis à *Chez Awa*" in shown.text
    assert (await tidiane.orders(), await tidiane.escalations()) == ([], ["unknown"])


async def test_who_insults_is_left_to_a_person(street: Street) -> None:
    assane = await Person.on(street, 73, "Assane")
    assert "prévenu *Chez Awa*" in (await assane.asks("espèce de voleur !!")).text
    assert (await assane.orders(), await assane.escalations()) == ([], ["abuse"])


@pytest.mark.parametrize(("number", "words"), [(72, "asdkjfh qsdf"), (74, "x" * 4_000)], ids=["nonsense", "long"])
async def test_what_nobody_understands_is_asked_back_about(street: Street, number: int, words: str) -> None:
    malick = await Person.on(street, number, "Malick")
    assert "?" in (await malick.asks(words)).text
    assert (await malick.orders(), await malick.escalations()) == ([], []), "nobody is bothered with it"


async def test_a_wrong_code_is_named_and_nobody_is_bothered(street: Street) -> None:
    yacine = await Person.on(street, 63, "Yacine")
    for code in ("ROBE99", "JUPE3"):
        assert f"*{code}*" in (await yacine.asks(code)).text
    assert (await yacine.orders(), await yacine.escalations()) == ([], [])


async def test_an_article_that_is_asked_about_is_shown_and_not_held(street: Street) -> None:
    fama = await Person.on(street, 64, "Fama")
    shown = await fama.asks("ROBE1 c'est combien ?")
    assert "🛍️ *Robe Wax Ankara*\n💰 15 000 F CFA" in shown.text
    assert titles(shown) == ["JE PRENDS", "LE VENDEUR"]
    assert (await fama.orders(), await fama.escalations()) == ([], [])
    assert "C'est réservé" in (await fama.asks("oui")).text
    assert held(await fama.order()) == {"ROBE1": 1}


async def test_a_person_is_called_when_asked_for(street: Street) -> None:
    gora = await Person.on(street, 65, "Gora")
    assert "prévenu *Chez Awa*" in (await gora.asks("je veux parler à quelqu'un")).text
    assert await gora.escalations() == ["human"]
    await gora.phone.say("ROBE1")
    assert (await gora.hears(), await gora.orders()) == ([], []), "a person answers here now"


async def test_courtesies_are_answered_in_kind(street: Street) -> None:
    mame = await Person.on(street, 66, "Mame")
    assert "Bienvenue, ici *Chez Awa*" in (await mame.asks("bonjour")).text
    assert "Avec plaisir" in (await mame.asks("merci")).text
    assert "pas encore d'achat" in (await mame.asks("mes achats")).text
    await mame.asks("ROBE1")
    shown = await mame.asks("bonsoir")
    assert "Robe Wax Ankara · 15 000 F CFA : à payer" in shown.text and titles(shown) == PAY_OR_CANCEL
    await mame.asks("merci")
    assert titles(await mame.asks("oui")) == MEANS, "a “merci” in between takes no question back"


async def test_in_the_end_nothing_was_lost_or_doubled(street: Street) -> None:
    await street.assert_nothing_lost_or_doubled()
