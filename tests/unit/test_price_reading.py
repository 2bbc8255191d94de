"""Quantity prices are read where a merchant has clearly written one, in three languages, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.money import Money
from griot.knowledge.catalogue.quantity_prices import MOST_PIECES, read_price_breaks

BASE = 5_000


def read(text: str, base: int = BASE, currency: str = "XOF") -> list[tuple[int, int]]:
    return [(quantity, unit.minor) for quantity, unit in read_price_breaks(text, Money(base, currency))]


@pytest.mark.parametrize(
    "text",
    [
        "5000 F l'unité, 4500 F dès 10",
        "5 000 F l’unité ; 4 500 F dès 10 pièces.",
        "4 500 F à partir de 10",
        "4.500 FCFA a partir de 10 pcs",
        "A PARTIR DE 10 PIECES : 4 500 F CFA L'UNITE",
        "À partir de 10 pièces, 4500 F l'unité",
        "10+ : 4500",
        "10 et + = 4500 F",
        "10 et plus : 4 500 F CFA",
        "4500 F/pièce (10 et plus)",
        "4500 F pièce pour 10 ou plus",
        "4500 F chacun à partir de 10",
        "Riz 25 kg. 4500 F le sac dès 10 sacs",
        "4500 F par personne à partir de 10 personnes",
        "Prix de gros : 4500 F (min. 10 pièces)",
        "4500 F si vous prenez 10 ou plus",
        "par 10 : 4500 F pièce",
        "par lot de 10 : 4500 F l'unité",
        "dès 10 4500 F",
        "5000 F dès 10 : 4500 F",
        "Savon au karité. Livraison 1 000 F. 4500 F dès 10",
        "from 10: 4500 each",
        "10 or more: 4500 each",
        "4500 F each if you take 10 or more",
        "4500 from 10 pieces",
        "plus de 9 : 4500 F",
        "4500 F au-delà de 9 pièces",
        "more than 9: 4500 each",
    ],
)
def test_a_price_from_ten_on(text: str) -> None:
    assert read(text) == [(10, 4_500)]


@pytest.mark.parametrize(
    "text",
    [
        "4500 Ar raha 10 no mihoatra",
        "manomboka amin'ny 10: 4500 Ar",
        "5000 Ar ny iray, 4500 Ar manomboka amin’ny 10",
        "10 no mihoatra: 4500 Ar ny iray",
        "4 500 Ar isaky ny iray raha mividy 10 na mihoatra",
    ],
)
def test_a_price_from_ten_on_in_malagasy(text: str) -> None:
    assert read(text, currency="MGA") == [(10, 4_500)]


@pytest.mark.parametrize(
    "text",
    [
        "5000 F l'unité, 4500 F dès 10, 4000 F dès 50",
        "Unité 5000 F ; dès 10 : 4500 F l'unité ; dès 50 : 4000 F l'unité",
        "5 000 F, 4 500 F dès 10 pièces et 4 000 F dès 50 pièces",
        "1 à 9 : 5000 F\n10+ : 4500 F\n50+ : 4000 F",
        "Dès 10 : 4500 F. Dès 50 : 4000 F. Disponible en rouge et bleu, taille 36 à 42.",
        "4000 F dès 50, 4500 F dès 10",
    ],
)
def test_several_steps_come_fewest_pieces_first(text: str) -> None:
    assert read(text) == [(10, 4_500), (50, 4_000)]


def test_decimals_are_those_of_the_currency() -> None:
    assert read("12,50 € l'unité, 10,90 € dès 10", 1_250, "EUR") == [(10, 1_090)]
    assert read("10.90€ from 10", 1_250, "EUR") == [(10, 1_090)]
    assert read("4500,50 F dès 10") == []


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("carton de 24 à 20 000 F", 25_000),
        ("carton de 24 : 20 000 F dès 10 cartons", 25_000),
        ("4500 F le carton dès 10", 5_000),
        ("10 pour 4500 F", 5_000),
        ("4500 F pour 10", 5_000),
        ("4500 F les 10", 5_000),
        ("par 10 : 4500 F", 5_000),
        ("Livraison 1500 F dès 3 articles", 2_000),
        ("Livraison : 1500 F la course, 1000 F dès 3 articles", 1_200),
        ("Livraison gratuite dès 2 : 4500 F", 5_000),
        ("acompte 2500 F dès 2 robes", 5_000),
        ("500 F de remise dès 10", 1_000),
        ("remise de 500 F dès 10", 600),
        ("+500 F dès 10 lettres", 600),
        ("-10 % dès 10", 5_000),
        ("à partir de 4500 F", 5_000),
        ("à partir de 4500 F les 10", 5_000),
        ("dès 10 500 F d'achat, livraison offerte", 12_000),
        ("4500 F dès 10 h", 5_000),
        ("4500 F dès 10 jours", 5_000),
        ("4500 F dès 10 kg", 5_000),
        ("Dès 18 ans. 4500 F", 5_000),
        ("tailles 36+ : 4500", 5_000),
        ("tissu 10+ couleurs, 4500 F", 5_000),
        ("4500 Ar dès 10", 5_000),
        ("4500 € dès 10", 5_000),
        ("5500 F dès 10", 5_000),
        ("5000 F dès 10", 5_000),
        ("450 F dès 10", 5_000),
        ("4500 F dès 1", 5_000),
        ("Appelle le 77 000 45 00 dès 10", 5_000),
        ("", 5_000),
    ],
)
def test_what_is_not_clearly_a_price_of_a_piece_is_left_out(text: str, base: int) -> None:
    assert read(text, base) == []


@pytest.mark.parametrize(
    "text",
    ["4500 F dès 10, 4600 F dès 20", "4500 F dès 10, 4400 F dès 10", "dès 10 4500 F dès 50 4000 F"],
)
def test_a_text_that_contradicts_itself_gives_nothing(text: str) -> None:
    assert read(text) == []


WRITINGS = (
    "{price} F dès {pieces}",
    "{price} F CFA l'unité à partir de {pieces} pièces",
    "dès {pieces} : {price} F",
    "{pieces}+ : {price}",
    "{pieces} et plus : {price} FCFA",
    "from {pieces}: {price} each",
    "{price} F pour {pieces} ou plus",
)


@st.composite
def stairs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A price of one piece, and lower ones from growing quantities on."""
    base = draw(st.integers(500, 200_000))
    count = draw(st.integers(1, 4))
    quantities = draw(st.lists(st.integers(2, 999), min_size=count, max_size=count, unique=True))
    prices = draw(st.lists(st.integers(-(-base // 3), base - 1), min_size=count, max_size=count, unique=True))
    return base, list(zip(sorted(quantities), sorted(prices, reverse=True), strict=True))


def spaced(price: int) -> str:
    return f"{price:,}".replace(",", " ")


@given(stairs(), st.sampled_from(WRITINGS), st.sampled_from([str, spaced]), st.sampled_from([", ", " ; ", ".\n", "\n"]))
def test_every_stair_is_read_as_it_is_written(
    made: tuple[int, list[tuple[int, int]]], writing: str, figures: object, between: str
) -> None:
    base, steps = made
    assert callable(figures)
    written = [writing.format(price=figures(price), pieces=pieces) for pieces, price in steps]
    text = between.join([f"{figures(base)} F l'unité", *written])
    assert read(text, base) == steps, text


PIECES_OF_TEXT = st.sampled_from(
    ["4500", "4 500 F", "5000", "10", "dès", "à partir de", "+", ":", ",", ".", "par", "pièce", "et plus", "F", "from",
     "l'unité", "livraison", "carton de", "raha", "no mihoatra", "each", "\n", "50", "(", ")", "%", "kg", "36"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(PIECES_OF_TEXT, max_size=25).map(" ".join)), st.integers(1, 100_000))
def test_whatever_is_written_no_price_is_read_that_cannot_be(text: str, base: int) -> None:
    found = read(text, base)
    assert all(2 <= quantity <= MOST_PIECES + 1 and base <= 3 * unit and unit < base for quantity, unit in found)
    assert found == sorted(set(found))
    assert [unit for _, unit in found] == sorted({unit for _, unit in found}, reverse=True)
