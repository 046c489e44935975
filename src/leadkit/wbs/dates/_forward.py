"""The forward pass on calendars: the earliest dates that plan, packages and links allow, and what binds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from attrs import field, frozen

from leadkit.errors import InfeasibleError
from leadkit.wbs.dates._frame import Frame
from leadkit.wbs.dates._lags import lagged
from leadkit.wbs.dates._ruler import MINUTE, moment

__all__ = ["Early", "Fixed", "forward"]

Fixed: TypeAlias = tuple[int, int | None]
"""When an activity did start and, once it is done, finish."""
Bound: TypeAlias = tuple[int, bool, str]
"""An instant, whether it bounds the start and not the finish, and what sets it."""


@frozen(eq=False)
class Early:
    """Early dates by activity.

    `begin` is where the work that is still to be done begins: the start, except for an activity under way.
    """

    begin: list[int]
    start: list[int]
    finish: list[int]
    driven_by: list[tuple[str, ...]]
    fixed: Mapping[int, Fixed] = field(factory=dict)

    def is_done(self, own: int) -> bool:
        """Tell whether the dates of an activity are history."""
        return own in self.fixed and self.fixed[own][1] is not None


def forward(
    frame: Frame, *, earliest: Mapping[int, int] | None = None, fixed: Mapping[int, Fixed] | None = None
) -> Early:
    """Find the earliest dates.

    Parameters
    ----------
    frame : Frame
        The plan.
    earliest : mapping of int to int
        Instants before which (the rest of) an activity does not begin, beside all other bounds.
    fixed : mapping of int to (int, int or None)
        Instants at which an activity did start and finish. Where the finish is None, it is under way: its duration is
        what remains, and this rest begins where a whole activity would.

    Raises
    ------
    InfeasibleError
        A calendar does not open, or not long enough; `reasons` holds one sentence an activity.
    """
    earliest, fixed = earliest or {}, fixed or {}
    n = len(frame.ids)
    early = Early([0] * n, [0] * n, [0] * n, [()] * n, fixed)
    reasons: dict[int, str] = {}
    for own in frame.order:
        started, finished = fixed.get(own, (None, None))
        if started is not None and finished is not None:
            early.begin[own], early.start[own], early.finish[own] = started, started, finished
            early.driven_by[own] = ("actual",)
            continue
        if any(other in reasons for other, *_ in frame.into[own]):
            reasons[own] = _never_opens(frame, own)
            continue
        if reason := _place(frame, own, early, earliest.get(own)):
            reasons[own] = reason
        elif started is not None:
            early.start[own], early.driven_by[own] = started, ("actual",)
    told = tuple(reasons[own] for own in sorted(reasons) if reasons[own])
    if told:
        raise InfeasibleError("\n".join(told), reasons=told)
    return early


def _place(frame: Frame, own: int, early: Early, as_of: int | None) -> str:
    """Set the dates of one activity; what is returned is why there are none."""
    bounds = [(frame.start, True, "start")]
    limits = ((frame.not_before[own], "not_before"), (as_of, "as_of"))
    bounds += [(limit, True, name) for limit, name in limits if limit is not None]
    for other, kind, lag, elapsed in frame.into[own]:
        from_, to_start = early.finish[other] if kind[0] == "F" else early.start[other], kind[1] == "S"
        bound = lagged(frame.clock, from_, lag, elapsed=elapsed, to_start=to_start)
        if bound is not None:
            bounds.append((bound, to_start, f"{kind} {frame.ids[other]}"))
        elif lag > 0:
            return f"link {frame.ids[other]!r} -> {frame.ids[own]!r}: its lag of {lag // MINUTE} minutes never ends"
    return _settle(frame, own, early, bounds)


def _settle(frame: Frame, own: int, early: Early, bounds: list[Bound]) -> str:
    ruler, work, near = frame.rulers[own], frame.duration[own], max(bound[0] for bound in bounds)
    if not work:
        early.begin[own] = early.start[own] = early.finish[own] = near
        early.driven_by[own] = tuple(sorted(name for t, _, name in bounds if t == near))
        return ""
    needed = [ruler.worked(t) - (0 if to_start else work) for t, to_start, _ in bounds]
    worked = max(needed)
    begin = ruler.latest(worked, near)
    finish = None if begin is None else ruler.earliest(worked + work, begin)
    if begin is None or finish is None:
        return _never_opens(frame, own) or (
            f"{_named(frame, own)} is not open for {work // MINUTE} minutes after {moment(near).isoformat()}"
        )
    early.begin[own], early.start[own], early.finish[own] = begin, begin, finish
    named = zip(needed, bounds, strict=True)
    early.driven_by[own] = tuple(sorted(name for value, (_, _, name) in named if value == worked))
    return ""


def _never_opens(frame: Frame, own: int) -> str:
    """Say that the calendar of an activity with work to do never opens; "" where it does."""
    ruler = frame.rulers[own]
    if not frame.duration[own] or ruler.latest(ruler.worked(frame.start), frame.start) is not None:
        return ""
    return f"{_named(frame, own)} never opens after {moment(frame.start).isoformat()}"


def _named(frame: Frame, own: int) -> str:
    package = frame.plan.package(frame.ids[own])
    calendar = (
        "the plan's calendar" if package is None or package.calendar is None else f"calendar {package.calendar!r}"
    )
    return f"{frame.ids[own]!r}: {calendar}"
