"""What shops say of their stock, in codes and in sentences of many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.knowledge.importing.availability import availability_code, availability_of

IN, OUT = "in_stock", "out_of_stock"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://schema.org/InStock", IN),
        (" http://schema.org/SoldOut ", OUT),
        ("in_stock", IN),
        ("out of stock", OUT),
        ("backorder", IN),
        ("4", IN),
        ("0", OUT),
        ("true", IN),
        ("Il en reste 2", IN),
        ("Rupture de stock", OUT),
        ("Article épuisé", OUT),
        ("Vendu et expédié par Awa Mode", None),
        ("Actuellement indisponible", OUT),
        ("Nur noch 3 auf Lager", IN),
        ("Dieser Artikel ist nicht mehr lieferbar", OUT),
        ("Derzeit nicht verfügbar", OUT),
        ("Disponibile", IN),
        ("Non disponibile", OUT),
        ("Agotado", OUT),
        ("Hay existencias", IN),
        ("Esgotado", OUT),
        ("Slutsåld", OUT),
        ("Finns i lager", IN),
        ("Нет в наличии", OUT),
        ("Есть в наличии", IN),
        ("غير متوفر حاليا", OUT),
        ("متوفر", IN),
        ("已售完", OUT),
        ("有現貨", IN),
        ("일시 품절", OUT),
        ("売り切れました", OUT),
        ("hết hàng", OUT),
        ("Efa lany", OUT),
        ("Misy", IN),
        ("Only 2 left", IN),
        ("This item is sold by Lamba Shop", None),
        ("This listing has ended", OUT),
        ("Blue, size M", None),
        ("", None),
    ],
)
def test_words_of_stock(text: str, expected: str | None) -> None:
    assert availability_of(text) == expected


def test_a_code_is_no_sentence() -> None:
    assert availability_code("Only 2 left") is None
    assert availability_code(True) == IN
    assert availability_code(["InStock"]) is None


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    assert availability_of(text) in (IN, OUT, None)
