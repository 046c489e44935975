"""The response surface against reference numbers, plain least squares, eigenvectors, a peer and its laws."""

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
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS, ResponseSurface, response_surface

CLOSED = 1e-10
nan = math.nan
UNDEFINED = (
    "coefficients",
    "standard_errors",
    "covariance",
    "surface",
    "surface_standard_errors",
    "surface_t",
    "surface_p",
    "surface_low",
    "surface_high",
    "stationary_point",
    "first_axis",
    "second_axis",
    "r2",
    "adjusted_r2",
    "f",
)

seeds = st.integers(0, 2**32)


def simulated(seed: int, n: int = 40) -> Any:
    """Outcome, own and others' scores of n people, (n, 3)."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(3.2, 0.9, n), rng.normal(3.0, 0.7, n)
    b = rng.normal(0, 0.5, 6)
    u, v = x - 3, y - 3
    z = b[0] + b[1] * u + b[2] * v + b[3] * u**2 + b[4] * u * v + b[5] * v**2 + rng.normal(0, 0.5, n)
    return np.column_stack([z, x, y])


def of(table: Any, centre: Any = 3.0, **options: Any) -> ResponseSurface:
    return response_surface(table[:, 0], table[:, 1], table[:, 2], centre=centre, **options)


def close(first: Any, second: Any, *, rel: float = 1e-9, abs_: float = 1e-9) -> None:
    assert np.allclose(first, second, rtol=rel, atol=abs_, equal_nan=True)


def plain_fit(table: Any, centre: float) -> tuple[Any, Any]:
    """Coefficients and covariance from the normal equations."""
    z, u, v = table[:, 0], table[:, 1] - centre, table[:, 2] - centre
    design = np.column_stack([np.ones(len(u)), u, v, u * u, u * v, v * v])
    inverse = np.linalg.inv(design.T @ design)
    b = inverse @ design.T @ z
    residual = z - design @ b
    return b, inverse * (residual @ residual) / (len(z) - 6)


# Golden numbers and second ways


def test_the_reference_surface_of_300_people_comes_out(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/groups_norms_rsa.json")["rsa_sim_300"]
    own, others, outcome = np.genfromtxt(shared_data("stats/rsa_sim_300.csv"), delimiter=",", skip_header=1).T
    result = response_surface(outcome, own, others, centre=known["center"])
    for ours, theirs in (
        (result.coefficients, known["b"]),
        (result.standard_errors, known["se_b"]),
        (result.surface, list(known["a"].values())),
        (result.surface_standard_errors, list(known["se"].values())),
        (result.surface_t, list(known["t"].values())),
        (result.surface_p, list(known["p"].values())),
        (result.stationary_point, known["stationary"]),
        (result.first_axis, (known["p10"], known["p11"])),
        (result.second_axis, (known["p20"], known["p21"])),
        ((result.r2, result.adjusted_r2), (known["r2"], known["adj_r2"])),
    ):
        assert np.allclose(ours, theirs, rtol=0, atol=CLOSED)
    assert result.f == pytest.approx(known["F"], rel=1e-10)
    assert (result.n, result.df, result.centre) == (known["n"], known["df_resid"], (3, 3))
    assert list(known["a"]) == list(result.parameters)
    assert result.flags == ()


@given(seeds, st.sampled_from([0.0, 2.5, 3.0]))
def test_coefficients_solve_the_normal_equations(seed: int, centre: float) -> None:
    table = simulated(seed)
    result = of(table, centre)
    b, covariance = plain_fit(table, centre)
    close(result.coefficients, b, rel=1e-7, abs_=1e-7)
    close(result.covariance, covariance, rel=1e-7, abs_=1e-7)
    close(result.standard_errors, np.sqrt(covariance.diagonal()), rel=1e-7, abs_=1e-7)
    b1, b2, b3, b4, b5 = b[1:]
    close(result.surface, [b1 + b2, b3 + b4 + b5, b1 - b2, b3 - b4 + b5, b3 - b5], rel=1e-7, abs_=1e-7)
    variance = covariance[3, 3] + covariance[5, 5] - 2 * covariance[3, 5]
    assert result.surface_standard_errors[4] == pytest.approx(math.sqrt(variance), rel=1e-6)


def test_statsmodels_gives_the_same_regression_and_tests() -> None:
    api = pytest.importorskip("statsmodels.regression.linear_model")
    z, x, y = simulated(7).T
    u, v = x - 3, y - 3.5
    fit = api.OLS(z, np.column_stack([np.ones(40), u, v, u**2, u * v, v**2])).fit()
    result = response_surface(z, x, y, centre=(3, 3.5), level=0.9)
    contrasts = np.array(
        [[0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 1, -1, 0, 0, 0], [0, 0, 0, 1, -1, 1], [0, 0, 0, 1, 0, -1]]
    )
    tests = fit.t_test(contrasts)
    for ours, theirs in (
        (result.coefficients, fit.params),
        (result.covariance, fit.cov_params()),
        (result.surface, tests.effect),
        (result.surface_t, np.ravel(tests.tvalue)),
        (result.surface_p, np.ravel(tests.pvalue)),
        (np.column_stack([result.surface_low, result.surface_high]), tests.conf_int(alpha=0.1)),
        ((result.r2, result.adjusted_r2, result.f), (fit.rsquared, fit.rsquared_adj, fit.fvalue)),
    ):
        close(ours, theirs, rel=1e-10, abs_=1e-10)
    assert result.level == 0.9


@given(seeds)
def test_the_surface_is_level_at_the_stationary_point_and_its_axes_are_the_eigenvectors(seed: int) -> None:
    result = of(simulated(seed))
    b1, b2, b3, b4, b5 = result.coefficients[1:]
    hessian = np.array([[2 * b3, b4], [b4, 2 * b5]])
    assume(np.linalg.cond(hessian) < 1e4)
    assume(abs(b4) > 1e-3)
    assert hessian @ result.stationary_point == pytest.approx([-b1, -b2], abs=1e-9)
    for intercept, slope in (result.first_axis, result.second_axis):
        x, y = result.stationary_point
        assert intercept + slope * x == pytest.approx(y, rel=1e-9, abs=1e-9)
        direction = np.array([1, slope]) / math.hypot(1, slope)
        turned = hessian @ direction
        assert turned[0] * direction[1] - turned[1] * direction[0] == pytest.approx(0, abs=1e-9)
    assert result.first_axis[1] * result.second_axis[1] == pytest.approx(-1)
    root = math.sqrt((b3 - b5) ** 2 + b4**2)
    assert result.first_axis[1] == pytest.approx((b5 - b3 + root) / b4, rel=1e-6)
    assert result.second_axis[1] == pytest.approx((b5 - b3 - root) / b4, rel=1e-6)


def test_intervals_and_p_values_come_from_t_with_n_less_6_degrees_of_freedom() -> None:
    result = of(simulated(3), level=0.8)
    t = scipy.stats.t(34)
    close(result.surface_p, 2 * t.sf(np.abs(result.surface_t)))
    close(result.surface_low, result.surface - t.ppf(0.9) * result.surface_standard_errors)
    close(result.surface_high, result.surface + t.ppf(0.9) * result.surface_standard_errors)


def test_a_surface_without_error_is_found_again() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(1, 8, 60).astype(float), rng.integers(1, 8, 60).astype(float)
    u, v = x - 4, y - 4
    b = [2.0, 0.5, -0.25, -0.3, 0.4, -0.2]
    z = b[0] + b[1] * u + b[2] * v + b[3] * u**2 + b[4] * u * v + b[5] * v**2
    result = response_surface(z, x, y, centre=4)
    assert result.coefficients == pytest.approx(b, abs=1e-12)
    assert (result.r2, result.adjusted_r2) == (1, 1)
    assert result.standard_errors.tolist() == [0] * 6
    assert np.isnan(result.surface_t).all()
    assert np.isnan(result.surface_p).all()
    assert math.isnan(result.f)
    assert result.flags == ("no_variance",)
    close(result.value(x, y), z, rel=1e-12)


# Laws


@given(seeds)
def test_swapping_self_and_other_flips_a3_and_a5_and_keeps_the_rest(seed: int) -> None:
    table = simulated(seed)
    forth, back = of(table, (3.0, 2.8)), of(table[:, [0, 2, 1]], (2.8, 3.0))
    signs = np.array([1, 1, -1, 1, -1])
    close(back.surface, signs * forth.surface)
    close(back.surface_t, signs * forth.surface_t)
    close(back.surface_p, forth.surface_p)
    close(back.coefficients, forth.coefficients[[0, 2, 1, 5, 4, 3]])
    assert (back.r2, back.f) == pytest.approx((forth.r2, forth.f))


@given(seeds, seeds)
def test_the_order_of_people_changes_nothing(seed: int, other: int) -> None:
    table = simulated(seed)
    moved = of(np.random.default_rng(other).permutation(table))
    whole = of(table)
    for name in UNDEFINED:
        ours, theirs = np.asarray(getattr(moved, name)), np.asarray(getattr(whole, name))
        if "axis" in name or "point" in name:
            # a small determinant magnifies the last digit of the coefficients
            close(ours, theirs, rel=1e-9, abs_=1e-11)
        else:
            assert np.abs(ours - theirs).max() <= 1e-12 * max(1.0, np.abs(theirs).max())


@given(seeds, st.floats(-4, 8), st.floats(-4, 8))
def test_the_centre_moves_the_words_and_not_the_surface(seed: int, first: float, second: float) -> None:
    table = simulated(seed)
    near, moved = of(table), of(table, (first, second))
    close(moved.value(table[:, 1], table[:, 2]), near.value(table[:, 1], table[:, 2]))
    close(moved.coefficients[3:], near.coefficients[3:])
    close(moved.surface[[1, 3, 4]], near.surface[[1, 3, 4]])
    assert (moved.r2, moved.f) == pytest.approx((near.r2, near.f))
    assume(np.abs(near.stationary_point).max() < 1e3)
    close(moved.stationary_point + np.array([first, second]), near.stationary_point + 3, rel=1e-6, abs_=1e-6)


@given(seeds)
def test_a_large_offset_of_scores_and_centre_changes_nothing(seed: int) -> None:
    table = np.round(64 * simulated(seed)) / 64
    near, far = of(table), of(table + np.array([0, 1e8, 1e8]), 1e8 + 3)
    for name in ("coefficients", "covariance", "surface", "surface_t", "r2", "f"):
        close(getattr(far, name), getattr(near, name), rel=1e-6, abs_=1e-6)
    assert far.flags == near.flags
    raised = of(table + np.array([1e8, 0, 0]))
    close(raised.coefficients - np.array([1e8, 0, 0, 0, 0, 0]), near.coefficients, rel=1e-6, abs_=1e-6)


@given(seeds, st.floats(0.1, 10), st.floats(-5, 5))
def test_another_unit_of_the_outcome_multiplies_the_surface_and_keeps_t(seed: int, factor: float, shift: float) -> None:
    table = simulated(seed)
    near, moved = of(table), of(table * np.array([factor, 1, 1]) + np.array([shift, 0, 0]))
    close(moved.surface, factor * near.surface)
    close(moved.surface_t, near.surface_t, rel=1e-7, abs_=1e-7)
    assert moved.r2 == pytest.approx(near.r2)


@settings(max_examples=20)
@given(seeds, st.integers(2, 3))
def test_everybody_several_times_keeps_the_coefficients(seed: int, times: int) -> None:
    table = simulated(seed)
    close(of(np.tile(table, (times, 1))).coefficients, of(table).coefficients)


@given(seeds, st.floats(0.1, 0.9))
def test_a_wider_level_has_a_wider_interval_around_the_estimate(seed: int, level: float) -> None:
    narrow, wide = of(simulated(seed), level=level), of(simulated(seed), level=level + 0.09)
    assert (wide.surface_low < narrow.surface_low).all()
    assert (narrow.surface_low < narrow.surface).all()
    assert (narrow.surface < narrow.surface_high).all()
    assert (narrow.surface_high < wide.surface_high).all()


# The fitted surface


def test_the_value_is_the_polynomial_on_the_raw_scale_and_broadcasts() -> None:
    result = of(simulated(5), (3.0, 2.0))
    b = result.coefficients
    x, y = 4.0, 1.5
    expected = b[0] + b[1] * 1 + b[2] * -0.5 + b[3] * 1 + b[4] * -0.5 + b[5] * 0.25
    assert float(result.value(x, y)) == pytest.approx(expected)
    assert float(result.value(3.0, 2.0)) == pytest.approx(b[0])
    grid = result.value(np.arange(3)[:, None], np.arange(4)[None, :])
    assert grid.shape == (3, 4)
    assert grid[2, 1] == pytest.approx(float(result.value(2, 1)))
    assert np.isnan(result.value([1.0, nan], 2.0)).tolist() == [False, True]
    assert math.isnan(result.value(np.array([None], dtype=object), 2)[0])


def test_the_mean_of_the_values_is_the_mean_of_the_outcome() -> None:
    table = simulated(6)
    result = of(table)
    assert result.value(table[:, 1], table[:, 2]).mean() == pytest.approx(table[:, 0].mean())


# Edges


def test_people_with_a_gap_are_left_out_and_flagged() -> None:
    table = simulated(8)
    gappy = np.vstack([table, [[nan, 1, 2], [1, nan, 2], [1, 2, nan]]])
    result = of(gappy)
    assert attrs.evolve(result, flags=(), n_rows=40) == of(table)
    assert (result.n, result.n_rows, result.flags) == (40, 43, ("rows_dropped",))


@pytest.mark.parametrize("n", [0, 1, 2, 6])
def test_fewer_than_7_people_cannot_carry_a_surface(n: int) -> None:
    result = of(simulated(9, 40)[:n])
    for name in UNDEFINED:
        assert np.isnan(getattr(result, name)).all(), name
    assert (result.n, result.df) == (n, 0)
    assert result.flags == ("too_few_rows",)
    assert np.isnan(result.value(3, 3))


def test_7_people_can() -> None:
    result = of(simulated(9, 7))
    assert np.isfinite(result.surface_t).all()
    assert (result.df, result.flags) == (1, ())


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (np.full(20, 3.0), np.linspace(1, 5, 20)),
        (np.linspace(1, 5, 20), np.linspace(1, 5, 20)),
        (np.linspace(1, 5, 20), 6 - 0.7 * np.linspace(1, 5, 20)),
        (np.arange(20) % 2 + 1.0, np.linspace(1, 5, 20)),
        (np.where(np.arange(20) % 3 > 0, 0.3, 0.1 + 0.2), np.linspace(1, 5, 20)),
        (1e8 + 0.1 * (np.arange(20) % 2), np.linspace(1, 5, 20)),
        (1e8 + np.linspace(1, 5, 20), 1e8 - 0.7 * np.linspace(1, 5, 20)),
        (1e8 + 0.1 * (np.arange(20) % 2) + 2e-8 * (np.arange(20) % 3 == 0), np.linspace(1, 5, 20)),
    ],
)
def test_linearly_dependent_terms_give_nan_and_a_flag(own: Any, others: Any) -> None:
    for x, y in ((own, others), (others, own)):
        result = response_surface(np.sin(np.arange(20)), x, y, centre=3)
        for name in UNDEFINED:
            assert np.isnan(getattr(result, name)).all(), name
        assert (result.n, result.df, result.flags) == (20, 14, ("singular_covariance",))


def test_a_constant_outcome_has_a_flat_surface() -> None:
    table = simulated(10)
    table[:, 0] = 0.3
    table[3, 0] = 0.1 + 0.2
    result = of(table)
    assert result.coefficients == pytest.approx([0.3, 0, 0, 0, 0, 0])
    assert result.coefficients[1:].tolist() == [0] * 5
    assert np.isnan([result.r2, result.adjusted_r2, result.f]).all()
    assert np.isnan(result.surface_t).all()
    assert result.flags == ("no_curvature", "no_variance")


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_a_plane_has_no_stationary_point_even_when_rounding_bends_it(offset: float) -> None:
    _, x, y = simulated(11).T
    result = response_surface(0.3 * x + 0.7 * y + 0.1, x + offset, y + offset, centre=offset + 3)
    for point in (result.stationary_point, result.first_axis, result.second_axis):
        assert np.isnan(point).all()
    assert result.flags == ("no_curvature", "no_variance")


def test_a_ridge_has_no_stationary_point() -> None:
    _, x, y = simulated(12).T
    result = response_surface(4 - (x - y) ** 2 / 3, x, y, centre=3)
    assert np.isnan(result.stationary_point).all()
    assert result.flags == ("no_curvature", "no_variance")


def test_axes_along_the_coordinates_are_unknown_and_the_stationary_point_is_not() -> None:
    rng = np.random.default_rng(13)
    x, y = rng.normal(3, 1, 30), rng.normal(3, 1, 30)
    result = response_surface((x - 4) ** 2 + 2 * (y - 2.5) ** 2, x, y, centre=3)
    assert result.stationary_point == pytest.approx([1, -0.5])
    assert np.isnan([result.first_axis, result.second_axis]).all()
    assert result.flags == ("no_curvature", "no_variance")


@pytest.mark.parametrize(("b3", "b4", "b5"), [(3, 1e-3, -1), (3, -1e-3, -1), (-1, 1e-3, 3), (-1, -1e-3, 3)])
def test_slopes_keep_their_digits_when_the_axes_lie_near_the_coordinates(b3: float, b4: float, b5: float) -> None:
    rng = np.random.default_rng(14)
    u, v = rng.normal(0, 1, 30), rng.normal(0, 1, 30)
    noise = 1e-9 * rng.normal(0, 1, 30)
    result = response_surface(b3 * u**2 + b4 * u * v + b5 * v**2 + u + noise, u, v, centre=0)
    f3, f4, f5 = result.coefficients[3:]
    angle = 0.5 * math.atan2(f4, f3 - f5)
    slopes = sorted((math.tan(angle), -1 / math.tan(angle)), key=lambda slope: slope * f4)
    assert result.first_axis[1] == pytest.approx(slopes[1], rel=1e-9)
    assert result.second_axis[1] == pytest.approx(slopes[0], rel=1e-9)


@pytest.mark.parametrize(
    "as_kind",
    [
        lambda v: np.array(v, dtype=np.float32),
        lambda v: np.array([None if math.isnan(x) else x for x in v], dtype=object),
        lambda v: np.ma.masked_invalid(np.where(np.isnan(v), np.inf, v)),
        lambda v: np.array([v, v], order="F")[0],
        lambda v: np.array([v, v]).T[:, 1],
    ],
)
def test_values_of_every_kind_are_taken_and_not_changed(as_kind: Callable[[Any], Any]) -> None:
    table = np.round(64 * simulated(15)) / 64
    table[4, 1] = nan
    kinds = [as_kind(column) for column in table.T]
    for array in kinds:
        array.flags.writeable = False
    assert response_surface(kinds[0], kinds[1], kinds[2], centre=3) == of(table)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = of(simulated(16))
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert [record["parameter"] for record in records] == ["a1", "a2", "a3", "a4", "a5"]
    assert list(records[0]) == ["parameter", "estimate", "standard_error", "t", "p_value", "low", "high"]
    assert records[3]["estimate"] == result.surface[3]
    assert "a3" in result._repr_html_()
    for one in (result, of(simulated(16, 3))):
        json.dumps(one.to_dict(), allow_nan=False)
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
        assert set(one.flags) <= set(FLAGS)
        for a in attrs.fields(type(one)):
            if isinstance(getattr(one, a.name), np.ndarray):
                assert not getattr(one, a.name).flags.writeable, a.name
    assert result.to_dict()["centre"] == [3.0, 3.0]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n = 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: response_surface(["3"], [2], [1], centre=3), "outcome: expected real numbers, got text"),
        (lambda: response_surface([3], [2j], [1], centre=3), "self_scores: expected real numbers, got complex numbers"),
        (lambda: response_surface([3], [2], [np.inf], centre=3), r"other_scores\[0\]: expected a finite number"),
        (lambda: response_surface([[3]], [2], [1], centre=3), "outcome: expected one dimension, got 2"),
        (lambda: response_surface([3, 4], [2], [1, 2], centre=3), "self_scores: expected 2 values, got 1"),
        (lambda: response_surface([3, 4], [2, 1], [1], centre=3), "other_scores: expected 2 values, got 1"),
        (lambda: response_surface([3], [2], [1], centre=nan), "centre: expected one finite number or two, got nan"),
        (
            lambda: response_surface([3], [2], [1], centre=[1, 2, 3]),
            r"centre: expected one finite number or two, got \[",
        ),
        (lambda: response_surface([3], [2], [1], centre="3"), "centre: expected real numbers, got text"),
        (lambda: response_surface([3], [2], [1], centre=3, level=0), r"level: expected a number inside \(0, 1\)"),
        (lambda: of(simulated(1)).value("3", 2), "x: expected real numbers, got text"),
        (lambda: of(simulated(1)).value([1, 2], [1, 2, 3]), r"y: expected a shape that broadcasts with \(2,\) of x"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_centre_is_required() -> None:
    with pytest.raises(TypeError, match="centre"):
        response_surface([3], [2], [1])  # type: ignore[call-arg]
