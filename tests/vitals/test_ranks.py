"""Ranks and Kendall's tau-b agree with scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata

from leadkit.vitals.ranks import falling_ranks, highest, kendall_tau_b

points = st.lists(st.integers(0, 6), min_size=2, max_size=12)


@given(points, st.randoms(use_true_random=False))
def test_tau_b_is_that_of_scipy(first: list[int], random: Any) -> None:
    second = [random.randint(0, 4) for _ in first]
    expected = kendalltau(first, second, variant="b").statistic
    assert kendall_tau_b(first, second) == pytest.approx(float(expected), abs=1e-12, nan_ok=True)


@given(points)
def test_tau_b_of_an_order_with_itself_is_1_and_with_its_reverse_minus_1(first: list[int]) -> None:
    if len(set(first)) > 1:
        assert kendall_tau_b(first, first) == 1.0
        assert kendall_tau_b(first, [-x for x in first]) == -1.0
    else:
        assert np.isnan(kendall_tau_b(first, first))


def test_tau_b_survives_points_whose_difference_overflows() -> None:
    assert kendall_tau_b([1e308, -1e308], [1.0, 0.0]) == 1.0


@given(points)
def test_ranks_fall_and_ties_share_the_mean_rank(values: list[int]) -> None:
    assert falling_ranks(values) == rankdata([-x for x in values]).tolist()


def test_the_highest_are_ordered_by_points_then_name_and_keep_ties() -> None:
    assert highest({"b": 2.0, "a": 2.0, "c": 3.0, "d": 1.0}, 2) == ("c", "a", "b")
    assert highest({"a": 1.0}, 5) == ("a",)
    assert highest({}, 5) == ()
