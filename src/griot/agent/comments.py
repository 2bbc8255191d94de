"""Comments under a post or a live: orders and questions are answered once, in private; the rest is talk."""

from collections.abc import Sequence
from dataclasses import replace

from griot.agent import acts
from griot.agent.models import Scene
from griot.channels.model import Choice, Reply
from griot.tools.conversations.models import Message

_TALK = (acts.Greet, acts.Thanks, acts.SmallTalk, acts.Yes, acts.No, acts.Unknown)
_NOT_OURS = ("off_topic", "abuse")
_ONLY_TO_A_QUESTION = (acts.Say, acts.Clarify)


def is_public(message: Message) -> bool:
    """Was this said, changed or taken back in public?"""
    return "comment_id" in message.payload


def in_public(scene: Scene) -> bool:
    """Is this a turn about comments only? Then the last question of the conversation is not what they answer."""
    return all(is_public(message) for message in scene.thread.messages)


def says_nothing(scene: Scene, understood: Sequence[acts.Act] | None) -> bool:
    """Whether comments are no order and no question to the shop; false while that has to be thought about."""
    if understood is None:
        return False
    asks = any("?" in (message.text or "") for message in scene.thread.messages)
    return not any(_is_for_us(act, asks) for act in understood)


def _is_for_us(act: acts.Act, asks: bool) -> bool:
    if isinstance(act, _TALK) or (isinstance(act, acts.Refuse) and act.what in _NOT_OURS):
        return False
    if isinstance(act, _ONLY_TO_A_QUESTION) or (isinstance(act, acts.Escalate) and act.reason == "unknown"):
        return asks
    return True


def in_one(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """All replies as one: a comment gets a single private message. A template of a later one is left out."""
    if len(replies) < 2:
        return tuple(replies)
    first = replies[0]
    choices = {choice.id: choice for reply in replies for choice in reply.choices}
    joined = replace(
        first,
        text="\n\n".join(reply.text for reply in replies if reply.text),
        choices=tuple[Choice, ...](choices.values()),
        link=next((reply.link for reply in replies if reply.link), None),
        media=next((reply.media for reply in replies if reply.media), None),
    )
    return (joined,)
