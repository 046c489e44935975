"""Where one ticket goes: the rules one by one, a plain second way to the same answer, and laws."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError, IllegalTransition, UnknownIdError
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.routing import (
    REASONS,
    AgentState,
    Decision,
    Relaxation,
    RoutingRules,
    TeamState,
    assign_batch,
    next_check,
    route,
)
from leadkit.escalation.tickets import Ticket
from leadkit.interchange import json as interchange
from leadkit.skills import SkillMatrix
from leadkit.testing.routing import PEOPLE, RoutingCase, relaxation, routing_cases, routing_rules, team_states

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEVELS = tuple(LevelRule(id=f"L{rank}", rank=rank, threshold=rank) for rank in (1, 2, 3))


def desk(levels: dict[str, Any], *, owners: Any = (), placement: Any = "highest", n_levels: int = 3) -> Matrix:
    """One domain, billing; others may know French or SQL too: person -> level, or (billing, french, sql)."""
    rows = [(*(own if isinstance(own, tuple) else (own,)), None, None)[:3] for own in levels.values()]
    skills = SkillMatrix(list(levels), ["billing", "french", "sql"], rows)
    domains = [Domain(id="billing", skills={"billing": 0}), Domain(id="reports", skills={"billing": 0, "sql": -1})]
    chain = {"billing": tuple(owners)} if owners else {}
    return build_matrix(skills, LEVELS[:n_levels], domains=domains, owners=chain, placement=placement)


def team(*agents: Any, **active: int) -> TeamState:
    """Agents as they are, ids with two places free, or ids with how many of three places are taken."""
    states = [own if isinstance(own, AgentState) else AgentState(id=own, capacity=2) for own in agents]
    return TeamState(agents=states + [AgentState(id=own, active=n, capacity=3) for own, n in active.items()])


def ticket(**fields: Any) -> Ticket:
    return Ticket(**{"id": "t1", "domain": "billing", "created_at": NINE, **fields})


def codes(decision: Decision) -> dict[str, str]:
    return {row.person: row.code for row in decision.candidates}


def path(decision: Decision) -> list[tuple[int, str, int, int]]:
    return [(row.level, row.reason, row.capable, row.available) for row in decision.path]


@pytest.mark.parametrize("status", ["resolved", "closed", "cancelled"])
def test_a_ticket_that_is_over_goes_to_nobody(status: Any) -> None:
    own, matrix, state = ticket(status=status), desk({"ann": 1}), team("ann")
    told = rf"ticket 't1': no move from '{status}' to 'assigned'; allowed: "
    with pytest.raises(IllegalTransition, match=told):
        route(own, matrix, state, NINE)
    for method in ("greedy", "optimal"):
        with pytest.raises(IllegalTransition, match=told):
            assign_batch([own], matrix, state, NINE, method=method)


@pytest.mark.parametrize("status", ["new", "assigned", "in_progress", "waiting", "reopened"])
def test_a_ticket_that_is_not_over_goes_to_somebody(status: Any) -> None:
    assert route(ticket(status=status), desk({"ann": 1}), team("ann"), NINE).person == "ann"


def test_sums_of_levels_beyond_every_number_go_last_and_still_count() -> None:
    huge = desk({"ann": (1.7e308, None, 1.7e308), "bo": (1, None, 1)}, n_levels=1, placement="all")
    own = ticket(domain="reports")
    assert route(own, huge, team("ann", "bo"), NINE).person == "bo"
    for method in ("greedy", "optimal"):
        found = assign_batch([own], huge, team("ann"), NINE, method=method)
        assert (found.assigned, found.decisions[0].person) == (1, "ann")


def test_somebody_is_looked_up_by_anything() -> None:
    state = team("ann")
    assert state.ids == ("ann",)
    assert state.find(["ann"]) is None  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match=r"unknown agent .* .did you mean 'ann'"):
        state.agent(["ann"])  # type: ignore[arg-type]


@pytest.mark.parametrize("now", [None, "09:00", NINE.replace(tzinfo=None)])
def test_whether_somebody_is_there_takes_an_aware_instant(now: Any) -> None:
    for agent in (AgentState(id="ann"), AgentState(id="ann", absent_until=NINE)):
        assert agent.is_there(NINE)
        with pytest.raises(EscalationError, match="now: expected a datetime"):
            agent.is_there(now)


def test_rules_and_teams_come_back_from_json() -> None:
    rules = RoutingRules(
        relax=[Relaxation(after=5 * MINUTE, skill="sql", to=None), Relaxation(after=MINUTE, skill="sql", to=1.5)],
        mode="consult",
        max_level=2,
        fairness=MINUTE,
    )
    state = team(AgentState(id="ann", idle_since=NINE, absent_until=NINE + MINUTE), "bo", cy=2)
    assert interchange.loads(interchange.dumps(rules), RoutingRules) == rules
    assert interchange.loads(interchange.dumps(state), TeamState) == state
    assert interchange.loads(interchange.dumps(state.agents[0]), AgentState) == state.agents[0]


# rules 1 and 2: capable, available, and what follows


def test_a_ticket_goes_to_somebody_at_its_level_who_is_free() -> None:
    found = route(ticket(owner="eve"), desk({"ann": 1, "bo": 2}), team("ann", "bo"), NINE)
    assert (found.ticket, found.action, found.person, found.level, found.from_level) == ("t1", "assign", "ann", 1, 1)
    assert (found.axis, found.owner, found.consulted, found.reason) == (None, "eve", None, "ASSIGNED")
    assert path(found) == [(1, "ASSIGNED", 1, 1)]
    assert (found.relaxed, found.flags) == ((), ())
    assert codes(found) == {"ann": "CHOSEN", "bo": "OTHER_LEVEL"}


def test_with_placement_all_higher_people_help_at_lower_levels() -> None:
    matrix = desk({"ann": 1, "bo": 2}, placement="all")
    found = route(ticket(), matrix, team("bo", ann=2), NINE)
    assert (found.person, codes(found)) == ("bo", {"ann": "BUSIER", "bo": "CHOSEN"})
    assert [row.level for row in found.candidates] == [1, 1]
    assert [row.level for row in route(ticket(level=2), matrix, team("ann", "bo"), NINE).candidates] == [1, 2]


@pytest.mark.parametrize(
    ("agent", "code"),
    [
        (AgentState(id="ann", on_shift=False), "OFF_SHIFT"),
        (AgentState(id="ann", on_shift=False, active=1), "OFF_SHIFT"),
        (AgentState(id="ann", absent_until=NINE + MINUTE), "ABSENT"),
        (AgentState(id="ann", absent_until=NINE + MINUTE, active=1), "ABSENT"),
        (AgentState(id="ann", active=1), "AT_CAPACITY"),
        (AgentState(id="ann", active=5), "AT_CAPACITY"),
        (AgentState(id="ann", capacity=0), "AT_CAPACITY"),
    ],
)
def test_a_ticket_waits_for_who_is_capable_and_does_not_climb(agent: AgentState, code: str) -> None:
    found = route(ticket(), desk({"ann": 1, "bo": 2}), team(agent, "bo"), NINE)
    assert (found.action, found.person, found.level, found.reason) == ("queue", None, 1, "NO_CAPACITY")
    assert path(found) == [(1, "NO_CAPACITY", 1, 0)]
    assert codes(found) == {"ann": code, "bo": "OTHER_LEVEL"}
    assert not any(row.chosen for row in found.candidates)


def test_somebody_absent_is_there_again_at_the_instant() -> None:
    back = AgentState(id="ann", absent_until=NINE)
    assert route(ticket(), desk({"ann": 1}), team(back), NINE).person == "ann"
    assert route(ticket(), desk({"ann": 1}), team(back), NINE - timedelta.resolution).person is None


def test_where_nobody_is_capable_a_ticket_goes_up() -> None:
    found = route(ticket(), desk({"ann": 3, "bo": 0}), team("ann", "bo"), NINE)
    assert (found.action, found.axis, found.person, found.level) == ("escalate", "functional", "ann", 3)
    assert path(found) == [(1, "NO_CAPABILITY", 0, 0), (2, "NO_CAPABILITY", 0, 0), (3, "ASSIGNED", 1, 1)]
    assert codes(found) == {"ann": "CHOSEN", "bo": "BELOW_THRESHOLD"}


def test_it_waits_there_where_the_capable_are_busy() -> None:
    found = route(ticket(), desk({"ann": 2, "bo": 3}), team("bo", ann=3), NINE)
    assert (found.action, found.axis, found.person, found.level) == ("escalate", "functional", None, 2)
    assert (found.reason, path(found)[-1]) == ("NO_CAPACITY", (2, "NO_CAPACITY", 1, 0))


def test_where_nobody_is_capable_at_all_the_owner_is_asked() -> None:
    found = route(ticket(owner="cy"), desk({"ann": 0, "bo": None}, owners=("eve", "dee")), team("ann", "bo"), NINE)
    assert (found.action, found.axis, found.person, found.level) == ("hold", "hierarchical", None, 1)
    assert (found.consulted, found.owner, found.reason, found.flags) == ("eve", "cy", "UNROUTABLE", ())
    assert [row.reason for row in found.path] == ["NO_CAPABILITY"] * 3
    assert codes(found) == {"ann": "BELOW_THRESHOLD", "bo": "NOT_ASSESSED"}


def test_a_domain_without_owners_has_nobody_to_ask() -> None:
    found = route(ticket(), desk({"ann": 0}), team("ann"), NINE)
    assert (found.action, found.consulted, found.flags) == ("hold", None, ("no_owner",))


def test_a_ticket_never_goes_down_and_not_above_the_highest_level_allowed() -> None:
    matrix = desk({"ann": 1, "bo": 3}, owners=["eve"])
    state = team("ann", "bo")
    assert route(ticket(level=2), matrix, state, NINE).person == "bo"
    held = route(ticket(level=2), matrix, state, NINE, rules=RoutingRules(max_level=2))
    assert (held.action, held.level, len(held.path)) == ("hold", 2, 1)
    assert codes(held) == {"ann": "OTHER_LEVEL", "bo": "OTHER_LEVEL"}
    assert route(ticket(level=2), matrix, state, NINE, rules=RoutingRules(max_level=9)).person == "bo"


def test_a_ticket_above_the_highest_level_allowed_is_looked_at_where_it_is() -> None:
    matrix, rules = desk({"ann": 1, "bo": 3}), RoutingRules(max_level=1)
    assert route(ticket(level=3), matrix, team("bo"), NINE, rules=rules).action == "assign"
    assert route(ticket(level=2), matrix, team("bo"), NINE, rules=rules).action == "hold"


def test_what_a_ticket_requires_is_asked_of_people_at_each_level() -> None:
    matrix = desk({"ann": (1, 0), "bo": (1, None), "cy": (2, 2), "dee": (2, 1)})
    found = route(ticket(requires={"french": 2}), matrix, team("ann", "bo", "cy", "dee"), NINE)
    assert (found.action, found.person) == ("escalate", "cy")
    assert codes(found)["dee"] == "MISSING_REQUIRED"
    assert path(found)[0] == (1, "NO_CAPABILITY", 0, 0)
    held = route(ticket(requires={"french": 3}), matrix, team("ann", "bo", "cy", "dee"), NINE)
    assert held.action == "hold"
    assert set(codes(held).values()) == {"MISSING_REQUIRED"}
    assert [row.level for row in held.candidates] == [1, 1, 2, 2]


def test_who_the_state_or_the_matrix_does_not_know_takes_no_part() -> None:
    found = route(ticket(), desk({"ann": 1, "bo": 2, "cy": 0}), team("zed", "bo", "yve"), NINE)
    assert (found.action, found.person) == ("escalate", "bo")
    assert found.flags == ("no_state:ann", "no_state:cy", "not_in_matrix:yve", "not_in_matrix:zed")
    assert codes(found) == {"bo": "CHOSEN"}


def test_nobody_in_the_team_at_all() -> None:
    found = route(ticket(), desk({"ann": 1}), TeamState(agents=[]), NINE)
    assert (found.action, found.candidates, found.flags) == ("hold", (), ("no_owner", "no_state:ann"))


# rule 3: who comes first


def test_the_least_share_of_the_capacity_comes_first() -> None:
    agents = AgentState(id="ann", active=1, capacity=2), AgentState(id="bo", active=2, capacity=5)
    found = route(ticket(), desk({"ann": 1, "bo": 1}), team(*agents), NINE)
    assert (found.person, codes(found)["ann"]) == ("bo", "BUSIER")
    assert [row.load for row in found.candidates] == [0.5, 0.4]


def test_shares_are_exact_fractions() -> None:
    # 1/3 as a float differs from (10**17 + 1) / (3 * 10**17) by less than a bit
    many = 10**17
    agents = AgentState(id="ann", active=many + 1, capacity=3 * many), AgentState(id="bo", active=1, capacity=3)
    assert (many + 1) / (3 * many) == 1 / 3
    found = route(ticket(), desk({"ann": 1, "bo": 1}), team(*agents), NINE)
    assert (found.person, codes(found)["ann"]) == ("bo", "BUSIER")
    even = AgentState(id="ann", active=2, capacity=6), AgentState(id="bo", active=1, capacity=3)
    assert codes(route(ticket(), desk({"ann": 1, "bo": 1}), team(*even), NINE))["bo"] == "LATER_ID"


def test_then_more_of_the_preferred_skills() -> None:
    matrix = desk({"ann": (1, 0, 1), "bo": (1, 1, 1), "cy": (1, None, None)})
    found = route(ticket(preferred=["french", "sql"]), matrix, team("ann", "bo", "cy"), NINE)
    assert codes(found) == {"ann": "FEWER_PREFERRED", "bo": "CHOSEN", "cy": "FEWER_PREFERRED"}
    assert [row.preferred_met for row in found.candidates] == [1, 2, 0]
    higher = desk({"ann": (2, 1), "bo": (2, 2)})
    assert route(ticket(level=2, preferred=["french"]), higher, team("ann", "bo"), NINE).person == "bo"


def test_then_the_smaller_surplus() -> None:
    matrix = desk({"ann": 1.75, "bo": 1.5, "cy": 1.75})
    found = route(ticket(), matrix, team("ann", "bo", "cy"), NINE)
    assert codes(found) == {"ann": "LARGER_SURPLUS", "bo": "CHOSEN", "cy": "LARGER_SURPLUS"}
    assert [row.surplus for row in found.candidates] == [0.75, 0.5, 0.75]


def test_the_surplus_counts_each_skill_once_at_the_greater_need() -> None:
    matrix = desk({"ann": (2.5, 2, 3), "bo": (2, 3, 1)})
    needs = {"billing": 1.0, "french": 1.5, "sql": 1.0}
    found = route(ticket(domain="reports", level=2, requires=needs), matrix, team("ann", "bo"), NINE)
    # the level asks for billing 2 and sql 1, the ticket for french 1.5
    assert [row.surplus for row in found.candidates] == [0.5 + 0.5 + 2.0, 0.0 + 1.5 + 0.0]
    assert found.person == "bo"


def test_then_who_is_idle_for_longest_and_none_last() -> None:
    agents = (
        AgentState(id="ann"),
        AgentState(id="bo", idle_since=NINE - 5 * MINUTE),
        AgentState(id="cy", idle_since=NINE - 6 * MINUTE),
    )
    found = route(ticket(), desk({"ann": 1, "bo": 1, "cy": 1}), team(*agents), NINE)
    assert codes(found) == {"ann": "IDLE_SHORTER", "bo": "IDLE_SHORTER", "cy": "CHOSEN"}


def test_then_the_id() -> None:
    found = route(ticket(), desk({"bo": 1, "B": 1, "ann": 1}), team("ann", "bo", "B"), NINE)
    assert codes(found) == {"B": "CHOSEN", "ann": "LATER_ID", "bo": "LATER_ID"}


def idle(**minutes: float | None) -> TeamState:
    states = ((own, None if since is None else NINE - since * MINUTE) for own, since in minutes.items())
    return TeamState(agents=[AgentState(id=own, idle_since=since) for own, since in states])


def test_fairness_takes_near_idle_times_as_equal() -> None:
    matrix = desk({"ann": 1, "bo": 1, "cy": 1})
    rules = RoutingRules(fairness=5 * MINUTE)
    state = idle(ann=6, bo=10, cy=None)
    assert codes(route(ticket(), matrix, state, NINE)) == {"ann": "IDLE_SHORTER", "bo": "CHOSEN", "cy": "IDLE_SHORTER"}
    found = route(ticket(), matrix, state, NINE, rules=rules)
    assert codes(found) == {"ann": "CHOSEN", "bo": "LATER_ID", "cy": "IDLE_SHORTER"}
    assert route(ticket(), matrix, idle(ann=5, bo=10, cy=1), NINE, rules=rules).person == "bo"
    assert route(ticket(), matrix, idle(ann=None, bo=None, cy=None), NINE, rules=rules).person == "ann"


def test_a_chain_of_near_idle_times_is_measured_from_the_longest() -> None:
    matrix = desk({"ann": 1, "bo": 1, "cy": 1})
    # ann is near bo and bo is near cy, and ann is not near cy
    found = route(ticket(), matrix, idle(ann=2, bo=6, cy=10), NINE, rules=RoutingRules(fairness=5 * MINUTE))
    assert codes(found) == {"ann": "IDLE_SHORTER", "bo": "CHOSEN", "cy": "LATER_ID"}


def test_fairness_is_measured_among_those_who_are_even_up_to_then() -> None:
    state = TeamState(
        agents=[
            AgentState(id="ann", idle_since=NINE - 6 * MINUTE, capacity=2),
            AgentState(id="bo", idle_since=NINE - 9 * MINUTE, capacity=2),
            AgentState(id="cy", idle_since=NINE - 60 * MINUTE, active=1, capacity=2),
        ]
    )
    matrix = desk({"ann": 1, "bo": 1, "cy": 1})
    assert route(ticket(), matrix, state, NINE, rules=RoutingRules(fairness=5 * MINUTE)).person == "ann"


# rule 5: relaxations

FRENCH = Relaxation(after=20 * MINUTE, skill="french", to=None)


def test_a_relaxation_holds_from_its_instant_on() -> None:
    matrix, rules = desk({"ann": (1, 0)}, owners=["eve"]), RoutingRules(relax=[FRENCH])
    asks = ticket(requires={"french": 2})
    before = route(asks, matrix, team("ann"), NINE + 20 * MINUTE - timedelta.resolution, rules=rules)
    assert (before.action, before.relaxed) == ("hold", ())
    after = route(asks, matrix, team("ann"), NINE + 20 * MINUTE, rules=rules)
    assert (after.action, after.person, after.relaxed) == ("assign", "ann", (FRENCH,))
    assert after.candidates[0].surplus == 0.0


def test_a_relaxation_never_asks_for_more_and_never_of_the_matrix() -> None:
    later = Relaxation(after=30 * MINUTE, skill="french", to=2)
    rules = RoutingRules(relax=[later, FRENCH, Relaxation(after=timedelta(0), skill="french", to=1.5)])
    matrix = desk({"ann": (1, 1)}, owners=["eve"])
    asks = ticket(requires={"french": 1})
    assert route(asks, matrix, team("ann"), NINE + 10 * MINUTE, rules=rules).relaxed == ()
    assert route(asks, matrix, team("ann"), NINE + 60 * MINUTE, rules=rules).relaxed == (FRENCH,)
    domain = Relaxation(after=timedelta(0), skill="billing", to=None)
    found = route(
        ticket(requires={"billing": 2}), desk({"ann": 0.5}), team("ann"), NINE, rules=RoutingRules(relax=[domain])
    )
    assert (found.action, found.relaxed) == ("hold", (domain,))
    assert route(ticket(), matrix, team("ann"), NINE, rules=RoutingRules(relax=[domain])).relaxed == ()


def test_all_relaxations_that_made_a_difference_are_listed() -> None:
    first, second = (Relaxation(after=n * MINUTE, skill="sql", to=to) for n, to in ((5, 2.0), (9, 1.0)))
    rules = RoutingRules(relax=[FRENCH, second, first])
    assert rules.relax == (first, second, FRENCH)
    asks = ticket(requires={"sql": 3, "french": 1})
    found = route(asks, desk({"ann": (1, 1, 1)}), team("ann"), NINE + 10 * MINUTE, rules=rules)
    assert (found.person, found.relaxed) == ("ann", (first, second))


def test_the_next_check_is_the_next_relaxation_that_matters() -> None:
    first, second = (Relaxation(after=n * MINUTE, skill="sql", to=to) for n, to in ((5, 2.0), (9, 2.0)))
    rules = RoutingRules(relax=[FRENCH, second, first])
    asks = ticket(requires={"sql": 3, "french": 1})
    assert next_check(asks, rules, NINE - MINUTE) == NINE + 5 * MINUTE
    assert next_check(asks, rules, NINE + 5 * MINUTE) == NINE + 20 * MINUTE
    assert next_check(asks, rules, NINE + 20 * MINUTE) is None
    assert next_check(ticket(requires={"french": 2}), rules, NINE) == NINE + 20 * MINUTE
    assert next_check(ticket(), rules, NINE) is None
    never = RoutingRules(relax=[Relaxation(after=timedelta.max, skill="sql", to=None)])
    assert next_check(asks, never, NINE) is None
    there = NINE.astimezone(timezone(timedelta(hours=-7)))
    assert next_check(asks, rules, there) == NINE + 5 * MINUTE


# rule 6: to consult

CONSULT = RoutingRules(mode="consult")


def test_somebody_consulted_joins_and_the_assignee_stays() -> None:
    asks = ticket(assignee="ann", owner="dee", status="in_progress")
    found = route(asks, desk({"ann": 1, "bo": 1}), team("bo", ann=1), NINE, rules=CONSULT)
    assert (found.action, found.person, found.consulted) == ("assign", "ann", "bo")
    assert (found.owner, found.reason, found.flags) == ("dee", "CONSULTED", ("learning_opportunity",))
    assert codes(found) == {"ann": "ASSIGNEE", "bo": "CHOSEN"}
    assert path(found) == [(1, "CONSULTED", 1, 1)]


def test_an_assignee_does_not_consult_themselves() -> None:
    found = route(ticket(assignee="ann"), desk({"ann": 1, "bo": 2}), team("ann", "bo"), NINE, rules=CONSULT)
    assert (found.action, found.axis, found.level) == ("escalate", "functional", 2)
    assert (found.person, found.consulted) == ("ann", "bo")
    moved = route(ticket(assignee="ann"), desk({"ann": 1, "bo": 2}), team("ann", "bo"), NINE)
    assert (moved.action, moved.person, moved.consulted, moved.flags) == ("assign", "ann", None, ())


def test_the_assignee_stays_where_nobody_can_be_consulted() -> None:
    busy = route(ticket(assignee="ann"), desk({"ann": 1, "bo": 1}), team("ann", bo=3), NINE, rules=CONSULT)
    assert (busy.action, busy.person, busy.consulted, busy.flags) == ("queue", "ann", None, ())
    held = route(ticket(assignee="ann"), desk({"ann": 1}, owners=["eve"]), team("ann"), NINE, rules=CONSULT)
    assert (held.action, held.person, held.consulted, held.flags) == ("hold", "ann", "eve", ())
    assert codes(held) == {"ann": "ASSIGNEE"}


def test_without_an_assignee_the_ticket_changes_hands() -> None:
    found = route(ticket(), desk({"ann": 1}), team("ann"), NINE, rules=CONSULT)
    assert (found.person, found.consulted, found.reason, found.flags) == ("ann", None, "ASSIGNED", ("no_assignee",))


# a plain second way, and laws


def reference(case: RoutingCase, own: Ticket) -> tuple[str, str | None, int]:
    """Action, who was found, and level, by the words of the rules alone."""
    _, matrix, state, now, rules = case
    needs = dict(own.requires)
    for part in rules.relax:
        if part.skill in needs and now - own.created_at >= part.after:
            needs[part.skill] = min(needs[part.skill], -1.0 if part.to is None else part.to)
    needs = {skill: least for skill, least in needs.items() if least >= 0}
    states = {agent.id: agent for agent in state.agents}
    for level in matrix.levels[own.level - 1 : max(own.level, rules.max_level or 9)]:
        people = [person for person in matrix.at(own.domain, level.id) if person in states]
        people = [p for p in people if all(matrix.skills.level(p, s) >= least for s, least in needs.items())]
        if rules.mode == "consult":
            people = [person for person in people if person != own.assignee]
        free = [states[person] for person in people if states[person].on_shift]
        free = [agent for agent in free if agent.absent_until is None or agent.absent_until <= now]
        free = [agent for agent in free if agent.active < agent.capacity]
        domain = next(part for part in matrix.domains if part.id == own.domain)
        asked = {skill: level.threshold_of(skill) + offset for skill, offset in domain.skills.items()}
        asked |= {skill: max(least, asked.get(skill, 0.0)) for skill, least in needs.items()}

        def rank(agent: AgentState) -> Any:
            wishes = sum(matrix.skills.level(agent.id, s) >= level.threshold_of(s) for s in own.preferred)  # noqa: B023
            surplus = sum(matrix.skills.level(agent.id, s) - least for s, least in asked.items())  # noqa: B023
            return Fraction(agent.active, agent.capacity), -wishes, surplus

        if free:
            best = min(map(rank, free))
            even = [agent for agent in free if rank(agent) == best]
            longest = min((agent.idle_since for agent in even if agent.idle_since), default=None)
            if longest is not None:
                within = rules.fairness or timedelta.resolution
                within = max(within, timedelta.resolution)
                even = [agent for agent in even if agent.idle_since and agent.idle_since - longest < within]
            person = min(agent.id for agent in even)
            return ("assign" if level.rank == own.level else "escalate"), person, level.rank
        if people:
            return ("queue" if level.rank == own.level else "escalate"), None, level.rank
    return "hold", None, own.level


def found_by(decision: Decision) -> str | None:
    chosen = [row.person for row in decision.candidates if row.chosen]
    return chosen[0] if chosen else None


@given(routing_cases())
def test_route_does_what_the_words_of_the_rules_say(case: RoutingCase) -> None:
    tickets, matrix, state, now, rules = case
    for own in tickets:
        decision = route(own, matrix, state, now, rules=rules)
        assert (decision.action, found_by(decision), decision.level) == reference(case, own)


@given(routing_cases(), st.randoms(use_true_random=False))
def test_the_order_of_agents_people_and_relaxations_changes_nothing(case: RoutingCase, random: Any) -> None:
    (own, *_), matrix, state, now, rules = case
    agents, relax = list(state.agents), list(rules.relax)
    random.shuffle(agents)
    random.shuffle(relax)
    people = random.sample(matrix.people, len(matrix.people))
    skills = matrix.skills.select(people, random.sample(matrix.skills.skills, 3))
    again = Matrix(
        skills=skills,
        levels=matrix.levels[::-1],
        domains=matrix.domains[::-1],
        owners=matrix.owners,
        placement=matrix.placement,
    )
    rules_again = attrs.evolve(rules, relax=relax)
    assert rules_again == rules
    assert TeamState(agents=agents) == state
    same = route(own, again, TeamState(agents=agents), now, rules=rules_again)
    assert same == route(own, matrix, state, now, rules=rules)


@given(routing_cases(), st.timedeltas(-timedelta(days=900), timedelta(days=900)))
def test_shifting_every_instant_shifts_the_decision(case: RoutingCase, shift: timedelta) -> None:
    (own, *_), matrix, state, now, rules = case

    def moved(value: Any, *names: str) -> Any:
        instants = {name: getattr(value, name) for name in names}
        return attrs.evolve(value, **{name: at and at + shift for name, at in instants.items()})

    later = TeamState(agents=[moved(agent, "idle_since", "absent_until") for agent in state.agents])
    found = route(moved(own, "created_at", "due_at"), matrix, later, now + shift, rules=rules)
    before = route(own, matrix, state, now, rules=rules)
    rows = tuple(moved(row, "idle_since") for row in before.candidates)
    assert found == attrs.evolve(before, candidates=rows)
    check = next_check(own, rules, now)
    assert next_check(moved(own, "created_at"), rules, now + shift) == (check and check + shift)


@given(routing_cases())
def test_exactly_one_is_chosen_where_somebody_is_found(case: RoutingCase) -> None:
    tickets, matrix, state, now, rules = case
    for own in tickets:
        decision = route(own, matrix, state, now, rules=rules)
        chosen = [row.person for row in decision.candidates if row.code == "CHOSEN"]
        assert chosen == [row.person for row in decision.candidates if row.chosen]
        is_joined = "learning_opportunity" in decision.flags
        is_found = decision.reason in {"ASSIGNED", "CONSULTED"}
        assert len(chosen) == is_found
        assert is_joined == (decision.reason == "CONSULTED")
        if is_found:
            assert chosen[0] == (decision.consulted if is_joined else decision.person)


@given(routing_cases())
def test_the_level_never_falls_and_the_owner_never_changes(case: RoutingCase) -> None:
    tickets, matrix, state, now, rules = case
    for own in tickets:
        decision = route(own, matrix, state, now, rules=rules)
        assert decision.from_level == own.level <= decision.level <= len(matrix.levels)
        assert decision.owner == own.owner
        assert [row.level for row in decision.path] == list(range(own.level, own.level + len(decision.path)))
        assert all(row.available <= row.capable for row in decision.path)
        assert all(row.reason in REASONS for row in decision.path)
        assert all(flag.split(":")[0] in ESCALATION_FLAGS for flag in decision.flags)
        if rules.mode == "consult" and own.assignee is not None:
            assert decision.person == own.assignee


@given(routing_cases(), st.booleans())
def test_adding_somebody_ineligible_changes_one_row(case: RoutingCase, is_assessed: bool) -> None:
    (own, *_), matrix, state, now, rules = case
    skills = matrix.skills
    levels = np.vstack([skills.levels, np.full(len(skills.skills), 0.0 if is_assessed else np.nan)])
    wider = attrs.evolve(matrix, skills=SkillMatrix([*skills.people, "zed"], skills.skills, levels))
    more = TeamState(agents=[AgentState(id="zed"), *state.agents])
    before, after = route(own, matrix, state, now, rules=rules), route(own, wider, more, now, rules=rules)
    assert after.candidates[-1].code == ("BELOW_THRESHOLD" if is_assessed else "NOT_ASSESSED")
    assert attrs.evolve(after, candidates=after.candidates[:-1]) == before


@given(routing_cases(), st.sampled_from(("off", "absent", "full")))
def test_adding_somebody_capable_who_is_not_free_changes_no_choice(case: RoutingCase, why: str) -> None:
    (own, *_), matrix, state, now, rules = case
    before = route(own, matrix, state, now, rules=rules)
    outsiders = [p for p in matrix.people if state.find(p) is None]
    if not outsiders or before.action == "hold":
        return
    kinds: Any = {"off": {"on_shift": False}, "absent": {"absent_until": now + MINUTE}, "full": {"active": 1}}
    more = TeamState(agents=[*state.agents, AgentState(id=outsiders[0], **kinds[why])])
    after = route(own, matrix, more, now, rules=rules)
    if after.level == before.level:
        assert (after.action, after.person, after.consulted) == (before.action, before.person, before.consulted)
        assert [row for row in after.candidates if row.person != outsiders[0]] == list(before.candidates)
    else:
        # a level below has somebody capable now, for whom the ticket waits
        assert (after.reason, after.level < before.level) == ("NO_CAPACITY", True)


@given(routing_cases(most_tickets=1), st.integers(0, 60))
def test_nothing_changes_before_the_next_check(case: RoutingCase, minutes: int) -> None:
    (own,), matrix, _, now, rules = case
    state = TeamState(agents=[AgentState(id=person) for person in PEOPLE])
    check = next_check(own, rules, now)
    then = now + minutes * MINUTE
    if check is None or then < check:
        assert route(own, matrix, state, then, rules=rules) == route(own, matrix, state, now, rules=rules)
    else:
        assert (
            route(own, matrix, state, check, rules=rules).relaxed != route(own, matrix, state, now, rules=rules).relaxed
        )


# models and wrong input


def test_agents_and_teams() -> None:
    local = datetime(2026, 5, 4, 11, tzinfo=timezone(timedelta(hours=2)))
    agent = AgentState(id="ann", active=4, capacity=3, idle_since=local, absent_until=local)
    assert agent.idle_since is not None
    assert agent.idle_since.tzinfo is UTC
    assert agent == AgentState(id="ann", active=4, capacity=3, idle_since=NINE, absent_until=NINE)
    assert (agent.places, agent.is_there(NINE), agent.is_there(NINE - MINUTE)) == (0, True, False)
    assert team("bo", "ann").find("cy") is None
    with pytest.raises(UnknownIdError, match=r"unknown agent 'anna' \(did you mean 'ann'"):
        team("bo", "ann").agent("anna")


def test_a_wrong_agent_is_told_all_that_is_wrong() -> None:
    wrong: dict[str, Any] = {"active": 1.5, "capacity": -2, "on_shift": None}
    with pytest.raises(EscalationError, match="agent '': 6 faults") as caught:
        AgentState(id="", idle_since=datetime(2026, 5, 4), absent_until="now", **wrong)
    assert [fault.where for fault in caught.value.faults] == [
        "id",
        "on_shift",
        "active",
        "capacity",
        "idle_since",
        "absent_until",
    ]


@pytest.mark.parametrize("agents", [None, "ann", 3, ["ann"], [None], AgentState(id="ann")])
def test_a_team_of_something_else(agents: Any) -> None:
    with pytest.raises(EscalationError, match=r"team state: .*agents"):
        TeamState(agents=agents)


def test_somebody_twice_in_a_team() -> None:
    with pytest.raises(EscalationError, match="2 faults\n  agent 'ann': is there more than once\n  agent 'bo'"):
        team("bo", "ann", "bo", "ann", "cy")


def test_wrong_rules_are_told_all_that_is_wrong() -> None:
    wrong: dict[str, Any] = {"mode": "transfr", "max_level": True, "fairness": -MINUTE}
    with pytest.raises(EscalationError, match="did you mean 'transfer'") as caught:
        RoutingRules(relax="french", **wrong)
    assert [fault.where for fault in caught.value.faults] == ["relax", "mode", "max_level", "fairness"]
    with pytest.raises(EscalationError, match="max_level: expected a whole number of at least 1, got 0"):
        RoutingRules(max_level=0)
    with pytest.raises(EscalationError, match="skill 'french' is relaxed twice after 0:20:00"):
        RoutingRules(relax=[FRENCH, Relaxation(after=20 * MINUTE, skill="french", to=1)])
    with pytest.raises(EscalationError, match="relaxation: 3 faults"):
        Relaxation(after=-MINUTE, skill=" ", to=float("nan"))
    with pytest.raises(EscalationError, match="after: expected a timedelta, got 5"):
        Relaxation(after=5, skill="sql", to=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, "t1", "ticket: expected a Ticket, got str"),
        (1, None, "matrix: expected a Matrix, got NoneType"),
        (2, ["ann"], "state: expected a TeamState, got list"),
        (3, None, "now: expected a datetime, got None"),
        (3, datetime(2026, 5, 4, 9), "now: expected a datetime with a time zone, got 2026-05-04T09:00:00 without one"),
        (3, "2026-05-04", "now: expected a datetime, got '2026-05-04'"),
    ],
)
def test_an_argument_of_another_kind(place: int, value: Any, message: str) -> None:
    arguments: list[Any] = [ticket(), desk({"ann": 1}), team("ann"), NINE]
    arguments[place] = value
    with pytest.raises(EscalationError, match=message):
        route(*arguments)
    if place in {0, 3}:
        with pytest.raises(EscalationError, match=message):
            next_check(arguments[0], RoutingRules(), arguments[3])


def test_rules_of_another_kind() -> None:
    with pytest.raises(EscalationError, match="rules: expected a RoutingRules, got str"):
        route(ticket(), desk({"ann": 1}), team("ann"), NINE, rules="consult")  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="rules: expected a RoutingRules, got NoneType"):
        next_check(ticket(), None, NINE)  # type: ignore[arg-type]


def test_counts_may_be_numpy_integers_and_fit_into_columns() -> None:
    agent = AgentState(id="ann", active=np.int64(2), capacity=np.int8(3))
    assert (type(agent.active), type(agent.capacity)) == (int, int)
    assert RoutingRules(max_level=np.int64(2)) == RoutingRules(max_level=2)
    with pytest.raises(
        EscalationError, match="active: expected a whole number of at most 9223372036854775807, got 9223"
    ):
        AgentState(id="ann", active=2**63)


def test_a_relaxation_of_a_skill_that_the_matrix_does_not_know() -> None:
    rules = RoutingRules(relax=[Relaxation(after=MINUTE, skill="frensh", to=None)])
    with pytest.raises(UnknownIdError, match=r"unknown skill to relax 'frensh' \(did you mean 'french'"):
        route(ticket(), desk({"ann": 1}), team("ann"), NINE, rules=rules)


def test_a_ticket_that_the_matrix_does_not_know() -> None:
    matrix, state = desk({"ann": 1}, n_levels=2), team("ann")
    with pytest.raises(UnknownIdError, match=r"unknown domain 'biling' \(did you mean 'billing'"):
        route(ticket(domain="biling"), matrix, state, NINE)
    for field in ({"requires": {"frnch": 1}}, {"preferred": ["frnch"]}):
        with pytest.raises(UnknownIdError, match=r"unknown skill 'frnch' \(did you mean 'french'"):
            route(ticket(**field), matrix, state, NINE)
    with pytest.raises(
        EscalationError, match="ticket 't1': level: expected at most 2, the highest of the matrix, got 3"
    ):
        route(ticket(level=3), matrix, state, NINE)


@given(team_states(), routing_rules(), relaxation())
def test_models_survive_pickle_and_copy(state: TeamState, rules: RoutingRules, part: Relaxation) -> None:
    for value in (state, rules, part):
        assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value) == copy.copy(value)  # noqa: S301
    again = pickle.loads(pickle.dumps(state))  # noqa: S301 - our own bytes
    assert all(again.agent(agent.id) == agent for agent in state.agents)


@given(routing_cases(most_tickets=1))
def test_decisions_are_plain_data_for_json(case: RoutingCase) -> None:
    (own,), matrix, state, now, rules = case
    decision = route(own, matrix, state, now, rules=rules)
    text = json.dumps(decision.to_dict(), allow_nan=False)
    assert len(json.loads(text)["candidates"]) == len(decision.candidates)
    assert all(set(row) >= {"ticket", "person", "code"} for row in decision.to_records())
    json.dumps(decision.to_records(), allow_nan=False)
