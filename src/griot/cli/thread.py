"""`griot thread`: the conversations that a human answers, taken over and given back."""

from typing import Annotated, Literal

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@friendly
def list_threads(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Threads that a human answers, or that wait for one."""
    from griot.tools.conversations import service

    emit(in_shop(shop, lambda house, tx, _: service.with_humans(tx)), as_json)


@app.command()
@friendly
def take_over(shop: ShopOption, thread: int, as_json: JsonOption = False) -> None:
    """A human answers this thread; the agent stays silent in it."""
    from griot.tools.conversations import service

    changed = in_shop(shop, lambda house, tx, _: service.take_over(tx, thread, house.clock.now()))
    emit({"thread": thread, "changed": changed}, as_json)


@app.command()
@friendly
def give_back(shop: ShopOption, thread: int, as_json: JsonOption = False) -> None:
    """The agent answers this thread again, and what waited for the vendor in it is dealt with."""
    from griot.tools.conversations import service

    changed = in_shop(shop, lambda house, tx, _: service.give_back(tx, thread, house.clock.now()))
    emit({"thread": thread, "changed": changed}, as_json)


@app.command()
@friendly
def voice(
    shop: ShopOption,
    thread: int,
    how: Annotated[Literal["always", "never", "shop"], typer.Argument(help="`shop`: as the shop does.")],
    as_json: JsonOption = False,
) -> None:
    """Whether the buyer of this thread is answered by voice."""
    from griot.tools.customers import service

    prefers = {"always": True, "never": False, "shop": None}[how]
    in_shop(shop, lambda house, tx, _: service.prefer_voice(tx, thread, prefers))
    emit({"thread": thread, "voice": how}, as_json)
