"""Calibration against reference numbers, against its own likelihood, and what data that say too little give."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from scipy.special import logsumexp

from leadkit.stats import FLAGS
from leadkit.stats.irt import ItemParameters, calibrate, category_probabilities, estimate_theta
from leadkit.typing import FloatArray

mirt: Any = pytest.importorskip("mirt", reason="the extra irt is not installed")
nan = math.nan
KEYS = [
    ("grm_science", "grm", "mirt_science.csv"),
    ("grm_lq2002_lead", "grm", "lq2002.csv.gz"),
    ("gpcm_science", "gpcm", "mirt_science.csv"),
    ("rasch_pcm_science", "pcm", "mirt_science.csv"),
    ("twopl_dif_sim", "2pl", "dif_sim_1000x10.csv"),
]


def columns(path: Path, names: list[str]) -> FloatArray:
    header = [name.strip('"') for name in np.genfromtxt(path, delimiter=",", dtype=str, max_rows=1)]
    return np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[header.index(name) for name in names])


def simulated(n: int, parameters: ItemParameters, seed: int = 1, missing: float = 0.0) -> FloatArray:
    rng = np.random.default_rng(seed)
    rows = category_probabilities(parameters, rng.normal(size=n)).cumsum(axis=2)[:, :, :-1]
    x = parameters.lowest + (rng.random((n, parameters.n_items, 1)) > rows).sum(axis=2).astype(float)
    x[rng.random(x.shape) < missing] = nan
    return np.asarray(x)


def marginal_log_likelihood(x: FloatArray, parameters: ItemParameters, sd: float = 1.0) -> float:
    """Integrate on 601 equally spaced points, item by item."""
    points = np.linspace(-8, 8, 601)
    total = np.tile(-0.5 * points**2 - 0.5 * math.log(2 * math.pi) + math.log(16 / 600), (len(x), 1))
    with np.errstate(divide="ignore"):
        log_p = np.log(category_probabilities(parameters, points * sd))
    for item, column in enumerate(x.T):
        answered = ~np.isnan(column)
        total[answered] += log_p[:, item, column[answered].astype(int) - parameters.lowest].T
    return float(logsumexp(total, axis=1).sum())


@pytest.fixture(scope="module")
def items() -> ItemParameters:
    """Six items of three and two categories."""
    thresholds = [[-1.5, 0.5], [-0.5, 1.5], [-1.0, 1.0], [0.0, nan], [-2.0, 0.0], [1.0, nan]]
    return ItemParameters("grm", [1.0, 1.5, 2.0, 1.2, 0.8, 1.5], thresholds)


# Reference numbers


@pytest.mark.parametrize(("key", "model", "file"), KEYS)
def test_estimates_are_those_of_the_reference(
    key: str, model: Any, file: str, golden: Any, shared_data: Callable[[str], Path]
) -> None:
    expected = golden("stats/irt_dif.json")[key]
    x = columns(shared_data(f"stats/{file}"), expected["item_names"])
    found = calibrate(x, model=model, items=expected["item_names"])
    reference = np.array(expected["irt_pars"], dtype=float)
    thresholds = found.parameters.thresholds
    assert found.log_likelihood == pytest.approx(expected["logLik"], abs=1e-2)
    assert found.aic == pytest.approx(expected["AIC"], abs=2e-2)
    assert found.bic == pytest.approx(expected["BIC"], abs=2e-2)
    assert found.latent_sd**2 == pytest.approx(expected["latent_cov"], abs=1e-2)
    assert found.parameters.discrimination == pytest.approx(reference[:, 0], abs=1e-2)
    assert np.allclose(thresholds, reference[:, 1 : 1 + thresholds.shape[1]], rtol=0, atol=1e-2)
    assert found.parameters.items == tuple(expected["item_names"])
    assert found.parameters.lowest == x.min()
    assert (found.n, found.n_items, found.n_quadpts) == (expected["n"], expected["k"], 61)
    assert (found.converged, found.flags) == (True, ())
    assert found.engine == f"mirt {mirt.__version__}"


# A second way


@pytest.mark.parametrize("model", ["grm", "gpcm", "pcm"])
def test_the_log_likelihood_is_that_of_the_estimates_and_no_neighbour_has_more(
    model: Any, items: ItemParameters
) -> None:
    x = simulated(400, items, missing=0.1)
    found = calibrate(x, model=model, tolerance=1e-9)
    best = marginal_log_likelihood(x, found.parameters, found.latent_sd)
    assert found.log_likelihood == pytest.approx(best, abs=1e-6)
    slopes, thresholds = found.parameters.discrimination, found.parameters.thresholds
    for by in (-0.05, 0.05):
        for place in zip(*np.nonzero(~np.isnan(thresholds)), strict=True):
            moved = thresholds.copy()
            moved[place] += by
            near = attrs.evolve(found.parameters, thresholds=moved)
            assert marginal_log_likelihood(x, near, found.latent_sd) < best
        if model == "pcm":
            assert (slopes == 1).all()
            assert marginal_log_likelihood(x, found.parameters, found.latent_sd + by) < best
            continue
        for item in range(items.n_items):
            moved = slopes.copy()
            moved[item] += by
            assert marginal_log_likelihood(x, attrs.evolve(found.parameters, discrimination=moved)) < best


def test_information_criteria_count_every_threshold_and_slope(items: ItemParameters) -> None:
    x = simulated(300, items)
    for model, count in (("grm", 10 + 6), ("gpcm", 10 + 6), ("pcm", 10 + 1)):
        found = calibrate(x, model=model)  # type: ignore[arg-type]
        assert found.aic == pytest.approx(2 * count - 2 * found.log_likelihood, abs=1e-9)
        assert found.bic == pytest.approx(math.log(300) * count - 2 * found.log_likelihood, abs=1e-9)


def test_a_large_sample_gives_back_what_made_it(items: ItemParameters) -> None:
    found = calibrate(simulated(20_000, items, missing=0.05))
    assert found.parameters.discrimination == pytest.approx(items.discrimination, abs=0.15)
    assert np.allclose(found.parameters.thresholds, items.thresholds, rtol=0, atol=0.15, equal_nan=True)
    assert found.parameters.n_categories.tolist() == items.n_categories.tolist()


def test_with_two_categories_all_models_with_slopes_are_one() -> None:
    x = simulated(500, ItemParameters("grm", [1.0, 1.5, 2.0, 1.2], [[0.0], [-1.0], [0.5], [1.0]]))
    two, graded, partial = (calibrate(x, model=model, tolerance=1e-9) for model in ("2pl", "grm", "gpcm"))
    assert two.parameters.model == "grm"
    for other in (graded, partial):
        assert other.log_likelihood == pytest.approx(two.log_likelihood, abs=1e-4)
        assert other.parameters.discrimination == pytest.approx(two.parameters.discrimination, abs=5e-3)
        assert np.allclose(other.parameters.thresholds, two.parameters.thresholds, rtol=0, atol=5e-3)


def test_few_gauss_hermite_points_lose_likelihood_on_twenty_items_and_ours_do_not() -> None:
    rng = np.random.default_rng(5)
    b = np.sort(rng.normal(0, 1.2, (20, 4)), axis=1) + np.arange(4) * 0.1
    x = simulated(600, ItemParameters("grm", rng.uniform(0.8, 2.5, 20), b))
    found = calibrate(x)
    assert found.log_likelihood == pytest.approx(marginal_log_likelihood(x, found.parameters), abs=1e-4)
    coarse = mirt.fit_mirt(x.astype(int) - 1, model="GRM", n_quadpts=21, compute_standard_errors=False)
    at_its_estimates = ItemParameters(
        "grm", coarse.model.parameters["discrimination"], coarse.model.parameters["thresholds"]
    )
    assert abs(coarse.log_likelihood - marginal_log_likelihood(x, at_its_estimates)) > 1
    with pytest.raises(ValueError, match="n_quadpts: expected a whole number of at least 61, got 21"):
        calibrate(x, n_quadpts=21)


def test_more_points_than_needed_change_next_to_nothing(items: ItemParameters) -> None:
    x = simulated(300, items)
    usual, fine = calibrate(x), calibrate(x, n_quadpts=91)
    assert fine.n_quadpts == 91
    assert fine.log_likelihood == pytest.approx(usual.log_likelihood, abs=1e-4)


# Laws


@pytest.mark.parametrize("model", ["grm", "pcm"])
def test_the_order_of_rows_does_not_matter(model: Any, items: ItemParameters) -> None:
    x = simulated(300, items, missing=0.1)
    order = np.random.default_rng(0).permutation(300)
    assert calibrate(x[order], model=model) == calibrate(x, model=model)


def test_the_code_of_the_lowest_category_moves_the_codes_and_nothing_else(items: ItemParameters) -> None:
    x = simulated(300, items)
    base = calibrate(x)
    for shift in (-1, 7):
        moved = calibrate(x + shift)
        assert moved.parameters.lowest == base.parameters.lowest + shift
        assert attrs.evolve(moved, parameters=base.parameters) == base


def test_calibrated_items_score_the_answers_they_come_from(items: ItemParameters) -> None:
    x = simulated(400, items, missing=0.1)
    found = calibrate(x)
    scores = estimate_theta(x, found.parameters)
    assert np.nanmean(scores.theta) == pytest.approx(0, abs=0.01)
    assert np.corrcoef(scores.theta, np.nanmean(x, axis=1))[0, 1] > 0.9


@pytest.mark.parametrize("kind", ["float32", "object", "masked", "fortran"])
def test_answers_of_every_kind_are_accepted_and_left_as_they_are(kind: str, items: ItemParameters) -> None:
    x = simulated(200, items, missing=0.1)
    missing = np.isnan(x)
    given: Any = {
        "float32": x.astype(np.float32),
        "object": np.array([[None if math.isnan(value) else value for value in row] for row in x]),
        "masked": np.ma.masked_array(np.where(missing, 99, x), mask=missing),
        "fortran": np.asfortranarray(x),
    }[kind]
    given.flags.writeable = False
    assert calibrate(given) == calibrate(x)


# Data that say too little


def test_items_without_two_answers_in_use_are_left_out(items: ItemParameters) -> None:
    x = simulated(300, items)
    padded = np.column_stack([np.full(300, 2.0), x, np.full(300, nan)])
    found, alone = calibrate(padded), calibrate(x)
    assert found.flags == ("constant_item",)
    assert np.isnan(found.parameters.discrimination[[0, -1]]).all()
    assert np.array_equal(found.parameters.discrimination[1:-1], alone.parameters.discrimination)
    assert np.array_equal(found.parameters.thresholds[1:-1], alone.parameters.thresholds, equal_nan=True)
    assert (found.log_likelihood, found.bic, found.n, found.n_items) == (alone.log_likelihood, alone.bic, 300, 8)
    assert np.array_equal(estimate_theta(padded, found.parameters).theta, estimate_theta(x, alone.parameters).theta)


@pytest.mark.parametrize("recode", [{1.0: 4.0}, {2.0: 3.0, 3.0: 4.0}])
def test_an_item_with_a_category_out_of_use_is_left_out(recode: dict[float, float], items: ItemParameters) -> None:
    x = simulated(300, items)
    other = np.vectorize(lambda value: recode.get(value, value))(x[:, 0])
    found = calibrate(np.column_stack([other, x]))
    assert found.flags == ("underidentified",)
    assert found.parameters.is_known.tolist() == [False] + [True] * 6
    assert found.log_likelihood == calibrate(x).log_likelihood


def test_a_lowest_category_that_no_item_has_in_use_leaves_nothing(items: ItemParameters) -> None:
    found = calibrate(simulated(300, items), lowest=0)
    assert found.parameters.lowest == 0
    assert not found.parameters.is_known.any()
    assert (found.n, found.n_iterations, found.converged) == (0, 0, False)
    assert np.isnan([found.log_likelihood, found.aic, found.bic, found.latent_sd]).all()
    assert found.flags == ("rows_dropped", "underidentified")


def test_rows_without_an_answer_that_counts_are_dropped_and_said(items: ItemParameters) -> None:
    x = simulated(300, items)
    padded = np.column_stack([np.vstack([x, np.full((2, 6), nan)]), np.full(302, 1.0)])
    found = calibrate(padded)
    assert (found.n, found.flags) == (300, ("constant_item", "rows_dropped"))
    assert found.log_likelihood == calibrate(x).log_likelihood


@pytest.mark.parametrize(
    ("model", "n_items", "n_categories", "enough"),
    [("2pl", 2, 2, False), ("2pl", 3, 2, True), ("grm", 1, 5, False), ("pcm", 1, 3, False), ("pcm", 2, 2, True)],
)
def test_a_model_with_more_parameters_than_patterns_is_not_estimated(
    model: Any, n_items: int, n_categories: int, enough: bool
) -> None:
    b = np.linspace(-1, 1, n_categories - 1) + np.linspace(-0.2, 0.2, n_items)[:, None]
    found = calibrate(simulated(400, ItemParameters("gpcm", np.full(n_items, 1.5), b)), model=model)
    assert found.parameters.is_known.tolist() == [enough] * n_items
    assert math.isfinite(found.log_likelihood) == enough
    assert ("underidentified" in found.flags) == (not enough)


@pytest.mark.parametrize("x", [np.empty((0, 2)), np.full((3, 2), nan), [[1, 2]], np.ones((5, 2))])
def test_constant_and_empty_data_give_nan_with_the_reason(x: Any) -> None:
    for model in ("grm", "pcm"):
        found = calibrate(x, model=model)
        assert "constant_item" in found.flags
        assert ("too_few_rows" in found.flags) == (len(x) < 2)
        assert ("rows_dropped" in found.flags) == (len(x) > 0)
        assert math.isnan(found.log_likelihood)
        assert np.isnan(found.parameters.thresholds).all()
        assert found.parameters.lowest == 1


def test_a_negative_item_and_too_few_iterations_are_not_converged(items: ItemParameters) -> None:
    x = simulated(400, items)
    turned = x.copy()
    turned[:, 2] = 4 - x[:, 2]
    found = calibrate(turned)
    assert found.parameters.discrimination[2] < 0.3
    assert (found.converged, found.flags) == (False, ("not_converged",))
    short = calibrate(x, max_iterations=1)
    assert (short.converged, short.flags) == (False, ("not_converged",))
    assert short.log_likelihood < calibrate(x).log_likelihood


def test_a_shift_of_a_hundred_million_changes_no_estimate(items: ItemParameters) -> None:
    x = simulated(200, items)
    far, near = calibrate(x + 1e8), calibrate(x)
    assert far.log_likelihood == near.log_likelihood
    assert np.array_equal(far.parameters.discrimination, near.parameters.discrimination)


# Arguments and results


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mirt", None)
    with pytest.raises(ImportError, match=r"calibrate needs mirt: pip install 'leadkit\[irt\]'"):
        calibrate([[1, 2], [2, 1]])


def test_a_calibration_is_frozen_compared_by_value_and_plain_on_demand(items: ItemParameters) -> None:
    x = simulated(200, items)
    found = calibrate(x, model="pcm")
    assert found == calibrate(x, model="pcm")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.n = 3  # type: ignore[misc]
    assert not found.parameters.thresholds.flags.writeable
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert ItemParameters(**plain["parameters"]) == found.parameters
    assert set(found.flags) <= set(FLAGS)
    empty = json.loads(json.dumps(calibrate([[1, 1], [1, 1]]).to_dict(), allow_nan=False))
    assert empty["log_likelihood"] is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "rasch"}, "model: expected one of 'grm', 'gpcm', 'pcm', '2pl', got 'rasch'"),
        ({"n_quadpts": 60}, "n_quadpts: expected a whole number of at least 61, got 60"),
        ({"n_quadpts": 61.0}, r"n_quadpts: expected a whole number of at least 61, got 61\.0"),
        ({"tolerance": 0.0}, r"tolerance: expected a finite number above 0, got 0\.0"),
        ({"tolerance": nan}, "tolerance: expected a finite number above 0, got nan"),
        ({"max_iterations": 0}, "max_iterations: expected a whole number of at least 1, got 0"),
        ({"lowest": 2}, r"responses\[0, 0\]: 1 is below the lowest category 2"),
        ({"lowest": 1.0}, r"lowest: expected a whole number, got 1\.0"),
        ({"lowest": False}, "lowest: expected a whole number, got False"),
        ({"items": ["a"]}, "items: expected 2 names, got 1"),
        ({"items": ["a", "a"]}, r"items: names \['a'\] are there more than once"),
        ({"model": "2pl"}, r"responses\[1, 1\]: 3 is outside 1\.\.2, the two categories of model '2pl'"),
        ({"responses": [[1, 2.5]]}, r"responses\[0, 1\]: expected the whole number of a category, got 2\.5"),
        ({"responses": [[1, 1e300]]}, r"responses\[0, 1\]: expected the whole number of a category, got 1e\+300"),
        ({"responses": [["1", "2"]]}, "responses: expected real numbers, got text"),
        ({"responses": [[1, 2j]]}, "responses: expected real numbers, got complex numbers"),
        ({"responses": [[1, math.inf]]}, r"responses\[0, 1\]: expected a finite number or NaN, got inf"),
        ({"responses": [1, 2]}, r"responses: expected two dimensions \(rows, columns\), got 1"),
        ({"responses": np.empty((3, 0))}, "responses: expected at least one column, got none"),
        ({"responses": [[1, 2], [1]]}, "responses: rows differ in length"),
    ],
)
def test_bad_arguments_are_named(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"responses": [[1, 2], [2, 3], [2, 1]]} | changes
    with pytest.raises(ValueError, match=message):
        calibrate(**arguments)
