"""``griot quotes``: the shop's papers, as files, and the logo at their head."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.tools.quotes.models import Document

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@friendly
def list_quotes(
    shop: ShopOption,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """The last quotes of a shop, and what became of them."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.tools.quotes import queries
        from griot.tools.quotes.documents import today

        day = today(known, house.clock.now())
        return [
            {
                "number": quote.number,
                "status": "expired" if quote.status == "open" and quote.valid_until < day else quote.status,
                "total": quote.total.decimal(),
                "currency": quote.total.currency,
                "valid_until": quote.valid_until.isoformat(),
            }
            for quote in await queries.latest(tx, limit)
        ]

    found = in_shop(shop, work)
    emit({"quotes": found} if as_json else found, as_json)


@app.command()
@friendly
def save(
    number: Annotated[str, typer.Argument(help="Of a quote or an invoice: DEV-2026-0001.")],
    shop: ShopOption,
    to: Annotated[Path | None, typer.Option(help="The file to write; its own name here when left out.")] = None,
) -> None:
    """Write a quote or an invoice to a file, as it was sent."""

    async def work(_house: "House", tx: "Tx", _shop: "Shop") -> "Document":
        from griot.tools.quotes import documents

        return await documents.numbered(tx, number)

    document = in_shop(shop, work)
    target = to or Path(document.filename)
    try:
        target.write_bytes(document.content)
    except OSError as error:
        raise InvalidInput(f"{target} cannot be written: {error.strerror}.") from None
    typer.echo(target)


@app.command()
@friendly
def logo(
    shop: ShopOption,
    picture: Annotated[Path | None, typer.Argument(help="A PNG or JPEG file; left out, there is no logo.")] = None,
) -> None:
    """Put a logo at the head of the shop's quotes and invoices from now on."""
    try:
        data = picture.read_bytes() if picture else None
    except OSError as error:
        raise InvalidInput(f"{picture} cannot be read: {error.strerror}.") from None

    async def work(_house: "House", tx: "Tx", known: "Shop") -> str:
        from griot.tools.quotes import documents

        await documents.set_logo(tx, data)
        return f"{known.name}: {'new logo' if data else 'no logo'}"

    emit(in_shop(shop, work), as_json=False)
