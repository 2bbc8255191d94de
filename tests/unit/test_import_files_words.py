"""Words that merchants and programs use: for sums, for prices on offer, for what is left and whether it is there."""
# ruff: noqa: E501 - lists of words, a sense a line

from decimal import Decimal

import pytest
from importing_tables import read

from griot.knowledge.importing.files.vocabulary import is_total, recognised, says_of_stock


@pytest.mark.parametrize(
    "line",
    [
        *("Sous-total BOISSONS", "Sous total 3", "SUBTOTAL hogar", "Total rayon frais", "Total catégorie Sacs", "Fitambaran'ny sakafo"),
        *("Zwischensumme Küche", "Subtotale cucina", "Subtotaal tuin", "المجموع الفرعي للملابس", "Итого по разделу", "Grand total (FCFA)"),
        *("Fitambarany", "Total page 2", "Ara toplam"),
    ],
)  # fmt: skip
def test_sums_with_words_behind_them(line: str) -> None:
    assert is_total(line)


@pytest.mark.parametrize(
    "name", ["Total look noir", "Huile Total Quartz 9000", "Summer dress", "Subtil parfum", "Somme-nous prêts (livre)"]
)
def test_names_that_are_no_sums(name: str) -> None:
    assert not is_total(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Sonderangebotspreis", "Aktionspreis", "Precio de oferta", "Precio en oferta", "Prezzo scontato", "Prezzo promozionale"),
        *("Preço promocional", "Preço em promoção", "Prix promo", "Prix en promotion", "Vidiny mihena", "Bei ya punguzo", "السعر المخفض", "Акционная цена", "Promo price"),
    ],
)  # fmt: skip
def test_names_of_a_price_on_offer(name: str) -> None:
    assert recognised(name)[0].field == "sale_price"
    found = read(f"Nom;Prix;{name}\nBol;50,00 €;40,00 €\nPot;30,00 €;\n")
    assert [one.price for one in found.products] == [Decimal(40), Decimal(30)]


@pytest.mark.parametrize(("text", "said_so"), [
    *[(word, "in_stock") for word in ("OK", "Dispo", "misy", "IN", "sí", "oui", "متوفر", "Few left", "✓")],
    *[(word, "out_of_stock") for word in ("OUT", "NIL", "épuisé", "Rupture", "LANY", "agotado", "finished", "نفدت الكمية", "hakuna", "non", "o/s")],
    *[(word, None) for word in ("", "demain", "sur commande peut-être", "12")],
])  # fmt: skip
def test_words_for_stock(text: str, said_so: str | None) -> None:
    assert says_of_stock(text) == said_so


@pytest.mark.parametrize(
    "header",
    ["BALANCE", "Sisa", "Reste", "Remaining", "Stk", "Qty left", "Restbestand", "Saldo", "المتبقي", "Stock restant"],
)
def test_names_of_what_is_left(header: str) -> None:
    found = read(f"Item;Price;{header}\nSoap;200/=;14\nOil;900/=;OUT\nRice;150/=;0\nSalt;50/=;3\n")
    assert [one.availability for one in found.products] == ["in_stock", "out_of_stock", "out_of_stock", "in_stock"]
    assert [one.stock for one in found.products] == [14, None, 0, 3]


@pytest.mark.parametrize(
    "header", ["dispo", "Disponible", "available", "Misy ve", "Disponible ?", "En stock (oui/non)"]
)
def test_columns_that_answer_whether_it_is_there(header: str) -> None:
    found = read(f"Nom;Prix;{header}\nA1;2 €;OK\nB2;3 €;épuisé\nC3;3 €;oui\nD4;3 €;non\nE5;3 €;lany\nF6;3 €;misy\n")
    assert [one.availability for one in found.products] == [
        "in_stock",
        "out_of_stock",
        "in_stock",
        "out_of_stock",
        "out_of_stock",
        "in_stock",
    ]


def test_answers_to_other_questions_say_nothing_of_stock() -> None:
    for question in ("هل يتطلب شحن؟", "Fait main ?", "خاضع للضريبة ؟"):
        found = read(f"Nom;Prix;{question}\nBol;5 €;نعم\nPot;6 €;نعم\n")
        assert {one.availability for one in found.products} == {None}, question


@pytest.mark.parametrize("kind", ["TYP", "TYPE", "TIPO"])
def test_the_type_of_an_axis_is_not_its_value(kind: str) -> None:
    found = read(f'Titel,Preis,VARIATION 1 {kind},VARIATION 1 NAME,VARIATION 1 WERTE\nRing,25 €,Größe,Weite,"52,54"\n')
    assert [variant.options for variant in found.products[0].variants] == [{"Weite": "52"}, {"Weite": "54"}]
