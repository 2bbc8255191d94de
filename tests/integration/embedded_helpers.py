"""Hands on an embedded server: to ask it, and to treat it badly."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from griot.core.db.embedded import EmbeddedPostgres

STARTER = "print(EmbeddedPostgres(folder).start(), flush=True)\ntime.sleep(60)"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to lend PostgreSQL another user")


def ask(url: str, question: str, *parameters: object) -> object:
    """The one value that a query answers."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode(), parameters or None).fetchone()
        return row[0] if row else None


def do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def note(url: str, text: str) -> None:
    """Commit a row."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        connection.execute("INSERT INTO notes VALUES (%s)", (text,))


def notes(url: str) -> object:
    return ask(url, "SELECT array_agg(text) FROM notes")


def data_of(folder: Path) -> Path:
    """PostgreSQL's data directory in a data folder that it can enter."""
    return folder / "postgres" / "cluster" / "data"


def postmaster(folder: Path) -> int:
    pid = EmbeddedPostgres(folder).status().pid
    assert pid is not None
    return pid


def child(code: str, folder: Path) -> "subprocess.Popen[str]":
    """Python code about ``folder`` in a process, and a process group, of its own."""
    program = (
        "import signal, sys, time\nfrom pathlib import Path\nfrom griot.core.db.embedded import EmbeddedPostgres\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the tests run in the background
        f"folder = Path(sys.argv[1])\n{code}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
