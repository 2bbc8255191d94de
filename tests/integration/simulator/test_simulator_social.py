"""Direct messages: what Instagram accounts and pages have in common."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from simulated import AWA, drain
from social import Shop, card, text

from griot.channels.simulator.faults import Kind
from griot.channels.simulator.phones import LocalLine, Phone, RemoteLine, Vendor
from griot.core.clock import FrozenClock
from griot.core.errors import Conflict, InvalidInput, NotFound


async def test_an_accepted_message_is_answered_shown_and_echoed(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone()
    answer = (await shop.send(awa, text("ROBE1 réservée"))).json()
    message = await awa.expect("réservée")
    assert answer == {"recipient_id": shop.scoped(awa), "message_id": message.id}
    hello, *rest = await shop.events()
    assert hello == {
        "sender": {"id": shop.scoped(awa)},
        "recipient": {"id": shop.account.id},
        "timestamp": int(clock.now().timestamp() * 1000),
        "message": {"mid": hello["message"]["mid"], "text": "Bonjour"},
    }
    [echo] = [event for event in rest if "message" in event]
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (shop.account.id, shop.scoped(awa))
    assert echo["message"].items() >= {"mid": message.id, "text": "ROBE1 réservée", "is_echo": True}.items()
    assert all(shop.receiver.signatures)


async def test_the_account_is_known_by_its_id_or_as_me_and_opened_by_its_token(shop: Shop) -> None:
    awa = await shop.phone()
    assert (await shop.send(awa, by="me")).status_code == 200
    payload = shop.request(awa, text())
    stranger = await shop.graph.post("/me/messages", json=payload, headers={"Authorization": "Bearer wrong"})
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, 190)
    elsewhere = await shop.graph.post("/999/messages", json=payload)
    assert (elsewhere.status_code, elsewhere.json()["error"]["error_subcode"]) == (400, 33)


async def test_a_person_has_another_id_at_every_account(instagram: Shop, page: Shop) -> None:
    awa = await instagram.phone(phone=AWA)
    again = await page.phone(phone=AWA)
    assert awa.user_id == again.user_id
    assert instagram.scoped(awa) != page.scoped(again)
    assert instagram.scoped(awa).isdigit()
    assert (await page.graph.post("/me/messages", json=instagram.request(awa, text()))).status_code == 400


async def test_a_tapped_quick_reply_is_a_message_and_a_tapped_button_a_postback(shop: Shop) -> None:
    awa = await shop.phone()
    await shop.send(awa, text("On y va ?", "PAYER", "ANNULER"))
    await awa.tap("payer")
    await shop.send(awa, card("VOIR"))
    await awa.tap("voir")
    told = [event for event in await shop.events() if "postback" in event or "quick_reply" in event.get("message", {})]
    tapped, posted = told
    assert tapped["message"]["quick_reply"] == {"payload": "id-PAYER"}
    assert tapped["message"]["text"] == "PAYER"
    assert posted["postback"].items() >= {"title": "VOIR", "payload": "id-VOIR"}.items()


async def test_quick_replies_are_there_until_the_next_message(shop: Shop) -> None:
    awa = await shop.phone()
    await shop.send(awa, card("PAYER"))
    await shop.send(awa, text("Autre chose ?", "OUI"))
    await awa.say("attends")
    with pytest.raises(NotFound, match="PAYER"):
        await awa.tap("OUI")
    await awa.tap("PAYER")
    await shop.send(awa, text("Et maintenant ?", "OUI"))
    await shop.send(awa, text("Rappel"))
    with pytest.raises(NotFound):
        await awa.tap("OUI")


async def test_a_numbered_choice_is_answered_by_its_number(shop: Shop) -> None:
    awa = await shop.phone()
    await shop.send(awa, text("On y va ?\n1. PAYER\n2. ANNULER"))
    message = await awa.expect("on y va")
    assert [choice.title for choice in message.numbered] == ["PAYER", "ANNULER"]
    await awa.tap("annuler")
    messages = [event["message"] for event in await shop.events() if "message" in event]
    assert [message["text"] for message in messages if "is_echo" not in message] == ["Bonjour", "2"]


async def test_the_window_is_24_hours_and_7_days_for_humans(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone()
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    clock.advance(timedelta(hours=24, seconds=1))
    closed = {"instagram": (400, 10, 2534022), "messenger": (400, 10, 2018278)}[shop.account.platform]
    assert await shop.code_of(awa) == closed
    assert (await shop.send(awa, text(), **human)).status_code == 200
    clock.advance(timedelta(days=6))
    assert await shop.code_of(awa, text(), **human) == closed
    await awa.say("toujours là ?")
    assert (await shop.send(awa)).status_code == 200
    shop.account.behaviour.change(human_agent=False)
    assert (await shop.code_of(awa, text(), **human))[:2] == (403, 10)


async def test_nobody_is_written_to_who_never_wrote_or_does_not_want_to(shop: Shop) -> None:
    awa = await shop.phone()
    silent = await shop.phone("Binta", talks=False)
    nobody = {"instagram": 2534014, "messenger": 2018001}[shop.account.platform]
    assert await shop.code_of(silent) == (400, 100, nobody)
    shop.sim.state.person(awa.user_id).reachable = False
    assert await shop.code_of(awa) == (400, 551, 1545041)
    assert await awa.inbox() == []


async def test_rates_are_refused_with_613(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone()
    shop.account.behaviour.change(throughput=3, media_throughput=1)
    voice = {"attachment": {"type": "audio", "payload": {"url": "https://x.example/v.m4a"}}}
    assert (await shop.send(awa, voice)).status_code == 200
    assert await shop.code_of(awa, voice) == (400, 613, None)
    assert (await shop.send(awa)).status_code == 200
    assert await shop.code_of(awa) == (400, 613, None)
    clock.advance(timedelta(seconds=1))
    assert (await shop.send(awa)).status_code == 200


async def test_faults_speak_the_platforms_codes(shop: Shop) -> None:
    awa = await shop.phone()
    shop.account.faults.throttle(1)
    shop.account.faults.add(Kind.REFUSE)
    shop.account.faults.add(Kind.REFUSE, code=10, subcode=1893063)
    shop.account.faults.add(Kind.REFUSE, code=190, to="somebody else")
    codes = [(await shop.code_of(awa))[1:] for _ in range(3)]
    assert codes == [(613, None), (2, None), (10, 1893063)]
    assert (await shop.send(awa)).status_code == 200
    shop.account.faults.add(Kind.DROP_AFTER)
    with pytest.raises(httpx.TransportError):
        await shop.send(awa, text("deux fois"))
    await shop.send(awa, text("deux fois"))
    assert shop.account.counts["repeated"] == 1


async def test_an_accepted_message_can_be_lost_without_a_word(shop: Shop) -> None:
    awa = await shop.phone()
    shop.account.faults.add(Kind.FAIL_LATER)
    assert (await shop.send(awa)).status_code == 200
    assert await awa.inbox() == []
    assert len(await shop.events()) == 1


async def test_the_echo_can_come_before_the_answer(shop: Shop) -> None:
    awa = await shop.phone()
    await drain(shop.sim.state)
    shop.account.behaviour.change(statuses={"sent": 0.0})
    shop.account.faults.add(Kind.EARLY_STATUS)
    answer = await shop.send(awa)
    assert shop.receiver.bodies[-1]["entry"][0]["messaging"][0]["message"]["mid"] == answer.json()["message_id"]


async def test_seen_and_typing_are_signs_on_the_phone(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone()
    last = await awa.say("Il reste la robe ?")
    for action in ("mark_seen", "typing_on"):
        sign = {"recipient": {"id": shop.scoped(awa)}, "sender_action": action}
        answer = await shop.graph.post("/me/messages", json=sign)
        assert answer.json() == {"recipient_id": shop.scoped(awa)}
    assert shop.account.was_read(last)
    assert shop.account.thread(shop.sim.state.person(awa.user_id)).typing_until == clock.now() + timedelta(seconds=25)


async def test_what_a_person_sends_is_fetched_without_a_token_for_a_while(
    shop: Shop, clock: FrozenClock, tmp_path: Path
) -> None:
    note = tmp_path / "note.m4a"
    note.write_bytes(b"ftypM4A robe un")
    awa = await shop.phone()
    await awa.send_voice(note)
    attachment = (await shop.events())[-1]["message"]["attachments"][0]
    assert attachment["type"] == "audio"
    url = attachment["payload"]["url"]
    async with httpx.AsyncClient() as anybody:
        fetched = await anybody.get(url)
        assert (fetched.content, fetched.headers["content-type"]) == (note.read_bytes(), "audio/mp4")
        assert (await anybody.get(url + "0")).status_code == 403
        clock.advance(timedelta(hours=1, seconds=1))
        assert (await anybody.get(url)).status_code == 403


async def test_a_caption_is_a_message_of_its_own(shop: Shop, tmp_path: Path) -> None:
    picture = tmp_path / "robe.jpg"
    picture.write_bytes(b"\xff\xd8")
    awa = await shop.phone()
    await awa.send_image(picture, "la même ?")
    sent = [event["message"] for event in await shop.events()]
    assert [set(message) - {"mid"} for message in sent] == [{"text"}, {"attachments"}, {"text"}]


async def test_a_file_is_uploaded_once_and_sent_by_its_id(shop: Shop) -> None:
    awa = await shop.phone()
    about = '{"attachment": {"type": "image", "payload": {"is_reusable": true}}}'
    edge = f"/{shop.account.id}/message_attachments"
    picture = {"filedata": ("r.jpg", b"\xff\xd8", "image/jpeg")}
    uploaded = await shop.graph.post(edge, data={"message": about}, files=picture)
    attachment_id = uploaded.json()["attachment_id"]
    image = {"attachment": {"type": "image", "payload": {"attachment_id": attachment_id}}}
    assert (await shop.send(awa, image)).status_code == 200
    assert (await awa.inbox())[-1].media == {"kind": "image", "id": attachment_id}
    echoed = [event["message"] for event in await shop.events() if event.get("message", {}).get("is_echo")]
    assert echoed[-1]["attachments"][0]["payload"]["url"].startswith("http")
    voice = {"attachment": {"type": "audio", "payload": {"attachment_id": attachment_id}}}
    assert (await shop.code_of(awa, voice))[:2] == (400, 100)
    for data, files in (({"message": about}, {"filedata": ("r.webp", b"RIFF", "image/webp")}), ({}, picture)):
        assert (await shop.graph.post(edge, data=data, files=files)).json()["error"]["code"] == 100
    elsewhere = await shop.graph.post(f"/{shop.account.id}/media", data={"message": about}, files=picture)
    assert elsewhere.json()["error"]["error_subcode"] == 33


async def test_the_vendors_own_answer_is_an_echo_that_no_app_sent(shop: Shop) -> None:
    awa = await shop.phone()
    mid = await shop.vendor.answer(awa, "Je m'en occupe")
    assert (await awa.expect("occupe")).id == mid
    message = (await shop.events())[-1]["message"]
    assert message == {"mid": mid, "text": "Je m'en occupe", "is_echo": True}


async def test_reactions_edits_and_stories_have_events_of_their_own(shop: Shop) -> None:
    awa = await shop.phone()
    mid = await awa.say("ROBE")
    await awa.react(mid, "❤")
    await awa.react(mid, "")
    await awa.share("story_mention", "https://x.example/story.jpg")
    line = LocalLine(shop.sim.state, shop.account.id)
    await line.act(awa.user_id, {"edit": {"message_id": mid, "text": "ROBE1"}})
    await line.act(awa.user_id, {"story_reply": "Elle est là ?", "story": {"id": "7", "url": "https://x.example/s"}})
    await awa.send("referral", {"ref": "live", "source": "SHORTLINK", "type": "OPEN_THREAD"})
    _, _, love, none, story, edit, reply, referral = await shop.events()
    assert love["reaction"] == {"mid": mid, "action": "react", "reaction": "love", "emoji": "❤"}
    assert none["reaction"] == {"mid": mid, "action": "unreact"}
    assert story["message"]["attachments"][0]["type"] == "story_mention"
    assert edit["message_edit"] == {"mid": mid, "text": "ROBE1", "num_edit": 1}
    assert reply["message"]["reply_to"]["story"]["id"] == "7"
    assert referral["referral"]["ref"] == "live"


async def test_webhooks_come_late_twice_together_and_wrapped(shop: Shop) -> None:
    awa = await shop.phone()
    await drain(shop.sim.state)
    shop.receiver.bodies.clear()
    shop.account.faults.duplicates = 1
    shop.account.outlet.hold()
    for number in range(3):
        await awa.say(f"n°{number}")
    shop.account.outlet.release()
    assert [event["message"]["text"] for event in await shop.events()] == ["n°0", "n°1", "n°2"] * 2
    per_entry = {"instagram": 3, "messenger": 1}[shop.account.platform]
    assert len(shop.receiver.bodies[0]["entry"][0]["messaging"]) == per_entry
    shop.account.behaviour.change(wrapped=True, shape="standby")
    await awa.say("encore")
    await drain(shop.sim.state)
    [body] = shop.receiver.bodies[-1]
    assert body["entry"][0]["standby"][0]["message"]["text"] == "encore"


async def test_who_wrote_may_be_looked_up(shop: Shop) -> None:
    awa = await shop.phone("Awa Diop", username="awa.d")
    about = (await shop.graph.get(f"/{shop.scoped(awa)}", params={"fields": "name"})).json()
    assert about == {"name": "Awa Diop", "id": shop.scoped(awa)}
    unknown = await shop.graph.get(f"/{shop.scoped(awa)}", params={"fields": "phone"})
    assert unknown.json()["error"]["code"] == 100
    assert (await shop.graph.get("/1001")).json()["error"]["error_subcode"] == 33


async def test_a_person_does_only_what_the_app_can(instagram: Shop, page: Shop) -> None:
    binta = await instagram.phone("Binta")
    with pytest.raises(InvalidInput):
        await binta.send_location(14.7, -17.4)
    fatou = await page.phone("Fatou")
    with pytest.raises(InvalidInput):
        await fatou.unsend(await fatou.say("oups"))
    with pytest.raises(InvalidInput):
        await binta.unsend("no message of mine")
    with pytest.raises(InvalidInput):
        await LocalLine(page.sim.state, page.account.id).act(fatou.user_id, {"dance": 1})


async def test_an_account_stays_on_its_platform(shop: Shop) -> None:
    again = {"token": "t", "app_secret": "s", "webhook_url": "http://127.0.0.1:9/"}
    with pytest.raises(Conflict):
        shop.sim.state.create_account(shop.account.id, platform="whatsapp", **again)
    with pytest.raises(InvalidInput):
        shop.sim.state.create_account("7", platform="telegram", **again)


async def test_from_another_process_a_vendor_goes_live_and_a_buyer_comments(shop: Shop) -> None:
    async with httpx.AsyncClient(timeout=5) as client:
        line = RemoteLine(shop.sim.control_url, shop.account.id, client)
        vendor, awa = Vendor(line), await Phone.on(line, name="Awa", username="awa.d")
        live = await vendor.publish("live")
        comment = await awa.comment("je prends ROBE1", on=live)
        assert (await shop.send(comment, text("Écris-nous ici\n1. OUI\n2. NON"))).status_code == 200
        await awa.expect("écris-nous")
        await awa.tap("OUI")
        await vendor.end(live)
        assert (await shop.send(awa)).status_code == 200
    assert await asyncio.wait_for(shop.comments(), 5)
