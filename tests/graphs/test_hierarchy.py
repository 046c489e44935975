"""Krackhardt's four measures agree with the reference numbers, with brute force on small networks, and with closed forms."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.graphs import GRAPH_FLAGS, HierarchyMeasures, Network, hierarchy_measures, lub_violations

MEASURES = ("connectedness", "hierarchy", "efficiency", "least_upper_boundedness")


@st.composite
def networks(draw: st.DrawFn, *, directed: bool = True) -> Network:
    n = draw(st.integers(0, 8))
    ends = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=18)) if n else []
    return Network.from_edges(n, [a for a, _ in ends], [b for _, b in ends], directed=directed)


@st.composite
def forests(draw: st.DrawFn) -> list[int]:
    return [draw(st.integers(-1, node - 1)) for node in range(draw(st.integers(1, 12)))]


def reach(network: Network) -> tuple[Any, set[tuple[int, int]]]:
    """Follow paths with networkx: the graph, and all (a, b) where a reaches b."""
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(network.n))
    ends = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
    graph.add_edges_from(ends if network.directed else ends + [(b, a) for a, b in ends])
    return graph, {(a, b) for a in graph for b in {a, *nx.descendants(graph, a)}}


def violations_by_brute_force(network: Network) -> list[list[int]]:
    """Look at every pair and every candidate, straight from the definition."""
    graph, paths = reach(network)
    found = []
    for component in nx.weakly_connected_components(graph):
        for i, j in combinations(sorted(component), 2):
            upper = [u for u in graph if (u, i) in paths and (u, j) in paths]
            if not any(all((u, least) in paths for u in upper) for least in upper):
                found.append([i, j])
    return sorted(found)


def by_brute_force(network: Network) -> dict[str, float]:
    graph, paths = reach(network)
    n, pairs = network.n, list(combinations(range(network.n), 2))
    components = [len(component) for component in nx.weakly_connected_components(graph)]
    together = sum(s * (s - 1) // 2 for s in components)
    one_way = sum((i, j) in paths or (j, i) in paths for i, j in pairs)
    both = sum((i, j) in paths and (j, i) in paths for i, j in pairs)
    tree = n - len(components)
    triples = sum((s - 1) * (s - 2) // 2 for s in components)
    violations = len(violations_by_brute_force(network))

    def share(part: int, whole: int) -> float:
        return part / whole if whole else math.nan

    return {
        "connectedness": share(together, len(pairs)),
        "hierarchy": 1 - share(both, one_way),
        "efficiency": 1 - share(graph.number_of_edges() - tree, 2 * together - tree),
        "least_upper_boundedness": 1 - share(violations, triples),
    }


def arcs_of(path: Path, ids: list[str]) -> Network:
    place = {person: i for i, person in enumerate(ids)}
    rows = [row.split(",") for row in path.read_text(encoding="utf-8").split()[1:]]
    return Network.from_edges(len(ids), [place[row[0]] for row in rows], [place[row[1]] for row in rows])


@pytest.mark.parametrize("name", ["advice", "friendship"])
def test_measures_of_the_managers(golden: Callable[[str], Any], shared_data: Callable[[str], Path], name: str) -> None:
    expected = golden(f"org/krackhardt_{name}.json")
    network = arcs_of(shared_data(f"org/krackhardt_{name}.csv"), expected["ids"])
    measures, turned = hierarchy_measures(network), hierarchy_measures(network.reversed())
    for result in (measures, turned):
        assert result.connectedness == pytest.approx(expected["krackhardt_connectedness"], abs=1e-12)
        assert result.hierarchy == pytest.approx(expected["krackhardt_hierarchy"], abs=1e-12)
        assert result.efficiency == pytest.approx(expected["krackhardt_efficiency"], abs=1e-12)
    assert measures.least_upper_boundedness == pytest.approx(expected["lub_by_definition"], abs=1e-12)
    assert turned.least_upper_boundedness == pytest.approx(expected["lub_by_definition_transposed"], abs=1e-12)


@pytest.mark.parametrize("name", ["reports_to", "advice", "friendship"])
def test_formal_and_informal_networks_side_by_side(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], name: str
) -> None:
    expected = golden("org/krackhardt_formal_informal.json")[name]
    ids = golden("org/krackhardt_tree.json")["ids"]
    network = arcs_of(shared_data(f"org/krackhardt_{name}.csv"), ids)
    measures = hierarchy_measures(network)
    assert measures.connectedness == pytest.approx(expected["connectedness"], abs=1e-12)
    assert measures.hierarchy == pytest.approx(expected["hierarchy_krackhardt"], abs=1e-12)
    assert measures.efficiency == pytest.approx(expected["efficiency"], abs=1e-12)
    assert measures.least_upper_boundedness == pytest.approx(expected["lub_by_definition"], abs=1e-12)
    turned = hierarchy_measures(network.reversed()).least_upper_boundedness
    assert turned == pytest.approx(expected["lub_by_definition_transposed"], abs=1e-12)


def test_two_bosses_over_two_reports_violate_at_three_pairs() -> None:
    network = Network.from_edges(5, [0, 1, 0, 1, 2], [2, 2, 3, 3, 4])
    assert lub_violations(network).tolist() == [[0, 1], [2, 3], [3, 4]]
    measures = hierarchy_measures(network)
    assert (measures.n_components, measures.n_lub_violations, measures.n_lub_pairs) == (1, 3, 6)
    assert measures.least_upper_boundedness == 0.5


@given(networks())
def test_violations_are_those_of_the_definition(network: Network) -> None:
    assert lub_violations(network).tolist() == violations_by_brute_force(network)


@given(networks())
def test_measures_are_those_of_the_definition(network: Network) -> None:
    measures = hierarchy_measures(network)
    for name, expected in by_brute_force(network).items():
        assert getattr(measures, name) == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert measures.n_lub_violations == len(lub_violations(network))
    assert not (set(measures.flags) - set(GRAPH_FLAGS))


@given(networks(directed=False))
def test_an_undirected_tie_is_two_arcs(network: Network) -> None:
    both = Network.from_edges(
        network.n,
        np.concatenate((network.source, network.target)),
        np.concatenate((network.target, network.source)),
    )
    assert hierarchy_measures(network) == hierarchy_measures(both)
    assert lub_violations(network).tolist() == lub_violations(both).tolist()


@given(forests())
def test_a_formal_tree_scores_one_on_every_measure(parents: list[int]) -> None:
    parents = [-1, *(max(parent, 0) for parent in parents)]
    tree = Network.from_edges(len(parents), parents[1:], range(1, len(parents)))
    measures = hierarchy_measures(tree)
    assert (measures.connectedness, measures.hierarchy, measures.efficiency) == (1.0, 1.0, 1.0)
    assert measures.n_lub_violations == 0
    assert measures.least_upper_boundedness == 1.0 or measures.flags == ("no_triples",)


@given(networks(), st.randoms(use_true_random=False))
def test_names_do_not_matter(network: Network, random: Any) -> None:
    name = list(range(network.n))
    random.shuffle(name)
    renamed = Network.from_edges(
        network.n, [name[node] for node in network.source], [name[node] for node in network.target]
    )
    assert hierarchy_measures(renamed) == hierarchy_measures(network)
    pairs = sorted(sorted((name[i], name[j])) for i, j in lub_violations(network).tolist())
    assert lub_violations(renamed).tolist() == pairs


@pytest.mark.parametrize(
    ("n", "source", "target", "flags"),
    [
        (0, [], [], ("no_pairs", "no_paths", "no_slack", "no_triples")),
        (1, [], [], ("no_pairs", "no_paths", "no_slack", "no_triples")),
        (2, [], [], ("no_paths", "no_slack", "no_triples")),
        (2, [0], [1], ("no_triples",)),
        (3, [0, 1], [1, 2], ()),
    ],
)
def test_a_measure_without_a_denominator_is_not_a_number_and_says_so(
    n: int, source: list[int], target: list[int], flags: tuple[str, ...]
) -> None:
    measures = hierarchy_measures(Network.from_edges(n, source, target))
    assert measures.flags == flags
    undefined = {"no_pairs": 0, "no_paths": 1, "no_slack": 2, "no_triples": 3}
    for flag, place in undefined.items():
        assert math.isnan(getattr(measures, MEASURES[place])) == (flag in flags)


def test_above_max_nodes_only_the_last_measure_is_unknown() -> None:
    network = Network.from_edges(4, [0, 0, 0], [1, 2, 3])
    measures = hierarchy_measures(network, max_nodes=3)
    assert (measures.connectedness, measures.hierarchy, measures.efficiency) == (1.0, 1.0, 1.0)
    assert math.isnan(measures.least_upper_boundedness)
    assert measures.n_lub_violations is None
    assert measures.n_lub_pairs == 3
    assert measures.flags == ("too_large",)
    assert hierarchy_measures(network, max_nodes=4).flags == ()
    assert hierarchy_measures(Network.from_edges(2, [0], [1]), max_nodes=0).flags == ("no_triples",)


def test_two_rings_one_above_the_other_in_many_blocks_of_bits() -> None:
    ring = np.arange(6000)
    layers = 6000 + np.arange(3000).reshape(30, 100)
    source = np.concatenate((ring, np.repeat(layers[:-1].ravel(), 100), [0, 0]))
    target = np.concatenate((np.roll(ring, -1), np.repeat(layers[1:], 100, axis=0).ravel(), [6000, 6001]))
    network = Network.from_edges(9_000, source, target)
    mutual = 6000 * 5999 // 2
    below = 100**2 * 30 * 29 // 2
    reached = 6000 * (2 + 29 * 100)
    measures = hierarchy_measures(network)
    assert measures.hierarchy == pytest.approx(1 - mutual / (mutual + below + reached), abs=1e-14)
    assert measures.flags == ("too_large",)


@pytest.mark.parametrize("upward", [False, True])
def test_a_very_long_line_is_a_hierarchy_either_way(upward: bool) -> None:
    nodes = np.arange(100_000)
    line = Network.from_edges(nodes.size, nodes[:-1], nodes[1:])
    measures = hierarchy_measures(line.reversed() if upward else line)
    assert (measures.connectedness, measures.hierarchy, measures.efficiency) == (1.0, 1.0, 1.0)
    assert measures.n_lub_pairs == 99_999 * 99_998 // 2


def test_a_tree_over_a_ring_is_counted_by_the_sizes_of_its_parts() -> None:
    network = Network.from_edges(6, [0, 0, 1, 2, 3, 3], [1, 4, 2, 3, 1, 5])
    assert hierarchy_measures(network).hierarchy == pytest.approx(1 - 3 / 11, abs=1e-15)


def test_results_are_plain_and_read_only() -> None:
    network = Network.from_edges(5, [0, 1, 0, 1, 2], [2, 2, 3, 3, 4])
    assert not lub_violations(network).flags.writeable
    assert lub_violations(Network.from_edges(0, [], [])).shape == (0, 2)
    small = hierarchy_measures(Network.from_edges(2, [0], [1]), max_nodes=1)
    assert HierarchyMeasures(**json.loads(json.dumps(small.to_dict()))) == small


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a Network, got dict"):
        hierarchy_measures({})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected a Network, got NoneType"):
        lub_violations(None)  # type: ignore[arg-type]
    for wrong in (-1, 2.5, True):
        with pytest.raises(ValueError, match="max_nodes: expected a whole number of at least 0"):
            hierarchy_measures(Network.from_edges(1, [], []), max_nodes=wrong)  # type: ignore[arg-type]
