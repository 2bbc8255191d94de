"""One case, run for real: a fresh shop, the messages received as the receiver receives them, the turn code of the
worker, and a look at the database before and after each turn."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from griot.agent.mind.models import Mind
from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import InboundMessage, Parsed, Reply
from griot.core.clock import FrozenClock
from griot.core.house import House
from griot.core.tenancy import Shop
from griot.evals import queries
from griot.evals.effects import Look, effects_between, state
from griot.evals.forbidden import forbidden_between
from griot.evals.grading import Turned
from griot.evals.heard import Heard
from griot.evals.language import detect
from griot.evals.models import BuyerTurn, Case, Json, ShopSource
from griot.evals.played import Played, Run
from griot.evals.recordings import recording
from griot.evals.wording import wording_flags
from griot.evals.world import World, build
from griot.tools.conversations import service as conversations
from griot.tools.hearing import service as hearing
from griot.tools.hearing.models import Note
from griot.worker.hearing import HearLane, Listener
from griot.worker.speech import open_ear
from griot.worker.turns import LEASE_MARGIN, TurnLane

BETWEEN = timedelta(seconds=30)  # from one message of a dialogue to the next
_PAUSE = 0.005  # machine seconds between two looks at a turn that is not over
_LOOKS = 40  # before it is thought to be stuck
_LEASES = 2  # further attempts
_MEDIA = re.compile(r"\[(image|video|document|sticker|location|contacts|voice)(?::\s*([^\]]*))?\]\s*", re.IGNORECASE)
_MIME = {"image": "image/jpeg", "video": "video/mp4", "document": "application/pdf", "sticker": "image/webp"}

Speak = Callable[[list[tuple[str, str]]], Awaitable[str | None]]


class Runner:
    """Runs cases one after the other, each in a shop of its own.

    ``house`` has the clock that is set to each case; ``patience``: seconds that a turn may take; ``mind``: who decides,
    instead of the one that the settings of the house name; ``ear`` hears the voice notes of a suite, which are files in
    ``folder``.
    """

    def __init__(
        self,
        house: House,
        clock: FrozenClock,
        owner_url: str,
        patience: float,
        mind: Callable[[Shop], Mind] | None = None,
        ear: Listener | None = None,
        folder: Path | None = None,
    ) -> None:
        self._house = house
        self._clock = clock
        self._owner_url = owner_url
        self._patience = patience
        self._lane = TurnLane(house, mind)
        self._folder = folder
        self._hearings = HearLane(house, ear or open_ear(house.config), fetch=self._recording)

    async def run(self, case: Case, source: ShopSource, slug: str, speak: Speak | None = None) -> Run:
        """Play a case. ``speak``: who plays the buyer of a free dialogue, given what was said (by, text) so far; the
        messages of the case are the first ones. ``TimeoutError`` when a turn does not come to an end."""
        self._clock.set(case.now)
        world = await build(self._house.db, self._owner_url, source, case, slug)
        told: list[tuple[str, str]] = [(past.by, past.text) for past in case.history if past.kind == "msg"]
        start = look = await self._look(world)
        played: list[Played] = []
        number = 0
        following = iter(case.turns)
        while (turn := await _next(following, speak, told)) is not None:
            number += 1
            await self._receive(world, turn, number)
            began = time.perf_counter()
            await self._answer(world)
            seconds = time.perf_counter() - began
            before, look = look, await self._look(world)
            said = await self._transcript(world) if turn.audio else turn.text
            told.append(("buyer", said))
            played.append(_played(world, case, said, before, look, told, seconds))
            told.append(("agent", played[-1].turned.reply))
            self._clock.advance(BETWEEN)
        return Run(tuple(played), state(start, look))

    async def _look(self, world: World) -> Look:
        async with self._house.db.transaction(world.shop.id) as tx:
            data = await queries.look(tx, world.conversation_id)
        return Look(data, world.goods, world.customer_id, world.conversation_id)

    async def _receive(self, world: World, turn: BuyerTurn, number: int) -> None:
        now = self._clock.now()
        kind, text, payload = ("voice", None, {"media_id": turn.audio}) if turn.audio else heard(turn.text)
        message = InboundMessage(
            f"case-{number}", world.account, world.sender, kind, text, now, payload, raw={"text": turn.text}
        )
        async with self._house.db.transaction(world.shop.id) as tx:
            await conversations.receive(tx, world.channel, world.account_id, Parsed(messages=(message,)), now)

    async def _answer(self, world: World) -> None:
        """Work the lane until nobody waits. A thread whose thinking failed is reserved until its lease ends, and the
        clock stands still: after a while without an answer it is moved past the lease, as time would."""
        async with asyncio.timeout(self._patience):
            for again in range(_LEASES + 1):
                if again:
                    self._clock.advance(timedelta(seconds=self._house.config.model_turn_seconds + LEASE_MARGIN + 1))
                for _ in range(_LOOKS):
                    await self._hearings.work(world.shop.id)
                    await self._lane.work(world.shop.id)
                    await self._lane.drain(self._patience)
                    async with self._house.db.transaction(world.shop.id) as tx:
                        if await queries.unanswered(tx) == 0:
                            return
                    await asyncio.sleep(_PAUSE)
        raise TimeoutError

    async def _recording(self, note: Note) -> bytes:
        """The file of a voice note; ``[voice]`` stands for one that nobody can fetch."""
        path = recording(self._folder, str(note.payload.get("media_id"))) if self._folder else None
        if path is None:
            raise ChannelError("There is no such recording.", ErrorClass.FINAL)
        return await asyncio.to_thread(path.read_bytes)

    async def _transcript(self, world: World) -> str:
        """What was heard in the voice note of this turn."""
        async with self._house.db.transaction(world.shop.id) as tx:
            (note,) = await hearing.notes(tx, most=1)
        return str(note["text"] or f"[{note['trouble']}]")


async def _next(following: Any, speak: Speak | None, told: list[tuple[str, str]]) -> BuyerTurn | None:
    written: BuyerTurn | None = next(following, None)
    if written is not None or speak is None:
        return written
    words = await speak(told)
    return BuyerTurn(words) if words else None


def heard(written: str) -> tuple[str, str | None, Json]:
    """Kind, text and payload of a message: ``[image]`` and ``[location: 14.7,-17.4]`` stand for media."""
    media = _MEDIA.match(written)
    if media is None:
        return "text", written, {}
    kind, detail, caption = media[1].lower(), (media[2] or "").strip(), written[media.end() :].strip() or None
    if kind == "location":
        place = re.match(r"(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)", detail)
        where = {"latitude": float(place[1]), "longitude": float(place[2])} if place else {"name": detail}
        return "location", caption, where
    if kind == "contacts":
        return kind, caption, {"contacts": []}
    return (
        kind,
        caption,
        {"media_id": "eval-media", "mime_type": _MIME.get(kind, "audio/ogg"), "filename": detail or None},
    )


def shown(reply: Reply) -> str:
    """A reply as the buyer sees it: its text, the buttons or rows, the link, the name of the file."""
    parts = [reply.text]
    if reply.media:
        parts.append(f"📄 {reply.media.filename or reply.media.kind}")
    if reply.link:
        parts.append(f"{reply.link[0]}: {reply.link[1]}")
    if reply.choices:
        parts.append(
            " ".join(
                f"[{choice.title}{f': {choice.description}' if choice.description else ''}]" for choice in reply.choices
            )
        )
    return "\n".join(part for part in parts if part)


def _language(text: str, world: World, case: Case) -> str | None:
    """The language of the reply's own words. Names of goods and people tell nothing; an answer of the FAQ or a
    description is the shop's, and is looked at only when the reply says nothing else."""
    source = world.source
    names = [source.name, case.name or "", *(row.title for row in source.products)]
    names += [value for row in source.products for values in row.axes.values() for value in values]
    quoted = [entry.answer for entry in source.faq] + [row.description for row in source.products]
    return detect(text, [*names, *quoted]) or detect(text, names)


def _played(
    world: World, case: Case, said: str, before: Look, after: Look, told: list[tuple[str, str]], seconds: float
) -> Played:
    replies = [Reply.from_json(row["reply"]) for row in after.data["replies"][len(before.data["replies"]) :]]
    reply = "\n\n".join(shown(item) for item in replies)
    link = any(item.link or "/p/" in item.text for item in replies)
    effects = tuple(effects_between(before, after, link))
    heard_as = Heard(
        reply=reply,
        said="\n".join(text for by, text in told if by == "buyer"),
        told="\n".join(text for by, text in told if by == "agent"),
        source=world.source,
        buyer=case.name,
        effects=effects,
        deposit=world.shop.deposit_percent,
    )
    wrong = wording_flags(heard_as, before, after)
    flags = tuple(dict.fromkeys([*forbidden_between(before, after), *wrong]))
    usage = [row["usage"] for row in after.data["turns"][len(before.data["turns"]) :]]
    return Played(
        said=said,
        turned=Turned(effects, reply, _language("\n".join(item.text for item in replies), world, case), flags),
        seconds=seconds,
        calls=sum(int(use.get("calls", 0)) for use in usage),
        tokens_in=sum(int(use.get("tokens_in", 0)) for use in usage),
        tokens_out=sum(int(use.get("tokens_out", 0)) for use in usage),
        model=next((str(use["model"]) for use in usage if use.get("model")), ""),
        wrong=wrong,
    )
