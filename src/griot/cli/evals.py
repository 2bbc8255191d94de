"""`griot eval`: run a suite, check it, compare two runs, gate a change."""

from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.evals.models import Suite

app = typer.Typer(no_args_is_help=True)

SuiteArgument = Annotated[str, typer.Argument(metavar="SUITE", help="A folder, or a name of `griot eval list`.")]
RunArgument = Annotated[Path, typer.Argument(help="A folder that `griot eval run --out` wrote, or its results.jsonl.")]


@app.command()
@friendly
def run(
    suite: SuiteArgument,
    model: Annotated[str, typer.Option(help="offline, or NAME@BASE_URL; GRIOT_MODEL_KEY has its key.")] = "offline",
    trials: Annotated[int, typer.Option(min=1, help="How often each case is run.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; below the data folder if not given.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; the cores of the machine if not given.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this case; may be given several times.")] = None,
    on: Annotated[
        str | None,
        typer.Option("--channel", help="Run every case on this channel (whatsapp, instagram, messenger)."),
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Run cases in this language; may be given several times.")
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help="Run cases with this tag; may be given several times.")
    ] = None,
    buyer: Annotated[
        str | None, typer.Option(metavar="NAME@BASE_URL", help="Model that plays the buyer of free dialogues.")
    ] = None,
    price: Annotated[
        str | None, typer.Option(metavar="IN,OUT", help="Price of a million tokens read and written, such as 0.3,1.2.")
    ] = None,
    queue: Annotated[
        bool,
        typer.Option(help="Wait for earlier runs and note the progress in the folder of --out: as the console asks."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run a suite on a fresh database through the real turn code. Exit status 1: something forbidden happened."""
    from griot.core.settings import settings
    from griot.evals.line import in_line

    if queue and out is None:
        raise InvalidInput("--queue needs the folder of a run that was asked for: --out DIR.")
    prices, config = _prices(price), settings()
    with in_line(out) if queue and out else nullcontext() as turn:
        from griot.channels.registry import channel
        from griot.cli.evals_view import Bar, print_summary
        from griot.evals.asking import version_here
        from griot.evals.buyer import Endpoint
        from griot.evals.pool import Plan, run_suite
        from griot.evals.report import write_report
        from griot.evals.stats import as_expected, summary
        from griot.evals.suite import find_suite, load_suite

        found = load_suite(find_suite(suite, config.data_dir))
        plan = Plan(
            suite=found.path,
            trials=trials,
            jobs=jobs,
            only=tuple(only or ()),
            languages=tuple(languages or ()),
            tags=tuple(tags or ()),
            model=Endpoint.read(model),
            buyer=Endpoint.read(buyer) if buyer else None,
            channel=channel(on).name if on else None,
        )
        _warn(found)
        began = datetime.now().astimezone()
        with Bar(found.name) as bar:
            lines = run_suite(found, plan, config, turn.telling(bar) if turn else bar)
        folder = out or config.data_dir / "eval-runs" / f"{found.path.name}-{began:%Y%m%d-%H%M%S}"
        about: dict[str, Any] = {
            "suite": found.name,
            "path": str(found.path),
            "model": str(plan.model or "offline"),
            "buyer": str(plan.buyer) if plan.buyer else None,
            "channel": plan.channel or "as the cases say",
            "judge": "the database (no model judges)",
            "version": version_here(),
            "languages": plan.languages,
            "tags": plan.tags,
            "trials": trials,
            "began": began.isoformat(timespec="seconds"),
            "seconds": round((datetime.now().astimezone() - began).total_seconds(), 1),
            "out": str(folder),
        }
        document = summary(lines, about, prices)
        write_report(folder, document, lines)
    if as_json:
        emit(document, True)
    else:
        print_summary(document, folder)
    raise typer.Exit(0 if as_expected(document) else 1)


@app.command()
@friendly
def check(suite: SuiteArgument, as_json: JsonOption = False) -> None:
    """Check a suite against the format and its own shops. Exit status 1 when a case cannot mean what it says."""
    from griot.cli.evals_view import print_check
    from griot.core.settings import settings
    from griot.evals.check import check_suite
    from griot.evals.suite import find_suite, load_suite

    report = check_suite(load_suite(find_suite(suite, settings().data_dir)))
    if as_json:
        emit(report, True)
    else:
        print_check(report)
    raise typer.Exit(1 if report["errors"] else 0)


@app.command()
@friendly
def compare(
    a: RunArgument,
    b: RunArgument,
    out: Annotated[Path | None, typer.Option(help="Also write the comparison as an HTML file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Put two runs side by side: what changed, case by case, and why."""
    from griot.cli.evals_view import print_comparison
    from griot.evals.comparing import comparison
    from griot.evals.report import write_comparison
    from griot.evals.results import read_run

    document = comparison(read_run(a), read_run(b), str(a), str(b))
    if out:
        write_comparison(out, document)
    if as_json:
        emit(document, True)
    else:
        print_comparison(document)


@app.command()
@friendly
def gate(
    a: RunArgument,
    b: RunArgument,
    max_drop: Annotated[float, typer.Option(min=0.0, max=1.0, help="Loss of pass rate that is accepted.")] = 0.02,
    as_json: JsonOption = False,
) -> None:
    """May B take the place of A? Exit status 1 when B lost more than accepted, or does what is forbidden."""
    from griot.cli.evals_view import print_gate
    from griot.evals.comparing import verdict
    from griot.evals.results import read_run

    document = verdict(read_run(a), read_run(b), max_drop)
    if as_json:
        emit(document, True)
    else:
        print_gate(document)
    raise typer.Exit(0 if document["passed"] else 1)


@app.command()
@friendly
def keep(run: RunArgument, file: Annotated[Path, typer.Argument(help="Where to: a file of JSON lines.")]) -> None:
    """Keep of a run what a later gate needs: the A that changes are measured against."""
    from griot.evals.results import kept, read_run, write_lines

    file.parent.mkdir(parents=True, exist_ok=True)
    write_lines(file, kept(read_run(run)))


@app.command()
@friendly
def rated(
    shop: ShopOption,
    folder: Annotated[Path, typer.Argument(help="Where to: a folder, which `griot eval run` then takes.")],
    as_json: JsonOption = False,
) -> None:
    """Write the cases that were made of a shop's rated replies as a suite."""
    from griot.tools.ratings import suite

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, bytes]:
        return await suite.read(tx, known)

    found = in_shop(shop, work)
    suite.write(folder, found)
    cases = found["turns.jsonl"].count(b"\n")
    emit({"folder": str(folder), "cases": cases} if as_json else f"{cases} cases are in {folder}.", as_json)


@app.command("list")
@friendly
def list_suites(as_json: JsonOption = False) -> None:
    """Show the suites that come with Griot, and those in `suites` of the data folder."""
    from griot.core.settings import settings
    from griot.evals.suite import load_suite, outline, suites

    rows = [outline(name, load_suite(path)) for name, path in suites(settings().data_dir).items()]
    if as_json:
        emit({"suites": rows}, True)
    else:
        emit(rows or "No suite comes with this installation.", False)


def _warn(suite: "Suite") -> None:
    """Lines that could not be read are not run: say so before the run, not after it."""
    errors = [problem for problem in suite.problems if problem.level == "error"]
    for problem in errors[:5]:
        typer.echo(f"{problem.where}: {problem.what} {problem.do}", err=True)
    if errors:
        typer.echo(f"{len(errors)} parts of the suite are left out: `griot eval check` shows all of them.", err=True)


def _prices(written: str | None) -> tuple[float, float] | None:
    if written is None:
        return None
    try:
        read, wrote = (float(part) for part in written.split(","))
    except ValueError:
        raise InvalidInput(f"{written!r} is no price: write IN,OUT for a million tokens, such as 0.3,1.2.") from None
    return read, wrote
