"""A shop sees its own rows only, in every table there is: PostgreSQL refuses the rest, whatever the code asks for."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege, RaiseException
from psycopg.rows import dict_row
from schema_rows import Row, Schema, insert

from griot.core.db.pool import OWNER_OPTIONS, Database

CALLING = ("turns", "events", "escalations")
APPEND_ONLY = {"events", "payment_notices", "stock_movements"}
CLOSED = APPEND_ONLY | {"shops"}  # where the application may not even try some statements
OURS, THEIRS, NEW = 1, 2, 3  # shops


@dataclass(frozen=True)
class World:
    """Their shop has a row in every table, our shop has only itself."""

    schema: Schema
    theirs: dict[str, Row]

    def another(self, table: str) -> Row:
        """A row that would be a valid one of theirs."""
        return self.schema.fresh(table, THEIRS, self.theirs)

    def unharmed(self) -> bool:
        """Whether every table holds of their shop what it held in the beginning."""
        return all(self.schema.rows(table, THEIRS) == [row] for table, row in self.theirs.items())


@pytest.fixture
def owner(database_url: str) -> Iterator[psycopg.Connection[Row]]:
    with psycopg.connect(database_url, autocommit=True, options=OWNER_OPTIONS, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def world(owner: psycopg.Connection[Row]) -> World:
    schema = Schema(owner)
    theirs: dict[str, Row] = {}
    for table in CALLING:  # they would write further rows
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_call".encode())
    for shop in (OURS, NEW, THEIRS):
        row = schema.fresh("shops", shop, {})
        owner.execute(insert("shops", row), list(row.values()))
    for table in schema.parents_first():
        if table != "shops":
            row = schema.fresh(table, THEIRS, theirs)
            owner.execute(insert(table, row), list(row.values()))
        [theirs[table]] = schema.rows(table, THEIRS)
    return World(schema, theirs)


async def run(db: Database, shop: int | None, statement: sql.Composable, values: Sequence[Any] = ()) -> None:
    """A statement of the application that asks for no rows back, which would be one more check to pass."""
    async with db.anywhere() if shop is None else db.transaction(shop) as tx:
        await tx.execute(statement, values)


async def rows_for(db: Database, shop: int | None, statement: sql.Composable, values: Sequence[Any] = ()) -> list[Row]:
    """What a statement returns to the application: for a shop, or for none."""
    async with db.anywhere() if shop is None else db.transaction(shop) as tx:
        cursor = await tx.execute(statement, values)
        return await cursor.fetchall()


def changes(schema: Schema, table: str) -> list[sql.Composed]:
    """Ways to change, take or delete what is in a table. Each returns a row for a row that it hit."""
    column = schema.plain_column(table)
    templates = ["UPDATE {table} SET {column} = {column} RETURNING 1", "DELETE FROM {table} RETURNING 1"]
    if table != "shops":  # a shop's number is not to be set at all
        templates.append("UPDATE {table} SET shop_id = 1 WHERE shop_id = 2 RETURNING 1")
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    return [sql.SQL(template).format(**names) for template in templates]


def select(table: str) -> sql.Composed:
    return sql.SQL("SELECT shop_id FROM {}").format(sql.Identifier(table))


async def test_a_shop_of_its_own_may_do_all_of_it(world: World, db: Database) -> None:
    """The other tests refuse the same statements: here they are right, so it is the shop that decides there."""
    mine = {"shops": world.schema.rows("shops", NEW)[0]}
    for table in world.schema.parents_first():
        if table != "shops":
            row = world.schema.fresh(table, NEW, mine)
            await run(db, NEW, insert(table, row), list(row.values()))
            [mine[table]] = world.schema.rows(table, NEW)
        if table not in CLOSED:
            changed = await rows_for(db, NEW, changes(world.schema, table)[0])
            assert len(changed) == 1, table
        assert await rows_for(db, NEW, select(table)) == [{"shop_id": NEW}], table


async def test_another_shop_sees_nothing(world: World, db: Database) -> None:
    for table in world.schema.tables:
        assert await rows_for(db, OURS, select(table)) == ([{"shop_id": OURS}] if table == "shops" else []), table


async def test_with_no_shop_named_nothing_is_seen(world: World, db: Database) -> None:
    for table in world.schema.tables:
        assert await rows_for(db, None, select(table)) == [], table


@pytest.mark.parametrize("shop", [OURS, None])
async def test_nobody_else_changes_takes_or_deletes_a_row(world: World, db: Database, shop: int | None) -> None:
    for table in world.schema.tables:
        for statement in changes(world.schema, table):
            try:
                hit = await rows_for(db, shop, statement)
            except InsufficientPrivilege:
                assert table in CLOSED, table
            else:
                assert len(hit) == (1 if table == "shops" and shop == OURS else 0), statement
    assert world.unharmed()


@pytest.mark.parametrize("shop", [OURS, None])
async def test_nobody_else_writes_a_row_of_theirs(world: World, db: Database, shop: int | None) -> None:
    for table in world.schema.tables:
        row = world.another(table)
        with pytest.raises(InsufficientPrivilege):
            await run(db, shop, insert(table, row), list(row.values()))
    assert world.unharmed()


async def test_no_row_is_given_away_to_another_shop(world: World, db: Database) -> None:
    for table in set(world.schema.tables) - {"shops"}:
        with pytest.raises(InsufficientPrivilege):
            await run(db, THEIRS, sql.SQL("UPDATE {} SET shop_id = 1").format(sql.Identifier(table)))


async def test_the_shop_is_forgotten_when_its_transaction_ends(world: World, database_url: str) -> None:
    database = Database(database_url, size=2)  # opens one connection, so that the next user gets the same
    await database.open()
    try:
        assert await rows_for(database, THEIRS, sql.SQL("SELECT 1 FROM orders"))
        assert await rows_for(database, None, sql.SQL("SELECT current_shop() AS shop")) == [{"shop": None}]
        with pytest.raises(psycopg.errors.DivisionByZero):
            await rows_for(database, THEIRS, sql.SQL("SELECT 1 / 0"))
        assert await rows_for(database, None, sql.SQL("SELECT 1 FROM orders")) == []
    finally:
        await database.close()


# How it is set up


def test_every_table_leads_with_its_shop_and_has_the_one_policy(world: World) -> None:
    described = world.schema.read(
        "SELECT c.relname AS name, c.relrowsecurity AS secured, a.attname AS key, a.attnotnull AS required,"
        " ARRAY(SELECT (polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid),"
        "        pg_get_expr(polwithcheck, polrelid))::text FROM pg_policy WHERE polrelid = c.oid) AS policies"
        " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        " WHERE c.relnamespace = 'griot'::regnamespace"
    )
    rule = "(shop_id = current_shop())"
    assert {table["name"] for table in described} == set(world.schema.tables), "a table without a primary key"
    for table in described:
        assert table["secured"], table["name"]
        assert (table["key"], table["required"]) == ("shop_id", True), table["name"]
        assert table["policies"] == [f'(*,t,{{griot_app}},"{rule}","{rule}")'], table["name"]


def test_there_is_no_way_round_the_tables(world: World) -> None:
    """A view, a copy or a partition would answer with its owner's rights."""
    others = world.schema.read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'griot'::regnamespace AND relkind IN ('v', 'm', 'f')"
    )
    assert others == []
    elsewhere = world.schema.read(
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND nspname NOT IN ('griot', 'jobs', 'pg_catalog', 'information_schema')"
        " AND has_table_privilege('griot_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
    )
    assert elsewhere == []
    # TRUNCATE asks no policy, REFERENCES and TRIGGER would let the application see what it must not.
    for table in world.schema.tables:
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER"):
            held = world.schema.read("SELECT has_table_privilege('griot_app', %s, %s) AS held", table, right)
            assert held == [{"held": False}], (table, right)


def test_the_application_role_owns_nothing_and_can_lift_no_rule(world: World) -> None:
    [role] = world.schema.read("SELECT * FROM pg_roles WHERE rolname = 'griot_app'")
    for power in (
        "rolsuper",
        "rolbypassrls",
        "rolcreaterole",
        "rolcreatedb",
        "rolreplication",
        "rolcanlogin",
        "rolinherit",
    ):
        assert role[power] is False, power
    assert world.schema.read("SELECT 1 FROM pg_auth_members WHERE member = 'griot_app'::regrole") == []
    assert world.schema.read("SELECT 1 FROM pg_shdepend WHERE refobjid = 'griot_app'::regrole AND deptype = 'o'") == []
    for schema in ("griot", "jobs", "public"):
        [made] = world.schema.read("SELECT has_schema_privilege('griot_app', %s, 'CREATE') AS can", schema)
        assert made["can"] is False, schema


async def test_a_connection_of_the_application_does_not_become_the_owner_again_by_resetting(db: Database) -> None:
    async with db.anywhere() as connection:
        for reset in ("RESET ROLE", "RESET ALL", "DISCARD ALL"):
            await connection.execute(reset)
            cursor = await connection.execute("SELECT current_user AS name")
            assert await cursor.fetchone() == {"name": "griot_app"}, reset


@pytest.fixture
def login(database_url: str, owner: psycopg.Connection[Row]) -> Iterator[str]:
    """The URL of a login that is no more than a member of griot_app, as production runs with."""
    name = f"griot_login_{uuid.uuid4().hex[:8]}"
    owner.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD 'x' IN ROLE griot_app".encode())
    yield make_conninfo(database_url, user=name, password="x")
    owner.execute(f"DROP ROLE {name}".encode())


async def test_a_mere_login_runs_the_application_and_gains_nothing_by_leaving_the_role(
    world: World, login: str
) -> None:
    database = Database(login, size=2)
    await database.open()
    try:
        assert await rows_for(database, THEIRS, select("orders")) == [{"shop_id": THEIRS}]
        assert await rows_for(database, OURS, select("orders")) == []
        async with database.anywhere() as connection:
            await connection.execute("SET ROLE NONE")
            for attempt in (
                "SELECT 1 FROM griot.orders",
                "TRUNCATE griot.orders",
                "ALTER TABLE griot.orders DISABLE ROW LEVEL SECURITY",
                "GRANT pg_read_all_data TO griot_app",
                "SET SESSION AUTHORIZATION griot_app",
            ):
                with pytest.raises(InsufficientPrivilege):
                    await connection.execute(attempt)
    finally:
        await database.close()


# What is only ever added to


def test_the_append_only_tables_are_these(world: World) -> None:
    guarded = world.schema.read(
        "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgfoid = 'refuse_change'::regproc"
    )
    assert {table["name"] for table in guarded} == APPEND_ONLY


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
async def test_what_happened_is_not_changed_by_the_shop_nor_by_the_owner(
    world: World, db: Database, table: str
) -> None:
    for statement in changes(world.schema, table):
        with pytest.raises(InsufficientPrivilege):
            await rows_for(db, THEIRS, statement)
        with pytest.raises(RaiseException, match="append-only"):
            world.schema.owner.execute(statement)


# Doors: what is asked before a shop is known

# Every column that may leave through a door in the company of ids, and why.
THROUGH_DOORS = {
    "door_account": {
        "shop_id": "bigint",
        "account_id": "bigint",
        "app_secret": "bytea",
    },  # encrypted key
    "door_memberships": {"shop_id": "bigint", "role": "text"},  # asked when a user logs in
    "door_sends": {"shop_id": "bigint", "oldest": "timestamp with time zone"},  # how late we are
    "door_shops": {"shop_id": "bigint", "slug": "text"},  # the command line's name of a shop
}


def test_doors_answer_with_ids_only(world: World) -> None:
    functions = world.schema.read(
        "SELECT proname AS name, prosecdef AS definer, proconfig AS config, prorettype::regtype::text AS answer,"
        " coalesce((SELECT json_object_agg(n, t::regtype::text)"
        "   FROM unnest(proargnames, proallargtypes, proargmodes) AS x (n, t, m) WHERE m = 't'), '{}') AS columns,"
        " has_function_privilege('griot_app', oid, 'EXECUTE') AS open,"
        " EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS public"
        " FROM pg_proc WHERE pronamespace = 'griot'::regnamespace"
    )
    for function in functions:
        name = function["name"]
        assert function["definer"] == name.startswith("door_"), f"{name}: only doors run with the owner's rights"
        if not function["definer"]:
            continue
        assert function["config"] == ["search_path=griot, pg_temp"], name
        assert function["open"], name
        assert not function["public"], name
        if function["answer"] == "record":
            assert function["columns"] == THROUGH_DOORS[name], name
        else:
            assert function["answer"] in ("bigint", "void"), name


async def test_a_door_opens_on_ids_and_the_room_behind_stays_closed(world: World, db: Database) -> None:
    account = world.theirs["channel_accounts"]
    async with db.anywhere() as connection:
        cursor = await connection.execute(
            "SELECT * FROM door_account(%s, %s)", (account["channel"], account["external_id"])
        )
        assert await cursor.fetchall() == [{"shop_id": THEIRS, "account_id": account["id"], "app_secret": None}]
        cursor = await connection.execute("SELECT door_turns() AS shop")
        assert await cursor.fetchall() == [{"shop": THEIRS}]
        cursor = await connection.execute("SELECT 1 FROM messages")
        assert await cursor.fetchall() == []
