"""Facts of a real log of incidents, each by the definition named in the reference file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit.escalation.event_log import EventLog, Metric, handovers, metrics, ticket_table
from leadkit.escalation.event_log.ticket_table import TicketTable
from leadkit.escalation.survival import kaplan_meier, survival_quantile
from leadkit.interchange.event_csv import read_event_csv

HOUR = np.timedelta64(3600 * 10**6, "us")


@pytest.fixture(scope="module")
def facts(golden: Callable[[str], Any]) -> dict[str, Any]:
    read: dict[str, Any] = golden("escalation/bpi2013_facts.json")["facts"]
    return read


@pytest.fixture(scope="module")
def log(shared_data: Callable[[str], Path]) -> EventLog:
    return read_event_csv(shared_data("escalation/bpi2013_incidents.csv.gz"), profile="bpi2013")


@pytest.fixture(scope="module")
def table(log: EventLog) -> TicketTable:
    return ticket_table(log)


@pytest.fixture(scope="module")
def by_id(log: EventLog) -> dict[str, Metric]:
    return {metric.id: metric for metric in metrics(log)}


def counted(values: np.ndarray) -> dict[str, int]:
    different, counts = np.unique(values, return_counts=True)
    return dict(zip(map(str, different.tolist()), counts.tolist(), strict=True))


def test_size(log: EventLog, facts: dict[str, Any]) -> None:
    assert (len(log.tickets), log.events) == (facts["cases"], facts["events"])
    assert log.group is not None
    assert log.person is not None
    assert (len(log.group.values), len(log.person.values)) == (facts["groups"], facts["people"])
    assert str(log.at.max()) == facts["km_cutoff"].replace("Z", ".000000")


def test_levels(table: TicketTable, by_id: dict[str, Metric], facts: dict[str, Any]) -> None:
    assert counted(table.highest_level) == facts["highest_line"]
    assert counted(table.first_level) == facts["first_line"]
    assert counted(table.resolved_level[table.is_resolved]) == facts["line_of_first_completed"]
    assert by_id["first_line_share"].numerator == facts["highest_line"]["1"]
    assert by_id["first_line_share"].denominator == facts["cases"]
    assert by_id["first_line_resolution"].numerator == facts["line_of_first_completed"]["1"]
    assert by_id["first_line_resolution"].denominator == facts["completed_cases"]


def test_hands(by_id: dict[str, Metric], table: TicketTable, facts: dict[str, Any]) -> None:
    assert by_id["single_group_resolution"].numerator == facts["single_group_and_completed"]
    assert by_id["single_person_share"].numerator == facts["single_person_all_cases"]
    assert by_id["group_changes"].value == facts["group_changes"]
    assert table.group_changes.max() == facts["group_changes_max"]
    assert by_id["group_changes_per_ticket"].value == facts["group_changes"] / facts["cases"]


@pytest.mark.parametrize(
    ("name", "share", "cases"),
    [
        ("ping_pong", "ping_pong_share", "ping_pong_cases"),
        ("bounce", "bounce_share", "bounce_cases"),
        ("level_ups", "level_up_share", "level_up_cases"),
        ("level_downs", "level_down_share", "level_down_cases"),
    ],
)
def test_movement(by_id: dict[str, Metric], facts: dict[str, Any], name: str, share: str, cases: str) -> None:
    assert by_id[name].value == facts[name]
    assert by_id[share].numerator == facts[cases]
    assert by_id[share].value == facts[cases] / facts["cases"]


def test_handovers_between_levels_and_groups(log: EventLog, facts: dict[str, Any]) -> None:
    steps = handovers(log, of="level")
    found = {f"{row['source']}>{row['target']}": row["count"] for row in steps.to_records()}
    assert found == facts["level_transitions"]
    assert handovers(log).count.sum() == facts["group_changes"]


def test_reopening_and_waiting(by_id: dict[str, Metric], facts: dict[str, Any]) -> None:
    assert by_id["reopened_share"].numerator == facts["reopened_cases"]
    assert by_id["reopened_share"].denominator == facts["completed_cases"]
    assert by_id["reopenings"].value == facts["reopenings"]
    assert by_id["waiting_share"].numerator == facts["waiting_cases"]


def test_time_to_resolve(by_id: dict[str, Metric], table: TicketTable, facts: dict[str, Any]) -> None:
    curve = kaplan_meier(table.hours, table.is_resolved)
    expected = facts["hours_to_resolve_kaplan_meier"]
    found = {p: round(survival_quantile(curve, float(p)), 6) for p in expected}
    assert found == expected
    assert round(by_id["time_to_resolve_median"].value, 6) == expected["0.5"]
    assert round(by_id["time_to_resolve_p90"].value, 6) == expected["0.9"]
    assert by_id["time_to_resolve_median"].censored == facts["km_censored"] == by_id["backlog"].value
    closed = dict(facts["hours_to_first_completed_closed_only"])
    assert round(by_id["time_to_resolve_mean_resolved"].value, 6) == closed.pop("mean")
    hours = table.hours[table.is_resolved]
    assert len(hours) == facts["completed_cases"]
    assert {p: round(float(np.quantile(hours, float(p))), 6) for p in closed} == closed


def test_time_from_first_to_last_event(table: TicketTable, facts: dict[str, Any]) -> None:
    hours = (table.last - table.first) / HOUR
    assert round(float(hours.mean()), 6) == facts["hours_first_to_last_event"]["mean"]
    assert round(float(np.median(hours)), 6) == facts["hours_first_to_last_event"]["median"]


def test_calls_addressed_by_person(log: EventLog, facts: dict[str, Any]) -> None:
    found = metrics(log, ("calls_addressed",), by=("person",))
    ranked = sorted(found, key=lambda metric: (-metric.value, metric.group[0] or ""))
    assert [[metric.group[0], int(metric.value)] for metric in ranked[:5]] == facts["calls_addressed_top5"]
    assert len(found) == facts["people"]


def test_the_help_desk_log_is_read_in_the_words_of_its_profile(shared_data: Callable[[str], Path]) -> None:
    log = read_event_csv(shared_data("escalation/helpdesk_it_2010_2014.csv.gz"), profile="helpdesk")
    assert (len(log.tickets), log.events) == (4580, 21348)
    activity, status = log.column("activity"), log.column("status")
    # counted in the file with a spreadsheet's filter
    assert int((activity == "Closed").sum()) == 4574
    assert int((status == "closed").sum()) == 4574 + 3
    assert int((status == "waiting").sum()) == int((activity == "Wait").sum()) == 1463
