"""What was said in a direct message of Instagram or Messenger: their messages have one shape."""

from typing import Any, NamedTuple

from griot.channels.tolerant import as_id, as_list, as_number, as_object, as_text, as_true, present


class Content(NamedTuple):
    """See ``InboundMessage`` for the kinds and what their payloads hold."""

    kind: str
    text: str | None
    payload: dict[str, Any]


_FILES = {"image": "image", "video": "video", "audio": "audio", "file": "document"}
_SHARES = frozenset(
    {"share", "post", "ig_post", "reel", "ig_reel", "story", "ig_story", "media", "fallback", "template"}
)
_HEART = "like_heart"
_NOTHING: tuple[str, None, dict[str, Any]] = ("unsupported", None, {"type": "missing"})


def read(message: dict[str, Any]) -> Content:
    """The content of any ``message`` object; what nobody knows, or an empty shell, is ``unsupported``."""
    text = as_text(message.get("text"))
    attachments = [item for item in as_list(message.get("attachments")) if isinstance(item, dict)]
    if as_true(message.get("is_unsupported")):
        return Content("unsupported", text, {"type": "is_unsupported", **_list_of(attachments)})
    answer = as_object(message.get("quick_reply"))
    chosen = as_text(answer.get("payload"))
    if chosen:
        return Content("choice", text, {"id": chosen, "title": text})
    if not attachments and text:
        return Content("text", text, {})
    if not attachments:
        sticker = as_id(message.get("sticker_id"))
        return Content("sticker", None, {"sticker": sticker}) if sticker else Content(*_NOTHING)
    contents = [_attachment(item) for item in attachments]
    kind, payload = next((found for found in contents if found[0] != "unsupported"), contents[0])
    payload = {**payload, **(_list_of(attachments) if len(attachments) > 1 else {})}
    if text and kind in ("share", "unsupported"):  # words with a preview below them
        return Content("text", text, {"share": payload})
    return Content(kind, text, payload)


def circumstances(message: dict[str, Any]) -> dict[str, Any]:
    """What surrounds the words: ``reply_to`` a message, a ``story`` that is answered, an ad or link (``referral``)."""
    answered = as_object(message.get("reply_to"))
    story = as_object(answered.get("story"))
    return present(
        reply_to=as_id(answered.get("mid")),
        story=present(id=as_id(story.get("id")), url=as_id(story.get("url"))) or None,
        referral=as_object(message.get("referral")) or None,
    )


def choice(postback: dict[str, Any]) -> Content:
    """A tapped button of a template, a menu or an ice breaker."""
    chosen, title = as_text(postback.get("payload")), as_text(postback.get("title"))
    if not chosen and not title:
        return Content("unsupported", None, {"type": "postback"})
    return Content("choice", title, {"id": chosen or title, "title": title})


def _attachment(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Kind and payload of one attachment."""
    kind = as_id(item.get("type")) or "missing"
    payload = as_object(item.get("payload"))
    url = as_id(payload.get("url")) or as_id(item.get("url")) or as_id(as_object(item.get("sticker")).get("url"))
    sticker = as_id(payload.get("sticker_id"))
    if kind in (_HEART, "sticker") or sticker:
        return "sticker", present(url=url, sticker=sticker or (_HEART if kind == _HEART else None))
    if kind in _FILES and url:
        return _FILES[kind], present(url=url, filename=as_text(payload.get("title")))
    if kind == "story_mention":
        return "mention", present(url=url)
    if kind == "location":
        return _location(item, payload)
    if kind in _SHARES:
        title = as_text(payload.get("title")) or as_text(item.get("title"))
        reference = as_id(payload.get("ig_post_media_id")) or as_id(payload.get("reel_video_id"))
        return "share", present(type=kind, url=url, title=title, media_id=reference or as_id(payload.get("id")))
    return "unsupported", present(type=kind, url=url)


def _location(item: dict[str, Any], payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    place = as_object(payload.get("coordinates"))
    where = present(latitude=as_number(place.get("lat")), longitude=as_number(place.get("long")))
    named = present(name=as_text(item.get("title")), url=as_id(item.get("url")))
    return ("location", {**where, **named}) if where else ("unsupported", {"type": "location", **named})


def _list_of(attachments: list[dict[str, Any]]) -> dict[str, Any]:
    """All attachments of a message that has several, each with its kind."""
    listed = [{"kind": kind, **payload} for kind, payload in map(_attachment, attachments)]
    return {"attachments": listed} if listed else {}
