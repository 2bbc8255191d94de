"""A message WhatsApp would refuse, cut or drop never leaves."""

from typing import Any

import pytest

from griot.channels.model import Choice
from griot.channels.whatsapp import limits, payloads
from griot.channels.whatsapp.payloads import Payload
from griot.core.errors import InvalidInput

URL = "https://shop.example/p/1"


def choices(count: int, **parts: str) -> list[Choice]:
    return [Choice(**{"id": f"id{number}", "title": f"title {number}", **parts}) for number in range(count)]


def cards(count: int, body: str = "Robe") -> list[Payload]:
    return [payloads.link_card("image", URL, body, "Voir", URL) for _ in range(count)]


VALID: dict[str, Payload] = {
    "text": payloads.text("é" * 4096, preview_url=True),
    "image": payloads.image(URL, "c" * 1024),
    "video": payloads.video("123", "c" * 1024),
    "document": payloads.document(URL, "c" * 1024, "bon.pdf"),
    "audio": payloads.audio("123"),
    "voice": payloads.voice("123"),
    "sticker": payloads.sticker("123"),
    "location": payloads.location(14.69, -17.44, "Sandaga"),
    "contacts": payloads.contacts(("Awa", "221770000001")),
    "reaction": payloads.reaction("wamid.1", ""),
    "template": payloads.template("reminder", "fr", ["Awa"]),
    "buttons": payloads.buttons("b" * 1024, choices(3), footer="f" * 60),
    "buttons under a picture": payloads.buttons("b", choices(1), header=payloads.media_header("image", URL)),
    "list": payloads.rows("b" * 4096, "Choisir", {"A": choices(5), "B": choices(3, id="x")[:1]}),
    "link": payloads.link("b" * 1024, "PAYER", URL),
    "location request": payloads.location_request("Où ?"),
    "contact request": payloads.contact_request("Ton numéro ?"),
    "catalogue": payloads.catalogue("Voici", "ROBE1"),
    "product": payloads.product("c1", "ROBE1"),
    "products": payloads.products("c1", "Robes", "Voici", {"Rouges": ["R1"] * 15, "Bleues": ["B1"] * 15}),
    "flow": payloads.flow("Ton adresse", "Remplir", token="t", flow_id="1", screen="ADDRESS", data={"a": 1}),
    "flow with endpoint": payloads.flow("Ton adresse", "Remplir", token="t", flow_name="address"),
    "carousel": payloads.carousel("Nos robes", cards(10)),
    "button carousel": payloads.carousel("Nos robes", [payloads.button_card("video", "9", "", choices(2))] * 2),
    "product carousel": payloads.carousel("Nos robes", [payloads.product_card("c1", "R1")] * 2),
    "answer": payloads.answering(payloads.text("oui"), "wamid.1"),
}


@pytest.mark.parametrize("payload", VALID.values(), ids=VALID.keys())
def test_every_kind_passes_up_to_its_limits(payload: Payload) -> None:
    limits.check(payload)


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (payloads.text("a" * 4097), "text.body has 4097 characters; WhatsApp allows 4096."),
        (payloads.text("  \n"), "text.body is missing or blank"),
        (payloads.image(URL, "c" * 1025), "image.caption has 1025 characters"),
        ({"type": "image", "image": {}}, "image needs either the id"),
        ({"type": "image", "image": {"id": "1", "link": URL}}, "and not both"),
        ({"type": "audio", "audio": {"id": "1", "caption": "x"}}, "audio.caption is not possible"),
        (payloads.location(91, 0), "location.latitude must be a number"),
        (payloads.location(float("nan"), 0), "location.latitude must be a number"),
        (payloads.contacts(), "contacts has 0 items"),
        ({"type": "reaction", "reaction": {"emoji": "x"}}, "reaction.message_id is missing"),
        (payloads.template("", "fr"), "template.name is missing"),
        (payloads.buttons("b", choices(4)), "buttons has 4 items; WhatsApp takes 1 to 3"),
        (payloads.buttons("b", []), "buttons has 0 items"),
        (payloads.buttons("b" * 1025, choices(1)), "interactive.body.text has 1025 characters"),
        (payloads.buttons("", choices(1)), "interactive.body.text is missing"),
        (payloads.buttons("b", choices(1, title="t" * 21)), "buttons.0.reply.title has 21 characters"),
        (payloads.buttons("b", choices(1, id="i" * 257)), "buttons.0.reply.id has 257 characters"),
        (payloads.buttons("b", choices(2, id="same")), "buttons.reply.id 'same' occurs twice"),
        (payloads.buttons("b", choices(2, title="same")), "buttons.reply.title 'same' occurs twice"),
        (payloads.buttons("b", choices(1), footer="f" * 61), "interactive.footer.text has 61 characters"),
        (payloads.buttons("b", choices(1), header={"type": "text", "text": "h" * 61}), "header.text has 61"),
        (payloads.buttons("b", choices(1), header=payloads.media_header("sticker", "1")), "header.type 'sticker'"),
        (payloads.rows("b", "Choisir", {"": choices(11)}), "rows has 11 items"),
        (
            payloads.rows("b", "Choisir", {"A": choices(6), "B": choices(6, id="x")}),
            "12 rows; WhatsApp allows 10 in all",
        ),
        (payloads.rows("b", "Choisir", {"A": choices(1), "": choices(1)}), "sections.1.title is missing"),
        (payloads.rows("b", "Choisir", {"s" * 25: choices(1)}), "sections.0.title has 25 characters"),
        (payloads.rows("b", "c" * 21, {"": choices(1)}), "action.button has 21 characters"),
        (payloads.rows("b" * 4097, "Choisir", {"": choices(1)}), "body.text has 4097 characters"),
        (payloads.rows("b", "Choisir", {"": choices(1, title="t" * 25)}), "rows.0.title has 25 characters"),
        (payloads.rows("b", "Choisir", {"": choices(1, description="d" * 73)}), "rows.0.description has 73"),
        (payloads.rows("b", "Choisir", {"": choices(1, id="i" * 201)}), "rows.0.id has 201"),
        (payloads.rows("b", "Choisir", {"": choices(1)}, header=payloads.media_header("image", URL)), "header.type"),
        (payloads.link("b", "d" * 21, URL), "display_text has 21 characters"),
        (payloads.link("b", "PAYER", "tel:+221"), "url must be an http or https address"),
        (payloads.products("c1", "", "b", {"": ["R1"]}), "header.text is missing"),
        (payloads.products("c1", "t", "b", {"A": ["R"] * 16, "B": ["R"] * 15}), "31 products; WhatsApp allows 30"),
        (payloads.product("", "R1"), "catalog_id is missing"),
        (payloads.flow("b", "Remplir", token="t"), "either flow_id or flow_name"),
        (payloads.flow("b", "Remplir 📝", token="t", flow_id="1"), "flow_cta must not contain emoji"),
        (payloads.link("", "PAYER", URL), "interactive.body.text is missing"),
        (
            payloads.carousel("b", [payloads.product_card("c1", "")] * 2),
            "cards.0.action.product_retailer_id is missing",
        ),
        (payloads.carousel("b", [payloads.button_card("audio", "9", "", choices(1))] * 2), "an image or a video"),
        (payloads.carousel("b", cards(1)), "cards has 1 items; WhatsApp takes 2 to 10"),
        (payloads.carousel("b", cards(11)), "cards has 11 items"),
        (payloads.carousel("b", cards(2, "c" * 161)), "cards.0.body.text has 161"),
        (payloads.carousel("b", cards(2, "a\nb\nc\nd")), "has 3 line breaks; WhatsApp allows 2"),
        ({"type": "fax", "fax": {}}, "no message type 'fax'"),
        ({"type": "interactive", "interactive": {"type": "address_message"}}, "no interactive message"),
        ({}, "no message type None"),
    ],
)
def test_what_is_too_long_or_missing_is_named_with_its_length_and_limit(payload: Any, complaint: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        limits.check(payload)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    ("mime_type", "limit"),
    [
        ("image/jpeg", limits.IMAGE_BYTES),
        ("audio/ogg; codecs=opus", limits.AUDIO_BYTES),
        ("video/mp4", limits.VIDEO_BYTES),
        ("image/webp", limits.STICKER_BYTES),
        ("application/pdf", limits.DOCUMENT_BYTES),
    ],
)
def test_files_have_the_limit_of_their_type(mime_type: str, limit: int) -> None:
    limits.check_file(mime_type, limit)
    for size in (0, limit + 1):
        with pytest.raises(InvalidInput, match=f"WhatsApp takes 1 to {limit}"):
            limits.check_file(mime_type, size)
