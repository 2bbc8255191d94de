"""The hearing lane: voice notes are fetched, kept and heard, beside the turns, which wait for the words."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Protocol

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.port import Line
from griot.channels.registry import channel
from griot.core import logs, metrics
from griot.core.errors import ConfigurationError, InvalidInput
from griot.core.house import House
from griot.core.tenancy import Shop, load_shop
from griot.knowledge.catalogue import service as catalogue
from griot.speech.isolated import Busy
from griot.speech.models import Heard, Inaudible, Unavailable, Vocabulary
from griot.tools.hearing import service as hearing
from griot.tools.hearing.models import Note
from griot.worker.doors import shops_behind

log = logs.get(__name__)

AT_ONCE = 2  # notes of all shops: one is fetched while the other is heard
LEASE = timedelta(minutes=3)  # until somebody else may take up a note that nobody finished
REST = timedelta(seconds=2)  # before a channel that did not answer is asked again
LANGUAGES = ("fr", "en")  # those that are always expected


class Listener(Protocol):
    """Who hears. Bytes of any phone recording in, words out."""

    async def hear(self, content: bytes, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        """Raises ``Inaudible`` when there is nothing to answer in it, ``Unavailable`` when speech is not installed."""
        ...


Fetch = Callable[[Note], Awaitable[bytes]]


class HearLane:
    """Listens to the notes of a shop one after the other.

    ``speed``: of the house's clock. ``fetch``: where the sound of a note comes from, if not from its channel.
    """

    def __init__(self, house: House, listener: Listener, speed: float = 1.0, fetch: Fetch | None = None) -> None:
        self._house = house
        self._fetch = fetch or self._from_channel
        self._listener = listener
        self._speed = speed
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._vocabularies: dict[int, tuple[int, Vocabulary]] = {}

    async def work(self, shop_id: int) -> float | None:
        """Hear one note; returns seconds until there is another, or none when a knock will tell."""
        async with self._slots:
            async with self._house.db.transaction(shop_id) as tx:
                note = await hearing.take_next(tx, self._house.clock.now(), LEASE * self._speed)
                if note is None:
                    return await hearing.wait(tx, self._house.clock.now())
                shop = await load_shop(tx)
                vocabulary = await self._vocabulary(tx, shop)
            await self._listen(shop, note, vocabulary)
        return 0.0

    async def sweep(self) -> list[int]:
        """Shops with notes that nobody listens to, in case a knock was lost."""
        return await shops_behind(self._house, "door_hearings(%s)", self._house.clock.now())

    async def _listen(self, shop: Shop, note: Note, vocabulary: Vocabulary) -> None:
        """A note comes to an end of its own: heard, not heard, or tried again. Its neighbours go on without it."""
        if note.tries > hearing.MOST_TRIES:
            await self._unheard(shop, note, "broken", "Whoever took it up did not come to an end.")
            return
        try:
            content = note.content or await self._sound(shop, note)
            languages = tuple(dict.fromkeys((note.language or shop.language, shop.language, *LANGUAGES)))
            with metrics.HEARING_SECONDS.time():
                heard = await self._listener.hear(content, languages, vocabulary)
        except ChannelError as error:
            await self._again(shop, note, "gone", str(error), error.kind in (ErrorClass.FINAL, ErrorClass.REQUEST))
        except Busy as error:
            await self._again(shop, note, "unclear", str(error))
        except Inaudible as error:
            await self._unheard(shop, note, error.trouble, str(error))
        except (Unavailable, ConfigurationError, InvalidInput) as error:
            await self._unheard(shop, note, "unavailable", str(error))
        else:
            async with self._house.db.transaction(shop.id) as tx:
                await hearing.write_heard(tx, note, heard.text, _as_json(heard), heard.seconds, self._house.clock.now())
            log.info("voice note heard", shop_id=shop.id, message_id=note.message_id, seconds=round(heard.seconds, 1))

    async def _from_channel(self, note: Note) -> bytes:
        config = self._house.config
        token = self._house.keyring.decrypt(note.access_token)
        line = Line(self._house.http, config.graph_of(note.channel), config.graph_version, note.account, token)
        return await channel(note.channel).inlet(line).fetch(note.payload, config.voice_largest)

    async def _sound(self, shop: Shop, note: Note) -> bytes:
        content = await self._fetch(note)
        async with self._house.db.transaction(shop.id) as tx:
            await hearing.keep_sound(tx, note, content, note.payload.get("mime_type"))
        return content

    async def _again(self, shop: Shop, note: Note, trouble: str, why: str, never: bool = False) -> None:
        """Later once more, unless that helps nobody; then the vendor listens to it."""
        if never or note.tries >= hearing.MOST_TRIES:
            await self._unheard(shop, note, trouble, why)
            return
        log.warning("a voice note has to wait", shop_id=shop.id, message_id=note.message_id, why=why)
        async with self._house.db.transaction(shop.id) as tx:
            await hearing.try_again(tx, note, self._house.clock.now() + REST * self._speed * 2**note.tries)

    async def _unheard(self, shop: Shop, note: Note, trouble: str, why: str) -> None:
        log.info("voice note not heard", shop_id=shop.id, message_id=note.message_id, trouble=trouble, why=why)
        async with self._house.db.transaction(shop.id) as tx:
            await hearing.write_unheard(tx, note, trouble, self._house.clock.now())

    async def _vocabulary(self, tx: Any, shop: Shop) -> Vocabulary:
        known = self._vocabularies.get(shop.id)
        if known is None or known[0] != shop.catalogue_version:
            words = Vocabulary.of(await catalogue.names(tx))
            known = self._vocabularies[shop.id] = (shop.catalogue_version, words)
        return known[1]


def _as_json(heard: Heard) -> dict[str, Any]:
    """What is kept beside the words."""
    kept = asdict(heard)
    return {name: kept[name] for name in ("language", "doubtful", "verbatim", "words", "took")}
