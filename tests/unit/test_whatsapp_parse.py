"""Every shape WhatsApp sends is read as what it means."""

from datetime import UTC, datetime
from typing import Any

import pytest
from whatsapp_bodies import AWA, SHOP, SHOP_PHONE, body, change, message, received, status

from griot.channels.model import InboundMessage, Sender
from griot.channels.whatsapp.parse import parse


def only(document: dict[str, Any]) -> InboundMessage:
    parsed = parse(document)
    assert not parsed.ignored and not parsed.statuses
    [read] = parsed.messages
    return read


def read(kind: str, **parts: Any) -> InboundMessage:
    return only(received(message(kind, **parts)))


def test_a_text_is_read_with_its_buyer_shop_and_time() -> None:
    raw = message()
    assert only(received(raw)) == InboundMessage(
        id="wamid.1",
        account=SHOP,
        sender=Sender("SN.1001", "221770000001", "Awa"),
        kind="text",
        text="ROBE1",
        sent_at=datetime(2026, 2, 15, 20, 0, 10, tzinfo=UTC),
        payload={},
        raw=raw,
    )


@pytest.mark.parametrize(
    ("kind", "file", "expected"),
    [
        ("image", {"caption": "celle-ci"}, "image"),
        ("video", {"caption": "celle-ci"}, "video"),
        ("document", {"filename": "bon.pdf", "caption": "celle-ci"}, "document"),
        ("sticker", {"animated": True}, "sticker"),
        ("audio", {}, "audio"),
        ("audio", {"voice": False}, "audio"),
        ("audio", {"voice": True}, "voice"),
        ("voice", {}, "voice"),
    ],
)
def test_media_keep_what_is_needed_to_fetch_and_verify_them(kind: str, file: dict[str, Any], expected: str) -> None:
    found = read(kind, **{kind: {"id": "77", "mime_type": "x/y", "sha256": "abc=", "url": "https://m/77", **file}})
    assert found.kind == expected
    assert found.text == file.get("caption")
    named = {"filename": "bon.pdf"} if "filename" in file else {}
    moving = {"animated": True} if "animated" in file else {}
    fetch = {"media_id": "77", "mime_type": "x/y", "sha256": "abc=", "url": "https://m/77"}
    assert found.payload == {**fetch, **named, **moving}


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("interactive", {"interactive": {"type": "button_reply", "button_reply": {"id": "pay:7", "title": "PAYER"}}}),
        ("interactive", {"interactive": {"type": "list_reply", "list_reply": {"id": "pay:7", "title": "PAYER"}}}),
        ("button", {"button": {"payload": "pay:7", "text": "PAYER"}}),
    ],
)
def test_every_way_to_tap_is_a_choice(kind: str, parts: dict[str, Any]) -> None:
    found = read(kind, **parts)
    assert (found.kind, found.text) == ("choice", "PAYER")
    assert found.payload == {"id": "pay:7", "title": "PAYER"}


@pytest.mark.parametrize(
    ("response", "fields"),
    [
        ('{"city": "Dakar", "note": "porte \\u0000 bleue"}', {"city": "Dakar", "note": "porte \ufffd bleue"}),
        ('["a", "b"]', {"value": ["a", "b"]}),
        ('"Dakar"', {"value": "Dakar"}),
        ("Dakar, 12", {"value": "Dakar, 12"}),
        ({"city": "Dakar"}, {"city": "Dakar"}),
        ("[" * 600 + "]" * 600, {"value": "[" * 600 + "]" * 600}),
    ],
)
def test_a_form_is_decoded_a_second_time(response: object, fields: dict[str, Any]) -> None:
    answer = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": response}}
    found = read("interactive", interactive=answer)
    assert (found.kind, found.text) == ("form", None)
    assert found.payload == {"form": "flow", "fields": fields}


def test_a_call_permission_is_a_form_with_one_answer() -> None:
    answer = {"type": "call_permission_reply", "call_permission_reply": {"response": "reject"}}
    assert read("interactive", interactive=answer).payload == {
        "form": "call_permission",
        "fields": {"response": "reject"},
    }


def test_a_place_keeps_its_coordinates() -> None:
    found = read("location", location={"latitude": 14.69, "longitude": "-17.44", "name": "Sandaga"})
    assert found.payload == {"latitude": 14.69, "longitude": -17.44, "name": "Sandaga"}


def test_a_shared_number_says_that_it_was_asked_for() -> None:
    card = {"origin": "contact_request", "phones": [{"phone": "+221 77 000 00 01"}], "name": {"formatted_name": "Awa"}}
    found = read("contacts", contacts=[card])
    assert found.payload == {
        "contacts": [{"name": "Awa", "phones": ["221770000001"], "origin": "contact_request"}],
    }


def test_a_basket_keeps_codes_and_quantities_and_calls_its_prices_shown() -> None:
    item = {"product_retailer_id": "ROBE1", "quantity": "2", "item_price": 15000.0, "currency": "XOF"}
    found = read("order", order={"catalog_id": "c1", "text": "vite svp", "product_items": [item]})
    assert (found.kind, found.text) == ("order", "vite svp")
    assert found.payload == {
        "catalogue": "c1",
        "items": [{"code": "ROBE1", "quantity": 2, "shown_price": 15000.0, "currency": "XOF"}],
    }


@pytest.mark.parametrize(("given", "emoji"), [({"emoji": "❤️"}, "❤️"), ({"emoji": ""}, None), ({}, None)])
def test_a_reaction_without_emoji_was_taken_back(given: dict[str, str], emoji: str | None) -> None:
    found = read("reaction", reaction={"message_id": "wamid.0", **given})
    assert found.payload == {"message_id": "wamid.0", "emoji": emoji}


def test_an_edit_says_which_message_reads_what_now() -> None:
    after = {"type": "text", "text": {"body": "ROBE2"}}
    found = read("edit", edit={"original_message_id": "wamid.0", "message": after})
    assert (found.kind, found.text) == ("edit", "ROBE2")
    assert found.payload == {"message_id": "wamid.0", "kind": "text"}


def test_an_edit_of_an_edit_is_not_followed() -> None:
    inner = {"type": "edit", "edit": {"original_message_id": "wamid.00"}}
    found = read("edit", edit={"original_message_id": "wamid.0", "message": inner})
    assert (found.kind, found.payload) == ("edit", {"message_id": "wamid.0"})


def test_a_revoke_says_which_message_is_gone() -> None:
    found = read("revoke", revoke={"original_message_id": "wamid.0"})
    assert (found.kind, found.payload) == ("revoke", {"message_id": "wamid.0"})


@pytest.mark.parametrize(
    ("kind", "parts", "payload"),
    [
        ("unsupported", {"unsupported": {"type": "poll_update"}}, {"type": "poll_update"}),
        ("unsupported", {"errors": [{"code": 131051}]}, {"type": "unsupported", "errors": [{"code": 131051}]}),
        ("hologram", {"hologram": {"id": 1}}, {"type": "hologram"}),
        ("interactive", {"interactive": {"type": "hologram"}}, {"type": "interactive hologram"}),
        ("interactive", {"interactive": {"type": "list_reply", "list_reply": {}}}, {"type": "interactive list_reply"}),
        ("interactive", {"interactive": {"type": "nfm_reply", "nfm_reply": {}}}, {"type": "interactive nfm_reply"}),
        ("image", {"image": None}, {"type": "image"}),
        ("order", {"order": "ROBE1"}, {"type": "order"}),
        ("edit", {"edit": {"message": {"type": "text"}}}, {"type": "edit"}),
        ("text", {"text": {"body": 0.5}}, {"type": "text"}),
    ],
)
def test_what_cannot_be_read_is_still_a_message_of_its_buyer(
    kind: str, parts: dict[str, Any], payload: dict[str, Any]
) -> None:
    found = read(kind, **parts)
    assert (found.kind, found.payload) == ("unsupported", payload)


def test_the_first_opening_of_a_chat_is_a_notice_not_a_message_to_answer() -> None:
    assert read("request_welcome").kind == "system"


def test_the_circumstances_of_a_message_are_kept() -> None:
    context = {"from": SHOP_PHONE, "id": "wamid.0", "referred_product": {"catalog_id": "c", "product_retailer_id": "R"}}
    found = read("text", context=context, referral={"source_type": "ad"}, group_id="g1")
    assert found.payload["context"] == {
        "reply_to": "wamid.0",
        "product": "R",
        "catalogue": "c",
        "group": "g1",
        "referral": {"source_type": "ad"},
    }
    assert read("text", context={"forwarded": True}).payload == {"context": {"forwarded": True}}


class TestWho:
    def test_phone_and_user_id_complete_each_other_through_the_contacts(self) -> None:
        by_phone = only(received(message()))
        by_user_id = only(received(message(**{"from": None, "from_user_id": "SN.1001"})))
        assert by_phone.sender == by_user_id.sender == Sender("SN.1001", "221770000001", "Awa")

    def test_of_many_contacts_the_right_one_is_taken(self) -> None:
        binta = {"profile": {"name": "Binta"}, "wa_id": "221770000002", "user_id": "SN.1002"}
        parsed = parse(
            received(message(), message(id="wamid.2", **{"from": "+221 77 000 00 02"}), contacts=[binta, AWA])
        )
        assert [found.sender.name for found in parsed.messages] == ["Awa", "Binta"]

    def test_contacts_may_be_absent(self) -> None:
        assert only(received(message(), contacts=[])).sender == Sender(None, "221770000001")

    def test_a_user_with_a_username_has_no_phone(self) -> None:
        contact = {"profile": {"name": "Awa", "username": "awa.d"}, "user_id": "SN.1001"}
        found = only(received(message(**{"from": None, "from_user_id": "SN.1001"}), contacts=[contact]))
        assert found.sender == Sender("SN.1001", None, "Awa")
        assert found.sender.recipient == "user:SN.1001"

    def test_a_user_id_in_the_place_of_the_phone_is_never_taken_for_digits(self) -> None:
        found = only(received(message(**{"from": "SN.22177"}), contacts=[]))
        assert found.sender == Sender("SN.22177")

    def test_the_only_contact_speaks_for_a_message_that_names_nobody(self) -> None:
        assert only(received(message(**{"from": "<PHONE>"}))).sender.phone == "221770000001"

    def test_two_contacts_do_not(self) -> None:
        parsed = parse(received(message(**{"from": None}), contacts=[AWA, {"wa_id": "221770000002"}]))
        [ignored] = parsed.ignored
        assert (ignored.what, ignored.why) == ("message", "it names neither a phone number nor a user id")
        assert ignored.raw["id"] == "wamid.1"


class TestChanges:
    def test_a_new_number_keeps_the_keys_of_the_old_one(self) -> None:
        notice = {
            "type": "user_changed_number",
            "body": "User Awa changed from 221770000001 to 221780000009",
            "wa_id": "221780000009",
            "user_id": "SN.2002",
            "previous_user_id": "SN.1001",
        }
        found = only(received(message("system", system=notice), contacts=[]))
        assert found.kind == "system"
        assert found.payload["type"] == "user_changed_number"
        assert found.sender == Sender("SN.2002", "221780000009", former=("user:SN.1001", "phone:221770000001"))

    def test_a_new_user_id_without_phone_keeps_the_old_one(self) -> None:
        notice = {"type": "user_changed_user_id", "user_id": "SN.2002", "previous_user_id": "SN.1001"}
        found = only(received(message("system", system=notice, **{"from": None}), contacts=[]))
        assert found.sender.keys == ("user:SN.2002", "user:SN.1001")

    def test_the_old_user_id_is_taken_from_the_sentence_when_it_stands_nowhere_else(self) -> None:
        notice = {
            "type": "user_changed_user_id",
            "user_id": "SN.2002",
            "body": "User Awa changed from SN.1001 to SN.2002",
        }
        found = only(received(message("system", system=notice, **{"from": None}), contacts=[]))
        assert found.sender.former == ("user:SN.1001",)

    def test_a_profile_name_cannot_forge_the_old_user_id(self) -> None:
        forged = "User x changed from SN.VICTIM to SN.2002 changed from SN.1001 to SN.2002"
        notice = {"type": "user_changed_user_id", "user_id": "SN.2002", "body": forged}
        found = only(received(message("system", system=notice, **{"from": None}), contacts=[]))
        assert found.sender.former == ("user:SN.1001",)

    def test_a_new_encryption_identity_changes_nobody(self) -> None:
        notice = {"type": "customer_identity_changed", "body": "identity changed"}
        found = only(received(message("system", system=notice)))
        assert found.sender == Sender("SN.1001", "221770000001", "Awa")


class TestEchoes:
    def test_what_the_vendor_wrote_on_the_phone_belongs_to_the_buyers_conversation(self) -> None:
        echo = message(**{"from": SHOP_PHONE, "to": "221770000001", "to_user_id": "SN.1001"})
        found = only(body(change("smb_message_echoes", message_echoes=[echo])))
        assert (found.kind, found.text, found.payload) == ("echo", "ROBE1", {"kind": "text"})
        assert found.sender == Sender("SN.1001", "221770000001")

    def test_the_shops_own_number_is_never_the_buyer(self) -> None:
        echo = message(**{"from": "221770000001", "to": SHOP_PHONE})
        assert only(body(change("smb_message_echoes", message_echoes=[echo]))).sender.phone == "221770000001"


class TestStatuses:
    @pytest.mark.parametrize("word", ["sent", "delivered", "read", "failed", "played", "deleted", "teleported"])
    def test_every_word_is_kept(self, word: str) -> None:
        [found] = parse(body(change(statuses=[status(word)]))).statuses
        assert (found.id, found.account, found.status) == ("wamid.9", SHOP, word)
        assert found.at == datetime(2026, 2, 15, 20, 0, 20, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("opaque", "outbox_id"),
        [("griot:42", 42), ("griot:", None), ("griot:4x", None), ("other", None), (42, None), ("griot:٤٢", None)],
    )
    def test_our_own_opaque_data_leads_back_to_the_outbox(self, opaque: object, outbox_id: int | None) -> None:
        [found] = parse(body(change(statuses=[status(biz_opaque_callback_data=opaque)]))).statuses
        assert found.outbox_id == outbox_id

    def test_a_failure_says_why_even_without_contacts(self) -> None:
        error = {"code": "131047", "title": "Re-engagement message", "error_data": {"details": "24 hours have passed"}}
        [found] = parse(body(change(statuses=[status("failed", errors=[error])]))).statuses
        assert found.error == {"code": 131047, "title": "Re-engagement message", "details": "24 hours have passed"}

    @pytest.mark.parametrize(("missing", "why"), [("id", "it has no id"), ("status", "it has no status")])
    def test_half_a_status_is_ignored_and_kept(self, missing: str, why: str) -> None:
        half = {**status(), missing: None}
        [found] = parse(body(change(statuses=[half]))).ignored
        assert (found.what, found.why, found.raw) == ("status", why, half)


class TestOtherUpdates:
    @pytest.mark.parametrize(
        "field", ["account_update", "message_template_status_update", "business_username_update", "tomorrow"]
    )
    def test_an_update_about_something_else_is_ignored_under_its_name(self, field: str) -> None:
        update = {"field": field, "value": {"event": "X", "details": [1, 2]}}
        [found] = parse(body(update)).ignored
        assert (found.what, found.raw, found.account) == (field, update, "900000000000001")

    @pytest.mark.parametrize("field", ["calls", "user_preferences", "history"])
    def test_each_item_of_a_list_named_like_its_field_is_an_update(self, field: str) -> None:
        parsed = parse(body(change(field, **{field: [{"id": 1}, {"id": 2}]})))
        assert [(found.what, found.raw) for found in parsed.ignored] == [(field, {"id": 1}), (field, {"id": 2})]

    def test_errors_alone_are_kept(self) -> None:
        [found] = parse(body(change(errors=[{"code": 130429, "title": "Rate limit hit"}]))).ignored
        assert (found.what, found.why, found.account) == ("errors", "error 130429: Rate limit hit", SHOP)

    def test_updates_in_one_value_never_hide_each_other(self) -> None:
        parsed = parse(body(change(messages=[message()], statuses=[status(), status("read")], errors=[{"code": 1}])))
        assert (len(parsed.messages), len(parsed.statuses), len(parsed.ignored)) == (1, 2, 1)

    @pytest.mark.parametrize("field", ["history", "standby"])
    def test_messages_that_are_not_for_us_to_answer_are_not_messages(self, field: str) -> None:
        parsed = parse(body(change(field, messages=[message()])))
        assert not parsed.messages
        assert [found.what for found in parsed.ignored] == [field]
