"""Simulated networks: ten thousand runs of a thousand activities, and the memory they take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pmcontrols
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit.wbs import Estimate, RiskResult, simulate_network

N_ACTIVITIES, N_RUNS = 1000, 10_000
MOST_MIB = 100


def activities() -> list[dict[str, Any]]:
    """Draw three-point estimates, and up to three predecessors for each activity among the fifty before it."""
    rng = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    for place in range(N_ACTIVITIES):
        before: Any = rng.integers(max(0, place - 50), place, min(place, int(rng.integers(0, 4)))) if place else []
        low = float(rng.uniform(1, 5))
        mode = low + float(rng.uniform(0, 5))
        predecessors = sorted({str(one) for one in before})
        rows.append(
            {
                "id": str(place),
                "predecessors": predecessors,
                "a": low,
                "m": mode,
                "b": mode + float(rng.uniform(0.1, 10)),
            }
        )
    return rows


def ours(rows: list[dict[str, Any]]) -> RiskResult:
    estimates = [Estimate.pert(row["a"], row["m"], row["b"], unit="m") for row in rows]
    links = [(int(before), place) for place, row in enumerate(rows) for before in row["predecessors"]]
    predecessor, successor = np.array(links, dtype=np.int64).T
    return simulate_network(estimates, predecessor, successor, n=N_RUNS)


def test_ten_thousand_runs_with_criticality_and_cruciality_against_pmcontrols(ratio: Callable[..., float]) -> None:
    rows = activities()
    found, peer = ours(rows), pmcontrols.pert(rows, n_sim=N_RUNS)
    assert found.mean == pytest.approx(peer.stats["mc_mean"], abs=5 * found.sd * (2 / N_RUNS) ** 0.5)
    theirs = peer.table.set_index("activity").loc[list(found.ids), "criticality_index"].to_numpy()
    assert np.abs(found.criticality - theirs).max() < 0.04
    assert np.isfinite(found.cruciality).all()
    ratio(lambda: ours(rows), lambda: pmcontrols.pert(rows, n_sim=N_RUNS), at_most=1.0)


def test_memory_beside_the_finishes(peak_memory: Callable[..., float]) -> None:
    rows = activities()
    ours(rows)
    peak_memory(lambda: ours(rows), at_most=MOST_MIB)


def test_rank_cruciality_on_demand(benchmark: BenchmarkFixture) -> None:
    found = ours(activities())
    made: Any = benchmark.pedantic(lambda: found.cruciality_spearman, rounds=1)  # type: ignore[no-untyped-call]
    assert np.isfinite(made).all()
