"""Large files: ten thousand products in seconds, and memory that grows with what is kept, not with what is read."""
# ruff: noqa: E501 - lines of files

import json
import tracemalloc
from collections.abc import Callable

import pytest

from griot.knowledge.importing.files.reading import read_file

MANY = 10_000


def table(count: int) -> bytes:
    """A list with long texts that are read and cut."""
    rows = (
        f'R{at};"Produit ""{at}""";{"Une longue description. " * 10};{at + 1} 000 FCFA;{at % 9};Rayon {at % 30};"S, M, L";https://x.example/{at}.jpg'
        for at in range(count)
    )
    return "\n".join(["Réf;Nom;Description;Prix;Stock;Catégorie;Tailles;Image", *rows]).encode()


def shopify(count: int) -> bytes:
    """An export with two lines for each product."""
    head = "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Image Src"
    rows = (
        f"p{at},Product {at},<p>{'text ' * 40}</p>,V,T,Size,S,S{at},12.50,3,https://x.example/{at}.jpg\np{at},,,,,,M,M{at},13,0,"
        for at in range(count)
    )
    return "\n".join([head, *rows]).encode()


def feed(count: int) -> bytes:
    """Google's feed."""
    rows = (
        f"<item><g:id>{at}</g:id><title>Item {at}</title><description>{'text ' * 40}</description><g:price>{at + 1} XOF</g:price>"
        f"<g:availability>in stock</g:availability><g:image_link>https://x.example/{at}.jpg</g:image_link></item>"
        for at in range(count)
    )
    return f"<rss xmlns:g='http://base.google.com/ns/1.0'><channel>{''.join(rows)}</channel></rss>".encode()


def answer(count: int) -> bytes:
    """JSON of a merchant's own."""
    return json.dumps(
        [
            {"ref": f"R{at}", "nom": f"Produit {at}", "prix": f"{at + 1} 000 Ar", "texte": "x" * 200}
            for at in range(count)
        ]
    ).encode()


@pytest.mark.parametrize("made", [table, shopify, feed, answer], ids=lambda made: made.__name__)
def test_ten_thousand_products_are_read(made: Callable[[int], bytes]) -> None:
    body = made(MANY)
    assert len(read_file(body).products) == MANY


def test_memory_grows_with_the_products_and_not_with_what_is_left_out() -> None:
    """Four times the bytes in texts that no product keeps take less than twice the memory above the bytes themselves."""
    few = "\n".join(["Nom;Prix;Remarque", *(f"Produit {at};{at + 1} €;{'n' * 100}" for at in range(4_000))]).encode()
    wide = "\n".join(["Nom;Prix;Remarque", *(f"Produit {at};{at + 1} €;{'n' * 400}" for at in range(4_000))]).encode()
    read_file(few)  # what is kept from one file to the next is there already
    peaks = []
    for body in (few, wide):
        tracemalloc.start()
        assert len(read_file(body).products) == 4_000
        peaks.append(tracemalloc.get_traced_memory()[1] - 2 * len(body))  # the text, and its lines
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]
