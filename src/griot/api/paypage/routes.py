"""``GET /p/{token}`` shows an order's payment page, ``POST /p/{token}/pay`` sends the buyer to the provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from griot.api.body import read_limited
from griot.api.paypage import security
from griot.api.paypage.view import Facts, Visit, build, choose_language
from griot.core.errors import Conflict, FarEndError, InvalidInput, NotFound, SignatureMismatch
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.core.texts import text
from griot.tools.customers import queries as customers
from griot.tools.orders import queries as orders
from griot.tools.payments import links, queries, service
from griot.tools.payments.port import PaymentProvider
from griot.tools.payments.telling import buyer_language

LARGEST_FORM = 4096  # bytes
LANGUAGES = (("fr", "Français"), ("mg", "Malagasy"), ("en", "English"))

router = APIRouter(include_in_schema=False)

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that leads to an order, with what the page needs to know of it."""

    facts: Facts
    provider: PaymentProvider
    buyer_language: str | None


@router.get("/p/test")
async def back_from_test(request: Request) -> Response:
    """Where the provider's page leads back to after a test payment of the shop's own."""
    return _plain(request, "test", 200)


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
async def show(request: Request, token: str) -> Response:
    """The page as it stands; looking at it changes nothing, however often it is done."""
    query = request.query_params
    house: House = request.app.state.house
    try:
        opened = await _open(house, token, back_from_paying="done" in query)
    except (NotFound, SignatureMismatch):
        return _missing(request)
    visit = Visit(_language(request, opened, query), done="done" in query, back="back" in query)
    return _page(request, token, opened, visit)


@router.post("/p/{token}/pay")
async def pay(request: Request, token: str) -> Response:
    """To the provider's page; twice or at once is the same. What stands in the way is said on our own page."""
    house: House = request.app.state.house
    try:
        opened = await _open(house, token)
    except (NotFound, SignatureMismatch):
        return _missing(request)
    raw = await read_limited(request, LARGEST_FORM)
    form = dict(parse_qsl((raw or b"").decode("utf-8", "replace")))
    visit = Visit(_language(request, opened, form))
    try:
        security.check_form(house.keyring, request, token, form.get("token", ""))
    except SignatureMismatch:
        return _page(request, token, opened, replace(visit, trouble="stale"), 403)
    facts = opened.facts
    try:
        address = await service.begin(house, facts.shop.id, facts.order.id, form.get("means", ""), visit.language)
    except Conflict:  # paid, expired or cancelled meanwhile: the page says which
        return RedirectResponse(f"{_path(house, token)}?lang={visit.language}", 303)
    except InvalidInput:
        return _page(request, token, opened, replace(visit, trouble="refused"), 422)
    except FarEndError as error:
        trouble = replace(visit, trouble="down" if error.retry else "refused")
        return _page(request, token, await _open(house, token), trouble, 503 if error.retry else 502)
    return RedirectResponse(address, 303)


async def _open(house: House, token: str, *, back_from_paying: bool = False) -> Opened:
    """What the link leads to. Raises ``NotFound`` or ``SignatureMismatch`` when it leads nowhere."""
    shop_id, order_id = links.read_token(house.keyring, token)
    async with house.db.transaction(shop_id) as tx:
        shop = await load_shop(tx)
        order = await orders.load(tx, order_id)
        if order is None:
            raise NotFound("There is no such order.")
        provider = await service.provider_of(tx, house, shop.settings.provider)
        if back_from_paying:
            await service.hurry(tx, house, order_id)
        facts = Facts(
            shop=shop,
            order=order,
            payments=await queries.of_order(tx, order_id),
            preferred=(await customers.load(tx, [order.customer_id]))[order.customer_id].preferred_means,
            provider=provider.label,
            link=links.pay_url(house.keyring, house.config.public_url, shop_id, order_id),
            now=house.clock.now(),
        )
        return Opened(facts, provider, await buyer_language(tx, order))


def _language(request: Request, opened: Opened, asked: Mapping[str, str]) -> str:
    accepted = request.headers.get("accept-language", "")
    return choose_language(asked.get("lang"), opened.buyer_language, accepted, opened.facts.shop.language)


def _path(house: House, token: str) -> str:
    return f"{urlsplit(house.config.public_url).path.rstrip('/')}/p/{token}"


def _page(request: Request, token: str, opened: Opened, visit: Visit, status: int = 200) -> Response:
    house: House = request.app.state.house
    nonce, browser = security.new_nonce(), security.browser_of(request)
    path = _path(house, token)
    html = _templates.get_template("page.html").render(
        view=build(opened.facts, visit),
        path=path,
        form_token=security.form_token(house.keyring, token, browser),
        languages=LANGUAGES,
        nonce=nonce,
    )
    response = HTMLResponse(html, status, {"Retry-After": "5"} if status == 503 else None)
    logo = opened.facts.shop.settings.logo_url
    security.add_headers(response, nonce, pays_at=opened.provider.page_origin, logo=logo)
    secure = house.config.public_url.startswith("https:")
    security.remember(response, browser, path, secure=secure)
    return response


def _missing(request: Request) -> Response:
    """One answer to every link that leads nowhere, so that nothing can be learnt by trying."""
    return _plain(request, "missing", 404)


def _plain(request: Request, what: str, status: int) -> Response:
    """A page about no order: a heading and a text."""
    language = choose_language(request.query_params.get("lang"), None, request.headers.get("accept-language", ""), "fr")
    nonce = security.new_nonce()
    html = _templates.get_template("plain.html").render(
        language=language,
        heading=text(language, f"paypage.{what}"),
        text=text(language, f"paypage.{what}_text"),
        nonce=nonce,
    )
    response = HTMLResponse(html, status)
    security.add_headers(response, nonce)
    return response
