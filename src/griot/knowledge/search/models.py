"""What a search finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """``key``: a product code or the key of an FAQ entry. ``score``: 0 to 1, comparable between queries.

    ``why`` names the evidence, such as ``title: robe≈robes`` or ``meaning 0.71``.
    """

    key: str
    title: str
    score: float
    why: str = ""
