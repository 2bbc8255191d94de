"""What WhatsApp accepts in an outgoing message, checked before it is sent.

Lengths are in characters (Unicode code points), sizes in bytes. Meta answers most of these errors only after a round
trip (100, 131009), some not at all: it cuts, or drops what it does not know.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from griot.core.errors import InvalidInput

TEXT_BODY = 4096
CAPTION = 1024
INTERACTIVE_BODY = 1024
LIST_BODY = 4096
HEADER_TEXT = 60
FOOTER_TEXT = 60

BUTTONS = 3
BUTTON_ID = 256
BUTTON_TITLE = 20  # also the label of a link button, of the button that opens a list, of a form's button

LIST_SECTIONS = 10
LIST_ROWS = 10  # in all sections together
SECTION_TITLE = 24
ROW_ID = 200
ROW_TITLE = 24
ROW_DESCRIPTION = 72

PRODUCTS = 30
PRODUCT_SECTIONS = 10

CARDS_MIN = 2
CARDS = 10
CARD_BODY = 160
CARD_LINE_BREAKS = 2
CARD_BUTTON_ID = 20

CONTACT_CARDS = 257

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
VOICE_NOTE_BYTES = 512 * KILOBYTE  # more is delivered, but shown as a file to download
_AUDIO = frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
_IMAGES = frozenset({"image/jpeg", "image/png"})
_VIDEOS = frozenset({"video/mp4", "video/3gpp"})
IMAGE_BYTES = 5 * MEGABYTE
AUDIO_BYTES = 16 * MEGABYTE
VIDEO_BYTES = 16 * MEGABYTE
STICKER_BYTES = 500 * KILOBYTE  # animated; a still one may have 100 KB
DOCUMENT_BYTES = 100 * MEGABYTE

_HEADER_MEDIA = ("image", "video", "document")
_MEDIA_TYPES = ("image", "video", "audio", "document", "sticker")


def check(payload: dict[str, Any]) -> None:
    """Raise ``InvalidInput`` (field, length, limit) when WhatsApp would not take this message as it is.

    ``payload`` is the body of a send without its address: ``{"type": …, <type>: {…}}``.
    """
    kind = payload.get("type")
    if kind == "text":
        _length(payload, "text.body", TEXT_BODY)
    elif kind in _MEDIA_TYPES:
        _media(payload, kind)
    elif kind == "interactive":
        _interactive(payload)
    elif kind == "template":
        _present(payload, "template.name")
        _present(payload, "template.language.code")
    elif kind == "reaction":
        _present(payload, "reaction.message_id")
    elif kind == "location":
        _coordinate(payload, "location.latitude", 90)
        _coordinate(payload, "location.longitude", 180)
    elif kind == "contacts":
        for index, _ in enumerate(_count(payload, "contacts", 1, CONTACT_CARDS)):
            _present(payload, f"contacts.{index}.name.formatted_name")
    else:
        raise InvalidInput(f"WhatsApp has no message type {kind!r}.")


def file_limit(mime_type: str) -> int:
    """How many bytes an uploaded file of this type may have."""
    plain = mime_type.partition(";")[0].strip().lower()
    if plain in _IMAGES:
        return IMAGE_BYTES
    if plain in _AUDIO:
        return AUDIO_BYTES
    if plain in _VIDEOS:
        return VIDEO_BYTES
    return STICKER_BYTES if plain == "image/webp" else DOCUMENT_BYTES


def check_file(mime_type: str, size: int) -> None:
    """Raise ``InvalidInput`` when a file is empty or too large for its type."""
    limit = file_limit(mime_type)
    if not 0 < size <= limit:
        raise InvalidInput(f"The {mime_type} file has {size} bytes; WhatsApp takes 1 to {limit}.")


def _media(payload: dict[str, Any], kind: str) -> None:
    _source(payload, kind)
    if kind in ("audio", "sticker"):
        if _at(payload, f"{kind}.caption") is not None:
            raise InvalidInput(f"{kind}.caption is not possible: WhatsApp shows no caption there.")
    else:
        _length(payload, f"{kind}.caption", CAPTION, required=False)


def _source(payload: dict[str, Any], path: str) -> None:
    if bool(_at(payload, f"{path}.id")) == bool(_at(payload, f"{path}.link")):
        raise InvalidInput(f"{path} needs either the id of an uploaded file or a public link, and not both.")


def _interactive(payload: dict[str, Any]) -> None:
    kind = _at(payload, "interactive.type")
    checks = {
        "button": _buttons,
        "list": _list,
        "cta_url": _link,
        "location_request_message": _body_only,
        "request_contact_info": _body_only,
        "catalog_message": _body_only,
        "product": _product,
        "product_list": _product_list,
        "flow": _flow,
        "carousel": _carousel,
    }
    check_kind = checks.get(str(kind))
    if check_kind is None:
        raise InvalidInput(f"WhatsApp has no interactive message {kind!r}.")
    _length(payload, "interactive.footer.text", FOOTER_TEXT, required=False)
    check_kind(payload)


def _body_only(payload: dict[str, Any]) -> None:
    _length(payload, "interactive.body.text", INTERACTIVE_BODY)


def _header(payload: dict[str, Any], *, media: bool) -> None:
    path = "interactive.header"
    kind = _at(payload, f"{path}.type")
    if kind is None:
        return
    if kind == "text":
        _length(payload, f"{path}.text", HEADER_TEXT)
    elif media and kind in _HEADER_MEDIA:
        _source(payload, f"{path}.{kind}")
    else:
        raise InvalidInput(f"{path}.type {kind!r} is not possible in this message.")


def _buttons(payload: dict[str, Any]) -> None:
    _header(payload, media=True)
    _body_only(payload)
    path = "interactive.action.buttons"
    indexes = range(len(_count(payload, path, 1, BUTTONS)))
    for index in indexes:
        _length(payload, f"{path}.{index}.reply.id", BUTTON_ID)
        _length(payload, f"{path}.{index}.reply.title", BUTTON_TITLE)
    for field in ("id", "title"):
        _distinct(f"{path}.reply.{field}", [_at(payload, f"{path}.{index}.reply.{field}") for index in indexes])


def _list(payload: dict[str, Any]) -> None:
    _header(payload, media=False)
    _length(payload, "interactive.body.text", LIST_BODY)
    _length(payload, "interactive.action.button", BUTTON_TITLE)
    path = "interactive.action.sections"
    sections = _count(payload, path, 1, LIST_SECTIONS)
    rows: list[str] = []
    for index in range(len(sections)):
        _length(payload, f"{path}.{index}.title", SECTION_TITLE, required=len(sections) > 1)
        here = _count(payload, f"{path}.{index}.rows", 1, LIST_ROWS)
        rows += [f"{path}.{index}.rows.{row}" for row in range(len(here))]
    if len(rows) > LIST_ROWS:
        raise InvalidInput(f"{path} hold {len(rows)} rows; WhatsApp allows {LIST_ROWS} in all.")
    for row in rows:
        _length(payload, f"{row}.id", ROW_ID)
        _length(payload, f"{row}.title", ROW_TITLE)
        _length(payload, f"{row}.description", ROW_DESCRIPTION, required=False)
    _distinct(f"{path}.rows.id", [_at(payload, f"{row}.id") for row in rows])


def _link(payload: dict[str, Any]) -> None:
    _header(payload, media=True)
    _body_only(payload)
    path = "interactive.action.parameters"
    _length(payload, f"{path}.display_text", BUTTON_TITLE)
    _web_address(payload, f"{path}.url")


def _product(payload: dict[str, Any]) -> None:
    _length(payload, "interactive.body.text", INTERACTIVE_BODY, required=False)
    _present(payload, "interactive.action.catalog_id")
    _present(payload, "interactive.action.product_retailer_id")


def _product_list(payload: dict[str, Any]) -> None:
    _length(payload, "interactive.header.text", HEADER_TEXT)
    _body_only(payload)
    _present(payload, "interactive.action.catalog_id")
    path = "interactive.action.sections"
    sections = _count(payload, path, 1, PRODUCT_SECTIONS)
    products = 0
    for index in range(len(sections)):
        _length(payload, f"{path}.{index}.title", SECTION_TITLE, required=len(sections) > 1)
        products += len(_count(payload, f"{path}.{index}.product_items", 1, PRODUCTS))
    if products > PRODUCTS:
        raise InvalidInput(f"{path} hold {products} products; WhatsApp allows {PRODUCTS} in all.")


def _flow(payload: dict[str, Any]) -> None:
    _header(payload, media=True)
    _body_only(payload)
    path = "interactive.action.parameters"
    if bool(_at(payload, f"{path}.flow_id")) == bool(_at(payload, f"{path}.flow_name")):
        raise InvalidInput(f"{path} needs either flow_id or flow_name.")
    _length(payload, f"{path}.flow_cta", BUTTON_TITLE)
    if any(_is_emoji(character) for character in _at(payload, f"{path}.flow_cta")):
        raise InvalidInput(f"{path}.flow_cta must not contain emoji.")
    if _at(payload, f"{path}.flow_action_payload") is not None:
        _present(payload, f"{path}.flow_action_payload.screen")
        if _at(payload, f"{path}.flow_action_payload.data") == {}:
            raise InvalidInput(f"{path}.flow_action_payload.data must not be empty: leave it out instead.")


def _is_emoji(character: str) -> bool:
    return ord(character) >= 0x2300 and unicodedata.category(character) == "So"


def _carousel(payload: dict[str, Any]) -> None:
    _body_only(payload)
    path = "interactive.action.cards"
    cards = _count(payload, path, CARDS_MIN, CARDS)
    for index, card in enumerate(cards):
        if isinstance(card, dict) and card.get("type") == "product":
            _present(payload, f"{path}.{index}.action.catalog_id")
            _present(payload, f"{path}.{index}.action.product_retailer_id")
        else:
            _card(payload, f"{path}.{index}")


def _card(payload: dict[str, Any], path: str) -> None:
    kind = _at(payload, f"{path}.header.type")
    if kind not in ("image", "video"):
        raise InvalidInput(f"{path}.header must be an image or a video.")
    _source(payload, f"{path}.header.{kind}")
    _length(payload, f"{path}.body.text", CARD_BODY, required=False)
    breaks = (_at(payload, f"{path}.body.text") or "").count("\n")
    if breaks > CARD_LINE_BREAKS:
        raise InvalidInput(f"{path}.body.text has {breaks} line breaks; WhatsApp allows {CARD_LINE_BREAKS}.")
    if _at(payload, f"{path}.action.parameters") is not None:
        _length(payload, f"{path}.action.parameters.display_text", BUTTON_TITLE)
        _web_address(payload, f"{path}.action.parameters.url")
        return
    for index in range(len(_count(payload, f"{path}.action.buttons", 1, BUTTONS))):
        _length(payload, f"{path}.action.buttons.{index}.quick_reply.id", CARD_BUTTON_ID)
        _length(payload, f"{path}.action.buttons.{index}.quick_reply.title", BUTTON_TITLE)


def _at(payload: Any, path: str) -> Any:
    """The value at a dotted path (``action.buttons.0.reply``), none when a step of it is missing."""
    for step in path.split("."):
        if isinstance(payload, dict):
            payload = payload.get(step)
        elif isinstance(payload, list | tuple) and step.isdigit() and int(step) < len(payload):
            payload = payload[int(step)]
        else:
            return None
    return payload


def _present(payload: dict[str, Any], path: str) -> None:
    if not _at(payload, path):
        raise InvalidInput(f"{path} is missing.")


def _length(payload: dict[str, Any], path: str, limit: int, *, required: bool = True) -> None:
    text = _at(payload, path)
    if text is None and not required:
        return
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput(f"{path} is missing or blank.")
    if len(text) > limit:
        raise InvalidInput(f"{path} has {len(text)} characters; WhatsApp allows {limit}.")


def _count(payload: dict[str, Any], path: str, low: int, high: int) -> Sequence[Any]:
    items = _at(payload, path)
    count = len(items) if isinstance(items, list | tuple) else 0
    if not low <= count <= high:
        raise InvalidInput(f"{path} has {count} items; WhatsApp takes {low} to {high}.")
    return items  # type: ignore[no-any-return]


def _distinct(path: str, values: list[str]) -> None:
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        raise InvalidInput(f"{path} {twice!r} occurs twice; WhatsApp wants them distinct.")


def _coordinate(payload: dict[str, Any], path: str, limit: int) -> None:
    value = _at(payload, path)
    if not isinstance(value, int | float) or not -limit <= value <= limit:
        raise InvalidInput(f"{path} must be a number between -{limit} and {limit}.")


def _web_address(payload: dict[str, Any], path: str) -> None:
    if not str(_at(payload, path) or "").startswith(("https://", "http://")):
        raise InvalidInput(f"{path} must be an http or https address.")
