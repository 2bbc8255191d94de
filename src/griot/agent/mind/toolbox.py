"""The tools of a mind: what a model may call, each a typed LangChain tool.

Two of them look something up while the model thinks. All others decide: they do nothing by themselves, end the thinking
at once, and what was called becomes acts (``deciding``) that the turn checks and carries out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.prebuilt import ToolRuntime

from griot.agent.mind import arguments as shapes
from griot.agent.mind.arguments import DECIDING
from griot.agent.mind.models import Brief
from griot.knowledge.search.models import Hit

NOTED = "noted"
FOUND = 5  # results of a look-up


@dataclass(slots=True)
class Thinking:
    """What one turn thinks about, and what that has cost so far.

    ``known``: the product codes that the model has been shown; it may name no other. ``trouble``: what went wrong last.
    """

    brief: Brief
    known: set[str] = field(default_factory=set)
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    trouble: str = ""

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


LOOKUPS = frozenset({"search_catalogue", "search_faq"})


async def search_catalogue(query: str, runtime: ToolRuntime[Thinking, Any]) -> str:
    thinking = runtime.context
    found = thinking.brief.find.products(query, FOUND)
    thinking.known.update(hit.key for hit in found)
    return _listed(found, "code")


async def search_faq(query: str, runtime: ToolRuntime[Thinking, Any]) -> str:
    return _listed(runtime.context.brief.find.faq(query, FOUND), "key")


def _listed(found: Sequence[Hit], name: str) -> str:
    return orjson.dumps([{name: hit.key, "title": hit.title} for hit in found]).decode()


async def _note(**_: Any) -> str:
    return NOTED


@cache
def toolbox(*, end_at_once: bool = True) -> tuple[BaseTool, ...]:
    """All tools. ``end_at_once`` False: after a deciding tool the model is asked again, as agents usually do."""
    lookups = [
        StructuredTool.from_function(
            coroutine=search_catalogue, description="Find products that data does not show.", args_schema=shapes.Search
        ),
        StructuredTool.from_function(
            coroutine=search_faq, description="Find FAQ answers that data does not show.", args_schema=shapes.Search
        ),
    ]
    deciding = [
        StructuredTool.from_function(
            coroutine=_note, name=name, description=says, args_schema=shape, return_direct=end_at_once
        )
        for name, (shape, says) in DECIDING.items()
    ]
    return (*lookups, *deciding)


def offered(brief: Brief) -> list[dict[str, Any]]:
    """The tools that can mean something in this turn, in the form in which they go over the wire."""
    if brief.quote:
        return _wire_form(frozenset())
    return _wire_form(_ABOUT_QUOTES if brief.orders else _ABOUT_QUOTES | _ABOUT_WHAT_IS_HELD)


_ABOUT_QUOTES = frozenset({"accept_quote"})
_ABOUT_WHAT_IS_HELD = frozenset({"swap", "wanted_on"})


@cache
def _wire_form(without: frozenset[str]) -> list[dict[str, Any]]:
    """Made once for each selection: LangChain would make it anew for every call, which takes 12 ms."""
    return [convert_to_openai_tool(tool) for tool in toolbox() if tool.name not in without]
