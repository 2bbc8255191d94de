"""The words of shops' pages, from ``griot/prompts/importing/pages.toml``, as one pattern a sense."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_FIRST_WITHOUT_SPACES = "\u0590"  # from Hebrew on, scripts whose words touch particles or each other


@cache
def _senses() -> dict[str, dict[str, list[str]]]:
    text = files("griot").joinpath("prompts", "importing", "pages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def pattern(sense: str) -> re.Pattern[str]:
    """What finds any phrase of a sense, in every language, whole words only where the script parts words."""
    phrases = [phrase for phrases in _senses()[sense].values() for phrase in phrases]
    return re.compile("|".join(map(_expression, phrases)), re.IGNORECASE)


def _expression(phrase: str) -> str:
    if _FIRST_WITHOUT_SPACES <= max(phrase) < "\u1e00" or max(phrase) > "\u2e00":
        return f"(?:{_spaced(phrase)})"
    return rf"(?<![^\W_])(?:{_spaced(phrase)})(?![^\W\d_])"


def _spaced(phrase: str) -> str:
    """White space for each space outside of square brackets; a space with ``?`` may be missing."""
    parts = re.split(r"(\[[^\]]*\])", phrase)
    return "".join(part if part.startswith("[") else part.replace(" ?", r"\s*").replace(" ", r"\s+") for part in parts)
