"""First come, first served: the recursion, levels of it, and what it refuses."""

from __future__ import annotations

import copy
import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.queueing import LevelTrace, QueueTrace, fcfs, fcfs_levels
from leadkit.queueing.first_come import BLOCK

INF, NAN = math.inf, math.nan
# few values, so that instants often coincide
TIMES = st.sampled_from((0.0, 0.0, 0.5, 1.0, 2.0, 3.0)) | st.floats(0, 5)


@st.composite
def queues(draw: st.DrawFn, *, most: int = 14, servers: int = 3) -> tuple[list[float], list[float], int]:
    """Draw when customers come, how long they take and how many servers there are."""
    n = draw(st.integers(0, most))
    gaps = draw(st.lists(TIMES, min_size=n, max_size=n))
    services = draw(st.lists(TIMES, min_size=n, max_size=n))
    return np.cumsum(gaps).tolist(), services, draw(st.integers(1, servers))


def test_one_server_by_hand() -> None:
    trace = fcfs([0.0, 1.0, 2.0, 20.0], [3.0, 4.0, 1.0, 1.0], 1)
    assert trace.start.tolist() == [0, 3, 7, 20]
    assert trace.wait.tolist() == [0, 2, 5, 0]
    assert trace.departure.tolist() == [3, 7, 8, 21]
    assert trace.server.tolist() == [0, 0, 0, 0]
    assert not trace.abandoned.any()
    assert trace.engine == "fcfs-recursion"


def test_who_gives_up_waited_as_long_as_their_patience_and_holds_up_nobody() -> None:
    trace = fcfs([0.0, 1.0, 2.0], [5.0, 9.0, 1.0], 1, patience=[INF, 3.5, 9.0])
    assert trace.abandoned.tolist() == [False, True, False]
    assert trace.wait.tolist() == [0, 3.5, 3]
    assert trace.departure.tolist() == [5, 4.5, 6]
    assert trace.server.tolist() == [0, -1, 0]
    assert math.isnan(trace.start[1])


def test_service_may_start_at_the_very_instant_the_patience_ends() -> None:
    trace = fcfs([0.0, 1.0, 1.0], [5.0, 1.0, 1.0], 1, patience=[0.0, 4.0, np.nextafter(5.0, 0.0)])
    assert trace.abandoned.tolist() == [False, False, True]
    # 0.1 + 0.2 is a little more than 0.3, which is when the server is free
    assert not fcfs([0.0, 0.1], [0.1 + 0.2, 1.0], 1, patience=[1.0, 0.2]).abandoned.any()


def test_the_server_who_is_free_longest_serves_and_among_equals_the_first() -> None:
    trace = fcfs([0.0, 0.0, 5.0, 5.0, 5.0], [3.0, 2.0, 1.0, 1.0, 1.0], 3)
    # the third has been free for ever, the second since 2 and the first since 3
    assert trace.server.tolist() == [0, 1, 2, 1, 0]
    assert fcfs([0.0, 0.0, 0.0], [2.0, 2.0, 1.0], 2).server.tolist() == [0, 1, 0]


def test_a_customer_passes_one_who_waits_for_another_server() -> None:
    trace = fcfs([0.0, 1.0, 2.0], [9.0, 1.0, 1.0], 2, kind=[0, 0, 1], eligible=[[1, 0], [1, 1]])
    assert trace.start.tolist() == [0, 9, 2]
    assert trace.server.tolist() == [0, 0, 1]


def test_servers_who_are_free_at_one_instant_choose_in_order_of_index() -> None:
    # both servers are free at 4; the first waiting may take either, the second only the one with index 0
    trace = fcfs([0.0, 0.0, 1.0, 2.0], [4.0, 4.0, 1.0, 1.0], 2, kind=[1, 1, 1, 0], eligible=[[1, 0], [1, 1]])
    assert trace.server.tolist() == [0, 1, 0, 0]
    assert trace.start.tolist() == [0, 0, 4, 5]


def test_a_kind_nobody_serves_gives_up_at_its_patience() -> None:
    tables = [[False, False], [True, True]]
    trace = fcfs([0.0, 1.0], [1.0, 1.0], 2, kind=[0, 1], eligible=tables, patience=[2.5, INF])
    assert trace.abandoned.tolist() == [True, False]
    assert trace.departure.tolist() == [2.5, 2]
    assert fcfs([0.0], [1.0], 2, kind=[0], eligible=[[0, 0]], patience=[0.0]).abandoned.tolist() == [True]
    assert fcfs([0.0, 1.0], [1.0, 1.0], 0, patience=[1.0, 2.0]).departure.tolist() == [1, 3]
    for patience in (None, [INF, 1.0], [1.7e308, 1.0]):
        with pytest.raises(ValueError, match="patience: nobody serves kind 0, so every such customer needs a finite"):
            fcfs([8e307, 8e307], [0.0, 0.0], 2, kind=[0, 1], eligible=tables, patience=patience)
    with pytest.raises(ValueError, match="there are no servers"):
        fcfs([0.0], [1.0], 0)
    # a kind that does not occur does no harm
    assert len(fcfs([0.0], [1.0], 2, kind=[1], eligible=tables).start) == 1


def test_nobody_comes() -> None:
    for trace in (fcfs([], [], 1), fcfs([], [], 0), fcfs([], [], 2, kind=[], eligible=np.ones((0, 2)), patience=[])):
        assert trace.start.shape == trace.server.shape == (0,)
        assert trace.to_records() == []
    levels = fcfs_levels([], np.empty((2, 0)), [1, 1], np.empty((2, 0)))
    assert levels.customer.shape == (0,)


@given(queues(servers=1))
def test_one_server_is_the_recursion_of_lindley(queue: tuple[list[float], list[float], int]) -> None:
    arrival, service, _ = queue
    wait, expected = 0.0, []
    for place in range(len(arrival)):
        if place:
            wait = max(0.0, wait + service[place - 1] - (arrival[place] - arrival[place - 1]))
        expected.append(wait)
    assert np.allclose(fcfs(arrival, service, 1).wait, expected, rtol=0, atol=1e-9)


@given(queues(), st.data())
def test_work_is_conserved(queue: tuple[list[float], list[float], int], data: st.DataObject) -> None:
    arrival, service, servers = queue
    patience = data.draw(st.lists(TIMES, min_size=len(arrival), max_size=len(arrival)))
    trace = fcfs(arrival, service, servers, patience=patience)
    served = ~trace.abandoned
    busy = 0.0
    for server in range(servers):
        own = trace.server == server
        assert np.all(trace.start[own][1:] >= trace.departure[own][:-1])
        busy += float((trace.departure[own] - trace.start[own]).sum())
    assert busy == pytest.approx(float(np.asarray(service)[served].sum()), abs=1e-9)
    assert np.all(trace.wait[served] <= np.asarray(patience)[served] + 1e-12)
    assert np.array_equal(trace.wait[~served], np.asarray(patience)[~served])
    assert np.all(np.diff(trace.start[served]) >= 0)


@given(queues(), st.sampled_from((0.5, 4.0)))
def test_another_unit_changes_nothing_else(queue: tuple[list[float], list[float], int], unit: float) -> None:
    arrival, service, servers = queue
    one = fcfs(arrival, service, servers)
    other = fcfs(np.multiply(arrival, unit), np.multiply(service, unit), servers)
    assert np.array_equal(other.wait, one.wait * unit)
    assert np.array_equal(other.server, one.server)


@given(queues(), st.integers(0, 30))
def test_later_customers_change_nothing(queue: tuple[list[float], list[float], int], cut: int) -> None:
    arrival, service, servers = queue
    whole, part = fcfs(arrival, service, servers), fcfs(arrival[:cut], service[:cut], servers)
    assert np.array_equal(whole.start[:cut], part.start)


@pytest.mark.parametrize("servers", [1, 4])
@pytest.mark.parametrize("case", ["endless", "patient", "kinds"])
def test_customers_are_served_in_blocks_without_a_seam(servers: int, case: str) -> None:
    rng = np.random.default_rng(0)
    n = 2 * BLOCK + 7
    arrival = np.cumsum(rng.standard_exponential(n)).tolist()
    service = (rng.standard_exponential(n) * servers).tolist()
    given: dict[str, Any] = {}
    patience, kind, table = [INF] * n, [0] * n, [list(range(servers))]
    if case != "endless":
        given["patience"] = patience = (rng.standard_exponential(n) * servers).tolist()
    if case == "kinds":
        kind, table = rng.integers(0, 2, n).tolist(), [[0], list(range(servers))]
        given |= {"kind": kind, "eligible": [[own in row for own in range(servers)] for row in table]}
    trace = fcfs(arrival, service, servers, **given)
    free = [-INF] * servers
    for who in range(n):
        server = min(table[kind[who]], key=lambda own: (free[own], own))
        start = max(arrival[who], free[server])
        if start > arrival[who] + patience[who]:
            assert trace.server[who] == -1
        else:
            assert (trace.start[who], trace.server[who]) == (start, server)
            free[server] = start + service[who]


def test_a_table_in_which_everybody_serves_every_kind_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    arrival, service = np.cumsum(rng.random(50)), rng.random(50) * 3
    assert fcfs(arrival, service, 3, kind=rng.integers(0, 2, 50), eligible=np.ones((2, 3))) == fcfs(arrival, service, 3)


def test_levels_by_hand() -> None:
    trace = fcfs_levels(
        [0.0, 1.0, 2.0],
        [[4.0, 1.0, 5.0], [10.0, 10.0, 1.0]],
        [2, 1],
        [[True, True, True], [True, True, True]],
        patience=[[9.0, 9.0, 9.0], [9.0, 9.0, 3.0]],
    )
    # customer 1 leaves the first level at 2, customer 0 at 4 and customer 2 at 7
    assert trace.customer.tolist() == [0, 1, 2, 1, 0, 2]
    assert trace.level.tolist() == [0, 0, 0, 1, 1, 1]
    assert trace.arrival.tolist() == [0, 1, 2, 2, 4, 7]
    assert trace.start[:5].tolist() == [0, 1, 2, 2, 12]
    assert trace.wait.tolist() == [0, 0, 0, 0, 8, 3]
    assert trace.departure.tolist() == [4, 2, 7, 12, 22, 10]
    assert trace.abandoned.tolist() == [False] * 5 + [True]
    assert trace.server.tolist() == [0, 1, 1, 0, 0, -1]


def test_who_gave_up_or_was_helped_goes_no_further() -> None:
    trace = fcfs_levels(
        [0.0, 0.0, 0.0], [[2.0, 2.0, 2.0]] * 2, [1, 1], [[False, True, True]] * 2, patience=[[9.0, 1.0, 2.0]] * 2
    )
    assert trace.customer.tolist() == [0, 1, 2, 2]
    assert trace.abandoned.tolist() == [False, True, False, False]


def test_ties_in_departure_go_by_customer() -> None:
    # at the second level customer 1 comes before customer 0, and all of them leave it at 6
    trace = fcfs_levels(
        [0.0, 0.0, 0.0], [[3.0, 2.0, 3.0], [3.0, 4.0, 3.0], [1.0] * 3], [3, 3, 1], np.ones((3, 3), dtype=bool)
    )
    assert trace.customer.tolist() == [0, 1, 2, 1, 0, 2, 0, 1, 2]
    assert trace.start[6:].tolist() == [6, 7, 8]


@given(queues(), st.data())
def test_levels_are_queues_one_after_another(queue: tuple[list[float], list[float], int], data: st.DataObject) -> None:
    arrival, _, servers = queue
    n = len(arrival)
    rows = st.lists(TIMES, min_size=n, max_size=n)
    service, patience = (np.array([data.draw(rows) for _ in range(3)]) for _ in range(2))
    escalates = np.array([data.draw(st.lists(st.booleans(), min_size=n, max_size=n)) for _ in range(3)], dtype=bool)
    trace = fcfs_levels(arrival, service, [servers, 1, 2], escalates, patience=patience)
    who, came = np.arange(n), np.asarray(arrival)
    for level, own in enumerate([servers, 1, 2]):
        rows_here = trace.level == level
        expected = fcfs(came, service[level, who], own, patience=patience[level, who])
        assert trace.customer[rows_here].tolist() == who.tolist()
        assert trace.arrival[rows_here].tolist() == came.tolist()
        assert np.array_equal(trace.start[rows_here], expected.start, equal_nan=True)
        assert trace.departure[rows_here].tolist() == expected.departure.tolist()
        left = [
            (expected.departure[place], one)
            for place, one in enumerate(who)
            if escalates[level, one] and not expected.abandoned[place]
        ]
        who = np.array([one for _, one in sorted(left)], dtype=int)
        came = np.array([at for at, _ in sorted(left)])
    order = np.lexsort((trace.customer, trace.arrival, trace.level))
    assert order.tolist() == list(range(len(order)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arrival": [0.0, 2.0, 1.0]}, r"arrival\[2\]: 1.0 is before 2.0; arrivals must not decrease"),
        ({"arrival": [0.0, NAN, 1.0]}, r"arrival\[1\]: expected a finite number, got nan"),
        ({"arrival": [0.0, 1.0, INF]}, r"arrival\[2\]: expected a finite number, got inf"),
        ({"arrival": [[0.0, 1.0, 2.0]]}, r"arrival: expected one number a customer, got an array of shape \(1, 3\)"),
        ({"arrival": 1.0}, "arrival: expected one number a customer"),
        ({"arrival": None}, "arrival: expected numbers, got an array of object"),
        ({"arrival": ["a", "b", "c"]}, "arrival: expected numbers"),
        ({"arrival": [True, True, True]}, "arrival: expected numbers, got an array of bool"),
        ({"arrival": [[0.0], [1.0, 2.0]]}, "arrival: expected an array, got rows of different lengths"),
        ({"service": [1.0, 1.0]}, r"service: expected an array of shape \(3,\), got one of shape \(2,\)"),
        ({"service": [1.0, -1.0, 1.0]}, r"service\[1\]: expected a finite number of at least 0, got -1.0"),
        ({"service": [1.0, INF, 1.0]}, r"service\[1\]: expected a finite"),
        ({"service": [1.0, NAN, 1.0]}, r"service\[1\]: expected a finite"),
        ({"service": [1.5e308, 1.5e308, 1.0]}, "service: expected times whose sum is finite, got inf"),
        ({"patience": [1.0, NAN, 1.0]}, r"patience\[1\]: expected a number of at least 0, or inf, got nan"),
        ({"patience": [-1.0, 1.0, 1.0]}, r"patience\[0\]: expected a number of at least 0"),
        ({"patience": 1.0}, r"patience: expected an array of shape \(3,\), got one of shape \(\)"),
        ({"servers": -1}, "servers: expected a whole number of at least 0, got -1"),
        ({"servers": True}, "servers: expected a whole number"),
        ({"servers": 2.0}, "servers: expected a whole number"),
        ({"servers": None}, "servers: expected a whole number"),
        ({"kind": [0, 0, 0]}, "kind says nothing without eligible: give both or neither"),
        ({"eligible": [[1]]}, "eligible says nothing without kind"),
        ({"kind": [0, 1, 0], "eligible": [[1]]}, r"kind\[1\]: expected a row of eligible, 0 to 0, got 1"),
        ({"kind": [0, -1, 0], "eligible": [[1]]}, r"kind\[1\]: expected a whole number of at least 0, got -1"),
        ({"kind": [0.0, 1.0, 0.0], "eligible": [[1]]}, "kind: expected whole numbers, got an array of float64"),
        ({"kind": [0, 0], "eligible": [[1]]}, r"kind: expected an array of shape \(3,\)"),
        ({"kind": [0, 0, 0], "eligible": [[1, 1]]}, r"eligible: expected an array of shape \(1, 1\), got one of"),
        ({"kind": [0, 0, 0], "eligible": [1]}, "eligible: expected a table of kinds by servers"),
        ({"kind": [0, 0, 0], "eligible": [["x"]]}, "eligible: expected truth values"),
        ({"kind": [0, 0, 0], "eligible": [[2]]}, "eligible: expected truth values, got an array of int64"),
        ({"kind": [0, 0, 0], "eligible": [[NAN]]}, "eligible: expected truth values"),
    ],
)
def test_bad_queues_are_refused(changes: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"arrival": [0.0, 1.0, 2.0], "service": [1.0, 1.0, 1.0], "servers": 1}
    with pytest.raises(ValueError, match=message):
        fcfs(**(good | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"servers": []}, "servers: expected one number of servers a level, got"),
        ({"servers": 2}, "servers: expected one number of servers a level, got 2"),
        ({"servers": "12"}, "servers: expected one number of servers a level, got '12'"),
        ({"servers": [1, 1.5]}, r"servers\[1\]: expected a whole number of at least 0, got 1.5"),
        ({"servers": [1, 1, 1]}, r"service: expected an array of shape \(3, 2\), got one of shape \(2, 2\)"),
        ({"service": [[1.0, 1.0], [1.0, NAN]]}, r"service\[1, 1\]: expected a finite number"),
        ({"patience": [[1.0, 1.0], [-1.0, 1.0]]}, r"patience\[1, 0\]: expected a number of at least 0"),
        ({"escalates": [True, False]}, r"escalates: expected an array of shape \(2, 2\)"),
        ({"escalates": [[0.5, 1.0], [0.0, 0.0]]}, "escalates: expected truth values, got an array of float64"),
        ({"escalates": None}, r"escalates: expected an array of shape \(2, 2\), got one of shape \(\)"),
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
        fcfs_levels(**(good | changes))


def test_arguments_are_left_as_they_were() -> None:
    arrival, service = np.array([0.0, 1.0]), np.array([[2.0, 2.0]])
    trace = fcfs_levels(arrival, service, (1,), np.array([[True, True]]), patience=np.array([[1.0, 0.5]]))
    assert arrival.flags.writeable
    assert arrival.tolist() == [0, 1]
    assert not trace.arrival.flags.writeable
    arrival[0] = -5.0
    assert trace.arrival.tolist() == [0, 1]


def test_traces_are_values() -> None:
    queue = fcfs([0.0, 1.0], [5.0, 1.0], 1, patience=[1.0, 1.0])
    levels = fcfs_levels([0.0], [[1.0], [2.0]], [1, 1], [[1], [0]])
    for trace in (queue, levels):
        assert pickle.loads(pickle.dumps(trace)) == copy.deepcopy(trace) == trace  # noqa: S301 - our own bytes
        assert not trace.wait.flags.writeable
        json.dumps(trace.to_dict(), allow_nan=False)
        assert "<table>" in trace._repr_html_()
    assert queue != levels
    assert queue.to_records()[1] == {
        "start": None,
        "wait": 1.0,
        "departure": 2.0,
        "server": -1,
        "abandoned": True,
    }
    assert levels.to_records()[1]["customer"] == 0
    assert isinstance(queue, QueueTrace)
    assert isinstance(levels, LevelTrace)
