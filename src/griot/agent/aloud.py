"""Replies by voice: when the buyer spoke and the shop answers in kind, or the buyer prefers it."""

from collections.abc import Sequence
from dataclasses import replace

from griot.agent.models import Scene
from griot.channels.model import Media, Reply
from griot.tools.conversations.models import SPOKEN

LONGEST = 600  # characters that anybody listens to: a longer reply is written


def speaks(scene: Scene) -> bool:
    """Is this turn answered by voice?"""
    if scene.customer.prefers_voice is not None:
        return scene.customer.prefers_voice
    spoken = any(message.kind in SPOKEN for message in scene.thread.messages)
    return spoken and scene.shop.settings.voice_replies


def aloud(replies: Sequence[Reply], scene: Scene, language: str) -> tuple[Reply, ...]:
    """The same replies, said. What has to be tapped or opened stays in writing, below the voice note.

    A language that no voice speaks is written in the end: who sends the reply knows.
    """
    if not speaks(scene):
        return tuple(replies)
    return tuple(_said(reply, language) for reply in replies)


def _said(reply: Reply, language: str) -> Reply:
    if reply.media or reply.template or not reply.text or len(reply.text) > LONGEST:
        return reply
    to_tap = bool(reply.choices or reply.link)
    return replace(reply, media=Media("voice", words=reply.text, language=language, instead=not to_tap))
