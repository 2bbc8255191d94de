"""Our sandbox provider, spoken to over HTTP like any other (docs/reference/payments.md has its wire format)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import orjson

from griot.core.errors import FarEndError, InvalidInput
from griot.core.money import Money
from griot.tools.payments import signature
from griot.tools.payments.port import (
    Checkout,
    CheckoutRequest,
    Connection,
    Notice,
    ProviderPayment,
    ProviderStatus,
)

_STATUSES: dict[str, ProviderStatus] = {
    "open": "created",
    "processing": "pending",
    "paid": "succeeded",
    "failed": "failed",
    "expired": "expired",
}


class SandboxProvider:
    """Credentials: ``{"key": …}``; without them the installation's ``sandbox_key``."""

    label = "Griot Sandbox"
    means: tuple[str, ...] = ("wave", "orange_money", "card")

    def __init__(self, connection: Connection) -> None:
        config = connection.config
        self._key = connection.credentials.get("key") or config.sandbox_key.get_secret_value()
        self._base = config.sandbox_url.rstrip("/")
        self._timeout = config.provider_timeout
        self._http = connection.http
        self._clock = connection.clock
        where = urlsplit(self._base)
        self.page_origin = f"{where.scheme}://{where.netloc}"

    @classmethod
    def connect(cls, connection: Connection) -> Self:
        return cls(connection)

    @staticmethod
    def claimed_reference(raw: bytes) -> str:
        return str(_notice(raw)["data"]["reference"])

    async def create(self, request: CheckoutRequest) -> Checkout:
        body = {
            "reference": request.reference,
            "amount": request.amount.decimal(),
            "currency": request.amount.currency,
            "means": request.means,
            "description": request.description,
            "language": request.language,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "notify_url": request.notify_url,
            "expires_at": request.expires_at.isoformat(),
        }
        answer = await self._ask("POST", "/v1/checkouts", json=body)
        try:
            return Checkout(answer["id"], answer["url"])
        except KeyError as missing:
            raise FarEndError(f"The provider's answer to a new checkout has no {missing}.", ambiguous=True) from None

    async def look_up(self, provider_id: str | None, reference: str) -> ProviderPayment | None:
        if provider_id is None:
            found = await self._ask("GET", "/v1/checkouts", params={"reference": reference})
            return _payment(found["data"][0]) if found["data"] else None
        return _payment(await self._ask("GET", f"/v1/checkouts/{provider_id}"))

    def verify_notice(self, raw: bytes, headers: Mapping[str, str]) -> Notice:
        signature.verify(self._key, raw, headers.get(signature.HEADER), self._clock.now())
        body = _notice(raw)
        return Notice(str(body["id"]), str(body["data"]["id"]), str(body["data"]["reference"]), str(body["type"]))

    async def _ask(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}"}
        try:
            answer = await self._http.request(method, self._base + path, headers=headers, timeout=self._timeout, **what)
        except httpx.TimeoutException:
            raise FarEndError("The payment provider did not answer in time.", retry=True, ambiguous=True) from None
        except httpx.HTTPError as error:
            raise FarEndError(f"The payment provider cannot be reached: {error}", retry=True, ambiguous=True) from None
        if answer.is_error:
            passing = answer.status_code >= 500 or answer.status_code == 429
            raise FarEndError(
                f"The payment provider answered {answer.status_code}: {answer.text[:200]}",
                retry=passing,
                ambiguous=passing,
            )
        try:
            body = orjson.loads(answer.content)
        except orjson.JSONDecodeError:
            raise FarEndError("The payment provider's answer is not JSON.", retry=True, ambiguous=True) from None
        if not isinstance(body, dict):
            raise FarEndError("The payment provider's answer is not a JSON object.", retry=True, ambiguous=True)
        return body


def _payment(found: dict[str, Any]) -> ProviderPayment:
    try:
        received = found["received"]
        return ProviderPayment(
            provider_id=found["id"],
            reference=found["reference"],
            status=_STATUSES[found["status"]],
            amount=Money.parse(received["amount"], received["currency"]) if received else None,
            paid_at=datetime.fromisoformat(found["paid_at"]) if found["paid_at"] else None,
        )
    except (KeyError, TypeError, ValueError, InvalidInput) as error:
        raise FarEndError(f"The payment provider's answer cannot be read: {error!r}", retry=True) from None


def _notice(raw: bytes) -> dict[str, Any]:
    """The body of a notice with the fields that we use; ``InvalidInput`` when one is missing."""
    try:
        body = orjson.loads(raw)
        if all(isinstance(field, str) for field in (body["id"], body["type"], body["data"]["id"])) and isinstance(
            body["data"]["reference"], str
        ):
            return dict(body)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        pass
    raise InvalidInput("The notice is not one of the sandbox provider's: see docs/reference/payments.md.")
