"""A plan of 10,000 work packages on one calendar beside the critical path of its arrays."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

import attrs
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit.wbs import (
    LINK_KINDS,
    Activity,
    CriticalPath,
    Estimate,
    Group,
    Lag,
    Link,
    Plan,
    Wbs,
    WorkPackage,
    cpm,
    schedule,
)

N_PACKAGES = 10_000
N_LINKS = 18_700
AT_MOST = 10.0


def large_plan(reach: int) -> Plan:
    """Draw a plan: each link reaches back at most so many packages, one kind as often as another."""
    rng = np.random.default_rng(0)
    packages = [
        WorkPackage(id=f"P{j}", estimate=Estimate.fixed(minutes, unit="m"))
        for j, minutes in enumerate(rng.integers(60, 2400, N_PACKAGES).tolist())
    ]
    second = rng.integers(1, N_PACKAGES, N_LINKS)
    first = rng.integers(np.maximum(0, second - reach), second)
    kinds, lags = rng.integers(0, 4, N_LINKS).tolist(), rng.integers(-60, 240, N_LINKS).tolist()
    links = {
        (i, j): Link(predecessor=f"P{i}", successor=f"P{j}", kind=LINK_KINDS[kind], lag=Lag.minutes(lag))
        for i, j, kind, lag in zip(first.tolist(), second.tolist(), kinds, lags, strict=True)
    }
    return Plan(
        wbs=Wbs(root=Group(id="site", children=packages)),
        start=datetime(2026, 1, 5, 8, tzinfo=UTC),
        links=links.values(),
    )


@pytest.mark.parametrize("reach", [200, N_PACKAGES], ids=["deep", "wide"])
def test_the_schedule_of_a_large_plan_against_cpm_on_its_arrays(
    reach: int, benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    plan = large_plan(reach)
    network = plan.network()
    ends = network.duration, network.predecessor, network.successor

    def arrays() -> CriticalPath:
        return cpm(*ends, kind=network.kind, lag=network.lag)

    found = schedule(plan)
    assert [row.total_float for row in found.rows] == arrays().total_float.tolist()
    fields = [attrs.asdict(row, recurse=False) for row in found.rows]
    works: tuple[Callable[[], object], ...] = (
        lambda: schedule(plan),
        arrays,
        lambda: [Activity(**row) for row in fields],
    )
    best = [math.inf] * len(works)
    for _ in range(5):
        for place, work in enumerate(works):
            before = time.process_time()
            work()
            best[place] = min(best[place], time.process_time() - before)
    whole, path, rows = best
    benchmark.extra_info.update(schedule=whole, cpm=path, rows=rows)
    benchmark.pedantic(works[0], rounds=1)  # type: ignore[no-untyped-call]
    tell(
        f"schedule {whole:.3g} s, cpm {path:.3g} s: ratio {whole / path:.3g}; {(whole - rows) / path:.3g} "
        f"without the {rows:.3g} s that building {N_PACKAGES} rows takes, at most {AT_MOST:g}"
    )
    assert whole - rows <= AT_MOST * path
