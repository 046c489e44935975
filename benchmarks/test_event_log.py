"""A real log of incidents: handovers, ping-pong, levels and durations against PM4Py, and the memory of an event."""

from __future__ import annotations

import csv
import gzip
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pm4py
import pytest

from leadkit.escalation.event_log import EventLog, handovers, metrics, ticket_table

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "escalation" / "bpi2013_incidents.csv.gz"
BYTES_AN_EVENT = 40
# the time-stamps of a log object are converted by pandas, which warns of its own next version
pytestmark = pytest.mark.filterwarnings("ignore")

Answers: TypeAlias = tuple[int, int, int, int, float]
"""Handovers between groups, ping-pong, rises and falls of the level, hours from first to last event."""


@pytest.fixture(scope="module")
def columns() -> dict[str, list[Any]]:
    if not DATA.exists():
        pytest.skip("the shared log of incidents is not beside this checkout")
    with gzip.open(DATA, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        "ticket": [row["case_id"] for row in rows],
        "at": [datetime.fromisoformat(row["ts_utc"]).astimezone(UTC) for row in rows],
        "group": [row["group"] for row in rows],
        "level": [int(row["line"]) for row in rows],
    }


def ours(columns: dict[str, list[Any]]) -> Answers:
    log = EventLog.from_columns(**columns)
    steps = handovers(log)
    table = ticket_table(log)
    counted = {one.id: int(one.value) for one in metrics(log, ("ping_pong", "level_ups", "level_downs"))}
    hours = (table.last - table.first) / np.timedelta64(1, "h")
    return (
        int(steps.count.sum()),
        counted["ping_pong"],
        counted["level_ups"],
        counted["level_downs"],
        float(hours.sum()),
    )


def frame_of(columns: dict[str, list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns | {"level": list(map(str, columns["level"]))})
    formatted: pd.DataFrame = pm4py.format_dataframe(frame, case_id="ticket", activity_key="group", timestamp_key="at")
    return formatted


def peers(log: Any) -> Answers:
    steps, _, _ = pm4py.discover_dfg(log, activity_key="group")
    there_and_back = ups = downs = 0
    for groups, n in pm4py.get_variants(log, activity_key="group").items():
        runs = [group for group, _ in groupby(groups)]
        there_and_back += counted(n) * sum(map(str.__eq__, runs, runs[2:]))
    for levels, n in pm4py.get_variants(log, activity_key="level").items():
        ups += counted(n) * sum(a < b for a, b in pairwise(levels))
        downs += counted(n) * sum(a > b for a, b in pairwise(levels))
    durations = pm4py.get_all_case_durations(log)
    return sum(n for (a, b), n in steps.items() if a != b), there_and_back, ups, downs, sum(durations) / 3600


def counted(cases: Any) -> int:
    """Give the number of cases of a variant, which some forms of a log list one by one."""
    return cases if isinstance(cases, int) else len(cases)


def test_movement_and_durations_against_log_objects(columns: dict[str, list[Any]], ratio: Callable[..., float]) -> None:
    def theirs() -> Answers:
        return peers(pm4py.convert_to_event_log(frame_of(columns)))

    assert ours(columns) == pytest.approx(theirs(), rel=1e-9)
    ratio(lambda: ours(columns), theirs, at_most=1 / 20)


def test_movement_and_durations_against_data_frames(columns: dict[str, list[Any]], ratio: Callable[..., float]) -> None:
    def theirs() -> Answers:
        return peers(frame_of(columns))

    assert ours(columns) == pytest.approx(theirs(), rel=1e-9)
    ratio(lambda: ours(columns), theirs, at_most=1 / 4)


def test_memory_of_an_event(columns: dict[str, list[Any]], tell: Callable[[str], None]) -> None:
    given = columns | dict.fromkeys(("status", "person"), columns["group"]) | {"contact": [None] * len(columns["at"])}
    tracemalloc.start()
    try:
        log = EventLog.from_columns(**given)
        held = tracemalloc.get_traced_memory()[0] / log.events
    finally:
        tracemalloc.stop()
    tell(f"{held:.3g} bytes an event, at most {BYTES_AN_EVENT}")
    assert held <= BYTES_AN_EVENT
