"""Estimates against numerical integration, and the laws of their distributions."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import PlanError
from leadkit.wbs import Estimate

FOUNDRY = {"A": (1, 2, 3), "B": (2, 3, 4), "C": (1, 2, 3), "D": (2, 4, 6)}
FOUNDRY |= {"E": (1, 4, 7), "F": (1, 2, 9), "G": (3, 4, 11), "H": (1, 2, 3)}
KINDS = ("fixed", "uniform", "triangular", "pert", "lognormal", "lognormal_quantiles")


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Draw an estimate in minutes."""
    low, mode, high = sorted(draw(st.lists(st.floats(0, 1e4), min_size=3, max_size=3)))
    kind = draw(st.sampled_from(KINDS))
    if kind == "fixed":
        return Estimate.fixed(mode, "m")
    if kind == "uniform":
        return Estimate.uniform(low, high, unit="m")
    if kind == "triangular":
        return Estimate.triangular(low, mode, high, unit="m")
    if kind == "pert":
        return Estimate.pert(low, mode, high, shape=draw(st.floats(0, 20)), unit="m")
    if kind == "lognormal":
        return Estimate.lognormal(1 + mode, low, unit="m")
    return Estimate.lognormal_quantiles(1 + mode, 1 + high, unit="m")


def test_moments_and_quantiles_are_those_of_numerical_integration(golden: Callable[[str], Any]) -> None:
    cases = golden("wbs/estimates.json")["cases"]
    assert len(cases) == 33
    for case in cases:
        estimate = getattr(Estimate, case["kind"])(**case["args"], unit="m")
        # the integrals of the triangular density are good to nine digits
        assert estimate.mean == pytest.approx(case["mean"], rel=2e-9)
        assert estimate.variance == pytest.approx(case["variance"], rel=2e-9)
        assert estimate.sd == math.sqrt(estimate.variance)
        if "classical_variance" in case:
            assert estimate.classical_variance == pytest.approx(case["classical_variance"], rel=1e-13)
        else:
            assert estimate.classical_variance == estimate.variance
        for share, value in case["quantiles"].items():
            assert estimate.quantile(float(share)) == pytest.approx(value, rel=1e-12)


def test_general_foundry_has_the_textbook_means_and_variances() -> None:
    """B. Render, R. M. Stair, M. E. Hanna, Quantitative Analysis for Management: times in weeks, here in days."""
    means = [Estimate.pert(*points).mean / 480 for points in FOUNDRY.values()]
    assert means == pytest.approx([2, 3, 2, 4, 4, 3, 5, 2], rel=1e-15)
    path = [Estimate.pert(*FOUNDRY[own]).classical_variance / 480**2 for own in "ACEGH"]
    assert math.fsum(path) == pytest.approx(28 / 9, rel=1e-14)


def test_the_pert_variance_at_shape_four_is_a_seventh_of_the_product_of_distances() -> None:
    estimate = Estimate.pert(1, 4, 12, unit="m")
    assert estimate.variance == pytest.approx((estimate.mean - 1) * (12 - estimate.mean) / 7, rel=1e-15)
    assert estimate.classical_variance == pytest.approx((11 / 6) ** 2, rel=1e-15)


def test_a_pert_estimate_of_shape_zero_is_uniform() -> None:
    flat, uniform = Estimate.pert(2, 3, 10, shape=0, unit="m"), Estimate.uniform(2, 10, unit="m")
    assert (flat.mean, flat.variance) == pytest.approx((uniform.mean, uniform.variance), rel=1e-15)
    assert flat.quantile(0.3) == pytest.approx(uniform.quantile(0.3), rel=1e-14)


@pytest.mark.parametrize(("unit", "minutes"), [("m", 2), ("h", 120), ("d", 840), ("w", 4200)])
def test_units_become_minutes(unit: Any, minutes: float) -> None:
    assert Estimate.fixed(2, unit, day_minutes=420).parameters == (minutes,)
    assert Estimate.uniform(0, 2, unit=unit, day_minutes=420).parameters == (0, minutes)
    assert Estimate.triangular(0, 0, 2, unit=unit, day_minutes=420).parameters == (0, 0, minutes)
    assert Estimate.pert(0, 1, 2, unit=unit, day_minutes=420).parameters == (0, minutes / 2, minutes, 4)
    assert Estimate.lognormal(2, 1, unit=unit, day_minutes=420).parameters == (minutes, minutes / 2)
    assert Estimate.lognormal_quantiles(1, 2, unit=unit, day_minutes=420).parameters == (minutes / 2, minutes)


def test_days_of_eight_hours_are_the_default() -> None:
    assert Estimate.fixed(1) == Estimate.fixed(8, "h") == Estimate.fixed(480, "m")


@pytest.mark.parametrize(("value", "minutes"), [(0.5, 0), (1.5, 2), (2.5, 2), (3.4999, 3)])
def test_minutes_are_rounded_half_to_even(value: float, minutes: int) -> None:
    found = Estimate.fixed(value, "m").minutes()
    assert found == minutes
    assert type(found) is int


def test_minutes_take_the_mean_the_mode_or_a_quantile() -> None:
    estimate = Estimate.pert(60, 120, 540, unit="m")
    assert (estimate.minutes(), estimate.minutes("mean"), estimate.minutes("mode")) == (180, 180, 120)
    assert estimate.minutes(0.8) == round(estimate.quantile(0.8))
    assert (estimate.minutes(0), estimate.minutes(1)) == (60, 540)


@pytest.mark.parametrize("point", ["median", "means", -0.1, 1.1, math.nan, None, True, (0.5,)])
def test_a_point_that_is_none_is_refused(point: Any) -> None:
    with pytest.raises(ValueError, match=r"point: expected 'mean', 'mode' or a share in \[0, 1\], got"):
        Estimate.fixed(1).minutes(point)


def test_a_lognormal_estimate_has_no_longest_time() -> None:
    estimate = Estimate.lognormal(10, 3, unit="m")
    assert estimate.quantile(1) == math.inf
    with pytest.raises(ValueError, match="has no longest time"):
        estimate.minutes(1.0)


def test_modes_are_the_peaks_of_the_densities() -> None:
    assert Estimate.fixed(7, "m").mode == 7
    assert Estimate.uniform(2, 6, unit="m").mode == 4
    assert Estimate.triangular(1, 2, 6, unit="m").mode == 2
    assert Estimate.pert(1, 2, 6, unit="m").mode == 2
    lognormal = Estimate.lognormal(10, 5, unit="m")
    shares = np.linspace(0.001, 0.999, 20_001)
    values = lognormal.quantiles(shares)
    steepest = np.argmin(np.diff(values))
    assert lognormal.mode == pytest.approx(values[steepest], rel=1e-2)


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, "0.5", None])
def test_a_quantile_of_no_share_is_refused(p: Any) -> None:
    with pytest.raises(ValueError, match=r"p: expected a share in \[0, 1\], got"):
        Estimate.fixed(1).quantile(p)


def test_quantiles_refuse_what_is_no_share_and_keep_what_is_missing() -> None:
    estimate = Estimate.uniform(0, 10, unit="m")
    with pytest.raises(ValueError, match="every share"):
        estimate.quantiles([0.5, 1.5])
    assert np.array_equal(estimate.quantiles([[0.5, math.nan]]), [[5, math.nan]], equal_nan=True)


@settings(max_examples=30)
@given(estimates(), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_quantiles_rise_with_the_share(estimate: Estimate, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= estimate.quantile(low) <= estimate.quantile(high)


@settings(max_examples=30)
@given(estimates())
def test_the_mean_of_all_quantiles_is_the_mean(estimate: Estimate) -> None:
    middle = estimate.quantiles((np.arange(20_000) + 0.5) / 20_000).mean()
    assert middle == pytest.approx(estimate.mean, rel=1e-2, abs=0.02 * estimate.sd)


@settings(max_examples=30)
@given(estimates(), st.integers(0, 2**32))
def test_samples_have_the_distribution(estimate: Estimate, seed: int) -> None:
    drawn = estimate.sample(seed, 4000)
    assert drawn.shape == (4000,)
    assert (drawn >= 0).all()
    # a share of 4,000 is off by 6 standard errors in one case of 5e8
    for share in (0.1, 0.5, 0.9):
        below = (drawn <= estimate.quantile(share) * (1 + 1e-9)).mean()
        assert (
            estimate.sd < 1e-6 * estimate.mean
            or estimate.is_constant
            or abs(below - share) < 6 * math.sqrt(share * (1 - share) / 4000)
        )


def test_a_seed_draws_the_same_and_a_generator_moves_on() -> None:
    estimate = Estimate.triangular(1, 2, 6)
    assert np.array_equal(estimate.sample(3, (2, 5)), estimate.sample(np.random.default_rng(3), (2, 5)))
    rng = np.random.default_rng(3)
    assert not np.array_equal(estimate.sample(rng, 5), estimate.sample(rng, 5))


@pytest.mark.parametrize(
    "estimate",
    [
        Estimate.fixed(3, "m"),
        Estimate.uniform(3, 3, unit="m"),
        Estimate.triangular(3, 3, 3, unit="m"),
        Estimate.pert(3, 3, 3, unit="m"),
        Estimate.lognormal(3, 0, unit="m"),
        Estimate.lognormal_quantiles(3, 3, unit="m"),
    ],
)
def test_equal_ends_make_a_constant(estimate: Estimate) -> None:
    assert estimate.is_constant
    assert (estimate.mean, estimate.mode, estimate.variance, estimate.classical_variance) == (3, 3, 0, 0)
    assert (estimate.quantile(0), estimate.quantile(0.4), estimate.quantile(1)) == (3, 3, 3)
    assert estimate.sample(0, 3).tolist() == [3, 3, 3]


def test_nothing_takes_no_time_whatever_the_kind() -> None:
    assert Estimate.lognormal(0, 0).mean == Estimate.lognormal_quantiles(0, 0).mean == Estimate.pert(0, 0, 0).mean == 0


@settings(max_examples=30)
@given(estimates())
def test_an_estimate_is_a_value(estimate: Estimate) -> None:
    twin = Estimate.from_dict(json.loads(json.dumps(estimate.to_dict(), allow_nan=False)))
    assert twin == estimate
    assert hash(twin) == hash(estimate)
    assert pickle.loads(pickle.dumps(estimate)) == estimate  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Estimate.fixed(-1), "value: expected at least 0, got -480"),
        (lambda: Estimate.fixed(math.nan), "value: expected a finite number, got nan"),
        (lambda: Estimate.fixed(math.inf), "value: expected a finite number, got inf"),
        (lambda: Estimate.fixed("3"), "value: expected a number, got '3'"),  # type: ignore[arg-type]
        (lambda: Estimate.fixed(True), "value: expected a number, got True"),
        (lambda: Estimate.fixed(1e300), "value: expected at most"),
        (lambda: Estimate.uniform(2, 1, unit="m"), "low: 2 minutes are more than high"),
        (lambda: Estimate.triangular(2, 1, 3, unit="m"), "low: 2 minutes are more than mode"),
        (lambda: Estimate.pert(1, 4, 3, unit="m"), "mode: 4 minutes are more than high"),
        (lambda: Estimate.pert(1, 2, 3, shape=-1), "shape: expected at least 0, got -1"),
        (lambda: Estimate.lognormal(0, 1), "a lognormal time that varies has a mean above 0"),
        (lambda: Estimate.lognormal(1e-200, 1e10), "the mean or the variance of lognormal"),
        (lambda: Estimate.lognormal_quantiles(0, 1), "p10: a lognormal time is above 0"),
        (lambda: Estimate.lognormal_quantiles(2, 1, unit="m"), "p10: 2 minutes are more than p90"),
        (lambda: Estimate.lognormal_quantiles(1e-200, 1e10), "the mean or the variance of lognormal_quantiles"),
        (lambda: Estimate.fixed(1, "day"), r"unit: expected one of 'm', 'h', 'd', 'w', got 'day'"),  # type: ignore[arg-type]
        (lambda: Estimate.fixed(1, ["d"]), "unit: expected one of"),  # type: ignore[arg-type]
        (lambda: Estimate.fixed(1, day_minutes=0), "day_minutes: expected a finite number above 0"),
        (lambda: Estimate(kind="beta", parameters=(1,)), "kind: expected one of 'fixed'.*got 'beta'"),  # type: ignore[arg-type]
        (lambda: Estimate(kind=None, parameters=(1,)), "kind: expected one of"),  # type: ignore[arg-type]
        (lambda: Estimate(kind="pert", parameters=(1, 2)), "parameters: expected low, mode, high, shape, got"),
        (lambda: Estimate(kind="pert", parameters="1234"), "parameters: expected low, mode, high, shape, got '1234'"),
        (lambda: Estimate(kind="fixed", parameters=3), "parameters: expected value, got 3"),
        (lambda: Estimate.from_dict({"kind": "fixed"}), "'parameters' is missing"),
        (lambda: Estimate.from_dict({"kind": "fixed", "parameters": [1], "unit": "d"}), "unknown key 'unit'"),
    ],
)
def test_what_is_no_time_is_refused_by_name(make: Callable[[], Estimate], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        make()


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        Estimate.pert(-1, "x", math.nan, unit="y", day_minutes=-3)  # type: ignore[arg-type]
    assert {fault.where for fault in caught.value.faults} == {"unit", "day_minutes", "low", "mode", "high"}
