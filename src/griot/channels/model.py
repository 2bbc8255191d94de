"""What every channel is translated to and from. Nothing here knows a wire format."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote. ``user_id`` is the channel's own id of the person; ``phone`` digits in E.164 without '+'.

    At least one of the two is there; since 2026 a WhatsApp user with a username may hide the phone.
    """

    user_id: str | None = None
    phone: str | None = None
    name: str | None = None
    former: tuple[str, ...] = ()  # keys the same person had before, when the channel announces a change

    @property
    def keys(self) -> tuple[str, ...]:
        """The names under which the person is found again, the most lasting first."""
        own = [f"user:{self.user_id}"] if self.user_id else []
        own += [f"phone:{self.phone}"] if self.phone else []
        return (*own, *self.former)

    @property
    def recipient(self) -> str:
        """Where replies go: the phone when known, because every kind of message may be sent to one."""
        return f"phone:{self.phone}" if self.phone else f"user:{self.user_id}"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of a buyer.

    ``kind``: text, choice (a tapped button or list row), form, image, video, audio, voice, document, sticker,
    location, contacts, order, reaction, edit, revoke, system, unsupported, share (a post, reel or story that the buyer
    passes on), mention (of the shop in the buyer's own story), comment (in public, under a post or a live), echo (the
    vendor's own answer by phone).
    ``text``: what was typed, the caption, or the title of the choice. ``payload``: the rest, by kind; a choice has
    ``{"id": …}``, media ``{"media_id", "mime_type", "sha256", …}`` or ``{"url"}``, a comment ``{"comment_id",
    "media_id" or "post_id", "live", …}``; ``standby``: somebody else answers this conversation.
    """

    id: str
    account: str
    sender: Sender
    kind: str
    text: str | None
    sent_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of a message of ours. ``outbox_id`` comes back from the opaque data we sent along.

    ``up_to``: ``id`` is a recipient, and the status is that of all messages sent to them until ``at``.
    """

    id: str
    account: str
    status: str
    at: datetime
    outbox_id: int | None = None
    up_to: bool = False
    error: dict[str, Any] | None = None
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that needs nothing done, or that nobody understood; kept all the same."""

    account: str | None
    what: str
    why: str
    raw: Any = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A webhook body, read."""

    messages: tuple[InboundMessage, ...] = ()
    statuses: tuple[DeliveryStatus, ...] = ()
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the buyer may tap. ``id`` comes back in the payload of a ``choice`` message."""

    id: str
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A file to send: ``kind`` image, document, audio, voice or video.

    It is a public ``url``, the ``path`` of a file here, a ``document``: the id of one that the shop has made, the
    ``picture`` of the product with this id, or ``words`` that are said in a ``language`` (a voice note; ``instead``: in
    place of the text). A picture or a voice note that cannot be made or sent is left out; the text goes without it.
    """

    kind: str
    url: str | None = None
    path: str | None = None
    filename: str | None = None
    document: int | None = None
    picture: int | None = None
    words: str | None = None
    language: str | None = None
    instead: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a stored document or picture, for the channel to carry.

    ``key``: the same for the same bytes, where they are likely to be sent again.
    """

    content: bytes
    mime_type: str
    filename: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A message approved beforehand, for use outside the 24-hour window.

    ``replies``: what its buttons send back, in their order; their titles were approved with it.
    """

    name: str
    language: str
    parameters: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A neutral answer; each channel shows the best it can (up to 3 choices: buttons, up to 10: a list)."""

    text: str
    choices: tuple[Choice, ...] = ()
    choices_label: str = ""  # the button that opens a list
    link: tuple[str, str] | None = None  # (button title, address)
    media: Media | None = None
    template: Template | None = None
    part: int = 0  # which body of a reply that needs several

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Reply":
        link = data.get("link")
        template = data.get("template")
        return cls(
            text=data.get("text", ""),
            choices=tuple(Choice(**choice) for choice in data.get("choices", ())),
            choices_label=data.get("choices_label", ""),
            link=(link[0], link[1]) if link else None,
            media=Media(**data["media"]) if data.get("media") else None,
            template=_template(template) if template else None,
            part=data.get("part", 0),
        )


def _template(data: dict[str, Any]) -> Template:
    lists = {name: tuple(data.get(name, ())) for name in ("parameters", "replies")}
    return Template(data["name"], data["language"], **lists)
