"""A mind that asks a language model: LangChain's agent within bounds, the offline interpreter behind it.

model -> (error, 429, refused)         retry once, then the interpreter     ModelRetry-, ModelFallbackMiddleware
      -> (unusable answer, budget)     the interpreter                      Bounds, ModelFallbackMiddleware
      -> (looks up without end)        the interpreter                      ModelCall-, ToolCallLimitMiddleware
      -> (no answer in time)           the interpreter                      the deadline around all of it
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelFallbackMiddleware,
    ModelRetryMiddleware,
    ToolCallLimitMiddleware,
)
from langchain_core.exceptions import ModelError, ModelTimeoutError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage

from griot.agent.acts import Act
from griot.agent.mind.allowance import Allowance, Breaker
from griot.agent.mind.bounds import Bounds
from griot.agent.mind.deciding import decision, to_acts
from griot.agent.mind.models import Brief, Decision, Usage
from griot.agent.mind.offline import AUTHOR, OFFLINE, OfflineInterpreter, OfflineMind, choices_in
from griot.agent.mind.prompting import messages_for
from griot.agent.mind.toolbox import Thinking, toolbox
from griot.core import logs, metrics

log = logs.get(__name__)

TOOL_CALLS = 12  # of one turn
RETRIES = 1
RETRY_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a turn may cost: model answers, tokens read and written, seconds."""

    calls: int
    tokens: int
    seconds: float


class Thinker:
    """A model with its agent and bounds, shared by all shops that use its endpoint. ``name``: for the records."""

    def __init__(self, name: str, model: BaseChatModel, limits: Limits) -> None:
        self.name = name
        self.seconds = limits.seconds
        self.agent = build_agent(model, limits)
        self.breaker = Breaker()


class LanguageMind:
    """Decides with a language model; what it cannot decide within its bounds, the offline interpreter does."""

    def __init__(self, thinker: Thinker, allowance: Allowance) -> None:
        self._thinker = thinker
        self._allowance = allowance
        self._offline = OfflineMind()

    async def decide(self, brief: Brief) -> Decision:
        began = time.perf_counter()
        today = brief.shop.now.date()
        thinking = Thinking(brief)
        acts: tuple[Act, ...] = ()
        decided_by = OFFLINE
        if self._allowance.left(today) and self._thinker.breaker.closed():
            answers = await self._ask(thinking)
            decided_by = _author(answers, self._thinker.name)
            self._thinker.breaker.note(failed=decided_by == OFFLINE)
            acts = to_acts(choices_in(answers), brief, thinking.known if decided_by != OFFLINE else None)
            self._allowance.spend(today, thinking.tokens)
        if not acts:
            decided_by = OFFLINE
            acts = (await self._offline.decide(brief)).acts
        usage = Usage(
            decided_by,
            thinking.calls,
            thinking.tokens_in,
            thinking.tokens_out,
            time.perf_counter() - began,
            fell_back=decided_by == OFFLINE,
        )
        return decision(acts, brief, usage)

    async def _ask(self, thinking: Thinking) -> list[BaseMessage]:
        """The messages of the agent's run; none when it came to nothing."""
        try:
            async with asyncio.timeout(self._thinker.seconds):
                messages = messages_for(thinking.brief, thinking.known)
                state = await self._thinker.agent.ainvoke({"messages": messages}, context=thinking)
        except Exception as error:
            metrics.FAR_END_ERRORS.labels("model").inc()
            log.warning("a model did not decide", trouble=thinking.trouble, exc_info=error)
            return []
        answers: list[BaseMessage] = state["messages"]
        return answers


def build_agent(model: BaseChatModel, limits: Limits) -> Any:
    """LangChain's agent with the house's tools. Runs on ``messages_for`` with a ``Thinking`` as its context."""
    bounds: list[AgentMiddleware[Any, Thinking, Any]] = [
        ModelCallLimitMiddleware(run_limit=limits.calls, exit_behavior="error"),
        ToolCallLimitMiddleware(run_limit=TOOL_CALLS, exit_behavior="error"),
        ModelFallbackMiddleware(OfflineInterpreter()),
        ModelRetryMiddleware(max_retries=RETRIES, retry_on=_may_pass, on_failure="error", initial_delay=RETRY_SECONDS),
        Bounds(limits.tokens),
    ]
    return create_agent(model, toolbox(), middleware=bounds, context_schema=Thinking)


def _may_pass(error: Exception) -> bool:
    """Worth a second try: a busy or broken endpoint. One that was too slow already has had its time."""
    return isinstance(error, ModelError) and error.is_retryable and not isinstance(error, ModelTimeoutError)


def _author(answers: list[BaseMessage], model: str) -> str:
    last = next((message for message in reversed(answers) if isinstance(message, AIMessage)), None)
    return OFFLINE if last is None or AUTHOR in last.response_metadata else model
