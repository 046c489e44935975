"""The report of a team: its numbers by plain loops and by the report of a member, groups, standards, wrong arguments."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit import samples
from leadkit.errors import EscalationError, LogError, UnknownIdError
from leadkit.escalation import (
    ESCALATION_FLAGS,
    EventLog,
    Period,
    ServiceStandard,
    TeamReport,
    check_standards,
    member_report,
    periods,
    team_report,
)
from leadkit.escalation.performance import TeamRow
from leadkit.testing.performance import desk_log, some_periods

METRICS = (
    "time_to_resolve_median",
    "csat_mean",
    "calls_addressed",
    "first_line_resolution",
    "reopened_share",
    "escalations_raised",
)
START = datetime(2024, 3, 4, 8, tzinfo=UTC)
STEP = timedelta(minutes=20)
MONTHS = periods(date(2026, 9, 1), date(2026, 11, 1))
Row = dict[str, Any]
Key = tuple[str | None, str, str]


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def span(first: float, last: float, name: str = "p") -> Period:
    return Period(id=name, start=START + hours(first), end=START + hours(last))


def standard(own: str = "solve", **changed: Any) -> ServiceStandard:
    chosen: dict[str, Any] = {
        "measure": "resolution",
        "threshold": hours(24),
        "target_share": 0.9,
        "unit": "hours",
        "owner": "ann",
    }
    return ServiceStandard(id=own, critical_point="solution", **(chosen | changed))


def by_key(report: TeamReport) -> dict[Key, TeamRow]:
    found = {(row.group, row.period, row.metric): row for row in report.rows}
    assert len(found) == len(report.rows)
    return found


def column_by(log: EventLog) -> str | None:
    return "domain" if log.has("domain") else None


def counted(log: EventLog, period: Period) -> dict[tuple[str | None, str], tuple[int, float]]:
    """Count by plain loops, for all tickets (None) and each domain: n and value of what is a count or a share."""
    columns = log.to_columns()
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    start, end = (np.datetime64(one.replace(tzinfo=None)) for one in (period.start, period.end))
    cases: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["at"]):
        if row["at"] < end:
            cases.setdefault(row["ticket"], []).append(row)
    groups: dict[str | None, list[list[Row]]] = {None: list(cases.values())}
    for events in cases.values():
        if events[0].get("domain") is not None:
            groups.setdefault(events[0]["domain"], []).append(events)
    found = {}
    for group, members in groups.items():
        calls = rises = resolved = first_line = reopened = timed = 0
        for events in members:
            inside = [row["at"] >= start for row in events]
            calls += any(inside)
            level, has_risen = 0, False
            for row, is_inside in zip(events, inside, strict=True):
                has_risen |= is_inside and 0 < level < row.get("level", 0)
                level = row.get("level", 0) or level
            rises += has_risen
            ends = [row for row in events if row.get("status") in ("resolved", "closed")]
            told = [row["status"] for row in events if row.get("status") is not None]
            if ends and ends[0]["at"] >= start:
                resolved += 1
                first_line += ends[0].get("level", 0) == 1
                reopened += any(
                    one in ("resolved", "closed") and other not in ("resolved", "closed", "cancelled")
                    for one, other in pairwise(told)
                )
            timed += bool(ends and ends[0]["at"] >= start) or not (ends or told[-1:] == ["cancelled"])
        found[group, "calls_addressed"] = (calls, float(calls))
        found[group, "escalations_raised"] = (calls, rises / calls if calls else math.nan)
        found[group, "first_line_resolution"] = (resolved, first_line / resolved if resolved else math.nan)
        found[group, "reopened_share"] = (resolved, reopened / resolved if resolved else math.nan)
        found[group, "time_to_resolve_median"] = (timed, math.nan)
    return found


NEEDS = {
    "time_to_resolve_median": ("status",),
    "csat_mean": ("csat",),
    "first_line_resolution": ("status", "level"),
    "reopened_share": ("status",),
    "escalations_raised": ("level",),
    "calls_addressed": (),
}


@given(desk_log(), some_periods())
def test_counts_and_shares_are_those_of_plain_loops(log: EventLog, spans: tuple[Period, ...]) -> None:
    found = by_key(team_report(log, periods=spans, by=column_by(log)))
    for period in spans:
        wanted = counted(log, period)
        assert {group for group, _ in wanted} == {group for group, name, _ in found if name == period.id}
        for (group, metric), (n, value) in wanted.items():
            row = found[group, period.id, metric]
            lacking = tuple(f"needs:{name}" for name in NEEDS[metric] if not log.has(name))
            if lacking:
                assert (row.n, row.flags, row.interval) == (0, lacking, None)
                assert math.isnan(row.value)
                continue
            assert row.n == n
            if metric != "time_to_resolve_median":
                assert row.value == pytest.approx(value, nan_ok=True)
            if not n and metric != "calls_addressed":
                assert row.flags == ("empty",)


@given(desk_log(), some_periods())
def test_a_team_of_one_is_the_member(log: EventLog, spans: tuple[Period, ...]) -> None:
    """With one name on every event the two reports are worked out differently and tell the same."""
    assume(len(log) > 0)
    columns: dict[str, Any] = log.to_columns()
    columns["person"] = ["ann"] * len(log)
    one = EventLog.from_columns(**columns)
    team = team_report(one, periods=spans, by=None)
    member = member_report(one, "ann", periods=spans)
    for mine, ours in zip(member.rows, team.rows, strict=True):
        assert (mine.metric, mine.period, mine.n, mine.interval) == (ours.metric, ours.period, ours.n, ours.interval)
        assert mine.value == pytest.approx(ours.value, nan_ok=True)
        assert set(ours.flags) <= set(mine.flags)


@given(desk_log(complete=True), some_periods())
def test_the_members_resolve_what_the_team_resolves(log: EventLog, spans: tuple[Period, ...]) -> None:
    """With somebody on every event; calls may have several people, so theirs add up to no less."""
    columns: dict[str, Any] = log.to_columns()
    columns["person"] = [one or "dee" for one in columns["person"]]
    full = EventLog.from_columns(**columns)
    team = by_key(team_report(full, periods=spans))
    people = full.person.values if full.person else ()
    members = [
        {(row.period, row.metric): row for row in member_report(full, one, periods=spans).rows} for one in people
    ]
    for period in spans:
        for metric in ("first_line_resolution", "reopened_share", "csat_mean", "time_to_resolve_median"):
            assert sum(own[period.id, metric].n for own in members) == team[None, period.id, metric].n
        calls = sum(own[period.id, "calls_addressed"].n for own in members)
        assert calls >= team[None, period.id, "calls_addressed"].n


@given(desk_log(), some_periods(), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(log: EventLog, spans: tuple[Period, ...], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(log))
    again = EventLog.from_columns(**{name: column[order] for name, column in log.to_columns().items()})
    by = column_by(log)
    promise = [standard()] if log.has("status") else []
    assert team_report(again, periods=spans, by=by, standards=promise) == team_report(
        log, periods=spans, by=by, standards=promise
    )


@given(desk_log(), some_periods())
def test_what_comes_after_the_last_period_changes_nothing(log: EventLog, spans: tuple[Period, ...]) -> None:
    before = log.where(log.at < np.datetime64(spans[-1].end.replace(tzinfo=None)))
    by = column_by(log)
    assert team_report(before, periods=spans, by=by) == team_report(log, periods=spans, by=by)


@given(desk_log(complete=True), st.integers(-5, 30), st.integers(1, 30), st.integers(1, 30))
def test_the_cases_of_two_periods_are_those_of_both_together(
    log: EventLog, start: int, first: int, second: int
) -> None:
    a, b, c = (START + n * STEP for n in (start, start + first, start + first + second))
    halves = (Period(id="1", start=a, end=b), Period(id="2", start=b, end=c))
    parts = by_key(team_report(log, periods=halves))
    whole = by_key(team_report(log, periods=[Period(id="w", start=a, end=c)]))
    for group in {group for group, _, _ in whole}:
        # a group that has not begun by the end of the first half has no rows there
        rows = [parts[group, half, "first_line_resolution"] for half in "12" if (group, half, "csat_mean") in parts]
        assert sum(row.n for row in rows) == whole[group, "w", "first_line_resolution"].n


@given(desk_log(complete=True), some_periods())
def test_the_groups_and_those_without_make_the_whole(log: EventLog, spans: tuple[Period, ...]) -> None:
    columns: dict[str, Any] = log.to_columns()
    columns["domain"] = [one or "other" for one in columns["domain"]]
    found = by_key(team_report(EventLog.from_columns(**columns), periods=spans))
    for period in spans:
        for metric in METRICS:
            parts = [row.n for (group, name, own), row in found.items() if group and (name, own) == (period.id, metric)]
            assert sum(parts) == found[None, period.id, metric].n


@given(desk_log(), some_periods())
def test_changes_are_from_the_period_before(log: EventLog, spans: tuple[Period, ...]) -> None:
    found = by_key(team_report(log, periods=spans, by=column_by(log)))
    for (group, name, metric), row in found.items():
        place = [one.id for one in spans].index(name)
        before = found.get((group, spans[place - 1].id, metric)) if place else None
        assert row.previous == pytest.approx(before.value if before else math.nan, nan_ok=True)
        assert row.change == pytest.approx(row.value - row.previous, nan_ok=True)


def test_rows_are_in_order_of_period_group_and_metric() -> None:
    report = team_report(samples.tickets(), periods=MONTHS)
    groups = (None, "accounts", "billing", "delivery", "devices", "network")
    wanted = [(period.id, group, metric) for period in MONTHS for group in groups for metric in METRICS]
    assert [(row.period, row.group, row.metric) for row in report.rows] == wanted


def simple(**columns: Sequence[Any]) -> EventLog:
    """Make a log of three tickets, resolved after an hour each."""
    tickets = ["a", "b", "c"]
    return EventLog.from_columns(
        ticket=tickets * 2,
        at=[START] * 3 + [START + hours(1)] * 3,
        status=["new"] * 3 + ["resolved"] * 3,
        **{name: list(own) * 2 for name, own in columns.items()},
    )


def groups_of(report: TeamReport) -> list[str | None]:
    return list(dict.fromkeys(row.group for row in report.rows))


def test_groups_of_numbers_are_told_and_sorted_as_in_metrics() -> None:
    log = simple(size=[10.0, 2.0, None], level=[2, 1, 2])
    assert groups_of(team_report(log, periods=[span(0, 2)], by="size")) == [None, "2", "10"]
    assert groups_of(team_report(log, periods=[span(0, 2)], by="level")) == [None, "1", "2"]
    assert groups_of(team_report(log, periods=[span(0, 2)], by="status")) == [None, "new"]


def test_tickets_without_the_attribute_count_for_all_only() -> None:
    found = by_key(team_report(simple(domain=["x", None, None]), periods=[span(0, 2)]))
    assert found[None, "p", "calls_addressed"].value == 3
    assert found["x", "p", "calls_addressed"].value == 1
    assert {group for group, _, _ in found} == {None, "x"}


def test_the_group_is_that_of_the_first_event() -> None:
    log = EventLog.from_columns(
        ticket=["t", "t"], at=[START, START + hours(1)], status=["new", "resolved"], domain=["x", "y"]
    )
    assert groups_of(team_report(log, periods=[span(0.5, 2)])) == [None, "x"]


def test_by_none_tells_of_all_tickets_only() -> None:
    report = team_report(simple(), periods=[span(0, 2)], by=None)
    assert groups_of(report) == [None]
    assert report.by is None


def test_a_team_has_cases_of_nobody_known_too() -> None:
    found = by_key(team_report(simple(), periods=[span(0, 2)], by=None))
    assert found[None, "p", "time_to_resolve_median"].value == 1.0
    assert found[None, "p", "time_to_resolve_median"].n == 3


def test_an_empty_log_and_periods_without_cases() -> None:
    nothing = EventLog.from_columns(ticket=[], at=[], domain=[])
    for log in (nothing, simple(domain=["x", "x", "y"])):
        report = team_report(log, periods=[span(-10, -5), span(-5, 0, "q")], standards=[standard()])
        assert groups_of(report) == [None]
        assert {row.n for row in report.rows} == {0}
        assert [one.report.rows[0].n for one in report.standards] == [0, 0]


# standards


@settings(max_examples=15)
@given(desk_log(complete=True), some_periods())
def test_standards_are_checked_on_the_cases_of_each_period(log: EventLog, spans: tuple[Period, ...]) -> None:
    promises = [standard(), standard("first", measure="first_line_resolution", threshold=0.5, unit="share")]
    report = team_report(log, periods=spans, standards=promises)
    assert [one.period for one in report.standards] == [one.id for one in spans]
    columns = log.to_columns()
    for one, period in zip(report.standards, spans, strict=True):
        start, end = (np.datetime64(at.replace(tzinfo=None)) for at in (period.start, period.end))
        before = columns["at"] < end
        kept = []
        for ticket in sorted(set(columns["ticket"][before])):
            events = [
                (at, status)
                for name, at, status in zip(columns["ticket"], columns["at"], columns["status"], strict=True)
                if name == ticket and at < end
            ]
            ends = [at for at, status in events if status in ("resolved", "closed")]
            told = [status for _, status in events if status is not None]
            if (ends and ends[0] >= start) or not (ends or told[-1:] == ["cancelled"]):
                kept.append(ticket)
        chosen = log.where(before & np.isin(columns["ticket"].astype(str), kept))
        assert one.report == check_standards(chosen, promises, now=period.end)


def test_no_standards_no_reports() -> None:
    assert team_report(simple(), periods=[span(0, 2)], by=None).standards == ()


def test_standards_may_come_in_any_order() -> None:
    promises = [standard("b"), standard("a", threshold=hours(1))]
    one, other = (
        team_report(simple(), periods=[span(0, 2)], by=None, standards=given)
        for given in (promises, iter(reversed(promises)))
    )
    assert one == other
    assert [row.standard for row in one.standards[0].report.rows] == ["a", "b"]


# wrong arguments


@pytest.mark.parametrize("wrong", [None, "log", 3, [("t", START)], float("nan")])
def test_what_is_no_log_is_refused(wrong: Any) -> None:
    with pytest.raises(EscalationError, match="log: expected EventLog, got"):
        team_report(wrong, periods=[span(0, 1)])


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown column 'domian' \(did you mean 'domain'\?\)"):
        team_report(simple(domain=["x"] * 3), periods=[span(0, 1)], by="domian")
    with pytest.raises(UnknownIdError, match="unknown column 'domain'; known: status"):
        team_report(simple(), periods=[span(0, 1)])
    for own in ("ticket", "at"):
        with pytest.raises(UnknownIdError, match="unknown column"):
            team_report(simple(), periods=[span(0, 1)], by=own)


@pytest.mark.parametrize("by", ["", 3, True, ["domain"], math.nan, " domain"])
def test_a_column_is_a_text(by: Any) -> None:
    with pytest.raises(EscalationError, match="team report: by: expected"):
        team_report(simple(domain=["x"] * 3), periods=[span(0, 1)], by=by)


@pytest.mark.parametrize("wrong", [None, (), [], "p", 3, span(0, 1), {"p": span(0, 1)}])
def test_periods_are_a_list_of_at_least_one(wrong: Any) -> None:
    with pytest.raises(EscalationError, match="periods: expected at least one Period, got"):
        team_report(simple(), periods=wrong, by=None)


def test_periods_may_neither_overlap_nor_be_out_of_order_nor_share_a_name() -> None:
    wrong = [span(0, 2, "a"), span(1, 3, "b"), span(-1, 0, "c"), span(3, 4, "a")]
    with pytest.raises(EscalationError) as raised:
        team_report(simple(), periods=wrong, by=None)
    assert [fault.where for fault in raised.value.faults] == ["periods[1]", "periods[2]", "periods[3]"]
    for text in ("'b' begins at", "before 'a' ends at", "'c' begins at", "'a' is the name of an earlier one"):
        assert text in str(raised.value)


def test_periods_may_touch_or_leave_gaps() -> None:
    report = team_report(simple(), periods=[span(-2, 0, "a"), span(0, 1, "b"), span(5, 6, "c")], by=None)
    assert [one.id for one in report.periods] == ["a", "b", "c"]
    assert by_key(report)[None, "b", "time_to_resolve_median"].flags == ("not_reached",)


@pytest.mark.parametrize("wrong", [None, "solve", 3, ["solve"], standard()])
def test_standards_are_a_list_of_them(wrong: Any) -> None:
    with pytest.raises(EscalationError, match=r"standards.*: expected a"):
        team_report(simple(), periods=[span(0, 1)], by=None, standards=wrong)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong: Any = {"periods": [span(0, 1), span(0, 1)], "standards": [standard(), standard()], "by": 3}
    with pytest.raises(EscalationError, match="'solve' is there more than once") as raised:
        team_report("log", **wrong)  # type: ignore[arg-type]
    assert [fault.where for fault in raised.value.faults] == ["log", "periods[1]", "periods[1]", "standards", "by"]


def test_a_rating_that_is_none_is_refused_where_it_counts() -> None:
    log = simple(csat=[0.0, 5.0, 3.0])
    with pytest.raises(LogError, match="csat of ticket 'a': expected a number from 1 to 5, got 0"):
        team_report(log, periods=[span(0, 2)], by=None)
    assert team_report(log, periods=[span(-5, -2)], by=None).rows


# what a report is


@pytest.fixture(scope="module")
def report() -> TeamReport:
    return team_report(samples.tickets(), periods=MONTHS, standards=[standard()])


def test_a_report_is_plain_data(report: TeamReport) -> None:
    told = report.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert set(told) == {"periods", "by", "rows", "standards", "flags"}
    assert set(report.flags) == {flag for row in report.rows for flag in row.flags}
    assert told["standards"][0]["report"]["rows"][0]["standard"] == "solve"
    records = report.to_records()
    columns = ("group", "metric", "period", "n", "value", "low", "high", "previous", "change", "flags")
    assert all(set(record) == set(columns) for record in records)
    assert {type(value) for record in records for value in record.values()} <= {str, int, float, type(None)}
    assert [record["value"] for record in records] == [row["value"] for row in told["rows"]]


def test_a_report_survives_pickle_and_copy(report: TeamReport) -> None:
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes
    assert copy.deepcopy(report) == report
    assert report != team_report(samples.tickets(), periods=MONTHS)


def test_a_report_shows_itself_with_every_text_escaped() -> None:
    shown = team_report(simple(domain=["<b>"] * 3), periods=[span(0, 1, "<p>")])._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
    assert "&lt;p&gt;" in shown


def test_every_flag_is_explained(report: TeamReport) -> None:
    bare = EventLog.from_columns(ticket=["t"], at=[START])
    rows = [*report.rows, *team_report(bare, periods=[span(0, 1)], by=None).rows]
    assert {flag.partition(":")[0] for row in rows for flag in row.flags} <= set(ESCALATION_FLAGS)


def test_people_are_no_part_of_the_report(report: TeamReport) -> None:
    told = json.dumps(report.to_dict())
    assert not any(name in told for name in ("amara", "boris", "chen", "dilnoza", "emeka", "fatima", "goran", "hana"))
