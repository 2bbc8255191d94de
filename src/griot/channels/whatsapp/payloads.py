"""Every kind of message WhatsApp can be sent, as the body of a send without its address.

``source`` of media is a public ``https://…`` link or the id of an uploaded file. Lengths are the business of
``limits``; a link is fetched by Meta and kept for ten minutes, so a changed file needs a changed link.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from griot.channels.model import Choice

Payload = dict[str, Any]


def answering(payload: Payload, message_id: str) -> Payload:
    """The same message, shown as the answer to another one."""
    return {**payload, "context": {"message_id": message_id}}


def text(body: str, *, preview_url: bool = False) -> Payload:
    return {"type": "text", "text": {"body": body, **({"preview_url": True} if preview_url else {})}}


def image(source: str, caption: str = "") -> Payload:
    return {"type": "image", "image": {**_source(source), **_given(caption=caption)}}


def video(source: str, caption: str = "") -> Payload:
    return {"type": "video", "video": {**_source(source), **_given(caption=caption)}}


def document(source: str, caption: str = "", filename: str = "") -> Payload:
    return {"type": "document", "document": {**_source(source), **_given(caption=caption, filename=filename)}}


def audio(source: str) -> Payload:
    return {"type": "audio", "audio": _source(source)}


def voice(source: str) -> Payload:
    """A voice note with the play button: OGG/Opus, mono, at most 512 KB (larger ones are shown as files)."""
    return {"type": "audio", "audio": {**_source(source), "voice": True}}


def sticker(source: str) -> Payload:
    return {"type": "sticker", "sticker": _source(source)}


def location(latitude: float, longitude: float, name: str = "", address: str = "") -> Payload:
    return {
        "type": "location",
        "location": {"latitude": latitude, "longitude": longitude, **_given(name=name, address=address)},
    }


def contacts(*people: tuple[str, str]) -> Payload:
    """Contact cards out of (name, phone digits)."""
    cards = [
        {"name": {"formatted_name": name, "first_name": name}, "phones": [{"phone": f"+{phone}", "wa_id": phone}]}
        for name, phone in people
    ]
    return {"type": "contacts", "contacts": cards}


def reaction(message_id: str, emoji: str) -> Payload:
    """An emoji on a message; an empty one takes the reaction back."""
    return {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}


def template(
    name: str,
    language: str,
    parameters: Sequence[str] = (),
    components: Sequence[Payload] = (),
    replies: Sequence[str] = (),
) -> Payload:
    """An approved template. ``parameters`` fill its text; ``replies`` are what its quick-reply buttons send back;
    ``components`` are for headers and other buttons."""
    body = {"type": "body", "parameters": [{"type": "text", "text": value} for value in parameters]}
    buttons = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": reply}],
        }
        for index, reply in enumerate(replies)
    ]
    filled = [*components, *([body] if parameters else []), *buttons]
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": language}, **({"components": filled} if filled else {})},
    }


def buttons(body: str, choices: Sequence[Choice], *, header: Payload | None = None, footer: str = "") -> Payload:
    """Up to three buttons; the tapped one's id comes back."""
    action = {"buttons": [{"type": "reply", "reply": {"id": choice.id, "title": choice.title}} for choice in choices]}
    return _interactive("button", body, action, header, footer)


def rows(
    body: str, label: str, sections: Mapping[str, Sequence[Choice]], *, header: Payload | None = None, footer: str = ""
) -> Payload:
    """A list behind a button: section title -> rows; one section may have an empty title."""
    listed = [
        {**_given(title=title), "rows": [_row(choice) for choice in choices]} for title, choices in sections.items()
    ]
    return _interactive("list", body, {"button": label, "sections": listed}, header, footer)


def link(body: str, title: str, url: str, *, header: Payload | None = None, footer: str = "") -> Payload:
    """A button that opens an address."""
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return _interactive("cta_url", body, action, header, footer)


def location_request(body: str) -> Payload:
    """A button that sends the buyer's place back as a location message."""
    return _interactive("location_request_message", body, {"name": "send_location"})


def contact_request(body: str) -> Payload:
    """A button that shares the buyer's own number, for those who hide it behind a username."""
    return _interactive("request_contact_info", body, {"name": "request_contact_info"})


def catalogue(body: str, thumbnail: str = "", *, footer: str = "") -> Payload:
    """The whole catalogue behind a button; ``thumbnail`` is the product whose picture is shown."""
    parameters = {"parameters": {"thumbnail_product_retailer_id": thumbnail}} if thumbnail else {}
    return _interactive("catalog_message", body, {"name": "catalog_message", **parameters}, footer=footer)


def product(catalog_id: str, code: str, body: str = "", *, footer: str = "") -> Payload:
    return _interactive("product", body, {"catalog_id": catalog_id, "product_retailer_id": code}, footer=footer)


def products(catalog_id: str, title: str, body: str, sections: Mapping[str, Sequence[str]]) -> Payload:
    """Products of a catalogue: section title -> product codes. Codes Meta does not know are left out silently."""
    listed = [
        {**_given(title=name), "product_items": [{"product_retailer_id": code} for code in codes]}
        for name, codes in sections.items()
    ]
    action = {"catalog_id": catalog_id, "sections": listed}
    return _interactive("product_list", body, action, {"type": "text", "text": title})


def flow(
    body: str,
    label: str,
    *,
    token: str,
    flow_id: str = "",
    flow_name: str = "",
    screen: str = "",
    data: Payload | None = None,
    draft: bool = False,
) -> Payload:
    """A form. ``screen`` is shown first, filled with ``data``; without one, the endpoint of the form decides."""
    start = {"screen": screen, **({"data": data} if data else {})}
    parameters = {
        "flow_message_version": "3",
        **_given(flow_id=flow_id, flow_name=flow_name),
        "flow_token": token,
        "flow_cta": label,
        "mode": "draft" if draft else "published",
        "flow_action": "navigate" if screen else "data_exchange",
        **({"flow_action_payload": start} if screen else {}),
    }
    return _interactive("flow", body, {"name": "flow", "parameters": parameters})


def carousel(body: str, cards: Sequence[Payload]) -> Payload:
    """Two to ten cards (``link_card``, ``button_card`` or ``product_card``), all of the same make."""
    return _interactive(
        "carousel", body, {"cards": [{"card_index": index, **card} for index, card in enumerate(cards)]}
    )


def link_card(kind: str, source: str, body: str, title: str, url: str) -> Payload:
    """A card with an image or video and a button that opens an address."""
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return {"type": "cta_url", "header": media_header(kind, source), **_body(body), "action": action}


def button_card(kind: str, source: str, body: str, choices: Sequence[Choice]) -> Payload:
    """A card with an image or video and buttons whose id comes back."""
    action = {
        "buttons": [
            {"type": "quick_reply", "quick_reply": {"id": choice.id, "title": choice.title}} for choice in choices
        ]
    }
    return {"type": "cta_url", "header": media_header(kind, source), **_body(body), "action": action}


def product_card(catalog_id: str, code: str) -> Payload:
    return {"type": "product", "action": {"catalog_id": catalog_id, "product_retailer_id": code}}


def media_header(kind: str, source: str) -> Payload:
    return {"type": kind, kind: _source(source)}


def _interactive(kind: str, body: str, action: Payload, header: Payload | None = None, footer: str = "") -> Payload:
    return {
        "type": "interactive",
        "interactive": {
            "type": kind,
            **({"header": header} if header else {}),
            **_body(body),
            **({"footer": {"text": footer}} if footer else {}),
            "action": action,
        },
    }


def _body(body: str) -> Payload:
    return {"body": {"text": body}} if body else {}


def _row(choice: Choice) -> Payload:
    return {"id": choice.id, "title": choice.title, **_given(description=choice.description or "")}


def _source(source: str) -> Payload:
    return {"link": source} if source.startswith(("https://", "http://")) else {"id": source}


def _given(**values: str) -> Payload:
    return {key: value for key, value in values.items() if value}
