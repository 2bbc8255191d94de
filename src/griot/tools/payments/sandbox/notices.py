"""Notices of the sandbox provider: signed, repeated until somebody accepts them, and spoilt on demand."""

import asyncio
import secrets

import httpx
import orjson

from griot.tools.payments import signature
from griot.tools.payments.sandbox.state import Checkout, Delivery, Outcome, Sandbox

PATIENCE = 5.0  # seconds to wait for the receiver's answer


async def conclude(sandbox: Sandbox, checkout: Checkout, outcome: Outcome) -> None:
    """Everything that follows the buyer's press: the money moves, and the merchant is told."""
    faults = sandbox.behaviour(checkout)
    if faults.processing:
        await asyncio.sleep(faults.processing)
        sandbox.decide(checkout, outcome)
    if faults.loss:
        return
    await asyncio.sleep(faults.delay)
    notice_id = f"evt_{secrets.token_hex(10)}"
    raw = _body(sandbox, checkout, notice_id)
    await asyncio.gather(*(_deliver(sandbox, checkout, notice_id, raw) for _ in range(1 + faults.duplicates)))


def _body(sandbox: Sandbox, checkout: Checkout, notice_id: str) -> bytes:
    money = checkout.received or checkout.amount
    return orjson.dumps(
        {
            "id": notice_id,
            "type": f"checkout.{checkout.status}",
            "created_at": sandbox.clock.now(),
            "data": {
                "id": checkout.id,
                "reference": checkout.reference,
                "status": checkout.status,
                "amount": money.decimal(),
                "currency": money.currency,
            },
        }
    )


async def _deliver(sandbox: Sandbox, checkout: Checkout, notice_id: str, raw: bytes) -> None:
    for gap in (*sandbox.retry_gaps, None):
        status = await _post(sandbox, checkout, raw)
        sandbox.deliveries.append(Delivery(notice_id, checkout.reference, status))
        accepted = status is not None and 200 <= status < 300
        if accepted or gap is None:
            return
        await asyncio.sleep(gap)


async def _post(sandbox: Sandbox, checkout: Checkout, raw: bytes) -> int | None:
    key = secrets.token_hex(16) if sandbox.behaviour(checkout).forged else checkout.key
    headers = {"Content-Type": "application/json", signature.HEADER: signature.sign(key, raw, sandbox.clock.now())}
    try:
        answer = await sandbox.http.post(checkout.notify_url, content=raw, headers=headers, timeout=PATIENCE)
    except httpx.HTTPError:
        return None
    return answer.status_code
