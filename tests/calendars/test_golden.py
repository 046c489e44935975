"""The reference answers: 376 cases of a walk over minutes, and the table of cases worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit.calendars import NEVER, Interval, Never, WorkCalendar, public_holidays

PATH = Path(__file__).parent.parent / "golden" / "calendars" / "cases.json"
CASES = json.loads(PATH.read_text(encoding="utf-8"))["cases"]
HOUR = timedelta(hours=1)
NEW_YORK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York")
NIGHTS = WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="America/New_York")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local(text: str, calendar: WorkCalendar = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.tz)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_case_of_the_walk_over_minutes(case: dict[str, Any]) -> None:
    calendar = WorkCalendar.from_dict(case["calendar"])
    start = instant(case["start"])
    pauses = [(instant(pause), None if end is None else instant(end)) for pause, end in case["pauses"]]
    if case["op"] == "elapsed":
        assert calendar.elapsed(start, instant(case["end"]), pauses=pauses) == timedelta(minutes=case["want"])
        return
    want = NEVER if case["want"] is None else instant(case["want"])
    work = timedelta(minutes=case["work_minutes"])
    if case["op"] == "deadline":
        assert calendar.deadline(start, work, pauses=pauses) == want
    else:
        assert calendar.add(start, work, side=case["side"], pauses=pauses) == want
    if not pauses:
        found = calendar.add_array([start], [work], side=case.get("side", "finish"))
        expected = np.datetime64("NaT") if want is NEVER else np.datetime64(case["want"].removesuffix("+00:00"))
        assert np.array_equal(found, np.array([expected], dtype="M8[us]"), equal_nan=True)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-06T16:00", 4, "2026-03-09T12:00"),
        ("2026-03-02T13:00", 4, "2026-03-02T17:00"),
        ("2026-03-14T10:00", 1, "2026-03-16T10:00"),
    ],
)
def test_deadlines_of_a_desk_in_new_york(start: str, hours: int, due: str) -> None:
    assert NEW_YORK.deadline(local(start), hours * HOUR) == local(due)


def test_the_change_of_clocks_on_sunday_moves_nothing_on_monday() -> None:
    due = NEW_YORK.deadline(local("2026-03-06T16:00"), 4 * HOUR)
    assert due == datetime(2026, 3, 9, 16, tzinfo=UTC)


def test_a_holiday_is_left_out() -> None:
    desk = NEW_YORK.with_(holidays=[date(2026, 7, 3)])
    assert desk.deadline(local("2026-07-02T16:00"), 2 * HOUR) == local("2026-07-06T10:00")


def test_what_follows_work_that_ends_at_closing_time_starts_at_the_next_opening() -> None:
    assert NEW_YORK.add(local("2026-03-02T13:00"), 4 * HOUR, side="start") == local("2026-03-03T09:00")


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        (("2026-03-02T11:00", "2026-03-02T15:00"), "2026-03-02T17:00"),
        (("2026-02-28T00:00", "2026-03-02T00:00"), "2026-03-02T13:00"),
        (("2026-03-07T00:00", "2026-03-09T00:00"), "2026-03-02T13:00"),
    ],
)
def test_a_pause_costs_the_open_time_that_it_covers(pause: tuple[str, str], due: str) -> None:
    pauses = [(local(pause[0]), local(pause[1]))]
    assert NEW_YORK.deadline(local("2026-03-02T09:00"), 4 * HOUR, pauses=pauses) == local(due)


@pytest.mark.parametrize(("night", "hours"), [("2026-03-07", 7), ("2026-10-31", 9), ("2026-05-05", 8)])
def test_a_night_lasts_as_long_as_the_clocks_let_it(night: str, hours: int) -> None:
    start = local(f"{night}T22:00")
    end = (start + timedelta(days=1)).replace(hour=6)
    assert NIGHTS.elapsed(start, end) == hours * HOUR


def test_a_warning_one_working_hour_before_a_deadline() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "08:00-18:00"}, zone="UTC")
    due = desk.deadline(datetime(2026, 3, 2, 17, tzinfo=UTC), 4 * HOUR)
    assert due == datetime(2026, 3, 3, 11, tzinfo=UTC)
    assert not isinstance(due, Never)
    assert desk.add(due, -HOUR) == datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spans", "day", "start", "end"),
    [
        ("01:00-01:30", "2026-11-01", "05:00", "06:30"),
        ("01:30-02:30", "2026-03-08", "06:30", "07:00"),
    ],
)
def test_edges_that_occur_twice_or_not_at_all(spans: str, day: str, start: str, end: str) -> None:
    desk = WorkCalendar.weekly({"mon-sun": spans}, zone="America/New_York")
    found = desk.intervals(instant(f"{day}T00:00Z"), instant(f"{day}T12:00Z"))
    assert found == (Interval(instant(f"{day}T{start}Z"), instant(f"{day}T{end}Z")),)


def test_five_working_days_after_a_sunday_before_christmas_in_france() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Paris", holidays=public_holidays("FR", 2012))
    assert desk.add_days(date(2012, 12, 23), 5) == date(2012, 12, 31)


def test_a_calendar_without_windows_never_opens() -> None:
    shut = WorkCalendar([])
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert shut.deadline(start, HOUR) is NEVER
    assert shut.next_open(start) is NEVER
    assert shut.next_close(start) is NEVER
    assert shut.elapsed(start, start + 1000 * HOUR) == timedelta()


def test_the_file_of_cases_is_the_one_of_the_reference_collection(golden: Callable[[str], Any]) -> None:
    assert len(golden("calendars/cases.json")["cases"]) == 376
