"""The backward pass on calendars: the latest dates and both floats."""

from __future__ import annotations

from attrs import frozen

from leadkit.errors import InfeasibleError
from leadkit.wbs.dates._forward import Early
from leadkit.wbs.dates._frame import Frame
from leadkit.wbs.dates._lags import unlagged
from leadkit.wbs.dates._ruler import MINUTE, moment

__all__ = ["Late", "backward", "free_floats"]


@frozen(eq=False)
class Late:
    """Late dates by activity, and the total float [min].

    `begin` is the latest instant at which the work that is still to be done may begin.
    """

    begin: list[int]
    start: list[int]
    finish: list[int]
    total_float: list[int]


def backward(frame: Frame, early: Early, end: int) -> Late:
    """Find the latest dates with which the whole still ends at `end`, every deadline is kept and every link holds.

    Raises
    ------
    InfeasibleError
        There is no open time before a deadline in which the work could be done.
    """
    late = Late(early.begin.copy(), early.start.copy(), early.finish.copy(), [0] * len(frame.ids))
    for own in reversed(frame.order):
        if early.is_done(own):
            continue
        to_finish, to_start = _limits(frame, own, early, late, end=end, loose_at=end)
        if frame.duration[own]:
            _settle_work(frame, own, early, late, _begin_worked(frame, own, to_finish, to_start))
        else:
            _settle_milestone(frame, own, early, late, to_finish if to_start is None else min(to_finish, to_start))
        if own in early.fixed:
            late.start[own] = early.start[own]
    return late


def free_floats(frame: Frame, early: Early, end: int) -> list[int]:
    """Measure by how much each activity alone can be later before another early date, or the end, moves [min].

    The limits are those of the backward pass with the early dates of the successors in place of their late ones.
    """
    floats = []
    for own in range(len(frame.ids)):
        if early.is_done(own):
            floats.append(0)
            continue
        to_finish, to_start = _limits(frame, own, early, early, end=end, loose_at=None)
        if frame.duration[own]:
            worked = _begin_worked(frame, own, to_finish, to_start, loose=frame.is_uniform)
        else:
            worked = frame.rulers[own].worked(to_finish if to_start is None else min(to_finish, to_start))
        floats.append(max(0, (worked - frame.rulers[own].worked(early.begin[own])) // MINUTE))
    return floats


def _limits(
    frame: Frame, own: int, early: Early, dates: Early | Late, *, end: int, loose_at: int | None
) -> tuple[int, int | None]:
    """Find the latest finish, and the latest start where there is a limit, with which successors keep their `dates`.

    Without `loose_at`, these are early dates and the deadline does not count.
    """
    to_finish, to_start = end, None
    deadline = frame.deadline[own]
    if loose_at is not None and deadline is not None:
        to_finish = min(to_finish, _deadline(frame, own, early, deadline))
    for other, kind, lag, elapsed in frame.out_of[own]:
        if early.is_done(other) or (own in early.fixed and kind[0] == "S"):
            continue
        limit = dates.begin[other] if kind[1] == "S" else _finish_limit(frame, other, dates)
        if limit is None:
            continue
        loose = frame.is_uniform if loose_at is None else limit == loose_at and not frame.duration[other]
        limit = unlagged(frame.clock, limit, lag, elapsed=elapsed, to_start=kind[1] == "S", loose=loose)
        if limit is None:
            continue
        if kind[0] == "F":
            to_finish = min(to_finish, limit)
        else:
            to_start = limit if to_start is None else min(to_start, limit)
    return to_finish, to_start


def _finish_limit(frame: Frame, own: int, dates: Early | Late) -> int | None:
    """Find the latest instant at or after which, in its own working time, an activity with its date ends."""
    finish = dates.finish[own]
    if not frame.duration[own]:
        return finish
    ruler = frame.rulers[own]
    return ruler.latest(ruler.worked(finish), finish)


def _deadline(frame: Frame, own: int, early: Early, deadline: int) -> int:
    """Take a deadline in closed time as the last open instant before it; a milestone that meets it is not late."""
    ruler = frame.rulers[own]
    if frame.duration[own] or ruler.is_open(deadline):
        return deadline
    closing = ruler.earliest(ruler.worked(deadline), deadline)
    return deadline if closing is None else max(closing, min(early.finish[own], deadline))


def _begin_worked(frame: Frame, own: int, to_finish: int, to_start: int | None, *, loose: bool = False) -> int:
    """Find the open time before the latest instant at which work may begin; it begins in open time."""
    ruler = frame.rulers[own]
    worked = ruler.worked(to_finish) - frame.duration[own]
    if to_start is None:
        return worked
    return min(worked, ruler.worked(to_start) - (0 if loose or ruler.is_open(to_start) else 1))


def _settle_work(frame: Frame, own: int, early: Early, late: Late, worked: int) -> None:
    """Set late dates that lie whole working minutes from the early ones."""
    ruler, near = frame.rulers[own], early.begin[own]
    before = ruler.worked(near)
    late.total_float[own] = (worked - before) // MINUTE
    worked = before + late.total_float[own] * MINUTE
    begin, finish = ruler.latest(worked, near), ruler.earliest(worked + frame.duration[own], near)
    if begin is None or finish is None:
        minutes, last = frame.duration[own] // MINUTE, moment(early.finish[own]).isoformat()
        reason = (
            f"{frame.ids[own]!r}: its calendar has no {minutes} minutes for it before {last} that meet the deadlines"
        )
        raise InfeasibleError(reason, reasons=(reason,))
    late.begin[own], late.start[own], late.finish[own] = begin, begin, finish


def _settle_milestone(frame: Frame, own: int, early: Early, late: Late, limit: int) -> None:
    ruler, date = frame.rulers[own], early.begin[own]
    whole = limit + 1 - MINUTE
    if (limit + 1) % MINUTE == 0 and not whole < date <= limit:
        # a limit that is not reached itself reads as the minute before it
        limit = whole
    late.begin[own] = late.start[own] = late.finish[own] = limit
    late.total_float[own] = (ruler.worked(limit) - ruler.worked(date)) // MINUTE
