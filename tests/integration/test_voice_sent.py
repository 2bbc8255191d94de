"""A reply is said where it can be, and written where it cannot; what has to be tapped is always written."""

from datetime import timedelta

from test_sends import Post, post

from griot.channels.model import Choice, Media, Reply
from griot.speech.models import Unavailable
from griot.worker.sends import SendLane
from house_world import phone

__all__ = ["post"]

WORDS = "Ta robe est réservée."


class Speaker:
    """Says what it is given, as long as it has a voice."""

    def __init__(self) -> None:
        self.voice = True
        self.said: list[tuple[str, str]] = []

    async def say(self, words: str, language: str, mime_type: str) -> bytes:
        assert mime_type == "audio/ogg"
        if not self.voice:
            raise Unavailable("There is no voice.")
        self.said.append((words, language))
        return b"OggS " + words.encode()


def speaking(post: Post) -> Speaker:
    speaker = Speaker()
    post.lane = SendLane(post.world.house, 8, speaker)
    return speaker


def said(*, instead: bool) -> Media:
    return Media("voice", words=WORDS, language="fr", instead=instead)


def on_the_phone(post: Post) -> list[tuple[str, str, bytes | None]]:
    """Type, text and sound of what the buyer sees."""
    shown = [m for t in post.account.threads.values() if t.person.phone == phone(1) for m in t.shown]
    return [(m.type, m.text, post.simulator.files[m.media["id"]].data if m.media else None) for m in shown]


async def settle(post: Post) -> None:
    for _ in range(3):
        await post.work()
        post.world.clock.advance(timedelta(seconds=10))


async def test_a_reply_is_said_in_place_of_its_text(post: Post) -> None:
    speaker = speaking(post)
    await post.queue(Reply(WORDS, media=said(instead=True)))
    await settle(post)
    assert on_the_phone(post) == [("audio", "", b"OggS " + WORDS.encode())]
    assert speaker.said == [(WORDS, "fr")]


async def test_what_has_to_be_tapped_is_written_below_the_voice_note(post: Post) -> None:
    speaker = speaking(post)
    await post.queue(Reply(WORDS, (Choice("pay:1", "PAYER"),), media=said(instead=False)))
    await settle(post)
    voice, text = on_the_phone(post)
    assert voice[0] == "audio"
    assert (text[0], text[1]) == ("interactive", WORDS)
    assert len(speaker.said) == 1


async def test_without_a_voice_the_reply_is_written_once(post: Post) -> None:
    speaking(post).voice = False
    await post.queue(
        Reply(WORDS, media=said(instead=True)), Reply("2", (Choice("pay:1", "PAYER"),), media=said(instead=False))
    )
    await settle(post)
    assert [text for _, text, _ in on_the_phone(post)] == [WORDS, "2"]
    assert await post.how() == ["sent", "sent"]


async def test_an_installation_that_does_not_speak_writes(post: Post) -> None:
    await post.queue(Reply(WORDS, media=said(instead=True)))
    await settle(post)
    assert [text for _, text, _ in on_the_phone(post)] == [WORDS]
