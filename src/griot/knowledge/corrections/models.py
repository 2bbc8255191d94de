"""A correction, as every room reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """``words`` of a buyer, and the intent that they had: a file of ``prompts/examples`` without its ending."""

    id: int
    words: str
    intent: str
