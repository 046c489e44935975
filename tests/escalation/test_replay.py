"""Replay: what a policy would have done on real histories, against the same told ticket by ticket with `run_policy`."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError, LogError, MatrixError, PolicyError, UnknownIdError
from leadkit.escalation.event_log import EventLog
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.policy import Policy, PolicyEvent, Step, run_policy
from leadkit.escalation.replaying import ReplayResult, replay
from leadkit.interchange.event_csv import read_event_csv
from leadkit.skills import SkillMatrix
from leadkit.testing.policies import policy

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
Row: TypeAlias = tuple[str, float, str | None, int, str | None]


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


def step(wait: float, target: str = "next_level", axis: str = "functional", when: str = "not_acknowledged") -> Step:
    return Step(wait=minutes(wait), axis=axis, target=target, when=when)  # type: ignore[arg-type]


def simple(*waits: float, **options: Any) -> Policy:
    return Policy(id="desk", steps=[step(wait) for wait in waits], **options)


def log_of(*rows: Row, **attributes: Sequence[Any]) -> EventLog:
    """Make a log of (ticket, minute, status, level, person)."""
    return EventLog.from_columns(
        ticket=[row[0] for row in rows],
        at=[NINE + minutes(row[1]) for row in rows],
        status=[row[2] for row in rows],
        level=[row[3] for row in rows],
        person=[row[4] for row in rows],
        **attributes,
    )


def told(result: ReplayResult) -> list[tuple[str, float, str, int, int]]:
    return [(row.ticket, (row.at - NINE) / minutes(1), row.kind, row.step, row.loop) for row in result.rows]


@st.composite
def logs(draw: st.DrawFn) -> EventLog:
    """Draw up to four tickets with a handful of events on whole minutes, several of them at one instant."""
    statuses = st.sampled_from(
        (None, "new", "assigned", "in_progress", "waiting", "waiting", "resolved", "closed", "cancelled", "reopened")
    )
    row = st.tuples(
        st.sampled_from(("t1", "t2", "t3", "t4")),
        st.integers(0, 40).map(lambda fives: 5.0 * fives),
        statuses,
        st.integers(0, 3),
        st.sampled_from((None, "ann", "bo")),
    )
    return log_of(*draw(st.lists(row, max_size=20)))


def second_way(log: EventLog, own: Policy, ack: str = "in_progress", now: datetime | None = None) -> list[Any]:
    """Walk through the events of each ticket one by one, and give what happens to `run_policy`."""
    columns = {name: values.tolist() for name, values in log.to_columns().items()}
    events = list(zip(*(columns[name] for name in ("ticket", "at", "status", "level", "person")), strict=True))
    events = [(ticket, at.replace(tzinfo=UTC), *rest) for ticket, at, *rest in events]
    until = now or max((at for _, at, *_ in events), default=NINE)
    found = []
    for ticket, own_events in itertools.groupby([e for e in events if e[1] <= until], key=lambda event: event[0]):
        heard, levels, end, start = _heard(list(own_events), ack)
        timeline = run_policy(own, start=start, until=end or until, events=heard)
        visits = [r for r in timeline.records if r.kind in {"fired", "passed", "skipped"}]
        for place, record in enumerate(visits):
            last = visits[place + 1].at if place + 1 < len(visits) else end or until
            changes = [at for (at, level), (_, before) in zip(levels[1:], levels, strict=False) if level != before]
            changed = any(record.at < at <= last for at in changes) if levels and record.kind == "fired" else None
            found.append((ticket, record.at, record.kind, record.step, record.loop, changed))
    return found


def _heard(events: list[Any], ack: str) -> tuple[list[PolicyEvent], list[Any], datetime | None, datetime]:
    ended = next((at for _, at, status, *_ in events if status in {"resolved", "closed", "cancelled"}), None)
    heard: list[PolicyEvent] = []
    waits, person = False, None
    for at, group in itertools.groupby(events, key=lambda event: event[1]):
        if at == ended:
            heard.append(PolicyEvent(at=at, kind="close"))
            break
        last_status = None
        for _, _, status, _, who in group:
            changed = who is not None and person is not None and who != person
            person = who or person
            if (ack == "in_progress" and status == "in_progress") or (ack == "first_person_change" and changed):
                heard.append(PolicyEvent(at=at, kind="ack", id="first"))
            last_status = status or last_status
        if last_status is not None and (last_status == "waiting") != waits:
            waits = not waits
            heard.append(PolicyEvent(at=at, kind="pause" if waits else "resume"))
    firsts = {event.id: event for event in reversed(heard) if event.kind == "ack"}
    kept = [event for event in heard if event.kind != "ack" or event is firsts["first"]]
    return kept, [(at, level) for _, at, _, level, _ in events if level], ended, events[0][1]


@given(logs(), policy(), st.sampled_from(("in_progress", "first_person_change")), st.none() | st.integers(0, 250))
def test_replay_is_run_policy_over_each_history(log: EventLog, own: Policy, ack: Any, minute: int | None) -> None:
    now = None if minute is None else NINE + minutes(minute)
    result = replay(log, own, ack=ack, now=now)
    found = [(row.ticket, row.at, row.kind, row.step, row.loop, row.level_changed) for row in result.rows]
    assert found == second_way(log, own, ack, now)
    assert result.steps_fired == sum(row.kind == "fired" for row in result.rows)
    assert result.tickets_fired == len({row.ticket for row in result.rows if row.kind == "fired"})
    changed = [row.level_changed for row in result.rows if row.level_changed is not None]
    assert math.isnan(result.agreement) if not changed else result.agreement == sum(changed) / len(changed)
    assert "counterfactual_times_unknown" in result.flags


@given(logs())
def test_a_first_wait_beyond_every_history_fires_step_0_only(log: EventLog) -> None:
    result = replay(log, simple(10**6, 1, repeat=5))
    assert [(row.kind, row.step, row.loop) for row in result.rows] == [("fired", 0, 0)] * len(log.tickets)
    assert result.steps_fired == result.tickets_fired == result.tickets == len(log.tickets)


@given(logs(), policy(calendar=False), st.integers(0, 40))
def test_closing_earlier_never_adds_a_step(log: EventLog, own: Policy, fives: int) -> None:
    columns = {name: values.tolist() for name, values in log.to_columns().items()}
    columns["at"] = [at.replace(tzinfo=UTC) for at in columns["at"]]
    until = max(columns["at"], default=NINE)
    before = {(row.ticket, row.at, row.step, row.loop) for row in replay(log, own).rows if row.kind == "fired"}
    for ticket in log.tickets:
        closed = {"ticket": ticket, "at": NINE + minutes(5 * fives), "status": "resolved", "level": 0, "person": None}
        if closed["at"] < min(at for at, one in zip(columns["at"], columns["ticket"], strict=True) if one == ticket):
            continue
        earlier = EventLog.from_columns(**{name: [*columns[name], value] for name, value in closed.items()})
        rows = replay(earlier, own, now=until).rows
        assert {(row.ticket, row.at, row.step, row.loop) for row in rows if row.kind == "fired"} <= before


@given(logs(), policy(calendar=False), st.permutations(("t1", "t2", "t3", "t4")))
def test_the_order_of_tickets_changes_nothing(log: EventLog, own: Policy, tickets: Sequence[str]) -> None:
    columns = {name: values.tolist() for name, values in log.to_columns().items()}
    # events of one ticket keep their order, which counts within an instant
    order = sorted(range(len(log)), key=lambda place: tickets.index(columns["ticket"][place]))
    shuffled = EventLog.from_columns(
        **{
            name: [values[place].replace(tzinfo=UTC) if name == "at" else values[place] for place in order]
            for name, values in columns.items()
        }
    )
    assert replay(shuffled, own) == replay(log, own)


def test_a_ticket_is_paused_while_it_waits() -> None:
    log = log_of(
        ("t", 0, "new", 1, None),
        ("t", 4, "waiting", 1, None),
        ("t", 50, "assigned", 1, None),
        ("t", 100, "resolved", 1, None),
        ("t", 500, "reopened", 1, None),
    )
    assert told(replay(log, simple(10, 20, 60))) == [
        ("t", 0, "fired", 0, 0),
        ("t", 56, "fired", 1, 0),
        ("t", 76, "fired", 2, 0),
    ]


def test_of_the_statuses_of_one_instant_the_last_one_says_whether_the_ticket_waits() -> None:
    to_and_fro = [("t", 0.0, "new", 1, None), ("t", 4.0, "waiting", 1, None), ("t", 6.0, "assigned", 1, None)]
    still = log_of(*to_and_fro, ("t", 6, "waiting", 1, None), ("t", 90, "new", 1, None))
    assert told(replay(still, simple(10, 200), now=NINE + minutes(95))) == [("t", 0, "fired", 0, 0)]
    gone = log_of(*to_and_fro, ("t", 90, "new", 1, None))
    assert told(replay(gone, simple(10, 200), now=NINE + minutes(95)))[1] == ("t", 12, "fired", 1, 0)


def test_what_counts_as_an_acknowledgement() -> None:
    log = log_of(
        ("t", 0, "new", 1, None),
        ("t", 2, "assigned", 1, "ann"),
        ("t", 4, "in_progress", 1, "ann"),
        ("t", 14, "in_progress", 1, "bo"),
        ("t", 60, "resolved", 1, "bo"),
    )
    assert told(replay(log, simple(10, 20))) == [("t", 0, "fired", 0, 0)]
    assert told(replay(log, simple(10, 20), ack="first_person_change")) == [
        ("t", 0, "fired", 0, 0),
        ("t", 10, "fired", 1, 0),
    ]


def test_cancelled_tickets_are_not_escalated_further() -> None:
    log = log_of(("t", 0, "new", 1, None), ("t", 5, "cancelled", 1, None), ("u", 200, "new", 1, None))
    assert told(replay(log, simple(10, 10))) == [("t", 0, "fired", 0, 0), ("u", 200, "fired", 0, 0)]


def test_a_change_of_level_belongs_to_the_step_before_it() -> None:
    log = log_of(
        ("t", 0, "new", 1, None),
        ("t", 10, None, 2, None),
        ("t", 25, None, 2, None),
        ("t", 31, None, 1, None),
        ("t", 60, None, 0, None),
    )
    rows = replay(log, simple(10, 10, 10)).rows
    assert [row.level_changed for row in rows] == [True, False, True]
    assert replay(log, simple(10, 10, 10)).agreement == 2 / 3


def test_without_levels_agreement_is_not_known() -> None:
    columns: dict[str, Any] = {"ticket": ["t", "t"], "at": [NINE, NINE + minutes(30)]}
    result = replay(EventLog.from_columns(**columns), simple(10, 10), ack="first_person_change")
    assert math.isnan(result.agreement)
    assert {row.level_changed for row in result.rows} == {None}
    assert result.flags == (
        "counterfactual_times_unknown",
        "empty",
        "needs:level",
        "needs:person",
        "needs:status",
    )


def test_nobody_on_duty_and_steps_that_are_held() -> None:
    log = log_of(("t", 0, "new", 1, None), ("t", 5, "in_progress", 1, None), ("t", 300, "resolved", 1, None))
    own = Policy(
        id="p", steps=[step(10, "person:a"), step(10, "person:b"), step(10, "owner:1", "hierarchical", "not_resolved")]
    )
    result = replay(log, own, on_duty=lambda one, _: () if one.target == "person:a" else ("x",))
    assert told(result) == [("t", 0, "skipped", 0, 0), ("t", 0, "fired", 1, 0), ("t", 10, "fired", 2, 0)]
    held = replay(log, own)
    assert [row.kind for row in held.rows] == ["fired", "passed", "fired"]
    assert [row.level_changed for row in held.rows] == [False, None, False]


def test_up_to_an_instant() -> None:
    log = log_of(("t", 0, "new", 1, None), ("t", 100, "resolved", 2, None), ("u", 50, "new", 1, None))
    result = replay(log, simple(10, 10, 10), now=(NINE + minutes(15)).astimezone(timezone(timedelta(hours=2))))
    assert told(result) == [("t", 0, "fired", 0, 0), ("t", 10, "fired", 1, 0)]
    assert (result.tickets, result.now) == (1, NINE + minutes(15))
    early = replay(log, simple(10), now=NINE - minutes(1))
    assert (early.rows, early.tickets, early.steps_fired) == ((), 0, 0)
    nothing = replay(EventLog.from_columns(ticket=[], at=[]), simple(10))
    assert (nothing.rows, nothing.now) == ((), None)
    assert math.isnan(nothing.agreement)


@pytest.fixture
def matrix() -> Matrix:
    skills = SkillMatrix(["ann", "bo", "cy"], ["billing", "login"], [[3, 0], [1, 1], [1, 0]])
    levels = [LevelRule(id=f"L{rank}", rank=rank, threshold=rank) for rank in (1, 2, 3)]
    return build_matrix(skills, levels, domains=[Domain(id=own, skills={own: 0}) for own in ("billing", "login")])


def kinds(
    matrix: Matrix, domain: str | None, level: int, target: str, axis: str = "functional", **options: Any
) -> list[str]:
    log = log_of(("t", 0, "new", level, None), ("t", 1, "resolved", level, None), domain=[domain, None])
    own = Policy(id="p", steps=[step(5, target, axis)], on_empty="wait")
    return [row.kind for row in replay(log, own, matrix=matrix, **options).rows]


def test_with_a_matrix_functional_steps_reach_those_who_can_solve(matrix: Matrix) -> None:
    assert kinds(matrix, "billing", 1, "next_level") == ["fired"]
    assert kinds(matrix, "billing", 3, "next_level") == ["skipped"]
    assert kinds(matrix, "billing", 0, "next_level") == ["fired"]
    assert kinds(matrix, "login", 1, "next_level") == ["skipped"]
    assert kinds(matrix, "login", 1, "level:L1") == ["fired"]
    assert kinds(matrix, "login", 1, "level:L3") == ["skipped"]
    assert kinds(matrix, "billing", 2, "level:L2") == ["fired"]
    assert kinds(matrix, "billing", 2, "person:ann") == ["fired"]
    assert kinds(matrix, "billing", 2, "person:bo") == ["skipped"]
    assert kinds(matrix, "billing", 1, "person:zoe") == ["skipped"]
    assert kinds(matrix, "login", 3, "next_level", "hierarchical") == ["fired"]
    assert kinds(matrix, "billing", 1, "next_level", on_duty=lambda *_: ()) == ["skipped"]
    assert kinds(matrix, "billing", 1, "next_level", on_duty=lambda *_: ("ann",)) == ["fired"]


@pytest.mark.parametrize("axis", ["functional", "hierarchical"])
def test_with_a_matrix_steps_to_owners_reach_as_far_as_the_chain(matrix: Matrix, axis: str) -> None:
    owned = attrs.evolve(matrix, owners={"billing": ("dee", "eve")})
    found = [kinds(owned, "billing", 1, f"owner:{n}", axis) for n in (1, 2, 3)]
    assert found == [["fired"], ["fired"], ["skipped"]]
    assert kinds(owned, "login", 1, "owner:1", axis) == ["skipped"]
    assert kinds(owned, "unknown", 1, "owner:1", axis) == ["skipped"]
    assert kinds(owned, None, 1, "owner:1", axis) == ["skipped"]
    assert kinds(owned, "billing", 1, "owner:1", axis, on_duty=lambda *_: ()) == ["skipped"]


def test_a_chain_that_is_too_short_is_flagged(matrix: Matrix) -> None:
    owned = attrs.evolve(matrix, owners={"billing": ("dee", "eve")})
    log = log_of(("t", 0, "new", 1, None), domain=["billing"])
    for n, is_short in ((1, False), (2, False), (3, True)):
        own = Policy(id="p", steps=[step(5, f"owner:{n}", "hierarchical")])
        assert ("no_owner" in replay(log, own, matrix=owned).flags) is is_short
        assert "no_owner" not in replay(log, own).flags
    assert "no_owner" not in replay(log, simple(5), matrix=matrix).flags


def test_the_level_is_that_of_the_ticket_at_the_time(matrix: Matrix) -> None:
    log = log_of(("t", 0, "new", 1, None), ("t", 7, None, 3, None), ("t", 30, None, 3, None), domain=["billing"] * 3)
    result = replay(log, simple(5, 5, repeat=0), matrix=matrix)
    assert [row.kind for row in result.rows] == ["fired", "fired"]
    result = replay(log, simple(8, 5), matrix=matrix)
    assert [row.kind for row in result.rows] == ["fired", "skipped"]


def test_domains_that_the_matrix_does_not_know_are_flagged(matrix: Matrix) -> None:
    assert kinds(matrix, "printing", 1, "next_level") == ["skipped"]
    rows: list[Row] = [("t", 0, "new", 1, None), ("u", 0, "new", 1, None)]
    result = replay(log_of(*rows, domain=["printing", None]), simple(5), matrix=matrix)
    assert result.flags == ("counterfactual_times_unknown", "empty", "no_domain", "unknown_domain:printing")


def test_progress_is_told() -> None:
    heard: list[tuple[int, int]] = []
    rows: list[Row] = [(f"t{i}", 0, "new", 1, None) for i in range(1100)]
    replay(log_of(*rows), simple(5), progress=lambda done, total: heard.append((done, total)))
    assert heard == [(500, 1100), (1000, 1100), (1100, 1100)]


def test_wrong_arguments_are_named(matrix: Matrix) -> None:
    log, own = log_of(("t", 0, "new", 1, None)), simple(5)
    wrong: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: replay(None, own), LogError, "log: expected an EventLog"),  # type: ignore[arg-type]
        (lambda: replay(log, "p"), PolicyError, "policy: expected a Policy"),  # type: ignore[arg-type]
        (lambda: replay(log, own, matrix=3), MatrixError, "matrix: expected a Matrix"),  # type: ignore[arg-type]
        (
            lambda: replay(log, own, ack="inprogress"),  # type: ignore[arg-type]
            PolicyError,
            "ack: expected one of .* .did you mean 'in_progress'",
        ),
        (lambda: replay(log, own, on_duty=3), PolicyError, "on_duty: expected a callable"),  # type: ignore[arg-type]
        (lambda: replay(log, own, progress=3), PolicyError, "progress: expected a callable"),  # type: ignore[arg-type]
        (lambda: replay(log, own, now="x"), LogError, "now: expected a datetime"),  # type: ignore[arg-type]
        (
            lambda: replay(log, own, now=NINE.replace(tzinfo=None)),
            LogError,
            "now: expected a datetime with a time zone",
        ),
        (lambda: replay(log, own, matrix=matrix), LogError, "the log needs an attribute 'domain'"),
    ]
    for call, error, message in wrong:
        with pytest.raises(error, match=message) as caught:
            call()
        assert isinstance(caught.value, EscalationError)
    with_domain = log_of(("t", 0, "new", 1, None), domain=["billing"])
    unknown = Policy(id="p", steps=[step(5, "level:L4")])
    with pytest.raises(UnknownIdError, match="unknown level 'L4'; known: L1, L2, L3"):
        replay(with_domain, unknown, matrix=matrix)


def test_results_survive_storage_and_show_themselves() -> None:
    rows: list[Row] = [(f"t{i}", 0, "new", 1, None) for i in range(30)]
    result = replay(log_of(*rows), simple(5))
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.to_records()[0] == {
        "ticket": "t0",
        "at": "2026-03-02T09:00:00+00:00",
        "step": 0,
        "loop": 0,
        "axis": "functional",
        "target": "next_level",
        "kind": "fired",
        "level_changed": False,
    }
    html = result._repr_html_()
    assert "counterfactual_times_unknown" in html
    assert "... and 10 more rows" in html
    assert "more rows" not in replay(log_of(rows[0]), simple(5))._repr_html_()


def test_the_incidents_of_2013(shared_data: Callable[[str], Path]) -> None:
    log = read_event_csv(shared_data("escalation/bpi2013_incidents.csv.gz"), profile="bpi2013")
    hour = timedelta(hours=1)
    steps = [
        Step(wait=4 * hour, axis="functional", target="next_level"),
        Step(wait=24 * hour, axis="functional", target="next_level"),
        Step(wait=72 * hour, axis="hierarchical", target="owner:1", when="not_resolved"),
    ]
    own = Policy(id="three steps", steps=steps, repeat=2)
    result = replay(log, own)
    found = [(row.ticket, row.at, row.kind, row.step, row.loop, row.level_changed) for row in result.rows]
    assert found == second_way(log, own)
    assert (result.tickets, result.tickets_fired) == (7554, 7554)
