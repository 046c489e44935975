"""The risk of a breach: what it is without and with censoring, which stratum it rests on, and what is doubtful."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation.clocks import SlaClock
from leadkit.escalation.event_log import EventLog
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.standards import BreachRiskRow, breach_risk
from leadkit.escalation.tickets import Ticket

DESK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
ALWAYS = WorkCalendar.always()
# a Monday
DAY = datetime(2026, 3, 2, tzinfo=UTC)
NOW = DAY + timedelta(days=20)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def clock(n: float = 4, **fields: Any) -> SlaClock:
    given: dict[str, Any] = {"kind": "resolution", "budget": hours(n), "calendar": ALWAYS} | fields
    return SlaClock(**given)


def log_of(lasted: dict[str, float], still: dict[str, float], **attributes: dict[str, Any]) -> EventLog:
    """Make a log of tickets resolved after so many hours, and of those open for so many at NOW."""
    rows = [(own, DAY, "new") for own in lasted] + [(own, DAY + hours(n), "resolved") for own, n in lasted.items()]
    rows += [(own, NOW - hours(n), "new") for own, n in still.items()]
    ticket, at, status = zip(*rows, strict=True)
    columns = {name: [values.get(own) for own in ticket] for name, values in attributes.items()}
    return EventLog.from_columns(ticket=ticket, at=at, status=status, **columns)


def risk_of(log: EventLog, ticket: Any, own: SlaClock | None = None, **options: Any) -> BreachRiskRow:
    given: dict[str, Any] = {"by": (), "now": NOW, "min_n": 1} | options
    (row,) = breach_risk(log, [ticket], own or clock(), **given).rows
    return row


# the number


def test_without_others_open_it_is_the_share_that_went_on_to_outlast_the_budget() -> None:
    log = log_of({"a": 1, "b": 2, "c": 3, "d": 5, "e": 6}, {"x": 2.5})
    # of c, d and e, which lasted longer than x has, two outlasted four hours
    row = risk_of(log, "x")
    assert row.risk == pytest.approx(2 / 3, rel=1e-15)
    assert (row.elapsed, row.budget, row.n, row.censored, row.basis, row.flags) == (hours(2.5), hours(4), 6, 1, (), ())


def test_a_new_ticket_bears_the_risk_of_all() -> None:
    assert risk_of(log_of({"a": 1, "b": 2, "c": 5, "d": 6}, {"x": 0}), "x").risk == 0.5


def test_it_rises_with_the_time_used_up_to_the_budget() -> None:
    log = log_of({str(n): n / 4 for n in range(1, 41)}, {f"x{n}": n / 2 for n in range(9)})
    risks = [risk_of(log, f"x{n}").risk for n in range(9)]
    assert risks == sorted(risks)
    assert risks[-1] == 1


def test_tickets_that_are_open_are_censored() -> None:
    # at 2 h of 4 at risk one ends, at 5 h of 1: x has lasted 3 h, y only 1 h
    log = log_of({"a": 2, "b": 5}, {"x": 3, "y": 1, "z": 2})
    assert risk_of(log, "y", clock(2)).risk == pytest.approx(3 / 4, rel=1e-15)
    assert risk_of(log, "x", clock(5)).risk == 0


def test_already_breached_is_1_and_done_is_0_or_1() -> None:
    log = log_of({"a": 3, "late": 9}, {"x": 5})
    assert [risk_of(log, own).risk for own in ("x", "a", "late")] == [1, 0, 1]


def test_just_the_budget_used_is_breached_once_the_due_instant_has_passed() -> None:
    at = [DAY + hours(16), DAY + hours(9), DAY + hours(12)]
    log = EventLog.from_columns(ticket=["x", "a", "a"], at=at, status=["new", "new", "resolved"])
    own = clock(1, calendar=DESK)
    assert risk_of(log, "x", own, now=DAY + hours(20)).risk == 1
    assert risk_of(log, "x", own, now=DAY + hours(17)).risk == 1
    assert risk_of(log, "x", own, now=DAY + hours(16.5)).risk == 1


def test_nothing_that_lasted_as_long_is_beyond_experience() -> None:
    # x is left out of its own experience by the look at an earlier instant of a longer-lived log
    log = log_of({"a": 1, "b": 2}, {})
    row = risk_of(log, Ticket(id="x", domain="d", created_at=NOW - hours(3)))
    assert math.isnan(row.risk)
    assert row.flags == ("beyond_experience", "no_history")


def test_a_budget_beyond_what_was_seen_gives_an_upper_bound() -> None:
    row = risk_of(log_of({"a": 1, "b": 2}, {"x": 3}), "x", clock(10))
    assert (row.risk, row.flags) == (1, ("extrapolated",))
    assert risk_of(log_of({"a": 1, "b": 12}, {"x": 3}), "x", clock(10)).flags == ()


def test_working_time_and_pauses_are_those_of_the_clock() -> None:
    at = [DAY + hours(h) for h in (9, 33, 10, 12, 15, 17)]
    log = EventLog.from_columns(
        ticket=["a", "a", "b", "b", "b", "b"],
        at=at,
        status=["new", "resolved", "new", "waiting", "in_progress", "resolved"],
    )
    found = breach_risk(log, ["a", "b"], clock(calendar=DESK), by=(), now=NOW, min_n=1)
    assert [row.elapsed for row in found.rows] == [hours(8), hours(4)]
    assert [row.risk for row in found.rows] == [1, 0]


def test_what_comes_after_now_is_not_looked_at() -> None:
    log = log_of({"a": 1, "b": 2, "c": 3, "d": 5}, {"x": 0})
    early = risk_of(log, "c", now=DAY + hours(2.5))
    assert (early.risk, early.n, early.censored, early.elapsed) == (1, 4, 2, hours(2.5))
    unborn = risk_of(log, "x", now=DAY + hours(2.5))
    assert math.isnan(unborn.risk)
    assert unborn.flags == ("not_started",)


def exact_survival(pairs: list[tuple[int, bool]], t: int) -> Fraction:
    """Multiply out the definition with fractions."""
    value = Fraction(1)
    for time in sorted({time for time, ended in pairs if ended and time <= t}):
        at_risk = sum(other >= time for other, _ in pairs)
        value *= 1 - Fraction(sum(other == time and ended for other, ended in pairs), at_risk)
    return value


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=15), st.integers(0, 12))
def test_it_is_the_quotient_of_two_products(pairs: list[tuple[int, bool]], budget: int) -> None:
    log = log_of(
        {f"t{i}": float(n) for i, (n, ended) in enumerate(pairs) if ended},
        {f"t{i}": float(n) for i, (n, ended) in enumerate(pairs) if not ended},
    )
    found = {row.ticket: row for row in breach_risk(log, log.tickets, clock(budget), by=(), now=NOW, min_n=1).rows}
    for i, (n, ended) in enumerate(pairs):
        row = found[f"t{i}"]
        if n > budget:
            assert row.risk == 1
        elif ended:
            assert row.risk == 0
        elif exact_survival(pairs, n) == 0:
            assert math.isnan(row.risk)
            assert "beyond_experience" in row.flags
        else:
            expected = exact_survival(pairs, budget) / exact_survival(pairs, n)
            assert row.risk == pytest.approx(float(expected), rel=1e-12, abs=1e-15)


def test_a_budget_longer_than_all_time_is_never_used_up() -> None:
    endless = SlaClock(kind="resolution", budget=timedelta.max, calendar=ALWAYS)
    assert risk_of(log_of({"a": 1}, {"x": 0.5}), "x", endless).risk == 0
    assert risk_of(log_of({"a": 1}, {"x": 0.5}), "a", endless).risk == 0


# strata


def strata_log() -> EventLog:
    lasted = {f"m{i}": 1.0 for i in range(3)} | {f"n{i}": 9.0 for i in range(3)} | {"o": 1.0}
    still = dict.fromkeys(("x", "y", "z", "w"), 0.5)
    domain = dict.fromkeys((*lasted, *still), "mail") | {"o": "disk", "z": "disk", "w": None}
    priority = dict.fromkeys((*lasted, *still), 3) | dict.fromkeys(("n0", "n1", "n2", "y"), 1)
    return log_of(lasted, still, domain=domain, priority=priority)


def test_a_stratum_that_is_too_small_falls_back_to_fewer_columns_last_first() -> None:
    log = strata_log()
    given: dict[str, Any] = {"by": ("domain", "priority"), "min_n": 3}
    x, y, z, w = (risk_of(log, own, **given) for own in ("x", "y", "z", "w"))
    assert (x.basis, x.n, x.censored, x.risk) == (("domain", "priority"), 4, 1, 0)
    assert (y.basis, y.n, y.risk) == (("domain", "priority"), 4, 1)
    assert (z.basis, z.n, z.flags) == ((), 11, ())
    assert (w.basis, w.n) == ((), 11)
    wide = risk_of(log, "x", by=("domain", "priority"), min_n=5)
    assert (wide.basis, wide.n, wide.risk) == (("domain",), 8, 0.5)


def test_the_whole_log_is_taken_however_small() -> None:
    row = risk_of(strata_log(), "x", by=("domain", "priority"), min_n=100)
    assert (row.basis, row.n, row.flags) == ((), 11, ("small_stratum",))
    assert risk_of(strata_log(), "x", min_n=12).flags == ("small_stratum",)


def test_a_ticket_says_itself_to_which_stratum_it_belongs() -> None:
    log = strata_log()
    given: dict[str, Any] = {"by": ("domain", "priority"), "min_n": 3}
    urgent = Ticket(id="x", domain="mail", created_at=NOW, priority=1)
    assert (risk_of(log, urgent, **given).risk, risk_of(log, urgent, **given).elapsed) == (1, hours(0.5))
    new = Ticket(id="new", domain="mail", created_at=NOW - hours(2), priority=1)
    row = risk_of(log, new, **given)
    assert (row.risk, row.elapsed, row.n, row.flags) == (1, hours(2), 4, ("no_history",))
    strange = risk_of(log, Ticket(id="new", domain="odd", created_at=NOW), **given)
    assert (strange.basis, strange.n) == ((), 11)


def test_attributes_of_a_ticket_are_looked_up_by_name() -> None:
    log = log_of({"a": 1, "b": 9}, {}, site={"a": "north", "b": "south"})
    ticket = Ticket(id="x", domain="d", created_at=NOW, attributes={"site": "south"})
    assert risk_of(log, ticket, by=("site",)).risk == 1
    assert risk_of(log, Ticket(id="x", domain="d", created_at=NOW), by=("site",)).basis == ()


def test_tickets_that_the_log_does_not_have() -> None:
    log = log_of({"a": 1, "b": 9}, {})
    late = risk_of(log, Ticket(id="x", domain="d", created_at=NOW - hours(5)))
    assert (late.risk, late.flags) == (1, ("no_history",))
    done = risk_of(log, Ticket(id="x", domain="d", created_at=NOW - hours(5), status="resolved"))
    assert math.isnan(done.risk)
    unborn = risk_of(log, Ticket(id="x", domain="d", created_at=NOW + hours(5)))
    assert unborn.flags == ("not_started",)
    empty = EventLog.from_columns(ticket=[], at=[], status=[])
    nothing = risk_of(empty, Ticket(id="x", domain="d", created_at=NOW))
    assert math.isnan(nothing.risk)
    assert nothing.flags == ("empty", "no_history", "small_stratum")


def test_a_cancelled_ticket_is_at_no_risk_and_censored_in_the_experience_of_others() -> None:
    at = [DAY, DAY + hours(1), DAY, DAY + hours(2), NOW - hours(1)]
    log = EventLog.from_columns(
        ticket=["c", "c", "a", "a", "x"], at=at, status=["new", "cancelled", "new", "resolved", "new"]
    )
    row = risk_of(log, "c")
    assert (row.risk, row.flags, row.censored, row.elapsed) == (0, ("cancelled",), 2, hours(1))


def test_exchanges_take_the_place_of_tickets_for_the_next_response() -> None:
    at = [DAY + hours(h) for h in (0, 1, 2, 5, 6)]
    log = EventLog.from_columns(ticket=["x"] * 5, at=at, contact=["in", "out", "in", "out", "in"])
    row = risk_of(log, "x", clock(2, kind="next_response"), now=DAY + hours(6.5))
    assert (row.n, row.censored, row.elapsed, row.risk) == (3, 1, hours(0.5), 0.5)
    silent = EventLog.from_columns(ticket=["x", "y"], at=[DAY, DAY], contact=["out", "in"])
    assert risk_of(silent, "x", clock(2, kind="next_response")).flags == ("not_started",)


def test_every_flag_is_explained() -> None:
    flags = ("beyond_experience", "cancelled", "empty", "extrapolated", "no_history", "not_started", "small_stratum")
    assert set(flags) <= ESCALATION_FLAGS.keys()


# reports


def test_rows_are_sorted_by_id_whatever_the_order_asked() -> None:
    log = strata_log()
    one = breach_risk(log, ["z", "x", "y"], clock(), now=NOW, min_n=3)
    other = breach_risk(log, ["y", "z", "x"], clock(), now=NOW, min_n=3)
    assert one == other
    assert [row.ticket for row in one.rows] == ["x", "y", "z"]


def test_a_risk_becomes_plain_python() -> None:
    found = breach_risk(
        strata_log(), ["x", Ticket(id="new", domain="d", created_at=NOW + hours(1))], clock(), now=NOW, min_n=3
    )
    assert found.flags == ("not_started",)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["rows"][0]["risk"] is None
    assert data["rows"][1]["elapsed"] == 1800
    records = json.loads(json.dumps(found.to_records(), allow_nan=False))
    assert records[1]["basis"] == "domain priority"
    assert records[1]["budget"] == 4 * 3600
    assert records[0]["flags"] == "not_started"
    assert "not_started" in found._repr_html_()
    for again in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):  # noqa: S301
        assert again == found
    assert breach_risk(strata_log(), [], clock(), now=NOW).to_records() == []


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"log": None}, "log: expected an EventLog"),
        ({"clock": None}, "clock: expected a SlaClock"),
        ({"tickets": None}, "tickets: expected a list of tickets or ids"),
        ({"tickets": "x"}, "tickets: expected a list of tickets or ids, got 'x'"),
        ({"tickets": ["x", 3]}, r"tickets\[1\]: expected a Ticket or an id, got 3"),
        ({"tickets": ["x", "x"]}, "'x' is asked about more than once"),
        ({"by": "domain"}, "by: expected a list of columns, got 'domain'"),
        ({"by": ("domain", "domain")}, "'domain' comes more than once"),
        ({"by": (3,)}, r"by\[0\]"),
        ({"now": None}, "now: expected a datetime"),
        ({"now": datetime(2026, 3, 2)}, "now: expected a datetime with a time zone"),
        ({"min_n": 0}, "min_n: expected at least 1, got 0"),
        ({"min_n": 2.5}, "min_n: expected a whole number"),
        ({"min_n": True}, "min_n: expected a whole number"),
        ({"min_n": None, "now": 3, "by": 4}, "breach risk: 3 faults"),
    ],
)
def test_wrong_arguments_are_refused(fields: dict[str, Any], match: str) -> None:
    given: dict[str, Any] = {"log": strata_log(), "tickets": ["x"], "clock": clock(), "by": (), "now": NOW} | fields
    with pytest.raises(EscalationError, match=match):
        breach_risk(given.pop("log"), given.pop("tickets"), given.pop("clock"), **given)


def test_what_the_log_does_not_have_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="unknown ticket 'm9'"):
        risk_of(strata_log(), "m9")
    with pytest.raises(UnknownIdError, match=r"unknown column 'domian' .did you mean 'domain'"):
        risk_of(strata_log(), "x", by=("domian",))


# a real log


def test_a_log_of_seven_thousand_tickets(shared_data: Callable[[str], Path]) -> None:
    rows = np.loadtxt(
        shared_data("escalation/bpi2013_incidents.csv.gz"), delimiter=",", dtype=str, quotechar='"', encoding="utf-8"
    )
    header, body = rows[0].tolist(), rows[1:]
    column = {name: body[:, header.index(name)] for name in ("case_id", "ts_utc", "status", "substatus", "impact")}
    completed = column["status"] == "Completed"
    waiting = np.char.startswith(column["substatus"], "Wait") & ~completed
    log = EventLog.from_columns(
        ticket=column["case_id"].tolist(),
        at=np.array([text.rstrip("Z") for text in column["ts_utc"].tolist()], dtype="M8[us]"),
        status=np.select([completed, waiting], ["resolved", "waiting"], "in_progress").tolist(),
        impact=column["impact"].tolist(),
    )
    assert len(log.tickets) == 7554
    now = log.at.max().item().replace(tzinfo=UTC) - timedelta(days=10)
    found = breach_risk(log, log.tickets, clock(80, calendar=DESK), by=("impact",), now=now)
    started = [row for row in found.rows if row.flags != ("not_started",)]
    by_impact = {row.n for row in started if row.basis}
    assert len(by_impact) >= 3
    assert sum(by_impact) == sum(row.basis == ("impact",) for row in started)
    assert {row.n for row in started if not row.basis} == {len(started)}
    assert all(0 <= row.risk <= 1 for row in started)
    assert sum(0 < row.risk < 1 for row in started) > 100
