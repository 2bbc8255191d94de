"""The turn lane: unanswered messages of a shop, many threads in one transaction."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import psycopg

from griot.agent import graph
from griot.agent.acting import said
from griot.agent.desk import Desk
from griot.agent.models import Catalogue, Draft, Scene
from griot.agent.reading import CodeIndex, Reading
from griot.channels.model import Reply
from griot.core import logs, metrics
from griot.core.db.pool import Tx
from griot.core.house import House
from griot.core.tenancy import Shop, load_shop
from griot.core.texts import text
from griot.knowledge.catalogue import service as catalogue
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import Thread, TurnRecord
from griot.tools.customers import queries as customers
from griot.tools.escalation.service import escalate
from griot.tools.live import service as live
from griot.tools.orders import queries as orders
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.payments.links import pay_url

log = logs.get(__name__)

BATCH = 100
REST = 5.0  # seconds until a thread that can be neither answered nor given up is tried again
NOT_THE_BUYER = {"echo", "system"}  # kinds of message that do not open the channel's window


class TurnLane:
    """Answers the threads of a shop, one turn at a time each, in the order in which they began to wait."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._graph = graph.build()
        self._catalogues: dict[int, Catalogue] = {}
        self._burst = timedelta(milliseconds=house.config.burst_ms)

    async def work(self, shop_id: int) -> float | None:
        """Answer what is ready; returns seconds until there may be more, or none when nobody waits."""
        try:
            held = await self._batch(shop_id, BATCH)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.warning("batch of turns failed, tried thread by thread", exc_info=error)
            return await self._one_by_one(shop_id)
        if held == BATCH:
            return 0.0
        async with self._house.db.transaction(shop_id) as tx:
            since = await conversations.waiting_since(tx)
        if since is None:
            return None
        return (since + self._burst - self._house.clock.now()).total_seconds()

    async def sweep(self) -> list[int]:
        """Shops with unanswered messages, in case a knock was lost."""
        async with self._house.db.anywhere() as connection:
            cursor = await connection.execute("SELECT door_turns() AS shop_id")
            return [row["shop_id"] for row in await cursor.fetchall()]

    async def _one_by_one(self, shop_id: int) -> float:
        async with self._house.db.transaction(shop_id) as tx:
            threads = await conversations.claim(tx, BATCH, self._house.clock.now())
        results = [await self._alone(shop_id, thread.id) for thread in threads]
        return 0.0 if all(results) else REST

    async def _alone(self, shop_id: int, thread_id: int) -> bool:
        """One thread's turn, or giving it up; false when neither can be done, and its neighbours go on without it."""
        try:
            await self._batch(shop_id, 1, only=thread_id)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.error("turn failed, thread goes to the vendor", thread=thread_id, exc_info=error)
        else:
            return True
        try:
            await self._give_up(shop_id, thread_id)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.error("thread could not be put before the vendor either", thread=thread_id, exc_info=error)
            return False
        return True

    async def _batch(self, shop_id: int, limit: int, only: int | None = None) -> int:
        """One transaction: hold threads, run their turns, write everything that came of them."""
        async with self._house.db.transaction(shop_id) as tx:
            now = self._house.clock.now()
            burst = timedelta(0) if only else self._burst
            threads = await conversations.claim(tx, limit, now, burst=burst, only=only)
            if not threads:
                return 0
            shop = await load_shop(tx)
            scenes = await self._scenes(tx, shop, threads)
            desk = Desk(tx, shop, now, len(scenes), self._pay_url(shop_id))
            with metrics.TURN_SECONDS.time():
                states = await self._run(scenes, desk)
            done = list(zip(scenes, states, strict=True))
            await conversations.finish(tx, [_record(scene, state["draft"], state) for scene, state in done], now)
            await outbox.queue(tx, [item for scene, state in done for item in _outgoing(scene, state["draft"])], now)
        for state in states:
            metrics.TURNS.labels(state["draft"].outcome.partition("+")[0]).inc()
        return len(threads)

    async def _run(self, scenes: list[Scene], desk: Desk) -> list[graph.Turn]:
        """The turns side by side; when one fails, none is left running on a transaction that is over."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._turn(scene, desk)) for scene in scenes]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _turn(self, scene: Scene, desk: Desk) -> graph.Turn:
        state: graph.Turn = await self._graph.ainvoke({"scene": scene}, context=graph.Means(desk))
        await desk.turn_done()
        return state

    async def _scenes(self, tx: Tx, shop: Shop, threads: list[Thread]) -> list[Scene]:
        now = self._house.clock.now()
        buyers = await customers.load(tx, [thread.customer_id for thread in threads])
        open_orders = await orders.open_orders(tx, [thread.id for thread in threads])
        running = await live.current(tx)
        known = await self._catalogue(tx, shop)
        return [
            Scene(
                shop,
                thread,
                buyers[thread.customer_id],
                tuple(open_orders.get(thread.id, ())),
                known,
                running.id if running else None,
                now,
            )
            for thread in threads
        ]

    async def _catalogue(self, tx: Tx, shop: Shop) -> Catalogue:
        known = self._catalogues.get(shop.id)
        if known is None or known.version != shop.catalogue_version:
            products = await catalogue.codes(tx)
            index = CodeIndex.build({code: [v.options for v in p.variants] for code, p in products.items()})
            known = self._catalogues[shop.id] = Catalogue(shop.catalogue_version, products, index)
        return known

    def _pay_url(self, shop_id: int) -> Any:
        house = self._house
        return lambda order_id: pay_url(house.keyring, house.config.public_url, shop_id, order_id)

    async def _give_up(self, shop_id: int, thread_id: int) -> None:
        """The turn cannot be run: say so to the buyer, put the thread before the vendor, and go on."""
        async with self._house.db.transaction(shop_id) as tx:
            now = self._house.clock.now()
            threads = await conversations.claim(tx, 1, now, only=thread_id)
            if not threads:
                return
            shop = await load_shop(tx)
            (scene,) = await self._scenes(tx, shop, threads)
            reply = Reply(text(scene.thread.language or shop.language, "conversation.failed", shop=shop.name))
            await escalate(
                tx,
                shop,
                conversation_id=thread_id,
                customer_id=scene.customer.id,
                buyer=scene.customer.name or (f"+{scene.customer.phone}" if scene.customer.phone else "?"),
                reason="failed",
                summary=said(scene)[:500],
                now=now,
            )
            draft = Draft("failed", (reply,) if scene.thread.handler == "agent" else ())
            await conversations.finish(tx, [_record(scene, draft)], now)
            await outbox.queue(tx, _outgoing(scene, draft), now)


def _record(scene: Scene, draft: Draft, state: graph.Turn | None = None) -> TurnRecord:
    reading = state["reading"] if state else None
    return TurnRecord(
        conversation_id=scene.thread.id,
        message_ids=tuple(message.id for message in scene.thread.messages),
        reading=_as_json(reading) if reading else {},
        outcome=draft.outcome,
        asked=draft.asked,
        language=reading.language if reading else None,
        last_inbound_at=max((m.sent_at for m in scene.thread.messages if m.kind not in NOT_THE_BUYER), default=None),
        handler="human" if scene.thread.handler == "human" else draft.handler,
    )


def _outgoing(scene: Scene, draft: Draft) -> list[Outgoing]:
    """Replies keyed by the last message they answer: the same message can never be answered twice."""
    last = scene.thread.messages[-1].id
    return [Outgoing(scene.thread.id, reply, f"answer:{last}:{n}") for n, reply in enumerate(draft.replies)]


def _as_json(reading: Reading) -> dict[str, Any]:
    """How the messages were read, for the vendor's console and for later examples."""
    acts = [{"act": type(item).__name__, **asdict(item)} for item in reading.acts]
    return {"acts": acts, "certain": reading.certain, "rest": reading.rest}
