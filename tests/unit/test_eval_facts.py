"""Figures in a text count by their value, however people write them."""

from decimal import Decimal

import pytest

from griot.evals.facts import amounts, fold, mentions, numbers, repeats


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15 000 F CFA", 15000),
        ("15\u202f000 FCFA", 15000),
        ("15.000 F", 15000),
        ("15,000 XOF", 15000),
        ("15000F", 15000),
        ("5k", 5000),
        ("2,5k F", 2500),
        ("25 mille", 25000),
        ("1.500.000 Ar", 1500000),
        ("150 000 Ar", 150000),
        ("12,50 €", Decimal("12.5")),
        ("€12.50", Decimal("12.5")),
        ("12.50 EUR", Decimal("12.5")),
        ("7500 f", 7500),
        ("30 000 francs CFA", 30000),
    ],
)
def test_an_amount_is_read_by_its_value(text: str, value: int | Decimal) -> None:
    (amount,) = amounts(f"C'est *{text}* en tout.")
    assert Decimal(value) in amount.values


@pytest.mark.parametrize(
    "text", ["ROBE1 x2", "3 kg", "20 frites", "Taille 38", "#LP-2026-0215-A3F2", "10 min", "le 14 février", "7 farines"]
)
def test_what_has_no_currency_is_no_amount(text: str) -> None:
    assert amounts(text) == []


def test_a_gap_groups_figures_and_only_after_a_times_sign_parts_two_numbers() -> None:
    (amount,) = amounts("1 110 000 Ar")
    assert amount.values == {Decimal(1_110_000)}
    (amount,) = amounts("x2 500 F")
    assert amount.values == {Decimal(2500), Decimal(500)}


@pytest.mark.parametrize(
    "text", ["Lot II F 31 Ter", "appartement F 4", "3 mille-feuilles", "deux ou 3 mille feuilles", "fr 12"]
)
def test_a_letter_of_an_address_and_a_cake_are_no_currency(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize("text", ["Ar 12 000", "FCFA 500", "€ 8,50", "CFA 1.500"])
def test_a_currency_may_stand_before_its_number(text: str) -> None:
    assert len(amounts(text)) == 1


def test_a_number_inside_a_word_is_none() -> None:
    assert [number.written for number in numbers("ROBE1 et SAC2, 3 pièces")] == ["3"]


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("Total : *15 000 F CFA*", "15000"),
        ("C'est 15.000 F", "15000 F"),
        ("Il en reste 3 !", "3"),
        ("4 500 F dès 10 pièces", "dès 10"),
        ("Réservée pour SAMEDI", "samedi"),
        ("C’est prêt", "c'est prêt"),
        ("La robe *évasée*", "evasee"),
        ("ROBE1 x3", "3"),
        ("Ouvert jusqu'à 18 h 30", "18h"),
        ("C'est en préparation", "prépar"),
        ("eo am-panomanana", "omana"),
        ("En L ou en M", "L"),
        ("Appelle le 77 654 32 10", "0776543210"),
        ("au +221 77-654-32-10", "+221776543210"),
    ],
)
def test_a_fact_is_found(reply: str, fact: str) -> None:
    assert mentions(reply, fact)


@pytest.mark.parametrize(
    ("reply", "fact"),
    [
        ("115 000 F", "15000"),
        ("2 × 500", "2500"),
        ("ROBE15", "15"),
        ("", "3"),
        ("2 500 F", "500"),
        ("Livraison demain", "L"),
        ("c'est nonante", "non"),
        ("77 654 32 11", "0776543210"),
    ],
)
def test_another_fact_is_not(reply: str, fact: str) -> None:
    assert not mentions(reply, fact)


@pytest.mark.parametrize(
    ("reply", "ban"),
    [("Ta commande est payée.", "commande est payée"), ("Les marteaux", "marteau"), ("Chez Soba", "Soba")],
)
def test_banned_words_are_found_in_singular_and_plural(reply: str, ban: str) -> None:
    assert repeats(reply, ban)


@pytest.mark.parametrize(("reply", "ban"), [("[PAYER]", "payé"), ("Tianarivo", "Tiana"), ("16 500 F", "6500")])
def test_a_part_of_another_word_is_no_ban(reply: str, ban: str) -> None:
    assert not repeats(reply, ban)


def test_folding_keeps_words_only() -> None:
    assert fold("  *Déjà*  «\u00a0Vu\u00a0» ") == 'deja " vu "'
