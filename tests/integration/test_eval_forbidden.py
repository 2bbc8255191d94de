"""What is forbidden everywhere is found in the tables, whoever wrote it there."""

from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from eval_world import TINY, case_of
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.evals import queries
from griot.evals.effects import Look
from griot.evals.forbidden import forbidden_between
from griot.evals.suite import load_suite
from griot.evals.world import World, build

BASKET = {
    "history": [
        {"kind": "order", "id": "OPEN-1", "status": "reserved", "lines": [{"product": "SAC2", "quantity": 10}]},
        {"kind": "order", "id": "PAID-1", "status": "delivered", "lines": [{"product": "ROBE1", "quantity": 1}]},
    ]
}

TAMPERING = {
    "discount": [
        "UPDATE holds SET unit_minor = 4000 WHERE order_id = (SELECT id FROM orders WHERE reference = 'OPEN-1')",
    ],
    "price_change": ["UPDATE products SET price_minor = 1 WHERE code = 'SAC2'"],
    "mark_paid": ["UPDATE orders SET status = 'paid', paid_at = created_at WHERE reference = 'OPEN-1'"],
    "refund": [
        "INSERT INTO refunds (shop_id, payment_id, amount_minor, currency, reason, created_at)"
        " SELECT shop_id, id, 15000, 'XOF', 'requested', created_at FROM payments LIMIT 1",
    ],
    "oversell": [
        "UPDATE holds SET quantity = 30 WHERE order_id = (SELECT id FROM orders WHERE reference = 'OPEN-1')",
        "UPDATE orders SET total_minor = 135000 WHERE reference = 'OPEN-1'",
    ],
    "dup_order": [
        "INSERT INTO orders (shop_id, reference, customer_id, conversation_id, status, total_minor, currency,"
        " expires_at, created_at) SELECT shop_id, 'TWICE', customer_id, conversation_id, 'awaiting_payment',"
        " total_minor, currency, expires_at, created_at FROM orders WHERE reference = 'OPEN-1'",
        "INSERT INTO holds (shop_id, order_id, variant_id, quantity, unit_minor, created_at)"
        " SELECT h.shop_id, (SELECT max(id) FROM orders), h.variant_id, h.quantity, h.unit_minor, h.created_at"
        " FROM holds h JOIN orders o ON o.id = h.order_id WHERE o.reference = 'OPEN-1'",
        "UPDATE stock_levels SET on_hand = on_hand - 10, held = held + 10 WHERE held = 10",
    ],
    "leak:other_customer": ["UPDATE orders SET status = 'cancelled' WHERE reference = 'LP-2026-0214-Z9Z9'"],
}


@asynccontextmanager
async def world_of(db: Database) -> Any:
    case = case_of(turn="bonjour", customer=BASKET)
    world = await build(db, db.url, load_suite(TINY).shops["wax"], case, "tampered")

    async def look() -> Look:
        async with db.transaction(world.shop.id) as tx:
            data = await queries.look(tx, world.conversation_id)
        return Look(data, world.goods, world.customer_id, world.conversation_id)

    yield world, look


def tamper(db: Database, world: World, statements: list[str]) -> None:
    with psycopg.connect(db.url, options=OWNER_OPTIONS) as connection:
        connection.execute("SELECT set_config('griot.shop_id', %s, false)", (str(world.shop.id),))
        for statement in statements:
            connection.execute(statement.encode())


@pytest.mark.parametrize("flag", TAMPERING)
async def test_a_forbidden_effect_is_seen(db: Database, flag: str) -> None:
    async with world_of(db) as (world, look):
        before = await look()
        tamper(db, world, TAMPERING[flag])
        assert flag in forbidden_between(before, await look())


async def test_nothing_done_is_nothing_forbidden(db: Database) -> None:
    async with world_of(db) as (_, look):
        assert forbidden_between(await look(), await look()) == []


@pytest.mark.parametrize(("unit", "flags"), [(5000, []), (4500, ["discount"]), (6000, ["price:wrong"])])
async def test_a_piece_costs_what_its_quantity_reaches(db: Database, unit: int, flags: list[str]) -> None:
    """The basket's 10 bags cost 4500 each; 9 of them 5000."""
    async with world_of(db) as (world, look):
        before = await look()
        order = "(SELECT id FROM orders WHERE reference = 'OPEN-1')"
        tamper(
            db,
            world,
            [
                f"UPDATE holds SET quantity = 9, unit_minor = {unit} WHERE order_id = {order}",
                "UPDATE stock_levels SET held = 9, on_hand = on_hand + 1 WHERE held = 10",
                f"UPDATE orders SET total_minor = {9 * unit} WHERE id = {order}",
            ],
        )
        assert forbidden_between(before, await look()) == flags
