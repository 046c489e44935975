"""Kaplan-Meier: a published example, closed forms, brute force and bad input."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError
from leadkit.escalation.survival import Survival, kaplan_meier, survival_quantile

# Freireich et al., "The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute leukemia",
# Blood 21, 1963: weeks in remission of the 21 treated patients, a plus for those still in remission
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [int(ended) for ended in "111010100110001100000"]

CASES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=25)


def test_the_published_curve_of_remissions() -> None:
    curve = kaplan_meier(WEEKS, ENDED)
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.events.tolist() == [3, 1, 1, 1, 1, 1, 1]
    published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.survival.round(4).tolist() == published
    assert (curve.n, curve.censored) == (21, 12)
    assert survival_quantile(curve, 0.5) == 23
    assert math.isnan(survival_quantile(curve, 0.9))


def test_the_interval_is_greenwoods_on_the_log_log_scale() -> None:
    curve = kaplan_meier(WEEKS, ENDED)
    # by hand at week 6: S = 18/21, the sum of d/(n(n-d)) is 3/(21*18) = 1/126, and |log S| = 0.154151
    half = 1.959963984540054 * math.sqrt(1 / 126) / -math.log(18 / 21)
    assert curve.low[0] == pytest.approx((18 / 21) ** math.exp(half), rel=1e-12)
    assert curve.high[0] == pytest.approx((18 / 21) ** math.exp(-half), rel=1e-12)
    # the standard errors printed beside the curve in textbooks
    variance = np.cumsum(curve.events / (curve.at_risk * (curve.at_risk - curve.events)))
    errors = (curve.survival * np.sqrt(variance)).round(4).tolist()
    assert errors == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert np.all((curve.low < curve.survival) & (curve.survival < curve.high))


def test_at_the_end_of_the_curve_the_interval_is_unknown() -> None:
    curve = kaplan_meier([1, 2], [True, True])
    assert curve.survival.tolist() == [0.5, 0.0]
    assert np.isnan(curve.low).tolist() == np.isnan(curve.high).tolist() == [False, True]


def test_the_curve_can_be_asked_at_any_time() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [True, True, False, True])
    assert curve.at([0, 0.5, 1, 1.5, 2, 3, 4, 9]).tolist() == [1, 1, 0.75, 0.75, 0.5, 0.5, 0, 0]
    assert math.isnan(float(curve.at(np.nan)))
    assert curve.at([[1, 2]]).shape == (1, 2)


def test_nothing_gives_a_curve_of_nothing() -> None:
    curve = kaplan_meier([], [])
    assert curve.flags == ("empty",)
    assert math.isnan(survival_quantile(curve, 0.5))
    assert curve.to_records() == []
    assert math.isnan(survival_quantile(kaplan_meier([1], [False]), 0.5))


@given(CASES)
def test_it_is_the_product_of_fractions(cases: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier([time for time, _ in cases], [ended for _, ended in cases])
    share = Fraction(1)
    expected = []
    for time in sorted({time for time, ended in cases if ended}):
        n = sum(other >= time for other, _ in cases)
        d = sum(other == time and ended for other, ended in cases)
        share *= Fraction(n - d, n)
        expected.append((time, n, d, float(share)))
    found = zip(curve.time, curve.at_risk, curve.events, strict=True)
    assert list(found) == [row[:3] for row in expected]
    assert curve.survival == pytest.approx([row[3] for row in expected], rel=1e-14)


@given(CASES, st.fractions(0, 1, max_denominator=20).filter(lambda p: 0 < p < 1))
def test_a_quantile_is_the_least_event_time_in_exact_arithmetic(cases: list[tuple[int, bool]], p: Fraction) -> None:
    found = survival_quantile(kaplan_meier([time for time, _ in cases], [ended for _, ended in cases]), float(p))
    share = Fraction(1)
    for time in sorted({time for time, ended in cases if ended}):
        n = sum(other >= time for other, _ in cases)
        share *= Fraction(n - sum(other == time and ended for other, ended in cases), n)
        if share <= 1 - p:
            assert found == time
            return
    assert math.isnan(found)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 99))
def test_without_censoring_it_is_the_empirical_quantile(times: list[int], percent: int) -> None:
    curve = kaplan_meier(times, [True] * len(times))
    rank = -(-percent * len(times) // 100)
    assert survival_quantile(curve, percent / 100) == sorted(times)[rank - 1]


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(cases: list[tuple[int, bool]], rng: Any) -> None:
    shuffled = list(cases)
    rng.shuffle(shuffled)
    one, other = (kaplan_meier([t for t, _ in part], [e for _, e in part]) for part in (cases, shuffled))
    assert one == other


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([1, 2], [True], "event: expected 2 values, one a time, got 1"),
        ([1, -2], [True, True], r"time\[1\]: expected a finite number of at least 0, got -2"),
        ([math.nan, math.inf], [True, True], r"time\[0\]: .*got nan\n  time\[1\]: .*got inf"),
        ([1, 2], [True, 3], r"event\[1\]: expected True or False, got 3"),
        ("abc", [True], "time: expected a column of numbers, got 'abc'"),
        ([1], None, "event: expected a column of numbers, got None"),
        ([[1]], [True], "time: expected a column of numbers, got 2 dimensions"),
        ([1, [2]], ["yes"], "2 faults"),
    ],
)
def test_what_are_no_times_and_events_is_refused(time: Any, event: Any, message: str) -> None:
    with pytest.raises(EscalationError, match=f"(?s){message}"):
        kaplan_meier(time, event)


@pytest.mark.parametrize("p", [0, 1, -0.5, 90, math.nan, None, "0.5", True])
def test_what_is_no_share_is_refused(p: Any) -> None:
    with pytest.raises(EscalationError, match="p: expected a"):
        survival_quantile(kaplan_meier([1], [True]), p)


def test_survival_is_asked_at_numbers() -> None:
    curve = kaplan_meier([1, 2, 3], [True, True, False])
    assert curve.at([[0.5, 1.0], [2.9, math.inf]]).round(4).tolist() == [[1.0, 0.6667], [0.3333, 0.3333]]
    assert np.isnan(curve.at(math.nan))
    assert curve.at([]).tolist() == []
    wrong: list[Any] = ["soon", None, {}, [[1.0], [1.0, 2.0]], True]
    for time in wrong:
        with pytest.raises(EscalationError, match="time: expected numbers, got "):
            curve.at(time)


def test_truth_values_are_no_times() -> None:
    with pytest.raises(EscalationError, match=r"time: expected a column of numbers, got \[True\]"):
        kaplan_meier([True], [True])


def test_a_quantile_needs_a_curve() -> None:
    with pytest.raises(EscalationError, match="curve: expected a Survival, got list"):
        survival_quantile([1, 0.5], 0.5)  # type: ignore[arg-type]


def test_a_curve_becomes_rows_and_plain_values() -> None:
    curve = kaplan_meier([1, 2], [True, True])
    assert curve.to_records()[1] == {
        "time": 2.0,
        "survival": 0.0,
        "at_risk": 1,
        "events": 1,
        "low": None,
        "high": None,
    }
    assert curve.to_dict()["n"] == 2
    assert "survival" in curve._repr_html_()
    again: Survival = pickle.loads(pickle.dumps(curve))  # noqa: S301 - our own bytes
    assert again == curve
