"""Orders over time with their peaks, alerts, and advice for the next minutes: each from figures alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.money import Money
from griot.core.texts import LANGUAGES
from griot.tools.live.board import advised, told
from griot.tools.live.board_models import Alert, AlertKind, Bar, Moment, Pulse, Shelf, Tip
from griot.tools.live.pulse import MOST_BARS, pulse, step_for
from griot.tools.live.tips import alerts, tips

START = datetime(2026, 2, 15, 20, 0, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CALM = Moment(0, Money(0, "XOF"), 0, 0)


def at(minute: int) -> datetime:
    return START.replace(second=0) + minute * MINUTE


def drawn(*orders: int) -> Pulse:
    """A live of as many minutes, with so many orders in each."""
    bars = [Bar(at(n), count, f"ART{n}") for n, count in enumerate(orders) if count]
    return pulse(bars, MINUTE, START, at(len(orders) - 1) + timedelta(seconds=50))


def shelf(code: str = "ROBE1", free: int = 20, **more: int) -> Shelf:
    known = {"held": 0, "sold": 0, "low_stock": 2, "orders": 0, "pieces": 0, "lately": 0, "waiting": 0} | more
    return Shelf(code, code.title(), Money(15_000, "XOF"), free, **known)


def rules(*shelves: Shelf, moment: Moment = CALM, vips: int = 0, orders: tuple[int, ...] = (1, 1)) -> list[str]:
    shown = drawn(*orders)
    return [tip.rule for tip in tips(shelves, moment, vips, shown, START, at(len(orders) - 1))]


def test_every_minute_has_its_bar() -> None:
    shown = drawn(3, 0, 1)
    assert [(bar.at, bar.orders, bar.code) for bar in shown.bars] == [
        (at(0), 3, "ART0"),
        (at(1), 0, None),
        (at(2), 1, "ART2"),
    ]
    assert shown.highest == 3


@given(lasted=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_live_however_long_is_a_picture_that_can_be_read(lasted: timedelta) -> None:
    step = step_for(lasted)
    shown = pulse([], step, START, START + lasted)
    assert 1 <= len(shown.bars) <= MOST_BARS
    assert shown.bars[-1].at <= START + lasted < shown.bars[-1].at + step
    assert step == MINUTE if lasted <= timedelta(hours=1) else step > MINUTE


def test_a_peak_is_named_with_its_code_and_two_are_not_on_one_hill() -> None:
    shown = drawn(1, 2, 1, 8, 7, 2, 1, 1, 0, 1, 6, 2, 1)
    assert [(bar.orders, bar.code) for bar in shown.peaks] == [(8, "ART3"), (6, "ART10")]


@pytest.mark.parametrize("orders", [(), (0, 0), (1, 2, 1), (4, 4, 4, 4)])
def test_an_even_live_has_no_peak(orders: tuple[int, ...]) -> None:
    assert drawn(*(orders or (0,))).peaks == ()


def test_how_many_orders_the_stock_is_enough_for() -> None:
    assert shelf(free=10, orders=4, pieces=8).orders_left == 5
    assert shelf(free=3).orders_left == 3
    assert shelf(free=1, orders=2, pieces=6).orders_left == 0


def test_the_drawing_of_the_vision() -> None:
    """ROBE1 sells well, CHAUSSURE is about to run out, and good customers are there."""
    shelves = [
        shelf("ROBE1", 30, orders=9, pieces=9, lately=6),
        shelf("SAC2", 8),
        shelf("CHAUSSURE", 8, orders=4, pieces=4, lately=4, low_stock=10),
    ]
    shown = tips(shelves, CALM, 2, drawn(1, 2, 3), START, at(3))
    assert [advised(tip, "fr") for tip in shown] == [
        "CHAUSSURE risque la rupture dans environ 8 commandes.",
        "ROBE1 se vend bien : 6 commandes en 10 minutes. Redis son code maintenant.",
        "2 très bons clients sont là : c'est le moment de montrer SAC2.",
    ]


def test_what_buyers_wait_for_is_asked_of_the_vendor() -> None:
    assert rules(shelf(free=0, held=2, waiting=3)) == ["waiting_line"]
    assert rules(shelf(free=2, waiting=3)) == [], "the line is being served"


def test_slow_payers_are_told_of_from_two_on() -> None:
    assert rules(shelf(), moment=Moment(0, Money(0, "XOF"), 0, 1)) == []
    assert rules(shelf(), moment=Moment(0, Money(0, "XOF"), 0, 2)) == ["slow"]


def test_a_quiet_live_is_told_what_to_show_next() -> None:
    quiet = (2, 1, 0, 0, 0, 0, 0, 0)
    assert rules(shelf("SAC2", 3), shelf("ROBE1", 9), orders=quiet) == ["quiet"]
    shown = tips([shelf("SAC2", 3), shelf("ROBE1", 9)], CALM, 0, drawn(*quiet), START, at(7))
    assert shown == [Tip("quiet", {"code": "ROBE1"})]
    assert rules(shelf(), orders=(0, 0)) == [], "it has only begun"
    assert rules(shelf(free=0), orders=quiet) == [], "there is nothing to show"


def test_alerts_come_the_most_pressing_first() -> None:
    shelves = [shelf("A1", 1), shelf("B2", 0, held=2), shelf("C3", 0), shelf("D4", 9)]
    found = alerts(shelves, Moment(3, Money(45_000, "XOF"), 5, 0), 2)
    assert [told(alert, "fr") for alert in found] == [
        "2 conversations attendent ta réponse",
        "C3 : épuisé",
        "A1 : 1 restant",
        "B2 : plus rien de libre, 2 en attente de paiement",
        "5 réservations expirent dans moins de 2 minutes",
        "3 paiements groupés : 45 000 F CFA",
    ]
    assert [alert.critical for alert in found] == [True, True, True, False, False, False]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_every_alert_and_tip_has_its_words(language: str, count: int) -> None:
    counted: list[AlertKind] = ["all_held", "low", "expiring", "payments", "escalations"]
    for alert in [Alert("sold_out", "ROBE1"), *(Alert(kind, "ROBE1", count, Money(5, "XOF")) for kind in counted)]:
        assert "{" not in told(alert, language) != ""
    assert "{" not in advised(Tip("quiet", {"code": "ROBE1"}), language)
    for rule in ("running_out", "waiting_line", "slow", "best_seller", "vip"):
        assert str(count) in advised(Tip(rule, {"code": "ROBE1", "count": count}), language)
