"""What goes into the reader and what comes out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from griot.agent.acts import Act
from griot.agent.reading.codes import CodeIndex


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of a burst. ``kind`` is the channel's (text, choice, image, …); a choice carries its id."""

    kind: str
    text: str | None = None
    choice_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the agent knows when the message comes in.

    ``codes``: the shop's catalogue, built once with ``CodeIndex.build``. ``asked``: the agent's last question as JSON,
    ``{"kind": means|variant|quantity|waitlist|again|pay, …}``, or None. ``open_orders``: ids, newest first.
    ``language``: the one the conversation is held in, which decides when the words belong to several.
    """

    codes: CodeIndex = field(default_factory=lambda: CodeIndex.build({}))
    asked: Mapping[str, Any] | None = None
    open_orders: Sequence[int] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of a burst.

    ``certain``: every word is accounted for and the acts may be carried out as they are; otherwise the acts are a
    hint and the model should look. ``Take``, ``Cancel``, ``SetQuantity`` and ``LeaveWaitlist`` only come certain.
    ``language``: fr, mg, en, or None when nothing tells. ``rest``: what was not understood, as written.
    """

    acts: tuple[Act, ...]
    language: str | None
    certain: bool
    rest: str = ""
