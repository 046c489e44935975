"""A checked organisation and one roll-up, beside a bare networkx graph of the same lines and the same roll-up."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from leadkit.org import Organisation

ObjectArray = NDArray[Any]


def bushy_tree(n: int) -> tuple[ObjectArray, ObjectArray, NDArray[np.float64]]:
    """Draw ids, managers and FTE of a random tree with about eight reports a manager, the rows in random order."""
    rng = np.random.default_rng(0)
    ids = np.array([f"P{number:07d}" for number in rng.permutation(n)], dtype=object)
    parents = np.concatenate([[-1], rng.integers(np.arange(n - 1) // 16, np.arange(n - 1) // 8 + 1)])
    managers = np.where(parents < 0, None, ids[parents])
    rows = rng.permutation(n)
    return ids[rows], managers[rows], rng.integers(1, 9, n) / 8


def arcs_graph(ids: list[str], managers: list[str | None]) -> Any:
    graph = nx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_edges_from((manager, person) for person, manager in zip(ids, managers, strict=True) if manager)
    return graph


def networkx_roll_up(ids: list[str], managers: list[str | None], fte: list[float]) -> dict[str, float]:
    """Build, check, find the depths, add up from the deepest: what one would write with networkx."""
    graph = arcs_graph(ids, managers)
    assert nx.is_arborescence(graph)
    root = next(node for node, degree in graph.in_degree() if not degree)
    depth = nx.single_source_shortest_path_length(graph, root)
    total = dict(zip(ids, fte, strict=True))
    for node in reversed(depth):
        for manager in graph.pred[node]:
            total[manager] += total[node]
    return total


def test_organisation_and_roll_up_against_networkx(ratio: Callable[..., float]) -> None:
    ids, managers, fte = bushy_tree(100_000)

    def ours() -> NDArray[np.float64]:
        organisation = Organisation.from_columns(ids, managers, fte=fte)
        return organisation.tree.roll_up(fte)

    plain = ids.tolist(), managers.tolist(), fte.tolist()
    theirs = networkx_roll_up(*plain)
    assert ours().tolist() == [theirs[person] for person in ids]
    ratio(ours, lambda: networkx_roll_up(*plain), at_most=1 / 4)


def test_peak_memory_of_a_million_people(peak_memory: Callable[..., float], tell: Callable[[str], None]) -> None:
    ids, managers, fte = bushy_tree(1_000_000)
    tracemalloc.start()
    graph = arcs_graph(ids.tolist(), managers.tolist())
    bare = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert graph.number_of_edges() == 999_999
    del graph
    tell(f"a bare networkx graph of the arcs: {bare:.3g} MiB")

    def ours() -> NDArray[np.float64]:
        return Organisation.from_columns(ids, managers, fte=fte).tree.roll_up(fte)

    # 400 MB in MiB
    peak_memory(ours, at_most=min(400 / 1.048576, 0.75 * bare))
