"""Item analysis: every column by its definition, its edges, and one pass over the data."""

from __future__ import annotations

import json
import math
import pickle
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from leadkit.stats.flags import FLAGS
from leadkit.stats.moments import ItemMoments
from leadkit.stats.reliability import ItemAnalysis, cronbach_alpha, guttman_lambdas, item_analysis

NAN = float("nan")
ROWS = (
    "mean",
    "sd",
    "item_total_r",
    "item_rest_r",
    "item_total_r_corrected",
    "alpha_if_dropped",
    "floor",
    "ceiling",
)


def related(n: int, k: int, *, seed: int = 0, gaps: float = 0.0) -> NDArray[np.float64]:
    """Give answers 1..5 that share one cause, some of them missing."""
    rng = np.random.default_rng(seed)
    x = np.clip(np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k))), 1, 5)
    x[rng.random((n, k)) < gaps] = np.nan
    return x


def close(ours: Any, theirs: Any, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def test_every_column_is_what_it_is_defined_to_be() -> None:
    x = related(60, 5)
    result = item_analysis(x, bounds=(1, 5))
    total = x.sum(axis=1)
    r = np.corrcoef(x, rowvar=False)
    common = r - np.diag(1 / np.diag(np.linalg.inv(r)))
    for item in range(5):
        others = np.delete(x, item, axis=1)
        assert result.n_answered[item] == 60
        close(result.mean[item], x[:, item].mean())
        close(result.sd[item], x[:, item].std(ddof=1))
        close(result.item_total_r[item], np.corrcoef(x[:, item], total)[0, 1])
        close(result.item_rest_r[item], np.corrcoef(x[:, item], others.sum(axis=1))[0, 1])
        close(result.item_total_r_corrected[item], common[item].sum() / math.sqrt(common.sum()))
        close(result.alpha_if_dropped[item], cronbach_alpha(others).alpha)
        close(result.floor[item], (x[:, item] == 1).mean())
        close(result.ceiling[item], (x[:, item] == 5).mean())
    close(result.total_mean, total.mean())
    close(result.total_sd, total.std(ddof=1))
    close(result.standard_error_of_measurement, total.std(ddof=1) * math.sqrt(1 - cronbach_alpha(x).alpha))
    assert result.flags == ()
    assert result.item_flags == ((),) * 5


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_alpha_and_lambdas_are_those_of_their_own_functions(missing: Any) -> None:
    x = related(60, 4, gaps=0.1)
    options: dict[str, Any] = {"missing": missing, "level": 0.9, "interval": "duhachek", "interval_n": "rows"}
    result = item_analysis(x, **options)
    assert result.alpha == cronbach_alpha(x, **options)
    assert result.lambdas == guttman_lambdas(x, missing=missing, lambda4="none")
    assert (result.n_items, result.n_rows, result.n_complete) == (4, 60, int((~np.isnan(x)).all(axis=1).sum()))
    assert result.missing == missing
    assert result.flags == (("rows_dropped",) if missing == "listwise" else ())


def test_columns_under_gaps_come_from_the_pairwise_covariances() -> None:
    x = related(60, 4, gaps=0.1)
    c = ItemMoments.from_array(x).covariance
    d, row_sums, v = np.diag(c), c.sum(axis=1), c.sum()
    result = item_analysis(x)
    rest = v - 2 * row_sums + d
    close(result.item_total_r, row_sums / np.sqrt(d * v))
    close(result.item_rest_r, (row_sums - d) / np.sqrt(d * rest))
    close(result.alpha_if_dropped, 3 / 2 * (1 - (d.sum() - d) / rest))
    close(result.mean, np.nanmean(x, axis=0))
    close(result.total_mean, np.nanmean(x, axis=0).sum())
    close(result.total_sd, math.sqrt(v))


@settings(max_examples=25)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(0, 12), st.integers(1, 4)),
        elements=st.one_of(st.just(NAN), st.integers(1, 5).map(float)),
    ),
    st.sampled_from(["pairwise", "listwise"]),
    st.randoms(use_true_random=False),
)
def test_any_answers_give_a_result_whose_gaps_are_flagged(x: NDArray[np.float64], missing: Any, random: Any) -> None:
    result = item_analysis(x, bounds=(1, 5), missing=missing)
    assert set(result.flags) <= set(FLAGS)
    assert set(result.flags) >= {flag for row in result.item_flags for flag in row}
    json.dumps([result.to_dict(), result.to_records()], allow_nan=False)
    values = [*np.concatenate([getattr(result, name) for name in ROWS if name != "alpha_if_dropped"]), result.total_sd]
    if np.isnan(values).any() or math.isnan(result.alpha.alpha):
        assert set(result.flags) - {"rows_dropped"}
    order = list(range(len(x)))
    random.shuffle(order)
    shuffled = item_analysis(x[order], bounds=(1, 5), missing=missing)
    assert shuffled.flags == result.flags
    assert shuffled.item_flags == result.item_flags
    for name in ROWS:
        close(getattr(shuffled, name), getattr(result, name), 1e-9)


def test_moments_give_what_their_answers_give() -> None:
    x = related(50, 3, gaps=0.1)
    parts = [ItemMoments.from_array(part, bounds=(1, 5)) for part in (x[:20], x[20:])]
    direct, merged = item_analysis(x, bounds=(1, 5)), item_analysis(ItemMoments.merge(parts))
    for name in ROWS:
        close(getattr(merged, name), getattr(direct, name))
    assert item_analysis(parts[0], bounds=(1, 5), items=["a", "b", "c"]).items == ("a", "b", "c")
    assert item_analysis(parts[0]) == item_analysis(x[:20], bounds=(1, 5))


def test_moments_keep_their_bounds() -> None:
    with pytest.raises(ValueError, match=r"bounds: expected None, those of the moments, got \(1, 5\)"):
        item_analysis(ItemMoments.from_array([[1, 2]]), bounds=(1, 5))
    with pytest.raises(ValueError, match="items: expected 2 names, got 1"):
        item_analysis(ItemMoments.from_array([[1, 2]]), items=["a"])


def test_without_bounds_there_is_no_floor_and_no_ceiling() -> None:
    result = item_analysis(related(20, 3))
    assert np.isnan([*result.floor, *result.ceiling]).all()
    assert result.flags == ()


def test_two_items_leave_no_alpha_when_one_is_dropped() -> None:
    result = item_analysis(related(20, 2))
    assert np.isnan(result.alpha_if_dropped).all()
    assert np.isfinite(result.item_rest_r).all()
    assert result.flags == ()


def test_one_item_is_described_and_flagged() -> None:
    result = item_analysis([[1], [2], [4]], bounds=(1, 5))
    close([result.mean[0], result.total_mean, result.item_total_r[0]], [7 / 3, 7 / 3, 1])
    close([result.sd[0], result.total_sd], [math.sqrt(7 / 3)] * 2)
    rest = [result.item_rest_r, result.item_total_r_corrected, result.alpha_if_dropped]
    assert np.isnan(rest).all()
    assert math.isnan(result.standard_error_of_measurement)
    assert (result.flags, result.item_flags) == (("single_item",), ((),))


def test_a_constant_item_is_flagged_in_its_row() -> None:
    result = item_analysis(np.column_stack([related(30, 3), np.full(30, 4)]), bounds=(1, 5))
    assert result.item_flags == ((), (), (), ("constant_item",))
    assert result.flags == ("constant_item", "singular_covariance")
    assert result.sd[3] == 0
    assert np.isnan([result.item_total_r[3], result.item_rest_r[3]]).all()
    assert np.isnan(result.item_total_r_corrected).all()
    assert np.isfinite([*result.item_total_r[:3], *result.alpha_if_dropped]).all()
    close(result.alpha_if_dropped[3], cronbach_alpha(related(30, 3)).alpha)


def test_items_that_are_all_constant_but_one_leave_nothing_when_it_is_dropped() -> None:
    result = item_analysis([[1, 3, 2], [2, 3, 2], [4, 3, 2]])
    assert result.item_flags == (("no_variance",), ("constant_item",), ("constant_item",))
    assert math.isnan(result.alpha_if_dropped[0])
    assert math.isnan(result.item_rest_r[0])
    assert result.alpha.alpha == 0


def test_a_pair_that_nobody_answered_is_flagged_in_both_rows() -> None:
    result = item_analysis([[1.0, 2.0, NAN], [2.0, 3.0, 3.0], [3.0, 3.0, 1.0], [4.0, NAN, 2.0]])
    assert result.item_flags == ((), (), ())
    result = item_analysis([[1.0, 2.0, NAN], [2.0, 3.0, NAN], [3.0, NAN, 1.0], [4.0, NAN, 2.0]])
    assert result.item_flags == ((), ("too_few_pairs",), ("too_few_pairs",))
    assert result.flags == ("too_few_pairs",)
    close(result.mean, [2.5, 2.5, 1.5])
    assert np.isfinite(result.sd).all()
    assert np.isnan([*result.item_rest_r, *result.alpha_if_dropped, result.total_sd]).all()


def test_items_that_oppose_each_other_have_no_common_part() -> None:
    result = item_analysis([[1, 5], [2, 3], [3, 2], [4, 2], [3, 2]])
    assert np.isnan(result.item_total_r_corrected).all()
    assert result.alpha.alpha < 0
    assert result.flags == ("negative_estimate",)
    assert result.standard_error_of_measurement > result.total_sd


def test_too_few_rows_describe_and_no_more() -> None:
    for x, mean in (([[1.0, 3.0]], [1, 3]), (np.empty((0, 2)), [NAN, NAN])):
        result = item_analysis(x)
        np.testing.assert_array_equal(result.mean, mean)
        assert np.isnan([*result.sd, *result.item_rest_r, result.total_sd]).all()
        assert (result.flags, result.item_flags) == (("too_few_rows",), ((), ()))


def test_measurement_without_error_has_none() -> None:
    result = item_analysis(np.tile(related(20, 1), 3))
    assert result.standard_error_of_measurement == 0
    assert result.flags == ("singular_covariance",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"items": ["a", "b"]}, "items: expected 3 names, got 2"),
        ({"bounds": (1, 2)}, r"x\[\d+, \d\]: \d is outside 1\.\.2"),
        ({"missing": "drop"}, "missing: expected one of 'pairwise', 'listwise', got 'drop'"),
        ({"interval": "wald"}, "interval: expected one of 'feldt', 'duhachek', got 'wald'"),
        ({"interval_n": 0}, "interval_n: expected 'harmonic', 'rows' or a number above 1, got 0"),
        ({"level": 0}, r"level: expected a number inside \(0, 1\), got 0"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        item_analysis(related(20, 3), **options)


def test_rows_become_records_with_names_and_flags() -> None:
    result = item_analysis([[1, 2, 3], [2, 4, 3], [3, 3, 3]], items=["clear", "fair", "calm"])
    records = result.to_records()
    assert [record["item"] for record in records] == ["clear", "fair", "calm"]
    assert list(records[0]) == ["item", "n_answered", *ROWS, "flags"]
    assert records[2]["flags"] == "constant_item"
    assert records[2]["item_rest_r"] is None
    assert records[0]["floor"] is None
    assert type(records[0]["n_answered"]) is int


def test_the_result_is_frozen_equal_by_value_picklable_and_json_safe() -> None:
    result = item_analysis(related(20, 3, gaps=0.1), bounds=(1, 5))
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301
    read = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert read["alpha"]["alpha"] == result.alpha.alpha
    assert read["lambdas"]["lambda4"] is None
    for name in ("n_answered", *ROWS):
        assert not getattr(result, name).flags.writeable
    with pytest.raises(AttributeError):
        result.items = ()  # type: ignore[misc]
    assert isinstance(result, ItemAnalysis)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_memory_does_not_grow_with_the_rows(dtype: Any) -> None:
    x = related(100_000, 20, gaps=0.02).astype(dtype)
    tracemalloc.start()
    try:
        result = item_analysis(x)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * 2**20 < x.nbytes
    assert result == item_analysis(x.astype(np.float64))
