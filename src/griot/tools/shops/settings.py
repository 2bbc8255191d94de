"""What a merchant may set, and what each value must be (product.md §3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlsplit

from griot.core.errors import InvalidInput
from griot.core.hours import OpeningHours
from griot.core.tenancy import PaymentTerms, ShopSettings

_MEANS = ShopSettings().means
_CONTACT = ("name", "address", "phone", "email")
_REGISTRATION = re.compile(r"[A-Z][A-Z0-9 ]{1,11}")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,5}")
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_LONGEST_LEGAL = 200
_MOST_LEGAL = 12


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


def _model_name(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(value.strip()) and len(value) <= 60)


def _hours(value: Any) -> bool:
    if value is not None:
        OpeningHours.read(value)  # says itself what is wrong
    return True


def _mail_address(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(_MAIL.fullmatch(value)) and len(value) <= 254)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _rate(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 50 and round(value, 2) == value


def _legal(value: Any) -> bool:
    """Few, short lines, under names that can be printed in front of them."""
    return (
        isinstance(value, Mapping)
        and len(value) <= _MOST_LEGAL
        and all(isinstance(name, str) and (name in _CONTACT or _REGISTRATION.fullmatch(name)) for name in value)
        and all(isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST_LEGAL for text in value.values())
    )


def _prefix(value: Any) -> bool:
    return isinstance(value, str) and bool(_PREFIX.fullmatch(value))


_TERMS = get_args(PaymentTerms)
_RULES = {
    "hold_minutes": _Rule(_between(1, 30, or_none=True), "1 to 30 minutes, or nothing for the segment's"),
    "max_quantity": _Rule(_between(1, 100_000, or_none=True), "1 to 100000 pieces, or nothing for the segment's"),
    "auto_reminder": _Rule(_is_bool, "true or false"),
    "auto_summary": _Rule(_is_bool, "true or false"),
    "means": _Rule(_some_means, f"one or more of {', '.join(_MEANS)}"),
    "provider": _Rule(lambda value: isinstance(value, str) and value.isidentifier(), "a provider's name"),
    "logo_url": _Rule(_web_address, "an http(s) address"),
    "min_trust": _Rule(_between(0, 100), "0 to 100"),
    "model": _Rule(_model_name, "`offline`, the name of an endpoint of GRIOT_MODELS, or nothing"),
    "tax_percent": _Rule(_rate, "a rate from 0 to 50 with at most two decimals, such as 18 or 5.5"),
    "prices_include_tax": _Rule(_is_bool, "true or false"),
    "quote_valid_days": _Rule(_between(1, 365, or_none=True), "1 to 365 days, or nothing for the segment's"),
    "deposit_percent": _Rule(
        _between(0, 100, or_none=True), "0 (no deposit) to 100 per cent, or nothing for the segment's"
    ),
    "payment_terms": _Rule(
        lambda value: value is None or value in _TERMS, f"{' or '.join(_TERMS)}, or nothing for the segment's"
    ),
    "legal": _Rule(
        _legal,
        f"at most {_MOST_LEGAL} lines of up to {_LONGEST_LEGAL} characters, named {', '.join(_CONTACT)}, or after a"
        ' registration in capitals: {"name": "Awa SARL", "NINEA": "005123456"}',
    ),
    "opening_hours": _Rule(_hours, "the hours of a week, or nothing"),
    "quote_prefix": _Rule(_prefix, "up to six capitals or digits, such as DEV"),
    "invoice_prefix": _Rule(_prefix, "up to six capitals or digits, such as FAC"),
    "voice_replies": _Rule(_is_bool, "true or false"),
    "briefing_hour": _Rule(_between(0, 23, or_none=True), "an hour from 0 to 23, or nothing for no briefing"),
    "briefing_email": _Rule(_mail_address, "an e-mail address, or nothing"),
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
