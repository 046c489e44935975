"""Wilson's interval of shares, against scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from leadkit.stats import wilson_interval


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), max_size=5), st.floats(0.01, 0.999))
def test_it_is_the_interval_of_scipy(drawn: list[tuple[int, int]], confidence: float) -> None:
    hits = [min(pair) for pair in drawn]
    trials = [max(pair) for pair in drawn]
    low, high = wilson_interval(hits, trials, confidence=confidence)
    for i, (one, n) in enumerate(zip(hits, trials, strict=True)):
        expected = binomtest(one, n).proportion_ci(confidence, method="wilson")
        assert np.allclose([low[i], high[i]], [expected.low, expected.high], rtol=1e-9, atol=1e-12)
        assert 0 <= low[i] <= one / n <= high[i] <= 1


def test_nothing_and_all_end_at_the_ends() -> None:
    low, high = wilson_interval([0, 7, 0], [7, 7, 0])
    assert (low[0], high[1]) == (0.0, 1.0)
    assert np.isnan([low[2], high[2]]).all()


def test_shapes_broadcast_and_what_is_unknown_stays_so() -> None:
    low, high = wilson_interval([[1.5], [float("nan")]], [10, 20])
    assert low.shape == high.shape == (2, 2)
    assert np.isnan(low[1]).all()
    assert not np.isnan(low[0]).any()
    assert not low.flags.writeable
    assert wilson_interval(1, 2)[0].shape == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 2), "successes: expected numbers of at least 0 and at most n"),
        ((-1, 2), "successes: expected numbers of at least 0 and at most n"),
        ((0, -1), "n: expected numbers of at least 0"),
        (("a", 2), "successes"),
        (([1, 2], [1, 2, 3]), "shape"),
        ((1, float("inf")), "n"),
    ],
)
def test_what_is_no_count_is_refused(arguments: tuple[Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wilson_interval(*arguments)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -1, None, "0.9", True, float("nan")])
def test_a_confidence_lies_between_0_and_1(confidence: Any) -> None:
    with pytest.raises(ValueError, match="confidence: expected a number inside"):
        wilson_interval(1, 2, confidence=confidence)
