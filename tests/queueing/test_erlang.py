"""Erlang's formulas, queues in which everybody stays, and the square root rule."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.queueing import (
    QueueMeasures,
    asa,
    beta_for_delay,
    erlang_b,
    erlang_c,
    halfin_whitt,
    mmc,
    occupancy,
    service_level,
    square_root_servers,
    wait_quantile,
)

LOADS = st.floats(0.01, 3000)
SERVERS = st.integers(1, 3000)


def exact_b(servers: int, load: float) -> Fraction:
    lost, a = Fraction(1), Fraction(load)
    for k in range(1, servers + 1):
        lost = a * lost / (k + a * lost)
    return lost


def test_b_and_c_of_the_reference(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/erlang_b_c.json")["cases"]:
        limit = 1e-12 if case["servers"] <= 2000 else 1e-10
        assert erlang_b(case["servers"], float(case["load"])) == pytest.approx(float(case["B"]), rel=limit, abs=0)
        assert erlang_c(case["servers"], float(case["load"])) == pytest.approx(float(case["C"]), rel=limit, abs=0)


def test_b_and_c_of_a_number_of_servers_that_is_not_whole(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/erlang_fractional.json")["cases"]:
        servers, load = float(case["servers"]), float(case["load"])
        assert erlang_b(servers, load) == pytest.approx(float(case["B"]), rel=1e-12)
        assert erlang_c(servers, load) == pytest.approx(float(case["C"]), rel=1e-12)


@pytest.mark.parametrize(
    ("servers", "load"),
    [(3, 0.25), (17, 16.5), (40, 39.75), (40, 55.5), (60, 700.0), (15, 14.0), (16, 20.0), (90, 30.0)],
)
def test_b_is_the_recursion_in_fractions(servers: int, load: float) -> None:
    assert erlang_b(servers, load) == pytest.approx(float(exact_b(servers, load)), rel=1e-13)


@given(st.floats(0.05, 60), st.floats(0.05, 90))
def test_b_follows_its_recursion_between_whole_numbers_too(servers: float, load: float) -> None:
    below, above = float(erlang_b(servers, load)), float(erlang_b(servers + 1, load))
    assert above == pytest.approx(load * below / (servers + 1 + load * below), rel=1e-11)


@given(SERVERS, LOADS)
def test_b_and_c_are_probabilities_and_who_waits_is_more_than_who_is_lost(servers: int, load: float) -> None:
    lost, waits = float(erlang_b(servers, load)), float(erlang_c(servers, load))
    assert 0 <= lost <= waits <= 1


@given(SERVERS, LOADS, st.floats(1.001, 2))
def test_b_and_c_fall_with_the_servers_and_rise_with_the_load(servers: int, load: float, factor: float) -> None:
    for formula in (erlang_b, erlang_c):
        value = float(formula(servers, load))
        assert float(formula(servers + 1, load)) <= value
        assert float(formula(servers, load * factor)) >= value


def test_the_edges_of_b_and_c() -> None:
    for formula in (erlang_b, erlang_c):
        assert formula(0, 0) == formula(0, 5.0) == 1
        assert formula(3, 0) == 0
        assert isinstance(formula(3, 1), float)
        assert math.isnan(float(formula(math.nan, 1)))
        assert math.isnan(float(formula(1, math.nan)))
    assert erlang_c(4, 4.0) == 1
    assert erlang_b(1, 1e300) == 1


def test_great_loads_neither_overflow_nor_leave_the_probabilities() -> None:
    servers = np.array([0, 1, 10, 1000, 50_000, 99_000, 100_000, 100_100, 101_000, 200_000, 1_000_000])
    for load in (1e-300, 1e-3, 1.0, 1e3, 99_999.5, 1e5, 1e12):
        for value in (np.asarray(erlang_b(servers, load)), np.asarray(erlang_c(servers, load))):
            assert np.all((value >= 0) & (value <= 1))
            assert np.all(np.diff(value) <= 0)


def test_arrays_broadcast_and_are_read_only() -> None:
    table = erlang_c(np.arange(1, 4)[:, None], [1.0, 2.0])
    assert isinstance(table, np.ndarray)
    assert table.shape == (3, 2)
    assert not table.flags.writeable
    assert table[2, 1] == erlang_c(3, 2.0)
    assert np.asarray(erlang_b([], 1.0)).shape == (0,)


def test_mmc_of_the_reference(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/mmc.json")["cases"]:
        rates = case["servers"], float(case["arrival_rate"]), float(case["service_rate"])
        found = mmc(*rates)
        for name in ("p_wait", "mean_wait", "mean_wait_delayed", "queue_length", "occupancy"):
            assert getattr(found, name) == pytest.approx(float(case[name]), rel=1e-12), name
        level = service_level(*rates, float(case["threshold"]), variant="offered")
        assert level == pytest.approx(float(case["service_level"]), rel=1e-12)
        assert wait_quantile(0.9, *rates) == pytest.approx(float(case["wait_p90"]), rel=1e-12)
        assert asa(*rates) == found.mean_wait
        assert occupancy(*rates) == found.occupancy
        assert found.model == "M/M/c"
        assert found.patience_rate is None
        assert found.p_abandon == 0
        assert math.isnan(float(found.mean_wait_abandoned))


@pytest.mark.parametrize(("servers", "rate"), [(2, 2.0), (2, 3.0), (0, 1.0), (0, 0.0), (1.5, 1.5)])
def test_a_queue_that_grows_for_ever_is_saturated(servers: float, rate: float) -> None:
    found = mmc(servers, rate, 1.0)
    assert found.saturated is True
    assert found.flags == ("saturated",)
    assert (found.p_wait, found.occupancy) == (1, 1)
    assert found.mean_wait == found.queue_length == found.mean_wait_delayed == math.inf
    assert wait_quantile(0.5, servers, rate, 1.0) == math.inf
    assert service_level(servers, rate, 1.0, 5.0, variant="offered") == 0


def test_only_the_saturated_of_many_queues_are_so() -> None:
    found = mmc([1, 3, math.nan], 2.0, 1.0)
    assert isinstance(found.saturated, np.ndarray)
    assert found.saturated.tolist() == [True, False, False]
    assert not found.saturated.flags.writeable
    for name in ("load", "p_wait", "p_abandon", "mean_wait", "mean_wait_delayed", "queue_length", "occupancy"):
        values = np.asarray(getattr(found, name))
        assert np.isnan(values).tolist() == [False, False, True], name


def test_without_arrivals_nobody_waits() -> None:
    found = mmc(2, 0.0, 1.0)
    assert (found.p_wait, found.mean_wait, found.queue_length, found.occupancy) == (0, 0, 0, 0)
    assert found.mean_wait_delayed == 0.5
    assert wait_quantile(0.99, 2, 0.0, 1.0) == 0


@given(st.integers(1, 60), st.floats(0.05, 0.999), st.floats(0.01, 100), st.floats(0, 0.999))
def test_the_quantile_inverts_the_law_of_the_wait(servers: int, busy: float, rate: float, p: float) -> None:
    arrivals = servers * busy * rate
    wait = float(wait_quantile(p, servers, arrivals, rate))
    level = float(service_level(servers, arrivals, rate, wait, variant="answered"))
    assert level == pytest.approx(p, abs=1e-9) if wait > 0 else level >= p - 1e-12


def test_quantiles_at_the_ends() -> None:
    assert wait_quantile(1, 2, 1.0, 1.0) == math.inf
    assert wait_quantile(0, 2, 1.0, 1.0) == 0
    assert math.isnan(float(wait_quantile(math.nan, 2, 1.0, 1.0)))
    assert math.isnan(float(wait_quantile(0.5, 2, math.nan, 1.0)))


@given(st.integers(1, 60), st.floats(0.05, 0.99), st.floats(1e-3, 1e3))
def test_the_unit_of_time_changes_no_probability(servers: int, busy: float, unit: float) -> None:
    one, other = mmc(servers, servers * busy, 1.0), mmc(servers, servers * busy * unit, unit)
    assert other.p_wait == pytest.approx(one.p_wait, rel=1e-10)
    assert float(other.mean_wait) * unit == pytest.approx(one.mean_wait, rel=1e-10)


@given(st.floats(0, 30), st.floats(0.01, 5))
def test_more_beta_fewer_wait(beta: float, more: float) -> None:
    assert 0 <= float(halfin_whitt(beta + more)) <= float(halfin_whitt(beta)) <= 1


@given(st.floats(1e-12, 1 - 1e-12))
def test_beta_for_delay_inverts_halfin_whitt(p: float) -> None:
    assert halfin_whitt(beta_for_delay(p)) == pytest.approx(p, rel=1e-11)


def test_the_square_root_rule() -> None:
    assert square_root_servers(100.0, 1.0) == 110
    assert square_root_servers(0.0, 1.0) == 0
    assert square_root_servers(4.0, -10.0) == 0
    assert np.asarray(square_root_servers([4.0, 100.0], 0.5)).tolist() == [5, 105]
    assert halfin_whitt(-1.0) == halfin_whitt(0.0) == 1
    assert halfin_whitt(100.0) == 0
    assert math.isnan(float(halfin_whitt(math.nan)))
    assert math.isnan(float(beta_for_delay(math.nan)))


def test_halfin_whitt_is_the_limit_of_c() -> None:
    load, beta = 1e8, 0.7
    assert erlang_c(load + beta * math.sqrt(load), load) == pytest.approx(halfin_whitt(beta), rel=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(-1, 1.0), "servers: expected at least 0, got -1"),
        (lambda: erlang_b([1, 2], [1.0, -2.0]), r"load\[1\]: expected at least 0, got -2"),
        (lambda: erlang_c(1, math.inf), "load: expected a finite number, got inf"),
        (lambda: erlang_c("1", 1.0), "servers: expected real numbers, got '1'"),
        (
            lambda: erlang_c(None, 1.0),  # type: ignore[arg-type]
            "servers: expected real numbers, got None",
        ),
        (lambda: erlang_c(True, 1.0), "servers: expected real numbers, got True"),
        (lambda: erlang_c([[1], [1, 2]], 1.0), "servers: rows differ in length"),
        (lambda: erlang_c(["a"], 1.0), "servers: expected real numbers, got an array of"),
        (lambda: erlang_c([1, 2], [1, 2, 3]), r"shapes that do not broadcast: servers \(2,\), load \(3,\)"),
        (lambda: mmc(1, 1.0, 0.0), "service_rate: expected a number above 0, got 0"),
        (lambda: mmc(1, 1e300, 1e-300), "expected a load that a float holds"),
        (lambda: wait_quantile(1.5, 1, 1.0, 1.0), r"p: expected a number in 0..1, got 1.5"),
        (lambda: beta_for_delay(0.0), "p_wait: expected shares above 0 and below 1"),
        (lambda: square_root_servers(math.nan, 1.0), "servers an integer holds, and no NaN"),
        (lambda: square_root_servers(1e30, 1.0), "servers an integer holds, and no NaN"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_measures_are_values() -> None:
    found = mmc([1, 3], 2.0, 1.0)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    assert found != mmc([1, 4], 2.0, 1.0)
    assert isinstance(found, QueueMeasures)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["mean_wait"] == [None, pytest.approx(0.4444444444)]
    assert "p_wait" in mmc(3, 2.0, 1.0)._repr_html_()
