"""Open networks of queues."""

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

from leadkit.queueing import jackson, mmc


def chain(escalate: list[float]) -> np.ndarray[Any, Any]:
    return np.diag(escalate, 1)


def test_levels_of_the_reference(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/network.json")["cases"]:
        rates = [float(rate) for rate in case["service_rates"]]
        external = [float(case["external_rate"]), *[0.0] * (len(rates) - 1)]
        found = jackson(external, rates, case["servers"], chain([float(share) for share in case["escalate"]]))
        for rate, queue, level in zip(found.arrival_rates, found.measures, case["levels"], strict=True):
            assert rate == pytest.approx(float(level["arrival_rate"]), rel=1e-12)
            for name in ("p_wait", "mean_wait", "occupancy"):
                assert getattr(queue, name) == pytest.approx(float(level[name]), rel=1e-11)
        waits = sum(float(level["arrival_rate"]) * float(level["mean_wait"]) for level in case["levels"])
        assert found.total_wait == pytest.approx(waits / external[0], rel=1e-11)
        assert found.flags == ()


@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_what_comes_goes(n: int, random: Any) -> None:
    shares = np.array([[random.random() for _ in range(n)] for _ in range(n)])
    shares += 1e-6
    shares *= 0.95 / shares.sum(axis=1, keepdims=True)
    external = np.array([random.random() for _ in range(n)])
    found = jackson(external, np.ones(n), np.full(n, 1000), shares)
    assert np.allclose(found.arrival_rates, external + shares.T @ found.arrival_rates)
    assert found.arrival_rates @ (1 - shares.sum(axis=1)) == pytest.approx(external.sum())
    order = list(range(n))
    random.shuffle(order)
    mixed = jackson(external[order], np.ones(n), np.full(n, 1000), shares[np.ix_(order, order)])
    assert np.allclose(mixed.arrival_rates, found.arrival_rates[order])


def test_a_station_alone_is_a_queue() -> None:
    found = jackson([2.0], [1.0], [3], [[0.0]])
    assert found.measures == (mmc(3, 2.0, 1.0),)
    assert found.total_wait == found.measures[0].mean_wait


def test_who_comes_back_waits_again() -> None:
    found = jackson([1.0], [3.0], [1], [[0.5]])
    assert found.arrival_rates.tolist() == [2.0]
    assert found.total_wait == pytest.approx(2 * float(mmc(1, 2.0, 3.0).mean_wait))


def test_saturated_stations_are_named() -> None:
    found = jackson([1.0, 3.0], [2.0, 1.0], [1, 2], np.zeros((2, 2)))
    assert found.flags == ("saturated:1",)
    assert found.total_wait == math.inf


def test_without_arrivals_there_is_no_mean() -> None:
    found = jackson([0.0, 0.0], [2.0, 1.0], [1, 2], np.zeros((2, 2)))
    assert found.flags == ("no_arrivals",)
    assert math.isnan(found.total_wait)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"routing": [[0.5, 0.6], [0.0, 0.0]]}, r"routing\[0\]: expected shares that sum to at most 1, got 1.1"),
        (
            {"routing": [[0.0, 1.0], [1.0, 0.0]]},
            "expected a way out of the network from every station, got none from 0, 1",
        ),
        ({"routing": [[0.0, 0.0], [0.0, 1.0]]}, "got none from 1"),
        ({"routing": [[0.0, -0.1], [0.0, 0.0]]}, r"routing\[0, 1\]: expected at least 0"),
        ({"routing": [[0.0, math.nan], [0.0, 0.0]]}, "routing: expected numbers, got nan"),
        ({"routing": [0.0, 0.0]}, r"routing: expected shape \(2, 2\), got \(2,\)"),
        ({"external_rates": 1.0}, r"external_rates: expected a vector of at least one number, got shape \(\)"),
        ({"external_rates": [1.0, math.nan]}, r"external_rates\[1\]: expected a number, got nan"),
        ({"service_rates": [1.0]}, r"service_rates: expected a vector of 2, got shape \(1,\)"),
        ({"service_rates": [1.0, 0.0]}, r"service_rates\[1\]: expected a number above 0"),
        ({"servers": [1, None]}, "servers: expected real numbers, got an array of object"),
    ],
)
def test_wrong_arguments_are_named(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "external_rates": [1.0, 0.0],
        "service_rates": [2.0, 2.0],
        "servers": [1, 1],
        "routing": [[0.0, 0.5], [0.0, 0.0]],
    }
    with pytest.raises(ValueError, match=message):
        jackson(**(arguments | changes))


def test_rows_that_sum_to_one_for_rounding_only_are_closed() -> None:
    with pytest.raises(ValueError, match="got none from 0, 1, 2"):
        jackson([1.0, 0, 0], [1, 1, 1], [1, 1, 1], [[0.1, 0.2, 0.7], [0.3, 0.6, 0.1], [0.7, 0.2, 0.1]])


def test_measures_are_values() -> None:
    found = jackson([1.0, 3.0], [2.0, 1.0], [1, 2], np.zeros((2, 2)))
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    assert not found.arrival_rates.flags.writeable
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["measures"][1]["mean_wait"] is None
    assert "total_wait" in found._repr_html_()
