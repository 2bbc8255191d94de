"""Reading JSON that others wrote: every ``as_…`` function takes any value and never raises.

Numbers arrive as strings and strings as numbers, an object where a list was announced and the reverse: what can be
understood is, the rest is absent (``None`` or empty).
"""

import math
import re
from datetime import UTC, datetime
from typing import Any

import orjson

_EXACT_FLOAT = 2**53  # beyond, a float no longer names one whole number
_PHONE_NOISE = re.compile(r"[\s().\-]")
_PHONE = re.compile(r"\+?[0-9]{1,20}")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u0000|u[dD][89a-fA-F]..|.)", re.DOTALL)
_SECONDS_MAX = 1e11  # the year 5138; larger numbers are milliseconds or microseconds


def as_object(value: object) -> dict[str, Any]:
    """The object itself, or the first object of a list, or nothing."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        return next((item for item in value if isinstance(item, dict)), {})
    return {}


def as_list(value: object) -> list[Any]:
    """The list itself, or the value as its only item; null is an empty list."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def as_text(value: object) -> str | None:
    """A string that is not empty; whole numbers are written out."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    return str(value) if isinstance(value, int) and abs(value) < 10**40 else None


def as_id(value: object) -> str | None:
    """A text without the spaces around it."""
    text = as_text(value)
    return (text.strip() or None) if text else None


def as_number(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_whole(value: object) -> int | None:
    number = as_number(value)
    return int(number) if number is not None and number.is_integer() else None


def as_true(value: object) -> bool:
    return value is True or value in ("true", "True", "1", 1)


def as_phone(value: object) -> str | None:
    """The digits of a phone number, without '+', spaces and the like; anything else is not a phone number."""
    text = _PHONE_NOISE.sub("", as_id(value) or "")
    return text.lstrip("+") if _PHONE.fullmatch(text) else None


def as_time(value: object) -> datetime | None:
    """A Unix time in seconds (or milli- or microseconds, told by its size), number or string; or one in ISO 8601."""
    seconds = as_number(value)
    if seconds is None:
        return _written_time(value)
    if seconds <= 0:
        return None
    while seconds > _SECONDS_MAX:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def _written_time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) >= len("2026-02-15") else None
        return moment.astimezone(UTC) if moment and moment.tzinfo and moment.year > 1970 else None
    except (ValueError, OverflowError):
        return None


def decoded(text: bytes | str) -> Any:
    """JSON decoded so that PostgreSQL can store it; ``ValueError`` when it is not JSON, or nested deeper than 254.

    NUL characters, lone surrogates and bytes that are not UTF-8 become U+FFFD.
    """
    text = text.decode("utf-8-sig", errors="replace") if isinstance(text, bytes) else text
    try:
        value = orjson.loads(_ESCAPE.sub(_storable, text) if "\\u0000" in text else text)
    except orjson.JSONDecodeError:
        value = orjson.loads(_ESCAPE.sub(_storable, text))
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from None
    return value


def _storable(escape: re.Match[str]) -> str:
    text = escape[0]
    return "\\ufffd" if text == r"\u0000" or (len(text) == 6 and text[2] in "dD") else text


def present(**values: Any) -> dict[str, Any]:
    """An object of the values that are there."""
    return {key: value for key, value in values.items() if value is not None}
