"""Strategies for the models of `leadkit.escalation.policy`."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from hypothesis import strategies as st

from leadkit.escalation.policy import Axis, EventKind, OnAckTimeout, OnEmpty, Policy, PolicyEvent, Step, When
from leadkit.testing.calendars import calendars, instants

__all__ = ["policies", "policy", "policy_event", "step"]

TARGETS = ("next_level", "level:L2", "level:L3", "owner:1", "owner:2", "person:ann", "person:bo 2")
WAITS = st.sampled_from((1, 2, 5, 5, 10, 15, 30, 90)).map(lambda minutes: timedelta(minutes=minutes))
MOST_STEPS = 4


@st.composite
def step(draw: st.DrawFn) -> Step:
    """Draw a step of some whole minutes, more often one that an acknowledgement holds."""
    return Step(
        wait=draw(WAITS),
        axis=draw(st.sampled_from(get_args(Axis))),
        target=draw(st.sampled_from(TARGETS)),
        when=draw(st.sampled_from((*get_args(When), "not_acknowledged"))),
    )


@st.composite
def policy(draw: st.DrawFn, *, calendar: bool = True) -> Policy:
    """Draw a policy of up to four steps; `calendar=False` leaves all its times plain."""
    holds = draw(st.booleans())
    return Policy(
        id=draw(st.sampled_from(("desk", "night desk"))),
        steps=draw(st.lists(step(), min_size=1, max_size=MOST_STEPS)),
        repeat=draw(st.sampled_from((0, 0, 1, 2))),
        on_empty=draw(st.sampled_from(get_args(OnEmpty))),
        ack_timeout=draw(WAITS) if holds else None,
        on_ack_timeout=draw(st.sampled_from(get_args(OnAckTimeout))) if holds else None,
        calendar=draw(st.none() | calendars(holidays=False)) if calendar else None,
        version=draw(st.sampled_from(("1", "2.1"))),
    )


policies = policy


@st.composite
def policy_event(draw: st.DrawFn) -> PolicyEvent:
    """Draw an event of any kind; a switch comes with a policy."""
    kind: EventKind = draw(st.sampled_from(get_args(EventKind)))
    return PolicyEvent(
        at=draw(instants()),
        kind=kind,
        id=draw(st.sampled_from(("", "e1", "e2"))),
        policy=draw(policy()) if kind == "switch" else None,
    )
