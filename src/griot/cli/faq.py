"""`griot faq`: the questions that a shop has foreseen."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop

app = typer.Typer(help="Questions that a shop has foreseen, with its own answers.", no_args_is_help=True)


@app.command()
@friendly
def load(
    file: Annotated[Path, typer.Argument(help="CSV with the columns id, question, answer and, if wanted, language.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Write the entries of a CSV file; an id that is known already gets the new question and answer."""
    from griot.knowledge.faq.table import read_csv

    entries = read_csv(file)

    async def work(house: "House", tx: "Tx", known: "Shop") -> None:
        from griot.knowledge.faq import service

        await service.save(tx, entries, house.clock.now())

    in_shop(shop, work)
    emit({"saved": len(entries)} if as_json else f"{len(entries)} entries saved.", as_json)


@app.command("list")
@friendly
def list_entries(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show the entries."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.knowledge.faq import service

        return [
            {"key": entry.key, "language": entry.language, "question": entry.question, "answer": entry.answer}
            for entry in (await service.entries(tx)).values()
        ]

    entries = in_shop(shop, work)
    empty = f"There is no entry yet: `griot faq load FILE.csv --shop {shop}` brings some in."
    emit({"entries": entries} if as_json else entries or empty, as_json)
