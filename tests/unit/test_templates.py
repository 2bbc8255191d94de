"""Every message exists in every language, with the same facts in it, and fits into a message."""

import ast
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

import griot
from griot.core.errors import ConfigurationError
from griot.core.texts import LANGUAGES, text

PACKAGE = Path(griot.__file__).parent
TEMPLATES = PACKAGE / "prompts" / "templates"
NOUNS = sorted({path.stem for path in TEMPLATES.glob("*/*.toml")})
LONGEST = 1024  # what WhatsApp allows above buttons
LONGEST_BUTTON = 20


def read(language: str, noun: str) -> dict[str, str]:
    return tomllib.loads((TEMPLATES / language / f"{noun}.toml").read_text(encoding="utf-8"))


def placeholders(template: str) -> set[str]:
    return {f"{name}:{spec}" for _, name, spec, _ in string.Formatter().parse(template) if name is not None}


def test_there_are_templates_and_only_in_known_languages() -> None:
    assert NOUNS
    assert {path.name for path in TEMPLATES.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_language_says_the_same_things_with_the_same_values(noun: str) -> None:
    french = read("fr", noun)
    for language in LANGUAGES:
        templates = read(language, noun)
        assert templates.keys() == french.keys(), f"{language}/{noun}.toml"
        for key, template in templates.items():
            assert placeholders(template) == placeholders(french[key]), f"{language}: {noun}.{key}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", NOUNS)
def test_every_template_is_a_text_that_fits(language: str, noun: str) -> None:
    for key, template in read(language, noun).items():
        where = f"{language}: {noun}.{key}"
        assert isinstance(template, str) and template.strip(), where
        assert len(template) <= LONGEST, where
        for name in placeholders(template):
            assert name.partition(":")[0].isidentifier(), f"{where}: {{{name}}} must be filled by its name"
        if key.startswith("button_"):
            bare = "".join(literal for literal, *_ in string.Formatter().parse(template))
            assert len(bare) <= LONGEST_BUTTON, f"{where} is longer than a button"


def _said_in_the_code() -> dict[str, str]:
    """Template names written out in calls of ``text`` and ``say`` -> the file that says them."""
    said = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function not in {"text", "say"} or ast.unparse(node.func).startswith("words."):  # the console's own
                continue
            for argument in node.args[:2]:
                value: Any = getattr(argument, "value", None)
                if isinstance(value, str) and value.partition(".")[0] in NOUNS:
                    said[value] = path.name
    return said


def test_every_template_that_the_code_names_exists() -> None:
    said = _said_in_the_code()
    assert said
    for name, where in said.items():
        noun, _, key = name.partition(".")
        assert key in read("fr", noun), f"{where} says {name}"


def test_an_unknown_language_is_answered_in_french() -> None:
    noun = NOUNS[0]
    key = next(key for key, template in read("fr", noun).items() if not placeholders(template))
    assert text("wo", f"{noun}.{key}") == text(None, f"{noun}.{key}") == text("fr", f"{noun}.{key}")


def test_a_line_whose_value_is_empty_disappears() -> None:
    optional = [
        (f"{noun}.{key}", line[1:-1], placeholders(template))
        for noun in NOUNS
        for key, template in read("fr", noun).items()
        for line in template.splitlines()
        if line[:1] == "{" and line[1:-1].isidentifier()
    ]
    assert optional
    for name, empty, names in optional:
        full = {placeholder.partition(":")[0]: 7 for placeholder in names}
        assert (
            len(text("fr", name, **full).splitlines()) == len(text("fr", name, **full | {empty: ""}).splitlines()) + 1
        )


@pytest.mark.parametrize("name", ["conversation.no_such_thing", "nobody.hello", "conversation", ""])
def test_a_template_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"'{name}'"):
        text("fr", name)


def test_a_value_is_never_read_as_a_template() -> None:
    assert "{shop}" in text("fr", "conversation.greet", shop="{shop}", code="{0.__class__}")
