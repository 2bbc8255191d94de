"""`griot correction`: what a misunderstood message really meant."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop

app = typer.Typer(help="What misunderstood messages meant: examples of the shop's own.", no_args_is_help=True)


@app.command()
@friendly
def add(
    words: Annotated[str, typer.Argument(help="The message, as the buyer wrote it.")],
    intent: Annotated[str, typer.Option(help="What it meant: one of `griot correction intents`.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """From now on, messages like this one are read as meant. The same words again get the new intent."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.knowledge.corrections import service

        saved = await service.save(tx, words, intent, house.clock.now())
        return {"id": saved.id, "words": saved.words, "intent": saved.intent}

    saved = in_shop(shop, work)
    emit(saved if as_json else f"Noted: « {saved['words']} » means {saved['intent']}.", as_json)


@app.command()
@friendly
def remove(
    number: Annotated[int, typer.Argument(help="Of `griot correction list`.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Forget a correction."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> None:
        from griot.knowledge.corrections import service

        await service.forget(tx, number)

    in_shop(shop, work)
    emit({"removed": number} if as_json else f"Correction {number} is forgotten.", as_json)


@app.command("list")
@friendly
def list_corrections(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show the corrections that count, newest first."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> list[dict[str, Any]]:
        from griot.knowledge.corrections import service

        return [{"id": c.id, "words": c.words, "intent": c.intent} for c in await service.corrections(tx)]

    found = in_shop(shop, work)
    emit({"corrections": found} if as_json else found or "Nothing has been corrected yet.", as_json)


@app.command("intents")
@friendly
def list_intents(as_json: JsonOption = False) -> None:
    """Show what a message can mean."""
    from griot.knowledge.corrections.service import intents

    emit({"intents": list(intents())} if as_json else "\n".join(intents()), as_json)
