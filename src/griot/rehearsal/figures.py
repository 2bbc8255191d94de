"""Figures of a run."""

from collections.abc import Sequence


def percentiles(values: Sequence[float], scale: float, which: tuple[int, ...]) -> dict[str, float]:
    """``{"p50": …}`` of values times ``scale``, by nearest rank; zeros when there are none."""
    ordered = sorted(values)
    if not ordered:
        return {f"p{p}": 0.0 for p in which}
    return {f"p{p}": round(scale * ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 3) for p in which}
