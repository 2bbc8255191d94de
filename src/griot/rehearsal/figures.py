"""Figures of a run."""

import sys
from collections.abc import Sequence
from typing import Any

import orjson


def percentiles(values: Sequence[float], scale: float, which: tuple[int, ...]) -> dict[str, float]:
    """``{"p50": …}`` of values times ``scale``, by nearest rank; zeros when there are none."""
    ordered = sorted(values)
    if not ordered:
        return {f"p{p}": 0.0 for p in which}
    return {f"p{p}": round(scale * ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 3) for p in which}


def print_json(result: Any) -> None:
    """Figures as one JSON document on standard output."""
    sys.stdout.buffer.write(orjson.dumps(result, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
