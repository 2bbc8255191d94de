"""The processes of the house, and the runs that put them all on stage."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvicorn

from griot.cli.common import friendly
from griot.core import logs
from griot.core.settings import settings

if TYPE_CHECKING:
    from fastapi import FastAPI


def _uvloop() -> asyncio.Runner:
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]


def _listen(app: "FastAPI", host: str, port: int, patience: int) -> None:
    """Serve until SIGTERM; requests that are on their way then have ``patience`` seconds to end."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=patience,
        proxy_headers=False,
    )


@friendly
def api(host: Host = None, port: Port = None) -> None:
    """The API alone: webhooks, payment pages, health."""
    from griot.api.app import create_app

    config = settings()
    logs.configure(config.log_level)
    _listen(create_app(config), host or config.host, config.port if port is None else port, 10)


@friendly
def console(host: Host = None, port: Port = None) -> None:
    """The console of vendors and analysts alone: `griot user add` gives them a login."""
    from griot.ui.app import create_app

    config = settings()
    logs.configure(config.log_level)
    _listen(create_app(config), host or config.host, config.console_port if port is None else port, 3)


@friendly
def worker() -> None:
    """A worker alone: turns, sends and the clock's jobs. Start as many as needed."""
    from griot.worker.main import run_worker

    config = settings()
    logs.configure(config.log_level)
    with _uvloop() as runner:
        runner.run(run_worker(config))


@friendly
def simulator(port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001) -> None:
    """The far ends on this machine: Meta's Graph API with buyers' phones, and the sandbox payment provider."""
    from griot.rehearsal.far_ends import create_app

    config = settings()
    logs.configure(config.log_level)
    uvicorn.run(create_app(config), host="127.0.0.1", port=port, log_config=None, access_log=False)


@friendly
def serve(
    port: Annotated[int | None, typer.Option(help="Port of the API.")] = None,
    workers: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 1,
) -> None:
    """Everything in one go, for development and small shops: database, simulator where needed, API and workers."""
    from griot.rehearsal.serve import serve_house

    config = settings()
    logs.configure(config.log_level)
    raise typer.Exit(asyncio.run(serve_house(config, port or config.port, workers)))


@friendly
def demo(
    once: Annotated[bool, typer.Option("--once", help="Stop after the live instead of serving on.")] = False,
    buyers: Annotated[int, typer.Option(help="Buyers in the live.", min=20, max=500)] = 40,
    port: Annotated[int | None, typer.Option(help="Port of the API; a free one when not given.")] = None,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--no-voice", help="A buyer who orders by voice note; without: if speech is installed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """A live sale from ROBE1 to paid, played over HTTP and checked."""
    from griot.rehearsal.demo import play

    config = settings()
    logs.configure("WARNING")
    raise typer.Exit(asyncio.run(play(config, buyers=buyers, voice=voice, port=port, once=once, as_json=as_json)))


bench = typer.Typer(no_args_is_help=True)


@bench.command("live")
@friendly
def bench_live(
    rate: Annotated[int, typer.Option(help="Messages a second to sustain.")] = 250,
    seconds: Annotated[int, typer.Option(help="Seconds to sustain them.")] = 20,
    rush: Annotated[int, typer.Option(help="Buyers in the rush for 100 articles.")] = 2000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """The live sale under load: webhook in to message out, beside pgbench with the bare hold statement."""
    from griot.rehearsal.bench import bench_live as run

    logs.configure("ERROR")
    raise typer.Exit(asyncio.run(run(settings(), rate=rate, seconds=seconds, rush=rush, as_json=as_json)))


@bench.command("agent")
@friendly
def bench_agent(
    suite: Annotated[list[str] | None, typer.Argument(help="Suites by name or folder; none: all of ours.")] = None,
    model: Annotated[
        str | None, typer.Option(help="NAME@BASE_URL of an endpoint; none: a double that plays a competent model.")
    ] = None,
    cases: Annotated[int, typer.Option(help="Cases of each suite, at most.", min=1)] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Model calls and tokens a turn, beside a plain agent with the same tools and prompt."""
    from griot.rehearsal.bench_agent import bench_agent as run

    logs.configure("ERROR")
    raise typer.Exit(asyncio.run(run(settings(), names=suite or (), model=model, most=cases, as_json=as_json)))


@bench.command("search")
@friendly
def bench_search(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with products.jsonl, queries.jsonl, grades.jsonl; none: our own sets.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Without a folder: only the small shop.")] = False,
    shops: Annotated[
        int | None, typer.Option(min=1, help="Instead: a worker's start and speed with so many shops in one database.")
    ] = None,
    products: Annotated[int, typer.Option(min=1, max=260_000, help="With --shops: products of each.")] = 20_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """How well and how fast products are found, beside BM25, full text and embeddings alone."""
    from griot.rehearsal.bench_search import bench_search as run
    from griot.rehearsal.bench_shops import bench_shops

    logs.configure("ERROR")
    if shops:
        raise typer.Exit(bench_shops(settings(), shops=shops, products=products, as_json=as_json))
    raise typer.Exit(run(settings(), folder=folder, fast=fast, as_json=as_json))


@bench.command("import")
@friendly
def bench_import(
    products: Annotated[int, typer.Option(help="Products in the file.", min=8)] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """A file of products into a fresh database, and again: seconds, products a second, memory."""
    from griot.rehearsal.bench_import import bench_import as run

    logs.configure("ERROR")
    raise typer.Exit(run(settings(), products=products, as_json=as_json))


@bench.command("voice")
@friendly
def bench_voice(
    clips: Annotated[int, typer.Option(help="Voice notes, at most.", min=1)] = 1000,
    at_once: Annotated[int, typer.Option(help="Voice notes at the same moment; 0: not measured.", min=0)] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Buyers' voice notes: words, names and numbers heard right, and how fast, beside plain faster-whisper."""
    from griot.rehearsal.bench_voice import bench_voice as run

    logs.configure("ERROR")
    raise typer.Exit(run(settings(), most=clips, notes=at_once, as_json=as_json))


@bench.command("console")
@friendly
def bench_console(
    consoles: Annotated[int, typer.Option(help="Consoles that watch the live.", min=1)] = 20,
    rate: Annotated[int, typer.Option(help="Orders a second.", min=1)] = 50,
    seconds: Annotated[int, typer.Option(help="Seconds to keep that up.", min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """From an order to its change on every console, and the first view in a browser where there is one."""
    from griot.rehearsal.bench_console import bench_console as run

    logs.configure("ERROR")
    raise typer.Exit(asyncio.run(run(settings(), consoles=consoles, rate=rate, seconds=seconds, as_json=as_json)))
