"""Score bands, reliable change, reliability of differences and classification by cuts."""

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
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from leadkit.stats import FLAGS
from leadkit.stats.change import (
    classify_scores,
    difference_reliability,
    reliable_change,
    score_band,
    standard_error_of_measurement,
)

CLOSED = 1e-10
nan = math.nan

finite = st.floats(-1e4, 1e4)
score_lists = st.lists(finite | st.just(nan), max_size=12)
spreads = st.floats(0.01, 100)
reliabilities = st.floats(0.01, 0.999)

RESULTS: dict[str, Any] = {
    "bands": score_band([1.0, nan, 3.0], sd=2.0, reliability=0.8),
    "change": reliable_change([1.0, 2.0, nan], [2.0, 5.0, 1.0], reliability=0.8),
    "classification": classify_scores([1.0, nan, 3.0], [2.0], standard_error=0.5),
}


# Golden numbers


def test_reliable_change_equals_the_worked_example(golden: Callable[[str], Any]) -> None:
    known = golden("stats/groups_norms_rsa.json")["rci_example"]
    result = reliable_change(known["pre"], known["post"], sd=known["sd"], reliability=known["rxx"])
    assert np.allclose(result.rci, known["rci"], rtol=0, atol=CLOSED)
    assert abs(result.standard_error - known["s_diff"]) < CLOSED
    assert abs(result.threshold - known["min_reliable_change_95"]) < CLOSED
    assert abs(standard_error_of_measurement(known["sd"], known["rxx"]) - known["sem"]) < CLOSED
    assert (result.verdict != 0).tolist() == known["reliable_95"]


def test_bands_equal_the_reference(golden: Callable[[str], Any]) -> None:
    known = golden("stats/groups_norms_rsa.json")["sem_bands"]
    observed = score_band(known["x"], sd=known["sd"], reliability=known["rxx"])
    kelley = score_band(known["x"], sd=known["sd"], reliability=known["rxx"], mean=known["mean"], kind="kelley")
    assert abs(observed.standard_error - known["sem"]) < CLOSED
    assert abs(kelley.standard_error - known["see"]) < CLOSED
    for ours, theirs in (
        (observed.low, "ci95_observed_lo"),
        (observed.high, "ci95_observed_hi"),
        (kelley.estimate, "kelley_true"),
        (kelley.low, "ci95_kelley_lo"),
        (kelley.high, "ci95_kelley_hi"),
    ):
        assert np.allclose(ours, known[theirs], rtol=1e-10, atol=CLOSED)


def test_change_of_120_people_equals_the_reference(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/invariance_ordinal_change.json")["change_prepost_120"]
    pre, post = np.genfromtxt(shared_data("stats/prepost_120.csv"), delimiter=",", skip_header=1).T
    result = reliable_change(pre, post, reliability=known["rxx"])
    assert result.n == known["n"]
    assert abs(result.sd - known["sd_pre"]) < CLOSED
    assert abs(result.standard_error - known["s_diff"]) < CLOSED
    assert np.allclose(result.rci[:10], known["rci_first10"], rtol=0, atol=CLOSED)
    assert (result.n_improved, result.n_deteriorated) == (known["n_improved"], known["n_deteriorated"])
    assert result.n_unchanged == known["n"] - known["n_improved"] - known["n_deteriorated"]
    assert abs(result.cohen_dz - known["cohen_dz"]) < CLOSED
    assert abs(result.cohen_dav - known["cohen_dav"]) < CLOSED
    assert abs(result.correlation - known["r_pre_post"]) < CLOSED
    difference = difference_reliability(
        sd_first=float(pre.std(ddof=1)),
        sd_second=float(post.std(ddof=1)),
        reliability_first=known["rxx"],
        reliability_second=known["rxx"],
        correlation=result.correlation,
    )
    assert abs(difference - known["reliability_of_difference"]) < CLOSED
    assert result.flags == ()


# Laws


@given(score_lists, spreads, reliabilities, finite, st.sampled_from(["observed", "kelley"]))
def test_bands_contain_the_estimate_and_widen_with_the_level(
    scores: list[float], sd: float, reliability: float, mean: float, kind: Any
) -> None:
    narrow = score_band(scores, sd=sd, reliability=reliability, mean=mean, kind=kind, level=0.5)
    wide = score_band(scores, sd=sd, reliability=reliability, mean=mean, kind=kind, level=0.9)
    known = ~np.isnan(narrow.score)
    assert np.array_equal(np.isnan(narrow.low), ~known)
    for low, estimate, high in (
        (narrow.low, narrow.estimate, narrow.high),
        (wide.low, narrow.low, narrow.estimate),
        (narrow.estimate, narrow.high, wide.high),
    ):
        assert (low[known] <= estimate[known]).all()
        assert (estimate[known] <= high[known]).all()


@given(st.lists(finite, min_size=1, max_size=8), spreads, finite)
def test_kelley_tends_to_the_observed_score_as_reliability_tends_to_1(
    scores: list[float], sd: float, mean: float
) -> None:
    near = score_band(scores, sd=sd, reliability=1 - 1e-9, mean=mean, kind="kelley")
    exact = score_band(scores, sd=sd, reliability=1.0, mean=mean, kind="kelley")
    assert np.allclose(near.estimate, scores, rtol=0, atol=3e-5)
    assert np.allclose(exact.estimate, scores, rtol=0, atol=1e-10)
    assert near.standard_error < 4e-5 * sd
    assert exact.standard_error == 0


@given(st.lists(st.tuples(finite, finite), max_size=10), spreads, reliabilities)
def test_swapping_pre_and_post_negates_the_index(pairs: list[tuple[float, float]], sd: float, r: float) -> None:
    pre, post = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    forth = reliable_change(pre, post, sd=sd, reliability=r)
    back = reliable_change(post, pre, sd=sd, reliability=r)
    assert np.array_equal(forth.rci, -back.rci)
    assert np.array_equal(forth.verdict, -back.verdict)
    assert (forth.n_improved, forth.n_deteriorated) == (back.n_deteriorated, back.n_improved)


@given(st.lists(st.tuples(finite, finite) | st.tuples(finite, st.just(nan)), max_size=10), spreads, reliabilities)
def test_verdicts_lie_strictly_beyond_the_threshold_and_are_counted(
    pairs: list[tuple[float, float]], sd: float, r: float
) -> None:
    pre, post = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    result = reliable_change(pre, post, sd=sd, reliability=r)
    beyond = np.abs(result.rci) > result.threshold / result.standard_error * (1 + 1e-12)
    assert (result.verdict[beyond] == np.sign(result.change[beyond])).all()
    assert result.n_improved + result.n_unchanged + result.n_deteriorated == result.n
    assert result.n == int((~np.isnan(result.change)).sum())


@given(score_lists, st.lists(finite, min_size=1, max_size=4, unique=True), st.floats(0, 50))
def test_band_probabilities_sum_to_1_and_misclassification_is_the_rest(
    scores: list[float], cuts: list[float], error: float
) -> None:
    result = classify_scores(scores, sorted(cuts), standard_error=error)
    known = ~np.isnan(result.score)
    assert np.allclose(result.probability[known].sum(axis=1), 1, rtol=0, atol=1e-12)
    assert ((result.probability[known] >= 0) & (result.probability[known] <= 1)).all()
    assert np.isnan(result.probability[~known]).all()
    assert (result.band[~known] == -1).all()
    for row in np.flatnonzero(known):
        assert result.band[row] == sum(cut <= result.score[row] for cut in cuts)
        assert result.misclassification[row] == pytest.approx(1 - result.probability[row, result.band[row]])


@given(st.permutations(range(5)))
def test_the_order_of_people_changes_only_the_order_of_rows(order: list[int]) -> None:
    pre, post = np.array([1.0, 2.5, 4.0, 3.0, nan]), np.array([2.0, 2.0, 9.0, 3.5, 1.0])
    whole = reliable_change(pre, post, reliability=0.7)
    moved = reliable_change(pre[order], post[order], reliability=0.7)
    assert np.allclose(moved.rci, whole.rci[order], rtol=1e-12, atol=0, equal_nan=True)
    assert moved.cohen_dz == pytest.approx(whole.cohen_dz, rel=1e-12)
    assert np.array_equal(
        classify_scores(pre[order], [2.0], standard_error=1).probability,
        classify_scores(pre, [2.0], standard_error=1).probability[order],
        equal_nan=True,
    )


@given(spreads, spreads, st.floats(0.05, 1), st.floats(0.05, 1), st.floats(-0.9, 0.9))
def test_difference_reliability_is_true_over_observed_variance(
    s1: float, s2: float, r1: float, r2: float, correlation: float
) -> None:
    covariance = correlation * s1 * s2
    true = np.array([[r1 * s1**2, covariance], [covariance, r2 * s2**2]])
    observed = np.array([[s1**2, covariance], [covariance, s2**2]])
    weights = np.array([1, -1])
    value = difference_reliability(
        sd_first=s1, sd_second=s2, reliability_first=r1, reliability_second=r2, correlation=correlation
    )
    assert value == pytest.approx(weights @ true @ weights / (weights @ observed @ weights), abs=1e-9)


# A second way


def test_band_probabilities_are_those_of_the_normal_distribution() -> None:
    scores, cuts = np.array([3.0, 4.9, 5.0, 8.0]), np.array([5.0, 7.5])
    result = classify_scores(scores, cuts, sd=2.0, reliability=0.64, mean=6.0, kind="kelley")
    truth = scipy.stats.norm(loc=6 + 0.64 * (scores[:, None] - 6), scale=2 * 0.8 * 0.6)
    edges = np.array([-np.inf, 5.0, 7.5, np.inf])
    assert np.allclose(result.probability, np.diff(truth.cdf(edges), axis=1), rtol=0, atol=1e-14)
    assert result.band.tolist() == [0, 0, 1, 2]
    assert result.expected_accuracy == pytest.approx(result.probability[[0, 1, 2, 3], result.band].mean())


def test_observed_classification_uses_the_error_of_measurement() -> None:
    by_parts = classify_scores([3.0, 6.0], [5.0], sd=2.0, reliability=0.75)
    by_error = classify_scores([3.0, 6.0], [5.0], standard_error=1.0)
    assert by_parts == by_error


def test_kelley_with_a_standard_error_of_its_own_shrinks_the_centre_only() -> None:
    result = classify_scores([10.0], [8.0], standard_error=1.5, reliability=0.5, mean=6.0, kind="kelley")
    assert result.probability[0, 0] == pytest.approx(0.5)
    assert result.band.tolist() == [1]


def test_every_score_may_have_its_own_standard_error() -> None:
    together = classify_scores([4.0, 4.0], [5.0], standard_error=[0.5, 2.0])
    apart = [classify_scores([4.0], [5.0], standard_error=error).probability[0] for error in (0.5, 2.0)]
    assert np.array_equal(together.probability, apart)


# Edges


def test_without_error_a_score_lies_surely_in_its_band_and_a_cut_belongs_to_the_upper() -> None:
    result = classify_scores([4.0, 5.0, 6.0], [5.0], standard_error=0.0)
    assert result.probability.tolist() == [[1, 0], [0, 1], [0, 1]]
    assert result.misclassification.tolist() == [0, 0, 0]
    assert result.expected_accuracy == 1
    assert result.flags == ()


@pytest.mark.parametrize("reliability", [0.0, -0.2, 1.01, nan, None])
def test_a_reliability_out_of_range_gives_nan_and_its_flag(reliability: Any) -> None:
    assert math.isnan(standard_error_of_measurement(2.0, reliability))
    band = score_band([1.0, 2.0], sd=1.0, reliability=reliability, mean=0.0, kind="kelley")
    assert np.isnan([*band.estimate, *band.low, band.standard_error]).all()
    assert np.isnan(score_band([1.0], sd=1.0, reliability=reliability).low).all()
    change = reliable_change([1.0, 2.0, 3.0], [2.0, 3.0, 5.0], reliability=0.9, reliability_post=reliability)
    if reliability is not None:
        assert np.isnan([*change.rci, change.standard_error, change.threshold]).all()
        assert change.verdict.tolist() == [0, 0, 0]
        assert (change.n, change.n_unchanged) == (3, 0)
        assert change.flags == ("reliability_out_of_range",)
        classified = classify_scores([1.0, 2.0], [1.5], sd=1.0, reliability=reliability)
        assert np.isnan([*classified.probability.ravel(), classified.expected_accuracy]).all()
        assert classified.band.tolist() == [0, 1]
        assert classified.flags == ("reliability_out_of_range",)
        assert math.isnan(
            difference_reliability(
                sd_first=1, sd_second=1, reliability_first=reliability, reliability_second=0.5, correlation=0
            )
        )
    assert band.flags == ("reliability_out_of_range",)


def test_an_unknown_sd_or_mean_gives_nan_and_a_flag() -> None:
    assert math.isnan(standard_error_of_measurement(nan, 0.5))
    band = score_band([1.0], sd=nan, reliability=0.5)
    assert np.isnan(band.low).all()
    assert band.flags == ("too_few_rows",)
    shrunk = score_band([1.0], sd=1.0, reliability=0.5, mean=nan, kind="kelley")
    assert np.isnan(shrunk.estimate).all()
    assert shrunk.flags == ("too_few_rows",)
    change = reliable_change([1.0, 2.0, 4.0], [2.0, 3.0, 3.0], sd=nan, reliability=0.5)
    assert np.isnan(change.rci).all()
    assert change.flags == ("too_few_rows",)


def test_missing_scores_keep_their_row_and_are_not_counted() -> None:
    post: Any = [9.0, 9.0, None, 4.0]
    result = reliable_change([1.0, nan, 3.0, 4.0], post, sd=1.0, reliability=0.9)
    assert np.array_equal(np.isnan(result.rci), [False, True, True, False])
    assert result.verdict.tolist() == [1, 0, 0, 0]
    assert (result.n, result.n_improved, result.n_unchanged, result.n_deteriorated) == (2, 1, 1, 0)
    assert result.flags == ("rows_dropped",)


def test_sd_by_default_is_that_of_everybody_with_a_pre_score() -> None:
    result = reliable_change([1.0, 2.0, 6.0, nan], [2.0, 3.0, nan, 1.0], reliability=0.8)
    assert result.sd == pytest.approx(np.std([1.0, 2.0, 6.0], ddof=1), rel=1e-14)
    assert result.sd_post == result.sd


def test_each_occasion_may_have_its_own_sd_and_reliability() -> None:
    result = reliable_change([1.0, 2.0], [2.0, 5.0], sd=2.0, sd_post=3.0, reliability=0.9, reliability_post=0.8)
    assert result.standard_error == pytest.approx(math.sqrt(4 * 0.1 + 9 * 0.2), rel=1e-14)
    assert (result.sd, result.sd_post, result.reliability, result.reliability_post) == (2.0, 3.0, 0.9, 0.8)


def test_where_lower_is_better_a_fall_is_an_improvement() -> None:
    result = reliable_change([9.0, 1.0], [1.0, 9.0], sd=1.0, reliability=0.9, higher_is_better=False)
    assert result.rci[0] < 0
    assert result.verdict.tolist() == [1, -1]
    assert (result.n_improved, result.n_deteriorated) == (1, 1)


@pytest.mark.parametrize("pre", [[], [1.0], [1.0, nan]])
def test_fewer_than_two_pairs_have_no_effect_size(pre: list[float]) -> None:
    result = reliable_change(pre, [3.0] * len(pre), reliability=0.8)
    assert np.isnan([result.cohen_dz, result.cohen_dav, result.correlation, result.standard_error]).all()
    assert "too_few_rows" in result.flags


@pytest.mark.parametrize(("sd", "reliability"), [(0.0, 0.8), (2.0, 1.0), (1e-300, 0.8)])
def test_without_measurement_error_the_index_is_undefined(sd: float, reliability: float) -> None:
    result = reliable_change([1.0, 2.0, 4.0], [2.0, 4.0, 4.0], sd=sd, reliability=reliability)
    assert np.isnan(result.rci).all()
    assert result.verdict.tolist() == [0, 0, 0]
    assert result.threshold == pytest.approx(0, abs=1e-299)
    assert (result.n, result.n_unchanged) == (3, 0)
    assert result.flags == ("no_variance",)


def test_a_change_equal_for_everybody_has_no_dz_even_when_rounding_blurs_it() -> None:
    pre = np.array([0.1, 0.2, 0.3, 0.7])
    result = reliable_change(pre, pre + 0.1, reliability=0.8)
    assert np.ptp(result.change) > 0
    assert math.isnan(result.cohen_dz)
    assert result.cohen_dav == pytest.approx(0.1 / pre.std(ddof=1))
    assert result.correlation == pytest.approx(1)
    assert result.flags == ("no_variance",)


def test_constant_scores_have_no_correlation() -> None:
    result = reliable_change([0.3, 0.1 + 0.2, 0.3], [1.0, 1.0, 1.0], reliability=0.8)
    assert result.sd == 0
    assert np.isnan([result.cohen_dz, result.cohen_dav, result.correlation]).all()
    assert result.flags == ("no_variance",)


def test_a_large_offset_leaves_change_as_it_is() -> None:
    pre, post = np.array([1.0, 2.0, 4.0, 4.0]), np.array([2.0, 2.0, 5.0, 7.0])
    plain, far = (reliable_change(pre + c, post + c, reliability=0.8) for c in (0.0, 1e8))
    assert far.cohen_dz == pytest.approx(plain.cohen_dz, rel=1e-9)
    assert far.correlation == pytest.approx(plain.correlation, rel=1e-9)
    assert far.flags == ()


def test_a_difference_without_variance_has_no_reliability() -> None:
    values: dict[str, float] = {"reliability_first": 0.8, "reliability_second": 0.8}
    assert math.isnan(difference_reliability(sd_first=2, sd_second=2, correlation=1, **values))
    assert math.isnan(difference_reliability(sd_first=0, sd_second=0, correlation=0, **values))
    assert math.isnan(difference_reliability(sd_first=1, sd_second=nan, correlation=0, **values))


def test_classified_scores_without_any_known_row_say_so() -> None:
    for scores, error in (([], 1.0), ([nan, 2.0], [1.0, nan])):
        result = classify_scores(scores, [2.0], standard_error=error)
        assert math.isnan(result.expected_accuracy)
        assert "too_few_rows" in result.flags


def test_expected_accuracy_leaves_out_rows_with_a_gap() -> None:
    result = classify_scores([1.0, nan, 3.0], [2.0], standard_error=[0.5, 0.5, nan])
    assert result.band.tolist() == [0, -1, 1]
    assert np.isnan(result.misclassification[1:]).all()
    assert result.expected_accuracy == pytest.approx(1 - result.misclassification[0])
    assert result.flags == ("rows_dropped",)
    assert classify_scores([1.0, 3.0], [2.0], standard_error=[0.5, nan]).flags == ("rows_dropped",)


def test_masked_integer_and_object_input_is_taken() -> None:
    masked = np.ma.MaskedArray([1, 2, 3], mask=[False, True, False])
    assert np.array_equal(score_band(masked, sd=1, reliability=0.5).score, [1, nan, 3], equal_nan=True)
    objects = np.array([1, None], dtype=object)
    assert np.array_equal(score_band(objects, sd=1, reliability=0.5).score, [1, nan], equal_nan=True)
    assert classify_scores(np.array([1, 3], dtype=np.int8), [2], standard_error=1).band.tolist() == [0, 1]


# Records and what every result does


def test_records_of_a_classification_have_a_probability_for_each_band() -> None:
    result = classify_scores([4.0, nan], [5.0, 6.0], labels=["low", "middle", "high"], standard_error=0.0)
    assert result.to_records() == [
        {
            "score": 4.0,
            "band": 0,
            "misclassification": 0.0,
            "probability_low": 1.0,
            "probability_middle": 0.0,
            "probability_high": 0.0,
        },
        {
            "score": None,
            "band": -1,
            "misclassification": None,
            "probability_low": None,
            "probability_middle": None,
            "probability_high": None,
        },
    ]
    assert classify_scores([4.0], [5.0], standard_error=1).labels == ("band0", "band1")
    assert "probability_high" in result._repr_html_()


def test_records_of_bands_and_change_have_a_row_a_person() -> None:
    assert list(RESULTS["bands"].to_records()[0]) == ["score", "estimate", "low", "high"]
    assert RESULTS["bands"].to_records()[1] == dict.fromkeys(["score", "estimate", "low", "high"])
    assert RESULTS["change"].to_records()[2] == {"change": None, "rci": None, "verdict": 0}


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_frozen_plain_and_picklable(name: str) -> None:
    result = RESULTS[name]
    json.dumps(result.to_dict(), allow_nan=False)
    assert list(result.to_dict()) == [a.name for a in attrs.fields(type(result))]
    json.dumps(result.to_records(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.flags = ()
    for a in attrs.fields(type(result)):
        value = getattr(result, a.name)
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable, a.name


def test_inputs_are_not_changed_nor_shared() -> None:
    scores, cuts = np.array([1.0, 2.0]), np.array([1.5])
    result = classify_scores(scores, cuts, standard_error=1.0)
    scores[0], cuts[0] = 9.0, 0.0
    assert result.score.tolist() == [1.0, 2.0]
    assert result.cuts.tolist() == [1.5]


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: standard_error_of_measurement(-1.0, 0.5), "sd: expected a number of at least 0, got -1"),
        (lambda: standard_error_of_measurement("3", 0.5), "sd: expected real numbers, got text"),  # type: ignore[arg-type]
        (lambda: standard_error_of_measurement(math.inf, 0.5), "sd.*expected a finite number"),
        (lambda: standard_error_of_measurement(1.0, [0.5]), "reliability: expected one number, got an array of 1 dim"),  # type: ignore[arg-type]
        (lambda: score_band([[1.0]], sd=1, reliability=0.5), "scores: expected one dimension, got 2"),
        (lambda: score_band([1.0], sd=1, reliability=0.5, level=1.0), r"level: expected a number inside \(0, 1\)"),
        (lambda: score_band([1.0], sd=1, reliability=0.5, kind="true"), "kind: expected one of 'observed', 'kelley'"),  # type: ignore[arg-type]
        (lambda: score_band([1.0], sd=1, reliability=0.5, kind="kelley"), "mean: kind='kelley' needs the mean"),
        (lambda: reliable_change([1.0], [1.0, 2.0], reliability=0.5), "post: expected 1 values, got 2"),
        (lambda: reliable_change(["1"], [1.0], reliability=0.5), "pre: expected real numbers, got text"),
        (lambda: reliable_change([1.0], [1.0], reliability=0.5, sd=-1), "sd: expected a number of at least 0"),
        (lambda: reliable_change([1.0], [1.0], reliability=0.5, sd_post=-1), "sd_post: expected a number of at least"),
        (lambda: reliable_change([1.0], [1.0], reliability=0.5, level=0), "level: expected a number inside"),
        (
            lambda: difference_reliability(
                sd_first=1, sd_second=1, reliability_first=0.5, reliability_second=0.5, correlation=1.1
            ),
            r"correlation: expected a number in -1\.\.1, got 1\.1",
        ),
        (lambda: classify_scores([1.0], [], standard_error=1), "cuts: expected at least one cut, got none"),
        (lambda: classify_scores([1.0], [2, 1], standard_error=1), r"cuts\[1\]: expected cuts that strictly increase"),
        (lambda: classify_scores([1.0], [2, 2], standard_error=1), r"cuts\[1\]: expected cuts that strictly increase"),
        (lambda: classify_scores([1.0], [nan], standard_error=1), r"cuts\[0\]: expected cuts that strictly increase"),
        (lambda: classify_scores([1.0], [2], labels=["a"], standard_error=1), "labels: expected 2 different names"),
        (lambda: classify_scores([1.0], [2], labels=["a", "a"], standard_error=1), "labels: expected 2 different"),
        (lambda: classify_scores([1.0], [2]), "standard_error: expected it, or sd and reliability, got neither"),
        (lambda: classify_scores([1.0], [2], sd=1), "standard_error: expected it, or sd and reliability, got neither"),
        (lambda: classify_scores([1.0], [2], standard_error=1, sd=1), "standard_error: .* got both"),
        (lambda: classify_scores([1.0], [2], standard_error=1, reliability=0.5), "standard_error: .* got both"),
        (lambda: classify_scores([1.0], [2], standard_error=[-1]), r"standard_error\[0\]: expected at least 0, got -1"),
        (lambda: classify_scores([1.0], [2], standard_error=[1, 1]), "standard_error: expected 1 values, got 2"),
        (
            lambda: classify_scores([1.0], [2], standard_error=1, mean=0, kind="kelley"),
            "reliability: kind='kelley' needs the reliability",
        ),
        (lambda: classify_scores([1.0], [2], sd=1, reliability=0.5, kind="kelley"), "mean: kind='kelley' needs"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
