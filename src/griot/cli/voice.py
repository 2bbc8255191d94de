"""`griot voice`: what the shop hears and how it speaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from griot.cli.common import JsonOption, emit, friendly

if TYPE_CHECKING:
    from griot.core.settings import Settings

app = typer.Typer(no_args_is_help=True)

Part = Literal["whisper", "kokoro", "piper"]


@app.command()
@friendly
def fetch(
    only: Annotated[Part | None, typer.Option(help="Only this one; without: all that the settings ask for.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Take the files from this folder, and nothing from elsewhere.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch the models of speech, or check that those which are here are whole."""
    from griot.core.settings import settings
    from griot.speech import weights

    config = settings()
    fetched = [weights.fetch(name, config, also, source) for name, also in _wanted(only, config).items()]
    rows = [
        {
            "model": one.model.name,
            "folder": str(one.folder),
            "megabytes": round(one.bytes / 1e6, 1),
            "from": one.source,
            "licence": one.model.licence,
        }
        for one in fetched
    ]
    emit({"models": rows} if as_json else rows, as_json)


def _wanted(only: Part | None, config: "Settings") -> dict[str, tuple[str, ...]]:
    """Model -> files of it that are there on demand."""
    from griot.speech.speaking.voices import speakers
    from griot.speech.weights.manifest import models

    wanted: dict[str, tuple[str, ...]] = {config.voice_ear: ()} if config.voice_ear in models() else {}
    for one in speakers(config):
        if one.weights:
            name, files = one.weights
            wanted[name] = (*wanted.get(name, ()), *files)
    if only is None:
        return wanted
    chosen = {name: files for name, files in wanted.items() if name.startswith(only)}
    return chosen or {name: () for name in models() if name.startswith(only)}
