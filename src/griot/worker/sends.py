"""The send lane: messages of the outbox go out, within the rates of the channel, each exactly once."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import Choice, File, Media, Reply
from griot.channels.port import Line, Outlet
from griot.channels.registry import channel
from griot.core import logs, metrics
from griot.core.coalesce import Coalescer
from griot.core.errors import ConfigurationError, InvalidInput, NotFound
from griot.core.house import House
from griot.knowledge.importing.pictures import service as pictures
from griot.tools.escalation import service as escalation
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Account, Claimed, Outcome, Outgoing, Sent
from griot.tools.quotes import documents
from griot.worker.speaking import Speaker, VoiceNotes

log = logs.get(__name__)

IN_FLIGHT = 128
CLAIM = 64
LONGEST_BACKOFF = timedelta(minutes=5)
BUSY_WAIT = 0.05  # seconds until another look at messages that are due and may not go yet
RECONCILE_EVERY = 1.0  # seconds
LONGEST_WRITE_GAP = 2.0  # seconds between two attempts to write down what became of a send
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=7)  # for a buyer to write, where nothing may go out before
LOCKED_OUT_REST = timedelta(minutes=5)


class SendLane:
    """Claims due messages, sends them side by side and writes down what became of them, many at a time."""

    def __init__(self, house: House, sender: int, speaker: Speaker | None = None) -> None:
        self._house = house
        self._sender = sender
        self._voice_notes = VoiceNotes(speaker)
        self._grace = timedelta(seconds=house.config.send_grace)
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self._flying: dict[asyncio.Task[None], int] = {}
        self._reconciled: dict[int, float] = {}
        self._outlets: dict[tuple[int, bytes], Outlet] = {}
        self._recorder: Coalescer[tuple[int, Sent], None] = Coalescer(
            self._record, key=lambda item: item[0], common=(psycopg.OperationalError,)
        )

    async def work(self, shop_id: int) -> float | None:
        """Start sending what is due; returns seconds until the outbox of the shop has to be looked at again."""
        house = self._house
        try:
            async with house.db.transaction(shop_id) as tx:
                claimed = await outbox.claim(tx, self._sender, CLAIM, house.clock.now(), self._grace)
        except psycopg.OperationalError:
            self._reconciled.pop(shop_id, None)  # it may have been committed all the same
            raise
        for message in claimed:
            await self._slots.acquire()
            task = asyncio.create_task(self._deliver(shop_id, message))
            self._flying[task] = message.id
            task.add_done_callback(self._landed)
        if len(claimed) == CLAIM:
            return 0.0
        async with house.db.transaction(shop_id) as tx:
            if self._time_to_reconcile(shop_id):
                in_flight = list(self._flying.values())
                await outbox.reconcile(tx, self._sender, in_flight, house.clock.now(), self._grace)
            due = await outbox.next_due(tx)
        return None if due is None else max(BUSY_WAIT, (due - house.clock.now()).total_seconds())

    def _time_to_reconcile(self, shop_id: int) -> bool:
        now = time.monotonic()
        if now - self._reconciled.get(shop_id, 0.0) < RECONCILE_EVERY:
            return False
        self._reconciled[shop_id] = now
        return True

    async def sweep(self) -> list[int]:
        """Shops with messages to send, or whose sending has to be looked into."""
        now = self._house.clock.now()
        async with self._house.db.anywhere() as connection:
            cursor = await connection.execute("SELECT shop_id, oldest FROM door_sends(%s)", (now,))
            rows = await cursor.fetchall()
        metrics.SEND_QUEUE_AGE.set(max(((now - row["oldest"]).total_seconds() for row in rows), default=0.0))
        return [row["shop_id"] for row in rows]

    async def drain(self, patience: float) -> None:
        """Wait for messages that are on the wire, so that their outcome is known."""
        if self._flying:
            await asyncio.wait(set(self._flying), timeout=patience)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._flying[task]
        self._slots.release()
        if not task.cancelled() and task.exception() is not None:
            log.error("the outcome of a send could not be written down", exc_info=task.exception())

    async def _deliver(self, shop_id: int, message: Claimed) -> None:
        try:
            result = await self._send(shop_id, message)
        except Exception as error:
            log.error("a send ended in an error of our own", message_id=message.id, exc_info=error)
            own = ChannelError(f"An error of our own: {type(error).__name__}.", ErrorClass.RETRY, ambiguous=True)
            result = self._refused(message, own)
        metrics.SENDS.labels(result.outcome.value).inc()
        if result.outcome is Outcome.SENT:
            metrics.REPLY_SECONDS.observe((self._house.clock.now() - message.created_at).total_seconds())
        await self._write_down(shop_id, result)

    async def _write_down(self, shop_id: int, result: Sent) -> None:
        """Until the database has it: as long as we live, nobody else looks after this message."""
        failures = 0
        while True:
            try:
                return await self._recorder.submit((shop_id, result))
            except psycopg.OperationalError as error:
                failures += 1
                log.warning("the outcome of a send is not written down yet", failures=failures, exc_info=error)
                await asyncio.sleep(min(0.1 * failures, LONGEST_WRITE_GAP))

    async def _send(self, shop_id: int, message: Claimed) -> Sent:
        now = self._house.clock.now()
        reply = message.reply
        if not message.good:
            return self._failed(message, "What it says was no longer true when it could have gone out.")
        if (message.window_open or message.late) and (reply.text or reply.media):
            reply = replace(reply, template=None)
        elif not channel(message.account.channel).templates:
            return self._kept_waiting(message)
        elif reply.template is None:
            return self._failed(message, "The 24-hour window is closed and there is no template for this message.")
        else:
            reply = Reply("", template=reply.template)
        try:
            way = self._outlet(message.account)
            bodies = await self._bodies(shop_id, way, reply, message)
            if len(bodies) > 1 and reply.part == 0:
                await self._queue_parts(shop_id, message, len(bodies))
            if reply.part == len(bodies) - 1:
                await self._note_numbers(shop_id, message.id, way.numbered(reply, message.recipient))
            opaque = f"griot:{message.id}"
            external_id = await way.send(bodies[reply.part], message.recipient, opaque, late=message.late)
        except ChannelError as error:
            return self._refused(message, error)
        except (InvalidInput, NotFound, OSError) as error:
            return self._failed(message, str(error))
        except ConfigurationError as error:
            return self._refused(message, ChannelError(str(error), ErrorClass.ACCOUNT))
        return Sent(message.id, message.account.id, Outcome.SENT, now, external_id)

    async def _bodies(self, shop_id: int, way: Outlet, reply: Reply, message: Claimed) -> list[dict[str, Any]]:
        """What the channel is to send. A picture or a voice note never costs the words: without it they go alone."""
        to, media = message.recipient, reply.media
        alone = replace(reply, media=None)
        if media and media.words is not None:
            if message.is_private_reply:
                return await way.bodies(alone, to)
            said, sound = await self._voice_notes.aloud(reply, channel(message.account.channel).voice_notes)
            try:
                return await way.bodies(said, to, sound)
            except (ChannelError, InvalidInput) as error:
                if isinstance(error, ChannelError) and error.kind not in (ErrorClass.REQUEST, ErrorClass.FINAL):
                    raise
                log.info("a voice note cannot be sent", shop_id=shop_id, why=str(error))
                return await way.bodies(alone, to)
        file = await self._file(shop_id, media) if media else None
        if media is None or media.picture is None:
            return await way.bodies(reply, to, file)
        if file is None:
            return await way.bodies(alone, to)
        try:
            return await way.bodies(reply, to, file)
        except (ChannelError, InvalidInput) as error:
            log.warning("a picture cannot be sent", shop_id=shop_id, product_id=media.picture, why=str(error))
            return await way.bodies(alone, to)

    async def _file(self, shop_id: int, media: Media) -> File | None:
        """The document or picture of a reply, read in a transaction of its own that ends before the network is used."""
        if media.document is None and media.picture is None:
            return None
        try:
            async with self._house.db.transaction(shop_id) as tx:
                if media.picture is not None:
                    picture = await pictures.load(tx, media.picture)
                    return File(picture.content, picture.mime, "picture.jpg", picture.key) if picture else None
                assert media.document is not None
                found = await documents.load(tx, media.document)
        except psycopg.OperationalError as error:
            raise ChannelError(f"The document could not be read: {type(error).__name__}.", ErrorClass.RETRY) from error
        return File(found.content, found.mime_type, media.filename or found.filename)

    async def _queue_parts(self, shop_id: int, message: Claimed, count: int) -> None:
        """A reply that needs several bodies: the others become messages of their own, each sent exactly once."""
        parts = [
            Outgoing(
                message.conversation_id, replace(message.reply, part=n), f"{message.id}/part{n}", author=message.author
            )
            for n in range(1, count)
        ]
        async with self._house.db.transaction(shop_id) as tx:
            await outbox.queue(tx, parts, self._house.clock.now())

    async def _note_numbers(self, shop_id: int, message_id: int, numbered: tuple[Choice, ...]) -> None:
        """Before the send: the buyer, or an echo, may be faster than its answer."""
        if not numbered:
            return
        try:
            async with self._house.db.transaction(shop_id) as tx:
                await outbox.note_numbers(tx, message_id, numbered)
        except psycopg.OperationalError as error:
            why = f"The numbers could not be written down: {type(error).__name__}."
            raise ChannelError(why, ErrorClass.RETRY) from error

    def _outlet(self, account: Account) -> Outlet:
        key = (account.id, account.access_token)
        if key not in self._outlets:
            token = self._house.keyring.decrypt(account.access_token)
            config = self._house.config
            line = Line(
                self._house.http, config.graph_of(account.channel), config.graph_version, account.external_id, token
            )
            self._outlets[key] = channel(account.channel).outlet(line)
        return self._outlets[key]

    def _refused(self, message: Claimed, error: ChannelError) -> Sent:
        """By the class of the error: again soon, once the rate allows, once the shop has acted, or never."""
        now = self._house.clock.now()
        detail = {"message": str(error), "code": error.code}
        metrics.FAR_END_ERRORS.labels(message.account.channel).inc()
        if now - message.created_at > GIVE_UP_AFTER:
            return self._failed(message, f"Not accepted within a day: {error}")
        if error.ambiguous:
            return Sent(message.id, message.account.id, Outcome.UNKNOWN, now + self._grace, error=detail)
        attempts = min(message.attempts, 10)  # more would be longer than the longest anyway, and then than any time
        backoff = min(timedelta(seconds=0.5 * 2**attempts), LONGEST_BACKOFF)
        match error.kind:
            case ErrorClass.RETRY:
                return Sent(message.id, message.account.id, Outcome.RETRY, now + backoff, error=detail)
            case ErrorClass.SLOW_DOWN if error.pair:
                wait = min(timedelta(seconds=4**attempts), LONGEST_BACKOFF)
                return Sent(message.id, message.account.id, Outcome.RETRY, now + wait, error=detail)
            case ErrorClass.SLOW_DOWN:
                until = now + backoff
                return Sent(message.id, message.account.id, Outcome.RETRY, until, None, detail, until)
            case ErrorClass.ACCOUNT:
                until = now + LOCKED_OUT_REST
                log.error("a channel account is locked out", account=message.account.id, code=error.code)
                return Sent(message.id, message.account.id, Outcome.RETRY, until, None, detail, until)
            case ErrorClass.LATER if message.attempts == 1:
                return Sent(message.id, message.account.id, Outcome.RETRY, now + GIVE_UP_AFTER, error=detail)
            case _:
                return Sent(message.id, message.account.id, Outcome.FAILED, now, error=detail)

    def _kept_waiting(self, message: Claimed) -> Sent:
        """Nothing goes out before the buyer has written: the agent's words wait for that, a person learns of it."""
        end = message.created_at + LONGEST_WAIT
        if message.author is not None:
            return self._failed(message, "The buyer has not written for so long that the channel takes no answer.")
        if self._house.clock.now() >= end:
            return self._failed(message, f"The buyer has not written within {LONGEST_WAIT.days} days.")
        until = min(end, message.good_until or end)
        return Sent(message.id, message.account.id, Outcome.WAIT, until)

    def _failed(self, message: Claimed, why: str) -> Sent:
        return Sent(message.id, message.account.id, Outcome.FAILED, self._house.clock.now(), error={"message": why})

    async def _record(self, items: list[tuple[int, Sent]]) -> list[None]:
        async with self._house.db.transaction(items[0][0]) as tx:
            now = self._house.clock.now()
            await outbox.record(tx, [result for _, result in items], now)
            if failed := [result.id for _, result in items if result.outcome is Outcome.FAILED]:
                await escalation.tell_of_refused_comments(tx, failed, now)
        return [None] * len(items)
