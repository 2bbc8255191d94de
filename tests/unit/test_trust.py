"""Trust is counted from what a buyer did in the shop, by criteria that can be shown to the buyer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.money import EXPONENTS
from griot.core.tenancy import Shop, ShopSettings
from griot.tools.customers.models import BIG_SPENDER_MINOR, Standing

SHOP = Shop(1, "market", "Market", "live_seller", "SN", "XOF", "Africa/Dakar", "fr", None, 1, ShopSettings())

standings = st.builds(
    Standing,
    paid_orders=st.integers(0, 10_000),
    expired_holds=st.integers(0, 10_000),
    spent_minor=st.integers(0, 10**12),
    payment_seconds=st.integers(0, 10**9),
    currency=st.sampled_from(sorted(EXPONENTS)),
)


@pytest.mark.parametrize(
    ("standing", "score"),
    [
        (Standing(), 50),
        (Standing(paid_orders=1, payment_seconds=500), 55),
        (Standing(paid_orders=1, payment_seconds=119), 65),
        (Standing(paid_orders=1, payment_seconds=120), 55),
        (Standing(paid_orders=5, payment_seconds=5000), 75),
        (Standing(paid_orders=50, payment_seconds=50_000), 75),
        (Standing(paid_orders=1, payment_seconds=500, spent_minor=100_000), 55),
        (Standing(paid_orders=1, payment_seconds=500, spent_minor=100_001), 65),
        (Standing(paid_orders=8, payment_seconds=8 * 83, spent_minor=234_000), 95),
        (Standing(expired_holds=1), 40),
        (Standing(expired_holds=3), 20),
        (Standing(expired_holds=4), 0),
        (Standing(paid_orders=1, payment_seconds=10, spent_minor=200_000, expired_holds=4), 15),
        (Standing(paid_orders=2, payment_seconds=500, expired_holds=4), 20),
    ],
)
def test_the_score_follows_the_published_rule(standing: Standing, score: int) -> None:
    assert standing.score == score


def test_who_takes_often_and_does_not_pay_is_flagged_until_the_second_payment() -> None:
    assert not Standing(expired_holds=3).flagged
    assert Standing(expired_holds=4).flagged
    assert Standing(expired_holds=4, paid_orders=1).flagged
    assert not Standing(expired_holds=4, paid_orders=2).flagged


def test_the_explanation_names_every_criterion_that_counted() -> None:
    standing = Standing(paid_orders=1, payment_seconds=60, spent_minor=200_000, expired_holds=4)
    assert standing.explanation == [
        ("base", 50),
        ("payments", 5),
        ("fast_payments", 10),
        ("big_spender", 10),
        ("expired_holds", -40),
        ("faux_acheteur_potentiel", -20),
    ]


@pytest.mark.parametrize(
    ("standing", "tier"),
    [
        (Standing(), "bronze"),
        (Standing(paid_orders=2, payment_seconds=2, spent_minor=500_000), "bronze"),
        (Standing(paid_orders=3, payment_seconds=3000), "silver"),
        (Standing(paid_orders=3, payment_seconds=3000, expired_holds=1), "bronze"),
        (Standing(paid_orders=6, payment_seconds=6000), "gold"),
        (Standing(paid_orders=6, payment_seconds=6000, expired_holds=1), "silver"),
        (Standing(paid_orders=10, payment_seconds=10_000), "gold"),
        (Standing(paid_orders=10, payment_seconds=1000), "diamond"),
    ],
)
def test_the_tier_asks_for_purchases_and_trust(standing: Standing, tier: str) -> None:
    assert standing.tier == tier


@pytest.mark.parametrize(
    ("standing", "minutes", "share"),
    [
        (Standing(), 10, 0.7),
        (Standing(expired_holds=2), 10, 0.5),
        (Standing(expired_holds=3), 5, 0.5),
        (Standing(expired_holds=4, paid_orders=1, payment_seconds=1, spent_minor=10**6), 5, 0.5),
        (Standing(paid_orders=5, payment_seconds=1), 15, 0.8),
    ],
)
def test_trust_decides_how_long_an_article_is_held_and_when_the_reminder_goes_out(
    standing: Standing, minutes: int, share: float
) -> None:
    assert standing.hold_minutes(SHOP) == minutes
    assert standing.reminder_share == share


def test_a_vip_is_never_given_less_than_the_shop_gives_everybody() -> None:
    vip = Standing(paid_orders=5, payment_seconds=1)
    assert vip.hold_minutes(replace(SHOP, settings=ShopSettings(hold_minutes=20))) == 20
    assert Standing().hold_minutes(replace(SHOP, settings=ShopSettings(hold_minutes=20))) == 20
    assert Standing(expired_holds=3).hold_minutes(replace(SHOP, settings=ShopSettings(hold_minutes=20))) == 5


def test_every_currency_knows_what_a_big_spender_is() -> None:
    assert BIG_SPENDER_MINOR.keys() == EXPONENTS.keys()


@given(standings)
def test_the_score_is_between_0_and_100_and_is_what_the_explanation_adds_up_to(standing: Standing) -> None:
    assert 0 <= standing.score <= 100
    assert standing.score == sum(points for _, points in standing.explanation)


@given(standings, st.integers(0, 100))
def test_more_payments_never_lower_the_score(standing: Standing, more: int) -> None:
    assert replace(standing, paid_orders=standing.paid_orders + more).score >= standing.score


@given(standings, st.integers(0, 100))
def test_more_expired_holds_never_raise_it(standing: Standing, more: int) -> None:
    assert replace(standing, expired_holds=standing.expired_holds + more).score <= standing.score


@given(standings)
def test_a_flagged_buyer_holds_for_five_minutes_and_is_never_vip(standing: Standing) -> None:
    if standing.flagged:
        assert standing.hold_minutes(SHOP) == 5
        assert not standing.vip
