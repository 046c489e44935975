"""Queues customer by customer against simulations event by event, with what every visit did in the records."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from typing import Any

import ciw
import numpy as np
import pytest
import simpy

from leadkit.queueing import LevelTrace, QueueTrace, event_heap, fcfs_levels

CUSTOMERS = 20_000
SERVERS = (10, 6, 4)
MEANS = (9.0, 12.0, 20.0)
PATIENCES = (6.0, 15.0, 30.0)
ESCALATE = (0.5, 0.6)
KINDS = 5
MIB = 2**20
Visits = list[tuple[int, int, float, float, float, int]]


def three_levels(n: int = CUSTOMERS) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "arrival": np.cumsum(rng.standard_exponential(n)),
        "service": rng.standard_exponential((3, n)) * np.array(MEANS)[:, None],
        "servers": SERVERS,
        "escalates": rng.random((3, n)) < np.array([*ESCALATE, 0.0])[:, None],
        "patience": rng.standard_exponential((3, n)) * np.array(PATIENCES)[:, None],
    }


def simpy_levels(given: dict[str, Any]) -> Visits:
    """Fed the same numbers, one row (level, customer, arrival, wait, departure, abandoned) a visit."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity=servers) for servers in SERVERS]
    service, patience = given["service"].tolist(), given["patience"].tolist()
    escalates = given["escalates"].tolist()
    rows: Visits = []

    def customer(who: int) -> Generator[Any, Any, Any]:
        for level, desk in enumerate(desks):
            came = env.now
            with desk.request() as place:
                yield place | env.timeout(patience[level][who])
                wait = env.now - came
                if not place.triggered:
                    rows.append((level, who, came, wait, env.now, 1))
                    return
                yield env.timeout(service[level][who])
                rows.append((level, who, came, wait, env.now, 0))
            if not escalates[level][who]:
                return

    def source() -> Generator[Any, Any, Any]:
        for who, at in enumerate(given["arrival"].tolist()):
            yield env.timeout(at - env.now)
            env.process(customer(who))

    env.process(source())
    env.run()
    return sorted(rows)


def ciw_levels(n: int = CUSTOMERS) -> list[Any]:
    exponential = ciw.dists.Exponential
    network = ciw.create_network(
        arrival_distributions=[exponential(1.0), None, None],
        service_distributions=[exponential(1 / mean) for mean in MEANS],
        routing=[[0.0, ESCALATE[0], 0.0], [0.0, 0.0, ESCALATE[1]], [0.0, 0.0, 0.0]],
        number_of_servers=list(SERVERS),
        reneging_time_distributions=[exponential(1 / mean) for mean in PATIENCES],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(n, method="Arrive")
    records: list[Any] = simulation.get_all_records()
    return records


def test_three_levels_against_simpy(ratio: Callable[..., float]) -> None:
    given = three_levels()
    kept: dict[str, Any] = {}
    ratio(
        lambda: kept.update(ours=fcfs_levels(**given)),
        lambda: kept.update(peer=simpy_levels(given)),
        at_most=1 / 15,
    )
    ours: LevelTrace = kept["ours"]
    theirs = np.array(sorted((row[0], row[1], *row[2:]) for row in kept["peer"]))
    order = np.lexsort((ours.customer, ours.level))
    mine = np.column_stack([ours.level, ours.customer, ours.arrival, ours.wait, ours.departure, ours.abandoned])[order]
    assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-7)


def test_three_levels_against_ciw(ratio: Callable[..., float]) -> None:
    given = three_levels()
    kept: dict[str, Any] = {}
    ratio(
        lambda: kept.update(ours=fcfs_levels(**given)),
        lambda: kept.update(peer=ciw_levels()),
        at_most=1 / 30,
        repeats=5,
    )
    ours: LevelTrace = kept["ours"]
    for level in range(3):
        visits = [row for row in kept["peer"] if row.node == level + 1]
        mine = ours.level == level
        lost = np.mean([row.record_type == "renege" for row in visits])
        wait = np.mean([row.waiting_time for row in visits])
        # other random numbers: the two runs agree as far as 20,000 dependent waits allow
        assert lost == pytest.approx(np.mean(ours.abandoned[mine]), abs=0.02)
        assert wait == pytest.approx(np.mean(ours.wait[mine]), rel=0.15)
        assert len(visits) == pytest.approx(mine.sum(), rel=0.05)


def skilled() -> dict[str, Any]:
    rng = np.random.default_rng(2)
    eligible = rng.random((KINDS, 20)) < 0.5
    eligible[np.arange(KINDS), np.arange(KINDS)] = True
    return {
        "arrival": np.cumsum(rng.standard_exponential(CUSTOMERS)),
        "service": rng.standard_exponential(CUSTOMERS) * 18.5,
        "servers": 20,
        "priority": rng.integers(0, 3, CUSTOMERS),
        "kind": rng.integers(0, KINDS, CUSTOMERS),
        "eligible": eligible,
    }


def simpy_priorities(given: dict[str, Any]) -> list[float]:
    env = simpy.Environment()
    desk = simpy.PriorityResource(env, capacity=given["servers"])
    service, priority = given["service"].tolist(), given["priority"].tolist()
    waits = [0.0] * len(service)

    def customer(who: int) -> Generator[Any, Any, Any]:
        came = env.now
        with desk.request(priority=priority[who]) as place:
            yield place
            waits[who] = env.now - came
            yield env.timeout(service[who])

    def source() -> Generator[Any, Any, Any]:
        for who, at in enumerate(given["arrival"].tolist()):
            yield env.timeout(at - env.now)
            env.process(customer(who))

    env.process(source())
    env.run()
    return waits


def ciw_priorities() -> list[Any]:
    classes = ["Class 0", "Class 1", "Class 2"]
    network = ciw.create_network(
        arrival_distributions={own: [ciw.dists.Exponential(1 / 3)] for own in classes},
        service_distributions={own: [ciw.dists.Exponential(1 / 18.5)] for own in classes},
        priority_classes={own: place for place, own in enumerate(classes)},
        number_of_servers=[20],
    )
    ciw.seed(2)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(CUSTOMERS, method="Arrive")
    records: list[Any] = simulation.get_all_records()
    return records


def by_hand(given: dict[str, Any]) -> list[float]:
    """Serve by priority and skill the slow way: look through the whole line at every event."""
    eligible = given["eligible"]
    line: list[tuple[int, int]] = []
    free = dict.fromkeys(range(given["servers"]), -np.inf)
    starts = [0.0] * CUSTOMERS
    busy: list[tuple[float, int]] = []
    for who, came in [*enumerate(given["arrival"].tolist()), (-1, np.inf)]:
        while busy and busy[0][0] <= came:
            now, server = heapq.heappop(busy)
            fit = [own for own in sorted(line) if eligible[given["kind"][own[1]], server]]
            if fit:
                line.remove(fit[0])
                starts[fit[0][1]] = now
                heapq.heappush(busy, (now + given["service"][fit[0][1]], server))
            else:
                free[server] = now
        if who < 0:
            break
        fitting = [(since, server) for server, since in free.items() if eligible[given["kind"][who], server]]
        if fitting:
            server = min(fitting)[1]
            del free[server]
            starts[who] = came
            heapq.heappush(busy, (came + given["service"][who], server))
        else:
            line.append((given["priority"][who], who))
    return starts


def test_skills_and_priorities_against_simpy_without_skills(ratio: Callable[..., float]) -> None:
    given = skilled()
    alike = {name: value for name, value in given.items() if name not in {"kind", "eligible"}}
    kept: dict[str, Any] = {}
    ratio(
        lambda: kept.update(ours=event_heap(**given)),
        lambda: kept.update(peer=simpy_priorities(given)),
        at_most=1 / 3,
    )
    assert np.allclose(event_heap(**alike).wait, kept["peer"], rtol=1e-9, atol=1e-7)
    assert kept["ours"].start.tolist() == by_hand(given)


def test_skills_and_priorities_against_ciw_without_skills(ratio: Callable[..., float]) -> None:
    given = skilled()
    alike = {name: value for name, value in given.items() if name not in {"kind", "eligible"}}
    kept: dict[str, Any] = {}
    ratio(lambda: kept.update(ours=event_heap(**given)), lambda: kept.update(peer=ciw_priorities()), at_most=1 / 5)
    ours: QueueTrace = event_heap(**alike)
    for own in range(2):
        waits = [row.waiting_time for row in kept["peer"] if row.customer_class == f"Class {own}"]
        assert np.mean(waits) == pytest.approx(ours.wait[given["priority"] == own].mean(), rel=0.25)


def test_three_levels_within_twelve_arrays_of_the_visits(peak_memory: Callable[..., float]) -> None:
    given = three_levels(300_000)
    visits = len(fcfs_levels(**given).customer)
    peak_memory(lambda: fcfs_levels(**given), at_most=12 * 8 * visits / MIB)


def test_one_level_within_twelve_arrays_of_the_visits(peak_memory: Callable[..., float]) -> None:
    given = three_levels(300_000)
    single = {name: value[:1] if name != "arrival" else value for name, value in given.items()}
    peak_memory(lambda: fcfs_levels(**single), at_most=12 * 8 * 300_000 / MIB)
