"""The audit of any design of cells against every group tried, and against the numbers a reader gets at."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import CellAudit, audit_cells


@st.composite
def designs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Cells that each hold somebody, and respondents of each atom, some with none."""
    n_atoms = draw(st.integers(1, 7))
    cell = st.lists(st.booleans(), min_size=n_atoms, max_size=n_atoms)
    people = np.array(draw(st.lists(st.integers(0, 5), min_size=n_atoms, max_size=n_atoms)))
    cells = draw(st.lists(cell.filter(lambda row: bool(people[row].any())), max_size=6)) if people.any() else []
    return np.array(cells, dtype=bool).reshape(-1, n_atoms), people


def rank(rows: Any) -> int:
    table = [[Fraction(int(value)) for value in row] for row in rows]
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


def smallest_by_trying(cells: np.ndarray, people: np.ndarray) -> int | None:
    """Fewest people of a group of atoms without which the cells span less: a combination lives in it alone."""
    answered = np.flatnonzero(people)
    table = cells[:, answered]
    everything = rank(table)
    found = [
        int(people[answered[list(group)]].sum())
        for size in range(1, answered.size + 1)
        for group in combinations(range(answered.size), size)
        if rank(np.delete(table, group, axis=1)) < everything
    ]
    return min(found, default=None)


@settings(max_examples=100)
@given(designs(), st.integers(3, 8))
def test_the_smallest_combination_is_that_of_all_groups_tried(design: Any, minimum: int) -> None:
    cells, people = design
    audit = audit_cells(cells, people, min_n=minimum)
    assert audit.smallest == smallest_by_trying(cells, people)
    assert audit.is_safe is (audit.smallest is None or audit.smallest >= minimum)


def test_larger_designs_agree_with_all_groups_tried() -> None:
    rng = np.random.default_rng(11)
    for _ in range(60):
        cells = rng.random((rng.integers(3, 9), 9)) < rng.choice([0.3, 0.4, 0.5])
        cells = cells[cells.any(axis=1)]
        people = rng.integers(1, 9, 9)
        out = (np.arange(2**9)[:, None] >> np.arange(9)) & 1 == 1
        ranks = np.linalg.matrix_rank(np.where(out[:, None], 0.0, cells))
        prices = (out @ people)[ranks < ranks[0]]
        assert audit_cells(cells, people).smallest == min(prices.tolist(), default=None)


@given(designs())
def test_the_combination_touches_the_witness_and_nobody_else(design: Any) -> None:
    cells, people = design
    audit = audit_cells(cells, people)
    if audit.smallest is None:
        assert audit.witness.size == len(cells) == len(audit.combination) == 0
        return
    touched = np.array(audit.combination) @ cells.astype(int)
    assert np.flatnonzero(touched * people).tolist() == audit.witness.tolist()
    assert people[audit.witness].sum() == audit.smallest
    assert next(factor for factor in audit.combination if factor) > 0
    assert np.gcd.reduce(audit.combination) == 1


@given(designs(), st.integers(0, 2**31))
def test_an_unsafe_design_gives_away_a_sum_over_too_few(design: Any, seed: int) -> None:
    cells, people = design
    audit = audit_cells(cells, people, min_n=4)
    scores = np.random.default_rng(seed).integers(1, 6, people.sum())
    home = np.repeat(np.arange(people.size), people)
    published = np.array([scores[np.isin(home, np.flatnonzero(cell))].sum() for cell in cells], dtype=int)
    if not audit.is_safe:
        factor = np.array(audit.combination) @ cells.astype(int)
        hidden = sum(factor[atom] * scores[home == atom].sum() for atom in audit.witness)
        assert np.array(audit.combination) @ published == hidden
        assert np.isin(home, audit.witness).sum() < 4


@given(designs(), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_atoms_does_not_matter(design: Any, random: Any) -> None:
    cells, people = design
    rows, columns = list(range(len(cells))), list(range(people.size))
    random.shuffle(rows)
    random.shuffle(columns)
    assert audit_cells(cells[rows][:, columns], people[columns]).smallest == audit_cells(cells, people).smallest


@given(designs(), st.data())
def test_publishing_another_cell_never_makes_a_design_safer(design: Any, data: st.DataObject) -> None:
    cells, people = design
    kept = data.draw(st.integers(0, len(cells)))
    fewer, more = audit_cells(cells[:kept], people).smallest, audit_cells(cells, people).smallest
    assert fewer is None or (more is not None and more <= fewer)


# Known designs


def test_a_combination_that_keeps_what_is_dearest_is_found() -> None:
    # the search leaves out the dearest first; here the witness holds what it leaves out last
    cells = np.array(
        [[0, 0, 1, 0, 0, 1, 0, 1], [0, 0, 1, 1, 0, 1, 1, 0], [0, 0, 1, 0, 0, 0, 1, 0], [1, 0, 1, 0, 0, 1, 1, 0]]
    )
    people = np.array([3, 4, 2, 1, 2, 1, 3, 4])
    audit = audit_cells(cells, people)
    assert audit.smallest == smallest_by_trying(cells.astype(bool), people) == 2
    assert audit.witness.tolist() == [3, 5]
    assert audit.combination == (0, 1, -1, 0)


def test_a_second_cut_through_the_same_answers_is_found_out() -> None:
    # departments 6 + 7 and levels; one person is of the first department and outside the level published
    departments = [[1, 1, 0, 0], [0, 0, 1, 1]]
    people = [5, 1, 6, 1]
    assert audit_cells(departments, people).is_safe
    levels = [[1, 0, 1, 0]]
    assert audit_cells(levels, people).is_safe
    audit = audit_cells(departments + levels, people)
    assert (audit.is_safe, audit.smallest) == (False, 2)
    assert audit.combination == (1, 1, -1)
    assert audit.witness.tolist() == [1, 3]


def test_a_combination_may_need_halves() -> None:
    # a + b, b + c and c + a give each of the three alone
    audit = audit_cells([[1, 1, 0], [0, 1, 1], [1, 0, 1]], [4, 6, 5])
    assert (audit.is_safe, audit.smallest) == (False, 4)
    assert audit.combination == (1, -1, 1)
    assert audit.witness.tolist() == [0]


def test_two_cells_with_the_same_respondents_are_one() -> None:
    audit = audit_cells([[1, 1, 0], [1, 1, 1]], [2, 3, 0])
    assert (audit.is_safe, audit.smallest) == (True, 5)


def test_a_cell_where_nobody_answered_is_unsafe() -> None:
    audit = audit_cells([[1, 0], [0, 1]], [6, 0])
    assert (audit.is_safe, audit.smallest, audit.combination) == (False, 0, (0, 1))
    assert audit.witness.size == 0


def test_without_cells_nothing_is_given_away() -> None:
    for cells in (np.empty((0, 3)), np.empty((0, 0))):
        audit = audit_cells(cells, [1] * cells.shape[1])
        assert (audit.is_safe, audit.smallest, audit.combination) == (True, None, ())


def test_separate_parts_are_searched_apart() -> None:
    pairs = np.kron(np.eye(8, dtype=int), [[1, 1, 0], [0, 1, 1]])
    audit = audit_cells(pairs, np.arange(24) + 5)
    assert (audit.is_safe, audit.smallest) == (True, 11)
    assert audit.witness.tolist() == [0, 1]


def test_a_dense_design_of_the_most_atoms_is_solved_exactly() -> None:
    cells = np.random.default_rng(3).random((9, 24)) < 0.5
    people = np.arange(24) % 5 + 1
    audit = audit_cells(cells, people)
    assert audit.smallest is not None
    light = [group for size in (1, 2) for group in combinations(range(24), size) if people[list(group)].sum() < 8]
    everything = rank(cells)
    assert audit.smallest >= 8
    assert all(rank(np.delete(cells, group, axis=1)) == everything for group in light)
    assert rank(np.delete(cells, audit.witness, axis=1)) == everything - 1


# Arguments and results


def test_more_atoms_than_allowed_are_refused_and_silent_ones_do_not_count() -> None:
    people = np.ones(25, dtype=int)
    with pytest.raises(DisclosureError, match="25 atoms with respondents are more than max_atoms=24"):
        audit_cells(np.ones((1, 25)), people)
    assert audit_cells(np.ones((1, 25)), people, max_atoms=25).smallest == 25
    people[0] = 0
    assert audit_cells(np.ones((1, 25)), people).smallest == 24


@pytest.mark.parametrize("minimum", [2, True, 4.0, None])
def test_a_minimum_below_three_is_refused(minimum: Any) -> None:
    with pytest.raises(DisclosureError, match="at least 3"):
        audit_cells([[1]], [5], min_n=minimum)


@pytest.mark.parametrize(
    ("cells", "people", "message"),
    [
        ([1, 0], [5, 5], "got 1 dimensions"),
        ([[1, 2]], [5, 5], "0 and 1"),
        ([[1, float("nan")]], [5, 5], "0 and 1"),
        ([["a", "b"]], [5, 5], "0 and 1"),
        ([[1, 0], [1]], [5, 5], "cells by atoms"),
        ([[1, 0]], [5], "expected 2 whole numbers"),
        ([[1, 0]], [5, -1], "at least 0"),
    ],
)
def test_what_is_no_design_is_refused(cells: Any, people: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        audit_cells(cells, people)


@pytest.mark.parametrize("most", [0, -1, 2.5, True, "24"])
def test_a_limit_that_is_no_count_is_refused(most: Any) -> None:
    with pytest.raises(OrgError, match="max_atoms"):
        audit_cells([[1]], [5], max_atoms=most)


def test_results_are_read_only_and_become_plain_python() -> None:
    audit = audit_cells([[1, 1], [1, 0]], [6, 2])
    assert isinstance(audit, CellAudit)
    assert not audit.witness.flags.writeable
    assert json.loads(json.dumps(audit.to_dict(), allow_nan=False)) == {
        "is_safe": False,
        "smallest": 2,
        "witness": [1],
        "combination": [1, -1],
        "min_n": 5,
    }
    assert pickle.loads(pickle.dumps(audit)) == audit  # noqa: S301 - our own bytes
