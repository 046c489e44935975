"""Strategies for the pilot and the complaints of `leadkit.escalation`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from hypothesis import strategies as st

from leadkit.escalation.pilot import PilotOutcomes
from leadkit.escalation.recovery import Complaint, ComplaintSource

__all__ = ["complaint", "complaints", "pilot_outcomes"]

PEOPLE = ("ann", "bo", "cy", "dee", "=1+1")
DOMAINS = ("billing", "login", "network")
STRATA = ("P1", "P2", "P3/a")
CAUSES = ("cable", "price list", "queue")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST_ROWS = 30
MOST_CASES = 40
RATINGS = st.none() | st.sampled_from((1.0, 2.0, 2.5, 4.0, 5.0))
LATER = st.none() | st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
SOURCES: tuple[ComplaintSource, ...] = get_args(ComplaintSource)
IDS = tuple(f"c{i}" for i in range(8))


@st.composite
def pilot_outcomes(draw: st.DrawFn) -> PilotOutcomes:
    """Draw the outcomes of a few people in a few domains, by case or counted, with or without strata, times and ratings."""
    n = draw(st.integers(0, MOST_ROWS))

    def column(values: st.SearchStrategy[object]) -> list[object]:
        return draw(st.lists(values, min_size=n, max_size=n))

    count = [draw(st.integers(1, MOST_CASES)) for _ in range(n)] if draw(st.booleans()) else None
    success = [draw(st.integers(0, most)) for most in count] if count else column(st.booleans())
    has_measures = count is None and draw(st.booleans())
    return PilotOutcomes.from_columns(
        column(st.sampled_from(PEOPLE)),
        column(st.sampled_from(DOMAINS)),
        success,
        stratum=column(st.sampled_from(STRATA)) if draw(st.booleans()) else None,
        count=count,
        seconds=column(st.none() | st.sampled_from((0.0, 90.0, 600.0, 1800.5))) if has_measures else None,
        csat=column(RATINGS) if has_measures else None,
    )


@st.composite
def complaint(draw: st.DrawFn) -> Complaint:
    """Draw a complaint of any source, as far on as may be; what was detected may be met before it is received."""
    return _complaint(draw, draw(st.sampled_from(IDS)))


@st.composite
def complaints(draw: st.DrawFn) -> tuple[Complaint, ...]:
    """Draw up to eight complaints with ids of their own, some of one cause."""
    return tuple(_complaint(draw, own) for own in draw(st.lists(st.sampled_from(IDS), unique=True)))


def _complaint(draw: st.DrawFn, own: str) -> Complaint:
    source = draw(st.sampled_from(SOURCES))
    received = START + timedelta(minutes=draw(st.integers(0, 60 * 24 * 20)))
    earliest = received - timedelta(hours=draw(st.integers(0, 48)) if source == "detected" else 0)
    cause = draw(st.none() | st.sampled_from(CAUSES))

    def instant() -> datetime | None:
        later = draw(LATER)
        return None if later is None else earliest + later

    return Complaint(
        id=own,
        received_at=received,
        ticket=draw(st.none() | st.just("T-1")),
        source=source,
        cause=cause,
        cause_fixed_at=None if cause is None else instant(),
        acknowledged_at=instant(),
        apologised_at=instant(),
        resolved_at=instant(),
        symptom_only=draw(st.booleans()),
        satisfaction_before=draw(RATINGS),
        satisfaction_after=draw(RATINGS),
    )
