"""Nested variance components against projection matrices, the balanced analysis of variance and their laws."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import ORG_FLAGS, NestedComponents, nested_components

nan = math.nan
LEVELS = ("unit", "team", "person", "noise")

numbers = st.integers(-20, 20).map(float) | st.floats(-5, 5).map(lambda x: round(x, 3))
small_rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), numbers), min_size=1, max_size=40
)


def columns(rows: list[tuple[int, int, int, float]]) -> tuple[Any, Any, Any, Any]:
    unit, team, person, values = (np.array(column) for column in zip(*rows, strict=True))
    return values.astype(float), unit, team, person


def variances(found: NestedComponents) -> list[float]:
    return [getattr(found, level) for level in LEVELS]


def by_projections(values: Any, unit: Any, team: Any, person: Any) -> list[float]:
    """Solve E[y' D y] = trace(D Z Z') variance for the differences D of projections on groups; NaN without a solution."""
    n = len(values)
    labels = [[0] * n, list(unit), list(zip(unit, team, strict=True))]
    labels += [list(zip(unit, team, person, strict=True)), list(range(n))]
    designs = [
        np.array([[one == other for other in sorted(set(groups))] for one in groups], float) for groups in labels
    ]
    projections = [z @ np.diag(1 / z.sum(axis=0)) @ z.T for z in designs]
    differences = [finer - coarser for coarser, finer in pairwise(projections)]
    y = values - values.mean()
    left = np.array([[np.trace(d @ z @ z.T) for z in designs[1:]] for d in differences])
    free = [round(np.trace(d)) > 0 for d in differences]
    solved = np.linalg.solve(
        left[np.ix_(free, free)], [y @ d @ y for d, is_free in zip(differences, free, strict=True) if is_free]
    )
    out = np.full(4, nan)
    out[free] = solved
    return out.tolist()


@settings(max_examples=80)
@given(small_rows)
def test_the_equations_are_those_of_explicit_projection_matrices(rows: Any) -> None:
    values, unit, team, person = columns(rows)
    found = nested_components(values, unit, team, person)
    expected = by_projections(values, unit, team, person)
    scale = max(1.0, float(values.var()))
    np.testing.assert_allclose(variances(found), expected, rtol=1e-8, atol=1e-9 * scale)


@settings(max_examples=30)
@given(small_rows)
def test_without_persons_every_row_is_one_and_noise_holds_both(rows: Any) -> None:
    values, unit, team, _ = columns(rows)
    found = nested_components(values, unit, team)
    each = nested_components(values, unit, team, range(len(values)))
    assert math.isnan(found.person)
    assert found.n_persons is None
    assert found.df["person"] == 0
    apart = [each.unit, each.team, each.person]
    np.testing.assert_allclose([found.unit, found.team, found.noise], apart, rtol=1e-9, atol=1e-12 * (1 + values.var()))
    assert math.isnan(each.noise)
    assert each.n_persons == len(values)


def test_a_balanced_design_gives_the_estimators_of_the_analysis_of_variance() -> None:
    u, t, p, r = 4, 3, 5, 2
    y = np.random.default_rng(3).normal(size=(u, t, p, r)) + np.arange(u)[:, None, None, None]
    unit, team, person, _ = np.indices(y.shape).reshape(4, -1)
    m_p, m_t, m_u = y.mean(axis=3), y.mean(axis=(2, 3)), y.mean(axis=(1, 2, 3))
    ms_unit = t * p * r * ((m_u - y.mean()) ** 2).sum() / (u - 1)
    ms_team = p * r * ((m_t - m_u[:, None]) ** 2).sum() / (u * (t - 1))
    ms_person = r * ((m_p - m_t[:, :, None]) ** 2).sum() / (u * t * (p - 1))
    ms_noise = ((y - m_p[..., None]) ** 2).sum() / (u * t * p * (r - 1))
    expected = [
        (ms_unit - ms_team) / (t * p * r),
        (ms_team - ms_person) / (p * r),
        (ms_person - ms_noise) / r,
        ms_noise,
    ]
    found = nested_components(y.ravel(), unit, team, person)
    np.testing.assert_allclose(variances(found), expected, rtol=1e-12, atol=1e-13)
    assert dict(found.df) == {"unit": 3, "team": 8, "person": 48, "noise": 60}
    assert (found.n_units, found.n_teams, found.n_persons, found.n_observations) == (4, 12, 60, 120)
    assert found.mean == pytest.approx(y.mean(), abs=1e-14)


def test_simulated_variances_are_met_on_average() -> None:
    rng = np.random.default_rng(11)
    unit = rng.integers(0, 12, 600)
    team, person = rng.integers(0, 5, 600), rng.integers(0, 4, 600)
    truth, runs = np.array([2.0, 1.0, 0.5, 1.5]), []
    _, teams = np.unique(unit * 5 + team, return_inverse=True)
    _, persons = np.unique((unit * 5 + team) * 4 + person, return_inverse=True)
    for _ in range(200):
        effects = [rng.normal(size=n) * s for n, s in zip((12, 60, 240, 600), np.sqrt(truth), strict=True)]
        y = effects[0][unit] + effects[1][teams] + effects[2][persons] + effects[3]
        runs.append(variances(nested_components(y, unit, team, person)))
    error = np.std(runs, axis=0) / math.sqrt(200)
    assert (np.abs(np.mean(runs, axis=0) - truth) < 4 * error).all()


# Laws


@given(small_rows, st.randoms(use_true_random=False))
def test_row_order_changes_nothing_at_all(rows: Any, random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert nested_components(*columns(rows)) == nested_components(*columns(shuffled))
    assert nested_components(*columns(rows)[:3]) == nested_components(*columns(shuffled)[:3])


@given(small_rows, st.sampled_from([-3.0, 7.5, 1e4]), st.sampled_from([0.5, -2.0, 1e-3, 10.0]))
def test_a_constant_changes_no_component_and_a_factor_squares(rows: Any, constant: float, factor: float) -> None:
    values, *groups = columns(rows)
    found = np.array(variances(nested_components(values, *groups)))
    moved = nested_components(values * factor + constant, *groups)
    atol = 1e-9 * factor**2 * max(1.0, float(values.var()))
    np.testing.assert_allclose(variances(moved), found * factor**2, rtol=1e-9, atol=atol)
    assert moved.mean == pytest.approx(values.mean() * factor + constant, abs=1e-9)


@given(small_rows)
def test_names_of_groups_change_nothing(rows: Any) -> None:
    values, unit, team, person = columns(rows)
    found = nested_components(values, unit, team, person)
    names = nested_components(
        values,
        [f"u{9 - x}" for x in unit],
        [(u, -t) for u, t in zip(unit, team, strict=True)],
        [f"{t}/{p}" for t, p in zip(team, person, strict=True)],
    )
    np.testing.assert_allclose(variances(names), variances(found), rtol=1e-9, atol=1e-9 * max(1.0, values.var()))
    assert (names.n_units, names.n_teams, names.n_persons) == (found.n_units, found.n_teams, found.n_persons)


@given(small_rows)
def test_shares_add_up_to_one_and_count_what_is_below_zero_as_nothing(rows: Any) -> None:
    found = nested_components(*columns(rows))
    parts = np.array(variances(found))
    shares = np.array([found.shares[level] for level in LEVELS])
    if "no_variance" in found.flags:
        assert np.isnan(shares).all()
        return
    np.testing.assert_allclose(shares, np.maximum(parts, 0) / np.nansum(np.maximum(parts, 0)), rtol=1e-12)
    assert ("negative_component" in found.flags) == bool((parts < 0).any())


def test_an_offset_of_a_hundred_million_costs_no_more_than_its_rounding() -> None:
    rng = np.random.default_rng(5)
    unit, team, person = rng.integers(0, 6, 900), rng.integers(0, 4, 900), rng.integers(0, 9, 900)
    values = np.round(rng.normal(size=900) + unit, 3)
    found, far = (nested_components(values + shift, unit, team, person) for shift in (0.0, 1e8))
    np.testing.assert_allclose(variances(far), variances(found), rtol=1e-6, atol=1e-8)


def test_a_unit_very_far_from_the_others_leaves_the_finer_levels_as_they_are() -> None:
    values = [1.0, 3.0, 2.0, 6.0, 1e9, 1e9 + 2, 1e9 + 1, 1e9 + 5]
    near = nested_components([*values[:4], *(v - 1e9 for v in values[4:])], [0] * 4 + [1] * 4, [0, 0, 1, 1] * 2)
    far = nested_components(values, [0] * 4 + [1] * 4, [0, 0, 1, 1] * 2)
    assert (far.team, far.noise) == pytest.approx((near.team, near.noise), rel=1e-6)


@pytest.mark.parametrize("factor", [1e-200, 1e150])
def test_very_small_and_very_large_values_keep_their_shares(factor: float) -> None:
    values, groups = np.array([1.0, 3, 2, 4, 9, 11, 6, 8]), (list("aaaabbbb"), [1, 1, 2, 2, 1, 1, 2, 2])
    plain, scaled = nested_components(values, *groups), nested_components(values * factor, *groups)
    assert dict(scaled.shares) == pytest.approx(dict(plain.shares), rel=1e-12, nan_ok=True)


# Levels that cannot be told apart


def test_one_unit_has_no_variance_of_units_and_the_others_are_known() -> None:
    found = nested_components([1.0, 2, 5, 7], ["a"] * 4, [0, 0, 1, 1])
    assert math.isnan(found.unit)
    assert found.team == pytest.approx(10.125 - 0.625)
    assert found.noise == pytest.approx(1.25)
    assert found.flags == ("no_degrees_of_freedom",)


def test_a_unit_of_one_team_each_holds_the_variance_of_both() -> None:
    found = nested_components([1.0, 2, 5, 7], [0, 0, 1, 1], [0, 0, 0, 0])
    assert math.isnan(found.team)
    assert math.isnan(found.shares["team"])
    # the one-way estimate: (mean square between - within) / 2
    assert found.unit == pytest.approx((20.25 - 1.25) / 2)
    assert found.flags == ("levels_joined", "no_degrees_of_freedom")


def test_a_team_of_one_person_each_holds_the_variance_of_both() -> None:
    values, unit, team = [1.0, 3, 6, 8, 2, 2.5, 9, 9.5], [0] * 4 + [1] * 4, [0, 0, 1, 1] * 2
    found = nested_components(values, unit, team, [7] * 8)
    same = nested_components(values, unit, team)
    assert math.isnan(found.person)
    assert (found.unit, found.team, found.noise) == (same.unit, same.team, same.noise)
    assert "levels_joined" in found.flags
    assert same.flags == ("negative_component",)


def test_the_same_label_in_another_group_is_another_group() -> None:
    values, unit = [1.0, 2, 5, 7, 3, 4, 8, 6], [0] * 4 + [1] * 4
    found = nested_components(values, unit, [0, 0, 1, 1] * 2, [0, 0, 0, 0] * 2)
    assert (found.n_teams, found.n_persons) == (4, 4)


def test_equal_values_vary_nowhere() -> None:
    found = nested_components([0.1] * 8, [0, 0, 0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 1, 1, 2, 2])
    assert variances(found) == [0, 0, 0, 0]
    assert found.flags == ("no_variance",)
    assert found.mean == 0.1


def test_values_that_are_equal_within_units_vary_between_units_only() -> None:
    unit = np.repeat([0, 1, 2], 14)
    found = nested_components(np.array([0.3, 0.7, 1.9])[unit], unit, np.arange(42) % 2, np.arange(42) // 2 % 3)
    assert [found.team, found.person, found.noise] == [0, 0, 0]
    assert found.unit == pytest.approx(np.var([0.3, 0.7, 1.9], ddof=1))
    assert found.shares["unit"] == 1
    assert found.flags == ()


def test_one_row_and_no_row_say_nothing() -> None:
    one, none = nested_components([4.0], [0], [0], [0]), nested_components([], [], [], [])
    assert np.isnan(variances(one)).all()
    assert np.isnan(variances(none)).all()
    assert (one.mean, one.n_observations, none.n_observations, none.n_persons) == (4.0, 1, 0, 0)
    assert one.flags == none.flags == ("no_degrees_of_freedom", "no_variance")


def test_rows_without_a_value_or_a_label_are_left_out() -> None:
    values, unit, team = [1.0, nan, 3, 2, 4, 9, 11, 6, 8, 5], [*"aaaaabbbb", None], [1, 1, 1, 2, 2, 1, 1, 2, 2, 2]
    found = nested_components(values, unit, team)
    assert (found.unit, found.team, found.noise) == (16.75, 1.5, 2.0)
    assert (found.n_rows, found.n_observations, found.flags) == (10, 8, ("rows_dropped",))
    gone = nested_components([nan, 1.0], [0, 0], [0, 0], [0, nan])
    assert gone.flags == ("no_degrees_of_freedom", "no_variance", "rows_dropped")


# What is refused, and what the result can do


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, 2], [0], [0, 0]), "unit: expected 2 labels, got 1"),
        (([1.0, 2], [0, 0], [0]), "team: expected 2 labels, got 1"),
        (([1.0, 2], [0, 0], [0, 0], [1]), "person: expected 2 labels, got 1"),
        (([[1.0]], [0], [0]), "values: expected one dimension, got 2"),
        ((["x"], [0], [0]), "values: expected real numbers, got text"),
        (([math.inf], [0], [0]), r"values\[0\]: expected a finite number or NaN, got inf"),
        (([1.0, 2], [0, "a"], [0, 0]), "unit: labels of kind int, str do not sort together"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        nested_components(*arguments)


def test_the_result_is_plain_data() -> None:
    found = nested_components([1.0, 3, 2, 4], [0, 0, 1, 1], [0, 0, 0, 0])
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["team"] is None
    assert record["shares"]["team"] is None
    assert set(found.flags) <= set(ORG_FLAGS)
    assert "<table>" in found._repr_html_()
    with pytest.raises(AttributeError):
        found.unit = 1.0  # type: ignore[misc]
