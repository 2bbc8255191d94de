"""How `griot eval` looks on a terminal. Progress goes to standard error, results to standard output."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from griot.evals.models import Json

_ERRORS = Console(stderr=True)


class Bar:
    """A bar on standard error; where that is no terminal, a line for every tenth of the run."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("[green]{task.fields[passed]} pass[/] [red]{task.fields[failed]} not[/]"),
            TimeRemainingColumn(),
            console=_ERRORS,
            disable=not _ERRORS.is_terminal,
        )
        self._task = self._progress.add_task(title, total=None, passed=0, failed=0)
        self._passed = self._failed = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int, line: Json) -> None:
        self._passed += line["pass"] is True
        self._failed += line["pass"] is False
        self._progress.update(self._task, completed=done, total=total, passed=self._passed, failed=self._failed)
        if not _ERRORS.is_terminal and (done == total or done % max(1, total // 10) == 0):
            _ERRORS.print(f"{self._title}: {done}/{total}, {self._passed} pass, {self._failed} do not", highlight=False)


def print_summary(document: Json, folder: Path) -> None:
    """The run on one screen."""
    console = _console()
    console.print(f"[bold]{document['suite']}[/] · {document['model']} · {document['trials']} trial(s)")
    table = Table(box=None, pad_edge=False)
    for name in ("", "cases", "pass", "95 %", "strict", "95 %"):
        table.add_column(name)
    for name in ("turns", "dialogues"):
        _row(table, name, document[name])
    for name, rates in document["slices"]["language"].items():
        _row(table, f"  {name}", rates)
    console.print(table)
    cost, latency = document["cost"], document["latency"]["without_model"]
    console.print(
        f"violations {document['violations']}, wrong prices {document['wrong_prices']},"
        f" prompt leaks {document['prompt_leaks']}, errors {len(document['errors'])},"
        f" skipped {sum(document['skipped'].values())}"
    )
    console.print(
        f"{cost['calls_per_turn']} model calls and {cost['tokens_per_turn']} tokens a turn;"
        f" a turn without model p50 {latency['p50']} ms, p95 {latency['p95']} ms"
    )
    for item in document["violation_list"][:10]:
        console.print(f"[red]{escape(item['violation'])}[/] in {escape(item['id'])} (trial {item['trial']})")
    for item in document["errors"][:5]:
        console.print(f"[red]error[/] in {escape(item['id'])}: {escape(item['what'])}", highlight=False)
    console.print(f"{folder / 'report.html'}", highlight=False, soft_wrap=True)


def _row(table: Table, name: str, rates: Json) -> None:
    if rates["n"]:
        own, strict = rates["pass"], rates["strict"]
        table.add_row(
            name, str(rates["n"]), _percent(own["rate"]), _interval(own), _percent(strict["rate"]), _interval(strict)
        )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _interval(rate: Json) -> str:
    return f"{100 * rate['low']:.0f}-{100 * rate['high']:.0f}"


def print_check(report: Json) -> None:
    """What a suite holds, and what is wrong with it."""
    console = _console()
    console.print(f"[bold]{report['suite']}[/]: {report['turns']} turns, {report['dialogues']} dialogues")
    for title, counts in report["counts"].items():
        table = Table(box=None, pad_edge=False)
        table.add_column(title)
        table.add_column("cases", justify="right")
        for name, count in counts.items():
            table.add_row(name, str(count))
        console.print(table)
    for problem in report["problems"]:
        colour = "red" if problem["level"] == "error" else "yellow"
        where = f"{problem['where']} {problem['case']}".strip()
        console.print(
            f"[{colour}]{escape(where)}[/]: {escape(problem['what'])} {escape(problem['do'])}", soft_wrap=True
        )
    console.print(f"{report['errors']} errors, {report['warnings']} warnings")


def print_comparison(document: Json) -> None:
    """Two runs side by side."""
    console = _console()
    table = Table(box=None, pad_edge=False)
    for name in ("", "A", "B", "B - A"):
        table.add_column(name)
    for row in document["figures"]:
        table.add_row(row["name"], str(row["a"]), str(row["b"]), str(row["difference"]))
    console.print(table)
    for title, colour in (("worse", "red"), ("better", "green")):
        for case in document[title]:
            why = "; ".join(case["b"]["why"] if title == "worse" else case["a"]["why"])
            console.print(f"[{colour}]{title}[/] {escape(case['id'])}: {escape(why)}", soft_wrap=True, highlight=False)
    for title in ("only_a", "only_b"):
        if document[title]:
            console.print(f"{title.replace('_', ' in ').upper()}: {escape(', '.join(document[title]))}", soft_wrap=True)


def print_gate(document: Json) -> None:
    """The verdict and what it rests on."""
    console = _console()
    console.print("[green]passed[/]" if document["passed"] else "[red]not passed[/]")
    for reason in document["reasons"]:
        console.print(escape(reason), soft_wrap=True, highlight=False)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 500)
