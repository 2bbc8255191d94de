"""Two runs side by side: what got better, what worse, and whether chance alone may do that."""

import asyncio
from functools import lru_cache
from pathlib import Path

from griot.core.errors import GriotError
from griot.evals import kept
from griot.evals.comparing import comparison, verdict
from griot.evals.kept import Kept
from griot.evals.models import Json
from griot.evals.results import read_run
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown
from griot.ui.views.quality.runs import SHOWN
from griot.ui.views.quality.view import page
from griot.ui.views.quality.words import helpers, past

MAX_DROP = 0.02  # of the pass rate, as `griot eval gate` has it when nothing else is said
MOST = 40  # cases of a list


@page("compare")
async def compare(desk: Desk, at: Address) -> Shown:
    """``/quality/compare?a=…&b=…``: B beside A; without them, what can be chosen."""
    config, shop_id = desk.house.config, desk.access.shop_id
    runs = await asyncio.to_thread(kept.listed, config.data_dir, shop_id)
    a, b = at.get("a"), at.get("b")
    data = {
        **helpers(desk.language),
        "tab": "compare",
        "done": [run for run in runs if run.state == "done"][:SHOWN],
        "picked": (a, b),
        "most": MOST,
        "max_drop": MAX_DROP,
        "past": past,
        "pair": None,
        "trouble": "",
    }
    if a and b:
        pair = [await asyncio.to_thread(kept.find, config.data_dir, shop_id, name) for name in (a, b)]
        data |= await asyncio.to_thread(_beside, desk, *pair)
    return Shown("quality/compare_view.html", ("head", "choose", "compared"), data, desk.t("quality.compare"))


def _beside(desk: Desk, a: Kept, b: Kept) -> Json:
    try:
        document, judged = _compared(a.folder, b.folder)
    except GriotError:  # of different suites, or not at their ends
        return {"trouble": desk.t("quality.nothing_in_common")}
    return {"pair": (a, b), "compared": document, "verdict": judged}


@lru_cache(maxsize=16)
def _compared(a: Path, b: Path) -> tuple[Json, Json]:
    """Runs that have ended do not change."""
    lines_a, lines_b = read_run(a), read_run(b)
    return comparison(lines_a, lines_b, a.name, b.name), verdict(lines_a, lines_b, MAX_DROP)
