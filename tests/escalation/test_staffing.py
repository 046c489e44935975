"""People for the levels of a chain, the intervals of a day, and the skills of a desk."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from leadkit.errors import ScenarioError
from leadkit.escalation import ESCALATION_FLAGS
from leadkit.escalation.staffing import (
    IntervalStaffing,
    LevelStaffing,
    Profile,
    SkillMix,
    rate_variance,
    skill_mix,
    staff_intervals,
    staff_levels,
)
from leadkit.escalation.staffing._cheapest import cheapest
from leadkit.escalation.staffing._trial import groups_of, try_mix
from leadkit.queueing import erlang_a, jackson, required_servers, service_level

PROMISE: dict[str, Any] = {"service_level": 0.8, "threshold": 1 / 3, "variant": "offered"}
PEOPLE = (
    Profile(id="billing", skills=["billing"], cost=1.0),
    Profile(id="both", skills=["billing", "login"], cost=1.1),
    Profile(id="login", skills=["login"], cost=1.0),
)


# levels


def test_each_level_gets_what_the_one_below_passes_on() -> None:
    found = staff_levels(85.0, [10.0, 4.0, 10 / 3], [0.2, 0.3], targets=PROMISE)
    assert found.arrival_rates.tolist() == pytest.approx([85.0, 17.0, 5.1])
    for row, rate, service in zip(found.rows, found.arrival_rates, [10.0, 4.0, 10 / 3], strict=True):
        assert row == required_servers(float(rate), service, **PROMISE)
    assert found.flags == ()


def test_levels_in_which_everybody_stays_are_a_jackson_network(golden: Callable[[str], Any]) -> None:
    for case in golden("escalation/network.json")["cases"]:
        rates, shares = [float(x) for x in case["service_rates"]], [float(x) for x in case["escalate"]]
        found = staff_levels(float(case["external_rate"]), rates, shares, targets=PROMISE)
        servers = [row.servers for row in found.rows]
        network = jackson([float(case["external_rate"]), 0, 0], rates, servers, np.diag(shares, 1))
        assert np.allclose(network.arrival_rates, found.arrival_rates, rtol=1e-12)
        for row, queue in zip(found.rows, network.measures, strict=True):
            assert row.asa == pytest.approx(queue.mean_wait, rel=1e-9)


def test_who_gives_up_is_not_passed_on() -> None:
    found = staff_levels(50.0, [5.0, 2.0], [0.4], patience_rates=[3.0, None], targets=PROMISE)
    gone = erlang_a(found.rows[0].servers, 50.0, 5.0, 3.0).p_abandon
    assert found.rows[0].p_abandon == gone
    assert found.arrival_rates[1] == pytest.approx(50 * (1 - float(gone)) * 0.4, rel=1e-14)
    assert found.rows[1].p_abandon == 0
    assert found.flags == ("approximation:departures_not_poisson",)


def test_patience_at_the_last_level_alone_disturbs_nobody() -> None:
    assert staff_levels(50.0, [5.0, 2.0], [0.4], patience_rates=[None, 3.0], targets=PROMISE).flags == ()


def test_each_level_may_have_promises_of_its_own() -> None:
    found = staff_levels(50.0, [5.0, 2.0], [0.4], targets=[PROMISE, {"max_occupancy": 0.5, "shrinkage": 0.3}])
    assert (found.rows[1].servers, found.rows[1].scheduled, found.rows[1].binding) == (20, 29, "max_occupancy")
    records = found.to_records()
    assert [record["level"] for record in records] == [1, 2]
    assert records[1]["service_level"] is None
    assert records[1]["flags"] == "no_threshold"


def test_wrong_levels_are_all_named_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        staff_levels(
            -1.0,
            [5.0, 0.0],
            [1.4],
            patience_rates=[None, None],
            targets=[{"service_levl": 0.8}, {"service_level": 0.8}],
        )
    assert [fault.where for fault in caught.value.faults] == [
        "external_rate",
        "service_rates[1]",
        "escalate[0]",
        "targets[0]",
        "targets[1]",
    ]
    assert "unknown target 'service_levl' (did you mean 'service_level'?); known: service_level" in str(caught.value)
    assert "service_level: expected a threshold beside it" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"service_rates": []}, "service_rates: expected at least one number, got 0"),
        ({"service_rates": 3.0}, "service_rates: expected a list of numbers, got 3.0"),
        ({"service_rates": [None, 1.0]}, r"service_rates\[0\]: expected a number, got None"),
        ({"escalate": []}, "escalate: expected a list of 1, one a level but the last, got 0"),
        ({"escalate": 0.3}, "escalate: expected a list of 1, .* got 0.3"),
        ({"escalate": ["x"]}, r"escalate\[0\]: expected a number, got 'x'"),
        ({"patience_rates": [1.0]}, "patience_rates: expected a list of 2"),
        ({"patience_rates": [1.0, -1.0]}, r"patience_rates\[1\]: expected a number above 0, got -1.0"),
        ({"targets": None}, "targets: expected a mapping, or a list of 2, got None"),
        ({"targets": [PROMISE]}, "targets: expected a mapping, or a list of 2"),
        ({"targets": [PROMISE, 3]}, r"targets\[1\]: expected a mapping of targets to numbers, got int"),
        ({"targets": {3: 4}}, "targets: unknown target 3; known"),
        ({"targets": {"patience_rate": 4}}, "targets: unknown target 'patience_rate'"),
        ({"targets": {"max_occupancy": 0}}, "targets: max_occupancy: expected a share above 0"),
        ({"external_rate": math.nan}, "external_rate: expected a finite number"),
        ({"external_rate": True}, "external_rate: expected a number, got True"),
    ],
)
def test_wrong_arguments_of_levels_are_named(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "external_rate": 50.0,
        "service_rates": [5.0, 2.0],
        "escalate": [0.4],
        "targets": PROMISE,
    }
    with pytest.raises(ScenarioError, match=message):
        staff_levels(**(arguments | changes))


# intervals


@pytest.mark.parametrize("patience", [None, 0.7])
def test_intervals_of_certain_rates_are_each_a_plain_question(patience: float | None) -> None:
    rates = [0.0, 0.5, 10 / 3, 20.0, 3.3]
    for variance in (None, 0.0, [0.0] * 5):
        found = staff_intervals(
            rates, 1 / 3, variance=variance, patience_rate=patience, shrinkage=0.3, nodes=5, **PROMISE
        )
        for place, rate in enumerate(rates):
            plain = required_servers(rate, 1 / 3, patience_rate=patience, shrinkage=0.3, **PROMISE)
            assert (found.servers[place], found.scheduled[place]) == (plain.servers, plain.scheduled)
            assert found.expected_service_level[place] == pytest.approx(plain.service_level, rel=1e-12)


@pytest.mark.parametrize("patience", [None, 0.7])
@pytest.mark.parametrize(("mean", "variance"), [(10 / 3, 1.0), (20.0, 30.0), (20.0, 0.01), (2.0, 12.0)])
def test_the_expected_level_is_the_integral_over_the_gamma_law(
    mean: float, variance: float, patience: float | None
) -> None:
    found = staff_intervals([mean], 1 / 3, variance=variance, patience_rate=patience, nodes=200, **PROMISE)
    law = stats.gamma(mean**2 / variance, scale=variance / mean)

    def part(rate: float, servers: int) -> float:
        level = service_level(servers, rate, 1 / 3, 1 / 3, variant="offered", patience_rate=patience)
        return float(rate * law.pdf(rate) * level)

    def expected(servers: int) -> float:
        ends = [law.ppf(1e-14), *(law.ppf(p) for p in (0.1, 0.5, 0.9)), law.ppf(1 - 1e-14), servers / 3]
        edges = sorted(float(end) for end in ends)
        pieces = (
            integrate.quad(part, low, high, args=(servers,), epsrel=1e-8)[0] for low, high in itertools.pairwise(edges)
        )
        return sum(pieces) / mean

    servers = int(found.servers[0])
    # without patience the level has a corner where the queue saturates, and a Gauss rule is then of low order
    limit = 4e-3 if patience is None else 1e-7
    assert found.expected_service_level[0] == pytest.approx(expected(servers), abs=limit)
    assert expected(servers) >= 0.8 - limit
    assert servers == 1 or expected(servers - 1) < 0.8 + limit


@settings(max_examples=25)
@given(st.floats(0.5, 60), st.floats(0, 2), st.floats(1, 4), st.none() | st.floats(0.05, 5), st.floats(0.55, 0.95))
def test_more_variance_never_needs_fewer(
    mean: float, relative: float, factor: float, patience: float | None, level: float
) -> None:
    promise = PROMISE | {"service_level": level}
    variance = relative * mean
    found = staff_intervals([mean] * 2, 1.0, variance=[variance, variance * factor], patience_rate=patience, **promise)
    assert found.servers[0] <= found.servers[1]


@pytest.mark.parametrize("variance", [1e-300, 1e-9, 1e6, 1e12])
def test_hardly_any_and_enormous_variance(variance: float) -> None:
    found = staff_intervals([10.0], 1.0, variance=variance, **PROMISE)
    assert 0.8 <= found.expected_service_level[0] <= 1
    if variance < 1:
        assert found.servers[0] == required_servers(10.0, 1.0, **PROMISE).servers


def test_the_order_of_intervals_changes_only_the_order() -> None:
    rates, variance = np.array([3.0, 9.0, 1.0]), np.array([1.0, 0.0, 2.0])
    found = staff_intervals(rates, 1.0, variance=variance, **PROMISE)
    turned = staff_intervals(rates[::-1], 1.0, variance=variance[::-1], **PROMISE)
    assert found.servers.tolist() == turned.servers[::-1].tolist()
    assert found.to_records()[1] == {
        "rates": 9.0,
        "variance": 0.0,
        "servers": int(found.servers[1]),
        "scheduled": int(found.servers[1]),
        "expected_service_level": pytest.approx(float(found.expected_service_level[1])),
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rates": []}, r"rates: expected a vector of numbers, got shape \(0,\)"),
        ({"rates": [[1.0]]}, r"rates: expected a vector of numbers, got shape \(1, 1\)"),
        ({"rates": [[1.0], [1.0, 2.0]]}, "rates: expected a vector of numbers"),
        ({"rates": None}, "rates: expected numbers, got None"),
        ({"rates": [1.0, math.nan]}, r"rates\[1\]: expected a finite number of at least 0, got nan"),
        ({"variance": [1.0]}, r"variance: expected a number or 2 of them, got shape \(1,\)"),
        ({"variance": "x"}, "variance: expected numbers, got 'x'"),
        ({"variance": -1}, r"variance\[0\]: expected a finite number of at least 0, got -1"),
        ({"rates": [0.0, 1.0], "variance": 1.0}, r"variance\[0\]: expected 0 beside a rate of 0, got 1"),
        ({"nodes": 0}, "nodes: expected a number in 1..512, got 0"),
        ({"nodes": 2.5}, "nodes: expected a whole number, got 2.5"),
        ({"service_rate": 0}, "service_rate: expected a number above 0"),
        ({"service_level": 1.0}, "service_level: expected a share below 1"),
        ({"service_level": None}, "expected at least one of service_level"),
        ({"patience_rate": -1}, "patience_rate: expected a single number above 0"),
        ({"shrinkage": 2}, "shrinkage: expected a share below 1"),
    ],
)
def test_wrong_arguments_of_intervals_are_named(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"rates": [2.0, 3.0], "service_rate": 1.0} | PROMISE
    with pytest.raises(ScenarioError, match=message):
        staff_intervals(**(arguments | changes))


def test_the_variance_of_a_rate_is_what_chance_does_not_explain() -> None:
    assert rate_variance([10, 20, 30]) == 80
    assert rate_variance([10, 11, 12]) == 0
    assert rate_variance([10, math.nan, 20, 30]) == 80
    assert math.isnan(rate_variance([3]))
    assert math.isnan(rate_variance([]))
    rng = np.random.default_rng(0)
    assert rate_variance(rng.poisson(rng.gamma(4, 5, size=20_000))) == pytest.approx(100, rel=0.05)
    with pytest.raises(ScenarioError, match=r"counts\[1\]: expected a finite number of at least 0, got -1"):
        rate_variance([1, -1])
    with pytest.raises(ScenarioError, match="counts: expected a vector of numbers"):
        rate_variance([[1, 2]])


# skills


def test_people_of_single_skills_are_each_a_plain_question() -> None:
    found = skill_mix({"billing": 2.0, "login": 1.0}, [PEOPLE[2], PEOPLE[0]], 1 / 3, targets=PROMISE)
    for skill, rate in (("billing", 2.0), ("login", 1.0)):
        plain = required_servers(rate, 1 / 3, **PROMISE)
        assert found.counts[skill] == plain.servers
        assert found.by_skill[skill] == plain.service_level
    assert list(found.counts) == ["billing", "login"]
    assert (found.method, found.rounds, found.flags) == ("erlang", 1, ())
    assert found.capacity_bound == 9
    assert found.checked_service_level == min(found.by_skill.values())


@pytest.mark.parametrize("patience", [None, 0.5])
def test_people_of_every_skill_are_one_pool(patience: float | None) -> None:
    promise = PROMISE | {"patience_rate": patience, "max_asa": 0.2, "max_occupancy": 0.9}
    found = skill_mix({"billing": 2.0, "login": 1.0}, [PEOPLE[1]], 1 / 3, targets=promise)
    plain = required_servers(3.0, 1 / 3, **promise)
    assert dict(found.counts) == {"both": plain.servers}
    assert found.checked_service_level == plain.service_level


def test_a_mixed_desk_is_the_cheapest_that_a_trial_of_every_mix_finds() -> None:
    demand, serves = np.array([2.0, 1.0]), np.array([[True, False], [True, True], [False, True]])
    found = skill_mix({"billing": 2.0, "login": 1.0}, PEOPLE, 1 / 3, targets=PROMISE, customers=2000)
    assert found.method == "simulation"
    counts = np.array(list(found.counts.values()))
    for mix in itertools.product(range(10), range(6), range(7)):
        if 11 < sum(mix) < 15 and mix[0] + 1.1 * mix[1] + mix[2] < found.cost - 1e-9:
            trial = try_mix(np.array(mix), serves, demand, 1 / 3, PROMISE, customers=2000, seed=0)
            assert not trial.keeps_all, mix
    assert try_mix(counts, serves, demand, 1 / 3, PROMISE, customers=2000, seed=0).keeps_all
    assert found.checked_service_level >= 0.8
    assert found.cost > found.capacity_bound


def test_the_order_of_skills_and_profiles_changes_nothing() -> None:
    one = skill_mix({"billing": 2.0, "login": 1.0}, PEOPLE, 1 / 3, targets=PROMISE, customers=1000)
    other = skill_mix({"login": 1.0, "billing": 2.0}, PEOPLE[::-1], 1 / 3, targets=PROMISE, customers=1000)
    assert one == other


def test_a_simulation_agrees_with_the_formula_where_both_hold() -> None:
    serves, demand = np.array([[True, False], [True, True], [True, True]]), np.array([2.0, 1.0])
    promise = PROMISE | {"patience_rate": 0.5, "max_abandonment": 0.2, "max_occupancy": 0.9}
    mixed = try_mix(np.array([0, 6, 6]), serves, demand, 1 / 3, promise, customers=100, seed=0)
    assert mixed.method == "erlang"
    split = try_mix(np.array([1, 6, 5]), serves, demand, 1 / 3, promise, customers=40_000, seed=0)
    assert split.method == "simulation"
    assert split.levels == pytest.approx(mixed.levels, abs=0.03)
    assert mixed.too_busy == split.too_busy


@pytest.mark.parametrize(
    "promise",
    [
        {"max_asa": 0.3},
        {"max_abandonment": 0.05, "patience_rate": 0.5},
        {
            "service_level": 0.7,
            "threshold": 0.5,
            "variant": "excluding_short_abandons",
            "short": 0.1,
            "patience_rate": 1.0,
        },
        {"max_occupancy": 0.7},
        {"max_occupancy": 0.7, "max_asa": 1e-3},
    ],
)
def test_every_kind_of_promise_is_kept(promise: dict[str, Any]) -> None:
    found = skill_mix({"billing": 2.0, "login": 1.0}, PEOPLE, 1 / 3, targets=promise, customers=1500)
    assert found.flags == ()
    assert math.isnan(found.checked_service_level) == ("variant" not in promise)
    served = {
        skill: sum(found.counts[one.id] for one in PEOPLE if skill in one.skills) for skill in ("billing", "login")
    }
    assert served["billing"] >= 6
    assert served["login"] >= 3


def test_ties_go_to_the_fewest_people_and_then_by_id() -> None:
    profiles = [
        Profile(id="b", skills=["x", "y"], cost=2.0),
        Profile(id="a", skills=["x", "y"], cost=2.0),
        Profile(id="x", skills=["x"], cost=1.0),
        Profile(id="y", skills=["y"], cost=1.0),
    ]
    found = skill_mix({"x": 0.4, "y": 0.4}, profiles, 1.0, targets={"max_occupancy": 1})
    assert dict(found.counts) == {"a": 0, "b": 1, "x": 0, "y": 0}


@settings(max_examples=30)
@given(st.randoms(use_true_random=False), st.integers(1, 3), st.integers(1, 3))
def test_the_cheapest_cover_is_that_of_trying_all(random: Any, kinds: int, sets: int) -> None:
    costs = np.array([random.choice([0.0, 1.0, 1.5, 2.0]) for _ in range(kinds)])
    covers = np.array([[random.randint(0, 1) for _ in range(kinds)] for _ in range(sets)])
    needs = np.array([random.randint(0, 3) for _ in range(sets)])
    most = np.array([random.choice([2.0, math.inf]) for _ in range(kinds)])
    tried = [
        (float(costs @ mix), sum(mix), mix)
        for mix in itertools.product(range(4), repeat=kinds)
        if np.all(covers @ mix >= needs) and np.all(np.array(mix) <= most)
    ]
    found = cheapest(costs, covers, needs, most)
    assert (None if found is None else tuple(found.tolist())) == (min(tried)[2] if tried else None)


def test_nobody_is_needed_for_no_demand() -> None:
    for promise in (PROMISE, {"max_asa": 1.0}):
        found = skill_mix({"billing": 0.0}, PEOPLE, 1 / 3, targets=promise)
        assert dict(found.counts) == {"billing": 0, "both": 0, "login": 0}
        assert (found.cost, found.flags) == (0, ("empty",))
        assert math.isnan(found.threshold) == ("threshold" not in promise)


def test_too_few_people_for_the_promise_are_flagged() -> None:
    few = [Profile(id="both", skills=["billing", "login"], cost=1.0, max_people=10)]
    found = skill_mix({"billing": 2.0, "login": 1.0}, few, 1 / 3, targets=PROMISE)
    assert dict(found.counts) == {"both": 9}
    assert found.flags == ("not_converged",)
    assert found.rounds == 0
    few = [
        Profile(id="billing", skills=["billing"], cost=1.0, max_people=9),
        Profile(id="both", skills=["billing", "login"], cost=1.0, max_people=4),
    ]
    found = skill_mix({"billing": 2.0, "login": 1.0}, few, 1 / 3, targets=PROMISE, customers=1000)
    assert found.flags == ("not_converged",)


def test_too_few_people_for_the_load_are_an_error() -> None:
    few = [Profile(id="both", skills=["billing", "login"], cost=1.0, max_people=8)]
    with pytest.raises(ScenarioError, match="mix: profiles: the people there are cannot carry the load"):
        skill_mix({"billing": 2.0, "login": 1.0}, few, 1 / 3, targets=PROMISE)


def test_beyond_ten_skills_not_every_set_is_looked_at() -> None:
    skills = [f"s{place:02}" for place in range(11)]
    profiles = [Profile(id=skill, skills=[skill], cost=1.0) for skill in skills]
    found = skill_mix(dict.fromkeys(skills, 0.2), profiles, 1.0, targets=PROMISE)
    assert found.flags == ("bounded_sets",)
    assert set(found.counts.values()) == {required_servers(0.2, 1.0, **PROMISE).servers}


def test_a_large_desk_is_found_within_the_rounds() -> None:
    found = skill_mix({"billing": 120.0, "login": 60.0}, PEOPLE, 1.0, targets=PROMISE, customers=3000)
    assert found.rounds <= 20
    assert found.checked_service_level >= 0.8 or found.flags == ("not_converged",)


def test_a_long_search_ends_by_steps_that_double() -> None:
    skills = [f"s{place}" for place in range(4)]
    profiles = [Profile(id=skill, skills=[skill], cost=1.0) for skill in skills]
    profiles += [
        Profile(id=f"p{place}", skills=[skill, skills[(place + 1) % 4]], cost=1.1) for place, skill in enumerate(skills)
    ]
    demand = {skill: 4 + 1.2 * place for place, skill in enumerate(skills)}
    found = skill_mix(demand, profiles, 1.0, targets=PROMISE | {"threshold": 0.2}, customers=1000)
    assert found.flags == ()
    assert found.rounds > 12
    assert found.checked_service_level >= 0.8


def test_skills_fall_into_groups() -> None:
    serves = np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0]], dtype=bool)
    assert [np.flatnonzero(group).tolist() for group in groups_of(serves)] == [[0, 1, 2], [3], [4]]


def test_wrong_mixes_are_all_named_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        skill_mix(
            {"billing": -1.0, "hardware": 1.0, "": 2.0},
            [PEOPLE[0], PEOPLE[0]],
            0.0,
            targets={"max_asaa": 1},
            customers=10,
            seed=-1,
        )
    assert [fault.where for fault in caught.value.faults] == [
        "service_rate",
        "targets",
        "customers",
        "seed",
        "demand of 'billing'",
        "demand",
        "profiles",
        "demand of 'hardware'",
    ]
    assert "did you mean 'max_asa'" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand": None}, "demand: expected a mapping of skills to rates, got NoneType"),
        ({"demand": {"billing": "x"}}, "demand of 'billing': expected a number, got 'x'"),
        ({"profiles": []}, "profiles: expected a list of at least one Profile"),
        ({"profiles": ["x"]}, "profiles: expected a list of at least one Profile"),
        ({"profiles": None}, "profiles: expected a list of at least one Profile, got None"),
        ({"customers": 1.5}, "customers: expected a whole number"),
        ({"targets": {"shrinkage": 0.3}}, "unknown target 'shrinkage'"),
        ({"targets": {}}, "expected at least one of service_level"),
    ],
)
def test_wrong_arguments_of_a_mix_are_named(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "demand": {"billing": 1.0},
        "profiles": PEOPLE,
        "service_rate": 1.0,
        "targets": PROMISE,
    }
    with pytest.raises(ScenarioError, match=message):
        skill_mix(**(arguments | changes))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": ""}, "id: expected a text that is not empty"),
        ({"skills": []}, r"skills: expected a list of at least one skill, got \(\)"),
        ({"skills": "billing"}, "skills: expected a list of at least one skill, got 'billing'"),
        ({"skills": ["x", "x"]}, "skills: 'x' is there more than once"),
        ({"skills": [3]}, r"skills\[0\]: expected a text"),
        ({"cost": -1}, "cost: expected at least 0, got -1"),
        ({"cost": math.nan}, "cost: expected a finite number"),
        ({"max_people": -1}, "max_people: expected at least 0"),
        ({"max_people": 1.5}, "max_people: expected a whole number"),
    ],
)
def test_wrong_profiles_are_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Profile(**({"id": "p", "skills": ["x"], "cost": 1.0} | fields))  # type: ignore[arg-type]


# results


@pytest.mark.parametrize(
    "found",
    [
        staff_levels(50.0, [5.0, 2.0], [0.4], patience_rates=[1.0, 1.0], targets={"max_occupancy": 0.9}),
        staff_intervals([1.0, 2.0], 1.0, variance=0.5, **PROMISE),
        skill_mix({"billing": 1.0}, PEOPLE[:1], 1.0, targets={"max_asa": 1.0}),
    ],
    ids=lambda found: type(found).__name__,
)
def test_results_are_values(found: LevelStaffing | IntervalStaffing | SkillMix) -> None:
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    json.dumps(found.to_dict(), allow_nan=False)
    json.dumps(found.to_records(), allow_nan=False)
    assert type(found).__name__ in found._repr_html_()
    assert all(flag.split(":")[0] in ESCALATION_FLAGS for flag in found.flags)


def test_profiles_are_values() -> None:
    assert pickle.loads(pickle.dumps(PEOPLE[0])) == PEOPLE[0]  # noqa: S301
    assert PEOPLE[0] != PEOPLE[1]
