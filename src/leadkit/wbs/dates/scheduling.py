"""The critical path of a plan on its calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import numpy as np

from leadkit.errors import Fault, PlanError, UnknownIdError
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.dates._dates import Dates, dates_on_calendars
from leadkit.wbs.dates._frame import frame_of, is_uniform
from leadkit.wbs.dates._moments import moments
from leadkit.wbs.dates._ruler import instant
from leadkit.wbs.dates._uniform import uniform_dates
from leadkit.wbs.dates.results import Activity, Schedule, in_time_order
from leadkit.wbs.plan import Plan

if TYPE_CHECKING:
    from leadkit.wbs.plan import Network

__all__ = ["reschedule", "schedule"]


def schedule(plan: Plan, *, point: str | float = "mean") -> Schedule:
    """Find the early and late dates of a plan on its calendars, as if all people were there.

    Forward, an activity with a duration starts at the earliest instant at which its calendar is open that is not before
    any bound, and finishes as soon as its working time is used up: work that follows what ends on Friday evening starts
    on Monday morning. A bound on a finish ("FF", "SF") holds in working time of the activity's own calendar, so a finish
    on Friday evening is one "not before Saturday". A milestone, or anything else without a duration, sits on the latest of
    its bounds. Lags count on the plan's calendar, or every minute.

    Backward, every activity is as late as the finish, the deadlines of packages and the same rules let it be; late dates
    lie whole working minutes from early ones. A deadline in closed time counts as the last open instant before it.
    A milestone at the finish may lie anywhere in the closed time behind it. The total float is W(late start) - W(early
    start), W the working time of the activity's calendar. The free float is the same with the early dates of the
    successors, and the early end, as limits: W(latest start with which no link moves one of them) - W(early start).

    Parameters
    ----------
    plan : Plan
        The plan. Its own deadline bounds no date: `late_by` tells how far the finish is past it.
    point : {"mean", "mode"} or float
        Which point of the estimates: the mean, the mode, or the quantile of a share in (0, 1).

    Returns
    -------
    Schedule
        One row an activity, in the order of `plan.activities`.

    Raises
    ------
    InfeasibleError
        A calendar never opens, or not long enough within its horizon; `reasons` holds one sentence an activity.
    PlanError
        `point` is none of these.

    References
    ----------
    .. [1] J. E. Kelley and M. R. Walker, "Critical-path planning and scheduling", Eastern Joint Computer Conference, 1959.
    .. [2] Project Management Institute, "Practice Standard for Scheduling", 3rd ed., 2019 (links with lags, floats).

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Plan, Wbs, WorkPackage
    >>> days = {"design": 2, "text": 1, "build": 4}
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(n)) for own, n in days.items()]
    >>> links = Link.parse("design, text", successor="build")
    >>> plan = Plan(wbs=Wbs(root=Group(id="site", children=packages)), start=datetime(2026, 1, 8, tzinfo=UTC), links=links)
    >>> for row in schedule(plan).rows:
    ...     print(f"{row.id:6} {row.early_start:%a %d %H:%M} {row.limit:%a %d %H:%M} {row.total_float:3} {row.driven_by}")
    design Thu 08 08:00 Fri 09 17:00   0 ('start',)
    text   Thu 08 08:00 Fri 09 17:00 480 ('start',)
    build  Mon 12 08:00 Thu 15 17:00   0 ('FS design',)
    >>> schedule(plan).critical_paths()
    (('design', 'build'),)
    """
    expect_kind(plan, Plan)
    network = plan.network(point)
    found = None
    limited = any(own.not_before is not None or own.deadline is not None for own in plan.wbs.packages)
    if not limited and is_uniform(plan, network):
        found = uniform_dates(plan, network)
    if found is None:
        found = dates_on_calendars(frame_of(plan, network))
    return _schedule(plan, network, found, point)


def reschedule(
    plan: Plan,
    *,
    point: str | float = "mean",
    durations: Mapping[str, int] | None = None,
    earliest: Mapping[str, datetime] | None = None,
    fixed: Mapping[str, tuple[datetime, datetime | None]] | None = None,
) -> Schedule:
    """Find the dates of a plan of which a part did happen.

    Parameters
    ----------
    plan : Plan
        The plan.
    point : {"mean", "mode"} or float
        Which point of the estimates.
    durations : mapping of str to int
        Working time of activities in place of their own [min]; of one under way, what remains.
    earliest : mapping of str to datetime.datetime
        Instants before which (the rest of) an activity does not begin; "as_of" in `driven_by`.
    fixed : mapping of str to (datetime.datetime, datetime.datetime or None)
        When activities did start and finish; None is under way. What is done keeps its dates, early and late, has no
        float, is never critical and passes on no late date. What is under way keeps its start, and its rest begins where
        an activity that long would: not before its `earliest` nor what its links allow; its float is that of the rest.

    Returns
    -------
    Schedule
        As `schedule`.

    Raises
    ------
    UnknownIdError
        An id is none of an activity of the plan.
    PlanError
        A duration is negative, or a finish lies before its start.
    InfeasibleError
        As `schedule`.
    """
    durations, earliest, fixed = durations or {}, earliest or {}, fixed or {}
    place = {own: j for j, own in enumerate(plan.activities)}
    for own in [*durations, *earliest, *fixed]:
        if own not in place:
            raise UnknownIdError.of(own, place, kind="activity")
    faults = [Fault(f"duration of {own!r}", f"{n} is negative") for own, n in durations.items() if n < 0]
    faults += [
        Fault(f"activity {own!r}", f"finishes at {finish.isoformat()}, before it starts at {start.isoformat()}")
        for own, (start, finish) in fixed.items()
        if finish is not None and instant(finish) < instant(start)
    ]
    if faults:
        raise PlanError.from_faults(faults)
    network = plan.network(point)
    changed = network.duration.copy()
    for own, minutes in durations.items():
        changed[place[own]] = minutes
    network = attrs.evolve(network, duration=changed)
    found = dates_on_calendars(
        frame_of(plan, network),
        earliest={place[own]: instant(t) for own, t in earliest.items()},
        fixed={place[own]: (instant(a), None if b is None else instant(b)) for own, (a, b) in fixed.items()},
    )
    return _schedule(plan, network, found, point)


def _schedule(plan: Plan, network: Network, found: Dates, point: str | float) -> Schedule:
    rows = _rows(plan, network, found)
    first = instant(plan.start) if not rows else int(found.early_start.min())
    start, finish = moments(np.array([first, found.end], dtype=np.int64), plan.calendar.tz)
    late_by = 0
    if plan.deadline is not None and instant(plan.deadline) < found.end:
        late_by = -(-plan.calendar.elapsed(plan.deadline, finish) // timedelta(minutes=1))
    return Schedule(
        plan=plan,
        rows=rows,
        start=start,
        finish=finish,
        duration=plan.calendar.elapsed(start, finish) // timedelta(minutes=1),
        critical=in_time_order([row for row in rows if row.is_critical]),
        late_by=late_by,
        point=point,
        zone=plan.calendar.tz.key,
        flags=(*plan.flags, *_missed(plan, rows)),
    )


def _rows(plan: Plan, network: Network, found: Dates) -> tuple[Activity, ...]:
    dates = (found.early_start, found.early_finish, found.late_start, found.late_finish)
    table = zip(
        network.ids,
        [plan.code(own) for own in network.ids],
        [plan.name(own) for own in network.ids],
        network.duration.tolist(),
        *(moments(column, plan.calendar.tz) for column in dates),
        found.total_float.tolist(),
        found.free_float.tolist(),
        found.is_critical,
        found.driven_by,
        (network.duration / plan.day_minutes).tolist(),
        strict=True,
    )
    rows = [
        Activity(
            id=own,
            code=code,
            name=name,
            duration=duration,
            early_start=early_start,
            early_finish=early_finish,
            late_start=late_start,
            late_finish=late_finish,
            total_float=total_float,
            free_float=free_float,
            is_critical=is_critical,
            driven_by=driven_by,
            days=days,
            limit=late_finish,
        )
        for (
            own,
            code,
            name,
            duration,
            early_start,
            early_finish,
            late_start,
            late_finish,
            total_float,
            free_float,
            is_critical,
            driven_by,
            days,
        ) in table
    ]
    return tuple(rows)


def _missed(plan: Plan, rows: tuple[Activity, ...]) -> list[str]:
    due = {own.id: own.deadline for own in plan.wbs.packages if own.deadline is not None}
    return [f"deadline_missed:{row.id}" for row in rows if row.id in due and row.early_finish > due[row.id]]
