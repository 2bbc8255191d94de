"""Adapters to payment providers, one file each, by the name that shops and payments carry."""

from griot.core.errors import NotFound
from griot.tools.payments.port import PaymentProvider
from griot.tools.payments.providers.sandbox import SandboxProvider

ADAPTERS: dict[str, type[PaymentProvider]] = {"sandbox": SandboxProvider}


def adapter(name: str) -> type[PaymentProvider]:
    """The adapter called ``name``."""
    try:
        return ADAPTERS[name]
    except KeyError:
        raise NotFound(f"There is no payment provider {name!r}; there are: {', '.join(sorted(ADAPTERS))}.") from None
