"""Smoothing: work is moved inside its float until the load is as even as moving single packages makes it."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Final, Literal, TypeAlias, get_args

from attrs import evolve

from leadkit.errors import PlanError
from leadkit.wbs.assignment import Assignment, check_assignment
from leadkit.wbs.assignment._generating import Generator, Schedule, Way
from leadkit.wbs.assignment._open import FAR, instant
from leadkit.wbs.assignment._work import Tie, read_work
from leadkit.wbs.assignment.assigning import Found, assembled, checked
from leadkit.wbs.levelling._loads import Days, Peak, Squares, Stretch, Unevenness
from leadkit.wbs.plan import Plan

__all__ = ["Measure", "smooth"]

Measure: TypeAlias = Literal["squares", "peak"]
"""What smoothing makes small."""

MOST_TRIALS: Final = 200


def smooth(plan: Plan, assignment: Assignment, *, measure: Measure = "squares") -> Assignment:
    """Move work inside its float to even out the load; people, finish and milestones stay.

    Parameters
    ----------
    plan : Plan
        The plan that the assignment is of.
    assignment : Assignment
        What to even out.
    measure : {"squares", "peak"}
        "squares": the sum, over the days of the plan's calendar, of the squared time that all people together work on
        that day. "peak": the greatest number of people at work at the same time, then for how long that is.

    Returns
    -------
    Assignment
        Of method "smooth"; its measure is never greater. Everything else than dates and their reasons is as it was.

    Raises
    ------
    PlanError
        The assignment is not one of this plan, one of the two is something else, or there is no such measure.

    Notes
    -----
    Packages are taken from the last start to the first, and each goes where the measure is least of those starts at
    which links, calendars, deadlines that are kept and the other work of its people let it be, while everything else
    stays; ties go to the earliest. This is done again until nothing moves. Packages that need nobody stay.

    References
    ----------
    .. [1] A. R. Burgess, J. B. Killebrew, "Variation in activity level on a cyclical arrow diagram", Journal of
       Industrial Engineering 13, 1962.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Need, Person, Plan, Team, Wbs, WorkPackage, assign
    >>> days = {"dig": 2, "fence": 1, "plant": 1}
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(n), needs=[Need(skills={})]) for own, n in days.items()]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="garden", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     team=Team(people=[Person(id=own) for own in ("ann", "ben", "cem")]),
    ... )
    >>> even = smooth(plan, assign(plan))
    >>> [(row.id, f"{row.start:%a}", row.bound_by) for row in even.rows]
    [('dig', 'Mon', ('start',)), ('fence', 'Tue', ('slack',)), ('plant', 'Mon', ('start',))]
    """
    if measure not in get_args(Measure):
        msg = f"measure: expected one of {', '.join(map(repr, get_args(Measure)))}, got {measure!r}"
        raise PlanError(msg)
    faults = check_assignment(plan, assignment)
    if faults:
        msg = f"the assignment is not one of this plan: {'; '.join(faults)}"
        raise PlanError(msg)
    generator, made = _read(plan, assignment)
    moving = _Moving(generator, made, measure)
    # every round but the last makes the measure smaller, and there are only so many starts to try
    while moving.round():
        pass
    found = Found(made, FAR, "smooth", assignment.schedules)
    new = assembled(generator, found)
    kept = [flag for flag in assignment.flags if flag not in new.flags]
    return checked(
        plan,
        evolve(
            new,
            lower_bound=assignment.lower_bound,
            gap=assignment.gap,
            is_proven=assignment.is_proven,
            flags=(*new.flags, *kept),
        ),
    )


def _read(plan: Plan, assignment: Assignment) -> tuple[Generator, Schedule]:
    work = read_work(plan, {})
    generator = Generator(work, work.clock)
    rows = {row.id: row for row in assignment.rows}
    place = {own: person for person, own in enumerate(work.staff.ids)}
    in_order = [rows[task.id] for task in work.tasks]
    return generator, Schedule(
        [instant(row.start) for row in in_order],
        [instant(row.finish) for row in in_order],
        [tuple(sorted(place[own] for own in row.people)) for row in in_order],
    )


class _Moving:
    """A schedule whose activities are moved one at a time."""

    def __init__(self, generator: Generator, made: Schedule, measure: Measure) -> None:
        self.generator, self.work, self.made = generator, generator.work, made
        self.end = max(made.finish, default=generator.low)
        self.days = Days(generator.low, self.end, self.work.plan.calendar.tz)
        self.after: list[list[Tie]] = [[] for _ in range(self.work.n)]
        for tie in self.work.ties:
            self.after[tie.predecessor].append(tie)
        self.ways = [generator.way(j, people) if people else None for j, people in enumerate(made.people)]
        self.cuts = [self._cut(way, *span) for way, *span in zip(self.ways, made.start, made.finish, strict=True)]
        self.load: Unevenness = Squares(self.cuts) if measure == "squares" else Peak(self.cuts)
        self.is_daily = measure == "squares"
        self.booked: dict[int, list[tuple[int, int]]] = {}
        for start, finish, people in zip(*made, strict=True):
            for person in people:
                insort(self.booked.setdefault(person, []), (start, finish))

    def round(self) -> bool:
        """Move every activity once to where the load is most even; say whether any moved."""
        has_moved = False
        for j in sorted(range(self.work.n), key=lambda j: (-self.made.start[j], j)):
            way = self.ways[j]
            if way is not None:
                has_moved |= self._move(j, way)
        return has_moved

    def _move(self, j: int, way: Way) -> bool:
        made, before = self.made, self.cuts[j]
        now = made.start[j], made.finish[j]
        for person in way.members:
            self.booked[person].remove(now)
        best, least = (*now, before), self.load.trial(j, before, before)
        for start in self._trials(j, way):
            finish = self.generator.finish_of(way, start)
            if not self._is_free(way, start, finish):
                continue
            cut = self._cut(way, start, finish)
            value = self.load.trial(j, before, cut)
            if value < least and self._fits(j, start, finish):
                best, least = (start, finish, cut), value
        made.start[j], made.finish[j], self.cuts[j] = best
        for person in way.members:
            insort(self.booked[person], best[:2])
        self.load.move(j, before, best[2])
        return best[:2] != now

    def _cut(self, way: Way | None, start: int, finish: int) -> dict[int, list[Stretch]]:
        return {} if way is None else self.days.cut(way.line.spans(start, finish), len(way.members))

    def _trials(self, j: int, way: Way) -> list[int]:
        """List starts to try: the first and the last, at the beginning of days, and beside other work."""
        generator, (start, finish, _) = self.generator, self.made
        begin, end = generator.bounds(j, start, finish)
        first = generator.first(way, begin, generator.target(j, end))
        last = self._back(way, self._limit(j))
        marks = {first, last, *(t for t in self.days.edges if first < t < last)}
        for person in way.members:
            for opens, closes in self.booked[person]:
                marks |= {closes, self._back(way, opens)}
        if not self.is_daily:
            marks |= {*finish, *(self._back(way, t) for t in {*start} if first < t)}
        found = sorted({t for t in (way.line.opening(mark) for mark in marks if first <= mark <= last) if t <= last})
        if len(found) > MOST_TRIALS:
            found = [found[len(found) * k // MOST_TRIALS] for k in range(MOST_TRIALS)]
        return found

    def _back(self, way: Way, finish: int) -> int:
        """Give the last start from which the work ends by an instant; before all time where there is none."""
        worked = way.line.worked(finish) - way.work
        return way.line.begin(worked, finish) if worked >= 0 else self.generator.low - 1

    def _limit(self, j: int) -> int:
        """Give an instant after which the activity cannot finish, as far as finish-to-start links tell."""
        task = self.work.tasks[j]
        limit = self.end
        if task.package is not None and task.package.deadline is not None:
            limit = min(limit, max(instant(task.package.deadline), self.made.finish[j]))
        for tie in self.after[j]:
            if tie.kind == 0 and tie.lag >= 0:
                limit = min(limit, self.made.start[tie.successor] - (tie.lag if tie.elapsed else 0))
        return limit

    def _is_free(self, way: Way, start: int, finish: int) -> bool:
        """Tell whether the people have nothing else to do between two instants."""
        for person in way.members:
            booked = self.booked[person]
            place = bisect_left(booked, (start, start))
            if place < len(booked) and booked[place][0] < finish:
                return False
            if place and booked[place - 1][1] > start:
                return False
        return True

    def _fits(self, j: int, start: int, finish: int) -> bool:
        """Tell whether what comes after an activity may stay where it is when that is done at this time."""
        made = self.made
        before = made.start[j], made.finish[j]
        made.start[j], made.finish[j] = start, finish
        fits = all(self._holds(tie.successor) for tie in self.after[j])
        made.start[j], made.finish[j] = before
        return fits

    def _holds(self, k: int) -> bool:
        """Tell whether an activity may stay where it is; a point in time has to stand on the last of its bounds."""
        made, generator = self.made, self.generator
        begin, end = generator.bounds(k, made.start, made.finish)
        if self.work.tasks[k].is_point:
            return max(begin, end) == made.start[k]
        way = self.ways[k] or generator.way(k, ())
        return begin <= made.start[k] and generator.first(way, made.start[k], generator.target(k, end)) == made.start[k]
