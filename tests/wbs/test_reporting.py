"""Metrics, the management report, six answers about success, and what-if comparison."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit import samples
from leadkit.errors import PlanError, UnknownIdError
from leadkit.wbs import (
    WBS_FLAGS,
    Document,
    Estimate,
    Gate,
    Group,
    Handover,
    Link,
    Metric,
    Plan,
    Progress,
    Status,
    Wbs,
    WorkPackage,
    assign,
    compare,
    evaluate_metrics,
    management_report,
    readiness,
    resource_request,
    schedule,
    simulate,
    success,
    track,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
REPORT = Document(id="report", kind="management_report")


def plan(**fields: Any) -> Plan:
    packages = [WorkPackage(id=own, estimate=Estimate.fixed(1), measures={"cost": 100}) for own in ("a", "b", "c")]
    given: dict[str, Any] = {
        "wbs": Wbs(root=Group(id="site", name="Site", children=packages)),
        "start": START,
        "links": (*Link.parse("a", "b"), *Link.parse("a", "c")),
        "currency": "EUR",
    }
    return Plan(**(given | fields))


def reported(*, done: str = "", as_of: datetime = START + timedelta(days=2), cost: float | None = 90) -> Status:
    progress = [
        Progress(
            package=own, percent=100, actual_start=START, actual_finish=START + timedelta(hours=9), actual_cost=cost
        )
        for own in done
    ]
    return Status(as_of=as_of, progress=progress)


def tracked(given: Plan, **how: Any) -> Any:
    return track(given, schedule(given), reported(**how))


METRICS = [Metric(id="nps", target=40), Metric(id="defects", target=3, direction="at_most")]


@pytest.mark.parametrize(
    ("value", "nps", "defects"),
    [(40, True, False), (3, False, True), (2.5, False, True), (float("nan"), None, None), (None, None, None)],
)
def test_a_metric_is_met_at_its_target_or_on_its_good_side(value: Any, nps: bool | None, defects: bool | None) -> None:
    found = evaluate_metrics(plan(metrics=METRICS), {"nps": value, "defects": value})
    assert [metric.met for metric in found] == [nps, defects]
    if nps is None:
        assert all(math.isnan(metric.value) and math.isnan(metric.gap) for metric in found)
    else:
        assert [metric.gap for metric in found] == [value - 40, value - 3]


def test_metrics_that_are_unknown_or_no_numbers_are_refused() -> None:
    with pytest.raises(UnknownIdError, match="unknown metric 'npss' \\(did you mean 'nps'"):
        evaluate_metrics(plan(metrics=METRICS), {"npss": 1})
    with pytest.raises(PlanError, match="expected ids and values, got None"):
        evaluate_metrics(plan(metrics=METRICS), None)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="unknown metric 1"):
        evaluate_metrics(plan(metrics=METRICS), {1: 2})  # type: ignore[dict-item]
    with pytest.raises(PlanError, match="metric 'nps': expected a number, got 'high'"):
        evaluate_metrics(plan(metrics=METRICS), {"nps": "high"})  # type: ignore[dict-item]


def test_the_report_has_every_part_that_was_given() -> None:
    given = samples.plan()
    status = samples.status()
    tracking = track(given, assign(given, schedules=50), status)
    found = management_report(
        given,
        tracking,
        readiness=[readiness(given, own, status, documents={"brief": "approved"}) for own in ("scope", "to-test")],
        metrics=evaluate_metrics(given, {"solved": 31}),
        risk=simulate(given, n=500),
        request=resource_request(given, assignment=assign(given, schedules=50)),
    )
    assert [section.id for section in found.sections] == [
        "summary",
        "cost",
        "time",
        "late",
        "accounts",
        "handovers",
        "missing",
        "metrics",
        "risk",
        "critical",
        "requests",
        "doubts",
    ]
    assert found.title == "Self-service portal"
    assert all(flag.partition(":")[0] in WBS_FLAGS for flag in found.flags)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["currency"] == "EUR"
    summary = {record["what"]: record["value"] for record in found.section("summary").records}
    assert summary["work packages done"] == 6
    assert summary["next hand-over"] == "to-test"
    chances = [record["value"] for record in found.section("risk").records if "probability" in record["what"]]
    assert chances[1] < chances[0] < chances[2]
    assert len(found.section("critical").records) == 5
    assert {record["section"] for record in found.to_records()} <= {section.id for section in found.sections}
    with pytest.raises(UnknownIdError, match="unknown section 'costs'"):
        found.section("costs")


def test_the_report_leaves_out_what_was_not_given() -> None:
    given = plan()
    found = management_report(given, tracked(given, done="a"))
    assert [section.id for section in found.sections] == ["summary", "cost", "time", "late"]
    assert found.flags == ()
    risk = management_report(given, tracked(given), risk=simulate(given, n=20)).section("risk")
    assert [record["what"] for record in risk.records] == ["finish with 50 % certainty", "finish with 80 % certainty"]


def test_a_report_is_about_its_own_plan() -> None:
    for call in (management_report, success):
        with pytest.raises(PlanError, match="not those of the plan"):
            call(samples.plan(), tracked(plan()))
        with pytest.raises(PlanError, match="expected a Plan and a Tracking, got Plan and NoneType"):
            call(plan(), None)  # type: ignore[arg-type]


def test_rows_of_reports_cannot_be_changed() -> None:
    given = plan()
    records = (
        *success(given, tracked(given)).evidence,
        *management_report(given, tracked(given)).section("cost").records,
    )
    for record in records:
        with pytest.raises(TypeError):
            record["x"] = 1  # type: ignore[index]


def test_a_project_that_is_done_in_time_and_money_is_a_success() -> None:
    given = plan(
        deadline=START + timedelta(days=3),
        handovers=[Handover(id="h", from_phase="site", documents=[REPORT], customer=True)],
    )
    status = Status(
        as_of=START + timedelta(days=2),
        progress=[
            *reported(done="abc").progress,
            Progress(package="handover:h", percent=100, actual_finish=START + timedelta(days=1)),
        ],
    )
    tracking = track(given, schedule(given), status)
    ready = readiness(given, "h", status, documents={"report": "approved"})
    metrics = evaluate_metrics(given.with_(metrics=METRICS), {"nps": 50, "defects": 0})
    found = success(given, tracking, metrics=metrics, readiness=[ready])
    answers = [record["value"] for record in found.to_records()]
    assert answers == [True] * 6
    assert found.on_time
    assert found.handed_over
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_a_project_that_failed_says_in_what() -> None:
    given = plan(
        deadline=START + timedelta(days=1),
        handovers=[Handover(id="h", from_phase="site", documents=[REPORT], customer=True)],
        metrics=METRICS,
    )
    status = reported(done="a", cost=500)
    tracking = track(given, schedule(given), status)
    ready = readiness(given, "h", status, documents={})
    found = success(given, tracking, readiness=[ready], metrics=evaluate_metrics(given, {"nps": 1}))
    assert [record["value"] for record in found.to_records()] == [False] * 6
    because = {record["answer"]: record["because"] for record in found.to_records()}
    assert because["on_time"] == "not done 2026-01-07 08:00, due 2026-01-06 08:00"
    assert because["on_budget"] == "500.00 EUR spent of 300.00 EUR"
    assert because["scope_done"] == "1 of 3 work packages are done"
    assert because["documented"] == "not approved: report"
    assert because["metrics_met"] == "missed: nps"
    assert because["handed_over"] == "the next hand-over is h"


def test_what_is_not_known_yet_is_none() -> None:
    given = plan(metrics=METRICS, gates=[Gate(id="g", after="a", documents=[Document(id="spec")])], currency="")
    found = success(given, tracked(given, done="a"), metrics=evaluate_metrics(given, {"nps": 50}))
    values = {record["answer"]: record["value"] for record in found.to_records()}
    assert values == {
        "on_time": None,
        "on_budget": None,
        "scope_done": False,
        "documented": None,
        "metrics_met": None,
        "handed_over": None,
    }
    late = plan(deadline=START + timedelta(days=9))
    assert success(late, tracked(late, done="a")).on_time is None
    unpaid = success(given, tracked(given, done="a", cost=None))
    assert unpaid.on_budget is None
    empty = Plan(wbs=Wbs(root=Group(id="r")), start=START)
    assert success(empty, tracked(empty)).scope_done is None
    assert success(empty, tracked(empty)).documented is None


def test_a_late_finish_is_late_though_it_is_done() -> None:
    given = plan(deadline=START + timedelta(hours=1))
    assert success(given, tracked(given, done="abc")).on_time is False


def test_plans_are_compared_by_what_they_say_and_by_their_finish() -> None:
    before = samples.plan()
    after = before.replace("service", estimate=Estimate.fixed(20)).with_(links=before.links[1:], currency="USD")
    found = compare(before, after)
    changed = {(row.id, row.field): row for row in found.rows}
    assert (
        changed["service", "duration"].delta
        == 20 * 480 - before.network().duration[list(before.activities).index("service")]
    )
    assert (changed["", "currency"].before, changed["", "currency"].after) == ("EUR", "USD")
    assert changed["journeys", "predecessors"].before == "interviews"
    assert changed["journeys", "predecessors"].after is None
    assert set(changed) == {
        ("", "currency"),
        ("service", "estimate"),
        ("service", "duration"),
        ("journeys", "predecessors"),
    }
    assert found.finish_delta > 0
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert len(found.to_records()) == 4


def test_parts_that_come_and_go_are_compared() -> None:
    before = samples.plan()
    after = before.with_(
        gates=(),
        events=before.events[:1],
        handovers=before.handovers[:1],
        calendars={"night": before.calendar},
        metrics=(),
    )
    rows = compare(before, after).rows
    assert {row.id for row in rows} == {
        "gate:scope",
        "event:flu",
        "handover:to-desk",
        "calendar:night",
        "metric:solved",
        "metric:defects",
        "metric:cases",
    }
    assert all(math.isnan(row.delta) for row in rows)


def test_schedules_are_compared_in_working_minutes() -> None:
    before, after = schedule(plan()), schedule(plan().replace("b", estimate=Estimate.fixed(2)))
    found = compare(before, after)
    assert found.finish_delta == 480
    assert found.left_critical == ("c",)
    assert found.entered_critical == ()
    deltas = {(row.id, row.field): row.delta for row in found.rows}
    assert deltas["b", "early_finish"] == 480
    assert deltas["c", "total_float"] == 480
    assert math.isnan(deltas["c", "is_critical"])
    back = compare(after, before)
    assert back.finish_delta == -480
    assert back.entered_critical == ("c",)
    assert compare(before, before).rows == ()


def test_a_start_that_moves_moves_the_finish() -> None:
    given = plan()
    assert compare(schedule(given), schedule(given.with_(start=START + timedelta(days=1)))).finish_delta == 480


def test_assignments_and_simulations_are_compared() -> None:
    given = samples.plan()
    slow = given.replace("pages", estimate=Estimate.fixed(30))
    found = compare(assign(given, schedules=20), assign(slow, schedules=20))
    assert found.finish_delta > 0
    assert ("pages", "minutes") in {(row.id, row.field) for row in found.rows}
    assert (found.entered_critical, found.left_critical) == ((), ())
    risks = compare(simulate(given, n=400), simulate(slow, n=400))
    assert risks.finish_delta > 0
    assert "pages" in risks.entered_critical
    assert {"mean", "p80"} <= {row.field for row in risks.rows if not row.id}


def test_things_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(PlanError, match="got Plan and Schedule"):
        compare(plan(), schedule(plan()))
