"""What no middleware of LangChain does: a turn's budget of tokens, and answers that cannot be used.

An answer that is empty, cut off, malformed or calls a tool that does not exist becomes an error here, so that the
fallback middleware around it treats it like an endpoint that is down.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import orjson
from langchain.agents.middleware.types import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.tool import ToolCall
from openai import LengthFinishReasonError

from griot.agent.mind.deciding import LONGEST_TEXT, usable
from griot.agent.mind.errors import Unusable
from griot.agent.mind.models import ToolChoice
from griot.agent.mind.offline import OfflineInterpreter
from griot.agent.mind.toolbox import LOOKUPS, Thinking, offered
from griot.core import logs, metrics

log = logs.get(__name__)

LETTERS_A_TOKEN = 4  # where an endpoint does not say what it used
MOST_TOKENS = 1_000_000  # of one answer; an endpoint that reports more is not believed
_LOOKS_LIKE_CODE = ("{", "[", "<", "```")

Handler = Callable[[ModelRequest[Thinking]], Awaitable[ModelResponse[Any]]]


class Bounds(AgentMiddleware[AgentState[Any], Thinking, Any]):
    """Counts what the model costs, stops it at ``turn_tokens``, and lets only answers through that can be used."""

    def __init__(self, turn_tokens: int) -> None:
        super().__init__()
        self._turn_tokens = turn_tokens

    async def awrap_model_call(self, request: ModelRequest[Thinking], handler: Handler) -> ModelResponse[Any]:
        if isinstance(request.model, OfflineInterpreter):
            return await handler(request)
        thinking = request.runtime.context
        try:
            if thinking.tokens >= self._turn_tokens:
                raise Unusable(f"the {self._turn_tokens} tokens of a turn are spent")
            thinking.calls += 1
            tools = offered(thinking.brief)
            response = await handler(request.override(tools=list(tools)))
        except Exception as error:
            _count(thinking, *_spent(error))
            _note(thinking, error)
            raise
        answer = response.result[-1]
        _count(thinking, *_used(request.messages, tools, answer))
        try:
            return replace(response, result=[_checked(answer, thinking.calls)])
        except Unusable as error:
            _note(thinking, error)
            raise


def _note(thinking: Thinking, error: Exception) -> None:
    thinking.trouble = f"{type(error).__name__}: {error}"[:300]
    metrics.FAR_END_ERRORS.labels("model").inc()
    log.warning("a model gave no answer that can be used", trouble=thinking.trouble)


def _count(thinking: Thinking, read: int, written: int) -> None:
    thinking.tokens_in += read
    thinking.tokens_out += written


def _used(asked: list[Any], tools: list[dict[str, Any]], answer: BaseMessage) -> tuple[int, int]:
    """Tokens read and written, as the endpoint says, or estimated where it says nothing or what cannot be."""
    used = answer.usage_metadata if isinstance(answer, AIMessage) else None
    read, written = (used["input_tokens"], used["output_tokens"]) if used else (0, 0)
    if 0 < read <= MOST_TOKENS and 0 <= written <= MOST_TOKENS:
        return read, written
    letters = sum(len(message.text) for message in asked) + len(orjson.dumps(tools))
    return letters // LETTERS_A_TOKEN, len(answer.text) // LETTERS_A_TOKEN


def _spent(error: Exception) -> tuple[int, int]:
    """What an answer cost that its reader refused; an endpoint that gave none does not say."""
    if isinstance(error, Unusable) and error.usage:
        return error.usage["input_tokens"], error.usage["output_tokens"]
    if isinstance(error, LengthFinishReasonError) and error.completion.usage:
        return error.completion.usage.prompt_tokens, error.completion.usage.completion_tokens
    return 0, 0


def _checked(answer: BaseMessage, round_: int) -> AIMessage:
    """The answer with the calls that can be used; ``Unusable`` when there is nothing in it."""
    if not isinstance(answer, AIMessage):
        raise Unusable("the model answered with something else than a message")
    calls = [_numbered(call, f"{round_}_{place}") for place, call in enumerate(answer.tool_calls) if _usable(call)]
    deciding = [call for call in calls if call["name"] not in LOOKUPS]
    if deciding or calls:
        return answer.model_copy(update={"content": "", "tool_calls": deciding or calls, "invalid_tool_calls": []})
    if answer.tool_calls or answer.invalid_tool_calls:
        raise Unusable("the model called a tool that does not exist, or with arguments of the wrong shape")
    words = answer.text.strip()
    if not words:
        raise Unusable("the model's answer is empty")
    if len(words) > LONGEST_TEXT or answer.response_metadata.get("finish_reason") == "length":
        raise Unusable("the model's answer is too long or cut off")
    if words.startswith(_LOOKS_LIKE_CODE):
        raise Unusable("the model wrote code or data instead of words")
    return answer


def _usable(call: ToolCall) -> bool:
    if call["name"] in LOOKUPS:
        return isinstance(call["args"].get("query"), str)
    return usable(ToolChoice(call["name"], call["args"]))


def _numbered(call: ToolCall, number: str) -> ToolCall:
    """With an id of its own, which some endpoints leave out or give twice."""
    return {**call, "id": f"call_{number}"}
