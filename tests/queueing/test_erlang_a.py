"""Queues whose people give up: against sums of the chain, limits, and laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from leadkit.queueing import asa, erlang_a, erlang_b, erlang_c, mmc, occupancy, service_level
from leadkit.queueing.erlang.abandonment import outcome_shares

NUMBERS = (
    "p_wait",
    "p_abandon",
    "mean_wait",
    "mean_wait_served",
    "mean_wait_abandoned",
    "mean_wait_delayed",
    "queue_length",
    "occupancy",
)


def shares(*values: float) -> list[float]:
    return [float(share) for share in outcome_shares(*(np.asarray(value, dtype=float) for value in values))]


def rates() -> st.SearchStrategy[tuple[int, float, float, float]]:
    return st.tuples(st.integers(1, 200), st.floats(0.01, 500), st.floats(0.1, 10), st.floats(1e-3, 1e3))


def test_measures_of_the_chain_summed_term_by_term(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/erlang_a.json")["cases"]:
        given_rates = [case[name] for name in ("servers", "arrival_rate", "service_rate", "patience_rate")]
        found = erlang_a(*given_rates)
        for name in NUMBERS:
            assert getattr(found, name) == pytest.approx(float(case[name]), rel=1e-12, abs=0), (case, name)
        answered, left, neither, ever, never = shares(*given_rates, case["threshold"])
        assert answered == pytest.approx(float(case["answered_in_time"]), rel=1e-12, abs=0)
        assert left == pytest.approx(float(case["abandoned_in_time"]), rel=1e-11, abs=1e-150)
        assert neither == pytest.approx(float(case["neither"]), rel=1e-12, abs=0)
        assert ever == pytest.approx(1 - never)
        assert never == pytest.approx(found.p_abandon)


@pytest.mark.parametrize(
    ("servers", "rate", "patience", "time"), [(3, 2.5, 0.7, 0.8), (10, 14.0, 0.25, 0.5), (1, 0.3, 6.0, 0.1)]
)
def test_shares_in_time_are_those_of_the_incomplete_beta_function(
    servers: int, rate: float, patience: float, time: float
) -> None:
    n = np.arange(servers + 400)
    death = np.minimum(n[1:], servers) + np.maximum(n[1:] - servers, 0) * patience
    logs = np.concatenate([[0.0], np.cumsum(np.log(rate / death))])
    p = np.exp(logs - special.logsumexp(logs))
    ahead, g, x = n[servers:] - servers + 1, servers / patience, -math.expm1(-patience * time)
    served = p[:servers].sum() + (p[servers:] * g / (g + ahead) * special.betainc(ahead, g + 1, x)).sum()
    neither = (p[servers:] * (1 - special.betainc(ahead, g, x))).sum() * math.exp(-patience * time)
    found = shares(servers, rate, 1.0, patience, time)
    assert found[0] == pytest.approx(served, rel=1e-11)
    assert found[2] == pytest.approx(neither, rel=1e-11)


@pytest.mark.parametrize(
    ("servers", "load"), [(1, 0.5), (5, 5.0), (20, 9.0), (100, 130.0), (2000, 2000.0), (90, 300.0)]
)
def test_with_patience_as_long_as_service_the_number_present_is_poisson(servers: int, load: float) -> None:
    assert erlang_a(servers, load, 1.0, 1.0).p_wait == pytest.approx(special.gammainc(servers, load), rel=1e-11)


@pytest.mark.parametrize("load", [0.5, 8.0, 9.5])
def test_with_endless_patience_everybody_stays(load: float) -> None:
    found, limit = erlang_a(10, load, 1.0, 1e-13), mmc(10, load, 1.0)
    for name in ("p_wait", "mean_wait", "mean_wait_served", "mean_wait_delayed", "queue_length", "occupancy"):
        assert getattr(found, name) == pytest.approx(getattr(limit, name), rel=1e-9), name
    level = service_level(10, load, 1.0, 0.2, variant="answered", patience_rate=1e-13)
    assert level == pytest.approx(service_level(10, load, 1.0, 0.2, variant="answered"), rel=1e-9)


@pytest.mark.parametrize("load", [0.5, 8.0, 30.0])
def test_without_patience_those_who_would_wait_are_lost(load: float) -> None:
    found = erlang_a(10, load, 1.0, 1e12)
    assert found.p_abandon == pytest.approx(erlang_b(10, load), rel=1e-9)
    assert found.p_wait == pytest.approx(erlang_b(10, load), rel=1e-9)


@pytest.mark.parametrize("patience", [1e-9, 1e-4, 1.0, 1e4])
@pytest.mark.parametrize("servers", [1, 30, 5000])
def test_far_too_few_servers_are_always_busy(servers: int, patience: float) -> None:
    found = erlang_a(servers, 1000.0 * servers, 1.0, patience)
    # a single server of no patience is idle until the next arrival
    assert found.occupancy == pytest.approx(1, rel=2e-3)
    assert found.p_abandon == pytest.approx(0.999, rel=1e-5)


def test_the_fluid_limit_of_an_overload_with_long_patience() -> None:
    found = erlang_a(100, 200.0, 1.0, 1e-7)
    assert found.p_abandon == pytest.approx(0.5, rel=1e-9)
    assert found.mean_wait_served == pytest.approx(math.log(2) / 1e-7, rel=1e-6)


def test_great_loads_give_no_warning_and_no_share_outside_its_bounds() -> None:
    servers = np.array([1, 10, 1000, 90_000, 100_000, 110_000, 1_000_000])
    for patience in (1e-12, 1e-3, 1.0, 1e3, 1e12):
        for load in (1e-12, 1.0, 1e5):
            found = erlang_a(servers, load, 1.0, patience)
            for name in ("p_wait", "p_abandon", "occupancy"):
                values = np.asarray(getattr(found, name))
                assert np.all((values >= 0) & (values <= 1 + 1e-12)), (name, patience, load)
            for time in (0.0, 1e-6, 1.0, 1e6):
                parts = np.stack(outcome_shares(*np.broadcast_arrays(servers * 1.0, load, 1.0, patience, time)))
                assert np.all((parts >= 0) & (parts <= 1 + 1e-12))
                assert np.allclose(parts[:3].sum(axis=0), 1, rtol=0, atol=1e-12)


@given(rates(), st.floats(0, 10))
def test_answered_abandoned_and_neither_are_everybody(
    given_rates: tuple[int, float, float, float], time: float
) -> None:
    answered, left, neither, ever, never = shares(*given_rates, time)
    assert answered + left + neither == pytest.approx(1, abs=1e-12)
    assert ever + never == pytest.approx(1, abs=1e-12)
    assert -1e-15 <= answered <= ever + 1e-12
    assert -1e-15 <= left <= never + 1e-12


@given(rates())
def test_one_server_more_fewer_give_up(given_rates: tuple[int, float, float, float]) -> None:
    servers, *others = given_rates
    few, many = erlang_a(servers, *others), erlang_a(servers + 1, *others)
    for name in ("p_wait", "p_abandon", "mean_wait", "mean_wait_served", "occupancy"):
        assert float(getattr(many, name)) <= float(getattr(few, name)) * (1 + 1e-10), name


@given(rates())
def test_abandonment_stays_below_loss_and_waiting_below_c(given_rates: tuple[int, float, float, float]) -> None:
    servers, arrivals, service, _ = given_rates
    found = erlang_a(*given_rates)
    load = arrivals / service
    assert float(found.p_abandon) <= float(erlang_b(servers, load)) * (1 + 1e-10)
    assert float(found.p_wait) <= float(erlang_c(servers, load)) * (1 + 1e-10)
    assert float(found.p_wait) >= float(erlang_b(servers, load)) * (1 - 1e-10) - 1e-300


@given(rates())
def test_the_parts_agree_with_each_other(given_rates: tuple[int, float, float, float]) -> None:
    found = erlang_a(*given_rates)
    _, arrivals, _, patience = given_rates
    gone = float(found.p_abandon)
    assert float(found.queue_length) == pytest.approx(arrivals * float(found.mean_wait), rel=1e-12)
    assert gone == pytest.approx(patience * float(found.queue_length) / arrivals, rel=1e-12)
    mean = (1 - gone) * float(found.mean_wait_served) + gone * float(found.mean_wait_abandoned)
    assert mean == pytest.approx(float(found.mean_wait), rel=1e-9)


@given(rates(), st.floats(1e-3, 1e3))
def test_the_unit_of_time_changes_no_probability(given_rates: tuple[int, float, float, float], unit: float) -> None:
    servers, *others = given_rates
    one, other = erlang_a(*given_rates), erlang_a(servers, *(unit * rate for rate in others))
    for name in ("p_wait", "p_abandon", "occupancy"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9), name


def test_without_servers_everybody_gives_up() -> None:
    found = erlang_a(0, 3.0, 1.0, 0.5)
    assert (found.p_wait, found.p_abandon, found.occupancy) == (1, 1, 1)
    assert (found.mean_wait, found.mean_wait_abandoned, found.mean_wait_delayed, found.queue_length) == (2, 2, 2, 6)
    assert math.isnan(float(found.mean_wait_served))
    assert shares(0, 3.0, 1.0, 0.5, 2.0) == pytest.approx([0, 1 - math.exp(-1), math.exp(-1), 0, 1])


def test_without_arrivals_a_single_person_is_served_at_once() -> None:
    found = erlang_a(2, 0.0, 1.0, 0.5)
    assert (found.p_wait, found.p_abandon, found.mean_wait, found.mean_wait_served, found.occupancy) == (0, 0, 0, 0, 0)
    assert found.mean_wait_delayed == pytest.approx(1 / 2.5)
    assert shares(2, 0.0, 1.0, 0.5, 1.0) == [1, 0, 0, 1, 0]


def test_many_queues_at_once_are_each_as_alone() -> None:
    servers, patience = np.arange(700)[:, None] % 40, np.array([0.01, 2.0])
    found = erlang_a(servers, 20.0, 1.0, patience)
    for row, column in ((0, 0), (5, 1), (511, 0), (513, 1), (699, 0)):
        alone = erlang_a(int(servers[row, 0]), 20.0, 1.0, patience[column])
        for name in NUMBERS:
            many = np.asarray(getattr(found, name))
            assert many.shape == (700, 2)
            assert many[row, column] == pytest.approx(float(getattr(alone, name)), rel=1e-13, nan_ok=True)
    assert np.asarray(found.saturated).any() == np.False_


@pytest.mark.parametrize("place", range(4))
def test_nan_in_nan_out(place: int) -> None:
    arguments = [3.0, 2.0, 1.0, 0.5]
    arguments[place] = math.nan
    found = erlang_a(*arguments)
    assert all(math.isnan(float(getattr(found, name))) for name in NUMBERS)
    assert np.isnan(np.asarray(erlang_a([3.0, arguments[0]], arguments[1], arguments[2], arguments[3]).p_wait)).any()


def test_asa_and_occupancy_ask_whether_people_give_up() -> None:
    found = erlang_a(3, 4.0, 1.0, 0.5)
    assert asa(3, 4.0, 1.0, patience_rate=0.5) == found.mean_wait_served
    assert occupancy(3, 4.0, 1.0, patience_rate=0.5) == found.occupancy


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2.5, 1.0, 1.0, 1.0), "servers: expected a whole number, got 2.5"),
        ((2, 1.0, 1.0, 0.0), "patience_rate: expected a number above 0, got 0"),
        ((2, 1.0, 1.0, math.inf), "patience_rate: expected a finite number"),
        ((2, 1.0, 1.0, None), "patience_rate: expected real numbers, got None"),
        ((2, -1.0, 1.0, 1.0), "arrival_rate: expected at least 0"),
        ((2, 1.0, 1.0, 1e-300), "patience_rate: expected a rate within 140 orders of magnitude"),
        (([1, 2], 1.0, 1.0, [1.0, 1.0, 1.0]), r"servers \(2,\), .* patience_rate \(3,\)"),
    ],
)
def test_wrong_arguments_are_named(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        erlang_a(*arguments)


def test_measures_are_values() -> None:
    found = erlang_a(3, 2.0, 1.0, 0.5)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["model"] == "M/M/c+M"
