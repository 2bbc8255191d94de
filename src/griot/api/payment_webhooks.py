"""``POST /webhooks/payments/{provider}``: a notice, verified on the raw bytes; then the provider itself is asked."""

from ipaddress import ip_address, ip_network

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from griot.api.body import read_limited
from griot.core import metrics
from griot.core.house import House
from griot.core.settings import Settings
from griot.core.source import source_of
from griot.tools.payments import service

LARGEST_NOTICE = 64 * 1024  # bytes; real ones are below 10 KB

router = APIRouter()


@router.post("/webhooks/payments/{provider}", tags=["webhooks"])
async def receive(request: Request, provider: str) -> Response:
    """200 kept (and settled, unless the provider does not answer), 401 not signed by the provider, 403 from an address
    that is not the provider's, 404 not about a payment of ours, 413 too large, 422 not a notice."""
    house: House = request.app.state.house
    with metrics.WEBHOOK_SECONDS.labels("payments").time():
        if not _welcome(request, house.config):
            return PlainTextResponse("Notices are not taken from this address.", 403)
        raw = await read_limited(request, LARGEST_NOTICE)
        if raw is None:
            return PlainTextResponse("The body is larger than a notice may be.", 413)
        result = await service.receive_notice(house, provider, raw, request.headers)
        return JSONResponse({"result": result})


def _welcome(request: Request, config: Settings) -> bool:
    """Whether the source is on the list of GRIOT_PROVIDER_ADDRESSES, or there is no list."""
    allowed = [part.strip() for part in config.provider_addresses.split(",") if part.strip()]
    if not allowed:
        return True
    try:
        address = ip_address(source_of(request.scope, trust_proxy=config.trust_proxy))
    except ValueError:
        return False
    return any(address in ip_network(network, strict=False) for network in allowed)
