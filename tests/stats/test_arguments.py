"""What every statistic accepts as an argument, what it refuses, and how its flags are kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from leadkit.stats import FLAGS, ConfidenceInterval, cronbach_alpha
from leadkit.stats._arrays import checked_bounds, floats, item_names, matrix, vector, whole_number
from leadkit.stats._base import interval_or_nan
from leadkit.stats.flags import sorted_flags, sorted_row_flags

NAN = float("nan")


@pytest.mark.parametrize(
    "values",
    [
        [[1, 2], [3, 4]],
        np.array([[1, 2], [3, 4]], dtype=np.int8),
        np.array([[1, 2], [3, 4]], dtype=np.float32, order="F"),
        np.array([[1, 2], [3, 4]], dtype=object),
        np.array([[np.int64(1), np.float64(2)], [3, 4.0]], dtype=object),
        np.ma.masked_array([[1, 2], [3, 4]], mask=False),
    ],
)
def test_real_numbers_of_every_kind_become_float64(values: Any) -> None:
    array = matrix(values, "x")
    assert array.dtype == np.float64
    assert array.tolist() == [[1, 2], [3, 4]]


def test_a_wrong_word_is_told_with_what_is_possible() -> None:
    with pytest.raises(ValueError, match="missing: expected one of 'pairwise', 'listwise', got 'mean'"):
        cronbach_alpha([[1, 2], [2, 1]], missing="mean")  # type: ignore[arg-type]


def test_numbers_of_a_numpy_kind_in_an_object_array_are_read_one_by_one() -> None:
    mixed = np.array([[np.int64(1), None], [np.float32(2.5), np.True_]], dtype=object)
    assert np.array_equal(matrix(mixed, "x"), [[1, NAN], [2.5, 1]], equal_nan=True)


def test_truth_values_are_numbers_here() -> None:
    assert vector([True, False], "x").tolist() == [1, 0]
    assert vector(np.array([True, None], dtype=object), "x").tolist()[0] == 1


def test_masked_cells_and_none_are_missing_even_where_infinity_lies_below() -> None:
    assert np.isnan(vector(np.ma.masked_array([1.0, np.inf], mask=[False, True]), "x")[1])
    assert np.isnan(vector(np.array([1, None], dtype=object), "x")[1])
    assert np.isnan(vector([1.0, None], "x")[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([["1", "2"]], "x: expected real numbers, got text"),
        ([[b"1"]], "x: expected real numbers, got bytes"),
        ([[1 + 1j]], "x: expected real numbers, got complex numbers"),
        (np.array([["2026-01-01"]], dtype="datetime64[D]"), "x: expected real numbers, got dates"),
        (np.array([[1]], dtype="timedelta64[s]"), "x: expected real numbers, got durations"),
        (np.zeros((1, 1), dtype=[("a", "i4")]), "x: expected real numbers, got"),
        ([[1, 2], [3]], "x: rows differ in length"),
        ([1, 2], "x: expected two dimensions (rows, columns), got 1"),
        ([[[1]]], "x: expected two dimensions (rows, columns), got 3"),
        (np.zeros((3, 0)), "x: expected at least one column, got none"),
        ([[1.0, np.inf]], "x[0, 1]: expected a finite number or NaN, got inf"),
        (np.array([[1, "3"]], dtype=object), "x[0, 1]: expected a real number or None, got '3'"),
        (np.array([[1, 10**400]], dtype=object), "x[0, 1]: expected a finite number or NaN, got an integer too large"),
        (np.array([[np.float64(1), -np.inf]], dtype=object), "x[0, 1]: expected a finite number or NaN, got -inf"),
    ],
)
def test_what_is_no_table_of_real_numbers_is_refused_with_its_place(values: Any, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        matrix(values, "x")
    assert told in str(caught.value)


def test_a_single_number_has_no_place() -> None:
    with pytest.raises(ValueError, match=r"^sd: expected a finite number or NaN, got inf$"):
        floats(np.inf, "sd")


def test_bounds_are_two_numbers_that_rise_and_hold_every_answer() -> None:
    assert matrix([[1, NAN]], "x", bounds=(1, 5)).shape == (1, 2)
    assert matrix(np.zeros((0, 2)), "x", bounds=(1, 5)).shape == (0, 2)
    with pytest.raises(ValueError, match=r"x\[1, 0\]: 9 is outside 1\.\.5"):
        matrix([[1], [9]], "x", bounds=(1, 5))
    for wrong in ((5, 1), (1, NAN), (1, 2, 3), 4):
        with pytest.raises(ValueError, match=r"bounds: expected \(low, high\) with low < high"):
            checked_bounds(wrong)  # type: ignore[arg-type]


def test_vectors_have_one_dimension_and_the_length_asked_for() -> None:
    with pytest.raises(ValueError, match="x: expected one dimension, got 2"):
        vector([[1]], "x")
    with pytest.raises(ValueError, match="x: expected 3 values, got 2"):
        vector([1, 2], "x", length=3)


def test_item_names_are_given_counted_and_unique() -> None:
    assert item_names(None, 2) == ("item1", "item2")
    assert item_names(["a", "b"], 2) == ("a", "b")
    with pytest.raises(ValueError, match="items: expected 2 names, got 1"):
        item_names(["a"], 2)
    with pytest.raises(ValueError, match=r"items: names \['a'\] are there more than once"):
        item_names(["a", "a"], 2)


@pytest.mark.parametrize("value", [True, 2.0, "3", 0])
def test_a_whole_number_is_an_int_of_at_least_the_least(value: Any) -> None:
    assert whole_number(np.int64(3), "n", least=1) == 3  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n: expected a whole number of at least 1, got"):
        whole_number(value, "n", least=1)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, NAN])
def test_a_level_lies_inside_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match=r"level: expected a number inside \(0, 1\)"):
        cronbach_alpha([[1, 2], [2, 1], [3, 3]], level=level)


def test_flags_are_sorted_unique_and_of_the_vocabulary() -> None:
    assert sorted_flags(["single_item", "heywood", "single_item"]) == ("heywood", "single_item")
    assert sorted_row_flags([["single_item"], []]) == (("single_item",), ())
    with pytest.raises(ValueError, match=r"flags \['made_up'\] are not in FLAGS"):
        sorted_flags(["made_up"])
    assert all(sentence.endswith(".") for sentence in FLAGS.values())


def test_an_interval_is_undefined_when_one_end_is() -> None:
    alpha = cronbach_alpha([[1, 2]])
    assert alpha.interval == ConfidenceInterval(NAN, NAN, 0.95)
    assert interval_or_nan(0.1, NAN, 0.9) == ConfidenceInterval(NAN, NAN, 0.9)
    assert interval_or_nan(0.1, 0.2, 0.9) == ConfidenceInterval(0.1, 0.2, 0.9)
    assert json.dumps(alpha.interval.to_dict(), allow_nan=False) == '{"low": null, "high": null, "level": 0.95}'
