"""Likeness of profiles after Cronbach and Gleser."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS
from leadkit.stats.self_other import ProfileSimilarity, profile_similarity

nan = math.nan
ROWS = [name for name in ProfileSimilarity._columns if name != "profile_flags"]


@st.composite
def profiles(draw: st.DrawFn) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    shape = (draw(st.integers(1, 5)), draw(st.integers(1, 6)))
    cells = st.integers(1, 5).map(float) | st.floats(-100, 100).map(lambda x: round(x, 3)) | st.just(nan)
    return draw(arrays(np.float64, shape, elements=cells)), draw(arrays(np.float64, shape, elements=cells))


def scatter(profile: Any) -> float:
    return math.sqrt(sum((x - np.mean(profile)) ** 2 for x in profile))


@settings(max_examples=30)
@given(profiles())
def test_every_row_is_what_the_formulas_say(given_profiles: tuple[Any, Any]) -> None:
    result = profile_similarity(*given_profiles)
    for row, (x, y) in enumerate(zip(*given_profiles, strict=True)):
        both = ~(np.isnan(x) | np.isnan(y))
        x, y = x[both], y[both]  # noqa: PLW2901
        assert result.n_dimensions[row] == len(x)
        if len(x) == 0:
            assert all(math.isnan(getattr(result, name)[row]) for name in ROWS if name != "n_dimensions")
            continue
        assert result.distance2[row] == pytest.approx(sum((x - y) ** 2), rel=1e-10, abs=1e-10)
        assert result.elevation_difference[row] == pytest.approx(np.mean(x) - np.mean(y), rel=1e-10, abs=1e-10)
        assert result.scatter_difference[row] == pytest.approx(scatter(x) - scatter(y), rel=1e-10, abs=1e-10)
        assert result.mean_absolute_difference[row] == pytest.approx(np.mean(abs(x - y)), rel=1e-10, abs=1e-10)
        if len(x) >= 3 and len(set(x)) > 1 and len(set(y)) > 1:
            r = np.corrcoef(x, y)[0, 1]
            assert result.correlation[row] == pytest.approx(r, abs=1e-9)
            shape = 2 * scatter(x) * scatter(y) * (1 - r)
            assert result.shape_component[row] == pytest.approx(shape, rel=1e-9, abs=1e-8)
        else:
            assert math.isnan(result.correlation[row])


@settings(max_examples=30)
@given(profiles())
def test_the_parts_add_up_to_the_distance(given_profiles: tuple[Any, Any]) -> None:
    result = profile_similarity(*given_profiles)
    parts = result.n_dimensions * result.elevation_difference**2 + result.scatter_difference**2 + result.shape_component
    assert np.allclose(parts, result.distance2, rtol=1e-10, atol=1e-10, equal_nan=True)


@settings(max_examples=30)
@given(profiles())
def test_swapping_the_sides_turns_the_signs_of_the_differences(given_profiles: tuple[Any, Any]) -> None:
    first, second = given_profiles
    forth, back = profile_similarity(first, second), profile_similarity(second, first)
    for name in ("elevation_difference", "scatter_difference"):
        assert np.allclose(getattr(forth, name), -getattr(back, name), rtol=0, atol=1e-10, equal_nan=True)
    for name in ("correlation", "distance2", "shape_component", "mean_absolute_difference"):
        assert np.allclose(getattr(forth, name), getattr(back, name), rtol=1e-10, atol=1e-10, equal_nan=True)
    assert forth.profile_flags == back.profile_flags


@settings(max_examples=30)
@given(profiles())
def test_the_order_of_profiles_changes_only_the_order_of_rows(given_profiles: tuple[Any, Any]) -> None:
    first, second = given_profiles
    order = np.random.default_rng(0).permutation(len(first))
    whole, moved = profile_similarity(first, second), profile_similarity(first[order], second[order])
    for name in ROWS:
        assert np.array_equal(getattr(moved, name), getattr(whole, name)[order], equal_nan=True)


def test_one_profile_is_compared_with_all_of_the_other_side() -> None:
    ideal, people = [1.0, 2.0, 3.0], [[1.0, 2.0, 3.0], [3.0, 2.0, nan], [5.0, 1.0, 2.0]]
    repeated = profile_similarity([ideal] * 3, people)
    assert profile_similarity(ideal, people) == repeated
    assert profile_similarity(people, ideal) == profile_similarity(people, [ideal] * 3)
    assert profile_similarity(ideal, people[0]).distance2.tolist() == [0.0]


def test_equal_profiles_are_alike_in_every_part() -> None:
    result = profile_similarity([[4.1, 2.7, 3.3, 1.9]], [[4.1, 2.7, 3.3, 1.9]])
    assert result.correlation[0] == pytest.approx(1, abs=1e-15)
    assert [getattr(result, name)[0] for name in ROWS[1:-1]] == pytest.approx([0] * 5, abs=1e-14)
    assert result.flags == ()


def test_too_few_shared_dimensions_have_no_correlation_but_a_distance() -> None:
    result = profile_similarity([[1.0, 2.0, nan], [1.0, 2.0, 4.0]], [[2.0, 5.0, 1.0], [2.0, 5.0, 1.0]])
    assert np.isnan(result.correlation).tolist() == [True, False]
    assert result.distance2.tolist() == [10.0, 19.0]
    assert result.profile_flags == (("too_few_dimensions",), ())
    assert result.flags == ("too_few_dimensions",)
    lenient = profile_similarity([[1.0, 2.0, nan]], [[2.0, 5.0, 1.0]], min_dimensions=2)
    assert lenient.correlation[0] == pytest.approx(1)
    assert lenient.min_dimensions == 2


def test_profiles_without_spread_have_no_correlation_even_when_rounding_blurs_them() -> None:
    result = profile_similarity([[0.3, 0.1 + 0.2, 0.3], [3.0, 3.0, 3.0]], [[1.0, 2.0, 4.0], [1.0, 2.0, 4.0]])
    assert np.isnan(result.correlation).all()
    assert result.profile_flags == (("zero_variance_person",), ("zero_variance_person",))
    assert result.shape_component.tolist() == [0, 0]
    assert result.scatter_difference[1] == pytest.approx(-scatter([1.0, 2.0, 4.0]))


def test_nothing_in_common_is_nan_and_flagged() -> None:
    result = profile_similarity([[nan, 1.0]], [[2.0, nan]], min_dimensions=1)
    assert np.isnan(result.distance2).all()
    assert np.isnan(result.mean_absolute_difference).all()
    assert result.n_dimensions.tolist() == [0]
    assert result.flags == ("too_few_dimensions",)


def test_a_large_offset_changes_only_elevation() -> None:
    x, y = np.array([[1.0, 2.0, 4.0, 4.0]]), np.array([[2.0, 2.0, 3.0, 5.0]])
    near, far = profile_similarity(x, y), profile_similarity(x + 1e8, y + 1e8)
    for name in ROWS[:-1]:
        assert getattr(far, name)[0] == pytest.approx(getattr(near, name)[0], rel=1e-9, abs=1e-7)
    assert far.flags == ()


def test_no_profiles_give_no_rows() -> None:
    result = profile_similarity(np.empty((0, 3)), [1.0, 2.0, 3.0])
    assert result.to_records() == []
    assert result.flags == ()


def test_the_result_is_frozen_plain_and_picklable() -> None:
    x = np.array([[1, 2, 3], [2, 2, 2]])
    result: Any = profile_similarity(x, np.ma.masked_equal([[1, 3, 2], [4, 5, 9]], 9))
    json.dumps(result.to_dict(), allow_nan=False)
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert records[1]["flags"] == "too_few_dimensions"
    assert list(records[0]) == [*ROWS, "flags"]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    assert x.tolist() == [[1, 2, 3], [2, 2, 2]]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.flags = ()
    for name in ROWS:
        assert not getattr(result, name).flags.writeable


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: profile_similarity([["1", "2"]], [[1, 2]]), "first: expected real numbers, got text"),
        (lambda: profile_similarity([[1, 2]], [[1, np.inf]]), r"second\[0, 1\]: expected a finite number"),
        (lambda: profile_similarity(1.0, [[1, 2]]), r"first: expected one profile \(d,\) or profiles \(n, d\), got 0"),
        (lambda: profile_similarity([[[1]]], [[1]]), "first: expected one profile .* got 3 dimensions"),
        (lambda: profile_similarity([[]], [[]]), "first: expected at least one dimension of the profile, got none"),
        (lambda: profile_similarity([[1, 2]], [[1, 2, 3]]), "second: expected profiles of 2 dimensions .* got 3"),
        (lambda: profile_similarity([[1, 2]], [[1, 2]] * 3), "second: expected 1 profiles as in first, got 3"),
        (lambda: profile_similarity([1], [1], min_dimensions=0), "min_dimensions: expected a whole number of at least"),
        (lambda: profile_similarity([1], [1], min_dimensions=2.5), "min_dimensions: expected a whole number"),  # type: ignore[arg-type]
        (lambda: profile_similarity([1], [1], min_dimensions=True), "min_dimensions: expected a whole number"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
