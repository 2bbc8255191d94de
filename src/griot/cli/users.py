"""`griot user`: who works in a shop, their passwords, and keys of the public API."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, house_of, in_shop, prepared_database, run

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.tools.users.models import ApiKey, Member

app = typer.Typer(help="Who works in a shop: add, list, role, remove, reset, disable; keys.", no_args_is_help=True)
key = typer.Typer(help="Keys of the public API: add, list, revoke.", no_args_is_help=True)
app.add_typer(key, name="key")

_ONCE = "It is shown this once, and has to be changed at the first login within three days."


@app.command()
@friendly
def add(
    email: Annotated[str, typer.Argument(help="Address that they log in with.")],
    shop: ShopOption,
    role: Annotated[str, typer.Option(help="owner, agent or analyst.")] = "agent",
    name: Annotated[str | None, typer.Option(help="As colleagues know them; the address when left out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Give somebody a role in a shop. Who is new gets a temporary password."""
    from griot.tools.users import service

    async def work() -> "tuple[Member, str | None]":
        async with house_of(shop) as (house, shop_id):
            return await service.add(
                house, shop_id, email=email, name=name or email.partition("@")[0], role=role, by=None
            )

    prepared_database()
    member, password = run(work())
    if as_json:
        emit({**_shown(member), "password": password}, as_json)
    elif password:
        emit(f"{member.email} is {member.role} and logs in with the password {password}. {_ONCE}", as_json)
    else:
        emit(f"{member.email} is {member.role} in this shop, too, and keeps their password.", as_json)


@app.command("list")
@friendly
def list_users(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show who works in a shop."""

    async def work(_house: "House", tx: "Tx", _shop: "Shop") -> list[dict[str, Any]]:
        from griot.tools.users import queries

        return [_shown(member) for member in await queries.members(tx)]

    rows = in_shop(shop, work)
    emit(rows if rows or as_json else f"Nobody yet: `griot user add EMAIL --shop {shop} --role owner`.", as_json)


@app.command()
@friendly
def role(
    email: Annotated[str, typer.Argument(help="Address that they log in with.")],
    role: Annotated[str, typer.Argument(help="owner, agent or analyst.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Give somebody another role in a shop."""
    from griot.tools.users import service

    async def work() -> "Member":
        async with house_of(shop) as (house, shop_id):
            return await service.set_role(house, shop_id, await service.find(house, email), role, by=None)

    prepared_database()
    emit(_shown(run(work())), as_json)


@app.command()
@friendly
def remove(
    email: Annotated[str, typer.Argument(help="Address that they log in with.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Let somebody go: they work in this shop no more."""
    from griot.tools.users import service

    async def work() -> None:
        async with house_of(shop) as (house, shop_id):
            await service.remove(house, shop_id, await service.find(house, email), by=None)

    prepared_database()
    run(work())
    emit({"email": email, "removed": True}, as_json)


@app.command()
@friendly
def reset(
    email: Annotated[str, typer.Argument(help="Address that they log in with.")], as_json: JsonOption = False
) -> None:
    """Give somebody a temporary password; whatever they are logged in with ends."""
    from griot.tools.users import service

    async def work(house: "House") -> str:
        return await service.give_password(house, await service.find(house, email), by=None)

    password = _in_house(work)
    emit({"email": email, "password": password} if as_json else f"{email}: {password}. {_ONCE}", as_json)


@app.command()
@friendly
def disable(
    email: Annotated[str, typer.Argument(help="Address that they log in with.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Lock somebody out of every shop at once."""
    from griot.tools.users import service

    async def work(house: "House") -> None:
        await service.set_disabled(house, await service.find(house, email), not undo)

    _in_house(work)
    emit({"email": email, "disabled": not undo}, as_json)


@key.command("add")
@friendly
def add_key(
    name: Annotated[str, typer.Argument(help="Who uses it, such as “webshop”.")],
    scopes: Annotated[str, typer.Option(help="What it may do, such as catalogue:read,orders:read.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """Make a key of the public API. It is shown this once."""

    async def work(house: "House", tx: "Tx", _shop: "Shop") -> dict[str, Any]:
        from griot.tools.users import keys

        made, secret = await keys.make(tx, name, scopes.split(","), house.clock.now())
        return {"id": made.id, "name": made.name, "scopes": list(made.scopes), "key": secret}

    emit(in_shop(shop, work), as_json)


@key.command("list")
@friendly
def list_keys(shop: ShopOption, as_json: JsonOption = False) -> None:
    """Show the keys of a shop, without the keys themselves."""

    async def work(_house: "House", tx: "Tx", _shop: "Shop") -> "list[ApiKey]":
        from griot.tools.users import queries

        return await queries.keys(tx)

    rows = [
        {
            "id": item.id,
            "name": item.name,
            "scopes": ",".join(item.scopes),
            "used_at": item.used_at,
            "revoked_at": item.revoked_at,
        }
        for item in in_shop(shop, work)
    ]
    emit(rows, as_json)


@key.command()
@friendly
def revoke(
    key_id: Annotated[int, typer.Argument(help="Number of the key, as in the list.")],
    shop: ShopOption,
    as_json: JsonOption = False,
) -> None:
    """End a key: it opens nothing from here on."""

    async def work(house: "House", tx: "Tx", _shop: "Shop") -> None:
        from griot.tools.users import keys

        await keys.revoke(tx, key_id, house.clock.now())

    in_shop(shop, work)
    emit({"key": key_id, "revoked": True}, as_json)


def _in_house(work: Any) -> Any:
    """Do work that is about no shop in particular."""

    async def within() -> Any:
        from griot.core.house import open_house
        from griot.core.settings import settings

        async with open_house(settings()) as house:
            return await work(house)

    prepared_database()
    return run(within())


def _shown(member: "Member") -> dict[str, Any]:
    return {"id": member.user_id, "email": member.email, "name": member.name, "role": member.role}
