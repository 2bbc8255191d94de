"""A case as it went: what the runner sees, and the results are graded from."""

from dataclasses import dataclass

from griot.evals.grading import Turned
from griot.evals.models import Json


@dataclass(frozen=True, slots=True)
class Played:
    """A turn with what it cost; ``wrong``: what in the reply made each flag of its words. Seconds of the machine."""

    said: str
    turned: Turned
    seconds: float
    calls: int
    tokens_in: int
    tokens_out: int
    model: str
    wrong: Json


@dataclass(frozen=True, slots=True)
class Run:
    """A case as it went; ``end``: how it ended, in the words of ``final``."""

    turns: tuple[Played, ...]
    end: Json
