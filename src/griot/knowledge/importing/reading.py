"""One thing that a merchant gave, read by what it holds, not by what it calls itself: a page or a file."""

import re
import zlib
from collections.abc import Mapping

from griot.core.errors import InvalidInput
from griot.knowledge.importing.files.packing import GZIP, TooLarge, gunzipped
from griot.knowledge.importing.models import Doubt, Found
from griot.knowledge.importing.pages.reading import read_page

LARGEST = 64_000_000  # bytes that a compressed body may unfold to
_LOOKED_AT = 4_096  # bytes at the beginning that tell what a body is

_PAGE = re.compile(rb"(?i)<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]")
_FEED = re.compile(rb"(?i)<(?:rss|feed|rdf:rdf|yml_catalog|urlset|sitemapindex|channel)[\s>]")
_MARKUP = re.compile(rb"(?i)^\s*<(?:div|span|meta|script|section|main|article|h1|p|table|ul|link|title|header)[\s>]")


def read(body: bytes, *, url: str | None = None, content_type: str | None = None) -> Found:
    """What a body holds: products, and doubts about them. Never raises, whatever the bytes.

    ``url``: where it came from; ``content_type``: the header's, which is often wrong.
    """
    plain = unpacked(body)
    if plain is None:
        doubt = Doubt("the file", "It unfolds to more than 64 MB.", "Give a smaller file, or split it.")
        return Found("unknown", (), (doubt,))
    # tables and feeds need libraries that pages do not
    from griot.knowledge.importing.files.reading import read_file, read_state

    if is_page(plain, content_type):
        state = read_state(plain, url=url, content_type=content_type)
        found = state or read_page(plain, url=url, content_type=content_type)
        if url is None and all(product.price is None for product in found.products):
            listed = read_file(plain)  # a table that a program called .xls
            return listed if listed.products else found
        return found
    return read_file(plain, url=url, content_type=content_type)


def reread(body: bytes, found: Found, columns: Mapping[str, str], *, url: str | None = None) -> Found:
    """A table read again with columns as the merchant names them: header or letter -> field, ``-`` for none.

    Raises ``InvalidInput``: what was read is no table, or has no such column or field.
    """
    from griot.knowledge.importing.files.mapping import FIELDS
    from griot.knowledge.importing.files.reading import read_file

    mapping = found.mapping
    if mapping is None:
        raise InvalidInput("What was read has no columns to correct: it is no table.")
    for column, field in columns.items():
        if field != "-" and field not in FIELDS:
            raise InvalidInput(f"{field!r} is nothing that is read: write one of {', '.join(sorted(FIELDS))}, or -.")
        if not mapping.names(column):
            known = ", ".join(one.label for one in mapping.columns)
            raise InvalidInput(
                f"There is no column {column!r}. The columns are: {known}. What was said of a column before is"
                f" forgotten with --column “{column}=”."
            )
        mapping = mapping.with_field(column, None if field == "-" else field)
    return read_file(unpacked(body) or body, url=url, mapping=mapping)


def is_page(body: bytes, content_type: str | None) -> bool:
    """Whether bytes are an HTML page: by how they begin, the header only where that tells nothing."""
    start = body[:_LOOKED_AT].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _FEED.search(start):
        return False
    if _PAGE.search(start):
        return start.startswith(b"<")
    if _MARKUP.search(start):
        return True
    return start.startswith(b"<") and not start.startswith(b"<?xml") and "html" in (content_type or "").lower()


def unpacked(body: bytes) -> bytes | None:
    """A gzipped body unfolded, any other as it is; None when it would grow beyond :data:`LARGEST` (a bomb)."""
    if not body.startswith(GZIP):
        return body
    try:
        return gunzipped(body, LARGEST)
    except TooLarge:
        return None
    except zlib.error:
        return body
