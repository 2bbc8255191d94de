"""What a search finds."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hit:
    """``key``: a product code or the key of an FAQ entry. ``score``: 0 to 1, comparable between queries.

    ``why`` names the evidence, such as ``title: robe≈robes`` or ``meaning 0.71``.
    """

    key: str
    title: str
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A product named in a message.

    ``start`` and ``end`` are offsets of the name, from its first word to its last. ``spans`` are the offsets of every
    word that is spoken for, those of options included. ``options``: axis -> value as the catalogue spells it.
    ``alternatives``: every code that goes by this name, ``code`` among them; empty when only one does.
    """

    code: str
    start: int
    end: int
    score: float
    options: dict[str, str] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
