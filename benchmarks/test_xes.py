"""The same file of incidents in XES, read by PM4Py and by us, and what reading it takes in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pm4py
import pytest

from leadkit.escalation import EventLog
from leadkit.interchange.event_csv import read_event_csv
from leadkit.interchange.xes import read_xes, write_xes

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "escalation" / "bpi2013_incidents.csv.gz"
# the peer warns of optional parts that would make it faster, which it recommends and are not installed
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def log() -> EventLog:
    if not DATA.exists():
        pytest.skip("the shared log of incidents is not beside this checkout")
    return read_event_csv(DATA, profile="bpi2013")


@pytest.fixture(scope="module")
def file(log: EventLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xes") / "incidents.xes"
    write_xes(log, path)
    return path


def test_reading_is_faster_than_pm4py(ratio: Callable[..., float], log: EventLog, file: Path) -> None:
    theirs: pd.DataFrame = pm4py.read_xes(str(file))
    assert read_xes(file) == log
    assert (len(theirs), theirs["case:concept:name"].nunique()) == (log.events, len(log.tickets))
    assert sorted(theirs["org:resource"].dropna()) == sorted(log.column("person"))
    ratio(lambda: read_xes(file), lambda: pm4py.read_xes(str(file)), at_most=1 / 1.5, repeats=3)


def test_memory_is_that_of_the_columns(peak_memory: Callable[..., float], file: Path) -> None:
    tracemalloc.start()
    kept = read_xes(file)
    finished = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    assert kept.events
    peak_memory(lambda: read_xes(file), at_most=3 * finished)
