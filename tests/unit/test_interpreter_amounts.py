"""Numbers are quantities, amounts or limits by what stands around them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.interpreter.amounts import amounts_in, budget, counts_in
from griot.core.money import Money


def counts(text: str) -> list[int]:
    return [count.value for count in counts_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je veux 2 gâteaux pour 8 personnes", [2]),
        ("ROBE1 x2", [2]),
        ("2x le sac", [2]),
        ("3 x ROBE2 et 4 SAC1", [3, 4]),
        ("une douzaine d'œufs et 2 douzaines de pains", [12, 24]),
        ("une demi-douzaine", [6]),
        ("half a dozen", [6]),
        ("deux cent cinquante chaises", [250]),
        ("ñaari robe", [2]),
        ("akanjo roa azafady", [2]),
        ("5kg de riz et 3 cartons", [5, 3]),
        ("6 en M et 4 en L", [6, 4]),
        ("non en fait trois", [3]),
        ("juste un", [1]),
        ("une robe", []),
        ("iray ihany", [1]),
        ("vingt-deux sacs", [22]),
        ("1500 cartons de lait", [1500]),
        ("jox ma fukk ak ñaar", [12]),
        ("ñaar fukk ak juróom carton", [25]),
        ("ñaar-fukk laa bëgg du fukk", [20]),
        ("fukki bidon", [10]),
        ("benn robe ak ñaar sac", [1, 2]),
        ("telo ambin'ny folo", [13]),
        ("dimy amby roapolo kitapo", [25]),
        ("simenitra telopolo gony", [30]),
        ("fonosana telo sy boaty roa", [3, 2]),
        ("passez de 6 à 12", [6, 12]),
        ("6 pots et 10 sacs", [6, 10]),
        ("fé moi 1 devi pr 25 savon", [25]),
    ],
)
def test_quantities(text: str, expected: list[int]) -> None:
    assert counts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "taille 42",
        "pointure 39",
        "T38",
        "ROBE1",
        "à 16h",
        "10:30",
        "le 12/05",
        "15 000 F",
        "15k",
        "10 %",
        "5 minutes",
        "dans 3 jours",
        "la 2e",
        "villa 23",
        "rue 10",
        "lot de 6",
        "77 123 45 67",
        "+221 77 123 45 67",
        "pour 8 personnes",
        "en 2 fois",
        "5 ans",
        "iphone 12",
        "#LP-2026-0215",
        "le sac neuf",
        "ça fait 3x que je demande",
        "12,50",
        "30x40",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert counts(text) == []


def test_a_large_number_before_an_article_is_a_quantity() -> None:
    text = "1500 chaises pliantes"
    assert counts(text) == []
    assert [count.value for count in counts_in(text, [(5, 12)])] == [1500]


def test_numbers_inside_what_is_taken_are_none() -> None:
    assert counts_in("pour le 12 mars", [(5, 15)]) == []


def test_a_count_knows_where_it_stands() -> None:
    (count,) = counts_in("je prends ROBE1 x2 svp")
    assert (count.start, count.end, count.times) == (16, 18, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15 000 F", "15000"),
        ("15.000fcfa", "15000"),
        ("15000", "15000"),
        ("15k", "15000"),
        ("10 mille", "10000"),
        ("12,50 €", "12.50"),
        ("20000 ar", "20000"),
        ("€30", "30"),
        ("trois mille cinq cents francs", "3500"),
        ("roa arivo ariary", "2000"),
        ("5 mille là", "5000"),
    ],
)
def test_amounts(text: str, value: str) -> None:
    assert [amount.value for amount in amounts_in(text)] == [Decimal(value)]


@pytest.mark.parametrize("text", ["2 sacs", "16h30", "taille 42", "2000 cartons", "77 123 45 67", "0771234567"])
def test_what_is_no_amount(text: str) -> None:
    assert amounts_in(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("moins de 10 mille", None, 10000),
        ("under 15000", None, 15000),
        ("max 20 000 F", None, 20000),
        ("latsaky ny 30000 ariary", None, 30000),
        ("budget 15000", None, 15000),
        ("j'ai 8000", None, 8000),
        ("plus de 5000", 5000, None),
        ("entre 5000 et 10 000", 5000, 10000),
        ("autour de 10 000", 7000, 11500),
        ("quelque chose à 20000", 14000, 23000),
    ],
)
def test_limits_on_the_price(text: str, low: int | None, high: int | None) -> None:
    found = budget(text, "XOF")
    assert found is not None
    assert (found.low and found.low.minor, found.high and found.high.minor) == (low, high)


def test_small_limits_need_no_currency() -> None:
    found = budget("moins de 30", "EUR")
    assert found is not None
    assert found.fits(Money(2999, "EUR"))
    assert not found.fits(Money(3001, "EUR"))
    assert not found.fits(Money(10, "XOF"))


@pytest.mark.parametrize("text", ["je veux 2 robes", "taille 42", "bonjour", "pour 30 personnes"])
def test_what_is_no_limit(text: str) -> None:
    assert budget(text, "XOF") is None


@given(st.integers(1, 999))
def test_a_number_before_its_goods_is_counted(number: int) -> None:
    assert counts(f"je veux {number} robes") == [number]


@given(st.integers(1000, 9_999_999))
def test_an_amount_is_read_however_it_is_grouped(value: int) -> None:
    grouped = f"{value:,}"
    for text in (f"{value} F", grouped.replace(",", " ") + " F CFA", grouped.replace(",", ".") + " fcfa"):
        assert [amount.value for amount in amounts_in(f"à {text} svp")] == [Decimal(value)]
        assert counts(f"à {text} svp") == []


@given(st.text(max_size=60))
def test_any_text_is_counted_without_harm(text: str) -> None:
    assert all(count.value > 0 and text[count.start : count.end] for count in counts_in(text))
    assert all(text[amount.start : amount.end] for amount in amounts_in(text))
    budget(text, "EUR")
