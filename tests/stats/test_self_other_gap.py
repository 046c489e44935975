"""Gaps between own and others' scores against reference numbers, the analysis of variance and their laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS, SelfOtherGap, self_other_gap

CLOSED = 1e-10
nan = math.nan
NUMBERS = (
    "r",
    "mean_gap",
    "sd_gap",
    "cohen_dz",
    "mean_absolute_gap",
    "icc_agreement",
    "icc_consistency",
    "lin_ccc",
)
SYMMETRIC = ("n", "r", "sd_gap", "mean_absolute_gap", "icc_agreement", "icc_consistency", "lin_ccc", "n_in_agreement")

scores = st.integers(4, 20).map(lambda x: x / 4) | st.floats(1, 5).map(lambda x: round(x, 2))
pairs = st.integers(2, 12).flatmap(lambda n: arrays(np.float64, (n, 2), elements=scores))
gappy = st.integers(0, 10).flatmap(lambda n: arrays(np.float64, (n, 2), elements=scores | st.just(nan)))
rules = st.sampled_from(["standardised", "points", "standard_error"])


def of(table: Any, rule: Any = "points", **options: Any) -> SelfOtherGap:
    if rule == "standard_error":
        options = {"standard_error": 0.4} | options
    return self_other_gap(table[:, 0], table[:, 1], rule=rule, **options)


def mean_squares(table: Any) -> tuple[float, float, float]:
    """Targets, sources and error of the two-way table, summed cell by cell."""
    n, k = table.shape
    grand, rows, columns = table.mean(), table.mean(axis=1), table.mean(axis=0)
    error = sum((table[i, j] - rows[i] - columns[j] + grand) ** 2 for i in range(n) for j in range(k))
    return k * ((rows - grand) ** 2).sum() / (n - 1), n * ((columns - grand) ** 2).sum(), error / (n - 1)


# Golden numbers and second ways


def test_the_reference_numbers_of_300_people_come_out(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/groups_norms_rsa.json")["self_other_sim_300"]
    table = np.genfromtxt(shared_data("stats/rsa_sim_300.csv"), delimiter=",", skip_header=1)
    result = of(table, "standardised", threshold=0.5)
    names = ("r", "mean_diff", "sd_diff", "cohen_dz", "mad", "icc_2_1", "icc_3_1", "lin_ccc")
    for ours, theirs in zip(NUMBERS, names, strict=True):
        assert abs(getattr(result, ours) - known[theirs]) < CLOSED
    assert result.n == known["n"]
    found = {"over": result.n_over, "in_agreement": result.n_in_agreement, "under": result.n_under}
    assert found == known["category_half_sd_of_diff_z"]
    assert result.flags == ()


@settings(max_examples=60)
@given(pairs)
def test_agreement_is_what_the_analysis_of_variance_and_lins_formula_say(table: Any) -> None:
    x, y = table.T
    result, n = of(table), len(table)
    if np.ptp(x) < 0.01 or np.ptp(y) < 0.01:
        return
    assert result.r == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)
    targets, sources, error = mean_squares(table)
    whole = targets + error + 2 * (sources - error) / n
    if whole > 1e-6:
        assert result.icc_agreement == pytest.approx((targets - error) / whole, rel=1e-9, abs=1e-9)
    assert result.icc_consistency == pytest.approx((targets - error) / (targets + error), abs=1e-9)
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    concordance = 2 * covariance / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    assert result.lin_ccc == pytest.approx(concordance, abs=1e-9)
    assert result.sd_gap == pytest.approx(np.std(x - y, ddof=1), abs=1e-7)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 1.2])
def test_categories_are_what_z_scores_points_or_standard_errors_say(threshold: float) -> None:
    rng = np.random.default_rng(2)
    table = np.column_stack([rng.normal(3, 1, 80), rng.normal(2.5, 0.4, 80)])
    error = rng.uniform(0.1, 2, 80)
    z = (table - table.mean(axis=0)) / table.std(axis=0, ddof=1)
    expected = {
        "standardised": z[:, 0] - z[:, 1],
        "points": table[:, 0] - table[:, 1],
        "standard_error": (table[:, 0] - table[:, 1]) / error,
    }
    for rule, distance in expected.items():
        options = {"standard_error": error} if rule == "standard_error" else {}
        result = of(table, rule, threshold=threshold, **options)
        words = ["over" if d > threshold else "under" if d < -threshold else "in_agreement" for d in distance]
        assert list(result.category) == words
        assert (result.rule, result.threshold) == (rule, threshold)
        assert (result.n_over, result.n_in_agreement, result.n_under) == tuple(
            words.count(word) for word in ("over", "in_agreement", "under")
        )


# The edge of the threshold


@pytest.mark.parametrize(("own", "other"), [(4.4, 3.9), (3.9, 4.4), (2.6, 2.1), (1.1, 0.6), (4.1, 3.6), (0.8, 0.3)])
def test_a_gap_of_exactly_the_threshold_is_agreement_whatever_the_rounding(own: float, other: float) -> None:
    assert self_other_gap([own], [other], rule="points", threshold=0.5).category == ("in_agreement",)
    assert self_other_gap([own], [other], rule="points", threshold=0.4999).category != ("in_agreement",)
    exact = self_other_gap([own], [other], rule="standard_error", standard_error=0.25, threshold=2.0)
    assert exact.category == ("in_agreement",)


def test_a_threshold_of_0_leaves_agreement_to_equal_scores() -> None:
    result = self_other_gap([1.0, 2.0, 0.3], [1.0, 1.9, 0.1 + 0.2], rule="points", threshold=0)
    assert result.category == ("in_agreement", "over", "in_agreement")


# Laws


@given(gappy, rules)
def test_swapping_the_sources_turns_over_into_under_and_keeps_the_agreement(table: Any, rule: Any) -> None:
    forth, back = of(table, rule), of(table[:, ::-1], rule)
    turned = {"over": "under", "under": "over", "in_agreement": "in_agreement", None: None}
    assert back.category == tuple(turned[word] for word in forth.category)
    assert np.array_equal(back.gap, -forth.gap, equal_nan=True)
    for name in SYMMETRIC:
        assert getattr(back, name) == pytest.approx(getattr(forth, name), rel=1e-12, abs=1e-12, nan_ok=True)
    for name in ("mean_gap", "cohen_dz"):
        assert getattr(back, name) == pytest.approx(-getattr(forth, name), rel=1e-12, abs=1e-12, nan_ok=True)
    assert back.flags == forth.flags


@given(gappy, rules, st.integers(0, 2**32))
def test_the_order_of_people_changes_only_the_order_of_rows(table: Any, rule: Any, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(table))
    whole, moved = of(table, rule), of(table[order], rule)
    assert moved.category == tuple(whole.category[i] for i in order)
    assert np.array_equal(moved.gap, whole.gap[order], equal_nan=True)
    for name in NUMBERS:
        assert getattr(moved, name) == pytest.approx(getattr(whole, name), rel=1e-12, abs=1e-12, nan_ok=True)
    assert moved.flags == whole.flags


@given(gappy, rules)
def test_everybody_is_in_one_category_or_unknown_with_a_flag(table: Any, rule: Any) -> None:
    result = of(table, rule)
    unknown = result.category.count(None)
    assert result.n_over + result.n_in_agreement + result.n_under + unknown == len(table)
    assert result.n == (~np.isnan(table).any(axis=1)).sum()
    if unknown or np.isnan([getattr(result, name) for name in NUMBERS]).any():
        assert result.flags
    assert set(result.flags) <= set(FLAGS)
    json.dumps(result.to_dict(), allow_nan=False)


@given(pairs, st.floats(0.5, 4), st.floats(-3, 3), st.floats(0.5, 4), st.floats(-3, 3))
def test_the_standardised_rule_does_not_see_the_scale_of_either_source(
    table: Any, a: float, b: float, c: float, d: float
) -> None:
    if min(np.ptp(table, axis=0)) < 0.1:
        return
    z = (table - table.mean(axis=0)) / table.std(axis=0, ddof=1)
    if np.abs(np.abs(z[:, 0] - z[:, 1]) - 0.5).min() < 1e-9:
        return
    moved = np.column_stack([a * table[:, 0] + b, c * table[:, 1] + d])
    assert of(moved, "standardised").category == of(table, "standardised").category


@given(pairs)
def test_a_large_offset_in_both_sources_changes_nothing(table: Any) -> None:
    table = np.round(4 * table) / 4
    for rule in ("points", "standardised", "standard_error"):
        near, far = of(table, rule), of(table + 1e8, rule)
        assert np.array_equal(near.gap, far.gap)
        for name in NUMBERS:
            assert getattr(far, name) == pytest.approx(getattr(near, name), rel=1e-9, abs=1e-9, nan_ok=True)
        assert near.flags == far.flags


@given(pairs)
def test_concordance_is_at_most_consistency_in_size_and_agreement_at_most_1(table: Any) -> None:
    result = of(table)
    if not math.isnan(result.r):
        assert abs(result.lin_ccc) <= abs(result.icc_consistency) + 1e-12
        assert abs(result.icc_consistency) <= abs(result.r) + 1e-12
        assert not result.icc_agreement > 1


@given(pairs, st.integers(2, 4))
def test_everybody_twice_keeps_the_concordance(table: Any, times: int) -> None:
    many = of(np.tile(table, (times, 1)))
    assert many.lin_ccc == pytest.approx(of(table).lin_ccc, rel=1e-9, abs=1e-9, nan_ok=True)


@given(pairs)
def test_equal_scores_agree_perfectly(table: Any) -> None:
    same = np.repeat(table[:, :1], 2, axis=1)
    for rule in ("points", "standardised"):
        result = of(same, rule, threshold=0.0)
        if np.ptp(table[:, 0]) > 0:
            assert set(result.category) == {"in_agreement"}
            found = (result.r, result.icc_agreement, result.icc_consistency, result.lin_ccc)
            assert found == pytest.approx((1, 1, 1, 1), abs=1e-14)
        assert (result.mean_gap, result.sd_gap) == (0, 0)
        assert math.isnan(result.cohen_dz)
        assert result.flags == ("no_variance",)


# Edges


def test_people_with_one_score_only_are_left_out_and_flagged() -> None:
    result = self_other_gap([4, nan, 2, 3, 5], [3, 3, nan, 3.5, 4.5], rule="points")
    assert result.category == ("over", None, None, "in_agreement", "in_agreement")
    assert np.array_equal(result.gap, [1, nan, nan, -0.5, 0.5], equal_nan=True)
    assert result.n == 3
    assert result.mean_gap == pytest.approx(1 / 3)
    assert result.flags == ("rows_dropped",)


def test_z_scores_are_taken_over_the_people_with_both_scores() -> None:
    complete = self_other_gap([4, 2, 3], [3, 3.5, 1])
    more = self_other_gap([4, 2, 3, 100], [3, 3.5, 1, nan])
    assert more.category == (*complete.category, None)
    assert more.r == complete.r


def test_one_person_has_a_gap_and_nothing_else() -> None:
    result = self_other_gap([4], [3], rule="points")
    assert (result.mean_gap, result.mean_absolute_gap, result.category) == (1, 1, ("over",))
    assert np.isnan([result.r, result.sd_gap, result.cohen_dz, result.lin_ccc, result.icc_agreement]).all()
    assert result.flags == ("too_few_rows",)
    assert self_other_gap([4], [3]).category == (None,)


@pytest.mark.parametrize("table", [np.empty((0, 2)), np.full((3, 2), nan)])
def test_nobody_gives_nan(table: Any) -> None:
    result = of(table)
    assert np.isnan([getattr(result, name) for name in NUMBERS]).all()
    assert result.n == 0
    assert "too_few_rows" in result.flags


def test_a_constant_source_has_no_z_scores() -> None:
    result = self_other_gap([3, 3, 3, 3], [1, 2, 4, 5])
    assert result.category == (None,) * 4
    assert math.isnan(result.r)
    assert (result.lin_ccc, result.icc_consistency) == (0, 0)
    assert result.flags == ("no_variance",)
    assert self_other_gap([1, 2, 4, 5], [0.3, 0.1 + 0.2, 0.3, 0.3]).category == (None,) * 4


def test_two_constant_sources_leave_consistency_undefined() -> None:
    result = self_other_gap([3, 3, 3], [2, 2, 2], rule="points")
    assert result.category == ("over",) * 3
    assert np.isnan([result.r, result.cohen_dz, result.icc_consistency]).all()
    assert (result.icc_agreement, result.lin_ccc) == (0, 0)
    same = self_other_gap([0.3, 0.3], [0.1 + 0.2, 0.3], rule="points")
    assert np.isnan([same.icc_agreement, same.icc_consistency, same.lin_ccc]).all()
    assert same.flags == ("no_variance",)


def test_gaps_that_differ_by_rounding_only_have_no_spread() -> None:
    others = np.round(np.random.default_rng(0).uniform(3, 7, 40), 2)
    result = self_other_gap(others - 0.1, others, rule="points")
    assert np.ptp(result.gap) > 0
    assert (result.sd_gap, result.n_in_agreement) == (0, 40)
    assert math.isnan(result.cohen_dz)
    assert result.r == pytest.approx(1)
    assert result.flags == ("no_variance",)


@pytest.mark.parametrize("difference", [0.0, 1e-7])
def test_two_opposite_people_have_no_agreement_icc(difference: float) -> None:
    result = self_other_gap([1.1, 2.3], [2.3, 1.1 + difference], rule="points")
    assert math.isnan(result.icc_agreement)
    assert (result.icc_consistency, result.lin_ccc) == pytest.approx((-1, -1))
    assert result.flags == ("no_variance",)


def test_an_unknown_or_zero_standard_error_leaves_the_category_unknown() -> None:
    result = self_other_gap([4, 4, 2], [3, 2, 3], rule="standard_error", standard_error=[1, nan, 0.5], threshold=1)
    assert result.category == ("in_agreement", None, "under")
    assert result.n == 3
    assert result.flags == ("rows_dropped",)
    zero = self_other_gap([4, 4, 2], [3, 2, 3], rule="standard_error", standard_error=[1, 0, 0.5])
    assert zero.category == ("over", None, "under")
    assert zero.flags == ("no_variance",)
    assert self_other_gap([4, 2], [3, 2.5], rule="standard_error", standard_error=nan).category == (None, None)


@pytest.mark.parametrize(
    "as_kind",
    [
        lambda v: np.array(v, dtype=np.float32),
        lambda v: np.array(v, dtype=object),
        lambda v: np.ma.masked_invalid(np.array(v, dtype=float)),
        lambda v: np.array([v, v], order="F", dtype=float)[0],
        lambda v: np.array([v, v], dtype=float).T[:, 1],
    ],
)
def test_scores_of_every_kind_are_taken_and_not_changed(as_kind: Callable[[Any], Any]) -> None:
    own, other = as_kind([4, 2, 3, None]), as_kind([3, 3.5, 1, 2])
    for array in (own, other):
        array.flags.writeable = False
    expected = self_other_gap([4, 2, 3, nan], [3, 3.5, 1, 2])
    assert self_other_gap(own, other) == expected


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = self_other_gap([4, nan, 2], [3, 1, 3], rule="points")
    assert result.to_records() == [
        {"gap": 1.0, "category": "over"},
        {"gap": None, "category": None},
        {"gap": -1.0, "category": "under"},
    ]
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.to_dict()["category"] == ["over", None, "under"]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert not result.gap.flags.writeable
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n = 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: self_other_gap(["3"], [2]), "self_scores: expected real numbers, got text"),
        (lambda: self_other_gap([3], [2j]), "other_scores: expected real numbers, got complex numbers"),
        (lambda: self_other_gap([3, 2], [2, np.inf]), r"other_scores\[1\]: expected a finite number or NaN, got inf"),
        (lambda: self_other_gap([[3]], [[2]]), "self_scores: expected one dimension, got 2"),
        (lambda: self_other_gap([3, 2], [2]), "other_scores: expected 2 values, got 1"),
        (lambda: self_other_gap([3], [2], rule="z"), "rule: expected one of 'standardised', 'points', 'standard_err"),  # type: ignore[arg-type]
        (lambda: self_other_gap([3], [2], threshold=-0.1), "threshold: expected a number of at least 0, got -0.1"),
        (lambda: self_other_gap([3], [2], threshold=nan), "threshold: expected a number of at least 0, got nan"),
        (lambda: self_other_gap([3], [2], threshold=math.inf), "threshold: expected a finite number"),
        (
            lambda: self_other_gap([3], [2], rule="standard_error"),
            "standard_error: rule='standard_error' needs the standard error of the gaps",
        ),
        (
            lambda: self_other_gap([3], [2], standard_error=1.0),
            "standard_error: rule='standardised' takes no standard error",
        ),
        (
            lambda: self_other_gap([3, 2], [2, 2], rule="standard_error", standard_error=[1, -1]),
            r"standard_error\[1\]: expected at least 0, got -1",
        ),
        (
            lambda: self_other_gap([3, 2], [2, 2], rule="standard_error", standard_error=[1]),
            "standard_error: expected 2 values, got 1",
        ),
        (
            lambda: self_other_gap([3], [2], rule="standard_error", standard_error=[[1]]),
            "standard_error: expected one dimension, got 2",
        ),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
