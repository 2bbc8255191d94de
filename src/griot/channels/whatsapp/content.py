"""What a WhatsApp message says: its type and its object translated to a neutral kind, text and payload."""

from collections.abc import Callable
from typing import Any

from griot.channels.meta.content import Content
from griot.channels.tolerant import (
    as_id,
    as_list,
    as_number,
    as_object,
    as_phone,
    as_text,
    as_true,
    as_whole,
    decoded,
    present,
)


def read(message: dict[str, Any]) -> Content:
    """The content of any message object; a type nobody knows, or an empty shell of one, is ``unsupported``."""
    kind = _type(message)
    content = _READERS[kind](message) if kind in _READERS else None
    return content or _unsupported(message, kind)


def circumstances(message: dict[str, Any]) -> dict[str, Any]:
    """What surrounds the words: ``reply_to`` a message, forwarded, asked from a product, a group or an ad."""
    context = as_object(message.get("context"))
    product = as_object(context.get("referred_product"))
    return present(
        reply_to=as_id(context.get("id")),
        forwarded=True if as_true(context.get("forwarded")) else None,
        forwarded_often=True if as_true(context.get("frequently_forwarded")) else None,
        product=as_id(product.get("product_retailer_id")),
        catalogue=as_id(product.get("catalog_id")),
        group=as_id(message.get("group_id")),
        referral=as_object(message.get("referral")) or None,
    )


def _type(message: dict[str, Any]) -> str:
    """The announced type; without one, the type whose object is there."""
    announced = as_id(message.get("type"))
    return announced or next((kind for kind in _READERS if message.get(kind)), "missing")


def _unsupported(message: dict[str, Any], kind: str) -> Content:
    announced = as_object(message.get("unsupported")).get("type")
    errors = [error for error in as_list(message.get("errors")) if isinstance(error, dict)]
    return Content("unsupported", None, present(type=as_id(announced) or kind, errors=errors or None))


def _text(message: dict[str, Any]) -> Content | None:
    words = message.get("text")
    body = as_text(as_object(words).get("body")) or as_text(words)
    return Content("text", body, {}) if body else None


def _media(kind: str) -> Callable[[dict[str, Any]], Content | None]:
    def reader(message: dict[str, Any]) -> Content | None:
        file = as_object(message.get(kind))
        media_id, url = as_id(file.get("id")), as_id(file.get("url"))
        if not media_id and not url:
            return None
        payload = {
            "media_id": media_id,
            "mime_type": as_id(file.get("mime_type")),
            "sha256": as_id(file.get("sha256")),
            **present(
                url=url,
                filename=as_text(file.get("filename")),
                animated=True if as_true(file.get("animated")) else None,
            ),
        }
        # recorded in the app; the type `voice` is what the same thing was called before
        spoken = kind == "voice" or (kind == "audio" and as_true(file.get("voice")))
        return Content("voice" if spoken else kind, as_text(file.get("caption")), payload)

    return reader


def _location(message: dict[str, Any]) -> Content | None:
    place = as_object(message.get("location"))
    latitude, longitude = as_number(place.get("latitude")), as_number(place.get("longitude"))
    payload = present(
        latitude=latitude,
        longitude=longitude,
        name=as_text(place.get("name")),
        address=as_text(place.get("address")),
        url=as_text(place.get("url")),
    )
    return Content("location", None, payload) if payload else None


def _contacts(message: dict[str, Any]) -> Content | None:
    cards = [card for card in as_list(message.get("contacts")) if isinstance(card, dict)]
    payload = [
        present(
            name=as_text(as_object(card.get("name")).get("formatted_name")),
            phones=_phones(card) or None,
            # `contact_request`: the buyer's own number, shared because we asked for it
            origin=as_id(card.get("origin")) or as_id(message.get("origin")),
            vcard=as_text(card.get("vcard")),
        )
        for card in cards
    ]
    return Content("contacts", None, {"contacts": payload}) if cards else None


def _phones(card: dict[str, Any]) -> list[str]:
    entries = (as_object(entry) for entry in as_list(card.get("phones")))
    found = (as_phone(entry.get("wa_id")) or as_phone(entry.get("phone")) for entry in entries)
    return [phone for phone in found if phone]


def _interactive(message: dict[str, Any]) -> Content | None:
    answer = as_object(message.get("interactive"))
    announced = as_id(answer.get("type"))
    kind = announced or next((name for name in _ANSWERS if answer.get(name)), "missing")
    reader = _ANSWERS.get(kind)
    content = reader(as_object(answer.get(kind))) if reader else None
    return content or Content("unsupported", None, {"type": f"interactive {kind}"})


def _choice(answer: dict[str, Any]) -> Content | None:
    chosen, title = as_text(answer.get("id")), as_text(answer.get("title"))
    if not chosen and not title:
        return None
    description = as_text(answer.get("description"))
    return Content("choice", title, {"id": chosen or title, "title": title, **present(description=description)})


def _flow(answer: dict[str, Any]) -> Content | None:
    """A submitted form: its fields come as JSON inside a JSON string."""
    fields = _fields(answer.get("response_json"))
    if fields is None:
        return None
    return Content(
        "form",
        None,
        {
            "form": as_id(answer.get("name")) or "flow",
            "fields": fields if isinstance(fields, dict) else {"value": fields},
        },
    )


def _fields(given: object) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return decoded(given)
    except ValueError:
        return given


def _call_permission(answer: dict[str, Any]) -> Content | None:
    """Yes or no to being called: an answer to a question, like a form with one field."""
    return Content("form", None, {"form": "call_permission", "fields": answer}) if answer else None


_ANSWERS: dict[str, Callable[[dict[str, Any]], Content | None]] = {
    "button_reply": _choice,
    "list_reply": _choice,
    "nfm_reply": _flow,
    "call_permission_reply": _call_permission,
}


def _button(message: dict[str, Any]) -> Content | None:
    """A tapped quick reply of a template."""
    button = as_object(message.get("button"))
    return _choice({"id": button.get("payload"), "title": button.get("text")})


def _order(message: dict[str, Any]) -> Content | None:
    """A basket from the catalogue. Its prices are what the buyer's phone showed: never charge them."""
    order = as_object(message.get("order"))
    if not order:
        return None
    items = [
        present(
            code=as_id(item.get("product_retailer_id")),
            quantity=as_whole(item.get("quantity")),
            shown_price=as_number(item.get("item_price")),
            currency=as_id(item.get("currency")),
        )
        for item in as_list(order.get("product_items"))
        if isinstance(item, dict)
    ]
    return Content(
        "order", as_text(order.get("text")), {**present(catalogue=as_id(order.get("catalog_id"))), "items": items}
    )


def _reaction(message: dict[str, Any]) -> Content | None:
    """``emoji`` is null when the reaction was taken back."""
    reaction = as_object(message.get("reaction"))
    target = as_id(reaction.get("message_id"))
    return (
        Content("reaction", None, {"message_id": target, "emoji": as_text(reaction.get("emoji"))}) if target else None
    )


def _system(message: dict[str, Any]) -> Content | None:
    """WhatsApp itself speaks: a number, a user id or an encryption identity changed."""
    notice = as_object(message.get("system"))
    return Content(
        "system", None, {"type": as_id(notice.get("type")) or "system", **present(body=as_text(notice.get("body")))}
    )


def _welcome(message: dict[str, Any]) -> Content | None:
    """The chat was opened for the first time; nothing was written."""
    return Content("system", None, {"type": "request_welcome"})


def _edit(message: dict[str, Any]) -> Content | None:
    edit = as_object(message.get("edit"))
    original = as_id(edit.get("original_message_id"))
    if not original:
        return None
    after = as_object(edit.get("message"))
    if _type(after) == "edit":  # an edit of an edit is not a thing, and would nest without end
        return Content("edit", None, {"message_id": original})
    kind, text, payload = read(after)
    return Content("edit", text, {**payload, "message_id": original, "kind": kind})


def _revoke(message: dict[str, Any]) -> Content | None:
    original = as_id(as_object(message.get("revoke")).get("original_message_id"))
    return Content("revoke", None, {"message_id": original}) if original else None


_READERS: dict[str, Callable[[dict[str, Any]], Content | None]] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "voice": _media("voice"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "reaction": _reaction,
    "system": _system,
    "request_welcome": _welcome,
    "edit": _edit,
    "revoke": _revoke,
}
