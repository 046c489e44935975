"""Logistic DIF against reference numbers, a printed table, peers, a brute-force likelihood, closed forms, and its laws."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, special, stats

from leadkit.stats.dif import LogisticDIF, logistic_dif, ordinal

nan = math.nan
NUMBERS = (
    "log_likelihood",
    "chi2_uniform",
    "chi2_nonuniform",
    "chi2_total",
    "p_uniform",
    "p_nonuniform",
    "p_total",
    "nagelkerke",
    "delta_r2_uniform",
    "delta_r2_total",
)

answers = st.tuples(st.integers(2, 60), st.integers(1, 3)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(1, 4).map(float))
)


def halves(x: Any, seed: int = 0) -> Any:
    groups = np.random.default_rng(seed).integers(0, 2, len(x))
    groups[:2] = 0, 1
    return groups


def simulated(n: int = 400, *, n_items: int = 4, n_categories: int = 4, seed: int = 1) -> tuple[Any, Any]:
    """Answers of two groups, the first item easier for group 1, the second less discriminating there."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], n // 2)
    slope = np.ones((n, n_items))
    slope[group == 1, 1:2] = 0.3
    latent = slope * rng.normal(size=(n, 1)) + 0.5 * rng.logistic(size=(n, n_items))
    latent[group == 1, 0] += 0.7
    cuts = np.linspace(-1, 1, n_categories + 1)[1:-1]
    return np.digitize(latent, cuts), group


def one_item(answers_given: Any, groups: Any, score: Any) -> LogisticDIF:
    return logistic_dif(np.asarray(answers_given)[:, None], groups, reference=0, matching=score)


def close(one: LogisticDIF, other: LogisticDIF, tolerance: float) -> None:
    for name in NUMBERS:
        expected = getattr(one, name)
        assert np.allclose(getattr(other, name), expected, rtol=tolerance, atol=tolerance, equal_nan=True), name
    assert np.array_equal(other.converged, one.converged)


def brute_force(y: Any, predictors: Any) -> tuple[float, Any]:
    """Largest log-likelihood over thresholds and coefficients, by a general optimiser."""
    categories, code = np.unique(y, return_inverse=True)
    m = len(categories)

    def cost(parameters: Any) -> Any:
        cuts = np.concatenate([[-np.inf], np.cumsum(np.r_[parameters[0], np.exp(parameters[1 : m - 1])]), [np.inf]])
        eta = predictors @ parameters[m - 1 :]
        share = special.expit(cuts[code + 1] - eta) - special.expit(cuts[code] - eta)
        return -np.log(np.maximum(share, 1e-300)).sum()

    start = np.zeros(m - 1 + predictors.shape[1])
    found = optimize.minimize(cost, start, method="BFGS", options={"gtol": 1e-7, "maxiter": 2000})
    return -float(found.fun), found.x[m - 1 :]


# Golden numbers


def test_reference_values_come_out(golden: Callable[[str], Any], shared_data: Callable[[str], Path]) -> None:
    data = np.genfromtxt(shared_data("stats/bfi.csv.gz"), delimiter=",", names=True)
    names = [f"A{i}" for i in range(1, 6)]
    x = np.column_stack([data[name] for name in names])
    x[:, 0] = 7 - x[:, 0]
    known = golden("stats/irt_dif.json")["dif_bfi_agree_by_gender"]
    result = logistic_dif(x, data["gender"], reference=1, items=names)
    for place, name in enumerate(names):
        expected = known[name]["ordinal_logistic"]
        above = result.log_likelihood[place] - expected["logLik"]
        assert (above > -1e-5).all()
        assert (above < 1e-2).all()
        assert abs(result.group_coefficient[place] - expected["coef_model2"][1]) < 5e-4
        assert result.chi2_uniform[place] == pytest.approx(expected["chi2_uniform"], abs=2e-2)
        assert result.chi2_nonuniform[place] == pytest.approx(expected["chi2_nonuniform"], abs=2e-2)
        assert result.chi2_total[place] == pytest.approx(expected["chi2_total_df2"], abs=2e-2)
        assert result.p_total[place] == pytest.approx(expected["p_total"], rel=1e-2)
        assert result.nagelkerke[place] == pytest.approx(expected["nagelkerke"], abs=1e-5)
        assert result.delta_r2_uniform[place] == pytest.approx(expected["delta_r2_uniform"], abs=1e-5)
        assert result.delta_r2_total[place] == pytest.approx(expected["delta_r2_total"], abs=1e-5)
    assert result.converged.all()
    assert (result.n_rows, result.n_used, result.n_reference, result.n_focal) == (2800, 2709, 896, 1813)
    assert result.n_strata.tolist() == [24] * 5
    assert result.flags == ("rows_dropped",)


def test_the_tonsils_of_mccullagh_give_his_log_odds_ratio() -> None:
    """Size of the tonsils of 72 carriers and 1326 non-carriers of a germ: 0.603 in McCullagh (1980), table 1."""
    size = np.repeat([0, 1, 2, 0, 1, 2], [497, 560, 269, 19, 29, 24])
    carrier = np.repeat([0, 1], [1326, 72])
    result = one_item(size, carrier, np.zeros(1398))
    assert round(float(result.group_coefficient[0]), 3) == 0.603
    assert result.flags == ("few_strata", "small_group")
    assert result.log_likelihood[0, 1] == result.log_likelihood[0, 0]
    highest, _ = brute_force(size, carrier[:, None])
    assert result.log_likelihood[0, 2] == pytest.approx(highest, abs=1e-6)
    assert np.isnan([result.chi2_nonuniform[0], result.chi2_total[0], result.delta_r2_total[0]]).all()


# Second ways


@pytest.mark.parametrize("n_categories", [2, 3, 5])
@pytest.mark.parametrize("n", [120, 300])
def test_a_general_optimiser_finds_the_same_maximum(n: int, n_categories: int) -> None:
    x, group = simulated(n, n_items=3, n_categories=n_categories, seed=n_categories)
    score = x.sum(axis=1)
    result = logistic_dif(x, group, reference=0)
    z = (score - score.mean()) / score.std()
    columns = np.column_stack([z, group, z * group])
    for item, model in product(range(3), (1, 2, 3)):
        highest, coefficients = brute_force(x[:, item], columns[:, :model])
        assert result.log_likelihood[item, model] == pytest.approx(highest, abs=1e-6)
        if model == 2:
            assert result.group_coefficient[item] == pytest.approx(coefficients[1], abs=1e-4)


def test_statsmodels_agrees() -> None:
    discrete = pytest.importorskip("statsmodels.discrete.discrete_model", reason="the peer is not installed")
    miscmodels = pytest.importorskip("statsmodels.miscmodels.ordinal_model", reason="the peer is not installed")
    x, group = simulated(500, n_items=2, n_categories=4, seed=9)
    theta = np.random.default_rng(2).normal(size=500) + x.sum(axis=1)
    columns = np.column_stack([theta, group, theta * group])
    ours = logistic_dif(x, group, reference=0, matching=theta)
    for item, model in product(range(2), (1, 2, 3)):
        peer = miscmodels.OrderedModel(x[:, item], columns[:, :model], distr="logit")
        theirs = peer.fit(method="bfgs", disp=False, gtol=1e-7, maxiter=500)
        assert ours.log_likelihood[item, model] == pytest.approx(theirs.llf, abs=1e-6)
        if model == 2:
            assert ours.group_coefficient[item] == pytest.approx(theirs.params[1], abs=1e-5)
    binary = (x > 1).astype(int)
    ours = logistic_dif(binary, group, reference=0, matching=theta)
    for item in range(2):
        theirs = discrete.Logit(binary[:, item], np.column_stack([np.ones(500), columns])).fit(disp=False)
        assert ours.log_likelihood[item, 3] == pytest.approx(theirs.llf, abs=1e-9)
        assert ours.log_likelihood[item, 0] == pytest.approx(theirs.llnull, abs=1e-6)
        assert ours.nagelkerke[item, 2] == pytest.approx(
            (1 - math.exp((theirs.llnull - theirs.llf) / 250)) / (1 - math.exp(theirs.llnull / 250)), abs=1e-8
        )


@settings(max_examples=25)
@given(arrays(np.int64, (2, 2, 2), elements=st.integers(1, 50)))
def test_two_scores_of_a_binary_item_are_a_saturated_table(table: Any) -> None:
    score, group, answer = (np.repeat(axis.ravel(), table.ravel()) for axis in np.indices((2, 2, 2)))
    result = one_item(answer, group, score)
    n = table.sum(axis=2, keepdims=True)
    assert result.log_likelihood[0, 3] == pytest.approx((table * np.log(table / n)).sum(), abs=1e-9)
    merged = table.sum(axis=1)
    share = merged / merged.sum(axis=1, keepdims=True)
    assert result.log_likelihood[0, 1] == pytest.approx((merged * np.log(share)).sum(), abs=1e-9)


@settings(max_examples=25)
@given(arrays(np.int64, (2, 2), elements=st.integers(1, 50)))
def test_without_a_score_the_group_coefficient_is_the_log_odds_ratio(table: Any) -> None:
    group, answer = (np.repeat(axis.ravel(), table.ravel()) for axis in np.indices((2, 2)))
    result = one_item(answer, group, np.zeros(table.sum()))
    (a, b), (c, d) = table.tolist()
    assert result.group_coefficient[0] == pytest.approx(math.log(d * a / (c * b)), abs=1e-9)
    g2 = 2 * (table * np.log(table * table.sum() / np.outer(table.sum(axis=1), table.sum(axis=0)))).sum()
    assert result.chi2_uniform[0] == pytest.approx(g2, abs=1e-9)


def test_the_differences_are_those_of_the_likelihoods() -> None:
    x, group = simulated()
    result = logistic_dif(x, group, reference=0)
    null, score, uniform, full = result.log_likelihood.T
    assert result.chi2_uniform == pytest.approx(2 * (uniform - score), abs=1e-12)
    assert result.chi2_nonuniform == pytest.approx(2 * (full - uniform), abs=1e-12)
    assert result.chi2_total == pytest.approx(2 * (full - score), abs=1e-12)
    assert result.p_uniform == pytest.approx(stats.chi2.sf(result.chi2_uniform, 1), rel=1e-12)
    assert result.p_nonuniform == pytest.approx(stats.chi2.sf(result.chi2_nonuniform, 1), rel=1e-12)
    assert result.p_total == pytest.approx(stats.chi2.sf(result.chi2_total, 2), rel=1e-12)
    for place, fitted in enumerate((score, uniform, full)):
        r2 = (1 - np.exp((null - fitted) / 200)) / (1 - np.exp(null / 200))
        assert result.nagelkerke[:, place] == pytest.approx(r2, abs=1e-12)
    assert result.delta_r2_uniform == pytest.approx(np.diff(result.nagelkerke)[:, 0], abs=1e-12)
    assert result.delta_r2_total == pytest.approx(result.nagelkerke[:, 2] - result.nagelkerke[:, 0], abs=1e-12)


def test_built_in_differences_are_found_where_they_are() -> None:
    x, group = simulated(2000, n_items=6)
    result = logistic_dif(x, group, reference=0)
    assert result.p_uniform[0] < 1e-6
    assert result.group_coefficient[0] > 0.5
    assert result.p_nonuniform[1] < 1e-6
    assert result.flags == ()


# Laws


@settings(max_examples=25)
@given(answers)
def test_swapping_the_groups_negates_the_coefficient_and_keeps_the_tests(x: Any) -> None:
    groups = halves(x)
    one, other = (logistic_dif(x, groups, reference=label) for label in (0, 1))
    close(one, other, 1e-7)
    expected = -one.group_coefficient
    assert np.allclose(other.group_coefficient, expected, rtol=1e-6, atol=1e-7, equal_nan=True)
    assert other.item_flags == one.item_flags


def test_the_same_people_under_both_labels_do_not_differ() -> None:
    x, _ = simulated()
    result = logistic_dif(np.vstack([x, x]), np.repeat(["a", "b"], len(x)), reference="a")
    assert result.group_coefficient == pytest.approx(np.zeros(4), abs=1e-9)
    assert result.chi2_total == pytest.approx(np.zeros(4), abs=1e-8)
    assert (result.chi2_uniform >= 0).all()
    assert (result.chi2_nonuniform >= 0).all()


@settings(max_examples=25)
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(x: Any, random: Any) -> None:
    groups, order = halves(x), list(range(len(x)))
    random.shuffle(order)
    assert logistic_dif(x[order], groups[order], reference=0) == logistic_dif(x, groups, reference=0)


@settings(max_examples=25)
@given(answers)
def test_a_richer_model_is_never_less_likely(x: Any) -> None:
    result = logistic_dif(x, halves(x), reference=0)
    known = result.log_likelihood[~np.isnan(result.log_likelihood).any(axis=1)]
    assert (np.diff(known, axis=1) > -1e-9).all()
    shares = result.nagelkerke[~np.isnan(result.nagelkerke)]
    assert ((shares > -1e-12) & (shares <= 1)).all()


def test_an_offset_or_another_unit_changes_nothing() -> None:
    x, group = simulated()
    result = logistic_dif(x, group, reference=0)
    for other in (x + 1e8, x * 0.1, x * 1000 - 5, x * 1e-200, x * 1e300):
        moved = logistic_dif(other, group, reference=0)
        close(result, moved, 1e-9)
        assert moved.group_coefficient == pytest.approx(result.group_coefficient, abs=1e-8)


def test_an_offset_or_another_unit_of_the_given_score_changes_nothing() -> None:
    x, group = simulated()
    score = x.sum(axis=1).astype(float)
    result = logistic_dif(x, group, reference=0)
    for other in (score + 1e8, score / 7, -score, score * 1e-200, score * 1e300):
        moved = logistic_dif(x, group, reference=0, matching=other)
        close(result, moved, 1e-9)
        assert moved.group_coefficient == pytest.approx(result.group_coefficient, abs=1e-8)
        assert np.array_equal(moved.n_strata, result.n_strata)


def test_only_the_order_of_the_categories_matters_and_unused_ones_are_dropped() -> None:
    x, group = simulated()
    score = x.sum(axis=1)
    result = logistic_dif(x, group, reference=0, matching=score)
    stretched = logistic_dif(np.array([-2, 0, 1, 90])[x], group, reference=0, matching=score)
    assert stretched == result


def test_reversing_an_item_negates_its_coefficient() -> None:
    x, group = simulated()
    score = x.sum(axis=1)
    one = logistic_dif(x, group, reference=0, matching=score)
    other = logistic_dif(3 - x, group, reference=0, matching=score)
    close(one, other, 1e-9)
    assert other.group_coefficient == pytest.approx(-one.group_coefficient, abs=1e-8)


def test_everybody_twice_doubles_the_tests_and_keeps_the_coefficient() -> None:
    x, group = simulated()
    one = logistic_dif(x, group, reference=0)
    two = logistic_dif(np.vstack([x, x]), np.tile(group, 2), reference=0)
    assert two.chi2_total == pytest.approx(2 * one.chi2_total, rel=1e-9)
    assert two.group_coefficient == pytest.approx(one.group_coefficient, abs=1e-9)
    assert two.nagelkerke == pytest.approx(one.nagelkerke, abs=1e-9)


# Separation


def is_ordered(categories: list[Any], direction: Any) -> bool:
    """Whether the predictor never falls from a category to the next, and is not the same for all."""
    values = [points @ direction for points in categories]
    rises = all(low.max() <= high.min() + 1e-9 for low, high in pairwise(values))
    return rises and np.ptp(np.concatenate(values)) > 1e-9


small = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 3)), min_size=4, max_size=14, unique=False
)


@settings(max_examples=150)
@given(small)
def test_a_model_is_separated_where_a_predictor_puts_the_categories_in_order(
    people: list[tuple[int, int, int]],
) -> None:
    y, group, score = np.array(people).T
    categories = [np.column_stack([score, group])[y == c].astype(float) for c in np.unique(y)]
    informative = np.linalg.matrix_rank(np.column_stack([np.ones(len(y)), score, group])) == 3
    if len(categories) < 2 or not informative:
        return
    result = one_item(y, group, score)
    by_score = any(is_ordered(categories, np.array([sign, 0])) for sign in (1, -1))
    assert math.isnan(result.log_likelihood[0, 1]) == by_score
    # the directions at the edge of all that keep the order are orthogonal to two people of neighbouring categories
    edges = [q - p for low, high in pairwise(categories) for p in low for q in high if (q != p).any()]
    turned = [sign * np.array([-b, a]) for a, b in edges for sign in (1, -1)]
    by_both = by_score or any(is_ordered(categories, direction) for direction in turned)
    assert math.isnan(result.log_likelihood[0, 2]) == by_both
    assert ("separated" in result.flags) == math.isnan(result.log_likelihood[0, 3])


def test_an_item_matched_on_itself_alone_is_separated() -> None:
    x, group = simulated(n_items=1)
    result = logistic_dif(x, group, reference=0)
    assert result.item_flags == (("separated",),)
    assert not np.isnan(result.log_likelihood[0, 0])
    assert np.isnan(result.log_likelihood[0, 1:]).all()
    for name in NUMBERS[1:]:
        assert np.isnan(getattr(result, name)).all(), name
    assert np.isnan(result.group_coefficient).all()
    assert not result.converged.any()


def test_a_group_that_chooses_one_end_only_is_separated_beside_the_score() -> None:
    score = np.tile(np.arange(10), 30)
    group = np.repeat([0, 1], 150)
    y = np.where(group == 1, 2, np.random.default_rng(1).integers(0, 3, 300))
    result = one_item(y, group, score)
    assert not np.isnan(result.log_likelihood[0, :2]).any()
    assert np.isnan(result.log_likelihood[0, 2:]).all()
    assert math.isnan(result.group_coefficient[0])
    assert result.nagelkerke[0, 0] >= 0
    assert result.flags == ("separated",)


def test_where_only_the_product_separates_the_uniform_test_stands() -> None:
    score = np.tile(np.arange(10), 40)
    group = np.repeat([0, 1], 200)
    y = np.where(group == 1, score >= 5, np.random.default_rng(1).integers(0, 2, 400))
    result = one_item(y, group, score)
    assert np.isnan(result.log_likelihood[0]).tolist() == [False, False, False, True]
    assert result.p_uniform[0] <= 1
    assert not math.isnan(result.group_coefficient[0])
    assert np.isnan([result.chi2_nonuniform[0], result.chi2_total[0], result.delta_r2_total[0]]).all()
    assert result.item_flags == (("separated",),)
    assert not result.converged[0]
    y[(score == 5) & (group == 1)] = [0] + [1] * 19
    assert one_item(y, group, score).item_flags == (("separated",),)  # no overlap: the two meet at one score
    y[(score == 6) & (group == 1)] = [0] + [1] * 19
    overlapping = one_item(y, group, score)
    assert overlapping.flags == ()
    assert overlapping.converged[0]


# Edges


def test_far_outliers_of_the_score_are_climbed_to_by_smaller_steps() -> None:
    # a whole Newton step would carry one threshold past the next here
    low = [0.0, 0.0, 0.0, 0.01, 0.06, 0.07, 0.09, 0.13, 0.15, 0.21, 0.25, 0.3]
    high = [0.32, 0.37, 0.48, 0.56, 0.6, 0.79, 2.24, 7.97, 8.0, 13.26, 34.25, 1738.21]
    score = np.array(low + high + [28.87])
    y = np.array([0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 2, 1, 1, 1, 2, 2, 2, 1, 3, 3, 4, 4, 4, 4])
    group = np.array([0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1])
    result = one_item(y, group, score)
    assert result.converged[0]
    assert result.flags == ("small_group",)
    for model in (1, 2):
        highest, _ = brute_force(y, np.column_stack([score, group])[:, :model])
        assert result.log_likelihood[0, model] == pytest.approx(highest, abs=1e-5)


def test_iterations_that_end_too_early_are_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    x, group = simulated(n_items=2)
    whole = logistic_dif(x, group, reference=0)
    monkeypatch.setattr(ordinal, "MOST_ITERATIONS", 2)
    result = logistic_dif(x, group, reference=0)
    assert result.item_flags == (("not_converged",), ("not_converged",))
    assert result.converged.tolist() == [False, False]
    assert (result.log_likelihood[:, 1:] < whole.log_likelihood[:, 1:]).all()


def test_a_constant_item_is_flagged_and_undefined() -> None:
    x, group = simulated()
    x[:, 2] = 3
    result = logistic_dif(x, group, reference=0)
    assert np.isnan(result.log_likelihood[2]).all()
    assert np.isnan([result.p_total[2], result.nagelkerke[2, 0], result.group_coefficient[2]]).all()
    assert not result.converged[2]
    assert result.item_flags == ((), (), ("constant_item",), ())
    assert not np.isnan(result.log_likelihood[[0, 1, 3]]).any()


def test_scores_that_no_two_groups_share_are_a_regression_all_the_same() -> None:
    rng = np.random.default_rng(3)
    score = rng.normal(size=300)
    result = one_item(np.digitize(score + rng.logistic(size=300), [-1, 1]), halves(score), score)
    assert result.n_strata.tolist() == [0]
    assert result.converged[0]
    assert result.flags == ()


def test_groups_whose_scores_do_not_overlap_are_flagged() -> None:
    rng = np.random.default_rng(3)
    group = np.repeat([0, 1], 150)
    score = rng.integers(0, 5, 300) + 5 * group
    result = one_item(rng.integers(0, 3, 300), group, score)
    assert result.flags == ("few_strata",)
    assert not np.isnan(result.log_likelihood).any()


def test_a_group_that_is_the_score_cannot_be_told_from_it() -> None:
    group = np.repeat([0, 1], 150)
    result = one_item(np.random.default_rng(3).integers(0, 3, 300), group, 2.5 * group + 1)
    assert result.flags == ("few_strata",)
    assert (np.diff(result.log_likelihood[0, 1:]) == 0).all()
    assert np.isnan([result.chi2_uniform[0], result.p_uniform[0], result.group_coefficient[0]]).all()
    assert np.isnan([result.delta_r2_uniform[0], result.delta_r2_total[0]]).all()


def test_a_group_of_one_score_has_no_slope_of_its_own() -> None:
    rng = np.random.default_rng(3)
    group = np.repeat([0, 1], 150)
    score = np.where(group == 1, 2, rng.integers(0, 5, 300))
    result = one_item(rng.integers(0, 3, 300), group, score)
    assert result.flags == ("few_strata",)
    assert 0 <= result.p_uniform[0] <= 1
    assert math.isnan(result.p_nonuniform[0])


def test_records_hold_the_models_beside_the_tests() -> None:
    x, group = simulated(n_items=2)
    result = logistic_dif(x, group, reference=0, items=["calm", "brief"])
    first, second = result.to_records()
    assert (first["item"], second["item"]) == ("calm", "brief")
    assert first["log_likelihood_null"] == result.log_likelihood[0, 0]
    assert second["log_likelihood_interaction"] == result.log_likelihood[1, 3]
    assert second["nagelkerke_group"] == result.nagelkerke[1, 1]
    assert first["converged"] is True
    json.dumps(result.to_records(), allow_nan=False)


def test_more_than_500_different_answers_are_refused() -> None:
    x = np.column_stack([np.zeros(501), np.arange(501)])
    with pytest.raises(ValueError, match=r"x\[:, 1\]: expected at most 500 different answers, got 501"):
        logistic_dif(x, halves(x), reference=0)
