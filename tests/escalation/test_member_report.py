"""The report of a member: every number again by plain loops, laws, odd logs, wrong arguments."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from leadkit import escalation, samples
from leadkit.errors import EscalationError, LogError, UnknownIdError
from leadkit.escalation import ESCALATION_FLAGS, EventLog, MemberReport, Period, PilotOutcomes, member_report, periods
from leadkit.escalation.performance import MemberRow
from leadkit.testing.performance import desk_log, some_periods
from leadkit.testing.pilot import pilot_outcomes

METRICS = (
    "time_to_resolve_median",
    "csat_mean",
    "calls_addressed",
    "first_line_resolution",
    "reopened_share",
    "escalations_raised",
)
CLOSE = 1e-9
START = datetime(2024, 3, 4, 8, tzinfo=UTC)
SEPTEMBER = periods(date(2026, 9, 1), date(2026, 11, 1))
PILOT = PilotOutcomes(person=["ann", "bo"], domain=["billing"] * 2, success=[9, 4], count=[10, 10])
Row = dict[str, Any]


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def spans_of(*marks: float) -> tuple[Period, ...]:
    """Make periods p1, p2, ... between hours after START."""
    return tuple(
        Period(id=f"p{i}", start=START + hours(a), end=START + hours(b))
        for i, (a, b) in enumerate(pairwise(marks), start=1)
    )


# the report again, by plain loops over rows


@frozen
class Told:
    """A number of somebody and of how many cases, with its interval and flags."""

    value: float
    n: int
    interval: tuple[float, float] | None = None
    flags: tuple[str, ...] = ()


def rows_of(log: EventLog) -> list[Row]:
    columns = log.to_columns()
    columns["at"] = np.array([one.replace(tzinfo=UTC) for one in columns["at"].tolist()], dtype=object)
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def histories(rows: list[Row], end: datetime) -> dict[str, list[Row]]:
    """Sort the events before the end by ticket."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["at"]):
        if row["at"] < end:
            found.setdefault(row["ticket"], []).append(row)
    return found


def first_resolving(events: list[Row]) -> Row | None:
    for row in events:
        if row.get("status") in ("resolved", "closed"):
            return row
    return None


def is_still_open(events: list[Row]) -> bool:
    statuses = [row.get("status") for row in events if row.get("status") is not None]
    return first_resolving(events) is None and (not statuses or statuses[-1] != "cancelled")


def was_reopened(events: list[Row]) -> bool:
    statuses = [row["status"] for row in events if row["status"] is not None]
    ended = ("resolved", "closed")
    return any(a in ended and b not in (*ended, "cancelled") for a, b in pairwise(statuses))


def wilson(found: int, n: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf(0.975)
    p = found / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def share(hits: list[bool]) -> Told:
    if not hits:
        return Told(math.nan, 0, None, ("empty",))
    return Told(sum(hits) / len(hits), len(hits), wilson(sum(hits), len(hits)))


def mean(values: list[float]) -> Told:
    from scipy.stats import t

    n = len(values)
    if not n:
        return Told(math.nan, 0, None, ("empty",))
    average = math.fsum(values) / n
    if n == 1:
        return Told(average, n)
    spread = t.ppf(0.975, n - 1) * math.sqrt(math.fsum((x - average) ** 2 for x in values) / (n - 1) / n)
    return Told(average, n, (average - spread, average + spread))


def median(lasted: list[tuple[timedelta, bool]]) -> Told:
    """Give the Kaplan-Meier median: the survival falls at each time by the share of those at risk who end then."""
    if not lasted:
        return Told(math.nan, 0, None, ("empty",))
    survival = Fraction(1)
    for time in sorted({time for time, ended in lasted if ended}):
        at_risk = sum(1 for other, _ in lasted if other >= time)
        survival *= 1 - Fraction(lasted.count((time, True)), at_risk)
        if survival <= Fraction(1, 2):
            return Told(time / hours(1), len(lasted))
    return Told(math.nan, len(lasted), None, ("not_reached",))


class Reference:
    """What belongs to people in a period."""

    def __init__(self, rows: list[Row], columns: Iterable[str], period: Period) -> None:
        self.columns, self.period = set(columns), period
        self.cases = histories(rows, period.end)

    def inside(self, row: Row | None) -> bool:
        return row is not None and self.period.start <= row["at"] < self.period.end

    def resolved(self, people: Iterable[str]) -> list[list[Row]]:
        found = []
        for events in self.cases.values():
            end = first_resolving(events)
            if end is not None and self.inside(end) and end["person"] in people:
                found.append(events)
        return found

    def time(self, people: Iterable[str]) -> Told:
        if "status" not in self.columns:
            return Told(math.nan, 0, None, ("needs:status",))
        lasted = []
        for events in self.resolved(people):
            end = first_resolving(events)
            assert end is not None
            lasted.append((end["at"] - events[0]["at"], True))
        for events in self.cases.values():
            known = [row["person"] for row in events if row["person"] is not None]
            if is_still_open(events) and known and known[-1] in people:
                lasted.append((self.period.end - events[0]["at"], False))
        return median(lasted)

    def of_resolved(self, metric: str, cases: list[list[Row]]) -> Told:
        needs = {
            "csat_mean": ("csat",),
            "first_line_resolution": ("status", "level"),
            "reopened_share": ("status",),
        }[metric]
        lacking = [f"needs:{name}" for name in needs if name not in self.columns]
        if lacking:
            return Told(math.nan, 0, None, tuple(lacking))
        if metric == "csat_mean":
            ratings = [events[0]["csat"] for events in cases]
            return mean([one for one in ratings if one is not None and one == one])  # noqa: PLR0124 - NaN
        if metric == "reopened_share":
            return share([was_reopened(events) for events in cases])
        return share([(first_resolving(events) or {})["level"] == 1 for events in cases])

    def calls(self, person: str) -> int:
        return sum(
            any(self.inside(row) and row["person"] == person for row in events) for events in self.cases.values()
        )

    def raised(self, people: Iterable[str]) -> Told:
        """Go through every event that rises above the last level known; the last person known had it before."""
        if "level" not in self.columns:
            return Told(math.nan, 0, None, ("needs:level",))
        touched, raised = set(), set()
        for ticket, events in self.cases.items():
            level, person = 0, ""
            for row in events:
                if self.inside(row):
                    if 0 < level < row["level"] and person in people:
                        raised.add((ticket, person))
                    if row["person"] in people:
                        touched.add((ticket, row["person"]))
                level, person = row["level"] or level, row["person"] or person
        return share([pair in raised for pair in touched | raised])


def adjusted(reference: Reference, metric: str, own: list[list[Row]], team: list[list[Row]]) -> tuple[Any, ...]:
    """Weigh the others' numbers of each domain by the member's cases in it."""
    lonely, total, weight, n_others = [], 0.0, 0, 0
    for domain in sorted({events[0]["domain"] for events in own}, key=lambda one: (one is None, one or "")):
        mine, theirs = (
            reference.of_resolved(metric, [events for events in cases if events[0]["domain"] == domain])
            for cases in (own, team)
        )
        if mine.n and theirs.n:
            total, weight, n_others = total + mine.n * theirs.value, weight + mine.n, n_others + theirs.n
        elif mine.n:
            lonely.append(f"no_comparison:{domain or '(none)'}")
    return total / weight if weight else math.nan, weight, n_others, ("case_mix_adjusted", *lonely)


def expected(log: EventLog, person: str, given_periods: Sequence[Period], *, is_adjusted: bool) -> list[Row]:
    """Work out all rows but that of the pilot."""
    rows, columns = rows_of(log), log.to_columns()
    everybody = sorted({row["person"] for row in rows if row["person"] is not None})
    others = [one for one in everybody if one != person]
    found: list[Row] = []
    for place, period in enumerate(given_periods):
        reference = Reference(rows, columns, period)
        for name in METRICS:
            flags: tuple[str, ...] = ()
            if name == "calls_addressed":
                n = reference.calls(person)
                counts = [reference.calls(one) for one in others]
                counts = [count for count in counts if count]
                own = Told(float(n), n)
                team = Told(sum(counts) / len(counts) if counts else math.nan, sum(counts))
            elif name == "time_to_resolve_median":
                own, team = reference.time([person]), reference.time(others)
            elif name == "escalations_raised":
                own, team = reference.raised([person]), reference.raised(others)
            else:
                mine, theirs = reference.resolved([person]), reference.resolved(others)
                own, team = reference.of_resolved(name, mine), reference.of_resolved(name, theirs)
            n_compared, n_others, team_value = own.n, team.n, team.value
            if is_adjusted and "domain" in columns and name in METRICS[1:5] and name != "calls_addressed":
                team_value, n_compared, n_others, flags = adjusted(reference, name, mine, theirs)
            flags = (*own.flags, *flags, *(("resolver_only",) if name == "first_line_resolution" else ()))
            if own.n < 10:
                team_value, flags = math.nan, (*flags, "few_cases")
            elif n_others < 10 or n_compared < 10:
                team_value, flags = math.nan, (*flags, "few_others")
            before = found[-len(METRICS)] if place else None
            is_change = before is not None and before["n"] >= 10 and own.n >= 10
            previous = before["value"] if before is not None and is_change else math.nan
            found.append(
                {
                    "metric": name,
                    "period": period.id,
                    "n": own.n,
                    "value": own.value,
                    "interval": own.interval,
                    "team_value": team_value,
                    "previous": previous,
                    "change": own.value - previous,
                    "flags": flags,
                }
            )
    return found


def assert_same(row: MemberRow, wanted: Row) -> None:
    for name in ("metric", "period", "n", "flags"):
        assert getattr(row, name) == wanted[name], (name, row, wanted)
    for name in ("value", "team_value", "previous", "change"):
        assert getattr(row, name) == pytest.approx(wanted[name], rel=CLOSE, abs=CLOSE, nan_ok=True), (name, row, wanted)
    assert (row.interval is None) == (wanted["interval"] is None), (row, wanted)
    if row.interval is not None:
        assert row.interval == pytest.approx(wanted["interval"], rel=CLOSE, abs=CLOSE)


@given(desk_log(), some_periods(), st.booleans())
def test_every_number_is_that_of_plain_loops(log: EventLog, spans: tuple[Period, ...], is_adjusted: bool) -> None:
    for person in log.person.values if log.person else ():
        report = member_report(log, person, periods=spans, outcomes=PILOT if is_adjusted else None)
        wanted = expected(log, person, spans, is_adjusted=is_adjusted)
        rows = report.rows[:-1] if is_adjusted else report.rows
        assert len(rows) == len(wanted)
        for row, own in zip(rows, wanted, strict=True):
            assert_same(row, own)


@given(pilot_outcomes(), st.sampled_from(("ann", "bo", "cy")))
def test_the_row_of_the_pilot_weighs_the_others_of_each_stratum(outcomes: PilotOutcomes, person: str) -> None:
    cases: dict[tuple[str, str | None], dict[str, tuple[int, int]]] = {}
    strata = outcomes.stratum or (None,) * len(outcomes)
    counts = [1] * len(outcomes) if outcomes.count is None else outcomes.count.tolist()
    for name, domain, stratum, n, k in zip(
        outcomes.person, outcomes.domain, strata, counts, outcomes.success.tolist(), strict=True
    ):
        of = cases.setdefault((domain, stratum), {})
        of[name] = (of.get(name, (0, 0))[0] + n, of.get(name, (0, 0))[1] + k)
    own_n = own_k = compared = n_others = 0
    total, lonely = 0.0, []
    for (domain, stratum), of in sorted(cases.items(), key=lambda one: (one[0][0], one[0][1] or "")):
        n, k = of.get(person, (0, 0))
        rest = sum(one[0] for name, one in of.items() if name != person)
        own_n, own_k = own_n + n, own_k + k
        if n and not rest:
            lonely.append(f"no_comparison:{domain if stratum is None else f'{domain}/{stratum}'}")
        elif n:
            compared, n_others = compared + n, n_others + rest
            total += n * sum(one[1] for name, one in of.items() if name != person) / rest
    log = EventLog.from_columns(ticket=["t"], at=[START], person=[person])
    row = member_report(log, person, periods=spans_of(0, 1), outcomes=outcomes).rows[-1]
    flags = ["case_mix_adjusted", *lonely]
    if own_n < 10:
        flags.append("few_cases")
    elif compared < 10 or n_others < 10:
        flags.append("few_others")
    assert (row.metric, row.period, row.n, row.flags) == ("pilot_success", None, own_n, tuple(flags))
    assert row.value == pytest.approx(own_k / own_n if own_n else math.nan, nan_ok=True)
    is_told = own_n >= 10 and compared >= 10 and n_others >= 10
    assert row.team_value == pytest.approx(total / compared if is_told else math.nan, nan_ok=True)
    assert math.isnan(row.previous)
    assert math.isnan(row.change)


def plain(rows: Iterable[MemberRow]) -> list[Row]:
    return [row.to_dict() for row in rows]


@given(desk_log(), some_periods(), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(log: EventLog, spans: tuple[Period, ...], seed: int) -> None:
    columns = log.to_columns()
    order = np.random.default_rng(seed).permutation(len(log))
    again = EventLog.from_columns(**{name: column[order] for name, column in columns.items()})
    for person in log.person.values if log.person else ():
        assert member_report(again, person, periods=spans) == member_report(log, person, periods=spans)


@given(desk_log(), some_periods())
def test_what_comes_after_the_last_period_changes_nothing(log: EventLog, spans: tuple[Period, ...]) -> None:
    end = spans[-1].end.replace(tzinfo=None)
    before = log.where(log.at < np.datetime64(end))
    for person in before.person.values if before.person else ():
        assert member_report(before, person, periods=spans) == member_report(log, person, periods=spans)


@given(desk_log(), some_periods())
def test_new_names_of_people_change_no_number(log: EventLog, spans: tuple[Period, ...]) -> None:
    """Names that sort the other way round."""
    people = log.person.values if log.person else ()
    names = {one: f"x{99 - i}" for i, one in enumerate(people)}
    columns: dict[str, Any] = log.to_columns()
    columns["person"] = [names.get(one) for one in columns["person"]]
    again = EventLog.from_columns(**columns)
    for person in people:
        old, new = (member_report(one, who, periods=spans) for one, who in ((log, person), (again, names[person])))
        assert new.person == names[person]
        assert new.rows == old.rows


@given(desk_log(complete=True), st.integers(-5, 30), st.integers(1, 30), st.integers(1, 30))
def test_the_cases_of_two_periods_are_those_of_both_together(
    log: EventLog, start: int, first: int, second: int
) -> None:
    a, b, c = (START + timedelta(minutes=20 * n) for n in (start, start + first, start + first + second))
    halves = Period(id="1", start=a, end=b), Period(id="2", start=b, end=c)
    for person in log.person.values if log.person else ():
        parts = member_report(log, person, periods=halves).rows
        whole = member_report(log, person, periods=[Period(id="w", start=a, end=c)]).rows
        for place in (3, 4):  # of resolved tickets
            assert parts[place].n + parts[place + 6].n == whole[place].n
        line = [parts[3], parts[9], whole[3]]
        solved = [round(row.value * row.n) if row.n else 0 for row in line]
        assert solved[0] + solved[1] == solved[2]
        assert max(parts[2].n, parts[8].n) <= whole[2].n <= parts[2].n + parts[8].n


def test_a_member_is_compared_from_ten_cases_of_both_on() -> None:
    """Nine cases of ann and ten of bo, then ten each: all first line, one hour each, but for one of bo's."""

    def log(ann: int, bo: int) -> EventLog:
        rows = []
        for person, n in (("ann", ann), ("bo", bo)):
            for i in range(n):
                for hour, status in ((0, "new"), (1, "resolved")):
                    level = 2 if person == "bo" and i == 0 else 1
                    row = {"ticket": f"{person}{i}", "at": START + hours(hour), "status": status}
                    rows.append(row | {"person": person, "level": level})
        return EventLog.from_records(rows)

    few = {row.metric: row for row in member_report(log(9, 10), "ann", periods=spans_of(0, 2)).rows}
    assert few["first_line_resolution"].flags == ("resolver_only", "few_cases")
    assert math.isnan(few["first_line_resolution"].team_value)
    enough = {row.metric: row for row in member_report(log(10, 10), "ann", periods=spans_of(0, 2)).rows}
    assert enough["first_line_resolution"].flags == ("resolver_only",)
    assert (enough["first_line_resolution"].value, enough["first_line_resolution"].team_value) == (1.0, 0.9)
    assert (enough["time_to_resolve_median"].value, enough["time_to_resolve_median"].team_value) == (1.0, 1.0)
    alone = {row.metric: row for row in member_report(log(10, 9), "ann", periods=spans_of(0, 2)).rows}
    assert alone["first_line_resolution"].flags == ("resolver_only", "few_others")
    assert alone["first_line_resolution"].value == 1.0
    assert math.isnan(alone["first_line_resolution"].team_value)


def test_no_change_is_told_where_either_period_has_few_cases() -> None:
    rows = []
    for i in range(19):
        at = START + hours(0 if i < 9 else 10)
        rows += [
            {"ticket": f"t{i}", "at": at, "status": "new", "person": "ann"},
            {"ticket": f"t{i}", "at": at + hours(1), "status": "resolved", "person": "ann"},
        ]
    report = member_report(EventLog.from_records(rows), "ann", periods=spans_of(0, 10, 20, 30))
    of_time = [row for row in report.rows if row.metric == "time_to_resolve_median"]
    assert [row.n for row in of_time] == [9, 10, 0]
    assert all(math.isnan(row.previous) and math.isnan(row.change) for row in of_time)


def simple(*events: tuple[str, float, str, int, str | None], **columns: list[Any]) -> EventLog:
    names = ("ticket", "at", "status", "level", "person")
    values = [list(one) for one in zip(*events, strict=True)]
    values[1] = [START + hours(n) for n in values[1]]
    return EventLog.from_columns(**dict(zip(names, values, strict=True)), **columns)


def of(report: MemberReport, metric: str, place: int = 0) -> MemberRow:
    return [row for row in report.rows if row.metric == metric][place]


def test_a_case_belongs_to_its_first_resolving_event_however_often_it_is_closed() -> None:
    log = simple(
        ("t", 0, "new", 1, "ann"),
        ("t", 1, "resolved", 1, "bo"),
        ("t", 2, "reopened", 1, "ann"),
        ("t", 11, "closed", 2, "ann"),
    )
    ann, bo = (member_report(log, name, periods=spans_of(0, 10, 20)) for name in ("ann", "bo"))
    assert [of(bo, "first_line_resolution", i).n for i in (0, 1)] == [1, 0]
    assert [of(ann, "first_line_resolution", i).n for i in (0, 1)] == [0, 0]
    assert of(bo, "reopened_share").value == 1.0
    assert of(bo, "time_to_resolve_median").value == 1.0


def test_a_period_is_told_as_it_stood_at_its_end() -> None:
    """Resolved in the first period and reopened in the second: in neither a reopened case of a resolved one."""
    log = simple(("t", 0, "new", 1, "ann"), ("t", 1, "resolved", 1, "ann"), ("t", 12, "reopened", 1, "ann"))
    report = member_report(log, "ann", periods=spans_of(0, 10, 20))
    assert of(report, "reopened_share").value == 0.0
    assert of(report, "reopened_share", 1).n == 0


def test_a_period_is_half_open() -> None:
    log = simple(("t", 0, "new", 1, "ann"), ("t", 10, "resolved", 1, "ann"))
    report = member_report(log, "ann", periods=spans_of(0, 10, 20))
    assert [of(report, "first_line_resolution", i).n for i in (0, 1)] == [0, 1]
    assert [of(report, "calls_addressed", i).n for i in (0, 1)] == [1, 1]
    first = of(report, "time_to_resolve_median")
    assert (first.n, first.flags) == (1, ("not_reached", "few_cases"))


def test_an_open_case_is_censored_at_the_end_and_is_with_whom_had_it_last() -> None:
    log = simple(
        ("a", 0, "new", 1, "ann"),
        ("a", 4, "resolved", 1, "ann"),
        ("b", 1, "new", 1, "ann"),
        ("b", 2, "waiting", 1, None),
        ("c", 1, "new", 1, "ann"),
        ("c", 2, "assigned", 1, "bo"),
        ("d", 1, "new", 1, "ann"),
        ("d", 2, "cancelled", 1, "ann"),
    )
    early, late = (member_report(log, "ann", periods=spans_of(0, end)) for end in (4.5, 6))
    # of two cases, one ended at 4 h; the other is censored at 3.5 h, or at 5 h and so still at risk
    assert (of(early, "time_to_resolve_median").value, of(early, "time_to_resolve_median").n) == (4.0, 2)
    assert (of(late, "time_to_resolve_median").value, of(late, "time_to_resolve_median").n) == (4.0, 2)


def test_who_resolved_is_nobody_known_where_the_event_names_nobody() -> None:
    log = simple(("t", 0, "new", 1, "ann"), ("t", 1, "resolved", 1, None), ("u", 0, "new", 1, "bo"))
    for name in ("ann", "bo"):
        report = member_report(log, name, periods=spans_of(0, 10))
        assert of(report, "first_line_resolution").n == 0
    assert of(member_report(log, "ann", periods=spans_of(0, 10)), "calls_addressed").value == 1.0


def test_an_escalation_is_raised_by_whoever_had_the_case_before_it_rose() -> None:
    log = simple(
        ("t", 0, "new", 1, "ann"),
        ("t", 12, "assigned", 2, "bo"),
        ("u", 0, "new", 2, "bo"),
        ("u", 13, "assigned", 1, "bo"),
    )
    ann, bo = (member_report(log, name, periods=spans_of(0, 10, 20)) for name in ("ann", "bo"))
    assert [(of(ann, "escalations_raised", i).value, of(ann, "escalations_raised", i).n) for i in (0, 1)] == [
        (0, 1),
        (1, 1),
    ]
    assert of(ann, "calls_addressed", 1).value == 0.0
    assert [(of(bo, "escalations_raised", i).value, of(bo, "escalations_raised", i).n) for i in (0, 1)] == [
        (0, 1),
        (0, 2),
    ]


def test_periods_before_the_log_and_without_cases_are_empty() -> None:
    log = simple(("t", 20, "new", 1, "ann"), ("t", 21, "resolved", 1, "ann"), ("u", 20, "new", 1, "bo"))
    report = member_report(log, "ann", periods=spans_of(-10, 0, 10, 30, 40), outcomes=PILOT)
    empty = [row for row in report.rows if row.period != "p3" and row.period is not None]
    assert len(empty) == 18
    for row in empty:
        assert row.n == 0
        assert "few_cases" in row.flags
        assert row.interval is None
        assert row.value == (0.0 if row.metric == "calls_addressed" else pytest.approx(math.nan, nan_ok=True))


def test_a_log_of_people_only_says_what_it_lacks() -> None:
    log = EventLog.from_columns(ticket=["t"], at=[START], person=["ann"])
    found = {row.metric: row.flags for row in member_report(log, "ann", periods=spans_of(0, 1)).rows}
    assert found == {
        "time_to_resolve_median": ("needs:status", "few_cases"),
        "csat_mean": ("needs:csat", "few_cases"),
        "calls_addressed": ("few_cases",),
        "first_line_resolution": ("needs:status", "needs:level", "resolver_only", "few_cases"),
        "reopened_share": ("needs:status", "few_cases"),
        "escalations_raised": ("needs:level", "few_cases"),
    }


def test_the_pilot_may_be_read_by_other_rules_and_domains_may_have_another_name() -> None:
    log = samples.tickets(300)
    columns = log.to_columns()
    renamed = EventLog.from_columns(**{"product" if name == "domain" else name: one for name, one in columns.items()})
    months = periods(date(2026, 9, 1), date(2026, 11, 1), zone="Europe/Berlin")
    outcomes = escalation.pilot_outcomes(log)
    strict = escalation.evaluate_pilot(outcomes, q=1e-9)
    plain = member_report(log, "boris", periods=months, outcomes=outcomes)
    assert [area.domain for area in plain.growth] == ["network"]
    assert member_report(log, "boris", periods=months, outcomes=outcomes, evaluation=strict).growth == ()
    assert member_report(renamed, "boris", periods=months, outcomes=outcomes, domain="product").rows == plain.rows
    assert member_report(renamed, "boris", periods=months, outcomes=outcomes).rows != plain.rows
    with pytest.raises(EscalationError, match="evaluation: expected the outcomes it was found in too, got it alone"):
        member_report(log, "boris", periods=months, evaluation=strict)


def test_a_member_alone_in_a_domain_is_compared_in_the_others_only() -> None:
    """Twelve cases with others, all solved, and three where there is nobody else, none solved."""
    rows = []
    for who, domain, n, level in (
        ("ann", "billing", 12, 1),
        ("ann", "login", 3, 2),
        ("bo", "billing", 20, 2),
        ("bo", "login", 0, 1),
    ):
        for i in range(n):
            case = {"ticket": f"{who}{domain}{i}", "person": who, "domain": domain, "level": level}
            rows += [case | {"at": START, "status": "new"}, case | {"at": START + hours(1), "status": "resolved"}]
    log = EventLog.from_records(rows)
    row = of(member_report(log, "ann", periods=spans_of(0, 2), outcomes=PILOT), "first_line_resolution")
    assert (row.value, row.n, row.team_value) == (0.8, 15, 0.0)
    assert row.flags == ("case_mix_adjusted", "no_comparison:login", "resolver_only")
    tickets = np.array(log.tickets, dtype=object)[log.ticket]
    fewer = log.where(~np.isin(tickets.astype(str), ["annbilling0", "annbilling1", "annbilling2"]))
    row = of(member_report(fewer, "ann", periods=spans_of(0, 2), outcomes=PILOT), "first_line_resolution")
    assert (row.n, row.flags) == (12, ("case_mix_adjusted", "no_comparison:login", "resolver_only", "few_others"))
    assert math.isnan(row.team_value)


def test_cases_without_a_domain_are_a_mix_of_their_own() -> None:
    rows = []
    for i in range(12):
        case = {"ticket": f"t{i}", "person": "ann", "domain": None, "level": 1}
        rows += [case | {"at": START, "status": "new"}, case | {"at": START + hours(1), "status": "resolved"}]
    rows.append({"ticket": "u", "at": START, "person": "bo", "domain": "billing", "level": 1, "status": "new"})
    report = member_report(EventLog.from_records(rows), "ann", periods=spans_of(0, 2), outcomes=PILOT)
    row = of(report, "first_line_resolution")
    assert row.flags == ("case_mix_adjusted", "no_comparison:(none)", "resolver_only", "few_others")


# wrong arguments


@pytest.mark.parametrize("wrong", [None, "log", 3, [("t", START)], float("nan")])
def test_what_is_no_log_is_refused(wrong: Any) -> None:
    with pytest.raises(EscalationError, match="log: expected EventLog, got"):
        member_report(wrong, "ann", periods=spans_of(0, 1))


@pytest.mark.parametrize("wrong", [None, 3, "", " ann", ["ann"], True, math.nan, np.array(["ann", "bo"]), b"ann"])
def test_a_person_is_a_text(wrong: Any) -> None:
    log = simple(("t", 0, "new", 1, "ann"), ("t", 1, "new", 1, "bo"))
    with pytest.raises(EscalationError, match="member report: person: expected"):
        member_report(log, wrong, periods=spans_of(0, 1))


def test_an_unknown_person_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown person 'ana' \(did you mean 'ann'\?\); known: ann"):
        member_report(simple(("t", 0, "new", 1, "ann")), "ana", periods=spans_of(0, 1))


def test_an_empty_log_knows_nobody() -> None:
    with pytest.raises(UnknownIdError, match="unknown person 'ann'; known: none"):
        member_report(EventLog.from_columns(ticket=[], at=[], person=[]), "ann", periods=spans_of(0, 1))


@pytest.mark.parametrize("wrong", [None, (), [], "p1", 3, spans_of(0, 1)[0], {"p": spans_of(0, 1)[0]}])
def test_periods_are_a_list_of_at_least_one(wrong: Any) -> None:
    with pytest.raises(EscalationError, match="periods: expected at least one Period, got"):
        member_report(simple(("t", 0, "new", 1, "ann")), "ann", periods=wrong)


def test_all_that_is_wrong_is_told_at_once() -> None:
    a, b = spans_of(0, 1, 2)
    wrong: Any = {
        "periods": (b, a, a),
        "outcomes": "pilot",
        "catalogue": ["course", None],
        "skills": {"x": "billing", 3: [""]},
    }
    with pytest.raises(EscalationError) as raised:
        member_report(EventLog.from_columns(ticket=["t"], at=[START]), 7, **wrong)  # type: ignore[arg-type]
    assert [fault.where for fault in raised.value.faults] == [
        "person",
        "periods[1]",
        "periods[2]",
        "periods[2]",
        "log",
        "outcomes",
        "catalogue[0]",
        "catalogue[1]",
        "skills['x']",
        "skills",
        "skills[3][0]",
    ]


def test_what_is_no_period_is_named_by_its_place() -> None:
    wrong: Any = (spans_of(0, 1)[0], None, "p2")
    with pytest.raises(EscalationError, match="2 faults") as raised:
        member_report(simple(("t", 0, "new", 1, "ann")), "ann", periods=wrong)
    assert [fault.where for fault in raised.value.faults] == ["periods[1]", "periods[2]"]


def test_a_rating_that_is_none_is_refused_where_it_counts() -> None:
    log = simple(("t", 0, "new", 1, "ann"), ("t", 1, "resolved", 1, "ann"), csat=[7.0, 7.0])
    with pytest.raises(LogError, match="csat of ticket 't': expected a number from 1 to 5, got 7"):
        member_report(log, "ann", periods=spans_of(0, 2))


# what a report is


@pytest.fixture(scope="module")
def report() -> MemberReport:
    log = samples.tickets()
    from leadkit.escalation import pilot_outcomes as outcomes_of

    outcomes = outcomes_of(log, stratum="channel")
    return member_report(
        log,
        "boris",
        periods=SEPTEMBER,
        outcomes=outcomes,
        catalogue=samples.development_actions(),
        skills=samples.escalation_matrix(),
    )


def test_the_sample_says_where_boris_can_grow(report: MemberReport) -> None:
    assert [area.domain for area in report.growth] == ["network"]
    assert [action.id for action in report.growth[0].actions] == [
        "network_course",
        "network_certificate",
        "network_coach",
    ]
    pilot = report.rows[-1]
    assert (pilot.metric, pilot.period, pilot.n) == ("pilot_success", None, 120)
    assert pilot.value < pilot.team_value
    assert [row.metric for row in report.rows] == [*METRICS, *METRICS, "pilot_success"]


def test_every_flag_is_explained(report: MemberReport) -> None:
    log = EventLog.from_columns(ticket=["t"], at=[START], person=["ann"])
    rows = [*report.rows, *member_report(log, "ann", periods=spans_of(0, 1), outcomes=PILOT).rows]
    assert {flag.partition(":")[0] for row in rows for flag in row.flags} <= set(ESCALATION_FLAGS)


def test_a_report_is_plain_data(report: MemberReport) -> None:
    told = report.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert set(told) == {"person", "periods", "rows", "growth", "flags"}
    assert told["growth"][0]["evidence"]["verdict"] == "train"
    assert told["growth"][0]["actions"][0]["id"] == "network_course"
    assert told["periods"][0] == {
        "id": "2026-09",
        "start": "2026-09-01T00:00:00+00:00",
        "end": "2026-10-01T00:00:00+00:00",
    }
    records = report.to_records()
    assert len(records) == len(report.rows)
    assert {type(value) for record in records for value in record.values()} <= {str, int, float, type(None)}
    columns = ("metric", "period", "n", "value", "low", "high", "team_value", "previous", "change", "flags")
    assert all(set(record) == set(columns) for record in records)
    assert json.dumps(records, allow_nan=False)


def test_a_report_survives_pickle_and_copy(report: MemberReport) -> None:
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes
    assert copy.deepcopy(report) == report
    assert report != member_report(samples.tickets(), "boris", periods=SEPTEMBER)


def test_a_report_shows_itself_with_every_text_escaped() -> None:
    log = EventLog.from_columns(ticket=["t"], at=[START], person=["<ann>"])
    shown = member_report(log, "<ann>", periods=[Period(id="<p>", start=START, end=START + hours(1))])._repr_html_()
    assert "<p>" not in shown
    assert "&lt;p&gt;" in shown
    assert "time_to_resolve_median" in shown


def test_a_report_names_nobody_else(report: MemberReport) -> None:
    told = json.dumps(report.to_dict())
    assert not any(name in told for name in ("amara", "chen", "dilnoza", "emeka", "fatima", "goran", "hana"))
    assert not any(word in name for name in report.to_records()[0] for word in ("rank", "place", "best", "worst"))
