"""Sold out, several sizes, a change of mind, time running out: nobody gets less than was said, and nothing twice."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import pytest
from talk import Person, held, titles

from griot.core.money import Money
from griot.knowledge.catalogue.models import NewProduct
from griot.rehearsal.buyers import has
from griot.rehearsal.shop import article
from griot.tools.payments.sandbox.state import Faults
from street import Street, open_street

PAY_OR_CANCEL = ["✅ PAYER", "❌ ANNULER"]


def boubou(code: str, **stock: int) -> NewProduct:
    sizes = "|".join(stock)
    return NewProduct(code, "Boubou brodé", Money(30_000, "XOF"), stock, options=f"taille:{sizes}")


ARTICLES = [
    article("ROBE1", "Robe Wax Ankara", 15_000, 500),
    article("SAC2", "Sac en cuir tressé", 12_500, 500),
    *(article(f"RARE{n}", "Foulard en soie", 5_000, 1) for n in range(1, 4)),
    *(article(f"PEU{n}", "Collier de perles", 7_000, 3) for n in range(1, 4)),
    boubou("BOUBOU1", S=9, M=9, L=9),
    boubou("BOUBOU2", S=2, M=0, L=3),
    boubou("BOUBOU3", S=1, M=1),
    boubou("TSHIRT4", S=9, M=9, L=9, XL=9, XXL=0),
    NewProduct("ROBE9", "Robe longue", Money(18_000, "XOF"), 5, options="taille:S|M|L|XL;couleur:rouge|bleu|vert"),
]


@pytest.fixture
async def hurried(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """A minute takes a second and a third: a hold of ten lasts thirteen."""
    folder = tmp_path_factory.mktemp("hurried")
    async with open_street(new_database(), folder, ARTICLES, speed=45, GRIOT_BURST_MS="2000") as opened:
        yield opened


async def line_of(person: Person) -> list[tuple[str, str, int]]:
    """The one order as (size, status, pieces)."""
    order = await person.order()
    return [(" ".join(line.options.values()), line.status, line.quantity) for line in order.lines]


# Less than wanted, or nothing


async def test_sold_out_the_line_moves_up_and_who_waited_pays(street: Street) -> None:
    first, second, third = [await Person.on(street, n, name) for n, name in ((1, "Khady"), (2, "Ndeye"), (3, "Fama"))]
    assert "⚡ Il n'y en a plus après toi !" in (await first.asks("RARE1")).text
    none = await second.asks("RARE1")
    assert "il n'y en a plus pour le moment" in none.text and titles(none) == ["🔔 ME PRÉVENIR"]
    noted = await second.asks("oui")
    assert "tu es n° 1 sur la liste" in noted.text
    await third.asks("RARE1")
    assert "tu es n° 2 sur la liste" in (await third.taps("ME PRÉVENIR")).text
    await first.taps("ANNULER")
    turn = await second.hears_of("c'est ton tour")
    assert "🛍️ *Foulard en soie*\n💰 5 000 F CFA" in turn.text and titles(turn) == PAY_OR_CANCEL
    assert titles(await second.asks("oui")) == ["Wave", "Orange Money", "Carte bancaire"]
    await second.goes_to_pay()
    await second.pays()
    assert (await second.order()).status == "paid"
    assert [row["status"] for row in await second.waiting() + await third.waiting()] == ["served", "waiting"]
    assert "plus sur la liste" in (await third.asks("annuler")).text
    assert [row["status"] for row in await third.waiting()] == ["left"]


async def test_more_than_there_is_offers_what_is_left(street: Street) -> None:
    daba = await Person.on(street, 4, "Daba")
    few = await daba.asks("PEU1 x5")
    assert "il n'en reste que 3" in few.text and titles(few) == ["EN PRENDRE 3", "🔔 ME PRÉVENIR"]
    assert "🛍️ *Collier de perles* × 3\n💰 21 000 F CFA" in (await daba.taps("EN PRENDRE 3")).text
    none = await daba.asks("PEU1 x5")
    assert "Tu en as déjà 3." in none.text and titles(none) == ["🔔 ME PRÉVENIR"]
    assert held(await daba.order()) == {"PEU1": 3}


@pytest.mark.parametrize(("number", "code", "answer", "pieces"), [(5, "PEU2", "oui", 3), (6, "PEU3", "2", 2)])
async def test_what_is_left_is_taken_by_a_short_answer(
    street: Street, number: int, code: str, answer: str, pieces: int
) -> None:
    anta = await Person.on(street, number, "Anta")
    await anta.asks(f"{code} x5")
    await anta.asks(answer)
    assert held(await anta.order()) == {code: pieces}


async def test_nobody_takes_more_than_the_shop_allows(street: Street) -> None:
    baba = await Person.on(street, 7, "Baba")
    shown = await baba.asks("ROBE1 x200")
    assert "20 au maximum par commande" in shown.text
    assert await baba.orders() == []
    await baba.asks("4")
    assert held(await baba.order()) == {"ROBE1": 4}


# Sizes and colours


async def test_three_sizes_are_buttons_and_the_tapped_one_is_held(street: Street) -> None:
    for number, size in ((10, "S"), (11, "M"), (12, "L")):
        binta = await Person.on(street, number, "Binta")
        asked = await binta.asks("BOUBOU1")
        assert "🛍️ *Boubou brodé* · 30 000 F CFA\nQuelle option veux-tu ?" in asked.text
        assert titles(asked) == ["S", "M", "L"]
        assert f"*Boubou brodé* ({size})" in (await binta.taps(size)).text
        assert await line_of(binta) == [(size, "held", 1)]


async def test_five_sizes_are_a_list_that_tells_the_stock(street: Street) -> None:
    rama = await Person.on(street, 13, "Rama")
    asked = await rama.asks("TSHIRT4")
    assert "😔 Plus de stock : XXL" in asked.text
    assert [(choice.title, choice.description) for choice in asked.choices][3:] == [
        ("XL", "9 en stock"),
        ("XXL", "épuisé"),
    ]
    await rama.taps("XL")
    assert await line_of(rama) == [("XL", "held", 1)]


@pytest.mark.parametrize(
    ("number", "words", "size"),
    [
        (14, ["BOUBOU1 taille L"], "L"),
        (15, ["boubou1", "M"], "M"),
        (16, ["BOUBOU1", "2"], "M"),
        (17, ["boubou 1 s"], "S"),
    ],
)
async def test_sizes_can_be_typed(street: Street, number: int, words: list[str], size: str) -> None:
    gnima = await Person.on(street, number, "Gnima")
    for text in words:
        await gnima.asks(text)
    assert await line_of(gnima) == [(size, "held", 1)]


async def test_many_variants_are_asked_about_one_axis_at_a_time(street: Street) -> None:
    demba = await Person.on(street, 18, "Demba")
    assert titles(await demba.asks("ROBE9 x2")) == ["S", "M", "L", "XL"]
    assert titles(await demba.taps("M")) == ["M, rouge", "M, bleu", "M, vert"]
    assert "*Robe longue* (M, bleu) × 2\n💰 36 000 F CFA" in (await demba.taps("M, bleu")).text
    assert titles(await demba.asks("ROBE9")) == ["S", "M", "L", "XL"]
    assert "(XL, vert)" in (await demba.asks("XL vert")).text
    assert await line_of(demba) == [("M bleu", "held", 2), ("XL vert", "held", 1)]


async def test_what_is_left_of_a_size_stays_that_size(street: Street) -> None:
    adji = await Person.on(street, 19, "Adji")
    few = await adji.asks("BOUBOU2 L x5")
    assert "*Boubou brodé* (L) : il n'en reste que 3" in few.text
    await adji.taps("EN PRENDRE 3")
    assert await line_of(adji) == [("L", "held", 3)]


async def test_a_size_that_was_given_up_comes_back_as_that_size(street: Street) -> None:
    aida = await Person.on(street, 22, "Aïda")
    await aida.asks("BOUBOU1 L")
    await aida.taps("ANNULER")
    offered = await aida.taps_id(f"cancel:{(await aida.order()).id}")
    assert titles(offered) == ["🔄 REPRENDRE"]
    await aida.taps("REPRENDRE")
    (line,) = (await aida.orders())[-1].lines
    assert (line.options, line.status) == ({"taille": "L"}, "held")


async def test_who_waits_for_a_size_gets_that_size(street: Street) -> None:
    first, second = await Person.on(street, 20, "Astou"), await Person.on(street, 21, "Cécile")
    await first.asks("BOUBOU3 M")
    await second.asks("BOUBOU3 M")
    assert "*Boubou brodé* (M) : tu es n° 1" in (await second.taps("ME PRÉVENIR")).text
    assert [row["options"] for row in await second.waiting()] == [{"taille": "M"}]
    await first.taps("ANNULER")
    assert "*Boubou brodé* (M)" in (await second.hears_of("c'est ton tour")).text
    assert await line_of(second) == [("M", "held", 1)]


# Changes of mind


async def test_the_quantity_is_corrected_as_people_say_it(street: Street) -> None:
    nogaye = await Person.on(street, 30, "Nogaye")
    await nogaye.asks("ROBE1")
    for words, pieces in (("non en fait 3", 3), ("x2", 2), ("ROBE1 x4", 4), ("non 1", 1)):
        shown = await nogaye.asks(words)
        assert shown.text.startswith("✅ Quantité mise à jour :"), words
        assert held(await nogaye.order()) == {"ROBE1": pieces}, words


async def test_a_number_alone_is_asked_about(street: Street) -> None:
    maty = await Person.on(street, 31, "Maty")
    await maty.asks("ROBE1")
    asked = await maty.asks("2")
    assert asked.text == "Tu en veux 2 ? 2 × *Robe Wax Ankara* = 30 000 F CFA"
    assert titles(asked) == ["EN PRENDRE 2", "✅ PAYER", "❌ ANNULER"]
    assert held(await maty.order()) == {"ROBE1": 1}
    await maty.asks("oui")
    assert held(await maty.order()) == {"ROBE1": 2}
    assert titles(await maty.asks("+1"))[0] == "EN PRENDRE 3"


async def test_one_of_two_lines_is_taken_out(street: Street) -> None:
    salimata = await Person.on(street, 32, "Salimata")
    await salimata.asks("2 ROBE1 et 1 SAC2 stp")
    shown = await salimata.asks("annule SAC2")
    assert shown.text == "❌ J'ai retiré *Sac en cuir tressé*. Reste à payer : 30 000 F CFA"
    assert titles(shown) == PAY_OR_CANCEL
    assert held(await salimata.order()) == {"ROBE1": 2}
    unchanged = await salimata.asks("annule RARE3")
    assert "2 × Robe Wax Ankara · 30 000 F CFA" in unchanged.text
    assert (await salimata.order()).status == "reserved", "what is not in the basket cannot be taken out"
    await salimata.asks("annule ROBE1")
    assert (await salimata.order()).status == "cancelled"


async def test_a_basket_under_payment_stays_as_it_is(street: Street) -> None:
    yaye = await Person.on(street, 33, "Yaye")
    await yaye.asks("ROBE1 et SAC2")
    await yaye.goes_to_pay()
    for words in ("annule SAC2", "non en fait 3"):
        shown = await yaye.asks(words)
        assert "le panier ne change plus" in shown.text and titles(shown) == PAY_OR_CANCEL
    assert held(await yaye.order()) == {"ROBE1": 1, "SAC2": 1}
    assert "27 500 F CFA" in (await yaye.pays()).text


# Time


async def test_the_clock(hurried: Street) -> None:
    """A reminder, five more minutes, the end, and again; meanwhile others pay too late."""
    await asyncio.gather(_lets_it_go(hurried), _pays_late(hurried), _too_late_for_the_last_one(hurried))


async def _lets_it_go(street: Street) -> None:
    awa = await Person.on(street, 40, "Awa")
    await awa.phone.say("SAC2 x2")
    await awa.hears_of(has("pay:"))
    reminder = await awa.hears_of(has("extend:"))
    assert re.match(
        r"⏰ Plus que [123]:\d\d pour payer !\n🛍️ \*Sac en cuir tressé\* × 2\n💰 25 000 F CFA", reminder.text
    )
    assert titles(reminder) == ["✅ PAYER", "+5 MIN", "❌ ANNULER"]
    await awa.phone.tap("+5 MIN")
    assert re.search(r"prolongé : il te reste [5678]:\d\d", (await awa.hears_of("prolongé")).text)
    await awa.phone.tap("+5 MIN")
    await awa.hears_of("ne peux pas prolonger davantage")
    over = await awa.hears_of(has("take:"))
    assert over.text.startswith("⌛ Le temps est écoulé") and titles(over) == ["🔄 REPRENDRE"]
    assert (await awa.order()).status == "expired"
    await awa.phone.tap("PAYER")
    offered = await awa.hears_of("est passé")
    assert titles(offered) == ["🔄 REPRENDRE"]
    await awa.phone.say("oui")
    assert "× 2" in (await awa.hears_of(has("pay:"))).text
    assert [(order.status, held(order)) for order in await awa.orders()] == [
        ("expired", {"SAC2": 2}),
        ("reserved", {"SAC2": 2}),
    ]


async def _pays_late(street: Street) -> None:
    """The money comes when the hold is over, and there is stock left."""
    elhadj = await Person.on(street, 41, "El Hadj")
    await elhadj.phone.say("ROBE1")
    await elhadj.hears_of(has("pay:"))
    await _presses_paid(street, elhadj, seconds=17)
    await elhadj.hears_of(has("take:"))
    receipt = await elhadj.hears_of("PAIEMENT CONFIRMÉ")
    assert "il restait du stock pour toi" in receipt.text
    assert (await elhadj.order()).status == "paid"


async def _too_late_for_the_last_one(street: Street) -> None:
    """The money comes when the article has gone to who waited for it."""
    slow, next_ = await Person.on(street, 42, "Lamine"), await Person.on(street, 43, "Fama")
    await slow.phone.say("RARE2")
    await slow.hears_of(has("pay:"))
    await next_.phone.say("RARE2")
    await next_.hears_of(has("wait:"))
    await next_.phone.say("oui")
    await next_.hears_of("n° 1")
    await _presses_paid(street, slow, seconds=17)
    await slow.hears_of(has("take:"))
    await next_.hears_of("c'est ton tour")
    refused = await slow.hears_of("te rembourser")
    assert "*5 000 F CFA*" in refused.text and "plus de stock" in refused.text
    assert (await slow.order()).status == "expired"


async def _presses_paid(street: Street, person: Person, seconds: float) -> None:
    """Pay on the provider's page; the provider needs so long to say so."""
    await person.phone.say("wave")
    link = (await person.hears_of(lambda message: message.link is not None)).link
    assert link is not None
    street.provider.faults = Faults(processing=seconds)
    await person.at_the_page(link, "wave", "paid")
