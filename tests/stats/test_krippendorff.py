"""Krippendorff's alpha against the paper, a peer, a brute-force count of pairs, and its laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path
from typing import Any

import attrs
import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS
from leadkit.stats.agreement import coincidence, krippendorff_alpha

CLOSED = 1e-10
METRICS: tuple[coincidence.Metric, ...] = ("nominal", "ordinal", "interval", "ratio")
nan = math.nan

every_metric = pytest.mark.parametrize("metric", METRICS)
cells = st.integers(0, 4).map(float) | st.just(nan)
tables = st.tuples(st.integers(1, 7), st.integers(1, 5)).flatmap(lambda s: arrays(np.float64, s, elements=cells))


def canonical(golden: Callable[[str], Any]) -> np.ndarray[Any, Any]:
    matrix = golden("stats/published.json")["krippendorff_2011"]["matrix_units_by_observers"]
    return np.array(matrix, dtype=object)


def differ2(c: float, k: float, metric: str, counts: dict[float, int]) -> float:
    if metric == "nominal":
        return float(c != k)
    if metric == "ordinal":
        between = sum(n for value, n in counts.items() if min(c, k) <= value <= max(c, k))
        return (between - (counts[c] + counts[k]) / 2) ** 2
    if metric == "interval":
        return (c - k) ** 2
    return ((c - k) / (c + k)) ** 2 if c + k else 0.0


def brute_force(table: Any, metric: str) -> float:
    """Alpha by going through all pairs of ratings one by one."""
    units = [[x for x in row if not math.isnan(x)] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    ratings = [x for unit in units for x in unit]
    counts = {value: ratings.count(value) for value in ratings}
    if len(counts) < 2:
        return nan
    observed = sum(
        differ2(c, k, metric, counts) / (len(unit) - 1) for unit in units for c, k in permutations(unit, 2)
    ) / len(ratings)
    pairs = [differ2(c, k, metric, counts) for c, k in permutations(ratings, 2)]
    return 1 - observed / (sum(pairs) / len(pairs))


# Golden numbers


@every_metric
def test_the_worked_example_of_the_paper_comes_out(golden: Callable[[str], Any], metric: Any) -> None:
    result = krippendorff_alpha(canonical(golden), metric=metric)
    assert round(result.alpha, 3) == golden("stats/published.json")["krippendorff_2011"][metric]
    assert abs(result.alpha - golden("stats/agreement.json")["krippendorff"]["canonical_12x4"][metric]) < CLOSED
    assert (result.n_units, result.n_pairable, result.n_raters) == (12, 11, 4)
    assert result.coincidences.sum() == pytest.approx(40)
    assert result.values.tolist() == [1, 2, 3, 4, 5]
    assert result.flags == ("rows_dropped",)


def test_the_coincidence_matrix_is_the_one_printed_in_the_paper(golden: Callable[[str], Any]) -> None:
    printed: list[list[float]] = [
        [7, 4 / 3, 1 / 3, 1 / 3, 0],
        [4 / 3, 10, 4 / 3, 1 / 3, 0],
        [1 / 3, 4 / 3, 8, 1 / 3, 0],
        [1 / 3, 1 / 3, 1 / 3, 4, 0],
        [0, 0, 0, 0, 3],
    ]
    result = krippendorff_alpha(canonical(golden), metric="nominal")
    assert np.allclose(result.coincidences, printed, rtol=0, atol=1e-12)


@every_metric
@pytest.mark.parametrize(
    ("key", "file"),
    [
        ("shrout_fleiss", "shrout_fleiss_1979.csv"),
        ("sim_40x5", "sim_ratings_40x5.csv"),
        ("sim_40x5_na", "sim_ratings_40x5_na.csv"),
    ],
)
def test_reference_values_come_out(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], key: str, file: str, metric: Any
) -> None:
    table = np.genfromtxt(shared_data(f"stats/{file}"), delimiter=",", skip_header=1)
    known = golden("stats/agreement.json")["krippendorff"][key][metric]
    assert abs(krippendorff_alpha(table, metric=metric).alpha - known) < CLOSED


# Second ways


@given(tables, st.sampled_from(METRICS))
def test_alpha_counts_every_pair_once_divided_by_the_ratings_of_its_unit_less_one(table: Any, metric: Any) -> None:
    result = krippendorff_alpha(table, metric=metric)
    assert result.alpha == pytest.approx(brute_force(table, metric), rel=1e-10, abs=1e-10, nan_ok=True)


def test_complete_data_of_more_than_two_raters_are_divided_by_the_raters_less_one() -> None:
    table = [[1.0, 1.0, 2.0], [2.0, 2.0, 2.0], [1.0, 3.0, 3.0], [4.0, 4.0, 4.0]]
    result = krippendorff_alpha(table, metric="nominal")
    assert result.coincidences.sum() == pytest.approx(12)
    assert result.coincidences[0].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert result.alpha == pytest.approx(brute_force(table, "nominal"), abs=1e-12)


@every_metric
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_the_krippendorff_package_agrees(metric: Any, missing: float) -> None:
    rng = np.random.default_rng(3)
    for size, categories in ((8, 3), (60, 7), (200, 11)):
        truth = rng.integers(1, categories + 1, (size, 1))
        table = np.clip(truth + rng.integers(-2, 3, (size, 4)), 1, categories).astype(float)
        table[rng.random(table.shape) < missing] = nan
        theirs = krippendorff.alpha(reliability_data=table.T, level_of_measurement=metric)
        assert abs(krippendorff_alpha(table, metric=metric).alpha - theirs) < CLOSED


@every_metric
def test_many_different_values_take_another_road_to_the_same_matrix(
    monkeypatch: pytest.MonkeyPatch, metric: Any
) -> None:
    rng = np.random.default_rng(1)
    table = rng.integers(0, 6, (30, 5)).astype(float)
    table[rng.random(table.shape) < 0.2] = nan
    dense = krippendorff_alpha(table, metric=metric)
    monkeypatch.setattr(coincidence, "MOST_DENSE_CELLS", 0)
    sparse = krippendorff_alpha(table, metric=metric)
    assert np.allclose(sparse.coincidences, dense.coincidences, rtol=0, atol=1e-12)
    assert sparse.alpha == pytest.approx(dense.alpha, abs=1e-12)


# Laws


@settings(max_examples=25)
@given(tables, st.sampled_from(METRICS), st.randoms(use_true_random=False))
def test_permuting_raters_or_units_changes_nothing(table: Any, metric: Any, random: Any) -> None:
    units, raters = list(range(len(table))), list(range(table.shape[1]))
    random.shuffle(units)
    random.shuffle(raters)
    whole = krippendorff_alpha(table, metric=metric, n_resamples=10, rng=1)
    moved = krippendorff_alpha(table[units][:, raters], metric=metric, n_resamples=10, rng=1)
    for one, other in (
        (moved.alpha, whole.alpha),
        (moved.interval.low, whole.interval.low),
        (moved.interval.high, whole.interval.high),
    ):
        assert one == pytest.approx(other, rel=1e-12, abs=1e-12, nan_ok=True)
    assert moved.flags == whole.flags


@given(tables, st.permutations(range(5)))
def test_relabelling_changes_nothing_under_nominal(table: Any, names: list[int]) -> None:
    known = ~np.isnan(table)
    renamed = np.full(table.shape, nan)
    renamed[known] = np.array(names)[table[known].astype(int)]
    ours = krippendorff_alpha(renamed, metric="nominal").alpha
    assert ours == pytest.approx(krippendorff_alpha(table, metric="nominal").alpha, abs=1e-12, nan_ok=True)


@given(tables, st.floats(0.1, 10) | st.floats(-10, -0.1), st.floats(-100, 100))
def test_affine_maps_change_nothing_under_interval(table: Any, factor: float, shift: float) -> None:
    ours = krippendorff_alpha(factor * table + shift, metric="interval").alpha
    assert ours == pytest.approx(krippendorff_alpha(table, metric="interval").alpha, abs=1e-9, nan_ok=True)


@given(tables)
def test_monotone_maps_change_nothing_under_ordinal(table: Any) -> None:
    ours = krippendorff_alpha(np.exp(table), metric="ordinal").alpha
    assert ours == pytest.approx(krippendorff_alpha(table, metric="ordinal").alpha, abs=1e-12, nan_ok=True)


@given(tables, st.sampled_from(METRICS))
def test_the_coincidence_matrix_is_symmetric_and_its_rows_count_the_values(table: Any, metric: Any) -> None:
    result = krippendorff_alpha(table, metric=metric)
    pairable = table[(~np.isnan(table)).sum(axis=1) > 1]
    values, counts = np.unique(pairable[~np.isnan(pairable)], return_counts=True)
    assert np.array_equal(result.coincidences, result.coincidences.T)
    assert np.array_equal(result.values, values)
    assert np.allclose(result.coincidences.sum(axis=0), counts, rtol=0, atol=1e-12)


@given(tables, st.sampled_from(METRICS))
def test_a_unit_with_one_rating_changes_nothing(table: Any, metric: Any) -> None:
    lonely = np.full((1, table.shape[1]), nan)
    lonely[0, 0] = 9.0
    more = krippendorff_alpha(np.vstack([table, lonely]), metric=metric)
    assert more.alpha == pytest.approx(krippendorff_alpha(table, metric=metric).alpha, abs=1e-12, nan_ok=True)
    assert "rows_dropped" in more.flags


# The interval


@every_metric
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_a_replicate_is_alpha_of_the_drawn_units(metric: Any, seed: int) -> None:
    table = np.random.default_rng(5).integers(1, 5, (12, 3)).astype(float)
    units = coincidence.coded_units(table, metric)
    sampler = coincidence.UnitResampler.of(units, metric)
    one_seed = np.random.SeedSequence(seed)
    drawn = np.random.default_rng(one_seed).integers(12, size=12)
    rows = sampler.patterns[sampler.pattern_of_unit[drawn]]
    expected = krippendorff_alpha(units.values[rows], metric=metric).alpha
    assert sampler(one_seed) == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_the_interval_encloses_alpha_and_widens_with_the_level(golden: Callable[[str], Any]) -> None:
    table = canonical(golden)
    narrow, wide = (
        krippendorff_alpha(table, metric="interval", n_resamples=300, rng=2, level=level) for level in (0.5, 0.95)
    )
    assert wide.interval.low < narrow.interval.low < narrow.alpha < narrow.interval.high < wide.interval.high
    assert (wide.interval.level, wide.interval_method, wide.n_resamples) == (0.95, "percentile", 300)


@every_metric
def test_the_interval_does_not_depend_on_the_executor(golden: Callable[[str], Any], metric: Any) -> None:
    table = canonical(golden)
    alone = krippendorff_alpha(table, metric=metric, n_resamples=70, rng=3)
    with ThreadPoolExecutor(3) as pool:
        together = krippendorff_alpha(table, metric=metric, n_resamples=70, rng=3, executor=pool)
    assert together == alone


def test_resamples_of_one_value_only_are_left_out_and_flagged() -> None:
    result = krippendorff_alpha([[1, 1], [1, 1], [2, 2]], metric="nominal", n_resamples=200, rng=4)
    assert 0 < result.n_undefined < 200
    assert result.flags == ("undefined_resamples",)
    assert (result.interval.low, result.interval.high) == (1, 1)


def test_without_resampling_the_interval_is_unknown() -> None:
    result = krippendorff_alpha([[1, 2], [2, 2]], metric="ordinal")
    assert math.isnan(result.interval.low)
    assert math.isnan(result.interval.high)
    assert result.flags == ()


def test_one_unit_cannot_be_resampled() -> None:
    result = krippendorff_alpha([[1, 2]], metric="ordinal", n_resamples=10, rng=1)
    assert result.alpha == 0
    assert math.isnan(result.interval.low)
    assert result.n_undefined == 10
    assert result.flags == ("too_few_rows", "undefined_resamples")


# Edges


@every_metric
def test_one_value_only_is_not_perfect_agreement(metric: Any) -> None:
    table: list[list[float]] = [[3, 3, 3], [3, 3, nan], [5, nan, nan]]
    result = krippendorff_alpha(table, metric=metric)
    assert math.isnan(result.alpha)
    assert (result.observed_disagreement, result.expected_disagreement) == (0, 0)
    assert result.flags == ("no_variation", "rows_dropped")


@every_metric
@pytest.mark.parametrize("table", [np.empty((0, 3)), [[1.0], [2.0]], [[1.0, nan], [nan, nan]]])
def test_no_pairable_unit_gives_nan_and_its_flag(table: Any, metric: Any) -> None:
    result = krippendorff_alpha(table, metric=metric)
    assert np.isnan([result.alpha, result.observed_disagreement, result.expected_disagreement]).all()
    assert "too_few_pairs" in result.flags
    assert result.values.shape == (0,)
    assert result.coincidences.shape == (0, 0)
    assert result.n_pairable == 0


def test_perfect_agreement_on_several_values_is_1_and_worse_than_chance_is_below_0() -> None:
    for metric in METRICS:
        assert krippendorff_alpha([[1, 1], [2, 2], [4, 4]], metric=metric).alpha == 1
        assert krippendorff_alpha([[1, 4], [4, 1], [1, 4]], metric=metric).alpha < 0


def test_two_zeros_do_not_differ_under_ratio() -> None:
    table = [[0, 0], [0, 1], [2, 2]]
    assert krippendorff_alpha(table, metric="ratio").alpha == pytest.approx(brute_force(table, "ratio"), abs=1e-12)


def test_masked_and_boolean_ratings_are_taken() -> None:
    masked = np.ma.masked_equal([[1, 1, 9], [2, 2, 2]], 9)
    assert krippendorff_alpha(masked, metric="nominal").alpha == 1
    assert krippendorff_alpha([[True, True], [False, False]], metric="nominal").alpha == 1


def test_the_result_is_frozen_plain_and_picklable(golden: Callable[[str], Any]) -> None:
    table = canonical(golden)
    result: Any = krippendorff_alpha(table, metric="ordinal")
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.to_dict()["interval"] == {"low": None, "high": None, "level": 0.95}
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    assert not result.values.flags.writeable
    assert not result.coincidences.flags.writeable
    assert table[0, 2] is None
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.alpha = 1.0


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: krippendorff_alpha([["a", "b"]], metric="nominal"), "ratings: expected real numbers, got text"),
        (lambda: krippendorff_alpha([1, 2], metric="nominal"), "ratings: expected two dimensions"),
        (lambda: krippendorff_alpha(np.empty((3, 0)), metric="nominal"), "ratings: expected at least one column"),
        (lambda: krippendorff_alpha([[1, np.inf]], metric="nominal"), r"ratings\[0, 1\]: expected a finite number"),
        (lambda: krippendorff_alpha([[1, 2]], metric="circular"), "metric: expected one of 'nominal', 'ordinal'"),  # type: ignore[arg-type]
        (
            lambda: krippendorff_alpha([[1, 2], [3, -2]], metric="ratio"),
            r"ratings\[1, 1\]: expected at least 0 under the ratio metric, got -2",
        ),
        (lambda: krippendorff_alpha([[1, 2]], metric="nominal", level=0.0), "level: expected a number inside"),
        (lambda: krippendorff_alpha([[1, 2]], metric="nominal", n_resamples=5), "rng: expected a Generator"),
        (
            lambda: krippendorff_alpha([[1, 2]], metric="nominal", n_resamples=-1),
            "n_resamples: expected a whole number of at least 0, got -1",
        ),
        (
            lambda: krippendorff_alpha(np.arange(5002).reshape(-1, 2), metric="interval"),
            "ratings: expected at most 5000 different values, got 5002",
        ),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
