"""The offline interpreter as a chat model: rules and examples behind the interface every model has. No network."""

import time
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from griot.agent.acts import Act
from griot.agent.mind.deciding import decision, to_acts
from griot.agent.mind.models import Brief, Decision, ToolChoice, Usage
from griot.agent.mind.prompting import BRIEF, brief_in
from griot.core import logs

log = logs.get(__name__)

OFFLINE = "offline"
AUTHOR = "griot_author"  # in the metadata of an answer that is the interpreter's


class OfflineInterpreter(BaseChatModel):
    """Emits the tool calls that a model would, from the brief that the last message carries. The same every time."""

    @property
    def _llm_type(self) -> str:
        return OFFLINE

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """It knows the house's tools by heart."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        from griot.agent.interpreter import interpret

        return answering(interpret(brief_in(messages)), {AUTHOR: OFFLINE})

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """At once, in the event loop: a hop to a thread would cost more than the answer."""
        return self._generate(messages)


class OfflineMind:
    """Decides by rules and examples alone. Asks the interpreter directly: an agent around it would cost 2 ms a turn."""

    def __init__(self) -> None:
        self._model = OfflineInterpreter()

    async def decide(self, brief: Brief) -> Decision:
        began = time.perf_counter()
        acts: tuple[Act, ...] = ()
        try:
            answer = await self._model.ainvoke([HumanMessage(brief.text, additional_kwargs={BRIEF: brief})])
            acts = to_acts(choices_in([answer]), brief)
        except Exception as error:
            log.error("the offline interpreter failed", exc_info=error)
        return decision(acts, brief, Usage(OFFLINE, seconds=time.perf_counter() - began))


def answering(
    choices: Sequence[ToolChoice], metadata: dict[str, Any], usage: UsageMetadata | None = None
) -> ChatResult:
    """Choices as the answer of a chat model."""
    message = AIMessage(
        content="",
        tool_calls=[{"name": c.name, "args": dict(c.args), "id": f"call_{n}"} for n, c in enumerate(choices)],
        response_metadata=metadata,
        usage_metadata=usage,
    )
    return ChatResult(generations=[ChatGeneration(message=message)])


def choices_in(messages: Sequence[BaseMessage]) -> list[ToolChoice]:
    """What the last answer among these messages chose; words without a tool are something to say."""
    answer = next((message for message in reversed(messages) if isinstance(message, AIMessage)), None)
    if answer is None:
        return []
    if answer.tool_calls:
        return [ToolChoice(call["name"], call["args"]) for call in answer.tool_calls]
    words = answer.text.strip()
    return [ToolChoice("say", {"text": words})] if words else []
