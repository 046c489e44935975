"""Norm tables against reference numbers and counting by hand; continuous norms against known surfaces."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.stats import FLAGS
from leadkit.stats.norms import ContinuousNorms, NormTable, continuous_norms, norm_table
from leadkit.typing import FloatArray

nan = math.nan
NORMAL = NormalDist()

samples = st.lists(st.integers(0, 12), min_size=2, max_size=40)
wholes = st.lists(st.integers(-2, 14), min_size=1, max_size=12)


# Reference numbers


@pytest.fixture(scope="module")
def scores(shared_data: Callable[[str], Path]) -> Callable[[str], FloatArray]:
    """Scores of the shared norm samples by the key of their reference numbers."""

    def columns(file: str, names: list[str]) -> FloatArray:
        path = shared_data(f"stats/{file}.csv.gz")
        header = [name.strip('"') for name in np.genfromtxt(path, delimiter=",", dtype=str, max_rows=1)]
        return np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[header.index(name) for name in names])

    def read(key: str) -> FloatArray:
        if key == "norms_sat_act_ACT":
            return columns("sat_act", ["ACT"])
        items = columns("bfi", ["A1", "A2", "A3", "A4", "A5"])
        items[:, 0] = 7 - items[:, 0]
        return np.asarray(items.sum(axis=1))

    return read


@pytest.mark.parametrize("key", ["norms_bfi_agree_sum", "norms_sat_act_ACT"])
def test_every_unit_is_that_of_the_reference(key: str, golden: Any, scores: Any) -> None:
    expected = golden("stats/groups_norms_rsa.json")[key]
    table = norm_table(scores(key))
    at = expected["at"]
    assert table.n == expected["n"]
    assert (table.mean, table.sd) == pytest.approx((expected["mean"], expected["sd"]), rel=1e-10)
    found = {
        "percentile_rank_mid": table.percentile_rank(at),
        "percentile_below": table.percentile_rank(at, convention="below"),
        "percentile_at_or_below": table.percentile_rank(at, convention="at_or_below"),
        "z": table.z(at),
        "T": table.t(at),
        "z_normalised_midp": table.z(at, normalised=True),
        "T_normalised": table.t(at, normalised=True),
    }
    for name, values in found.items():
        assert values == pytest.approx(expected[name], rel=1e-10, abs=1e-10), name
    bands = {
        "sten_linear": table.sten(at, by="linear"),
        "stanine_linear": table.stanine(at, by="linear"),
        "sten_by_percentile": table.sten(at),
        "stanine_by_percentile": table.stanine(at),
    }
    for name, values in bands.items():
        assert values.tolist() == expected[name], name


# A second way


@given(samples, wholes)
def test_percentile_ranks_are_what_counting_gives(sample: list[int], x: list[int]) -> None:
    table = norm_table(sample)
    below = [100 * sum(score < value for score in sample) / len(sample) for value in x]
    at_or_below = [100 * sum(score <= value for score in sample) / len(sample) for value in x]
    assert table.percentile_rank(x, convention="below") == pytest.approx(below, abs=1e-12)
    assert table.percentile_rank(x, convention="at_or_below") == pytest.approx(at_or_below, abs=1e-12)
    assert table.percentile_rank(x) == pytest.approx((np.array(below) + at_or_below) / 2, abs=1e-12)


@given(samples, wholes)
def test_bands_are_the_cuts_passed(sample: list[int], x: list[int]) -> None:
    table = norm_table(sample)
    n = len(sample)
    for value, sten, stanine in zip(x, table.sten(x), table.stanine(x), strict=True):
        twice = sum((score < value) + (score <= value) for score in sample)
        hundredths = (4, 11, 23, 40, 60, 77, 89, 96)
        assert stanine == 1 + sum(100 * twice >= cut * 2 * n for cut in hundredths)
        z = -math.inf if twice == 0 else math.inf if twice == 2 * n else NORMAL.inv_cdf(twice / (2 * n))
        assert sten == 1 + sum(z >= cut / 2 for cut in range(-4, 5))


@given(samples)
def test_mean_and_sd_are_those_of_the_scores(sample: list[int]) -> None:
    table = norm_table(sample)
    assert table.mean == pytest.approx(np.mean(sample), abs=1e-12)
    assert table.sd == pytest.approx(np.std(sample, ddof=1), abs=1e-12)


def test_normalised_scores_of_normal_quantiles_are_the_scores_themselves() -> None:
    quantiles = [NORMAL.inv_cdf((i + 0.5) / 201) for i in range(201)]
    assert norm_table(quantiles).z(quantiles, normalised=True) == pytest.approx(quantiles, abs=1e-12)


# Laws


@given(samples, wholes)
def test_no_unit_falls_when_the_score_rises(sample: list[int], x: list[int]) -> None:
    row = norm_table(sample).lookup(sorted(x))
    for name in row._columns:
        values = getattr(row, name)
        assert np.isnan(values).all() or (np.diff(values) >= 0).all(), name


@given(samples, wholes)
def test_t_is_fifty_plus_ten_z(sample: list[int], x: list[int]) -> None:
    table = norm_table(sample)
    for normalised in (False, True):
        expected = 50 + 10 * table.z(x, normalised=normalised)
        assert np.array_equal(table.t(x, normalised=normalised), expected, equal_nan=True)


@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_the_sample_does_not_matter(sample: list[int], random: Any) -> None:
    shuffled = sample.copy()
    random.shuffle(shuffled)
    assert norm_table(shuffled) == norm_table(sample)


@given(samples, wholes)
def test_turning_the_scale_around_turns_the_percentiles_around(sample: list[int], x: list[int]) -> None:
    table, turned = norm_table(sample), norm_table([-score for score in sample])
    other = np.negative(x)
    assert turned.percentile_rank(other) == pytest.approx(100 - table.percentile_rank(x), abs=1e-12)
    assert turned.z(other, normalised=True) == pytest.approx(-table.z(x, normalised=True), abs=1e-12)


@given(samples, wholes)
def test_lookup_is_all_the_methods_at_once(sample: list[int], x: list[int]) -> None:
    table = norm_table(sample, name="support", version="2024")
    rows = table.lookup(x)
    expected = {
        "scores": np.array(x, dtype=float),
        "percentile_below": table.percentile_rank(x, convention="below"),
        "percentile_mid": table.percentile_rank(x),
        "percentile_at_or_below": table.percentile_rank(x, convention="at_or_below"),
        "z": table.z(x),
        "t": table.t(x),
        "z_normalised": table.z(x, normalised=True),
        "t_normalised": table.t(x, normalised=True),
        "sten": table.sten(x),
        "sten_linear": table.sten(x, by="linear"),
        "stanine": table.stanine(x),
        "stanine_linear": table.stanine(x, by="linear"),
    }
    assert list(rows._columns) == list(expected)
    for name, values in expected.items():
        assert np.array_equal(getattr(rows, name), values, equal_nan=True), name
    assert (rows.name, rows.version, rows.n, rows.flags) == ("support", "2024", len(sample), table.flags)


# Edges


def test_the_three_conventions_differ_by_many_points_on_a_short_scale() -> None:
    table = norm_table([3] * 18 + [1] * 41 + [5] * 41)
    assert table.percentile_rank([3, 3, 3]).tolist() == [50, 50, 50]
    assert table.percentile_rank(3, convention="below") == 41
    assert table.percentile_rank(3, convention="at_or_below") == 59


@pytest.mark.parametrize(("cut", "band"), [(4, 2), (11, 3), (23, 4), (40, 5), (60, 6), (77, 7), (89, 8), (96, 9)])
def test_a_share_at_a_stanine_cut_belongs_to_the_band_above(cut: int, band: int) -> None:
    table = norm_table(range(100))
    assert table.percentile_rank(cut - 0.5) == pytest.approx(cut, abs=1e-12)
    assert table.stanine([cut - 1, cut - 0.5, cut]).tolist() == [band - 1, band, band]


def test_the_median_belongs_to_the_sixth_sten() -> None:
    assert norm_table(range(100)).sten([49, 49.5, 50]).tolist() == [5, 6, 6]


def test_linear_bands_begin_at_their_cut_and_stop_at_their_ends() -> None:
    table = NormTable(scores=np.array([40.0, 60.0]), counts=np.array([50, 50]), n=100, n_rows=100, mean=50, sd=10)
    assert table.sten([-50, 29.99, 30, 34.99, 35, 50, 54.99, 55, 70, 150], by="linear").tolist() == [
        *[1, 1, 2, 2, 3, 6, 6, 7, 10, 10],
    ]
    assert table.stanine([-50, 32.49, 32.5, 47.49, 47.5, 52.49, 52.5, 67.5, 150], by="linear").tolist() == [
        *[1, 1, 2, 4, 5, 5, 6, 9, 9],
    ]


def test_normalised_scores_stop_half_a_person_from_the_ends() -> None:
    table = norm_table([1, 2, 3, 4, 5, 5, 5, 5])
    end = NORMAL.inv_cdf(0.5 / 8)
    assert table.z([-9, 1, 6, 99], normalised=True) == pytest.approx([end, end, -end, -end], abs=1e-12)
    assert table.percentile_rank([-9, 99]).tolist() == [0, 100]


def test_missing_scores_stay_missing_in_every_unit() -> None:
    rows = norm_table([1, 2, 3]).lookup([nan, 2])
    for name in rows._columns:
        first, second = getattr(rows, name)
        assert math.isnan(first)
        assert math.isfinite(second)


def test_missing_scores_of_the_sample_are_left_out_and_counted() -> None:
    table = norm_table([1, nan, 2, 3, nan])
    assert (table.n, table.n_rows, table.mean) == (3, 5, 2)
    assert table.flags == ("rows_dropped", "small_norm_sample")
    assert attrs.evolve(table, n_rows=3, flags=("small_norm_sample",)) == norm_table([1, 2, 3])


def test_the_shape_of_the_scores_is_kept() -> None:
    table = norm_table([1, 2, 3, 4])
    for method in (table.percentile_rank, table.z, table.t, table.sten, table.stanine):
        assert np.array_equal(method(3), np.array(method([3])[0]))
        assert isinstance(method(3), np.ndarray)
        assert method(np.array([[1, 2, 3], [nan, 5, 6]])).shape == (2, 3)
        assert method([]).shape == (0,)
    assert len(table.lookup(3).scores) == 1
    assert table.lookup([]).to_records() == []


def test_fewer_than_a_hundred_scores_are_a_small_norm_sample() -> None:
    assert norm_table(range(99)).flags == ("small_norm_sample",)
    assert norm_table(range(100)).flags == ()


def test_an_empty_sample_says_nothing_about_any_score() -> None:
    table = norm_table([nan, nan])
    assert (table.n, table.n_rows, table.scores.size) == (0, 2, 0)
    assert table.flags == ("rows_dropped", "small_norm_sample", "too_few_rows")
    rows = table.lookup([1, 2])
    for name in list(rows._columns)[1:]:
        assert np.isnan(getattr(rows, name)).all(), name


def test_one_score_has_ranks_but_no_spread() -> None:
    table = norm_table([4])
    assert table.mean == 4
    assert math.isnan(table.sd)
    assert table.flags == ("small_norm_sample", "too_few_rows")
    assert table.percentile_rank([3, 4, 5]).tolist() == [0, 50, 100]
    assert table.z([3, 4, 5], normalised=True).tolist() == [0, 0, 0]
    assert np.isnan(table.z([3, 4, 5])).all()
    assert np.isnan(table.sten([3, 4, 5], by="linear")).all()


@pytest.mark.parametrize("values", [[0.1] * 120, [0.3, 0.1 + 0.2] * 60])
def test_a_sample_without_spread_has_no_linear_scores(values: list[float]) -> None:
    table = norm_table(values)
    assert (table.sd, table.flags) == (0.0, ("no_variance",))
    assert np.isnan(table.lookup(values).t).all()
    assert np.isfinite(table.lookup(values).t_normalised).all()


def test_a_large_offset_costs_no_digits() -> None:
    table = norm_table(np.array([1.0, 2.0, 4.0, 9.0]) + 1e8)
    assert table.sd == pytest.approx(np.std([1, 2, 4, 9], ddof=1), rel=1e-12)


def test_integers_masked_arrays_and_objects_are_accepted() -> None:
    expected = norm_table([1.0, nan, 3.0])
    objects: Any = [1, None, 3]
    assert norm_table(objects) == expected
    assert norm_table(np.ma.masked_equal([1, 2, 3], 2)) == expected
    assert norm_table(np.array([1, nan, 3], dtype=np.float32)) == expected
    assert norm_table([True, False, True]) == norm_table([1, 0, 1])


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([[1, 2]], "scores: expected one dimension, got 2"),
        (["3"], "scores: expected real numbers, got text"),
        ([1, math.inf], r"scores\[1\]: expected a finite number or NaN, got inf"),
        ([1j], "scores: expected real numbers, got complex numbers"),
    ],
)
def test_bad_norm_samples_are_named(scores: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        norm_table(scores)


def test_bad_arguments_of_the_methods_are_named() -> None:
    table = norm_table([1, 2, 3])
    word: Any = "median"
    with pytest.raises(ValueError, match="convention: expected one of 'mid', 'below', 'at_or_below', got 'median'"):
        table.percentile_rank(1, convention=word)
    for method in (table.sten, table.stanine):
        with pytest.raises(ValueError, match="by: expected one of 'percentile', 'linear', got 'median'"):
            method(1, by=word)
    for function in (table.percentile_rank, table.z, table.t, table.sten, table.stanine, table.lookup):
        with pytest.raises(ValueError, match=r"x\[1\]: expected a finite number or NaN, got inf"):
            function([1, math.inf])
        with pytest.raises(ValueError, match="x: expected real numbers, got text"):
            function(["3"])
    with pytest.raises(ValueError, match="x: expected one dimension, got 2"):
        table.lookup([[1, 2]])


def test_a_norm_table_can_be_rebuilt_from_its_dictionary() -> None:
    table = norm_table([1, 2, 2, nan, 5], name="support", version="2024")
    assert NormTable(**json.loads(json.dumps(table.to_dict(), allow_nan=False))) == table


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scores": [2, 1]}, r"scores: expected distinct scores in ascending order, got \[2\.0, 1\.0\]"),
        ({"scores": [1, 1]}, "scores: expected distinct scores in ascending order"),
        ({"scores": [nan, 1]}, "scores: expected distinct scores in ascending order"),
        ({"scores": [1, nan]}, "scores: expected distinct scores in ascending order"),
        ({"scores": [[1, 2]]}, "scores: expected distinct scores in ascending order"),
        ({"counts": [1, 2, 3]}, r"counts: expected a count of at least 1 for each of 2 scores, got \[1, 2, 3\]"),
        ({"counts": [3, 0]}, "counts: expected a count of at least 1"),
        ({"n": 4}, "n: expected 3, the sum of counts, and no more than 3 rows, got 4"),
        ({"n_rows": 2}, "n: expected 3, the sum of counts, and no more than 2 rows, got 3"),
    ],
)
def test_a_norm_table_that_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    fields: dict[str, Any] = {"scores": [1, 2], "counts": [1, 2], "n": 3, "n_rows": 3, "mean": 5 / 3, "sd": 0.577}
    with pytest.raises(ValueError, match=message):
        NormTable(**fields | changes)


# Continuous norms


def quantile_sample(surface: Callable[[FloatArray, float], FloatArray], places: Any, n: int = 40) -> Any:
    """Scores at the normal quantiles of each place, and their places."""
    z = np.array([NORMAL.inv_cdf((i + 0.5) / n) for i in range(n)])
    return np.concatenate([surface(z, place) for place in places]), np.repeat(np.asarray(places, dtype=float), n)


def surface_at(z: FloatArray, place: float) -> FloatArray:
    a = (place - 20) / 10
    return 30 + 5 * z + 4 * a - 2 * a**2 + 0.8 * z * a + 0.3 * z**2 + 0.1 * z**3 - 0.05 * z**2 * a**2


GRADES = [10, 13, 15, 20, 22, 26, 30]


@pytest.fixture(scope="module")
def known() -> ContinuousNorms:
    """Norms of a sample that lies on a known surface exactly."""
    return continuous_norms(*quantile_sample(surface_at, GRADES))


def test_a_known_surface_is_recovered_term_by_term(known: ContinuousNorms) -> None:
    expected = {"1": 30, "a": 4, "a^2": -2, "z": 5, "z a": 0.8, "z a^2": 0, "z^2": 0.3, "z^2 a": 0, "z^2 a^2": -0.05}
    expected |= {"z^3": 0.1, "z^3 a": 0, "z^3 a^2": 0}
    assert list(known.terms) == list(expected)
    assert known.coefficients == pytest.approx(list(expected.values()), abs=1e-9)
    assert known.r2 == pytest.approx(1, abs=1e-12)
    assert (known.covariate_low, known.covariate_high, known.n, known.n_rows) == (10, 30, 280, 280)
    assert (known.location_degree, known.covariate_degree, known.n_groups) == (3, 2, 7)
    assert known.monotone
    assert known.flags == ()


@given(st.floats(10, 90), st.floats(10, 30))
def test_raw_scores_are_the_surface_and_norm_scores_its_inverse(t: float, place: float) -> None:
    norms = continuous_norms(*quantile_sample(surface_at, GRADES))
    raw = norms.raw_score(t, place)
    assert raw == pytest.approx(surface_at(np.array((t - 50) / 10), place), abs=1e-8)
    assert norms.t_score(raw, place) == pytest.approx(t, abs=1e-9)


def test_a_raw_score_survives_the_way_to_its_norm_score_and_back(known: ContinuousNorms) -> None:
    raw, place = np.meshgrid(np.linspace(18, 45, 28), np.linspace(10, 30, 9))
    assert known.raw_score(known.t_score(raw, place), place) == pytest.approx(raw, abs=1e-9)


def test_norm_scores_rise_with_the_raw_score(known: ContinuousNorms) -> None:
    raw = np.linspace(-20, 90, 111)
    for place in (10, 17, 30):
        norms = known.t_score(raw, place)
        assert (np.diff(norms) >= 0).all()
        assert (norms.min(), norms.max()) == pytest.approx((10, 90), abs=1e-9)


def test_norms_of_a_spread_out_covariate_come_near_the_truth() -> None:
    rng = np.random.default_rng(3)
    months = rng.uniform(0, 48, size=8000)
    z = rng.normal(size=8000)
    norms = continuous_norms(20 + 0.3 * months - 0.003 * months**2 + (4 + 0.03 * months) * z, months)
    t, at = np.meshgrid([35, 50, 65], [4, 24, 44])
    truth = 20 + 0.3 * at - 0.003 * at**2 + (4 + 0.03 * at) * (t - 50) / 10
    assert norms.raw_score(t, at) == pytest.approx(truth, abs=0.5)
    assert norms.n_groups == 8
    assert norms.r2 > 0.98


def test_within_one_group_norm_scores_are_the_normalised_scores_of_a_norm_table() -> None:
    raw = np.array([1, 2, 2, 3, 4, 4, 4, 5, 6, 9.0])
    norms = continuous_norms(raw, np.zeros(10), location_degree=1, covariate_degree=0)
    z = norm_table(raw).z(raw, normalised=True)
    slope, intercept = np.polyfit(z, raw, 1)
    assert norms.coefficients == pytest.approx([intercept, slope], abs=1e-12)
    assert norms.r2 == pytest.approx(np.corrcoef(raw, z)[0, 1] ** 2, abs=1e-12)
    assert (norms.terms, norms.n_groups) == (("1", "z"), 1)
    assert norms.raw_score(50, 0) == pytest.approx(intercept, abs=1e-12)
    assert np.isnan(norms.raw_score(50, 0.1))


def test_groups_are_of_nearly_equal_size_and_keep_equal_covariates_together() -> None:
    rng = np.random.default_rng(5)
    raw = rng.normal(size=103)
    assert continuous_norms(raw, np.arange(103), covariate_degree=1, n_groups=5).n_groups == 5
    ties = np.repeat([1.0, 2.0, 3.0], [80, 20, 3])
    result = continuous_norms(raw, ties, covariate_degree=1, n_groups=50)
    assert result.n_groups == 3


def test_group_norms_use_the_mean_covariate_of_the_group() -> None:
    raw, _ = quantile_sample(lambda z, place: 10 * place + z, [1, 2, 3, 4])
    jitter = np.tile(np.linspace(-0.2, 0.2, 40), 4)[np.random.default_rng(1).permutation(160)]
    place = np.repeat([1.0, 2.0, 3.0, 4.0], 40) + jitter
    norms = continuous_norms(raw, place, location_degree=1, covariate_degree=1, n_groups=4)
    centres = place.reshape(4, 40).mean(axis=1)
    z = np.tile(quantile_sample(lambda z, _: z, [0])[0], 4)
    a = 2 * (np.repeat(centres, 40) - place.min()) / np.ptp(place) - 1
    expected = np.linalg.lstsq(np.column_stack([np.ones(160), a, z, z * a]), raw, rcond=None)[0]
    assert norms.coefficients == pytest.approx(expected, abs=1e-9)


def test_norms_are_undefined_outside_the_range_of_covariate_and_norm_score(known: ContinuousNorms) -> None:
    assert np.isnan(known.raw_score(50, [9.99, 30.01, nan])).all()
    assert np.isnan(known.t_score(30, [9.99, 30.01, nan])).all()
    assert np.isfinite(known.raw_score([10, 90], [10, 30])).all()
    assert np.isnan(known.raw_score([9.99, 90.01, nan], 20)).all()
    assert np.isnan(known.t_score(nan, 20))


def test_arguments_are_broadcast(known: ContinuousNorms) -> None:
    assert known.raw_score(50, 20).shape == ()
    assert known.raw_score([[40], [50]], [10, 20, 30]).shape == (2, 3)
    assert known.t_score([], 20).shape == (0,)
    assert known.raw_score(50, 20) == pytest.approx(30, abs=1e-9)


def test_the_order_of_the_people_does_not_matter() -> None:
    raw, place = quantile_sample(surface_at, GRADES)
    order = np.random.default_rng(2).permutation(raw.size)
    assert continuous_norms(raw[order], place[order]) == continuous_norms(raw, place)


def test_people_without_score_or_covariate_are_left_out_and_counted() -> None:
    raw, place = quantile_sample(surface_at, GRADES)
    expected = continuous_norms(raw, place)
    result = continuous_norms(np.concatenate([[nan, 5, nan], raw]), np.concatenate([[12, nan, nan], place]))
    assert (result.n, result.n_rows, result.flags) == (280, 283, ("rows_dropped",))
    assert attrs.evolve(result, n_rows=280, flags=()) == expected


def test_norms_that_fall_are_flagged() -> None:
    raw, place = quantile_sample(lambda z, grade: np.minimum(z, -1.2) + 0.001 * z + 0 * grade, GRADES)
    result = continuous_norms(raw, place)
    slopes = np.diff(result.raw_score(np.linspace(20, 80, 61), 20))
    assert slopes.min() < 0
    assert not result.monotone
    assert result.flags == ("not_monotone",)


def test_fewer_than_a_hundred_people_are_a_small_norm_sample() -> None:
    rng = np.random.default_rng(1)
    place = np.arange(100.0)
    raw = place + rng.normal(size=100)
    assert continuous_norms(raw[:99], place[:99], location_degree=1).flags == ("small_norm_sample",)
    assert continuous_norms(raw, place, location_degree=1).flags == ()


def assert_undefined(result: ContinuousNorms, *flags: str) -> None:
    assert np.isnan(result.coefficients).all()
    assert math.isnan(result.r2)
    assert result.monotone is False
    assert result.flags == flags
    inside = result.covariate_low
    assert np.isnan(result.raw_score(50, [1] if math.isnan(inside) else inside)).all()
    assert np.isnan(result.t_score(50, [1] if math.isnan(inside) else inside)).all()


@pytest.mark.parametrize("n", [0, 1, 12])
def test_no_more_people_than_terms_are_too_few(n: int) -> None:
    assert_undefined(continuous_norms(np.arange(n), np.arange(n)), "small_norm_sample", "too_few_rows")


def test_equal_scores_have_no_norms() -> None:
    assert_undefined(continuous_norms(np.full(150, 0.1), np.arange(150)), "no_variance")


def test_degrees_beyond_the_distinct_scores_or_groups_are_singular() -> None:
    place = np.arange(160.0)
    assert_undefined(continuous_norms(np.arange(160) % 2, place, n_groups=1, covariate_degree=0), "singular_covariance")
    raw = np.random.default_rng(1).normal(size=160)
    assert_undefined(continuous_norms(raw, place, n_groups=2), "singular_covariance")
    assert_undefined(continuous_norms(raw, np.full(160, 3.0)), "singular_covariance")
    assert continuous_norms(raw, place, n_groups=2, covariate_degree=1).n_groups == 2


@pytest.mark.parametrize(
    ("scores", "covariate", "options", "message"),
    [
        ([1, 2], [1, 2, 3], {}, "covariate: expected 2 values, got 3"),
        ([[1, 2]], [1, 2], {}, "scores: expected one dimension, got 2"),
        ([1, 2], ["a", "b"], {}, "covariate: expected real numbers, got text"),
        ([1, math.inf], [1, 2], {}, r"scores\[1\]: expected a finite number or NaN, got inf"),
        ([1, 2], [1, 2], {"location_degree": 0}, "location_degree: expected a whole number of at least 1, got 0"),
        ([1, 2], [1, 2], {"covariate_degree": -1}, "covariate_degree: expected a whole number of at least 0, got -1"),
        ([1, 2], [1, 2], {"n_groups": 2.5}, "n_groups: expected a whole number of at least 1, got 2.5"),
    ],
)
def test_bad_arguments_of_continuous_norms_are_named(
    scores: Any, covariate: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        continuous_norms(scores, covariate, **options)


def test_bad_arguments_of_its_methods_are_named(known: ContinuousNorms) -> None:
    with pytest.raises(ValueError, match=r"covariate: shape \(3,\) does not go with t of shape \(2,\)"):
        known.raw_score([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"covariate: shape \(3,\) does not go with raw of shape \(2,\)"):
        known.t_score([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="t: expected real numbers, got text"):
        known.raw_score("50", 20)
    with pytest.raises(ValueError, match=r"covariate\[0\]: expected a finite number or NaN, got inf"):
        known.t_score(50, [math.inf])


# Results


RESULTS = [
    norm_table([1, 2, 2, 5], name="support", version="2024"),
    norm_table([]),
    norm_table([1, 2, 2, 5]).lookup([1, nan, 7]),
    continuous_norms(*quantile_sample(surface_at, GRADES)),
    continuous_norms([], []),
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


def test_records_hold_a_row_a_score_or_a_term(known: ContinuousNorms) -> None:
    assert norm_table([1, 2, 2]).to_records() == [{"score": 1, "count": 1}, {"score": 2, "count": 2}]
    record = norm_table([1, 2, 2, 5]).lookup([nan, 2]).to_records()[1]
    assert {name: record[name] for name in ("score", "percentile_mid", "sten", "stanine")} == {
        "score": 2,
        "percentile_mid": 50,
        "sten": 6,
        "stanine": 5,
    }
    assert known.to_records()[4] == {"term": "z a", "coefficient": known.coefficients[4]}


def test_the_scores_given_are_not_changed() -> None:
    raw, place = quantile_sample(surface_at, GRADES)
    shuffled = raw[::-1].copy()
    before = shuffled.copy()
    norm_table(shuffled).lookup(shuffled)
    continuous_norms(shuffled, place)
    assert np.array_equal(shuffled, before)
