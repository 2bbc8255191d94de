"""One clock for the house, which tests stop and the demo speeds up."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from griot.core.clock import FastClock, FrozenClock, SystemClock, clock_from
from griot.core.errors import ConfigurationError

DAKAR_NIGHT = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
TANANARIVE = timezone(timedelta(hours=3))


def test_the_system_clock_is_the_machine_in_utc() -> None:
    before = datetime.now(UTC)
    now = clock_from("system").now()
    assert isinstance(clock_from("system"), SystemClock)
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_the_frozen_clock_moves_when_it_is_moved() -> None:
    clock = FrozenClock(DAKAR_NIGHT.astimezone(TANANARIVE))
    assert clock.now() == clock.now() == DAKAR_NIGHT
    assert clock.now().utcoffset() == timedelta(0)
    clock.advance(timedelta(minutes=10))
    assert clock.now() == DAKAR_NIGHT + timedelta(minutes=10)
    clock.set(DAKAR_NIGHT.astimezone(TANANARIVE))
    assert clock.now() == DAKAR_NIGHT
    assert clock.now().utcoffset() == timedelta(0)


def test_the_fast_clock_runs_as_many_times_as_fast_from_its_origin_on() -> None:
    origin = datetime.now(UTC) - timedelta(seconds=10)
    clock = FastClock(origin, 60)
    before = datetime.now(UTC)
    now = clock.now()
    after = datetime.now(UTC)
    assert (before - origin) * 60 <= now - origin <= (after - origin) * 60
    assert clock.now() >= now


def test_every_process_reads_the_same_fast_clock() -> None:
    setting = f"60@{datetime.now(UTC).isoformat()}"
    one, two = clock_from(setting), clock_from(setting)
    first, second, third = one.now(), two.now(), one.now()
    assert first <= second <= third


def test_the_origin_may_be_written_in_any_zone() -> None:
    here, there = clock_from("1@2026-02-15T20:00:00+00:00"), clock_from("1@2026-02-15T23:00:00+03:00")
    assert abs(there.now() - here.now()) < timedelta(seconds=1)


@pytest.mark.parametrize("setting", ["sixty@2026-02-15T20:00:00+00:00", "60", "60@yesterday"])
def test_a_setting_that_is_no_clock_is_refused(setting: str) -> None:
    with pytest.raises((ValueError, ConfigurationError)):
        clock_from(setting)
