"""`griot voice`: what the shop hears and how it speaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.settings import Settings
    from griot.core.tenancy import Shop
    from griot.speech.models import Heard, Vocabulary

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


@app.command()
@friendly
def say(
    text: Annotated[str, typer.Argument(help="What a buyer would read; figures and signs are read aloud.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where the voice note goes: FILE.ogg.")],
    lang: Annotated[str, typer.Option(help="Language of the text: fr or en.")] = "fr",
    as_json: JsonOption = False,
) -> None:
    """Say a text as the shop would, and keep it as a voice note (OGG/Opus)."""
    from griot.core.settings import settings
    from griot.speech.encoding import encode
    from griot.speech.speaking import speakable
    from griot.speech.speaking.speaking import found, said
    from griot.speech.speaking.voices import speaker

    config = settings()
    who = speaker(lang, config)
    sound = said(text, lang, who, found(who, config))
    content = encode(sound)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error.strerror}.") from error
    told = {
        "file": str(out),
        "said": speakable(text, lang),
        "voice": f"{who.engine}:{who.who}",
        "seconds": round(sound.seconds, 1),
        "bytes": len(content),
    }
    emit(told, as_json)


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
def transcribe(
    file: Annotated[Path, typer.Argument(help="A recording as phones make them: OGG/Opus, m4a, amr, mp3, wav, …")],
    lang: Annotated[str, typer.Option(help="Its language, or several with commas, the likeliest first.")] = "",
    shop: Annotated[str, typer.Option("--shop", help="Shop whose product names and codes are expected.")] = "",
    as_json: JsonOption = False,
) -> None:
    """What is heard in a recording; status 1 when there is nothing to hear in it."""
    from griot.core.settings import settings
    from griot.speech import weights
    from griot.speech.hearing import Limits, hear
    from griot.speech.models import Inaudible, Vocabulary

    config = settings()
    folder = weights.folder(config.voice_ear, config)
    vocabulary, spoken = in_shop(shop, _expected) if shop else (Vocabulary(), ("fr", "en"))
    languages = tuple(part.strip() for part in lang.split(",") if part.strip()) or spoken
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    try:
        heard = hear(content, languages, vocabulary, folder, Limits(bytes=config.voice_largest))
    except Inaudible as error:
        emit({"trouble": error.trouble, "message": str(error), "language": error.language}, as_json)
        raise typer.Exit(1) from None
    emit(_transcript(heard) if as_json else heard.text, as_json)


async def _expected(house: "House", tx: "Tx", shop: "Shop") -> "tuple[Vocabulary, tuple[str, ...]]":
    """What buyers of a shop are likely to say, and in which languages."""
    from griot.knowledge.catalogue import service as catalogue
    from griot.speech.models import Vocabulary

    vocabulary = Vocabulary.of(await catalogue.names(tx))
    return vocabulary, tuple(dict.fromkeys((shop.language, "fr", "en")))


def _transcript(heard: "Heard") -> dict[str, object]:
    return {
        "text": heard.text,
        "verbatim": heard.verbatim,
        "language": heard.language,
        "doubtful": list(heard.doubtful),
        "words": [{"text": word.text, "probability": word.probability} for word in heard.words],
        "seconds": round(heard.seconds, 2),
        "took": round(heard.took, 2),
    }


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
