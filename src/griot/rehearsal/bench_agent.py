"""`griot bench agent`: what deciding costs with a model, beside LangChain's plain agent on the same turns.

Both arms have the same endpoint, the same system prompt, the same data about each turn and the same tools. What differs
is the house's way: what the reader is certain of asks no model, and a deciding tool ends the turn instead of going back
to the model for words. Without ``--model`` the endpoint is a double that plays a competent model: it chooses what the
offline interpreter would, looks a product up first when it has not been shown it, and counts tokens at four characters.
"""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage
from openai import OpenAIError
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from griot.agent import graph
from griot.agent.briefing import brief_of
from griot.agent.interpreter import interpret
from griot.agent.mind.models import Brief, ToolChoice
from griot.agent.mind.prompting import messages_for
from griot.agent.mind.registry import chat_model
from griot.agent.mind.toolbox import LOOKUPS, Thinking, toolbox
from griot.channels.simulator.server import serving
from griot.core.clock import FrozenClock
from griot.core.crypto import keyring
from griot.core.db import database_url
from griot.core.db.pool import Database
from griot.core.house import House
from griot.core.http import client
from griot.core.settings import ModelEndpoint, Settings
from griot.core.tenancy import load_shop
from griot.evals.buyer import Endpoint
from griot.evals.models import Suite
from griot.evals.pool import fresh_database
from griot.evals.runner import Runner
from griot.evals.suite import find_suite, load_suite, suites
from griot.evals.world import World
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.model_double import NAME, Answer, Asked, ModelDouble, calls, says
from griot.tools.conversations import service as conversations
from griot.worker.scenes import Scenes

MOST_CALLS = 1.6  # of a model, a turn
MOST_TOKENS = 0.5  # of the plain agent's
PATIENCE = 180.0  # seconds for a turn
DOUBLE = "double: the interpreter's choices, tokens at four characters each"
WORDS = "C'est noté 🙏 Voici ce que le magasin te répond, dis-moi si tu veux autre chose."


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one turn: answers of a model, tokens read and written, seconds."""

    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float


class Competent:
    """A model that decides what the interpreter would, about the turn that is being played."""

    def __init__(self) -> None:
        self._choices: list[ToolChoice] = []

    def prepare(self, brief: Brief) -> None:
        self._choices = interpret(brief) or [ToolChoice("escalate", {"reason": "unknown"})]

    def __call__(self, asked: Asked) -> Answer:
        called = [call for message in asked.body["messages"] for call in message.get("tool_calls") or ()]
        if any(call["function"]["name"] not in LOOKUPS for call in called):
            return says(WORDS)
        unseen = [code for code in _codes(self._choices) if f'"{code}"' not in asked.text]
        if unseen and not called:
            return calls(*(ToolChoice("search_catalogue", {"query": code}) for code in unseen))
        return calls(*self._choices)


def _codes(choices: Sequence[ToolChoice]) -> list[str]:
    """The product codes that these choices name."""
    codes: list[str] = []
    for choice in choices:
        args = choice.args
        codes += args.get("codes") or ()
        codes += [line["code"] for line in args.get("lines") or ()]
        codes += [args[name] for name in ("code", "new_code") if args.get(name) and choice.name != "use_promotion"]
    return list(dict.fromkeys(codes))


class Noting(Runner):
    """Runs cases as the harness does, and lets the plain agent think about every turn just before ours does.

    ``plain``: what that cost; none where a human answers the thread, or where the plain agent failed.
    """

    def __init__(self, house: House, clock: FrozenClock, owner_url: str, model: Any, competent: Competent) -> None:
        super().__init__(house, clock, owner_url, PATIENCE)
        self._db, self._now, self._competent = house.db, clock, competent
        self._plain_agent: Any = create_agent(model, toolbox(end_at_once=False), context_schema=Thinking)
        self._known = Scenes()
        self.plain: list[Cost | None] = []

    async def _answer(self, world: World) -> None:
        brief = await self._brief(world)
        cost = None
        if brief:
            self._competent.prepare(brief)
            with contextlib.suppress(OpenAIError):
                cost = await self._ask_plainly(brief)
        self.plain.append(cost)
        await super()._answer(world)

    async def _brief(self, world: World) -> Brief | None:
        """What there is to think about; nothing when a human answers the thread."""
        now = self._now.now()
        async with self._db.transaction(world.shop.id) as tx:
            threads = await conversations.claim(tx, 1, now)
            if not threads or threads[0].handler == "human":
                return None
            scenes = await self._known.load(tx, await load_shop(tx), threads, now)
            (scene,) = await self._known.deepen(tx, scenes, now)
        state: graph.Turn = {"scene": scene}
        state |= await graph.hear(state)
        state |= await graph.read_node(state)
        return brief_of(scene, state["reading"], state["language"])

    async def _ask_plainly(self, brief: Brief) -> Cost:
        began = time.perf_counter()
        thinking = Thinking(brief)
        state = await self._plain_agent.ainvoke({"messages": messages_for(brief, set())}, context=thinking)
        answers = [message for message in state["messages"] if isinstance(message, AIMessage)]
        used = [answer.usage_metadata for answer in answers if answer.usage_metadata]
        tokens_in, tokens_out = sum(use["input_tokens"] for use in used), sum(use["output_tokens"] for use in used)
        return Cost(len(answers), tokens_in, tokens_out, time.perf_counter() - began)


async def bench_agent(config: Settings, *, names: Sequence[str], model: str | None, most: int, as_json: bool) -> int:
    """Play the suites (all of ours without names), at most ``most`` cases of each; 1 when a target is missed."""
    console = Console(stderr=True)
    competent = Competent()
    chosen = [load_suite(find_suite(name, config.data_dir)) for name in names or suites(config.data_dir)]
    ours: list[Cost] = []
    plain: list[Cost] = []
    left_out = 0
    async with _endpoint(config, model, competent) as endpoint:
        config = config.model_copy(
            update={
                "model_url": endpoint.url,
                "model_name": endpoint.name,
                "model_key": endpoint.key,
                "model_path": "tools",
                "burst_ms": 0,
                "database_url": None,
            }
        )
        for suite in chosen:
            console.print(f"{suite.name}: {min(most, len(suite.cases))} cases …")
            async for turn, beside in _play(suite, config, endpoint, competent, most):
                if beside is None:
                    left_out += 1
                    continue
                ours.append(turn)
                plain.append(beside)
    about: dict[str, Any] = {
        "suites": [suite.name for suite in chosen],
        "endpoint": model or DOUBLE,
        "turns_left_out": left_out,
    }
    result = about | _compared(ours, plain)
    if as_json:
        print_json(result)
    else:
        _show(Console(), result)
    return 0 if all(result["reached"].values()) else 1


@contextlib.asynccontextmanager
async def _endpoint(config: Settings, model: str | None, competent: Competent) -> AsyncIterator[ModelEndpoint]:
    given = Endpoint.read(model) if model else None
    if given:
        yield ModelEndpoint(url=given.url, name=given.name, key=config.model_key)
        return
    async with serving(ModelDouble(competent).app) as origin:
        yield ModelEndpoint(url=f"{origin}/v1", name=NAME, key=SecretStr("none"))


async def _play(
    suite: Suite, config: Settings, endpoint: ModelEndpoint, competent: Competent, most: int
) -> AsyncIterator[tuple[Cost, Cost | None]]:
    """Ours and the plain agent's cost of each turn."""
    server = await asyncio.to_thread(database_url, config)
    with fresh_database(server) as url:
        db = Database(url, size=4)
        await db.open()
        async with client(config.send_timeout) as http:
            clock = FrozenClock(suite.cases[0].now)
            house = House(config, db, keyring(config), clock, http)
            runner = Noting(house, clock, url, chat_model(endpoint, config), competent)
            playable = [case for case in suite.cases if case.turns and not case.voice]
            for number, case in enumerate(playable[:most]):
                runner.plain.clear()
                run = await runner.run(case, suite.shops[case.shop], f"bench-{number}")
                for turn, beside in zip(run.turns, runner.plain, strict=True):
                    yield Cost(turn.calls, turn.tokens_in, turn.tokens_out, turn.seconds), beside
        await db.close()


def _compared(ours: list[Cost], plain: list[Cost]) -> dict[str, Any]:
    house, beside = _mean(ours), _mean(plain)
    ratio = round(house["tokens"] / beside["tokens"], 3) if beside["tokens"] else 0.0
    return {
        "machine": {"cores": os.cpu_count()},
        "turns": len(ours),
        "turns_without_model": sum(turn.calls == 0 for turn in ours),
        "ours": house,
        "plain_create_agent": beside,
        "tokens_ratio": ratio,
        "targets": {"calls": MOST_CALLS, "tokens_ratio": MOST_TOKENS},
        "reached": {"calls": house["calls"] <= MOST_CALLS, "tokens_ratio": ratio <= MOST_TOKENS},
    }


def _mean(turns: list[Cost]) -> dict[str, Any]:
    """Means of a turn, and its time, which for ours includes all that a turn does besides."""
    number = max(1, len(turns))
    tokens_in, tokens_out = sum(turn.tokens_in for turn in turns), sum(turn.tokens_out for turn in turns)
    return {
        "calls": round(sum(turn.calls for turn in turns) / number, 3),
        "tokens_in": round(tokens_in / number, 1),
        "tokens_out": round(tokens_out / number, 1),
        "tokens": round((tokens_in + tokens_out) / number, 1),
        "ms": percentiles([turn.seconds for turn in turns], 1000, (50, 95)),
    }


def _show(console: Console, result: dict[str, Any]) -> None:
    table = Table(title=f"A turn, over {result['turns']} turns of {', '.join(result['suites'])}")
    for column in ("", "model calls", "tokens in", "tokens out", "ms p50", "ms p95"):
        table.add_column(column, justify="right" if column else "left")
    for name in ("ours", "plain_create_agent"):
        arm = result[name]
        figures = (arm["calls"], arm["tokens_in"], arm["tokens_out"], arm["ms"]["p50"], arm["ms"]["p95"])
        table.add_row(name.replace("_", " "), *(f"{figure:g}" for figure in figures))
    console.print(table)
    console.print(
        f"Without a model: {result['turns_without_model']} turns. Tokens to the plain agent's: {result['tokens_ratio']}"
    )
