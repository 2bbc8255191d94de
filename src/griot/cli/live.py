"""`griot live`: start and stop a live, see how it stands, make an invoice by hand."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.tools.live.models import Live

app = typer.Typer(help="A live sale: start, stop, status, invoice by hand.", no_args_is_help=True)


@app.command()
@friendly
def start(
    shop: ShopOption,
    title: Annotated[str, typer.Option(help="Name of the live, for the summary.")] = "",
    codes: Annotated[str, typer.Option(help="Quick catalogue, such as ROBE1,SAC2; everything when left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Start a live."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> "Live":
        from griot.tools.live import service as lives

        return await lives.start(tx, known, title, [code for code in codes.split(",") if code], house.clock.now())

    live = in_shop(shop, work)
    emit(_shown(live) if as_json else f"Live {live.id} is running. Buyers' orders count for it from now on.", as_json)


@app.command()
@friendly
def stop(shop: ShopOption, as_json: JsonOption = False) -> None:
    """End the live and show its summary, which also goes to the vendor."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> "Live":
        from griot.tools.live import service as lives

        return await lives.stop(tx, known, house.clock.now())

    summary = in_shop(shop, work).summary or {}
    emit(summary if as_json else summary["text"], as_json)


@app.command()
@friendly
def status(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show the running live: orders, turnover, stock. Exit status 1 when none runs."""
    found = in_shop(shop, _status)
    if as_json:
        emit(found, as_json)
    elif found["live"] is None:
        emit(f"No live is running: `griot live start --shop {shop}` starts one.", as_json)
    else:
        emit(found["live"] | found["totals"], as_json)
        emit(found["stock"], as_json)
    raise typer.Exit(0 if found["live"] else 1)


async def _status(house: "House", tx: "Tx", shop: "Shop") -> dict[str, Any]:
    from griot.tools.live import service as lives

    live = await lives.current(tx)
    if live is None:
        return {"live": None, "totals": None, "stock": []}
    totals = await lives.totals(tx, live.id, shop.currency)
    stock = await lives.levels(tx, live, house.clock.now())
    return {
        "live": _shown(live),
        "totals": {
            "orders": totals.orders,
            "paid": totals.paid,
            "pending": totals.pending,
            "expired": totals.expired,
            "cancelled": totals.cancelled,
            "conversion": totals.conversion,
            "turnover": totals.turnover.decimal(),
            "currency": shop.currency,
        },
        "stock": [
            {"code": level.code, "free": level.free, "held": level.held, "sold": level.sold, "low": level.low}
            for level in stock
        ],
    }


@app.command()
@friendly
def invoice(
    code: Annotated[str, typer.Argument(help="Code of the article.")],
    shop: ShopOption,
    name: Annotated[str, typer.Option(help="The buyer's name.")],
    phone: Annotated[str, typer.Option(help="The buyer's WhatsApp number.")],
    quantity: Annotated[int, typer.Option(help="Pieces.")] = 1,
    variant: Annotated[str | None, typer.Option(help="Options of an article that has several: S or S/rouge.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold an article for a buyer and send them the payment link."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.tools.live import service as lives
        from griot.tools.payments.links import pay_url

        def link(order_id: int) -> str:
            return pay_url(house.keyring, house.config.public_url, known.id, order_id)

        order = await lives.invoice(
            tx,
            known,
            code=code,
            quantity=quantity,
            name=name,
            phone=phone,
            variant=variant,
            pay_url=link,
            now=house.clock.now(),
        )
        return {
            "reference": order.reference,
            "total": order.total.decimal(),
            "currency": order.total.currency,
            "expires_at": order.expires_at.isoformat(),
            "pay_url": link(order.id),
        }

    emit(in_shop(shop, work), as_json)


def _shown(live: "Live") -> dict[str, Any]:
    return {
        "id": live.id,
        "title": live.title,
        "codes": list(live.codes),
        "started_at": live.started_at.isoformat(),
    }
