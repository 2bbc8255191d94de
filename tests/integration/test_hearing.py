"""Voice notes: fetched, kept, heard once whatever dies, and answered in their turn; doubt is read back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from griot.channels.errors import ChannelError, ErrorClass
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.speech.models import Heard, Inaudible, Trouble, Unavailable, Vocabulary
from griot.tools.conversations.service import PATIENCE
from griot.tools.hearing import service as hearing
from griot.tools.hearing.models import Note
from griot.worker.hearing import LEASE, HearLane
from griot.worker.turns import TurnLane
from house_world import VENDOR_PHONE, Number, World, article, message, open_world, phone

SOUND = b"OggS: what the channel has"


class Ear:
    """Hears what it is told to; the sound itself is the business of the tests of speech."""

    def __init__(self) -> None:
        self.hears: Heard | Exception = Heard("ROBE1", "fr", seconds=2.0)
        self.listened: list[tuple[bytes, tuple[str, ...], Vocabulary]] = []

    async def hear(self, content: bytes, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        self.listened.append((content, languages, vocabulary))
        if isinstance(self.hears, Exception):
            raise self.hears
        return self.hears


class Stand:
    """A shop with one article, whose buyers speak."""

    def __init__(self, world: World, number: Number) -> None:
        self.world = world
        self.number = number
        self.ear = Ear()
        self.fetches: list[bytes | Exception] = []
        self.turns = TurnLane(world.house)
        self.hearings = HearLane(world.house, self.ear, fetch=self._fetch)

    async def _fetch(self, note: Note) -> bytes:
        found = self.fetches.pop(0) if self.fetches else SOUND
        if isinstance(found, Exception):
            raise found
        return found

    async def say(self, n: int = 1) -> None:
        note = message(None, self.world.clock.now(), n, kind="voice", media_id="1", mime_type="audio/ogg")
        await self.world.receive(self.number, note)

    async def write(self, text: str, n: int = 1) -> None:
        await self.world.receive(self.number, message(text, self.world.clock.now(), n))

    async def hear(self) -> None:
        while await self.hearings.work(self.number.shop.id) == 0.0:
            pass

    async def answer(self) -> list[str]:
        """Let everything that is ready be heard and answered; what the first buyer was told so far."""
        self.world.clock.advance(timedelta(seconds=1))
        await self.hear()
        while await self.turns.work(self.number.shop.id) is not None or self.turns._thinking:
            await self.turns.drain(20)
        return [reply.text for reply in await self.world.told(self.number, phone(1))]

    async def note(self) -> dict[str, Any]:
        (row,) = await self.rows("SELECT * FROM hearings WHERE shop_id = %(shop)s")
        return row

    async def rows(self, query: str) -> list[dict[str, Any]]:
        return await self.world.rows(self.number.shop.id, query)

    async def held(self) -> int:
        (row,) = await self.rows("SELECT coalesce(sum(quantity), 0)::int AS n FROM holds WHERE shop_id = %(shop)s")
        return int(row["n"])


@pytest.fixture
async def stand(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stand]:
    async with open_world(database_url, db, clock) as world:
        yield Stand(world, await world.number(article("ROBE1", 100)))


async def test_what_is_heard_is_held_as_if_it_had_been_written(stand: Stand) -> None:
    await stand.say()
    (told,) = await stand.answer()
    assert "Article ROBE1" in told
    assert await stand.held() == 1
    note = await stand.note()
    assert (note["status"], note["content"], note["seconds"]) == ("heard", SOUND, 2.0)
    (said,) = await stand.rows("SELECT text, kind FROM messages WHERE shop_id = %(shop)s")
    assert said == {"text": "ROBE1", "kind": "voice"}


async def test_the_ear_knows_the_languages_and_the_goods_of_the_shop(stand: Stand) -> None:
    await stand.say()
    await stand.answer()
    assert stand.ear.listened == [(SOUND, ("fr", "en"), Vocabulary(("Article ROBE1",), ("ROBE1",)))]


async def test_the_turn_waits_for_the_words_and_keeps_their_order(stand: Stand) -> None:
    await stand.say()
    await stand.write("x2")
    stand.world.clock.advance(timedelta(seconds=5))
    assert await stand.turns.work(stand.number.shop.id) is None
    assert await stand.world.unanswered(stand.number) == 2
    await stand.answer()
    assert await stand.held() == 2


async def test_other_threads_do_not_wait(stand: Stand) -> None:
    await stand.say(n=2)
    await stand.write("ROBE1")
    stand.world.clock.advance(timedelta(seconds=1))
    while await stand.turns.work(stand.number.shop.id) is not None:
        pass
    assert await stand.held() == 1
    assert await stand.world.unanswered(stand.number) == 1


async def test_a_turn_does_not_wait_forever(stand: Stand) -> None:
    await stand.say()
    stand.world.clock.advance(PATIENCE + timedelta(seconds=1))
    while await stand.turns.work(stand.number.shop.id) is not None:
        pass
    (told,) = await stand.world.told(stand.number, phone(1))
    assert "transmis" in told.text
    await stand.hear()  # the vendor gets the words all the same
    assert await stand.world.unanswered(stand.number) == 0


async def test_two_listeners_never_take_the_same_note(stand: Stand) -> None:
    await stand.say()
    async with stand.world.db.transaction(stand.number.shop.id) as tx:
        first = await hearing.take_next(tx, stand.world.clock.now(), LEASE)
    async with stand.world.db.transaction(stand.number.shop.id) as tx:
        second = await hearing.take_next(tx, stand.world.clock.now(), LEASE)
    assert first is not None
    assert second is None


async def test_a_note_whose_listener_died_is_heard_by_another(stand: Stand) -> None:
    await stand.say()
    async with stand.world.db.transaction(stand.number.shop.id) as tx:
        assert await hearing.take_next(tx, stand.world.clock.now(), timedelta(seconds=30))
    stand.world.clock.advance(timedelta(seconds=31))
    await stand.answer()
    assert await stand.held() == 1


async def test_a_note_over_which_everybody_dies_is_put_before_the_vendor(stand: Stand) -> None:
    await stand.say()
    for _ in range(hearing.MOST_TRIES):
        async with stand.world.db.transaction(stand.number.shop.id) as tx:
            assert await hearing.take_next(tx, stand.world.clock.now(), timedelta(seconds=1))
        stand.world.clock.advance(timedelta(seconds=2))
    await stand.answer()
    assert (await stand.note())["trouble"] == "broken"
    assert stand.ear.listened == []


async def test_a_channel_that_does_not_answer_is_asked_again(stand: Stand) -> None:
    stand.fetches = [ChannelError("No answer.", ErrorClass.RETRY)]
    await stand.say()
    assert await stand.answer() == []
    stand.world.clock.advance(timedelta(seconds=10))
    await stand.answer()
    assert await stand.held() == 1


async def test_a_note_that_is_gone_goes_to_the_vendor(stand: Stand) -> None:
    stand.fetches = [ChannelError("The media is gone.", ErrorClass.FINAL)]
    await stand.say()
    (told,) = await stand.answer()
    assert "transmis" in told
    assert (await stand.note())["trouble"] == "gone"


async def test_where_speech_is_not_installed_a_human_listens(stand: Stand) -> None:
    stand.ear.hears = Unavailable("Not installed.")
    await stand.say()
    (told,) = await stand.answer()
    assert "transmis" in told
    (vendor,) = await stand.world.told(stand.number, VENDOR_PHONE)
    assert "une note vocale" in vendor.text


@pytest.mark.parametrize("trouble", ["broken", "too_large", "too_long", "silent", "unclear", "language"])
async def test_who_was_not_understood_may_write_or_be_called_back(stand: Stand, trouble: Trouble) -> None:
    stand.ear.hears = Inaudible(trouble, "Nothing heard.")
    await stand.say()
    await stand.answer()
    (told,) = await stand.world.told(stand.number, phone(1))
    assert "écri" in told.text.lower()
    assert "rappel" in told.text
    assert [choice.id for choice in told.choices] == ["human"]
    (vendor,) = await stand.world.told(stand.number, VENDOR_PHONE)
    assert "une note vocale" in vendor.text
    await stand.write("ROBE1")
    await stand.answer()
    assert await stand.held() == 1


async def test_what_was_heard_with_doubt_is_read_back_and_held_after_a_yes(stand: Stand) -> None:
    stand.ear.hears = Heard("ROBE1 x2", "fr", doubtful=("2",))
    await stand.say()
    (told,) = await stand.answer()
    assert "2 × *Article ROBE1*" in told
    assert await stand.held() == 0
    await stand.write("oui")
    await stand.answer()
    assert await stand.held() == 2


@pytest.mark.parametrize("answer", ["non, 3", "3", "non 3"])
async def test_another_number_corrects_what_was_heard(stand: Stand, answer: str) -> None:
    stand.ear.hears = Heard("ROBE1 x2", "fr", doubtful=("2",))
    await stand.say()
    await stand.answer()
    await stand.write(answer)
    await stand.answer()
    assert await stand.held() == 3


async def test_a_no_holds_nothing_and_asks_again(stand: Stand) -> None:
    stand.ear.hears = Heard("ROBE1 x2", "fr", doubtful=("2",))
    await stand.say()
    await stand.answer()
    await stand.write("non")
    assert "mal entendu" in (await stand.answer())[-1]
    assert await stand.held() == 0


async def test_doubt_about_a_question_needs_no_reading_back(stand: Stand) -> None:
    stand.ear.hears = Heard("ROBE1 c'est combien ?", "fr", doubtful=("ROBE1",))
    await stand.say()
    (told,) = await stand.answer()
    assert "entendu" not in told


async def test_a_buyer_who_speaks_is_answered_by_voice(stand: Stand) -> None:
    await stand.say()
    await stand.answer()
    (told,) = await stand.world.told(stand.number, phone(1))
    assert told.media is not None
    assert (told.media.kind, told.media.words, told.media.language) == ("voice", told.text, "fr")
    assert not told.media.instead  # there are buttons to tap
    await stand.write("merci")
    await stand.answer()
    assert (await stand.world.told(stand.number, phone(1)))[-1].media is None


async def test_a_shop_may_answer_in_writing_only(stand: Stand) -> None:
    await stand.rows(
        "UPDATE shops SET settings = settings || '{\"voice_replies\": false}' WHERE shop_id = %(shop)s RETURNING 1"
    )
    await stand.say()
    await stand.answer()
    assert (await stand.world.told(stand.number, phone(1)))[-1].media is None


async def test_a_buyer_may_prefer_to_listen(stand: Stand) -> None:
    await stand.write("bonjour")
    await stand.answer()
    await stand.rows("UPDATE customers SET prefers_voice = true WHERE shop_id = %(shop)s RETURNING 1")
    await stand.write("bonjour")
    await stand.answer()
    told = (await stand.world.told(stand.number, phone(1)))[-1]
    assert told.media is not None
    assert told.media.instead
