"""The vendor's evening: the live from the command line, alerts, invoices by hand, a word to a buyer."""

import asyncio
import hashlib
import hmac
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from talk import Person, a_file, held, titles

from griot.rehearsal.shop import VENDOR_PHONE, article
from griot.tools.conversations import service as conversations
from street import Street

ARTICLES = [
    article("ROBE1", "Robe Wax Ankara", 15_000, 3),
    article("JUPE8", "Jupe plissée", 9_000, 100),
    article("SAC2", "Sac en cuir tressé", 12_500, 100),
    article("FINI9", "Foulard en soie", 5_000, 0),
]


@pytest.fixture
async def vendor(street: Street) -> Person:
    """The vendor's phone; a first message opens the window in which alerts may be sent."""
    person = await Person.with_phone(street, VENDOR_PHONE, "Fatou")
    await person.hears()  # of the tests before
    await person.asks("Bonsoir")
    return person


async def griot(street: Street, *words: str, status: int = 0) -> Any:
    """A command of the program, in the environment of the house; its JSON when asked for."""
    command = [sys.executable, "-m", "griot.cli.main", *words, "--shop", street.venue.shop.slug]
    done = await asyncio.to_thread(
        subprocess.run, command, env=street.stage.env, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout) if "--json" in words and status == 0 else done.stdout + done.stderr


async def by_phone(street: Street, buyer: Person, text: str) -> None:
    """The vendor answers a buyer with the WhatsApp Business app on the shop's own number."""
    number, phone = street.venue.phone_number_id, "221338000000"
    echo = {"from": phone, "to": buyer.phone.phone, "id": f"wamid.{time.time_ns()}", "timestamp": f"{time.time():.0f}"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": phone, "phone_number_id": number},
        "message_echoes": [{**echo, "type": "text", "text": {"body": text}}],
    }
    changes = [{"field": "smb_message_echoes", "value": value}]
    body = orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]})
    assert street.stage.config.whatsapp_app_secret is not None
    key = street.stage.config.whatsapp_app_secret.get_secret_value().encode()
    headers = {"X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()}
    async with httpx.AsyncClient() as http:
        (await http.post(f"{street.stage.api}/webhooks/whatsapp", content=body, headers=headers)).raise_for_status()


async def test_a_live_from_start_to_summary(street: Street, vendor: Person) -> None:
    await griot(street, "live", "stop")  # the one that the street opened with
    assert "*RÉSUMÉ DE TON LIVE*" in (await vendor.hears_of("RÉSUMÉ")).text
    assert (await vendor.asks("tu es là ?")).text == "👋 Je suis prêt. Tes alertes arriveront ici."
    assert "No live is running" in await griot(street, "live", "status", status=1)

    started = await griot(street, "live", "start", "--title", "Live du vendredi", "--json")
    assert started["title"] == "Live du vendredi"
    assert "has been running since" in await griot(street, "live", "start", status=2)

    aminata = await Person.on(street, 1, "Aminata Diallo")
    await aminata.asks("ROBE1 x2")
    await aminata.goes_to_pay()
    await aminata.pays()
    told = await vendor.hears_of("PAIEMENT REÇU")
    assert told.text.splitlines() == [
        "💰 *PAIEMENT REÇU*",
        "Aminata D. - ROBE1 x2 - 30 000 F CFA",
        "📊 Live : 1 payé / 30 000 F CFA",
        "⚠️ ROBE1 : plus que 1",
    ]

    bineta, khady = await Person.on(street, 2, "Bineta"), await Person.on(street, 3, "Khady Sow")
    await khady.asks("JUPE8")
    await bineta.asks("ROBE1")
    await bineta.goes_to_pay()
    await bineta.pays()
    told = await vendor.hears_of("PAIEMENT REÇU")
    assert told.text.endswith("📊 Live : 2 payés / 45 000 F CFA\n🔴 ROBE1 : épuisé !")

    asked = await vendor.asks("ça se vend ?")
    assert re.match(r"🔴 Live en cours depuis \d min\n📊 Payées : 2 · 45 000 F CFA\n⏳ En attente : 1", asked.text)
    status = await griot(street, "live", "status", "--json")
    assert status["totals"]["orders"] == 3 and status["totals"]["turnover"] == "45000"
    stock = {level["code"]: (level["free"], level["held"], level["sold"]) for level in status["stock"]}
    assert (stock["ROBE1"], stock["JUPE8"]) == ((0, 0, 3), (99, 1, 0))

    summary = await griot(street, "live", "stop", "--json")
    assert (summary["orders"], summary["paid"], summary["pending"], summary["turnover_minor"]) == (3, 2, 1, 45_000)
    told = await vendor.hears_of("RÉSUMÉ")
    assert told.text == summary["text"]
    for line in (
        "*Live du vendredi*",
        "💰 Chiffre : 45 000 F CFA",
        "📦 Commandes : 3 (2 payées, 1 en attente)",
        "🏆 Meilleure vente : ROBE1 (3 ventes)",
        "👥 Nouveaux clients : 2",
    ):
        assert line in told.text
    await griot(street, "live", "start")


async def test_an_invoice_by_hand_reaches_somebody_who_never_wrote(street: Street, vendor: Person) -> None:
    coumba = await Person.with_phone(street, "221778123456", "Coumba Ba")
    wanted = ("live", "invoice", "SAC2", "--name", "Coumba Ba", "--phone", "77 812 34 56", "--quantity", "2")
    made = await griot(street, *wanted, "--json")
    (message,) = await coumba.hears()
    assert message.type == "template", "nobody may be written to freely who has not written first"
    assert f"Sac en cuir tressé x2, 25 000 F CFA. Paie ici : {made['pay_url']} Merci !" in message.text
    assert titles(await coumba.asks("ok")) == ["Wave", "Orange Money", "Carte bancaire"]
    await coumba.pays(made["pay_url"], "orange_money")
    order = await coumba.order()
    assert (order.reference, order.status, held(order)) == (made["reference"], "paid", {"SAC2": 2})
    assert "Coumba B. - SAC2 x2 - 25 000 F CFA" in (await vendor.hears_of("PAIEMENT REÇU")).text


async def test_an_invoice_in_an_open_conversation_is_a_button(street: Street) -> None:
    maimouna = await Person.on(street, 10, "Maïmouna")
    await maimouna.asks("bonjour")
    assert maimouna.phone.phone is not None
    made = await griot(
        street, "live", "invoice", "SAC2", "--name", "Maïmouna", "--phone", maimouna.phone.phone, "--json"
    )
    (message,) = await maimouna.hears()
    assert re.search(r"^⏳ C'est réservé pour toi, il reste (10:00|9:\d\d) pour payer$", message.text, re.MULTILINE)
    assert message.link == made["pay_url"]


@pytest.mark.parametrize(
    ("code", "why"), [("FINI9", "nothing was held"), ("VESTE3", "nothing on sale with the code VESTE3")]
)
async def test_an_invoice_that_cannot_be_is_refused(street: Street, code: str, why: str) -> None:
    assert why in await griot(street, "live", "invoice", code, "--name", "Coumba", "--phone", "778123457", status=2)


async def test_the_vendor_is_told_what_the_buyer_wants_and_takes_over(street: Street, vendor: Person) -> None:
    inna = await Person.on(street, 20, "Inna")
    await inna.asks("SAC2")
    await inna.asks("vous livrez à Thiès ?")
    needed = await vendor.hears_of("a besoin de toi")
    assert needed.text == "🙋 *Inna* a besoin de toi\n« vous livrez à Thiès ? »\nRéponds-lui dans la conversation."

    await by_phone(street, inna, "Oui, 2 000 F la livraison")
    await inna.phone.say("ok merci")
    await inna.phone.say("SAC2 x2")
    assert await inna.hears() == [], "a human answers here, and is not talked over"
    assert held(await inna.order()) == {"SAC2": 1}
    assert "Wave" in titles(await inna.taps("PAYER")), "the buttons of the agent still work"
    assert (await inna.outcomes())[-1] == "choose_means"
    await inna.phone.say("et le samedi ?")
    assert await inna.hears() == [], "a tapped button does not give the conversation back"

    async with street.house.db.transaction(street.venue.shop.id) as tx:
        rows = await inna.rows("SELECT id FROM conversations WHERE customer_id = %s")
        assert await conversations.give_back(tx, rows[0]["id"], street.house.clock.now())
    assert "*Wave* : paie ici" in (await inna.asks("wave")).text
    await inna.pays()
    assert (await inna.order()).status == "paid"


async def test_a_voice_note_is_announced_by_its_name(street: Street, vendor: Person, tmp_path: Path) -> None:
    nabou = await Person.on(street, 21, "Nabou")
    await nabou.phone.send_voice(a_file(tmp_path, "note.ogg", b"OggS" + bytes(64)))
    assert len(await nabou.hears()) == 1
    assert "📎 *Nabou* t'a envoyé : une note vocale\n" in (await vendor.hears_of("*Nabou*")).text


async def test_in_the_end_nothing_was_lost_or_doubled(street: Street) -> None:
    books = await street.books()
    counters = street.account.counters()
    assert (books.unanswered, books.unsent, books.failed_sends, counters["doubled"]) == (0, 0, 0, 0)
