"""What a calendar answers: edges, sides, pauses, horizons, days, explanations, overlaps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from attrs import frozen

from leadkit._results import Result
from leadkit.calendars import (
    NEVER,
    DayException,
    Interval,
    Never,
    Window,
    WorkCalendar,
    overlap,
    public_holidays,
)
from leadkit.errors import CalendarError

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DESK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
ONCE = WorkCalendar([], exceptions=[DayException(date(2026, 3, 2), ((540, 600),))])
# what a type checker would refuse
LOOSE: Any = DESK
FIVE: Any = 5


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_window_is_open_at_its_first_instant_and_not_at_its_last() -> None:
    opens, closes = MONDAY + 9 * HOUR, MONDAY + 17 * HOUR
    assert [DESK.is_open(t) for t in (opens - TICK, opens, closes - TICK, closes)] == [False, True, True, False]


def test_the_next_opening_and_the_next_closing_lie_after_the_instant() -> None:
    opens, closes = MONDAY + 9 * HOUR, MONDAY + 17 * HOUR
    assert DESK.next_open(opens - TICK) == opens
    assert DESK.next_open(opens) == opens + DAY
    assert DESK.next_close(opens - TICK) == closes
    assert DESK.next_close(closes - TICK) == closes
    assert DESK.next_close(closes) == closes + DAY


def test_windows_that_touch_or_overlap_are_one() -> None:
    split = WorkCalendar.weekly({"mon": "09:00-12:00, 12:00-15:00, 14:00-17:00", "tue": "00:00-01:00"}, zone="UTC")
    assert split.next_close(MONDAY) == MONDAY + 17 * HOUR
    assert split.intervals(MONDAY, MONDAY + DAY) == (Interval(MONDAY + 9 * HOUR, MONDAY + 17 * HOUR),)


def test_open_time_goes_on_over_midnight_on_new_year() -> None:
    nights = WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="UTC")
    late = at("2026-12-31T23:00")
    assert nights.next_close(late) == at("2027-01-01T06:00")
    assert nights.next_open(late) == at("2027-01-01T22:00")
    assert nights.add(late, 2 * HOUR) == at("2027-01-01T01:00")
    assert nights.add(late, HOUR, side="start") == at("2027-01-01T00:00")
    assert nights.intervals(late, at("2027-01-01T12:00")) == (Interval(late, at("2027-01-01T06:00")),)
    assert WorkCalendar.always().intervals(MONDAY, MONDAY + 1000 * DAY) == (Interval(MONDAY, MONDAY + 1000 * DAY),)


def test_a_holiday_removes_the_windows_that_open_on_it_and_no_other() -> None:
    nights = WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="UTC", holidays=[date(2026, 3, 7)])
    friday = at("2026-03-06T12:00")
    assert nights.elapsed(friday, friday + DAY) == 8 * HOUR
    assert nights.next_open(friday + DAY) == at("2026-03-08T22:00")


def test_an_exception_on_a_holiday_wins_and_a_closure_wins_over_both() -> None:
    day = date(2026, 3, 2)
    special = DESK.with_(holidays=[day], exceptions=[DayException(day, ((600, 720),))])
    assert special.intervals(MONDAY, MONDAY + DAY) == (Interval(MONDAY + 10 * HOUR, MONDAY + 12 * HOUR),)
    shut = special.with_(closures=[(MONDAY + 11 * HOUR, MONDAY + 30 * HOUR)])
    assert shut.intervals(MONDAY, MONDAY + DAY) == (Interval(MONDAY + 10 * HOUR, MONDAY + 11 * HOUR),)


def test_no_work_finishes_where_it_starts_and_starts_at_the_next_opening() -> None:
    assert DESK.add(MONDAY, 0 * HOUR) == MONDAY
    assert DESK.deadline(MONDAY, 0 * HOUR) == MONDAY
    assert DESK.add(MONDAY, 0 * HOUR, side="start") == MONDAY + 9 * HOUR
    assert DESK.add(MONDAY + 10 * HOUR, 0 * HOUR, side="start") == MONDAY + 10 * HOUR


def test_work_may_go_back_to_either_side_of_a_night() -> None:
    tuesday = MONDAY + DAY + 10 * HOUR
    assert DESK.add(tuesday, -HOUR) == MONDAY + 17 * HOUR
    assert DESK.add(tuesday, -HOUR, side="start") == MONDAY + DAY + 9 * HOUR
    assert DESK.add(at("2026-01-01T10:00"), -9 * HOUR) == at("2025-12-31T09:00") - DAY + 8 * HOUR
    assert ONCE.add(tuesday, -HOUR) is NEVER
    assert ONCE.add(tuesday, -HOUR, side="start") == MONDAY + 9 * HOUR
    assert ONCE.add(tuesday, -2 * HOUR, side="start") is NEVER


def test_what_opens_no_more_gives_never() -> None:
    assert ONCE.add(MONDAY, HOUR) == MONDAY + 10 * HOUR
    assert ONCE.add(MONDAY, HOUR, side="start") is NEVER
    assert ONCE.add(MONDAY, HOUR + TICK) is NEVER
    assert ONCE.next_open(MONDAY + 9 * HOUR) is NEVER
    assert ONCE.next_close(MONDAY + 10 * HOUR) is NEVER
    assert ONCE.add_days(date(2026, 3, 1), 1) == date(2026, 3, 2)
    assert ONCE.add_days(date(2026, 3, 2), 1) is NEVER
    assert ONCE.add_days(date(2026, 3, 2), -1) is NEVER


def test_an_answer_may_lie_at_the_horizon_and_not_beyond() -> None:
    near = DESK.with_(horizon_days=3)
    friday = at("2026-03-06T17:00")
    assert near.next_open(friday) == at("2026-03-09T09:00")
    assert near.add(friday, HOUR) == at("2026-03-09T10:00")
    assert near.add(friday, 8 * HOUR) == friday + 3 * DAY
    assert near.add(friday, 8 * HOUR + TICK) is NEVER
    assert near.add(friday, 8 * HOUR, side="start") is NEVER
    assert near.with_(horizon_days=2).next_open(friday) is NEVER
    assert near.with_(horizon_days=2).next_close(friday) is NEVER
    assert near.add(friday + 3 * DAY, -8 * HOUR - TICK) is NEVER
    assert near.add_days(date(2026, 3, 6), 1) == date(2026, 3, 9)
    assert near.add_days(date(2026, 3, 6), 2) is NEVER
    assert near.add(friday, timedelta.max) is near.add(friday, timedelta.min) is NEVER
    assert near.with_(horizon_days=10**12).add(friday, HOUR) == at("2026-03-09T10:00")


def test_answers_come_back_in_utc() -> None:
    berlin = DESK.with_(zone="Europe/Berlin")
    due = berlin.deadline(MONDAY.astimezone(berlin.tz), HOUR)
    assert not isinstance(due, Never)
    assert due.tzinfo is UTC
    assert due.astimezone(berlin.tz).hour == 10


def test_pauses_are_united_before_they_count() -> None:
    start = MONDAY + 9 * HOUR
    pauses = [(start + HOUR, start + 3 * HOUR), (start + 2 * HOUR, start + 4 * HOUR), (start, start)]
    assert DESK.deadline(start, 4 * HOUR, pauses=iter(pauses)) == start + 7 * HOUR
    assert DESK.elapsed(start, start + 8 * HOUR, pauses=pauses) == 5 * HOUR
    assert DESK.elapsed(start + 8 * HOUR, start, pauses=pauses) == -5 * HOUR


def test_work_that_is_used_up_where_a_pause_begins_finishes_there_and_starts_after_it() -> None:
    start = MONDAY + 9 * HOUR
    pauses = [(start + HOUR, start + 3 * HOUR)]
    assert DESK.add(start, HOUR, pauses=pauses) == start + HOUR
    assert DESK.add(start, HOUR, side="start", pauses=pauses) == start + 3 * HOUR
    assert DESK.add(start, HOUR / 2, side="start", pauses=pauses) == start + HOUR / 2
    assert DESK.add(start + HOUR, 0 * HOUR, side="start", pauses=pauses) == start + 3 * HOUR


def test_a_pause_that_lasts_ends_what_it_covers_only() -> None:
    start = MONDAY + 9 * HOUR
    pauses = [(start + 4 * HOUR, None)]
    assert DESK.deadline(start, 4 * HOUR, pauses=pauses) == start + 4 * HOUR
    assert DESK.deadline(start, 4 * HOUR + TICK, pauses=pauses) is NEVER
    assert DESK.elapsed(start, start + 1000 * HOUR, pauses=pauses) == 4 * HOUR
    assert DESK.deadline(start, HOUR, pauses=[(start + 9000 * DAY, None)]) == start + HOUR


def test_a_pause_longer_than_the_horizon_gives_never() -> None:
    start = MONDAY + 9 * HOUR
    assert DESK.with_(horizon_days=5).deadline(start, HOUR, pauses=[(start, start + 6 * DAY)]) is NEVER


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda t: LOOSE.is_open(t.replace(tzinfo=None)), ValueError, r"^t: 2026-03-02T00:00:00 has no time zone"),
        (lambda t: LOOSE.next_open(t.replace(tzinfo=None)), ValueError, "^t: "),
        (lambda t: LOOSE.elapsed(t.replace(tzinfo=None), t), ValueError, "^start: "),
        (lambda t: LOOSE.elapsed(t, t.replace(tzinfo=None)), ValueError, "^end: "),
        (lambda t: LOOSE.add(t.replace(tzinfo=None), HOUR), ValueError, "^start: "),
        (lambda t: LOOSE.elapsed(t, t, pauses=[(t, t.replace(tzinfo=None))]), ValueError, r"^end of pauses\[0\]: "),
        (
            lambda t: LOOSE.elapsed(t, t, pauses=[(t.replace(tzinfo=None), None)]),
            ValueError,
            r"^start of pauses\[0\]: ",
        ),
        (lambda t: LOOSE.elapsed(t, t, pauses=[(t + HOUR, t)]), ValueError, r"^pauses\[0\]: ends before it starts"),
        (lambda t: LOOSE.elapsed(t, t, pauses=[t]), TypeError, r"^pauses\[0\]: expected a pair"),
        (lambda t: LOOSE.is_open(t.date()), TypeError, "^t: expected an aware datetime, got datetime.date"),
        (lambda _: LOOSE.add(NEVER, HOUR), TypeError, "^start: expected an aware datetime, got NEVER"),
        (lambda t: LOOSE.add(t, 3600), TypeError, "^work: expected a timedelta, got 3600"),
        (lambda t: LOOSE.add(t, HOUR, side="end"), ValueError, "^side: expected one of 'finish', 'start', got 'end'"),
        (lambda t: LOOSE.add(t, -HOUR, pauses=[(t, None)]), ValueError, "^work: .* is negative"),
        (lambda t: LOOSE.deadline(t, -HOUR), ValueError, "^budget: .* is negative"),
        (lambda t: LOOSE.deadline(t, 5), TypeError, "^budget: expected a timedelta, got 5"),
        (lambda t: LOOSE.intervals(t, t - TICK), ValueError, "^end: .* lies before the start"),
        (lambda t: LOOSE.explain(t, t - TICK), ValueError, "^end: .* lies before the start"),
        (lambda t: LOOSE.add_days(t, 1), TypeError, "^day: expected a date, got datetime.datetime"),
        (lambda t: LOOSE.add_days(t.date(), 1.5), TypeError, "^n: expected a whole number, got 1.5"),
        (lambda t: LOOSE.working_days("x", t.date()), TypeError, "^start: expected a date, got 'x'"),
        (lambda t: LOOSE.working_days(t.date(), t), TypeError, "^end: expected a date"),
        (lambda t: overlap([], t, t), ValueError, "^calendars: expected at least one"),
        (lambda t: overlap([LOOSE, FIVE], t, t), TypeError, r"^calendars\[1\]: expected a WorkCalendar, got 5"),
        (lambda t: overlap([DESK], t, t - TICK), ValueError, "^end: .* lies before the start"),
    ],
)
def test_bad_questions_are_refused_with_the_argument_named(
    ask: Callable[[datetime], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        ask(MONDAY)


def test_working_days_are_counted_from_the_first_date_on_and_without_the_last() -> None:
    assert DESK.working_days(date(2026, 3, 2), date(2026, 3, 9)) == 5
    assert DESK.working_days(date(2026, 3, 9), date(2026, 3, 2)) == -5
    assert DESK.working_days(date(2026, 3, 6), date(2026, 3, 7)) == 1
    assert DESK.working_days(date(2026, 3, 7), date(2026, 3, 7)) == 0


def test_the_nth_working_day_is_counted_from_the_day_after_or_before() -> None:
    friday = date(2026, 3, 6)
    assert [DESK.add_days(friday, n) for n in (0, 1, 5, -1, -5)] == [
        friday,
        date(2026, 3, 9),
        date(2026, 3, 13),
        date(2026, 3, 5),
        date(2026, 2, 27),
    ]
    assert DESK.add_days(date(2026, 3, 7), -1) == friday
    assert DESK.add_days(friday, 1000) == date(2030, 1, 4)
    assert DESK.add_days(date(2030, 1, 4), -1000) == friday


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    nights = WorkCalendar.weekly({"fri": "22:00-06:00"}, zone="UTC")
    assert nights.working_days(date(2026, 3, 6), date(2026, 3, 7)) == 1
    assert nights.working_days(date(2026, 3, 7), date(2026, 3, 13)) == 0


def test_a_day_that_a_closure_takes_whole_is_no_working_day() -> None:
    leave = DESK.with_(closures=[(MONDAY, MONDAY + 2 * DAY), (MONDAY + 2 * DAY, MONDAY + 2 * DAY + 10 * HOUR)])
    assert leave.add_days(date(2026, 3, 1), 1) == date(2026, 3, 4)
    assert leave.working_days(date(2026, 3, 2), date(2026, 3, 9)) == 3


def test_an_explanation_names_why_time_does_not_count() -> None:
    desk = DESK.with_(
        holidays=[date(2026, 3, 3), date(2026, 3, 4)],
        exceptions=[DayException(date(2026, 3, 5), ((600, 720),))],
        closures=[(at("2026-03-05T11:00"), at("2026-03-05T11:30")), (at("2026-03-05T11:20"), at("2026-03-05T11:40"))],
    )
    pauses = [(at("2026-03-05T11:35"), at("2026-03-05T12:30")), (at("2026-03-06T08:00"), None)]
    rows = desk.explain(at("2026-03-02T16:00"), at("2026-03-06T10:00"), pauses=pauses)
    shown = [(f"{row.start:%d %H:%M}", row.kind, row.counted, row.total, row.reason) for row in rows]
    none, two = timedelta(), 2 * HOUR
    assert shown == [
        ("02 16:00", "open", HOUR, HOUR, "open"),
        ("02 17:00", "closed", none, HOUR, "outside hours"),
        ("03 00:00", "holiday", none, HOUR, "2026-03-03"),
        ("04 00:00", "holiday", none, HOUR, "2026-03-04"),
        ("05 00:00", "exception", none, HOUR, "2026-03-05"),
        ("05 10:00", "open", HOUR, two, "open"),
        ("05 11:00", "closure", none, two, "2026-03-05T11:00:00+00:00/2026-03-05T11:40:00+00:00"),
        ("05 11:35", "pause", none, two, "2026-03-05T11:35:00+00:00/2026-03-05T12:30:00+00:00"),
        ("05 12:30", "exception", none, two, "2026-03-05"),
        ("06 00:00", "closed", none, two, "outside hours"),
        ("06 08:00", "pause", none, two, "2026-03-06T08:00:00+00:00/.."),
    ]
    assert rows[-1].end == at("2026-03-06T10:00")
    assert desk.explain(MONDAY, MONDAY) == ()


def test_a_holiday_explains_its_own_date_and_not_the_morning_that_its_night_would_have_had() -> None:
    nights = WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="America/New_York", holidays=[date(2026, 3, 6)])
    midnight = at("2026-03-06T05:00")
    rows = nights.explain(midnight, midnight + 2 * DAY)
    hours = [(row.kind, (row.end - row.start) / HOUR) for row in rows]
    assert hours == [("open", 6), ("holiday", 18), ("closed", 22), ("open", 2)]


def test_an_exception_wins_over_a_holiday_in_explanations_too() -> None:
    day = date(2026, 3, 2)
    both = DESK.with_(holidays=[day], exceptions=[DayException(day, ())])
    assert [row.kind for row in both.explain(MONDAY, MONDAY + DAY)] == ["exception"]


def test_an_overlap_of_zones_is_the_time_that_all_share() -> None:
    week = {"mon-fri": "09:00-17:00"}
    offices = [WorkCalendar.weekly(week, zone=zone) for zone in ("Europe/Berlin", "America/New_York", "UTC")]
    assert overlap(offices, MONDAY, MONDAY + DAY) == (Interval(MONDAY + 14 * HOUR, MONDAY + 16 * HOUR),)
    assert overlap([*offices, WorkCalendar([])], MONDAY, MONDAY + DAY) == ()
    assert overlap([WorkCalendar([]), *offices], MONDAY, MONDAY + DAY) == ()


def test_never_is_null_in_the_plain_data_of_a_result() -> None:
    @frozen(kw_only=True, eq=False)
    class Due(Result):
        due: datetime | Never
        others: tuple[datetime | Never, ...]

    assert Due(due=NEVER, others=(MONDAY, NEVER)).to_dict() == {
        "due": None,
        "others": ["2026-03-02T00:00:00+00:00", None],
    }


def test_public_holidays_are_dates_within_the_years() -> None:
    assert public_holidays("FR", 2012)[-1] == date(2012, 12, 25)
    bavaria = public_holidays("DE", [2026, 2025], subdivision="BY")
    assert date(2026, 1, 6) in bavaria
    assert date(2026, 1, 6) not in public_holidays("DE", 2026)
    assert bavaria == tuple(sorted(bavaria))
    assert {day.year for day in bavaria} == {2025, 2026}
    assert date(2026, 7, 3) in public_holidays("US", 2026)
    assert date(2026, 7, 3) not in public_holidays("US", 2026, observed=False)


@pytest.mark.parametrize(
    ("country", "years", "subdivision", "words"),
    [
        ("XX", 2026, None, "XX"),
        ("DE", 2026, "QQ", "QQ"),
        ("DE", 0, None, "years: expected years from 1 to 9999, got 0"),
        ("DE", [2026, True], None, "years: expected years from 1 to 9999, got True"),
        ("DE", ["2026"], None, "years: expected years from 1 to 9999, got '2026'"),
    ],
)
def test_unknown_countries_and_years_are_refused(country: str, years: Any, subdivision: str | None, words: str) -> None:
    with pytest.raises(CalendarError, match=words):
        public_holidays(country, years, subdivision=subdivision)


def test_without_the_package_holidays_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ImportError, match=r"needs holidays: pip install 'leadkit\[calendars\]'"):
        public_holidays("FR", 2012)


@pytest.mark.parametrize("side", ["finish", "start"])
def test_a_calendar_of_one_window_a_week_answers_exactly(side: Literal["finish", "start"]) -> None:
    weekly = WorkCalendar([Window(0, 540, 541)])
    found = weekly.add(MONDAY, timedelta(minutes=520), side=side)
    last = MONDAY + 519 * 7 * DAY + 9 * HOUR + timedelta(minutes=1)
    assert found == (last if side == "finish" else last + 7 * DAY - timedelta(minutes=1))
