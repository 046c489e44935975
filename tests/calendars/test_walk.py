"""A second way: windows found by walking over minutes of UTC and asking what local clocks show, with plain integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import NEVER, WorkCalendar
from leadkit.testing import calendars, instants

Span: TypeAlias = tuple[datetime, datetime]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STRETCHES = st.integers(0, 3 * 1440).map(lambda minutes: minutes * MINUTE)
FEW = settings(max_examples=25)


def windows_of(calendar: WorkCalendar, low: datetime, high: datetime) -> list[Span]:
    """Every window that opens on a date near the stretch, as instants."""
    first = low.replace(hour=0, minute=0, second=0, microsecond=0) - 4 * DAY
    minutes = [first + place * MINUTE for place in range(int((high - first) / MINUTE) + 4 * 1440)]
    shown = [at.astimezone(calendar.tz).replace(tzinfo=None) for at in minutes]
    exceptions = {change.day: change.spans for change in calendar.exceptions}
    spans = []
    for place in range(1, int((high - first) / DAY) + 2):
        day = (first + place * DAY).date()
        midnight = datetime.combine(day, datetime.min.time())
        if day in exceptions:
            hours: Iterable[tuple[int, int]] = exceptions[day]
        elif day in calendar.holidays:
            hours = ()
        else:
            hours = [(window.opens, window.closes) for window in calendar.windows if window.weekday == day.weekday()]
        for opens, closes in hours:
            opening = next(i for i, local in enumerate(shown) if local >= midnight + opens * MINUTE)
            last = next(i for i in reversed(range(len(shown))) if shown[i] < midnight + closes * MINUTE)
            spans.append((minutes[opening], minutes[last] + MINUTE))
    return spans


def inside(spans: Sequence[Span], at: datetime) -> bool:
    return any(start <= at < end for start, end in spans)


def counted(calendar: WorkCalendar, low: datetime, high: datetime, pauses: Sequence[Span]) -> list[Span]:
    """Cut the stretch at every edge and keep the pieces that count, joined."""
    windows = windows_of(calendar, low, high)
    edges = {low, high}.union(*windows, *calendar.closures, *pauses)
    inner = sorted(edge for edge in edges if low <= edge <= high)
    found: list[Span] = []
    for start, end in pairwise(inner):
        if inside(windows, start) and not inside([*calendar.closures, *pauses], start):
            found = [*found[:-1], (found[-1][0], end)] if found and found[-1][1] == start else [*found, (start, end)]
    return found


@given(calendars(), instants(), STRETCHES, st.lists(st.tuples(STRETCHES, STRETCHES), max_size=2))
@FEW
def test_intervals_elapsed_and_explain_are_what_a_walk_finds(
    calendar: WorkCalendar, low: datetime, length: timedelta, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    high = low + length
    paused = [(low + begin, low + begin + lasting) for begin, lasting in pauses]
    found = counted(calendar, low, high, paused)
    assert [(span.start, span.end) for span in calendar.intervals(low, high, pauses=paused)] == found
    assert calendar.elapsed(low, high, pauses=paused) == sum((end - start for start, end in found), timedelta())
    rows = calendar.explain(low, high, pauses=paused)
    assert [(row.start, row.end) for row in rows if row.kind == "open"] == found
    assert all(calendar.is_open(row.start) for row in rows if row.kind == "open")


@given(calendars(), instants(), st.integers(1, 600))
@FEW
def test_add_stops_where_a_walk_has_used_up_the_work(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    left = work = minutes * MINUTE
    goal = None
    latest = start + 4 * DAY
    for opens, closes in counted(calendar, start, latest, ()):
        if left <= closes - opens:
            goal = opens + left
            break
        left -= closes - opens
    found = calendar.add(start, work)
    assert found == goal if goal is not None else found is NEVER or found > latest


@given(calendars(), instants())
@FEW
def test_edges_and_sides_are_what_a_walk_finds(calendar: WorkCalendar, start: datetime) -> None:
    low, high = start - 2 * DAY, start + 2 * DAY
    spans = counted(calendar, low, high, ())
    openings = [opens for opens, _ in spans if start < opens]
    closings = [closes for _, closes in spans if start < closes < high]
    opened, closed = calendar.next_open(start), calendar.next_close(start)
    assert opened == openings[0] if openings else opened is NEVER or opened >= high
    assert closed == closings[0] if closings else closed is NEVER or closed >= high
    begun = calendar.add(start, timedelta(), side="start")
    assert begun == (start if inside(spans, start) else opened)


@given(calendars(), instants())
@FEW
def test_a_working_day_is_one_whose_windows_hold_open_time(calendar: WorkCalendar, start: datetime) -> None:
    day = start.date()
    others = [other for other in calendar.exceptions if other.day != day]
    free = {day + step * DAY for step in range(-5, 7)} - {day}
    alone = calendar.with_(
        holidays={*calendar.holidays, *free}, exceptions=[c for c in calendar.exceptions if c not in others]
    )
    around = datetime.combine(day, datetime.min.time(), UTC)
    has_time = alone.elapsed(around - 2 * DAY, around + 4 * DAY) > timedelta()
    assert calendar.working_days(day, day + DAY) == has_time
