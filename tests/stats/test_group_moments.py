"""Moments of a value within groups: what they hold, what is a group, and that they merge."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats.moments import GroupMoments

NAN = float("nan")
rows = st.lists(
    st.tuples(st.one_of(st.just(NAN), st.integers(-5, 5).map(float)), st.sampled_from(["a", "b", "c", None])),
    max_size=30,
)


def moments_of(pairs: list[tuple[float, str | None]]) -> GroupMoments:
    return GroupMoments.from_arrays([value for value, _ in pairs], [label for _, label in pairs])


def agree(first: GroupMoments, second: GroupMoments) -> None:
    assert first.groups == second.groups
    assert np.array_equal(first.n, second.n)
    np.testing.assert_allclose(first.mean, second.mean, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(first.sum_squares, second.sum_squares, rtol=1e-12, atol=1e-12)


def test_moments_are_those_of_each_label_in_ascending_order() -> None:
    y = [1.0, 2.0, 6.0, 4.0, NAN, 9.0]
    moments = GroupMoments.from_arrays(y, ["b", "b", "a", "b", "c", None])
    assert moments.groups == ("a", "b", "c")
    assert np.array_equal(moments.n, [1, 3, 0])
    np.testing.assert_allclose(moments.mean, [6, 7 / 3, NAN], rtol=1e-15)
    np.testing.assert_allclose(moments.sum_squares, [0, 14 / 3, 0], rtol=1e-14)


def test_moments_are_those_pandas_finds() -> None:
    rng = np.random.default_rng(1)
    y, labels = rng.normal(size=500), rng.integers(0, 40, 500)
    grouped = pd.Series(y).groupby(labels)
    moments = GroupMoments.from_arrays(y, labels)
    assert np.array_equal(moments.groups, grouped.mean().index)
    np.testing.assert_allclose(moments.mean, grouped.mean(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(moments.sum_squares, grouped.var() * (grouped.count() - 1), rtol=1e-12)


@settings(max_examples=40)
@given(rows, st.integers(0, 30), st.integers(0, 30))
def test_parts_merge_to_the_whole_in_any_order(pairs: list[tuple[float, str | None]], one: int, other: int) -> None:
    first, last = sorted((one, other))
    parts = [moments_of(part) for part in (pairs[last:], pairs[:first], pairs[first:last])]
    agree(GroupMoments.merge(parts), moments_of(pairs))


@settings(max_examples=40)
@given(rows)
def test_sums_worked_out_elsewhere_give_the_moments_of_the_arrays(pairs: list[tuple[float, str | None]]) -> None:
    whole = moments_of(pairs)
    turned = slice(None, None, -1)
    made = GroupMoments.from_sums(whole.groups[turned], whole.n[turned], whole.mean[turned], whole.sum_squares[turned])
    assert made == whole


def test_a_large_offset_costs_no_digit() -> None:
    y = np.random.default_rng(2).integers(1, 6, 300).astype(float)
    labels = np.arange(300) % 7
    near, far = GroupMoments.from_arrays(y, labels), GroupMoments.from_arrays(y + 1e8, labels)
    np.testing.assert_allclose(far.sum_squares, near.sum_squares, rtol=1e-9)
    halves = [GroupMoments.from_arrays(y[s] + 1e8, labels[s]) for s in (slice(0, 100), slice(100, 300))]
    np.testing.assert_allclose(GroupMoments.merge(halves).sum_squares, near.sum_squares, rtol=1e-6)


def test_a_group_that_never_varies_has_squares_of_exactly_0() -> None:
    parts = [GroupMoments.from_arrays([0.1] * n, ["a"] * n) for n in (7, 1, 30)]
    assert parts[0].sum_squares[0] == GroupMoments.merge(parts).sum_squares[0] == 0


def test_no_rows_have_no_groups_and_add_nothing() -> None:
    none = GroupMoments.from_arrays([], [])
    some = GroupMoments.from_arrays([1.0, 2.0], ["a", "a"])
    assert none.groups == ()
    assert none.to_records() == []
    assert none + some == some + none == some


@pytest.mark.parametrize(
    ("labels", "groups"),
    [
        ([2, 1, 1], (1, 2)),
        ([True, False, False], (False, True)),
        (["b", "a", "a"], ("a", "b")),
        ([b"b", b"a", b"a"], (b"a", b"b")),
        ([10.0, 9.0, NAN], (9.0, 10.0)),
        ([10, 9, None], (9, 10)),
        ([("x", 2), ("x", 1), ("x", 1)], (("x", 1), ("x", 2))),
        ([np.int64(2), np.int64(1), np.float64("nan")], (1, 2)),
        (np.array([2, 1, 1]), (1, 2)),
        (np.array([2.0, 1.0, NAN]), (1.0, 2.0)),
        (np.array(["b", "a", None], dtype=object), ("a", "b")),
        (np.ma.masked_array([2, 1, 7], mask=[False, False, True]), (1, 2)),
        (pd.Series(["b", "a", None]), ("a", "b")),
        (np.array([2, 1, pd.NA], dtype=object), (1, 2)),
        (
            np.array(["2024-01-02", "2024-01-01", "NaT"], dtype="datetime64[ns]"),
            (dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)),
        ),
    ],
)
def test_a_label_is_a_plain_value_and_none_or_nan_is_no_group(labels: Any, groups: tuple[Any, ...]) -> None:
    moments = GroupMoments.from_arrays([5.0, 6.0, 7.0], labels)
    assert moments.groups == groups
    assert [type(label) for label in moments.groups] == [type(label) for label in groups]
    assert moments.mean[1] == 5.0
    assert moments.n.sum() in {2, 3}
    assert moments.mean[0] == (6.0 if moments.n.sum() == 2 else 6.5)


@pytest.mark.parametrize(
    ("y", "labels", "message"),
    [
        ([1, 2], [1], "groups: expected 2 labels, got 1"),
        ([[1, 2]], [1], "y: expected one dimension, got 2"),
        (["1"], [1], "y: expected real numbers, got text"),
        ([np.inf], [1], r"y\[0\]: expected a finite number or NaN, got inf"),
        ([1, 2], [1, "a"], "groups: labels of kind int, str do not sort together"),
        ([1, 2], np.array([1, "a"], dtype=object), "groups: labels of kind int, str do not sort together"),
        ([1, 2], [[1], [2]], "groups: a label cannot be compared: unhashable type: 'list'"),
        ([1, 2], np.array([[1, 2]]), "groups: expected one dimension, got 2"),
        ([1, 2], "ab", "groups: expected one label a row, got 'ab'"),
        ([1, 2], 7, "groups: expected one label a row, got 7"),
    ],
)
def test_bad_values_and_labels_are_refused(y: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GroupMoments.from_arrays(y, labels)


@pytest.mark.parametrize(
    ("sums", "message"),
    [
        ((["a", "a"], [1, 1], [0, 0], [0, 0]), "groups: expected every label once, and none missing"),
        ((["a", None], [1, 1], [0, 0], [0, 0]), "groups: expected every label once, and none missing"),
        ((["a"], [1, 1], [0, 0], [0, 0]), "groups: expected 2 labels, got 1"),
        ((["a"], [-1], [0], [0]), r"n\[0\]: expected a whole number of 0 or more, got -1"),
        ((["a"], [1], [0, 0], [0]), "mean: expected 1 values, got 2"),
        ((["a"], [2], [NAN], [0]), "mean: expected a finite number for every group with values and NaN without"),
        ((["a"], [0], [3], [0]), "mean: expected a finite number for every group with values and NaN without"),
        ((["a"], [2], [1], [-1]), "sum_squares: expected 0 or more, and 0 below two values"),
        ((["a"], [2], [1], [NAN]), "sum_squares: expected 0 or more, and 0 below two values"),
        ((["a"], [1], [1], [2]), "sum_squares: expected 0 or more, and 0 below two values"),
    ],
)
def test_sums_that_no_data_can_have_are_refused(sums: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GroupMoments.from_sums(*sums)


def test_moments_made_by_hand_are_checked() -> None:
    fine = {"n": [1, 1], "mean": [0, 0], "sum_squares": [0, 0]}
    with pytest.raises(ValueError, match="groups: expected different labels in ascending order"):
        GroupMoments(groups=("b", "a"), **fine)
    with pytest.raises(ValueError, match=r"n: expected shape \(1,\), got \(2,\)"):
        GroupMoments(groups=("a",), **fine)
    with pytest.raises(ValueError, match="n: expected 0 or more"):
        GroupMoments(groups=("a", "b"), **{**fine, "n": [1, -1]})


def test_squares_over_fewer_than_two_values_may_be_null() -> None:
    made = GroupMoments.from_sums(["a", "b"], [0, 1], [NAN, 3], [NAN, NAN])
    assert np.array_equal(made.sum_squares, [0, 0])


def test_moments_that_do_not_fit_together_are_not_added() -> None:
    some = GroupMoments.from_arrays([1.0], ["a"])
    with pytest.raises(ValueError, match="groups: labels of kind int, str do not sort together"):
        some + GroupMoments.from_arrays([1.0], [1])
    with pytest.raises(ValueError, match="parts: expected at least one, got none"):
        GroupMoments.merge([])
    with pytest.raises(TypeError):
        some + 1  # type: ignore[operator]


def test_moments_are_frozen_equal_by_value_picklable_and_json_safe() -> None:
    moments = GroupMoments.from_arrays([1.0, NAN, 2.0], ["a", "b", "a"])
    assert pickle.loads(pickle.dumps(moments)) == moments  # noqa: S301
    assert json.loads(json.dumps(moments.to_dict(), allow_nan=False))["mean"] == [1.5, None]
    assert moments.to_records() == [
        {"group": "a", "n": 2, "mean": 1.5, "sum_squares": 0.5},
        {"group": "b", "n": 0, "mean": None, "sum_squares": 0.0},
    ]
    assert not moments.mean.flags.writeable
    with pytest.raises(AttributeError):
        moments.groups = ()  # type: ignore[misc]
