"""Every row of the installation in one file, and back, by PostgreSQL's own pg_dump and pg_restore."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from griot.core.db.binaries import client
from griot.core.db.migrate import migrate
from griot.core.errors import ConfigurationError, Conflict, InvalidInput

# Roles belong to the server, not to a database, so no dump brings them.
APPLICATION_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'griot_app') THEN
        CREATE ROLE griot_app NOLOGIN NOBYPASSRLS NOINHERIT;
    END IF;
    EXECUTE format('GRANT griot_app TO %I', current_user);
END $$
"""


@dataclass(frozen=True, slots=True)
class Client:
    """A client program of PostgreSQL with everything it needs to reach one database."""

    program: Path
    conninfo: str  # without the password, which other users of the machine could read among the arguments
    environment: dict[str, str]

    @classmethod
    def of(cls, name: str, url: str, *, embedded: bool) -> "Client":
        """The wheel's program for the embedded server; the wheel's knows no TLS, so the system's for any other."""
        own = None if embedded else shutil.which(name)
        parts = conninfo_to_dict(url)
        password = parts.pop("password", None)
        secret = {} if password is None else {"PGPASSWORD": str(password)}
        return cls(Path(own) if own else client(name), make_conninfo("", **parts), os.environ | secret)

    def run(self, *arguments: str) -> None:
        answer = subprocess.run(
            [str(self.program), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if answer.returncode != 0:
            raise ConfigurationError(f"{self.program.name} did not succeed: {answer.stderr.strip()[-1000:]}")


def backup(url: str, file: Path, *, embedded: bool) -> int:
    """Write the whole database of the owner's ``url`` as of now to ``file``; returns its size in bytes.

    The file is there when it is complete, and readable by its owner alone: it holds what buyers wrote.
    """
    dump = Client.of("pg_dump", url, embedded=embedded)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        unfinished.touch(mode=0o600)
        dump.run("--format=custom", "--no-owner", f"--file={unfinished}", f"--dbname={dump.conninfo}")
        unfinished.replace(file)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written ({error.strerror}): name a file in a folder of yours.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, embedded: bool) -> list[int]:
    """Fill the empty database of the owner's ``url`` from a backup, all or nothing, and bring it to this version.

    Returns the migrations applied on top. Raises ``Conflict`` when the database holds Griot's tables already.
    """
    load = Client.of("pg_restore", url, embedded=embedded)
    if not file.is_file():
        raise InvalidInput(f"{file} is not there: name a file that `griot db backup` wrote.")
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT 1 FROM pg_namespace WHERE nspname IN ('griot', 'jobs')").fetchone():
            raise Conflict(
                "The database holds Griot's tables already, and restoring never overwrites: "
                "restore into an empty one (another GRIOT_DATA_DIR, or a new database)."
            )
        connection.execute(APPLICATION_ROLE)
    load.run("--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={load.conninfo}", str(file))
    return migrate(url)
