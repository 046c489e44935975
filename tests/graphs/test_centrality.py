"""Centralities agree with the reference numbers, with networkx and igraph, and with closed forms at the edges."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.graphs import (
    GRAPH_FLAGS,
    EigenvectorResult,
    Network,
    betweenness,
    closeness,
    ei_index,
    ei_index_by_node,
    eigenvector,
    harmonic,
    in_degree,
    out_degree,
    pagerank,
    strong_components,
)
from leadkit.typing import FloatArray

NAMES = ("advice", "friendship")


@st.composite
def networks(draw: st.DrawFn, *, least: int = 0, weighted: bool = False) -> Network:
    n = draw(st.integers(least, 9))
    ends = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=28)) if n else []
    weights = draw(st.lists(st.integers(0, 5), min_size=len(ends), max_size=len(ends))) if weighted else None
    directed = draw(st.booleans())
    return Network.from_edges(n, [a for a, _ in ends], [b for _, b in ends], weights, directed=directed)


def graph_of(network: Network) -> Any:
    graph = nx.DiGraph() if network.directed else nx.Graph()
    graph.add_nodes_from(range(network.n))
    weights = np.ones(network.n_edges) if network.weights is None else network.weights
    graph.add_weighted_edges_from(zip(network.source.tolist(), network.target.tolist(), weights.tolist(), strict=True))
    return graph


def adjacency(network: Network) -> FloatArray:
    matrix = np.zeros((network.n, network.n))
    matrix[network.source, network.target] = 1.0
    return matrix if network.directed else np.maximum(matrix, matrix.T)


def random_network(n: int, m: int, *, directed: bool = True, seed: int = 0) -> Network:
    rng = np.random.default_rng(seed)
    return Network.from_edges(n, rng.integers(0, n, m), rng.integers(0, n, m), directed=directed)


def line(n: int, *, directed: bool = True) -> Network:
    return Network.from_edges(n, np.arange(n - 1), np.arange(1, n), directed=directed)


def clique(nodes: range) -> list[tuple[int, int]]:
    return [(a, b) for a in nodes for b in nodes if a != b]


def of_arcs(n: int, arcs: list[tuple[int, int]]) -> Network:
    return Network.from_edges(n, [a for a, _ in arcs], [b for _, b in arcs])


def residual(network: Network, result: EigenvectorResult) -> float:
    directed = (
        network
        if network.directed
        else Network.from_edges(
            network.n,
            np.concatenate((network.source, network.target)),
            np.concatenate((network.target, network.source)),
        )
    )
    into = np.bincount(directed.target, result.values[directed.source], minlength=network.n)
    return float(np.abs(into - result.eigenvalue * result.values).max())


@pytest.fixture
def managers(golden: Callable[[str], Any], shared_data: Callable[[str], Path]) -> Callable[[str], tuple[Network, Any]]:
    def load(name: str) -> tuple[Network, Any]:
        expected = golden(f"org/krackhardt_{name}.json")
        place = {person: i for i, person in enumerate(expected["ids"])}
        rows = [row.split(",") for row in shared_data(f"org/krackhardt_{name}.csv").read_text().split()[1:]]
        return Network.from_edges(
            len(place), [place[row[0]] for row in rows], [place[row[1]] for row in rows]
        ), expected

    return load


def close(values: FloatArray, expected: list[float | None]) -> None:
    numbers = [math.nan if value is None else value for value in expected]
    np.testing.assert_allclose(values, numbers, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_degrees_of_the_managers(managers: Callable[[str], tuple[Network, Any]], name: str) -> None:
    network, expected = managers(name)
    assert in_degree(network).tolist() == expected["indegree"]
    assert out_degree(network).tolist() == expected["outdegree"]


@pytest.mark.parametrize("name", NAMES)
def test_eigenvectors_of_the_managers(managers: Callable[[str], tuple[Network, Any]], name: str) -> None:
    network, expected = managers(name)
    for kind, result in (("directed", eigenvector(network)), ("undirected", eigenvector(network.as_undirected()))):
        key = "eigenvector_directed_in_max1" if kind == "directed" else "eigenvector_undirected_max1"
        np.testing.assert_allclose(result.values, expected[key], rtol=1e-8, atol=1e-12)
        assert result.eigenvalue == pytest.approx(expected[f"eigenvalue_{kind}"], rel=1e-12)
        assert result.flag is None


@pytest.mark.parametrize("name", NAMES)
def test_pageranks_of_the_managers(managers: Callable[[str], tuple[Network, Any]], name: str) -> None:
    network, expected = managers(name)
    close(pagerank(network), expected["pagerank_d085"])
    close(pagerank(network, damping=0.5), expected["pagerank_d050"])


@pytest.mark.parametrize("name", NAMES)
def test_shortest_path_measures_of_the_managers(managers: Callable[[str], tuple[Network, Any]], name: str) -> None:
    network, expected = managers(name)
    both_ways = network.as_undirected()
    close(betweenness(network), expected["betweenness_directed"])
    close(betweenness(both_ways), expected["betweenness_undirected"])
    close(closeness(network), expected["closeness_in_reachable_igraph"])
    close(closeness(both_ways, normalized=True), expected["closeness_undirected_normalized"])
    close(harmonic(network), expected["harmonic_in_normalized"])


@pytest.mark.parametrize("name", NAMES)
def test_ei_index_of_the_managers_by_department(managers: Callable[[str], tuple[Network, Any]], name: str) -> None:
    network, expected = managers(name)
    assert ei_index(network, expected["group"]) == pytest.approx(expected["ei_index_arcs"], abs=1e-12)


@given(networks(weighted=True))
def test_degrees_are_those_of_networkx(network: Network) -> None:
    graph = graph_of(network)
    ways = (graph.in_degree, graph.out_degree) if network.directed else (graph.degree, graph.degree)
    for measure, peer in zip((in_degree, out_degree), ways, strict=True):
        assert measure(network).tolist() == [degree for _, degree in peer()]
        assert measure(network, weighted=True).tolist() == [degree for _, degree in peer(weight="weight")]


@given(networks(least=1, weighted=True), st.sampled_from([0.0, 0.3, 0.85]), st.booleans())
def test_pagerank_is_that_of_networkx_and_sums_to_one(network: Network, damping: float, weighted: bool) -> None:
    values = pagerank(network, damping=damping, weighted=weighted)
    peer = nx.pagerank(
        graph_of(network), alpha=damping, weight="weight" if weighted else None, tol=1e-14, max_iter=1000
    )
    np.testing.assert_allclose(values, list(peer.values()), rtol=1e-10, atol=1e-12)
    assert values.sum() == pytest.approx(1.0, abs=1e-12)


@given(networks(least=1), st.sampled_from([0.5, 0.99, 0.9999]))
def test_pagerank_solves_its_equations(network: Network, damping: float) -> None:
    n, matrix = network.n, adjacency(network)
    ties = matrix.sum(axis=1, keepdims=True)
    follow = np.where(ties > 0, matrix / np.maximum(ties, 1), 1 / n)
    expected = np.linalg.solve(np.eye(n) - damping * follow.T, np.full(n, (1 - damping) / n))
    np.testing.assert_allclose(pagerank(network, damping=damping), expected, rtol=1e-10, atol=1e-12)


def test_the_rank_of_no_nodes_and_of_no_ties() -> None:
    assert pagerank(Network.from_edges(0, [], [])).tolist() == []
    assert pagerank(Network.from_edges(4, [], [])).tolist() == [0.25] * 4


def test_huge_and_tiny_weights_are_proportions_all_the_same() -> None:
    source, target = [0, 0, 1, 2], [1, 2, 0, 0]
    plain = pagerank(Network.from_edges(3, source, target, [1.0, 2.0, 1.0, 1.0]), weighted=True)
    for scale in (5e-308, 2e307):
        network = Network.from_edges(3, source, target, [scale, 2 * scale, scale, scale])
        np.testing.assert_allclose(pagerank(network, weighted=True), plain, rtol=1e-12)


def test_a_walker_who_hardly_ever_jumps_is_found_by_solving() -> None:
    n = 200
    star = Network.from_edges(n, np.zeros(n - 1, dtype=int), np.arange(1, n), directed=False)
    damping = 1 - 1e-9
    hub = (1 + damping * (n - 1)) / (n * (1 + damping))
    values = pagerank(star, damping=damping)
    assert values[0] == pytest.approx(hub, rel=1e-10)
    np.testing.assert_allclose(values[1:], (1 - hub) / (n - 1), rtol=1e-10)


def test_a_tolerance_below_rounding_ends_all_the_same() -> None:
    network = random_network(300, 2000)
    np.testing.assert_allclose(pagerank(network, tol=1e-300), pagerank(network), rtol=1e-10)
    loose = pagerank(network, tol=0.1)
    assert 0 < np.abs(loose - pagerank(network)).sum() < 0.6


@given(networks(), st.booleans())
def test_betweenness_is_that_of_networkx(network: Network, normalized: bool) -> None:
    peer = list(nx.betweenness_centrality(graph_of(network), normalized=normalized).values())
    expected = peer if network.n > 2 or not normalized else [math.nan] * network.n
    np.testing.assert_allclose(betweenness(network, normalized=normalized), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("directed", [True, False])
def test_betweenness_over_several_blocks_of_sources_is_that_of_networkx(directed: bool) -> None:
    network = random_network(230, 5000, directed=directed)
    peer = list(nx.betweenness_centrality(graph_of(network), normalized=True).values())
    np.testing.assert_allclose(betweenness(network, normalized=True, engine="own"), peer, rtol=1e-10, atol=1e-12)


@given(networks(), st.booleans())
def test_both_engines_give_the_same_betweenness(network: Network, normalized: bool) -> None:
    pytest.importorskip("igraph")
    own = betweenness(network, normalized=normalized, engine="own")
    other = betweenness(network, normalized=normalized, engine="igraph")
    np.testing.assert_allclose(own, other, rtol=1e-10, atol=1e-12)
    assert not other.flags.writeable


def test_a_line_of_more_than_two_thousand_nodes_goes_to_igraph() -> None:
    pytest.importorskip("igraph")
    place = np.arange(2001.0)
    np.testing.assert_allclose(betweenness(line(2001)), place * (2000 - place), rtol=1e-12)


def test_without_igraph_a_large_network_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(ImportError, match=r"of more than 2000 nodes needs igraph: pip install 'leadkit\[network\]'"):
        betweenness(Network.from_edges(2001, [0], [1]))
    with pytest.raises(ImportError, match=r"^betweenness needs igraph: pip install 'leadkit\[network\]'"):
        betweenness(line(3), engine="igraph")
    place = np.arange(2000.0)
    np.testing.assert_allclose(betweenness(line(2000)), place * (1999 - place), rtol=1e-12)
    assert betweenness(Network.from_edges(2001, [0, 1], [1, 2]), engine="own").sum() == 1.0


def test_more_shortest_paths_than_a_float_can_count_are_an_error() -> None:
    fork = 3 * np.arange(1030)
    source = np.concatenate((fork, fork, fork + 1, fork + 2))
    target = np.concatenate((fork + 1, fork + 2, fork + 3, fork + 3))
    with pytest.raises(ValueError, match="more shortest paths between two nodes than a float can count"):
        betweenness(Network.from_edges(3 * 1030 + 1, source, target), engine="own")


@given(networks(), st.sampled_from(["in", "out"]))
def test_closeness_and_harmonic_centrality_are_those_of_networkx(network: Network, direction: Any) -> None:
    graph = graph_of(network)
    graph = graph.reverse() if network.directed and direction == "out" else graph
    peer = list(nx.closeness_centrality(graph, wf_improved=False).values())
    expected = [value or math.nan for value in peer]
    near = closeness(network, direction=direction, normalized=True)
    np.testing.assert_allclose(near, expected, rtol=1e-10, atol=1e-12)
    others = np.array(
        [
            len(nx.ancestors(graph, v)) if network.directed else len(nx.node_connected_component(graph, v)) - 1
            for v in graph
        ],
        dtype=float,
    )
    plain = closeness(network, direction=direction)
    np.testing.assert_allclose(plain * others, np.where(others > 0, near, np.nan), rtol=1e-12)
    sums = harmonic(network, direction=direction, normalized=False)
    np.testing.assert_allclose(sums, list(nx.harmonic_centrality(graph).values()), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(harmonic(network, direction=direction) * max(network.n - 1, 1), sums, rtol=1e-12)


def test_distances_over_several_blocks_of_nodes_are_those_of_dijkstra() -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    network = random_network(1300, 3000)
    arcs = coo_array((np.ones(network.n_edges), (network.source, network.target)), shape=(1300, 1300))
    distance = shortest_path(arcs.tocsr(), unweighted=True)
    np.fill_diagonal(distance, np.inf)
    there = np.isfinite(distance)
    total = np.where(there, distance, 0.0).sum(axis=0)
    expected = np.where(total > 0, there.sum(axis=0) / np.where(total > 0, total, 1.0), np.nan)
    np.testing.assert_allclose(closeness(network, normalized=True), expected, rtol=1e-12)
    np.testing.assert_allclose(harmonic(network, normalized=False), (1 / distance).sum(axis=0), rtol=1e-12)


def test_a_line_has_its_closed_forms_of_nearness() -> None:
    n = 300
    place = np.arange(1.0, n)
    assert math.isnan(closeness(line(n))[0])
    np.testing.assert_allclose(closeness(line(n))[1:], 2 / (place * (place + 1)), rtol=1e-12)
    np.testing.assert_allclose(closeness(line(n), direction="out")[-2::-1], 2 / (place * (place + 1)), rtol=1e-12)
    np.testing.assert_allclose(harmonic(line(n), normalized=False)[1:], np.cumsum(1 / place), rtol=1e-12)


def test_an_isolate_has_no_closeness_and_no_harmonic_centrality() -> None:
    alone = Network.from_edges(1, [], [])
    assert np.isnan(closeness(alone)).all()
    assert harmonic(alone).tolist() == [0.0]
    assert betweenness(alone).tolist() == [0.0]
    nobody = Network.from_edges(0, [], [])
    for measure in (closeness, harmonic, betweenness, in_degree, out_degree):
        assert measure(nobody).tolist() == []


@given(networks(least=1))
def test_the_eigenvector_exists_exactly_when_one_part_alone_leads(network: Network) -> None:
    result = eigenvector(network)
    matrix = adjacency(network)
    label = strong_components(network)
    radius = np.array(
        [
            np.abs(np.linalg.eigvals(matrix[np.ix_(label == part, label == part)])).max()
            for part in range(label.max() + 1)
        ]
    )
    top = radius.max()
    leading = np.flatnonzero(radius > top - 1e-6)
    # a nilpotent matrix has eigenvalues of rounding only, and a cycle at least 1
    if top < 0.5:
        assert (result.flag, result.eigenvalue) == ("no_cycle", 0.0)
        assert np.isnan(result.values).all()
    elif leading.size > 1:
        assert result.flag == "not_unique"
        assert result.eigenvalue == pytest.approx(top, rel=1e-8)
        assert np.isnan(result.values).all()
    else:
        assert result.flag is None
        assert result.eigenvalue == pytest.approx(top, rel=1e-8)
        assert residual(network, result) < 1e-10
        assert result.values.max() == 1.0
        graph: Any = nx.DiGraph(matrix)
        first = int(np.flatnonzero(label == leading[0])[0])
        assert set(np.flatnonzero(result.values > 0).tolist()) == {first, *nx.descendants(graph, first)}
        assert (result.values >= 0).all()


def test_a_strongly_connected_network_has_the_eigenvector_of_networkx() -> None:
    network = random_network(60, 500, seed=3)
    assert not strong_components(network).any()
    peer = np.array(list(nx.eigenvector_centrality_numpy(graph_of(network)).values()))
    np.testing.assert_allclose(eigenvector(network).values, peer / peer.max(), rtol=1e-8)


@pytest.mark.parametrize("n", [2, 3, 7, 5000])
def test_a_ring_is_periodic_and_equal_all_round(n: int) -> None:
    result = eigenvector(Network.from_edges(n, np.arange(n), np.roll(np.arange(n), -1)))
    np.testing.assert_allclose(result.values, 1.0, rtol=1e-12)
    assert result.eigenvalue == pytest.approx(1.0, rel=1e-12)


def test_a_star_is_bipartite_and_has_its_closed_form() -> None:
    star = Network.from_edges(10, np.zeros(9, dtype=int), np.arange(1, 10), directed=False)
    result = eigenvector(star)
    assert result.eigenvalue == pytest.approx(3.0, rel=1e-12)
    np.testing.assert_allclose(result.values, [1.0] + [1 / 3] * 9, rtol=1e-12)


@pytest.mark.parametrize("n", [40, 800, 4000])
def test_a_line_of_ties_both_ways_mixes_slowly_and_has_its_closed_form(n: int) -> None:
    result = eigenvector(line(n, directed=False))
    wave = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    np.testing.assert_allclose(result.values, wave / wave.max(), rtol=1e-8)
    assert result.eigenvalue == pytest.approx(2 * math.cos(math.pi / (n + 1)), rel=1e-13)


@pytest.mark.parametrize("n", [550, 2500])
def test_a_ladder_mixes_slowly_and_has_its_closed_form(n: int) -> None:
    left = np.arange(n)
    source = np.concatenate((left[:-1], left[:-1] + n, left))
    target = np.concatenate((left[1:], left[1:] + n, left + n))
    result = eigenvector(Network.from_edges(2 * n, source, target, directed=False))
    wave = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    np.testing.assert_allclose(result.values, np.tile(wave / wave.max(), 2), rtol=1e-8)
    assert result.eigenvalue == pytest.approx(1 + 2 * math.cos(math.pi / (n + 1)), rel=1e-13)


def test_two_crowds_that_hardly_meet_have_a_small_residual() -> None:
    n, m = 800, 5600
    rng = np.random.default_rng(0)
    crowds = rng.integers(0, n, (2, m)), rng.integers(n, 2 * n, (2, m))
    bridge = np.array([[0, n], [n, 0]])
    source, target = np.concatenate((*crowds, bridge), axis=1)
    network = Network.from_edges(2 * n, source, target)
    result = eigenvector(network)
    assert residual(network, result) < 1e-12
    assert result.values.min() >= 0


def test_parts_that_share_the_largest_eigenvalue_are_not_unique() -> None:
    two_pairs = Network.from_edges(4, [0, 1, 2, 3, 1], [1, 0, 3, 2, 2])
    assert eigenvector(two_pairs).flag == "not_unique"
    ring_and_pair = Network.from_edges(5, [0, 1, 2, 3, 4], [1, 0, 3, 4, 2])
    assert eigenvector(ring_and_pair).flag == "not_unique"
    star_and_square = Network.from_edges(9, [0, 0, 0, 0, 5, 6, 7, 8], [1, 2, 3, 4, 6, 7, 8, 5], directed=False)
    assert eigenvector(star_and_square).flag == "not_unique"
    assert eigenvector(star_and_square).eigenvalue == pytest.approx(2.0, rel=1e-12)
    long_lines = Network.from_edges(1200, np.r_[0:599, 600:1199], np.r_[1:600, 601:1200], directed=False)
    assert eigenvector(long_lines).flag == "not_unique"


def test_a_slightly_longer_line_leads_alone() -> None:
    lines = Network.from_edges(121, np.r_[0:59, 60:120], np.r_[1:60, 61:121], directed=False)
    result = eigenvector(lines)
    assert result.flag is None
    assert not result.values[:60].any()
    assert (result.values[60:] > 0).all()


def test_a_hundred_thousand_small_parts_are_told_apart_at_once() -> None:
    first = np.arange(0, 300_000, 3)
    source = np.concatenate((first, first + 1, [300_000, 300_001, 300_002]))
    target = np.concatenate((first + 1, first + 2, [300_001, 300_002, 300_000]))
    network = Network.from_edges(300_003, source, target, directed=False)
    result = eigenvector(network)
    assert result.eigenvalue == pytest.approx(2.0, rel=1e-12)
    assert result.values.tolist() == [0.0] * 300_000 + [1.0] * 3


def test_values_flow_down_a_very_long_line_below_the_leading_part() -> None:
    n = 100_000
    network = Network.from_edges(n, np.r_[0 : n - 1, 1], np.r_[1:n, 0])
    result = eigenvector(network)
    assert result.eigenvalue == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(result.values, 1.0, rtol=1e-9)


def test_values_shrink_geometrically_below_a_clique() -> None:
    arcs = [*clique(range(5)), (4, 5), (5, 6), (6, 7)]
    np.testing.assert_allclose(eigenvector(of_arcs(8, arcs)).values, [1] * 5 + [1 / 4, 1 / 16, 1 / 64], rtol=1e-12)


def test_a_part_below_the_leading_one_takes_its_inflow() -> None:
    arcs = [*clique(range(5)), *clique(range(5, 9)), (0, 5)]
    result = eigenvector(of_arcs(9, arcs))
    # lambda = 4: the entered node solves 4 x = 1 + 3 y, the other three 4 y = x + 2 y
    np.testing.assert_allclose(result.values, [1] * 5 + [0.4] + [0.2] * 3, rtol=1e-12)
    upward = eigenvector(of_arcs(9, [*clique(range(4)), *clique(range(4, 9)), (0, 4)]))
    assert upward.values.tolist() == [0.0] * 4 + [1.0] * 5


def test_a_part_below_that_is_nearly_as_strong_is_solved_directly() -> None:
    steps = [(i, i + 1) for i in range(59)] + [(i, i + 1) for i in range(60, 118)]
    network = of_arcs(119, [*steps, *[(b, a) for a, b in steps], (0, 60)])
    result = eigenvector(network)
    assert result.flag is None
    assert (result.values > 0).all()
    assert residual(network, result) < 1e-12


def test_values_beyond_the_range_of_a_float_are_an_error() -> None:
    fork = 2 + 3 * np.arange(1100)
    source = np.concatenate(([0, 1, 1], fork, fork, fork[:-1] + 1, fork[:-1] + 2))
    target = np.concatenate(([1, 0, 2], fork + 1, fork + 2, fork[1:], fork[1:]))
    with pytest.raises(ValueError, match="the values differ by more than a float can hold"):
        eigenvector(Network.from_edges(2 + 3 * 1100, source, target))


@given(networks(least=1), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_every_centrality_commutes_with_renaming(network: Network, random: Any) -> None:
    name = list(range(network.n))
    random.shuffle(name)
    renamed = Network.from_edges(
        network.n,
        [name[node] for node in network.source],
        [name[node] for node in network.target],
        directed=network.directed,
    )
    groups = np.arange(network.n) % 3
    new_groups = np.empty(network.n, dtype=int)
    new_groups[name] = groups
    measures: list[Callable[[Network, Any], FloatArray]] = [
        lambda net, _: in_degree(net),
        lambda net, _: out_degree(net),
        lambda net, _: pagerank(net),
        lambda net, _: eigenvector(net).values,
        lambda net, _: betweenness(net),
        lambda net, _: closeness(net),
        lambda net, _: harmonic(net),
        ei_index_by_node,
    ]
    for measure in measures:
        np.testing.assert_allclose(measure(renamed, new_groups)[name], measure(network, groups), rtol=1e-9, atol=1e-12)
    assert ei_index(renamed, new_groups) == pytest.approx(ei_index(network, groups), nan_ok=True)
    assert eigenvector(renamed).flag == eigenvector(network).flag


@given(networks(), st.data())
def test_the_ei_index_counts_ties_one_by_one(network: Network, data: st.DataObject) -> None:
    label = st.sampled_from(["a", "b", None, math.nan, 3])
    groups = data.draw(st.lists(label, min_size=network.n, max_size=network.n))
    score: list[list[int]] = [[] for _ in range(network.n)]
    ties = []
    for a, b in zip(network.source.tolist(), network.target.tolist(), strict=True):
        if not {groups[a], groups[b]} <= {"a", "b", 3}:
            continue
        ties.append(1 if groups[a] != groups[b] else -1)
        score[a].append(ties[-1])
        score[b].append(ties[-1])
    assert ei_index(network, groups) == pytest.approx(sum(ties) / len(ties) if ties else math.nan, nan_ok=True)
    expected = [sum(node) / len(node) if node else math.nan for node in score]
    np.testing.assert_allclose(ei_index_by_node(network, groups), expected, rtol=1e-12)


def test_groups_may_be_any_labels() -> None:
    network = Network.from_edges(3, [0, 1], [1, 2])
    groups = np.array(["x", "x", "y"])
    assert ei_index(network, groups) == 0.0
    assert ei_index(network, np.ma.masked_array([1, 1, 2], mask=[False, False, True])) == -1.0
    assert ei_index(network, iter(("x", "x", "y"))) == 0.0


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["a", "b"], "groups: expected 3 labels, got 2"),
        (5, "groups: expected 3 labels, got int"),
        (np.array(5), "groups: expected 3 labels, got ndarray"),
        ([["a"], ["b"], ["c"]], r"groups\[0\]: \['a'\] cannot be a label"),
    ],
)
def test_wrong_groups_are_refused(groups: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ei_index(line(3), groups)
    with pytest.raises(ValueError, match=message):
        ei_index_by_node(line(3), groups)


@pytest.mark.parametrize(
    ("measure", "options", "message"),
    [
        (in_degree, {"weighted": True}, "weighted: the network has no weights"),
        (out_degree, {"weighted": True}, "weighted: the network has no weights"),
        (pagerank, {"weighted": True}, "weighted: the network has no weights"),
        (pagerank, {"damping": 1.0}, "damping: expected a number of at least 0 and below 1, got 1.0"),
        (pagerank, {"damping": -0.1}, "damping: expected a number"),
        (pagerank, {"damping": math.nan}, "damping: expected a number"),
        (pagerank, {"damping": "much"}, "damping: expected a number"),
        (pagerank, {"tol": 0.0}, "tol: expected a finite number above 0, got 0.0"),
        (pagerank, {"tol": math.inf}, "tol: expected a finite number above 0"),
        (pagerank, {"tol": True}, "tol: expected a finite number above 0"),
        (betweenness, {"engine": "fast"}, "engine: expected one of 'auto', 'own', 'igraph', got 'fast'"),
        (betweenness, {"engine": None}, "engine: expected one of"),
        (closeness, {"direction": "up"}, "direction: expected one of 'in', 'out', got 'up'"),
        (harmonic, {"direction": ["in"]}, "direction: expected one of"),
    ],
)
def test_wrong_options_are_refused(measure: Callable[..., Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        measure(line(3), **options)


@pytest.mark.parametrize(
    "measure",
    [
        in_degree,
        out_degree,
        pagerank,
        eigenvector,
        betweenness,
        closeness,
        harmonic,
        lambda value: ei_index(value, []),
        lambda value: ei_index_by_node(value, []),
    ],
)
def test_every_measure_needs_a_network(measure: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="network: expected a Network, got ndarray"):
        measure(np.eye(2))


def test_results_are_read_only_and_plain() -> None:
    network = Network.from_edges(3, [0, 1, 1], [1, 0, 2], [1.0, 2.0, 3.0])
    result = eigenvector(network)
    measures: list[Callable[[Network], FloatArray]] = [
        in_degree,
        out_degree,
        pagerank,
        betweenness,
        closeness,
        harmonic,
    ]
    for values in (*(measure(network) for measure in measures), result.values, ei_index_by_node(network, "aab")):
        assert values.dtype == np.float64
        assert not values.flags.writeable
    assert EigenvectorResult(**json.loads(json.dumps(result.to_dict(), allow_nan=False))) == result
    assert {"no_cycle", "not_unique"} <= set(GRAPH_FLAGS)
