"""One structured decision instead of tool calls, for small local models that keep to a schema but call tools badly.

The product codes of the shortlist, its option values and the FAQ keys are enums: a model held by the schema cannot name
anything else. What it answers becomes the same tool calls, and is checked like any.
"""

from collections.abc import Sequence
from typing import Any, get_args

import orjson
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable

from griot.agent.acts import Courtesy, IntakeKind, Means, Question, Refusal
from griot.agent.mind.arguments import Reason
from griot.agent.mind.errors import Unusable
from griot.agent.mind.models import Brief, ToolChoice
from griot.agent.mind.offline import answering
from griot.agent.mind.prompting import answers_found, brief_in, piece, shortlist

# The words that small models know best, and the tools they stand for.
_RENAMED = {"order": "hold", "product_info": "show_products", "faq_answer": "answer_faq"}
_PLAIN = (
    *_RENAMED, "quote", "pay", "swap", "cancel", "order_status", "greet", "accept_quote", "notify_when_back",
    "wanted_on", "use_promotion", "say",
)  # fmt: skip
_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pay": ("means", get_args(Means)),
    "refuse": ("what", get_args(Refusal)),
    "escalate": ("reason", get_args(Reason)),
    "clarify": ("question", get_args(Question)),
    "intake": ("kind", get_args(IntakeKind)),
    "small_talk": ("kind", get_args(Courtesy)),
}
ACTIONS = (*_PLAIN, *(f"{tool}:{kind}" for tool, (_, kinds) in _KINDS.items() for kind in kinds))
_TEXT: dict[str, Any] = {"type": "string"}


class SchemaChat(BaseChatModel):
    """Any chat model that can be held to a JSON schema (``response_format``), asked for one decision a turn."""

    inner: BaseChatModel

    @property
    def _llm_type(self) -> str:
        return "schema-chat"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """The schema says what can be chosen; tools are not sent."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        brief = brief_in(messages)
        return _read(self.inner.invoke(_asking(messages), response_format=response_format(brief)), brief)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        brief = brief_in(messages)
        return _read(await self.inner.ainvoke(_asking(messages), response_format=response_format(brief)), brief)


def response_format(brief: Brief) -> dict[str, Any]:
    """The schema of one decision about this brief, as OpenAI's ``response_format``."""
    codes = shortlist(brief)
    values = {value for code in codes for options in brief.codes.variants(code) for value in options.values()}
    keys = answers_found(brief)
    item = {"code": {"enum": codes}, "quantity": {"type": "integer"}, "options": _list_of(sorted(values))}
    fields: dict[str, Any] = {"action": {"type": "string", "enum": list(ACTIONS)}}
    if codes:
        fields["items"] = {"type": "array", "items": _object(item if values else {**item, "options": None})}
    if keys:
        fields["faq"] = {"type": "string", "enum": ["", *keys]}
    fields |= {"date": _TEXT, "time": _TEXT, "text": _TEXT}
    return {"type": "json_schema", "json_schema": {"name": "decision", "strict": True, "schema": _object(fields)}}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    present = {name: field for name, field in fields.items() if field}
    return {"type": "object", "properties": present, "required": list(present), "additionalProperties": False}


def _list_of(values: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": values}}


def _asking(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    first, *rest = messages
    return [SystemMessage(f"{first.text}\n{piece('schema')}"), *rest]


def _read(answer: BaseMessage, brief: Brief) -> ChatResult:
    usage = answer.usage_metadata if isinstance(answer, AIMessage) else None
    try:
        decision = orjson.loads(answer.text.encode())
    except orjson.JSONDecodeError:
        raise Unusable("the answer is not the JSON that was asked for", usage) from None
    if isinstance(decision, dict) and decision.get("time") == f"{brief.shop.now:%H:%M}":
        decision["time"] = ""  # copied from the data, as small models do
    choice = choice_of(decision) if isinstance(decision, dict) else None
    if choice is None:
        raise Unusable("the answer names no action that exists", usage)
    return answering([choice], answer.response_metadata, usage)


def choice_of(decision: dict[str, Any]) -> ToolChoice | None:
    """The tool call that a structured decision stands for; None when its action is none of ours."""
    action = str(decision.get("action"))
    if action not in ACTIONS:
        return None
    name, _, kind = action.partition(":")
    tool = _RENAMED.get(name, name)
    given = decision.get("items")
    items = [_line(item) for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    text, day, hour = (str(decision.get(name) or "").strip() for name in ("text", "date", "time"))
    first = items[0] if items else {}
    match tool:
        case "show_products":
            args: dict[str, Any] = {"codes": [item["code"] for item in items]}
        case "hold":
            args = {"lines": items, "wanted_on": day, "wanted_at": hour}
        case "quote":
            args = {"lines": items, "wanted_on": day}
        case "swap":
            old = items[1]["code"] if len(items) > 1 else None
            args = {"code": old, "new_code": first.get("code"), "new_options": first.get("options")}
            args["quantity"] = first.get("quantity")
        case "cancel":
            args = {name: first[name] for name in ("code", "options") if name in first}
        case "notify_when_back":
            args = dict(first)
        case "answer_faq":
            args = {"key": decision.get("faq")}
        case "wanted_on":
            args = {"on": day, "at": hour}
        case "use_promotion":
            args = {"code": text}
        case "say":
            args = {"text": text}
        case "pay":
            args = {"means": kind}
        case "intake":
            args = {"kind": kind, "fields": {"text": text, "request": text, "date": day, "time": hour}}
        case "escalate":
            args = {"reason": kind, "summary": text}
        case "clarify":
            args = {"question": kind, "codes": [item["code"] for item in items], "quantity": first.get("quantity")}
        case "refuse" | "small_talk":
            args = {_KINDS[tool][0]: kind}
        case _:
            args = {}
    return ToolChoice(tool, args)


def _line(item: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"code": item.get("code")}
    if item.get("quantity"):
        line["quantity"] = item["quantity"]
    if item.get("options"):
        line["options"] = item["options"]
    return line
