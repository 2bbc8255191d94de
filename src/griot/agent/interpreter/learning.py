"""The classifier of a shop: everybody's examples, and what its vendor has corrected."""

from functools import lru_cache

from griot.agent.interpreter.intents import Intents, intents


@lru_cache(maxsize=256)
def intents_with(corrections: tuple[tuple[str, str], ...]) -> Intents:
    """The classifier with these corrections, (words, intent), on top; made once for as long as they stay the same."""
    return intents().with_examples(corrections) if corrections else intents()
