"""Clocks that change: twice, not at all, at midnight, by half an hour, by a whole day, long ago and far ahead."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from leadkit.calendars import NEVER, Interval, WorkCalendar

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DAWN = datetime.min.replace(tzinfo=UTC)
DUSK = datetime.max.replace(tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours_of(zone: str, spans: str, day: str) -> float:
    """How long the windows of one date last, whenever that date is."""
    of_day = WorkCalendar.weekly({}, zone=zone, exceptions={date.fromisoformat(day): spans})
    noon = at(f"{day}T12:00")
    return of_day.elapsed(noon - 3 * DAY, noon + 3 * DAY) / HOUR


@pytest.mark.parametrize(
    ("zone", "day", "spans", "hours"),
    [
        ("Australia/Lord_Howe", "2026-04-05", "00:00-24:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", "00:00-24:00", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", "01:30-02:00", 1.0),
        ("Australia/Lord_Howe", "2026-10-04", "02:00-02:30", 0.0),
        ("Asia/Kathmandu", "2026-04-05", "00:00-24:00", 24.0),
        ("Asia/Kathmandu", "1986-01-01", "00:00-24:00", 23.75),
        ("America/Sao_Paulo", "2018-11-04", "00:00-24:00", 23.0),
        ("America/Sao_Paulo", "2018-02-17", "00:00-24:00", 25.0),
        ("America/Sao_Paulo", "2018-02-17", "22:00-24:00", 3.0),
        ("Africa/Casablanca", "2026-02-15", "00:00-24:00", 25.0),
        ("Africa/Casablanca", "2026-03-22", "00:00-24:00", 23.0),
        ("Europe/Berlin", "1945-05-24", "00:00-24:00", 23.0),
        ("Europe/Berlin", "1893-04-01", "00:00-24:00", 24 - 6 / 60 - 32 / 3600),
        ("America/New_York", "1883-11-18", "00:00-24:00", 24 + 3 / 60 + 58 / 3600),
        ("Pacific/Apia", "2011-12-30", "00:00-24:00", 0.0),
        ("Pacific/Apia", "2011-12-29", "22:00-06:00", 2.0),
        ("Pacific/Apia", "2011-12-30", "22:00-06:00", 6.0),
        ("America/St_Johns", "2010-03-14", "00:00-24:00", 23.0),
        ("America/New_York", "2026-03-08", "02:15-02:45", 0.0),
    ],
)
def test_a_day_lasts_as_long_as_its_clock_says(zone: str, day: str, spans: str, hours: float) -> None:
    assert hours_of(zone, spans, day) == pytest.approx(hours, abs=1e-12)


def test_a_date_that_a_zone_skips_is_no_working_day() -> None:
    apia = WorkCalendar.weekly({"mon-sun": "09:00-17:00"}, zone="Pacific/Apia")
    assert apia.add_days(date(2011, 12, 29), 1) == date(2011, 12, 31)
    assert apia.working_days(date(2011, 12, 29), date(2012, 1, 1)) == 2


def test_a_local_date_that_comes_in_two_pieces_is_explained_in_both() -> None:
    # at 00:01 on the 7th the clock went back to 23:01 on the 6th
    calendar = WorkCalendar.weekly({}, zone="America/St_Johns", holidays=[date(2010, 11, 7)])
    rows = calendar.explain(at("2010-11-07T02:00"), at("2010-11-07T05:00"))
    assert [(f"{row.start:%H:%M}", row.kind) for row in rows] == [
        ("02:00", "closed"),
        ("02:30", "holiday"),
        ("02:31", "closed"),
        ("03:30", "holiday"),
    ]


def test_instants_of_any_zone_and_fold_are_taken_for_what_they_are() -> None:
    zone = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 1, 30, tzinfo=zone)
    always = WorkCalendar.always()
    assert always.elapsed(first, first.replace(fold=1)) == HOUR
    assert always.elapsed(first.astimezone(timezone(5 * HOUR)), first) == timedelta()


def test_years_long_ago_and_far_ahead_are_counted_too() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York")
    # local mean time, 4:56:02 behind Greenwich
    assert desk.intervals(at("1776-07-04T00:00"), at("1776-07-05T00:00")) == (
        Interval(at("1776-07-04T13:56:02"), at("1776-07-04T21:56:02")),
    )
    assert desk.add(at("1969-12-31T23:00"), HOUR) == at("1970-01-01T15:00")
    assert desk.deadline(at("9998-07-01T12:00"), HOUR) == at("9998-07-01T14:00")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_the_first_and_the_last_year_are_whole(zone: str) -> None:
    always = WorkCalendar.always(zone)
    assert always.elapsed(DAWN, DAWN + 400 * DAY) == 400 * DAY
    assert always.elapsed(DUSK - 400 * DAY, DUSK) == 400 * DAY
    assert always.is_open(DAWN)
    assert always.is_open(DUSK)
    assert always.next_close(DUSK - DAY) is NEVER
    assert always.add(DUSK - DAY, DAY) == DUSK
    assert always.add(DUSK - DAY, 2 * DAY) is NEVER
    assert always.add(DUSK - DAY, 2 * DAY, side="start") is NEVER
    assert always.add(DAWN + DAY, -2 * DAY) is NEVER
    assert always.add(DAWN + 400 * DAY, -400 * DAY, side="start") == DAWN
    assert always.add_days(date.max - DAY, 1) == date.max
    assert always.add_days(date.max, 1) is NEVER
    assert always.add_days(date.min, -1) is NEVER
    assert always.deadline(DUSK - DAY, HOUR, pauses=[(DUSK - HOUR, None)]) == DUSK - DAY + HOUR


def test_no_answer_lies_after_the_year_9999() -> None:
    late = WorkCalendar.weekly({"mon-sun": "00:00-24:00"}, zone="UTC")
    before = DUSK - timedelta(microseconds=59_999_999)
    assert late.add(before, MINUTE) is NEVER
    assert late.add_array([before], [MINUTE]).tolist() == [None]


@pytest.mark.parametrize(
    "instant", [datetime.min.replace(tzinfo=timezone(HOUR)), datetime.max.replace(tzinfo=timezone(-HOUR))]
)
def test_instants_outside_the_years_of_utc_are_refused(instant: datetime) -> None:
    with pytest.raises(ValueError, match=r"start: .* lies outside the years 1 to 9999 of UTC"):
        WorkCalendar.always().add(instant, HOUR)


def test_what_is_kept_of_thirty_years_is_small() -> None:
    dense = WorkCalendar.weekly(
        {"mon-sun": "06:00-09:00, 10:00-13:00, 14:00-17:00, 18:00-21:00"}, zone="America/New_York"
    )
    assert dense.elapsed(at("2000-01-01T00:00"), at("2029-12-31T00:00")) == 10957 * 12 * HOUR
    assert 0 < dense._hours.nbytes < 1_000_000


def test_what_would_be_large_is_not_kept_and_still_right() -> None:
    spans = ", ".join(f"{hour:02}:00-{hour:02}:10, {hour:02}:20-{hour:02}:30" for hour in range(24))
    busy = WorkCalendar.weekly({"mon-sun": spans}, zone="UTC")
    start, end = at("2026-01-01T00:00"), at("2036-01-01T00:00")
    assert busy.elapsed(start, end) == (end - start) / 3
    assert busy._hours.nbytes < 1_000_000
    assert busy.elapsed(start, start + DAY) == 8 * HOUR
    assert busy.elapsed(end, end + DAY) == 8 * HOUR
    assert busy.elapsed(at("1999-12-31T12:00"), at("2000-01-01T12:00")) == 8 * HOUR
    assert busy._hours.nbytes < 1_000_000


def test_questions_in_any_order_have_the_same_answers() -> None:
    week = {"mon-fri": "09:00-17:00", "sat": "22:00-06:00"}
    years = (2026, 2020, 2031, 2024, 1950, 2027)
    kept = WorkCalendar.weekly(week, zone="Europe/Berlin")
    for year in years:
        fresh = WorkCalendar.weekly(week, zone="Europe/Berlin")
        start = at(f"{year}-12-20T10:00")
        for work in (300 * HOUR, -300 * HOUR):
            assert kept.add(start, work) == fresh.add(start, work)
        assert kept.intervals(start, start + 30 * DAY) == fresh.intervals(start, start + 30 * DAY)


def test_threads_may_share_a_calendar() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
    found: dict[int, timedelta] = {}

    def ask(year: int) -> None:
        found[year] = desk.elapsed(at(f"{year}-01-01T00:00"), at(f"{year + 1}-01-01T00:00"))

    threads = [threading.Thread(target=ask, args=(year,)) for year in range(2000, 2016)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fresh = desk.with_(name="fresh")
    assert found == {
        year: fresh.elapsed(at(f"{year}-01-01T00:00"), at(f"{year + 1}-01-01T00:00")) for year in range(2000, 2016)
    }
