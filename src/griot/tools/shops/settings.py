"""What a merchant may set, and what each value must be (product.md §3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from griot.core.errors import InvalidInput
from griot.core.tenancy import ShopSettings

_MEANS = ShopSettings().means


@dataclass(frozen=True, slots=True)
class _Rule:
    fits: Callable[[Any], bool]
    wanted: str


def _between(low: int, high: int, *, or_none: bool = False) -> Callable[[Any], bool]:
    return lambda value: (or_none and value is None) or (type(value) is int and low <= value <= high)


def _some_means(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and set(value) <= set(_MEANS)


def _web_address(value: Any) -> bool:
    return value is None or (isinstance(value, str) and urlsplit(value).scheme in ("http", "https"))


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


_RULES = {
    "hold_minutes": _Rule(_between(1, 30, or_none=True), "1 to 30 minutes, or nothing for the segment's"),
    "max_quantity": _Rule(_between(1, 1000), "1 to 1000 pieces"),
    "auto_reminder": _Rule(_is_bool, "true or false"),
    "auto_summary": _Rule(_is_bool, "true or false"),
    "means": _Rule(_some_means, f"one or more of {', '.join(_MEANS)}"),
    "provider": _Rule(lambda value: isinstance(value, str) and value.isidentifier(), "a provider's name"),
    "logo_url": _Rule(_web_address, "an http(s) address"),
    "min_trust": _Rule(_between(0, 100), "0 to 100"),
}


def check_settings(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as they are stored; ``InvalidInput`` names the setting and what it takes."""
    for name, value in changes.items():
        rule = _RULES.get(name)
        if rule is None:
            raise InvalidInput(f"There is no setting {name!r}: the settings are {', '.join(_RULES)}.")
        if not rule.fits(value):
            raise InvalidInput(f"The setting {name} cannot be {value!r}: give {rule.wanted}.")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}
