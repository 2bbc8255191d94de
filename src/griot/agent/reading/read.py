"""The deterministic reader: from what a buyer sent to acts, or to an honest "not understood"."""

from collections.abc import Sequence

from griot.agent.reading.answers import asked_forms, read_answer
from griot.agent.reading.choices import read_choice
from griot.agent.reading.intents import COURTESY, NOTHING, ORDER, SMALL, Meant, read_products, read_wishes
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark, language_of, mark, unglue
from griot.agent.reading.models import (
    Act,
    Cancel,
    ChangeMeans,
    ChooseMeans,
    Extend,
    Pay,
    Reading,
    ReadingContext,
    Unknown,
    Utterance,
)
from griot.agent.reading.numbered import name_numbers
from griot.agent.reading.numbers import weigh
from griot.agent.reading.options import Forms
from griot.agent.reading.tokens import Token, join, written

_DECORATION = {"sticker", "reaction"}  # say nothing by themselves when they come without text
_SPOKEN = {"text", "choice", "voice", "audio", "form", "edit", *_DECORATION}  # whose text is the whole message


def read(utterances: Sequence[Utterance], context: ReadingContext) -> Reading:
    """Read the messages of one burst together. Any text is accepted; nothing is raised.

    ``Take``, ``Cancel``, ``SetQuantity`` and ``LeaveWaitlist`` appear only when every word of the burst is accounted
    for; a photo or a document is not, and makes the rest of the burst uncertain.
    """
    tapped = [read_choice(utterance.choice_id, context) for utterance in utterances if utterance.choice_id]
    texts = [utterance.text or "" for utterance in utterances if not utterance.choice_id]
    unseen = [utterance for utterance in utterances if _unread(utterance)]
    ...
