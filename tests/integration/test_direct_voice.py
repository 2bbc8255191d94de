"""Voice notes to buyers on Instagram and Messenger: sound in a container that they play, within their rules."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from direct_world import Stall, both, open_stall

from griot.channels.model import Choice, Media, Reply
from griot.channels.simulator.phones import Phone
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.speech.encoding import encode
from griot.speech.models import Heard, Sound, Unavailable, Vocabulary
from griot.worker.hearing import HearLane
from griot.worker.sends import SendLane

WORDS = "Ta robe est réservée."
SAID = Media("voice", words=WORDS, language="fr", instead=True)
SAID_TOO = Media("voice", words=WORDS, language="fr")


class Hum:
    """A voice that hums: the encoder is the real one."""

    def __init__(self, as_if: str | None = None) -> None:
        self._as_if = as_if

    async def say(self, words: str, language: str, mime_type: str) -> bytes:
        at = np.arange(24_000) / 24_000
        hum = Sound((0.3 * np.sin(2 * np.pi * 180 * at)).astype(np.float32), 24_000)
        try:
            return encode(hum, self._as_if or mime_type)
        except Unavailable:
            pytest.skip("the extra voice is not installed")


@pytest.fixture
async def stall(channel: str, database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(channel, database_url, db, clock) as opened:
        opened.sends = SendLane(opened.world.house, 7, Hum())
        yield opened


async def greeted(stall: Stall) -> Phone:
    awa = await stall.buyer()
    await awa.say("bonjour")
    await stall.go()
    return awa


@both
async def test_a_reply_is_said_in_place_of_its_text(stall: Stall) -> None:
    awa = await greeted(stall)
    await stall.queue(Reply(WORDS, media=SAID))
    await stall.go()
    heard = (await awa.inbox())[-1]
    assert (heard.type, heard.text) == ("audio", "")
    assert heard.media
    file = stall.simulator.files[heard.media["id"]]
    assert (file.kind, file.mime_type, file.data[4:8]) == ("audio", "audio/mp4", b"ftyp")


@both
async def test_what_has_to_be_tapped_is_written_below(stall: Stall) -> None:
    awa = await greeted(stall)
    await stall.queue(Reply(WORDS, (Choice("pay:1", "PAYER"),), media=SAID_TOO))
    await stall.go()
    await stall.go()
    sound, written = (await awa.inbox())[-2:]
    assert sound.type == "audio"
    assert (written.text, [choice.id for choice in written.choices]) == (WORDS, ["pay:1"])


@both
async def test_sound_that_the_far_end_refuses_is_written(stall: Stall) -> None:
    stall.sends = SendLane(stall.world.house, 8, Hum(as_if="audio/ogg"))
    awa = await greeted(stall)
    await stall.queue(Reply(WORDS, media=SAID))
    await stall.go()
    assert [(m.type, m.text) for m in await awa.inbox()][-1] == ("text", WORDS)
    assert [row["status"] for row in await stall.outbox()][-1] == "sent"


@both
async def test_a_comment_is_answered_in_writing(stall: Stall) -> None:
    awa = await stall.buyer()
    await awa.comment("trop beau", on=await stall.vendor(publish="feed"))
    await stall.go()
    await stall.queue(Reply(WORDS, media=SAID))
    await stall.go()
    assert [shown.text for shown in await awa.inbox()] == [WORDS]


class Ear:
    """Who would hear, if there were anything to hear."""

    async def hear(self, content: bytes, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        raise AssertionError("There is no sound.")


@both
async def test_a_voice_note_whose_address_has_ended_is_gone_and_no_trouble_of_the_account(
    stall: Stall, tmp_path: Path
) -> None:
    stall.account.behaviour.change(attachment_life=0.0)
    awa = await stall.buyer()
    recording = tmp_path / "note.m4a"
    recording.write_bytes(b"0000ftypM4A ")
    await awa.send_voice(recording)
    await stall.simulator.drained()
    stall.world.clock.advance(timedelta(seconds=1))
    hearing = HearLane(stall.world.house, Ear())
    while await hearing.work(stall.shop.id) is not None:
        pass
    await stall.go()
    assert len(await awa.inbox()) == 1  # kind words
    (told,) = await stall.rows("SELECT reason FROM escalations WHERE shop_id = %(shop)s")
    assert told["reason"] == "media"
    (account,) = await stall.rows("SELECT pause_reason FROM channel_accounts WHERE shop_id = %(shop)s")
    assert account["pause_reason"] is None
