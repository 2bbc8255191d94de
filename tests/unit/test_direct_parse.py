"""Direct messages and comments of Instagram and Messenger, read into neutral ones."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from direct_bodies import AT, AWA, SHOP, attached, body, changes, comment, echo, entry, event, feed, message

from griot.channels.instagram.parse import parse as instagram
from griot.channels.instagram.parse import parse_bytes as instagram_bytes
from griot.channels.messenger.parse import parse as messenger
from griot.channels.messenger.parse import parse_bytes as messenger_bytes
from griot.channels.model import DeliveryStatus, InboundMessage, Parsed

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "payloads"
URL = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"
both = pytest.mark.parametrize("parse", [instagram, messenger])


def only(parsed: Parsed) -> InboundMessage:
    assert (parsed.statuses, parsed.ignored) == ((), ())
    (found,) = parsed.messages
    return found


@both
def test_a_text_names_its_writer_and_its_account(parse: Any) -> None:
    found = only(parse(body(entry(message()))))
    assert (found.id, found.account, found.kind, found.text) == ("m_1", SHOP, "text", "ROBE1")
    assert (found.sender.user_id, found.sender.phone) == (AWA, None)
    assert found.sender.recipient == f"user:{AWA}"
    assert found.sent_at == datetime.fromtimestamp(AT / 1000, UTC)


@pytest.mark.parametrize(
    ("said", "kind", "text", "payload"),
    [
        (attached("image", url=URL), "image", None, {"url": URL}),
        (attached("video", url=URL), "video", None, {"url": URL}),
        (attached("audio", url=URL), "audio", None, {"url": URL}),
        (attached("file", url=URL), "document", None, {"url": URL}),
        (attached("image", url=URL, sticker_id=369239263222822), "sticker", None, {"sticker": "369239263222822"}),
        (message(None, attachments=[{"type": "like_heart"}]), "sticker", None, {"sticker": "like_heart"}),
        (message(None, attachments=[{"type": "sticker"}]), "sticker", None, {}),
        (message(None, sticker_id=369239263222822), "sticker", None, {"sticker": "369239263222822"}),
        (attached("share", url=URL), "share", None, {"type": "share", "url": URL}),
        (attached("ig_post", url=URL, ig_post_media_id="9", title="Robe"), "share", None, {"media_id": "9"}),
        (attached("ig_reel", url=URL, reel_video_id=5), "share", None, {"media_id": "5", "type": "ig_reel"}),
        (attached("story_mention", url=URL), "mention", None, {"url": URL}),
        (attached("location", coordinates={"lat": 14.7, "long": -17.4}), "location", None, {"latitude": 14.7}),
        (message(None, attachments=[{"type": "fallback", "title": "Un site"}]), "share", None, {"title": "Un site"}),
        (message("regarde", attachments=[{"type": "fallback", "payload": {"url": URL}}]), "text", "regarde", {}),
        (message("celle-ci", attachments=[{"type": "image", "payload": {"url": URL}}]), "image", "celle-ci", {}),
        (attached("appointment_booking"), "unsupported", None, {"type": "appointment_booking"}),
        (message(None, is_unsupported=True), "unsupported", None, {"type": "is_unsupported"}),
        (message(None), "unsupported", None, {"type": "missing"}),
        (message("PAYER", quick_reply={"payload": "pay:7"}), "choice", "PAYER", {"id": "pay:7", "title": "PAYER"}),
        (event(postback={"mid": "m_1", "title": "PAYER", "payload": "pay:7"}), "choice", "PAYER", {"id": "pay:7"}),
        (event(message_edit={"mid": "m_0", "text": "ROBE2", "num_edit": 1}), "edit", "ROBE2", {"message_id": "m_0"}),
        (message(None, is_deleted=True), "revoke", None, {"message_id": "m_1"}),
        (event(reaction={"mid": "m_0", "action": "react", "emoji": "❤"}), "reaction", None, {"emoji": "❤"}),
        (event(reaction={"mid": "m_0", "action": "unreact"}), "reaction", None, {"emoji": None}),
        (event(reaction="❤", mid="m_0", verb="react"), "reaction", None, {"message_id": "m_0", "emoji": "❤"}),
        (event(referral={"ref": "LIVE7", "source": "SHORTLINK", "type": "OPEN_THREAD"}), "system", None, {}),
        (event(optin={"ref": "optin"}), "system", None, {"type": "optin"}),
        (
            message("encore ?", reply_to={"story": {"id": "1", "url": URL}}),
            "text",
            "encore ?",
            {"context": {"story": {"id": "1", "url": URL}}},
        ),
        (message("celle-là", reply_to={"mid": "m_0"}), "text", "celle-là", {"context": {"reply_to": "m_0"}}),
        (message("vu en pub", referral={"ad_id": "1"}), "text", "vu en pub", {"context": {"referral": {"ad_id": "1"}}}),
    ],
)
@both
def test_what_is_sent_is_known_for_what_it_is(
    parse: Any, said: dict[str, Any], kind: str, text: str | None, payload: dict[str, Any]
) -> None:
    found = only(parse(body(entry(said))))
    assert (found.kind, found.text) == (kind, text)
    assert found.payload.items() >= payload.items()
    assert found.id
    assert found.sender.user_id == AWA


def test_of_several_attachments_none_is_lost() -> None:
    files = [{"type": "image", "payload": {"url": f"{URL}{n}"}} for n in range(3)]
    found = only(instagram(body(entry(message(None, attachments=files)))))
    assert found.payload["url"] == f"{URL}0"
    assert [item["url"] for item in found.payload["attachments"]] == [f"{URL}{n}" for n in range(3)]


@both
def test_the_same_event_without_an_id_has_the_same_name_again(parse: Any) -> None:
    tap = event(postback={"title": "Prix ?", "payload": "get_started"})
    first, again, later = parse(body(entry(tap, tap, {**tap, "timestamp": AT + 1}))).messages
    assert first.id == again.id != later.id


@pytest.mark.parametrize("name", ["postback", "referral", "optin"])
@both
def test_what_only_a_person_does_is_a_persons_although_the_entry_is_named_after_it(parse: Any, name: str) -> None:
    said = event(**{name: {"payload": "pay:7", "title": "PAYER", "ref": "x"}})
    found = only(parse(body({"id": AWA, "time": AT, "messaging": [said]})))
    assert (found.account, found.sender.user_id) == (SHOP, AWA)


@pytest.mark.parametrize("name", ["message", "postback"])
@both
def test_what_an_account_says_to_itself_is_nobodys(parse: Any, name: str) -> None:
    tried = {"sender": {"id": SHOP}, "recipient": {"id": AWA}, "timestamp": AT, "is_self": True}
    parsed = parse(body(entry({**tried, name: {"mid": "m_1", "text": "x", "title": "x", "payload": "x"}})))
    assert (parsed.messages, len(parsed.ignored)) == ((), 1)


# The shop's own side


@both
def test_an_answer_of_the_vendor_is_an_echo_in_the_thread_of_the_buyer(parse: Any) -> None:
    found = only(parse(body(entry(echo(app_id=263902037430900)))))
    assert (found.id, found.account, found.kind, found.sender.user_id) == ("m_echo", SHOP, "echo", AWA)
    assert found.payload == {"kind": "text", "program": "263902037430900"}


@both
def test_an_echo_with_our_mark_tells_that_our_message_went_out(parse: Any) -> None:
    parsed = parse(body(entry(echo(metadata="griot:12", app_id=1))))
    (status,) = parsed.statuses
    assert not parsed.messages
    assert (status.id, status.status, status.outbox_id) == ("m_echo", "sent", 12)


@both
def test_what_the_vendor_takes_back_or_reads_is_nobodys_message(parse: Any) -> None:
    own = {"sender": {"id": SHOP}, "recipient": {"id": AWA}, "timestamp": AT, "read": {"mid": "m_1"}}
    parsed = parse(body(entry(echo(is_deleted=True), own)))
    assert (parsed.messages, parsed.statuses, len(parsed.ignored)) == ((), (), 2)


# Receipts


def test_read_and_delivered_messages_are_named_or_all_until_a_moment() -> None:
    receipts = [
        event(read={"mid": "m_9"}),
        event(delivery={"mids": ["m_7", "m_8"], "watermark": AT}),
        event(delivery={"watermark": str(AT)}),
        event(read={"watermark": AT}),
    ]
    parsed = messenger(body(entry(*receipts), object_="page"))

    def short(status: DeliveryStatus) -> tuple[str, str, bool]:
        return status.id, status.status, status.up_to

    assert [short(status) for status in parsed.statuses] == [
        ("m_9", "read", False),
        ("m_7", "delivered", False),
        ("m_8", "delivered", False),
        (f"user:{AWA}", "delivered", True),
        (f"user:{AWA}", "read", True),
    ]
    assert not parsed.ignored


# Comments


def test_a_comment_on_instagram_is_found_in_every_shape() -> None:
    live = comment(id="1780002", media={"id": "1790002"})
    flat = {"id": SHOP, "time": AT // 1000, "field": "comments", "value": comment(id="1780003")}
    facebook_login = comment(id=None, comment_id="1780004")
    parsed = instagram(
        body(changes(("comments", comment()), ("live_comments", live)), flat, changes(("comments", facebook_login)))
    )
    assert [(m.id, m.kind, m.text, m.account) for m in parsed.messages] == [
        (f"178000{n}", "comment", "je prends ROBE1", SHOP) for n in (1, 2, 3, 4)
    ]
    assert [m.payload.get("live") for m in parsed.messages] == [None, True, None, None]
    assert parsed.messages[0].payload == {"comment_id": "1780001", "media_id": "1790001"}
    assert (parsed.messages[0].sender.user_id, parsed.messages[0].sender.name) == (AWA, "awa")
    assert not parsed.ignored


def test_a_comment_on_a_page_is_one_item_of_its_feed() -> None:
    parsed = messenger(
        body(
            changes(
                ("feed", feed()),
                ("feed", feed(comment_id="1_3", **{"from": None}, sender_id=AWA, sender_name="Awa")),
                ("feed", feed(verb="edited", message="je prends ROBE2")),
                ("feed", feed(verb="remove")),
                ("feed", feed(item="like")),
                ("feed", feed(**{"from": {"id": SHOP}})),
                ("feed", feed(**{"from": None})),
            ),
            object_="page",
        )
    )
    assert [(m.kind, m.id, m.text) for m in parsed.messages] == [
        ("comment", "1_2", "je prends ROBE1"),
        ("comment", "1_3", "je prends ROBE1"),
        ("edit", f"1_2:edited:{AT // 1000}", "je prends ROBE2"),
        ("revoke", "1_2:remove", None),
    ]
    assert {m.sender.user_id for m in parsed.messages} == {AWA}
    whys = ["nothing in a conversation depends on like", "the account's own", "it names nobody"]
    assert [ignored.why for ignored in parsed.ignored] == whys


@pytest.mark.parametrize("writer", [{"id": SHOP}, {"id": "its other id", "self_ig_scoped_id": "1002"}])
def test_the_accounts_own_comment_is_nobodys_order(writer: dict[str, str]) -> None:
    parsed = instagram(body(changes(("comments", comment(**{"from": {**writer, "username": "shop"}})))))
    assert (parsed.messages, len(parsed.ignored)) == ((), 1)


@pytest.mark.parametrize(
    ("verb", "kind"), [("edit", "edit"), ("update", "edit"), ("hide", "revoke"), ("delete", "revoke")]
)
def test_whatever_it_is_called_a_comment_was_changed_or_taken_away(verb: str, kind: str) -> None:
    parsed = messenger(body(changes(("feed", feed(verb=verb))), object_="page"))
    assert [m.kind for m in parsed.messages] == [kind]


# Shapes


@pytest.mark.parametrize(
    "wrapped",
    [
        [body(entry(message()))],
        {"payload": {"body": body(entry(message()))}},
        entry(message()),
        message(),
        {"messaging": message()},
        {"sample": {"field": "messages", "value": message()}},
        body(changes(("messages", message()))),
        body({"id": SHOP, "time": AT, "field": "messages", "value": message()}),
        {"object": "instagram", "entry": entry(message())},
        body({**entry(message()), "hop_context": [{"app_id": 1}]}),
    ],
)
@both
def test_a_message_is_found_in_every_shape_seen_in_the_wild(parse: Any, wrapped: Any) -> None:
    found = only(parse(wrapped))
    assert (found.id, found.text, found.account) == ("m_1", "ROBE1", SHOP)


@both
def test_a_message_that_somebody_else_answers_is_kept_and_says_so(parse: Any) -> None:
    found = only(parse(body(entry(message(), of="standby"))))
    assert (found.kind, found.payload) == ("text", {"standby": True})


@both
def test_a_batch_out_of_order_is_read_whole(parse: Any) -> None:
    said = [{**message(mid=f"m_{n}"), "timestamp": AT - n} for n in range(50)]
    parsed = parse(body(*(entry(*said[start : start + 10]) for start in range(0, 50, 10))))
    assert [m.id for m in parsed.messages] == [f"m_{n}" for n in range(50)]


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("2021-09-08T06:34:04+0000", datetime(2021, 9, 8, 6, 34, 4, tzinfo=UTC)),
        ("1527459824", datetime(2018, 5, 27, 22, 23, 44, tzinfo=UTC)),
        ("yesterday", datetime.fromtimestamp(AT / 1000, UTC)),
    ],
)
def test_times_are_read_as_they_come(time: str, read: datetime) -> None:
    assert only(instagram(body(entry({**message(), "timestamp": time})))).sent_at == read


# Bodies written by others

EXPECTED: dict[str, list[tuple[str, str | None]]] = {
    "message:text": [("text", "")],
    "message:reply_to,text": [("text", "")],
    "message:share": [("share", None)],
    "message:is_echo,story_mention": [("echo", None)],
    "dashboard_test_button:message:text": [("text", "")],
    "changes.feed": [("comment", "")],
    "delivery": [],
}


@pytest.mark.skipif(not PAYLOADS.exists(), reason="the recorded payloads are not here")
def test_bodies_written_by_others_are_read_rightly() -> None:
    known = [item for item in json.loads((PAYLOADS / "index.json").read_bytes()) if item["channel"] != "whatsapp"]
    parsers = {"instagram": instagram_bytes, "messenger": messenger_bytes}
    read = 0
    for item in known:
        if item["channel"] not in parsers or item["type"] not in EXPECTED:
            continue
        parsed = parsers[item["channel"]]((PAYLOADS / item["file"]).read_bytes())
        found = [(m.kind, m.text and "") for m in parsed.messages]
        assert found == EXPECTED[item["type"]], item["file"]
        assert len(parsed.statuses) == (item["type"] == "delivery"), item["file"]
        assert not parsed.ignored, item["file"]
        read += 1
    assert read
