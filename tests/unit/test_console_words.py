"""The console says the same in three languages, and has words for all that its templates name."""

import re
import string
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import griot.ui
from griot.core.texts import LANGUAGES
from griot.tools.users.scopes import ROLE_SCOPES
from griot.ui import words
from griot.ui.views import VIEWS

FOLDER = files("griot").joinpath("prompts", "console")
PAGES = sorted(item.name.removesuffix(".toml") for item in FOLDER.joinpath("fr").iterdir())
UI = Path(griot.ui.__file__).parent
NAMED = re.compile(r"""\bt\(\s*["']([a-z_]+(?:\.[A-Za-z_]+)+)["']\s*[,)]""")
COUNTED = re.compile(r"""\btn\(\s*["']([a-z_]+(?:\.[A-Za-z_]+)+)["']\s*,""")


def flat(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("page", PAGES)
def test_every_language_says_the_same(page: str) -> None:
    told = {language: dict(flat(words.of_view(language, page))) for language in LANGUAGES}
    for language in LANGUAGES:
        assert told[language].keys() == told["fr"].keys(), f"{language}/{page}"
        for name, text in told[language].items():
            assert text.strip() == text and text, f"{language}/{page}: {name}"
            assert placeholders(text) == placeholders(told["fr"][name]), f"{language}/{page}: {name}"


def test_what_is_named_has_words() -> None:
    sources = [*UI.rglob("*.html"), *UI.rglob("*.py")]
    for source in sources:
        text = source.read_text(encoding="utf-8")
        names = NAMED.findall(text) + [f"{name}_{form}" for name in COUNTED.findall(text) for form in ("one", "many")]
        for name in names:
            assert words.find("fr", name) is not None, f"{source.name}: {name}"


def test_the_shell_knows_every_view_and_role() -> None:
    for name in VIEWS:
        assert words.find("fr", f"shell.view.{name}")
    for role in ROLE_SCOPES:
        assert words.find("fr", f"shell.role.{role}")
