"""Places on the trait against reference numbers, against plain optimisation, and the laws they keep."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from leadkit.stats import FLAGS
from leadkit.stats.irt import (
    ItemParameters,
    ThetaScores,
    category_probabilities,
    estimate_theta,
    item_information,
)
from leadkit.typing import FloatArray

nan = math.nan
METHODS: tuple[Any, ...] = ("eap", "map", "ml", "wle")
KEYS = [("grm_science", "grm"), ("grm_lq2002_lead", "grm"), ("gpcm_science", "gpcm"), ("rasch_pcm_science", "gpcm")]
KEYS += [("twopl_dif_sim", "grm"), ("twopl_dif_sim", "gpcm")]
FILES = {"science": "mirt_science.csv", "lead": "lq2002.csv.gz", "sim": "dif_sim_1000x10.csv"}


@pytest.fixture(scope="module")
def answers(shared_data: Callable[[str], Path]) -> Callable[[str, list[str]], FloatArray]:
    """Columns of the shared data set that a key of the reference numbers is about."""

    def read(key: str, names: list[str]) -> FloatArray:
        path = shared_data(f"stats/{FILES[key.rsplit('_', maxsplit=1)[-1]]}")
        header = [name.strip('"') for name in np.genfromtxt(path, delimiter=",", dtype=str, max_rows=1)]
        return np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[header.index(name) for name in names])

    return read


def of_reference(expected: Any, model: Any) -> ItemParameters:
    rows = np.array(expected["irt_pars"], dtype=float)
    if expected["itemtype"] == "2PL":
        return ItemParameters(model, rows[:, 0], rows[:, 1:2], lowest=0)
    return ItemParameters(model, rows[:, 0], rows[:, 1:])


@st.composite
def taken_tests(draw: Any, model: Any = None, *, missing: bool = True) -> tuple[ItemParameters, FloatArray]:
    """Items, some with fewer categories than others, and a few persons' answers."""
    k, n = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    counts = [draw(st.integers(1, 3)) for _ in range(k)]
    thresholds = np.full((k, max(counts)), nan)
    for row, count in zip(thresholds, counts, strict=True):
        gaps = draw(st.lists(st.floats(0.1, 2), min_size=count, max_size=count))
        row[:count] = draw(st.floats(-3, 1)) + np.cumsum(gaps)
    slopes = draw(st.lists(st.floats(0.3, 3), min_size=k, max_size=k))
    parameters = ItemParameters(model or draw(st.sampled_from(["grm", "gpcm"])), slopes, thresholds)
    column = [st.integers(1, count + 1) | (st.just(nan) if missing else st.nothing()) for count in counts]
    return parameters, np.array([[draw(cell) for cell in column] for _ in range(n)], dtype=float)


def log_likelihood(parameters: ItemParameters, row: FloatArray, theta: float) -> float:
    probabilities = category_probabilities(parameters, theta)[0]
    answered = np.flatnonzero(~np.isnan(row))
    return math.fsum(math.log(probabilities[i, int(row[i]) - parameters.lowest]) for i in answered)


def second_difference(function: Callable[[float], float], at: float, step: float = 1e-3) -> float:
    return (function(at - step) - 2 * function(at) + function(at + step)) / step**2


# Reference numbers


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("key", "model"), KEYS)
def test_scores_are_those_of_the_reference(key: str, model: str, method: Any, golden: Any, answers: Any) -> None:
    reference = golden("stats/irt_dif.json")[key]
    x = answers(key, reference["item_names"])
    expected = reference["scores"][method.upper()]
    found = estimate_theta(
        x, of_reference(reference, model), method=method, prior_sd=math.sqrt(reference["latent_cov"])
    )
    rows = np.array(reference["scores_rows_1based"]) - 1
    theta_off, error_off = (1e-10, 1e-10) if method == "eap" else (1e-5, 5e-4)
    assert np.allclose(found.theta[rows], expected["theta"], rtol=0, atol=theta_off)
    assert np.allclose(found.standard_error[rows], expected["se"], rtol=0, atol=error_off)
    assert np.nanmean(found.theta) == pytest.approx(expected["mean"], abs=theta_off)
    assert np.nanstd(found.theta, ddof=1) == pytest.approx(expected["sd"], abs=theta_off)
    assert found.flags == (("no_maximum",) if method == "ml" else ())
    if method == "eap":
        assert found.empirical_reliability == pytest.approx(reference["empirical_rxx_EAP"], abs=1e-10)


# A second way


@settings(max_examples=20)
@given(taken_tests(), st.floats(-1, 1), st.floats(0.5, 2))
def test_eap_is_the_mean_of_the_posterior_summed_point_by_point(taken: Any, mean: float, sd: float) -> None:
    parameters, x = taken
    found = estimate_theta(x, parameters, prior_mean=mean, prior_sd=sd, n_quadpts=31, theta_range=(-5, 7))
    points = [-5 + 12 * j / 30 for j in range(31)]
    for place, row in enumerate(x):
        if np.isnan(row).all():
            continue
        weights = [math.exp(log_likelihood(parameters, row, t) - ((t - mean) / sd) ** 2 / 2) for t in points]
        total = math.fsum(weights)
        centre = math.fsum(w * t for w, t in zip(weights, points, strict=True)) / total
        variance = math.fsum(w * (t - centre) ** 2 for w, t in zip(weights, points, strict=True)) / total
        assert found.theta[place] == pytest.approx(centre, abs=1e-10)
        assert found.standard_error[place] == pytest.approx(math.sqrt(variance), abs=1e-10)


@pytest.mark.parametrize("method", ["map", "ml"])
@settings(max_examples=20)
@given(taken=taken_tests(), mean=st.floats(-1, 1), sd=st.floats(0.5, 2))
def test_maxima_are_where_plain_optimisation_finds_them(method: Any, taken: Any, mean: float, sd: float) -> None:
    parameters, x = taken
    found = estimate_theta(x, parameters, method=method, prior_mean=mean, prior_sd=sd)
    for place, row in enumerate(x):
        if math.isnan(found.theta[place]) or found.person_flags[place]:
            continue

        def objective(t: float, row: FloatArray = row) -> float:
            prior = ((t - mean) / sd) ** 2 / 2 if method == "map" else 0.0
            return log_likelihood(parameters, row, t) - prior

        ends = found.theta[place] - 3, found.theta[place] + 3
        best = minimize_scalar(lambda t: -objective(t), bounds=ends, method="bounded", options={"xatol": 1e-9})
        assert found.theta[place] == pytest.approx(best.x, abs=1e-4)
        curvature = -second_difference(objective, found.theta[place])
        assert found.standard_error[place] == pytest.approx(1 / math.sqrt(curvature), rel=1e-3)


@settings(max_examples=15)
@given(taken_tests("gpcm"))
def test_warms_weight_of_a_partial_credit_model_is_the_root_of_information(taken: Any) -> None:
    parameters, x = taken
    found = estimate_theta(x, parameters, method="wle")
    for place, row in enumerate(x):
        if np.isnan(row).all():
            continue
        answered = ~np.isnan(row)

        def objective(t: float, row: FloatArray = row, answered: Any = answered) -> float:
            information = item_information(parameters, t)[0, answered].sum()
            return log_likelihood(parameters, row, t) + 0.5 * math.log(information)

        at = float(found.theta[place])
        assert (objective(at + 1e-4) - objective(at - 1e-4)) / 2e-4 == pytest.approx(0, abs=1e-6)
        curvature = -second_difference(objective, at)
        assert found.standard_error[place] == pytest.approx(curvature**-0.5, rel=2e-3)
        assert objective(at) >= max(map(objective, np.linspace(-6, 6, 61))) - 1e-9


@settings(max_examples=25)
@given(taken_tests("grm"))
def test_warms_estimate_solves_his_equation_written_with_differences(taken: Any) -> None:
    parameters, x = taken
    found = estimate_theta(x, parameters, method="wle")
    for place, row in enumerate(x):
        answered = np.flatnonzero(~np.isnan(row))
        at = float(found.theta[place])
        if answered.size == 0 or abs(at) > 5:
            continue
        step = 1e-4
        low, p, high = category_probabilities(parameters, [at - step, at, at + step])
        first, second = (high - low) / (2 * step), (high - 2 * p + low) / step**2
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (first / p)[answered, row[answered].astype(int) - 1].sum()
            bias = np.where(p > 0, first * second / p, 0)[answered].sum()
        information = item_information(parameters, at)[0, answered].sum()
        assert score + bias / (2 * information) == pytest.approx(0, abs=2e-5)


def test_of_two_maxima_the_higher_is_taken() -> None:
    theta = np.linspace(-8, 8, 1601)
    for slopes in ([2.0, 1.9], [1.9, 2.0]):
        parameters = ItemParameters("gpcm", slopes, [[-4.0], [4.0]], lowest=0)
        weighted = 0.5 * np.log(item_information(parameters, theta).sum(axis=1))
        probabilities = category_probabilities(parameters, theta)
        weighted += np.log(probabilities[:, 0, 0]) + np.log(probabilities[:, 1, 1])
        peaks = 1 + np.flatnonzero((weighted[1:-1] > weighted[:-2]) & (weighted[1:-1] > weighted[2:]))
        assert peaks.size == 2
        for ends in ((-6.0, 6.0), (-1.0, 6.0), (-6.0, 1.0), (9.0, 10.0)):
            found = estimate_theta([[0, 1]], parameters, method="wle", theta_range=ends)
            assert found.theta[0] == pytest.approx(theta[peaks[np.argmax(weighted[peaks])]], abs=0.01)


# Laws


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(taken=taken_tests(), cut=st.integers(0, 6))
def test_persons_are_scored_alike_in_any_company(method: Any, taken: Any, cut: int) -> None:
    parameters, x = taken
    together = estimate_theta(x, parameters, method=method)
    parts = [estimate_theta(part, parameters, method=method) for part in (x[:cut], x[cut:])]
    turned = estimate_theta(x[::-1], parameters, method=method)
    for name in ("theta", "standard_error", "n_answered"):
        whole = getattr(together, name)
        assert np.array_equal(whole, np.concatenate([getattr(part, name) for part in parts]), equal_nan=True)
        assert np.array_equal(whole, getattr(turned, name)[::-1], equal_nan=True)
    assert together.person_flags == tuple(flags for part in parts for flags in part.person_flags)


@pytest.mark.parametrize("method", METHODS)
def test_blocks_of_many_persons_change_no_digit(method: Any) -> None:
    rng = np.random.default_rng(2)
    parameters = ItemParameters("grm", rng.uniform(0.5, 2, 12), np.sort(rng.normal(size=(12, 3)), axis=1), lowest=0)
    x = rng.integers(0, 4, (4500, 12)).astype(float)
    x[rng.random(x.shape) < 0.1] = nan
    together = estimate_theta(x, parameters, method=method)
    alone = [estimate_theta(x[[i]], parameters, method=method).theta[0] for i in range(0, 4500, 450)]
    assert np.array_equal(together.theta[::450], alone)
    apart = [estimate_theta(part, parameters, method=method).standard_error for part in np.array_split(x, 3)]
    assert np.array_equal(together.standard_error, np.concatenate(apart), equal_nan=True)


@pytest.mark.parametrize("method", METHODS)
@given(taken=taken_tests("grm"), data=st.data())
def test_raising_an_answer_never_lowers_the_estimate(method: Any, taken: Any, data: Any) -> None:
    parameters, x = taken
    item = data.draw(st.integers(0, parameters.n_items - 1))
    raised = x.copy()
    raised[:, item] = np.minimum(x[:, item] + 1, parameters.n_categories[item])
    before = estimate_theta(x, parameters, method=method).theta
    after = estimate_theta(raised, parameters, method=method).theta
    known = ~np.isnan(before) & ~np.isnan(after)
    assert (after[known] >= before[known] - 1e-9).all()


@given(taken_tests(), st.floats(-2, 2), st.floats(0.3, 3))
def test_eap_lies_inside_the_range(taken: Any, mean: float, sd: float) -> None:
    parameters, x = taken
    x = x[~np.isnan(x).all(axis=1)]
    found = estimate_theta(x, parameters, prior_mean=mean, prior_sd=sd, theta_range=(-2, 3), n_quadpts=7)
    assert ((found.theta >= -2) & (found.theta <= 3)).all()
    assert (found.standard_error >= 0).all()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20)
@given(taken=taken_tests(), shift=st.sampled_from([-1.0, 2.0]), scale=st.sampled_from([0.5, 2.0]))
def test_other_units_of_the_trait_move_the_estimate_with_them(
    method: Any, taken: Any, shift: float, scale: float
) -> None:
    parameters, x = taken
    other = ItemParameters(parameters.model, parameters.discrimination / scale, parameters.thresholds * scale + shift)
    ends = (-6 * scale + shift, 6 * scale + shift)
    plain = estimate_theta(x, parameters, method=method)
    moved = estimate_theta(x, other, method=method, prior_mean=shift, prior_sd=scale, theta_range=ends)
    assert np.allclose(moved.theta, plain.theta * scale + shift, rtol=1e-8, atol=1e-8, equal_nan=True)
    assert np.allclose(moved.standard_error, plain.standard_error * scale, rtol=1e-6, atol=0, equal_nan=True)


@settings(max_examples=15)
@given(taken_tests(missing=False))
def test_a_missing_answer_is_an_item_left_out(taken: Any) -> None:
    parameters, x = taken
    extra = [0.2] + [nan] * (parameters.thresholds.shape[1] - 1)
    longer = ItemParameters(parameters.model, [*parameters.discrimination, 1.3], [*parameters.thresholds, extra])
    padded = np.column_stack([x, np.full(len(x), nan)])
    for method in METHODS:
        one = estimate_theta(x, parameters, method=method)
        other = estimate_theta(padded, longer, method=method)
        assert np.allclose(one.theta, other.theta, rtol=0, atol=1e-10, equal_nan=True)
        assert np.array_equal(one.n_answered, other.n_answered)


def test_more_answers_make_the_estimates_of_all_methods_one() -> None:
    rng = np.random.default_rng(3)
    b = np.sort(rng.normal(0, 1, (400, 3)), axis=1)
    parameters = ItemParameters("grm", np.full(400, 1.5), b)
    x = 1 + (rng.random((5, 400, 1)) < 1 / (1 + np.exp(-1.5 * (0.7 - b)))).sum(axis=2)
    theta = [estimate_theta(x, parameters, method=method, n_quadpts=601).theta for method in METHODS]
    assert np.ptp(theta, axis=0) == pytest.approx(0, abs=0.01)
    assert np.mean(theta) == pytest.approx(0.7, abs=0.1)


# Edges


def test_two_thousand_items_do_not_underflow() -> None:
    rng = np.random.default_rng(4)
    for model in ("grm", "gpcm"):
        b = np.sort(rng.normal(0, 1, (2000, 4)), axis=1)
        parameters = ItemParameters(model, rng.uniform(0.5, 2, 2000), b)
        p = category_probabilities(parameters, 1.0)[0]
        x = 1 + (rng.random((3, 2000, 1)) > np.cumsum(p, axis=1)[:, :-1]).sum(axis=2)
        assert log_likelihood(parameters, x[0].astype(float), 1.0) < math.log(np.finfo(float).tiny)
        for method in METHODS:
            found = estimate_theta(x, parameters, method=method, n_quadpts=161, theta_range=(-1, 3))
            assert found.theta == pytest.approx([1, 1, 1], abs=0.15)
            assert found.standard_error == pytest.approx(
                np.full(3, item_information(parameters, 1.0).sum() ** -0.5), rel=0.1
            )


def test_a_row_without_answers_gives_the_prior_or_nothing() -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    x: Any = [[nan, nan], [1, 3], [2, 2]]
    for method in METHODS[:2]:
        found = estimate_theta(x, parameters, method=method, prior_mean=0.3, prior_sd=1.7)
        assert (found.theta[0], found.standard_error[0], found.n_answered[0]) == (0.3, 1.7, 0)
        assert found.person_flags == (("prior_only",), (), ())
        assert found.flags == ("prior_only",)
    for method in METHODS[2:]:
        found = estimate_theta(x, parameters, method=method)
        assert math.isnan(found.theta[0])
        assert math.isnan(found.standard_error[0])
        assert found.person_flags == (("all_missing",), (), ())


@pytest.mark.parametrize("model", ["grm", "gpcm"])
def test_answers_at_one_end_have_no_most_likely_place_but_warms_and_the_posterior_have(model: Any) -> None:
    parameters = ItemParameters(model, [1.0, 2.0, 1.0], [[-1.0, 1.0], [0.0, nan], [0.5, 0.7]])
    x: Any = [[1, 1, 1], [3, 2, 3], [3, nan, 3], [nan, 1, nan], [1, 2, 1], [2, nan, nan]]
    ml = estimate_theta(x, parameters, method="ml")
    assert np.isnan(ml.theta).tolist() == [True] * 4 + [False] * 2
    assert np.isnan(ml.standard_error).tolist() == [True] * 4 + [False] * 2
    assert ml.person_flags == (("no_maximum",),) * 4 + ((), ())
    for method in ("eap", "map", "wle"):
        found = estimate_theta(x, parameters, method=method)
        assert np.isfinite(found.theta).all()
        assert (found.standard_error > 0).all()
        assert found.theta[0] < found.theta[4] < found.theta[1]
        assert found.flags == ()


def test_a_maximum_outside_the_range_is_found_on_either_side() -> None:
    parameters = ItemParameters("gpcm", [0.5, 0.5, 0.5], [[-2.0], [2.0], [4.0]], lowest=0)
    x = np.array([[1.0, 1, 0], [0, 1, 0], [1, 0, 0]])
    for method in ("ml", "map", "wle"):
        wide = estimate_theta(x, parameters, method=method, prior_sd=30.0, theta_range=(-60, 60))
        for ends in ((5.5, 6.0), (40.0, 41.0), (-50.0, -49.0)):
            near = estimate_theta(x, parameters, method=method, prior_sd=30.0, theta_range=ends)
            assert near.theta == pytest.approx(wide.theta, abs=1e-9)
            assert near.standard_error == pytest.approx(wide.standard_error, rel=1e-9)


def test_a_maximum_beyond_the_reach_of_arithmetic_is_not_made_up() -> None:
    parameters = ItemParameters("grm", [500.0], [[20_000.0]])
    found = estimate_theta([[1], [1]], parameters, method="wle")
    assert np.isnan(found.theta).all()
    assert np.isnan(found.standard_error).all()
    assert found.person_flags == (("not_converged",),) * 2
    assert found.flags == ("not_converged", "too_few_rows")


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.5, 3.0), (2.0, -8.0), (500.0, -20.0), (500.0, 20.0)])
def test_warms_estimate_from_one_item_of_two_categories_is_where_its_probability_is_three_quarters(
    a: float, b: float
) -> None:
    # score + J / 2I = a (1 - p) + a (1 - 2p) / 2 = 0 for the higher answer
    found = estimate_theta([[2], [2]], ItemParameters("gpcm", [a], [[b]]), method="wle")
    assert found.theta == pytest.approx(np.full(2, b + math.log(3) / a), abs=1e-9)
    # minus the derivative, 2 a^2 p (1 - p)
    assert found.standard_error == pytest.approx(np.full(2, 1 / (a * math.sqrt(0.375))), rel=1e-9)


def test_answers_to_items_that_are_not_known_are_skipped() -> None:
    known = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    partly = ItemParameters("grm", [1.0, nan, 2.0], [[-1.0, 1.0], [nan, nan], [0.0, 0.5]])
    for method in METHODS:
        one = estimate_theta([[1, 2], [2, 3], [3, 1]], known, method=method)
        other = estimate_theta(np.array([[1, 7, 2], [2, 0.5, 3], [3, nan, 1]]), partly, method=method)
        assert np.allclose(one.theta, other.theta, rtol=0, atol=1e-12)
        assert other.n_answered.tolist() == [2, 2, 2]
    only: Any = estimate_theta([[1]], ItemParameters("grm", [nan], [[nan]]))
    assert (only.theta[0], only.person_flags) == (0.0, (("prior_only",),))


def test_codes_start_at_the_lowest_category() -> None:
    thresholds = [[-1.0, 1.0], [0.0, 0.5]]
    base = estimate_theta([[1, 2], [3, 1]], ItemParameters("gpcm", [1.0, 2.0], thresholds))
    for lowest in (-2, 0, 10):
        moved = ItemParameters("gpcm", [1.0, 2.0], thresholds, lowest=lowest)
        assert estimate_theta(np.array([[1, 2], [3, 1]]) + lowest - 1, moved) == base


def test_a_reliability_needs_two_persons_and_says_when_they_do_not_differ() -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    one = estimate_theta([[1, 3]], parameters)
    assert math.isnan(one.empirical_reliability)
    assert one.flags == ("too_few_rows",)
    same = estimate_theta([[1, 3]] * 4, parameters)
    assert (same.empirical_reliability, same.flags) == (0.0, ("no_variance",))
    nobody = estimate_theta(np.empty((0, 2)), parameters, method="ml")
    assert (nobody.theta.size, nobody.flags, nobody.to_records()) == (0, ("too_few_rows",), [])


@pytest.mark.parametrize("method", METHODS)
def test_the_reliability_is_the_share_of_variance_that_is_not_error(method: Any) -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    found = estimate_theta(np.array([[1, 3], [2, 2], [1, 1], [3, 2], [nan, nan]]), parameters, method=method)
    known = ~np.isnan(found.theta)
    between = np.var(found.theta[known], ddof=1)
    expected = between / (between + np.mean(found.standard_error[known] ** 2))
    assert found.empirical_reliability == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    "x",
    [
        np.array([[1, 2], [3, nan]], dtype=np.float32),
        np.array([[1, 2], [3, None]], dtype=object),
        np.ma.masked_array([[1, 2], [3, 9]], mask=[[False, False], [False, True]]),
        np.asfortranarray([[1, 2], [3, nan]]),
        [[1, 2], [3, None]],
    ],
)
def test_answers_of_every_kind_are_accepted_and_left_as_they_are(x: Any) -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    if isinstance(x, np.ndarray):
        x.flags.writeable = False
    for method in METHODS:
        expected = estimate_theta(np.array([[1, 2], [3, nan]]), parameters, method=method)
        assert estimate_theta(x, parameters, method=method) == expected


def test_scores_are_frozen_read_only_and_plain_on_demand() -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, 1.0], [0.0, 0.5]])
    found = estimate_theta(np.array([[1, 1], [2, 2], [nan, nan]]), parameters, method="ml")
    for name in ("theta", "standard_error", "n_answered"):
        assert not getattr(found, name).flags.writeable
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.method = "eap"  # type: ignore[misc]
    assert set(found.flags) <= set(FLAGS)
    assert (
        ThetaScores(
            **json.loads(json.dumps(found.to_dict(), allow_nan=False))
            | {name: getattr(found, name) for name in ("theta", "standard_error")}
        )
        == found
    )
    assert found.to_records()[0] == {
        "theta": None,
        "standard_error": None,
        "n_answered": 2,
        "flags": "no_maximum",
    }
    assert (found.method, found.prior_mean, found.prior_sd, found.n_quadpts) == ("ml", 0.0, 1.0, 61)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[1, 4]], r"responses\[0, 1\]: 4 is no category of item 'b', expected one of 1\.\.3"),
        ([[1, 3], [3, 2]], r"responses\[1, 0\]: 3 is no category of item 'a', expected one of 1\.\.2"),
        ([[0, 1]], r"responses\[0, 0\]: 0 is no category of item 'a', expected one of 1\.\.2"),
        ([[1, 1.5]], r"responses\[0, 1\]: 1\.5 is no category"),
        ([[1, 1e300]], r"responses\[0, 1\]: 1e\+300 is no category"),
        ([[1, 2, 3]], "responses: expected 2 columns, one an item, got 3"),
        ([1, 2], r"responses: expected two dimensions \(rows, columns\), got 1"),
        ([["1", "2"]], "responses: expected real numbers, got text"),
        ([[1, 2j]], "responses: expected real numbers, got complex numbers"),
        ([[1, math.inf]], r"responses\[0, 1\]: expected a finite number or NaN, got inf"),
        ([[1, 2], [1]], "responses: rows differ in length"),
    ],
)
def test_answers_that_are_no_categories_are_named(x: Any, message: str) -> None:
    parameters = ItemParameters("grm", [1.0, 2.0], [[-1.0, nan], [0.0, 0.5]], items=["a", "b"])
    for method in METHODS:
        with pytest.raises(ValueError, match=message):
            estimate_theta(x, parameters, method=method)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "mle"}, "method: expected one of 'eap', 'map', 'ml', 'wle', got 'mle'"),
        ({"prior_sd": 0.0}, "prior_sd: expected a finite number above 0, got 0.0"),
        ({"prior_sd": nan}, "prior_sd: expected a finite number above 0, got nan"),
        ({"prior_mean": nan}, "prior_mean: expected a finite number, got nan"),
        ({"prior_mean": math.inf}, "prior_mean: expected a finite number or NaN, got inf"),
        ({"prior_mean": [0.0, 1.0]}, "prior_mean: expected one number, got an array of 1 dimensions"),
        ({"n_quadpts": 1}, "n_quadpts: expected a whole number of at least 2, got 1"),
        ({"n_quadpts": 61.0}, r"n_quadpts: expected a whole number of at least 2, got 61\.0"),
        ({"theta_range": (1, 1)}, r"theta_range: expected \(low, high\) with low < high, got \(1, 1\)"),
        ({"theta_range": (1, 2, 3)}, r"theta_range: expected \(low, high\) with low < high"),
        ({"theta_range": (nan, 2)}, r"theta_range: expected \(low, high\) with low < high"),
        ({"theta_range": (-math.inf, 2)}, r"theta_range\[0\]: expected a finite number or NaN, got -inf"),
    ],
)
def test_options_outside_their_range_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        estimate_theta([[1]], ItemParameters("grm", [1.0], [[0.0]]), **options)


def test_points_further_apart_than_the_standard_error_are_flagged() -> None:
    long = ItemParameters("grm", np.full(200, 2.0), np.tile([[-1.0, 0.0, 1.0]], (200, 1)))
    answers = np.random.default_rng(1).integers(1, 5, (3, 200))
    coarse, fine = estimate_theta(answers, long), estimate_theta(answers, long, n_quadpts=601)
    assert set(coarse.person_flags) == {("coarse_grid",)}
    assert fine.flags == ()
    assert "coarse_grid" not in estimate_theta(answers, long, method="map").flags
