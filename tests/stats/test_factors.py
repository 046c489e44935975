"""Omega and hierarchical omega against reference numbers, other optimisers, known models and invariances."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from leadkit.stats import FLAGS
from leadkit.stats.factors import hierarchical_omega, omega
from leadkit.typing import FloatArray

nan = math.nan
SIMPLE = np.kron(np.eye(3), np.ones((3, 1)))


def answers_with(covariance: Any, n: int = 200) -> FloatArray:
    """Answers whose covariances (divisor n) are exactly those given."""
    target = np.asarray(covariance, dtype=float)
    noise = np.random.default_rng(12).normal(size=(n, len(target)))
    orthogonal = np.linalg.qr(noise - noise.mean(axis=0)).Q
    return math.sqrt(n) * orthogonal @ np.linalg.cholesky(target).T


def one_factor_answers(seed: int, k: int, n: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    strength = rng.uniform(0.5, 1.4, size=k)
    return rng.normal(size=(n, 1)) * strength + rng.normal(size=(n, k)) * rng.uniform(0.6, 1.5, size=k)


def grouped_answers(seed: int, n: int = 300) -> FloatArray:
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(n, 3)) + 0.8 * rng.normal(size=(n, 1))
    return factors @ (SIMPLE.T * rng.uniform(0.6, 1.2, size=9)) + rng.normal(size=(n, 9))


def discrepancy(covariance: FloatArray, implied: FloatArray) -> float:
    ratio = np.linalg.solve(implied, covariance)
    return float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(covariance))


@pytest.fixture(scope="module")
def answers(shared_data: Callable[[str], Path]) -> Callable[[str], FloatArray]:
    """Keyed items of the shared data sets by the key of their reference numbers."""

    def columns(file: str, names: list[str]) -> FloatArray:
        path = shared_data(f"stats/{file}.csv.gz")
        header = np.genfromtxt(path, delimiter=",", dtype=str, max_rows=1)
        places = [[name.strip('"') for name in header].index(name) for name in names]
        return np.genfromtxt(path, delimiter=",", skip_header=1, usecols=places)

    def read(key: str) -> FloatArray:
        if key == "lq2002_lead":
            return columns("lq2002", [f"LEAD{number:02d}" for number in range(1, 12)])
        items = columns("bfi", ["A1", "A2", "A3", "A4", "A5", "C1", "C2", "C3", "C4", "C5"])
        items[:, [0, 8, 9]] = 7 - items[:, [0, 8, 9]]
        return {"bfi_agree": items[:, :5], "bfi_conscientious": items[:, 5:], "bfi_AC_10_omega": items}[key]

    return read


# Reference numbers


@pytest.mark.parametrize("key", ["bfi_agree", "bfi_conscientious", "lq2002_lead", "bfi_AC_10_omega"])
def test_omega_and_its_fit_are_those_of_lavaan(key: str, golden: Any, answers: Any) -> None:
    expected = golden("stats/reliability.json")[key]["omega_u_ml_cov"]
    result = omega(answers(key))
    assert result.omega == pytest.approx(expected["omega"], abs=1e-5)
    assert result.omega_observed == pytest.approx(expected["omega_obs_var"], abs=1e-5)
    assert result.loadings == pytest.approx(expected["loadings"], abs=1e-4)
    assert result.uniquenesses == pytest.approx(expected["theta"], abs=1e-4)
    assert result.chi2 == pytest.approx(expected["chisq"], rel=1e-4)
    for index in ("cfi", "rmsea", "srmr"):
        assert getattr(result, index) == pytest.approx(expected[index], abs=1e-5)
    assert (result.df, result.estimator, result.converged) == (expected["df"], "ml", True)


@pytest.mark.parametrize("key", ["bfi_AC_10_omega", "lq2002_lead"])
def test_hierarchical_omega_is_that_of_psych(key: str, golden: Any, answers: Any) -> None:
    expected = golden("stats/reliability.json")[key]["psych_omega"]
    result = hierarchical_omega(answers(key), n_factors=expected["nfactors"])
    assert result.hierarchical == pytest.approx(expected["omega_h"], abs=1e-3)
    assert result.total == pytest.approx(expected["omega_total"], abs=1e-3)
    assert result.limit == pytest.approx(expected["omega_lim"], abs=1e-3)
    loadings = np.array(expected["schmid_leiman"])
    assert result.general == pytest.approx(loadings[:, 0], abs=1e-3)
    distances = [np.abs(result.groups - loadings[:, 1:][:, order]).max() for order in map(list, permutations(range(3)))]
    assert min(distances) < 1e-3


# A second way


@pytest.mark.parametrize(("seed", "k"), [(1, 4), (2, 5), (3, 6), (4, 8)])
def test_a_generic_minimiser_over_loadings_and_uniquenesses_finds_the_same_omega(seed: int, k: int) -> None:
    x = one_factor_answers(seed, k, 150)
    covariance = np.cov(x, rowvar=False, bias=True)

    def value(parameters: FloatArray) -> float:
        return discrepancy(
            covariance, np.outer(parameters[:k], parameters[:k]) + np.diag(np.exp(np.minimum(parameters[k:], 9.0)))
        )

    start = np.concatenate([np.full(k, 0.7), np.zeros(k)])
    best = minimize(value, start, method="BFGS", options={"gtol": 1e-7})
    loading, uniqueness = best.x[:k].sum(), np.exp(best.x[k:]).sum()
    result = omega(x)
    assert result.flags == ()
    assert result.chi2 == pytest.approx(150 * best.fun, rel=1e-6)
    assert result.omega == pytest.approx(loading**2 / (loading**2 + uniqueness), abs=1e-6)
    assert result.omega_observed == pytest.approx(loading**2 / covariance.sum(), abs=1e-6)
    implied = np.outer(result.loadings, result.loadings) + np.diag(result.uniquenesses)
    assert result.chi2 == pytest.approx(150 * discrepancy(covariance, implied), rel=1e-9)


def test_at_the_estimates_every_derivative_is_zero() -> None:
    x = one_factor_answers(5, 6, 90)
    result = omega(x)
    implied = np.outer(result.loadings, result.loadings) + np.diag(result.uniquenesses)
    inverse = np.linalg.inv(implied)
    slope = inverse @ (implied - np.cov(x, rowvar=False, bias=True)) @ inverse
    assert np.abs(slope @ result.loadings).max() < 1e-10
    assert np.abs(np.diag(slope)).max() < 1e-10


@pytest.mark.parametrize("seed", [1, 9, 23])
def test_total_omega_is_that_of_a_generic_minimiser_of_the_residuals(seed: int) -> None:
    x = grouped_answers(seed)
    correlation = np.corrcoef(x, rowvar=False)
    above = np.triu_indices(9, 1)

    def value(parameters: FloatArray) -> tuple[float, FloatArray]:
        loadings = parameters.reshape(9, 3)
        residual = loadings @ loadings.T - correlation
        np.fill_diagonal(residual, 0.0)
        return float((residual[above] ** 2).sum()), (2 * residual @ loadings).ravel()

    best = minimize(value, 0.7 * SIMPLE.ravel() + 0.1, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
    uniqueness = 1 - (best.x.reshape(9, 3) ** 2).sum(axis=1)
    result = hierarchical_omega(x)
    assert result.flags == ()
    assert result.uniquenesses == pytest.approx(uniqueness, abs=1e-5)
    assert result.total == pytest.approx(1 - uniqueness.sum() / correlation.sum(), abs=1e-6)


@pytest.mark.parametrize("seed", [1, 9, 23])
def test_no_generic_minimiser_finds_simpler_oblique_factors(seed: int) -> None:
    result = hierarchical_omega(grouped_answers(seed))
    weights = closed_form_weights(result.factor_correlation)
    pattern = result.groups / np.sqrt(1 - weights**2)
    assert pattern @ weights == pytest.approx(result.general, abs=1e-10)
    orthogonal = pattern @ np.linalg.cholesky(result.factor_correlation)

    def complexity(loadings: FloatArray) -> float:
        squares = loadings**2
        return float((squares.sum(axis=1) ** 2 - (squares**2).sum(axis=1)).sum() / 4)

    def value(parameters: FloatArray) -> float:
        transformation = parameters.reshape(3, 3)
        transformation = transformation / np.linalg.norm(transformation, axis=0)
        return complexity(orthogonal @ np.linalg.inv(transformation).T)

    starts = np.random.default_rng(4).normal(size=(6, 9))
    found = [minimize(value, start, method="BFGS", options={"gtol": 1e-8}).fun for start in starts]
    assert complexity(pattern) == pytest.approx(min(found), abs=1e-9)


def closed_form_weights(phi: FloatArray) -> FloatArray:
    return np.sqrt(
        [phi[0, 1] * phi[0, 2] / phi[1, 2], phi[0, 1] * phi[1, 2] / phi[0, 2], phi[0, 2] * phi[1, 2] / phi[0, 1]]
    )


# Known models


def test_three_items_have_the_loadings_of_the_triad_and_fit_exactly() -> None:
    covariance = np.array([[4.0, 1.2, 0.9], [1.2, 2.0, 0.6], [0.9, 0.6, 1.0]])
    result = omega(answers_with(covariance))
    expected = np.sqrt([1.2 * 0.9 / 0.6, 1.2 * 0.6 / 0.9, 0.9 * 0.6 / 1.2])
    assert result.loadings == pytest.approx(expected, abs=1e-9)
    assert result.uniquenesses == pytest.approx(covariance.diagonal() - expected**2, abs=1e-9)
    assert result.omega == pytest.approx(expected.sum() ** 2 / covariance.sum(), abs=1e-10)
    assert result.omega_observed == pytest.approx(result.omega, abs=1e-10)
    assert (result.df, result.rmsea, result.cfi, result.flags) == (0, 0.0, 1.0, ())
    assert result.chi2 == pytest.approx(0, abs=1e-8)
    assert result.srmr == pytest.approx(0, abs=1e-8)


def test_omega_of_equally_good_items_is_alpha() -> None:
    covariance = np.full((5, 5), 0.6) + np.diag([0.4, 0.9, 1.3, 0.7, 2.0])
    alpha = 5 / 4 * (1 - covariance.trace() / covariance.sum())
    assert omega(answers_with(covariance)).omega == pytest.approx(alpha, abs=1e-10)


def test_uncorrelated_items_have_omega_zero_and_fit_as_well_as_no_factor() -> None:
    result = omega(answers_with(np.diag([1.0, 2.0, 3.0, 4.0])))
    assert result.omega == pytest.approx(0, abs=1e-6)
    assert (result.cfi, result.rmsea) == (1.0, 0.0)
    split = hierarchical_omega(answers_with(np.eye(6)), n_factors=2)
    assert split.total == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("n_factors", [3, 4])
def test_a_perfect_hierarchy_is_recovered(n_factors: int) -> None:
    weights = np.array([0.8, 0.7, 0.6, 0.5])[:n_factors]
    sizes = np.array([0.9, 0.8, 0.7, 0.6])
    pattern = np.kron(np.eye(n_factors), sizes[:, np.newaxis]) * np.linspace(1, 0.8, n_factors)
    phi = np.outer(weights, weights) + np.diag(1 - weights**2)
    implied = pattern @ phi @ pattern.T
    uniqueness = 1 - implied.diagonal()
    correlation = implied + np.diag(uniqueness)
    general, groups = pattern @ weights, pattern * np.sqrt(1 - weights**2)
    result = hierarchical_omega(answers_with(correlation), n_factors=n_factors)
    assert result.general == pytest.approx(general, abs=1e-8)
    assert result.groups == pytest.approx(groups, abs=1e-8)
    assert result.uniquenesses == pytest.approx(uniqueness, abs=1e-8)
    assert result.factor_correlation == pytest.approx(phi, abs=1e-8)
    assert result.hierarchical == pytest.approx(general.sum() ** 2 / correlation.sum(), abs=1e-9)
    assert result.total == pytest.approx(1 - uniqueness.sum() / correlation.sum(), abs=1e-9)
    assert result.limit == pytest.approx(result.hierarchical / result.total, abs=1e-12)
    common = (general**2).sum() / ((general**2).sum() + (groups**2).sum())
    assert result.explained_common_variance == pytest.approx(common, abs=1e-9)
    assert (result.flags, result.converged, result.n_factors) == ((), True, n_factors)


def test_two_factors_share_one_general_loading_and_are_flagged() -> None:
    pattern = np.kron(np.eye(2), np.array([[0.9], [0.8], [0.7]])) * [1.0, 0.9]
    phi = np.array([[1.0, 0.49], [0.49, 1.0]])
    implied = pattern @ phi @ pattern.T
    result = hierarchical_omega(answers_with(implied + np.diag(1 - implied.diagonal())), n_factors=2)
    assert result.general == pytest.approx(0.7 * pattern.sum(axis=1), abs=1e-8)
    assert result.groups == pytest.approx(math.sqrt(0.51) * pattern, abs=1e-8)
    assert result.flags == ("underidentified",)


def test_two_mirrored_factors_keep_the_correlations_of_their_items() -> None:
    pattern = np.kron(np.eye(2), np.array([[0.9], [0.8], [0.7]]))
    phi = np.array([[1.0, -0.36], [-0.36, 1.0]])
    implied = pattern @ phi @ pattern.T
    correlation = implied + np.diag(1 - implied.diagonal())
    result = hierarchical_omega(answers_with(correlation), n_factors=2)
    again = np.outer(result.general, result.general) + result.groups @ result.groups.T + np.diag(result.uniquenesses)
    assert again == pytest.approx(correlation, abs=1e-8)
    assert result.factor_correlation[0, 1] == pytest.approx(-0.36, abs=1e-8)


def test_the_general_factor_points_where_most_of_the_items_do() -> None:
    pattern = np.array([[0.9, 0], [0.9, 0], [-0.8, 0], [0, 0.7], [0, 0.7], [0, 0.7]])
    implied = pattern @ np.array([[1.0, -0.36], [-0.36, 1.0]]) @ pattern.T
    result = hierarchical_omega(answers_with(implied + np.diag(1 - implied.diagonal())), n_factors=2)
    assert result.general == pytest.approx(0.6 * (pattern[:, 1] - pattern[:, 0]), abs=1e-8)


def test_factors_without_a_common_cause_are_flagged_heywood() -> None:
    phi = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.2], [0.7, 0.2, 1.0]])
    pattern = SIMPLE * [0.9, 0.8, 0.7]
    implied = pattern @ phi @ pattern.T
    result = hierarchical_omega(answers_with(implied + np.diag(1 - implied.diagonal())))
    assert result.factor_correlation == pytest.approx(phi, abs=1e-8)
    assert (result.uniquenesses > 0.1).all()
    assert result.flags == ("heywood",)
    assert np.abs(result.general).max() == pytest.approx(0.9 * math.sqrt(0.995), abs=1e-8)
    assert np.isfinite(result.groups).all()


# Invariances


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_a_common_factor_and_a_shift_change_no_coefficient(seed: int, scale: float, shift: float) -> None:
    x = one_factor_answers(seed, 5, 80)
    first, second = omega(x), omega(scale * x + shift)
    assert second.omega == pytest.approx(first.omega, rel=1e-7)
    assert second.chi2 == pytest.approx(first.chi2, rel=1e-6, abs=1e-7)
    assert second.loadings == pytest.approx(scale * first.loadings, rel=1e-5, abs=1e-7)


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_a_factor_an_item_scales_its_loading_and_leaves_the_fit(seed: int) -> None:
    x = one_factor_answers(seed, 5, 80)
    scale = np.random.default_rng(seed).uniform(0.2, 5, size=5)
    first, second = omega(x), omega(scale * x)
    assert second.loadings == pytest.approx(scale * first.loadings, rel=1e-8)
    assert second.uniquenesses == pytest.approx(scale**2 * first.uniquenesses, rel=1e-8)
    for index in ("chi2", "cfi", "rmsea", "srmr"):
        assert getattr(second, index) == pytest.approx(getattr(first, index), abs=1e-8)


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_and_items_changes_only_the_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = one_factor_answers(seed, 5, 80)
    first, rows = omega(x), omega(x[rng.permutation(80)])
    assert rows.omega == pytest.approx(first.omega, rel=1e-12)
    assert rows.chi2 == pytest.approx(first.chi2, rel=1e-11)
    order = rng.permutation(5)
    items = omega(x[:, order])
    assert items.omega == pytest.approx(first.omega, rel=1e-11)
    assert items.loadings == pytest.approx(first.loadings[order], rel=1e-9)


@settings(max_examples=4)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_and_items_and_their_scales_leave_hierarchical_omega(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = grouped_answers(seed)
    order = rng.permutation(9)
    first = hierarchical_omega(x)
    second = hierarchical_omega(x[rng.permutation(300)][:, order] * rng.uniform(0.2, 5, size=9) + 3)
    assert second.hierarchical == pytest.approx(first.hierarchical, rel=1e-10)
    assert second.total == pytest.approx(first.total, rel=1e-11)
    assert second.general == pytest.approx(first.general[order], abs=1e-9)
    assert second.groups == pytest.approx(first.groups[order], abs=1e-9)


def test_every_row_twice_leaves_omega_and_doubles_chi2() -> None:
    x = one_factor_answers(3, 5, 60)
    once, twice = omega(x), omega(np.vstack([x, x]))
    assert twice.omega == pytest.approx(once.omega, rel=1e-11)
    assert twice.loadings == pytest.approx(once.loadings, rel=1e-11)
    assert twice.chi2 == pytest.approx(2 * once.chi2, rel=1e-11)


def test_turning_all_items_around_changes_nothing() -> None:
    x = one_factor_answers(3, 5, 60)
    assert omega(-x).loadings == pytest.approx(omega(x).loadings, rel=1e-11)


def test_the_group_factor_with_the_largest_loadings_comes_first() -> None:
    result = hierarchical_omega(grouped_answers(23))
    weights = closed_form_weights(result.factor_correlation)
    sizes = (result.groups**2).sum(axis=0) / (1 - weights**2)
    assert (np.diff(sizes) < 0).all()
    assert (result.groups.sum(axis=0) > 0).all()


# Missing answers


def with_gaps() -> FloatArray:
    x = grouped_answers(5, n=200)
    x[np.random.default_rng(5).uniform(size=x.shape) < 0.03] = nan
    return x


def test_listwise_uses_complete_rows_only() -> None:
    x = with_gaps()
    complete = x[~np.isnan(x).any(axis=1)]
    for result, expected in ((omega(x), omega(complete)), (hierarchical_omega(x), hierarchical_omega(complete))):
        assert result.flags == ("rows_dropped",)
        assert (result.n, result.n_rows) == (len(complete), 200)
        assert attrs.evolve(result, n_rows=len(complete), flags=()) == expected


def test_pairwise_fits_the_pairwise_correlations_with_the_harmonic_mean_of_the_pair_counts() -> None:
    x = with_gaps()
    known = (~np.isnan(x)).astype(float)
    counts = (known.T @ known)[np.triu_indices(9, 1)]
    result = omega(x, missing="pairwise")
    assert result.fit_n == pytest.approx(len(counts) / (1 / counts).sum(), rel=1e-12)
    assert (result.n, result.n_rows, result.missing, result.flags) == (200, 200, "pairwise", ())
    scaled = pairwise_covariance(x) * (result.fit_n - 1) / result.fit_n
    assert result.loadings**2 + result.uniquenesses == pytest.approx(scaled.diagonal(), rel=1e-9)
    implied = np.outer(result.loadings, result.loadings) + np.diag(result.uniquenesses)
    assert result.chi2 == pytest.approx(result.fit_n * discrepancy(scaled, implied), rel=1e-8)
    inverse = np.linalg.inv(implied)
    assert np.abs(np.diag(inverse @ (implied - scaled) @ inverse)).max() < 1e-9


def pairwise_covariance(x: FloatArray) -> FloatArray:
    k = x.shape[1]
    result = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            both = x[~np.isnan(x[:, i] + x[:, j])]
            result[i, j] = np.cov(both[:, i], both[:, j])[0, 1]
    return result


def test_without_gaps_both_missing_rules_agree() -> None:
    x = grouped_answers(5)
    assert attrs.evolve(omega(x, missing="pairwise"), missing="listwise") == omega(x)
    assert attrs.evolve(hierarchical_omega(x, missing="pairwise"), missing="listwise") == hierarchical_omega(x)


def test_pairwise_hierarchical_omega_fits_the_pairwise_correlations() -> None:
    x = with_gaps()
    covariance = pairwise_covariance(x)
    sd = np.sqrt(covariance.diagonal())
    expected = hierarchical_omega(answers_with(covariance / np.outer(sd, sd)))
    result = hierarchical_omega(x, missing="pairwise")
    assert result.hierarchical == pytest.approx(expected.hierarchical, abs=1e-9)
    assert result.total == pytest.approx(expected.total, abs=1e-9)


# Edges


def assert_undefined(result: Any, *flags: str) -> None:
    values = attrs.asdict(result, recurse=False)
    floats = [value for name, value in values.items() if isinstance(value, float) and name != "fit_n"]
    arrays = [value for value in values.values() if isinstance(value, np.ndarray)]
    assert floats
    assert all(math.isnan(value) for value in floats)
    assert all(np.isnan(array).all() for array in arrays)
    assert result.converged is False
    assert result.flags == flags


def test_fewer_than_three_items_do_not_identify_a_factor() -> None:
    x = one_factor_answers(1, 4, 30)
    assert_undefined(omega(x[:, :2]), "underidentified")
    assert_undefined(omega(x[:, :1]), "single_item", "underidentified")
    assert_undefined(omega(x[:, :1], missing="pairwise"), "single_item", "underidentified")
    assert (omega(x[:, :2]).df, omega(x[:, :3]).df, omega(x).df) == (-1, 0, 2)


def test_a_constant_or_repeated_item_has_no_inverse() -> None:
    x = one_factor_answers(1, 4, 30)
    constant, repeated = x.copy(), x.copy()
    constant[:, 1], repeated[:, 1] = 0.1, x[:, 0]
    assert_undefined(omega(constant), "constant_item", "singular_covariance")
    assert_undefined(omega(repeated), "singular_covariance")
    assert_undefined(
        hierarchical_omega(constant, n_factors=2), "constant_item", "singular_covariance", "underidentified"
    )


def test_least_squares_takes_a_repeated_item_and_says_so() -> None:
    x = grouped_answers(1)
    x[:, 1] = x[:, 0]
    result = hierarchical_omega(x)
    assert "singular_covariance" in result.flags
    assert 0 < result.hierarchical < result.total < 1


@pytest.mark.parametrize("n", [3, 4])
def test_no_more_rows_than_items_have_no_inverse(n: int) -> None:
    assert_undefined(omega(one_factor_answers(1, 4, n)), "singular_covariance")


def test_one_more_row_than_items_is_enough() -> None:
    assert 0 <= omega(one_factor_answers(1, 4, 5)).omega <= 1


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_rows_are_too_few(n: int) -> None:
    assert_undefined(omega(np.ones((n, 4))), "too_few_rows")
    assert_undefined(omega(np.ones((n, 4)), missing="pairwise"), "too_few_rows")
    assert_undefined(hierarchical_omega(np.ones((n, 9))), "too_few_rows")


def test_no_complete_row_is_too_few_rows() -> None:
    x = np.array([[1.0, 2.0, nan], [2.0, nan, 1.0], [nan, 1.0, 2.0]])
    assert_undefined(omega(x), "rows_dropped", "too_few_rows")


def test_a_pair_that_nobody_answered_together_is_too_few_pairs() -> None:
    x = one_factor_answers(1, 4, 30)
    x[:15, 0], x[15:, 1] = nan, nan
    assert_undefined(omega(x, missing="pairwise"), "too_few_pairs")
    assert omega(x, missing="pairwise").fit_n == 0
    assert_undefined(hierarchical_omega(x, n_factors=2, missing="pairwise"), "too_few_pairs", "underidentified")


def test_a_uniqueness_at_its_bound_is_flagged_and_kept() -> None:
    correlation = np.array([[1, 0.8, 0.8, 0.3], [0.8, 1, 0.5, 0.2], [0.8, 0.5, 1, 0.2], [0.3, 0.2, 0.2, 1]])
    result = omega(answers_with(4 * correlation))
    assert result.flags == ("heywood",)
    assert result.uniquenesses[0] == pytest.approx(4e-4, rel=1e-9)
    assert 0 < result.omega < 1
    assert result.converged


def test_a_heywood_case_of_three_items_fits_inexactly_and_has_no_rmsea() -> None:
    result = omega(answers_with([[1, 0.8, 0.8], [0.8, 1, 0.3], [0.8, 0.3, 1]]))
    assert result.flags == ("heywood",)
    assert result.chi2 > 1
    assert math.isnan(result.rmsea)
    assert result.cfi < 1


def test_a_minimum_where_the_factor_is_one_item_is_found_though_it_is_not_the_nearest() -> None:
    x = competing_minima()
    correlation = np.asarray(np.corrcoef(x, rowvar=False))
    result = omega(x)
    assert result.flags == ("heywood",)

    def value(logs: FloatArray) -> float:
        scale = np.exp(-logs / 2)
        rest = np.linalg.eigvalsh(correlation * np.outer(scale, scale))[:-1]
        return float((rest - np.log(rest) - 1).sum())

    k = len(correlation)
    bounds = [(math.log(1e-4), 0.0)] * k
    nearest = minimize(value, np.full(k, math.log(0.5)), method="L-BFGS-B", bounds=bounds).fun
    starts = np.log(np.where(np.eye(k) > 0, 0.001, 0.7))
    best = min(minimize(value, start, method="L-BFGS-B", bounds=bounds).fun for start in starts)
    assert best < nearest - 1e-3
    assert result.chi2 == pytest.approx(len(x) * best, rel=1e-5)


def competing_minima() -> FloatArray:
    rng = np.random.default_rng(26)
    k = int(rng.integers(3, 9))
    n = int(rng.integers(k + 2, 60))
    return rng.normal(size=(n, k)) + rng.normal(size=(n, 1)) * rng.uniform(-0.3, 1, k) * rng.uniform(0, 2)


def test_an_extracted_uniqueness_at_its_bound_is_flagged() -> None:
    x = grouped_answers(2)
    x[:, 1] = x[:, 0] + 0.01 * np.random.default_rng(3).normal(size=300)
    result = hierarchical_omega(x)
    assert result.flags == ("heywood",)
    assert result.uniquenesses.min() == pytest.approx(0.005, rel=1e-12)


@pytest.mark.parametrize(("k", "n_factors"), [(5, 3), (4, 4), (6, 4)])
def test_more_factors_than_the_items_can_fix_are_computed_and_flagged(k: int, n_factors: int) -> None:
    result = hierarchical_omega(one_factor_answers(1, k, 100), n_factors=n_factors)
    assert "underidentified" in result.flags
    assert 0 <= result.hierarchical <= 1
    assert result.groups.shape == (k, n_factors)


def test_just_enough_items_for_three_factors_are_not_flagged() -> None:
    x = grouped_answers(4)[:, :6]
    assert "underidentified" not in hierarchical_omega(x[:, [0, 1, 2, 3, 4, 5]]).flags
    assert "underidentified" in hierarchical_omega(x[:, :5]).flags


def test_fewer_items_than_factors_are_underidentified() -> None:
    x = one_factor_answers(1, 2, 30)
    assert_undefined(hierarchical_omega(x), "underidentified")
    assert_undefined(hierarchical_omega(x[:, :1]), "single_item", "underidentified")
    assert hierarchical_omega(x).groups.shape == (2, 3)


def test_a_sum_that_never_varies_has_no_variance_to_share() -> None:
    x = one_factor_answers(6, 3, 60)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    result = hierarchical_omega(np.hstack([x, -x]), n_factors=2)
    assert {"no_variance", "singular_covariance"} <= set(result.flags)
    assert math.isnan(result.hierarchical)
    assert math.isnan(result.total)
    assert math.isnan(result.limit)
    assert np.isfinite(result.general).all()


def test_items_keyed_against_each_other_give_a_negative_total() -> None:
    correlation = np.eye(4) - 0.3 * (1 - np.eye(4))
    result = hierarchical_omega(answers_with(correlation), n_factors=2)
    assert result.total < 0
    assert math.isnan(result.limit)
    assert "negative_estimate" in result.flags


def test_uncorrelated_items_have_nothing_in_common() -> None:
    rows = np.array([[(number >> bit & 1) * 2 - 1 for bit in range(5)] for number in range(32)])
    result = hierarchical_omega(rows, n_factors=2)
    assert result.total == pytest.approx(0, abs=1e-7)
    assert omega(rows).omega == pytest.approx(0, abs=1e-7)


def test_a_search_that_does_not_end_is_flagged() -> None:
    result = hierarchical_omega(one_factor_answers(4, 5, 100), n_factors=5)
    assert "not_converged" in result.flags
    assert result.converged is False
    assert math.isfinite(result.hierarchical)


# Arguments and results


def test_integers_masked_arrays_objects_and_float32_are_accepted() -> None:
    x = np.round(2 * one_factor_answers(2, 4, 40)).astype(int)
    expected = omega(x)
    assert omega(x.tolist()) == expected
    assert omega(x.astype(np.float32)) == expected
    assert omega(x.astype(object)) == expected
    gap = x.astype(float)
    gap[3, 1] = nan
    assert omega(np.ma.masked_invalid(gap)) == omega(gap)
    nones: Any = [[None if math.isnan(answer) else answer for answer in row] for row in gap.tolist()]
    assert omega(nones) == omega(gap)


@pytest.mark.parametrize("function", [omega, hierarchical_omega])
@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        ([1, 2, 3], {}, r"x: expected two dimensions \(rows, columns\), got 1"),
        (np.empty((3, 0)), {}, "x: expected at least one column, got none"),
        ([["3", "4"]], {}, "x: expected real numbers, got text"),
        ([[1, 2], [3, math.inf]], {}, r"x\[1, 1\]: expected a finite number or NaN, got inf"),
        ([[1, 2], [3]], {}, "x: rows differ in length"),
        (np.eye(3), {"missing": "zero"}, "missing: expected one of 'pairwise', 'listwise', got 'zero'"),
        (np.eye(3), {"items": ["a", "b"]}, "items: expected 3 names, got 2"),
        (np.eye(3), {"items": ["a", "b", "a"]}, r"items: names \['a'\] are there more than once"),
    ],
)
def test_bad_input_is_named(function: Any, x: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(x, **options)


@pytest.mark.parametrize("n_factors", [1, 0, -3, 2.5, True, "3"])
def test_fewer_than_two_group_factors_are_refused(n_factors: Any) -> None:
    with pytest.raises(ValueError, match="n_factors: expected a whole number of at least 2, got"):
        hierarchical_omega(grouped_answers(1), n_factors=n_factors)


@pytest.mark.parametrize("function", [omega, hierarchical_omega])
def test_the_answers_are_not_changed(function: Any) -> None:
    x = with_gaps()
    before = x.copy()
    function(x)
    assert np.array_equal(x, before, equal_nan=True)


RESULTS = [
    omega(one_factor_answers(1, 4, 60)),
    omega(np.ones((4, 3))),
    hierarchical_omega(grouped_answers(1)),
    hierarchical_omega(np.ones((4, 9))),
]


@pytest.mark.parametrize("result", RESULTS)
def test_results_are_frozen_plain_and_travel(result: Any) -> None:
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["flags"] == list(result.flags)
    assert set(result.flags) <= set(FLAGS)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    for value in attrs.asdict(result, recurse=False).values():
        if isinstance(value, np.ndarray):
            with pytest.raises(ValueError, match="read-only"):
                value[...] = 0
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n = 3
    assert "<table>" in result._repr_html_()


def test_records_hold_a_row_an_item() -> None:
    names = [f"q{number}" for number in range(9)]
    x = grouped_answers(1)
    first = omega(x, items=names)
    assert first.to_records()[2] == {"item": "q2", "loading": first.loadings[2], "uniqueness": first.uniquenesses[2]}
    second = hierarchical_omega(x, items=names)
    assert second.to_records()[2] == {
        "item": "q2",
        "general": second.general[2],
        "uniqueness": second.uniquenesses[2],
        "group1": second.groups[2, 0],
        "group2": second.groups[2, 1],
        "group3": second.groups[2, 2],
    }
    assert len(first.to_records()) == len(second.to_records()) == 9
    undefined = hierarchical_omega(np.ones((4, 9))).to_records()[0]
    assert undefined == dict.fromkeys(["general", "uniqueness", "group1", "group2", "group3"]) | {"item": "item1"}
