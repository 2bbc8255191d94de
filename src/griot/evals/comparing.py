"""Two runs side by side, and whether one may take the place of the other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

from griot.core.errors import InvalidInput
from griot.evals.models import Json
from griot.evals.stats import summary

SURE = 0.05  # a loss that chance alone brings about less often than this is believed


def by_case(lines: Sequence[Json]) -> dict[str, list[Json]]:
    """The trials of each case that was run, in the order of the run."""
    found: dict[str, list[Json]] = defaultdict(list)
    for line in lines:
        if line["pass"] is not None:
            found[line["id"]].append(line)
    return dict(found)


def comparison(a: Sequence[Json], b: Sequence[Json], name_a: str, name_b: str) -> Json:
    """What changed from A to B: figures, and the cases that pass less or more often, with a trial of each side."""
    cases_a, cases_b = by_case(a), by_case(b)
    both = [case for case in cases_a if case in cases_b]
    changes = [(case, share(cases_b[case]) - share(cases_a[case])) for case in both]
    return {
        "a": name_a,
        "b": name_b,
        "cases": len(both),
        "figures": _figures(summary(a, {}), summary(b, {})),
        "worse": [_pair(case, cases_a, cases_b) for case, change in changes if change < 0],
        "better": [_pair(case, cases_a, cases_b) for case, change in changes if change > 0],
        "only_a": [case for case in cases_a if case not in cases_b],
        "only_b": [case for case in cases_b if case not in cases_a],
    }


def share(trials: Sequence[Json]) -> float:
    """How many of a case's trials pass, as a share."""
    return sum(bool(line["pass"]) for line in trials) / len(trials)


def _pair(case: str, a: Mapping[str, list[Json]], b: Mapping[str, list[Json]]) -> Json:
    """The trials to look at: on the side that lost one that failed, on the other one that passed."""
    worse = share(b[case]) < share(a[case])
    return {
        "id": case,
        "pass_a": round(share(a[case]), 4),
        "pass_b": round(share(b[case]), 4),
        "a": next(line for line in a[case] if bool(line["pass"]) == worse),
        "b": next(line for line in b[case] if bool(line["pass"]) != worse),
    }


def _figures(a: Json, b: Json) -> list[Json]:
    rows: list[tuple[str, Any, Any, str]] = []
    for kind in ("turns", "dialogues"):
        for key in ("pass", "strict"):
            rows.append((f"{kind}: {key}", a[kind][key]["rate"], b[kind][key]["rate"], "share"))
    for name in ("violations", "wrong_prices", "prompt_leaks"):
        rows.append((name.replace("_", " "), a[name], b[name], "number"))
    for name in ("calls_per_turn", "tokens_per_turn"):
        rows.append((name.replace("_", " "), a["cost"][name], b["cost"][name], "number"))
    for name in ("p50", "p95"):
        rows.append((f"latency {name} (ms)", a["latency"]["all"][name], b["latency"]["all"][name], "number"))
    return [{"name": name, "a": x, "b": y, "difference": _difference(x, y), "unit": unit} for name, x, y, unit in rows]


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else round(b - a, 4)


def verdict(a: Sequence[Json], b: Sequence[Json], max_drop: float) -> Json:
    """Whether B may take the place of A (the rule: docs/reference/evals.md).

    B does not pass when its pass rate over the cases of both lies more than ``max_drop`` below A's and an exact paired
    test (McNemar, one-sided) says that chance alone would do this in less than 5 % of the comparisons; when it does
    something forbidden that A did not do in that case; or when it leaves out cases of A. ``InvalidInput`` without a
    case in common.
    """
    cases_a, cases_b = by_case(a), by_case(b)
    both = [case for case in cases_a if case in cases_b]
    if not both:
        raise InvalidInput("The two runs have no case in common: compare runs of the same suite.")
    changes = [share(cases_b[case]) - share(cases_a[case]) for case in both]
    drop = -sum(changes) / len(both)
    worse, better = sum(change < 0 for change in changes), sum(change > 0 for change in changes)
    chance = chance_of(worse, better)
    lost = drop > max_drop + 1e-9 and chance <= SURE
    forbidden = [
        f"{violation} in {case}"
        for case, trials in cases_b.items()
        for violation in sorted(_forbidden(trials) - _forbidden(cases_a.get(case, [])))
    ]
    missing = [case for case in cases_a if case not in cases_b]
    reasons = [_told(drop, max_drop, worse, better, chance)]
    if forbidden:
        reasons.append(f"B does what is forbidden and A did not do: {'; '.join(forbidden)}.")
    if missing:
        reasons.append(f"B left out {len(missing)} cases of A: {', '.join(missing[:10])}.")
    return {
        "passed": not (lost or forbidden or missing),
        "reasons": reasons,
        "cases": len(both),
        "drop": round(drop, 4),
        "max_drop": max_drop,
        "worse": worse,
        "better": better,
        "p": round(chance, 4),
        "new_violations": forbidden,
        "missing": missing,
    }


def _told(drop: float, max_drop: float, worse: int, better: int, chance: float) -> str:
    seen = f"{worse} cases pass less often, {better} more often (p = {chance:.3f})"
    if drop <= max_drop + 1e-9:
        way = "lost" if drop > 0 else "gained"
        return f"The pass rate {way} {100 * abs(drop):.1f} points, {100 * max_drop:.1f} may be lost: {seen}."
    if chance <= SURE:
        return f"The pass rate lost {100 * drop:.1f} points, more than {100 * max_drop:.1f}: {seen}."
    return f"The pass rate lost {100 * drop:.1f} points, but chance alone may do that: {seen}."


def _forbidden(trials: Sequence[Json]) -> set[str]:
    flags = {flag for line in trials for flag in line["flags"] if flag in ("price:wrong", "leak:prompt")}
    return flags | {violation for line in trials for violation in line["violations"]}


def chance_of(worse: int, better: int) -> float:
    """How likely at least so many of the changed cases are worse, were worse and better equally likely."""
    n = worse + better
    return float(sum(comb(n, k) for k in range(worse, n + 1)) / 2**n) if n else 1.0
