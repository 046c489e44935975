"""Two more public data sets: the calls of a bank, staffed and simulated, and the log of a help desk, replayed."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit.escalation import (
    Exponential,
    LevelLoad,
    Policy,
    RateProfile,
    Scenario,
    Step,
    metrics,
    rate_variance,
    replay,
    simulate,
    staff_intervals,
)
from leadkit.interchange.event_csv import read_event_csv
from leadkit.queueing import required_servers, service_level
from leadkit.typing import FloatArray

# a call takes four minutes; four in five are to be answered within twenty seconds; the unit of time is five minutes
SERVICE_RATE = 5 / 4
PROMISE: dict[str, Any] = {"service_level": 0.8, "threshold": 20 / 300, "variant": "offered"}


@pytest.fixture(scope="module")
def calls(shared_data: Callable[[str], Path]) -> FloatArray:
    """Calls in each five minutes from 07:00, a row a day and a column a slot."""
    by_day: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with gzip.open(shared_data("escalation/bank_calls_5min_2003.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day, _, time = row["start_local"].partition("T")
            by_day[day].append((time, int(row["calls"])))
    return np.array([[n for _, n in sorted(slots)] for slots in by_day.values()], dtype=float)


def test_the_calls_of_the_bank_vary_three_times_as_much_as_chance(calls: FloatArray) -> None:
    assert calls.shape == (164, 169)
    assert calls.sum() == 5_323_661
    mean, variance = calls.mean(axis=0), calls.var(axis=0, ddof=1)
    assert np.median(variance / mean) == pytest.approx(3.1, abs=0.05)
    assert [rate_variance(slot) for slot in calls.T] == pytest.approx(np.maximum(variance - mean, 0).tolist())


def test_rates_that_are_uncertain_themselves_take_more_people_and_then_the_promise_is_kept(calls: FloatArray) -> None:
    mean = calls.mean(axis=0)
    variance = np.array([rate_variance(slot) for slot in calls.T])
    certain = staff_intervals(mean, SERVICE_RATE, **PROMISE)
    uncertain = staff_intervals(mean, SERVICE_RATE, variance=variance, **PROMISE)
    assert certain.servers.tolist() == [required_servers(rate, SERVICE_RATE, **PROMISE).servers for rate in mean]
    assert (uncertain.servers >= certain.servers).all()
    assert uncertain.servers.sum() > 1.05 * certain.servers.sum()

    def kept(servers: Any) -> float:
        """Hold the people against all days: rates drawn from each slot's Gamma law, weighted by its calls."""
        drawn = np.random.default_rng(1).gamma(
            mean**2 / np.maximum(variance, 1e-9), np.maximum(variance, 1e-9) / mean, (400, len(mean))
        )
        levels = service_level(servers, drawn, SERVICE_RATE, PROMISE["threshold"], variant="offered")
        return float((levels * drawn).sum() / drawn.sum())

    assert kept(certain.servers) < 0.75
    assert kept(uncertain.servers) > 0.79


def test_a_mean_day_of_the_bank_is_simulated_slot_by_slot(calls: FloatArray) -> None:
    mean = calls.mean(axis=0)
    servers = int(required_servers(mean.max(), SERVICE_RATE, **PROMISE).servers)
    desk = Scenario(
        arrival=RateProfile(edges=np.arange(len(mean) + 1.0), rates=mean),
        levels=[LevelLoad(id="desk", servers=servers, service=Exponential(1 / SERVICE_RATE))],
    )
    found = simulate(desk, customers=30_000, rng=7, replications=4, threshold=PROMISE["threshold"], variant="offered")
    level = found.levels[0].service_level
    assert level is not None
    # staffed for the busiest five minutes all day long, so hardly anybody waits
    assert level.value > 0.95
    # a tenth is warm-up, so what counts are the calls from the 3,000th to the last of a day that begins again
    so_far = np.concatenate([[0.0], np.cumsum(mean)])
    first, last = np.interp([3_000, 30_000], so_far, np.arange(len(so_far)))
    rate = 27_000 / (last - first)
    assert found.levels[0].occupancy.value == pytest.approx(rate / SERVICE_RATE / servers, rel=0.02)


def test_a_policy_is_replayed_over_the_log_of_the_help_desk(shared_data: Callable[[str], Path]) -> None:
    log = read_event_csv(shared_data("escalation/helpdesk_it_2010_2014.csv.gz"), profile="helpdesk")
    day = timedelta(days=1)
    steps = [Step(wait=30 * day, axis="hierarchical", target="owner:1", when="not_resolved")] * 2
    result = replay(log, Policy(id="a month", steps=steps))
    assert (result.tickets, "counterfactual_times_unknown" in result.flags) == (4580, True)
    second = {row.ticket for row in result.rows if row.step == 1 and row.kind == "fired"}
    columns = log.to_columns()
    # every ticket with a second step was open for a month at least, waiting left out
    for ticket in sorted(second)[:200]:
        own = columns["ticket"] == ticket
        at, status = columns["at"][own], columns["status"][own]
        closed = [t for t, word in zip(at, status, strict=True) if word in ("resolved", "closed", "cancelled")]
        until = closed[0] if closed else columns["at"].max()
        waited = sum(
            (min(after, until) - before for before, after, word in zip(at, [*at[1:], until], status, strict=True) if word == "waiting" and before < until),
            start=np.timedelta64(0, "us"),
        )  # fmt: skip
        assert until - at[0] - waited >= np.timedelta64(30, "D")
    assert 0 < len(second) < result.tickets
    found = {metric.id: metric.value for metric in metrics(log, ("waiting_share", "time_to_resolve_median"))}
    assert 0 < found["waiting_share"] < 1
    assert found["time_to_resolve_median"] > 0
