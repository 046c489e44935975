"""Service clocks: the rules one by one, histories, readings, arrays, and what is refused."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import numpy as np
import pytest

from leadkit.calendars import NEVER, WorkCalendar
from leadkit.errors import EscalationError
from leadkit.escalation.clocks import (
    ClockReading,
    Contact,
    SlaClock,
    StatusChange,
    TicketHistory,
    earliest,
)

DESK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
ALWAYS = WorkCalendar.always()
# a Monday
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def clock(**fields: Any) -> SlaClock:
    given: dict[str, Any] = {"kind": "resolution", "budget": hours(4), "calendar": DESK} | fields
    return SlaClock(**given)


def history(*changes: tuple[float, str], contacts: tuple[tuple[float, str], ...] = ()) -> TicketHistory:
    return TicketHistory(
        ticket="t1",
        changes=[StatusChange(at(hour), status) for hour, status in changes],
        contacts=[Contact(at(hour), direction) for hour, direction in contacts],  # type: ignore[arg-type]
    )


def told(reading: ClockReading) -> tuple[str, float | None, float | None, float]:
    """State, and hours since midnight: due, ended, elapsed."""
    due, ended = (
        (value - DAY) / hours(1) if isinstance(value, datetime) else None
        for value in (reading.due_at, reading.ended_at)
    )
    return reading.state, due, ended, reading.elapsed / hours(1)


# reference numbers


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def golden_cases(golden: Callable[[str], Any]) -> list[Any]:
    found: list[Any] = golden("escalation/service_clock.json")["cases"]
    return found


def golden_clock(case: Any) -> SlaClock:
    spans = {day: ", ".join("-".join(pair) for pair in pairs) for day, pairs in case["calendar"]["week"].items()}
    calendar = WorkCalendar.weekly(
        spans,
        zone=case["calendar"]["zone"],
        holidays=[datetime.fromisoformat(day).date() for day in case["calendar"]["holidays"]],
    )
    budget = timedelta(minutes=case.get("budget_min", 0))
    warning = case.get("warn_before_min")
    return clock(calendar=calendar, budget=budget, warn_before=None if warning is None else timedelta(minutes=warning))


def test_reference_numbers(golden: Callable[[str], Any]) -> None:
    cases = golden_cases(golden)
    assert len(cases) == 9
    for case in cases:
        own, start = golden_clock(case), instant(case["start"])
        pauses = [(instant(begin), instant(end)) for begin, end in case["pauses"]]
        if "due" in case:
            assert own.due(start, pauses=pauses) == instant(case["due"]), case["id"]
            assert own.elapsed(start, instant(case["due"]), pauses=pauses) == own.budget
        if "warn_at" in case:
            assert own.warn_at(start, pauses=pauses) == instant(case["warn_at"])
        if "elapsed_min" in case:
            found = own.elapsed(start, instant(case["end"]), pauses=pauses)
            assert found == timedelta(minutes=case["elapsed_min"]), case["id"]


# rule 1


def test_a_pause_moves_the_due_instant_by_the_open_time_it_covers() -> None:
    lived = history((9, "new"), (11, "waiting"), (15, "in_progress"))
    assert told(clock().read(lived, at(16))) == ("running", 17, None, 3)
    at_night = history((9, "new"), (18, "waiting"), (32, "in_progress"))
    assert told(clock(budget=hours(9)).read(at_night, at(34)))[1] == 34


def test_warning_is_the_deadline_of_the_budget_less_warn_before() -> None:
    reading = clock(warn_before=hours(1)).read(history((15, "new")), at(16))
    assert (reading.due_at, reading.warn_at) == (at(11, 1), at(10, 1))
    assert clock().read(history((15, "new")), at(16)).warn_at is None
    assert clock().warn_at(at(9)) is None


def test_a_change_of_budget_recomputes_from_the_whole_history() -> None:
    lived = history((9, "new"), (10, "waiting"), (11, "in_progress"))
    tight = attrs.evolve(clock(), budget=hours(1))
    assert told(tight.read(lived, at(12))) == ("breached", 10, None, 2)
    assert told(clock().read(lived, at(12))) == ("running", 14, None, 2)


def test_a_clock_is_paused_while_the_status_lasts_and_its_due_instant_is_unknown() -> None:
    reading = clock().read(history((9, "new"), (11, "waiting")), at(16))
    assert (reading.state, reading.due_at, reading.elapsed, reading.remaining) == ("paused", NEVER, hours(2), hours(2))
    assert reading.pauses == ((at(11), None),)


def test_a_clock_is_paused_from_the_very_instant_of_the_change() -> None:
    assert clock().read(history((9, "new"), (11, "waiting")), at(11)).state == "paused"
    assert clock().read(history((9, "new"), (11, "waiting"), (12, "in_progress")), at(12)).state == "running"


def test_a_clock_that_is_late_before_it_is_paused_is_breached() -> None:
    assert told(clock().read(history((9, "new"), (14, "waiting")), at(16))) == ("breached", 13, None, 5)


def test_a_pause_that_begins_at_the_due_instant_comes_too_late() -> None:
    lived = history((9, "new"), (13, "waiting"))
    assert told(clock().read(lived, at(13))) == ("paused", 13, None, 4)
    assert told(clock().read(lived, at(13.5))) == ("breached", 13, None, 4)


def test_pause_statuses_that_follow_each_other_are_one_pause() -> None:
    own = clock(pause_statuses={"waiting", "assigned"})
    reading = own.read(history((9, "new"), (10, "waiting"), (11, "assigned"), (12, "in_progress")), at(13))
    assert reading.pauses == ((at(10), at(12)),)
    assert reading.elapsed == hours(2)


def test_a_status_that_lasts_no_time_is_no_pause() -> None:
    reading = clock().read(history((9, "new"), (10, "waiting"), (10, "in_progress")), at(11))
    assert reading.pauses == ()
    assert reading.elapsed == hours(2)


# rule 2: resolution


def test_resolution_runs_from_creation_to_resolved() -> None:
    assert told(clock().read(history((9, "new"), (12, "resolved"), (16, "closed")), at(20))) == ("met", 13, 12, 3)


def test_ended_at_the_due_instant_is_met_and_just_after_it_is_breached() -> None:
    assert clock().read(history((9, "new"), (13, "resolved")), at(20)).state == "met"
    late = TicketHistory(
        ticket="t1",
        changes=[StatusChange(at(9), "new"), StatusChange(at(13) + timedelta(microseconds=1), "resolved")],
    )
    assert clock().read(late, at(20)).state == "breached"


def test_an_open_clock_is_breached_only_after_the_due_instant() -> None:
    assert clock().read(history((9, "new")), at(13)).state == "running"
    assert clock().read(history((9, "new")), at(13) + timedelta(microseconds=1)).state == "breached"


def test_ended_after_the_due_instant_in_closed_time_is_breached_with_just_the_budget_used() -> None:
    reading = clock().read(history((13, "new"), (20, "resolved")), at(21))
    assert (reading.state, reading.due_at, reading.remaining) == ("breached", at(17), hours(0))


def test_breached_stays_breached_after_the_end() -> None:
    lived = history((9, "new"), (15, "resolved"), (16, "closed"))
    for now in (14, 15, 16, 400):
        assert clock().read(lived, at(now)).state == "breached"
    assert clock().read(lived, at(400)).remaining == hours(-2)


def test_what_comes_after_now_is_not_seen() -> None:
    lived = history((9, "new"), (10, "resolved"), (11, "reopened"), (12, "resolved"))
    assert told(clock().read(lived, at(9.5))) == ("running", 13, None, 0.5)
    assert told(clock().read(lived, at(10.5))) == ("met", 13, 10, 1)
    assert told(clock().read(lived, at(11.5))) == ("running", 13, None, 2.5)
    assert told(clock().read(lived, at(12))) == ("met", 13, 12, 3)


def test_not_started_before_creation() -> None:
    reading = clock().read(history((9, "new")), at(8))
    assert (reading.state, reading.started_at, reading.due_at, reading.remaining) == (
        "not_started",
        None,
        None,
        hours(4),
    )
    assert clock().explain(history((9, "new")), at(8)) == ()
    assert clock().read(TicketHistory(ticket="t1", changes=[]), at(8)).state == "not_started"


def test_reopening_keeps_the_start_and_counts_the_time_in_between() -> None:
    lived = history((9, "new"), (10, "resolved"), (12, "reopened"))
    assert told(clock().read(lived, at(12.5))) == ("running", 13, None, 3.5)


def test_the_time_while_resolved_is_left_out_where_it_is_a_pause() -> None:
    own = clock(pause_statuses={"waiting", "resolved", "closed"})
    lived = history((9, "new"), (10, "resolved"), (11, "closed"), (12, "reopened"))
    assert told(own.read(lived, at(12.5))) == ("running", 15, None, 1.5)
    assert told(own.read(lived, at(11.5))) == ("met", 13, 10, 1)


def test_reopening_restarts_with_the_whole_budget() -> None:
    own = clock(on_reopen="restart")
    lived = history((9, "new"), (16, "resolved"), (16.5, "reopened"), (17, "resolved"))
    assert own.read(lived, at(16)).state == "breached"
    assert told(own.read(lived, at(16.75))) == ("running", 36.5, None, 0.25)
    assert told(own.read(lived, at(20))) == ("met", 36.5, 17, 0.5)
    assert clock().read(lived, at(20)).state == "breached"


def test_closed_without_resolved_resolves_and_work_after_it_reopens() -> None:
    assert told(clock().read(history((9, "new"), (10, "closed")), at(20))) == ("met", 13, 10, 1)
    lived = history((9, "new"), (10, "resolved"), (11, "in_progress"))
    assert clock().read(lived, at(12)).ended_at is None
    assert clock(on_reopen="restart").read(lived, at(12)).started_at == at(11)


def test_resolved_again_without_reopening_changes_nothing() -> None:
    assert clock().read(history((9, "new"), (10, "resolved"), (15, "resolved")), at(20)).ended_at == at(10)


def test_a_cancellation_ends_every_clock() -> None:
    lived = history((9, "new"), (10, "cancelled"), contacts=((9.5, "in"), (11, "out")))
    for kind in ("resolution", "first_response", "next_response"):
        reading = clock(kind=kind).read(lived, at(30))
        assert (reading.state, reading.ended_at, reading.flags) == ("met", at(10), ("cancelled",))
    late = clock().read(history((9, "new"), (14, "cancelled")), at(30))
    assert (late.state, late.flags) == ("breached", ("cancelled",))
    assert clock().read(history((9, "new"), (10, "resolved"), (14, "cancelled")), at(30)).flags == ()


# rule 2: responses


def test_first_response_is_the_first_contact_that_goes_out() -> None:
    lived = history((9, "new"), (10, "in_progress"), contacts=((9.5, "in"), (12, "out"), (13, "out")))
    own = clock(kind="first_response")
    assert told(own.read(lived, at(11))) == ("running", 13, None, 2)
    assert told(own.read(lived, at(20))) == ("met", 13, 12, 3)


def test_first_response_without_contacts_is_the_first_status_beyond_assigned() -> None:
    own = clock(kind="first_response")
    lived = history((9, "new"), (9.5, "assigned"), (12, "waiting"), (13, "in_progress"))
    assert told(own.read(lived, at(11))) == ("running", 13, None, 2)
    assert told(own.read(lived, at(20))) == ("met", 13, 12, 3)
    assert own.read(history((9, "new"), (9, "in_progress"), (9, "cancelled")), at(10)).flags == ()


def test_a_contact_before_creation_answers_nothing() -> None:
    lived = history((9, "new"), contacts=((8, "out"),))
    assert clock(kind="first_response").read(lived, at(10)).state == "running"


def test_first_response_does_not_ask_about_reopening() -> None:
    lived = history((9, "new"), (10, "in_progress"), (11, "resolved"), (12, "reopened"))
    assert clock(kind="first_response", on_reopen="restart").read(lived, at(15)).ended_at == at(10)


def test_next_response_runs_from_the_oldest_incoming_contact_not_answered() -> None:
    own = clock(kind="next_response", budget=hours(2))
    lived = history((9, "new"), contacts=((10, "in"), (11, "in"), (11.5, "out"), (12, "out"), (13, "in"), (16, "out")))
    assert own.read(lived, at(9.5)).state == "not_started"
    assert told(own.read(lived, at(11))) == ("running", 12, None, 1)
    assert told(own.read(lived, at(12.5))) == ("met", 12, 11.5, 1.5)
    assert told(own.read(lived, at(14))) == ("running", 15, None, 1)
    assert told(own.read(lived, at(15.5))) == ("breached", 15, None, 2.5)
    assert told(own.read(lived, at(30))) == ("breached", 15, 16, 3)


def test_next_response_stands_still_in_pauses() -> None:
    lived = history(
        (9, "new"), (11, "waiting"), (12, "in_progress"), (14, "waiting"), contacts=((10, "in"), (13, "out"))
    )
    reading = clock(kind="next_response").read(lived, at(15))
    assert (reading.elapsed, reading.pauses) == (hours(2), ((at(11), at(12)),))


# explain


def test_explain_names_what_counts_and_what_does_not() -> None:
    rows = clock().explain(history((16, "new"), (16.5, "waiting")), at(10, 1))
    assert [(row.kind, row.counted) for row in rows] == [("open", hours(0.5)), ("pause", hours(0))]
    assert rows[0].start == at(16)
    assert rows[-1].end == at(10, 1)


# earliest


def test_earliest_is_the_open_clock_that_is_due_first() -> None:
    lived = history((9, "new"), (10, "in_progress"), contacts=())
    first, last = clock(kind="first_response", budget=hours(1)), clock()
    tight = clock(budget=hours(3))
    readings = [own.read(lived, at(11)) for own in (first, last, tight)]
    assert earliest(readings) == readings[2]
    assert earliest(reversed(readings)) == readings[2]
    assert earliest(readings[:1]) == readings[0]


def test_earliest_takes_a_paused_clock_after_a_running_one_and_one_not_started_last() -> None:
    waiting = history((9, "new"), (10, "waiting"))
    paused, running = clock().read(waiting, at(11)), clock(pause_statuses=()).read(waiting, at(11))
    silent = clock(kind="next_response").read(waiting, at(11))
    assert earliest([silent, paused, running]) == running
    assert earliest([silent, paused]) == paused
    assert earliest([silent]) == silent


@pytest.mark.parametrize("readings", [[], None, ["x"], "x", 3])
def test_earliest_of_nothing_is_refused(readings: Any) -> None:
    with pytest.raises(EscalationError, match="readings"):
        earliest(readings)


# arrays


def m8(*values: datetime | None) -> np.ndarray:
    return np.array([None if value is None else value.replace(tzinfo=None) for value in values], dtype="M8[us]")


def test_elapsed_of_rows_with_pauses_that_overlap_last_or_lie_outside() -> None:
    starts, ends = m8(at(9), at(9), at(9), at(16), None), m8(at(17), at(17), at(17), at(10), at(10))
    found = clock().elapsed_array(
        starts,
        ends,
        pause_of=[1, 0, 1, 2, 0, 3, 4, 1],
        pause_starts=m8(at(10), at(16), at(11), at(8), at(2), at(9), at(9), at(9, 9)),
        pause_ends=m8(at(12), None, at(13), at(9), at(3), at(11), at(10), at(10, 9)),
    )
    assert found.dtype == np.dtype("m8[us]")
    assert (found[:4] / np.timedelta64(1, "h")).tolist() == [7, 5, 8, -5]
    assert np.isnat(found[4])


def test_elapsed_of_rows_without_pauses_broadcasts() -> None:
    assert clock().elapsed_array(m8(at(9), at(10)), at(12)).astype(object).tolist() == [hours(3), hours(2)]
    assert clock().elapsed_array([at(9), None], [at(12), at(12)]).tolist() == [hours(3), None]
    assert clock().elapsed_array([], []).size == 0
    assert clock().elapsed_array([], [], pause_of=[], pause_starts=[], pause_ends=[]).size == 0
    assert clock().elapsed_array([at(9)], [at(12)], pause_of=[], pause_starts=[], pause_ends=[]).tolist() == [hours(3)]


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"pause_of": [0]}, "pause_starts: expected beside the other columns of pauses"),
        ({"pause_of": [0], "pause_starts": [at(9)], "pause_ends": [at(9), at(10)]}, r"one length, got shapes \(1,\)"),
        (
            {"pause_of": [2], "pause_starts": [at(9)], "pause_ends": [at(9)]},
            r"pause_of\[0\]: expected a row from 0 to 1, got 2",
        ),
        ({"pause_of": [-1], "pause_starts": [at(9)], "pause_ends": [at(9)]}, r"got -1"),
        (
            {"pause_of": [0], "pause_starts": [None], "pause_ends": [at(9)]},
            r"pause_starts\[0\]: expected an instant, got NaT",
        ),
        ({"pause_of": [0], "pause_starts": [at(9)], "pause_ends": [at(8)]}, r"pause_ends\[0\]: expected an end from"),
        ({"pause_of": [True], "pause_starts": [at(9)], "pause_ends": [at(9)]}, "whole numbers"),
        ({"pause_of": [0.5], "pause_starts": [at(9)], "pause_ends": [at(9)]}, "whole numbers"),
        ({"pause_of": [[0], [0, 1]], "pause_starts": [at(9)], "pause_ends": [at(9)]}, "whole numbers"),
        ({"pause_of": [0], "pause_starts": [3], "pause_ends": [at(9)]}, "pause_starts: expected datetime64"),
        ({"pause_of": [0], "pause_starts": ["x"], "pause_ends": [at(9)]}, "pause_starts"),
    ],
)
def test_columns_of_pauses_that_do_not_fit_are_refused(columns: Any, match: str) -> None:
    with pytest.raises(EscalationError, match=match):
        clock().elapsed_array([at(9), at(9)], [at(10), at(10)], **columns)


def test_rows_beside_pauses_have_one_length() -> None:
    pauses: dict[str, Any] = {"pause_of": [0], "pause_starts": [at(9)], "pause_ends": [at(9)]}
    shapes: Any = (([at(9)] * 2, [at(9)] * 3), (at(9), at(10)), ([[at(9)]], [[at(9)]]))
    for starts, ends in shapes:
        with pytest.raises(EscalationError, match="starts, ends: expected columns of one length"):
            clock().elapsed_array(starts, ends, **pauses)
    wrong: Any = ("x", 3, [at(9).replace(tzinfo=None)])
    for bad in wrong:
        with pytest.raises(EscalationError, match="starts"):
            clock().elapsed_array(bad, [at(9)])


# histories


def test_a_history_is_sorted_and_what_happens_at_one_instant_keeps_the_given_order() -> None:
    lived = history(
        (11, "resolved"), (9, "new"), (10, "assigned"), (10, "in_progress"), contacts=((12, "out"), (9, "in"))
    )
    assert [change.status for change in lived.changes] == ["new", "assigned", "in_progress", "resolved"]
    assert [contact.direction for contact in lived.contacts] == ["in", "out"]
    assert lived.created_at == at(9)
    other = history((11, "resolved"), (9, "new"), (10, "in_progress"), (10, "assigned"))
    assert [change.status for change in other.changes] == ["new", "in_progress", "assigned", "resolved"]


def test_instants_are_kept_in_utc() -> None:
    zone = timezone(hours(2))
    change = StatusChange(at(9).astimezone(zone), "new", "ann")
    assert change == StatusChange(at=at(9), status="new", by="ann")
    assert change.at.tzinfo is UTC
    assert Contact(at(9).astimezone(zone), "in").at.tzinfo is UTC
    shifted = clock().read(history((9, "new")), at(10).astimezone(zone))
    assert shifted == clock().read(history((9, "new")), at(10))


@pytest.mark.parametrize("bad", [None, "2026-03-02", 3, datetime(2026, 3, 2)])
def test_instants_that_are_none_are_refused(bad: Any) -> None:
    with pytest.raises(EscalationError, match="status change: at: expected a datetime"):
        StatusChange(bad, "new")
    with pytest.raises(EscalationError, match="contact: at: expected a datetime"):
        Contact(bad, "in")
    with pytest.raises(EscalationError, match="now: expected a datetime"):
        clock().read(history((9, "new")), bad)
    with pytest.raises(EscalationError, match="now: expected a datetime"):
        clock().explain(history((9, "new")), bad)
    with pytest.raises(EscalationError, match="now: expected a datetime"):
        history((9, "new")).until(bad)
    for call in (clock().due, clock(warn_before=hours(1)).warn_at):
        with pytest.raises(EscalationError, match="start"):
            call(bad)
    with pytest.raises(EscalationError, match="end"):
        clock().elapsed(at(9), bad)


def test_all_faults_of_a_change_and_of_a_history_come_at_once() -> None:
    with pytest.raises(EscalationError, match="3 faults") as caught:
        StatusChange(None, "weiting", "")
    assert "did you mean 'waiting'" in str(caught.value)
    with pytest.raises(EscalationError, match="direction: expected one of 'in', 'out', got 'up'"):
        Contact(at(9), "up")  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="3 faults") as caught:
        TicketHistory(ticket="", changes=None, contacts=["x"])
    assert {fault.where for fault in caught.value.faults} == {"ticket", "changes", "contacts[0]"}


@pytest.mark.parametrize("bad", [None, "t1", {}])
def test_a_reading_needs_a_history(bad: Any) -> None:
    with pytest.raises(EscalationError, match="history: expected a TicketHistory"):
        clock().read(bad, at(9))


# clocks


def test_all_faults_of_a_clock_come_at_once() -> None:
    with pytest.raises(EscalationError, match="service clock: 6 faults") as caught:
        SlaClock(
            kind="resolve",  # type: ignore[arg-type]
            budget=-hours(1),
            calendar=None,  # type: ignore[arg-type]
            pause_statuses={"paused"},
            on_reopen="stop",  # type: ignore[arg-type]
            warn_before=3,  # type: ignore[arg-type]
        )
    places = {fault.where for fault in caught.value.faults}
    assert places == {"kind", "budget", "calendar", "pause_statuses", "on_reopen", "warn_before"}


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"budget": 4}, "budget: expected a timedelta, got 4"),
        ({"budget": None}, "budget: expected a timedelta"),
        ({"pause_statuses": "waiting"}, "pause_statuses: expected a set of statuses, got 'waiting'"),
        ({"pause_statuses": None}, "pause_statuses: expected a set"),
        ({"pause_statuses": [["waiting"]]}, "pause_statuses: expected a set"),
        ({"pause_statuses": [3, "x"]}, "2 faults"),
        ({"warn_before": hours(5)}, "warn_before: expected at most the budget, 4:00:00, got 5:00:00"),
        ({"warn_before": -hours(1)}, "warn_before: expected at least 0"),
        ({"kind": None}, "kind: expected one of"),
    ],
)
def test_a_clock_refuses_what_it_cannot_be(fields: Any, match: str) -> None:
    with pytest.raises(EscalationError, match=match):
        clock(**fields)


@pytest.mark.parametrize("bad", [None, "ab", 3, [3], [(at(9), at(8))], [(None, None)], [(datetime(2026, 3, 2), None)]])
def test_pauses_that_are_none_are_refused(bad: Any) -> None:
    for call in (clock().due, clock(warn_before=hours(1)).warn_at):
        with pytest.raises(EscalationError, match="pauses"):
            call(at(9), pauses=bad)
    with pytest.raises(EscalationError, match="pauses"):
        clock().elapsed(at(9), at(10), pauses=bad)


def test_a_calendar_that_never_opens_is_never_due_and_never_late() -> None:
    own = clock(calendar=WorkCalendar([]), warn_before=hours(1))
    reading = own.read(history((9, "new")), at(400))
    assert (reading.state, reading.due_at, reading.warn_at, reading.elapsed) == ("running", NEVER, NEVER, hours(0))


# values


@pytest.mark.parametrize(
    "value",
    [
        clock(warn_before=hours(1)),
        history((9, "new"), contacts=((10, "in"),)),
        StatusChange(at(9), "new", "ann"),
        Contact(at(9), "out"),
        clock(warn_before=hours(1)).read(history((9, "new"), (10, "waiting")), at(11)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_survive_pickle_and_copy(value: Any) -> None:
    for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):  # noqa: S301
        assert again == value
        assert type(again) is type(value)


def test_a_reading_becomes_plain_python() -> None:
    reading = clock(warn_before=hours(1)).read(history((9, "new"), (10, "waiting")), at(11))
    found = json.loads(json.dumps(reading.to_dict(), allow_nan=False))
    assert found["elapsed"] == 3600
    assert found["remaining"] == 3 * 3600
    assert found["due_at"] is None
    assert found["pauses"] == [["2026-03-02T10:00:00+00:00", None]]
    assert found["state"] == "paused"
    assert "paused" in reading._repr_html_()
    assert reading.is_open
    assert not clock().read(history((9, "new")), at(8)).is_open
