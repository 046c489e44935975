"""The largest safe release of a hundred thousand people, against networkx building and rolling up the same tree."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from leadkit.graphs import TreeIndex
from leadkit.org import Organisation, audit_release, choose_release, compare_waves, roll_up
from leadkit.typing import IntArray

N = 100_000
SHAPES = ("bushy", "grown", "star", "chain", "comb")
ANSWERS = {"one each": (1, 2), "some": (0, 4), "teams": (5, 10)}


def tree_of(shape: str) -> IntArray:
    """A tree with its nodes in any order."""
    rng = np.random.default_rng(1)
    nodes = np.arange(N)
    parents = {
        "bushy": (nodes - 1) // 8,
        "grown": (rng.random(N) * nodes).astype(np.int64),
        "star": np.zeros(N, dtype=np.int64),
        "chain": nodes - 1,
        "comb": np.where(nodes % 2 == 0, nodes - 2, nodes - 1),
    }[shape]
    parents[0] = -1
    order = rng.permutation(N)
    result = np.empty(N, dtype=np.int64)
    result[order] = np.where(parents < 0, -1, order[parents])
    return result


def in_networkx(parents: IntArray, values: IntArray) -> list[int]:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(parents.size))
    graph.add_edges_from((above, node) for node, above in enumerate(parents.tolist()) if above >= 0)
    if not nx.is_arborescence(graph):
        msg = "no tree"
        raise ValueError(msg)
    depths = nx.single_source_shortest_path_length(graph, int(np.flatnonzero(parents == -1)[0]))
    totals: list[int] = values.tolist()
    for node in sorted(graph, key=depths.__getitem__, reverse=True):
        for above in graph.predecessors(node):
            totals[above] += totals[node]
    return totals


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_choose_release_against_a_roll_up_in_networkx(shape: str, answers: str, ratio: Callable[..., float]) -> None:
    parents = tree_of(shape)
    people = np.random.default_rng(2).integers(*ANSWERS[answers], N)
    tree = TreeIndex.from_parents(parents)
    release = choose_release(tree, people)
    assert release.subtree_n.tolist() == in_networkx(parents, people)
    assert audit_release(tree, people, release.published).is_safe
    ratio(lambda: choose_release(tree, people), lambda: in_networkx(parents, people), at_most=2, repeats=3)


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_of_choose_release(shape: str, peak_memory: Callable[..., float]) -> None:
    tree = TreeIndex.from_parents(tree_of(shape))
    people = np.random.default_rng(2).integers(*ANSWERS["some"], N)
    peak_memory(lambda: choose_release(tree, people), at_most=40)


def test_audit_release_against_a_roll_up_in_networkx(ratio: Callable[..., float]) -> None:
    parents = tree_of("bushy")
    people = np.ones(N, dtype=np.int64)
    tree = TreeIndex.from_parents(parents)
    published = choose_release(tree, people).published
    ratio(
        lambda: audit_release(tree, people, published), lambda: in_networkx(parents, people), at_most=1 / 10, repeats=3
    )


@pytest.mark.parametrize("shape", ["bushy", "chain"])
def test_roll_up_and_waves_against_a_roll_up_in_networkx(shape: str, ratio: Callable[..., float]) -> None:
    parents = tree_of(shape)
    ids = [f"p{node:06d}" for node in range(N)]
    people = Organisation.from_columns(ids, [None if above < 0 else ids[above] for above in parents.tolist()])
    rng = np.random.default_rng(3)
    before, after = (np.where(rng.random(N) < 0.8, rng.integers(1, 6, N), np.nan) for _ in range(2))
    assert len(roll_up(people, before).ids) > 0
    assert compare_waves((people, before), (people, after)).change.size > 0

    def ours() -> None:
        roll_up(people, before, bounds=(1, 5))
        compare_waves((people, before), (people, after))

    ratio(ours, lambda: in_networkx(parents, np.ones(N, dtype=np.int64)), at_most=4, repeats=3)
