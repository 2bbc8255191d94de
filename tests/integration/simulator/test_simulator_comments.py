"""Comments under posts and lives: what the webhook says of them, and one private reply to each."""

from datetime import timedelta

import pytest
from social import Shop, text

from griot.core.clock import FrozenClock
from griot.core.errors import InvalidInput, NotFound

USED = {"instagram": (400, 100, 2534025), "messenger": (400, 10900, None)}
LATE = {"instagram": (400, 100, 2534025), "messenger": (400, 10902, None)}


async def test_a_comment_on_instagram(instagram: Shop, clock: FrozenClock) -> None:
    awa = await instagram.phone(talks=False, username="awa.d")
    post, live = await instagram.vendor.publish(), await instagram.vendor.publish("live")
    comment = await awa.comment("je prends ROBE1", on=post)
    await awa.comment("moi aussi", on=live, reply_to=comment)
    under, during = await instagram.comments()
    assert under == {
        "field": "comments",
        "value": {
            "from": {"id": instagram.scoped(awa), "username": "awa.d"},
            "media": {"id": post, "media_product_type": "FEED"},
            "id": comment,
            "text": "je prends ROBE1",
        },
    }
    assert (during["field"], during["value"]["media"]) == ("live_comments", {"id": live, "media_product_type": "LIVE"})
    assert during["value"]["parent_id"] == comment
    assert (await instagram.entries())[0]["time"] == int(clock.now().timestamp())


async def test_instagram_comments_come_in_three_shapes(instagram: Shop) -> None:
    awa = await instagram.phone(talks=False)
    post = await instagram.vendor.publish("reel")
    instagram.account.behaviour.change(comment_shape="flat")
    flat = await awa.comment("ROBE1", on=post)
    entry = (await instagram.entries())[-1]
    assert (entry["field"], entry["value"]["id"]) == ("comments", flat)
    instagram.account.behaviour.change(comment_shape="comment_id")
    other = await awa.comment("ROBE2", on=post)
    value = (await instagram.comments())[-1]["value"]
    assert (value["comment_id"], "id" in value) == (other, False)


async def test_direct_messages_come_as_changes_too(instagram: Shop) -> None:
    instagram.account.behaviour.change(shape="changes")
    awa = await instagram.phone()
    [change] = await instagram.comments()
    assert change["field"] == "messages"
    assert change["value"]["sender"] == {"id": instagram.scoped(awa)}
    assert change["value"]["timestamp"].isdigit()
    assert change["value"]["message"]["text"] == "Bonjour"


async def test_a_message_is_taken_back_on_instagram(instagram: Shop) -> None:
    awa = await instagram.phone()
    mid = await awa.say("oups")
    await awa.unsend(mid)
    assert (await instagram.events())[-1]["message"] == {"mid": mid, "is_deleted": True}


async def test_a_comment_on_a_page_is_added_edited_and_removed(page: Shop) -> None:
    awa = await page.phone(talks=False)
    post = await page.vendor.publish("live")
    comment = await awa.comment("je prends ROBE", on=post)
    person = page.sim.state.person(awa.user_id)
    page.account.act(person.user_id, {"edit_comment": comment, "text": "je prends ROBE1"})
    page.account.behaviour.change(comment_shape="sender")
    page.account.act(person.user_id, {"delete_comment": comment})
    added, edited, removed = [change["value"] for change in await page.comments()]
    assert added["from"] == {"id": page.scoped(awa), "name": "Awa Diop"}
    assert added.items() >= {"item": "comment", "verb": "add", "comment_id": comment}.items()
    assert added["post_id"] == added["parent_id"] == f"{page.account.id}_{post}"
    assert (edited["verb"], edited["message"]) == ("edited", "je prends ROBE1")
    assert (removed["verb"], removed["sender_id"]) == ("remove", page.scoped(awa))
    assert await page.code_of(comment) == LATE["messenger"]


async def test_a_comment_is_answered_in_private_once(shop: Shop) -> None:
    awa = await shop.phone(talks=False)
    comment = await awa.comment("je prends ROBE1", on=await shop.vendor.publish())
    answer = (await shop.send(comment, text("ROBE1 est à toi ?"))).json()
    assert answer["recipient_id"] == shop.scoped(awa)
    assert (await awa.expect("à toi")).id == answer["message_id"]
    assert await shop.code_of(comment) == USED[shop.account.platform]
    assert (await shop.code_of("1790"))[1] == 100


async def test_a_private_reply_opens_no_window_but_its_answer_does(shop: Shop) -> None:
    awa = await shop.phone(talks=False)
    comment = await awa.comment("je prends ROBE1", on=await shop.vendor.publish())
    await shop.send(comment, text("On y va ?\n1. OUI\n2. NON"))
    assert (await shop.code_of(awa))[1] == 10
    await awa.tap("OUI")
    assert (await shop.send(awa)).status_code == 200


async def test_a_comment_waits_seven_days_and_one_of_a_live_as_long_as_it_lasts(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone(talks=False)
    post, live = await shop.vendor.publish(), await shop.vendor.publish("live")
    early, late = [await awa.comment(code, on=post) for code in ("ROBE1", "ROBE2")]
    during, after = [await awa.comment(code, on=live) for code in ("ROBE1", "ROBE2")]
    assert (await shop.send(during)).status_code == 200
    await shop.vendor.end(live)
    assert await shop.code_of(after) == LATE[shop.account.platform]
    with pytest.raises(InvalidInput):
        await awa.comment("ROBE3", on=live)
    clock.advance(timedelta(days=7))
    assert (await shop.send(early)).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert await shop.code_of(late) == LATE[shop.account.platform]


async def test_private_replies_have_a_rate_of_their_own(shop: Shop, clock: FrozenClock) -> None:
    awa = await shop.phone(talks=False)
    shop.account.behaviour.change(private_replies=2, live_replies=1)
    post, live = await shop.vendor.publish(), await shop.vendor.publish("live")
    under = [await awa.comment(f"ROBE{n}", on=post) for n in range(3)]
    during = [await awa.comment(f"ROBE{n}", on=live) for n in range(2)]
    statuses = [(await shop.send(comment)).status_code for comment in under + during]
    assert statuses == [200, 200, 400, 200, 400]
    clock.advance(timedelta(minutes=30))
    assert (await shop.send(under[2])).status_code == 200


async def test_the_vendors_own_comment_comes_too_and_cannot_be_answered(shop: Shop) -> None:
    post = await shop.vendor.publish()
    comment = await shop.vendor.comment("ROBE1 à 15 000 F", on=post)
    assert (await shop.comments())[-1]["value"]["from"]["id"] == shop.account.id
    assert await shop.code_of(comment) == LATE[shop.account.platform]


async def test_nobody_comments_on_what_is_not_there(shop: Shop) -> None:
    awa = await shop.phone()
    with pytest.raises(NotFound):
        await awa.comment("ROBE1", on="1790")
    with pytest.raises(NotFound):
        await awa.comment("ROBE1", on=await shop.vendor.publish(), reply_to="7")
    with pytest.raises(InvalidInput):
        await shop.vendor.publish("book")


async def test_what_a_commenter_is_called_is_a_secret_until_a_message(shop: Shop) -> None:
    awa = await shop.phone(talks=False)
    await awa.comment("ROBE1", on=await shop.vendor.publish())
    refused = await shop.graph.get(f"/{shop.scoped(awa)}")
    assert refused.json()["error"]["code"] == 230
    await awa.say("Bonjour")
    assert (await shop.graph.get(f"/{shop.scoped(awa)}")).status_code == 200


async def test_a_page_has_so_many_messages_for_each_person_who_talked(page: Shop, clock: FrozenClock) -> None:
    awa = await page.phone()
    page.account.behaviour.change(daily=2)
    assert [(await page.send(awa)).status_code for _ in range(3)] == [200, 200, 400]
    await page.phone("Binta")
    assert [(await page.send(awa)).status_code for _ in range(3)] == [200, 200, 400]


async def test_messenger_tells_of_delivery_app_and_metadata(page: Shop, clock: FrozenClock) -> None:
    awa = await page.phone()
    mid = (await page.send(awa, {"text": "Réservée", "metadata": "42"})).json()["message_id"]
    _, echo, delivery, read = await page.events()
    assert (echo["message"]["app_id"], echo["message"]["metadata"]) == (int(page.account.app_id), "42")
    watermark = int(clock.now().timestamp() * 1000)
    assert delivery["delivery"] == {"mids": [mid], "watermark": watermark}
    assert read["read"] == {"watermark": watermark}
    assert (page.account.opaque["42"], page.account.doubled) == (1, 0)


async def test_instagram_tells_of_reading_only(instagram: Shop) -> None:
    awa = await instagram.phone()
    mid = (await instagram.send(awa)).json()["message_id"]
    _, echo, read = await instagram.events()
    assert "app_id" not in echo["message"]
    assert read["read"] == {"mid": mid}
    with pytest.raises(InvalidInput):
        instagram.account.report(mid, "delivered")
