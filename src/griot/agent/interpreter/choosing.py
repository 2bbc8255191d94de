"""Tool calls, as the interpreter writes them down."""

from collections.abc import Mapping
from typing import Any

from griot.agent.mind.models import ToolChoice

Choices = list[ToolChoice]


def choose(name: str, **args: Any) -> Choices:
    """One tool call; arguments that are None are left out."""
    return [ToolChoice(name, {key: value for key, value in args.items() if value is not None})]


def article(code: str, quantity: int | None = None, options: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A line of a tool call; without a number or options these are left out."""
    line: dict[str, Any] = {"code": code}
    if quantity is not None:
        line["quantity"] = quantity
    if options:
        line["options"] = dict(options)
    return line
