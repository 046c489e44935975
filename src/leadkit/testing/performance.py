"""Strategies for the reports of `leadkit.escalation.performance`."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from leadkit.escalation.event_log import EventLog
from leadkit.escalation.performance import Period

__all__ = ["desk_log", "period", "some_periods"]

FIRST = datetime(2024, 3, 4, 8, tzinfo=UTC)
STEP = timedelta(minutes=20)
LAST = 60
NAMES = ("before", "pilot", "W 3", "2024-03", "=1+1", "after")
PEOPLE = ("ann", "bo", "bo", "cy, jr", None)
DOMAINS = ("billing", "login", "login", 'the "net"', None)
STATUSES = (
    "new",
    "in_progress",
    "waiting",
    "resolved",
    "resolved",
    "resolved",
    "closed",
    "reopened",
    "cancelled",
    None,
)
LEVELS = (0, 1, 1, 1, 2, 3)
OPTIONAL = ("status", "level", "contact", "domain", "csat")
MOST_EVENTS = 6


@st.composite
def period(draw: st.DrawFn) -> Period:
    """Draw a period of some hours."""
    start = draw(st.integers(-10, LAST))
    end = start + draw(st.integers(1, 20))
    return Period(id=draw(st.sampled_from(NAMES)), start=FIRST + start * STEP, end=FIRST + end * STEP)


@st.composite
def some_periods(draw: st.DrawFn) -> tuple[Period, ...]:
    """Draw one to four periods as reports take them: in order, apart, of different names, with or without gaps."""
    cuts = sorted(draw(st.sets(st.integers(-10, LAST + 15), min_size=2, max_size=5)))
    stretches = list(pairwise(cuts))
    if len(stretches) > 1 and draw(st.booleans()):
        del stretches[draw(st.integers(0, len(stretches) - 1))]
    names = draw(st.permutations(NAMES))
    return tuple(
        Period(id=name, start=FIRST + start * STEP, end=FIRST + end * STEP)
        for name, (start, end) in zip(names, stretches, strict=False)
    )


@st.composite
def desk_log(draw: st.DrawFn, *, complete: bool = False) -> EventLog:
    """Draw the events of up to ninety tickets of three people, no two events of a ticket at one instant.

    Parameters
    ----------
    complete : bool
        Whether the log has the columns status, level, contact, domain and csat, of which it may otherwise lack some;
        it always has people.
    """
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret
    rows: list[dict[str, Any]] = []
    for ticket in range(draw(st.sampled_from((0, 1, 3, 40, 90)))):
        places = sorted(chance.sample(range(LAST + 1), chance.randint(1, MOST_EVENTS)))
        rows += [_event(f"t{ticket}", place, chance) for place in places]
    kept = OPTIONAL if complete else draw(st.sets(st.sampled_from(OPTIONAL), min_size=2))
    names = ("ticket", "at", "person", *(name for name in OPTIONAL if name in kept))
    chance.shuffle(rows)
    return EventLog.from_columns(**{name: [row[name] for row in rows] for name in names})


def _event(ticket: str, place: int, chance: random.Random) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "at": FIRST + place * STEP,
        "person": chance.choice(PEOPLE),
        "status": chance.choice(STATUSES),
        "level": chance.choice(LEVELS),
        "contact": chance.choice((None, "in", "out")),
        "domain": chance.choice(DOMAINS),
        "csat": chance.choice((None, 1.0, 2.5, 4.0, 5.0)),
    }
