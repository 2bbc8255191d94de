"""docs/reference/settings.md says what Settings says. To write it anew:

.venv/bin/python tests/unit/test_settings_reference.py > docs/reference/settings.md
"""

import sys
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from griot.core.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"

HEAD = """\
# Settings

Each variable is read from the environment or from a file `.env` in the current folder; the environment wins.
Secrets are never printed. This page is written from `src/griot/core/settings.py`, and a test keeps the two equal.

| variable | default | what it is |
|---|---|---|
"""


def variable(name: str, field: FieldInfo) -> str:
    return str(field.validation_alias or f"GRIOT_{name.upper()}")


def default(field: FieldInfo) -> str:
    if field.default is None or field.default == "":
        return "none"
    if isinstance(field.default, SecretStr):
        return f"`{field.default.get_secret_value()}`"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def reference() -> str:
    rows = (
        f"| `{variable(name, field)}` | {default(field)} | {field.description}{' Secret.' if secret(field) else ''} |\n"
        for name, field in Settings.model_fields.items()
    )
    return HEAD + "".join(rows)


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference()


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


if __name__ == "__main__":
    sys.stdout.write(reference())
