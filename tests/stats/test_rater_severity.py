"""Rater severity: closed forms of complete data, recovery of known raters, laws, and what is left out."""

from __future__ import annotations

import json
import math
import pickle
from datetime import date
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from leadkit.stats import FLAGS
from leadkit.stats.variance import RaterSeverity, rater_severity

Array = np.ndarray[Any, Any]
nan = math.nan
NUMBERS = ("severity", "severity_standard_error", "raw_mean", "adjusted_mean", "shrunken_mean")
COMPONENTS = ("target_variance", "rater_variance", "residual_variance", "grand_mean")

SCORES = [7, 6, 6, 6, 5, 3, 4, 4, 2]
TARGETS = ["t1", "t1", "t2", "t2", "t3", "t3", "t4", "t4", "t4"]
RATERS = ["a", "b", "a", "b", "a", "c", "a", "b", "c"]


def long(table: Array) -> tuple[Array, Array, Array]:
    targets, raters = np.nonzero(~np.isnan(table))
    return table[targets, raters], targets, raters


@st.composite
def designs(draw: st.DrawFn) -> tuple[list[float], list[int], list[int]]:
    n = draw(st.integers(1, 16))
    scores = draw(st.lists(st.integers(1, 7).map(float) | st.just(nan), min_size=n, max_size=n))
    targets = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    return scores, targets, draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))


@st.composite
def tables(draw: st.DrawFn) -> Array:
    shape = draw(st.tuples(st.integers(3, 8), st.integers(2, 5)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    spread = draw(st.tuples(st.floats(0, 2), st.floats(0, 2)))
    return np.asarray(
        rng.normal(size=shape) + spread[0] * rng.normal(size=(shape[0], 1)) + spread[1] * rng.normal(size=shape[1])
    )


def same(one: RaterSeverity, other: RaterSeverity, tolerance: float) -> bool:
    names = (*NUMBERS, *COMPONENTS)
    close = [
        np.allclose(getattr(one, name), getattr(other, name), rtol=tolerance, atol=tolerance, equal_nan=True)
        for name in names
    ]
    return all(close)


# Closed forms


@settings(max_examples=20)
@given(tables())
def test_in_complete_data_severity_is_the_shrunken_distance_of_the_raters_mean(table: Array) -> None:
    n, k = table.shape
    result = rater_severity(*long(table))
    s, e = result.rater_variance, result.residual_variance
    assert result.grand_mean == pytest.approx(table.mean(), abs=1e-10)
    expected = -n * s / (n * s + e) * (table.mean(axis=0) - table.mean())
    assert np.allclose(result.severity, expected, rtol=0, atol=1e-10)
    # differences between raters as in the one-way model; their mean against all raters stays unknown
    error = np.sqrt((1 - 1 / k) * s * e / (n * s + e) + s / k)
    assert np.allclose(result.severity_standard_error, error, rtol=0, atol=1e-10)


@settings(max_examples=20)
@given(tables())
def test_in_complete_data_adjusting_changes_no_mean_and_shrinking_draws_to_the_grand_mean(table: Array) -> None:
    k = table.shape[1]
    result = rater_severity(*long(table))
    assert np.allclose(result.raw_mean, table.mean(axis=1), rtol=0, atol=1e-12)
    assert np.allclose(result.adjusted_mean, result.raw_mean, rtol=0, atol=1e-10)
    reliability = k * result.target_variance / (k * result.target_variance + result.residual_variance)
    expected = table.mean() + reliability * (result.raw_mean - table.mean())
    assert np.allclose(result.shrunken_mean, expected, rtol=0, atol=1e-10)


def test_a_severe_rater_of_weak_targets_is_found_by_those_scored_by_others_too() -> None:
    result = rater_severity(SCORES, TARGETS, RATERS)
    assert result.raters == ("a", "b", "c")
    assert result.rater_n.tolist() == [4, 3, 2]
    assert result.target_n.tolist() == [2, 2, 2, 3]
    assert result.severity[2] > 1
    assert 0 > result.severity[1] > result.severity[0]
    by_hand = [np.mean([6 + result.severity[0], 6 + result.severity[1]]), np.mean([5, 3] + result.severity[[0, 2]])]
    assert result.adjusted_mean[1:3] == pytest.approx(by_hand)
    assert result.raw_mean.tolist() == [6.5, 6.0, 4.0, pytest.approx(10 / 3)]
    assert (result.n_components, result.n_rows, result.n_used, result.flags) == (1, 9, 9, ())


def test_intervals_hold_the_true_severity_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(8):
        targets = np.repeat(np.arange(60), 5)
        raters = np.concatenate([rng.choice(30, 5, replace=False) for _ in range(60)])
        effects = rng.normal(0, 0.7, 30)
        scores = 4 + rng.normal(size=60)[targets] + effects[raters] + rng.normal(0, 0.6, 300)
        result = rater_severity(scores, targets, raters, level=0.8)
        hits.append((result.severity_low <= -effects) & (-effects <= result.severity_high))
        assert np.corrcoef(result.severity, -effects)[0, 1] > 0.8
    assert 0.73 < np.mean(hits) < 0.87


def test_intervals_are_normal_and_widen_with_the_level() -> None:
    narrow, wide = (rater_severity(SCORES, TARGETS, RATERS, level=level) for level in (0.5, 0.95))
    z = norm.ppf(0.975)
    assert np.allclose(wide.severity_high - wide.severity, z * wide.severity_standard_error, rtol=0, atol=1e-12)
    assert np.allclose(wide.severity - wide.severity_low, z * wide.severity_standard_error, rtol=0, atol=1e-12)
    assert (narrow.severity_high < wide.severity_high).all()
    assert (narrow.level, wide.level) == (0.5, 0.95)


# Laws


@settings(max_examples=20)
@given(designs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(design: Any, random: Any) -> None:
    order = list(range(len(design[0])))
    random.shuffle(order)
    assert rater_severity(*([column[i] for i in order] for column in design)) == rater_severity(*design)


@settings(max_examples=40)
@given(designs())
def test_any_scores_give_numbers_or_nan_with_a_reason(design: Any) -> None:
    result = rater_severity(*design)
    assert set(result.flags) <= set(FLAGS)
    json.dumps(result.to_dict(), allow_nan=False)
    variances = np.array([result.target_variance, result.rater_variance, result.residual_variance])
    unknown = {"underidentified", "too_few_rows"} & set(result.flags)
    assert np.isnan(variances).all() if unknown else (variances >= 0).all()
    assert np.isnan(result.severity).all() == bool(unknown)
    assert np.array_equal(np.isnan(result.raw_mean), result.target_n == 0)
    assert result.target_n.sum() == result.rater_n.sum() == result.n_used == np.sum(~np.isnan(design[0]))
    if not unknown and "perfect_consistency" not in result.flags:
        assert (result.severity_standard_error <= math.sqrt(result.rater_variance) + 1e-9).all()


@settings(max_examples=15)
@given(tables(), st.sampled_from([1e8, -3.0]))
def test_an_offset_changes_only_means(table: Array, offset: float) -> None:
    scores, targets, raters = long(np.round(table * 64) / 64)
    near, far = rater_severity(scores, targets, raters), rater_severity(scores + offset, targets, raters)
    for name in ("severity", "severity_standard_error", "target_variance", "rater_variance", "residual_variance"):
        assert np.allclose(getattr(far, name), getattr(near, name), rtol=1e-9, atol=1e-9)
    for name in ("raw_mean", "adjusted_mean", "shrunken_mean", "grand_mean"):
        assert np.allclose(getattr(far, name) - offset, getattr(near, name), rtol=0, atol=1e-6)


def test_names_of_raters_and_targets_do_not_matter() -> None:
    rng = np.random.default_rng(3)
    table = rng.normal(size=(9, 1)) + rng.normal(size=4) + 0.5 * rng.normal(size=(9, 4))
    table[rng.random(table.shape) < 0.3] = nan
    scores, targets, raters = long(table)
    plain, turned = rater_severity(scores, targets, raters), rater_severity(scores, -targets, -raters)
    assert np.allclose(turned.severity[::-1], plain.severity, rtol=0, atol=1e-10)
    assert np.allclose(turned.shrunken_mean[::-1], plain.shrunken_mean, rtol=0, atol=1e-10)


def test_scoring_twice_counts_twice() -> None:
    result = rater_severity([*SCORES, 7, 5], [*TARGETS, "t1", "t1"], [*RATERS, "a", "a"])
    assert result.rater_n.tolist() == [6, 3, 2]
    assert result.target_n[0] == 4
    assert result.raw_mean[0] == 6.25
    assert result.n_used == 11


# Input


@pytest.mark.parametrize(
    "scores",
    [
        np.array(SCORES, dtype=np.float32),
        np.array(SCORES, dtype=np.int8),
        np.array(SCORES, dtype=object),
        np.ma.masked_array(SCORES, mask=False),
        np.repeat(np.array(SCORES, dtype=float), 2)[::2],
    ],
)
def test_scores_of_every_kind_are_taken(scores: Any) -> None:
    assert rater_severity(scores, TARGETS, RATERS) == rater_severity(SCORES, TARGETS, RATERS)


def test_nothing_given_is_changed() -> None:
    scores, targets, raters = (np.array(column) for column in (SCORES, TARGETS, RATERS))
    for column in (scores, targets, raters):
        column.flags.writeable = False
    rater_severity(scores, targets, raters)
    assert scores.tolist() == SCORES


@pytest.mark.parametrize("missing", [nan, None])
def test_rows_without_score_target_or_rater_are_left_out(missing: Any) -> None:
    whole = rater_severity(SCORES, TARGETS, RATERS)
    more = rater_severity(
        [*SCORES, missing, 3, 3],
        np.array([*TARGETS, "t1", missing, "t2"], dtype=object),
        np.array([*RATERS, "a", "b", missing], dtype=object),
    )
    assert same(more, whole, 0)
    assert (more.n_rows, more.n_used, more.flags) == (12, 9, ("rows_dropped",))


def test_raters_and_targets_without_a_score_keep_their_places() -> None:
    whole = rater_severity(SCORES, TARGETS, RATERS)
    more = rater_severity([*SCORES, nan], [*TARGETS, "t0"], [*RATERS, "d"])
    assert more.targets == ("t0", "t1", "t2", "t3", "t4")
    assert more.target_n[0] == 0
    assert math.isnan(more.raw_mean[0])
    assert math.isnan(more.adjusted_mean[0])
    assert more.shrunken_mean[0] == whole.grand_mean
    assert more.raters[-1] == "d"
    assert (more.rater_n[-1], more.severity[-1]) == (0, 0)
    assert more.severity_standard_error[-1] == pytest.approx(math.sqrt(whole.rater_variance))
    assert more.severity[:-1].tolist() == whole.severity.tolist()


@pytest.mark.parametrize(
    "labels",
    [
        [1, 1, 2, 2, 3, 3, 4, 4, 4],
        np.array(TARGETS),
        [date(2025, 1, int(t[1])) for t in TARGETS],
        [("x", int(t[1])) for t in TARGETS],
    ],
)
def test_labels_of_every_kind_are_taken(labels: Any) -> None:
    result = rater_severity(SCORES, labels, RATERS)
    assert same(result, rater_severity(SCORES, TARGETS, RATERS), 0)
    assert len(result.targets) == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((["7"], ["t"], ["a"]), "scores: expected real numbers, got text"),
        (([1 + 1j], ["t"], ["a"]), "scores: expected real numbers, got complex numbers"),
        (([1.0, math.inf], ["t", "t"], ["a", "b"]), "scores[1]: expected a finite number or NaN, got inf"),
        (([[1.0]], ["t"], ["a"]), "scores: expected one dimension, got 2"),
        (([1.0, 2.0], ["t"], ["a", "b"]), "targets: expected 2 labels, got 1"),
        (([1.0, 2.0], ["t", "u"], ["a"]), "raters: expected 2 labels, got 1"),
        (([1.0, 2.0], ["t", 1], ["a", "b"]), "targets: labels of kind int, str do not sort together"),
        (([1.0, 2.0], ["t", "u"], np.array([["a"], ["b"]])), "raters: expected one dimension, got 2"),
    ],
)
def test_what_cannot_be_scores_or_labels_is_refused(arguments: Any, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        rater_severity(*arguments)
    assert told in str(caught.value)


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match=r"level: expected a number inside \(0, 1\), got 95"):
        rater_severity(SCORES, TARGETS, RATERS, level=95)


# Edges


def test_parts_that_no_score_connects_are_flagged_and_counted() -> None:
    result = rater_severity(
        [1, 2, 3, 5, 2, 4, 4, 4], [1, 1, 2, 2, 3, 3, 4, 4], ["a", "b", "a", "b", "c", "d", "c", "d"]
    )
    assert result.n_components == 2
    assert result.flags == ("disconnected_design",)
    assert np.isfinite(result.severity).all()


def test_one_rater_has_no_severity() -> None:
    result = rater_severity([1, 2, 4, 4], [1, 1, 2, 2], ["a"] * 4)
    assert np.isnan([*result.severity, *result.severity_high, *result.adjusted_mean, *result.shrunken_mean]).all()
    assert result.raw_mean.tolist() == [1.5, 4]
    assert result.flags == ("too_few_raters", "underidentified")


def test_one_target_cannot_tell_severity_from_error() -> None:
    result = rater_severity([1, 2, 4], ["t"] * 3, ["a", "b", "c"])
    assert np.isnan(result.severity).all()
    assert result.raw_mean[0] == pytest.approx(7 / 3)
    assert result.flags == ("underidentified",)


@pytest.mark.parametrize("offset", [0, 1e8])
def test_equal_scores_have_no_severity_and_no_variance(offset: float) -> None:
    result = rater_severity([offset + 0.3] * 4, [1, 1, 2, 2], ["a", "b"] * 2)
    assert result.severity.tolist() == [0, 0]
    assert math.copysign(1, result.severity[0]) == 1
    assert result.shrunken_mean.tolist() == [offset + 0.3] * 2
    assert (result.target_variance, result.rater_variance, result.residual_variance) == (0, 0, 0)
    assert result.flags == ("no_variance",)


def test_raters_that_differ_by_a_constant_are_adjusted_in_full() -> None:
    result = rater_severity([1, 2, 4, 5, 7], [1, 1, 2, 2, 3], ["a", "b", "a", "b", "b"])
    assert result.flags == ("perfect_consistency",)
    assert result.severity == pytest.approx([0.5, -0.5])
    assert result.adjusted_mean == pytest.approx([1.5, 4.5, 6.5])
    assert result.shrunken_mean == pytest.approx([1.5, 4.5, 6.5])


@pytest.mark.parametrize("n", [0, 2])
def test_no_scores_at_all_give_nan(n: int) -> None:
    result = rater_severity([nan] * n, [1, 2][:n], ["a", "b"][:n])
    assert math.isnan(result.grand_mean)
    assert len(result.to_records()) == len(result.rater_records()) == n
    assert result.n_components == 0
    assert result.flags == (*(("rows_dropped",) if n else ()), "too_few_raters", "too_few_rows")


# The result


def test_records_are_targets_and_rater_records_raters() -> None:
    result = rater_severity([*SCORES, nan], [*TARGETS, "t5"], [*RATERS, "c"])
    targets, raters = result.to_records(), result.rater_records()
    assert list(targets[0]) == ["target", "n", "raw_mean", "adjusted_mean", "shrunken_mean"]
    assert list(raters[0]) == [
        "rater",
        "n",
        "severity",
        "severity_standard_error",
        "severity_low",
        "severity_high",
    ]
    assert [row["target"] for row in targets] == ["t1", "t2", "t3", "t4", "t5"]
    assert (targets[-1]["n"], targets[-1]["raw_mean"]) == (0, None)
    assert [row["severity"] for row in raters] == result.severity.tolist()
    json.dumps([targets, raters], allow_nan=False)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = rater_severity(SCORES, TARGETS, RATERS)
    json.dumps(result.to_dict(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert result != rater_severity(SCORES, TARGETS, RATERS, level=0.9)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.level = 0.5
    for name in (*NUMBERS, "rater_n", "target_n", "severity_low", "severity_high"):
        assert not getattr(result, name).flags.writeable
    assert "t3" in result._repr_html_()
