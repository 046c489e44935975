"""The probability that each of three scores with normal errors is the lowest."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from leadkit.typing import FloatArray
from leadkit.ved.lowest import probability_of_lowest

points = st.floats(0, 100)
errors = st.one_of(st.just(0.0), st.floats(0.01, 40))
triples = st.tuples(points, points, points)
error_triples = st.tuples(errors, errors, errors)


def lowest(values: tuple[float, ...], sem: tuple[float, ...]) -> FloatArray:
    chances: FloatArray = probability_of_lowest(np.array([values], dtype=float), np.array(sem, dtype=float))[0]
    return chances


def by_quadrature(values: tuple[float, ...], sem: tuple[float, ...], i: int) -> float:
    j, k = (n for n in range(3) if n != i)

    def density(z: float) -> float:
        true = values[i] + sem[i] * z
        beyond_j, beyond_k = (float(ndtr((values[n] - true) / sem[n])) for n in (j, k))
        return float(np.exp(-z * z / 2)) / sqrt(2 * np.pi) * beyond_j * beyond_k

    steep = [(values[n] - values[i]) / sem[i] for n in (j, k)]
    ends = [-9.0, *sorted(point for point in steep if abs(point) < 9), 9.0]
    parts = [quad(density, a, b, epsabs=1e-12, epsrel=1e-12, limit=200)[0] for a, b in pairwise(ends)]
    return float(sum(parts))


@given(triples, st.tuples(*[st.floats(0.5, 40)] * 3))
def test_it_is_the_integral_over_the_product_of_survival_functions(
    values: tuple[float, ...], sem: tuple[float, ...]
) -> None:
    expected = [by_quadrature(values, sem, i) for i in range(3)]
    assert lowest(values, sem) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("values", "sem"),
    [
        ((60.0, 62.5, 70.0), (5.0, 8.0, 3.0)),
        ((50.0, 50.0, 50.0), (1.0, 10.0, 4.0)),
        ((40.0, 45.0, 45.0), (0.0, 6.0, 9.0)),
        ((40.0, 45.0, 42.0), (7.0, 0.0, 0.0)),
    ],
)
def test_it_is_how_often_each_is_the_lowest_of_random_draws(values: tuple[float, ...], sem: tuple[float, ...]) -> None:
    n = 400_000
    draws = np.random.default_rng(7).normal(values, sem, size=(n, 3))
    share = np.bincount(draws.argmin(axis=1), minlength=3) / n
    chances = lowest(values, sem)
    assert np.all(np.abs(share - chances) <= 4 * np.sqrt(chances * (1 - chances) / n))


@given(points, points, st.floats(0.01, 40), st.floats(0.01, 40))
def test_two_scores_far_below_the_third_are_compared_alone(a: float, b: float, sem_a: float, sem_b: float) -> None:
    first = float(ndtr((b - a) / sqrt(sem_a**2 + sem_b**2)))
    assert lowest((a, b, 1e5), (sem_a, sem_b, 1.0)) == pytest.approx([first, 1 - first, 0.0], abs=1e-14)


def test_equal_scores_with_equal_errors_have_a_third_each() -> None:
    assert lowest((50, 50, 50), (4, 4, 4)) == pytest.approx([1 / 3] * 3, abs=1e-15)


def test_the_orthant_of_two_correlated_normals_at_zero_is_a_quarter_plus_an_arcsine() -> None:
    # Differences from the first have the correlation 9 / sqrt((9 + 16)(9 + 1)).
    expected = 0.25 + np.arcsin(9 / sqrt(250)) / (2 * np.pi)
    assert lowest((50, 50, 50), (3, 4, 1))[0] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((10, 20, 30), (1.0, 0.0, 0.0)),
        ((20, 10, 10), (0.0, 0.5, 0.5)),
        ((10, 10, 10), (1 / 3, 1 / 3, 1 / 3)),
        ((10 + 1e-13, 10, 30), (0.5, 0.5, 0.0)),
    ],
)
def test_scores_without_error_are_certain_and_share_a_tie_evenly(
    values: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    assert lowest(values, (0, 0, 0)).tolist() == list(expected)


def test_one_score_with_error_stands_against_the_lowest_without() -> None:
    below = float(ndtr((40 - 45) / 10))
    assert lowest((45, 40, 60), (10, 0, 0)) == pytest.approx([below, 1 - below, 0], abs=1e-15)
    assert lowest((45, 40, 40), (10, 0, 0)) == pytest.approx([below, (1 - below) / 2, (1 - below) / 2], abs=1e-15)


def test_one_score_without_error_stands_against_two_with() -> None:
    both_above = float(ndtr(0.5) * ndtr(1.0))
    assert lowest((40, 45, 50), (0, 10, 10))[0] == pytest.approx(both_above, abs=1e-15)


@given(triples, error_triples)
def test_it_is_a_probability_and_sums_to_one(values: tuple[float, ...], sem: tuple[float, ...]) -> None:
    chances = lowest(values, sem)
    assert np.all((chances >= 0) & (chances <= 1))
    assert chances.sum() == pytest.approx(1, abs=1e-12)


@given(triples, error_triples, st.permutations(range(3)))
def test_the_order_of_the_three_changes_only_the_order(
    values: tuple[float, ...], sem: tuple[float, ...], order: list[int]
) -> None:
    turned = lowest(tuple(values[i] for i in order), tuple(sem[i] for i in order))
    assert turned == pytest.approx(lowest(values, sem)[order], abs=1e-12)


@given(triples, error_triples, st.floats(0, 30))
def test_raising_a_score_never_raises_its_probability(
    values: tuple[float, ...], sem: tuple[float, ...], rise: float
) -> None:
    raised = (values[0] + rise, *values[1:])
    assert lowest(raised, sem)[0] <= lowest(values, sem)[0] + 1e-12


@given(triples, st.tuples(*[st.floats(0.01, 40)] * 3), st.floats(0.01, 100))
def test_the_unit_of_measurement_does_not_matter(
    values: tuple[float, ...], sem: tuple[float, ...], unit: float
) -> None:
    other = lowest(tuple(unit * value for value in values), tuple(unit * error for error in sem))
    assert other == pytest.approx(lowest(values, sem), abs=1e-10)


def test_errors_of_very_different_size_keep_their_digits() -> None:
    nearly_sure = lowest((50, 50, 50 + 1e-6), (40, 2e-6, 1e-6))
    # The wide error decides half; the narrow ones share the other half by their own difference.
    share = float(ndtr(1 / sqrt(5)))
    assert nearly_sure == pytest.approx([0.5, 0.5 * share, 0.5 * (1 - share)], abs=1e-7)


@pytest.mark.parametrize("gap", [1e-9, 1e-15, 1e-30, 1e-46, 1e-99, 1e-150, 1e-200, 1e-207, 5e-324])
def test_ever_smaller_distances_lead_to_that_of_equal_scores(gap: float) -> None:
    assert lowest((0, 0, gap), (1, 1, 1)) == pytest.approx([1 / 3] * 3, abs=1e-9)
    assert lowest((0, gap, -gap), (1, 2, 3)) == pytest.approx(lowest((0, 0, 0), (1, 2, 3)), abs=1e-9)


def test_what_is_missing_is_nan_in_its_row_only_and_an_unknown_error_is_nan_everywhere() -> None:
    values = np.array([[50.0, np.nan, 60.0], [50.0, 60.0, 70.0]])
    assert np.isnan(probability_of_lowest(values, np.array([5.0, 5.0, 5.0]))).all(axis=1).tolist() == [True, False]
    assert np.isnan(probability_of_lowest(values, np.array([5.0, np.nan, 5.0]))).all()
    assert probability_of_lowest(np.empty((0, 3)), np.ones(3)).shape == (0, 3)
