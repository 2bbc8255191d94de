"""Names, articles and durations are told the way people tell them."""

from datetime import timedelta

import pytest

from griot.core.money import Money
from griot.tools.live.wording import coded, counted, duration, short_name, spoken_duration, spoken_money
from griot.tools.orders.wording import time_left


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Aminata Diallo", "Aminata D."),
        ("Aminata", "Aminata"),
        ("  Aminata   Fatou  diallo ", "Aminata D."),
        ("Awa 🌹", "Awa"),
        (None, "Client 4567"),
        ("  ", "Client 4567"),
    ],
)
def test_a_buyer_is_a_first_name_and_an_initial(name: str | None, told: str) -> None:
    assert short_name(name, "221771234567", "fr") == told


def test_a_buyer_without_name_and_phone_is_a_customer() -> None:
    assert short_name(None, None, "en") == "Customer"


def test_an_article_is_its_code_with_options_and_pieces() -> None:
    assert coded("ROBE1", {}) == "ROBE1"
    assert coded("ROBE1", {"taille": "S", "couleur": "rouge"}, 2) == "ROBE1 (S, rouge) x2"


@pytest.mark.parametrize(
    ("language", "count", "told"),
    [("fr", 0, "0 vente"), ("fr", 1, "1 vente"), ("fr", 2, "2 ventes"), ("en", 1, "1 sold"), ("mg", 3, "3 lafo")],
)
def test_counts_agree_with_their_noun(language: str, count: int, told: str) -> None:
    assert counted(language, "sales", count) == told


def test_durations_to_read_and_to_say() -> None:
    assert duration("fr", timedelta(minutes=83, seconds=59)) == "1 h 23 min"
    assert duration("fr", timedelta(hours=2, minutes=5)) == "2 h 05 min"
    assert duration("fr", timedelta(seconds=30)) == "0 min"
    assert spoken_duration("fr", timedelta(minutes=61)) == "1 heure et 1 minute"
    assert spoken_duration("fr", timedelta(hours=2)) == "2 heures"
    assert spoken_duration("en", timedelta(minutes=45)) == "45 minutes"


def test_money_is_said_without_signs() -> None:
    assert spoken_money("fr", Money(456000, "XOF")) == "456000 francs CFA"
    assert spoken_money("en", Money(1250, "EUR")) == "12.50 euros"


def test_time_left_counts_down_like_a_clock() -> None:
    assert (time_left(587), time_left(600), time_left(9)) == ("9:47", "10:00", "0:09")
