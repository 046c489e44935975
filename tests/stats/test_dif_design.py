"""What every DIF statistic accepts, refuses and leaves out, and what its result is like."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest

from leadkit.stats import FLAGS, logistic_dif, mantel_dif, mantel_haenszel_dif

nan = math.nan
STATISTICS: tuple[Callable[..., Any], ...] = (mantel_haenszel_dif, mantel_dif, logistic_dif)

every_statistic = pytest.mark.parametrize("statistic", STATISTICS)


@pytest.fixture(scope="module")
def x() -> Any:
    rng = np.random.default_rng(12)
    return (rng.normal(size=(240, 1)) + rng.logistic(size=(240, 4)) > 0).astype(float)


@pytest.fixture(scope="module")
def groups() -> Any:
    return np.random.default_rng(13).permutation(np.repeat([1, 2], 120))


def with_gaps(x: Any) -> Any:
    gappy = x.copy()
    gappy[[0, 7, 7], [1, 0, 3]] = nan
    return gappy


# Input


@every_statistic
@pytest.mark.parametrize(
    "given",
    [
        lambda x: x.astype(np.float32),
        lambda x: x.astype(np.int8),
        np.asfortranarray,
        lambda x: x.astype(object),
        lambda x: x.tolist(),
        np.ma.masked_array,
        lambda x: np.repeat(x, 2, axis=0)[::2],
    ],
)
def test_real_numbers_of_every_kind_give_the_same(x: Any, groups: Any, given: Any, statistic: Any) -> None:
    assert statistic(given(x), groups, reference=1) == statistic(x, groups, reference=1)


@every_statistic
def test_none_a_mask_and_nan_are_all_missing(x: Any, groups: Any, statistic: Any) -> None:
    gappy = with_gaps(x)
    known = statistic(gappy, groups, reference=1)
    holes = gappy.astype(object)
    holes[np.isnan(gappy)] = None
    masked = np.ma.masked_array(np.where(np.isnan(gappy), 99, gappy), mask=np.isnan(gappy))
    assert statistic(holes, groups, reference=1) == known
    assert statistic(masked, groups, reference=1) == known


@every_statistic
def test_nothing_is_changed_in_place_and_read_only_input_is_taken(x: Any, groups: Any, statistic: Any) -> None:
    locked, labels, score = x.copy(), groups.copy(), x.sum(axis=1)
    for array in (locked, labels, score):
        array.flags.writeable = False
    assert statistic(locked, labels, reference=1, matching=score).n_used == 240
    assert np.array_equal(locked, x)


@every_statistic
@pytest.mark.parametrize(
    ("reference", "focal", "label"),
    [
        ("a", "b", lambda groups: np.array(["a", "b"])[groups - 1]),
        ("a", "b", lambda groups: np.array(["a", "b"], dtype=object)[groups - 1]),
        (False, True, lambda groups: groups == 2),
        (1, 2, lambda groups: groups.astype(float)),
        (np.int64(1), 2, lambda groups: groups.tolist()),
        (("x", 1), ("x", 2), lambda groups: [("x", int(one)) for one in groups]),
    ],
)
def test_labels_of_every_kind_are_taken(
    x: Any, groups: Any, statistic: Any, reference: Any, focal: Any, label: Any
) -> None:
    expected = statistic(x, groups, reference=1)
    result = statistic(x, label(groups), reference=reference)
    assert (result.reference, result.focal) == (reference, focal)
    assert attrs.evolve(result, reference=1, focal=2) == expected
    json.dumps(result.to_dict(), allow_nan=False)


@every_statistic
def test_the_total_over_all_items_is_what_people_are_matched_on(x: Any, groups: Any, statistic: Any) -> None:
    result = statistic(x, groups, reference=1)
    given = statistic(x, groups, reference=1, matching=x.sum(axis=1))
    assert (result.matching, given.matching) == ("total", "given")
    assert attrs.evolve(given, matching="total") == result


@every_statistic
def test_rows_with_any_gap_are_left_out_and_counted(x: Any, groups: Any, statistic: Any) -> None:
    gappy, labels, score = with_gaps(x), groups.astype(float), x.sum(axis=1)
    labels[20], score[30] = nan, nan
    kept = np.setdiff1d(np.arange(240), [0, 7, 20, 30])
    result = statistic(gappy, labels, reference=1, matching=score)
    expected = statistic(x[kept], groups[kept], reference=1, matching=score[kept])
    assert (result.n_rows, result.n_used) == (240, 236)
    assert result.n_reference + result.n_focal == 236
    assert result.flags == ("rows_dropped",)
    assert attrs.evolve(result, n_rows=236, flags=()) == expected


@every_statistic
def test_items_are_named_and_in_the_order_given(x: Any, groups: Any, statistic: Any) -> None:
    assert statistic(x, groups, reference=1).items == ("item1", "item2", "item3", "item4")
    result = statistic(x, groups, reference=1, items=["d", "c", "b", "a"])
    assert [record["item"] for record in result.to_records()] == ["d", "c", "b", "a"]


@every_statistic
@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([["a", "b"]], [1]), {}, "x: expected real numbers, got text"),
        (([[1j]], [1]), {}, "x: expected real numbers, got complex numbers"),
        (([1, 0], [1, 2]), {}, "x: expected two dimensions"),
        ((np.empty((2, 0)), [1, 2]), {}, "x: expected at least one column"),
        (([[1, 0], [1, np.inf]], [1, 2]), {}, r"x\[1, 1\]: expected a finite number or NaN, got inf"),
        (([[1], [0]], [1, 2, 1]), {}, "groups: expected 2 labels, got 3"),
        (([[1], [0]], np.array([[1], [2]])), {}, "groups: expected one dimension, got 2"),
        (([[1], [0]], "ab"), {}, "groups: expected one label a row, got 'ab'"),
        (([[1], [0]], [1, "b"]), {}, "groups: labels of kind int, str do not sort together"),
        (([[1], [0], [1]], [1, 2, 3]), {}, "groups: expected two labels, got 3: 1, 2, 3"),
        (([[1], [0]], ["a", "b"]), {}, "reference: expected one of the labels 'a', 'b', got 1"),
        (([[1], [0]], [1, 2]), {"matching": [1.0]}, "matching: expected 2 values, got 1"),
        (([[1], [0]], [1, 2]), {"matching": ["1", "2"]}, "matching: expected real numbers, got text"),
        (([[1], [0]], [1, 2]), {"matching": [1, np.inf]}, r"matching\[1\]: expected a finite number"),
        (([[1], [0]], [1, 2]), {"items": ["a", "b"]}, "items: expected 1 names, got 2"),
    ],
)
def test_bad_input_is_named_in_the_message(statistic: Any, arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        statistic(*arguments, reference=1, **options)


# Degenerate data


@every_statistic
@pytest.mark.parametrize(
    ("labels", "reference", "focal", "n_reference"),
    [
        ([1] * 240, 1, None, 240),
        ([2] * 240, None, 2, 0),
        ([None] * 240, None, None, 0),
    ],
)
def test_fewer_than_two_groups_leave_everything_undefined(
    x: Any, statistic: Any, labels: Any, reference: Any, focal: Any, n_reference: int
) -> None:
    result = statistic(x, labels, reference=1)
    assert (result.reference, result.focal, result.n_reference) == (reference, focal, n_reference)
    assert {"single_group", "small_group", "few_strata"} <= set(result.flags)
    assert result.n_strata.tolist() == [0] * 4
    for one in attrs.fields(type(result)):
        value = getattr(result, one.name)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            assert np.isnan(value).all(), one.name
    json.dumps(result.to_dict(), allow_nan=False)


@every_statistic
def test_a_group_whose_rows_all_have_gaps_is_no_group(x: Any, groups: Any, statistic: Any) -> None:
    gappy = np.where((groups == 2)[:, None], nan, x)
    result = statistic(gappy, groups, reference=1)
    assert (result.reference, result.focal, result.n_reference, result.n_focal) == (1, 2, 120, 0)
    assert result.flags == ("few_strata", "rows_dropped", "single_group", "small_group")


@every_statistic
@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_rows_give_a_result_and_its_flags(x: Any, statistic: Any, n: int) -> None:
    result = statistic(x[:n], [1, 2][:n], reference=1)
    assert (result.n_rows, result.n_used) == (n, n)
    assert "small_group" in result.flags
    assert ("single_group" in result.flags) == (n < 2)
    assert len(result.to_records()) == 4


@every_statistic
def test_a_group_below_100_is_small(x: Any, groups: Any, statistic: Any) -> None:
    kept = np.sort(np.r_[np.flatnonzero(groups == 1), np.flatnonzero(groups == 2)[:100]])
    assert "small_group" not in statistic(x[kept], groups[kept], reference=1).flags
    fewer = kept[kept != np.flatnonzero(groups == 2)[99]]
    assert statistic(x[fewer], groups[fewer], reference=1).flags == ("small_group",)


# The result


@every_statistic
def test_the_result_is_frozen_plain_and_picklable(x: Any, groups: Any, statistic: Any) -> None:
    result = statistic(with_gaps(x), groups, reference=1)
    json.dumps(result.to_dict(), allow_nan=False)
    json.dumps(result.to_records(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert "item1" in result._repr_html_()
    assert set(result.flags) <= set(FLAGS)
    assert len(result.item_flags) == 4
    for one in attrs.fields(type(result)):
        value = getattr(result, one.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable, one.name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n_used = 1
