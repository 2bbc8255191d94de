"""The port to payment providers: one class in ``providers/`` each (docs/how-to/add-a-payment-provider.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, Self

import httpx

from griot.core.clock import Clock
from griot.core.money import Money
from griot.core.settings import Settings

ProviderStatus = Literal["created", "pending", "succeeded", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What a provider is asked to collect. ``reference`` is ours, and new for every attempt to pay."""

    reference: str
    amount: Money
    means: str
    description: str
    language: str
    success_url: str
    cancel_url: str
    notify_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """The provider's id of a payment, and the address of the page on which the buyer pays."""

    provider_id: str
    url: str


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """What a provider says of a payment when asked.

    ``created``: the buyer has done nothing yet; ``pending``: the money is on its way. ``amount`` is what was really
    collected, gross of fees, and is there whenever ``status`` is ``succeeded``.
    """

    provider_id: str
    reference: str
    status: ProviderStatus
    amount: Money | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified notice: a hint that something happened to a payment, never the proof of what."""

    id: str
    provider_id: str
    reference: str
    kind: str


@dataclass(frozen=True, slots=True)
class Connection:
    """What an adapter works with. ``credentials`` are the shop's own; empty: the installation's settings."""

    credentials: Mapping[str, str]
    config: Settings
    http: httpx.AsyncClient
    clock: Clock


class PaymentProvider(Protocol):
    """A payment provider, spoken to with one shop's credentials."""

    label: str  # the name that buyers know
    means: tuple[str, ...]
    page_origin: str  # where its hosted pages live, for the Content-Security-Policy of ours

    @classmethod
    def connect(cls, connection: Connection) -> Self: ...

    @staticmethod
    def claimed_reference(raw: bytes) -> str:
        """Our reference as an unverified notice claims it: says whose key to verify with, and nothing more.

        Raises ``InvalidInput`` when the body cannot be read.
        """
        ...

    async def create(self, request: CheckoutRequest) -> Checkout:
        """Open a checkout. Asked twice with one reference it answers with the same checkout.

        Raises ``FarEndError``: ``ambiguous`` when the checkout may exist all the same.
        """
        ...

    async def look_up(self, provider_id: str | None, reference: str) -> ProviderPayment | None:
        """What became of a payment; by our reference while the provider's id is unknown. None: never heard of it.

        Raises ``FarEndError``.
        """
        ...

    def verify_notice(self, raw: bytes, headers: Mapping[str, str]) -> Notice:
        """Read a notice after checking its signature on the raw bytes. Raises ``SignatureMismatch``, ``InvalidInput``.

        ``headers`` looks names up without regard to case.
        """
        ...
