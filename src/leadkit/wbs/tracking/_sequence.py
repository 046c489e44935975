"""Work that was reported before the plan's links let it begin or end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from leadkit.calendars import Never
from leadkit.wbs.dates import Schedule
from leadkit.wbs.network import LINK_KINDS
from leadkit.wbs.plan import Plan
from leadkit.wbs.tracking._forecast import Facts
from leadkit.wbs.tracking.status import Progress

__all__ = ["out_of_sequence"]


def out_of_sequence(plan: Plan, forecast: Schedule, facts: Facts, reports: Mapping[str, Progress]) -> list[str]:
    """Flag each activity that was begun or done before a link let it, in the order of the plan.

    A positive lag is not asked about; a negative one lets the successor be earlier by so much.
    """
    network = plan.network(forecast.point)
    rows = {row.id: row for row in forecast.rows}
    ends = zip(network.predecessor.tolist(), network.successor.tolist(), strict=True)
    lags = zip(network.kind.tolist(), network.lag.tolist(), network.elapsed.tolist(), strict=True)
    found = set()
    for (first, second), (kind, lag, elapsed) in zip(ends, lags, strict=True):
        before, after, word = network.ids[first], network.ids[second], LINK_KINDS[kind]
        if not _has_happened(word[1], after, facts):
            continue
        if lag >= 0 and not _has_happened(word[0], before, facts):
            found.add(after)
            continue
        date = rows[before].early_finish if word[0] == "F" else rows[before].early_start
        own = _own_date(word[1], after, facts, reports)
        if own < _earlier(plan, date, min(lag, 0), elapsed=elapsed):
            found.add(after)
    return [f"out_of_sequence:{own}" for own in plan.activities if own in found]


def _has_happened(end: str, own: str, facts: Facts) -> bool:
    return facts.is_done(own) if end == "F" else facts.is_started(own)


def _own_date(end: str, own: str, facts: Facts, reports: Mapping[str, Progress]) -> datetime:
    """Give the date of a start or a finish; where it is not reported, the latest it can be."""
    start, finish = facts.dates[own]
    if end == "F" and finish is not None:
        return finish
    part = reports.get(own)
    return finish or facts.as_of if part is not None and part.actual_start is None else start


def _earlier(plan: Plan, date: datetime, lag: int, *, elapsed: bool) -> datetime:
    length = timedelta(minutes=lag)
    if elapsed or not lag:
        return date + length
    found = plan.calendar.add(date, length)
    return date if isinstance(found, Never) else found
