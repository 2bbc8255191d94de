"""The turn lane: unanswered messages of a shop, many threads in one transaction; who has to think does so outside."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg

from griot.agent import graph
from griot.agent.briefing import brief_of
from griot.agent.coming import opened_by_link
from griot.agent.comments import is_public
from griot.agent.desk import Desk
from griot.agent.mind.models import Brief, Decision, Mind
from griot.agent.mind.registry import mind_for
from griot.agent.models import Draft, Scene
from griot.agent.reading import Reading
from griot.agent.taking import said
from griot.channels.model import Reply
from griot.core import logs, metrics
from griot.core.house import House
from griot.core.tenancy import Shop, load_shop
from griot.core.texts import text
from griot.tools.conversations import service as conversations
from griot.tools.conversations.models import Message, Thread, TurnRecord
from griot.tools.conversations.queries import LONGEST_THOUGHT
from griot.tools.escalation.service import escalate
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing
from griot.tools.payments.links import pay_url
from griot.worker.catalogues import Catalogues
from griot.worker.doors import shops_behind
from griot.worker.scenes import Scenes

log = logs.get(__name__)

BATCH = 100
REST = 5.0  # seconds until a thread that can be neither answered nor given up is tried again
LEASE_MARGIN = 5.0  # seconds that a thread stays reserved for whoever thinks, past the longest thought
NOT_THE_BUYER = {"echo", "system"}  # kinds of message


@dataclass(frozen=True, slots=True)
class Thought:
    """What was decided about some messages of a thread while no transaction was open."""

    thread_id: int
    message_ids: frozenset[int]
    decision: Decision

    def about(self, thread: Thread) -> Thread:
        """The thread with the messages that were thought about; later ones wait for the next turn."""
        return replace(thread, messages=tuple(m for m in thread.messages if m.id in self.message_ids))


class TurnLane:
    """Answers the threads of a shop, one turn at a time each, in the order in which they began to wait.

    ``mind``: who decides for a shop what the reader is not certain of. ``speed``: of the house's clock, since thinking
    takes the machine's time.
    """

    def __init__(
        self,
        house: House,
        mind: Callable[[Shop], Mind] | None = None,
        speed: float = 1.0,
        catalogues: Catalogues | None = None,
    ) -> None:
        self._house = house
        self._graph = graph.build()
        self._scenes = Scenes(catalogues)
        self._mind = mind or (lambda shop: mind_for(shop, house.config))
        self._thinking: set[asyncio.Task[None]] = set()
        self._burst = timedelta(milliseconds=house.config.burst_ms)
        thought = timedelta(seconds=house.config.model_turn_seconds + LEASE_MARGIN)
        self._patience = timedelta(seconds=house.config.voice_patience) * speed
        self._lease = min(thought * speed, LONGEST_THOUGHT)

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
            since = await conversations.waiting_since(tx, self._house.clock.now(), self._patience)
        if since is None:
            return None
        return (since + self._burst - self._house.clock.now()).total_seconds()

    async def sweep(self) -> list[int]:
        """Shops with unanswered messages, in case a knock was lost."""
        return await shops_behind(self._house, "door_turns()")

    async def drain(self, patience: float) -> None:
        """Wait for thoughts that have begun to be carried out."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._thinking:
                    await asyncio.wait(set(self._thinking))

    async def _one_by_one(self, shop_id: int) -> float:
        async with self._house.db.transaction(shop_id) as tx:
            threads = await conversations.claim(tx, BATCH, self._house.clock.now(), patience=self._patience)
        results = [await self._alone(shop_id, thread.id) for thread in threads]
        return 0.0 if all(results) else REST

    async def _alone(self, shop_id: int, thread_id: int, thought: Thought | None = None) -> bool:
        """One thread's turn, or giving it up; false when neither can be done, and its neighbours go on without it."""
        try:
            await self._batch(shop_id, 1, only=thread_id, thought=thought)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.error("turn failed, thread goes to the vendor", thread=thread_id, exc_info=error)
            return await self._to_the_vendor(shop_id, thread_id)
        return True

    async def _to_the_vendor(self, shop_id: int, thread_id: int) -> bool:
        """Give a thread up; false when not even that can be done."""
        try:
            await self._give_up(shop_id, thread_id)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.error("thread could not be put before the vendor either", thread=thread_id, exc_info=error)
            return False
        return True

    async def _batch(self, shop_id: int, limit: int, only: int | None = None, thought: Thought | None = None) -> int:
        """One transaction: hold threads, run their turns, write everything that came of them."""
        async with self._house.db.transaction(shop_id) as tx:
            now = self._house.clock.now()
            burst = timedelta(0) if only else self._burst
            threads = await conversations.claim(tx, limit, now, burst=burst, only=only, patience=self._patience)
            if thought:
                threads = [about for thread in threads if (about := thought.about(thread)).messages]
            if not threads:
                return 0
            shop = await load_shop(tx)
            scenes = await self._scenes.load(tx, shop, threads, now)
            if thought:
                scenes = await self._scenes.deepen(tx, scenes, now)
            desk = Desk(tx, shop, now, len(scenes), self._pay_url(shop_id))
            with metrics.TURN_SECONDS.time():
                states = await self._run(scenes, desk, thought.decision if thought else None)
            turns = list(zip(scenes, states, strict=True))
            done = [(scene, state) for scene, state in turns if "draft" in state]
            records = [_record(scene, state["draft"], state) for scene, state in done]
            await conversations.finish(tx, records, now)
            await outbox.release(tx, [record.conversation_id for record in records if record.last_inbound_at], now)
            await outbox.queue(tx, [item for scene, state in done for item in _outgoing(scene, state["draft"])], now)
            if thought:
                await conversations.wake(tx)  # for what was written while we thought
            puzzling = [(scene, state) for scene, state in turns if "draft" not in state]
            if puzzling:
                await conversations.think(tx, [scene.thread.id for scene, _ in puzzling], now + self._lease)
        for _, state in done:
            metrics.TURNS.labels(state["draft"].outcome.partition("+")[0]).inc()
        if puzzling:
            self._begin(self._ponder(puzzling), f"pondering:{shop_id}")
        return len(threads)

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start what goes on while no turn waits for it; ``drain`` does."""
        task = asyncio.create_task(work, name=name)
        self._thinking.add(task)
        task.add_done_callback(self._thinking.discard)

    async def _ponder(self, puzzling: list[tuple[Scene, graph.Turn]]) -> None:
        """Read what thinking needs, then think about each thread. Whoever dies here leaves leases that end."""
        shop_id = puzzling[0][0].shop.id
        try:
            async with self._house.db.transaction(shop_id) as tx:
                deep = await self._scenes.deepen(tx, [scene for scene, _ in puzzling], self._house.clock.now())
        except psycopg.OperationalError as error:
            log.warning("what thinking needs could not be read, tried again later", exc_info=error)
            return
        except Exception as error:
            log.warning("what thinking needs cannot be read, tried thread by thread", exc_info=error)
            await self._ponder_apart(puzzling)
            return
        for scene, (_, state) in zip(deep, puzzling, strict=True):
            self._begin(self._think(scene, state["reading"], state["language"]), f"thinking:{scene.thread.id}")

    async def _ponder_apart(self, puzzling: list[tuple[Scene, graph.Turn]]) -> None:
        """Each thread by itself; one for which that cannot be read either goes to the vendor."""
        if len(puzzling) == 1:
            scene = puzzling[0][0]
            await self._to_the_vendor(scene.shop.id, scene.thread.id)
            return
        for one in puzzling:
            await self._ponder([one])

    async def _think(self, scene: Scene, reading: Reading, language: str) -> None:
        """Decide, then take the thread again and carry it out. Whoever dies here leaves a lease that ends."""
        shop, thread = scene.shop, scene.thread
        try:
            thought = await self._decide(scene, brief_of(scene, reading, language))
        except Exception as error:
            log.error("thinking failed, thread goes to the vendor", thread=thread.id, exc_info=error)
            thought = None
        try:
            if thought is None:
                await self._to_the_vendor(shop.id, thread.id)
            else:
                await self._alone(shop.id, thread.id, thought)
        except psycopg.OperationalError as error:
            log.warning("a thought could not be carried out, thought again later", exc_info=error)

    async def _decide(self, scene: Scene, brief: Brief) -> Thought:
        decision = await self._mind(scene.shop).decide(brief)
        metrics.THINKING_SECONDS.observe(decision.usage.seconds)
        ids = frozenset(message.id for message in scene.thread.messages)
        return Thought(scene.thread.id, ids, replace(decision, language=decision.language or brief.language))

    async def _run(self, scenes: list[Scene], desk: Desk, decision: Decision | None) -> list[graph.Turn]:
        """The turns side by side; when one fails, none is left running on a transaction that is over."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._turn(scene, desk, decision)) for scene in scenes]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _turn(self, scene: Scene, desk: Desk, decision: Decision | None) -> graph.Turn:
        start: graph.Turn = {"scene": scene, "decision": decision} if decision else {"scene": scene}
        state: graph.Turn = await self._graph.ainvoke(start, context=graph.Means(desk))
        await desk.turn_done()
        return state

    def _pay_url(self, shop_id: int) -> Any:
        house = self._house
        return lambda order_id: pay_url(house.keyring, house.config.public_url, shop_id, order_id)

    async def _give_up(self, shop_id: int, thread_id: int) -> None:
        """The turn cannot be run: say so to the buyer, put the thread before the vendor, and go on."""
        async with self._house.db.transaction(shop_id) as tx:
            now = self._house.clock.now()
            threads = await conversations.claim(tx, 1, now, only=thread_id, patience=self._patience)
            if not threads:
                return
            shop = await load_shop(tx)
            (scene,) = await self._scenes.load(tx, shop, threads, now)
            reply = Reply(text(scene.thread.language or shop.language, "conversation.failed", shop=shop.name))
            await escalate(
                tx,
                shop,
                conversation_id=thread_id,
                customer_id=scene.customer.id,
                buyer=scene.buyer,
                reason="failed",
                summary=said(scene)[:500],
                now=now,
            )
            draft = Draft("failed", (reply,) if scene.thread.handler == "agent" else ())
            await conversations.finish(tx, [_record(scene, draft)], now)
            await outbox.queue(tx, _outgoing(scene, draft), now)


def _record(scene: Scene, draft: Draft, state: graph.Turn | None = None) -> TurnRecord:
    decision = state.get("decision") if state else None
    return TurnRecord(
        conversation_id=scene.thread.id,
        message_ids=tuple(message.id for message in scene.thread.messages),
        reading=_as_json(state, decision) if state else {},
        outcome=draft.outcome,
        asked=draft.asked,
        language=state["language"] if state and (decision or state["reading"].language) else None,
        last_inbound_at=max((m.sent_at for m in scene.thread.messages if _opens_window(m)), default=None),
        handler="human" if scene.thread.handler == "human" else draft.handler,
        effects=draft.effects,
        usage=asdict(decision.usage) if decision else {},
        troubled=draft.troubled,
        told_closed=draft.told_closed,
    )


def _opens_window(message: Message) -> bool:
    """Whether the buyer may be written to because of it: what is said in public is answered once, in private."""
    return opened_by_link(message) or (message.kind not in NOT_THE_BUYER and not is_public(message))


def _outgoing(scene: Scene, draft: Draft) -> list[Outgoing]:
    """Replies keyed by the last message they answer: the same message can never be answered twice."""
    last = scene.thread.messages[-1].id
    return [Outgoing(scene.thread.id, reply, f"answer:{last}:{n}") for n, reply in enumerate(draft.replies)]


def _as_json(state: graph.Turn, decision: Decision | None) -> dict[str, Any]:
    """How the messages were understood, for the vendor's console and for later examples."""
    reading = state["reading"]
    acts = decision.acts if decision else reading.acts
    found: dict[str, Any] = {
        "acts": [{"act": type(item).__name__, **asdict(item)} for item in acts],
        "certain": reading.certain,
        "rest": reading.rest,
    }
    return found | {"sentiment": decision.sentiment} if decision else found
