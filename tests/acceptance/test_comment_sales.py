"""The live sale on Instagram and Messenger: from a comment or a message to the receipt, on the real processes."""

from collections.abc import AsyncIterator, Callable

import pytest
from talk import Person, held, titles

from griot.channels.simulator.phones import LocalLine, Vendor
from griot.rehearsal.shop import article
from street import Street, open_street

ARTICLES = [article("ROBE1", "Robe Wax Ankara", 15_000, 100), article("SAC2", "Sac en cuir tressé", 12_500, 100)]
MEANS = ["Wave", "Orange Money", "Carte bancaire"]
PAY_OR_CANCEL = ["✅ PAYER", "❌ ANNULER"]

both = pytest.mark.parametrize("channel", ["instagram", "messenger"])


@pytest.fixture(scope="module")
async def street(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    channels = ("whatsapp", "instagram", "messenger")
    folder = tmp_path_factory.mktemp("street")
    async with open_street(
        new_database(), folder, ARTICLES, channels=channels, GRIOT_BURST_MS="60", GRIOT_VOICE_EAR=""
    ) as opened:
        yield opened


async def published(street: Street, channel: str, kind: str = "live") -> str:
    return await Vendor(LocalLine(street.simulator, street.venue.accounts[channel])).publish(kind)


@both
async def test_from_a_comment_to_the_receipt(street: Street, channel: str) -> None:
    live = await published(street, channel)
    awa = await Person.on(street, 1, "Aminata Diallo", channel=channel)
    await awa.phone.comment("je prends ROBE1", on=live)
    (private,) = await awa.hears()
    assert "🛍️ *Robe Wax Ankara*\n💰 15 000 F CFA" in private.text and "C'est réservé" in private.text
    assert titles(private) == [], "a private reply has no buttons"
    assert [choice.title for choice in private.numbered] == PAY_OR_CANCEL
    order = await awa.order()
    assert (order.status, held(order)) == ("reserved", {"ROBE1": 1})

    assert titles(await awa.asks("1")) == MEANS
    sent = await awa.taps("Wave")
    assert sent.link is not None and sent.link.startswith(street.stage.api)
    receipt = await awa.pays(sent.link)
    assert receipt.text.startswith("✅ *PAIEMENT CONFIRMÉ !*\n\n🛍️ *Robe Wax Ankara*\n💰 15 000 F CFA\n")
    assert f"#{order.reference}" in receipt.text
    paid = await awa.order()
    assert (paid.status, paid.means, [line.status for line in paid.lines]) == ("paid", "wave", ["sold"])
    assert f"#{order.reference}" in (await awa.taps("VOIR MES ACHATS")).text


@both
async def test_the_same_in_direct_messages(street: Street, channel: str) -> None:
    moussa = await Person.on(street, 2, "Moussa", channel=channel)
    shown = await moussa.asks("SAC2 x2")
    assert "🛍️ *Sac en cuir tressé* × 2\n💰 25 000 F CFA" in shown.text and titles(shown) == PAY_OR_CANCEL
    assert titles(await moussa.taps("PAYER")) == MEANS
    link = await moussa.goes_to_pay("2")
    assert "*Sac en cuir tressé* × 2" in (await moussa.pays(link)).text
    order = await moussa.order()
    assert (order.status, order.means, held(order)) == ("paid", "orange_money", {"SAC2": 2})


@both
async def test_a_comment_may_be_let_go_by_its_number(street: Street, channel: str) -> None:
    post = await published(street, channel, "feed")
    coumba = await Person.on(street, 3, "Coumba", channel=channel)
    await coumba.phone.comment("Magnifique 😍", on=post)
    assert await coumba.hears() == [], "nobody is written to for a compliment"
    await coumba.phone.comment("sac2 svp", on=post)
    (private,) = await coumba.hears()
    assert [choice.title for choice in private.numbered] == PAY_OR_CANCEL
    assert "annulée" in (await coumba.asks("2")).text
    assert (await coumba.order()).status == "cancelled"


async def test_in_the_end_nothing_was_lost_or_doubled(street: Street) -> None:
    await street.assert_nothing_lost_or_doubled()
