"""`griot import` and `griot source`: a shop's catalogue from an address or a file, once or on a schedule."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, house_of, in_shop, run
from griot.cli.sources import TokenOption, found_at, is_address, is_instagram
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
    instagram_token: TokenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a catalogue in, or up to date: nothing is doubled, and what you corrected here stays."""
    from griot.core.money import exponent

    if currency is not None:
        exponent(currency)
    said = _columns(column or [])
    token = instagram_token if instagram_token and is_instagram(source) else None

    async def said_before(house: "House", tx: "Tx", known: "Shop") -> tuple[dict[str, str], str | None]:
        from griot.knowledge.importing.merging import queries

        row = await queries.source(tx, source) or {}
        kept = row.get("token")
        return row.get("mapping") or {}, house.keyring.decrypt(kept) if kept and not token else None

    said_columns, said_token = in_shop(shop, said_before)
    columns = {name: field for name, field in {**said_columns, **said}.items() if field}
    found = found_at(source, columns=columns, token=token or said_token)
    asked = _Asked(source, currency, pieces, columns if said else None, token, dry_run, whole, accept_gone)
    report, expected = run(_import(shop, found, asked))
    if as_json:
        emit(report, as_json)
    else:
        _show(report)
    if not expected:
        raise typer.Exit(NOT_AS_EXPECTED)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the merchant asks for. ``mapping``: columns of the source and what they are; None: nothing new is said.

    ``token``: to read an Instagram shop with, kept for its schedule; None: the one that is kept, if any.
    """

    source: str
    currency: str | None
    pieces: int | None
    mapping: dict[str, str] | None
    token: str | None = field(repr=False)
    dry_run: bool
    whole: bool
    accept_gone: bool


async def _import(shop_name: str, found: "Found", asked: _Asked) -> tuple[dict[str, Any], bool]:
    """The report, and whether everything that the source lists is in it."""
    from griot.core.tenancy import load_shop
    from griot.knowledge.importing.merging import queries, service

    async with house_of(shop_name) as (house, shop_id):
        now = house.clock.now()
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
            row = await queries.source(tx, asked.source)
            if not asked.dry_run and found.products:
                row = await queries.save_source(
                    tx,
                    asked.source,
                    currency=asked.currency,
                    pieces=asked.pieces,
                    mapping=asked.mapping,
                    token=house.keyring.encrypt(asked.token) if asked.token else None,
                    now=now,
                )
            terms = service.terms_of(row or {}, shop.currency, stated=asked.currency, pieces=asked.pieces)
            plan = await service.planned(tx, found, terms, row["id"] if row else None, accept_gone=asked.accept_gone)
        expected = bool(plan.steps) and not plan.left_out
        if asked.dry_run or row is None or not plan.steps or (asked.whole and not expected):
            return _document(asked.source, found, plan, written=False), expected
        await service.carry_out(
            house.db, shop_id, row["id"], found.kind, plan, now, whole=asked.whole, progress=_progress()
        )
    return _document(asked.source, found, plan, written=True), expected


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
