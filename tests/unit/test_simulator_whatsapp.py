"""The simulator refuses what Meta refuses, with Meta's code, and takes everything within the limits."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.channels.simulator.errors import BadToken, NoSuchObject
from griot.channels.simulator.limits import PAIR_BURST, PAIR_RATE, Bucket
from griot.channels.simulator.model import user_id_of
from griot.channels.simulator.whatsapp import rules
from griot.channels.simulator.whatsapp.errors import Refused
from griot.channels.simulator.whatsapp.messages import MessageIds, Template
from griot.channels.simulator.whatsapp.number import NumberBehaviour
from griot.channels.simulator.whatsapp.screen import screen
from griot.core.errors import InvalidInput

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)


def message(kind: str = "text", content: Any = None, **fields: Any) -> dict[str, Any]:
    content = {"body": "Bonjour"} if content is None else content
    return {"messaging_product": "whatsapp", "to": "+221770000001", "type": kind, kind: content, **fields}


def interactive(kind: str, action: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return message("interactive", {"type": kind, "body": {"text": "Choisis"}, "action": action, **parts})


def button(number: int, **fields: Any) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"b{number}", "title": f"Choix {number}", **fields}}


def buttons(*given: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return interactive("button", {"buttons": list(given)}, **parts)


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"r{number}", "title": f"Ligne {number}", **fields}


def rows(*sections: list[dict[str, Any]], titles: bool = True, **parts: Any) -> dict[str, Any]:
    made = [{"title": f"Rayon {n}" if titles else "", "rows": section} for n, section in enumerate(sections)]
    return interactive("list", {"button": "Voir", "sections": made}, **parts)


def link_button(text: str = "Payer", url: str = "https://pay.example/x", **parts: Any) -> dict[str, Any]:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": text, "url": url}}, **parts)


def flow(**parameters: Any) -> dict[str, Any]:
    given = {"flow_message_version": "3", "flow_id": "1", "flow_token": "t", "flow_cta": "Remplir", **parameters}
    return interactive("flow", {"name": "flow", "parameters": given})


def products(count: int, **parts: Any) -> dict[str, Any]:
    section = {"title": "Wax", "product_items": [{"product_retailer_id": f"R{n}"} for n in range(count)]}
    header = {"type": "text", "text": "Robes"}
    return interactive("product_list", {"catalog_id": "1", "sections": [section]}, **{"header": header, **parts})


TAKEN = {
    "a text of 4096 characters": message(content={"body": "x" * 4096, "preview_url": True}),
    "a text to a user id": message(to=None, recipient="SN.13491208655302741918"),
    "an emoji counts as one character": buttons(button(1, title="💳" * 20)),
    "three buttons at their longest": buttons(*(button(n, id=f"{n}" * 256, title=f"{n}" * 20) for n in range(3))),
    "buttons under an image": buttons(
        button(1), header={"type": "image", "image": {"link": "https://x.example/a.jpg"}}
    ),
    "ten rows in two sections": rows([row(n) for n in range(5)], [row(n) for n in range(5, 10)]),
    "rows at their longest": rows([row(1, id="i" * 200, title="t" * 24, description="d" * 72)]),
    "one section without title": rows([row(1)], titles=False),
    "a list body of 4096 characters": rows([row(1)], body={"text": "x" * 4096}),
    "a link button": link_button("x" * 20, footer={"text": "f" * 60}),
    "a form": flow(flow_action="navigate", flow_action_payload={"screen": "A", "data": {"a": 1}}),
    "a request for the location": interactive("location_request_message", {"name": "send_location"}),
    "a request for the number": interactive("request_contact_info", {"name": "request_contact_info"}),
    "the catalogue": interactive("catalog_message", {"name": "catalog_message"}),
    "a product": interactive("product", {"catalog_id": "1", "product_retailer_id": "ROBE1"}),
    "thirty products": products(30),
    "an image with a caption": message("image", {"link": "https://x.example/a.jpg", "caption": "c" * 1024}),
    "a voice note": message("audio", {"id": "123", "voice": True}),
    "a reaction taken back": message("reaction", {"message_id": "wamid.x", "emoji": ""}),
    "a template without components": message("template", {"name": "hello", "language": {"code": "fr"}}),
    "a place": message("location", {"latitude": 14.7, "longitude": "-17.4"}),
    "a card": message("contacts", [{"name": {"formatted_name": "Awa"}}]),
    "our own id": message(biz_opaque_callback_data="o" * 512),
    "an answer to a message": message(context={"message_id": "wamid.x"}),
}

REFUSED = {
    "no recipient": (message(to=None), 100),
    "a phone number with letters": (message(to="+22177abc"), 131009),
    "a user id in the phone's place": (message(to="SN.13491208655302741918"), 131009),
    "a phone number that starts with 0": (message(to="0770000001"), 131009),
    "a user id without country": (message(to=None, recipient="13491208655302741918"), 131009),
    "a group": (message(recipient_type="group"), 100),
    "an unknown type": (message("poll", {}), 100),
    "a type without its object": ({**message(), "type": "image"}, 100),
    "a text without body": (message(content={}), 100),
    "an empty text": (message(content={"body": ""}), 100),
    "a text of 4097 characters": (message(content={"body": "x" * 4097}), 100),
    "a text that is a number": (message(content={"body": 12}), 100),
    "an own id of 513 characters": (message(biz_opaque_callback_data="o" * 513), 100),
    "a context without message": (message(context={}), 100),
    "four buttons": (buttons(*(button(n) for n in range(4))), 131009),
    "no button": (buttons(), 131009),
    "two buttons with one id": (buttons(button(1), button(2, id="b1")), 131009),
    "two buttons with one title": (buttons(button(1), button(2, title="Choix 1")), 131009),
    "a button title of 21 characters": (buttons(button(1, title="t" * 21)), 131009),
    "a button without title": (buttons({"type": "reply", "reply": {"id": "b"}}), 100),
    "a button id of 257 characters": (buttons(button(1, id="i" * 257)), 100),
    "a body of 1025 characters over buttons": (buttons(button(1), body={"text": "x" * 1025}), 131009),
    "buttons without body": (buttons(button(1), body=None), 100),
    "a header of 61 characters": (buttons(button(1), header={"type": "text", "text": "h" * 61}), 131009),
    "a footer of 61 characters": (buttons(button(1), footer={"text": "f" * 61}), 131009),
    "eleven rows in two sections": (rows([row(n) for n in range(6)], [row(n) for n in range(6, 11)]), 131009),
    "no row": (rows([]), 131009),
    "two rows with one id": (rows([row(1), row(2, id="r1")]), 131009),
    "a row title of 25 characters": (rows([row(1, title="t" * 25)]), 131009),
    "a row description of 73 characters": (rows([row(1, description="d" * 73)]), 131009),
    "a row id of 201 characters": (rows([row(1, id="i" * 201)]), 100),
    "two sections without titles": (rows([row(1)], [row(2)], titles=False), 131009),
    "eleven sections": (rows(*([row(n)] for n in range(11))), 131009),
    "a list with an image on top": (rows([row(1)], header={"type": "image", "image": {"id": "1"}}), 100),
    "a link title of 21 characters": (link_button("x" * 21), 131009),
    "a link that is none": (link_button(url="pay.example/x"), 131009),
    "a form of another version": (flow(flow_message_version="2"), 100),
    "a form with empty data": (flow(flow_action_payload={"screen": "A", "data": {}}), 131009),
    "an unknown interactive type": (interactive("carousel", {}), 100),
    "thirty-one products": (products(31), 131009),
    "products without a header": (products(1, header=None), 100),
    "a product without catalogue": (interactive("product", {"product_retailer_id": "ROBE1"}), 100),
    "a list in the place of an object": (message("interactive", []), 100),
    "buttons that are no list": (interactive("button", {"buttons": {}}), 100),
    "a preview that is no yes or no": (message(content={"body": "x", "preview_url": "yes"}), 100),
    "a voice note that is no yes or no": (message("audio", {"id": "1", "voice": 1}), 100),
    "a picture from nowhere": (message("image", {"link": "robe.jpg"}), 100),
    "a place nowhere": (message("location", {"latitude": "north", "longitude": 1}), 100),
    "a file without id or link": (message("image", {}), 100),
    "a file with id and link": (message("image", {"id": "1", "link": "https://x.example/a"}), 100),
    "a caption under a voice note": (message("audio", {"id": "1", "caption": "c"}), 100),
    "a caption of 1025 characters": (message("image", {"id": "1", "caption": "c" * 1025}), 100),
    "a filename of an image": (message("image", {"id": "1", "filename": "a.jpg"}), 100),
    "a template without language": (message("template", {"name": "hello"}), 100),
    "a reaction to nothing": (message("reaction", {"emoji": "👍"}), 100),
    "a place without longitude": (message("location", {"latitude": 14.7}), 100),
    "a card without name": (message("contacts", [{}]), 100),
}


@pytest.mark.parametrize("payload", TAKEN.values(), ids=TAKEN.keys())
def test_a_message_within_the_limits_is_taken(payload: dict[str, Any]) -> None:
    rules.check_message(payload)


@pytest.mark.parametrize(("payload", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_message_beyond_a_limit_is_refused(payload: dict[str, Any], code: int) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_message(payload)
    assert refused.value.code == code
    assert refused.value.body()["error"]["error_data"]["details"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a payload: its container and its key there."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from nodes(value[key])


@given(st.sampled_from(list(TAKEN.values())), st.integers(min_value=0), JUNK)
def test_nonsense_anywhere_in_a_message_is_taken_or_refused_but_never_crashes(
    payload: dict[str, Any], place: int, junk: Any
) -> None:
    broken = deepcopy(payload)
    places = list(nodes(broken))
    container, key = places[place % len(places)]
    container[key] = junk
    with suppress(Refused):
        rules.check_message(broken)


@pytest.mark.parametrize("payload", [[], "text", {}, {"messaging_product": "telegram"}])
def test_a_request_that_is_not_for_whatsapp_is_refused(payload: Any) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_product(payload)
    assert refused.value.code == 100


def test_the_phone_wins_when_a_user_id_is_given_too() -> None:
    address = rules.check_message(message(recipient="SN.1"))
    assert (address.phone, address.user_id) == ("+221770000001", None)


def test_decoration_in_a_phone_number_is_ignored() -> None:
    assert rules.check_message(message(to="+221 (77) 000-00.01")).phone == "+221770000001"


def test_errors_look_like_metas() -> None:
    error = Refused(130429).body()["error"]
    assert error.pop("fbtrace_id").startswith("A")
    assert error == {
        "message": "(#130429) Rate limit hit",
        "type": "OAuthException",
        "code": 130429,
        "error_data": {
            "messaging_product": "whatsapp",
            "details": "Cloud API message throughput has been reached.",
        },
    }
    assert "error_data" not in BadToken().body()["error"]
    assert NoSuchObject("get", "1").body()["error"]["type"] == "GraphMethodException"


@pytest.mark.parametrize(("code", "status"), [(190, 401), (132001, 404), (131000, 500), (131016, 500), (2, 503)])
def test_a_code_comes_with_metas_http_status(code: int, status: int) -> None:
    assert Refused(code).status == status


def test_throttling_is_answered_with_400_not_429() -> None:
    assert {Refused(code).status for code in (4, 80007, 130429, 131048, 131056)} == {400}


def test_a_bucket_lends_a_burst_and_refills_with_the_clock() -> None:
    pair = Bucket(PAIR_RATE, PAIR_BURST, NOW)
    assert [pair.take(NOW) for _ in range(46)] == [True] * 45 + [False]
    assert not pair.take(NOW + timedelta(seconds=5))
    assert pair.take(NOW + timedelta(seconds=7))


def test_a_user_id_is_the_same_in_every_run_and_carries_the_country() -> None:
    assert user_id_of("221770000001") == user_id_of("221770000001") != user_id_of("221770000002")
    assert user_id_of("2250700000001").startswith("CI.")
    assert rules.USER_ID.fullmatch(user_id_of("999123"))


def test_message_ids_never_repeat() -> None:
    ids = MessageIds()
    made = {ids.new("221770000001", inbound=True) for _ in range(1000)}
    assert len(made) == 1000
    assert all(wamid.startswith("wamid.HBgM") for wamid in made)


def test_a_template_is_filled_in_order() -> None:
    template = Template("ready", "fr", "Bonjour {{2}}, {{1}} est prête")
    assert template.parameters == 2
    assert template.render(["ROBE1", "Awa"]) == "Bonjour Awa, ROBE1 est prête"


def test_a_phone_shows_text_choices_and_links() -> None:
    offer = screen(buttons(button(1), header={"type": "text", "text": "ROBE1"}, footer={"text": "10 min"}))
    assert offer.text == "ROBE1\nChoisis\n10 min"
    assert [choice.title for choice in offer.choices] == ["Choix 1"]
    assert offer.link is None
    assert screen(link_button()).link == "https://pay.example/x"
    assert (
        screen(message(content={"body": "Paie ici : https://pay.example/a?b=1."})).link == "https://pay.example/a?b=1"
    )
    picture = screen(message("image", {"id": "7", "caption": "ROBE1"}))
    assert (picture.text, picture.media) == ("ROBE1", {"kind": "image", "id": "7", "caption": "ROBE1"})
    assert screen(message("contacts", [{"name": {"formatted_name": "Awa"}}])).choices == ()


@pytest.mark.parametrize(
    "setting",
    [
        {"speed": 1},
        {"layout": "rows"},
        {"window": "never"},
        {"message_batch": 1001},
        {"retry_gaps": []},
        {"statuses": {"sent": "soon"}},
        {"webhook_delay": -1},
        {"pair_limit": "yes"},
        {"status_flush": None},
    ],
)
def test_a_setting_that_means_nothing_is_refused_and_changes_nothing(setting: dict[str, Any]) -> None:
    behaviour = NumberBehaviour()
    with pytest.raises(InvalidInput):
        behaviour.change(**{"throughput": 5.0, **setting})
    assert behaviour == NumberBehaviour()
