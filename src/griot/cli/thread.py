"""`griot thread`: the conversations that a human answers, taken over and given back."""

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
