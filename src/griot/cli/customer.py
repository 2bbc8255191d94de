"""`griot customer`: buyers, and which of their records are one person."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.tools.customers.models import Standing
    from griot.tools.customers.people import Person

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@friendly
def list_customers(
    shop: ShopOption,
    search: Annotated[str | None, typer.Option(help="Part of a name, of +phone or of a name on a channel.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Rows at most.")] = 50,
    before: Annotated[int | None, typer.Option(help="Only records with a smaller number: the next page.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Records of buyers, the latest first, with the person that each belongs to and that person's trust."""
    from griot.tools.customers import people

    found = in_shop(shop, lambda house, tx, _: people.page(tx, limit, before, search))
    rows = [
        {
            "customer": item.id,
            "person": item.person,
            "name": item.name,
            "phone": item.phone,
            "channels": list(item.channels) if as_json else ", ".join(item.channels),
            **_trust(item.standing),
        }
        for item in found
    ]
    emit(rows, as_json)


@app.command()
@friendly
def show(shop: ShopOption, customer: int, as_json: JsonOption = False) -> None:
    """The person that a record belongs to: each record with what was done under it, and what links them."""
    from griot.tools.customers import people

    _emit_person(in_shop(shop, lambda house, tx, _: people.person(tx, customer)), as_json)


@app.command()
@friendly
def invite(shop: ShopOption, customer: int, as_json: JsonOption = False) -> None:
    """Links for this buyer to open in the shop's other channels: who does is merged with this record."""
    from griot.tools.customers import invitations

    made = in_shop(shop, lambda house, tx, here: invitations.invite(tx, here, customer, house.clock.now()))
    emit({**made.addresses, "expires_at": made.expires_at}, as_json)


@app.command()
@friendly
def merge(shop: ShopOption, first: int, second: int, as_json: JsonOption = False) -> None:
    """Two records are one person: orders, trust and consent count together from now on."""
    from griot.tools.customers import people

    merged = in_shop(shop, lambda house, tx, _: people.merge(tx, first, second, house.clock.now()))
    _emit_person(merged, as_json)


@app.command()
@friendly
def unmerge(shop: ShopOption, first: int, second: int, as_json: JsonOption = False) -> None:
    """Take back that two records are one person: each keeps what was done under it, before and since."""
    from griot.tools.customers import people

    apart = in_shop(shop, lambda house, tx, _: people.unmerge(tx, first, second, house.clock.now()))
    if as_json:
        emit([_as_json(part) for part in apart], as_json)
    else:
        for part in apart:
            _emit_person(part, as_json)


def _emit_person(person: "Person", as_json: bool) -> None:
    if as_json:
        emit(_as_json(person), as_json)
        return
    whole = person.whole
    emit(
        {
            "person": whole.id,
            "name": whole.name,
            **_trust(whole.standing),
            "badges": ", ".join(whole.badges),
            "opted out": whole.opted_out,
            "links": ", ".join(f"{link.one_id} = {link.other_id}" for link in person.links),
        },
        as_json,
    )
    emit(
        [
            {
                "customer": record.id,
                "name": record.name,
                "phone": record.phone,
                "identities": ", ".join(record.identities),
                "threads": ", ".join(str(thread) for thread in record.threads),
                **_trust(record.standing),
            }
            for record in person.records
        ],
        as_json,
    )


def _as_json(person: "Person") -> dict[str, Any]:
    whole = person.whole
    return {
        "person": whole.id,
        "name": whole.name,
        **_trust(whole.standing),
        "badges": whole.badges,
        "opted_out": whole.opted_out,
        "records": [asdict(record) | _trust(record.standing) for record in person.records],
        "links": [asdict(link) for link in person.links],
    }


def _trust(standing: "Standing") -> dict[str, Any]:
    return {"paid_orders": standing.paid_orders, "tier": standing.tier, "score": standing.score}
