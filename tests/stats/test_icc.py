"""Six intraclass correlations: papers, reference values, second ways, laws and edges."""

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
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS
from leadkit.stats.variance import ICC, crossed, group_icc, icc

CLOSED = 1e-10
REML = 1e-6
REML_WITH_GAPS = 1e-5
nan = math.nan

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
SCALARS = ("ms_targets", "ms_raters", "ms_error", "ms_within")
ROWS = ("estimate", "low", "high", "f", "df1", "df2", "p_value")

shapes = st.tuples(st.integers(2, 7), st.integers(2, 5))
complete = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.integers(-3, 3).map(float)))
gappy = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=st.integers(-3, 3).map(float) | st.just(nan)))
both_ways = pytest.mark.parametrize("missing", ["listwise", "reml"])


def ratings_of(path: Path) -> np.ndarray[Any, Any]:
    return np.genfromtxt(path, delimiter=",", skip_header=1)


def agree(first: ICC, second: ICC, *, tolerance: float) -> None:
    for name in (*SCALARS, *ROWS):
        one, other = getattr(first, name), getattr(second, name)
        assert one == pytest.approx(other, rel=tolerance, abs=tolerance, nan_ok=True), name
    for name in ("n_rows", "n_targets", "n_raters", "n_missing", "method", "flags"):
        assert getattr(first, name) == getattr(second, name), name


def deviance(table: Any, target: float, rater: float, residual: float) -> float:
    """Minus twice the restricted log-likelihood of the two-way random model, from whole matrices."""
    rows, columns = np.nonzero(~np.isnan(table))
    y = table[rows, columns]
    same = target * np.equal.outer(rows, rows) + rater * np.equal.outer(columns, columns)
    covariance = same + residual * np.eye(y.size)
    inverse = np.linalg.inv(covariance)
    information = inverse.sum()
    rest = y - inverse.sum(axis=0) @ y / information
    return float(np.linalg.slogdet(covariance)[1] + math.log(information) + rest @ inverse @ rest)


def components(result: ICC) -> tuple[float, float, float]:
    return (
        (result.ms_targets - result.ms_error) / result.n_raters,
        (result.ms_raters - result.ms_error) / result.n_targets,
        result.ms_error,
    )


# Golden numbers


def test_the_printed_values_of_shrout_and_fleiss_come_out(golden: Callable[[str], Any]) -> None:
    known = golden("stats/published.json")["shrout_fleiss_1979_table4"]
    result = icc(SHROUT_FLEISS)
    assert result.estimate.round(2).tolist() == list(known["published"].values())
    # the paper rounds the mean square between judges, 32.486, down
    squares = [result.ms_targets, result.ms_within, result.ms_raters, result.ms_error]
    assert np.allclose(squares, list(known["mean_squares"].values()), rtol=0, atol=0.005)
    assert result.flags == ()
    assert result.method == "anova"


@pytest.mark.parametrize(
    ("key", "file"), [("shrout_fleiss_1979", "shrout_fleiss_1979.csv"), ("sim_40x5", "sim_ratings_40x5.csv")]
)
def test_complete_ratings_equal_the_reference(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], key: str, file: str
) -> None:
    known = golden("stats/agreement.json")[key]
    table = ratings_of(shared_data(f"stats/{file}"))
    result = icc(table)
    for name, theirs in (("estimate", "icc"), ("p_value", "p"), ("low", "lower"), ("high", "upper")):
        assert np.allclose(getattr(result, name), known["anova"][theirs], rtol=0, atol=CLOSED), name
    assert np.allclose(result.f, known["anova"]["F"], rtol=CLOSED, atol=CLOSED)
    assert (result.df1.tolist(), result.df2.tolist()) == (known["anova"]["df1"], known["anova"]["df2"])
    reml = icc(table, missing="reml")
    assert np.allclose(reml.estimate, known["lmer"]["icc"], rtol=0, atol=REML)
    # the limits of lme4's components carry the error of its optimiser, those of mean squares have none
    for name, theirs in (("estimate", "icc"), ("low", "lower"), ("high", "upper")):
        assert np.allclose(getattr(reml, name), known["anova"][theirs], rtol=0, atol=REML), name


def test_ratings_with_gaps_equal_the_reference(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/agreement.json")["sim_40x5_na_icc_lmer"]
    table = ratings_of(shared_data("stats/sim_ratings_40x5_na.csv"))
    result = icc(table, missing="reml")
    assert np.allclose(result.estimate, known["icc"], rtol=0, atol=REML_WITH_GAPS)
    n_cells = int((~np.isnan(table)).sum())
    assert result.n_missing == 200 - n_cells > 0
    assert result.df1.tolist() == [39] * 6
    assert result.df2.tolist() == [n_cells - 40, n_cells - 44, n_cells - 44] * 2
    assert result.flags == ("approximate_interval",)
    assert result.method == "reml"


def test_a_missing_cell_neither_goes_unnoticed_nor_keeps_the_degrees_of_freedom_of_complete_data() -> None:
    table = np.array(SHROUT_FLEISS, dtype=float)
    table[1, 2] = nan
    listwise, reml = icc(table), icc(table, missing="reml")
    agree(attrs.evolve(listwise, n_rows=5, n_missing=0, flags=()), icc(np.delete(table, 1, axis=0)), tolerance=0)
    assert (listwise.n_rows, listwise.n_targets, listwise.n_missing) == (6, 5, 1)
    assert listwise.flags == ("rows_dropped",)
    assert listwise.df2.tolist() == [15, 12, 12] * 2
    assert (reml.n_rows, reml.n_targets, reml.n_missing) == (6, 6, 1)
    assert reml.flags == ("approximate_interval",)
    assert reml.df2.tolist() == [17, 14, 14] * 2


# Second ways


def test_columns_as_groups_of_one_way_give_forms_1() -> None:
    table = np.array(SHROUT_FLEISS, dtype=float)
    one_way = group_icc(table.ravel(), np.repeat(np.arange(6), 4))
    result = icc(table)
    assert result.value("ICC(1)") == pytest.approx(one_way.icc1, abs=1e-14)
    assert result.value("ICC(k)") == pytest.approx(one_way.icc2, abs=1e-14)
    for form, interval in ((0, one_way.icc1_interval), (3, one_way.icc2_interval)):
        assert [result.low[form], result.high[form]] == pytest.approx([interval.low, interval.high], abs=1e-13)


@settings(max_examples=25)
@given(gappy, st.floats(0, 10), st.floats(0, 10), st.floats(0.01, 10))
def test_no_other_components_have_a_higher_restricted_likelihood(
    table: Any, target: float, rater: float, residual: float
) -> None:
    result = icc(table, missing="reml")
    if not result.ms_error > 0 or "not_converged" in result.flags:
        return
    found = components(result)
    best = deviance(table, *found)
    near = [
        deviance(table, *np.array(found) * factors + shifts)
        for factors in ((0.99, 1, 1), (1.01, 1, 1), (1, 0.99, 1), (1, 1.01, 1), (1, 1, 0.99), (1, 1, 1.01))
        for shifts in ((0, 0, 0), (1e-3, 0, 0), (0, 1e-3, 0))
    ]
    assert best <= min([*near, deviance(table, target, rater, residual)]) + 1e-7


@settings(max_examples=25)
@given(complete)
def test_complete_ratings_have_the_same_forms_by_likelihood_and_by_mean_squares(table: Any) -> None:
    anova = icc(table)
    if not anova.ms_error > 0 or min(anova.ms_targets, anova.ms_raters) <= anova.ms_error * (1 + 1e-6):
        return
    reml = icc(table, missing="reml")
    agree(attrs.evolve(reml, flags=anova.flags, method="anova"), anova, tolerance=1e-5)
    assert set(reml.flags) == {"approximate_interval", *anova.flags}


@both_ways
@settings(max_examples=25)
@given(arrays(np.float64, (9, 3), elements=st.integers(1, 7).map(float)))
def test_the_table_of_forms_follows_from_the_mean_squares(missing: Any, table: Any) -> None:
    result = icc(table, missing=missing)
    r, c, e, w = result.ms_targets, result.ms_raters, result.ms_error, result.ms_within
    if not r > 0:
        return
    divisors = [r + 2 * w, r + 2 * e + 3 * (c - e) / 9, r + 2 * e, r, r + (c - e) / 9, r]
    known = [
        top / below if below > 0 else nan
        for top, below in zip([r - w, r - e, r - e, r - w, r - e, r - e], divisors, strict=True)
    ]
    assert result.estimate == pytest.approx(known, rel=1e-12, nan_ok=True)


def test_intervals_cover_the_true_value_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([1 / 2.25, 1 / 2.25, 1 / 2, 3 / 4.25, 3 / 4.25, 3 / 4])
    hits = np.zeros(6)
    for _ in range(300):
        targets, raters = rng.normal(size=(15, 1)), 0.5 * rng.normal(size=3)
        two_way = icc(targets + raters + rng.normal(size=(15, 3)), level=0.8)
        one_way = icc(targets + math.sqrt(1.25) * rng.normal(size=(15, 3)), level=0.8)
        low, high = (
            np.array([*one[:1], *two[1:3], *one[3:4], *two[4:]])
            for one, two in ((one_way.low, two_way.low), (one_way.high, two_way.high))
        )
        hits += (low <= truth) & (truth <= high)
    assert (np.abs(hits / 300 - 0.8) < 0.07).all()


# Laws


@both_ways
@settings(max_examples=25)
@given(gappy, st.randoms(use_true_random=False))
def test_the_order_of_targets_and_raters_changes_nothing(missing: Any, table: Any, random: Any) -> None:
    rows, columns = list(range(len(table))), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved, result = icc(table[rows][:, columns], missing=missing), icc(table, missing=missing)
    tolerance = 1e-11 if missing == "listwise" else 1e-5
    if "underidentified" in result.flags:
        assert np.allclose(moved.estimate, result.estimate, rtol=0, atol=1e-4, equal_nan=True)
    else:
        agree(moved, result, tolerance=tolerance)


@both_ways
@settings(max_examples=25)
@given(gappy, st.integers(-1000, 1000).map(float))
def test_shifting_all_ratings_changes_nothing(missing: Any, table: Any, shift: float) -> None:
    agree(icc(table + shift, missing=missing), icc(table, missing=missing), tolerance=1e-9)


@both_ways
def test_a_large_offset_costs_no_digit(missing: Any) -> None:
    table = np.array(SHROUT_FLEISS) + 1e8
    agree(icc(table, missing=missing), icc(SHROUT_FLEISS, missing=missing), tolerance=1e-11)


@given(complete, st.integers(-5, 5).map(float))
def test_shifting_one_rater_changes_no_consistency(table: Any, shift: float) -> None:
    moved = table.copy()
    moved[:, 0] += shift
    before, after = icc(table), icc(moved)
    for name in ("estimate", "low", "high", "f"):
        for form in (2, 5):
            known = getattr(before, name)[form]
            assert getattr(after, name)[form] == pytest.approx(known, rel=1e-9, abs=1e-9, nan_ok=True)


@both_ways
@settings(max_examples=30)
@given(gappy)
def test_every_number_is_finite_or_nan_with_a_flag_and_lies_in_its_interval(missing: Any, table: Any) -> None:
    result = icc(table, missing=missing)
    numbers = np.concatenate([getattr(result, name) for name in ROWS])
    assert not np.isinf(numbers).any()
    if np.isnan(result.estimate).any():
        assert set(result.flags) - {"approximate_interval", "rows_dropped"}
    assert set(result.flags) <= set(FLAGS)
    known = ~np.isnan(result.low) & ~np.isnan(result.estimate)
    assert np.array_equal(np.isnan(result.low), np.isnan(result.high))
    assert (result.low[known] <= result.estimate[known] + 1e-12).all()
    assert (result.estimate[known] <= result.high[known] + 1e-12).all()
    assert ("negative_estimate" in result.flags) == bool((result.estimate < 0).any())
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_wider_level_gives_wider_intervals() -> None:
    narrow, wide = icc(SHROUT_FLEISS, level=0.5), icc(SHROUT_FLEISS)
    assert (wide.low < narrow.low).all()
    assert (narrow.low < narrow.estimate).all()
    assert (narrow.estimate < narrow.high).all()
    assert (narrow.high < wide.high).all()
    assert (narrow.level, wide.level) == (0.5, 0.95)


@given(complete)
def test_means_of_k_follow_from_single_ratings_by_spearman_and_brown(table: Any) -> None:
    result = icc(table)
    k = table.shape[1]
    for single, average in ((0, 3), (1, 4), (2, 5)):
        one = result.estimate[single]
        if not math.isnan(result.estimate[average]) and 1 + (k - 1) * one > 1e-9:
            assert result.estimate[average] == pytest.approx(k * one / (1 + (k - 1) * one), rel=1e-6, abs=1e-9)


# Edges


def test_either_name_of_a_form_gives_its_estimate() -> None:
    result = icc(SHROUT_FLEISS)
    for place, names in enumerate(zip(result.forms, result.mcgraw_wong, strict=True)):
        assert [result.value(name) for name in names] == [result.estimate[place]] * 2
    with pytest.raises(ValueError, match=r"form: expected one of 'ICC\(1,1\)', .*'ICC\(C,k\)', got 'ICC3'"):
        result.value("ICC3")


@both_ways
def test_one_rater_gives_nan_and_its_flag(missing: Any) -> None:
    result = icc([[1.0], [2.0], [6.0]], missing=missing)
    assert np.isnan(result.estimate).all()
    assert np.isnan([result.low, result.high, result.f, result.p_value]).all()
    assert result.ms_targets == 7
    assert "too_few_raters" in result.flags
    assert (result.n_raters, result.n_targets) == (1, 3)


@both_ways
@pytest.mark.parametrize("table", [np.empty((0, 3)), [[nan, nan], [nan, nan]]])
def test_no_rating_gives_nan_and_its_flag(missing: Any, table: Any) -> None:
    result = icc(table, missing=missing)
    assert np.isnan(result.estimate).all()
    assert "too_few_rows" in result.flags
    assert result.n_targets == 0
    assert np.isnan([result.ms_targets, result.ms_raters, result.ms_error, result.ms_within]).all()


@both_ways
def test_one_target_gives_nan_and_its_flag(missing: Any) -> None:
    result = icc([[1.0, 2.0, 6.0]], missing=missing)
    assert np.isnan(result.estimate).all()
    assert (result.ms_raters, result.ms_within) == (7, 7)
    assert "too_few_rows" in result.flags


@both_ways
def test_two_targets_by_two_raters_are_enough(missing: Any) -> None:
    result = icc([[1.0, 2.0], [4.0, 6.0]], missing=missing)
    assert not np.isnan(result.estimate).any()
    assert not np.isnan(result.low[[0, 2, 3, 5]]).any()


@both_ways
def test_raters_that_differ_by_constants_are_perfectly_consistent(missing: Any) -> None:
    result = icc([[1.0, 1.3, 3.0], [2.0, 2.3, 4.0], [4.0, 4.3, 6.0]], missing=missing)
    assert "perfect_consistency" in result.flags
    assert result.ms_error == 0
    assert result.estimate[[2, 5]].tolist() == [1, 1]
    assert 0 < result.value("ICC(A,1)") < result.value("ICC(A,k)") < 1
    assert np.isnan(result.f[[1, 2, 4, 5]]).all()
    assert np.isnan(result.p_value[[1, 2, 4, 5]]).all()
    assert np.isnan(result.low[[2, 5]]).all()
    assert not np.isnan([result.f[0], result.low[0], result.low[1], result.high[4]]).any()


def test_raters_that_differ_by_constants_are_perfectly_consistent_under_gaps() -> None:
    table = np.add.outer([1.0, 2.0, 4.0, 7.0], [0.0, 0.3, 2.0])
    table[0, 1] = table[3, 2] = nan
    result = icc(table, missing="reml")
    assert result.flags == ("approximate_interval", "perfect_consistency")
    assert result.estimate[[2, 5]].tolist() == [1, 1]
    target, rater, residual = components(result)
    assert target == pytest.approx(np.var([1, 2, 4, 7], ddof=1))
    assert rater == pytest.approx(np.var([0, 0.3, 2], ddof=1))
    assert residual == 0


@both_ways
def test_raters_that_agree_in_everything_are_perfect_in_every_form(missing: Any) -> None:
    result = icc([[1.1, 1.1], [2.3, 2.3], [4.0, 4.0]], missing=missing)
    assert result.estimate.tolist() == [1] * 6
    assert np.isnan([result.f, result.low, result.high, result.p_value]).all()
    assert "perfect_consistency" in result.flags


@both_ways
@pytest.mark.parametrize("value", [0.0, 0.1, 1e8 + 0.1])
def test_one_value_only_is_no_variance(missing: Any, value: float) -> None:
    result = icc(np.full((4, 3), value), missing=missing)
    assert np.isnan(result.estimate).all()
    assert [getattr(result, name) for name in SCALARS] == [0, 0, 0, 0]
    assert "no_variance" in result.flags
    assert "perfect_consistency" not in result.flags


def test_targets_that_do_not_differ_have_no_reliability_of_means() -> None:
    result = icc([[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, 2.0]])
    assert result.ms_targets == 0
    assert result.flags == ("negative_component", "negative_estimate", "no_variance")
    assert result.value("ICC(1)") == pytest.approx(-0.5)
    assert np.isnan(result.estimate[3:]).all()
    assert (result.f.tolist(), result.p_value.tolist()) == ([0] * 6, [1] * 6)


def test_raters_that_differ_less_than_chance_leave_the_mean_rating_undefined() -> None:
    table = [[1.0, 2.0], [2.0, 1.0], [1.0, 2.01], [2.0, 1.0]]
    result = icc(table)
    assert "negative_component" in result.flags
    assert math.isnan(result.value("ICC(2,k)"))
    assert np.isnan([result.low[4], result.high[4]]).all()


def test_limits_that_leave_a_negative_estimate_out_are_unknown() -> None:
    result = icc([[3.0, 4.0, 2.0], [2.0, 2.0, 4.0], [3.0, 2.0, 5.0], [1.0, 2.0, 5.0]], level=0.5)
    assert result.value("ICC(2,1)") < 0
    assert "negative_estimate" in result.flags
    assert np.isnan([result.low[[1, 4]], result.high[[1, 4]]]).all()
    assert not np.isnan([result.low[[0, 2, 3, 5]], result.high[[0, 2, 3, 5]]]).any()


def test_rounding_does_not_make_error_variance() -> None:
    table = np.add.outer([0.1, 0.7, 1.3, 2.9], [0.0, 0.1, 0.7]) + 1e8
    assert "perfect_consistency" in icc(table).flags


def test_a_rater_without_a_rating_is_left_out_and_flagged() -> None:
    table = np.column_stack([np.array(SHROUT_FLEISS, dtype=float), np.full(6, nan)])
    result, without = icc(table, missing="reml"), icc(SHROUT_FLEISS, missing="reml")
    assert result.flags == ("all_missing", "approximate_interval")
    assert (result.n_raters, result.n_missing) == (4, 6)
    assert np.array_equal(result.estimate, without.estimate)
    assert icc(table).n_targets == 0


def test_a_target_without_a_rating_is_left_out_and_flagged() -> None:
    table = np.vstack([np.array(SHROUT_FLEISS, dtype=float), np.full(4, nan)])
    result, without = icc(table, missing="reml"), icc(SHROUT_FLEISS, missing="reml")
    assert result.flags == ("approximate_interval", "rows_dropped")
    assert (result.n_rows, result.n_targets) == (7, 6)
    assert np.array_equal(result.estimate, without.estimate)


def test_raters_of_separate_targets_are_flagged() -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(12, 1)) + rng.normal(size=(12, 4))
    table[:6, 2:] = table[6:, :2] = nan
    assert "disconnected_design" in icc(table, missing="reml").flags


def test_components_that_no_rating_tells_apart_are_unknown() -> None:
    table = np.where(np.eye(4) > 0, np.arange(4.0), nan)
    result = icc(table, missing="reml")
    assert np.isnan(result.estimate).all()
    assert {"disconnected_design", "underidentified"} <= set(result.flags)


def test_targets_without_variance_of_their_own_are_flagged_under_likelihood() -> None:
    table = np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 1.0], [3.0, 1.0, nan], [2.0, 2.0, 2.0]])
    result = icc(table, missing="reml")
    assert result.estimate.tolist()[:3] == [0, 0, 0]
    assert "zero_between_variance" in result.flags


def test_more_targets_and_raters_than_one_side_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossed, "MOST_LEVELS", 3)
    assert icc(np.array(SHROUT_FLEISS)[:, :3], missing="reml").n_raters == 3
    with pytest.raises(ValueError, match=r"targets, raters: expected at most 3 of either, got 6 .* and 4"):
        icc(SHROUT_FLEISS, missing="reml")


def test_one_rating_a_target_leaves_no_degrees_of_freedom() -> None:
    table = np.full((6, 2), nan)
    table[np.arange(6), [0, 0, 0, 1, 1, 1]] = [1.0, 5.0, 2.0, 8.0, 3.0, 4.0]
    result = icc(table, missing="reml")
    assert result.df2.tolist() == [0] * 6
    assert "underidentified" in result.flags
    assert np.isnan([result.f[1:3], result.low[1:3], result.p_value[1:3]]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.int16, object])
@both_ways
def test_numbers_of_every_kind_give_the_same(missing: Any, dtype: Any) -> None:
    known = icc(SHROUT_FLEISS, missing=missing)
    assert icc(np.array(SHROUT_FLEISS, dtype=dtype, order="F"), missing=missing) == known


@both_ways
def test_masked_none_and_read_only_ratings_are_taken_and_left_alone(missing: Any) -> None:
    table = np.array(SHROUT_FLEISS, dtype=float)
    table[0, 0] = nan
    table.flags.writeable = False
    known = icc(table, missing=missing)
    masked = np.ma.masked_array(SHROUT_FLEISS, mask=np.isnan(table))
    holes = np.array(SHROUT_FLEISS, dtype=object)
    holes[0, 0] = None
    assert icc(masked, missing=missing) == icc(holes, missing=missing) == known
    assert holes[0, 0] is None


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = icc([[1.0], [2.0]])
    record = result.to_records()[1]
    assert list(record) == ["form", "mcgraw_wong", *ROWS]
    assert (record["form"], record["mcgraw_wong"], record["estimate"]) == ("ICC(2,1)", "ICC(A,1)", None)
    json.dumps(result.to_records(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert not any(getattr(result, name).flags.writeable for name in ROWS)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.ms_error = 1.0


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: icc([["1", "2"]]), "ratings: expected real numbers, got text"),
        (lambda: icc([[1j, 2]]), "ratings: expected real numbers, got complex"),
        (lambda: icc([1.0, 2.0]), r"ratings: expected two dimensions \(rows, columns\), got 1"),
        (lambda: icc(np.empty((3, 0))), "ratings: expected at least one column, got none"),
        (lambda: icc([[1.0, np.inf]]), r"ratings\[0, 1\]: expected a finite number or NaN, got inf"),
        (lambda: icc([[1.0, 2.0]], missing="pairwise"), "missing: expected one of 'listwise', 'reml', got 'pairwise'"),  # type: ignore[arg-type]
        (lambda: icc([[1.0, 2.0]], level=95.0), r"level: expected a number inside \(0, 1\), got 95.0"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_differences_that_are_rounding_are_no_variance_under_reml() -> None:
    table = [[1000000.000000001, 1000000.0], [999999.999999999, 1000000.0]]
    result = icc(table, missing="reml")
    assert "no_variance" in result.flags
    assert np.isnan(result.estimate).all()
