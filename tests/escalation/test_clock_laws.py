"""What holds of every service clock and history, and the same numbers found another way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadkit.calendars import NEVER, Never, WorkCalendar
from leadkit.escalation.clocks import ClockReading, Contact, SlaClock, StatusChange, TicketHistory, earliest
from leadkit.testing.calendars import calendars, instants
from leadkit.testing.clocks import sla_clock, ticket_history

MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
DAY = datetime(2026, 3, 2, tzinfo=UTC)


@st.composite
def pauses(draw: st.DrawFn) -> list[tuple[datetime, datetime | None]]:
    begins = draw(st.lists(instants(), max_size=4))
    return [
        (
            begin,
            draw(st.sampled_from((None, begin)))
            if draw(st.booleans()) and len(begins) > 3
            else begin + draw(st.integers(0, 4000)) * MINUTE,
        )
        for begin in begins
    ]


@st.composite
def moments_of(draw: st.DrawFn, lived: TicketHistory) -> datetime:
    """Draw an instant near what happened: at it, a little after or before, or weeks later."""
    events = [change.at for change in lived.changes] + [contact.at for contact in lived.contacts]
    at: datetime = draw(st.sampled_from(events)) + draw(st.sampled_from((0, 0, 1, -1, 30, 600, 3000, 40_000))) * MINUTE
    return at


def shifted(lived: TicketHistory, by: timedelta) -> TicketHistory:
    return TicketHistory(
        ticket=lived.ticket,
        changes=[attrs.evolve(change, at=change.at + by) for change in lived.changes],
        contacts=[attrs.evolve(contact, at=contact.at + by) for contact in lived.contacts],
    )


# elapsed and due


@given(sla_clock(), st.lists(instants(), min_size=3, max_size=3), pauses())
def test_elapsed_adds_up(clock: SlaClock, three: list[datetime], left_out: Any) -> None:
    a, b, c = three
    between = clock.elapsed(a, b, pauses=left_out) + clock.elapsed(b, c, pauses=left_out)
    assert between == clock.elapsed(a, c, pauses=left_out)
    assert clock.elapsed(b, a, pauses=left_out) == -clock.elapsed(a, b, pauses=left_out)


@given(sla_clock(), instants(), pauses())
def test_just_the_budget_is_used_at_the_due_instant_and_less_before(
    clock: SlaClock, start: datetime, left_out: Any
) -> None:
    due = clock.due(start, pauses=left_out)
    if isinstance(due, Never):
        return
    assert clock.elapsed(start, due, pauses=left_out) == clock.budget
    if due > start:
        assert clock.elapsed(start, due - timedelta(microseconds=1), pauses=left_out) < clock.budget
    warn = clock.warn_at(start, pauses=left_out)
    assert (warn is None) == (clock.warn_before is None)
    if warn is not None and clock.warn_before is not None:
        assert isinstance(warn, datetime)
        assert warn <= due
        assert clock.elapsed(warn, due, pauses=left_out) == clock.warn_before


@given(sla_clock(), st.lists(st.tuples(instants(), instants()), min_size=1, max_size=5), st.data())
def test_elapsed_of_rows_is_that_of_each(clock: SlaClock, pairs: Any, data: st.DataObject) -> None:
    own = [data.draw(pauses()) for _ in pairs]
    flat = [(row, begin, end) for row, many in enumerate(own) for begin, end in many]
    flat = data.draw(st.permutations(flat))
    found = clock.elapsed_array(
        [start for start, _ in pairs],
        [end for _, end in pairs],
        pause_of=np.array([row for row, _, _ in flat], dtype=int),
        pause_starts=[begin for _, begin, _ in flat],
        pause_ends=[end for _, _, end in flat],
    )
    expected = [clock.elapsed(*pair, pauses=many) for pair, many in zip(pairs, own, strict=True)]
    assert found.tolist() == expected


def test_elapsed_of_a_hundred_thousand_rows_is_that_of_each_where_looked_at() -> None:
    rng = np.random.default_rng(7)
    n, m = 100_000, 200_000
    base = np.datetime64("2026-01-05", "us")
    starts = base + rng.integers(0, 200 * 24 * 60, n).astype("m8[m]")
    ends = starts + rng.integers(0, 30 * 24 * 60, n).astype("m8[m]")
    of = rng.integers(0, n, m)
    begins = starts[of] + rng.integers(-500, 20_000, m).astype("m8[m]")
    stops = begins + rng.integers(0, 5000, m).astype("m8[m]")
    desk = WorkCalendar.weekly({"mon-fri": "09:00-12:30, 13:30-17:00"}, zone="Europe/Berlin")
    clock = SlaClock(kind="resolution", budget=timedelta(hours=8), calendar=desk)
    found = clock.elapsed_array(starts, ends, pause_of=of, pause_starts=begins, pause_ends=stops)

    def aware(value: np.datetime64) -> datetime:
        return value.astype("M8[us]").item().replace(tzinfo=UTC)  # type: ignore[no-any-return]

    for row in rng.integers(0, n, 200).tolist():
        own = [(aware(begins[i]), aware(stops[i])) for i in np.flatnonzero(of == row)]
        assert found[row].item() == clock.elapsed(aware(starts[row]), aware(ends[row]), pauses=own)


# brute force


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[SlaClock, datetime, list[tuple[datetime, datetime]]]:
    """Draw a clock on a small week, a start on a whole minute, and pauses on whole minutes."""
    spans = draw(st.sampled_from(("09:00-10:30", "22:00-02:00", "00:00-24:00", "08:15-09:00, 09:30-11:00")))
    days = draw(st.sampled_from(("mon-fri", "mon, wed", "sat-mon", "mon-sun")))
    calendar = WorkCalendar.weekly({days: spans}, zone="UTC")
    start = DAY + draw(st.integers(0, 3000)) * MINUTE
    many = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(st.integers(-200, 3000)) * MINUTE
        many.append((begin, begin + draw(st.integers(0, 400)) * MINUTE))
    budget = draw(st.integers(0, 200)) * MINUTE
    return SlaClock(kind="resolution", budget=budget, calendar=calendar), start, many


@given(small_cases())
def test_a_walk_over_the_minutes_comes_to_the_same_due_instant(case: Any) -> None:
    clock, start, left_out = case
    left, at = clock.budget, start
    while left > NOTHING:
        counts = clock.calendar.is_open(at) and not any(begin <= at < end for begin, end in left_out)
        left, at = left - MINUTE if counts else left, at + MINUTE
    assert clock.due(start, pauses=left_out) == at
    assert clock.elapsed(start, at, pauses=left_out) == clock.budget


def walked(clock: SlaClock, lived: TicketHistory, start: datetime, end: datetime) -> timedelta:
    """Count minute by minute, with the status looked up in the history at each."""
    worked, at = NOTHING, start
    while at < end:
        status = [change.status for change in lived.changes if change.at <= at][-1]
        worked += MINUTE if clock.calendar.is_open(at) and status not in clock.pause_statuses else NOTHING
        at += MINUTE
    return worked


@st.composite
def short_lives(draw: st.DrawFn) -> TicketHistory:
    """Draw a history on whole minutes within two days, whose changes are at different instants."""
    minutes = draw(st.lists(st.integers(0, 2000), min_size=1, max_size=6, unique=True))
    statuses = st.sampled_from(("in_progress", "waiting", "assigned", "resolved", "reopened", "closed"))
    first, *rest = sorted(minutes)
    changes = [StatusChange(DAY + first * MINUTE, "new")]
    changes += [StatusChange(DAY + minute * MINUTE, draw(statuses)) for minute in rest]
    contacts = [
        Contact(DAY + minute * MINUTE, draw(st.sampled_from(("in", "out"))))
        for minute in draw(st.lists(st.integers(first, 2500), max_size=4, unique=True))
    ]
    return TicketHistory(ticket="t", changes=changes, contacts=contacts)


@given(
    small_cases(),
    short_lives(),
    st.sampled_from(("resolution", "first_response", "next_response")),
    st.integers(0, 3000),
)
def test_a_walk_over_the_minutes_of_a_history_comes_to_the_same_reading(
    case: Any, lived: TicketHistory, kind: Any, minute: int
) -> None:
    clock, now = attrs.evolve(case[0], kind=kind), DAY + minute * MINUTE
    reading = clock.read(lived, now)
    if reading.started_at is None:
        assert now < lived.changes[0].at or kind == "next_response"
        return
    limit = reading.ended_at or now
    seen = lived.until(now)
    if kind == "next_response" and reading.started_at < lived.changes[0].at:
        return
    assert reading.elapsed == walked(clock, seen, reading.started_at, limit)
    if reading.state in {"running", "paused", "met"}:
        assert reading.elapsed <= clock.budget
    else:
        assert reading.elapsed >= clock.budget
    if reading.ended_at is None and reading.state != "breached":
        assert (reading.state == "paused") == (seen.changes[-1].status in clock.pause_statuses)


# readings


@given(sla_clock(), ticket_history(), st.data())
def test_what_comes_after_now_changes_no_reading(clock: SlaClock, lived: TicketHistory, data: st.DataObject) -> None:
    now = data.draw(moments_of(lived))
    assert clock.read(lived, now) == clock.read(lived.until(now), now)


@given(sla_clock(), ticket_history(), st.data())
def test_a_reading_holds_together(clock: SlaClock, lived: TicketHistory, data: st.DataObject) -> None:
    now = data.draw(moments_of(lived))
    reading = clock.read(lived, now)
    rows = clock.explain(lived, now)
    assert (rows[-1].total if rows else NOTHING) == reading.elapsed
    assert reading.remaining == clock.budget - reading.elapsed
    if reading.started_at is None:
        assert reading.state == "not_started"
        return
    assert reading.started_at <= (limit := reading.ended_at or now) <= now
    assert reading.due_at is not None
    assert (reading.state == "breached") == (reading.due_at < limit)
    assert reading.due_at == clock.due(reading.started_at, pauses=reading.pauses)
    assert reading.elapsed == clock.elapsed(reading.started_at, limit, pauses=reading.pauses)
    if reading.state == "met":
        assert reading.ended_at is not None
        assert reading.elapsed <= clock.budget
    if reading.state == "paused":
        assert reading.pauses[-1][1] is None
    assert all(begin >= reading.started_at for begin, _ in reading.pauses)


@given(sla_clock(), ticket_history(), st.data())
def test_breached_stays_breached_until_the_clock_starts_anew(
    clock: SlaClock, lived: TicketHistory, data: st.DataObject
) -> None:
    now = data.draw(moments_of(lived))
    reading, later = clock.read(lived, now), clock.read(lived, now + data.draw(st.integers(0, 5000)) * MINUTE)
    # contacts that become known may show that a status was no response after all
    if reading.state == "breached" and later.started_at == reading.started_at:
        assert later.state == "breached"


@given(calendars(zone="UTC", holidays=False), sla_clock(), ticket_history(), st.data(), st.integers(-4, 4))
def test_shifting_by_whole_weeks_shifts_all(
    calendar: WorkCalendar, clock: SlaClock, lived: TicketHistory, data: st.DataObject, n: int
) -> None:
    own, by = attrs.evolve(clock, calendar=calendar), timedelta(weeks=n)
    now = data.draw(moments_of(lived))
    here, there = own.read(lived, now), own.read(shifted(lived, by), now + by)
    assert (here.state, here.elapsed, here.remaining) == (there.state, there.elapsed, there.remaining)
    for name in ("started_at", "due_at", "warn_at", "ended_at"):
        mine, other = getattr(here, name), getattr(there, name)
        assert other == (mine + by if isinstance(mine, datetime) else mine)


@given(sla_clock(), ticket_history(), st.data())
def test_a_longer_budget_is_never_due_earlier(clock: SlaClock, lived: TicketHistory, data: st.DataObject) -> None:
    now = data.draw(moments_of(lived))
    longer = attrs.evolve(clock, budget=clock.budget + data.draw(st.integers(0, 500)) * MINUTE)
    one, other = clock.read(lived, now), longer.read(lived, now)
    assert one.elapsed == other.elapsed
    if one.due_at is not None and other.due_at is not None:
        assert one.due_at <= other.due_at


@given(st.lists(sla_clock(), min_size=1, max_size=4), ticket_history(), st.data())
def test_the_order_of_readings_never_changes_which_is_earliest(
    clocks: list[SlaClock], lived: TicketHistory, data: st.DataObject
) -> None:
    now = data.draw(moments_of(lived))
    readings: list[ClockReading] = [clock.read(lived, now) for clock in clocks]
    first = earliest(readings)
    assert earliest(data.draw(st.permutations(readings))) == first
    if first.is_open:
        assert all((first.due_at or NEVER) <= (other.due_at or NEVER) for other in readings if other.is_open)
    else:
        assert not any(other.is_open for other in readings)
