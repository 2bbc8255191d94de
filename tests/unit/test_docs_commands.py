"""What the documents tell people to type exists: every `griot` command in them, with its options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from griot.cli.main import app

_ROOT = Path(__file__).parents[2]
_PAGES = [_ROOT / "README.md", *sorted((_ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.M | re.S)
_CALL = re.compile(r"^(?:[A-Z_]+=\S+ )*griot ", re.M)


def _commands() -> Iterator[tuple[str, str]]:
    for page in _PAGES:
        for fence in _FENCE.findall(page.read_text("utf-8")):
            for line in fence.replace("\\\n", " ").splitlines():
                if _CALL.match(line):
                    yield str(page.relative_to(_ROOT)), line


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # a quotation that goes on in the next line
        words = line.split("'")[0].split()
    return words[words.index("griot") + 1 :]


@pytest.mark.parametrize(("page", "line"), list(_commands()))
def test_a_command_of_the_documents_exists(page: str, line: str) -> None:
    command: Any = typer.main.get_command(app)
    words = _words(line)
    while hasattr(command, "commands") and words:
        assert words[0] in command.commands, f"{page}: griot has no command {words[0]!r} in: {line}"
        command, words = command.commands[words[0]], words[1:]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("--"):
            assert word.split("=")[0] in options | {"--help", "--version"}, f"{page}: {word} is no option in: {line}"
