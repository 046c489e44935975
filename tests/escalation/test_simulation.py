"""Simulations of scenarios: what holds for every one of them, and what formulas say of some."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import ScenarioError
from leadkit.escalation import (
    Empirical,
    Estimate,
    Exponential,
    Fixed,
    Gamma,
    LevelLoad,
    Lognormal,
    RateProfile,
    Scenario,
    SimulationResult,
    compare,
    simulate,
)
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.queueing import SERVICE_LEVEL_VARIANTS, erlang_a, mmc, service_level
from leadkit.testing.simulation import scenario as scenarios

NAN = math.nan


def level(own: str = "L1", **fields: Any) -> LevelLoad:
    usual: dict[str, Any] = {"id": own, "servers": 2, "service": Exponential(1.5), "escalate": 0.4}
    return LevelLoad(**(usual | fields))


def scenario(**fields: Any) -> Scenario:
    """Two levels of two agents; the second gets two customers of five."""
    levels = [level(), level("L2", service=Lognormal(3.0, 2.0), patience=Exponential(2.0))]
    usual: dict[str, Any] = {"arrival": Exponential(1.0), "levels": levels}
    return Scenario(**(usual | fields))


def single(**fields: Any) -> Scenario:
    """One level."""
    return Scenario(arrival=Exponential(1.0), levels=[level(**fields)])


def standard_error(found: Estimate) -> float:
    from scipy.special import stdtrit

    assert found.high is not None
    return float((found.high - found.value) / stdtrit(found.n - 1, 0.975))


def test_a_queue_by_hand() -> None:
    # one comes every 2 and takes 3, so the k-th, counted from 0, waits k
    desk = level(servers=1, service=Fixed(3.0), escalate=0.0)
    result = simulate(
        Scenario(arrival=Fixed(2.0), levels=[desk]), customers=5, rng=0, replications=2, warmup=0.2, keep_records=True
    )
    found = result.levels[0]
    assert found.id == "L1"
    assert (found.arrivals.value, found.mean_wait.value, found.mean_wait_served.value) == (4, 2.5, 2.5)
    assert (found.p_wait.value, found.p_abandon.value, found.occupancy.value) == (1, 0, 1)
    assert found.wait_p50.value == 2.5
    assert found.wait_p90.value == pytest.approx(3.7)
    assert found.escalated_share.value == 0
    assert found.service_level is None
    assert result.total_wait == Estimate(value=2.5, low=2.5, high=2.5, n=2)
    assert result.records[0].arrival.tolist() == [2, 4, 6, 8, 10]
    assert result.flags == ("saturated:L1",)


def test_those_who_give_up_and_those_who_go_on() -> None:
    levels = [
        level(servers=1, service=Fixed(3.0), escalate=1.0, patience=Fixed(1.5)),
        level("L2", servers=1, service=Fixed(5.0), escalate=1.0),
    ]
    # of those at 2, 4, 6, 8, 10 and 12 the third and the sixth would wait 2 and give up
    result = simulate(Scenario(arrival=Fixed(2.0), levels=levels), customers=6, rng=0, replications=1, warmup=0.0)
    first, second = result.levels
    assert first.mean_wait.value == pytest.approx((0 + 1 + 1.5 + 0 + 1 + 1.5) / 6)
    assert first.mean_wait_served.value == pytest.approx(0.5)
    assert first.p_wait.value == pytest.approx(4 / 6)
    assert first.p_abandon.value == pytest.approx(2 / 6)
    assert first.escalated_share.value == pytest.approx(4 / 6)
    # they reach the second level at 5, 8, 11 and 14, and wait 0, 2, 4 and 6 there
    assert second.arrivals.value == 4
    assert second.mean_wait.value == 3
    assert result.total_wait.value == pytest.approx((5 + 12) / 6)
    assert second.escalated_share.value == 1


@pytest.mark.parametrize("variant", SERVICE_LEVEL_VARIANTS)
def test_service_levels_are_of_the_variant_asked_for(variant: Any) -> None:
    desk = level(servers=1, service=Fixed(3.0), escalate=0.0, patience=Fixed(1.5))
    # waits 0, 1, 1.5 and gone, 0, 1, 1.5 and gone
    expected = {
        "offered": 2 / 6,
        "answered": 2 / 4,
        "offered_good_abandons": 2 / 6,
        "excluding_early_abandons": 2 / 6,
        "offered_short_as_met": 4 / 6,
        "excluding_short_abandons": 2 / 4,
    }
    given: dict[str, Any] = {"customers": 6, "rng": 0, "warmup": 0.0, "threshold": 0.5, "variant": variant}
    result = simulate(Scenario(arrival=Fixed(2.0), levels=[desk]), **given, short=1.5)
    found = result.levels[0].service_level
    assert found is not None
    assert found.value == pytest.approx(expected[variant])
    assert (result.threshold, result.variant, result.short) == (0.5, variant, 1.5)
    assert "service_level" in {record["measure"] for record in result.to_records()}


def test_mmc_is_met_within_four_standard_errors() -> None:
    result = simulate(
        single(servers=3, service=Exponential(2.4)),
        customers=12_000,
        rng=20,
        replications=12,
        threshold=1.0,
        variant="offered",
    )
    theory = mmc(3, 1.0, 1 / 2.4)
    found = result.levels[0]
    assert found.service_level is not None
    in_time = float(service_level(3, 1.0, 1 / 2.4, 1.0, variant="offered"))
    expected: list[tuple[Estimate, Any]] = [
        (found.mean_wait, theory.mean_wait),
        (found.p_wait, theory.p_wait),
        (found.occupancy, theory.occupancy),
        (found.service_level, in_time),
        (found.escalated_share, 0.4),
    ]
    for estimate, value in expected:
        assert abs(estimate.value - value) <= 4 * standard_error(estimate)
        assert standard_error(estimate) < 0.1 * value
    assert result.flags == ()


def test_erlang_a_is_met_within_four_standard_errors() -> None:
    desk = single(servers=3, service=Exponential(3.0), patience=Exponential(2.0))
    result = simulate(desk, customers=12_000, rng=21, replications=12, threshold=0.5, variant="offered")
    theory = erlang_a(3, 1.0, 1 / 3.0, 0.5)
    found = result.levels[0]
    assert found.service_level is not None
    in_time = float(service_level(3, 1.0, 1 / 3.0, 0.5, variant="offered", patience_rate=0.5))
    expected: list[tuple[Estimate, Any]] = [
        (found.mean_wait, theory.mean_wait),
        (found.mean_wait_served, theory.mean_wait_served),
        (found.p_wait, theory.p_wait),
        (found.p_abandon, theory.p_abandon),
        (found.occupancy, theory.occupancy),
        (found.service_level, in_time),
    ]
    for estimate, value in expected:
        assert abs(estimate.value - value) <= 4 * standard_error(estimate)
        assert standard_error(estimate) < 0.05 * value
    assert result.flags == ()


def test_levels_of_exponential_times_are_a_network_of_jackson() -> None:
    levels = [level(service=Exponential(1.4)), level("L2", servers=1, service=Exponential(1.6))]
    result = simulate(scenario(levels=levels), customers=12_000, rng=22, replications=12)
    theory: list[Any] = [mmc(2, 1.0, 1 / 1.4).mean_wait, mmc(1, 0.4, 1 / 1.6).mean_wait]
    for found, value in zip(result.levels, theory, strict=True):
        assert abs(found.mean_wait.value - value) <= 4 * standard_error(found.mean_wait)
    assert abs(result.total_wait.value - (theory[0] + 0.4 * theory[1])) <= 4 * standard_error(result.total_wait)


def test_priorities_of_cobham_are_met_within_four_standard_errors() -> None:
    # one server, rates 0.3 and 0.4, mean service 1: W0 = 0.7 and waits W0/(1 - 0.3) and W0/((1 - 0.3)(1 - 0.7))
    urgent = Scenario(
        arrival=Exponential(1 / 0.7),
        levels=[level(servers=1, service=Exponential(1.0))],
        priorities={0: 3 / 7, 1: 4 / 7},
    )
    result = simulate(urgent, customers=15_000, rng=23, replications=12)
    assert result.engine == "event-heap"
    wait = result.levels[0].mean_wait
    assert abs(wait.value - (3 / 7 * 0.7 / 0.7 + 4 / 7 * 0.7 / 0.21)) <= 4 * standard_error(wait)
    # the order of service does not change the mean of equal work
    whole: Any = mmc(1, 0.7, 1.0).mean_wait
    assert abs(wait.value - whole) <= 4 * standard_error(wait)


@settings(max_examples=25)
@given(scenarios(), st.integers(0, 3))
def test_workers_change_no_digit(own: Scenario, seed: int) -> None:
    given: dict[str, Any] = {"customers": 40, "replications": 4, "keep_records": True}
    alone = simulate(own, rng=seed, **given)
    with ThreadPoolExecutor(4) as executor:
        assert simulate(own, rng=np.random.default_rng(seed), executor=executor, **given) == alone


def test_processes_change_no_digit() -> None:
    own = scenario(
        arrival=RateProfile([8.0, 12.0, 16.0], [2.0, 0.5]),
        priorities={1: 0.5, 0: 0.5},
        kinds={"mail": 0.5, "call": 0.5},
        eligible=[[[1, 1], [0, 1]], [[1, 0], [1, 1]]],
    )
    given: dict[str, Any] = {"customers": 50, "rng": 5, "replications": 3, "keep_records": True}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert simulate(own, executor=executor, **given) == simulate(own, **given)


@settings(max_examples=25)
@given(scenarios(), st.integers(0, 3))
def test_equal_scenarios_differ_by_exactly_nothing(own: Scenario, seed: int) -> None:
    given: dict[str, Any] = {"customers": 40, "replications": 3, "threshold": 0.5, "variant": "offered"}
    found = compare(own, copy.deepcopy(own), rng=seed, **given)
    assert found.a == found.b == simulate(own, rng=seed, **given)
    assert len(found.differences) == 10 * len(own.levels) + 1
    for one in found.differences:
        if one.n:
            assert one.mean == 0
        if one.n > 1:
            assert (one.low, one.high) == (0, 0)


def test_the_first_replications_of_a_longer_run_are_those_of_a_shorter_one() -> None:
    given: dict[str, Any] = {"customers": 100, "keep_records": True}
    short, long = (simulate(scenario(), rng=3, replications=n, **given) for n in (2, 5))
    assert long.records[:2] == short.records
    assert len({trace.arrival[0] for trace in long.records}) == 5


def test_a_generator_spawns_and_draws_nothing() -> None:
    rng = np.random.default_rng(3)
    before = rng.bit_generator.state
    first = simulate(scenario(), customers=50, rng=rng, replications=2)
    second = simulate(scenario(), customers=50, rng=rng, replications=2)
    assert rng.bit_generator.state == before
    assert first.total_wait != second.total_wait
    assert dict(first.seed_state) == {
        "bit_generator": "PCG64",
        "entropy": 3,
        "spawn_key": (),
        "children_before": 0,
    }
    assert second.seed_state["children_before"] == 2
    state = second.seed_state
    again = np.random.SeedSequence(state["entropy"], n_children_spawned=state["children_before"])
    assert simulate(scenario(), customers=50, rng=again, replications=2) == second
    other = np.random.Generator(np.random.Philox(3))
    assert simulate(scenario(), customers=50, rng=other, replications=2).seed_state["bit_generator"] == "Philox"
    several = simulate(scenario(), customers=50, rng=np.random.SeedSequence([1, 2]), replications=1)
    assert several.seed_state["entropy"] == (1, 2)
    numpys = simulate(scenario(), customers=np.int64(50), rng=np.int64(3), replications=np.int64(2))  # type: ignore[arg-type]
    assert numpys == first
    assert [type(value) for value in (numpys.customers, numpys.seed_state["entropy"])] == [int, int]
    json.dumps(several.to_dict(), allow_nan=False)


def test_every_thing_drawn_has_a_stream_of_its_own() -> None:
    given: dict[str, Any] = {"customers": 60, "rng": 4, "replications": 1, "warmup": 0.0, "keep_records": True}
    (plain,) = simulate(scenario(), **given).records
    changes: list[dict[str, Any]] = [
        {"levels": [level(servers=3), scenario().levels[1]]},
        {"levels": [level(patience=Exponential(9.0))]},
        {"kinds": {"a": 0.5, "b": 0.5}, "eligible": [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]},
        {"priorities": {0: 0.5, 1: 0.5}},
    ]
    for change in changes:
        (other,) = simulate(scenario(**change), **given).records
        assert np.array_equal(other.arrival[:60], plain.arrival[:60])
        both = ~np.isnan(other.start[:60])
        service = [trace.departure[:60] - trace.start[:60] for trace in (plain, other)]
        assert np.allclose(service[0][both], service[1][both], atol=1e-12)


def test_both_engines_agree_where_both_hold() -> None:
    own = scenario(kinds={"a": 0.3, "b": 0.7}, eligible=[[[1, 1], [0, 1]], [[1, 0], [1, 1]]])
    given: dict[str, Any] = {"customers": 300, "rng": 6, "replications": 2}
    auto, events = simulate(own, **given), simulate(own, engine="event-heap", **given)
    assert (auto.engine, events.engine) == ("fcfs-recursion", "event-heap")
    assert auto.levels == events.levels
    assert auto == simulate(own, engine="fcfs-recursion", **given)


@given(scenarios())
def test_without_priorities_both_engines_agree(own: Scenario) -> None:
    plain = evolve(own, priorities={})
    given: dict[str, Any] = {"customers": 30, "rng": 6, "replications": 1, "keep_records": True}
    recursion, events = simulate(plain, **given), simulate(plain, engine="event-heap", **given)
    assert recursion.engine == "fcfs-recursion"
    assert recursion.levels == events.levels
    assert recursion.records[0].to_records() == events.records[0].to_records()


@given(scenarios(), st.sampled_from((0.0, 0.5)))
def test_shares_are_shares_and_waits_add_up(own: Scenario, warmup: float) -> None:
    result = simulate(own, customers=40, rng=7, replications=1, warmup=warmup, threshold=0.5, variant="offered")
    total = 0.0
    for _, measure, found in result.estimates():
        if measure in {"p_wait", "p_abandon", "service_level", "occupancy", "escalated_share"} and found.n:
            assert 0 <= found.value <= 1 + 1e-12
    for load, found_there in zip(own.levels, result.levels, strict=True):
        if found_there.arrivals.value:
            total += found_there.arrivals.value * found_there.mean_wait.value
            assert found_there.wait_p50.value <= found_there.wait_p90.value
            assert load.patience is not None or found_there.p_abandon.value == 0
    assert result.total_wait.value == pytest.approx(total / (40 * (1 - warmup)))


def test_the_engine_is_chosen_by_the_condition_that_decides() -> None:
    given: dict[str, Any] = {"customers": 10, "rng": 0, "replications": 1}
    tables = [[[1, 1]], [[1, 1]]]
    reasons = {
        "interchangeable": simulate(scenario(), **given),
        "differ only by whom they may serve": simulate(scenario(kinds={"a": 1.0}, eligible=tables), **given),
        "3 priorities": simulate(scenario(priorities={0: 0.25, 1: 0.5, 4: 0.25}), **given),
        "asked for": simulate(scenario(), engine="event-heap", **given),
        "first come, first served": simulate(scenario(priorities={2: 1.0}), **given),
    }
    for words, result in reasons.items():
        assert words in result.engine_reason
    assert [result.engine == "event-heap" for result in reasons.values()] == [False, False, True, True, False]
    message = "simulate: engine: the recursion does not hold with 2 priorities"
    with pytest.raises(ScenarioError, match=message):
        simulate(scenario(priorities={0: 0.5, 1: 0.5}), engine="fcfs-recursion", **given)
    with pytest.raises(ScenarioError, match=message):
        compare(scenario(), scenario(priorities={0: 0.5, 1: 0.5}), engine="fcfs-recursion", **given)


@pytest.mark.parametrize("unit", [0.25, 64.0])
def test_another_unit_scales_the_times_and_nothing_else(unit: float) -> None:
    def own(unit: float) -> Scenario:
        levels = [
            level(service=Gamma(1.5 * unit, unit), patience=Empirical([unit, 3 * unit])),
            level("L2", service=Lognormal(3 * unit, unit)),
        ]
        return Scenario(arrival=Exponential(unit), levels=levels)

    one, other = (
        simulate(own(u), customers=300, rng=1, replications=3, threshold=u, variant="answered").to_records()
        for u in (1.0, unit)
    )
    for first, second in zip(one, other, strict=True):
        factor = unit if "wait" in first["measure"] and first["measure"] != "p_wait" else 1.0
        assert second["value"] == pytest.approx(first["value"] * factor, rel=1e-12)


def test_one_replication_has_no_interval() -> None:
    result = simulate(scenario(), customers=200, rng=0, replications=1)
    for _, _, found in result.estimates():
        assert (found.low, found.high, found.n) == (None, None, 1)
    for one in compare(scenario(), scenario(), customers=200, rng=0, replications=1).differences:
        assert (one.mean, one.low, one.high, one.n) == (0, None, None, 1)


def test_intervals_are_of_students_t() -> None:
    result = simulate(single(), customers=100, rng=0, replications=3, keep_records=True, warmup=0.0)
    waits = np.array([trace.wait.mean() for trace in result.records])
    found = result.levels[0].mean_wait
    reach = 4.302652729749464 * waits.std(ddof=1) / math.sqrt(3)
    assert found.value == pytest.approx(waits.mean())
    assert found.low == pytest.approx(waits.mean() - reach)
    assert found.high == pytest.approx(waits.mean() + reach)


def test_the_warm_up_is_cut_by_customers() -> None:
    given: dict[str, Any] = {"customers": 101, "rng": 2, "replications": 1, "keep_records": True}
    result = simulate(scenario(), warmup=0.29, **given)
    (trace,) = result.records
    counted = trace.customer >= 29
    assert len(np.unique(trace.customer)) == 101
    for place, found in enumerate(result.levels):
        own = counted & (trace.level == place)
        assert found.arrivals.value == own.sum()
        assert found.mean_wait.value == trace.wait[own].mean()
        assert found.p_abandon.value == trace.abandoned[own].mean()
    assert simulate(scenario(), warmup=0.999, **given).levels[0].arrivals.value == 1
    # 0.29 * 100 is a little below 29 in floats, and the greatest share below 1 leaves a customer too
    hundred = given | {"customers": 100}
    assert simulate(scenario(), warmup=0.29, **hundred).levels[0].arrivals.value == 71
    assert simulate(scenario(), warmup=math.nextafter(1, 0), **hundred).levels[0].arrivals.value == 1


def test_a_level_nobody_comes_to_is_not_known() -> None:
    levels = [level(escalate=0.0), level("L2")]
    result = simulate(scenario(levels=levels), customers=20, rng=0, replications=2)
    assert result.flags == ("no_visits:L2",)
    second = result.levels[1]
    assert second.arrivals.value == 0
    assert math.isnan(second.mean_wait.value)
    assert second.mean_wait.n == 0
    assert second.mean_wait.low is None
    record = next(row for row in result.to_records() if (row["level"], row["measure"]) == ("L2", "mean_wait"))
    assert record == {"level": "L2", "measure": "mean_wait", "value": None, "low": None, "high": None, "n": 0}
    # everybody gives up at once
    gone = [level(servers=1, service=Fixed(99.0), patience=Fixed(0.0))]
    result = simulate(scenario(arrival=Fixed(1.0), levels=gone), customers=20, rng=0, replications=2, warmup=0.5)
    found = result.levels[0]
    assert (found.p_wait.value, found.p_abandon.value, found.mean_wait.value) == (1, 1, 0)
    assert math.isnan(found.mean_wait_served.value)


def test_one_customer_has_no_occupancy() -> None:
    found = simulate(single(), customers=1, rng=0, replications=2).levels[0]
    assert math.isnan(found.occupancy.value)
    assert found.mean_wait.value == 0


def test_saturated_levels() -> None:
    def flags(*levels: LevelLoad, **fields: Any) -> tuple[str, ...]:
        usual: dict[str, Any] = {"arrival": Fixed(1.0), "levels": levels}
        return simulate(Scenario(**(usual | fields)), customers=400, rng=0, replications=2).flags

    busy = level(service=Fixed(2.0))
    assert flags(busy) == ("saturated:L1",)
    assert flags(level(service=Fixed(1.99))) == ()
    assert flags(level(service=Fixed(9.0), patience=Fixed(1.0))) == ()
    # 0.4 of them come to the second level
    assert flags(level(), level("L2", servers=1, service=Fixed(2.5))) == ("saturated:L2",)
    assert flags(level(), level("L2", servers=1, service=Fixed(2.4))) == ()
    # and fewer where half of them give up before
    half = level(servers=1, service=Fixed(2.0), patience=Fixed(0.0))
    assert flags(half, level("L2", servers=1, service=Fixed(2.5))) == ()
    assert flags(half, level("L2", servers=1, service=Fixed(5.5))) == ("saturated:L2",)
    # everybody may be fast enough, and those for one kind not
    kinds: dict[str, Any] = {"kinds": {"b": 0.5, "a": 0.5}, "arrival": RateProfile([0.0, 1.0], [1.0])}
    assert flags(level(servers=4, service=Fixed(2.0)), **kinds, eligible=[[[1, 0, 0, 0], [1] * 4]]) == ("saturated:L1",)
    assert flags(level(servers=4, service=Fixed(2.0)), **kinds, eligible=[[[1, 1, 0, 0], [1] * 4]]) == ()
    # neither all nor any one kind may be too much for its servers, and two of them with one server be so
    rest = {"kinds": {"a": 0.2, "b": 0.2, "c": 0.6}}
    table = [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 1, 1]]
    assert flags(level(servers=4, service=Fixed(2.5)), **rest, eligible=[table]) == ("saturated:L1",)
    assert flags(level(servers=4, service=Fixed(2.4)), **rest, eligible=[table]) == ()
    for word in ("saturated", "no_visits"):
        assert word in ESCALATION_FLAGS


def test_kinds_without_end_are_looked_at_in_pairs() -> None:
    names = [f"k{i:02d}" for i in range(12)]
    alone = np.eye(12, dtype=bool)
    own = level(servers=12, service=Fixed(11.9))
    every = Scenario(arrival=Fixed(1.0), levels=[own], kinds=dict.fromkeys(names, 1 / 12), eligible=[alone])
    assert simulate(every, customers=50, rng=0, replications=2).flags == ()
    alone[1] = alone[0]
    shared = Scenario(arrival=Fixed(1.0), levels=[own], kinds=dict.fromkeys(names, 1 / 12), eligible=[alone])
    assert simulate(shared, customers=50, rng=0, replications=2).flags == ("saturated:L1",)


def test_the_order_in_which_shares_are_given_changes_nothing() -> None:
    one = scenario(
        kinds={"mail": 0.3, "call": 0.7}, priorities={3: 0.5, 1: 0.5}, eligible=[[[1, 0], [1, 1]], [[0, 1], [1, 0]]]
    )
    other = scenario(
        kinds={"call": 0.7, "mail": 0.3}, priorities={1: 0.5, 3: 0.5}, eligible=[[[1, 1], [1, 0]], [[1, 0], [0, 1]]]
    )
    assert one == other
    assert list(one.kinds) == ["call", "mail"]
    assert list(one.priorities) == [1, 3]
    given: dict[str, Any] = {"customers": 80, "rng": 1, "replications": 2}
    assert simulate(one, **given) == simulate(other, **given)
    observed = (Empirical([3.0, 1.0, 2.0]), Empirical([1.0, 2.0, 3.0]))
    assert simulate(single(service=observed[0]), **given) == simulate(single(service=observed[1]), **given)


def test_priorities_help_those_who_come_first_in_them() -> None:
    own = Scenario(arrival=Exponential(1.0), levels=[level(servers=1, service=Exponential(0.9))])
    urgent = scenario(levels=own.levels, priorities={0: 0.2, 5: 0.8})
    (trace,) = simulate(urgent, customers=3000, rng=8, replications=1, keep_records=True).records
    (plain,) = simulate(own, customers=3000, rng=8, replications=1, keep_records=True).records
    assert np.array_equal(trace.arrival, plain.arrival)
    assert np.median(trace.wait) < np.median(plain.wait)


def test_comparing_names_what_the_second_has_more() -> None:
    today, tomorrow = scenario(), scenario(levels=[level(servers=3), level("L3")])
    done: list[tuple[int, int]] = []
    found = compare(
        today,
        tomorrow,
        customers=2000,
        rng=1,
        replications=4,
        progress=lambda done_, total: done.append((done_, total)),
    )
    assert done == [(k, 8) for k in range(1, 9)]
    assert {one.level for one in found.differences} == {"L1", None}
    first = next(one for one in found.differences if one.measure == "mean_wait")
    assert first.mean == pytest.approx(found.b.levels[0].mean_wait.value - found.a.levels[0].mean_wait.value)
    assert first.high is not None
    assert first.high < 0
    assert found.to_records()[-1]["measure"] == "total_wait"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    json.dumps(found.to_dict(), allow_nan=False)
    assert "total_wait" in found._repr_html_()
    with pytest.raises(ScenarioError, match="compare: unit: a counts in 'hour', b in 'minute'"):
        compare(today, scenario(unit="minute"), customers=9, rng=1)
    with pytest.raises(ScenarioError, match="b: expected a Scenario, got None"):
        compare(today, None, customers=9, rng=1)  # type: ignore[arg-type]


def test_results_are_values() -> None:
    result = simulate(scenario(), customers=50, rng=1, replications=2, keep_records=True)
    assert isinstance(result, SimulationResult)
    assert pickle.loads(pickle.dumps(result)) == copy.deepcopy(result) == result  # noqa: S301 - our own bytes
    json.dumps(result.to_dict(), allow_nan=False)
    records = result.to_records()
    assert len(records) == 2 * 9 + 1
    assert records[-1]["level"] is None
    assert set(records[0]) == {"level", "measure", "value", "low", "high", "n"}
    assert "mean_wait" in result._repr_html_()
    assert "L1" in result.levels[0]._repr_html_()
    assert simulate(scenario(), customers=50, rng=1, replications=2).records == ()


@given(scenarios())
def test_scenarios_are_values(own: Scenario) -> None:
    assert pickle.loads(pickle.dumps(own)) == copy.deepcopy(own) == own  # noqa: S301 - our own bytes
    assert own != scenario(unit="day")


def test_progress_is_told_after_each_replication() -> None:
    done: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        simulate(
            single(), customers=9, rng=0, replications=3, executor=executor, progress=lambda *own: done.append(own)
        )
    assert done == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("law", "mean", "sd"),
    [
        (Exponential(2.0), 2.0, 2.0),
        (Gamma(2.0, 0.5), 2.0, 0.5),
        (Lognormal(2.0, 0.5), 2.0, 0.5),
        (Fixed(2.0), 2.0, 0.0),
        (Empirical([1.0, 1.0, 4.0]), 2.0, math.sqrt(2)),
    ],
)
def test_distributions_have_the_mean_and_spread_they_say(law: Any, mean: float, sd: float) -> None:
    drawn = law.sample(np.random.default_rng(0), 40_000)
    assert law.mean == mean
    assert drawn.shape == (40_000,)
    assert abs(drawn.mean() - mean) <= 4 * sd / 200
    assert drawn.std() == pytest.approx(sd, rel=0.03)
    assert np.all(drawn >= 0)
    assert np.array_equal(drawn, law.sample(np.random.default_rng(0), 40_000))


def test_arrivals_follow_the_rates_and_begin_again() -> None:
    profile = RateProfile([8.0, 9.0, 11.0, 12.0, 13.0], [40.0, 0.0, 10.0, 0.0])
    assert profile.mean_rate == 10.0
    at = profile.arrivals(np.random.default_rng(0), 20_000)
    assert np.all(np.diff(at) >= 0)
    of_day = (at - 8.0) % 5.0
    in_first, in_third = of_day <= 1.0, (of_day >= 3.0) & (of_day <= 4.0)
    assert np.all(in_first | in_third)
    assert in_first.mean() == pytest.approx(0.8, abs=0.02)
    assert at[-1] == pytest.approx(20_000 / 10, rel=0.05)
    # with one rate it is a Poisson stream
    steady = RateProfile([0.0, 7.0], [2.0]).arrivals(np.random.default_rng(1), 1000)
    assert np.allclose(steady, np.cumsum(np.random.default_rng(1).standard_exponential(1000)) / 2)
    result = simulate(scenario(arrival=profile), customers=100, rng=0, replications=1)
    assert result.levels[0].arrivals.value == 90


class Own:
    """A law of the caller's own."""

    mean = 1.0

    def __init__(self, values: Any) -> None:
        self.values = values

    def sample(self, _rng: np.random.Generator, n: int) -> Any:
        return self.values if self.values is not None else [1] * n


def test_a_law_of_ones_own() -> None:
    found = simulate(single(service=Own(None)), customers=30, rng=0)
    assert found.levels[0] == simulate(single(service=Fixed(1.0)), customers=30, rng=0).levels[0]


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        (
            [1.0],
            r"level 'L1', service: expected .* to draw 3 finite numbers of at least 0, got float64 of shape \(1,\)",
        ),
        ([1.0, NAN, 1.0], "got something else"),
        ([1.0, -1.0, 1.0], "got something else"),
        (["a", "b", "c"], "got something else"),
    ],
)
def test_what_a_law_of_ones_own_draws_is_looked_at(drawn: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        simulate(single(service=Own(drawn)), customers=3, rng=0)
    with pytest.raises(ScenarioError, match="scenario: arrival: expected"):
        simulate(scenario(arrival=Own(drawn)), customers=3, rng=0)


def test_times_that_add_up_to_no_number_are_refused() -> None:
    with pytest.raises(ScenarioError, match="scenario: service: expected times whose sum is finite"):
        simulate(single(service=Fixed(1e308)), customers=30, rng=0)
    with pytest.raises(ScenarioError, match=r"scenario: arrival\[1\]: expected a finite number, got inf"):
        simulate(scenario(arrival=Fixed(1e308)), customers=30, rng=0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Exponential(0), "Exponential: mean: expected a finite number above 0, got 0"),
        (lambda: Exponential(None), "mean: expected a number, got None"),  # type: ignore[arg-type]
        (lambda: Exponential(True), "mean: expected a number, got True"),
        (lambda: Gamma(1.0, 0.0), "Gamma: sd: expected a finite number above 0"),
        (lambda: Gamma(NAN, -1.0), "Gamma: 2 faults"),
        (lambda: Lognormal(1.0, 1e7), "Lognormal: sd: expected a millionth to a million times the mean of 1.0"),
        (lambda: Lognormal("1", 1), "Lognormal: mean: expected a number, got '1'"),  # type: ignore[arg-type]
        (lambda: Fixed(-1.0), "Fixed: value: expected at least 0, got -1.0"),
        (lambda: Fixed(math.inf), "Fixed: value: expected a finite number"),
        (lambda: Empirical([]), r"Empirical: values: expected a list of numbers, at least one, got"),
        (lambda: Empirical(None), "values: expected a list of numbers, at least one, got None"),
        (lambda: Empirical([[1.0], [1.0, 2.0]]), "values: expected a list of numbers"),
        (lambda: Empirical([1.0, NAN, -2.0]), r"(?s)2 faults.*values\[1\]: expected a finite number.*values\[2\]"),
        (lambda: Empirical([1e308, 1e308]), "values: expected numbers whose sum is finite"),
        (lambda: RateProfile([0.0, 1.0], [0.0]), "RateProfile: rates: expected at least one rate above 0"),
        (lambda: RateProfile([0.0, 1.0], [1.0, 2.0]), "edges: expected one more than the 2 rates, got 2"),
        (lambda: RateProfile([0.0, 2.0, 2.0], [1.0, 2.0]), r"edges\[2\]: expected more than the edge before, got 2.0"),
        (lambda: RateProfile("ab", None), r"(?s)2 faults.*edges: expected a list.*rates: expected a list"),
        (lambda: RateProfile([-1.0, 2.0], [1.0]), r"edges\[0\]: expected a finite number of at least 0"),
        (lambda: RateProfile([0.0, 1e200], [1e200]), "expected a number of arrivals above 0 and finite"),
        (lambda: RateProfile([0.0, 1e-200], [1e-200]), "expected a number of arrivals above 0 and finite"),
    ],
)
def test_bad_laws_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        make()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"own": " L1"}, "level ' L1': id: expected no space before or after"),
        ({"servers": 0}, "level 'L1': servers: expected a whole number of at least 1, got 0"),
        ({"servers": 1.0}, "servers: expected a whole number of at least 1, got 1.0"),
        ({"service": 3.0}, "service: expected a distribution, with a mean and samples, got 3.0"),
        ({"service": Exponential}, "service: expected a distribution whose mean is a finite number"),
        ({"escalate": 1.1}, r"escalate: expected a share in \[0, 1\], got 1.1"),
        ({"escalate": NAN}, r"escalate: expected a share in \[0, 1\], got nan"),
        ({"patience": "long"}, "patience: expected a distribution"),
        ({"servers": None, "service": None, "escalate": None}, "level 'L1': 3 faults"),
    ],
)
def test_bad_levels_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        level(**fields)


TWO: dict[str, float] = {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"arrival": None}, "scenario: arrival: expected a distribution, with a mean and samples, got None"),
        ({"arrival": Fixed(0.0)}, "arrival: expected a mean above 0, got 0.0"),
        ({"levels": []}, "levels: expected at least one level"),
        ({"levels": None}, "levels: expected a list of LevelLoad, got None"),
        ({"levels": [level(), 3]}, r"levels\[1\]: expected a LevelLoad, got 3"),
        ({"levels": [level(), level()]}, "levels: id 'L1' occurs twice"),
        ({"priorities": [1]}, r"priorities: expected a mapping of each priority to its share, got \[1\]"),
        ({"priorities": {-1: 1.0}}, "priorities, priority -1: expected a whole number of at least 0, got -1"),
        ({"priorities": {"1": 1.0}}, "priorities, priority '1': expected a whole number"),
        ({"priorities": {0: 0.5, 1: 0.4}}, "priorities: expected shares that add up to 1, got 0.9"),
        ({"priorities": {0: 1.0, 1: 0.0}}, "priorities, priority 1: expected a finite number above 0"),
        ({"kinds": {"": 1.0}}, "kinds, kind '': expected a text that is not empty"),
        ({"kinds": {"a": None}}, "kinds, kind 'a': expected a number, got None"),
        ({"eligible": [[[1, 1]]] * 2}, "eligible: says nothing without kinds"),
        ({"kinds": TWO, "eligible": [[[1, 1]] * 2]}, "eligible: expected one table for each of 2 levels"),
        ({"kinds": TWO, "eligible": "all"}, "eligible: expected one table for each of 2 levels, got 'all'"),
        (
            {"kinds": TWO, "eligible": [[[1, 1]], [[1, 1], [1]]]},
            r"(?s)2 faults.*eligible, level 'L1': expected a table of truth values of shape \(2, 2\).*level 'L2'",
        ),
        (
            {"kinds": TWO, "eligible": np.array([[[1, 1], [1, 2]]] * 2)},
            "eligible, level 'L1': expected a table of truth",
        ),
        (
            {"kinds": TWO, "eligible": [[[1, 1], [0, 0]]] * 2},
            "level 'L1': nobody serves kind 'b', and without patience",
        ),
        ({"unit": ""}, "unit: expected a text that is not empty"),
        ({"arrival": 1, "levels": 2, "priorities": 3, "kinds": 4, "unit": 5}, "scenario: 5 faults"),
    ],
)
def test_bad_scenarios_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        scenario(**fields)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customers": 0}, "simulate: customers: expected a whole number of at least 1, got 0"),
        ({"customers": None}, "customers: expected a whole number"),
        ({"replications": True}, "replications: expected a whole number of at least 1, got True"),
        ({"warmup": 1.0}, "warmup: expected a share of at least 0 and below 1, got 1.0"),
        ({"warmup": -0.1}, "warmup: expected a share"),
        ({"warmup": "a"}, "warmup: expected a share"),
        ({"engine": "fcfs"}, "engine: expected one of 'auto', 'fcfs-recursion', 'event-heap', got 'fcfs'"),
        ({"threshold": 1.0}, "variant: is needed with a threshold; one of offered, answered"),
        ({"threshold": -1.0, "variant": "offered"}, "threshold: expected at least 0, got -1.0"),
        (
            {"threshold": 1.0, "variant": "offred"},
            r"variant: expected one of .*, got 'offred' \(did you mean 'offered'\?\)",
        ),
        ({"variant": "offered"}, "threshold: is needed for a service level"),
        ({"short": 1.0}, "threshold: is needed for a service level"),
        (
            {"threshold": 1.0, "variant": "offered_short_as_met"},
            "short: is needed by the variant 'offered_short_as_met'",
        ),
        ({"threshold": 1.0, "variant": "offered_short_as_met", "short": NAN}, "short: expected a finite number"),
        ({"keep_records": 1}, "keep_records: expected True or False, got 1"),
        ({"rng": None}, "rng: expected a generator, a seed sequence or a whole number of at least 0, got None"),
        ({"rng": -1}, "rng: expected a generator"),
        ({"rng": True}, "rng: expected a generator"),
        ({"executor": 4}, "executor: expected an executor, got 4"),
        ({"progress": 4}, "progress: expected something to call, got 4"),
        ({"customers": 0.5, "replications": 0, "warmup": NAN, "rng": "x"}, "simulate: 4 faults"),
    ],
)
def test_bad_settings_are_refused(changes: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"customers": 10, "rng": 0}
    for call in (simulate, lambda own, **more: compare(own, own, **more)):
        with pytest.raises(ScenarioError, match=message):
            call(scenario(), **(given | changes))


def test_other_wrong_arguments_are_refused() -> None:
    with pytest.raises(ScenarioError, match="scenario: expected a Scenario, got list"):
        simulate([level()], customers=10, rng=0)  # type: ignore[arg-type]

    class Seedless(np.random.bit_generator.ISeedSequence):
        def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
            return np.arange(n_words, dtype=dtype)

    rng = np.random.Generator(np.random.PCG64(Seedless()))  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="rng: expected a generator that can spawn others"):
        simulate(scenario(), customers=10, rng=rng)
