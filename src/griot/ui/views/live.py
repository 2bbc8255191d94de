"""The live sale: run one, see it as it goes, invoice by hand, what the stream shows, and lives that are over."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from griot.core.errors import NotFound
from griot.knowledge.catalogue.service import products_by_code
from griot.tools.live import board as boards
from griot.tools.live import overlay, service
from griot.tools.live.models import Live
from griot.tools.live.quick import choices, read_article, read_buyer
from griot.tools.live.wording import duration, short_name
from griot.tools.payments.links import pay_url
from griot.tools.shops.doors import doors
from griot.ui import voice
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, Shown, View

_PAGE = 10  # lives of a page
_CODES = 60  # of the quick catalogue that can be chosen from; the others can be typed
_CHIPS = 8  # buyers that can be tapped; the others come as they are typed

view = View(
    "live",
    "live:read",
    concerns=(
        "live.",
        "order.",
        "payment.",
        "stock.",
        "waitlist.",
        "conversation.",
        "overlay.",
        "product.",
        "catalogue.",
    ),
    every=10.0,
)


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """``/live``: the running live, else how to start one and those before; ``/live/past``: those that are over, and
    ``/live/12``: one of them; ``/live/share``: QR codes and the page for the stream."""
    if at.rest[:1] == ("share",):
        return await _share(desk, at)
    if at.rest[:1] == ("past",):
        return await _over(desk, at)
    if (number := at.number()) is not None:
        return await _past(desk, number)
    async with desk.shop() as (tx, _):
        live = await service.current(tx)
    return await _running(desk, live) if live else await _idle(desk, at)


async def _running(desk: Desk, live: Live) -> Shown:
    async with desk.shop() as (tx, shop):
        board = await boards.board(tx, shop, live, desk.now, desk.language)
        codes = live.codes[:_CODES] or [shelf.code for shelf in board.shelves]
        articles = choices(list((await products_by_code(tx, codes)).values()))
        buyers = await boards.recent_buyers(tx)
    language = desk.language
    data = {
        "live": live,
        "board": board,
        "alerts": [(alert, boards.told(alert, language)) for alert in board.alerts],
        "tips": [(tip.rule, boards.advised(tip, language)) for tip in board.tips],
        "articles": articles,
        "buyers": buyers,
        "chips": [(short_name(buyer.name, buyer.phone, language), buyer) for buyer in buyers[:_CHIPS]],
    }
    parts = ("head", "figures", "picks", "invoice", "alerts", "tips", "stock", "pulse", "orders")
    return Shown("live/running.html", parts, data, desk.t("live.title"))


async def _idle(desk: Desk, at: Address) -> Shown:
    lives, further = await _before(desk, at)
    data = {"lives": lives, "further": further, "former": next((live.codes for live, _ in lives if live.codes), ())}
    return Shown("live/idle.html", ("start", "history"), data, desk.t("live.title"))


async def _over(desk: Desk, at: Address) -> Shown:
    lives, further = await _before(desk, at)
    return Shown("live/lives.html", ("history",), {"lives": lives, "further": further}, desk.t("live.history"))


async def _before(desk: Desk, at: Address) -> tuple[list[tuple[Live, str]], str | None]:
    """A page of lives that are over, with how long each was, and where to go on."""
    before = at.get("before") or ""
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    async with desk.transaction() as tx:
        lives = await service.page(tx, _PAGE, place)
    further = f"#/live/past?before={lives[-1].id}" if len(lives) == _PAGE else None
    return [(live, _lasted(desk, live)) for live in lives if live.ended_at], further


async def _past(desk: Desk, number: int) -> Shown:
    async with desk.shop() as (tx, shop):
        live = await service.known(tx, number)
        if live.ended_at is None:
            return await _running(desk, live)
        pulse = await boards.pulse_of(tx, live, desk.now)
        totals = await service.totals(tx, live.id, shop.currency)
    data = {
        "live": live,
        "lasted": _lasted(desk, live),
        "totals": totals,
        "pulse": pulse,
        "summary": live.summary or {},
        "spoken": bool(live.summary) and voice.heard_here(desk.house, shop.language),
    }
    return Shown("live/past.html", ("over", "results", "rate", "summary"), data, desk.t("live.title"))


async def _share(desk: Desk, at: Address) -> Shown:
    code = at.get("code") or ""
    async with desk.shop() as (tx, shop):
        live = await service.current(tx)
        shelves = await boards.shelves_of(tx, live, desk.now) if live else []
        chosen = next(iter((await products_by_code(tx, [code])).values()), None) if code else None
        ways = await doors(tx, chosen.code if chosen else desk.t("live.hello"))
        token = await overlay.page_token(tx, desk.house.keyring, shop) if desk.may("live:write") else None
    data = {
        "codes": [shelf.code for shelf in shelves],
        "chosen": chosen,
        "ways": ways,
        "page": f"/overlay/{token}" if token else None,
    }
    return Shown("live/share.html", ("scan", "overlay"), data, desk.t("live.share"))


def _lasted(desk: Desk, live: Live) -> str:
    return duration(desk.language, live.ended_at - live.started_at if live.ended_at else timedelta())


@view.act("live:write")
async def start(desk: Desk, title: str = "", codes: str = "") -> Done:
    """Start a live; ``codes`` is the quick catalogue: codes with commas or spaces between them."""
    wanted = [code for code in (codes.split(",") if "," in codes else codes.split()) if code.strip()]
    async with desk.shop() as (tx, shop):
        await service.start(tx, shop, title[:200], wanted, desk.now)
    return Done(desk.t("live.started"), go="/live")


@view.act("live:write")
async def stop(desk: Desk) -> Done:
    """End the live; its summary is made."""
    async with desk.shop() as (tx, shop):
        live = await service.stop(tx, shop, desk.now)
    return Done(desk.t("live.stopped"), go=f"/live/{live.id}")


@view.act("live:write")
async def invoice(
    desk: Desk, article: str, buyer: str, quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
) -> Done:
    """Hold an article for a buyer and send them the payment link."""
    house = desk.house
    async with desk.shop() as (tx, shop):

        def link(order_id: int) -> str:
            return pay_url(house.keyring, house.config.public_url, shop.id, order_id)

        code, variant = await read_article(tx, article)
        name, phone = await read_buyer(tx, buyer, shop.country)
        order = await service.invoice(
            tx,
            shop,
            code=code,
            variant=variant,
            quantity=quantity,
            name=name,
            phone=phone,
            pay_url=link,
            now=desk.now,
        )
    return Done(desk.t("live.invoiced", buyer=name.split()[0], code=code, total=order.total))


@view.act("live:write")
async def make_page(desk: Desk) -> Done:
    """A page for the stream, with a new address."""
    async with desk.shop() as (tx, shop):
        await overlay.make_page(tx, desk.house.keyring, shop, desk.now)
    return Done(desk.t("live.page_made"))


@view.act("live:write")
async def close_page(desk: Desk) -> Done:
    """Nobody sees the page for the stream any more."""
    async with desk.transaction() as tx:
        await overlay.close_page(tx, desk.now)
    return Done(desk.t("live.page_closed"))


@view.file("live:read")
async def spoken(desk: Desk, live: int) -> Response:
    """The summary of a live, said."""
    async with desk.shop() as (tx, shop):
        summary = (await service.known(tx, live)).summary
    if not summary:
        raise NotFound("This live has no summary yet.")
    return Response(await voice.say(desk.house, summary["spoken"], shop.language), media_type="audio/ogg")
