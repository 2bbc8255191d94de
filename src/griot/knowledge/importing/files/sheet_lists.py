"""Which sheets of a workbook list products, and what they hold together."""

import re

from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.drafts import Draft
from griot.knowledge.importing.files.finishing import finished
from griot.knowledge.importing.files.mapping import Mapping
from griot.knowledge.importing.files.origin import Origin
from griot.knowledge.importing.files.tables import Table
from griot.knowledge.importing.files.text_tables import drafts_of, opened_table
from griot.knowledge.importing.files.vocabulary import recognised
from griot.knowledge.importing.models import Found

_NO_LIST = re.compile(
    r"(?i)^(?:ventes?|sales|commandes?|orders?|clients?|customers|factures?|invoices?|instructions?|readme|lisez|aide|help|param|config|listes?$|lookup|d[ée]penses|expenses)"
)
_UNNAMED = re.compile(r"(?i)^(?:feuil|sheet|hoja|tabelle|planilha|foglio|лист)")


def read_tables(
    tables: list[tuple[str, Table]],
    shape: str,
    origin: Origin,
    mapping: Mapping | None,
    doubts: Doubts,
    unreadable: tuple[type[Exception], ...],
) -> Found:
    """What the sheets hold, given with their names. ``shape``: ``xlsx`` or ``ods``.

    ``unreadable``: what a damaged sheet raises while its rows are read.
    """
    lists = [
        (title, table)
        for title, table in tables
        if table.mapping.header_line and table.mapping.reads("title") and not _is_no_list(title, table)
    ]
    lists = lists or [
        (title, table) for title, table in tables[:1] if not _is_no_list(title, table) or len(tables) == 1
    ]
    for title, _ in tables:
        if all(title != other for other, _ in lists):
            doubts.add(
                f"sheet {title}",
                "This sheet is no list of products.",
                "It was left out; nothing to do if that is right.",
            )
    found: list[Draft] = []
    first: Mapping | None = None
    several = len(lists) > 1
    for title, table in lists:
        opened = opened_table(table, mapping, doubts)
        if opened is None:
            continue
        first = first or opened.mapping
        try:
            for draft in drafts_of(opened, origin, doubts):
                if several:
                    draft.where = f"sheet {title}, {draft.where}"
                    draft.category = draft.category or ("" if _UNNAMED.match(title) else title)
                found.append(draft)
        except unreadable:
            doubts.cut(f"sheet {title}", "This sheet is damaged; what could be read of it was.", "Save the file again.")
    if not tables:
        doubts.add("file", "There is no table in this file.", "Send a file with a line for each product.")
    kind = first.format.removesuffix("-csv") + f"-{shape}" if first and first.format != "own" else shape
    return Found(kind, finished(found, doubts), doubts.listed(), mapping=first)


def _is_no_list(title: str, table: Table) -> bool:
    """A sheet of orders, customers or instructions."""
    orders = sum(1 for header in table.headers if any(one.field == "order" for one in recognised(header)))
    return (
        orders >= 2
        or (bool(_NO_LIST.match(title.strip())) and not table.mapping.reads("price", "title"))
        or (orders == 1 and bool(_NO_LIST.match(title.strip())))
    )
