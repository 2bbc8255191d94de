"""`griot voice`: what the shop hears and how it speaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

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


@app.command()
@friendly
def notes(
    shop: ShopOption,
    most: Annotated[int, typer.Option(help="How many, the newest first.", min=1)] = 20,
    as_json: JsonOption = False,
) -> None:
    """The voice notes that buyers sent, with what was heard in them."""
    from griot.tools.hearing import service

    emit(in_shop(shop, lambda house, tx, _: service.notes(tx, most)), as_json)


@app.command()
@friendly
def keep(
    shop: ShopOption,
    message: Annotated[int, typer.Argument(help="The number that `griot voice notes` shows.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the recording goes.")],
    as_json: JsonOption = False,
) -> None:
    """Write the recording of a voice note to a file, to be listened to."""
    from griot.tools.hearing import service

    content, mime = in_shop(shop, lambda house, tx, _: service.sound(tx, message))
    out.write_bytes(content)
    emit({"file": str(out), "bytes": len(content), "type": mime}, as_json)
