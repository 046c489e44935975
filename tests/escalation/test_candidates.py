"""The rows of a decision: made when they are read, one code for everybody, and told in words."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given

from leadkit.errors import UnknownIdError
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.routing import (
    CANDIDATE_CODES,
    REASONS,
    AgentState,
    CandidateCode,
    Decision,
    Reason,
    RoutingRules,
    TeamState,
    route,
)
from leadkit.escalation.tickets import Ticket
from leadkit.skills import SkillMatrix
from leadkit.testing.routing import RoutingCase, routing_cases

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
NAN = math.nan
LEVELS = tuple(LevelRule(id=f"L{rank}", rank=rank, threshold=rank) for rank in (1, 2))

# person -> levels of billing, login and french, and how it stands with them: a case for every code
DESK: dict[str, tuple[tuple[float, float, float], dict[str, Any]]] = {
    "absent": ((1, 1, 1), {"absent_until": NINE + timedelta(hours=1)}),
    "below": ((0, NAN, 3), {}),
    "busier": ((1, 1, 1), {"active": 1}),
    "chosen": ((1, 1, 1), {"idle_since": NINE - timedelta(hours=2)}),
    "expert": ((2, 2, 1), {}),
    "full": ((1, 1, 1), {"active": 2}),
    "idle": ((1, 1, 1), {"idle_since": NINE - timedelta(hours=1)}),
    "larger": ((1, 1.5, 1), {}),
    "later": ((1, 1, 1), {"idle_since": NINE - timedelta(hours=2)}),
    "mono": ((1, 1, 0.25), {}),
    "off": ((1, 1, 1), {"on_shift": False}),
    "plain": ((1, 1, 0.5), {}),
    "unknown": ((1, NAN, 1), {}),
}
TICKET = Ticket(
    id="t<1>", domain="invoices", created_at=NINE, owner="eve", requires={"french": 0.5}, preferred=["french"]
)


def matrix() -> Matrix:
    skills = SkillMatrix(list(DESK), ["billing", "login", "french"], [levels for levels, _ in DESK.values()])
    return build_matrix(skills, LEVELS, domains=[Domain(id="invoices", skills={"billing": 0, "login": 0})])


def team() -> TeamState:
    return TeamState(agents=[AgentState(id=own, capacity=2, **fields) for own, (_, fields) in DESK.items()])


def decided() -> Decision:
    return route(TICKET, matrix(), team(), NINE)


def test_everybody_has_the_code_of_the_first_thing_that_stood_in_their_way() -> None:
    assert {row.person: row.code for row in decided().candidates} == {
        "absent": "ABSENT",
        "below": "BELOW_THRESHOLD",
        "busier": "BUSIER",
        "chosen": "CHOSEN",
        "expert": "OTHER_LEVEL",
        "full": "AT_CAPACITY",
        "idle": "IDLE_SHORTER",
        "larger": "LARGER_SURPLUS",
        "later": "LATER_ID",
        "mono": "MISSING_REQUIRED",
        "off": "OFF_SHIFT",
        "plain": "FEWER_PREFERRED",
        "unknown": "NOT_ASSESSED",
    }


@pytest.mark.parametrize(
    ("levels", "fields", "code"),
    [
        # another level before all else, then the required skill, shift, absence, capacity
        ((2, 2, 0), {"on_shift": False, "active": 9}, "OTHER_LEVEL"),
        ((0, 0, 0), {"on_shift": False, "active": 9}, "BELOW_THRESHOLD"),
        ((NAN, 1, 0), {"on_shift": False, "active": 9}, "NOT_ASSESSED"),
        ((1, 1, NAN), {"on_shift": False, "active": 9}, "MISSING_REQUIRED"),
        ((1, 1, 1), {"on_shift": False, "active": 9, "absent_until": NINE + timedelta(1)}, "OFF_SHIFT"),
        ((1, 1, 1), {"active": 9, "absent_until": NINE + timedelta(1)}, "ABSENT"),
        ((1, 1, 1), {"active": 9}, "AT_CAPACITY"),
    ],
)
def test_the_obstacles_stand_in_the_order_of_the_rules(levels: Any, fields: Any, code: str) -> None:
    skills = SkillMatrix(["ann", "bo"], ["billing", "login", "french"], [levels, (1, 1, 1)])
    desk = build_matrix(skills, LEVELS, domains=matrix().domains)
    found = route(TICKET, desk, TeamState(agents=[AgentState(id="ann", **fields), AgentState(id="bo")]), NINE)
    assert [row.code for row in found.candidates] == [code, "CHOSEN"]


def test_a_row_holds_what_the_points_are_about() -> None:
    rows = {row.person: row for row in decided().candidates}
    expert, below, larger = rows["expert"], rows["below"], rows["larger"]
    assert (expert.level, expert.chosen, expert.load, expert.preferred_met) == (2, False, 0.0, 1)
    # beyond billing 1, login 1 and french 0.5
    assert (expert.surplus, larger.surplus, rows["mono"].surplus) == (2.5, 1.0, -0.25)
    assert below.level is None
    assert math.isnan(below.surplus)
    assert rows["idle"].idle_since == NINE - timedelta(hours=1)
    nothing = route(TICKET, matrix(), TeamState(agents=[AgentState(id="chosen", capacity=0)]), NINE)
    assert math.isnan(nothing.candidates[0].load)


def test_every_code_and_reason_has_a_meaning() -> None:
    assert set(CANDIDATE_CODES) == set(get_args(CandidateCode))
    assert set(REASONS) == set(get_args(Reason))


def is_unread(decision: Decision) -> bool:
    return decision._rows is not None


def test_rows_are_made_once_when_they_are_first_read() -> None:
    decision = decided()
    assert "candidates" not in repr(decision)
    assert is_unread(decision)
    rows = decision.candidates
    assert decision.candidates is rows
    assert not is_unread(decision)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        decision.candidates = ()  # type: ignore[misc]
    with pytest.raises(AttributeError, match="'Decision' object has no attribute 'candidate'"):
        decision.candidate  # type: ignore[attr-defined]  # noqa: B018


def test_rows_count_for_equality_pickle_and_copies() -> None:
    read, unread = decided(), decided()
    assert read.candidates
    assert read == unread
    for again in (pickle.loads(pickle.dumps(decided())), copy.copy(decided()), copy.deepcopy(decided())):  # noqa: S301
        assert again == read
        assert again.candidates == read.candidates
        assert not is_unread(again)
    assert attrs.evolve(decided(), candidates=()) != read
    assert attrs.evolve(decided(), level=2).candidates == read.candidates
    assert attrs.evolve(decided(), candidates=list(read.candidates)) == read


def test_a_decision_tells_why() -> None:
    decision = decided()
    assert decision.why("busier") == "busier has more to do for their capacity than the one chosen"
    assert decision.why("chosen") == "chosen comes first of those who can solve it and have a place free"
    with pytest.raises(UnknownIdError, match=r"unknown candidate 'buzier' \(did you mean 'busier'"):
        decision.why("buzier")


def test_a_decision_is_plain_data() -> None:
    data = decided().to_dict()
    assert list(data) == [
        "ticket",
        "action",
        "person",
        "level",
        "from_level",
        "axis",
        "owner",
        "consulted",
        "reason",
        "path",
        "relaxed",
        "candidates",
        "flags",
    ]
    assert data["path"] == [{"level": 1, "reason": "ASSIGNED", "capable": 9, "available": 6}]
    below = data["candidates"][1]
    assert (below["person"], below["level"], below["surplus"], below["idle_since"]) == ("below", None, None, None)
    assert decided().to_records()[1] == {"ticket": "t<1>"} | below


def test_a_decision_shows_itself() -> None:
    shown = decided()._repr_html_()
    assert "ticket t&lt;1&gt;: assign to chosen at level 1, for somebody who can solve it has a place free" in shown
    assert "<td>MISSING_REQUIRED</td><td>is at the level, and not known to have" in shown
    assert "flags" not in shown
    asks = attrs.evolve(TICKET, assignee="busier")
    joined = route(asks, matrix(), team(), NINE, rules=RoutingRules(mode="consult"))._repr_html_()
    assert "assign to busier, with chosen at level 1" in joined
    assert "<p>flags: learning_opportunity</p>" in joined


@given(routing_cases(most_tickets=1))
def test_everybody_known_to_both_has_one_row_with_one_code(case: RoutingCase) -> None:
    (own,), desk, state, now, rules = case
    rows = route(own, desk, state, now, rules=rules).candidates
    assert [row.person for row in rows] == sorted({agent.id for agent in state.agents} & set(desk.people))
    assert all(row.code in CANDIDATE_CODES and row.code != "SPARED" for row in rows)
    for row in rows:
        agent = state.agent(row.person)
        if row.code == "OFF_SHIFT":
            assert not agent.on_shift
        if row.code == "AT_CAPACITY":
            assert agent.is_there(now)
            assert agent.places == 0
        if row.code == "OTHER_LEVEL":
            assert row.level is not None
        if row.code in {"BELOW_THRESHOLD", "NOT_ASSESSED"}:
            assert row.level is None
            first = desk.explain(own.domain, 1)[desk.position(row.person)]
            assert first.code in {row.code, "NOT_ASSESSED"}
