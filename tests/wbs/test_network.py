"""Early and late dates are the least and greatest that keep every link, floats are what a trial shows, loops are named."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from leadkit.errors import CycleError, PlanError
from leadkit.wbs import LINK_KINDS, WBS_FLAGS, CriticalPath, cpm
from leadkit.wbs.network import PreparedNetwork, find_cycle

DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float")
FS, SS, FF, SF = range(4)
MIRRORED = np.array([FS, FF, SS, SF])
EVERY_WIDTH = (0, 10**9)


class Drawn(NamedTuple):
    """What goes into `cpm`; links go from lower to higher rank, whatever the indices."""

    duration: NDArray[np.int64]
    predecessor: NDArray[np.int64]
    successor: NDArray[np.int64]
    kind: NDArray[np.int64]
    lag: NDArray[np.int64]
    release: NDArray[np.int64]

    @property
    def n(self) -> int:
        return self.duration.size

    @property
    def m(self) -> int:
        return self.lag.size

    def path(self, **changes: Any) -> CriticalPath:
        given = self._asdict() | changes
        return cpm(given.pop("duration"), given.pop("predecessor"), given.pop("successor"), **given)

    def span(self, duration: NDArray[Any] | None = None) -> NDArray[Any]:
        """Tell how long after its predecessor's start each link lets its successor start."""
        length = self.duration if duration is None else duration
        before = np.where(np.isin(self.kind, (FS, FF)), length[self.predecessor], 0)
        return before + self.lag - np.where(np.isin(self.kind, (FF, SF)), length[self.successor], 0)


@st.composite
def networks(draw: st.DrawFn, *, least: int = 0, kinds: tuple[int, ...] = (FS, SS, FF, SF)) -> Drawn:
    n = draw(st.integers(least, 8))
    rank = draw(st.permutations(range(n)))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1])
    link = st.tuples(ends, st.sampled_from(kinds), st.integers(-9, 9))
    links = draw(st.lists(link, max_size=14)) if n > 1 else []
    whole = np.array([[rank[a], rank[b], kind, lag] for (a, b), kind, lag in links], dtype=np.int64).reshape(-1, 4)
    duration = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    release = draw(st.lists(st.integers(-5, 12), min_size=n, max_size=n))
    first, second, kinds_of, lags = whole.T
    return Drawn(np.array(duration, dtype=int), first, second, kinds_of, lags, np.array(release, dtype=int))


def relaxed(given: Drawn) -> NDArray[np.int64]:
    """Find the least starts by going over all links again until nothing moves."""
    start, span = given.release.copy(), given.span()
    for _ in range(given.n):
        for place in range(given.m):
            bound = start[given.predecessor[place]] + span[place]
            start[given.successor[place]] = max(start[given.successor[place]], bound)
    return start


def keeps(given: Drawn, start: NDArray[Any]) -> bool:
    links = (start[given.successor] >= start[given.predecessor] + given.span()).all()
    return bool(links and (start >= given.release).all())


def same_dates(one: CriticalPath, other: CriticalPath) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in (*DATES, "is_critical"))


def test_the_reference_networks_come_out_exactly(golden: Callable[[str], Any]) -> None:
    cases = golden("wbs/cpm.json")["cases"]
    assert len(cases) == 30
    for case in cases:
        links = [(i, j, LINK_KINDS.index(kind), lag) for i, j, kind, lag in case["links"]]
        predecessor, successor, kind, lag = np.array(links, dtype=np.int64).reshape(-1, 4).T
        due = None if case["due"] is None else np.array(case["due"], dtype=np.float64)
        options = {"kind": kind, "lag": lag, "release": case["release"], "due": due, "finish": case["given_finish"]}
        found = cpm(case["duration"], predecessor, successor, **options)
        for name in DATES:
            assert getattr(found, name).dtype == np.int64, (case["id"], name)
            assert getattr(found, name).tolist() == case[name], (case["id"], name)
        assert (found.finish, found.early_end) == (case["finish"], case["early_end"])


# B. Render, R. Stair, M. Hanna, "Quantitative Analysis for Management": General Foundry
def test_general_foundry() -> None:
    links = ["AC", "BD", "CE", "CF", "DG", "EG", "FH", "GH"]
    first, second = np.array([["ABCDEFGH".index(name) for name in link] for link in links]).T
    found = cpm([2, 3, 2, 4, 4, 3, 5, 2], first, second)
    assert (found.finish, found.early_end) == (15, 15)
    assert "".join(np.array(list("ABCDEFGH"))[found.is_critical]) == "ACEGH"
    assert found.total_float.tolist() == [0, 1, 0, 1, 0, 6, 0, 0]
    assert found.free_float.tolist() == [0, 0, 0, 1, 0, 6, 0, 0]


# Project Management Institute, "A Guide to the Project Management Body of Knowledge": the figure on float
def test_the_float_figure_of_the_body_of_knowledge() -> None:
    found = cpm([5, 5, 10, 15], [0, 0, 1, 2], [1, 2, 3, 3])
    assert found.finish == 30
    assert (found.total_float.tolist(), found.free_float.tolist()) == ([0, 5, 0, 0], [0, 5, 0, 0])


def test_links_of_four_kinds() -> None:
    found = cpm([4, 6, 5, 3], [0, 1, 0, 2], [1, 2, 2, 3], kind=[SS, FF, FS, SF], lag=[2, 1, -1, 7])
    assert found.finish == 11
    assert found.early_start.tolist() == [0, 2, 4, 8]
    assert not found.total_float.any()
    assert not found.free_float.any()


@given(networks())
def test_early_starts_are_those_that_relaxation_finds(given: Drawn) -> None:
    assert given.path().early_start.tolist() == relaxed(given).tolist()


@given(networks(least=1), st.integers(-5, 60))
def test_early_dates_are_the_least_and_late_dates_the_greatest_that_keep_every_link(given: Drawn, finish: int) -> None:
    found = given.path(finish=finish)
    assert keeps(given, found.early_start)
    assert (found.late_start[given.successor] >= found.late_start[given.predecessor] + given.span()).all()
    assert found.late_finish.max() == finish
    for place in range(given.n):
        one = np.eye(given.n, dtype=np.int64)[place]
        assert not keeps(given, found.early_start - one)
        later = found.late_start + one
        links = (later[given.successor] >= later[given.predecessor] + given.span()).all()
        assert not (links and (later + given.duration <= finish).all())


@given(networks())
def test_finishes_and_total_float_follow_from_the_starts(given: Drawn) -> None:
    found = given.path()
    assert np.array_equal(found.early_finish, found.early_start + given.duration)
    assert np.array_equal(found.late_finish, found.late_start + given.duration)
    assert np.array_equal(found.total_float, found.late_start - found.early_start)
    assert np.array_equal(found.is_critical, found.total_float <= 0)


@given(networks(least=1))
def test_without_due_dates_total_float_is_at_least_free_float_and_something_is_critical(given: Drawn) -> None:
    found = given.path()
    assert (found.total_float >= found.free_float).all()
    assert (found.free_float >= 0).all()
    assert found.is_critical.any()
    assert found.flags == ()


@given(networks(least=1))
def test_an_activity_can_be_late_by_its_free_float_and_no_more(given: Drawn) -> None:
    found = given.path()
    for place, room in enumerate(found.free_float.tolist()):
        for delay, moves in ((room, False), (room + 1, True)):
            start = found.early_start.copy()
            start[place] += delay
            moved = not keeps(given, start) or (start + given.duration).max() > found.early_end
            assert moved == moves


@given(networks(least=1))
def test_a_delay_by_the_total_float_moves_no_finish_and_one_more_does(given: Drawn) -> None:
    found = given.path()
    for place, room in enumerate(found.total_float.tolist()):
        for delay in (room, room + 1):
            release = given.release.copy()
            release[place] = found.early_start[place] + delay
            assert given.path(release=release).early_end == found.early_end + delay - room


@given(networks(least=1), st.data())
def test_reversed_links_with_ss_and_ff_swapped_mirror_early_and_late_dates(given: Drawn, data: st.DataObject) -> None:
    due = np.array(data.draw(st.lists(st.integers(0, 60), min_size=given.n, max_size=given.n)))
    found = given.path(due=due)
    end = found.finish
    mirror = cpm(
        given.duration,
        given.successor,
        given.predecessor,
        kind=MIRRORED[given.kind],
        lag=given.lag,
        release=end - np.minimum(due, end),
        due=end - given.release,
        finish=end - given.release.min(),
    )
    assert np.array_equal(end - mirror.early_finish, found.late_start)
    assert np.array_equal(end - mirror.early_start, found.late_finish)
    assert np.array_equal(end - mirror.late_start, found.early_finish)
    assert np.array_equal(mirror.total_float, found.total_float)


@given(networks(least=1, kinds=(FS, SS)), st.data())
def test_with_fs_and_ss_links_a_longer_duration_never_makes_the_end_earlier(given: Drawn, data: st.DataObject) -> None:
    longer = given.duration.copy()
    longer[data.draw(st.integers(0, given.n - 1))] += data.draw(st.integers(0, 9))
    assert given.path(duration=longer).early_end >= given.path().early_end


@given(networks(least=1), st.data())
def test_dropping_a_link_never_makes_the_end_later(given: Drawn, data: st.DataObject) -> None:
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=given.m, max_size=given.m)), dtype=bool)
    fewer = {name: getattr(given, name)[keep] for name in ("predecessor", "successor", "kind", "lag")}
    assert given.path(**fewer).early_end <= given.path().early_end


@given(networks(), st.integers(1, 1000))
def test_scaling_all_minutes_scales_all_dates(given: Drawn, scale: int) -> None:
    scaled = {name: getattr(given, name) * scale for name in ("duration", "lag", "release")}
    small, large = given.path(), given.path(**scaled)
    for name in DATES:
        assert np.array_equal(getattr(large, name), scale * getattr(small, name))


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_links_and_activities_changes_nothing_but_the_order(given: Drawn, random: Any) -> None:
    rows, names = list(range(given.m)), list(range(given.n))
    random.shuffle(rows)
    random.shuffle(names)
    order, name = np.array(rows, dtype=int), np.array(names, dtype=int)
    place = np.argsort(name)
    other = Drawn(
        given.duration[name],
        place[given.predecessor[order]],
        place[given.successor[order]],
        given.kind[order],
        given.lag[order],
        given.release[name],
    )
    one, two = given.path(), other.path()
    for field in (*DATES, "is_critical"):
        assert np.array_equal(getattr(two, field), getattr(one, field)[name])


@given(networks(), st.integers(0, 7), st.booleans(), st.booleans())
def test_several_runs_are_the_single_runs_row_by_row_to_the_last_bit(
    given: Drawn, runs: int, floats: bool, to_finish: bool
) -> None:
    rng = np.random.default_rng(given.m)
    durations = rng.uniform(0, 9, (runs, given.n)) if floats else rng.integers(0, 9, (runs, given.n))
    due = np.where(rng.random(given.n) < 0.5, 11.0, np.nan)
    finish = np.arange(20, 20 + runs) if to_finish else None
    found = given.path(duration=durations, due=due, finish=finish)
    assert found.early_start.shape == found.is_critical.shape == (runs, given.n)
    ends = np.asarray(found.finish), np.asarray(found.early_end)
    assert found.early_start.dtype == (np.float64 if floats else np.int64)
    for run in range(runs):
        one = given.path(duration=durations[run], due=due, finish=None if finish is None else finish[run])
        for name in (*DATES, "is_critical"):
            assert np.array_equal(getattr(found, name)[run], getattr(one, name)), name
        assert (ends[0][run], ends[1][run]) == (one.finish, one.early_end)


@given(networks(), st.booleans())
def test_both_passes_agree_to_the_last_bit(given: Drawn, floats: bool) -> None:
    duration = given.duration + (0.1 if floats else 0)
    starts = []
    for width in EVERY_WIDTH:
        network = PreparedNetwork.of(
            given.n, given.predecessor, given.successor, kind=given.kind, lag=given.lag, mean_width=width
        )
        assert given.n == 0 or (network.levels is None) == (width > 0)
        early = network.forward(duration, given.release)
        starts.append((early, network.backward(duration, 40), network.free_float(duration, early)))
    for one, other in zip(*starts, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def grid(width: int, depth: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Link each of `width` activities a level with itself and its neighbour one level on."""
    here = np.arange(width * (depth - 1))
    there = here + width
    return np.concatenate((here, here)), np.concatenate((there, there - here % width + (here + 1) % width))


@pytest.mark.parametrize(("width", "depth"), [(200, 5), (3, 400), (1, 100_000)])
def test_wide_deep_and_very_deep_networks_come_out_the_same_by_either_pass(width: int, depth: int) -> None:
    predecessor, successor = grid(width, depth) if width > 1 else (np.arange(depth - 1), np.arange(1, depth))
    n = width * depth
    duration = np.random.default_rng(1).integers(0, 9, n)
    found = cpm(duration, predecessor, successor)
    if width == 1:
        assert found.early_finish.tolist() == np.cumsum(duration).tolist()
        assert found.is_critical.all()
        return
    for mean_width in EVERY_WIDTH:
        network = PreparedNetwork.of(n, predecessor, successor, mean_width=mean_width)
        assert np.array_equal(network.forward(duration), found.early_start)
        assert np.array_equal(network.backward(duration, found.finish), found.late_start)
        assert np.array_equal(network.free_float(duration, found.early_start), found.free_float)
    assert (PreparedNetwork.of(n, predecessor, successor).levels is None) == (width < 50)


def test_a_wide_network_with_a_narrow_end_is_finished_in_lists() -> None:
    first, second = grid(200, 5)
    chain = np.arange(900, 1400)
    predecessor, successor = np.concatenate((first, chain)), np.concatenate((second, chain + 1))
    duration = np.random.default_rng(2).integers(1, 9, 1401)
    found = cpm(duration, predecessor, successor)
    network = PreparedNetwork.of(1401, predecessor, successor, mean_width=0)
    assert PreparedNetwork.of(1401, predecessor, successor).levels is None
    assert np.array_equal(network.forward(duration), found.early_start)
    assert np.array_equal(network.backward(duration, found.finish), found.late_start)


@given(networks())
def test_a_prepared_network_lists_its_links_by_predecessor_in_topological_order(given: Drawn) -> None:
    network = PreparedNetwork.of(given.n, given.predecessor, given.successor, kind=given.kind, lag=given.lag)
    assert sorted(network.order.tolist()) == list(range(given.n))
    assert (network.tail < network.head).all()
    assert (np.diff(network.tail) >= 0).all()
    for name in ("predecessor", "successor", "kind", "lag"):
        assert np.array_equal(getattr(network, name), getattr(given, name)[network.place])


def test_whole_numbers_stay_exact_beyond_what_a_float_can_hold() -> None:
    large = 2**60 + 1
    found = cpm([large, 1, 0], [0, 1], [1, 2], release=[-3, 0, 0], due=[np.nan, np.nan, 7])
    assert found.early_finish.tolist() == [large - 3, large - 2, large - 2]
    assert found.early_finish.dtype == np.int64
    assert found.late_finish[2] == 7
    assert type(found.finish) is int


@pytest.mark.parametrize(
    "floats",
    [
        {"duration": [1.0, 2.0]},
        {"lag": 0.5},
        {"lag": [0.0]},
        {"release": [0.0, 1.0]},
        {"finish": 9.0},
        {"due": [9.5, np.nan]},
    ],
)
def test_any_float_gives_floats(floats: dict[str, Any]) -> None:
    given = {"duration": [1, 2], "predecessor": [0], "successor": [1]} | floats
    found = cpm(given.pop("duration"), given.pop("predecessor"), given.pop("successor"), **given)
    assert all(getattr(found, name).dtype == np.float64 for name in DATES)
    assert type(found.finish) is float
    assert type(found.early_end) is float


@pytest.mark.parametrize("due", [[np.nan, np.nan], [np.nan, 4.0], [3.0, 4.0], [3, 4]])
def test_due_dates_are_floats_only_to_hold_nan_and_leave_whole_dates_whole(due: list[float]) -> None:
    found = cpm([1, 2], [0], [1], due=due)
    assert found.late_finish.dtype == np.int64
    assert found.late_finish.tolist() == [1, 3]


def test_a_due_date_or_finish_that_cannot_be_met_gives_negative_float_and_a_flag() -> None:
    found = cpm([3, 4], [0], [1], due=[1, np.nan])
    assert found.total_float.tolist() == [-2, 0]
    assert found.flags == ("negative_float",)
    assert cpm([3, 4], [0], [1], finish=6).total_float.tolist() == [-1, -1]
    assert cpm([3, 4], [0], [1], finish=6).free_float.tolist() == [0, 0]
    assert cpm([[3, 4], [3, 3]], [0], [1], finish=6).flags == ("negative_float",)
    assert cpm([3, 4], [0], [1], finish=9).is_critical.tolist() == [False, False]
    assert {"negative_float"} <= WBS_FLAGS.keys()


def test_rounding_leaves_what_is_critical_critical() -> None:
    found = cpm([0.1] * 3 + [0.3], [0, 1], [1, 2])
    assert found.is_critical.all()
    assert found.flags == ()
    assert not cpm([0.1, 0.1 + 1e-8], [], []).is_critical[0]


def test_links_of_several_kinds_and_duplicates_between_one_pair_all_hold() -> None:
    found = cpm([5, 2, 0], [0, 0, 0, 0], [1, 1, 1, 1], kind=[SS, FF, FF, SS], lag=[1, 4, 4, 8])
    assert found.early_start.tolist() == [0, 8, 0]
    assert found.free_float.tolist() == [0, 0, 10]


def test_a_negative_release_lets_work_start_before_0_and_nothing_else_does() -> None:
    assert cpm([2, 2], [0], [1], release=[-9, -9]).early_start.tolist() == [-9, -7]
    assert cpm([2, 2], [0], [1], release=[-9, -9]).early_end == -5
    assert cpm([2, 9], [0], [1], lag=-8).early_start.tolist() == [0, 0]


def test_nothing_to_do_ends_at_0() -> None:
    found = cpm([], [], [])
    assert (found.finish, found.early_end, found.early_start.shape) == (0, 0, (0,))
    assert found.early_start.dtype == np.int64
    assert np.array_equal(cpm(np.empty((3, 0)), [], []).early_end, [0, 0, 0])
    assert cpm(np.empty((0, 2), dtype=int), [0], [1]).early_start.shape == (0, 2)
    assert cpm([4, 3], [], []).total_float.tolist() == [0, 1]
    assert cpm([], [], [], finish=5).finish == 5
    assert PreparedNetwork.of(0, [], [], mean_width=0).forward(np.empty(0)).size == 0


def test_many_runs_of_activities_with_several_successors() -> None:
    durations = np.random.default_rng(4).uniform(0, 9, (9, 5))
    first, second = np.array([[0, 0, 0, 1, 2, 3], [1, 2, 3, 4, 4, 4]])
    found = cpm(durations, first, second)
    a, b, c, d, e = durations.T
    middle = np.array((b, c, d))
    assert np.array_equal(found.early_start[:, 4], (a + middle).max(axis=0))
    assert np.allclose(found.total_float[:, 1:4], (middle.max(axis=0) - middle).T, rtol=0, atol=1e-12)
    assert np.allclose(found.free_float[:, 1:4], found.total_float[:, 1:4], rtol=0, atol=1e-12)
    assert found.is_critical[:, [0, 4]].all()
    assert np.allclose(found.early_end, a + middle.max(axis=0) + e, rtol=0, atol=1e-12)


def test_many_runs_are_worked_out_in_pieces() -> None:
    durations = np.random.default_rng(3).integers(0, 9, (1100, 3))
    found = cpm(durations, [0, 1], [1, 2], finish=30)
    assert np.array_equal(found.early_finish, np.cumsum(durations, axis=1))
    assert np.array_equal(found.late_start[1050], cpm(durations[1050], [0, 1], [1, 2], finish=30).late_start)


ragged: Any = [[1], [2, 3]]
BAD: list[tuple[dict[str, Any], str]] = [
    ({"successor": [5]}, r"successor\[0\]: activity 5 is outside 0\.\.1"),
    ({"predecessor": [-1]}, r"predecessor\[0\]: activity -1 is outside 0\.\.1"),
    ({"predecessor": [0.0]}, r"predecessor: expected a vector of whole numbers, got float64"),
    ({"predecessor": [0, 1]}, "predecessor and successor differ in length: 2 and 1"),
    ({"duration": []}, r"predecessor\[0\]: activity 0 is outside a network without activities"),
    ({"successor": [0]}, "link 0: activity 0 cannot depend on itself"),
    ({"duration": [1, -2]}, r"duration\[1\]: expected a finite number of at least 0, got -2"),
    ({"duration": [[1, 2], [np.nan, 1]]}, r"duration\[1, 0\]: expected a finite number of at least 0, got nan"),
    ({"duration": [np.inf, 2]}, r"duration\[0\]: expected a finite number"),
    ({"duration": 3}, r"duration: expected shape \(n,\) or \(runs, n\), got \(\)"),
    ({"duration": ["a", "b"]}, "duration: expected numbers, got <U1"),
    ({"duration": ragged}, "duration: expected numbers"),
    ({"duration": [True, False]}, "duration: expected numbers, got bool"),
    ({"duration": np.ma.masked_array([1, 2], [True, False])}, "duration: expected numbers, got a masked place"),
    ({"duration": np.array([2**63, 1], dtype=np.uint64)}, "duration: 9223372036854775808 does not fit into int64"),
    ({"duration": [2**62, 1]}, "the sums may be larger than int64 can hold"),
    ({"kind": 4}, r"kind\[0\]: expected a code \(0 FS, 1 SS, 2 FF, 3 SF\), got 4"),
    ({"kind": [-1]}, r"kind\[0\]: expected a code"),
    ({"kind": "FS"}, "kind: expected codes"),
    ({"kind": [0, 1]}, r"kind: expected one value or 1, one a link, got shape \(2,\)"),
    ({"lag": np.nan}, "lag: expected a finite number, got nan"),
    ({"lag": [[1]]}, r"lag: expected one value or 1, one a link, got shape \(1, 1\)"),
    ({"release": [0]}, r"release: expected 2 values, one an activity, got shape \(1,\)"),
    ({"release": [0, np.nan]}, r"release\[1\]: expected a finite number, got nan"),
    ({"due": 5}, r"due: expected 2 values, one an activity, got shape \(\)"),
    ({"due": [np.inf, 1]}, r"due\[0\]: expected a finite number or NaN for none, got inf"),
    ({"finish": [1, 2]}, r"finish: expected one number, got shape \(2,\)"),
    ({"finish": np.nan}, "finish: expected a finite number, got nan"),
    ({"duration": [[1, 2]] * 3, "finish": [1, 2]}, "finish: expected one number or 3, one a run"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_what_cannot_be_a_network_is_a_located_value_error(changes: dict[str, Any], message: str) -> None:
    given = {"duration": [1, 2], "predecessor": [0], "successor": [1]} | changes
    with pytest.raises(ValueError, match=message):
        cpm(given.pop("duration"), given.pop("predecessor"), given.pop("successor"), **given)


def test_a_loop_is_named_whole_closed_and_from_its_smallest_index() -> None:
    with pytest.raises(CycleError, match=r"the links form a loop: 1 -> 3 -> 2 -> 1$") as caught:
        cpm([1] * 5, [2, 0, 1, 3, 3], [1, 1, 3, 2, 4], lag=-5)
    assert caught.value.cycle == (1, 3, 2, 1)
    assert isinstance(caught.value, PlanError)


def test_a_long_loop_is_whole_in_the_error_and_short_in_the_message() -> None:
    n = 50_000
    with pytest.raises(CycleError, match=r"0 -> 1 -> 2 -> .* -> 19 -> \.\.\. -> 0 \(50000 activities\)") as caught:
        cpm(np.ones(n), np.arange(n), np.roll(np.arange(n), -1))
    assert caught.value.cycle == (*range(n), 0)


ends = st.integers(1, 7).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=12))
)


@given(ends, st.randoms(use_true_random=False))
def test_a_loop_is_found_exactly_where_there_is_one_whatever_the_order(
    given: tuple[int, list[tuple[int, int]]], random: Any
) -> None:
    n, links = given
    reach = np.zeros((n, n), dtype=bool)
    for first, second in links:
        reach[first, second] = True
    for via in range(n):
        reach |= reach[:, [via]] & reach[[via]]
    found = find_cycle(n, [a for a, _ in links], [b for _, b in links])
    on_a_loop = np.flatnonzero(np.diag(reach))
    if found is None:
        assert on_a_loop.size == 0
        return
    assert found[0] == found[-1] == on_a_loop[0]
    assert set(pairwise(found)) <= set(links)
    assert len(set(found)) == len(found) - 1
    random.shuffle(links)
    assert found == find_cycle(n, [a for a, _ in links], [b for _, b in links])


def test_a_finder_of_loops_refuses_what_is_no_link() -> None:
    with pytest.raises(ValueError, match=r"successor\[0\]: activity 3 is outside 0\.\.2"):
        find_cycle(3, [0], [3])
    assert find_cycle(0, [], []) is None


def test_the_result_is_read_only_and_becomes_records_and_plain_python() -> None:
    found = cpm([2, 3, 1], [0, 1], [2, 2])
    for name in (*DATES, "is_critical"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(found, name)[0] = 1
    assert found.to_records()[0] == {
        "activity": 0,
        "early_start": 0,
        "early_finish": 2,
        "late_start": 1,
        "late_finish": 3,
        "total_float": 1,
        "free_float": 1,
        "is_critical": False,
    }
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["finish"] == 4
    assert plain["is_critical"] == [False, True, True]
    assert CriticalPath(**plain) == found
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert "early_start" in found._repr_html_()


def test_records_of_several_runs_name_the_run() -> None:
    found = cpm([[2.0, 3.0], [1.5, 1.0]], [0], [1])
    rows = found.to_records()
    assert [(row["run"], row["activity"], row["early_finish"]) for row in rows] == [
        (0, 0, 2.0),
        (0, 1, 5.0),
        (1, 0, 1.5),
        (1, 1, 2.5),
    ]
    json.dumps(found.to_dict(), allow_nan=False)
    assert CriticalPath(**found.to_dict()) == found


def test_what_goes_in_is_not_changed() -> None:
    duration, due = np.array([1.0, 2.0]), np.array([np.nan, 2.0])
    before = duration.copy(), due.copy()
    found = cpm(duration, [0], [1], due=due, release=np.zeros(2))
    cpm(np.array([[1.0, 2.0]] * 9), [0], [1], due=due)
    assert np.array_equal(duration, before[0])
    assert np.array_equal(due, before[1], equal_nan=True)
    assert found.early_start.flags.owndata
