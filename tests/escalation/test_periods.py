"""Periods: whole weeks, months and quarters of a zone's calendar, and stretches of one's own."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError
from leadkit.escalation import Period, periods
from leadkit.testing.performance import period, some_periods

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Cairo",
)
NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
Every = Literal["month", "quarter", "week"]


def name_of(day: date, every: Every) -> str:
    """Tell to what a day belongs."""
    if every == "week":
        return day.strftime("%G-W%V")
    return f"{day.year}-{day.month:02}" if every == "month" else f"{day.year}-Q{-(-day.month // 3)}"


@given(
    st.dates(date(1950, 1, 1), date(2037, 1, 1)),
    st.integers(1, 500),
    st.sampled_from(("month", "quarter", "week")),
    st.sampled_from(ZONES),
)
def test_days_are_counted_one_by_one(start: date, n: int, every: Every, zone: str) -> None:
    """The names of the days in between, each once; every boundary is the first instant of its day in the zone."""
    days = [start + timedelta(days=i) for i in range(n)]
    found = periods(start, start + timedelta(days=n), every, zone)
    assert [one.id for one in found] == list(dict.fromkeys(name_of(day, every) for day in days))
    assert all(earlier.end == later.start for earlier, later in pairwise(found))
    for one in found:
        for instant in (one.start, one.end):
            here, before = (at.astimezone(ZoneInfo(zone)) for at in (instant, instant - timedelta(microseconds=1)))
            assert before.date() < here.date()
            assert name_of(before.date(), every) != name_of(here.date(), every)
    first = found[0].start.astimezone(ZoneInfo(zone)).date()
    assert first <= start
    assert name_of(first, every) == name_of(start, every)


@pytest.mark.parametrize(
    ("zone", "month", "hours_of_month", "start"),
    [
        ("Europe/Berlin", 3, 31 * 24 - 1, datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("Europe/Berlin", 10, 31 * 24 + 1, datetime(2026, 9, 30, 22, tzinfo=UTC)),
        ("America/New_York", 3, 31 * 24 - 1, datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("America/New_York", 11, 30 * 24 + 1, datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("UTC", 3, 31 * 24, datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_the_clocks_change_inside_a_month(zone: str, month: int, hours_of_month: int, start: datetime) -> None:
    """New York's clocks go back on 1 November, the first day of the month."""
    (one,) = periods(date(2026, month, 1), date(2026, month, 2), "month", zone)
    assert one.start == start
    assert (one.end - one.start) / timedelta(hours=1) == hours_of_month


def test_a_day_without_one_midnight_begins_at_its_first_instant() -> None:
    """1 August 2014 began at 01:00 in Cairo; in Havana 1 November 2015 had two midnights."""
    july, august = periods(date(2014, 7, 1), date(2014, 9, 1), "month", "Africa/Cairo")
    assert july.end == august.start == datetime(2014, 7, 31, 22, tzinfo=UTC)
    assert august.start.astimezone(ZoneInfo("Africa/Cairo")).hour == 1
    november = periods(date(2015, 11, 1), date(2015, 11, 2), "month", "America/Havana")[0]
    assert november.start == datetime(2015, 11, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        (date(2020, 12, 28), date(2021, 1, 5), ["2020-W53", "2021-W01"]),
        (date(2021, 1, 3), date(2021, 1, 4), ["2020-W53"]),
        (date(2015, 12, 31), date(2016, 1, 4), ["2015-W53"]),
        (date(2024, 12, 30), date(2024, 12, 31), ["2025-W01"]),
        (date(2026, 12, 31), date(2027, 1, 4), ["2026-W53"]),
    ],
)
def test_weeks_are_those_of_iso(start: date, end: date, names: list[str]) -> None:
    found = periods(start, end, "week")
    assert [one.id for one in found] == names
    assert {(one.start.isoweekday(), one.end - one.start) for one in found} == {(1, timedelta(days=7))}


def test_a_leap_year_and_its_quarters() -> None:
    found = periods(date(2024, 2, 29), date(2024, 12, 31), "quarter", "Europe/Berlin")
    assert [one.id for one in found] == ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]
    assert [(one.end - one.start) / timedelta(hours=1) for one in found] == [91 * 24 - 1, 91 * 24, 92 * 24, 92 * 24 + 1]


def test_instants_are_taken_as_they_are_and_the_end_does_not_count() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    end = datetime(2026, 10, 1, tzinfo=berlin)
    assert [one.id for one in periods(NOON, end, "month", berlin)] == ["2026-09"]
    assert [one.id for one in periods(NOON, end + timedelta(microseconds=1), "month", berlin)] == ["2026-09", "2026-10"]
    assert [one.id for one in periods(NOON, end, "month", "Asia/Tokyo")] == ["2026-09", "2026-10"]
    assert [one.id for one in periods(date(2026, 9, 1), NOON)] == ["2026-09"]
    assert periods(NOON, end, "month", timezone(timedelta(hours=-3)))[0].start == datetime(2026, 9, 1, 3, tzinfo=UTC)


def test_the_first_and_the_last_years() -> None:
    assert [one.id for one in periods(date(1, 1, 1), date(1, 1, 9), "week")] == ["0001-W01", "0001-W02"]
    assert periods(date(1, 1, 1), date(1, 4, 2), "quarter")[1].id == "0001-Q2"
    assert periods(date(9999, 11, 30), date(9999, 12, 1))[0].end == datetime(9999, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "every", "zone"),
    [
        (date(9999, 12, 1), date(9999, 12, 2), "month", "UTC"),
        (date(9999, 12, 31), datetime.max.replace(tzinfo=UTC), "week", "UTC"),
        (date(9999, 10, 1), date(9999, 10, 2), "quarter", "UTC"),
        (date(1, 1, 1), date(1, 2, 1), "month", "Europe/Berlin"),
        (datetime.min.replace(tzinfo=UTC), date(1, 2, 1), "month", "America/New_York"),
    ],
)
def test_what_would_reach_out_of_the_calendar_is_refused(start: date, end: date, every: Every, zone: str) -> None:
    with pytest.raises(EscalationError, match="expected dates that lie away from the years 1 and 9999"):
        periods(start, end, every, zone)


@pytest.mark.parametrize("end", [date(2026, 9, 1), date(2026, 8, 1), datetime(2026, 9, 1, tzinfo=UTC)])
def test_the_end_comes_after_the_start(end: date) -> None:
    with pytest.raises(EscalationError, match="periods: end: expected after the start, 2026-09-01, got 2026-0"):
        periods(date(2026, 9, 1), end)


@pytest.mark.parametrize(
    "zone",
    ["", None, 5, b"UTC", ["UTC"], "Europe", "../UTC", "a\0b", "Mars/Olympus", "x" * 5000, tzinfo(), True],  # type: ignore[abstract]
)
def test_a_zone_has_to_be_known(zone: Any) -> None:
    with pytest.raises(EscalationError, match="zone: expected the name of a time zone, such as Europe/Berlin, got"):
        periods(date(2026, 9, 1), date(2026, 10, 1), "month", zone)


@pytest.mark.parametrize("every", [None, 7, "", "day", "Month", ["month"], True])
def test_a_length_is_one_of_three_words(every: Any) -> None:
    with pytest.raises(EscalationError, match="every: expected one of 'month', 'quarter', 'week', got"):
        periods(date(2026, 9, 1), date(2026, 10, 1), every)


def test_all_wrong_arguments_are_told_at_once() -> None:
    wrong: Any = ("2026-09-01", datetime(2026, 9, 1), "weak", "Europe/Berlinn")
    with pytest.raises(EscalationError, match=r"did you mean 'week'\?") as raised:
        periods(*wrong)
    assert [fault.where for fault in raised.value.faults] == ["every", "zone", "start", "end"]
    with pytest.raises(EscalationError, match="2 faults"):
        periods(None, 3)  # type: ignore[arg-type]


# a period of one's own


def test_a_period_is_kept_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    one = Period(id="pilot", start=datetime(2026, 9, 7, tzinfo=berlin), end=datetime(2026, 9, 14, tzinfo=berlin))
    assert (one.start, one.start.tzinfo) == (datetime(2026, 9, 6, 22, tzinfo=UTC), UTC)
    assert one == Period(id="pilot", start=one.start, end=one.end)
    assert one != Period(id="other", start=one.start, end=one.end)


def test_an_hour_that_occurs_twice_is_two() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    early, late = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    assert Period(id="hour", start=early, end=late).end.hour == 1
    with pytest.raises(EscalationError, match="expected an instant after the start"):
        Period(id="hour", start=late, end=early)


@pytest.mark.parametrize("end", [NOON, NOON - timedelta(microseconds=1)])
def test_a_period_ends_after_it_starts(end: datetime) -> None:
    with pytest.raises(EscalationError, match="period 'p': end: expected an instant after the start"):
        Period(id="p", start=NOON, end=end)


@pytest.mark.parametrize("wrong", [None, "2026-09-07", 5, date(2026, 9, 7), datetime(2026, 9, 7), float("nan")])
def test_the_ends_are_aware_instants_and_all_faults_are_told(wrong: Any) -> None:
    for own in (None, "", " p", 3):
        with pytest.raises(EscalationError, match="3 faults") as raised:
            Period(id=own, start=wrong, end=wrong)  # type: ignore[arg-type]
        assert [fault.where for fault in raised.value.faults] == ["id", "start", "end"]


def test_the_longest_period() -> None:
    ends = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    assert Period(id="all", start=ends[0], end=ends[1]).end == ends[1]
    with pytest.raises(EscalationError, match="expected a datetime that can be told in UTC"):
        Period(id="all", start=datetime.min.replace(tzinfo=ZoneInfo("Asia/Tokyo")), end=ends[1])


@given(period(), some_periods())
def test_periods_survive_pickle_and_copy(one: Period, several: tuple[Period, ...]) -> None:
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert copy.deepcopy(several) == several
    assert all(earlier.end <= later.start for earlier, later in pairwise(several))
    assert len({own.id for own in several}) == len(several)
