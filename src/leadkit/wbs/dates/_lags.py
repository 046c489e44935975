"""What a lag makes of an instant, and the latest instant of which a lag makes no more than a limit."""

from __future__ import annotations

from leadkit.errors import InfeasibleError
from leadkit.wbs.dates._ruler import FIRST, LAST, MINUTE, Ruler, moment

__all__ = ["lagged", "unlagged"]


def lagged(clock: Ruler, t: int, lag: int, *, elapsed: bool, to_start: bool) -> int | None:
    """Add a lag to an instant; None where the calendar never gets there.

    Work that follows starts when the calendar is next open, so a bound on a start is the latest such instant, and one on
    a finish the earliest.
    """
    if not lag:
        return t
    if elapsed:
        return t + lag if FIRST <= t + lag <= LAST else None
    worked = clock.worked(t) + lag
    return clock.latest(worked, t) if to_start else clock.earliest(worked, t)


def unlagged(clock: Ruler, limit: int, lag: int, *, elapsed: bool, to_start: bool, loose: bool) -> int | None:
    """Find the latest instant that a lag takes no farther than `limit`; None where no instant is too late.

    A bound on a start lies in open time. Where `limit` is closed time, what the lag may take must therefore end before
    the calendar closed, unless `loose` says that all closed time between two windows is one moment.

    Raises
    ------
    InfeasibleError
        There is not so much time before the limit.
    """
    if not lag:
        return limit
    if elapsed:
        found = limit - lag if FIRST <= limit - lag <= LAST else None
    else:
        worked = clock.worked(limit) - lag
        if to_start and not loose and not clock.is_open(limit):
            worked -= 1
        found = clock.latest(worked, limit)
    if found is None and lag > 0:
        reason = f"the plan's calendar has no {lag // MINUTE} minutes for a lag before {moment(limit).isoformat()}"
        raise InfeasibleError(reason, reasons=(reason,))
    return found
