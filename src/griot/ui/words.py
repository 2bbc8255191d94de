"""What the console says, in French, English and Malagasy: ``griot/prompts/console/<language>/<view>.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from griot.core.errors import ConfigurationError
from griot.core.texts import LANGUAGES

NAMES = {"fr": "Français", "en": "English", "mg": "Malagasy"}

# A lone "1" takes the singular everywhere; French uses it for none as well.
_SINGULAR = {"fr": (0, 1)}


@cache
def of_view(language: str, view: str) -> dict[str, Any]:
    """The words of one view; tables may be nested."""
    source = files("griot").joinpath("prompts", "console", language, f"{view}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def say(language: str, name: str, /, **values: Any) -> str:
    """The words ``view.key`` (or ``view.table.key``), with their ``{placeholders}`` filled in."""
    words = find(language, name)
    if words is None:
        raise ConfigurationError(f"The console has no words {name!r} in {language}.")
    return words.format_map(values) if values else words


def find(language: str, name: str) -> str | None:
    """The words under a name, or none: for names that are made from data, such as those of kinds of events."""
    view, *keys = name.split(".")
    found: Any
    try:
        found = of_view(language, view)
    except FileNotFoundError:
        return None
    for key in keys:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    return found if isinstance(found, str) else None


def counted(language: str, name: str, count: int) -> str:
    """``3 commandes``, ``1 commande``: of ``<name>_one`` and ``<name>_many`` the one for this number."""
    form = "one" if count in _SINGULAR.get(language, (1,)) else "many"
    return say(language, f"{name}_{form}", count=count)


def chosen(wanted: str | None, accepted: str) -> str:
    """The language of the cookie, else the first of the browser's that the console speaks, else French."""
    if wanted in LANGUAGES:
        return str(wanted)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "fr"
