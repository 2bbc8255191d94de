"""A row for every table of a shop, made from the catalogue, so that no table can be forgotten."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

Row = dict[str, Any]

# What a CHECK wants and the type alone does not tell.
SAMPLES: dict[tuple[str, str], Any] = {
    ("products", "code"): "ROBE1",
    ("orders", "status"): "reserved",
    ("rating_uses", "use"): "faq",
    ("refunds", "reason"): "late",
    ("price_breaks", "min_quantity"): 2,
    ("customer_links", "proof"): "vendor",
    ("faq", "language"): "fr",
    ("stock_movements", "kind"): "received",
    ("documents", "kind"): "quote",
    ("document_numbers", "kind"): "quote",
    ("hearings", "status"): "listening",
    ("intakes", "kind"): "address",
    ("promotions", "code"): "TABASKI",
    ("promotions", "kind"): "percent",
    ("promotions", "ends_at"): datetime(2026, 2, 16, 20, 0, tzinfo=UTC),
    ("sessions", "kind"): "api",
    ("members", "role"): "agent",
    ("quotes", "net_minor"): 1,
    ("quotes", "tax_minor"): 0,
}
BY_TYPE: dict[str, Callable[[], Any]] = {
    "bigint": lambda: 1,
    "integer": lambda: 1,
    "boolean": lambda: False,
    "text": lambda: "x",
    "date": lambda: date(2026, 2, 15),
    "text[]": list,
    "bytea": lambda: b"x",
    "jsonb": lambda: Jsonb({}),
    "timestamp with time zone": lambda: datetime(2026, 2, 15, 20, 0, tzinfo=UTC),
}


class Schema:
    """The tables of schema griot as PostgreSQL describes them to their owner, who sees every shop."""

    def __init__(self, owner: psycopg.Connection[Row]) -> None:
        self.owner = owner
        self.tables = [
            row["name"]
            for row in self.read(
                "SELECT relname AS name FROM pg_class"
                " WHERE relnamespace = 'griot'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"
            )
        ]
        self.foreign_keys = self.read(
            "SELECT conname AS name, conrelid::regclass::text AS child, confrelid::regclass::text AS parent,"
            " ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k (n, i)"
            "       JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY i) AS columns,"
            " ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k (n, i)"
            "       JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY i) AS there"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = 'griot'::regnamespace"
        )

    def read(self, query: str, *parameters: Any) -> list[Row]:
        return self.owner.execute(query.encode(), parameters or None).fetchall()

    def rows(self, table: str, shop_id: int) -> list[Row]:
        """What a table holds of a shop."""
        return self.read(f"SELECT * FROM {table} WHERE shop_id = %s", shop_id)

    def parents_first(self) -> list[str]:
        """The tables in an order in which their foreign keys can be filled."""
        needs = {table: {key["parent"] for key in self._keys_of(table)} - {table} for table in self.tables}
        ordered: list[str] = []
        while len(ordered) < len(needs):
            ordered += [table for table in needs if table not in ordered and needs[table] <= set(ordered)]
        return ordered

    def fresh(self, table: str, shop_id: int, parents: dict[str, Row]) -> Row:
        """What a valid row of ``table`` has to name; ``parents`` are rows of the same shop that it may point to."""
        row: Row = {}
        for column in self._required(table):
            name = column["name"]
            row[name] = SAMPLES[table, name] if (table, name) in SAMPLES else BY_TYPE[column["type"]]()
        for key in self._keys_of(table):
            if set(key["columns"]) <= row.keys():
                pairs = zip(key["columns"], key["there"], strict=True)
                row |= {here: parents[key["parent"]][there] for here, there in pairs}
        return row | {"shop_id": shop_id}

    def plain_column(self, table: str) -> str:
        """A column that may be set and is not the shop."""
        [last] = self.read(
            "SELECT attname AS name FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attidentity = '' AND attgenerated = '' AND attname <> 'shop_id'"
            " ORDER BY attnum DESC LIMIT 1",
            table,
        )
        return str(last["name"])

    def _keys_of(self, table: str) -> list[Row]:
        return [key for key in self.foreign_keys if key["child"] == table]

    def _required(self, table: str) -> list[Row]:
        return self.read(
            "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attnotnull AND NOT atthasdef AND attidentity = ''",
            table,
        )


def insert(table: str, row: Row) -> sql.Composed:
    """INSERT, with the values to be given as a list in the row's order."""
    override = sql.SQL("OVERRIDING SYSTEM VALUE ") if table == "shops" else sql.SQL("")
    return sql.SQL("INSERT INTO {} ({}) {}VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        override,
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
