"""The schema can be spread over machines by shop_id (Citus) as it is: its rules, read from the catalogue."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import dict_row
from schema_rows import Schema

from griot.core.db.pool import OWNER_OPTIONS


@pytest.fixture
def schema(database_url: str) -> Iterator[Schema]:
    with psycopg.connect(database_url, autocommit=True, options=OWNER_OPTIONS, row_factory=dict_row) as owner:
        yield Schema(owner)


def test_every_table_has_a_shop_of_one_type(schema: Schema) -> None:
    """Tables are kept together by the type of the column that distributes them."""
    found = schema.read(
        "SELECT attrelid::regclass::text AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required"
        " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'griot'::regnamespace AND relkind IN ('r', 'p') AND attname = 'shop_id'"
    )
    assert {row["name"] for row in found} == set(schema.tables)
    assert {(row["type"], row["required"]) for row in found} == {("bigint", True)}


def test_every_unique_rule_leads_with_the_shop(schema: Schema) -> None:
    """A machine can promise uniqueness only among the rows that it has."""
    indexes = schema.read(
        "SELECT indexrelid::regclass::text AS name, attname AS first FROM pg_index"
        " JOIN pg_class ON pg_class.oid = indrelid"
        " LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
        " WHERE relnamespace = 'griot'::regnamespace AND indisunique"
    )
    assert len(indexes) > len(schema.tables)
    assert [index["name"] for index in indexes if index["first"] != "shop_id"] == []


def test_nothing_excludes_rows_across_shops(schema: Schema) -> None:
    exclusions = "SELECT conname FROM pg_constraint WHERE contype = 'x' AND connamespace = 'griot'::regnamespace"
    assert schema.read(exclusions) == []


def test_every_foreign_key_names_the_shop_on_both_sides(schema: Schema) -> None:
    """So the row and the one it points to are on the same machine."""
    assert schema.foreign_keys
    for key in schema.foreign_keys:
        assert key["parent"] in schema.tables, key
        assert ("shop_id", "shop_id") in zip(key["columns"], key["there"], strict=True), key


def test_no_foreign_key_changes_the_shop(schema: Schema) -> None:
    """SET NULL, SET DEFAULT and ON UPDATE CASCADE would move a row that stays where it is."""
    moving = schema.read(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'griot'::regnamespace"
        " AND (confdeltype IN ('n', 'd') OR confupdtype IN ('n', 'd', 'c'))"
    )
    assert moving == []


def test_numbers_that_count_by_themselves_are_wide_enough_to_be_split(schema: Schema) -> None:
    """Each machine counts in a range of its own, which needs 64 bits."""
    narrow = schema.read(
        "SELECT attrelid::regclass::text AS name, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'griot'::regnamespace AND relkind IN ('r', 'p') AND atttypid <> 'bigint'::regtype"
        " AND (attidentity <> '' OR pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL)"
    )
    assert narrow == []


def test_tables_are_plain_ones(schema: Schema) -> None:
    """No unlogged or temporary table, no inheritance, no rewrite rule."""
    odd = schema.read(
        "SELECT relname FROM pg_class WHERE relnamespace = 'griot'::regnamespace AND relkind IN ('r', 'p')"
        " AND (relpersistence <> 'p' OR relhasrules OR relhassubclass OR relispartition)"
    )
    assert odd == []


def test_triggers_are_the_ones_that_were_judged(schema: Schema) -> None:
    """Citus runs triggers on distributed tables only with ``citus.enable_unsafe_triggers``: it cannot know that what
    they touch is on the same machine. These touch their own row or their own shop's; a new one is to be judged."""
    triggers = schema.read(
        "SELECT tgname AS name FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = 'griot'::regnamespace AND NOT tgisinternal"
    )
    assert {trigger["name"] for trigger in triggers} == {
        "conversations_tell",  # like the others that tell: they touch nothing and only knock
        "escalations_call",  # like the others that call: they add rows of their own shop to inbox_calls
        "escalations_call_again",
        "escalations_tell",
        "events_append_only",
        "events_call",
        "events_stamp",  # its own row
        "import_jobs_tell",
        "messages_tell",
        "orders_reference",
        "outbox_tell",
        "outbox_tell_sent",
        "payment_notices_append_only",
        "products_bump",
        "turns_call",
        "stock_movements_append_only",
        "shops_tell_catalogue",  # touches nothing: it only knocks, and a lost knock costs a minute
        "variants_bump",
    }
