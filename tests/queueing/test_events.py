"""Queues with priorities event by event, and that without them they are the recursion."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.queueing import event_heap, event_heap_levels, fcfs, fcfs_levels

INF = math.inf
TIMES = st.sampled_from((0.0, 0.0, 0.5, 1.0, 2.0, 3.0)) | st.floats(0, 5)
FIELDS = ("start", "wait", "departure", "server", "abandoned")
DEPARTURE, GIVING_UP, ARRIVAL = range(3)


@st.composite
def queues(draw: st.DrawFn, *, most: int = 14, priorities: bool = False) -> dict[str, Any]:
    """Draw a queue with or without patience, and with or without kinds; instants often coincide."""
    n, servers = draw(st.integers(0, most)), draw(st.integers(1, 4))
    times = st.lists(TIMES, min_size=n, max_size=n)
    made: dict[str, Any] = {"arrival": np.cumsum(draw(times)).tolist(), "service": draw(times), "servers": servers}
    if draw(st.booleans()):
        made["patience"] = draw(times)
    if draw(st.booleans()):
        kinds = draw(st.integers(1, 3))
        table = np.array([[draw(st.booleans()) for _ in range(servers)] for _ in range(kinds)], dtype=bool)
        if "patience" not in made:
            table[:, draw(st.integers(0, servers - 1))] = True
        made["eligible"] = table
        made["kind"] = draw(st.lists(st.integers(0, kinds - 1), min_size=n, max_size=n))
    if priorities:
        made["priority"] = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    return made


def brute_force(queue: dict[str, Any]) -> tuple[list[float], list[float], list[int]]:
    """Look at every event of a list, the earliest first, and at the whole line each time."""
    n, servers = len(queue["arrival"]), queue["servers"]
    priority, patience = queue.get("priority", [0] * n), queue.get("patience", [INF] * n)
    kind, table = queue.get("kind", [0] * n), queue.get("eligible", np.ones((1, servers), dtype=bool))
    events = [(came, ARRIVAL, who) for who, came in enumerate(queue["arrival"])]
    since: dict[int, float] = dict.fromkeys(range(servers), -INF)
    line: list[int] = []
    start, left, by = [math.nan] * n, [math.nan] * n, [-1] * n

    def begin(who: int, server: int, now: float) -> None:
        start[who], by[who], left[who] = now, server, now + queue["service"][who]
        since.pop(server, None)
        events.append((left[who], DEPARTURE, server))

    while events:
        event = min(events)
        events.remove(event)
        now, what, index = event
        if what == DEPARTURE:
            fit = [who for who in line if table[kind[who], index]]
            if fit:
                who = min(fit, key=lambda own: (priority[own], own))
                line.remove(who)
                begin(who, index, now)
            else:
                since[index] = now
        elif what == GIVING_UP:
            if index in line:
                line.remove(index)
                left[index] = now
        else:
            fit = [server for server in since if table[kind[index], server]]
            if fit:
                begin(index, min(fit, key=lambda own: (since[own], own)), now)
            else:
                line.append(index)
                events.append((now + patience[index], GIVING_UP, index))
    return start, left, by


@settings(max_examples=300)
@given(queues())
def test_without_priorities_it_is_the_recursion(queue: dict[str, Any]) -> None:
    events, recursion = event_heap(**queue), fcfs(**queue)
    for field in FIELDS:
        assert np.array_equal(getattr(events, field), getattr(recursion, field), equal_nan=True)
    assert (events.engine, recursion.engine) == ("event-heap", "fcfs-recursion")


@settings(max_examples=300)
@given(st.booleans().flatmap(lambda own: queues(most=10, priorities=own)))
def test_it_is_what_a_list_of_events_gives(queue: dict[str, Any]) -> None:
    trace = event_heap(**queue)
    start, left, by = brute_force(queue)
    assert np.array_equal(trace.start, start, equal_nan=True)
    assert trace.departure.tolist() == left
    assert trace.server.tolist() == by


def test_lowest_priority_first_then_arrival_then_index_and_nobody_is_interrupted() -> None:
    trace = event_heap([0.0, 1.0, 2.0, 2.0, 3.0], [5.0, 1.0, 1.0, 1.0, 1.0], 1, priority=[2, 1, 0, 0, 0])
    assert trace.start.tolist() == [0, 8, 5, 6, 7]
    assert trace.engine == "event-heap"


def test_service_may_start_at_the_very_instant_the_patience_ends() -> None:
    given: dict[str, Any] = {"arrival": [0.0, 1.0, 1.0], "service": [5.0, 0.0, 1.0], "servers": 1}
    assert not event_heap(**given, patience=[0.0, 4.0, 4.0]).abandoned.any()
    assert event_heap(**given, patience=[0.0, 4.0, 3.9], priority=[1, 1, 0]).abandoned.tolist() == [False, False, True]


def test_a_departure_comes_before_an_arrival_at_the_same_instant() -> None:
    # the server is free since 2, so the most urgent, who comes at 2, finds the line already served
    trace = event_heap([0.0, 1.0, 2.0], [2.0, 3.0, 1.0], 1, priority=[1, 1, 0])
    assert trace.start.tolist() == [0, 2, 5]


def test_servers_who_are_free_at_one_instant_choose_in_order_of_index() -> None:
    given: dict[str, Any] = {"kind": [1, 1, 1, 0], "eligible": [[1, 0], [1, 1]]}
    # by index of the customers who leave, the server with index 1 would be free first, and nobody would wait
    for service in ([4.0, 4.0, 1.0, 1.0], [4.0, 3.0, 1.0, 1.0]):
        arrival = [0.0, 4.0 - service[1], 2.0, 2.0]
        trace = event_heap(arrival, service, 2, **given)
        assert trace.server.tolist() == [0, 1, 0, 0]
        assert trace.start.tolist()[2:] == [4, 5]


def test_a_server_passes_over_those_they_may_not_serve() -> None:
    trace = event_heap(
        [0.0, 0.0, 1.0, 2.0], [9.0, 3.0, 1.0, 1.0], 2, priority=[0, 0, 0, 1], kind=[0, 1, 0, 1], eligible=np.eye(2)
    )
    assert trace.start.tolist() == [0, 0, 9, 3]


@given(queues(priorities=True))
def test_work_is_conserved(queue: dict[str, Any]) -> None:
    trace = event_heap(**queue)
    for server in range(queue["servers"]):
        own = np.flatnonzero(trace.server == server)
        own = own[np.lexsort((trace.departure[own], trace.start[own]))]
        assert np.all(trace.start[own][1:] >= trace.departure[own][:-1])
    served = ~trace.abandoned
    assert np.array_equal(trace.departure[served], trace.start[served] + np.array(queue["service"])[served])
    assert np.all(trace.start[served] >= np.array(queue["arrival"])[served])
    if "eligible" in queue:
        who = np.flatnonzero(served)
        assert queue["eligible"][np.array(queue["kind"], dtype=int)[who], trace.server[who]].all()


@given(queues(priorities=True))
def test_one_priority_for_all_is_none_and_gaps_between_them_do_not_matter(queue: dict[str, Any]) -> None:
    wide = queue | {"priority": [7 * own + 3 for own in queue["priority"]]}
    assert event_heap(**wide) == event_heap(**queue)
    equal = queue | {"priority": [4] * len(queue["priority"])}
    alone = {name: value for name, value in queue.items() if name != "priority"}
    assert event_heap(**equal) == event_heap(**alone)


def test_kinds_nobody_serves_and_no_servers() -> None:
    table = [[False], [True]]
    trace = event_heap([0.0, 0.0], [1.0, 1.0], 1, kind=[0, 1], eligible=table, patience=[2.0, INF])
    assert trace.departure.tolist() == [2, 1]
    assert event_heap([0.0], [1.0], 0, patience=[3.0]).departure.tolist() == [3]
    assert event_heap([], [], 0).start.shape == (0,)
    with pytest.raises(ValueError, match="nobody serves kind 0"):
        event_heap([0.0], [1.0], 1, kind=[0], eligible=table)


@given(queues(most=10), st.data())
def test_levels_without_priorities_are_the_recursion(queue: dict[str, Any], data: st.DataObject) -> None:
    n = len(queue["arrival"])
    service, patience = (
        np.array([data.draw(st.lists(TIMES, min_size=n, max_size=n)) for _ in range(2)]) for _ in range(2)
    )
    escalates = np.array([data.draw(st.lists(st.booleans(), min_size=n, max_size=n)) for _ in range(2)], dtype=bool)
    servers = [queue["servers"], 2]
    events = event_heap_levels(queue["arrival"], service, servers, escalates, patience=patience)
    recursion = fcfs_levels(queue["arrival"], service, servers, escalates, patience=patience)
    assert events.to_records() == recursion.to_records()
    assert events.engine == "event-heap"


def test_levels_keep_kind_and_priority() -> None:
    trace = event_heap_levels(
        [0.0, 0.0, 0.0, 0.0],
        [[1.0, 2.0, 3.0, 3.0], [9.0, 5.0, 1.0, 1.0]],
        [4, 2],
        np.ones((2, 4)),
        priority=[0, 0, 1, 0],
        kind=[0, 1, 0, 0],
        eligible=[np.ones((2, 4)), [[1, 0], [0, 1]]],
    )
    second = {record["customer"]: record for record in trace.to_records() if record["level"] == 1}
    assert [second[who]["start"] for who in range(4)] == [1, 2, 11, 10]
    assert [second[who]["server"] for who in range(4)] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"priority": [0]}, r"priority: expected an array of shape \(2,\)"),
        ({"priority": [0, -1]}, r"priority\[1\]: expected a whole number of at least 0, got -1"),
        (
            {"priority": np.array([0, 2**63], dtype=np.uint64)},
            r"priority\[1\]: expected a whole number of at least 0, got 9223372036854775808",
        ),
        ({"priority": [0.0, 1.0]}, "priority: expected whole numbers, got an array of float64"),
        ({"priority": [True, False]}, "priority: expected whole numbers, got an array of bool"),
        ({"priority": "high"}, "priority: expected"),
        ({"kind": [0, 0]}, "kind says nothing without eligible"),
        ({"kind": [0, 1], "eligible": [[[1]]] * 3}, "eligible: expected one table for each of 2 levels"),
        ({"kind": [0, 1], "eligible": 1}, "eligible: expected one table for each of 2 levels, got 1"),
        ({"kind": [0, 0], "eligible": [[[1]], None]}, "kind says nothing without eligible"),
        ({"kind": [0, 1], "eligible": [[[1], [1]], [[1]]]}, r"kind\[1\]: expected a row of eligible\[1\], 0 to 0"),
        ({"kind": [0, 0], "eligible": [[[1]], [[1, 1]]]}, r"eligible\[1\]: expected an array of shape \(1, 1\)"),
    ],
)
def test_bad_levels_are_refused(changes: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {
        "arrival": [0.0, 1.0],
        "service": [[1.0, 1.0], [1.0, 1.0]],
        "servers": [1, 1],
        "escalates": [[True, False], [False, False]],
    }
    with pytest.raises(ValueError, match=message):
        event_heap_levels(**(good | changes))
