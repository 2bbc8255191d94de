"""A rate limit lets the burst and the rate through, and not one request more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.ratelimit import RateLimiter

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_burst_passes_and_the_next_waits_one_interval() -> None:
    limiter = RateLimiter(rate=20, burst=5)
    assert [limiter.allow("a", 100.0) for _ in range(5)] == [0.0] * 5
    assert limiter.allow("a", 100.0) == pytest.approx(1 / 20, abs=1e-5)
    assert limiter.allow("a", 100.02) == pytest.approx(0.03, abs=1e-5)
    assert limiter.allow("a", 100.05) == 0.0


def test_the_burst_is_a_second_worth_when_nothing_else_is_said() -> None:
    limiter = RateLimiter(rate=80)
    assert sum(limiter.allow("a", 7.7) == 0.0 for _ in range(500)) == 80
    slow = RateLimiter(rate=0.1)
    assert [slow.allow("a", 0.0), slow.allow("a", 0.0)] == [0.0, pytest.approx(10.0)]


def test_a_refused_request_costs_nothing() -> None:
    limiter = RateLimiter(rate=1, burst=1)
    limiter.allow("a", 0.0)
    assert all(limiter.allow("a", 0.5) == pytest.approx(0.5, abs=1e-5) for _ in range(100))
    assert limiter.allow("a", 1.0) == 0.0


def test_keys_do_not_share_their_limits() -> None:
    limiter = RateLimiter(rate=1, burst=1)
    assert limiter.allow("a", 0.0) == limiter.allow("b", 0.0) == 0.0


def test_waiting_as_long_as_told_is_enough() -> None:
    limiter, now = RateLimiter(rate=3, burst=2), 1_000_000.123
    for _ in range(1000):
        now += limiter.allow("a", now)
        assert limiter.allow("a", now) == 0.0


def test_memory_is_bounded_and_the_least_recently_seen_goes_first() -> None:
    limiter = RateLimiter(rate=1, burst=1, size=100)
    limiter.allow("flood", 0.0)
    for n in range(10_000):
        limiter.allow(f"key {n}", 0.0)
        assert limiter.allow("flood", 0.0) > 0, "a key over its rate is remembered as long as it keeps coming"
    assert len(limiter) == 100


@given(
    rate=st.integers(1, 500),
    burst=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 0.5), min_size=1, max_size=200),
)
def test_no_window_of_time_lets_more_through_than_burst_plus_rate(rate: int, burst: int, gaps: list[float]) -> None:
    limiter = RateLimiter(rate, burst)
    now, passed = 5000.0, []
    for gap in gaps:
        now += gap
        if limiter.allow("a", now) == 0.0:
            passed.append(now)
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + rate * (passed[last] - start) * (1 + 1e-3) + 1e-3
