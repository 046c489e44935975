"""Category probabilities, information, expected scores and reliability against reference numbers and their formulas."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from leadkit.stats.irt import (
    ItemParameters,
    category_probabilities,
    expected_score,
    item_information,
    marginal_reliability,
)
from leadkit.typing import FloatArray

nan = math.nan
KEYS = [("grm_science", "grm"), ("grm_lq2002_lead", "grm"), ("gpcm_science", "gpcm"), ("rasch_pcm_science", "gpcm")]
KEYS += [("twopl_dif_sim", "grm"), ("twopl_dif_sim", "gpcm")]


def of_reference(expected: Any, model: Any) -> ItemParameters:
    rows = np.array(expected["irt_pars"], dtype=float)
    if expected["itemtype"] == "2PL":
        return ItemParameters(model, rows[:, 0], rows[:, 1:2], lowest=0, items=expected["item_names"])
    return ItemParameters(model, rows[:, 0], rows[:, 1:], items=expected["item_names"])


@st.composite
def parameters_of(draw: Any, model: Any = None) -> ItemParameters:
    """Items of either model, some with fewer categories than others."""
    k = draw(st.integers(1, 5))
    counts = [draw(st.integers(1, 4)) for _ in range(k)]
    thresholds = np.full((k, max(counts)), nan)
    for row, count in zip(thresholds, counts, strict=True):
        gaps = draw(st.lists(st.floats(0.05, 2), min_size=count, max_size=count))
        row[:count] = draw(st.floats(-4, 2)) + np.cumsum(gaps)
    slopes = draw(st.lists(st.floats(0.2, 4), min_size=k, max_size=k))
    return ItemParameters(model or draw(st.sampled_from(["grm", "gpcm"])), slopes, thresholds)


def by_formula(parameters: ItemParameters, theta: float) -> list[list[float]]:
    """Probabilities as the definitions write them, item by item."""
    rows = []
    for a, thresholds in zip(parameters.discrimination, parameters.thresholds, strict=True):
        b = [float(x) for x in thresholds if not math.isnan(x)]
        if parameters.model == "grm":
            at_least = [1.0, *(1 / (1 + math.exp(-a * (theta - x))) for x in b), 0.0]
            rows.append([high - low for high, low in pairwise(at_least)])
        else:
            odds = [math.exp(sum(a * (theta - x) for x in b[:c])) for c in range(len(b) + 1)]
            rows.append([x / sum(odds) for x in odds])
    return rows


@pytest.mark.parametrize(("key", "model"), KEYS)
def test_curves_are_those_of_the_reference(key: str, model: str, golden: Any) -> None:
    expected = golden("stats/irt_dif.json")[key]
    parameters, theta = of_reference(expected, model), expected["theta_grid"]
    information = item_information(parameters, theta)
    assert np.allclose(information.sum(axis=1), expected["test_information"], rtol=1e-10, atol=1e-10)
    assert np.allclose(information[:, 0], expected["item1_information"], rtol=0, atol=1e-10)
    assert np.allclose(category_probabilities(parameters, theta)[:, 0], expected["item1_probs"], rtol=0, atol=1e-10)
    assert np.allclose(expected_score(parameters, theta), expected["expected_test_score"], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("key", "model"), [x for x in KEYS if not x[0].startswith("rasch")])
def test_marginal_reliability_is_that_of_the_reference_and_of_a_fine_integral(
    key: str, model: str, golden: Any
) -> None:
    expected = golden("stats/irt_dif.json")[key]
    parameters = of_reference(expected, model)

    def integrand(t: float) -> float:
        information = item_information(parameters, t).sum()
        return float(information / (information + 1) * math.exp(-(t**2) / 2) / math.sqrt(2 * math.pi))

    # the reference integrates to a tolerance of 1e-4 that it betters, but not to ten digits
    assert marginal_reliability(parameters) == pytest.approx(expected["marginal_rxx"], abs=1e-9)
    fine = quad(integrand, -12, 12, epsabs=1e-14, epsrel=1e-12, limit=400)[0]
    assert marginal_reliability(parameters) == pytest.approx(fine, abs=1e-11)


@given(parameters_of(), st.floats(-5, 5))
def test_probabilities_are_what_the_definitions_say(parameters: ItemParameters, theta: float) -> None:
    found = category_probabilities(parameters, theta)[0]
    for row, expected in zip(found, by_formula(parameters, theta), strict=True):
        assert row[: len(expected)] == pytest.approx(expected, abs=1e-12)
        assert (row[len(expected) :] == 0).all()


@given(parameters_of(), st.lists(st.floats(-300, 300), min_size=1, max_size=5))
def test_probabilities_sum_to_one_and_information_is_never_negative(
    parameters: ItemParameters, theta: list[float]
) -> None:
    probabilities = category_probabilities(parameters, theta)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert np.allclose(probabilities.sum(axis=2), 1, rtol=0, atol=1e-12)
    assert (item_information(parameters, theta) >= 0).all()


@given(parameters_of(), st.floats(-4, 4))
def test_information_is_the_squared_slope_over_the_probability(parameters: ItemParameters, theta: float) -> None:
    step = 1e-5
    low, middle, high = category_probabilities(parameters, [theta - step, theta, theta + step])
    slope = (high - low) / (2 * step)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(middle > 1e-12, slope**2 / middle, 0)
    assert item_information(parameters, theta)[0] == pytest.approx(terms.sum(axis=1), rel=1e-4, abs=1e-6)


@given(parameters_of("grm"))
def test_the_expected_score_rises_from_the_lowest_sum_to_the_highest(parameters: ItemParameters) -> None:
    scores = expected_score(parameters, np.linspace(-300, 300, 61))
    assert (np.diff(scores) >= -1e-12).all()
    assert scores[0] == pytest.approx(parameters.n_items, abs=1e-9)
    assert scores[-1] == pytest.approx(parameters.n_categories.sum(), abs=1e-9)


@given(parameters_of(), st.integers(-3, 3))
def test_the_code_of_the_lowest_category_moves_the_expected_score_and_nothing_else(
    parameters: ItemParameters, lowest: int
) -> None:
    theta = [-1.0, 0.5]
    moved = ItemParameters(parameters.model, parameters.discrimination, parameters.thresholds, lowest=lowest)
    by = (lowest - 1) * parameters.n_items
    assert expected_score(moved, theta) == pytest.approx(expected_score(parameters, theta) + by, abs=1e-12)
    assert np.array_equal(item_information(moved, theta), item_information(parameters, theta))


@given(st.floats(0.2, 4), st.floats(-3, 3), st.floats(-5, 5))
def test_both_models_are_the_two_parameter_logistic_with_one_threshold(a: float, b: float, theta: float) -> None:
    graded, partial = ItemParameters("grm", [a], [[b]]), ItemParameters("gpcm", [a], [[b]])
    p = 1 / (1 + math.exp(-a * (theta - b)))
    for parameters in (graded, partial):
        assert category_probabilities(parameters, theta)[0, 0] == pytest.approx([1 - p, p], abs=1e-12)
        assert item_information(parameters, theta)[0, 0] == pytest.approx(a**2 * p * (1 - p), abs=1e-12)


def test_far_away_places_have_probabilities_of_0_and_1_and_no_information() -> None:
    for model in ("grm", "gpcm"):
        parameters = ItemParameters(model, [5.0], [[-1.0, 0.0, 1.0]])
        probabilities = category_probabilities(parameters, [-1e6, 1e6])[:, 0]
        assert probabilities.tolist() == [[1, 0, 0, 0], [0, 0, 0, 1]]
        assert item_information(parameters, [-1e6, 1e6]).tolist() == [[0], [0]]


def test_small_probabilities_keep_their_digits_between_close_thresholds() -> None:
    probabilities = category_probabilities(ItemParameters("grm", [1.0], [[0.0, 1e-13]]), [0.0, 30.0])[:, 0, 1]
    assert probabilities == pytest.approx([0.25e-13, 1e-13 * math.exp(-30)], rel=1e-9)


def test_a_missing_place_and_an_unknown_item_have_nan_curves() -> None:
    for model in ("grm", "gpcm"):
        parameters = ItemParameters(model, [1.0, nan], [[-1.0, 1.0], [nan, nan]])
        known = ItemParameters(model, [1.0], [[-1.0, 1.0]])
        probabilities = category_probabilities(parameters, [0.5, nan])
        assert np.isnan(probabilities[1]).all()
        assert np.isnan(probabilities[:, 1]).all()
        assert np.array_equal(probabilities[0, 0], category_probabilities(known, 0.5)[0, 0])
        information = item_information(parameters, [0.5])
        assert information[0, 0] == item_information(known, 0.5)[0, 0]
        assert math.isnan(information[0, 1])
        assert np.isnan(expected_score(parameters, [0.5])).all()
        assert marginal_reliability(parameters) == marginal_reliability(known)
        assert np.isnan(item_information(known, nan)).all()


def test_without_a_known_item_there_is_no_reliability() -> None:
    assert math.isnan(marginal_reliability(ItemParameters("grm", [nan], [[nan]])))


def test_reliability_grows_with_the_spread_of_the_trait_and_the_number_of_items() -> None:
    short = ItemParameters("gpcm", [1.0] * 3, [[-1.0, 1.0]] * 3)
    long = ItemParameters("gpcm", [1.0] * 30, [[-1.0, 1.0]] * 30)
    assert marginal_reliability(short, prior_sd=0.5) < marginal_reliability(short) < marginal_reliability(long) < 1
    # the same trait in other units
    other = ItemParameters("gpcm", [0.5] * 3, [[-2.0, 2.0]] * 3)
    assert marginal_reliability(other, prior_sd=2.0) == pytest.approx(marginal_reliability(short), abs=1e-12)


def test_long_tests_and_many_places_are_worked_on_in_parts() -> None:
    rng = np.random.default_rng(1)
    parameters = ItemParameters("grm", rng.uniform(0.5, 2, 500), np.sort(rng.normal(size=(500, 4)), axis=1))
    theta = np.linspace(-3, 3, 400)
    information, scores = item_information(parameters, theta), expected_score(parameters, theta)
    for place in (0, 130, 131, 399):
        assert np.array_equal(information[place], item_information(parameters, theta[place])[0])
        assert scores[place] == expected_score(parameters, theta[place])[0]
    assert 0.99 < marginal_reliability(parameters) < 1


@pytest.mark.parametrize(
    "theta",
    [
        np.array([0.5, nan], dtype=np.float32),
        np.array([0.5, None], dtype=object),
        np.ma.masked_array([0.5, 3.0], mask=[False, True]),
        np.array([[0.5, 9], [nan, 9]]).T[0],
    ],
)
def test_places_of_every_kind_are_accepted_and_left_as_they_are(theta: Any) -> None:
    parameters = ItemParameters("grm", [1.0], [[-1.0, 1.0]])
    before = theta.copy()
    theta.flags.writeable = False
    expected: FloatArray = category_probabilities(parameters, [0.5, nan])
    assert np.array_equal(category_probabilities(parameters, theta), expected, equal_nan=True)
    assert np.array_equal(np.ma.getdata(theta)[:1], np.ma.getdata(before)[:1])


def test_no_places_give_no_rows() -> None:
    parameters = ItemParameters("gpcm", [1.0, 2.0], [[-1.0, 1.0], [0.0, nan]])
    assert category_probabilities(parameters, []).shape == (0, 2, 3)
    assert item_information(parameters, []).shape == (0, 2)
    assert expected_score(parameters, []).shape == (0,)


@pytest.mark.parametrize("function", [category_probabilities, item_information, expected_score])
@pytest.mark.parametrize(
    ("theta", "message"),
    [
        ([[0.0]], "theta: expected one dimension, got 2"),
        (["0"], "theta: expected real numbers, got text"),
        ([0.0, -math.inf], r"theta\[1\]: expected a finite number or NaN, got -inf"),
        ([1j], "theta: expected real numbers, got complex numbers"),
    ],
)
def test_bad_places_are_named(function: Any, theta: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(ItemParameters("grm", [1.0], [[0.0]]), theta)


@pytest.mark.parametrize("value", [0.0, -1.0, nan])
def test_the_spread_of_the_trait_is_above_0(value: float) -> None:
    with pytest.raises(ValueError, match="prior_sd: expected a finite number above 0, got"):
        marginal_reliability(ItemParameters("grm", [1.0], [[0.0]]), prior_sd=value)
