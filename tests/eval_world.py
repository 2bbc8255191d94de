"""Cases of the tiny suite, run by the real runner with a mind that does as it is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from griot.agent.acts import Act
from griot.agent.mind.models import Brief, Decision, Usage
from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.core.house import House
from griot.core.settings import Settings
from griot.evals.cases import read_case
from griot.evals.models import Case, Kind, Place
from griot.evals.played import Run
from griot.evals.runner import Runner
from griot.evals.suite import load_suite

_NUMBERS = count(1)
TINY = Path(__file__).parent / "suites" / "tiny"


class ToldMind:
    """Decides what it was told to, message after message; the last of it again and again."""

    def __init__(self, *decisions: Sequence[Act], usage: Usage | None = None) -> None:
        self._decisions = list(decisions)
        self._usage = usage or Usage("told", calls=1, tokens_in=200, tokens_out=20, seconds=0.01)

    async def decide(self, brief: Brief) -> Decision:
        acts = self._decisions.pop(0) if len(self._decisions) > 1 else self._decisions[0]
        return Decision(tuple(acts), self._usage)


def case_of(**data: Any) -> Case:
    """A case in the shop `wax` of the tiny suite, unless it says otherwise."""
    suite = load_suite(TINY)
    kind: Kind = "dialogue" if "turns" in data else "turn"
    data = {"id": "case", "shop": "wax", "lang": "fr", "channel": "whatsapp", **data}
    return read_case(data, kind, suite.shops, Place("test", 1))


async def play(db: Database, case: Case, *decisions: Sequence[Act], usage: Usage | None = None) -> Run:
    """Run a case; messages that the reader is not certain of are decided as told."""
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    config = Settings(burst_ms=0)
    async with httpx.AsyncClient() as http:
        house = House(config, db, Keyring("k" * 40), clock, http)
        mind = ToldMind(*decisions, usage=usage) if decisions else None
        runner = Runner(house, clock, db.url, 20.0, (lambda _shop: mind) if mind else None)
        shop = load_suite(TINY).shops[case.shop]
        return await runner.run(case, shop, f"case-{next(_NUMBERS)}")
