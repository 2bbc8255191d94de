"""Whatever a body holds: nothing raises and no update is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whatsapp_bodies import AWA, body, change, message, received, status

from griot.channels.model import Parsed
from griot.channels.whatsapp.parse import parse, parse_bytes
from griot.core.errors import InvalidInput

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "payloads"
LISTS = ("messages", "message_echoes", "statuses", "errors")

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
known_words = st.sampled_from(
    ["text", "audio", "interactive", "system", "edit", "221770000001", "SN.1", "wamid.1", "1771185600", "failed"]
)
keys = st.sampled_from(
    [
        *(
            "object",
            "entry",
            "changes",
            "field",
            "value",
            "metadata",
            "phone_number_id",
            "contacts",
            "wa_id",
            "user_id",
        ),
        *(
            "messages",
            "message_echoes",
            "statuses",
            "errors",
            "id",
            "from",
            "type",
            "timestamp",
            "text",
            "body",
            "audio",
        ),
        *("interactive", "button_reply", "nfm_reply", "response_json", "system", "edit", "message", "context", "code"),
        *("calls", "history", "order", "product_items", "profile", "name", "status", "location", "messaging_product"),
    ]
)
documents = st.recursive(
    scalars | known_words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=6),
    max_leaves=40,
)


def total(parsed: Parsed) -> int:
    return len(parsed.messages) + len(parsed.statuses) + len(parsed.ignored)


@settings(max_examples=400, deadline=None)
@given(documents)
def test_any_json_is_read_without_an_error_and_leaves_a_trace(document: Any) -> None:
    assert total(parse(document)) >= 1


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional={name: st.lists(documents, min_size=1, max_size=4) for name in LISTS}))
def test_every_item_of_every_list_ends_in_exactly_one_place(value: dict[str, list[Any]]) -> None:
    parsed = parse(body(change(**value)))
    assert total(parsed) == (sum(len(items) for items in value.values()) or 1)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | documents.map(lambda document: json.dumps(document).encode()))
def test_any_bytes_are_read_or_refused_with_a_sentence(raw: bytes) -> None:
    try:
        parse_bytes(raw)
    except InvalidInput as refusal:
        assert "webhook body" in str(refusal)


def test_a_thousand_updates_are_a_thousand_updates() -> None:
    messages = [message(id=f"wamid.{number}") for number in range(400)]
    statuses = [status(id=f"wamid.{number}") for number in range(500)]
    changes = [change(contacts=[AWA], messages=messages[start : start + 40]) for start in range(0, 400, 40)]
    document = body(*changes, change(statuses=statuses))
    document["entry"] += body(change("calls", calls=[{"id": number} for number in range(100)]))["entry"]
    parsed = parse_bytes(json.dumps(document).encode())
    assert (len(parsed.messages), len(parsed.statuses), len(parsed.ignored)) == (400, 500, 100)
    assert len({found.id for found in parsed.messages}) == 400


def test_one_broken_item_does_not_take_its_neighbours_along() -> None:
    parsed = parse(received(message(), None, "text", 7, [], {"from": "221770000001"}, message(id="wamid.2")))
    assert [found.id for found in parsed.messages] == ["wamid.1", "wamid.2"]
    assert [found.why for found in parsed.ignored] == [*["it is not an object"] * 4, "it has no id"]


@pytest.mark.parametrize(
    "wrapped",
    [
        [received(message())],
        [[received(message())]],
        {"text": received(message())},
        {"payload": {"body": received(message())}, "status": 200},
        received(message())["entry"][0],
        received(message())["entry"][0]["changes"][0],
        {"sample": received(message())["entry"][0]["changes"][0]},
        received(message())["entry"][0]["changes"][0]["value"],
        {"contacts": [AWA], "messages": [message()]},
        {"object": "whatsapp_business_account", "entry": received(message())["entry"][0]},
        {"entry": [{"id": 1, "field": "messages", "value": received(message())["entry"][0]["changes"][0]["value"]}]},
        body(change(messages=message())),
        body(change(messages=[message(text=[{"body": "ROBE1"}])])),
        body(change(messages=[message(text="ROBE1")])),
        body(change(messages=[message(type=None)])),
        body(change(messages=[message(**{"from": 221770000001, "id": 5, "timestamp": 1771185610})])),
    ],
)
def test_a_message_is_found_whatever_is_wrapped_around_it(wrapped: Any) -> None:
    parsed = parse(wrapped)
    [found] = parsed.messages
    assert not parsed.ignored
    assert (found.text, found.sender.phone) == ("ROBE1", "221770000001")


def test_an_envelope_inside_an_envelope_loses_neither() -> None:
    inner, outer = received(message(id="wamid.in")), received(message(id="wamid.out"))
    assert {found.id for found in parse({"all": inner, **outer}).messages} == {"wamid.in", "wamid.out"}


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (None, "body"),
        (42, "body"),
        ([], "body"),
        ({}, "body"),
        ({"object": "page", "entry": []}, "body"),
        ({"entry": [7]}, "entry"),
        ({"entry": {}}, "entry"),
        ({"entry": [{"id": "1", "messaging": [{"sender": {"id": "2"}}]}]}, "messaging"),
        (body("text"), "change"),  # type: ignore[arg-type]
        (body({"field": "messages"}), "messages"),
        (body({"field": "messages", "value": "text"}), "messages"),
        (body(change()), "messages"),
        (body(change(messages=None, statuses=[])), "messages"),
    ],
)
def test_a_body_without_updates_is_kept_with_a_reason(document: Any, what: str) -> None:
    parsed = parse(document)
    [ignored] = parsed.ignored
    assert total(parsed) == 1
    assert ignored.what == what
    assert ignored.why


@pytest.mark.parametrize(
    ("timestamp", "year", "note"),
    [
        ("1771185610", 2026, None),
        (1771185610, 2026, None),
        ("1771185610000", 2026, None),
        ("soon", 2026, None),  # the time of the entry
        (None, 2026, None),
        (-5, 2026, None),
        ("9" * 400, 2026, None),
    ],
)
def test_a_time_is_read_or_replaced(timestamp: object, year: int, note: str | None) -> None:
    [found] = parse(received(message(timestamp=timestamp))).messages
    assert found.sent_at.year == year
    assert found.payload.get("note") == note


def test_a_message_without_any_time_says_so() -> None:
    [found] = parse([change(messages=[message(timestamp="soon")])]).messages
    assert found.sent_at.year == 1970
    assert found.payload["note"] == "it had no readable time"


@pytest.mark.parametrize("raw", [b"", b"not json", b'{"entry": [', b"7", b'"text"', b"null", b"[" * 5000])
def test_bytes_that_are_no_body_are_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput, match="webhook body"):
        parse_bytes(raw)


@pytest.mark.parametrize("poison", [r"a\u0000b", r"a\ud800b"])
def test_text_that_a_database_cannot_store_is_mended(poison: str) -> None:
    raw = json.dumps(received(message(text={"body": "@"}))).replace("@", poison).encode()
    [found] = parse_bytes(raw).messages
    assert found.text == "a\ufffdb"
    assert found.raw["text"] == {"body": "a\ufffdb"}


def test_emoji_and_backslashes_survive_mending() -> None:
    raw = json.dumps(received(message(text={"body": "😍 \\u0000 \x00"}))).encode()
    [found] = parse_bytes(raw).messages
    assert found.text == "😍 \\u0000 \ufffd"


def test_no_update_of_payloads_written_by_others_is_lost() -> None:
    files = sorted((PAYLOADS / "whatsapp").glob("*.json"))
    if not files:
        pytest.skip("no shared payloads beside this checkout")
    for file in files:
        document = json.loads(file.read_bytes())
        parsed = parse_bytes(file.read_bytes())
        values = [change["value"] for entry in document["entry"] for change in entry["changes"]]
        inbound = sum(len(value.get("messages", [])) + len(value.get("message_echoes", [])) for value in values)
        assert len(parsed.messages) == inbound, file.name
        assert len(parsed.statuses) == sum(len(value.get("statuses", [])) for value in values), file.name
        assert total(parsed) >= 1
