"""The clock is a circle: spans, their overlap, and the mean of hours."""

from __future__ import annotations

from datetime import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import circmean, circvar

from leadkit.vitals.clock import circular_mean, hour_difference, shared_hours, span_length, spans_overlap

MINUTES_A_DAY = 1440
MINUTE = 60_000_000

minutes = st.integers(0, MINUTES_A_DAY - 1)
lengths = st.integers(1, MINUTES_A_DAY)


def on_the_circle(start: int, length: int) -> set[int]:
    return {(start + step) % MINUTES_A_DAY for step in range(length)}


@given(minutes, lengths, minutes, lengths)
def test_spans_overlap_where_a_minute_by_minute_count_says_so(
    start: int, length: int, other: int, other_length: int
) -> None:
    shared = on_the_circle(start, length) & on_the_circle(other, other_length)
    assert spans_overlap(start * MINUTE, length * MINUTE, other * MINUTE, other_length * MINUTE) == bool(shared)


@given(minutes, lengths, st.integers(-MINUTES_A_DAY, MINUTES_A_DAY - 1), lengths)
def test_shared_hours_agree_with_a_minute_by_minute_count(
    start: int, length: int, window: int, window_length: int
) -> None:
    shared = on_the_circle(start, length) & on_the_circle(window, window_length)
    assert shared_hours(start / 60, length / 60, window / 60, window_length / 60) == pytest.approx(len(shared) / 60)


def test_a_span_that_ends_where_it_starts_lasts_a_day() -> None:
    assert span_length(time(8), time(8)) == 24 * 60 * MINUTE
    assert span_length(time(23), time(1)) == 2 * 60 * MINUTE
    assert span_length(time(8), time(8, 0, 0, 1)) == 1


def test_half_open_spans_that_touch_do_not_overlap() -> None:
    hour = 60 * MINUTE
    assert not spans_overlap(9 * hour, hour, 10 * hour, hour)
    assert not spans_overlap(23 * hour, hour, 0, hour)
    assert spans_overlap(23 * hour, hour + 1, 0, hour)


@given(st.lists(st.floats(0, 23.99), min_size=1, max_size=8))
def test_the_circular_mean_is_that_of_scipy(hours: list[float]) -> None:
    mean, concentration = circular_mean(hours, [1.0] * len(hours))
    assert concentration == pytest.approx(1 - circvar(hours, high=24), abs=1e-9)
    if concentration > 1e-6:
        assert abs(hour_difference(mean, float(circmean(hours, high=24)))) < 1e-6


def test_weights_count_like_repetitions() -> None:
    weighted = circular_mean([1.0, 9.0], [3.0, 1.0])
    assert weighted == pytest.approx(circular_mean([1.0, 1.0, 1.0, 9.0], [1.0] * 4))


def test_the_mean_never_reaches_24() -> None:
    for hour in (24 - 1e-15, -1e-17, 24.0):
        mean, _ = circular_mean([hour], [1.0])
        assert 0 <= mean < 24


def test_without_weight_there_is_no_mean() -> None:
    assert np.isnan(circular_mean([], [])).all()
    assert np.isnan(circular_mean([3.0], [0.0])).all()


@given(st.floats(0, 23.99), st.floats(-11.99, 11.99))
def test_the_difference_of_hours_takes_the_shorter_way(hour: float, turn: float) -> None:
    assert hour_difference(hour, (hour + turn) % 24) == pytest.approx(turn, abs=1e-9)
