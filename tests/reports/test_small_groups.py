"""What a page that goes round may show: laws that hold for any numbers of people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadkit.assessment import Composite, Dimension, Instrument, Item, Responses, ResponseScale, score
from leadkit.reports.groups import grouping
from leadkit.reports.protection import open_to_all, protection, shown_groups
from leadkit.reports.sheet import Sheet, sheet
from leadkit.typing import FloatArray

MINIMUM = 3
COUNTS = st.lists(st.lists(st.integers(0, 15), min_size=2, max_size=2), min_size=1, max_size=6)


def two_scales(values: FloatArray, team: Sequence[str | None]) -> Sheet:
    """Score answers to two dimensions of one item each and their composite."""
    items = [Dimension(id=name, name=name, items=(Item(id=f"{name}1", text="?"),)) for name in "ab"]
    both = Composite(id="both", name="both", weights={"a": 1, "b": 1})
    instrument = Instrument(
        id="two",
        version="1.0.0",
        title="Two",
        scale=ResponseScale(low=1, high=5),
        dimensions=items,
        composites=[both],
        source="Test",
        licence="MIT",
        status="unvalidated",
    )
    answers = Responses(instrument, values, [f"r{i}" for i in range(len(values))], {"team": tuple(team)})
    return sheet(score(answers), bands=None, min_group=MINIMUM)


@given(COUNTS, st.lists(st.integers(0, 6), min_size=2, max_size=2), st.integers(1, 8))
def test_shown_groups_are_large_and_those_hidden_beside_them_none_or_many(
    counts: list[list[int]], n_without: list[int], minimum: int
) -> None:
    shown = shown_groups(counts, n_without, minimum)
    sizes = np.array(counts)
    used = sizes.sum(axis=0) + n_without > 0
    assert (sizes[shown][:, used] >= minimum).all()
    hidden = sizes[~shown].sum(axis=0) + n_without
    assert not shown.any() or ((hidden == 0) | (hidden >= minimum)).all()


@given(COUNTS, st.integers(1, 8))
def test_nothing_large_is_hidden_without_a_need(counts: list[list[int]], minimum: int) -> None:
    sizes = np.array(counts)[:, :1]
    small = sizes[sizes < minimum].sum()
    if sizes.any() and (small == 0 or small >= minimum):
        assert np.array_equal(shown_groups(sizes, [0], minimum), sizes[:, 0] >= minimum)


def test_the_smallest_group_is_the_one_that_is_withheld() -> None:
    assert shown_groups([[6], [9], [5], [2]], [0], 5).tolist() == [True, True, False, False]
    assert shown_groups([[6], [9], [5]], [1], 5).tolist() == [True, True, False]


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    n = draw(st.integers(0, 14))
    answer = st.sampled_from([1.0, 2.0, 4.0, 5.0, 5.0, 3.0, np.nan])
    values = draw(st.lists(st.tuples(answer, answer), min_size=n, max_size=n))
    team = draw(st.lists(st.sampled_from(["x", "y", "z", None]), min_size=n, max_size=n))
    return two_scales(np.array(values, dtype=np.float64).reshape(n, 2), team)


@given(sheets())
def test_no_sum_about_few_people_follows_from_the_sums_that_are_shown(given: Sheet) -> None:
    groups = grouping(given, None)
    assert groups is not None
    allowed = protection(given, groups.members)
    known = ~np.isnan(given.scores.values)
    everybody = np.ones(len(known), dtype=np.bool_)
    shown = [rows for rows, cells in zip(groups.members, allowed.cells, strict=True) if cells.any()]
    rest = everybody & ~np.any([np.zeros_like(everybody), *shown], axis=0)
    for block in (everybody, *shown, rest):
        for at in (0, 1):
            if allowed.scales[at]:
                assert known[block, at].sum() == 0 or known[block, at].sum() >= MINIMUM
            if allowed.scales[at] and allowed.scales[2]:
                few = (known[block, at] != known[block, 2]).sum()
                assert few == 0 or few >= MINIMUM


@given(sheets())
def test_a_page_that_shows_everybody_hides_small_groups_only(given: Sheet) -> None:
    groups = grouping(given, None)
    assert groups is not None
    known = ~np.isnan(given.scores.values)
    counts = np.array([known[rows].sum(axis=0) for rows in groups.members]).reshape(-1, 3)
    allowed = open_to_all(given, groups.members)
    assert np.array_equal(allowed.cells, counts >= MINIMUM)
    assert allowed.scales.all()
