"""The score of a conversation and its place among the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.texts import LANGUAGES
from griot.tools.customers.models import Standing
from griot.tools.priority.models import Facts, at, judge, label
from griot.ui import words

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
QUIET = Facts(
    conversation_id=1,
    written_at=NOW,
    active_at=NOW,
    human=False,
    waits_since=None,
    complains=False,
    mood="neutral",
    asked=False,
    holds=False,
    asked_to_pay=False,
    payment_failed=False,
    let_go=False,
    quoted=False,
    standing=Standing(),
)

truths = st.booleans()
facts = st.builds(
    Facts,
    conversation_id=st.just(1),
    written_at=st.just(NOW),
    active_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    human=truths,
    waits_since=st.none() | st.just(NOW - timedelta(minutes=40)),
    complains=truths,
    mood=st.sampled_from(["neutral", "positive", "frustrated", "hurried", "hesitant"]),
    asked=truths,
    holds=truths,
    asked_to_pay=truths,
    payment_failed=truths,
    let_go=truths,
    quoted=truths,
    standing=st.builds(Standing, paid_orders=st.integers(0, 12), expired_holds=st.integers(0, 9)),
)


@given(facts)
def test_reasons_add_up_have_words_and_stay_within_the_scale(known: Facts) -> None:
    judged = judge(known)
    assert 0 <= judged.score <= 100 and sum(points for _, points in judged.reasons) == judged.score
    now = at(judged.reasons, known.waits_since, NOW)
    assert 0 <= sum(points for _, points in now) <= judged.score or known.waits_since is None
    assert len(judged.advice) <= 2 and not (judged.hot and judged.angry)
    for language in LANGUAGES:
        for name, _ in now:
            assert words.find(language, f"inbox.why_score.{name}"), name
        for advice in judged.advice:
            assert words.find(language, f"inbox.advice.{advice}"), advice


@given(facts, st.integers(1, 600))
def test_who_has_waited_longer_comes_first_all_else_alike(known: Facts, minutes: int) -> None:
    later = replace(known, waits_since=NOW)
    earlier = replace(known, waits_since=NOW - timedelta(minutes=minutes))
    assert judge(earlier).place < judge(later).place


@given(facts, facts)
def test_who_waits_comes_before_who_does_not(one: Facts, other: Facts) -> None:
    waits = replace(one, waits_since=NOW - timedelta(minutes=1))
    assert judge(waits).place < judge(replace(other, waits_since=None)).place


@pytest.mark.parametrize(
    ("change", "score", "word"),
    [
        ({}, 30, "cold"),
        ({"asked": True}, 40, "warm"),
        ({"holds": True, "asked": True}, 65, "hot"),
        ({"quoted": True, "asked": True}, 60, "hot"),
        ({"holds": True, "asked_to_pay": True, "payment_failed": True}, 50, "warm"),
        ({"let_go": True}, 15, "at_risk"),
        ({"mood": "hesitant"}, 20, "cold"),
        ({"holds": True, "asked": True, "mood": "frustrated"}, 35, "at_risk"),
        ({"complains": True}, 0, "at_risk"),
        ({"standing": Standing(paid_orders=5, payment_seconds=300)}, 37, "cold"),
        ({"standing": Standing(expired_holds=4)}, 20, "cold"),
    ],
)
def test_the_points_of_the_table(change: dict[str, object], score: int, word: str) -> None:
    judged = judge(replace(QUIET, **change))
    assert (judged.score, label(judged.score, judged.angry)) == (score, word)


def test_an_angry_buyer_goes_before_a_calm_one_who_waits_five_hours_and_not_seven() -> None:
    angry = judge(replace(QUIET, waits_since=NOW, mood="frustrated"))
    for hours, first in ((5, True), (7, False)):
        calm = judge(replace(QUIET, waits_since=NOW - timedelta(hours=hours)))
        assert (angry.place < calm.place) is first


def test_waiting_costs_a_little_more_each_quarter_of_an_hour() -> None:
    costs = [
        dict(at((("base", 30),), NOW - timedelta(minutes=minutes), NOW)).get("waiting", 0)
        for minutes in (0, 14, 15, 44, 60, 600)
    ]
    assert costs == [0, 0, -5, -10, -20, -20]
