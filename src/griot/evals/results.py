"""One line of results.jsonl: first the keys of the format, then what reports and later readers need."""

from collections.abc import Iterable
from pathlib import Path

import orjson

from griot.core.errors import InvalidInput, NotFound
from griot.evals.grading import Grade, grade_final, grade_turn
from griot.evals.models import Case, Json
from griot.evals.played import Played, Run


def result_of(case: Case, trial: int, run: Run) -> Json:
    """The graded line of a case that was run."""
    grades = [grade_turn(played.turned, turn.expect) for played, turn in zip(run.turns, case.turns, strict=False)]
    grades += [grade_turn(played.turned, None) for played in run.turns[len(case.turns) :]]
    if case.kind == "turn":
        return _turn_line(case, trial, run, grades[-1])
    return _dialogue_line(case, trial, run, grades)


def _turn_line(case: Case, trial: int, run: Run, grade: Grade) -> Json:
    played = run.turns[-1]
    line = {
        "id": case.id,
        "trial": trial,
        **_said(played),
        **_cost(run.turns),
        "pass": grade.passed,
        "why": list(grade.why),
        **_graded(grade),
        "said": played.said,
        "wrong": played.wrong,
        "model": played.model,
    }
    return line | _about(case)


def _dialogue_line(case: Case, trial: int, run: Run, grades: list[Grade]) -> Json:
    """A dialogue passes when its end is right and nothing forbidden happened; one without `final` when every turn is
    right. Strict: every expected action came, too."""
    violations = list(dict.fromkeys(v for grade in grades for v in grade.violations))
    why = [f"violation: {violation}" for violation in violations]
    if case.final is not None:
        why += grade_final(run.end, case.final, [played.turned for played in run.turns])
    else:
        why += [f"turn {n}: {reason}" for n, grade in enumerate(grades, 1) for reason in grade.why]
    line = {
        "id": case.id,
        "trial": trial,
        "turns": [
            {
                **_said(played),
                "said": played.said,
                "pass": grade.passed,
                "why": list(grade.why),
                **_graded(grade),
                "wrong": played.wrong,
                **_cost([played]),
            }
            for played, grade in zip(run.turns, grades, strict=True)
        ],
        "final": run.end,
        "flags": list(dict.fromkeys(flag for played in run.turns for flag in played.turned.flags)),
        **_cost(run.turns),
        "pass": not why,
        "why": list(dict.fromkeys(why)),
        "strict": not why and all(grade.strict for grade in grades),
        "violations": [*violations, *_nevers(why)],
        "model": next((played.model for played in run.turns if played.model), ""),
    }
    return line | _about(case)


def _nevers(why: Iterable[str]) -> list[str]:
    return [reason.removeprefix("never: ") for reason in why if reason.startswith("never: ")]


def failed(case: Case, trial: int, what: str) -> Json:
    """The line of a case that could not be run to its end: it did not pass, and says why."""
    return _empty(case, trial) | {"pass": False, "why": [f"error: {what}"], "error": what} | _about(case)


def skipped(case: Case, trial: int, why: str) -> Json:
    """The line of a case that this installation cannot run; it counts nowhere."""
    return _empty(case, trial) | {"pass": None, "why": [f"skipped: {why}"], "skipped": why} | _about(case)


def _empty(case: Case, trial: int) -> Json:
    body: Json = (
        {"effects": [], "reply": "", "reply_lang": None, "said": case.turns[0].text}
        if case.kind == "turn"
        else {"turns": [], "final": {}}
    )
    cost = {"model_calls": 0, "tokens_in": 0, "tokens_out": 0, "latency_ms": None}
    return {"id": case.id, "trial": trial, **body, "flags": [], **cost, "strict": False, "violations": [], "model": ""}


def _said(played: Played) -> Json:
    turned = played.turned
    return {
        "effects": list(turned.effects),
        "reply": turned.reply,
        "reply_lang": turned.reply_lang,
        "flags": list(turned.flags),
    }


def _cost(turns: Iterable[Played]) -> Json:
    listed = list(turns)
    return {
        "model_calls": sum(played.calls for played in listed),
        "tokens_in": sum(played.tokens_in for played in listed),
        "tokens_out": sum(played.tokens_out for played in listed),
        "latency_ms": round(1000 * sum(played.seconds for played in listed), 2),
    }


def _graded(grade: Grade) -> Json:
    return {
        "strict": grade.strict,
        "violations": list(grade.violations),
        "branch": grade.branch,
        "arguments": dict(grade.arguments),
    }


def _about(case: Case) -> Json:
    """What the case was, so that a run can be read without its suite."""
    expect = [turn.expect.raw if turn.expect else None for turn in case.turns]
    return {
        "kind": case.kind,
        "shop": case.shop,
        "lang": case.lang,
        "channel": case.channel,
        "tags": list(case.tags),
        "now": case.now.isoformat(),
        "customer": case.raw.get("customer") or {},
        "expect": expect[0] if case.kind == "turn" else expect,
        "expect_final": dict(case.final.raw) if case.final else None,
        "where": str(case.place),
    }


def write_lines(path: Path, lines: Iterable[Json]) -> None:
    """One JSON object a line."""
    path.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))


_KEPT = ("id", "trial", "pass", "flags", "violations")


def kept(lines: Iterable[Json]) -> list[Json]:
    """What a gate needs of a run, and no more: small enough to keep beside the code."""
    return [{key: line[key] for key in _KEPT} for line in lines if line["pass"] is not None]


def read_run(path: Path) -> list[Json]:
    """The results of a run: its folder, or its results.jsonl."""
    file = path / "results.jsonl" if path.is_dir() else path
    if not file.exists():
        raise NotFound(f"There is no run in {path}: give the folder that `griot eval run … --out` wrote.")
    lines = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                data = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise InvalidInput(f"{file}:{number} is not a result ({error.msg}): run the suite again.") from None
            if not isinstance(data, dict) or "id" not in data or "pass" not in data:
                raise InvalidInput(f"{file}:{number} is not a result: it needs id, trial and pass.")
            lines.append(data)
    return lines
