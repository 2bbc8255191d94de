"""A neutral reply as Instagram and Messenger show it best.

A private reply to a comment can be one text and nothing else; there, and wherever a choice does not fit its button, the
choices are written out with numbers, and the number is an answer (``numbered``).
"""

from collections.abc import Iterator
from typing import Any

from griot.channels.meta.limits import BUTTONS_TEXT, CARD, PAYLOAD, QUICK_REPLIES, TITLE, Limits
from griot.channels.model import Choice, Media, Reply
from griot.channels.texts import shorten, split, titled
from griot.core.errors import InvalidInput

Message = dict[str, Any]

COMMENT = "comment:"  # a recipient who is answered privately
_ATTACHMENTS = {"image": "image", "video": "video", "audio": "audio", "voice": "audio", "document": "file"}
_BLANK = "…"  # a text that must not be blank


def render(reply: Reply, limits: Limits, recipient: str, attachment_id: str | None = None) -> list[Message]:
    """The messages to send, in order; each passes ``limits.check``. A file is always in the first.

    Raises ``InvalidInput`` when nothing is to be sent, a file was not uploaded, or a choice's id is too long.
    """
    if reply.template:
        raise InvalidInput(f"{limits.name} has no templates: nothing can be sent outside its 24-hour window.")
    if any(len(choice.id) > PAYLOAD for choice in reply.choices):
        raise InvalidInput(f"A choice's id has more than the {PAYLOAD} characters that {limits.name} sends back.")
    private = recipient.startswith(COMMENT)
    messages = [_private(reply, limits)] if private else list(_messages(reply, limits, attachment_id))
    if not messages:
        raise InvalidInput("A reply needs a text, a choice, a link or media.")
    for message in messages:
        limits.check(message)
    return messages


def numbered(reply: Reply, recipient: str) -> tuple[Choice, ...]:
    """The choices that this reply shows with numbers: 1 is the first."""
    by_number = recipient.startswith(COMMENT) or len(reply.choices) > QUICK_REPLIES or _loses(reply.choices)
    return reply.choices if by_number else ()


def _private(reply: Reply, limits: Limits) -> Message:
    """One text; when it is too long, its words are cut, never the choices and the link."""
    tail = "\n\n".join(part for part in (_lines(reply.choices), _link(reply)) if part)
    room = limits.text - len(f"\n\n{tail}".encode())
    words = reply.text.strip()
    if limits.reach(words, max(room, 0)) < len(words):
        pieces = split(words, max(room - len(_BLANK.encode()), 1), limits.reach)
        words = f"{pieces[0]}{_BLANK}"
    return {"text": "\n\n".join(part for part in (words, tail) if part) or _BLANK}


def _messages(reply: Reply, limits: Limits, attachment_id: str | None) -> Iterator[Message]:
    if reply.media:
        yield _attachment(reply.media, limits, attachment_id)
    if buttons := _buttons(reply, limits):
        words = reply.text.strip() or _BLANK
        yield {
            "attachment": {
                "type": "template",
                "payload": {"template_type": "button", "text": words, "buttons": buttons},
            }
        }
        return
    if cards := _cards(reply, limits):
        yield from ({"text": piece} for piece in split(reply.text.strip(), limits.text, limits.reach))
        yield {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": cards}}}
        return
    by_number = numbered(reply, "")
    parts = (reply.text.strip(), _lines(by_number), _link(reply))
    pieces = split("\n\n".join(part for part in parts if part), limits.text, limits.reach)
    if reply.choices and not pieces:
        pieces = [_BLANK]
    yield from ({"text": piece} for piece in pieces[:-1])
    if pieces:
        yield {"text": pieces[-1], **_quick_replies(reply)}


def _buttons(reply: Reply, limits: Limits) -> list[dict[str, str]]:
    """The buttons of one template, when everything that can be tapped fits in it."""
    link = [reply.link] if reply.link else []
    if not 0 < len(link) + len(reply.choices) <= limits.buttons or len(reply.text.strip()) > BUTTONS_TEXT:
        return []
    if _loses(reply.choices) or not all(url.startswith(("https://", "http://")) for _, url in link):
        return []
    opening = [{"type": "web_url", "title": shorten(title, TITLE) or _BLANK, "url": url} for title, url in link]
    tapped = titled(reply.choices, TITLE)
    return opening + [{"type": "postback", "title": choice.title, "payload": choice.id} for choice in tapped]


def _cards(reply: Reply, limits: Limits) -> list[dict[str, Any]]:
    """A numbered card for each choice, when more is to be said of them than fits on a button, and it fits on cards."""
    if not 1 < len(reply.choices) <= limits.cards or reply.link or not any(c.description for c in reply.choices):
        return []
    tapped = titled(reply.choices, TITLE)
    cards = [
        {
            "title": f"{n}. {' '.join(choice.title.split()) or choice.id}",
            **({"subtitle": choice.description} if choice.description else {}),
            "buttons": [{"type": "postback", "title": button.title, "payload": choice.id}],
        }
        for n, (choice, button) in enumerate(zip(reply.choices, tapped, strict=True), start=1)
    ]
    fit = all(len(card["title"]) <= CARD and len(card.get("subtitle", "")) <= CARD for card in cards)
    return cards if fit else []


def _quick_replies(reply: Reply) -> Message:
    if not 0 < len(reply.choices) <= QUICK_REPLIES:
        return {}
    tapped = titled(reply.choices, TITLE)
    return {"quick_replies": [{"content_type": "text", "title": c.title, "payload": c.id} for c in tapped]}


def _loses(choices: tuple[Choice, ...]) -> bool:
    """Whether a button says less than its choice."""
    return any(choice.description or len(" ".join(choice.title.split())) > TITLE for choice in choices)


def _lines(choices: tuple[Choice, ...]) -> str:
    return "\n".join(
        f"{n}. {choice.title.strip() or choice.id}{f' – {choice.description}' if choice.description else ''}"
        for n, choice in enumerate(choices, start=1)
    )


def _link(reply: Reply) -> str:
    if not reply.link:
        return ""
    title, url = reply.link
    return f"{title}: {url}" if title else url


def _attachment(media: Media, limits: Limits, attachment_id: str | None) -> Message:
    kind = _ATTACHMENTS.get(media.kind)
    if kind is None:
        raise InvalidInput(f"{limits.name} cannot send media of kind {media.kind!r}.")
    if media.url:
        return {"attachment": {"type": kind, "payload": {"url": media.url}}}
    if not attachment_id:
        raise InvalidInput("This file has no public address: upload it first and pass its attachment_id.")
    return {"attachment": {"type": kind, "payload": {"attachment_id": attachment_id}}}
