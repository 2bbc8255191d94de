"""`griot import` and `griot source`: a shop's catalogue from an address or a file, once or on a schedule."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop, prepared_database, run
from griot.cli.sources import found_at
from griot.core.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.knowledge.importing.merging.models import Plan, Step
    from griot.knowledge.importing.models import Found

NOT_AS_EXPECTED = 1
_SHOWN = 40  # products in a table for people

app = typer.Typer(help="Where a shop's catalogue comes from.", no_args_is_help=True)


@friendly
def import_(
    source: Annotated[str, typer.Argument(help="Address of a shop, a page, a feed or a sheet, or a file.")],
    shop: ShopOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would come in.")] = False,
    currency: Annotated[str | None, typer.Option(help="Of prices that name none: XOF, EUR, MGA ...")] = None,
    pieces: Annotated[
        int | None, typer.Option(min=0, help="Pieces counted of what is in stock without a number; 1 at first.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="A column of a table and what it is: “Tarif=price”; “Note=-” is not read. It is remembered."),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Everything in the source, or nothing at all.")] = False,
    accept_gone: Annotated[
        bool, typer.Option("--accept-gone", help="Take off sale what is gone, however much of it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring a catalogue in, or up to date: nothing is doubled, and what you corrected here stays."""
    said = _columns(column or [])
    prepared_database()
    columns = {name: field for name, field in {**run(_said_before(source, shop)), **said}.items() if field}
    found = found_at(source, columns=columns)
    mapping = columns if said else None
    report, expected = run(_import(source, shop, found, dry_run, currency, pieces, mapping, whole, accept_gone))
    if as_json:
        emit(report, as_json)
    else:
        _show(report)
    if not expected:
        raise typer.Exit(NOT_AS_EXPECTED)


async def _said_before(source: str, shop_name: str) -> dict[str, str]:
    """What the merchant said of a source's columns when it was imported before."""
    from griot.core.house import open_house
    from griot.core.settings import settings
    from griot.knowledge.importing.merging import queries
    from griot.tools.shops.service import find_shop

    async with open_house(settings()) as house:
        async with house.db.anywhere() as connection:
            shop_id = await find_shop(connection, shop_name)
        async with house.db.transaction(shop_id) as tx:
            return ((await queries.source(tx, source)) or {}).get("mapping") or {}


async def _import(
    source: str,
    shop_name: str,
    found: "Found",
    dry_run: bool,
    currency: str | None,
    pieces: int | None,
    mapping: dict[str, str] | None,
    whole: bool,
    accept_gone: bool,
) -> tuple[dict[str, Any], bool]:
    """The report, and whether everything that the source lists is in it."""
    from griot.core.house import open_house
    from griot.core.money import exponent
    from griot.core.settings import settings
    from griot.core.tenancy import load_shop
    from griot.knowledge.importing.merging import queries, service
    from griot.tools.shops.service import find_shop

    if currency is not None:
        exponent(currency)
    async with open_house(settings()) as house:
        async with house.db.anywhere() as connection:
            shop_id = await find_shop(connection, shop_name)
        now = house.clock.now()
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            row = await queries.source(tx, source)
            if not dry_run and found.products:
                row = await queries.save_source(tx, source, currency=currency, pieces=pieces, mapping=mapping, now=now)
            terms = service.terms_of(row or {}, shop.currency, stated=currency, pieces=pieces)
            plan = await service.planned(tx, found, terms, row["id"] if row else None, accept_gone=accept_gone)
        expected = bool(plan.steps) and not plan.left_out
        written = not dry_run and row is not None and bool(plan.steps) and (expected or not whole)
        if written and row is not None:
            await service.carry_out(
                house.db, shop_id, row["id"], found.kind, plan, now, whole=whole, progress=_progress()
            )
    return _document(source, found, plan, written=written), expected


def _progress() -> Callable[[int, int], None] | None:
    """How far it is, on standard error, for people."""
    if not sys.stderr.isatty():
        return None
    return lambda done, of: typer.echo(f"\r{done} of {of} products", nl=done == of, err=True)


def _columns(said: list[str]) -> dict[str, str]:
    """Column -> what it is; nothing: what was said of it before is forgotten."""
    columns = {}
    for one in said:
        name, equals, field = one.rpartition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"{one!r} does not say what a column is: write it as “Tarif=price”.")
        columns[name.strip()] = field.strip()
    return columns


def _document(source: str, found: "Found", plan: "Plan", *, written: bool) -> dict[str, Any]:
    from griot.knowledge.importing.merging.service import report_of

    report = report_of(plan)
    del report["changes"]
    return {
        "source": source,
        "kind": found.kind,
        "written": written,
        "currency_needed": plan.currency_needed,
        **report,
        "products": [_product(step) for step in plan.steps],
        "columns": [
            {"column": column.label, "field": column.field, "why": column.reason}
            for column in (found.mapping.columns if found.mapping else ())
        ],
    }


def _product(step: "Step") -> dict[str, Any]:
    price = step.offer.price if step.offer else None
    return {
        "code": step.code,
        "title": step.title,
        "price": price.decimal() if price else None,
        "currency": price.currency if price else None,
        "change": step.change,
        "what": list(step.says),
        "variants": len(step.offer.kinds) if step.offer else None,
    }


def _show(report: dict[str, Any]) -> None:
    """A table of what comes in, the sum of it, and each doubt in a sentence."""
    rows = [
        {
            "": product["change"],
            "code": product["code"],
            "title": product["title"],
            "price": " ".join(filter(None, (product["price"], product["currency"]))),
            "what": "; ".join(product["what"]),
        }
        for product in report["products"]
        if product["change"] != "unchanged"
    ]
    if rows:
        emit(rows[:_SHOWN], as_json=False)
    if len(rows) > _SHOWN:
        typer.echo(f"… and {len(rows) - _SHOWN} more.")
    counts = ", ".join(f"{report[name]} {name}" for name in ("new", "changed", "unchanged", "gone") if report[name])
    verb = "Imported" if report["written"] else "Nothing is written; there would be"
    typer.echo(f"{verb}: {counts or 'nothing'}." + (f" {report['left_out']} left out." if report["left_out"] else ""))
    for doubt in report["warnings"]:
        typer.echo(f"- {doubt['where']}: {doubt['what']} {doubt['do']}", err=True)


@app.command("list")
@friendly
def list_sources(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show where the catalogue comes from, and how the last import went."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.knowledge.importing.merging import queries

        return [
            {
                "address": row["address"],
                "kind": row["kind"],
                "products": row["products"],
                "every_minutes": row["every_minutes"],
                "next_at": row["next_at"],
                "last_at": row["last_at"],
                "report": row["report"],
            }
            for row in await queries.sources(tx)
        ]

    sources = in_shop(shop, work)
    if as_json:
        emit({"sources": sources}, as_json)
        return
    for row in sources:
        report = row.pop("report") or {}
        row["last"] = report.get("failed") or ", ".join(
            f"{report[name]} {name}" for name in ("new", "changed", "gone", "left_out") if report.get(name)
        )
    emit(sources or f"There is no source yet: `griot import ADDRESS --shop {shop}` makes one.", as_json)


@app.command()
@friendly
def pictures(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show how many products have a picture that buyers are sent, and why others have none."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.knowledge.importing.pictures import service

        return await service.overview(tx)

    told = in_shop(shop, work)
    if as_json:
        emit(told, as_json)
        return
    troubles = told.pop("troubles")
    emit(told, as_json)
    for one in troubles:
        typer.echo(f"- {one['code']}: {one['trouble']}", err=True)


@app.command()
@friendly
def schedule(
    address: Annotated[str, typer.Argument(help="As `griot source list` shows it.")],
    shop: ShopOption,
    every: Annotated[int | None, typer.Option(min=15, help="Minutes between two looks; 15 at least.")] = None,
    never: Annotated[bool, typer.Option("--never", help="Only import by hand from now on.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep prices and stock up to date by themselves."""
    from griot.cli.sources import is_address

    if (every is None) == (not never):
        raise InvalidInput("Say how often: --every 60 looks once an hour, --never stops it.")
    if not is_address(address):
        raise InvalidInput(f"{address} is a file, which nobody but you can read again: give an address.")

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.knowledge.importing.merging import queries

        row = await queries.schedule(tx, address, every, house.clock.now())
        if row is None:
            raise NotFound(f"{known.name} has not imported from {address} yet: `griot import` it first.")
        return {"address": row["address"], "every_minutes": row["every_minutes"], "next_at": row["next_at"]}

    emit(in_shop(shop, work), as_json)
