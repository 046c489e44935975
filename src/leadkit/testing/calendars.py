"""Strategies for the models of `leadkit.calendars`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from leadkit.calendars import DayException, Interval, Window, WorkCalendar

__all__ = ["calendars", "day_exception", "instants", "interval", "window", "work_calendar"]

# half an hour, a quarter, midnight, Ramadan: zones whose clocks change as nobody expects
ZONES: Final = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
)
DAY_MINUTES: Final = 1440
# one year in which the clocks of all these zones change near some of these days, and do not near others
DAYS: Final = tuple(
    date.fromisoformat(f"2018-{day}")
    for day in ("02-18", "03-11", "03-25", "04-01", "05-13", "07-04", "10-07", "10-28", "11-04", "12-31")
)
NEAR: Final = 9
MOST_DAYS: Final = 40


@st.composite
def span(draw: st.DrawFn) -> tuple[int, int]:
    """Draw the edges of a window: round or odd minutes, some past midnight, some a whole day."""
    opens = draw(st.sampled_from((0, 70, 120, 540, 1320)) | st.integers(0, DAY_MINUTES - 1))
    length = draw(st.sampled_from((1, 60, 480, DAY_MINUTES - opens, DAY_MINUTES)) | st.integers(1, DAY_MINUTES))
    return opens, opens + length


@st.composite
def near_date(draw: st.DrawFn) -> date:
    """Draw a date some days from one on which clocks may change."""
    return draw(st.sampled_from(DAYS)) + timedelta(days=draw(st.integers(-NEAR, NEAR)))


@st.composite
def window(draw: st.DrawFn) -> Window:
    """Draw a window of the week."""
    return Window(draw(st.integers(0, 6)), *draw(span()))


@st.composite
def day_exception(draw: st.DrawFn) -> DayException:
    """Draw a day with no windows, or with up to two."""
    return DayException(draw(near_date()), tuple(draw(st.lists(span(), max_size=2))))


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Draw an instant in UTC, near days on which clocks change: on the minute, or off it."""
    midnight = datetime.combine(draw(near_date()), datetime.min.time(), UTC)
    minutes = draw(st.integers(0, DAY_MINUTES - 1))
    beyond = draw(st.sampled_from((0, 0, 0, 1, 59_999_999)))
    return midnight + timedelta(minutes=minutes, microseconds=beyond)


@st.composite
def interval(draw: st.DrawFn) -> Interval:
    """Draw an interval of up to some weeks."""
    start = draw(instants())
    minutes = st.integers(1, 300) | st.integers(1, MOST_DAYS * DAY_MINUTES)
    return Interval(start, start + timedelta(minutes=draw(minutes)))


@st.composite
def calendars(draw: st.DrawFn, *, zone: str | None = None, holidays: bool = True) -> WorkCalendar:
    """Draw a calendar of any week, the empty one included; `holidays=False` leaves nothing but the week and the zone."""
    parts: dict[str, Any] = {}
    if holidays:
        closures = draw(st.lists(interval(), max_size=2))
        parts = {
            "holidays": draw(st.lists(near_date(), max_size=4)),
            "exceptions": draw(st.lists(day_exception(), max_size=2, unique_by=lambda change: change.day)),
            "closures": [(closure.start, closure.end) for closure in closures],
        }
    return WorkCalendar(
        draw(st.lists(window(), max_size=7)),
        zone=zone or draw(st.sampled_from(ZONES)),
        name=draw(st.sampled_from(("", "desk"))),
        horizon_days=draw(st.sampled_from((60, 200))),
        **parts,
    )


@st.composite
def work_calendar(draw: st.DrawFn) -> WorkCalendar:
    """Draw a calendar, as `calendars` does."""
    return draw(calendars())
