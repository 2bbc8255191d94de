"""The sandbox provider over HTTP: an API for merchants, a page for buyers, and controls for its faults."""

import asyncio
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from griot.core.errors import GriotError, InvalidInput, NotFound, SignatureMismatch
from griot.core.money import Money
from griot.tools.payments.sandbox import pages
from griot.tools.payments.sandbox.notices import conclude
from griot.tools.payments.sandbox.state import Checkout, Faults, Health, Outcome, Sandbox

SILENCE = 60.0  # seconds after which even a silent provider hangs up
LIFE = timedelta(minutes=30)  # of a checkout that names no deadline
_FAULTS = TypeAdapter(Faults)


def create_app(sandbox: Sandbox) -> Starlette:
    """The provider as an ASGI application, to be mounted where ``sandbox.base_url`` says."""
    app = Starlette(
        routes=[
            Route("/v1/checkouts", create_checkout, methods=["POST"]),
            Route("/v1/checkouts", find_checkouts, methods=["GET"]),
            Route("/v1/checkouts/{id}", show_checkout, methods=["GET"]),
            Route("/pay/{id}", show_page, methods=["GET"]),
            Route("/pay/{id}", press, methods=["POST"]),
            Route("/control/faults", show_faults, methods=["GET"]),
            Route("/control/faults", set_faults, methods=["PUT"]),
            Route("/control/checkouts/{id}/faults", set_faults, methods=["PUT"]),
            Route("/control/checkouts", list_checkouts, methods=["GET"]),
        ],
        exception_handlers={GriotError: _refuse},
    )
    app.state.sandbox = sandbox
    return app


async def create_checkout(request: Request) -> Response:
    """Open a checkout: 201, or 200 with the one that this reference opened before."""
    sandbox, key = _merchant(request)
    if sandbox.faults.create == "error":
        return _error(500, "The provider is out of order.")
    body = await _json(request)
    now = sandbox.clock.now()
    try:
        checkout, fresh = sandbox.create(
            key,
            reference=str(body["reference"]),
            amount=Money.parse(str(body["amount"]), str(body["currency"])),
            means=str(body["means"]),
            description=str(body.get("description", "")),
            language=str(body.get("language", "fr")),
            success_url=str(body["success_url"]),
            cancel_url=str(body["cancel_url"]),
            notify_url=str(body["notify_url"]),
            expires_at=datetime.fromisoformat(body["expires_at"]) if body.get("expires_at") else now + LIFE,
        )
    except (KeyError, ValueError) as error:
        raise InvalidInput(f"A field is missing or cannot be read: {error}") from None
    await _keep_quiet(request, sandbox.faults.create)
    return _answer(_shown(sandbox, checkout), 201 if fresh else 200)


async def find_checkouts(request: Request) -> Response:
    """The merchant's checkouts with a reference: one or none."""
    sandbox, key = _merchant(request)
    if sandbox.faults.look_up == "error":
        return _error(500, "The provider is out of order.")
    await _keep_quiet(request, sandbox.faults.look_up)
    found = sandbox.by_reference(key, request.query_params.get("reference", ""))
    return _answer({"data": [_shown(sandbox, found)] if found else []})


async def show_checkout(request: Request) -> Response:
    """One checkout, for the merchant who opened it."""
    sandbox, key = _merchant(request)
    if sandbox.faults.look_up == "error":
        return _error(500, "The provider is out of order.")
    await _keep_quiet(request, sandbox.faults.look_up)
    checkout = sandbox.find(request.path_params["id"])
    if checkout.key != key:
        raise NotFound("There is no such checkout.")
    return _answer(_shown(sandbox, checkout))


async def show_page(request: Request) -> Response:
    """The page on which the buyer pays."""
    sandbox: Sandbox = request.app.state.sandbox
    checkout = sandbox.find(request.path_params["id"])
    return _page(request, sandbox, checkout)


async def press(request: Request) -> Response:
    """The buyer's press: back to the shop, or the page again when there is nothing left to pay."""
    sandbox: Sandbox = request.app.state.sandbox
    checkout = sandbox.find(request.path_params["id"])
    if checkout.state(sandbox.clock.now()) != "open":
        return _page(request, sandbox, checkout, status=409)
    form = await request.form()
    wanted = "failed" if form.get("outcome") == "failed" else "paid"
    outcome = sandbox.press(checkout, cast(Outcome, wanted))
    follow_up = conclude(sandbox, checkout, outcome)
    if sandbox.behaviour(checkout).disorder:
        await follow_up
    else:
        sandbox.in_background(follow_up)
    return RedirectResponse(checkout.success_url if outcome == "paid" else checkout.cancel_url, 303)


async def show_faults(request: Request) -> Response:
    """How the provider misbehaves at present."""
    sandbox, _ = _merchant(request)
    return _answer(asdict(sandbox.faults))


async def set_faults(request: Request) -> Response:
    """Set the faults of one checkout, or of all; what the body leaves out works as it should."""
    sandbox, _ = _merchant(request)
    body = await _json(request)
    known = {fault.name for fault in fields(Faults)}
    if not body.keys() <= known:
        raise InvalidInput(f"Unknown fault: the faults are {', '.join(sorted(known))}.")
    try:
        faults = _FAULTS.validate_python(body)
    except ValidationError as error:
        raise InvalidInput(f"A fault cannot have this value: {error}") from None
    checkout_id = request.path_params.get("id")
    if checkout_id is None:
        sandbox.faults = faults
    else:
        sandbox.find(checkout_id).faults = faults
    return _answer(asdict(faults))


async def list_checkouts(request: Request) -> Response:
    """Every checkout of the merchant, the newest last."""
    sandbox, key = _merchant(request)
    own = [checkout for checkout in sandbox.checkouts.values() if checkout.key == key]
    return _answer({"data": [_shown(sandbox, checkout) for checkout in own]})


def _merchant(request: Request) -> tuple[Sandbox, str]:
    sandbox: Sandbox = request.app.state.sandbox
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or key not in sandbox.keys:
        raise SignatureMismatch("Unknown key: send `Authorization: Bearer <key>`.")
    return sandbox, key


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise InvalidInput("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise InvalidInput("The body is not a JSON object.")
    return body


async def _keep_quiet(request: Request, health: Health) -> None:
    """A silent provider leaves the caller waiting until it hangs up."""
    waited = 0.0
    while health == "silence" and waited < SILENCE and not await request.is_disconnected():
        await asyncio.sleep(0.05)
        waited += 0.05


def _page(request: Request, sandbox: Sandbox, checkout: Checkout, status: int = 200) -> Response:
    language = request.query_params.get("lang", checkout.language)
    html = pages.render(checkout, checkout.state(sandbox.clock.now()), language)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _shown(sandbox: Sandbox, checkout: Checkout) -> dict[str, Any]:
    received = checkout.received
    return {
        "id": checkout.id,
        "reference": checkout.reference,
        "status": checkout.state(sandbox.clock.now()),
        "amount": checkout.amount.decimal(),
        "currency": checkout.amount.currency,
        "received": {"amount": received.decimal(), "currency": received.currency} if received else None,
        "means": checkout.means,
        "url": sandbox.page_url(checkout),
        "created_at": checkout.created_at,
        "expires_at": checkout.expires_at,
        "paid_at": checkout.paid_at,
    }


def _answer(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def _error(status: int, message: str) -> Response:
    return _answer({"error": {"message": message}}, status)


def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, GriotError)
    return _error(error.status, str(error))
