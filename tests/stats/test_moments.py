"""Moments of items: what they hold, that they merge, and that they keep their digits."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from leadkit.stats.moments import ItemMoments

NAN = float("nan")
WITH_GAPS = np.array([[1, 2, 5], [2, NAN, 4], [4, 4, 4], [NAN, NAN, 1], [3, 5, NAN], [5, 1, 2]])
PROPERTIES = ("n_answered", "means", "variances", "covariance", "correlation", "total_variance")


@st.composite
def answers(draw: st.DrawFn, *, gaps: bool = True, least_rows: int = 0) -> np.ndarray:
    shape = (draw(st.integers(least_rows, 30)), draw(st.integers(1, 5)))
    x = draw(hnp.arrays(np.float64, shape, elements=st.integers(1, 7).map(float)))
    if gaps:
        x[draw(hnp.arrays(np.bool_, shape, elements=st.sampled_from([False, False, False, True])))] = np.nan
    return x


def equal(first: Any, second: Any) -> bool:
    return np.array_equal(first, second, equal_nan=True)


def agree(first: ItemMoments, second: ItemMoments, *, tolerance: float = 1e-12) -> None:
    assert equal(first.counts, second.counts)
    assert (first.n_rows, first.n_complete) == (second.n_rows, second.n_complete)
    assert first.floor_counts is None or equal(first.floor_counts, second.floor_counts)
    assert first.ceiling_counts is None or equal(first.ceiling_counts, second.ceiling_counts)
    for name in PROPERTIES:
        one, other = np.asarray(getattr(first, name)), np.asarray(getattr(second, name))
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance, err_msg=name)


def test_moments_are_sums_over_the_rows_that_answer_both_items() -> None:
    moments = ItemMoments.from_array(WITH_GAPS, centre=[1.0, 2.0, 3.0])
    z = WITH_GAPS - [1.0, 2.0, 3.0]
    for i in range(3):
        for j in range(3):
            both = ~np.isnan(z[:, i]) & ~np.isnan(z[:, j])
            assert moments.counts[i, j] == both.sum()
            assert moments.sums[i, j] == z[both, i].sum()
            assert moments.products[i, j] == (z[both, i] * z[both, j]).sum()
    assert (moments.n_rows, moments.n_complete, moments.n_items) == (6, 3, 3)
    assert moments.items == ("item1", "item2", "item3")


def test_covariance_is_that_of_each_pair_of_items_and_means_of_each_item() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(3, 1, (200, 6))
    x[rng.random(x.shape) < 0.1] = np.nan
    moments = ItemMoments.from_array(x)
    frame = pd.DataFrame(x)
    np.testing.assert_allclose(moments.covariance, frame.cov(), rtol=1e-12)
    np.testing.assert_allclose(moments.means, frame.mean(), rtol=1e-12)
    np.testing.assert_allclose(moments.variances, frame.var(), rtol=1e-12)
    assert equal(moments.n_answered, frame.count())


def test_correlation_divides_by_the_standard_deviations_of_all_answers_not_those_of_the_pair() -> None:
    moments = ItemMoments.from_array(WITH_GAPS)
    sd = np.nanstd(WITH_GAPS, axis=0, ddof=1)
    np.testing.assert_allclose(moments.correlation, moments.covariance / np.outer(sd, sd), rtol=1e-14)
    of_the_pair = pd.DataFrame(WITH_GAPS).corr().to_numpy()
    assert not np.isclose(moments.correlation[0, 1], of_the_pair[0, 1])
    assert equal(np.diag(moments.correlation), np.ones(3))


def test_total_variance_is_that_of_the_sum_when_nothing_is_missing() -> None:
    x = np.random.default_rng(2).integers(1, 6, (50, 4))
    assert ItemMoments.from_array(x).total_variance == pytest.approx(x.sum(axis=1).var(ddof=1), rel=1e-13)


@settings(max_examples=25)
@given(answers(), st.data())
def test_any_split_of_the_rows_in_any_order_merges_to_the_whole(x: np.ndarray, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(x)), max_size=4)))
    parts = [np.array(part) for part in np.split(x, cuts)]
    order = data.draw(st.permutations(range(len(parts))))
    chunks = [parts[place] for place in order]
    for missing in ("pairwise", "listwise"):
        whole = ItemMoments.from_array(x, missing=missing, bounds=(1, 7))
        merged = ItemMoments.merge(ItemMoments.from_array(c, missing=missing, bounds=(1, 7)) for c in chunks)
        agree(merged, whole)
        agree(ItemMoments.from_chunks(chunks, missing=missing, bounds=(1, 7)), whole)
        own_centres = ItemMoments.merge(ItemMoments.from_array(c, missing=missing) for c in chunks)
        agree(own_centres, ItemMoments.from_array(x, missing=missing))


@settings(max_examples=25)
@given(answers(), st.integers(1, 9))
def test_the_size_of_the_chunks_changes_nothing(x: np.ndarray, chunk_rows: int) -> None:
    agree(ItemMoments.from_array(x, chunk_rows=chunk_rows), ItemMoments.from_array(x))


@settings(max_examples=25)
@given(answers())
def test_sums_worked_out_elsewhere_give_the_moments_of_the_array(x: np.ndarray) -> None:
    present = ~np.isnan(x)
    z = np.where(present, x - 4, 0.0)
    counts = present.astype(int).T @ present.astype(int)
    complete = int(present.all(axis=1).sum())
    made = ItemMoments.from_sums(counts, z.T @ present, z.T @ z, centre=4, n_rows=len(x), n_complete=complete)
    agree(made, ItemMoments.from_array(x, centre=4))


@settings(max_examples=25)
@given(answers(gaps=False))
def test_one_count_and_k_sums_stand_for_complete_rows(x: np.ndarray) -> None:
    z = x - 2
    made = ItemMoments.from_sums(len(x), z.sum(axis=0), z.T @ z, centre=2)
    assert made == ItemMoments.from_array(x, centre=2)


@settings(max_examples=25)
@given(answers(), st.data())
def test_reversed_moments_are_the_moments_of_reversed_answers(x: np.ndarray, data: st.DataObject) -> None:
    moments = ItemMoments.from_array(x, bounds=(1, 7))
    names = data.draw(st.lists(st.sampled_from(moments.items), unique=True))
    turned = x.copy()
    columns = [moments.items.index(name) for name in names]
    turned[:, columns] = 8 - turned[:, columns]
    assert moments.reversed(names, bounds=(1, 7)) == ItemMoments.from_array(turned, bounds=(1, 7))
    bare = ItemMoments.from_array(x).reversed(names, bounds=(1, 7))
    agree(bare, ItemMoments.from_array(turned), tolerance=1e-12)


@settings(max_examples=25)
@given(answers(), st.floats(-50, 50))
def test_another_centre_changes_no_statistic(x: np.ndarray, centre: float) -> None:
    moments = ItemMoments.from_array(x)
    agree(moments.recentred(centre), moments, tolerance=1e-10)
    assert equal(moments.recentred(centre).centre, np.full(moments.n_items, centre))
    agree(moments.recentred(centre).recentred(moments.centre), moments, tolerance=1e-10)


@settings(max_examples=25)
@given(answers(), st.data())
def test_selected_moments_are_those_of_the_columns(x: np.ndarray, data: st.DataObject) -> None:
    moments = ItemMoments.from_array(x, bounds=(1, 7))
    columns = data.draw(st.lists(st.sampled_from(range(moments.n_items)), unique=True, min_size=1))
    names = [moments.items[column] for column in columns]
    kept = moments.select(names)
    direct = ItemMoments.from_array(x[:, columns], items=names, bounds=(1, 7))
    assert kept.items == direct.items
    assert equal(kept.floor_counts, direct.floor_counts)
    for name in ("counts", "sums", "products", "centre", *PROPERTIES):
        assert equal(getattr(kept, name), getattr(direct, name))
    if len(columns) <= 2 or len(columns) == moments.n_items:
        assert kept.n_complete == direct.n_complete
    else:
        assert kept.n_complete >= direct.n_complete


@settings(max_examples=25)
@given(answers(least_rows=2), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(x: np.ndarray, random: Any) -> None:
    order = list(range(len(x)))
    random.shuffle(order)
    agree(ItemMoments.from_array(x[order]), ItemMoments.from_array(x))


@settings(max_examples=25)
@given(answers(least_rows=2))
def test_a_large_offset_costs_no_digit_of_a_covariance(x: np.ndarray) -> None:
    near, far = ItemMoments.from_array(x / 4), ItemMoments.from_array(x / 4 + 1e8)
    np.testing.assert_allclose(far.covariance, near.covariance, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(far.means, near.means + 1e8, rtol=1e-15)
    merged = ItemMoments.from_array(x[:1] / 4 + 1e8) + ItemMoments.from_array(x[1:] / 4 + 1e8)
    np.testing.assert_allclose(merged.covariance, near.covariance, rtol=1e-9, atol=1e-9)


def test_float32_answers_with_an_offset_keep_the_variance_that_a_one_pass_formula_loses() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 6, (20_000, 3)).astype(np.float32) + np.float32(10_000)
    true = x.astype(np.float64).var(axis=0, ddof=1)
    one_pass = (x * x).mean(axis=0) - x.mean(axis=0) ** 2
    assert (np.abs(one_pass - true) > 0.1).all()
    np.testing.assert_allclose(ItemMoments.from_array(x).variances, true, rtol=1e-9)


def test_float64_answers_with_an_offset_keep_the_variance_that_a_one_pass_formula_loses() -> None:
    x = np.random.default_rng(3).integers(1, 6, (20_000, 3)) + 1e8
    true = (x - 1e8).var(axis=0, ddof=1)
    one_pass = (x * x).mean(axis=0) - x.mean(axis=0) ** 2
    assert (np.abs(one_pass - true) > 0.1).all()
    np.testing.assert_allclose(ItemMoments.from_array(x).variances, true, rtol=1e-9)


@pytest.mark.parametrize("bounds", [None, (0.0, 7.3)])
def test_an_item_that_never_varies_has_variance_0_exactly(bounds: tuple[float, float] | None) -> None:
    x = np.random.default_rng(4).random((70_000, 3))
    x[:, 1] = 0.1
    moments = ItemMoments.from_array(x, bounds=bounds)
    assert moments.variances[1] == 0
    assert equal(moments.covariance[1], np.zeros(3))
    assert np.isnan(moments.correlation[1]).all()
    merged = ItemMoments.merge(ItemMoments.from_array(part, bounds=bounds) for part in np.split(x, 7))
    assert merged.variances[1] == 0


def test_a_sum_that_never_varies_has_variance_0_exactly() -> None:
    first = np.random.default_rng(5).random(5000)
    assert ItemMoments.from_array(np.column_stack([first, 0.3 - first])).total_variance == 0


def test_the_centre_is_the_middle_of_the_scale_or_each_first_answer_in_whichever_chunk_it_comes() -> None:
    chunks = [[[NAN, 2, NAN]], [[NAN, 3, NAN], [5, 4, NAN]]]
    assert equal(ItemMoments.from_chunks(chunks).centre, [5, 2, 0])
    assert equal(ItemMoments.from_chunks(chunks, bounds=(1, 6)).centre, [3.5] * 3)
    assert equal(ItemMoments.from_chunks(chunks, centre=1).centre, [1] * 3)
    assert equal(ItemMoments.from_chunks(chunks, centre=[1, 2, 3], bounds=(1, 6)).centre, [1, 2, 3])


def test_an_item_without_an_answer_has_no_mean_and_merges_without_losing_digits() -> None:
    empty = ItemMoments.from_array([[1.0, NAN], [2.0, NAN], [4.0, NAN]])
    assert np.isnan(empty.means[1])
    assert np.isnan(empty.covariance[1]).all()
    far = ItemMoments.from_array([[1.0, 1e8], [2.0, 1e8 + 1], [1.0, 1e8 + 5]])
    for merged in (empty + far, far + empty):
        assert merged.variances[1] == pytest.approx(7.0, rel=1e-14)
        assert merged.means[1] == 1e8 + 2


def test_listwise_keeps_complete_rows_only_and_counts_the_others() -> None:
    moments = ItemMoments.from_array(WITH_GAPS, missing="listwise", bounds=(1, 5))
    complete = WITH_GAPS[~np.isnan(WITH_GAPS).any(axis=1)]
    np.testing.assert_allclose(moments.covariance, np.cov(complete, rowvar=False), rtol=1e-14)
    assert (moments.n_rows, moments.n_complete) == (6, 3)
    assert equal(moments.floor_counts, [1, 1, 0])
    assert equal(moments.ceiling_counts, [1, 0, 1])


def test_answers_at_the_ends_are_counted_where_there_are_bounds() -> None:
    moments = ItemMoments.from_array(WITH_GAPS, bounds=(1, 5))
    assert equal(moments.floor_counts, [1, 1, 1])
    assert equal(moments.ceiling_counts, [1, 1, 1])
    assert ItemMoments.from_array(WITH_GAPS).floor_counts is None
    turned = moments.reversed(["item2"], bounds=(1, 5)) + ItemMoments.from_array([[1, 1, 1]], bounds=(1, 5))
    assert equal(turned.floor_counts, [2, 2, 2])


def test_counts_at_the_ends_are_unknown_when_one_part_did_not_count_them() -> None:
    counted = ItemMoments.from_array([[1, 2]], bounds=(1, 5))
    uncounted = ItemMoments.from_sums(1, [0, 0], [[0, 0], [0, 0]], centre=3, bounds=(1, 5))
    assert (counted + uncounted).floor_counts is None
    assert (uncounted + counted).ceiling_counts is None


@pytest.mark.parametrize("shift", [0, 3])
def test_every_kind_of_number_and_of_memory_gives_the_same_moments(shift: int) -> None:
    x = np.random.default_rng(6).integers(0, 2, (40, 3)) + shift
    expected = ItemMoments.from_array(x.astype(np.float64))
    wide = np.zeros((80, 6))
    wide[::2, ::2] = x
    read_only = x.astype(np.float64)
    read_only.flags.writeable = False
    same: list[Any] = [
        x,
        x.tolist(),
        x.astype(np.int8),
        x.astype(np.uint64),
        x.astype(np.float16),
        x.astype(np.float32),
        x.astype(np.longdouble),
        x.astype(">f8"),
        x.astype(object),
        np.asfortranarray(x, dtype=np.float64),
        wide[::2, ::2],
        np.ma.masked_array(x, mask=False),
        np.ma.masked_array(x),
        pd.DataFrame(x),
        read_only,
    ]
    if not shift:
        same.append(x.astype(bool))
    for given_x in same:
        assert ItemMoments.from_array(given_x) == expected


def test_none_nan_and_mask_are_the_same_gap_and_zero_is_none() -> None:
    expected = ItemMoments.from_array([[0.0, 1.0], [NAN, 2.0], [3.0, NAN]])
    assert expected.n_answered.tolist() == [2, 2]
    with_none: Any = [[0, 1], [None, 2], [3, None]]
    assert ItemMoments.from_array(with_none) == expected
    masked = np.ma.masked_array([[0, 1], [9, 2], [3, 9]], mask=[[False, False], [True, False], [False, True]])
    assert ItemMoments.from_array(masked) == expected
    assert ItemMoments.from_array(masked.astype(object)) == expected
    hidden = np.ma.masked_array([[0, 1], [np.inf, 2], [3, np.inf]], mask=masked.mask)
    for missing in ("pairwise", "listwise"):
        assert ItemMoments.from_array(hidden, missing=missing) == ItemMoments.from_array(masked, missing=missing)


def test_the_answers_are_not_changed() -> None:
    x = WITH_GAPS.copy()
    for missing in ("pairwise", "listwise"):
        ItemMoments.from_array(x, missing=missing, bounds=(1, 5))
    assert equal(x, WITH_GAPS)


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_no_rows_are_moments_that_add_nothing(missing: Any) -> None:
    none = ItemMoments.from_array(np.empty((0, 2)), missing=missing)
    some = ItemMoments.from_array([[1, 2], [3, 5]], missing=missing)
    assert (none.n_rows, none.n_complete) == (0, 0)
    assert np.isnan(none.means).all()
    assert np.isnan(none.covariance).all()
    assert np.isnan(none.total_variance)
    assert none + some == some + none == some
    assert ItemMoments.from_chunks([], items=["item1", "item2"], missing=missing) == none


def test_one_row_has_means_and_no_variance() -> None:
    one = ItemMoments.from_array([[1, 2]])
    assert equal(one.means, [1, 2])
    assert np.isnan(one.variances).all()


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        ([["3", "4"]], {}, "x: expected real numbers, got text"),
        ([[1j, 2]], {}, "x: expected real numbers, got complex numbers"),
        ([[1, "3"], [2, 2]], {}, "x: expected real numbers, got text"),
        (np.array([[1, "3"], [2, 2]], dtype=object), {}, r"x\[0, 1\]: expected a real number or None, got '3'"),
        ([1, 2, 3], {}, r"x: expected two dimensions \(rows, columns\), got 1"),
        ([[[1]]], {}, r"x: expected two dimensions \(rows, columns\), got 3"),
        ([[], []], {}, "x: expected at least one column, got none"),
        ([[1, 2], [3]], {}, "x: rows differ in length"),
        ([[1, 2], [3, np.inf]], {}, r"x\[1, 1\]: expected a finite number or NaN, got inf"),
        ([[1, 2], [-np.inf, NAN]], {"missing": "listwise"}, r"x\[1, 0\]: expected a finite number or NaN, got -inf"),
        ([[np.inf, 2], [3, 1]], {}, r"x\[0, 0\]: expected a finite number or NaN, got inf"),
        ([[0, 2], [1e200, 1]], {}, "x: answers are too far apart to be squared"),
        ([[1, 2], [3, 9]], {"bounds": (1, 5)}, r"x\[1, 1\]: 9 is outside 1\.\.5"),
        ([[1, 2], [0.5, NAN]], {"bounds": (1, 5), "missing": "listwise"}, r"x\[1, 0\]: 0.5 is outside 1\.\.5"),
        ([[1, 2]], {"bounds": (5, 1)}, r"bounds: expected \(low, high\) with low < high, got \(5, 1\)"),
        ([[1, 2]], {"missing": "drop"}, "missing: expected one of 'pairwise', 'listwise', got 'drop'"),
        ([[1, 2]], {"items": ["a"]}, "items: expected 2 names, got 1"),
        ([[1, 2]], {"items": ["a", "a"]}, r"items: names \['a'\] are there more than once"),
        ([[1, 2]], {"centre": [1, 2, 3]}, "centre: expected 2 values, got 3"),
        ([[1, 2]], {"centre": [[1, 2]]}, "centre: expected one dimension, got 2"),
        ([[1, 2]], {"centre": NAN}, "centre: expected a finite number, got nan"),
        ([[1, 2]], {"centre": [1, NAN]}, r"centre\[1\]: expected a finite number, got nan"),
        ([[1, 2]], {"centre": 1e200}, "products.*: expected a finite number"),
        ([[1, 2]], {"chunk_rows": 0}, "chunk_rows: expected at least 1, got 0"),
    ],
)
def test_bad_answers_and_options_are_refused_with_the_place(x: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ItemMoments.from_array(x, **options)


def test_the_place_of_a_bad_answer_counts_all_rows_before_its_chunk() -> None:
    x = np.ones((5000, 20))
    x[4321, 7] = np.inf
    with pytest.raises(ValueError, match=r"x\[4321, 7\]: expected a finite number or NaN, got inf"):
        ItemMoments.from_array(x)
    x[4321, 7] = 9
    with pytest.raises(ValueError, match=r"x\[4321, 7\]: 9 is outside 1\.\.5"):
        ItemMoments.from_array(x, bounds=(1, 5), chunk_rows=10)


def test_bad_chunks_are_refused_with_their_number() -> None:
    with pytest.raises(ValueError, match=r"chunks\[1\]: expected 2 columns, got 3"):
        ItemMoments.from_chunks([[[1, 2]], [[1, 2, 3]]])
    with pytest.raises(ValueError, match=r"chunks\[1\]\[0, 1\]: expected a finite number or NaN, got inf"):
        ItemMoments.from_chunks([[[1, 2]], [[1, np.inf]]])
    with pytest.raises(ValueError, match=r"chunks\[0\]: expected two dimensions"):
        ItemMoments.from_chunks(np.ones((2, 3)))
    with pytest.raises(ValueError, match="chunks: expected at least one chunk or the names of the items, got neither"):
        ItemMoments.from_chunks([])


def test_moments_that_do_not_fit_together_are_not_added() -> None:
    some = ItemMoments.from_array([[1, 2]])
    for other, word in (
        (ItemMoments.from_array([[1, 2]], items=["a", "b"]), "items"),
        (ItemMoments.from_array([[1, 2]], missing="listwise"), "missing"),
        (ItemMoments.from_array([[1, 2]], bounds=(1, 5)), "bounds"),
    ):
        with pytest.raises(ValueError, match=f"{word}: moments that are added must agree, got "):
            some + other
    with pytest.raises(ValueError, match="parts: expected at least one, got none"):
        ItemMoments.merge([])
    with pytest.raises(TypeError):
        some + 1  # type: ignore[operator]


SQUARES = [[2, 1], [1, 2]]


@pytest.mark.parametrize(
    ("counts", "sums", "products", "options", "message"),
    [
        (2.5, [0, 0], SQUARES, {}, "counts: expected a whole number of 0 or more, got 2.5"),
        ([[2, -1], [2, 2]], SQUARES, SQUARES, {}, r"counts\[0, 1\]: expected a whole number of 0 or more, got -1"),
        ([[2, 3], [3, 4]], SQUARES, SQUARES, {}, r"counts\[0, 1\]: 3 rows cannot answer both items"),
        ([[2, 1], [2, 2]], SQUARES, SQUARES, {}, r"counts\[0, 1\]: 1 rows cannot answer both items"),
        (2, SQUARES, SQUARES, {}, "sums: expected one dimension beside one count, got 2"),
        ([[2, 2], [2, 2]], [0, 0], SQUARES, {}, r"sums: expected shape \(2, 2\), got \(2,\)"),
        (2, [0, 0], [[1]], {}, r"products: expected shape \(2, 2\), got \(1, 1\)"),
        (2, [0, NAN], SQUARES, {}, r"sums\[1, 0\]: expected a finite number, got nan"),
        (2, [0, 0], [[2, NAN], [1, 2]], {}, r"products\[0, 1\]: expected a finite number, got nan"),
        (2, [0, 0], [[2, 1], [0, 2]], {}, r"products\[0, 1\]: 1 differs from 0 across"),
        (2, [0, 0], [[2, 1], [1, -2]], {}, r"products\[1, 1\]: a sum of squares cannot be -2"),
        (2, [0, 0], SQUARES, {"n_rows": 1}, "n_rows: expected at least 2, the largest count, got 1"),
        (2, [0, 0], SQUARES, {"n_complete": 3}, r"n_complete: expected 0\.\.2, the smallest count, got 3"),
        (
            [[2, 1], [1, 2]],
            SQUARES,
            SQUARES,
            {"missing": "listwise"},
            "counts: expected 1 complete rows for every pair under 'listwise'",
        ),
        (2, [0, 0], SQUARES, {"items": ["a"]}, "items: expected 2 names, got 1"),
        (2, [0, 0], SQUARES, {"missing": "drop"}, "missing: expected one of 'pairwise', 'listwise', got 'drop'"),
        (2, [0, 0], SQUARES, {"floor_counts": [1, 1]}, "expected both, with bounds, or neither"),
        (
            2,
            [0, 0],
            SQUARES,
            {"bounds": (1, 5), "floor_counts": [1], "ceiling_counts": [1, 1]},
            r"floor_counts: expected shape \(2,\), got \(1,\)",
        ),
        (
            2,
            [0, 0],
            SQUARES,
            {"bounds": (1, 5), "floor_counts": [1, 2], "ceiling_counts": [1, 1]},
            "together at most the answers to the item",
        ),
        (2, [], np.empty((0, 0)), {}, "items: expected at least one item, got none"),
    ],
)
def test_sums_that_no_data_can_have_are_refused(
    counts: Any, sums: Any, products: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ItemMoments.from_sums(counts, sums, products, centre=0, **options)


def test_sums_over_no_rows_may_be_null() -> None:
    sums: Any = [[3, None], [None, 2]]
    products: Any = [[5, None], [None, 4]]
    made = ItemMoments.from_sums([[2, 0], [0, 1]], sums, products, centre=0, n_rows=3)
    assert made == ItemMoments.from_array([[1, NAN], [2, NAN], [NAN, 2]], centre=0)


def test_ends_counted_elsewhere_are_kept() -> None:
    made = ItemMoments.from_sums(
        2, [1, 0], [[1, 0], [0, 0]], centre=1, bounds=(1, 2), floor_counts=[1, 2], ceiling_counts=[1, 0]
    )
    assert made == ItemMoments.from_array([[1, 1], [2, 1]], centre=1, bounds=(1, 2))


def test_items_are_selected_and_reversed_by_known_names_only() -> None:
    moments = ItemMoments.from_array([[1, 2]], items=["a", "b"], bounds=(1, 5))
    with pytest.raises(ValueError, match=r"items: \['c'\] are not among \['a', 'b'\]"):
        moments.select(["a", "c"])
    with pytest.raises(ValueError, match=r"items: names \['a'\] are there more than once"):
        moments.reversed(["a", "a"], bounds=(1, 5))
    with pytest.raises(ValueError, match="items: expected a sequence of names, got 'ab'"):
        moments.select("ab")
    with pytest.raises(ValueError, match="items: expected at least one item, got none"):
        moments.select([])
    with pytest.raises(ValueError, match=r"bounds: expected \(1.0, 5.0\), those of the moments, got \(1.0, 7.0\)"):
        moments.reversed(["a"], bounds=(1, 7))


def test_moments_are_frozen_equal_by_value_picklable_and_json_safe() -> None:
    moments = ItemMoments.from_array([[1, NAN], [2, NAN]], bounds=(1, 5))
    assert pickle.loads(pickle.dumps(moments)) == moments  # noqa: S301
    assert json.loads(json.dumps(moments.to_dict(), allow_nan=False))["n_rows"] == 2
    assert moments != ItemMoments.from_array([[1, NAN], [3, NAN]], bounds=(1, 5))
    for name in ("counts", "sums", "products", "centre", "floor_counts", "ceiling_counts", *PROPERTIES[:-1]):
        assert not getattr(moments, name).flags.writeable
    with pytest.raises(AttributeError):
        moments.n_rows = 3  # type: ignore[misc]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16])
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_memory_does_not_grow_with_the_rows(dtype: Any, missing: Any) -> None:
    x = np.random.default_rng(7).integers(1, 6, (200_000, 10)).astype(dtype)
    if dtype is not np.int16:
        x[::7, 3] = np.nan
    tracemalloc.start()
    try:
        ItemMoments.from_array(x, bounds=(1, 5), missing=missing)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2 * 2**20 < x.nbytes
