"""The critical path at the means: the textbook case, ties, lags of four kinds and calendars, against all paths."""

from __future__ import annotations

import json
import math
import pickle
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.wbs import (
    WBS_FLAGS,
    Estimate,
    Event,
    Group,
    Lag,
    Link,
    Need,
    Plan,
    Wbs,
    WorkPackage,
    cpm,
    pert_path,
    schedule,
)

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
FOUNDRY = {
    "A": (1, 2, 3, ""),
    "B": (2, 3, 4, ""),
    "C": (1, 2, 3, "A"),
    "D": (2, 4, 6, "B"),
    "E": (1, 4, 7, "C"),
    "F": (1, 2, 9, "C"),
    "G": (3, 4, 11, "D, E"),
    "H": (1, 2, 3, "F, G"),
}
KINDS = ("FS", "SS", "FF", "SF")


def plan_of(packages: list[WorkPackage], links: Any = (), **fields: Any) -> Plan:
    return Plan(wbs=Wbs(root=Group(id="all", children=packages)), links=links, **{"start": MONDAY} | fields)


def foundry(**fields: Any) -> Plan:
    packages = [WorkPackage(id=own, estimate=Estimate.pert(*points)) for own, (*points, _) in FOUNDRY.items()]
    links = [link for own, (*_, before) in FOUNDRY.items() for link in Link.parse(before, successor=own)]
    return plan_of(packages, links, **fields)


def link(first: str, second: str, kind: Any = "FS", lag: int = 0, *, elapsed: bool = False) -> Link:
    return Link(predecessor=first, successor=second, kind=kind, lag=Lag.minutes(lag, elapsed=elapsed))


def spread(own: str, mean: float, sixth: float, **fields: Any) -> WorkPackage:
    """Make a package with this mean and classical standard deviation [minutes]."""
    estimate = Estimate.pert(mean - 3 * sixth, mean, mean + 3 * sixth, unit="m")
    return WorkPackage(id=own, estimate=estimate, **fields)


def test_general_foundry_has_the_path_and_the_probability_of_the_textbook() -> None:
    """B. Render, R. M. Stair, M. E. Hanna, Quantitative Analysis for Management."""
    found = pert_path(foundry())
    assert found.path == ("A", "C", "E", "G", "H")
    assert found.mean == 15 * 480
    assert found.classical_variance == pytest.approx(28 / 9 * 480**2, rel=1e-14)
    assert found.classical_sd / 480 == pytest.approx(1.7638, abs=5e-5)
    assert found.probability(16 * 480) == pytest.approx(0.7146, abs=5e-5)
    path = [Estimate.pert(*FOUNDRY[own][:3]) for own in found.path]
    assert found.variance == pytest.approx(math.fsum(estimate.variance for estimate in path), rel=1e-14)
    assert found.sd == math.sqrt(found.variance)
    assert found.flags == ()


@settings(max_examples=20)
@given(st.floats(-1e4, 1e5))
def test_the_probability_is_normal_with_the_classical_variance(minutes: float) -> None:
    found = pert_path(foundry())
    expected = NormalDist(found.mean, found.classical_sd).cdf(minutes)
    assert found.probability(minutes) == pytest.approx(expected, abs=1e-12)


def test_dates_count_on_the_calendar_of_the_plan() -> None:
    found = pert_path(foundry())
    sixteen_days = datetime(2026, 1, 26, 17, tzinfo=UTC)
    assert found.probability_by(sixteen_days) == found.probability(16 * 480)
    assert found.probability_by(sixteen_days + timedelta(hours=10)) == found.probability(16 * 480)
    assert found.probability_by(MONDAY - timedelta(days=9)) == 0
    with pytest.raises(ValueError, match="aware"):
        found.probability_by(datetime(2026, 1, 26))
    for minutes in (math.nan, math.inf, "9", True):
        with pytest.raises(ValueError, match="minutes: expected"):
            found.probability(minutes)  # type: ignore[arg-type]


def test_a_path_without_variance_is_kept_or_missed() -> None:
    plan = plan_of(
        [WorkPackage(id=own, estimate=Estimate.fixed(0.1, "m")) for own in "abc"], Link.parse("a, b", successor="c")
    )
    found = pert_path(plan)
    assert (found.variance, found.classical_sd) == (0, 0)
    assert (found.probability(0.2), found.probability(0.1999), found.probability(7)) == (1, 0, 1)
    assert found.probability_by(MONDAY - timedelta(days=1)) == 0
    assert found.probability_by(MONDAY + timedelta(hours=1)) == 1


def test_of_equal_paths_the_one_with_the_largest_classical_variance_is_taken() -> None:
    packages = [spread("a", 60, 1), spread("b", 60, 5), spread("c", 30, 2)]
    found = pert_path(plan_of(packages, Link.parse("a, b", successor="c")))
    assert found.path == ("b", "c")
    assert found.classical_variance == pytest.approx(29, rel=1e-12)
    # the tie is decided further on, not by the first step
    late = [spread("a", 60, 3), spread("b", 60, 1), spread("x", 60, 1), spread("y", 60, 4)]
    found = pert_path(plan_of(late, [*Link.parse("a", successor="x"), *Link.parse("b", successor="y")]))
    assert found.path == ("b", "y")


def test_of_equal_variances_the_smallest_ids_are_taken() -> None:
    packages = [spread(own, 60, 1) for own in ("d", "b", "c", "a")]
    links = [*Link.parse("c", successor="a"), *Link.parse("c", successor="d"), *Link.parse("b", successor="d")]
    assert pert_path(plan_of(packages, links)).path == ("b", "d")
    assert pert_path(plan_of(packages[::-1], links[::-1])).path == ("b", "d")
    links = [*Link.parse("c", successor="a"), *Link.parse("c", successor="d")]
    assert pert_path(plan_of(packages, links)).path == ("c", "a")


def test_a_path_goes_through_milestones_at_its_ends() -> None:
    packages = [WorkPackage(id="z", kind="milestone"), spread("a", 60, 1), WorkPackage(id="end", kind="milestone")]
    found = pert_path(plan_of(packages, [*Link.parse("z", successor="a"), *Link.parse("a", successor="end")]))
    assert found.path == ("z", "a", "end")


@pytest.mark.parametrize(
    ("kind", "lag", "mean", "counted"),
    [("FS", 10, 270, "ab"), ("SS", 50, 210, "b"), ("FF", 80, 180, "a"), ("SF", 200, 200, ""), ("FS", -20, 240, "ab")],
)
def test_only_durations_that_move_the_end_add_variance(kind: Any, lag: int, mean: float, counted: str) -> None:
    found = pert_path(plan_of([spread("a", 100, 2), spread("b", 160, 7)], [link("a", "b", kind, lag)]))
    assert found.path == ("a", "b")
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.classical_variance == pytest.approx(sum({"a": 4, "b": 49}[own] for own in counted), rel=1e-12)


def test_a_duration_that_brings_the_end_nearer_adds_variance_too() -> None:
    """FF into b and SS out of b: b starts the earlier the longer it takes."""
    packages = [spread("a", 300, 2), spread("b", 100, 7), spread("c", 200, 3)]
    found = pert_path(plan_of(packages, [link("a", "b", "FF"), link("b", "c", "SS", 10)]))
    assert found.path == ("a", "b", "c")
    assert found.mean == 300 - 100 + 10 + 200
    assert found.classical_variance == pytest.approx(4 + 49 + 9, rel=1e-12)


def test_effort_is_shared_by_the_heads() -> None:
    need = Need(skills={"sql": 1}, heads=2)
    effort = WorkPackage(id="a", estimate=Estimate.pert(6, 60, 66, unit="m"), basis="effort", needs=[need])
    found = pert_path(plan_of([effort]))
    assert found.mean == 52 / 2
    assert found.classical_variance == pytest.approx(100 / 4, rel=1e-14)
    assert found.variance == pytest.approx(Estimate.pert(6, 60, 66, unit="m").variance / 4, rel=1e-14)


def test_events_are_left_out() -> None:
    event = Event(id="x", probability=1, impact=Estimate.fixed(9), packages=["A"])
    assert pert_path(foundry(events=[event])) == pert_path(foundry())


def test_on_calendars_the_path_is_the_one_that_drives_the_dates() -> None:
    nights = WorkCalendar.weekly({"mon-fri": "20:00-24:00"}, zone="UTC")
    packages = [spread("a", 240, 5, calendar="nights"), spread("b", 300, 1), spread("c", 60, 2)]
    plan = plan_of(packages, Link.parse("a, b", successor="c"), calendars={"nights": nights})
    found = pert_path(plan)
    assert found.path == ("a", "c")
    assert found.mean == 480 + 60
    assert found.classical_variance == pytest.approx(29, rel=1e-12)
    assert found.flags == ("calendar_path",)
    assert set(found.flags) <= set(WBS_FLAGS)
    assert found.mean == schedule(plan).duration
    assert found.probability_by(schedule(plan).finish) == pytest.approx(0.5)


def test_a_date_that_is_fixed_begins_the_path() -> None:
    packages = [spread("a", 60, 5), spread("b", 30, 1, not_before=MONDAY + timedelta(hours=3)), spread("c", 30, 2)]
    found = pert_path(plan_of(packages, Link.parse("a", successor="b") + Link.parse("b", successor="c")))
    assert found.path == ("b", "c")
    assert found.mean == 180 + 60


def test_on_calendars_links_of_every_kind_and_elapsed_lags_drive() -> None:
    packages = [spread("a", 60, 5), spread("b", 30, 1), WorkPackage(id="m", kind="milestone")]
    links = [link("a", "b", "FF", 1440, elapsed=True), link("b", "m", "SF", 60)]
    found = pert_path(plan_of(packages, links))
    # b ends on Tuesday at 9:00 and therefore begins at 8:30, and the milestone follows that start by an hour
    assert found.path == ("a", "b", "m")
    assert found.classical_variance == pytest.approx(26, rel=1e-12)
    assert found.mean == 480 + 90


@st.composite
def small_plans(draw: st.DrawFn) -> Plan:
    """Draw a plan with many ties, so that paths have to be chosen."""
    n = draw(st.integers(1, 6))
    packages = [
        spread(f"p{place}", draw(st.sampled_from([60, 120])), draw(st.sampled_from([0, 1, 2]))) for place in range(n)
    ]
    pairs = [(i, j) for j in range(n) for i in range(j)]
    drawn = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8)) if pairs else []
    links = [
        link(f"p{i}", f"p{j}", draw(st.sampled_from(KINDS)), draw(st.sampled_from([0, 60, -60]))) for i, j in drawn
    ]
    return plan_of(packages, links)


def every_path(plan: Plan) -> list[tuple[float, tuple[str, ...]]]:
    """List the classical variance and the ids of every chain of links whose length is the finish, by brute force."""
    network = plan.network()
    dates = cpm(network.duration, network.predecessor, network.successor, kind=network.kind, lag=network.lag)
    columns = (network.predecessor, network.successor, network.kind, network.lag)
    links = list(zip(*(column.tolist() for column in columns), strict=True))
    variance = [package.estimate.classical_variance for package in plan.wbs.packages if package.estimate]
    found = []
    todo: list[tuple[float, bool, float, tuple[int, ...]]] = [
        (0.0, False, 0.0, (own,)) for own in range(len(network.ids))
    ]
    while todo:
        length, by_finish, total, path = todo.pop()
        own = path[-1]
        end = length + (0 if by_finish else network.duration[own])
        if end == dates.early_end:
            found.append((total + (0 if by_finish else variance[own]), tuple(network.ids[p] for p in path)))
        for first, second, kind, lag in links:
            if first == own:
                from_finish, to_finish = KINDS[kind][0] == "F", KINDS[kind][1] == "F"
                own_part = network.duration[own] * (int(from_finish) - int(by_finish))
                counted = variance[own] if from_finish != by_finish else 0
                todo.append((length + own_part + lag, to_finish, total + counted, (*path, second)))
    return found


@settings(max_examples=25)
@given(small_plans())
def test_the_path_has_the_largest_variance_of_all_that_are_as_long(plan: Plan) -> None:
    found = pert_path(plan)
    paths = every_path(plan)
    most = max(variance for variance, _ in paths)
    assert found.classical_variance == pytest.approx(most, abs=1e-9)
    assert any(ids == found.path and abs(variance - most) < 1e-9 for variance, ids in paths)
    network = plan.network()
    dates = cpm(network.duration, network.predecessor, network.successor, kind=network.kind, lag=network.lag)
    assert found.mean == dates.early_end
    critical = {own for own, is_critical in zip(network.ids, dates.is_critical, strict=True) if is_critical}
    assert set(found.path) <= critical


def test_a_long_chain_needs_no_recursion() -> None:
    packages = [WorkPackage(id=f"p{place:05}", estimate=Estimate.fixed(1, "m")) for place in range(1500)]
    links = [link(one.id, other.id) for one, other in pairwise(packages)]
    found = pert_path(plan_of(packages, links))
    assert len(found.path) == found.mean == 1500


def test_a_plan_without_activities_has_no_path() -> None:
    found = pert_path(plan_of([]))
    assert (found.path, found.mean, found.variance) == ((), 0, 0)
    assert found.probability(0) == 1


def test_a_package_without_an_estimate_is_told() -> None:
    assert pert_path(plan_of([WorkPackage(id="a")])).flags == ("no_estimate:a",)


def test_a_path_is_plain_data() -> None:
    found = pert_path(foundry())
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["path"] == list(found.path)
    assert set(plain) == {"path", "mean", "variance", "sd", "classical_variance", "classical_sd", "flags"}
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - written a moment ago
    assert again == found
    assert again.probability_by(MONDAY + timedelta(days=20)) == found.probability_by(MONDAY + timedelta(days=20))
    assert np.isfinite(found.sd)
