"""What may be published of a tree: the largest safe release, its audit, and every set of nodes tried on small trees."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.graphs import TreeIndex
from leadkit.org import Release, ReleaseAudit, audit_cells, audit_release, choose_release

minimums = st.integers(3, 6)


@st.composite
def forests(draw: st.DrawFn, largest: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """A parent vector in any order of its nodes, long lines among them, and respondents by node."""
    n = draw(st.integers(0, largest))
    above = [draw(st.just(node - 1) | st.integers(-1, node - 1)) for node in range(n)]
    names = np.array(draw(st.permutations(range(n))), dtype=int)
    parents = np.full(n, -1)
    for node, parent in enumerate(above):
        parents[names[node]] = names[parent] if parent >= 0 else -1
    count = st.sampled_from([0, 0, 1, 2, 3, 4, 5]) | st.integers(0, 8)
    counts = draw(st.lists(count, min_size=n, max_size=n))
    return parents, np.array(counts, dtype=int)


def under(parents: Any, node: int) -> set[int]:
    """The nodes of a subtree, by walking up from each."""
    members = set()
    for other in range(len(parents)):
        step = other
        while step not in {node, -1}:
            step = int(parents[step])
        if step == node:
            members.add(other)
    return members


def is_safe_by_hand(parents: Any, counts: Any, shown: set[int], minimum: int) -> bool:
    """The definition word by word, with sets."""
    for node in shown:
        members = under(parents, node)
        block = members.difference(*(under(parents, low) for low in shown & members if low != node))
        if sum(counts[i] for i in members) < minimum or 0 < sum(counts[i] for i in block) < minimum:
            return False
    return True


def largest_by_trying(parents: Any, counts: Any, minimum: int) -> tuple[int, int]:
    """Size and sum of depths of the best release, over all sets of nodes that hold the roots with enough."""
    n = len(parents)
    total = {node: sum(counts[i] for i in under(parents, node)) for node in range(n)}
    depth = [sum(node in under(parents, top) for top in range(n)) - 1 for node in range(n)]
    roots = {node for node in range(n) if parents[node] < 0 and total[node] >= minimum}
    others = [node for node in range(n) if parents[node] >= 0 and total[node] >= minimum]
    for size in range(len(others), -1, -1):
        safe = [
            sum(depth[node] for node in chosen)
            for chosen in combinations(others, size)
            if is_safe_by_hand(parents, counts, roots.union(chosen), minimum)
        ]
        if safe:
            return size + len(roots), min(safe)
    return 0, 0


def mask(nodes: Any, n: int) -> np.ndarray:
    return np.isin(np.arange(n), list(nodes))


# Reference cases


def test_the_reference_trees_are_solved_and_their_bare_minimum_is_judged(golden: Callable[[str], Any]) -> None:
    for case in golden("org/suppression_cases.json"):
        parents, counts, minimum = case["parent"], case["respondents_in_own_node"], case["min_n"]
        release = choose_release(parents, counts, min_n=minimum)
        assert release.n_published == case["max_publishable"]
        assert np.flatnonzero(release.published).tolist() in case["optimal_sets"]
        assert release.subtree_n.tolist() == case["subtree_n"]
        bare = audit_release(parents, counts, mask(case["primary_only"], len(parents)), min_n=minimum)
        assert bare.is_safe is case["primary_only_safe"]
        for nodes in case["optimal_sets"]:
            assert audit_release(parents, counts, mask(nodes, len(parents)), min_n=minimum).is_safe


def test_each_reason_is_told() -> None:
    release = choose_release([-1, 0, 0, 0, 0, -1, 5], [2, 4, 6, 0, 1, 0, 2], min_n=4)
    assert release.reasons[:4] == ("published", "published", "complementary", "no_response")
    assert release.reasons[4:] == ("below_minimum",) * 3
    assert release.reason_counts == {"published": 2, "no_response": 1, "below_minimum": 3, "complementary": 1}
    assert release.blocks.tolist() == [9, 4, -1, -1, -1, -1, -1]


def test_nested_nodes_with_the_same_respondents_are_published_together() -> None:
    release = choose_release([-1, 0, 1], [0, 0, 5], min_n=5)
    assert release.published.tolist() == [True, True, True]
    assert release.blocks.tolist() == [0, 0, 5]


def test_nothing_is_published_under_a_root_with_too_few() -> None:
    release = choose_release([-1, 0, -1], [1, 3, 5], min_n=5)
    assert release.published.tolist() == [False, False, True]


def test_among_the_largest_releases_the_shallowest_is_taken() -> None:
    # one of nodes 1 and 2 can join the root, and node 2 lies below node 1
    release = choose_release([-1, 0, 1], [5, 1, 5], min_n=5)
    assert release.published.tolist() == [True, True, False]


def test_a_block_of_nobody_is_kept_in_mind_beside_a_richer_one_of_few() -> None:
    # nodes 4 and 5 leave two people over and are more than node 3, with which nodes 1 and 2 can be published as well
    release = choose_release([-1, 0, 1, 2, 3, 4], [5, 0, 0, 2, 0, 5], min_n=5)
    assert release.published.tolist() == [True, True, True, True, False, False]


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_a_block_of_few_is_unsafe_and_one_of_enough_or_of_nobody_is_not(few: int) -> None:
    assert audit_release([-1, 0], [few, 5], [True, True]).unsafe.tolist() == [0]
    for enough in (0, 5):
        assert audit_release([-1, 0], [enough, 5], [True, True]).is_safe


def test_what_is_left_equal_is_settled_the_same_way_every_time() -> None:
    first = choose_release([-1, 0, 0, 0], [1, 5, 5, 5], min_n=5)
    assert first.n_published == 3
    assert all(choose_release([-1, 0, 0, 0], [1, 5, 5, 5], min_n=5) == first for _ in range(3))


# Every set of nodes tried


@settings(max_examples=200)
@given(forests(), minimums)
def test_no_larger_and_no_shallower_release_exists(forest: Any, minimum: int) -> None:
    parents, counts = forest
    release = choose_release(parents, counts, min_n=minimum)
    depth = TreeIndex.from_parents(parents).depth
    assert (release.n_published, int(depth[release.published].sum())) == largest_by_trying(parents, counts, minimum)


@settings(max_examples=150)
@given(forests(), minimums, st.data())
def test_the_audit_is_the_definition(forest: Any, minimum: int, data: st.DataObject) -> None:
    parents, counts = forest
    shown = set(data.draw(st.sets(st.integers(0, max(len(parents) - 1, 0)), max_size=len(parents))))
    audit = audit_release(parents, counts, mask(shown, len(parents)), min_n=minimum)
    assert audit.is_safe is is_safe_by_hand(parents, counts, shown, minimum)
    assert audit.is_safe is (audit.unsafe.size == 0)
    assert set(audit.unsafe.tolist()) <= shown
    assert all((audit.blocks[node] >= 0) == (node in shown) for node in range(len(parents)))


# Laws


@given(forests(40), st.integers(3, 9))
def test_a_chosen_release_is_always_safe(forest: Any, minimum: int) -> None:
    parents, counts = forest
    release = choose_release(parents, counts, min_n=minimum)
    audit = audit_release(parents, counts, release.published, min_n=minimum)
    assert audit.is_safe
    assert np.array_equal(audit.blocks, release.blocks)
    roots = (parents < 0) & (release.subtree_n >= minimum)
    assert release.published[roots].all()
    assert release.n_published == release.published.sum() == release.reason_counts["published"]


@settings(max_examples=100)
@given(forests(8), minimums, st.data())
def test_the_audit_of_a_tree_is_the_audit_of_its_cells(forest: Any, minimum: int, data: st.DataObject) -> None:
    parents, counts = forest
    n = len(parents)
    published = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    nodes = np.arange(n)
    cells = TreeIndex.from_parents(parents).is_ancestor(nodes[published][:, None], nodes[None], strict=False)
    tree = audit_release(parents, counts, published, min_n=minimum)
    design = audit_cells(cells.reshape(published.sum(), n), counts, min_n=minimum)
    assert tree.is_safe is design.is_safe
    if design.smallest:
        assert design.smallest == tree.blocks[tree.blocks > 0].min()
    else:
        assert (design.smallest is None) is (not published.any())


@settings(max_examples=60)
@given(forests(7), minimums)
def test_a_reader_who_solves_for_people_finds_no_group_below_the_minimum(forest: Any, minimum: int) -> None:
    parents, counts = forest
    counts = np.minimum(counts, 2)
    home = np.repeat(np.arange(len(counts)), counts)
    release = choose_release(parents, counts, min_n=minimum)
    sums = [[int(post in under(parents, int(node))) for post in home] for node in np.flatnonzero(release.published)]
    # a group can be solved for when without its people the sums span less
    everything = rank(sums)
    for size in range(1, min(minimum, len(home) + 1)):
        for group in combinations(range(len(home)), size):
            rest = [[value for person, value in enumerate(row) if person not in group] for row in sums]
            assert rank(rest) == everything


@given(forests(25), st.data())
def test_raising_the_minimum_never_publishes_more(forest: Any, data: st.DataObject) -> None:
    parents, counts = forest
    low = data.draw(st.integers(3, 8))
    high = data.draw(st.integers(low, 12))
    few, many = (choose_release(parents, counts, min_n=minimum).n_published for minimum in (high, low))
    assert few <= many


@given(forests(25), minimums, st.data())
def test_the_names_of_the_nodes_do_not_change_the_size(forest: Any, minimum: int, data: st.DataObject) -> None:
    parents, counts = forest
    names = np.array(data.draw(st.permutations(range(len(parents)))), dtype=int)
    place = np.argsort(names)
    moved = np.array([place[parent] if parent >= 0 else -1 for parent in parents[names]], dtype=int)
    one, other = choose_release(parents, counts, min_n=minimum), choose_release(moved, counts[names], min_n=minimum)
    assert one.n_published == other.n_published
    assert np.array_equal(one.subtree_n[names], other.subtree_n)


def rank(rows: list[list[int]]) -> int:
    table = [[Fraction(value) for value in row] for row in rows]
    done = 0
    for column in range(len(table[0]) if table else 0):
        pivot = next((row for row in range(done, len(table)) if table[row][column]), None)
        if pivot is None:
            continue
        table[done], table[pivot] = table[pivot], table[done]
        for row in range(done + 1, len(table)):
            factor = table[row][column] / table[done][column]
            table[row] = [a - factor * b for a, b in zip(table[row], table[done], strict=True)]
        done += 1
    return done


# Large and degenerate trees


@pytest.mark.parametrize("minimum", [3, 5])
def test_a_long_line_a_star_and_a_comb_are_solved(minimum: int) -> None:
    n = 20_000
    line = np.arange(n) - 1
    star = np.zeros(n, dtype=int)
    star[0] = -1
    comb = np.where(np.arange(n) % 2 == 0, np.arange(n) - 2, np.arange(n) - 1)
    comb[0] = -1
    assert choose_release(line, np.ones(n, dtype=int), min_n=minimum).n_published == n // minimum
    assert choose_release(star, np.ones(n, dtype=int), min_n=minimum).n_published == 1
    assert choose_release(star, np.full(n, 5), min_n=minimum).n_published == n
    release = choose_release(comb, np.resize([0, 1], n), min_n=minimum)
    assert audit_release(comb, np.resize([0, 1], n), release.published, min_n=minimum).is_safe


def test_a_tree_without_nodes_or_without_respondents_publishes_nothing() -> None:
    empty = choose_release([], [])
    assert empty.n_published == 0
    assert empty.reasons == ()
    assert audit_release([], [], []).is_safe
    silent = choose_release([-1, 0, -1], [0, 0, 0])
    assert silent.reasons == ("no_response",) * 3


def test_a_published_node_where_nobody_answered_is_unsafe() -> None:
    audit = audit_release([-1, 0], [6, 0], [True, True])
    assert not audit.is_safe
    assert audit.unsafe.tolist() == [1]


def test_a_tree_index_and_truth_values_of_who_answered_are_taken() -> None:
    tree = TreeIndex.from_parents([-1, 0, 0, 0, 0])
    assert choose_release(tree, [True] * 5).published.tolist() == [True, False, False, False, False]
    assert choose_release(tree, [1.0] * 5) == choose_release([-1, 0, 0, 0, 0], [1] * 5)


# Arguments and results


@pytest.mark.parametrize("minimum", [2, 0, -1, 5.0, True, None, "5"])
def test_a_minimum_below_three_is_refused(minimum: Any) -> None:
    with pytest.raises(DisclosureError, match="at least 3"):
        choose_release([-1], [5], min_n=minimum)
    with pytest.raises(DisclosureError, match="at least 3"):
        audit_release([-1], [5], [True], min_n=minimum)


@pytest.mark.parametrize(
    ("parents", "counts", "message"),
    [
        ([1, 0], [5, 5], "cycle"),
        ([-1, 5], [5, 5], "parent outside"),
        ([-1.0], [5], "whole numbers"),
        ([-1, 0], [5], "expected 2 whole numbers"),
        ([-1, 0], [5, -1], r"respondents\[1\].*-1"),
        ([-1, 0], [5, 1.5], r"respondents\[1\].*1.5"),
        ([-1, 0], [5, float("nan")], r"respondents\[1\].*nan"),
        ([-1, 0], ["5", "6"], "whole numbers"),
        ([-1, 0], [[5], [6, 7]], "whole numbers"),
        ([-1, 0], [2**53, 0], r"2\*\*53"),
    ],
)
def test_what_is_no_forest_or_no_count_is_refused(parents: Any, counts: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        choose_release(parents, counts)


@pytest.mark.parametrize("published", [[True], [0, 1], [[True, False]], "ab", None])
def test_what_is_no_truth_value_a_node_is_refused(published: Any) -> None:
    with pytest.raises(OrgError, match="expected 2 truth values"):
        audit_release([-1, 0], [5, 5], published)


def test_results_are_read_only_and_become_plain_python() -> None:
    release = choose_release([-1, 0, 0], [2, 4, 6], min_n=4)
    audit = audit_release([-1, 0, 0], [2, 4, 6], release.published, min_n=4)
    for array in (release.published, release.subtree_n, release.blocks, audit.blocks, audit.unsafe):
        assert not array.flags.writeable
    for result, kind in ((release, Release), (audit, ReleaseAudit)):
        assert isinstance(result, kind)
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["blocks"] == [8, 4, -1]
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert release.to_records()[2] == {"published": False, "subtree_n": 6, "block": -1, "reason": "complementary"}
    assert "Release" in release._repr_html_()
