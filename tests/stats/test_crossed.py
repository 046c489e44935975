"""Crossed variance components against lme4, analysis of variance, and the likelihood written out in full."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from leadkit.stats import FLAGS
from leadkit.stats.variance import crossed_design, crossed_search
from leadkit.stats.variance.crossed import CrossedComponents, crossed_components

Array = np.ndarray[Any, Any]
minimised: Any = minimize
REML = 1e-6


def fit(scores: Any, targets: Any, raters: Any) -> CrossedComponents:
    y, t, r = np.asarray(scores, dtype=float), np.asarray(targets), np.asarray(raters)
    return crossed_components(y, t, r, n_targets=int(t.max()) + 1, n_raters=int(r.max()) + 1)


def fit_matrix(table: Array) -> CrossedComponents:
    targets, raters = np.nonzero(~np.isnan(table))
    n, k = table.shape
    return crossed_components(table[targets, raters], targets, raters, n_targets=n, n_raters=k)


def variances(result: CrossedComponents) -> list[float]:
    return [result.target_variance, result.rater_variance, result.residual_variance]


def simulated(
    seed: int, n_targets: int, n_raters: int, *, a_target: int, sd: tuple[float, float, float], repeats: int = 0
) -> tuple[Array, Array, Array]:
    """Scores of targets by some raters each, with some pairs of target and rater scored once more."""
    rng = np.random.default_rng(seed)
    targets = np.repeat(np.arange(n_targets), a_target)
    raters = np.concatenate([rng.choice(n_raters, a_target, replace=False) for _ in range(n_targets)])
    again = rng.integers(0, targets.size, repeats)
    targets = np.concatenate([targets, targets[again]])
    raters = np.unique(np.concatenate([raters, raters[again]]), return_inverse=True)[1]
    effects = [rng.normal(0, s, n) for s, n in zip(sd, (n_targets, n_raters, targets.size), strict=True)]
    return 3 + effects[0][targets] + effects[1][raters] + effects[2], targets, raters


class InFull:
    """The model with an n x n covariance matrix, as the textbook has it."""

    def __init__(self, scores: Array, targets: Array, raters: Array) -> None:
        self.y = np.asarray(scores, dtype=float)
        self.sides = [np.equal.outer(np.asarray(codes), np.unique(codes)).astype(float) for codes in (targets, raters)]

    def parts(self, variances: Any) -> tuple[Array, Array, float, float]:
        covariance = variances[2] * np.eye(self.y.size)
        for variance, side in zip(variances[:2], self.sides, strict=True):
            covariance += variance * side @ side.T
        inverse = np.linalg.inv(covariance)
        total = inverse.sum()
        mean = float((inverse @ self.y).sum() / total)
        left_over = inverse - np.outer(inverse.sum(axis=0), inverse.sum(axis=0)) / total
        deviance = np.linalg.slogdet(covariance)[1] + math.log(total) + self.y @ left_over @ self.y
        return covariance, left_over, mean, float(deviance)

    def deviance(self, variances: Any) -> float:
        return self.parts(variances)[3]

    def lowest(self) -> tuple[float, Array]:
        """Best of several searches on standard deviations relative to that of the scores."""
        spread = self.y.std()
        bounds = [(0, None), (0, None), (1e-3, None)]
        starts = [(0.5, 0.5, 0.7), (0.0, 0.0, 1.0), (1.0, 0.1, 0.2), (0.1, 1.0, 0.2), (1.0, 1.0, 0.05)]
        found = [
            minimised(
                lambda x: self.deviance((spread * x) ** 2),
                start,
                bounds=bounds,
                method="L-BFGS-B",
                options={"ftol": 1e-15, "gtol": 1e-9},
            )
            for start in starts
        ]
        best = min(found, key=lambda result: float(result.fun))
        return float(best.fun), (spread * best.x) ** 2

    def effects(self, variances: Any, side: int) -> tuple[Array, Array]:
        """Predictions and their standard errors."""
        _, left_over, _, _ = self.parts(variances)
        variance, indicator = variances[side], self.sides[side]
        predicted = variance * indicator.T @ left_over @ self.y
        about = variance - variance**2 * np.diag(indicator.T @ left_over @ indicator)
        return predicted, np.sqrt(about)


DESIGNS = [
    simulated(1, 8, 5, a_target=3, sd=(1, 0.7, 0.5)),
    simulated(2, 12, 4, a_target=2, sd=(1, 0.2, 1)),
    simulated(3, 5, 9, a_target=4, sd=(0.5, 1, 0.5)),
    simulated(4, 6, 4, a_target=4, sd=(2, 1, 0.1), repeats=6),
    simulated(5, 10, 6, a_target=2, sd=(0.3, 0.3, 1), repeats=3),
    simulated(6, 3, 12, a_target=8, sd=(1, 0.5, 1)),
    simulated(8, 9, 5, a_target=2, sd=(0, 0, 1)),
]


# Golden numbers


def test_the_model_of_lme4_comes_out_of_a_matrix_with_gaps(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/agreement.json")["sim_40x5_na_icc_lmer"]["icc"]
    table = np.genfromtxt(shared_data("stats/sim_ratings_40x5_na.csv"), delimiter=",", skip_header=1)
    result = fit_matrix(table)
    assert result.flags == ()
    target, rater, residual = variances(result)
    n, k = table.shape
    r, c, w = k * target + residual, n * rater + residual, rater + residual
    forms = [
        (r - w) / (r + (k - 1) * w),
        (r - residual) / (r + (k - 1) * residual + k * (c - residual) / n),
        (r - residual) / (r + (k - 1) * residual),
        (r - w) / r,
        (r - residual) / (r + (c - residual) / n),
        (r - residual) / r,
    ]
    assert np.allclose(forms, known, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("key", "file"), [("shrout_fleiss_1979", "shrout_fleiss_1979.csv"), ("sim_40x5", "sim_ratings_40x5.csv")]
)
def test_complete_tables_give_the_components_of_lme4_and_of_the_analysis_of_variance(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], key: str, file: str
) -> None:
    table = np.genfromtxt(shared_data(f"stats/{file}"), delimiter=",", skip_header=1)
    known = golden("stats/agreement.json")[key]
    target, rater, residual = variances(fit_matrix(table))
    k = table.shape[1]
    two_way = np.array([target / (target + rater + residual), target / (target + residual)])
    assert np.allclose(two_way, np.array(known["lmer"]["icc"])[[1, 2]], rtol=0, atol=1e-5)
    assert np.allclose(two_way, np.array(known["anova"]["icc"])[[1, 2]], rtol=0, atol=1e-10)
    averages = [target / (target + (rater + residual) / k), target / (target + residual / k)]
    assert np.allclose(averages, np.array(known["anova"]["icc"])[[4, 5]], rtol=0, atol=1e-10)


# Second ways


@pytest.mark.parametrize("design", DESIGNS)
def test_no_search_of_the_full_likelihood_finds_a_lower_deviance(design: Any) -> None:
    result, full = fit(*design), InFull(*design)
    lowest, there = full.lowest()
    assert full.deviance(variances(result)) <= lowest + 1e-9
    assert np.allclose(variances(result), there, rtol=0, atol=1e-4)
    assert result.converged


@pytest.mark.parametrize("design", DESIGNS)
def test_the_deviance_does_not_fall_in_any_direction(design: Any) -> None:
    found, full = np.array(variances(fit(*design))), InFull(*design)
    here = full.deviance(found)
    for place in range(3):
        for factor in (0.99, 1.01):
            moved = found.copy()
            moved[place] = moved[place] * factor if moved[place] else 0.01 * found[2]
            assert full.deviance(moved) > here


@pytest.mark.parametrize("design", DESIGNS)
def test_predictions_and_their_errors_are_those_of_the_full_covariance_matrix(design: Any) -> None:
    result, full = fit(*design), InFull(*design)
    assert result.grand_mean == pytest.approx(full.parts(variances(result))[2], abs=1e-10)
    targets, target_errors = full.effects(variances(result), 0)
    raters, rater_errors = full.effects(variances(result), 1)
    assert np.allclose(result.target_effects, targets, rtol=0, atol=1e-10)
    assert np.allclose(result.rater_effects, raters, rtol=0, atol=1e-10)
    assert np.allclose(result.target_standard_errors, target_errors, rtol=0, atol=1e-10)
    assert np.allclose(result.rater_standard_errors, rater_errors, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("shape", "seed"), [((6, 4), 0), ((4, 9), 1), ((30, 3), 2)])
def test_a_complete_table_has_the_components_of_its_mean_squares(shape: tuple[int, int], seed: int) -> None:
    n, k = shape
    rng = np.random.default_rng(seed)
    table = rng.normal(size=shape) * 0.6 + 2 * rng.normal(size=(n, 1)) + rng.normal(size=k)
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    error = ((table - rows[:, None] - columns + table.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    expected = [rows.var(ddof=1) - error / k, columns.var(ddof=1) - error / n, error]
    assert variances(fit_matrix(table)) == pytest.approx(expected, rel=1e-10)


def test_a_rater_variance_at_its_boundary_leaves_the_one_way_model() -> None:
    table = np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 4.0], [9.0, 7.0, 8.0], [2.0, 2.0, 3.0]])
    result = fit_matrix(table)
    within = table.var(axis=1, ddof=1).mean()
    expected = [table.mean(axis=1).var(ddof=1) - within / 3, 0, within]
    assert variances(result) == pytest.approx(expected, rel=1e-10)
    assert result.rater_effects.tolist() == [0, 0, 0]
    assert result.rater_standard_errors.tolist() == [0, 0, 0]
    assert result.flags == ("zero_between_variance",)
    mirrored = fit_matrix(table.T)
    assert mirrored.target_variance == 0
    assert mirrored.rater_variance == pytest.approx(result.target_variance, rel=1e-10)


def test_both_variances_at_their_boundaries_leave_the_plain_variance() -> None:
    table = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0], [2.0, 3.0, 1.0]])
    result = fit_matrix(table)
    assert variances(result) == pytest.approx([0, 0, 0.75], abs=1e-12)
    assert (result.grand_mean, result.converged) == (2, True)


@pytest.mark.parametrize(
    "design",
    [*DESIGNS[3:5], simulated(9, 60, 25, a_target=3, sd=(1, 1, 1)), simulated(9, 25, 60, a_target=30, sd=(1, 1, 1))],
)
def test_sparse_dense_and_piecemeal_tables_give_the_same(monkeypatch: pytest.MonkeyPatch, design: Any) -> None:
    results = []
    for cost, cells in ((10**6, 2**21), (10**6, 999), (0, 2**21), (0, 999)):
        monkeypatch.setattr(crossed_design, "SPARSE_COST", cost)
        monkeypatch.setattr(crossed_design, "CHUNK_CELLS", cells)
        results.append(fit(*design))
    for other in results[1:]:
        assert variances(other) == pytest.approx(variances(results[0]), rel=1e-9, abs=1e-12)
        assert np.allclose(other.rater_effects, results[0].rater_effects, rtol=0, atol=1e-9)
        assert np.allclose(other.target_standard_errors, results[0].target_standard_errors, rtol=0, atol=1e-9)


def test_a_large_design_is_searched_from_one_start_and_ends_at_a_minimum_too() -> None:
    design = simulated(11, 255, 40, a_target=4, sd=(1, 0.5, 0.8))
    assert design[0].size > crossed_search.MOST_SCORES_OF_MANY_STARTS
    result, full = fit(*design), InFull(*design)
    here = full.deviance(variances(result))
    for place in range(3):
        for factor in (0.98, 1.02):
            moved = [v * (factor if i == place else 1) for i, v in enumerate(variances(result))]
            assert full.deviance(moved) > here


# Laws


@pytest.mark.parametrize("design", DESIGNS)
def test_the_order_of_rows_changes_nothing(design: Any) -> None:
    order = np.random.default_rng(0).permutation(design[0].size)
    assert fit(*(column[order] for column in design)) == fit(*design)


@pytest.mark.parametrize("design", DESIGNS)
def test_targets_and_raters_may_swap_their_roles(design: Any) -> None:
    scores, targets, raters = design
    one, other = fit(scores, targets, raters), fit(scores, raters, targets)
    assert one.target_variance == pytest.approx(other.rater_variance, rel=1e-8, abs=1e-12)
    assert one.rater_variance == pytest.approx(other.target_variance, rel=1e-8, abs=1e-12)
    assert np.allclose(one.target_effects, other.rater_effects, rtol=0, atol=1e-8)
    assert np.allclose(one.target_standard_errors, other.rater_standard_errors, rtol=0, atol=1e-8)


@pytest.mark.parametrize("design", DESIGNS)
def test_an_offset_and_a_factor_pass_through(design: Any) -> None:
    scores, targets, raters = design
    near = fit(scores, targets, raters)
    # powers of two and a rounded score keep the moved scores exact
    rounded = np.round(scores * 64) / 64
    plain, far, larger = (fit(y, targets, raters) for y in (rounded, rounded + 1e8, rounded * 1024 - 5))
    assert variances(far) == pytest.approx(variances(plain), rel=1e-9, abs=1e-12)
    assert far.grand_mean - 1e8 == pytest.approx(plain.grand_mean, abs=1e-7)
    assert np.allclose(far.rater_effects, plain.rater_effects, rtol=0, atol=1e-9)
    assert variances(larger) == pytest.approx([1024**2 * v for v in variances(plain)], rel=1e-9, abs=1e-6)
    assert np.allclose(larger.target_effects, 1024 * plain.target_effects, rtol=0, atol=1e-6)
    assert near.n == scores.size


@pytest.mark.parametrize(
    "table", [[[0, 2], [0, 1]], [[0, 1], [0, 2]], [[2, 0], [1, 0]], [[1, 0], [2, 0]], [[5, 9], [5, 7]]]
)
def test_a_variance_exactly_at_its_boundary_is_0_whatever_the_order(table: Any) -> None:
    # the mean squares of targets and error are equal
    result = fit_matrix(np.array(table, dtype=float))
    assert result.target_variance == 0
    assert result.flags == ("zero_between_variance",)
    assert fit_matrix(np.array(table, dtype=float).T).rater_variance == 0


# Scores without error


def test_scores_that_are_sums_have_no_error_and_the_variances_of_their_effects() -> None:
    table = np.array([1.5, 2.0, 4.0, 4.5])[:, None] + np.array([0.0, 0.25, -1.0])
    table[1, 2] = table[3, 0] = np.nan
    result = fit_matrix(table)
    assert variances(result) == pytest.approx(
        [np.var([1.5, 2, 4, 4.5], ddof=1), np.var([0, 0.25, -1], ddof=1), 0], rel=1e-12
    )
    assert result.residual_variance == 0
    assert result.flags == ("perfect_consistency",)
    assert result.grand_mean == pytest.approx(2.75)
    assert result.rater_effects == pytest.approx([0.25, 0.5, -0.75])
    # what stays unknown is how far the mean of these raters is from that of all raters
    assert result.rater_standard_errors == pytest.approx([math.sqrt(result.rater_variance / 3)] * 3)
    assert result.target_standard_errors == pytest.approx([math.sqrt(result.target_variance / 4)] * 4)


PARTED = (
    [3.0, 4.0, 5.0, 7.0, 1.0, 2.0, 3.0, 5.0, 8.0, 8.5],
    [0, 0, 1, 1, 2, 2, 3, 3, 4, 4],
    [0, 1, 2, 3, 0, 1, 2, 3, 4, 5],
)


@pytest.mark.parametrize(
    "design",
    [
        PARTED,
        ([3.0, 3.0, 5.0, 5.0, 4.0, 4.0, 8.0, 8.0], [0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 2, 3, 4, 5, 6, 6]),
        ([3.0, 5, 3, 5, 4, 2, 4, 2, 9, 9], [0, 1, 0, 1, 2, 3, 2, 3, 4, 4], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]),
        ([3.0, 5, 3, 5, 4.2, 3.8, 4.2, 3.8], [0, 1, 0, 1, 2, 3, 2, 3], [0, 0, 0, 0, 1, 1, 1, 1]),
        ([3.0, 4, 3, 4, 3, 4, 1, 8, 1, 8], [0, 1, 0, 1, 0, 1, 2, 3, 2, 3], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        (
            [3.0, 4, 5, 3, 4, 5, 1, 8, 2, 1, 8, 2],
            [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5],
            [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3,
        ),
        ([3.0, 3, 4, 4, 1, 1, 8, 8, 8, 8], [0, 1, 0, 1, 2, 3, 2, 3, 4, 5], [0, 0, 1, 1, 2, 2, 3, 3, 3, 3]),
    ],
)
def test_without_error_and_connection_the_variances_are_the_limit_of_those_with_a_little_error(design: Any) -> None:
    result, full, little = fit(*design), InFull(*design), 1e-5
    assert result.residual_variance == 0
    assert result.flags[:2] == ("disconnected_design", "perfect_consistency")
    near = minimised(
        lambda x: full.deviance([*np.abs(x), little]),
        np.maximum(variances(result)[:2], 1e-3),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-11},
    )
    limit = np.abs(near.x)
    assert variances(result)[:2] == pytest.approx(limit, rel=1e-4, abs=1e-4)
    sides = [full.effects([*limit, little], side) for side in (0, 1)]
    assert np.allclose(result.target_effects, sides[0][0], rtol=0, atol=1e-3)
    assert np.allclose(result.rater_effects, sides[1][0], rtol=0, atol=1e-3)
    assert np.allclose(result.target_standard_errors, sides[0][1], rtol=0, atol=1e-2)
    assert np.allclose(result.rater_standard_errors, sides[1][1], rtol=0, atol=1e-2)


@pytest.mark.parametrize("error", [1e-2, 1e-3, 3e-4, 1e-4, 5e-5, 1e-6])
def test_a_table_with_little_error_has_the_components_of_its_mean_squares_too(error: float) -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(6, 1)) + rng.normal(size=4) + error * rng.normal(size=(6, 4))
    result = fit_matrix(table)
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    residual = ((table - rows[:, None] - columns + table.mean()) ** 2).sum() / 15
    expected = [rows.var(ddof=1) - residual / 4, columns.var(ddof=1) - residual / 6, residual]
    assert variances(result) == pytest.approx(expected, rel=REML)
    assert (result.flags, result.converged) == ((), True)


def test_a_side_of_little_variance_is_told_from_a_little_error() -> None:
    rng = np.random.default_rng(5)
    table = 1e-4 * rng.normal(size=(6, 1)) + rng.normal(size=4) + 1e-4 * rng.normal(size=(6, 4))
    result = fit_matrix(table)
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    residual = ((table - rows[:, None] - columns + table.mean()) ** 2).sum() / 15
    expected = [rows.var(ddof=1) - residual / 4, columns.var(ddof=1) - residual / 6, residual]
    assert variances(result) == pytest.approx(expected, rel=REML)


# Edges


@pytest.mark.parametrize(
    ("design", "flags"),
    [
        (([1.0, 2.0, 4.0], [0, 0, 0], [0, 1, 2]), ("underidentified",)),
        (([1.0, 2.0, 4.0], [0, 1, 2], [0, 0, 0]), ("too_few_raters", "underidentified")),
        (([1.0, 2.0, 4.0, 7.0], [0, 0, 1, 1], [0, 1, 2, 3]), ("disconnected_design", "underidentified")),
        (([1.0, 2.0, 4.0, 7.0], [0, 0, 1, 1], [0, 0, 1, 1]), ("disconnected_design", "underidentified")),
        (([1.0], [0], [0]), ("too_few_raters", "underidentified")),
    ],
)
def test_a_design_that_cannot_tell_the_components_apart_gives_nan(design: Any, flags: tuple[str, ...]) -> None:
    result = fit(*design)
    assert np.isnan([*variances(result), result.grand_mean]).all()
    assert np.isnan(result.rater_effects).all()
    assert np.isnan(result.target_standard_errors).all()
    assert result.flags == flags
    assert not result.converged


def test_parts_without_any_spread_inside_cannot_tell_targets_from_raters() -> None:
    result = fit([3.0] * 4 + [5.0] * 4 + [5.0] * 2, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [0, 1, 0, 1, 2, 3, 2, 3, 4, 4])
    assert np.isnan(variances(result)).all()
    assert result.flags == ("disconnected_design", "underidentified")


def test_nothing_to_fit_gives_nan() -> None:
    empty = np.empty(0, dtype=np.int64)
    result = crossed_components(np.empty(0), empty, empty, n_targets=2, n_raters=0)
    assert np.isnan(variances(result)).all()
    assert np.isnan(result.target_effects).all()
    assert (result.n_components, result.n) == (0, 0)
    assert result.flags == ("too_few_raters", "too_few_rows")


def test_equal_scores_have_no_variance() -> None:
    result = fit([0.1 + 0.2, 0.3, 0.3, 0.3], [0, 0, 1, 1], [0, 1, 0, 1])
    assert variances(result) == [0, 0, 0]
    assert result.grand_mean == pytest.approx(0.3)
    assert result.rater_standard_errors.tolist() == [0, 0]
    assert result.flags == ("no_variance",)


def test_levels_without_scores_are_at_the_mean_and_as_uncertain_as_any() -> None:
    scores, targets, raters = DESIGNS[0]
    whole = fit(scores, targets, raters)
    more = crossed_components(scores, targets + 1, raters * 2, n_targets=10, n_raters=10)
    assert variances(more) == variances(whole)
    assert more.target_effects.tolist() == [0, *whole.target_effects, 0]
    assert more.target_standard_errors[[0, -1]] == pytest.approx([math.sqrt(whole.target_variance)] * 2)
    assert more.rater_effects[1::2].tolist() == [0] * 5
    assert more.rater_effects[::2].tolist() == whole.rater_effects.tolist()


def test_two_large_sides_are_refused() -> None:
    codes = np.arange(5001)
    with pytest.raises(ValueError, match="expected at most 5000 of either, got 5001 of the one and 5001 of the other"):
        crossed_components(codes.astype(float), codes, codes, n_targets=5001, n_raters=5001)


def test_an_effect_beyond_all_proportion_to_the_error_is_flagged() -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(6, 1)) + 1e6 * rng.normal(size=4) + rng.normal(size=(6, 4))
    assert "not_converged" in fit_matrix(table).flags


@pytest.mark.parametrize("constant", ["MOST_ITERATIONS", "MOST_HALVINGS"])
def test_a_search_that_ends_early_is_flagged(monkeypatch: pytest.MonkeyPatch, constant: str) -> None:
    monkeypatch.setattr(crossed_search, constant, 0)
    result = fit(*DESIGNS[0])
    assert not result.converged
    assert result.flags == ("not_converged",)
    assert np.isfinite(variances(result)).all()


def test_the_result_is_plain_and_read_only() -> None:
    result = fit(*DESIGNS[0])
    json.dumps(result.to_dict(), allow_nan=False)
    assert set(result.flags) <= set(FLAGS)
    assert not result.rater_effects.flags.writeable
