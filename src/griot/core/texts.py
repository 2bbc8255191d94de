"""Message templates: text in ``griot/prompts/templates/<language>/<noun>.toml``, values from the caller.

A template is named ``noun.name``. Every language has the same names with the same placeholders; a test says so.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from griot.core.errors import ConfigurationError

LANGUAGES = ("fr", "mg", "en")


@cache
def _noun(language: str, noun: str) -> dict[str, str]:
    source = files("griot").joinpath("prompts", "templates", language, f"{noun}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def approved(language: str) -> dict[str, str]:
    """The templates that a channel has to approve: name -> body with ``{{1}}``, ``{{2}}`` … for the parameters."""
    return dict(_noun(language, "approved"))


def text(language: str | None, name: str, /, **values: Any) -> str:
    """The template ``name`` in ``language`` (French when unknown), its ``{placeholders}`` filled in.

    Lines that end up empty because their value is empty are left out, so optional parts need no logic here.
    """
    noun, _, key = name.partition(".")
    try:
        template = _noun(language if language in LANGUAGES else "fr", noun)[key]
    except (FileNotFoundError, KeyError):
        raise ConfigurationError(f"There is no message template {name!r}.") from None
    lines = []
    for line in template.strip().split("\n"):
        filled = line.format_map(values)
        if filled.strip() or not line.strip():
            lines.append(filled.rstrip())
    return "\n".join(lines)


# A lone "1" takes the singular everywhere; French uses it for none as well.
_SINGULAR = {"fr": (0, 1)}


def counted(language: str, name: str, count: int) -> str:
    """``3 ventes``, ``1 vente``: of the templates ``<name>_one`` and ``<name>_many`` the one for this number."""
    form = "one" if count in _SINGULAR.get(language, (1,)) else "many"
    return text(language, f"{name}_{form}", count=count)
