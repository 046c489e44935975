"""Laws of working time, on calendars and instants that hypothesis draws."""

from __future__ import annotations

import json
import pickle
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit.calendars import DayException, Never, Window, WorkCalendar, overlap
from leadkit.testing import calendars, instants, window

WEEK = timedelta(days=7)
FEW = settings(max_examples=25)
AMOUNTS = st.integers(0, 4000).map(lambda minutes: timedelta(minutes=minutes)) | st.just(timedelta(microseconds=1))
SIGNED = AMOUNTS | AMOUNTS.map(lambda amount: -amount)
PAUSES = st.lists(st.tuples(instants(), instants() | st.none()), max_size=3).map(
    lambda pairs: [(start, end if end is None else max(start, end)) for start, end in pairs]
)
SIDES: st.SearchStrategy[Literal["finish", "start"]] = st.sampled_from(("finish", "start"))


@FEW
@given(calendars(), instants(), instants(), instants())
def test_elapsed_time_adds_up(calendar: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    assert calendar.elapsed(a, b) == -calendar.elapsed(b, a)


@FEW
@given(calendars(), instants(), instants(), PAUSES)
def test_elapsed_time_is_not_negative_and_at_most_all_time(
    calendar: WorkCalendar, a: datetime, b: datetime, pauses: list[tuple[datetime, datetime | None]]
) -> None:
    low, high = min(a, b), max(a, b)
    assert timedelta() <= calendar.elapsed(low, high, pauses=pauses) <= calendar.elapsed(low, high) <= high - low
    assert WorkCalendar.always().elapsed(low, high) == high - low


@FEW
@given(calendars(), instants(), SIGNED, SIDES)
def test_add_and_elapsed_are_inverse(
    calendar: WorkCalendar, start: datetime, work: timedelta, side: Literal["finish", "start"]
) -> None:
    end = calendar.add(start, work, side=side)
    assume(not isinstance(end, Never))
    assert not isinstance(end, Never)
    assert calendar.elapsed(start, end) == work


@FEW
@given(calendars(), instants(), AMOUNTS, PAUSES, SIDES)
def test_add_and_elapsed_are_inverse_with_pauses(
    calendar: WorkCalendar,
    start: datetime,
    work: timedelta,
    pauses: list[tuple[datetime, datetime | None]],
    side: Literal["finish", "start"],
) -> None:
    end = calendar.add(start, work, side=side, pauses=pauses)
    if not isinstance(end, Never):
        assert calendar.elapsed(start, end, pauses=pauses) == work
        assert not calendar.intervals(start, end, pauses=pauses) or work


@FEW
@given(calendars(), instants(), AMOUNTS, AMOUNTS, SIDES)
def test_work_may_be_added_in_parts(
    calendar: WorkCalendar, start: datetime, a: timedelta, b: timedelta, side: Literal["finish", "start"]
) -> None:
    part, whole = calendar.add(start, a, side=side), calendar.add(start, a + b, side=side)
    if not isinstance(part, Never) and not isinstance(whole, Never):
        assert calendar.add(part, b, side=side) == whole


@FEW
@given(calendars(), instants(), SIGNED, PAUSES)
def test_a_finish_is_never_after_the_start_of_what_follows(
    calendar: WorkCalendar, start: datetime, work: timedelta, pauses: list[tuple[datetime, datetime | None]]
) -> None:
    given_pauses = pauses if work >= timedelta() else []
    finish = calendar.add(start, work, pauses=given_pauses)
    follows = calendar.add(start, work, side="start", pauses=given_pauses)
    # what lies before the start has the finish farther away, so that it may be beyond the horizon alone
    assert finish <= follows or (work < timedelta() and isinstance(finish, Never))


@FEW
@given(calendars(), instants(), AMOUNTS, AMOUNTS, PAUSES)
def test_a_longer_budget_is_never_due_earlier(
    calendar: WorkCalendar,
    start: datetime,
    a: timedelta,
    b: timedelta,
    pauses: list[tuple[datetime, datetime | None]],
) -> None:
    assert calendar.deadline(start, a, pauses=pauses) <= calendar.deadline(start, a + b, pauses=pauses)


@FEW
@given(calendars(), instants(), AMOUNTS, window(), instants(), instants())
def test_more_hours_are_never_due_later_and_fewer_never_earlier(
    calendar: WorkCalendar, start: datetime, budget: timedelta, more: Window, a: datetime, b: datetime
) -> None:
    due = calendar.deadline(start, budget)
    assert calendar.with_(windows=[*calendar.windows, more]).deadline(start, budget) <= due
    low, high = min(a, b), max(a, b) + timedelta(minutes=1)
    assert calendar.with_(closures=[*calendar.closures, (low, high)]).deadline(start, budget) >= due
    assert calendar.deadline(start, budget, pauses=[(low, high)]) >= due
    assert calendar.with_(holidays=[*calendar.holidays, a.date()]).deadline(start, budget) >= due


@FEW
@given(calendars(), instants(), AMOUNTS, instants())
def test_a_pause_in_closed_time_changes_nothing(
    calendar: WorkCalendar, start: datetime, budget: timedelta, at: datetime
) -> None:
    assume(not calendar.is_open(at))
    opens = calendar.next_open(at)
    end = at + WEEK if isinstance(opens, Never) else opens
    assert calendar.deadline(start, budget, pauses=[(at, end)]) == calendar.deadline(start, budget)
    assert calendar.elapsed(start, start + WEEK, pauses=[(at, end)]) == calendar.elapsed(start, start + WEEK)


@FEW
@given(calendars(), instants(), instants(), PAUSES)
def test_intervals_and_explanations_add_up_to_what_elapsed(
    calendar: WorkCalendar, a: datetime, b: datetime, pauses: list[tuple[datetime, datetime | None]]
) -> None:
    low, high = min(a, b), max(a, b)
    worked = calendar.elapsed(low, high, pauses=pauses)
    spans = calendar.intervals(low, high, pauses=pauses)
    rows = calendar.explain(low, high, pauses=pauses)
    assert sum((span.length for span in spans), timedelta()) == worked
    assert all(one.end < other.start for one, other in pairwise(spans))
    assert (rows[-1].total if rows else timedelta()) == worked
    assert [low, *(row.end for row in rows)] == [*(row.start for row in rows), high]
    assert all((a.kind, a.reason) != (b.kind, b.reason) for a, b in pairwise(rows))
    assert all(row.counted == (row.end - row.start if row.kind == "open" else timedelta()) for row in rows)


@FEW
@given(calendars(), st.lists(st.tuples(instants(), instants(), SIGNED), max_size=5), SIDES)
def test_arrays_equal_the_scalar_methods(
    calendar: WorkCalendar, rows: list[tuple[datetime, datetime, timedelta]], side: Literal["finish", "start"]
) -> None:
    starts, ends, work = [a for a, _, _ in rows], [b for _, b, _ in rows], [amount for _, _, amount in rows]
    assert calendar.elapsed_array(starts, ends).tolist() == [calendar.elapsed(a, b) for a, b, _ in rows]
    added = [calendar.add(a, amount, side=side) for a, _, amount in rows]
    expected = [None if isinstance(end, Never) else end.replace(tzinfo=None) for end in added]
    assert calendar.add_array(starts, work, side=side).tolist() == expected


@FEW
@given(calendars(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(calendar: WorkCalendar, random: object) -> None:
    parts = {}
    for name in ("windows", "holidays", "exceptions", "closures"):
        values = [*getattr(calendar, name), *getattr(calendar, name)]
        random.shuffle(values)  # type: ignore[attr-defined]
        parts[name] = values
    other = calendar.with_(**parts)
    assert other == calendar
    assert hash(other) == hash(calendar)
    assert repr(other) == repr(calendar)


@FEW
@given(calendars(), instants())
def test_plain_data_and_pickles_come_back_as_they_were(calendar: WorkCalendar, at: datetime) -> None:
    before = pickle.dumps(calendar)
    data = calendar.to_dict()
    assert WorkCalendar.from_dict(json.loads(json.dumps(data, allow_nan=False))) == calendar
    worked = calendar.elapsed(at, at + WEEK)
    again = pickle.loads(pickle.dumps(calendar))  # noqa: S301 - our own bytes
    assert again == calendar
    assert again.elapsed(at, at + WEEK) == worked
    assert pickle.dumps(calendar) == before
    assert calendar.to_dict() == data


@FEW
@given(st.lists(calendars(), min_size=1, max_size=3), instants(), instants())
def test_an_overlap_is_open_time_of_all(given_calendars: list[WorkCalendar], a: datetime, b: datetime) -> None:
    low, high = min(a, b), max(a, b)
    first, *others = given_calendars
    assert overlap([first], low, high) == first.intervals(low, high)
    together = overlap(given_calendars, low, high)
    assert together == overlap(reversed(given_calendars), low, high)
    for span in together:
        assert all(calendar.elapsed(span.start, span.end) == span.length for calendar in given_calendars)
    shut = [(row.start, row.end) for other in others for row in other.explain(low, high) if row.kind != "open"]
    assert together == first.intervals(low, high, pauses=shut)


@FEW
@given(calendars(zone="UTC", holidays=False), instants(), instants(), SIGNED, st.integers(-60, 60))
def test_in_utc_whole_weeks_make_no_difference(
    calendar: WorkCalendar, a: datetime, b: datetime, work: timedelta, weeks: int
) -> None:
    by = weeks * WEEK
    assert calendar.elapsed(a + by, b + by) == calendar.elapsed(a, b)
    end = calendar.add(a, work)
    assert calendar.add(a + by, work) == (end if isinstance(end, Never) else end + by)


@FEW
@given(calendars(), instants(), st.integers(-30, 30))
def test_the_nth_working_day_has_as_many_between(calendar: WorkCalendar, at: datetime, n: int) -> None:
    day = at.date()
    found = calendar.add_days(day, n)
    if isinstance(found, Never):
        return
    one = timedelta(days=1)
    assert n == 0 or calendar.working_days(found, found + one) == 1
    expected = n if n <= 0 else n + calendar.working_days(day, day + one)
    assert calendar.working_days(day, found + one if n > 0 else found) == expected
    assert calendar.working_days(day, found) == -calendar.working_days(found, day)


@FEW
@given(calendars(), instants())
def test_an_exception_with_the_spans_of_its_weekday_changes_nothing(calendar: WorkCalendar, at: datetime) -> None:
    day = at.date()
    spans = tuple((w.opens, w.closes) for w in calendar.windows if w.weekday == day.weekday())
    plain = calendar.with_(holidays=[], exceptions=[])
    same = plain.with_(exceptions=[DayException(day, spans)])
    assert same.intervals(at - WEEK, at + WEEK) == plain.intervals(at - WEEK, at + WEEK)
