"""A neutral reply as WhatsApp shows it best, in as few messages as possible: a pair may get one every six seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from griot.channels.model import Choice, Media, Reply
from griot.channels.texts import shorten, split, titled
from griot.channels.whatsapp import limits, payloads
from griot.channels.whatsapp.payloads import Payload
from griot.core.errors import InvalidInput

_MEDIA_IN_HEADER = ("image", "video", "document")
_BLANK = "…"  # a body that must not be blank


def render(reply: Reply, *, media_id: str | None = None) -> list[Payload]:
    """The bodies to send, in order; each passes ``limits.check``.

    ``media_id``: the uploaded file of ``reply.media`` when that is a path or a document; a ``url`` needs none. A file
    is always in the first body.
    Raises ``InvalidInput`` when nothing is to be sent, a file was not uploaded, or a choice's id is too long.
    """
    source = _source(reply.media, media_id) if reply.media else ""
    bodies = list(_bodies(replace(reply, text=reply.text.strip()), source))
    if not bodies:
        raise InvalidInput("A reply needs a text, a choice, a link, media or a template.")
    for body in bodies:
        limits.check(body)
    return bodies


def _bodies(reply: Reply, source: str) -> Iterator[Payload]:
    if reply.template:
        chosen = reply.template
        yield payloads.template(chosen.name, chosen.language, chosen.parameters, replies=chosen.replies)
        return
    in_header = _fits_header(reply)
    if reply.media and not in_header:
        captioned = _captioned(reply)
        yield _media(reply.media, source, captioned or "")
        if captioned is not None:
            return
    header = _header(reply.media, source) if reply.media and in_header else None
    if reply.choices:
        yield from _with_choices(reply, header)
    elif reply.link:
        yield from _with_link(reply, header)
    elif reply.text:
        yield from (payloads.text(piece) for piece in split(reply.text, limits.TEXT_BODY))


def _fits_header(reply: Reply) -> bool:
    """Whether the picture can stand above the buttons or the link of one message."""
    if not reply.media or reply.media.kind not in _MEDIA_IN_HEADER:
        return False
    if reply.choices:
        return len(reply.choices) <= limits.BUTTONS and len(_linked(reply)) <= limits.INTERACTIVE_BODY
    return _is_web(reply.link) and len(reply.text) <= limits.INTERACTIVE_BODY


def _captioned(reply: Reply) -> str | None:
    """The caption that says everything there is to say, or none: then the words follow in a message of their own."""
    if reply.choices or (reply.media and reply.media.kind not in _MEDIA_IN_HEADER):
        return None
    words = _linked(reply)
    return words if len(words) <= limits.CAPTION else None


def _media(media: Media, source: str, caption: str) -> Payload:
    if media.kind == "image":
        return payloads.image(source, caption)
    if media.kind == "video":
        return payloads.video(source, caption)
    if media.kind == "document":
        return payloads.document(source, caption, media.filename or "")
    if media.kind == "voice":
        return payloads.voice(source)
    if media.kind == "audio":
        return payloads.audio(source)
    raise InvalidInput(f"WhatsApp cannot send media of kind {media.kind!r}.")


def _header(media: Media, source: str) -> Payload:
    """The file above the buttons; a document keeps its name there too."""
    header = payloads.media_header(media.kind, source)
    if media.kind == "document" and media.filename:
        header["document"]["filename"] = media.filename
    return header


def _source(media: Media, media_id: str | None) -> str:
    source = media.url or media_id
    if not source:
        raise InvalidInput("This file has no public address: upload it first and pass its media_id.")
    return source


def _with_choices(reply: Reply, header: Payload | None) -> Iterator[Payload]:
    text = _linked(reply)
    if len(reply.choices) <= limits.BUTTONS and len(text) <= limits.INTERACTIVE_BODY:
        shown = titled(reply.choices, limits.BUTTON_TITLE)
        yield payloads.buttons(text or _BLANK, shown, header=header)
        return
    pieces = split(text, limits.LIST_BODY)
    for piece in pieces[:-1]:
        yield payloads.text(piece, preview_url=_mentions(reply, piece))
    yield from _lists(reply, pieces[-1] if pieces else "")


def _lists(reply: Reply, text: str) -> Iterator[Payload]:
    """One list; of more than ten choices as many lists as it takes, each saying which of how many it is."""
    pages = [
        reply.choices[start : start + limits.LIST_ROWS] for start in range(0, len(reply.choices), limits.LIST_ROWS)
    ]
    label = shorten(reply.choices_label, limits.BUTTON_TITLE) or _BLANK
    for number, page in enumerate(pages, start=1):
        place = f"{number}/{len(pages)}" if len(pages) > 1 else _BLANK
        body = text if number == 1 and text else place
        yield payloads.rows(body, label, {"": _as_rows(page)})


def _as_rows(choices: Sequence[Choice]) -> list[Choice]:
    """Rows whose title was cut say it in full below, where nothing else is said."""
    return [
        replace(row, description=shorten(row.description or _lost(choice.title, row.title), limits.ROW_DESCRIPTION))
        for choice, row in zip(choices, titled(choices, limits.ROW_TITLE), strict=True)
    ]


def _lost(full: str, shown: str) -> str:
    return full if " ".join(full.split()) != shown else ""


def _with_link(reply: Reply, header: Payload | None) -> Iterator[Payload]:
    title, url = reply.link or ("", "")
    if _is_web(reply.link) and len(reply.text) <= limits.INTERACTIVE_BODY:
        label = shorten(title, limits.BUTTON_TITLE) or _BLANK
        yield payloads.link(reply.text or shorten(title, limits.INTERACTIVE_BODY) or url, label, url, header=header)
        return
    for piece in split(_linked(reply), limits.TEXT_BODY):
        yield payloads.text(piece, preview_url=_mentions(reply, piece))


def _linked(reply: Reply) -> str:
    """The text with the link written out below it."""
    if not reply.link:
        return reply.text
    title, url = reply.link
    line = f"{title}: {url}" if title else url
    return f"{reply.text}\n\n{line}" if reply.text else line


def _mentions(reply: Reply, text: str) -> bool:
    return bool(reply.link and reply.link[1] in text)


def _is_web(link: tuple[str, str] | None) -> bool:
    return link is not None and link[1].startswith(("https://", "http://"))
