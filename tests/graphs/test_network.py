"""Edge lists become networks; components and levels agree with networkx, whatever the order of the edges."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.graphs import Network, strong_components, topological_levels, topological_order, weak_components
from leadkit.typing import IntArray

Edges = tuple[int, list[int], list[int]]


@st.composite
def edge_lists(draw: st.DrawFn, *, least: int = 0) -> Edges:
    n = draw(st.integers(least, 9))
    if n == 0:
        return 0, [], []
    ends = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=24))
    return n, [source for source, _ in ends], [target for _, target in ends]


def graph_of(network: Network) -> Any:
    graph = nx.DiGraph() if network.directed else nx.Graph()
    graph.add_nodes_from(range(network.n))
    graph.add_edges_from(zip(network.source.tolist(), network.target.tolist(), strict=True))
    return graph


def first_labels(parts: list[set[int]], n: int) -> list[int]:
    ordered = sorted(parts, key=min)
    return [next(label for label, part in enumerate(ordered) if node in part) for node in range(n)]


def test_edges_are_sorted_loops_dropped_and_parallels_merged() -> None:
    network = Network.from_edges(4, [3, 0, 2, 0, 3], [1, 2, 2, 2, 0], [1.0, 2.0, 9.0, 0.5, 4.0])
    assert list(zip(network.source.tolist(), network.target.tolist(), strict=True)) == [(0, 2), (3, 0), (3, 1)]
    assert network.weights is not None
    assert network.weights.tolist() == [2.5, 4.0, 1.0]
    assert (network.n_edges, network.n_loops_dropped, network.n_duplicates_merged) == (3, 1, 1)


def test_an_undirected_network_keeps_each_pair_once_smaller_index_first() -> None:
    network = Network.from_edges(3, [2, 0, 1], [0, 2, 1], [1.0, 2.0, 3.0], directed=False)
    assert (network.source.tolist(), network.target.tolist()) == ([0], [2])
    assert network.weights is not None
    assert network.weights.tolist() == [3.0]
    assert (network.n_loops_dropped, network.n_duplicates_merged) == (1, 1)


def test_a_network_without_weights_has_none() -> None:
    assert Network.from_edges(2, [0, 0], [1, 1]).weights is None


@given(edge_lists(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_edges_changes_nothing_not_a_bit(edges: Edges, random: Any, directed: bool) -> None:
    n, source, target = edges
    weights = [0.1 * (place % 7) for place in range(len(source))]
    order = list(range(len(source)))
    random.shuffle(order)
    shuffled = [[column[place] for place in order] for column in (source, target, weights)]
    assert Network.from_edges(n, source, target, weights, directed=directed) == Network.from_edges(
        n,
        np.array(shuffled[0], dtype=int),
        np.array(shuffled[1], dtype=int),
        np.array(shuffled[2], dtype=float),
        directed=directed,
    )


@given(edge_lists(), st.booleans())
def test_counts_add_up_and_ties_are_those_of_networkx(edges: Edges, directed: bool) -> None:
    n, source, target = edges
    network = Network.from_edges(n, source, target, directed=directed)
    graph: Any = nx.DiGraph() if directed else nx.Graph()
    graph.add_edges_from((a, b) for a, b in zip(source, target, strict=True) if a != b)
    assert network.n_edges == graph.number_of_edges()
    assert network.n_edges + network.n_loops_dropped + network.n_duplicates_merged == len(source)
    assert all(graph.has_edge(a, b) for a, b in zip(network.source.tolist(), network.target.tolist(), strict=True))


@given(edge_lists())
def test_turning_round_twice_restores_the_network(edges: Edges) -> None:
    n, source, target = edges
    network = Network.from_edges(n, source, target, [1.0 + place for place in range(len(source))])
    turned = network.reversed()
    assert turned.reversed() == network
    assert turned == attrs.evolve(
        Network.from_edges(n, network.target, network.source, network.weights),
        n_loops_dropped=network.n_loops_dropped,
        n_duplicates_merged=network.n_duplicates_merged,
    )


def test_an_undirected_network_is_its_own_reverse_and_stays_undirected() -> None:
    network = Network.from_edges(3, [0, 1], [1, 2], directed=False)
    assert network.reversed() is network
    assert network.as_undirected() is network


def test_a_tie_stands_where_either_arc_exists_and_two_opposite_arcs_add_their_weights() -> None:
    network = Network.from_edges(3, [0, 1, 2, 2], [1, 0, 1, 1], [1.0, 2.0, 4.0, 8.0]).as_undirected()
    assert not network.directed
    assert (network.source.tolist(), network.target.tolist()) == ([0, 1], [1, 2])
    assert network.weights is not None
    assert network.weights.tolist() == [3.0, 12.0]
    assert network.n_duplicates_merged == 1
    assert Network.from_edges(2, [0, 1], [1, 0]).as_undirected().weights is None


@pytest.mark.parametrize("name", ["advice", "friendship"])
def test_density_and_reciprocity_of_the_managers(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], name: str
) -> None:
    expected = golden(f"org/krackhardt_{name}.json")
    place = {person: i for i, person in enumerate(expected["ids"])}
    rows = shared_data(f"org/krackhardt_{name}.csv").read_text(encoding="utf-8").split()[1:]
    ends = [[place[person] for person in row.split(",")] for row in rows]
    network = Network.from_edges(expected["n"], [row[0] for row in ends], [row[1] for row in ends])
    assert network.n_edges == expected["ties"]
    assert network.density() == pytest.approx(expected["density"], rel=1e-12)
    assert network.reciprocity() == pytest.approx(expected["reciprocity_arcs"], rel=1e-12)


@given(edge_lists(least=2), st.booleans())
def test_density_and_reciprocity_agree_with_networkx(edges: Edges, directed: bool) -> None:
    network = Network.from_edges(*edges, directed=directed)
    graph = graph_of(network)
    assert network.density() == pytest.approx(nx.density(graph), abs=1e-15)
    if directed and network.n_edges:
        assert network.reciprocity() == pytest.approx(nx.reciprocity(graph), abs=1e-15)


def test_what_nothing_supports_is_not_a_number() -> None:
    assert math.isnan(Network.from_edges(1, [], []).density())
    assert math.isnan(Network.from_edges(0, [], []).density())
    assert math.isnan(Network.from_edges(5, [], []).reciprocity())
    assert math.isnan(Network.from_edges(5, [], [], directed=False).reciprocity())
    assert Network.from_edges(5, [0], [1], directed=False).reciprocity() == 1.0
    assert Network.from_edges(2, [0], [1], directed=False).density() == 1.0


def test_arrays_are_read_only_copies_of_a_small_type() -> None:
    source = np.array([0, 1])
    network = Network.from_edges(3, source, [1, 2], [1.0, 2.0])
    source[0] = 2
    assert network.source.tolist() == [0, 1]
    assert network.source.dtype == np.int32
    assert network.weights is not None
    for array in (network.source, network.target, network.weights, network.reversed().source):
        assert not array.flags.writeable
    for labels in (weak_components(network), strong_components(network), topological_levels(3, [0], [1])):
        assert labels.dtype == np.int64
        assert not labels.flags.writeable


@given(edge_lists(), st.booleans())
def test_a_network_survives_pickle_and_its_dictionary(edges: Edges, directed: bool) -> None:
    network = Network.from_edges(*edges, [1.0] * len(edges[1]), directed=directed)
    assert pickle.loads(pickle.dumps(network)) == network  # noqa: S301 - our own bytes
    assert Network(**json.loads(json.dumps(network.to_dict(), allow_nan=False))) == network


def test_a_masked_or_numpy_counted_network_is_the_same() -> None:
    network = Network.from_edges(3, [0, 1], [1, 2], [1.0, 2.0])
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, False])
    given_otherwise = Network.from_edges(
        int(np.int16(3)), np.array([0, 1], dtype=np.uint8), np.array([1, 2], dtype=np.uint64), masked
    )
    assert given_otherwise == network
    assert Network.from_edges(np.int16(3), [0, 1], [1, 2], [1, 2]) == network  # type: ignore[arg-type]


def test_minus_zero_is_no_negative_weight() -> None:
    weights = Network.from_edges(2, [0], [1], [-0.0]).weights
    assert weights is not None
    assert math.copysign(1.0, weights[0]) == 1.0


@pytest.mark.parametrize(
    ("n", "source", "target", "weights", "message"),
    [
        (-1, [], [], None, "n: expected a whole number from 0"),
        (True, [], [], None, "n: expected a whole number"),
        (2.0, [], [], None, "n: expected a whole number"),
        ("3", [], [], None, "n: expected a whole number"),
        (2**40, [], [], None, "n: expected a whole number from 0 to 2147483647, got 1099511627776"),
        (2, [0, 2], [1, 1], None, r"source\[1\]: node 2 is outside 0\.\.1"),
        (2, [0], [-1], None, r"target\[0\]: node -1 is outside"),
        (0, [0], [0], None, "outside a network without nodes"),
        (2, [0, 1], [1], None, "differ in length: 2 and 1"),
        (2, [0.0], [1], None, "source: expected a vector of whole numbers, got float64"),
        (2, [True], [1], None, "source: expected a vector of whole numbers, got bool"),
        (2, ["a"], [1], None, "source: expected a vector of whole numbers"),
        (2, [[0]], [[1]], None, "source: expected a vector of whole numbers"),
        (2, np.ma.masked_array([0], mask=[True]), [1], None, "source: .*masked"),
        (2, [0], [1], [-1.0], r"weights\[0\]: expected a finite number of at least 0, got -1.0"),
        (2, [0, 1], [1, 0], [1.0, math.nan], r"weights\[1\]: expected a finite number"),
        (2, [0], [1], [math.inf], r"weights\[0\]: expected a finite number"),
        (2, [0], [1], [1.0, 2.0], "weights: expected 1 values, got 2"),
        (2, [0], [1], [None], "weights: expected a vector of numbers, got object"),
        (2, [0], [1], [[1.0]], "weights: expected a vector of numbers, got float64 with 2 dimensions"),
        (2, [0], [1], [[1.0], []], "weights: expected a vector of numbers"),
        (2, [0], [1], np.ma.masked_array([1.0], mask=[True]), "weights: .*masked"),
        (2, [0, 1], [1, 0], [1e308, 1e308], "weights: their sum is larger than a float can hold"),
        (2, [0, 0], [1, 1], [1e308, 1e308], "weights: their sum is larger than a float can hold"),
    ],
)
def test_a_wrong_edge_list_is_refused_with_its_place(
    n: Any, source: Any, target: Any, weights: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Network.from_edges(n, source, target, weights)


@pytest.mark.parametrize(
    ("source", "target", "directed"),
    [([1, 0], [0, 1], True), ([0, 0], [1, 1], True), ([0, 1], [2, 1], True), ([1], [0], False), ([0, 0], [2, 1], True)],
)
def test_the_constructor_takes_only_what_from_edges_makes(source: list[int], target: list[int], directed: bool) -> None:
    with pytest.raises(ValueError, match=r"Network\.from_edges takes any edge list"):
        Network(n=3, source=source, target=target, directed=directed)


def test_the_constructor_checks_ends_and_weights_too() -> None:
    with pytest.raises(ValueError, match=r"target\[0\]: node 3 is outside 0\.\.2"):
        Network(n=3, source=[0], target=[3])
    with pytest.raises(ValueError, match="weights: expected 1 values, got 0"):
        Network(n=3, source=[0], target=[1], weights=[])
    with pytest.raises(ValueError, match="n: expected a whole number"):
        Network(n=2.5, source=[0], target=[1])  # type: ignore[arg-type]


@given(edge_lists(), st.booleans())
def test_components_are_those_of_networkx_in_order_of_their_smallest_node(edges: Edges, directed: bool) -> None:
    network = Network.from_edges(*edges, directed=directed)
    graph = graph_of(network)
    weak = list(nx.weakly_connected_components(graph) if directed else nx.connected_components(graph))
    strong = list(nx.strongly_connected_components(graph)) if directed else weak
    assert weak_components(network).tolist() == first_labels(weak, network.n)
    assert strong_components(network).tolist() == first_labels(strong, network.n)


def test_components_of_very_long_lines_and_cycles() -> None:
    n = 100_000
    nodes = np.arange(n)
    line = Network.from_edges(n, nodes[:-1], nodes[1:])
    ring = Network.from_edges(n, nodes, np.roll(nodes, -1))
    assert np.array_equal(strong_components(line), nodes)
    assert not weak_components(line).any()
    assert not strong_components(ring).any()


@pytest.mark.parametrize("measure", [weak_components, strong_components])
def test_components_need_a_network(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match=r"expected a Network, got list; Network\.from_edges makes one"):
        measure([0, 1])


def forward(edges: Edges) -> tuple[int, IntArray, IntArray]:
    """Turn every arc from the smaller to the larger node of a shuffled numbering, so that no cycle is left."""
    n, source, target = edges
    name = np.random.default_rng(n).permutation(n)
    pairs = [(min(a, b), max(a, b)) for a, b in zip(source, target, strict=True) if a != b]
    low, high = (np.array([pair[end] for pair in pairs], dtype=int) for end in (0, 1))
    return n, name[low], name[high]


@given(edge_lists())
def test_levels_are_the_generations_of_networkx(edges: Edges) -> None:
    n, source, target = forward(edges)
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    level = topological_levels(n, source, target)
    for depth, nodes in enumerate(nx.topological_generations(graph)):
        assert set(np.flatnonzero(level == depth).tolist()) == set(nodes)


@given(edge_lists(), st.randoms(use_true_random=False))
def test_the_order_leads_forward_and_is_one_whatever_the_order_of_the_arcs(edges: Edges, random: Any) -> None:
    n, source, target = forward(edges)
    order = topological_order(n, source, target)
    place = np.empty(n, dtype=int)
    place[order] = np.arange(n)
    assert (place[source] < place[target]).all()
    level = topological_levels(n, source, target)
    assert order.tolist() == sorted(range(n), key=lambda node: (level[node], node))
    rows = list(range(source.size))
    random.shuffle(rows)
    assert np.array_equal(topological_order(n, source[rows], target[rows]), order)


def test_a_very_long_line_has_a_level_a_node_and_a_wide_network_few() -> None:
    n = 100_000
    nodes = np.arange(n)
    assert np.array_equal(topological_levels(n, nodes[:-1], nodes[1:]), nodes)
    assert np.array_equal(topological_order(n, nodes[1:], nodes[:-1]), nodes[::-1])
    assert topological_levels(n, np.zeros(n - 1, dtype=int), nodes[1:]).sum() == n - 1
    layers = nodes.reshape(100, 1000)
    assert np.array_equal(topological_levels(n, layers[:-1].ravel(), layers[1:].ravel()), nodes // 1000)


@given(edge_lists())
def test_an_error_names_a_cycle_that_is_there_from_its_smallest_node_on(edges: Edges) -> None:
    n, source, target = edges
    arcs = set(zip(source, target, strict=True))
    graph: Any = nx.DiGraph(list(arcs))
    if nx.is_directed_acyclic_graph(graph):
        assert (topological_levels(n, source, target)[source] < topological_levels(n, source, target)[target]).all()
        return
    with pytest.raises(ValueError, match="the arcs form a cycle: ") as error:
        topological_levels(n, source, target)
    cycle = [int(node) for node in str(error.value).removeprefix("the arcs form a cycle: ").split(" -> ")]
    assert cycle[0] == cycle[-1] == min(cycle)
    assert len(set(cycle)) == len(cycle) - 1
    assert all(arc in arcs for arc in pairwise(cycle))


def test_a_long_cycle_is_shortened_in_the_message() -> None:
    nodes = np.arange(100_000)
    with pytest.raises(ValueError, match=r"cycle: 0 -> 1 -> 2 -> .* -> 19 -> \.\.\. -> 0 \(100000 nodes\)") as error:
        topological_order(nodes.size, nodes, np.roll(nodes, -1))
    assert len(str(error.value)) < 200


def test_a_self_loop_is_a_cycle_of_a_plan() -> None:
    with pytest.raises(ValueError, match=r"the arcs form a cycle: 1 -> 1$"):
        topological_levels(3, [0, 1, 1], [1, 1, 2])


@pytest.mark.parametrize("order_or_levels", [topological_levels, topological_order])
def test_levels_of_nothing_and_of_wrong_arcs(order_or_levels: Callable[..., Any]) -> None:
    assert order_or_levels(0, [], []).tolist() == []
    assert sorted(order_or_levels(1, [], []).tolist()) == [0]
    with pytest.raises(ValueError, match=r"source\[0\]: node 5 is outside 0\.\.2"):
        order_or_levels(3, [5], [0])
    with pytest.raises(ValueError, match="n: expected a whole number"):
        order_or_levels("three", [], [])
