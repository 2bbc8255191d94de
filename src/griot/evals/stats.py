"""What a run says, in numbers. Intervals are at 95 % and clustered by case: trials of one case are not new cases."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import comb, sqrt
from typing import Any

from griot.evals.grading import acts
from griot.evals.models import Json

_Z = 1.959964


def summary(lines: Sequence[Json], about: Mapping[str, Any], price: tuple[float, float] | None = None) -> Json:
    """The document that ``griot eval run --json`` prints. ``about``: suite, model and the like, put in front.

    ``price``: of a million tokens read and written, in the currency that the caller has in mind.
    """
    ran = [line for line in lines if line["pass"] is not None]
    turns = [line for line in ran if line["kind"] == "turn"]
    dialogues = [line for line in ran if line["kind"] == "dialogue"]
    violations = list(_violations(ran))
    return {
        **about,
        "cases": len({line["id"] for line in lines}),
        "turns": _rates(turns),
        "dialogues": _rates(dialogues),
        "all": _rates(ran),
        "violations": len(violations),
        "violations_by_kind": Counter(item["violation"] for item in violations),
        "violation_list": violations,
        "wrong_prices": sum("price:wrong" in line["flags"] for line in ran),
        "prompt_leaks": sum("leak:prompt" in line["flags"] for line in ran),
        "skipped": Counter(line["skipped"] for line in lines if line.get("skipped")),
        "errors": [
            {"id": line["id"], "trial": line["trial"], "what": line["error"]} for line in ran if line.get("error")
        ],
        "slices": {
            "language": _slices(turns, lambda line: [line["lang"]]),
            "language_dialogues": _slices(dialogues, lambda line: [line["lang"]]),
            "tag": _slices(ran, lambda line: line["tags"]),
            "shop": _slices(ran, lambda line: [line["shop"]]),
            "action": _slices(turns, lambda line: [_expected(line)]),
            "channel": _slices(ran, lambda line: [line["channel"]]),
        },
        "confusion": _confusion(turns),
        "arguments": _arguments(ran),
        "reply_language": _languages(ran),
        "pass_k": _pass_k(ran),
        "cost": _cost(ran, price),
        "latency": _latency(ran),
    }


def _rates(lines: Sequence[Json]) -> Json:
    """``pass`` and ``strict``, each with rate and interval."""
    return {"n": len({line["id"] for line in lines}), "pass": rate(lines, "pass"), "strict": rate(lines, "strict")}


def rate(lines: Iterable[Json], key: str) -> Json:
    """The share of lines with a true ``key``, and where it lies: ``{"rate", "low", "high"}``; None without lines.

    Each case counts once, with the mean of its trials. The interval is Wilson's for as many independent cases as the
    variance between cases says there are.
    """
    by_case: dict[str, list[bool]] = defaultdict(list)
    for line in lines:
        by_case[line["id"]].append(bool(line[key]))
    means = [sum(trials) / len(trials) for trials in by_case.values()]
    if not means:
        return {"rate": None, "low": None, "high": None}
    n, mean = len(means), sum(means) / len(means)
    spread = sum((own - mean) ** 2 for own in means) / (n - 1) if n > 1 else 0.0
    effective = float(n)
    if 0 < mean < 1:
        most = float(sum(len(trials) for trials in by_case.values()))
        effective = min(max(mean * (1 - mean) * n / spread, n), most) if spread else most
    low, high = wilson(mean, effective)
    return {"rate": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}


def wilson(share: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in ``n`` cases."""
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _slices(lines: Sequence[Json], names: Callable[[Json], Iterable[str]]) -> dict[str, Json]:
    parts: dict[str, list[Json]] = defaultdict(list)
    for line in lines:
        for name in names(line):
            parts[name].append(line)
    return {name: _rates(part) for name, part in sorted(parts.items(), key=lambda item: (-len(item[1]), item[0]))}


def _expected(line: Json) -> str:
    return str((line.get("expect") or {}).get("action") or "none")


def _confusion(turns: Sequence[Json]) -> dict[str, dict[str, int]]:
    """Expected action -> what was done instead: itself when it was among the effects, else the first effect."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for line in turns:
        expected = _expected(line)
        if expected == "none":
            continue
        done = [effect["action"] for effect in line["effects"]]
        right = acts(line["effects"], expected)
        table[expected]["error" if line.get("error") else expected if right else done[0] if done else "nothing"] += 1
    return {expected: dict(row.most_common()) for expected, row in sorted(table.items())}


def _arguments(lines: Sequence[Json]) -> dict[str, Json]:
    """By argument: how often it was asked for where the action was right, and how often it was met."""
    asked: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for graded in _graded(lines):
        for name, right in graded["arguments"].items():
            asked[name] += 1
            met[name] += right
    return {name: {"n": n, "right": met[name], "rate": round(met[name] / n, 4)} for name, n in asked.most_common()}


def _graded(lines: Iterable[Json]) -> Iterable[Json]:
    for line in lines:
        if line["kind"] == "turn":
            yield line if "arguments" in line else line | {"arguments": {}}
        else:
            yield from line["turns"]


def _languages(lines: Sequence[Json]) -> Json:
    """Replies in the language asked for, where one is asked for and the reply tells one."""
    asked = right = 0
    for line in lines:
        expects = [line.get("expect")] if line["kind"] == "turn" else line.get("expect") or []
        replies = [line] if line["kind"] == "turn" else line["turns"]
        for expect, reply in zip(expects, replies, strict=False):
            wanted = (expect or {}).get("reply_lang")
            if wanted and reply.get("reply_lang"):
                asked += 1
                right += reply["reply_lang"] in ([wanted] if isinstance(wanted, str) else wanted)
    return {"n": asked, "right": right, "rate": round(right / asked, 4) if asked else None}


def _violations(lines: Iterable[Json]) -> Iterable[Json]:
    for line in lines:
        for violation in line["violations"]:
            yield {"id": line["id"], "trial": line["trial"], "violation": violation, "shop": line["shop"]}


def _pass_k(lines: Sequence[Json]) -> dict[str, float]:
    """For each k: how likely k trials of a case all pass, without bias from which trials were drawn."""
    by_case: dict[str, list[bool]] = defaultdict(list)
    for line in lines:
        by_case[line["id"]].append(bool(line["pass"]))
    if not by_case:
        return {}
    most = min(len(trials) for trials in by_case.values())
    return {
        str(k): round(sum(comb(sum(trials), k) / comb(len(trials), k) for trials in by_case.values()) / len(by_case), 4)
        for k in range(1, most + 1)
    }


def _each_turn(lines: Iterable[Json]) -> Iterable[Json]:
    for line in lines:
        yield from [line] if line["kind"] == "turn" else line["turns"]


def _later(lines: Iterable[Json]) -> Iterable[Json]:
    return (turn for line in lines if line["kind"] == "dialogue" for turn in line["turns"][1:])


def _cost(lines: Sequence[Json], price: tuple[float, float] | None) -> Json:
    turns = [turn for turn in _each_turn(lines) if turn.get("latency_ms") is not None]
    count = len(turns) or 1
    read, written = sum(turn["tokens_in"] for turn in turns), sum(turn["tokens_out"] for turn in turns)
    calls = sum(turn["model_calls"] for turn in turns)
    cost = {
        "model_calls": calls,
        "calls_per_turn": round(calls / count, 3),
        "tokens_in": read,
        "tokens_out": written,
        "tokens_per_turn": round((read + written) / count, 1),
    }
    if price:
        money = (read * price[0] + written * price[1]) / 1_000_000
        cost |= {"price": round(money, 4), "price_per_1000_turns": round(1000 * money / count, 4)}
    return cost


def _latency(lines: Sequence[Json]) -> Json:
    """Milliseconds of a turn, from the message stored to the reply committed.

    ``later``: the turns of dialogues after the first, whose shop's catalogue the worker has read already.
    """
    turns = [turn for turn in _each_turn(lines) if turn.get("latency_ms") is not None]
    alone = [turn["latency_ms"] for turn in turns if turn["model_calls"] == 0]
    return {
        "all": _percentiles([turn["latency_ms"] for turn in turns]),
        "without_model": _percentiles(alone),
        "without_model_later": _percentiles([turn["latency_ms"] for turn in _later(lines) if turn["model_calls"] == 0]),
        "with_model": _percentiles([turn["latency_ms"] for turn in turns if turn["model_calls"]]),
    }


def _percentiles(values: Sequence[float]) -> Json:
    ordered = sorted(values)
    if not ordered:
        return {"n": 0, "p50": None, "p95": None}
    return {
        "n": len(ordered),
        "p50": ordered[max(0, -(-len(ordered) * 50 // 100) - 1)],
        "p95": ordered[max(0, -(-len(ordered) * 95 // 100) - 1)],
    }


def as_expected(document: Json) -> bool:
    """Nothing forbidden happened, no amount was wrong, nothing of ours leaked and every case came to an end."""
    return not (document["violations"] or document["wrong_prices"] or document["prompt_leaks"] or document["errors"])
