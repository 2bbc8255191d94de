"""Tool calls, as the interpreter writes them down."""

from typing import Any

from griot.agent.mind.models import ToolChoice

Choices = list[ToolChoice]


def choose(name: str, **args: Any) -> Choices:
    """One tool call; arguments that are None are left out."""
    return [ToolChoice(name, {key: value for key, value in args.items() if value is not None})]
