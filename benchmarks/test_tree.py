"""Trees against networkx and pandas: a hundred thousand people, built, checked and rolled up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from leadkit.graphs import TreeIndex, check_parents
from leadkit.typing import FloatArray, IntArray

N = 100_000


def shuffled(parents: IntArray) -> IntArray:
    order = np.random.default_rng(1).permutation(parents.size)
    result = np.empty(parents.size, dtype=np.int64)
    result[order] = np.where(parents < 0, -1, order[parents])
    return result


@pytest.fixture(scope="module")
def bushy() -> IntArray:
    return shuffled((np.arange(N) - 1) // 8)


@pytest.fixture(scope="module")
def chain() -> IntArray:
    return shuffled(np.arange(N) - 1)


@pytest.fixture(scope="module")
def values() -> FloatArray:
    return np.random.default_rng(2).normal(size=N)


def in_networkx(parents: IntArray, values: FloatArray) -> list[float]:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(parents.size))
    graph.add_edges_from((above, node) for node, above in enumerate(parents.tolist()) if above >= 0)
    if not nx.is_arborescence(graph):
        msg = "no tree"
        raise ValueError(msg)
    root = int(np.flatnonzero(parents == -1)[0])
    depths = nx.single_source_shortest_path_length(graph, root)
    totals: list[float] = values.tolist()
    for node in sorted(graph, key=depths.__getitem__, reverse=True):
        for above in graph.predecessors(node):
            totals[above] += totals[node]
    return totals


def in_pandas(parents: IntArray, values: FloatArray) -> Any:
    """Close the table of (node, ancestor) pairs level by level, then sum by ancestor."""
    manager = pd.Series(parents)
    pairs = pd.DataFrame({"node": np.arange(parents.size), "above": np.arange(parents.size)})
    levels = []
    while len(pairs):
        levels.append(pairs)
        pairs = pd.DataFrame({"node": pairs["node"], "above": manager.reindex(pairs["above"]).to_numpy()})
        pairs = pairs[pairs["above"] >= 0]
    closure = pd.concat(levels)
    closure["value"] = values[closure["node"]]
    return closure.groupby("above")["value"].sum()


def test_build_and_roll_up_against_networkx(bushy: IntArray, values: FloatArray, ratio: Callable[..., float]) -> None:
    ours = TreeIndex.from_parents(bushy).roll_up(values)
    assert np.allclose(ours, in_networkx(bushy, values), rtol=0, atol=1e-9)
    ratio(
        lambda: TreeIndex.from_parents(bushy).roll_up(values),
        lambda: in_networkx(bushy, values),
        at_most=1 / 15,
        repeats=3,
    )


def test_one_further_roll_up_against_networkx(bushy: IntArray, values: FloatArray, ratio: Callable[..., float]) -> None:
    tree = TreeIndex.from_parents(bushy)
    ratio(lambda: tree.roll_up(values), lambda: in_networkx(bushy, values), at_most=1 / 50, repeats=3)


def test_roll_up_against_a_pandas_closure(bushy: IntArray, values: FloatArray, ratio: Callable[..., float]) -> None:
    ours = TreeIndex.from_parents(bushy).roll_up(values)
    assert np.allclose(ours, in_pandas(bushy, values).to_numpy(), rtol=0, atol=1e-9)
    ratio(
        lambda: TreeIndex.from_parents(bushy).roll_up(values),
        lambda: in_pandas(bushy, values),
        at_most=1 / 4,
        repeats=15,
    )


def test_chain_against_bushy(bushy: IntArray, chain: IntArray, ratio: Callable[..., float]) -> None:
    ratio(lambda: TreeIndex.from_parents(chain), lambda: TreeIndex.from_parents(bushy), at_most=5)


def test_faults_of_a_star_against_networkx_of_a_bushy_tree(
    bushy: IntArray, values: FloatArray, ratio: Callable[..., float]
) -> None:
    star = shuffled(np.where(np.arange(N) == 0, -1, 0))
    ratio(lambda: check_parents(star), lambda: in_networkx(bushy, values), at_most=1, repeats=3)


def test_star_against_networkx_of_a_bushy_tree(
    bushy: IntArray, values: FloatArray, ratio: Callable[..., float]
) -> None:
    star = shuffled(np.where(np.arange(N) == 0, -1, 0))
    ratio(
        lambda: TreeIndex.from_parents(star).roll_up(values), lambda: in_networkx(bushy, values), at_most=1, repeats=3
    )


@pytest.mark.parametrize("length", [2, N])
def test_nothing_but_cycles_against_networkx_of_a_bushy_tree(
    bushy: IntArray, values: FloatArray, length: int, ratio: Callable[..., float]
) -> None:
    places = np.arange(N)
    rings = shuffled(places - places % length + (places + 1) % length)
    assert len(check_parents(rings).cycles) == N // length
    ratio(lambda: check_parents(rings), lambda: in_networkx(bushy, values), at_most=1, repeats=3)
