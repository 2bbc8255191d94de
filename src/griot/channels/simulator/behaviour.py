"""How Meta behaves towards one account: settings that may be changed at any moment."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from griot.core.errors import InvalidInput


def setting(default: Any, fits: Callable[[Any], bool], rule: str) -> Any:
    """A field of ``Behaviour``: a value must satisfy ``fits``, else ``rule`` tells why not."""
    about = {"fits": fits, "rule": rule}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=about)
    return field(default=default, metadata=about)


def one_of(name: str, *allowed: str) -> Any:
    """A setting with a few values; the first one is the default."""
    return setting(allowed[0], lambda value: value in allowed, f"{name} is one of {', '.join(allowed)}.")


def seconds(name: str, default: float) -> Any:
    return setting(default, positive, f"{name} is a number of seconds.")


def batch(name: str, default: int) -> Any:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and 1 <= value <= 1000

    return setting(default, fits, f"{name} is between 1 and 1000, as at Meta.")


def flag(name: str, default: bool) -> Any:
    return setting(default, lambda value: isinstance(value, bool), f"{name} is true or false.")


def rate(name: str, default: float, unit: str) -> Any:
    def fits(value: Any) -> bool:
        return value is None or positive(value)

    return setting(default, fits, f"{name} is a number of {unit}, or null for no limit.")


def positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _delays(value: Any) -> bool:
    return isinstance(value, dict) and all(map(positive, value.values()))


def _gaps(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(positive, value))


@dataclass(slots=True)
class Behaviour:
    """What every kind of account has; each kind adds its own.

    Times are real seconds, because they stand for networks; rates and windows follow the clock.
    """

    statuses: dict[str, float] = setting(  # noqa: RUF009 - a field; status -> seconds after acceptance
        {"sent": 0.0, "delivered": 0.05, "read": 0.2},
        _delays,
        'statuses gives the seconds after which each comes: {"sent": 0, "delivered": 0.05}.',
    )
    status_batch: int = batch("status_batch", 100)  # statuses in a webhook body at most
    status_flush: float = seconds("status_flush", 0.02)  # seconds a status waits for company
    message_batch: int = batch("message_batch", 1)  # messages in a webhook body at most
    message_flush: float = seconds("message_flush", 0.0)
    retry_gaps: tuple[float, ...] = setting(  # the last one repeats until the webhook is given up
        (0.0, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0), _gaps, "retry_gaps are the seconds between attempts, at least one."
    )
    webhook_timeout: float = seconds("webhook_timeout", 10.0)
    webhook_delay: float = seconds("webhook_delay", 0.0)  # seconds every update is late

    def change(self, **values: Any) -> None:
        """Set some fields. Raises ``InvalidInput`` for a name or value that means nothing, and changes nothing then."""
        known = {each.name: each.metadata for each in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise InvalidInput(f"{name} is no setting: {', '.join(known)}.")
            if not known[name]["fits"](value):
                raise InvalidInput(known[name]["rule"])
        for name, value in values.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)
