"""Whatever a body of Instagram or Messenger holds: nothing raises and no update is lost."""

import json
from typing import Any

import pytest
from direct_bodies import attached, body, changes, comment, echo, entry, event, feed, message
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.channels.instagram.parse import parse as instagram
from griot.channels.instagram.parse import parse_bytes
from griot.channels.messenger.parse import parse as messenger
from griot.channels.model import Parsed
from griot.core.errors import InvalidInput

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
words = st.sampled_from(
    ["image", "story_mention", "location", "comment", "add", "1", "1771185610000", "griot:7", "m_1"]
)
keys = st.sampled_from(
    [
        *("object", "entry", "messaging", "standby", "changes", "field", "value", "id", "time", "timestamp", "sender"),
        *("recipient", "message", "mid", "text", "attachments", "type", "payload", "url", "quick_reply", "is_echo"),
        *("postback", "reaction", "read", "delivery", "mids", "watermark", "referral", "optin", "message_edit"),
        *("item", "verb", "comment_id", "from", "media", "coordinates", "lat", "reply_to", "story", "metadata"),
    ]
)
documents = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=4), inner, max_size=6),
    max_leaves=40,
)
GOOD = body(
    entry(message(), echo(), attached("image", url="https://x/1"), event(postback={"payload": "pay:1"})),
    entry(event(delivery={"mids": ["m_9"], "watermark": 1}), event(read={"mid": "m_9"}), of="standby"),
    changes(("comments", comment()), ("feed", feed()), ("live_comments", comment(id="2"))),
)


def total(parsed: Parsed) -> int:
    return len(parsed.messages) + len(parsed.statuses) + len(parsed.ignored)


@pytest.mark.parametrize("parse", [instagram, messenger])
@settings(max_examples=300, deadline=None)
@given(document=documents)
def test_any_json_is_read_without_an_error_and_leaves_a_trace(parse: Any, document: Any) -> None:
    assert total(parse(document)) >= 1


@pytest.mark.parametrize("parse", [instagram, messenger])
@settings(max_examples=200, deadline=None)
@given(events=st.lists(documents, min_size=1, max_size=4), of=st.sampled_from(["messaging", "standby"]))
def test_every_event_leaves_a_trace_of_its_own(parse: Any, events: list[Any], of: str) -> None:
    assert total(parse(body(entry(*events, of=of)))) >= len(events)


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    if isinstance(node, dict):
        inner = [place for key, value in node.items() for place in _places(value, (*path, key))]
    if isinstance(node, list):
        inner = [place for n, value in enumerate(node) for place in _places(value, (*path, n))]
    return [path, *inner] if path else inner


@pytest.mark.parametrize("parse", [instagram, messenger])
@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(_places(GOOD)), other=documents)
def test_a_good_body_with_something_else_in_one_place_loses_no_neighbour(
    parse: Any, place: tuple[Any, ...], other: Any
) -> None:
    broken = json.loads(json.dumps(GOOD))
    node = broken
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = other
    kept = {m.id for m in parse(broken).messages}
    whole = {m.id for m in parse(GOOD).messages}
    if len(place) > 3:  # inside one event or one change
        assert len(whole - kept) <= 1


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | documents.map(lambda document: json.dumps(document).encode()))
def test_any_bytes_are_read_or_refused_with_a_sentence(raw: bytes) -> None:
    try:
        parse_bytes(raw)
    except InvalidInput as refusal:
        assert "webhook body" in str(refusal)


def test_an_event_of_a_broken_neighbour_is_read() -> None:
    parsed = instagram(body(entry(None, 7, "text", {}, message(), {"sender": {"id": "1"}})))
    assert [m.id for m in parsed.messages] == ["m_1"]
    assert len(parsed.ignored) == 5
