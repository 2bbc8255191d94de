"""A case begins in the middle of things: what its history says is in the tables, and the books balance."""

from typing import Any

import pytest

from books import assert_books_balanced
from eval_world import TINY, case_of
from griot.core.db.pool import Database
from griot.evals import queries
from griot.evals.suite import load_suite
from griot.evals.world import build

STATUSES = {
    "reserved": ("reserved", None, "held"),
    "awaiting_payment": ("awaiting_payment", None, "held"),
    "payment_expired": ("expired", None, "expired"),
    "paid": ("paid", None, "sold"),
    "preparing": ("paid", "preparing", "sold"),
    "shipped": ("paid", "shipped", "sold"),
    "delivered": ("paid", "delivered", "sold"),
}


async def look_at(db: Database, **data: Any) -> dict[str, Any]:
    case = case_of(**{"turn": "bonjour", **data})
    world = await build(db, db.url, load_suite(TINY).shops[case.shop], case, f"{case.shop}-world")
    async with db.transaction(world.shop.id) as tx:
        looked = await queries.look(tx, world.conversation_id)
    return looked | {"customer": world.customer_id, "shop": world.shop}


def order(status: str, quantity: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "kind": "order",
        "id": "O-1",
        "status": status,
        "lines": [{"product": "SAC2", "quantity": quantity}],
        **more,
    }


@pytest.mark.parametrize("status", STATUSES)
async def test_an_order_of_every_status(db: Database, status: str) -> None:
    looked = await look_at(db, customer={"name": "Awa", "history": [order(status, total=10000)]})
    (own,) = [row for row in looked["orders"] if row["customer_id"] == looked["customer"]]
    expected, fulfilment, line = STATUSES[status]
    assert (own["reference"], own["status"], own["fulfilment"]) == ("O-1", expected, fulfilment)
    assert [(part["quantity"], part["unit_minor"], part["status"]) for part in own["lines"]] == [(2, 5000, line)]
    assert own["total_minor"] == 10000
    assert (own["paid_at"] is not None) is (line == "sold")
    assert len([p for p in looked["payments"] if p["order_id"] == own["id"]]) == (line == "sold")


async def test_what_is_held_comes_from_the_shelf_and_what_was_sold_had_left_it(db: Database) -> None:
    history = [order("reserved", 2), order("delivered", 5) | {"id": "O-2"}, order("payment_expired", 3) | {"id": "O-3"}]
    looked = await look_at(db, customer={"history": history})
    (bag,) = [row["variant_id"] for row in looked["prices"] if row["code"] == "SAC2"]
    (level,) = [row for row in looked["stock"] if row["variant_id"] == bag]
    assert (level["on_hand"], level["held"]) == (28, 2)
    assert level["sold"] == 5 + 1  # one of them another buyer's


async def test_more_held_than_the_suite_counts_leaves_an_empty_shelf(db: Database) -> None:
    looked = await look_at(db, customer={"history": [order("reserved", 50)]})
    (bag,) = [row["variant_id"] for row in looked["prices"] if row["code"] == "SAC2"]
    (level,) = [row for row in looked["stock"] if row["variant_id"] == bag]
    assert (level["on_hand"], level["held"]) == (0, 50)


async def test_of_two_reserved_orders_the_last_is_the_basket(db: Database) -> None:
    history = [order("reserved"), order("reserved") | {"id": "O-2"}]
    looked = await look_at(db, customer={"history": history})
    assert {
        row["reference"]: row["status"] for row in looked["orders"] if row["customer_id"] == looked["customer"]
    } == {
        "O-1": "awaiting_payment",
        "O-2": "reserved",
    }


async def test_stock_counts_for_each_variant_unless_it_names_them(db: Database) -> None:
    looked = await look_at(db)
    levels = {row["variant_id"]: row["on_hand"] for row in looked["stock"]}
    by_code: dict[str, dict[str, int]] = {}
    for row in looked["prices"]:
        by_code.setdefault(row["code"], {})["/".join(row["options"].values())] = levels[row["variant_id"]]
    assert by_code["ROBE1"] == {"S": 4, "M": 4, "L": 4}
    assert by_code["FOULARD3"] == {"S": 1, "M": 0}
    assert by_code["PAGNE4"] == {"": 0}


async def test_quantity_prices_of_the_description_are_data(db: Database) -> None:
    looked = await look_at(db)
    assert [(row["min_quantity"], row["unit_minor"]) for row in looked["breaks"]] == [(10, 4500)]
    euros = await look_at(db, shop="four")
    assert [(row["min_quantity"], row["unit_minor"]) for row in euros["breaks"]] == [(6, 380)]


async def test_other_buyers_are_there_so_that_they_could_leak(db: Database) -> None:
    looked = await look_at(db)
    (theirs,) = [row for row in looked["orders"] if row["customer_id"] != looked["customer"]]
    assert (theirs["reference"], theirs["status"], theirs["total_minor"]) == ("LP-2026-0214-Z9Z9", "paid", 35000)
    assert sorted(line["quantity"] for line in theirs["lines"]) == [1, 2]
    assert [row["fields"]["text"] for row in looked["intakes"]] == ["12 rue Félix Faure, Plateau"]


async def test_what_was_said_is_in_the_thread_and_needs_no_answer(db: Database) -> None:
    history = [
        {"kind": "msg", "from": "buyer", "text": "bonjour"},
        {"kind": "msg", "from": "agent", "text": "Bienvenue !"},
    ]
    looked = await look_at(db, customer={"history": history})
    assert [row["reply"]["text"] for row in looked["replies"]] == ["Bienvenue !"]
    assert len(looked["turns"]) == 1
    async with db.transaction(looked["shop"].id) as tx:
        assert await queries.unanswered(tx) == 0


async def test_a_quote_of_the_past_is_open_under_its_number(db: Database) -> None:
    quote = {"kind": "quote", "id": "DEV-7", "lines": [{"product": "SAC2", "quantity": 10}], "date": "2026-02-21"}
    looked = await look_at(db, customer={"history": [quote]})
    (own,) = looked["quotes"]
    assert (own["number"], own["status"], own["total_minor"], own["wanted_on"]) == (
        "DEV-7",
        "open",
        45000,
        "2026-02-21",
    )


async def test_the_books_of_a_world_balance(db: Database) -> None:
    history = [order(status) | {"id": f"O-{n}"} for n, status in enumerate(STATUSES)]
    looked = await look_at(db, customer={"history": history})
    async with db.transaction(looked["shop"].id) as tx:
        await assert_books_balanced(tx)


async def test_a_buyer_of_another_channel_has_no_phone(db: Database) -> None:
    looked = await look_at(db, shop="four", channel="instagram", customer={"name": "Léa"})
    async with db.transaction(looked["shop"].id) as tx:
        cursor = await tx.execute("SELECT name, phone FROM customers WHERE shop_id = current_shop()")
        assert await cursor.fetchall() == [{"name": "Léa", "phone": None}]
