"""Mantel's test of ordered items against reference numbers, loops by hand, a permutation distribution, and its laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats.dif import mantel_dif

CLOSED = 1e-10
nan = math.nan

answers = st.tuples(st.integers(2, 40), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(1, 5).map(float))
)


def halves(x: Any, seed: int = 0) -> Any:
    groups = np.random.default_rng(seed).integers(0, 2, len(x))
    groups[:2] = 0, 1
    return groups


def by_hand(item: Any, is_focal: Any, score: Any) -> tuple[float, float]:
    """Chi-square and standardised mean difference, stratum by stratum."""
    observed = expected = variance = difference = people = 0.0
    for level in sorted(set(score)):
        focal = [y for y, f, s in zip(item, is_focal, score, strict=True) if s == level and f]
        reference = [y for y, f, s in zip(item, is_focal, score, strict=True) if s == level and not f]
        if not (focal and reference):
            continue
        both = focal + reference
        n, n_focal, n_reference = len(both), len(focal), len(reference)
        observed += sum(focal)
        expected += n_focal * sum(both) / n
        squares = n * sum(y * y for y in both) - sum(both) ** 2
        variance += n_focal * n_reference * squares / (n * n * (n - 1))
        difference += n_focal * (sum(focal) / n_focal - sum(reference) / n_reference)
        people += n_focal
    chi2 = (observed - expected) ** 2 / variance if variance else nan
    return chi2, difference / people if people else nan


# Golden numbers


def test_reference_values_come_out(golden: Callable[[str], Any], shared_data: Callable[[str], Path]) -> None:
    data = np.genfromtxt(shared_data("stats/bfi.csv.gz"), delimiter=",", names=True)
    names = [f"A{i}" for i in range(1, 6)]
    x = np.column_stack([data[name] for name in names])
    x[:, 0] = 7 - x[:, 0]
    known = golden("stats/irt_dif.json")["dif_bfi_agree_by_gender"]
    result = mantel_dif(x, data["gender"], reference=1, items=names)
    for place, name in enumerate(names):
        expected = known[name]["mantel"]
        assert abs(result.chi2[place] - expected["mantel_chi2"]) < CLOSED
        assert abs(result.p_value[place] - expected["p"]) < CLOSED
        assert abs(result.smd[place] - expected["smd_focal_weighted"]) < CLOSED
        assert abs(result.smd_ratio[place] - expected["smd_over_sd"]) < CLOSED
        assert result.n_strata[place] == expected["strata_used"]
    assert (result.n_rows, result.n_used, result.n_reference, result.n_focal) == (2800, 2709, 896, 1813)
    assert result.flags == ("rows_dropped",)


# Second ways


@given(answers)
def test_every_number_is_that_of_loops_over_strata(x: Any) -> None:
    groups, total = halves(x), x.sum(axis=1)
    result = mantel_dif(x, groups, reference=0)
    for item in range(x.shape[1]):
        chi2, smd = by_hand(x[:, item].tolist(), groups == 1, total.tolist())
        sd = x[:, item].std(ddof=1)
        assert result.chi2[item] == pytest.approx(chi2, rel=1e-10, abs=1e-12, nan_ok=True)
        assert result.smd[item] == pytest.approx(smd, rel=1e-10, abs=1e-12, nan_ok=True)
        assert result.smd_ratio[item] == pytest.approx(smd / sd if sd else nan, rel=1e-10, abs=1e-12, nan_ok=True)


def test_the_variance_is_that_of_all_ways_to_draw_the_focal_group() -> None:
    answers_given = np.array([1.0, 2.0, 2.0, 4.0, 5.0, 7.0])
    sums = [answers_given[list(drawn)].sum() for drawn in combinations(range(6), 2)]
    chi2 = (answers_given[[4, 5]].sum() - np.mean(sums)) ** 2 / np.var(sums)
    result = mantel_dif(answers_given[:, None], [0, 0, 0, 0, 1, 1], reference=0, matching=np.zeros(6))
    assert result.chi2[0] == pytest.approx(chi2, rel=1e-12)
    assert result.flags == ("few_strata", "small_group")


# Laws


@given(answers)
def test_swapping_the_groups_keeps_the_test(x: Any) -> None:
    groups = halves(x)
    one, other = (mantel_dif(x, groups, reference=label) for label in (0, 1))
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-12, abs=1e-12, nan_ok=True)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-12, abs=1e-12, nan_ok=True)
    assert other.item_flags == one.item_flags


def test_the_mean_difference_is_weighted_by_the_focal_group() -> None:
    x = np.array([1, 3, 1, 1, 1, 1, 2, 2, 2])[:, None]
    groups = ["r", "f", "r", "r", "r", "f", "f", "f", "f"]
    score = [0, 0, 1, 1, 1, 1, 1, 1, 1]
    assert mantel_dif(x, groups, reference="r", matching=score).smd[0] == pytest.approx((2 + 4 * 0.75) / 5)
    assert mantel_dif(x, groups, reference="f", matching=score).smd[0] == pytest.approx(-(2 + 3 * 0.75) / 4)


@given(answers)
def test_the_same_people_under_both_labels_do_not_differ(x: Any) -> None:
    result = mantel_dif(np.vstack([x, x]), ["a"] * len(x) + ["b"] * len(x), reference="b")
    assert (result.smd == 0).all()
    assert (result.chi2[~np.isnan(result.chi2)] == 0).all()


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(x: Any, random: Any) -> None:
    groups, order = halves(x), list(range(len(x)))
    random.shuffle(order)
    whole, moved = mantel_dif(x, groups, reference=0), mantel_dif(x[order], groups[order], reference=0)
    for name in ("chi2", "p_value", "smd", "smd_ratio"):
        assert getattr(moved, name) == pytest.approx(getattr(whole, name), rel=1e-12, abs=1e-12, nan_ok=True)
    assert moved.item_flags == whole.item_flags


@given(answers, st.sampled_from([-3.0, 1e8]), st.sampled_from([0.125, 1.0, 7.0]))
def test_another_unit_or_origin_changes_only_the_unit_of_the_mean_difference(
    x: Any, shift: float, factor: float
) -> None:
    groups = halves(x)
    one, other = mantel_dif(x, groups, reference=0), mantel_dif(factor * x + shift, groups, reference=0)
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-9, abs=1e-12, nan_ok=True)
    assert other.smd == pytest.approx(factor * one.smd, rel=1e-9, abs=1e-12, nan_ok=True)
    assert other.smd_ratio == pytest.approx(one.smd_ratio, rel=1e-9, abs=1e-12, nan_ok=True)
    assert np.array_equal(other.n_strata, one.n_strata)
    assert other.flags == one.flags


@pytest.mark.parametrize("unit", [1e-200, 1e-5, 1e5, 1e300])
def test_tiny_and_huge_units_are_taken(unit: float) -> None:
    x = np.random.default_rng(1).integers(-5, 6, (300, 3)).astype(float)
    one, other = mantel_dif(x, halves(x), reference=0), mantel_dif(x * unit, halves(x), reference=0)
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-9)
    assert other.smd / unit == pytest.approx(one.smd, rel=1e-9)
    assert other.flags == one.flags == ()


@given(answers)
def test_matched_on_the_total_the_mean_differences_of_the_items_sum_to_0(x: Any) -> None:
    result = mantel_dif(x, halves(x), reference=0)
    assert np.isnan(result.smd).all() or result.smd.sum() == pytest.approx(0, abs=1e-12)


# Edges


def test_tenths_that_add_up_differently_are_one_stratum() -> None:
    x = np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.1, 0.1, 0.4], [0.6, 0.0, 0.0]])
    assert len(set(x.sum(axis=1))) > 1
    assert mantel_dif(x, [0, 1, 0, 1], reference=0).n_strata.tolist() == [1, 1, 1]


def test_answers_equal_up_to_rounding_are_constant() -> None:
    x = np.array([[0.3, 1.0], [0.1 + 0.2, 2.0], [0.3, 1.0], [0.3, 2.0]])
    result = mantel_dif(x, [0, 0, 1, 1], reference=0)
    assert result.item_flags == (("constant_item",), ("no_variance",))
    assert np.isnan(result.chi2).all()
    assert result.smd.tolist() == [0, 0]
    assert math.isnan(result.smd_ratio[0])
    assert result.smd_ratio[1] == 0


def test_no_common_score_leaves_nothing_to_compare() -> None:
    result = mantel_dif([[1, 2], [1, 1], [5, 4], [5, 5]], ["a", "a", "b", "b"], reference="a")
    assert np.isnan([result.chi2, result.smd, result.smd_ratio]).all()
    assert result.n_strata.tolist() == [0, 0]
    assert result.flags == ("few_strata", "small_group")


def test_one_person_a_group_is_compared_where_they_meet() -> None:
    result = mantel_dif([[1, 3], [3, 1]], ["a", "b"], reference="a")
    assert result.smd.tolist() == [2, -2]
    assert result.chi2 == pytest.approx([1, 1])
    assert result.flags == ("few_strata", "small_group")
