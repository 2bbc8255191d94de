"""Settings as a shopkeeper makes them, and what comes of them."""

from datetime import UTC, datetime

from axe_playwright_python.async_playwright import Axe

from console_world import LAPTOP, PHONE, Console, Seat, open_console
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.tenancy import load_shop
from griot.tools.users import sessions
from griot.ui import words
from griot.ui.answering import answer
from griot.ui.desk import Visitor
from griot.ui.views.settings import SECTIONS
from griot.worker.turns import TurnLane
from house_world import Number, message, phone

SUNDAY = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


async def said_to(console: Console, number: Number, text: str, buyer: int) -> str:
    """What a buyer is answered, by the worker's own lane."""
    lane = TurnLane(console.world.house)
    await console.world.receive(number, message(text, console.world.house.clock.now(), buyer))
    await lane.work(number.shop.id)
    await lane.drain(30)
    return "\n".join(reply.text for reply in await console.world.told(number, phone(buyer)))


async def test_a_greeting_is_changed_with_a_preview_and_said_in_the_next_turn(
    console: Console, number: Number, vendor: Seat
) -> None:
    page = vendor.page
    await vendor.go("/settings")
    await page.get_by_role("link", name="Textes").click()
    await page.get_by_role("link", name="Accueil d'un nouveau client").click()
    field = page.get_by_label("Tes mots")
    await field.fill("Tout à 5 000 F CFA chez {shop}")
    await page.get_by_role("button", name="Voir l'aperçu").click()
    await page.locator(".wrong", has_text="les prix viennent du catalogue").wait_for()
    await field.fill("Bienvenue {shop} 💃 <3")
    await page.get_by_role("button", name="Voir l'aperçu").click()
    await page.locator(".wrong", has_text="Du texte simple").wait_for()
    await field.fill("Bienvenue chez {shop} 💃\nEnvoie {code} !")
    await page.get_by_role("button", name="Voir l'aperçu").click()
    preview = page.locator("dialog.sheet .bubble")
    await preview.wait_for()
    assert await preview.inner_text() == "Bienvenue chez Chez Awa 💃\nEnvoie ROBE1 !"
    assert "💃" not in await said_to(console, number, "Bonsoir", 1), "a preview changes nothing"
    await page.get_by_role("button", name="Utiliser ces mots").click()
    await page.locator(".badge", has_text="tes mots").wait_for()
    assert await said_to(console, number, "Bonsoir", 2) == "Bienvenue chez Chez Awa 💃\nEnvoie ROBE1 !"


async def test_an_agent_is_added_logs_in_and_is_refused_the_settings(console: Console, number: Number) -> None:
    owner = await console.worker(number)
    async with console.seat(owner) as seat:
        page = seat.page
        await seat.go("/settings/people")
        await page.get_by_label("Nom", exact=True).fill("Binta")
        await page.get_by_label("Adresse e-mail").fill("binta@example.com")
        await page.get_by_role("button", name="Ajouter").click()
        secret = page.locator("dialog.sheet .secret code")
        await secret.wait_for()
        given = await secret.inner_text()
        await page.get_by_role("button", name="C'est noté").click()
        await page.locator(".item", has_text="binta@example.com").wait_for()
    async with console.seat(None) as seat:
        page = seat.page
        await page.goto(f"{console.base}/")
        await page.fill("input[name=email]", "binta@example.com")
        await page.fill("input[name=password]", given)
        await page.get_by_role("button", name="Entrer").click()
        await page.fill("input[name=former]", given)
        await page.fill("input[name=password]", "une phrase que moi seule connais")
        await page.get_by_role("button", name="Changer de mot de passe").click()
        await page.wait_for_selector("#view h1")
        assert await page.locator("nav.views a[data-view=settings]").count() == 0
        await page.goto(f"{console.base}/console/#/settings/people")
        assert words.say("fr", "errors.Forbidden") in await seat.said()
        assert await page.locator("#view .item").count() == 0
        refused = await page.evaluate("griot.perform('settings.set_rules', {hold_minutes: 1, min_trust: 0})")
        assert refused["error"] == words.say("fr", "errors.Forbidden")
    async with console.world.db.transaction(number.shop.id) as tx:
        assert (await load_shop(tx)).settings.hold_minutes is None
    async with console.seat(owner) as seat:
        await seat.go("/settings/audit")
        entry = seat.page.locator(".item", has_text="Personne ajoutée")
        assert "Awa" in await entry.inner_text() and "vendeur" in await entry.inner_text()


async def test_opening_hours_are_set_and_told_to_who_writes_while_it_is_closed(
    database_url: str, db: Database, chromium: object, clock: FrozenClock
) -> None:
    assert clock.now() == SUNDAY
    async with open_console(database_url, db, chromium, clock) as console:
        number = await console.world.number()
        async with console.seat(await console.worker(number)) as seat:
            page = seat.page
            await seat.go("/settings/hours")
            await page.get_by_role("button", name="Lun – sam, 9 h – 19 h").click()
            await page.locator(".bubble", has_text="Dimanche : fermé").wait_for()
            await page.get_by_label("lundi: ouvre à").fill("12:00")
            await page.get_by_label("lundi: ferme à").fill("")
            await page.get_by_role("button", name="Enregistrer").click()
            await page.locator(".wrong").wait_for()
            await page.get_by_label("lundi: ferme à").fill("20:00")
            await page.get_by_role("button", name="Enregistrer").click()
            await page.locator(".bubble", has_text="Lundi : 12:00 – 20:00").wait_for()
        told = await said_to(console, number, "Bonsoir", 1)
        assert "fermé pour le moment, réouverture demain à 12:00" in told


async def test_every_section_is_readable(console: Console, number: Number) -> None:
    """At a phone in the dark, and at a laptop in the light; its words in three languages."""
    worker = await console.worker(number)
    who = await sessions.of_console(console.world.house, worker.token)
    places = [*(section.name for section in SECTIONS), "texts/mg/conversation.greet"]
    async with console.seat(worker) as seat:
        for turn, place in enumerate(places):
            for language in ("en", "mg"):
                shown = await answer(Visitor(console.world.house, who, language), {"at": f"/settings/{place}"})
                assert "frame" in shown, shown
            await seat.page.set_viewport_size(PHONE if turn % 2 else LAPTOP)
            await seat.go(f"/settings/{place}")
            for theme in ("dark", "light"):
                await seat.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                found = await Axe().run(seat.page)
                assert found.violations_count == 0, f"{place}, {theme}: {found.generate_report()}"
            assert await seat.sticks_out() <= 0, place
