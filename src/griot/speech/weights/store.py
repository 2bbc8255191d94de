"""The folder of models that all processes of this machine share, and how it is filled.

A file gets its name only when all of its bytes were checked against the manifest; whoever reads the folder never sees
half of one. One process fetches a model at a time, the others wait for it; a process that dies frees the lock.

    CACHE/voice/whisper-base/model.bin       checked
    CACHE/voice/whisper-base/.checked.json   size, time and sha256 of what was checked, so that a start takes no second
    CACHE/voice/.fetching/whisper-base/      what has arrived so far
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from griot.core import logs
from griot.core.errors import NotFound
from griot.core.settings import Settings
from griot.speech.models import Unavailable
from griot.speech.weights import manifest
from griot.speech.weights.checking import is_intact
from griot.speech.weights.manifest import File, Model
from griot.speech.weights.sources import Absent, Folder, Hub, Packages, Source

log = logs.get(__name__)

PATIENCE = 60.0  # seconds after which a model that could not be had is asked for again

_refused: dict[tuple[str, tuple[str, ...]], tuple[float, str]] = {}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that is in its folder now. ``source``: where its files came from; ``here`` when nothing was missing."""

    model: Model
    folder: Path
    bytes: int
    source: str


def folder(name: str, settings: Settings, also: tuple[str, ...] = ()) -> Path:
    """The folder of a model's files, fetched if they are not here; ``also`` names files that are there on demand.

    ``name``: one of the manifest's, or the path of a folder, which is the shop's own choice and is not checked. Raises
    ``Unavailable``; for a minute after that, it does so at once.
    """
    if name not in manifest.models():
        return _own(name)
    if is_here(name, settings, also):
        return _place(manifest.models()[name], settings)
    since, reason = _refused.get((name, also), (-PATIENCE, ""))
    if time.monotonic() - since < PATIENCE:
        raise Unavailable(reason)
    try:
        return fetch(name, settings, also).folder
    except Unavailable as error:
        _refused[name, also] = (time.monotonic(), str(error))
        raise


def is_here(name: str, settings: Settings, also: tuple[str, ...] = ()) -> bool:
    """Whether a model of the manifest is whole in its folder, so that nothing has to be fetched."""
    model = manifest.models()[name]
    return all(_was_checked(_place(model, settings), file) for file in model.wanted(also))


def fetch(name: str, settings: Settings, also: tuple[str, ...] = (), only_from: Path | None = None) -> Fetched:
    """Have every file of the model here and check all of its bytes anew; what is wrong is fetched again.

    ``only_from``: take what is missing from this folder and nowhere else. Raises ``NotFound`` for a model that is not
    in the manifest, and ``Unavailable``.
    """
    if name not in manifest.models():
        raise NotFound(f"There is no model {name!r}: the models are {', '.join(manifest.models())}.")
    model = manifest.models()[name]
    place, staging = _place(model, settings), _home(settings) / ".fetching" / name
    wanted = model.wanted(also)
    try:
        with _locked(place, name):
            staging.mkdir(parents=True, exist_ok=True)
            sources = _sources(settings, staging, only_from)
            used = {_bring(file, place, staging, sources) for file in wanted} - {"here"}
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unavailable(
            f"The models cannot be kept in {place.parent} ({reason}): make room there, or set"
            " GRIOT_CACHE_DIR to another folder."
        ) from error
    return Fetched(model, place, sum(file.size for file in wanted), ", ".join(sorted(used)) or "here")


def _own(name: str) -> Path:
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    raise Unavailable(
        f"There is no model and no folder {name!r}: name a folder, or one of {', '.join(manifest.models())}."
    )


def _home(settings: Settings) -> Path:
    return settings.cache_dir.expanduser() / "voice"


def _place(model: Model, settings: Settings) -> Path:
    return _home(settings) / model.name


def _sources(settings: Settings, staging: Path, only_from: Path | None) -> list[Source]:
    if only_from is not None:
        return [Folder(only_from)]
    own: list[Source] = [Folder(settings.voice_dir)] if settings.voice_dir else []
    return [*own, Hub(staging), Packages(staging)]


@contextmanager
def _locked(place: Path, name: str) -> Iterator[None]:
    """Alone with this model, among all processes that share the folder."""
    try:
        from filelock import FileLock, Timeout
    except ImportError as error:
        raise Unavailable("Speech is not installed: pip install 'griot[voice]'.") from error
    place.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place.with_name(f".{name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.info("Waiting for another process that fetches the same model", model=name)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _bring(file: File, place: Path, staging: Path, sources: list[Source]) -> str:
    """Have the file in its place; returns the name of the source it came from."""
    path = place / file.name
    if is_intact(path, file.size, file.sha256):
        _remember(place, file)
        return "here"
    path.unlink(missing_ok=True)
    arriving = staging / f"{file.name}.arriving"
    reasons = []
    for source in sources:
        try:
            source.write(file, arriving)
        except Absent as error:
            reasons.append(str(error))
            continue
        if is_intact(arriving, file.size, file.sha256):
            _sync(arriving)
            arriving.replace(path)
            _remember(place, file)
            return source.name
        arriving.unlink(missing_ok=True)
        source.forget(file)
        reasons.append(f"what the {source.name} holds is not the published file")
    raise Unavailable(
        f"The model {place.name} could not be fetched: {file.name}: {'; '.join(reasons)}. Run `griot voice fetch` where"
        " there is a connection, or copy its files into a folder and run `griot voice fetch --from FOLDER`."
    )


def _sync(path: Path) -> None:
    with path.open("rb") as content:
        os.fsync(content.fileno())


def _was_checked(place: Path, file: File) -> bool:
    """Whether the file is the one whose bytes were compared, going by its size and time."""
    try:
        found = (place / file.name).stat()
        return bool(_checked(place).get(file.name) == [found.st_size, found.st_mtime_ns, file.sha256])
    except OSError:
        return False


def _remember(place: Path, file: File) -> None:
    found = (place / file.name).stat()
    checked = _checked(place) | {file.name: [found.st_size, found.st_mtime_ns, file.sha256]}
    passing = place / ".checked.passing"
    passing.write_text(json.dumps(checked), encoding="utf-8")
    passing.replace(place / ".checked.json")


def _checked(place: Path) -> dict[str, list[object]]:
    try:
        known = json.loads((place / ".checked.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
