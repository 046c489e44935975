"""The critical path of large networks against pmcontrols, a networkx order with Python passes, and criticalpath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import criticalpath
import networkx as nx
import numpy as np
import pmcontrols
import pytest

from leadkit.typing import IntArray
from leadkit.wbs import CriticalPath, cpm

N, M = 100_000, 187_000
WIDE, DEEP = 250, 16_000
MOST_ARRAYS = 12
DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float")


class Drawn(NamedTuple):
    """A network of given depth: every activity follows one of the level before, other links lead up to three levels on."""

    duration: IntArray
    predecessor: IntArray
    successor: IntArray
    kind: IntArray
    lag: IntArray

    def ours(self) -> CriticalPath:
        return cpm(self.duration, self.predecessor, self.successor, kind=self.kind, lag=self.lag)

    def plain(self) -> Drawn:
        """The same activities and links, all FS without lag."""
        nothing = np.zeros_like(self.lag)
        return self._replace(kind=nothing, lag=nothing)


def drawn(n: int, m: int, levels: int) -> Drawn:
    """Draw a network whose activities and links stand in no order."""
    rng = np.random.default_rng(0)
    level = np.arange(n) * levels // n
    first = np.searchsorted(level, np.arange(levels + 1))

    def some(of: IntArray) -> IntArray:
        return first[of] + (rng.random(of.size) * (first[of + 1] - first[of])).astype(np.int64)

    later = np.flatnonzero(level > 0)
    source = rng.integers(0, first[-4], m - later.size)
    ends = np.array(
        (
            np.concatenate((some(level[later] - 1), source)),
            np.concatenate((later, some(level[source] + rng.integers(1, 4, source.size)))),
        )
    )
    predecessor, successor = rng.permutation(n)[ends][:, rng.permutation(m)]
    kind = rng.choice(4, m, p=[0.7, 0.1, 0.1, 0.1])
    lag = rng.integers(-200, 800, m) * (rng.random(m) < 0.3)
    return Drawn(rng.integers(0, 2000, n), predecessor, successor, kind, lag)


def records_of(network: Drawn) -> list[dict[str, Any]]:
    """Write a network as pmcontrols takes it."""
    before: list[list[str]] = [[] for _ in range(network.duration.size)]
    for first, second in zip(network.predecessor.tolist(), network.successor.tolist(), strict=True):
        before[second].append(str(first))
    durations = network.duration.tolist()
    return [{"id": str(i), "duration": durations[i], "predecessors": before[i]} for i in range(len(before))]


def graph_of(network: Drawn) -> Any:
    """Write a network as a networkx graph, each arc with its links as pairs of kind and lag."""
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(network.duration.size))
    for first, second, kind, lag in zip(*(values.tolist() for values in network[1:]), strict=True):
        if graph.has_edge(first, second):
            graph[first][second]["links"].append((kind, lag))
        else:
            graph.add_edge(first, second, links=[(kind, lag)])
    return graph


def passes(graph: Any, duration: list[int]) -> tuple[list[int], list[int], list[int]]:
    """Work out early starts, late starts and free floats in plain Python along the order that networkx gives."""
    order = list(nx.topological_sort(graph))
    early = [0] * len(duration)
    for second in order:
        start = 0
        for first, arc in graph._pred[second].items():  # noqa: SLF001 - the fastest way into the graph
            for kind, lag in arc["links"]:
                bound = early[first] + lag
                if kind % 2 == 0:
                    bound += duration[first]
                if kind >= 2:
                    bound -= duration[second]
                if bound > start:  # noqa: PLR1730 - the peer shall be fast
                    start = bound
        early[second] = start
    end = max(start + length for start, length in zip(early, duration, strict=True))
    late, free = [0] * len(duration), [0] * len(duration)
    for first in reversed(order):
        start, room = end - duration[first], end - duration[first] - early[first]
        for second, arc in graph._succ[first].items():  # noqa: SLF001 - the fastest way into the graph
            for kind, lag in arc["links"]:
                span = lag
                if kind % 2 == 0:
                    span += duration[first]
                if kind >= 2:
                    span -= duration[second]
                bound, slack = late[second] - span, early[second] - early[first] - span
                if bound < start:  # noqa: PLR1730 - the peer shall be fast
                    start = bound
                if slack < room:  # noqa: PLR1730 - the peer shall be fast
                    room = slack
        late[first], free[first] = start, room
    return early, late, free


@pytest.mark.parametrize(("levels", "times"), [(WIDE, 20), (DEEP, 10)], ids=["wide", "deep"])
def test_a_large_network_against_pmcontrols(levels: int, times: int, ratio: Callable[..., float]) -> None:
    network = drawn(N, M, levels)
    records = records_of(network)
    table = pmcontrols.cpm(records).table.set_index("activity").loc[[record["id"] for record in records]]
    same = network.plain().ours()
    for name, column in zip(DATES, ("es", "ef", "ls", "lf", "slack"), strict=False):
        assert np.array_equal(getattr(same, name), table[column])
    ratio(network.ours, lambda: pmcontrols.cpm(records), at_most=1 / times, repeats=3)


@pytest.mark.parametrize(("levels", "times"), [(WIDE, 7), (DEEP, 4)], ids=["wide", "deep"])
def test_a_large_network_against_a_networkx_order_with_passes(
    levels: int, times: int, ratio: Callable[..., float]
) -> None:
    network = drawn(N, M, levels)
    graph, durations = graph_of(network), network.duration.tolist()
    ours = network.ours()
    assert (ours.early_start.tolist(), ours.late_start.tolist(), ours.free_float.tolist()) == passes(graph, durations)
    ratio(network.ours, lambda: passes(graph, durations), at_most=1 / times)


def test_a_thousand_activities_against_criticalpath(ratio: Callable[..., float]) -> None:
    # the peer follows every path; with 20 levels it takes more than a minute
    network = drawn(1000, 1870, 12)
    durations = network.duration.tolist()

    def peer() -> Any:
        project = criticalpath.Node("project")
        nodes = [project.add(criticalpath.Node(str(i), duration=length)) for i, length in enumerate(durations)]
        for first, second in zip(network.predecessor.tolist(), network.successor.tolist(), strict=True):
            project.link(nodes[first], nodes[second])
        project.add_exit()
        project.update_all()
        return nodes

    same = network.plain().ours()
    nodes = peer()
    for name, short in zip(DATES, ("es", "ef", "ls", "lf"), strict=False):
        assert getattr(same, name).tolist() == [getattr(node, short) for node in nodes]
    ratio(network.ours, peer, at_most=1 / 200, repeats=3)


@pytest.mark.parametrize("levels", [WIDE, DEEP], ids=["wide", "deep"])
def test_the_memory_of_a_large_network(levels: int, peak_memory: Callable[..., float]) -> None:
    network = drawn(N, M, levels)
    peak_memory(network.ours, at_most=MOST_ARRAYS * 8 * (N + M) / 2**20)
