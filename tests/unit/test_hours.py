"""Opening hours: the shop's own zone, spans past midnight, days that differ, and what cannot be."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.errors import InvalidInput
from griot.core.hours import WEEKDAYS, OpeningHours

TANA = ZoneInfo("Indian/Antananarivo")  # UTC+3
PARIS = ZoneInfo("Europe/Paris")
SHOP = OpeningHours.read(
    {
        "week": {
            **{day: [["09:00", "12:00"], ["14:00", "18:30"]] for day in WEEKDAYS[:5]},
            "sat": [["20:00", "02:00"]],
        },
        "days": {"2026-02-16": [], "2026-02-15": [["10:00", "11:00"]]},
    }
)


def at(text: str, zone: ZoneInfo = TANA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_open", "until"),
    [
        ("2026-02-13T09:00", True, "2026-02-13T12:00"),  # a Friday
        ("2026-02-13T12:00", False, "2026-02-13T14:00"),
        ("2026-02-13T18:30", False, "2026-02-14T20:00"),
        ("2026-02-15T01:59", True, "2026-02-15T02:00"),  # Saturday night
        ("2026-02-15T02:00", False, "2026-02-15T10:00"),  # a Sunday that differs
        ("2026-02-15T11:00", False, "2026-02-17T09:00"),  # the Monday is closed
    ],
)
def test_open_and_closed_in_the_shops_zone(moment: str, is_open: bool, until: str) -> None:
    state = SHOP.at(at(moment), TANA)
    assert (state.is_open, state.until) == (is_open, at(until))


def test_closed_since_the_last_closing() -> None:
    assert SHOP.at(at("2026-02-16T12:00"), TANA).since == at("2026-02-15T11:00")
    assert SHOP.at(at("2026-02-17T09:30"), TANA).since == at("2026-02-17T09:00")


def test_hours_are_those_of_the_clock_on_the_wall_when_it_changes() -> None:
    """The night of 29 March 2026 has 23 hours in Paris."""
    hours = OpeningHours.read({"week": {"sun": [["09:00", "12:00"]]}})
    assert hours.at(at("2026-03-29T08:00", PARIS), PARIS).until == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_always_and_never_open() -> None:
    always = OpeningHours.read({"week": {day: [["00:00", "00:00"]] for day in WEEKDAYS}})
    assert always.at(at("2026-02-15T12:00"), TANA).is_open
    never = OpeningHours.read({"week": {}})
    assert never.at(at("2026-02-15T12:00"), TANA) == type(never.at(at("2026-02-15T12:00"), TANA))(False, None, None)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"weeks": {}},
        {"week": {"monday": []}},
        {"week": {"mon": [["9:00", "18:00"]]}},
        {"week": {"mon": [["09:00", "24:00"]]}},
        {"week": {"mon": [["09:00"]]}},
        {"week": {"mon": [["09:00", "13:00"], ["12:00", "18:00"]]}},
        {"week": {"mon": [["20:00", "02:00"], ["22:00", "23:00"]]}},
        {"week": {"mon": "always"}},
        {"days": {"25/12": []}},
        {"days": {"2026-12-25": None}},
    ],
)
def test_what_cannot_be_is_said(data: Any) -> None:
    with pytest.raises(InvalidInput):
        OpeningHours.read(data)


def test_what_is_read_is_written_as_it_was() -> None:
    assert OpeningHours.read(SHOP.written()) == SHOP


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)))
def test_a_state_holds_until_it_ends(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    state = SHOP.at(now, TANA)
    assert state.since is not None and state.until is not None and state.since <= now < state.until
    assert SHOP.at(state.until, TANA).is_open is not state.is_open
