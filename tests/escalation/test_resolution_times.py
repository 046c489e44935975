"""Curves of the time to resolve: by group, censored at the day of the log, and the same numbers as the metrics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit import samples
from leadkit.errors import LogError, UnknownIdError
from leadkit.escalation import EventLog, kaplan_meier, metrics, survival_quantile
from leadkit.escalation.event_log.resolution_times import resolution_times

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def log() -> EventLog:
    hours = [0, 2, 0, 5, 1, 3, 0]
    return EventLog.from_columns(
        ticket=["a", "a", "b", "b", "c", "c", "d"],
        at=[NINE + timedelta(hours=hour) for hour in hours],
        status=["new", "resolved", "new", "closed", "new", "cancelled", "new"],
        queue=["x", "x", "y", "y", None, None, "x"],
    )


def test_all_tickets_are_one_curve(log: EventLog) -> None:
    assert dict(resolution_times(log)) == {"all": kaplan_meier([2, 5, 2, 5], [1, 1, 0, 0])}


def test_groups_are_those_of_the_first_event_and_the_missing_one_is_last(log: EventLog) -> None:
    found = resolution_times(log, by="queue")
    assert list(found.items()) == [
        ("x", kaplan_meier([2, 5], [1, 0])),
        ("y", kaplan_meier([5], [1])),
        ("not known", kaplan_meier([2], [0])),
    ]


def test_a_value_that_reads_not_known_is_one_with_the_missing_ones() -> None:
    log = EventLog.from_columns(ticket=["a", "b"], at=[NINE, NINE], status=["new", "new"], queue=["not known", None])
    assert {name: curve.n for name, curve in resolution_times(log, by="queue").items()} == {"not known": 2}


def test_a_log_is_looked_at_as_it_stood(log: EventLog) -> None:
    found = resolution_times(log, now=NINE + timedelta(hours=3))["all"]
    assert found == kaplan_meier([2, 3, 2, 3], [1, 0, 0, 0])


def test_quantiles_are_those_of_the_metrics() -> None:
    log = samples.tickets(200)
    found = resolution_times(log, by="domain")
    for own, share in (("time_to_resolve_median", 0.5), ("time_to_resolve_p90", 0.9)):
        told = {metric.group[0]: metric.value for metric in metrics(log, [own], by=["domain"])}
        assert {name: survival_quantile(curve, share) for name, curve in found.items()} == told


def test_an_empty_log_has_an_empty_curve() -> None:
    empty = EventLog.from_columns(ticket=[], at=[], status=[])
    assert {name: curve.n for name, curve in resolution_times(empty).items()} == {"all": 0}


def test_wrong_arguments_are_refused(log: EventLog) -> None:
    wrong: Any = 3
    with pytest.raises(LogError, match="log: expected"):
        resolution_times(wrong)
    with pytest.raises(LogError, match="by: expected a name, got 3"):
        resolution_times(log, by=wrong)
    with pytest.raises(UnknownIdError, match="queu"):
        resolution_times(log, by="queu")
    with pytest.raises(LogError, match="log: expected a column of statuses, got a log without"):
        resolution_times(EventLog.from_columns(ticket=["a"], at=[NINE]))
