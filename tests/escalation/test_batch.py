"""Many tickets at once: the order of urgency, one after the other, and all together against every other way."""

from __future__ import annotations

import json
import math
import pickle
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.routing import (
    CANDIDATE_CODES,
    AgentState,
    BatchDecision,
    BatchMethod,
    RoutingRules,
    TeamState,
    assign_batch,
    route,
)
from leadkit.escalation.tickets import Ticket
from leadkit.skills import SkillMatrix
from leadkit.testing.routing import RoutingCase, routing_cases

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
METHODS: tuple[BatchMethod, ...] = ("optimal", "greedy")


def desk(**levels: tuple[Any, ...]) -> Matrix:
    """Person -> levels of a, b and c, each a domain of its own; L1 at 1, L2 at 3."""
    skills = SkillMatrix(list(levels), ["a", "b", "c"], list(levels.values()))
    return build_matrix(skills, [LevelRule(id=f"L{rank}", rank=rank, threshold=2 * rank - 1) for rank in (1, 2)])


def team(**places: int) -> TeamState:
    return TeamState(agents=[AgentState(id=own, capacity=n) for own, n in places.items()])


def ticket(own: str, domain: str = "a", **fields: Any) -> Ticket:
    return Ticket(**{"id": own, "domain": domain, "created_at": NINE, **fields})


def people(batch: BatchDecision) -> dict[str, str | None]:
    return {decision.ticket: decision.person for decision in batch.decisions}


def test_tickets_stand_in_order_of_urgency() -> None:
    minute = timedelta(minutes=1)
    tickets = [
        ticket("late", created_at=NINE + minute),
        ticket("b"),
        ticket("a"),
        ticket("due", due_at=NINE + 60 * minute, created_at=NINE + 9 * minute),
        ticket("sooner", due_at=NINE + 30 * minute, created_at=NINE + 10 * minute),
        ticket("urgent", priority=1, created_at=NINE + 20 * minute),
    ]
    for method in METHODS:
        batch = assign_batch(tickets, desk(ann=(1, 1, 1)), team(ann=2), NINE, method=method)
        assert [own.ticket for own in batch.decisions] == ["urgent", "sooner", "due", "a", "b", "late"]
        assert batch.by_priority == {1: 1, 3: 1}
        assert (batch.assigned, batch.method) == (2, method)


def test_everybody_is_used_up_to_their_places() -> None:
    tickets = [ticket(f"t{i}") for i in range(5)]
    for method in METHODS:
        batch = assign_batch(tickets, desk(ann=(1, 1, 1), bo=(1, 1, 1)), team(ann=3, bo=1), NINE, method=method)
        assert Counter(people(batch).values()) == {"ann": 3, "bo": 1, None: 1}
        left = batch.decisions[-1]
        assert (left.action, left.reason, left.path[0].capable, left.path[0].available) == (
            "queue",
            "NO_CAPACITY",
            2,
            0,
        )
        assert {row.code for row in left.candidates} == {"AT_CAPACITY"}
    greedy = assign_batch(tickets, desk(ann=(1, 1, 1), bo=(1, 1, 1)), team(ann=3, bo=1), NINE, method="greedy")
    # by shares 0 and 0, 1/3 and 0, 1/3 and 1, 2/3 and 1
    assert [own.person for own in greedy.decisions] == ["ann", "bo", "ann", "ann", None]


def test_greedy_is_routing_one_after_the_other() -> None:
    matrix, state = desk(ann=(1, 1, 1), bo=(1, 0, 2), cy=(1.5, 1, 1)), team(ann=2, bo=2, cy=1)
    tickets = [ticket("t1"), ticket("t2", "c"), ticket("t3", "b"), ticket("t4"), ticket("t5", "c"), ticket("t6")]
    batch = assign_batch(tickets[::-1], matrix, state, NINE, method="greedy")
    for own, decision in zip(tickets, batch.decisions, strict=True):
        assert decision == route(own, matrix, state, NINE)
        taken = {decision.person: 1}
        agents = [attrs.evolve(agent, active=agent.active + taken.get(agent.id, 0)) for agent in state.agents]
        state = TeamState(agents=agents)


def test_optimal_places_more_than_greedy_where_somebody_is_needed_elsewhere() -> None:
    matrix = desk(ann=(1, 1, 0), bo=(1, 0, 0))
    tickets = [ticket("t1"), ticket("t2", "b")]
    greedy = assign_batch(tickets, matrix, team(ann=1, bo=1), NINE, method="greedy")
    optimal = assign_batch(tickets, matrix, team(ann=1, bo=1), NINE)
    assert (people(greedy), people(optimal)) == ({"t1": "ann", "t2": None}, {"t1": "bo", "t2": "ann"})
    assert {row.person: row.code for row in optimal.decisions[0].candidates} == {"ann": "AT_CAPACITY", "bo": "CHOSEN"}


def test_one_urgent_ticket_counts_more_than_any_number_of_others() -> None:
    matrix = desk(ann=(1, 1, 1), bo=(0, 1, 1))
    tickets = [ticket("u", priority=1), *(ticket(f"t{i}", "b", priority=2) for i in range(3)), ticket("v", "a")]
    batch = assign_batch(tickets, matrix, team(ann=1, bo=2), NINE)
    assert batch.by_priority == {1: 1, 2: 2, 3: 0}
    assert batch.decision("u").person == "ann"
    # a chain over which the urgent one pushes others aside
    chain = [ticket("u", "a", priority=1), ticket("x", "b", priority=2), ticket("y", "c", priority=3)]
    pushed = assign_batch(chain, desk(ann=(1, 1, 0), bo=(0, 1, 1)), team(ann=1, bo=1), NINE)
    assert people(pushed) == {"u": "ann", "x": "bo", "y": None}


def test_experts_are_kept_free() -> None:
    matrix = desk(ann=(2, 2, 2), bo=(1, 1, 2.5), cy=(1.5, 2, 1))
    batch = assign_batch([ticket("t1"), ticket("t2", "c")], matrix, team(ann=1, bo=1, cy=1), NINE)
    assert (people(batch), batch.surplus) == ({"t1": "bo", "t2": "cy"}, 0.0)


def test_somebody_who_would_have_come_first_is_spared_for_the_rest() -> None:
    matrix = desk(ann=(1, 1, 0), bo=(1, 0, 0))
    state = TeamState(agents=[AgentState(id="ann", capacity=2, active=0), AgentState(id="bo", capacity=4, active=3)])
    batch = assign_batch([ticket("t1"), ticket("t2", "b"), ticket("t3", "b")], matrix, state, NINE)
    assert people(batch) == {"t1": "bo", "t2": "ann", "t3": "ann"}
    assert {row.person: row.code for row in batch.decision("t1").candidates} == {"ann": "AT_CAPACITY", "bo": "CHOSEN"}
    cheap = desk(ann=(1.5, 0, 0), bo=(1, 0, 0))
    one = assign_batch([ticket("t1")], cheap, state, NINE)
    assert one.decision("t1").person == "bo"
    assert one.decision("t1").why("ann").startswith("ann would come before the one chosen")
    assert one.decision("t1").path[0].available == 2
    assert assign_batch([ticket("t1")], cheap, state, NINE, method="greedy").decision("t1").person == "ann"


def test_a_ticket_is_placed_at_the_level_where_it_would_go_if_all_were_there() -> None:
    matrix = desk(ann=(1, 0, 0), bo=(3, 3, 0))
    state = TeamState(agents=[AgentState(id="ann", on_shift=False), AgentState(id="bo", capacity=5)])
    tickets = [ticket("t1"), ticket("t2", "b"), ticket("t3", "c"), ticket("t4", "b", level=2)]
    for method in METHODS:
        batch = assign_batch(tickets, matrix, state, NINE, method=method)
        found = {own.ticket: (own.action, own.person, own.level) for own in batch.decisions}
        assert found == {
            "t1": ("queue", None, 1),
            "t2": ("escalate", "bo", 2),
            "t3": ("hold", None, 1),
            "t4": ("assign", "bo", 2),
        }
        assert batch.decision("t3").flags == ("no_owner",)
        assert batch.flags == ()


def test_consulting_takes_a_place_and_leaves_the_assignee() -> None:
    matrix, rules = desk(ann=(1, 0, 0), bo=(1, 0, 0)), RoutingRules(mode="consult")
    tickets = [ticket("t1", assignee="ann"), ticket("t2", assignee="bo"), ticket("t3", assignee="zed"), ticket("t4")]
    for method in METHODS:
        batch = assign_batch(tickets, matrix, team(ann=1, bo=2), NINE, method=method, rules=rules)
        assert [own.person for own in batch.decisions][:3] == ["ann", "bo", "zed"]
        assert [own.consulted for own in batch.decisions][:2] == ["bo", "ann"]
        assert (batch.assigned, batch.by_priority) == (3, {3: 3})


def test_nothing_to_do_and_nobody_to_do_it() -> None:
    for method in METHODS:
        nothing = assign_batch([], desk(ann=(1, 1, 1)), team(ann=1, zed=1), NINE, method=method)
        assert (nothing.decisions, nothing.assigned, nothing.by_priority, nothing.surplus) == ((), 0, {}, 0.0)
        assert nothing.flags == ("not_in_matrix:zed",)
        alone = assign_batch([ticket("t")], desk(ann=(1, 1, 1)), TeamState(agents=()), NINE, method=method)
        assert (alone.assigned, alone.decisions[0].action, alone.flags) == (0, "hold", ("no_state:ann",))


# all together, against every other way


def every_way(case: RoutingCase) -> list[tuple[tuple[int, ...], Fraction]]:
    """Counts by priority and surplus of every way to place tickets with people who have places."""
    tickets, matrix, state, now, rules = case
    everybody = [attrs.evolve(a, on_shift=True, absent_until=None, active=0, capacity=9) for a in state.agents]
    options: list[list[tuple[str, Fraction] | None]] = []
    for own in tickets:
        full = route(own, matrix, TeamState(agents=everybody), now, rules=rules)
        able = [row for row in full.candidates if row.code in {"CHOSEN", "BUSIER", "FEWER_PREFERRED", "LARGER_SURPLUS"}]
        able += [row for row in full.candidates if row.code in {"IDLE_SHORTER", "LATER_ID"}]
        options.append([None, *((row.person, Fraction(row.surplus)) for row in able)])
    places = {agent.id: agent.places * agent.is_there(now) for agent in state.agents}
    priorities = sorted({own.priority for own in tickets})
    found = []
    for way in product(*options):
        used = Counter(part[0] for part in way if part)
        if all(n <= places[person] for person, n in used.items()):
            counts = Counter(own.priority for own, part in zip(tickets, way, strict=True) if part)
            found.append((tuple(counts[p] for p in priorities), sum((part[1] for part in way if part), Fraction(0))))
    return found


@settings(max_examples=60)
@given(routing_cases(most_tickets=5))
def test_optimal_is_the_best_of_all_ways(case: RoutingCase) -> None:
    tickets, matrix, state, now, rules = case
    batch = assign_batch(tickets, matrix, state, now, rules=rules)
    best = min(every_way(case), key=lambda way: ([-n for n in way[0]], way[1]))
    assert (tuple(batch.by_priority.values()), Fraction(batch.surplus)) == best


@given(routing_cases(most_tickets=6))
def test_optimal_is_never_behind_greedy(case: RoutingCase) -> None:
    tickets, matrix, state, now, rules = case
    optimal, greedy = (assign_batch(tickets, matrix, state, now, method=m, rules=rules) for m in METHODS)
    assert list(optimal.by_priority) == list(greedy.by_priority) == sorted({own.priority for own in tickets})
    ours, theirs = list(optimal.by_priority.values()), list(greedy.by_priority.values())
    assert ours >= theirs
    if ours == theirs:
        assert optimal.surplus <= greedy.surplus


@given(routing_cases(most_tickets=6), st.sampled_from(METHODS))
def test_nobody_is_given_more_than_they_have_places(case: RoutingCase, method: BatchMethod) -> None:
    tickets, matrix, state, now, rules = case
    batch = assign_batch(tickets, matrix, state, now, method=method, rules=rules)
    found = [row.person for own in batch.decisions for row in own.candidates if row.chosen]
    for person, n in Counter(found).items():
        assert n <= state.agent(person).places
        assert state.agent(person).is_there(now)
    assert batch.assigned == len(found) == sum(batch.by_priority.values())
    chosen = [row.surplus for own in batch.decisions for row in own.candidates if row.chosen]
    assert batch.surplus == math.fsum(chosen)
    by_id = {own.id: own for own in tickets}
    for own in batch.decisions:
        assert own.level >= by_id[own.ticket].level
        assert own.owner == by_id[own.ticket].owner
        assert all(row.code in CANDIDATE_CODES for row in own.candidates)
        alone = route(by_id[own.ticket], matrix, state, now, rules=rules)
        assert (own.level, own.axis, own.relaxed) == (alone.level, alone.axis, alone.relaxed)
        able = {"CHOSEN", "BUSIER", "FEWER_PREFERRED", "LARGER_SURPLUS", "IDLE_SHORTER", "LATER_ID", "SPARED"}
        contenders = [row.person for row in own.candidates if row.code in able]
        if own.reason in {"ASSIGNED", "CONSULTED"}:
            assert len(contenders) == own.path[-1].available
            assert "SPARED" not in {row.code for row in own.candidates} or method == "optimal"
        else:
            assert contenders == []
            assert all(row.available == 0 for row in own.path)


@given(routing_cases(most_tickets=6), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_the_order_of_everything_changes_nothing(case: RoutingCase, method: BatchMethod, random: Any) -> None:
    tickets, matrix, state, now, rules = case
    agents = random.sample(state.agents, len(state.agents))
    skills = matrix.skills.select(random.sample(matrix.people, len(matrix.people)))
    again = assign_batch(
        iter(random.sample(tickets, len(tickets))),
        attrs.evolve(matrix, skills=skills),
        TeamState(agents=agents),
        now,
        method=method,
        rules=rules,
    )
    assert again == assign_batch(tickets, matrix, state, now, method=method, rules=rules)


@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_many_priorities_are_weighed_exactly(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    skills = tuple(f"s{i}" for i in range(n))
    persons = tuple(f"p{i}" for i in range(max(1, n - 2)))
    # levels whose sums no binary fraction holds, and priorities that no power of two could weigh
    levels = rng.choice([0.0, 1.1, 1e3, 1.7], (len(persons), n))
    matrix = build_matrix(SkillMatrix(persons, skills, levels), [LevelRule(id="L1", rank=1, threshold=1)])
    tickets = [ticket(f"t{i}", skills[i], priority=10 ** (40 * i) + 1) for i in range(n)]
    batch = assign_batch(tickets, matrix, team(**dict.fromkeys(persons, 1)), NINE)
    placed: set[int] = set()
    for i in range(n):  # in order of priority, whatever can be placed beside those before
        if is_matchable([*placed, i], levels >= 1):
            placed.add(i)
    assert [own.person is not None for own in batch.decisions] == [i in placed for i in range(n)]


def is_matchable(chosen: list[int], able: Any) -> bool:
    taken: dict[int, int] = {}

    def place(own: int, seen: set[int]) -> bool:
        for person in np.flatnonzero(able[:, own]).tolist():
            if person not in seen:
                seen.add(person)
                if person not in taken or place(taken[person], seen):
                    taken[person] = own
                    return True
        return False

    return all(place(own, set()) for own in chosen)


def test_places_without_end_are_no_columns_without_end() -> None:
    batch = assign_batch([ticket("t1"), ticket("t2")], desk(ann=(1, 1, 1)), team(ann=2**63 - 1), NINE)
    assert people(batch) == {"t1": "ann", "t2": "ann"}


def test_levels_of_any_size_do_not_overflow() -> None:
    matrix = desk(ann=(1e308, 1, 1), bo=(1, 1e308, 1))
    tickets = [ticket("t1", level=2), ticket("t2", "b", level=2), ticket("t3", "c")]
    batch = assign_batch(tickets, matrix, team(ann=2, bo=2), NINE)
    assert people(batch) == {"t1": "ann", "t2": "bo", "t3": "ann"}
    assert batch.surplus == math.inf


# results and wrong input


@given(routing_cases(), st.sampled_from(METHODS))
def test_a_batch_is_plain_data(case: RoutingCase, method: BatchMethod) -> None:
    tickets, matrix, state, now, rules = case
    batch = assign_batch(tickets, matrix, state, now, method=method, rules=rules)
    assert pickle.loads(pickle.dumps(batch)) == batch  # noqa: S301 - our own bytes
    data = json.loads(json.dumps(batch.to_dict(), allow_nan=False))
    assert len(data["decisions"]) == len(tickets)
    records = json.loads(json.dumps(batch.to_records(), allow_nan=False))
    assert [row["ticket"] for row in records] == [own.ticket for own in batch.decisions]
    assert all(isinstance(value, str | int | None) for row in records for value in row.values())
    shown = batch._repr_html_()
    assert f"<td>{records[0]['ticket']}</td><td>{records[0]['action']}</td>" in shown


def test_a_decision_is_found_by_its_ticket() -> None:
    batch = assign_batch([ticket("case-1")], desk(ann=(1, 1, 1)), team(ann=1), NINE)
    assert batch.decision("case-1").person == "ann"
    with pytest.raises(UnknownIdError, match=r"unknown ticket 'case-2' \(did you mean 'case-1'"):
        batch.decision("case-2")


def test_wrong_tickets_and_methods_are_told_at_once() -> None:
    matrix, state = desk(ann=(1, 1, 1)), team(ann=1)
    with pytest.raises(EscalationError, match="batch: 2 faults") as caught:
        assign_batch([ticket("t1"), ticket("t1")], matrix, state, NINE, method="best")  # type: ignore[arg-type]
    assert "ticket 't1': is there more than once" in str(caught.value)
    assert "method: expected one of 'optimal', 'greedy', got 'best'" in str(caught.value)
    for wrong in (None, ticket("t1"), "t1", ["t1"], [None]):
        with pytest.raises(EscalationError, match=r"batch: tickets"):
            assign_batch(wrong, matrix, state, NINE)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="now: expected a datetime with a time zone"):
        assign_batch([], matrix, state, datetime(2026, 5, 4))
    with pytest.raises(EscalationError, match="state: expected a TeamState"):
        assign_batch([], matrix, None, NINE)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="unknown domain 'd'"):
        assign_batch([ticket("t1", "d")], matrix, state, NINE)


def test_domains_of_several_skills_add_their_surpluses() -> None:
    skills = SkillMatrix(["ann", "bo"], ["a", "b"], [[1.5, 2.5], [2, 1.5]])
    domain = Domain(id="ab", skills={"a": 0, "b": 0.5})
    matrix = build_matrix(skills, [LevelRule(id="L1", rank=1, threshold=1)], domains=[domain])
    batch = assign_batch([ticket("t", "ab")], matrix, team(ann=1, bo=1), NINE)
    assert (batch.decisions[0].person, batch.surplus) == ("bo", 1.0)
