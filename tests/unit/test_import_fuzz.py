"""Whatever the bytes, reading them ends without an exception and says what is doubtful."""

import gzip
import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from importing_shops import (
    GRID,
    MAGENTO,
    NEXT,
    PRESTASHOP_OLD,
    SHOPIFY,
    SQUARESPACE,
    WOOCOMMERCE_SALE,
    WOOCOMMERCE_VARIABLE,
)

from griot.knowledge.importing.models import Found
from griot.knowledge.importing.pages.reading import read_page
from griot.knowledge.importing.reading import LARGEST, is_page, read, unpacked

SECONDS = 40  # of processor time for a page of 2 MB, a hundred times what it takes: what is refused is hours
PAGES = [SHOPIFY, WOOCOMMERCE_SALE, WOOCOMMERCE_VARIABLE, PRESTASHOP_OLD, MAGENTO, SQUARESPACE, NEXT, GRID]


def sane(found: Found) -> None:
    assert found.products or found.warnings
    for product in found.products:
        assert product.title
        assert product.price is None or product.price > 0
        assert product.price_max is None or (product.price is not None and product.price_max > product.price)
        assert all(image.startswith("http") for image in product.images)


@given(st.binary(max_size=400))
def test_bytes(body: bytes) -> None:
    sane(read_page(body, url="https://shop.example/"))
    sane(read_page(b"<html>" + body, content_type="text/html; charset=utf-16"))


@given(st.sampled_from(PAGES), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_pages_with_pieces_cut_doubled_and_garbled(html: str, chance: random.Random) -> None:
    text = html
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(text)), chance.randint(1, 60)
        piece = text[at : at + length]
        garbled = "".join(chance.choice(string.printable) for _ in piece)
        text = text[:at] + chance.choice(["", piece * 3, garbled, "\x00\ufffe", "<div>" * 5]) + text[at + length :]
    sane(
        read_page(
            text.encode("utf-8", "replace"), url=chance.choice([None, "https://shop.example/p", "http://[bad", "x"])
        )
    )


@given(st.sampled_from(["div", "span", "table", "li", "b"]), st.integers(1, 3000))
@settings(max_examples=15, deadline=None)
def test_depth(tag: str, depth: int) -> None:
    sane(read_page(f"<html><h1>Deep</h1>{f'<{tag}>' * depth}5 €".encode()))


_BIG = 2_000_000  # characters


def script(data: str) -> str:
    return f'<h1>Bowl</h1><p>5 €</p><script type="application/ld+json">{data}</script>'


HEAVY = {
    "prices": "<h1>Bowl</h1>" + '<p class="price">5 €</p>' * (_BIG // 24),
    "cards": "<h1>Bowls</h1>" + '<li><a href="/p"><img src="/i.jpg">Bowl</a><b>5 €</b></li>' * (_BIG // 56),
    "lines": "<h1>Bowl</h1>" + "5 €<br>" * (_BIG // 7),
    "items": '<div itemscope itemtype="http://schema.org/Product"><b itemprop="name">Bowl</b></div>' * (_BIG // 83),
    "references": '<div id="a">' + '<b itemprop="name">n</b>' * 2_000 + "</div>"
    '<div itemscope itemtype="http://schema.org/Product" itemref="a"></div>' * 2_000,
    "attributes": "<div " + " ".join(f"a{n}" for n in range(_BIG // 7)) + ">5 €</div>",
    "a script": "<h1>Bowl</h1><script>window.__STATE__ = " + '{"a":' * (_BIG // 5) + "</script>",
    "brackets": script("[" * _BIG),
    "scripts": '<script type="application/ld+json">{"@type":"Product","name":"B",}</script>' * (_BIG // 72),
    "documents": script('{"a":1};' * (_BIG // 8)),
    "broken": script('{"@type":"Product","name":"24" screen",' * 7_000),
    "variants": script(
        '{"@type":"ProductGroup","name":"B","hasVariant":['
        + '{"@type":"Product","size":"1","offers":{"price":3}},' * (_BIG // 51)
        + '{"@type":"Product","size":"2"}]}'
    ),
    "markup in a text": script('{"@type":"Product","name":"B","description":"' + "<a " * (_BIG // 3) + '"}'),
}


@pytest.mark.parametrize("what", HEAVY)
def test_a_page_made_to_be_slow_is_read_in_seconds(what: str) -> None:
    began = time.process_time()
    sane(read_page(HEAVY[what].encode(), url="https://shop.example/p"))
    assert time.process_time() - began < SECONDS


def test_what_a_body_is_shows_in_its_bytes() -> None:
    assert is_page(b"\xef\xbb\xbf  <!DOCTYPE html><html>", None)
    assert is_page(b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html>', None)
    assert is_page("<html></html>".encode("utf-16"), None)
    assert is_page(b"<div><p>part of a page</p></div>", None)
    assert not is_page(b'<?xml version="1.0"?><rss version="2.0"><channel>', "text/html")
    assert not is_page(b"name;price\nBowl;5", "text/html")
    assert not is_page(b"PK\x03\x04<html>", None)


def test_a_packed_page_is_unpacked_and_a_bomb_is_not() -> None:
    assert read(gzip.compress(SHOPIFY.encode())).products[0].title == "Robe bogolan"
    assert unpacked(b"\x1f\x8bnot gzip at all") == b"\x1f\x8bnot gzip at all"
    assert unpacked(gzip.compress(b"0" * (LARGEST + 1))) is None


def test_a_packed_file_of_several_parts_is_unpacked_whole() -> None:
    parts = gzip.compress(b"Nom,Prix EUR\nBol,5\n") + gzip.compress(b"Pot,6\n")
    assert [one.title for one in read(parts).products] == ["Bol", "Pot"]
    assert unpacked(parts + b"what follows") == b"Nom,Prix EUR\nBol,5\nPot,6\n"
    assert unpacked(gzip.compress(b"") * 50_000 + parts) == unpacked(parts)
