"""The simulated Send API refuses what Meta refuses, and takes everything within the limits."""

from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.channels.simulator.behaviour import Behaviour
from griot.channels.simulator.instagram import InstagramAccount, InstagramBehaviour
from griot.channels.simulator.messenger import Page, PageBehaviour
from griot.channels.simulator.model import Shown
from griot.channels.simulator.social import rules
from griot.channels.simulator.social.errors import Refused
from griot.channels.simulator.social.screen import screen
from griot.core.errors import InvalidInput

INSTAGRAM, MESSENGER = InstagramAccount.limits, Page.limits


def request(message: Any = None, **fields: Any) -> dict[str, Any]:
    message = {"text": "Bonjour"} if message is None else message
    return {"recipient": {"id": "1001"}, "messaging_type": "RESPONSE", "message": message, **fields}


def quick(count: int = 1, **fields: Any) -> dict[str, Any]:
    replies = [{"content_type": "text", "title": f"Choix {n}", "payload": f"p{n}", **fields} for n in range(count)]
    return request({"text": "Choisis", "quick_replies": replies})


def file(kind: str = "image", **payload: Any) -> dict[str, Any]:
    return request({"attachment": {"type": kind, "payload": payload or {"url": "https://x.example/a.jpg"}}})


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "postback", "title": "PAYER", "payload": "pay:1", **fields}


def template(**payload: Any) -> dict[str, Any]:
    return request({"attachment": {"type": "template", "payload": payload}})


def buttons(*given: dict[str, Any], text: str = "ROBE1 réservée") -> dict[str, Any]:
    return template(template_type="button", text=text, buttons=list(given))


def cards(*elements: dict[str, Any]) -> dict[str, Any]:
    return template(template_type="generic", elements=list(elements))


def element(**fields: Any) -> dict[str, Any]:
    return {"title": "ROBE1", "subtitle": "15 000 F", **fields}


LINK = {"type": "web_url", "title": "Payer", "url": "https://pay.example/x"}

TAKEN = {
    "a text": request(),
    "thirteen quick replies": quick(13),
    "a quick reply at its longest": quick(1, title="t" * 20, payload="p" * 1000),
    "an image by its address": file(),
    "a voice note by its id": file("audio", attachment_id="123"),
    "three buttons": buttons(button(), button(title="ANNULER"), LINK),
    "ten cards": cards(*[element(buttons=[button(), LINK]) for _ in range(10)]),
    "a card that opens a page": cards(element(default_action={"type": "web_url", "url": "https://x.example"})),
    "an answer by a human": request(messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT"),
    "a private reply": request(recipient={"comment_id": "17900"}),
    "a sign that it was seen": {"recipient": {"id": "1001"}, "sender_action": "mark_seen"},
}

REFUSED = {
    "no recipient": request(recipient=None),
    "two recipients": request(recipient={"id": "1", "comment_id": "2"}),
    "a phone number as recipient": request(recipient={"phone_number": "+221770000001"}),
    "a number as id": request(recipient={"id": 1001}),
    "no message": {"recipient": {"id": "1001"}, "messaging_type": "RESPONSE"},
    "an empty message": request({}),
    "an empty text": request({"text": ""}),
    "a text and a file": request({"text": "x", "attachment": {"type": "image", "payload": {"url": "https://x.fr/a"}}}),
    "a field that is unknown": request({"text": "x", "preview_url": True}),
    "a setting that is unknown": request(to="1001"),
    "a message and an action": request(sender_action="typing_on"),
    "an unknown action": {"recipient": {"id": "1001"}, "sender_action": "dance"},
    "a tag that was removed": request(messaging_type="MESSAGE_TAG", tag="CONFIRMED_EVENT_UPDATE"),
    "a tag without its type": request(tag="HUMAN_AGENT"),
    "the type of a tag without one": request(messaging_type="MESSAGE_TAG"),
    "an unknown type": request(messaging_type="PROMOTION"),
    "fourteen quick replies": quick(14),
    "no quick reply": quick(0),
    "a quick reply of 21 characters": quick(1, title="t" * 21),
    "a quick reply payload of 1001 characters": quick(1, payload="p" * 1001),
    "a quick reply without payload": quick(1, payload=""),
    "a quick reply that asks for the phone": quick(1, content_type="user_phone_number"),
    "quick replies under an image": request(
        {**file()["message"], "quick_replies": quick()["message"]["quick_replies"]}
    ),
    "quick replies in private": {**quick(), "recipient": {"comment_id": "17900"}},
    "an image in private": {**file(), "recipient": {"comment_id": "17900"}},
    "a sticker": file("sticker"),
    "a file from nowhere": file(url="robe.jpg"),
    "a file with address and id": file(url="https://x.example/a", attachment_id="1"),
    "four buttons": buttons(button(), button(), button(), button()),
    "no button": buttons(),
    "a button text of 641 characters": buttons(button(), text="x" * 641),
    "a button title of 21 characters": buttons(button(title="t" * 21)),
    "a button that calls": buttons({"type": "phone_number", "title": "Appeler", "payload": "+221770000001"}),
    "a button to nowhere": buttons({**LINK, "url": "pay.example"}),
    "eleven cards": cards(*[element() for _ in range(11)]),
    "a card with four buttons": cards(element(buttons=[button()] * 4)),
    "a card title of 81 characters": cards(element(title="t" * 81)),
    "a card subtitle of 81 characters": cards(element(subtitle="s" * 81)),
    "a card with nothing but a title": cards({"title": "ROBE1"}),
    "an unknown template": template(template_type="receipt"),
}


@pytest.mark.parametrize("limits", [INSTAGRAM, MESSENGER])
@pytest.mark.parametrize("payload", TAKEN.values(), ids=TAKEN.keys())
def test_a_request_within_the_limits_is_taken(payload: dict[str, Any], limits: rules.Limits) -> None:
    rules.check_request(payload, limits)


@pytest.mark.parametrize("limits", [INSTAGRAM, MESSENGER])
@pytest.mark.parametrize("payload", REFUSED.values(), ids=REFUSED.keys())
def test_a_request_beyond_a_limit_is_refused_with_code_100(payload: dict[str, Any], limits: rules.Limits) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_request(payload, limits)
    assert (refused.value.status, refused.value.code) == (400, 100)
    assert "error_data" not in refused.value.body()["error"]


@pytest.mark.parametrize(
    ("limits", "fits", "too_long"),
    [(INSTAGRAM, "é" * 500, "é" * 500 + "x"), (MESSENGER, "é" * 2000, "é" * 2001)],
)
def test_instagram_counts_bytes_and_messenger_characters(limits: rules.Limits, fits: str, too_long: str) -> None:
    rules.check_request(request({"text": fits}), limits)
    with pytest.raises(Refused):
        rules.check_request(request({"text": too_long}), limits)


def test_only_messenger_wants_a_type_and_takes_metadata() -> None:
    bare = {"recipient": {"id": "1"}, "message": {"text": "x"}}
    own = request({"text": "x", "metadata": "7"})
    rules.check_request(bare, INSTAGRAM)
    rules.check_request(own, MESSENGER)
    for payload, limits in ((bare, MESSENGER), (own, INSTAGRAM)):
        with pytest.raises(Refused):
            rules.check_request(payload, limits)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(list(TAKEN.values())), st.integers(min_value=0), JUNK)
def test_nonsense_anywhere_in_a_request_never_crashes(payload: dict[str, Any], place: int, junk: Any) -> None:
    broken = deepcopy(payload)
    places: list[tuple[Any, Any]] = []
    containers: list[Any] = [broken]
    while containers:
        container = containers.pop()
        for key in container if isinstance(container, dict) else range(len(container)):
            places.append((container, key))
            if isinstance(container[key], dict | list):
                containers.append(container[key])
    container, key = places[place % len(places)]
    container[key] = junk
    for limits in (INSTAGRAM, MESSENGER):
        with suppress(Refused):
            rules.check_request(broken, limits)


@pytest.mark.parametrize(
    ("kind", "mime_type", "size", "fits"),
    [
        ("image", "image/jpeg", 8 * rules.MEGABYTE, True),
        ("image", "image/jpeg", 8 * rules.MEGABYTE + 1, False),
        ("image", "image/webp", 1, False),
        ("audio", "audio/mp4", 25 * rules.MEGABYTE, True),
        ("audio", "audio/ogg; codecs=opus", 1, False),
        ("file", "application/pdf", 25 * rules.MEGABYTE, True),
        ("sticker", "image/png", 1, False),
        ("video", "video/mp4", 0, False),
    ],
)
def test_files_have_a_type_and_a_size(kind: str, mime_type: str, size: int, fits: bool) -> None:
    def taken() -> bool:
        try:
            rules.check_upload(kind, mime_type, size, INSTAGRAM)
        except Refused:
            return False
        return True

    assert taken() == fits


def shown(payload: dict[str, Any]) -> Shown:
    return Shown("m", 1, datetime(2026, 2, 15, tzinfo=UTC), 0.0, content={}, **screen(payload["message"])._asdict())


def test_a_phone_shows_text_choices_links_and_cards() -> None:
    assert [choice.id for choice in shown(quick(2)).choices] == ["p0", "p1"]
    offer = shown(cards(element(image_url="https://x.example/r.jpg", buttons=[button(), LINK])))
    assert (offer.text, offer.link) == ("ROBE1\n15 000 F", "https://pay.example/x")
    assert [choice.title for choice in offer.choices] == ["PAYER"]
    assert offer.media == {"kind": "image", "link": "https://x.example/r.jpg"}
    assert shown(file("audio", attachment_id="7")).media == {"kind": "audio", "id": "7"}


@pytest.mark.parametrize("text", ["Que veux-tu ?\n1. PAYER\n2. ANNULER", "1) PAYER\n2) ANNULER", "1️⃣ PAYER\n2️⃣ ANNULER"])
def test_choices_are_read_off_a_text_that_numbers_them(text: str) -> None:
    assert [(c.id, c.title) for c in shown(request({"text": text})).numbered] == [("1", "PAYER"), ("2", "ANNULER")]


@pytest.mark.parametrize("text", ["Total : 15 000 F", "2. ANNULER\n1. PAYER", "12. ROBE", "Bonjour"])
def test_other_figures_in_a_text_are_no_choices(text: str) -> None:
    assert shown(request({"text": text})).numbered == ()


@pytest.mark.parametrize(
    ("behaviour", "setting"),
    [
        (InstagramBehaviour(), {"shape": "flat"}),
        (InstagramBehaviour(), {"daily": 200}),
        (PageBehaviour(), {"shape": "changes"}),
        (PageBehaviour(), {"window": "failed"}),
        (PageBehaviour(), {"human_agent": 1}),
        (PageBehaviour(), {"private_replies": "many"}),
    ],
)
def test_each_platform_has_settings_of_its_own(behaviour: Behaviour, setting: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        behaviour.change(**setting)
