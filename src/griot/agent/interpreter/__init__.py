"""The offline interpreter: rules and examples that decide like a model does."""

from griot.agent.interpreter.policy import interpret
from griot.agent.interpreter.warming import warm

__all__ = ["interpret", "warm"]
