"""Tickets: their fields, and the whole table of moves."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError, IllegalTransition, LeadkitError
from leadkit.escalation.tickets import TRANSITIONS, Ticket, hand_back, move, raise_level
from leadkit.testing.escalation_matrix import ticket, tickets

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)

TABLE = {
    "new": "assigned cancelled",
    "assigned": "in_progress waiting assigned resolved cancelled",
    "in_progress": "waiting assigned resolved cancelled",
    "waiting": "in_progress assigned resolved cancelled",
    "resolved": "closed reopened",
    "closed": "reopened",
    "reopened": "in_progress assigned resolved",
    "cancelled": "",
}


def made(**fields: Any) -> Ticket:
    every: dict[str, Any] = {"id": "t1", "domain": "billing", "created_at": AT} | fields
    return Ticket(**every)


def changed(before: Ticket, after: Ticket) -> set[str]:
    names = [part.name for part in attrs.fields(Ticket)]
    return {name for name in names if getattr(before, name) != getattr(after, name)}


def test_a_ticket_has_the_defaults_of_the_table() -> None:
    own = made()
    assert (own.priority, own.status, own.level, own.reopened) == (3, "new", 1, 0)
    assert (own.severity, own.owner, own.assignee, own.due_at) == (None, None, None, None)
    assert (dict(own.requires), own.preferred, dict(own.attributes)) == ({}, (), {})


def test_instants_are_kept_in_utc() -> None:
    berlin = AT.astimezone(ZoneInfo("Europe/Berlin"))
    own = made(created_at=berlin, due_at=berlin + timedelta(hours=1))
    assert own == made(due_at=AT + timedelta(hours=1))
    assert (own.created_at.tzinfo, own.due_at.tzinfo if own.due_at else None) == (UTC, UTC)


def test_mappings_are_frozen_and_in_order_of_their_keys() -> None:
    levels = {"sql": 2, "login": np.int64(1)}
    own = made(requires=levels, attributes={"z": "1", "a": "2"})
    levels["sql"] = 5
    assert list(own.requires.items()) == [("login", 1.0), ("sql", 2.0)]
    assert list(own.attributes) == ["a", "z"]
    with pytest.raises(TypeError):
        own.requires["sql"] = 3  # type: ignore[index]


def test_preferred_skills_of_a_set_are_sorted() -> None:
    assert made(preferred={"sql", "login", "api"}).preferred == ("api", "login", "sql")
    assert made(preferred=["sql", "login"]).preferred == ("sql", "login")


def test_numpy_integers_become_python_ones() -> None:
    assert type(made(priority=np.int64(2)).priority) is int


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"id": ""}, "id: expected a text that is not empty, got ''"),
        ({"id": 7}, "id: expected a text that is not empty, got 7"),
        ({"domain": " x"}, "domain: expected no space before or after the id"),
        ({"created_at": None}, "created_at: expected a datetime, got None"),
        ({"created_at": "2026-05-04"}, "created_at: expected a datetime, got '2026-05-04'"),
        ({"created_at": AT.replace(tzinfo=None)}, "created_at: expected a datetime with a time zone"),
        ({"created_at": datetime.min.replace(tzinfo=ZoneInfo("Europe/Berlin"))}, "that can be told in UTC"),
        ({"due_at": AT.replace(tzinfo=None)}, "due_at: expected a datetime with a time zone"),
        ({"priority": 0}, "priority: expected a whole number of at least 1, got 0"),
        ({"priority": True}, "priority: expected a whole number, got True"),
        ({"priority": 1.0}, "priority: expected a whole number, got 1.0"),
        ({"level": 0}, "level: expected a whole number of at least 1, got 0"),
        ({"level": "L1"}, "level: expected a whole number, got 'L1'"),
        ({"reopened": -1}, "reopened: expected a whole number of at least 0, got -1"),
        ({"status": "asigned"}, "(did you mean 'assigned'?)"),
        ({"status": None}, "status: expected one of"),
        ({"severity": 1}, "severity: expected a text that is not empty, got 1"),
        ({"owner": ""}, "owner: expected a text that is not empty, got ''"),
        ({"assignee": 3}, "assignee: expected a text that is not empty, got 3"),
        ({"requires": None}, "requires: expected a mapping of skills to levels, got None"),
        ({"requires": {"sql": -1}}, "requires, skill 'sql': expected at least 0, got -1.0"),
        ({"requires": {"sql": float("nan")}}, "requires, skill 'sql': expected a finite number, got nan"),
        ({"requires": {3: 1}}, "requires, skill 3: expected a text that is not empty, got 3"),
        ({"preferred": "sql"}, "preferred: expected a list of skills, got 'sql'"),
        ({"preferred": ["sql", None]}, "preferred[1]: expected a text that is not empty, got None"),
        ({"preferred": ["sql", "sql"]}, "preferred: skill 'sql' is there more than once"),
        ({"attributes": {"a": 1}}, "attributes, key 'a': expected a text, got 1"),
        ({"attributes": [("a", "b")]}, "attributes: expected a mapping of names to texts"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(EscalationError, match=re.escape(what)):
        made(**fields)


def test_all_faults_come_at_once() -> None:
    with pytest.raises(EscalationError, match="ticket 't1': 3 faults") as caught:
        made(priority=0, level=0, status="open")
    assert [fault.where for fault in caught.value.faults] == ["priority", "level", "status"]


def test_the_table_of_moves_is_that_of_the_specification() -> None:
    assert {status: set(allowed.split()) for status, allowed in TABLE.items()} == TRANSITIONS
    with pytest.raises(TypeError):
        TRANSITIONS["new"] = frozenset()  # type: ignore[index]


@pytest.mark.parametrize("after", TABLE)
@pytest.mark.parametrize("before", TABLE)
def test_a_move_is_in_the_table_or_refused(before: str, after: str) -> None:
    own = made(status=before, assignee="ann")
    if after in TABLE[before].split():
        moved = move(own, after)
        assert moved.status == after
        assert changed(own, moved) <= {"status", "reopened"}
    else:
        with pytest.raises(IllegalTransition, match=f"ticket 't1': no move from '{before}' to '{after}'; allowed: "):
            move(own, after)


def test_the_error_of_an_illegal_move_lists_what_is_allowed() -> None:
    with pytest.raises(IllegalTransition, match=re.escape("allowed: 'closed', 'reopened'")):
        move(made(status="resolved"), "waiting")
    with pytest.raises(IllegalTransition, match=re.escape("from 'cancelled' to 'new'; allowed: nothing")):
        move(made(status="cancelled"), "new")


def test_who_is_given_takes_over_and_else_whoever_has_it_keeps_it() -> None:
    own = move(made(owner="bo"), "assigned", assignee="ann")
    assert (own.assignee, own.owner) == ("ann", "bo")
    assert move(own, "in_progress").assignee == "ann"
    assert move(own, "assigned", assignee="cy").assignee == "cy"


def test_a_ticket_is_not_assigned_to_nobody() -> None:
    with pytest.raises(EscalationError, match="ticket 't1': assignee: expected who a ticket is assigned to"):
        move(made(), "assigned")


def test_reopening_is_counted() -> None:
    own = made(status="closed")
    again = move(own, "reopened")
    assert again.reopened == 1
    assert move(move(again, "resolved"), "reopened").reopened == 2
    assert changed(own, again) == {"status", "reopened"}


@pytest.mark.parametrize("status", ["open", None, 3])
def test_a_status_that_is_none_is_refused_as_such(status: Any) -> None:
    with pytest.raises(EscalationError, match="ticket 't1': status: expected one of") as caught:
        move(made(), status)
    assert not isinstance(caught.value, IllegalTransition)


def test_raising_changes_level_and_assignee_and_nothing_else() -> None:
    own = made(owner="ann", assignee="bo", status="in_progress", priority=1)
    higher = raise_level(own, 3)
    assert (higher.level, higher.assignee) == (3, None)
    assert changed(own, higher) == {"level", "assignee"}
    assert raise_level(own, 2, assignee="cy").assignee == "cy"


@pytest.mark.parametrize("level", [1, 2])
def test_raising_goes_upwards_only(level: int) -> None:
    with pytest.raises(EscalationError, match=f"level: expected a level above 2, that of the ticket, got {level}"):
        raise_level(made(level=2), level)


@pytest.mark.parametrize("level", [2, 3])
def test_handing_back_goes_downwards_only(level: int) -> None:
    assert hand_back(made(level=2, assignee="ann"), 1) == made(level=1)
    with pytest.raises(EscalationError, match=f"level: expected a level below 2, that of the ticket, got {level}"):
        hand_back(made(level=2), level)


@pytest.mark.parametrize("call", [raise_level, hand_back, move])
@pytest.mark.parametrize("bad", [None, "x", True, 1.5, float("nan"), [], -1])
def test_a_wrong_argument_gives_a_located_error(call: Any, bad: Any) -> None:
    with pytest.raises(EscalationError):
        call(made(level=2, assignee="ann"), bad)
    with pytest.raises(EscalationError, match="ticket: expected a Ticket"):
        call(bad, 1)
    if bad not in {None, "x"} if isinstance(bad, str | None) else True:
        with pytest.raises(EscalationError, match="assignee"):
            call(made(level=2), "assigned" if call is move else {raise_level: 3, hand_back: 1}[call], assignee=bad)


@given(ticket())
def test_every_ticket_survives_plain_data_pickle_and_copy(own: Ticket) -> None:
    assert Ticket.from_dict(own.to_dict()) == own
    assert Ticket.from_dict(json.loads(json.dumps(own.to_dict(), allow_nan=False))) == own
    assert pickle.loads(pickle.dumps(own)) == own  # noqa: S301
    assert copy.deepcopy(own) == own


def test_plain_data_that_is_wrong_is_located() -> None:
    data = made().to_dict() | {"priority": "high", "colour": "red"}
    with pytest.raises(EscalationError, match="ticket: 2 faults") as caught:
        Ticket.from_dict(data)
    assert {fault.where for fault in caught.value.faults} == {"", "priority"}
    with pytest.raises(EscalationError, match="expected a table"):
        Ticket.from_dict(None)  # type: ignore[arg-type]


@given(ticket(), st.lists(st.sampled_from(sorted(TABLE)), max_size=8))
def test_whatever_is_tried_owner_priority_and_level_stay(own: Ticket, path: list[str]) -> None:
    now = own
    for status in path:
        try:
            now = move(now, status)
        except LeadkitError:
            continue
        assert now.reopened >= own.reopened
    assert changed(own, now) <= {"status", "reopened"}


@given(tickets())
def test_lists_of_tickets_have_ids_of_their_own(own: tuple[Ticket, ...]) -> None:
    assert len({part.id for part in own}) == len(own)
