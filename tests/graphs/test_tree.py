from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from leadkit.graphs import TreeFaults, TreeIndex, check_parents
from leadkit.graphs._indices import as_node


@st.composite
def pointers(draw: st.DrawFn, least: int = 0) -> list[int]:
    n = draw(st.integers(least, 14))
    return draw(st.lists(st.integers(-1, n - 1), min_size=n, max_size=n))


@st.composite
def forests(draw: st.DrawFn, least: int = 0) -> list[int]:
    n = draw(st.integers(least, 30))
    parents = [draw(st.integers(-1, i - 1)) for i in range(n)]
    order = draw(st.permutations(range(n)))
    result = [0] * n
    for i, parent in enumerate(parents):
        result[order[i]] = -1 if parent == -1 else order[parent]
    return result


def walk(parents: list[int], node: int) -> tuple[str, list[int]]:
    """Follow a line: how it ends, and the nodes on it."""
    line = [node]
    while True:
        above = parents[line[-1]]
        if not -1 < above < len(parents):
            return "root", line
        if above in line:
            return "cycle", line[line.index(above) :] if above == node else [above]
        line.append(above)


def chain(n: int) -> Any:
    order = np.random.default_rng(5).permutation(n)
    parents = np.empty(n, dtype=np.int64)
    parents[order] = np.concatenate([[-1], order[:-1]])
    return parents


@given(pointers())
def test_faults_are_those_that_a_walk_finds(parents: list[int]) -> None:
    faults = check_parents(parents)
    ends = [walk(parents, node) for node in range(len(parents))]
    selves = [i for i, p in enumerate(parents) if p == i]
    on_cycle = {i for i, (end, line) in enumerate(ends) if end == "cycle" and line[0] == i}
    assert faults.n == len(parents)
    assert faults.roots.tolist() == [i for i, p in enumerate(parents) if p == -1]
    assert faults.self_parents.tolist() == selves
    assert {i for cycle in faults.cycles for i in cycle} == on_cycle - set(selves)
    assert faults.behind_cycle.tolist() == [
        i for i, (end, _) in enumerate(ends) if end == "cycle" and i not in on_cycle
    ]
    assert faults.is_tree is all(end == "root" for end, _ in ends)
    for cycle in faults.cycles:
        assert cycle[0] == min(cycle)
        assert len(cycle) > 1
        assert [parents[i] for i in cycle] == [*cycle[1:], cycle[0]]
    assert [cycle[0] for cycle in faults.cycles] == sorted(cycle[0] for cycle in faults.cycles)


@given(pointers())
def test_a_tree_is_built_exactly_from_a_vector_without_faults(parents: list[int]) -> None:
    faults = check_parents(parents)
    if faults.is_tree:
        assert TreeIndex.from_parents(parents).n == len(parents)
        assert faults.describe() == ""
    else:
        with pytest.raises(ValueError, match=r"^parents: .*(itself|cycle)"):
            TreeIndex.from_parents(parents)


def test_every_fault_is_told_at_once() -> None:
    faults = check_parents([-1, 0, 3, 2, 3, 5, 99, -7, 6])
    assert isinstance(faults, TreeFaults)
    assert faults.out_of_range.tolist() == [6, 7]
    assert faults.describe() == (
        "nodes 6, 7 with a parent outside -1..8; node 5 with itself as parent; 1 cycle: 2 -> 3 -> 2; "
        "node 4 behind a cycle"
    )
    with pytest.raises(ValueError, match="nodes 6, 7 with a parent outside"):
        TreeIndex.from_parents([-1, 0, 3, 2, 3, 5, 99, -7, 6])


def test_a_long_list_of_faults_is_cut_short() -> None:
    pairs = np.arange(20).reshape(-1, 2)[:, ::-1].ravel()
    assert check_parents(pairs).describe().endswith("8 -> 9 -> 8 and 5 more")
    ring = np.roll(np.arange(9), -1)
    assert check_parents(ring).describe() == "1 cycle: 0 -> 1 -> 2 -> 3 -> 4 -> ... -> 0"
    assert "nodes 0, 1, 2, 3, 4 and 4 more" in check_parents(np.arange(9)).describe()


def test_nodes_under_a_pointer_to_nowhere_are_not_behind_a_cycle() -> None:
    faults = check_parents([7, 0, 1])
    assert faults.out_of_range.tolist() == [0]
    assert faults.behind_cycle.size == 0
    assert not faults.is_tree


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
def test_any_signed_type_gives_the_same_tree(dtype: Any) -> None:
    parents = np.array([-1, 0, 0, 1], dtype=dtype)
    assert TreeIndex.from_parents(parents) == TreeIndex.from_parents([-1, 0, 0, 1])


def test_an_unsigned_vector_has_no_root_and_large_numbers_are_out_of_range() -> None:
    faults = check_parents(np.array([2**64 - 1, 0], dtype=np.uint64))
    assert faults.out_of_range.tolist() == [0]
    with pytest.raises(ValueError, match=r"outside -1\.\.1"):
        TreeIndex.from_parents(np.array([2**64 - 1, 0], dtype=np.uint64))


@pytest.mark.parametrize(
    "wrong",
    [
        [0.5, -1],
        ["a"],
        [[-1, 0]],
        np.array([], dtype=float),
        [True, False],
        [None, -1],
        np.datetime64("2026-01-01"),
        [[1], [1, 2]],
        [2**70],
        np.ma.array([-1, 0], mask=[False, True]),
    ],
)
def test_what_is_no_vector_of_integers_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="parents: expected"):
        TreeIndex.from_parents(wrong)
    with pytest.raises(ValueError, match="parents: expected"):
        check_parents(wrong)


def test_no_nodes_are_a_tree() -> None:
    tree = TreeIndex.from_parents([])
    assert (tree.n, tree.n_layers, tree.roots.size) == (0, 0, 0)
    assert tree.roll_up(np.empty(0)).shape == (0,)
    assert tree.roll_up(np.empty((0, 3)), how="mean").shape == (0, 3)
    assert tree.heights().size == tree.level_counts().size == 0
    assert tree.is_ancestor([], []).shape == (0,)
    assert check_parents([]).is_tree
    with pytest.raises(ValueError, match="node 0 is outside a graph without nodes"):
        tree.children(0)


@given(forests())
def test_shape_is_what_walking_says(parents: list[int]) -> None:
    tree = TreeIndex.from_parents(parents)
    lines = [walk(parents, node)[1][1:] for node in range(len(parents))]
    below = [[v for v in range(len(parents)) if v == u or u in lines[v]] for u in range(len(parents))]
    assert tree.depth.tolist() == [len(line) for line in lines]
    assert tree.size.tolist() == [len(nodes) for nodes in below]
    assert int(tree.size[tree.roots].sum()) == len(parents)
    assert tree.roots.tolist() == [i for i, p in enumerate(parents) if p == -1]
    assert tree.n_layers == max((len(line) + 1 for line in lines), default=0)
    assert tree.level_counts().tolist() == np.bincount([len(line) for line in lines]).tolist()
    for node, line in enumerate(lines):
        assert tree.ancestors(node).tolist() == line
        assert tree.children(node).tolist() == [v for v, p in enumerate(parents) if p == node]
        assert tree.n_children[node] == tree.children(node).size
        assert sorted(tree.subtree(node).tolist()) == below[node]
        assert tree.heights()[node] == max(len(lines[v]) for v in below[node]) - len(line)


@given(forests())
def test_preorder_has_siblings_by_ascending_index(parents: list[int]) -> None:
    tree = TreeIndex.from_parents(parents)
    expected: list[int] = []
    stack = [i for i in reversed(range(len(parents))) if parents[i] == -1]
    while stack:
        node = stack.pop()
        expected.append(node)
        stack += [v for v in reversed(range(len(parents))) if parents[v] == node]
    assert tree.order.tolist() == expected
    assert tree.position[tree.order].tolist() == list(range(len(parents)))


@given(forests(least=1))
def test_is_ancestor_is_membership_in_ancestors(parents: list[int]) -> None:
    tree = TreeIndex.from_parents(parents)
    nodes = np.arange(len(parents))
    table = tree.is_ancestor(nodes[:, None], nodes)
    for above in nodes:
        for below in nodes:
            assert table[above, below] == (above in tree.ancestors(int(below)))
    assert np.array_equal(tree.is_ancestor(nodes[:, None], nodes, strict=False), table | np.eye(len(nodes), dtype=bool))


@given(forests(least=1), st.data())
def test_roll_ups_are_those_of_the_listed_subtree(parents: list[int], data: st.DataObject) -> None:
    tree = TreeIndex.from_parents(parents)
    numbers = st.one_of(st.just(math.nan), st.floats(-1e6, 1e6))
    values = data.draw(hnp.arrays(np.float64, (len(parents), 2), elements=numbers))
    results: dict[Any, Any] = {how: tree.roll_up(values, how=how) for how in ("sum", "mean", "count", "min", "max")}
    for node in range(len(parents)):
        for column in range(2):
            rows = values[tree.subtree(node), column]
            there = rows[~np.isnan(rows)]
            error = 1e-12 * np.abs(there).sum()
            assert results["count"][node, column] == there.size
            if there.size:
                assert abs(results["sum"][node, column] - math.fsum(there)) <= error
                assert abs(results["mean"][node, column] - math.fsum(there) / there.size) <= error
                assert results["min"][node, column] == there.min()
                assert results["max"][node, column] == there.max()
            else:
                assert all(math.isnan(results[how][node, column]) for how in ("sum", "mean", "min", "max"))
    for how, result in results.items():
        assert np.array_equal(tree.roll_up(values[:, 1], how=how), result[:, 1], equal_nan=True)


@given(forests(least=1), st.data())
def test_whole_numbers_roll_up_exactly(parents: list[int], data: st.DataObject) -> None:
    tree = TreeIndex.from_parents(parents)
    values = data.draw(st.lists(st.integers(-(2**47), 2**47), min_size=tree.n, max_size=tree.n))
    assert tree.roll_up(values).tolist() == [sum(values[v] for v in tree.subtree(u)) for u in range(tree.n)]


@given(forests(least=1), st.data())
def test_roll_ups_of_a_relabelled_tree_are_the_relabelled_roll_ups(parents: list[int], data: st.DataObject) -> None:
    n = len(parents)
    new = np.array(data.draw(st.permutations(range(n))))
    values = np.array(data.draw(st.lists(st.integers(-99, 99), min_size=n, max_size=n)), dtype=float)
    moved = np.empty(n, dtype=int)
    moved[new] = [-1 if p == -1 else new[p] for p in parents]
    shuffled = np.empty(n)
    shuffled[new] = values
    for how in ("sum", "mean", "count", "min", "max"):
        first = TreeIndex.from_parents(parents).roll_up(values, how=how)
        second = TreeIndex.from_parents(moved).roll_up(shuffled, how=how)
        assert np.array_equal(second[new], first)


def test_a_leaf_keeps_its_value_bit_for_bit_beside_giants() -> None:
    tree = TreeIndex.from_parents([-1, 0, 0, 0])
    values = np.array([1e300, 0.1, -0.0, 1e-300])
    for how in ("sum", "mean", "min", "max"):
        result = tree.roll_up(values, how=how)
        assert result[1:].tobytes() == values[1:].tobytes()


def test_what_lies_outside_a_subtree_does_not_touch_its_sum() -> None:
    parents = np.array([-1, 0, 0, 1, 1, 2, 2])
    values = np.array([1e16, 1.0, -1e16, 0.1, 0.2, 3.0, 4.0])
    assert TreeIndex.from_parents(parents).roll_up(values)[1] == pytest.approx(1.3, rel=1e-15)


@pytest.mark.parametrize("make", [chain, lambda n: np.concatenate([[-1], np.zeros(n - 1, dtype=int)])])
def test_deep_lines_and_wide_stars_are_ordinary(make: Any) -> None:
    parents = make(20_000)
    tree = TreeIndex.from_parents(parents)
    assert tree.size[tree.roots[0]] == 20_000
    assert tree.roll_up(np.ones(20_000)).max() == 20_000
    assert tree.heights()[tree.roots[0]] == tree.n_layers - 1
    assert tree.roll_up(np.arange(20_000.0), how="min")[tree.roots[0]] == 0


def test_a_ring_of_everybody_is_found() -> None:
    faults = check_parents(np.roll(np.arange(20_000), 1))
    assert len(faults.cycles) == 1
    assert "cycles=<1 cycles>" in repr(faults)  # twenty thousand numbers would bury the rest
    assert faults.cycles[0][:3] == (0, 19_999, 19_998)
    with pytest.raises(ValueError, match="1 cycle"):
        TreeIndex.from_parents(np.roll(np.arange(20_000), 1))


def test_arrays_are_read_only_and_small() -> None:
    tree = TreeIndex.from_parents(np.array([-1, 0, 0, 1]))
    arrays = [tree.parents, tree.depth, tree.size, tree.order, tree.position, tree.n_children, tree.roots]
    arrays += [tree.children(0), tree.subtree(1), tree.ancestors(3), tree.heights(), tree.level_counts()]
    assert all(array.dtype == np.int32 and not array.flags.writeable for array in arrays)
    assert not tree.roll_up([1, 2, 3, 4]).flags.writeable


def test_a_change_of_the_given_vector_changes_no_tree() -> None:
    parents = np.array([-1, 0, 0, 1], dtype=np.int32)
    tree = TreeIndex.from_parents(parents)
    parents[3] = 0
    assert tree.parents[3] == 1
    assert tree.depth[3] == 2


def test_a_tree_travels_and_compares_by_its_parents() -> None:
    tree = TreeIndex.from_parents([-1, 0, 0, 1])
    again = pickle.loads(pickle.dumps(tree))  # noqa: S301 - our own bytes
    assert again == tree
    assert np.array_equal(again.order, tree.order)
    assert not again.order.flags.writeable
    assert tree != TreeIndex.from_parents([-1, 0, 0, 2])
    assert repr(tree) == "TreeIndex(n=4, n_layers=3, roots=1)"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], "expected 3 values or rows"),
        (np.ones((3, 1, 1)), "expected 3 values or rows"),
        (["a", "b", "c"], "expected real numbers"),
        ([1j, 0, 0], "expected real numbers"),
        ([object(), 1, 2], "expected real numbers"),
        ([math.inf, 1, 2], "expected finite numbers or NaN, got inf"),
    ],
)
def test_values_of_another_kind_are_refused(values: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TreeIndex.from_parents([-1, 0, 0]).roll_up(values)


def test_none_and_masked_places_are_missing() -> None:
    tree = TreeIndex.from_parents([-1, 0, 0])
    assert tree.roll_up(np.array([None, 2.0, 3])).tolist() == [5.0, 2.0, 3.0]
    assert tree.roll_up(np.ma.array([9, 2, 3], mask=[True, False, False])).tolist() == [5.0, 2.0, 3.0]


def test_an_unknown_word_or_node_is_refused() -> None:
    tree = TreeIndex.from_parents([-1, 0, 0])
    with pytest.raises(ValueError, match="how: expected one of 'sum', 'mean', 'count', 'min', 'max', got 'median'"):
        tree.roll_up([1, 2, 3], how="median")  # type: ignore[arg-type]
    for wrong in (3, -1):
        with pytest.raises(ValueError, match=f"node {wrong} is outside 0..2"):
            tree.subtree(wrong)
    with pytest.raises(ValueError, match="below: node 7 is outside"):
        tree.is_ancestor(0, [1, 7])
    with pytest.raises(ValueError, match="above: expected whole numbers"):
        tree.is_ancestor(0.5, 1)
    with pytest.raises(ValueError, match="node: expected one node, got 2"):
        as_node([0, 1], 3)  # type: ignore[arg-type]
    assert as_node(2, 3) == 2


def test_krackhardt_managers(golden: Any) -> None:
    facts = golden("org/krackhardt_tree.json")
    place = {person: i for i, person in enumerate(facts["ids"])}
    tree = TreeIndex.from_parents([place.get(boss, -1) for boss in facts["manager"]])
    assert tree.depth.tolist() == facts["depth"]
    assert tree.n_children.tolist() == facts["direct_span"]
    assert tree.size.tolist() == facts["subtree_size"]
    assert tree.heights().tolist() == facts["height"]
    assert tree.level_counts().tolist() == facts["headcount_by_layer"]
    assert tree.n_layers == facts["layers"]
